// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fault = sys::fault;

// Users and groups that every system has: root is 0, daemon 1, bin 2.
class ChownTest : public UtilityTestCase {
 protected:
  ChownTest() : UtilityTestCase("chown") {}
  void SetUp() override {
    UtilityTestCase::SetUp();
    // A directory that is no more has no entries, and a link that leads nowhere is changed itself.
    excused = [](const FaultOutcome& fault) {
      return fault.error == ENOENT && (fault.call.call == fault::Call::kReadDirectory ||
                                       fault.call.call == fault::Call::kStatusAt);
    };
    WriteFile("probe", "");
    const bool may = ::chown("probe", 1, 2) == 0;
    Clear();
    if (!may) GTEST_SKIP() << "only root gives files away";
  }

  static std::string Owner(const std::string& path) {
    const struct stat status = Lstat(path);
    return std::to_string(status.st_uid) + ":" + std::to_string(status.st_gid);
  }
  static void Give(const std::string& path, uid_t user, gid_t group) {
    ASSERT_EQ(::lchown(path.c_str(), user, group), 0);
  }
  void MakeTree() {
    MakeDirectory("d");
    WriteFile("d/a", "A");
    MakeDirectory("d/sub");
    WriteFile("d/sub/b", "B");
    MakeDirectory("out");
    WriteFile("out/x", "X");
    MakeLink("../../out", "d/sub/to-out");
    MakeLink("../out/x", "d/to-x");
    MakeLink("d", "link");
  }
};

TEST_F(ChownTest, Owners) {
  const struct {
    const char* text;
    const char* owner;
  } kCases[] = {
      {"daemon", "1:5"},
      {"daemon:bin", "1:2"},
      {":bin", "4:2"},
      {"", "4:5"},
      {":", "4:5"},
      {"1000007", "1000007:5"},
      {"+1", "1:5"},
      {"7:+8", "7:8"},
      {":4294967294", "4:4294967294"},
      {"4294967294", "4294967294:5"},
      {"daemon:", "1:1"},
      {"0:0", "0:0"},
  };
  for (const auto& each : kCases) {
    WriteFile("f", "");
    Give("f", 4, 5);
    const Outcome outcome = Run({each.text, "f"});
    EXPECT_EQ(outcome.status, 0) << each.text;
    EXPECT_EQ(outcome.errors + outcome.output, "") << each.text;
    EXPECT_EQ(Owner("f"), each.owner) << each.text;
  }
}

TEST_F(ChownTest, ADotForAColonIsWarnedOf) {
  WriteFile("f", "");
  const Outcome outcome = Run({"daemon.bin", "f"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.errors, "chown: warning: '.' should be ':': 'daemon.bin'\n");
  EXPECT_EQ(Owner("f"), "1:2");
}

TEST_F(ChownTest, OwnersThatAreNone) {
  WriteFile("f", "");
  const struct {
    const char* text;
    const char* reason;
  } kCases[] = {
      {"no-such", "invalid user"},
      {"no-such:bin", "invalid user"},
      {"root:no-such", "invalid group"},
      {":no-such", "invalid group"},
      {"4294967295", "invalid user"},
      {":4294967295", "invalid group"},
      {"18446744073709551616", "invalid user"},
      {"-1", "invalid user"},
      {"+", "invalid user"},
      {"+root", "invalid user"},
      {"1000007:", "invalid spec"},
      {"0x1", "invalid user"},
      {"a:b:c", "invalid user"},
      {"root:a:b", "invalid group"},
      {"no.such", "invalid user"},
  };
  for (const auto& each : kCases) {
    const Outcome outcome = Run({"--", each.text, "f"});
    EXPECT_EQ(outcome.status, 1) << each.text;
    EXPECT_EQ(outcome.errors, std::string("chown: ") + each.reason + ": '" + each.text + "'\n");
    EXPECT_EQ(Owner("f"), "0:0");
  }
}

TEST_F(ChownTest, WithoutTheFileOfNamesNumbersDo) {
  WriteFile("f", "");
  EXPECT_EQ(Run({"1", "f"}, "", {.call = 0, .error = ENOENT}).status, 0);
  EXPECT_EQ(Owner("f"), "1:0");
  // But a number may be a name.
  const Outcome outcome = Run({"2", "f"}, "", {.call = 0, .error = EIO});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, StartsWith("chown: cannot read the accounts"));
  EXPECT_EQ(Owner("f"), "1:0");
}

