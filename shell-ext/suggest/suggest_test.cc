// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::StartsWith;
namespace fault = sys::fault;

class SuggestTest : public UtilityTestCase {
 protected:
  SuggestTest() : UtilityTestCase("suggest") {
    environment = {{"PATH", "bin"}};
    // What cannot be read has nothing to suggest.
    excused = [](const FaultOutcome& fault) {
      return fault.call.call == fault::Call::kOpen || fault.call.call == fault::Call::kRead ||
             fault.call.call == fault::Call::kReadDirectory ||
             fault.call.call == fault::Call::kClose;
    };
  }
  void SetUp() override {
    UtilityTestCase::SetUp();
    MakeDirectory("bin");
    for (const char* const name : {"ls", "less", "mkdir", "mkfifo", "grep", "explain", "a b"})
      WriteFile(std::string("bin/") + name, "");
  }
  std::string For(const std::string& name) {
    const Outcome outcome = Run({"--", name});
    EXPECT_EQ(outcome.errors, "");
    EXPECT_EQ(outcome.status, outcome.output.empty() ? 1 : 0);
    return outcome.output;
  }
};

TEST_F(SuggestTest, OneStep) {
  EXPECT_EQ(For("mkdi"), "did you mean: mkdir?\n") << "a byte less";
  EXPECT_EQ(For("mkdirr"), "did you mean: mkdir?\n") << "a byte more";
  EXPECT_EQ(For("mkdor"), "did you mean: mkdir?\n") << "another byte";
  EXPECT_EQ(For("mdkir"), "did you mean: mkdir?\n") << "two in the other's place";
  EXPECT_EQ(For("sl"), "did you mean: ls?\n");
  EXPECT_EQ(For("mkdri"), "did you mean: mkdir?\n");
}

TEST_F(SuggestTest, TheNearestAlone) {
  WriteFile("bin/mkdi", "");
  WriteFile("bin/akdir", "");
  EXPECT_EQ(For("mkdirx"), "did you mean: mkdir?\n") << "and none that is two steps away";
  EXPECT_EQ(For("kdi"), "did you mean: mkdi?\n");
  for (const char* const name : {"kdir1", "kdir2", "kdir3", "kdir4", "kdir5"})
    WriteFile(std::string("bin/") + name, "");
  EXPECT_EQ(For("kdir"), "did you mean: akdir, kdir1, kdir2, kdir3, kdir4?\n") << "five at most";
}

TEST_F(SuggestTest, FarIsNothing) {
  EXPECT_EQ(For("zzzzzz"), "");
  EXPECT_EQ(For("xy"), "");
  EXPECT_EQ(For(""), "");
  EXPECT_EQ(For("./mkdi"), "") << "a path is no name";
  EXPECT_EQ(For("x"), "") << "all names of a byte are as far";
  EXPECT_EQ(For(std::string(65, 'x')), "");
  WriteFile("bin/" + std::string(64, 'x'), "");
  EXPECT_EQ(For(std::string(63, 'x')), "did you mean: " + std::string(64, 'x') + "?\n");
  EXPECT_EQ(For("mkdir"), "") << "itself";
  EXPECT_EQ(For("mkfif"), "did you mean: mkfifo?\n");
  EXPECT_EQ(For("grxy"), "did you mean: grep?\n") << "two of four";
  EXPECT_EQ(For("gxyz"), "") << "three of four";
}

TEST_F(SuggestTest, Builtins) {
  EXPECT_EQ(For("hisotry"), "did you mean: history?\n");
  environment = {{"PATH", "/no/such/directory"}};
  EXPECT_EQ(For("exti"), "did you mean: exit?\n");
}

TEST_F(SuggestTest, Directories) {
  MakeDirectory("second");
  MakeDirectory("second/mkdid");
  WriteFile("second/mkdim", "");
  WriteFile("second/mkdir", "");
  environment = {{"PATH", "nothing:bin:second::bin"}};
  WriteFile("mkdix", "");
  EXPECT_EQ(For("mkdi"), "did you mean: mkdim, mkdir, mkdix?\n") << "each once, no directories";
}

TEST_F(SuggestTest, OddNames) {
  EXPECT_EQ(For("a_b"), "did you mean: 'a b'?\n");
  WriteFile("bin/new\nline", "");
  EXPECT_EQ(For("newline"), "did you mean: $'new\\nline'?\n");
}

TEST_F(SuggestTest, Packages) {
  WriteFile("packages", "git git\nvim neovim\r\nmkdi directories\nno\n");
  EXPECT_EQ(Run({"-p", "packages", "git"}).output, "git is in the package git\n");
  EXPECT_EQ(Run({"--packages=packages", "vim"}).output, "vim is in the package neovim\n");
  EXPECT_EQ(Run({"-ppackages", "mkdi"}).output,
            "did you mean: mkdir?\nmkdi is in the package directories\n");
  EXPECT_EQ(Run({"-ppackages", "gi"}).output, "") << "only the name itself";
  EXPECT_EQ(Run({"-pnowhere", "git"}).status, 1);
}

TEST_F(SuggestTest, FewCalls) {
  // Open, read to the end, and close; the file of packages; the line.
  EXPECT_LE(Run({"mkdi"}).calls, 8U);
}

TEST_F(SuggestTest, WrongUse) {
  EXPECT_EQ(Run({}).status, 2);
  EXPECT_THAT(Run({}).errors, StartsWith("suggest: missing operand\n"));
  EXPECT_THAT(Run({"a", "b"}).errors, StartsWith("suggest: b: extra operand\n"));
  const Outcome full = RunInto("/dev/full", {"mkdi"});
  EXPECT_EQ(full.status, 2);
  EXPECT_EQ(full.errors, "suggest: write error: No space left on device\n");
}

TEST_F(SuggestTest, EveryFault) {
  ForEachFault(
      {"mkdi"}, "",
      [this] {
        MakeDirectory("bin");
        WriteFile("bin/mkdir", "");
      },
      [](const FaultOutcome& fault) {
        // All of it, or the rest: never something else, and nothing without a status.
        const Outcome& outcome = fault.outcome;
        if (outcome.status == 0) EXPECT_EQ(outcome.output, "did you mean: mkdir?\n");
        if (outcome.status != 0) EXPECT_EQ(outcome.output, "");
        if (fault.call.call == fault::Call::kWrite) EXPECT_EQ(outcome.status, 2);
      });
}

}  // namespace
}  // namespace cation::testing
