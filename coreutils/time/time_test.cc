// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>
#include <signal.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::ContainsRegex;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;
namespace fault = sys::fault;

class TimeTest : public UtilityTestCase {
 protected:
  // No two of them give the same times.
  TimeTest() : UtilityTestCase("time") { fault_runs = false; }
};

TEST_F(TimeTest, ThreeLines) {
  const Outcome outcome = Run({"sh", "-c", "echo out; echo err >&2; cat"}, "in");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, "out\nin");
  EXPECT_THAT(outcome.errors,
              MatchesRegex("err\nreal\t0m0\\.[0-9][0-9][0-9]s\nuser\t0m0\\.[0-9][0-9][0-9]s\n"
                           "sys\t0m0\\.[0-9][0-9][0-9]s\n"));
}

TEST_F(TimeTest, Portable) {
  for (const char* const option : {"-p", "--portability"}) {
    const Outcome outcome = Run({option, "sh", "-c", "exit 7"});
    EXPECT_EQ(outcome.status, 7);
    EXPECT_THAT(outcome.errors, MatchesRegex("real 0\\.[0-9][0-9]\nuser 0\\.[0-9][0-9]\n"
                                             "sys 0\\.[0-9][0-9]\n"));
  }
}

TEST_F(TimeTest, MeasuresTime) {
  EXPECT_THAT(Run({"-f", "%e", "sleep", "0.05"}).errors, MatchesRegex("0\\.(0[5-9]|[1-9].)\n"));
  const Outcome outcome =
      Run({"-f", "%U", "sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"});
  EXPECT_THAT(outcome.errors, ::testing::Not(StartsWith("0.00")));
}

TEST_F(TimeTest, Formats) {
  EXPECT_EQ(Run({"-f", "%% %x [%C] \\t\\n\\\\", "true", "a", "b c"}).errors,
            "% 0 [true a b c] \t\n\\\n");
  EXPECT_EQ(Run({"--format=a\\qb %Q %", "true"}).errors, "a?\\qb ?Q ?\n");
  EXPECT_EQ(Run({"-f", "%L%A%B", "true"}).errors, "?L?A?B\n");
  EXPECT_EQ(Run({"-f", "", "true"}).errors, "\n");
  EXPECT_THAT(Run({"-f", "%E", "true"}).errors, MatchesRegex("0:00\\.[0-9][0-9]\n"));
  EXPECT_THAT(Run({"-f", "%P", "true"}).errors, MatchesRegex("(\\?|[0-9]+)%\n"));
  EXPECT_THAT(Run({"-f", "%M", "true"}).errors, MatchesRegex("[1-9][0-9]+\n"));
  EXPECT_THAT(Run({"-f", "%R %Z", "true"}).errors, MatchesRegex("[1-9][0-9]* 4096\n"));
  EXPECT_THAT(Run({"-f", "%F%I%O%W%c%k%r%s%w", "true"}).errors, MatchesRegex("[0-9]+\n"));
  EXPECT_EQ(Run({"-f", "%D%K%X%p%t", "true"}).errors, "00000\n");
  environment = {{"TIME", "t %x"}};
  EXPECT_EQ(Run({"true"}).errors, "t 0\n");
  EXPECT_EQ(Run({"-f", "f", "true"}).errors, "f\n");
}

TEST_F(TimeTest, Verbose) {
  for (const char* const option : {"-v", "--verbose"}) {
    const Outcome outcome = Run({option, "sh", "-c", "exit 3"});
    EXPECT_EQ(outcome.status, 3);
    EXPECT_THAT(outcome.errors, StartsWith("Command exited with non-zero status 3\n"
                                           "\tCommand being timed: \"sh -c exit 3\"\n"));
    EXPECT_THAT(outcome.errors, ContainsRegex("\tMaximum resident set size \\(kbytes\\): [1-9]"));
    EXPECT_THAT(outcome.errors, EndsWith("\n\tExit status: 3\n"));
  }
}

