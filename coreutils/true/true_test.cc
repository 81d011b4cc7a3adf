// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::StartsWith;
using Strings = std::vector<std::string>;

class TrueTest : public UtilityTestCase {
 protected:
  TrueTest() : UtilityTestCase("true") {}
};

TEST_F(TrueTest, DoesNothing) {
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
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.output, "");
    EXPECT_EQ(outcome.errors, "");
    EXPECT_EQ(outcome.calls, 0U);
  }
}

TEST_F(TrueTest, HelpAlone) {
  EXPECT_THAT(Run({"--help"}).output, StartsWith("Usage: true [OPTION]\n"));
  EXPECT_EQ(Run({"--help"}).status, 0);
  EXPECT_THAT(Run({"--version"}).output, StartsWith("true (Cation) "));
  EXPECT_EQ(Run({"--version"}).status, 0);
}

TEST_F(TrueTest, EveryFault) {
  const std::size_t faults = ForEachFault(
      {"--help"}, "", [] {},
      [](const FaultOutcome& fault) {
        EXPECT_EQ(fault.outcome.status, 1);
        EXPECT_THAT(fault.outcome.errors, ::testing::MatchesRegex("(true: write error: .*\n)?"));
      });
  EXPECT_GT(faults, 3U);
}

}  // namespace
}  // namespace cation::testing
