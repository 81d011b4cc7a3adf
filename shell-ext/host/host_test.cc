// SPDX-License-Identifier: MIT
#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

class HostTest : public UtilityTestCase {
 protected:
  HostTest() : UtilityTestCase("host") {}
};

TEST_F(HostTest, LooksAtEachFile) {
  WriteFile("a", "");
  WriteFile("b", "");
  const Outcome outcome = Run({"a", "b"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, "");
  EXPECT_EQ(outcome.errors, "");
}

TEST_F(HostTest, VerboseNamesThem) {
  WriteFile("a", "");
  EXPECT_EQ(Run({"-v", "a"}).output, "a\n");
  EXPECT_EQ(Run({"--verbose", "a"}).output, "a\n");
}

TEST_F(HostTest, GoesOnAfterABadOperand) {
  WriteFile("a", "");
  const Outcome outcome = Run({"-v", "nothing", "a"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "a\n");
  EXPECT_EQ(outcome.errors, "host: nothing: No such file or directory\n");
}

TEST_F(HostTest, ReportsEveryFault) {
  ForEachFault(
      {"-v", "a"}, "", [this] { WriteFile("a", ""); },
      [](const FaultOutcome& fault) { EXPECT_NE(fault.outcome.status, 0) << fault.error; });
}

}  // namespace
}  // namespace cation::testing
