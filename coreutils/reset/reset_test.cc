// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::EndsWith;
using ::testing::StartsWith;

// What it does to a terminal is tested at one: tests/terminal.
class ResetTest : public UtilityTestCase {
 protected:
  ResetTest() : UtilityTestCase("reset") {}
};

TEST_F(ResetTest, NeedsATerminal) {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {}, {"-I"}, {"-c"}, {"-w"}, {"-Q"}, {"-s"}, {"-e", "^H", "-i", "^C", "-k", "x"}}) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.output, "");
    EXPECT_EQ(outcome.errors, "reset: terminal: Inappropriate ioctl for device\n");
  }
}

TEST_F(ResetTest, PrintsTheType) {
  environment = {{"TERM", "linux"}};
  EXPECT_EQ(Run({"-q"}).output, "linux\n");
  EXPECT_EQ(Run({"-r"}).output, "linux\n");
  EXPECT_EQ(Run({"-q", "vt100"}).output, "vt100\n");
  environment = {};
  EXPECT_EQ(Run({"-q"}).output, "unknown\n");
}

TEST_F(ResetTest, WrongUse) {
  EXPECT_THAT(Run({"a", "b"}).errors, StartsWith("reset: b: extra operand\n"));
  EXPECT_EQ(Run({"-e"}).status, 1);
  EXPECT_EQ(Run({"-V"}).output, Run({"--version"}).output);
  EXPECT_THAT(RunInto("/dev/full", {"-q"}).errors, EndsWith("No space left on device\n"));
}

}  // namespace
}  // namespace cation::testing
