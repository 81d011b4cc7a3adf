// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::StartsWith;

// What it does at a terminal is tested at one (tests/terminal), and its parts in
// coreutils/support/pager.
class LessTest : public UtilityTestCase {
 protected:
  LessTest() : UtilityTestCase("less") {}
};

TEST_F(LessTest, CopiesToWhatIsNoTerminal) {
  WriteFile("a", "one\n\n\n\ntwo");
  WriteFile("b", std::string("\0\033[31m\xff\r\n", 9));
  EXPECT_EQ(Run({"a"}).output, "one\n\n\n\ntwo");
  EXPECT_EQ(Run({"a", "b"}).output, std::string("one\n\n\n\ntwo\0\033[31m\xff\r\n", 19));
  EXPECT_EQ(Run({}, "input").output, "input");
  EXPECT_EQ(Run({"a", "-", "a"}, "input").output, "one\n\n\n\ntwoinputone\n\n\n\ntwo");
}

TEST_F(LessTest, OptionsChangeNothingThere) {
  WriteFile("a", "one\n\n\n\ntwo\n");
  for (const char* const option : {"-a",
                                   "-b9",
                                   "-B",
                                   "-c",
                                   "-C",
                                   "-d",
                                   "-e",
                                   "-E",
                                   "-f",
                                   "-F",
                                   "-g",
                                   "-G",
                                   "-h5",
                                   "-i",
                                   "-I",
                                   "-j5",
                                   "-J",
                                   "-K",
                                   "-L",
                                   "-m",
                                   "-M",
                                   "-n",
                                   "-N",
                                   "-px",
                                   "-q",
                                   "-Q",
                                   "-r",
                                   "-R",
                                   "-s",
                                   "-S",
                                   "-u",
                                   "-U",
                                   "-w",
                                   "-W",
                                   "-x4",
                                   "-X",
                                   "-y5",
                                   "-z5",
                                   "-~",
                                   "-#5",
                                   "+G",
                                   "++F",
                                   "+/x",
                                   "+5",
                                   "--search-skip-screen",
                                   "--buffers=9",
                                   "--auto-buffers",
                                   "--clear-screen",
                                   "--CLEAR-SCREEN",
                                   "--dumb",
                                   "--quit-at-eof",
                                   "--QUIT-AT-EOF",
                                   "--force",
                                   "--quit-if-one-screen",
                                   "--hilite-search",
                                   "--HILITE-SEARCH",
                                   "--max-back-scroll=5",
                                   "--ignore-case",
                                   "--IGNORE-CASE",
                                   "--jump-target=5",
                                   "--status-column",
                                   "--quit-on-intr",
                                   "--no-lessopen",
                                   "--long-prompt",
                                   "--LONG-PROMPT",
                                   "--line-numbers",
                                   "--LINE-NUMBERS",
                                   "--pattern=x",
                                   "--quiet",
                                   "--QUIET",
                                   "--silent",
                                   "--SILENT",
                                   "--raw-control-chars",
                                   "--RAW-CONTROL-CHARS",
                                   "--squeeze-blank-lines",
                                   "--chop-long-lines",
                                   "--underline-special",
                                   "--UNDERLINE-SPECIAL",
                                   "--hilite-unread",
                                   "--HILITE-UNREAD",
                                   "--tabs=4",
                                   "--no-init",
                                   "--max-forw-scroll=5",
                                   "--window=5",
                                   "--tilde",
                                   "--shift=5"}) {
    const Outcome outcome = Run({option, "a"});
    EXPECT_EQ(outcome.output, "one\n\n\n\ntwo\n") << option;
    EXPECT_EQ(outcome.errors, "") << option;
  }
}

TEST_F(LessTest, TheVariable) {
  WriteFile("a", "one\n");
  for (const char* const value : {"", "-FRX", "FRX", "-x4 --no-such -9$M", "+G -p", "--tabs=4",
                                  "--tabs", "-", "--", "$", " -i  ", "-px +/y", "-Ps1?f%f ."}) {
    environment = {{"LESS", value}};
    const Outcome outcome = Run({"a"});
    EXPECT_EQ(outcome.output, "one\n") << value;
    EXPECT_EQ(outcome.errors, "") << value;
  }
}

TEST_F(LessTest, GoesOnAfterWhatCannotBeRead) {
  WriteFile("a", "one\n");
  MakeDirectory("d");
  const Outcome outcome = Run({"missing", "a", "d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "one\n");
  EXPECT_EQ(outcome.errors, "less: missing: No such file or directory\nless: d: Is a directory\n");
}

TEST_F(LessTest, NamesThatLookLikeOptions) {
  WriteFile("-N", "n\n");
  WriteFile("+5", "five\n");
  WriteFile("+", "plus\n");
  EXPECT_EQ(Run({"--", "-N", "+5"}).output, "n\nfive\n");
  EXPECT_EQ(Run({"+"}).output, "plus\n");
}

TEST_F(LessTest, WrongUse) {
  EXPECT_THAT(Run({"-k"}).errors, StartsWith("less: invalid option -- 'k'\n"));
  EXPECT_EQ(Run({"--no-such"}).status, 1);
  EXPECT_EQ(Run({"-p"}).status, 1);
  EXPECT_EQ(Run({"-V"}).output, Run({"--version"}).output);
  EXPECT_EQ(RunInto("/dev/full", {"-"}, "x").errors,
            "less: write error: No space left on device\n");
}

TEST_F(LessTest, EveryFault) {
  EXPECT_GT(ForEachFault(
                {"a", "b"}, "",
                [this] {
                  WriteFile("a", "one\n");
                  WriteFile("b", "two\n");
                },
                [](const FaultOutcome& fault) {
                  if (fault.call.call == sys::fault::Call::kClose) return;
                  EXPECT_EQ(fault.outcome.status, 1);
                }),
            5U);
}

}  // namespace
}  // namespace cation::testing