TEST_F(ChownTest, GoesOnAfterABadOperand) {
  WriteFile("f", "");
  const Outcome outcome = Run({"1", "missing", "", "f"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors,
            "chown: missing: No such file or directory\nchown: '': No such file or directory\n");
  EXPECT_EQ(Owner("f"), "1:0");
}

TEST_F(ChownTest, SilentIsSilentAboutFilesOnly) {
  excused = [](const FaultOutcome& fault) { return fault.outcome.status == 1; };
  WriteFile("f", "");
  for (const char* const option : {"-f", "--silent", "--quiet"}) {
    const Outcome outcome = Run({option, "1", "missing", "f"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.errors, "");
    EXPECT_EQ(Owner("f"), "1:0");
    EXPECT_THAT(Run({option, "no-such", "f"}).errors, HasSubstr("invalid user"));
  }
}

TEST_F(ChownTest, MissingOperands) {
  EXPECT_THAT(Run({}).errors, StartsWith("chown: missing operand\n"));
  EXPECT_THAT(Run({"root"}).errors, StartsWith("chown: missing operand after 'root'\n"));
  EXPECT_THAT(Run({"--reference=f"}).errors, StartsWith("chown: missing operand\n"));
  EXPECT_EQ(Run({}).status, 1);
}

TEST_F(ChownTest, LinksAreFollowedUnlessToldOtherwise) {
  WriteFile("f", "");
  MakeLink("f", "link");
  EXPECT_EQ(Run({"1", "link"}).status, 0);
  EXPECT_EQ(Owner("f"), "1:0");
  EXPECT_EQ(Owner("link"), "0:0");
  EXPECT_EQ(Run({"-h", "2", "link"}).status, 0);
  EXPECT_EQ(Run({"--no-dereference", ":3", "link"}).status, 0);
  EXPECT_EQ(Owner("f"), "1:0");
  EXPECT_EQ(Owner("link"), "2:3");
  EXPECT_EQ(Run({"-h", "--dereference", "4", "link"}).status, 0);
  EXPECT_EQ(Owner("f"), "4:0");
  MakeLink("nowhere", "dangling");
  EXPECT_EQ(Run({"1", "dangling"}).errors, "chown: dangling: No such file or directory\n");
  EXPECT_EQ(Run({"-h", "1", "dangling"}).status, 0);
  EXPECT_EQ(Owner("dangling"), "1:0");
}

TEST_F(ChownTest, OneCallIsEnough) {
  WriteFile("f", "");
  EXPECT_EQ(Run({"+1:+2", "f"}).calls, 1U);
  EXPECT_EQ(Run({"-h", "+1:+2", "f"}).calls, 1U);
}

TEST_F(ChownTest, TreesAndNothingOutside) {
  for (const std::vector<std::string>& options : std::vector<std::vector<std::string>>{
           {"-R"}, {"--recursive"}, {"-RP"}, {"-R", "-L", "-P"}}) {
    Clear();
    MakeTree();
    std::vector<std::string> arguments = options;
    arguments.insert(arguments.end(), {"1:2", "d", "link"});
    EXPECT_EQ(Run(arguments).status, 0);
    for (const char* const path :
         {"d", "d/a", "d/sub", "d/sub/b", "d/sub/to-out", "d/to-x", "link"})
      EXPECT_EQ(Owner(path), "1:2") << path;
    for (const char* const path : {"out", "out/x"}) EXPECT_EQ(Owner(path), "0:0") << path;
  }
}

TEST_F(ChownTest, TreesByOperandsThatAreLinks) {
  MakeTree();
  EXPECT_EQ(Run({"-RH", "1:2", "link"}).status, 0);
  for (const char* const path : {"d", "d/a", "d/sub", "d/sub/b"}) EXPECT_EQ(Owner(path), "1:2");
  EXPECT_EQ(Owner("link"), "0:0");
  EXPECT_EQ(Owner("d/to-x"), "0:0");
  EXPECT_EQ(Owner("out/x"), "1:2") << "what a link leads to, but not through links";
  EXPECT_EQ(Owner("out"), "1:2");
  EXPECT_EQ(Run({"-R", "-H", "-h", "3", "link"}).status, 0);
  EXPECT_EQ(Owner("link"), "3:0");
  EXPECT_EQ(Owner("d"), "1:2");
  EXPECT_EQ(Owner("d/to-x"), "3:0");
  EXPECT_EQ(Owner("out/x"), "1:2");
}

TEST_F(ChownTest, TreesThroughAllLinks) {
  MakeTree();
  MakeLink("..", "d/sub/up");
  EXPECT_EQ(Run({"-RL", "1:2", "link"}).status, 0);
  for (const char* const path : {"d", "d/a", "d/sub", "d/sub/b", "out", "out/x"})
    EXPECT_EQ(Owner(path), "1:2") << path;
  EXPECT_EQ(Owner("d/sub/to-out"), "0:0");
  MakeLink("nowhere", "d/dangling");
  EXPECT_EQ(Run({"-RL", "3", "d"}).errors, "chown: d/dangling: No such file or directory\n");
  EXPECT_EQ(Run({"-RLh", "4", "d"}).status, 0);
  EXPECT_EQ(Owner("d/dangling"), "4:0");
  EXPECT_EQ(Owner("d/sub/to-out"), "4:0");
  EXPECT_EQ(Owner("out"), "3:2");
  EXPECT_EQ(Owner("out/x"), "4:2") << "a file of a directory that was gone through";
}

TEST_F(ChownTest, TargetsOfLinksInATreeNeedAWay) {
  MakeTree();
  const Outcome outcome = Run({"-R", "--dereference", "1", "d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, StartsWith("chown: -R --dereference requires either -H or -L\n"));
  EXPECT_EQ(Owner("d"), "0:0");
  EXPECT_EQ(Run({"-RL", "--dereference", "1", "d"}).status, 0);
}

TEST_F(ChownTest, SaysWhatItDoes) {
  WriteFile("f", "");
  EXPECT_EQ(Run({"-v", "daemon", "f"}).output, "changed ownership of 'f' from root to daemon\n");
  EXPECT_EQ(Run({"--verbose", "daemon", "f"}).output, "ownership of 'f' retained as daemon\n");
  EXPECT_EQ(Run({"-c", "daemon", "f"}).output, "");
  EXPECT_EQ(Run({"--changes", "root:bin", "f"}).output,
            "changed ownership of 'f' from daemon:root to root:bin\n");
  EXPECT_EQ(Run({"-v", ":daemon", "f"}).output,
            "changed ownership of 'f' from root:bin to :daemon\n");
  EXPECT_EQ(Run({"-v", ":+0", "f"}).output, "changed group of 'f' from daemon to 0\n");
  EXPECT_EQ(Run({"-v", ":", "f"}).output, "ownership of 'f' retained\n");
  EXPECT_EQ(Run({"-v", "1000007:1000008", "f"}).output,
            "changed ownership of 'f' from root:root to 1000007:1000008\n");
  EXPECT_EQ(Run({"-v", "root:", "f"}).output,
            "changed ownership of 'f' from 1000007:1000008 to root:root\n");
  const Outcome outcome = Run({"-v", "root", "missing"});
  EXPECT_EQ(outcome.output, "failed to change ownership of 'missing' to root\n");
  EXPECT_EQ(outcome.errors, "chown: missing: No such file or directory\n");
  EXPECT_EQ(Run({"-c", "root", "missing"}).output, "");
  EXPECT_EQ(Run({"-cv", "root", "f"}).output, "ownership of 'f' retained as root\n");
  EXPECT_EQ(Run({"-vc", "root", "f"}).output, "");
}

TEST_F(ChownTest, SaysWhatItDidNot) {
  WriteFile("f", "");
  fault_runs = false;
  const Outcome outcome = Run({"-v", "+1", "f"}, "", {.call = 1, .error = EPERM});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "failed to change ownership of 'f' from root to 1\n");
  EXPECT_EQ(outcome.errors, "chown: f: Operation not permitted\n");
}

TEST_F(ChownTest, ALinkThatTheSystemCannotChangeIsNoError) {
  MakeLink("nowhere", "link");
  fault_runs = false;
  EXPECT_EQ(Run({"-h", "+1", "link"}, "", {.call = 0, .error = EOPNOTSUPP}).status, 0);
  EXPECT_EQ(Run({"-hv", "+1", "link"}, "", {.call = 1, .error = EOPNOTSUPP}).output,
            "neither symbolic link 'link' nor referent has been changed\n");
  WriteFile("f", "");
  EXPECT_EQ(Run({"-h", "+1", "f"}, "", {.call = 0, .error = EOPNOTSUPP}).status, 1);
}

TEST_F(ChownTest, OnlyThoseOfAnOwner) {
  WriteFile("f", "");
  WriteFile("g", "");
  Give("g", 1, 2);
  EXPECT_EQ(Run({"--from=daemon", "3", "f", "g"}).status, 0);
  EXPECT_EQ(Owner("f"), "0:0");
  EXPECT_EQ(Owner("g"), "3:2");
  EXPECT_EQ(Run({"--from=:bin", ":4", "f", "g"}).status, 0);
  EXPECT_EQ(Owner("g"), "3:4");
  EXPECT_EQ(Run({"-hc", "--from=0:4", "5", "f", "g"}).output, "");
  EXPECT_EQ(Run({"-v", "--from=3:4", "5", "f", "g"}).output,
            "ownership of 'f' retained as root\nchanged ownership of 'g' from sys to 5\n");
  MakeTree();
  Give("d/sub/b", 1, 1);
  EXPECT_EQ(Run({"-Rc", "--from=daemon", "root", "d"}).output,
            "changed ownership of 'd/sub/b' from daemon to root\n");
  EXPECT_THAT(Run({"--from=no-such", "1", "f"}).errors, HasSubstr("invalid user: 'no-such'"));
}

// What is a file now and was a link to another's a moment ago is not changed.
TEST_F(ChownTest, OnlyWhatWasLookedAtBefore) {
  WriteFile("f", "");
  WriteFile("precious", "");
  fault_runs = false;
  fault::SetHook([](std::size_t, const fault::TracedCall& call) {
    if (call.call == fault::Call::kOpen && call.detail == "f") {
      (void)!::rename("precious", "f");
    }
    return 0;
  });
  const Outcome outcome = Run({"--from=root", "1", "f"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(Owner("f"), "0:0");
}

TEST_F(ChownTest, Reference) {
  WriteFile("f", "");
  WriteFile("g", "");
  Give("g", 1, 1000008);
  MakeLink("g", "link");
  EXPECT_EQ(Run({"-v", "--reference=link", "f"}).output,
            "changed ownership of 'f' from root:root to daemon:1000008\n");
  EXPECT_EQ(Owner("f"), "1:1000008");
  EXPECT_EQ(Run({"--reference", "missing", "f"}).errors,
            "chown: missing: No such file or directory\n");
}

TEST_F(ChownTest, TheRootDirectoryIsKept) {
  // What it would be changed to is what it is.
  fault_runs = false;
  for (const char* const path : {"/", "//", "/.", "/proc/self/root"}) {
    const Outcome outcome = Run({"-RH", "--preserve-root", ":", path});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(
        outcome.errors,
        HasSubstr(": it is dangerous to operate recursively on / (see --no-preserve-root)\n"));
  }
  WriteFile("f", "");
  EXPECT_EQ(Run({"-R", "--preserve-root", "1", "f"}).status, 0);
  EXPECT_EQ(Run({"--preserve-root", ":", "/"}).status, 0) << "not recursive";
  EXPECT_EQ(Run({"-R", "--preserve-root", "--no-preserve-root", "1", "f"}).status, 0);
}

TEST_F(ChownTest, UnreadableDirectories) {
  MakeTree();
  fault_runs = false;
  fault::SetHook([](std::size_t, const fault::TracedCall& call) {
    return call.call == fault::Call::kOpen && call.detail == "sub" ? EACCES : 0;
  });
  const Outcome outcome = Run({"-R", "1", "d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "chown: d/sub: Permission denied\n");
  EXPECT_EQ(Owner("d/a"), "1:0");
  EXPECT_EQ(Owner("d"), "1:0");
  EXPECT_EQ(Owner("d/sub/b"), "0:0");
}

TEST_F(ChownTest, OutputErrors) {
  WriteFile("f", "");
  const Outcome outcome = RunInto("/dev/full", {"-v", "1", "f"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "chown: write error: No space left on device\n");
  EXPECT_EQ(Owner("f"), "1:0");
}

TEST_F(ChownTest, EveryFault) {
  for (const char* const options : {"-R", "-RL", "-Rh"}) {
    const std::size_t faults = ForEachFault(
        {options, "+1:+2", "d"}, "", [this] { MakeTree(); },
        [&](const FaultOutcome& fault) {
          if (fault.call.call == fault::Call::kClose) return;
          EXPECT_EQ(fault.outcome.status, 1) << options;
          EXPECT_THAT(fault.outcome.errors, StartsWith("chown: ")) << options;
        });
    EXPECT_GT(faults, 30U);
  }
}

}  // namespace
}  // namespace cation::testing
