// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::StartsWith;
using Strings = std::vector<std::string>;

class FalseTest : public UtilityTestCase {
 protected:
  FalseTest() : UtilityTestCase("false") {}
};

TEST_F(FalseTest, DoesNothing) {
  for (const Strings& arguments : {Strings{},
                                   {""},
                                   {"x"},
                                   {"-x"},
                                   {"--"},
                                   {"--hel"},
                                   {"--no-such-option"},
                                   {"--help=x"},
                                   {"--help", "x"},
                                   {"--", "--help"},
                                   {"--help", "--version"},
                                   {"--version", ""}}) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.output, "");
    EXPECT_EQ(outcome.errors, "");
    EXPECT_EQ(outcome.calls, 0U);
  }
}

TEST_F(FalseTest, HelpAlone) {
  EXPECT_THAT(Run({"--help"}).output, StartsWith("Usage: false [OPTION]\n"));
  EXPECT_EQ(Run({"--help"}).status, 1);
  EXPECT_THAT(Run({"--version"}).output, StartsWith("false (Cation) "));
  EXPECT_EQ(Run({"--version"}).status, 1);
}

TEST_F(FalseTest, EveryFault) {
  const std::size_t faults = ForEachFault(
      {"--help"}, "", [] {},
      [](const FaultOutcome& fault) {
        EXPECT_EQ(fault.outcome.status, 1);
        EXPECT_THAT(fault.outcome.errors, ::testing::MatchesRegex("(false: write error: .*\n)?"));
      });
  EXPECT_GT(faults, 3U);
}

}  // namespace
}  // namespace cation::testing
