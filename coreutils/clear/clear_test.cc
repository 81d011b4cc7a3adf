// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::StartsWith;

class ClearTest : public UtilityTestCase {
 protected:
  ClearTest() : UtilityTestCase("clear") {}
};

TEST_F(ClearTest, ClearsByOneCall) {
  environment = {{"TERM", "xterm"}};
  const Outcome outcome = Run({});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, "\033[H\033[2J\033[3J");
  EXPECT_EQ(outcome.calls, 1U);
  EXPECT_EQ(Run({"-x"}).output, "\033[H\033[2J") << "what has scrolled out stays";
}

TEST_F(ClearTest, WithoutTerm) {
  EXPECT_EQ(Run({}).output, "\033[H\033[2J\033[3J");
  environment = {{"TERM", ""}};
  EXPECT_EQ(Run({}).status, 0);
}

TEST_F(ClearTest, TerminalsThatCannotBeCleared) {
  environment = {{"TERM", "dumb"}};
  const Outcome outcome = Run({});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "");
  EXPECT_EQ(outcome.errors, "clear: dumb: a terminal of this type cannot be cleared\n");
  EXPECT_EQ(Run({"-T", "vt100"}).status, 0) << "-T wins over TERM";
  environment = {{"TERM", "xterm"}};
  EXPECT_EQ(Run({"-Tunknown"}).status, 1);
}

TEST_F(ClearTest, Version) {
  EXPECT_THAT(Run({"-V"}).output, StartsWith("clear (Cation) "));
  EXPECT_EQ(Run({"-V"}).output, Run({"--version"}).output);
}

TEST_F(ClearTest, WrongUse) {
  const Outcome outcome = Run({"x"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "");
  EXPECT_THAT(outcome.errors, StartsWith("clear: x: extra operand\n"));
}

TEST_F(ClearTest, FullOutput) {
  const Outcome outcome = RunInto("/dev/full", {});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "clear: write error: No space left on device\n");
}

TEST_F(ClearTest, EveryFault) {
  EXPECT_GT(
      ForEachFault(
          {}, "", [] {}, [](const FaultOutcome& fault) { EXPECT_EQ(fault.outcome.status, 1); }),
      0U);
}

}  // namespace
}  // namespace cation::testing
