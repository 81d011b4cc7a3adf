// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fault = sys::fault;

class IdTest : public UtilityTestCase {
 protected:
  IdTest() : UtilityTestCase("id") {}

  static std::string UserName(uid_t id) {
    const passwd* const user = ::getpwuid(id);
    return user == nullptr ? std::to_string(id) : user->pw_name;
  }
  static std::string GroupName(gid_t id) {
    const group* const found = ::getgrgid(id);
    return found == nullptr ? std::to_string(id) : found->gr_name;
  }
  static std::string Named(const std::string& label, uid_t id, const std::string& name) {
    const std::string number = std::to_string(id);
    return label + number + (name == number ? "" : "(" + name + ")");
  }
  // All groups of this process, its own first, each once.
  static std::vector<gid_t> OwnGroups() {
    std::vector<gid_t> groups(65536);
    groups.resize(
        static_cast<std::size_t>(::getgroups(static_cast<int>(groups.size()), groups.data())));
    std::vector<gid_t> each = {::getegid()};
    for (const gid_t group : groups) {
      if (std::find(each.begin(), each.end(), group) == each.end()) each.push_back(group);
    }
    return each;
  }
  static std::vector<gid_t> GroupsOf(const char* user) {
    const passwd* const found = ::getpwnam(user);
    std::vector<gid_t> groups = {found->pw_gid};
    ::setgrent();
    for (const group* each = ::getgrent(); each != nullptr; each = ::getgrent()) {
      for (char** member = each->gr_mem; *member != nullptr; ++member) {
        const bool is_new = std::find(groups.begin(), groups.end(), each->gr_gid) == groups.end();
        if (std::string(*member) == user && is_new) groups.push_back(each->gr_gid);
      }
    }
    ::endgrent();
    return groups;
  }
  static std::string Joined(const std::vector<gid_t>& groups, const std::string& separator,
                            bool names) {
    std::string text;
    for (const gid_t group : groups) {
      if (!text.empty()) text += separator;
      text += names ? GroupName(group) : std::to_string(group);
    }
    return text;
  }
};

TEST_F(IdTest, OwnUserAndGroup) {
  EXPECT_EQ(Run({"-u"}).output, std::to_string(::geteuid()) + "\n");
  EXPECT_EQ(Run({"--user", "--real"}).output, std::to_string(::getuid()) + "\n");
  EXPECT_EQ(Run({"-un"}).output, UserName(::geteuid()) + "\n");
  EXPECT_EQ(Run({"-unr"}).output, UserName(::getuid()) + "\n");
  EXPECT_EQ(Run({"-g"}).output, std::to_string(::getegid()) + "\n");
  EXPECT_EQ(Run({"--group", "-r"}).output, std::to_string(::getgid()) + "\n");
  EXPECT_EQ(Run({"-g", "--name"}).output, GroupName(::getegid()) + "\n");
  EXPECT_EQ(Run({"-auz"}).output, std::to_string(::geteuid()) + std::string(1, '\0'));
}

TEST_F(IdTest, NumbersAskForNothing) {
  EXPECT_EQ(Run({"-u"}).calls, 1U);
  EXPECT_EQ(Run({"-g"}).calls, 1U);
  EXPECT_EQ(Run({"-G"}).calls, 2U) << "getgroups and write";
}

TEST_F(IdTest, OwnGroupsEachOnce) {
  const std::vector<gid_t> groups = OwnGroups();
  EXPECT_EQ(Run({"-G"}).output, Joined(groups, " ", false) + "\n");
  EXPECT_EQ(Run({"--groups", "-n"}).output, Joined(groups, " ", true) + "\n");
  const std::string zero(1, '\0');
  EXPECT_EQ(Run({"-G", "--zero"}).output, Joined(groups, zero, false) + zero);
}

TEST_F(IdTest, EverythingOfThisProcess) {
  std::string expected = Named("uid=", ::getuid(), UserName(::getuid())) +
                         Named(" gid=", ::getgid(), GroupName(::getgid()));
  std::string label = " groups=";
  for (const gid_t group : OwnGroups()) {
    expected += Named(label, group, GroupName(group));
    label = ",";
  }
  EXPECT_EQ(Run({}).output, expected + "\n");
  EXPECT_EQ(Run({"-a"}).output, expected + "\n");
}

