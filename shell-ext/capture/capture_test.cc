// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fault = sys::fault;

class CaptureTest : public UtilityTestCase {
 protected:
  CaptureTest() : UtilityTestCase("capture") { environment = {{"PATH", "/bin"}}; }
};

TEST_F(CaptureTest, IntoAFile) {
  const Outcome outcome = Run({"f", "cat", "-", "/dev/null"}, "in");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, "");
  EXPECT_EQ(outcome.errors, "");
  EXPECT_EQ(ReadFile("f"), "in");
  (void)Run({"f", "printf", "x"});
  EXPECT_EQ(ReadFile("f"), "x") << "what was there is gone";
}

TEST_F(CaptureTest, Appends) {
  fault_runs = false;  // EveryFault has them
  WriteFile("f", "before\n");
  for (const char* const option : {"-a", "--append"}) (void)Run({option, "f", "echo", "more"});
  EXPECT_EQ(ReadFile("f"), "before\nmore\nmore\n");
}

TEST_F(CaptureTest, Errors) {
  fault_runs = false;
  const std::vector<std::string> words = {"sh", "-c", "echo out; echo err >&2"};
  const auto with = [&words](std::vector<std::string> before) {
    before.insert(before.end(), words.begin(), words.end());
    return before;
  };
  EXPECT_EQ(Run(with({"f"})).errors, "err\n");
  EXPECT_EQ(ReadFile("f"), "out\n");
  EXPECT_EQ(Run(with({"-e", "f"})).errors, "");
  EXPECT_EQ(ReadFile("f"), "out\nerr\n");
  EXPECT_EQ(Run(with({"--errors", "-t", "5"})).output, "\nerr\n");
}

TEST_F(CaptureTest, TheEnd) {
  fault_runs = false;
  EXPECT_EQ(Run({"-t", "3", "printf", "abcdef"}).output, "def");
  EXPECT_EQ(Run({"--tail=1k", "printf", "abcdef"}).output, "abcdef");
  EXPECT_EQ(Run({"-t0", "printf", "abcdef"}).output, "");
  EXPECT_EQ(Run({"-t", "99999999999999999999999", "printf", "abc"}).output, "abc");
  EXPECT_EQ(Run({"-t", "3", "true"}).output, "");
  // More than a pipe holds, many times.
  const Outcome much = Run({"-t", "100000", "seq", "1", "300000"});
  EXPECT_EQ(much.status, 0);
  EXPECT_EQ(much.output.size(), 100000U);
  EXPECT_TRUE(much.output.ends_with("\n299999\n300000\n"));
}

TEST_F(CaptureTest, StatusesAreTheCommands) {
  fault_runs = false;
  EXPECT_EQ(Run({"f", "sh", "-c", "exit 42"}).status, 42);
  EXPECT_EQ(Run({"-t", "1", "sh", "-c", "echo x; exit 42"}).status, 42);
  EXPECT_EQ(Run({"f", "sh", "-c", "kill -TERM $$"}).status, 143);
  EXPECT_EQ(Run({"-t1", "sh", "-c", "kill -INT $$; kill -INT $PPID"}).status, 130);
}

TEST_F(CaptureTest, WhatCannotBeRun) {
  // Who cannot read why the command has not been started knows its status alone.
  excused = [](const FaultOutcome& fault) { return fault.call.call == fault::Call::kRead; };
  WriteFile("plain", "");
  Outcome outcome = Run({"f", "no-such-command"});
  EXPECT_EQ(outcome.status, 127);
  EXPECT_EQ(outcome.errors, "capture: no-such-command: No such file or directory\n");
  outcome = Run({"-t", "1", "./plain"});
  EXPECT_EQ(outcome.status, 126);
  EXPECT_EQ(outcome.errors, "capture: ./plain: Permission denied\n");
  // The message stays where it is seen.
  EXPECT_THAT(Run({"-e", "f", "no-such-command"}).errors, StartsWith("capture: "));
}

TEST_F(CaptureTest, NowhereToPutIt) {
  MakeDirectory("d");
  const Outcome outcome = Run({"d", "sh", "-c", "touch ran"});
  EXPECT_EQ(outcome.status, 125);
  EXPECT_EQ(outcome.errors, "capture: d: Is a directory\n");
  EXPECT_FALSE(Exists("ran"));
  fault_runs = false;
  EXPECT_EQ(RunInto("/dev/full", {"-t", "9", "echo", "x"}).status, 125);
}

TEST_F(CaptureTest, WrongUse) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{},
                                             {"f"},
                                             {"-t", "1"},
                                             {"-t", "x", "true"},
                                             {"-t", "-1", "true"},
                                             {"-t", "", "true"},
                                             {"-a", "-t", "1", "true"}}) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 125);
    EXPECT_THAT(outcome.errors, StartsWith("capture: "));
    EXPECT_THAT(outcome.errors, HasSubstr("--help"));
  }
  EXPECT_FALSE(Exists("f"));
}

TEST_F(CaptureTest, EveryFault) {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"-a", "f", "echo", "more"}, {"-t", "100", "echo", "more"}}) {
    ForEachFault(
        arguments, "", [this] { WriteFile("f", "before\n"); },
        [&](const FaultOutcome& fault) {
          const Outcome& outcome = fault.outcome;
          const std::string file = ReadFile("f");
          EXPECT_THAT(file, StartsWith("before\n")) << "what was there stays";
          if (outcome.status == 0) {
            EXPECT_EQ(arguments[0] == "-a" ? file.substr(7) : outcome.output, "more\n");
          } else if (fault.error != EPIPE) {
            EXPECT_THAT(outcome.errors, StartsWith("capture: "));
          }
        });
  }
}

}  // namespace
}  // namespace cation::testing
