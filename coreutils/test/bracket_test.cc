// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::StartsWith;

class BracketTest : public UtilityTestCase {
 protected:
  BracketTest() : UtilityTestCase("[") {}
};

TEST_F(BracketTest, EvaluatesWhatIsBeforeTheBracket) {
  EXPECT_EQ(Run({"]"}).status, 1);
  EXPECT_EQ(Run({"a", "]"}).status, 0);
  EXPECT_EQ(Run({"", "]"}).status, 1);
  EXPECT_EQ(Run({"]", "]"}).status, 0);
  EXPECT_EQ(Run({"a", "=", "a", "]"}).status, 0);
  EXPECT_EQ(Run({"a", "=", "b", "]"}).status, 1);
  EXPECT_EQ(Run({"!", "-e", "none", "]"}).status, 0);
  EXPECT_EQ(Run({"a", "=", "a", "]"}).calls, 0U);
}

TEST_F(BracketTest, TheBracketHasToBeThere) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{}, {"a"}, {"]", "a"}, {"a", "=", "a"}, {"a]"}, {"--help", "x"}}) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(outcome.errors, "[: missing ']'\n");
  }
}

TEST_F(BracketTest, Messages) {
  EXPECT_EQ(Run({"a", "b", "]"}).errors, "[: missing argument after 'b'\n");
  EXPECT_EQ(Run({"a", "b", "]"}).status, 2);
  EXPECT_EQ(Run({"a", "=", "b", "]", "]"}).errors, "[: extra argument ']'\n");
}

TEST_F(BracketTest, HelpAlone) {
  EXPECT_THAT(Run({"--help"}).output, StartsWith("Usage: [ [OPTION]\n   or: [ EXPRESSION ]\n"));
  EXPECT_EQ(Run({"--help"}).status, 0);
  EXPECT_THAT(Run({"--version"}).output, StartsWith("[ (Cation) "));
  EXPECT_EQ(Run({"--help", "]"}).output, "");
  EXPECT_EQ(Run({"--help", "]"}).status, 0) << "a text with something in it";
  EXPECT_EQ(Run({"--hel"}).status, 2);
}

TEST_F(BracketTest, EveryFault) {
  ForEachFault(
      {"--help"}, "", [] {}, [](const FaultOutcome& fault) { EXPECT_EQ(fault.outcome.status, 2); });
}

}  // namespace
}  // namespace cation::testing
