// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coreutils/box/commands.h"
#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class BoxTest : public UtilityTestCase {
 protected:
  BoxTest() : UtilityTestCase("cation-box") {}

  void SetUp() override {
    UtilityTestCase::SetUp();
    invoked_as = "bin/cation-box";
  }

  static std::string Target(const std::string& path) {
    char text[4096];
    const ssize_t size = ::readlink(path.c_str(), text, sizeof(text));
    return size < 0 ? "" : std::string(text, static_cast<std::size_t>(size));
  }

  void MakeBox() {
    MakeDirectory("bin");
    WriteFile("bin/cation-box", "program");
    MakeDirectory("d");
  }
};

TEST_F(BoxTest, ActsAsTheCommandThatItIsCalledBy) {
  fault_runs = false;  // messages are the command's
  WriteFile("a", "content\n");
  for (const char* const path : {"cat", "/usr/bin/cat", "./x/cat", "//cat"}) {
    invoked_as = path;
    EXPECT_EQ(Run({"a"}).output, "content\n") << path;
    EXPECT_EQ(Run({"missing"}).errors, "cat: missing: No such file or directory\n") << path;
    EXPECT_EQ(Run({"ls"}).errors, "cat: ls: No such file or directory\n") << path;
  }
}

TEST_F(BoxTest, ActsAsTheCommandThatIsNamed) {
  fault_runs = false;
  WriteFile("a", "content\n");
  for (const char* const path : {"cation-box", "/bin/cation-box", ""}) {
    invoked_as = path;
    EXPECT_EQ(Run({"cat", "a"}).output, "content\n") << path;
    EXPECT_THAT(Run({"cat", "--help"}).output, StartsWith("Usage: cat ")) << path;
    EXPECT_THAT(Run({"--help"}).output, StartsWith("Usage: cation-box ")) << path;
  }
}

TEST_F(BoxTest, EveryCommandHasItsOwnNameBeforeItsMessages) {
  fault_runs = false;
  std::string before;
  for (const box::Command& command : box::Commands()) {
    const std::string name(command.name.data(), command.name.size());
    EXPECT_LT(before, name) << "sorted, each once";
    before = name;
    // Some take it for an operand: then it says nothing, or what it says has the name before it.
    const Outcome outcome = Run({name, "--no-such-option"});
    if (!outcome.errors.empty()) EXPECT_THAT(outcome.errors, StartsWith(name + ": "));
  }
}

TEST_F(BoxTest, UnknownNamesAreErrorsThatListTheNames) {
  for (const char* const name : {"nosuch", "ls2", "l", "Cat", "box"}) {
    invoked_as = std::string("/bin/") + name;
    const Outcome by_link = Run({"a"});
    invoked_as = "cation-box";
    const Outcome by_name = Run({name, "a"});
    EXPECT_EQ(by_link.status, 127);
    EXPECT_EQ(by_name.status, 127);
    EXPECT_EQ(by_link.errors, by_name.errors);
    EXPECT_THAT(by_name.errors, StartsWith(std::string("cation-box: ") + name + ": "));
    for (const box::Command& command : box::Commands())
      EXPECT_THAT(by_name.errors, HasSubstr(std::string(command.name.data(), command.name.size())));
  }
}

TEST_F(BoxTest, ListsNames) {
  std::string names;
  for (const box::Command& command : box::Commands()) {
    names.append(command.name.data(), command.name.size());
    names += '\n';
  }
  EXPECT_EQ(Run({"--list"}).output, names);
  EXPECT_EQ(Run({"--list", "x"}).status, 1);
  EXPECT_EQ(Run({}).status, 1);
}

TEST_F(BoxTest, InstallsLinks) {
  MakeBox();
  EXPECT_EQ(Run({"--install", "d"}).errors, "");
  EXPECT_EQ(Run({"--install", "bin"}).errors, "");
  for (const box::Command& command : box::Commands()) {
    const std::string name(command.name.data(), command.name.size());
    EXPECT_THAT(Target("d/" + name), ::testing::MatchesRegex("/.*/bin/cation-box"));
    EXPECT_EQ(Target("bin/" + name), "cation-box") << "what is beside it moves with it";
  }
  EXPECT_EQ(Run({"--install", "d"}).status, 0) << "again: nothing to do";
}

TEST_F(BoxTest, IsFoundInPath) {
  fault_runs = false;  // the copy is another folder
  MakeBox();
  ASSERT_EQ(::chmod("bin/cation-box", 0755), 0);
  invoked_as = "cation-box";
  environment["PATH"] = "/nosuch:bin";
  EXPECT_EQ(Run({"--install", "d"}).errors, "");
  EXPECT_THAT(Target("d/cat"), ::testing::MatchesRegex("/.*/bin/cation-box"));
  environment["PATH"] = "/nosuch";
  const Outcome lost = Run({"--install", "d"});
  EXPECT_EQ(lost.status, 1);
  EXPECT_THAT(lost.errors, HasSubstr("own file cannot be found"));
}

TEST_F(BoxTest, ReplacesNothingUnasked) {
  MakeBox();
  WriteFile("d/cat", "somebody's");
  const Outcome outcome = Run({"--install", "d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors,
            "cation-box: d/cat: there is something already, which --force replaces\n");
  EXPECT_EQ(ReadFile("d/cat"), "somebody's");
  EXPECT_NE(Target("d/ls"), "") << "the others are made";
  // It is told that a link is something else, which it then replaces by the same.
  excused = [](const FaultOutcome& fault) { return fault.error == EINVAL; };
  EXPECT_EQ(Run({"--install", "--force", "d"}).status, 0);
  EXPECT_NE(Target("d/cat"), "");
  EXPECT_EQ(Run({"--install", "-f", "d"}).status, 0);
}

TEST_F(BoxTest, NothingIsLostWhenReplacingFails) {
  ForEachFault(
      {"--install", "-f", "d"}, "",
      [this] {
        MakeBox();
        WriteFile("d/cat", "somebody's");
      },
      [](const FaultOutcome& fault) {
        struct ::stat status{};
        EXPECT_EQ(::lstat("d/cat", &status), 0) << "there is the old or the new";
        if (fault.outcome.status != 0) return;
        // Told that something is there already which is not, or on closing what was only read.
        EXPECT_TRUE(S_ISLNK(status.st_mode)) << fault.error;
        EXPECT_NE(::access(".cation-box.new", F_OK), 0);
      });
}

TEST_F(BoxTest, RefusesWhatIsNoDirectory) {
  MakeBox();
  EXPECT_EQ(Run({"--install", "bin/cation-box"}).errors,
            "cation-box: bin/cation-box: Not a directory\n");
  EXPECT_EQ(Run({"--install"}).status, 1);
  EXPECT_EQ(Run({"--install", "d", "e"}).status, 1);
}

}  // namespace
}  // namespace cation::testing