TEST_F(TimeTest, MentionsStatuses) {
  const std::string mention = "Command exited with non-zero status 9\n";
  EXPECT_EQ(Run({"-f", "x", "sh", "-c", "exit 9"}).errors, mention + "x\n");
  EXPECT_EQ(Run({"-q", "-f", "x", "sh", "-c", "exit 9"}).errors, "x\n");
  EXPECT_EQ(Run({"--quiet", "-fx", "sh", "-c", "exit 9"}).errors, "x\n");
  EXPECT_THAT(Run({"sh", "-c", "exit 9"}).errors, StartsWith("real"));
  const Outcome killed = Run({"-fx", "sh", "-c", "kill -TERM $$"});
  EXPECT_EQ(killed.status, 143);
  EXPECT_EQ(killed.errors, "Command terminated by signal 15\nx\n");
}

TEST_F(TimeTest, IntoAFile) {
  const Outcome outcome = Run({"-o", "t", "-f", "%x", "sh", "-c", "echo err >&2"});
  EXPECT_EQ(outcome.errors, "err\n");
  EXPECT_EQ(ReadFile("t"), "0\n");
  (void)Run({"-a", "--output=t", "-f", "%C", "true"});
  EXPECT_EQ(ReadFile("t"), "0\ntrue\n");
  (void)Run({"--append", "-ot", "-f", "2", "true"});
  EXPECT_EQ(ReadFile("t"), "0\ntrue\n2\n");
  (void)Run({"-o", "t", "-f", "3", "true"});
  EXPECT_EQ(ReadFile("t"), "3\n");
  MakeDirectory("d");
  const Outcome refused = Run({"-o", "d", "sh", "-c", "echo ran"});
  EXPECT_EQ(refused.status, 125);
  EXPECT_EQ(refused.output, "") << "nothing is run when its times have nowhere to go";
  EXPECT_EQ(refused.errors, "time: d: Is a directory\n");
  EXPECT_EQ(Run({"-o", "/dev/full", "true"}).errors, "time: /dev/full: No space left on device\n");
  EXPECT_EQ(Run({"-o", "/dev/full", "true"}).status, 125);
  EXPECT_EQ(Run({"-o", "/dev/full", "sh", "-c", "exit 6"}).status, 6);
}

TEST_F(TimeTest, WhatCannotBeRun) {
  WriteFile("plain", "");
  EXPECT_EQ(Run({"./missing"}).errors, "time: ./missing: No such file or directory\n");
  EXPECT_EQ(Run({"./missing"}).status, 127);
  EXPECT_EQ(Run({"./plain"}).status, 126);
  EXPECT_EQ(Run({}).status, 125);
  EXPECT_THAT(Run({"-p"}).errors, StartsWith("time: missing operand\n"));
}

TEST_F(TimeTest, TheTerminalsSignalsAreTheCommands) {
  // The command may be there before they are ignored: it waits for that.
  EXPECT_EQ(Run({"-p", "sh", "-c",
                 "until grep -q '^SigIgn:.*[67ef]$' /proc/$PPID/status; do :; done; "
                 "kill -INT $PPID; kill -QUIT $PPID; exit 4"})
                .status,
            4);
  EXPECT_EQ(Run({"-q", "-fx", "sh", "-c", "kill -INT $$"}).status, 130)
      << "they are not ignored in what is run";
  EXPECT_EQ(::signal(SIGINT, SIG_DFL), SIG_DFL) << "nor afterwards";
}

TEST_F(TimeTest, EveryFault) {
  ForEachFault(
      {"-f", "%x", "-o", "t", "/bin/sh", "-c", "exit 0"}, "", [] {},
      [&](const FaultOutcome& fault) {
        switch (fault.call.call) {
          case fault::Call::kSignalAction:  // the command is run all the same
          case fault::Call::kRead:
            EXPECT_EQ(fault.outcome.status, 0);
            break;
          case fault::Call::kClose:
            // Of the file, it matters.
            if (fault.outcome.status != 0)
              EXPECT_THAT(fault.outcome.errors, StartsWith("time: t: "));
            break;
          default:
            EXPECT_THAT(fault.outcome.status, ::testing::AnyOf(125, 126, 127))
                << fault::NameOf(fault.call.call);
            EXPECT_THAT(fault.outcome.errors, StartsWith("time: "));
        }
      });
}

}  // namespace
}  // namespace cation::testing
