// SPDX-License-Identifier: MIT
#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

class WithStderrTest : public UtilityTestCase {
 protected:
  WithStderrTest() : UtilityTestCase("with-stderr") {}
};

TEST_F(WithStderrTest, IsBothByAnotherName) {
  const Outcome outcome = Run({"/bin/sh", "-c", "true"});
  ASSERT_TRUE(outcome.execution.has_value());
  EXPECT_EQ(outcome.execution->path, "/bin/sh");
  EXPECT_EQ(Run({"./nothing"}).output, "with-stderr: ./nothing: No such file or directory\n");
}

}  // namespace
}  // namespace cation::testing
