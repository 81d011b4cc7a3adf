// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <pwd.h>
#include <unistd.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::StartsWith;
namespace fault = sys::fault;

class WhoamiTest : public UtilityTestCase {
 protected:
  WhoamiTest() : UtilityTestCase("whoami") {}
};

TEST_F(WhoamiTest, PrintsTheEffectiveUsersName) {
  const passwd* const user = ::getpwuid(::geteuid());
  ASSERT_NE(user, nullptr);
  const Outcome outcome = Run({});
  EXPECT_EQ(outcome.output, std::string(user->pw_name) + "\n");
  EXPECT_EQ(outcome.errors, "");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(Run({"--"}).output, outcome.output);
}

TEST_F(WhoamiTest, TakesNoOperand) {
  for (const std::string operand : {"root", "", "-"}) {
    const Outcome outcome = Run({operand});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.output, "");
    EXPECT_THAT(outcome.errors, ::testing::HasSubstr(": extra operand\n"));
  }
}

TEST_F(WhoamiTest, NoNameWithoutTheFile) {
  const Outcome outcome = Run({}, "", {.call = 0, .error = ENOENT});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors,
            "whoami: cannot find name for user ID " + std::to_string(::geteuid()) + "\n");
}

TEST_F(WhoamiTest, AFileThatCannotBeReadIsSaid) {
  const Outcome outcome = Run({}, "", {.call = 0, .error = EIO});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "whoami: /etc/passwd: Input/output error\n");
}

TEST_F(WhoamiTest, OutputErrors) {
  const Outcome outcome = RunInto("/dev/full", {});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "whoami: write error: No space left on device\n");
}

TEST_F(WhoamiTest, EveryFault) {
  const std::size_t faults = ForEachFault(
      {}, "", [] {},
      [](const FaultOutcome& outcome) {
        if (outcome.call.call == fault::Call::kClose) return;
        EXPECT_EQ(outcome.outcome.status, 1);
        EXPECT_EQ(outcome.outcome.output, "");
      });
  EXPECT_GT(faults, 5U);
}

}  // namespace
}  // namespace cation::testing