TEST_F(IdTest, UsersByNameAndNumber) {
  std::string expected = "uid=1(daemon)" + Named(" gid=", ::getpwnam("daemon")->pw_gid, "daemon");
  std::string label = " groups=";
  for (const gid_t group : GroupsOf("daemon")) {
    expected += Named(label, group, GroupName(group));
    label = ",";
  }
  for (const char* const user : {"daemon", "1", "+1", "0001"})
    EXPECT_EQ(Run({user}).output, expected + "\n") << user;
  EXPECT_EQ(Run({"-u", "daemon", "root"}).output, "1\n0\n");
  EXPECT_EQ(Run({"-nu", "0", "1"}).output, "root\ndaemon\n");
  EXPECT_EQ(Run({"-G", "daemon"}).output, Joined(GroupsOf("daemon"), " ", false) + "\n");
}

TEST_F(IdTest, SeveralUsersGroupsAreToldApartByTwoZeros) {
  EXPECT_EQ(Run({"-Gz", "root", "daemon"}).output,
            std::string("0\0\0", 3) + Joined(GroupsOf("daemon"), std::string(1, '\0'), false) +
                std::string("\0\0", 2));
  EXPECT_EQ(Run({"-uz", "root", "daemon"}).output, std::string("0\0", 2) + std::string("1\0", 2));
  EXPECT_EQ(Run({"-Gz", "root"}).output, std::string("0\0", 2));
}

TEST_F(IdTest, WhoIsNotThere) {
  for (const std::string user :
       {"no-such-user", "", "+", "+root", "-1x", "4294967295", "4294967296", "18446744073709551616",
        "99999999999999999999999", "1 ", "0x1", "root:root"}) {
    const Outcome outcome = Run({"--", user, "root"});
    EXPECT_EQ(outcome.status, 1) << user;
    EXPECT_EQ(outcome.errors, "id: '" + user + "': no such user\n");
    EXPECT_THAT(outcome.output, StartsWith("uid=0(root) ")) << "the next operand is looked at";
  }
  EXPECT_EQ(Run({"a\nb"}).errors, "id: $'a\\nb': no such user\n");
}

TEST_F(IdTest, WrongCombinations) {
  const auto refused = [&](const std::vector<std::string>& arguments) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.output, "");
    return outcome.errors;
  };
  EXPECT_THAT(refused({"-u", "-g"}), HasSubstr("\"only\" of more than one choice"));
  EXPECT_THAT(refused({"-gG"}), HasSubstr("\"only\" of more than one choice"));
  EXPECT_THAT(refused({"-n"}), HasSubstr("requires -u, -g, or -G"));
  EXPECT_THAT(refused({"-r", "root"}), HasSubstr("requires -u, -g, or -G"));
  EXPECT_THAT(refused({"-z"}), HasSubstr("--zero not permitted"));
  EXPECT_EQ(Run({"-u", "-u"}).status, 0);
}

TEST_F(IdTest, NumbersDoWhereThereAreNoFiles) {
  // Both files are missing.
  fault_runs = false;  // the hook is to stay
  const auto without_files = [&](const std::vector<std::string>& arguments) {
    fault::SetHook([](std::size_t, const fault::TracedCall& call) {
      return call.call == fault::Call::kOpen ? ENOENT : 0;
    });
    return Run(arguments);
  };
  Outcome outcome = without_files({});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.output, StartsWith("uid=" + std::to_string(::getuid()) + " gid="));
  EXPECT_EQ(outcome.errors, "");
  outcome = without_files({"-un"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, std::to_string(::geteuid()) + "\n");
  EXPECT_EQ(outcome.errors,
            "id: cannot find name for user ID " + std::to_string(::geteuid()) + "\n");
  outcome = without_files({"-gn"});
  EXPECT_EQ(outcome.errors,
            "id: cannot find name for group ID " + std::to_string(::getegid()) + "\n");
  EXPECT_EQ(without_files({"root"}).errors, "id: 'root': no such user\n");
}

TEST_F(IdTest, FilesThatCannotBeReadAreSaid) {
  Outcome outcome = Run({"-u", "root"}, "", {.call = 0, .error = EIO});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "id: /etc/passwd: Input/output error\n");
  outcome = Run({"-G", "root"}, "", {.call = 4, .error = EACCES});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "id: failed to get groups for user 'root': Permission denied\n");
  outcome = Run({"-G"}, "", {.call = 0, .error = EINVAL, .times = 2});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "id: failed to get groups for the current process: Invalid argument\n");
}

TEST_F(IdTest, OutputErrors) {
  const Outcome outcome = RunInto("/dev/full", {});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "id: write error: No space left on device\n");
}

TEST_F(IdTest, EveryFault) {
  const std::size_t faults = ForEachFault(
      {"root", "nobody", "no-such-user"}, "", [] {},
      [](const FaultOutcome& fault) { EXPECT_EQ(fault.outcome.status, 1); });
  EXPECT_GT(faults, 20U);
}

}  // namespace
}  // namespace cation::testing
