// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

class PrintenvTest : public UtilityTestCase {
 protected:
  PrintenvTest() : UtilityTestCase("printenv") {}
};

TEST_F(PrintenvTest, All) {
  EXPECT_EQ(Run({}).output, "");
  environment = {{"A", "1"}, {"B", "two\nlines"}, {"E", ""}};
  const Outcome outcome = Run({});
  EXPECT_EQ(outcome.output, "A=1\nB=two\nlines\nE=\n");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.calls, 1U);
  EXPECT_EQ(Run({"-0"}).output, std::string("A=1\0B=two\nlines\0E=\0", 19));
  EXPECT_EQ(Run({"--null"}).output, Run({"-0"}).output);
  EXPECT_EQ(Run({"--"}).output, outcome.output);
}

TEST_F(PrintenvTest, ByName) {
  environment = {{"A", "1"}, {"AB", "=2="}, {"E", ""}};
  EXPECT_EQ(Run({"AB", "A"}).output, "=2=\n1\n");
  EXPECT_EQ(Run({"AB", "A"}).status, 0);
  EXPECT_EQ(Run({"E"}).output, "\n");
  EXPECT_EQ(Run({"E"}).status, 0);
  EXPECT_EQ(Run({"-0", "A", "A"}).output, std::string("1\0001\0", 4));
  EXPECT_EQ(Run({"--", "A"}).output, "1\n");
}

TEST_F(PrintenvTest, WhatIsNotThere) {
  environment = {{"A", "1"}, {"B", "2=3"}};
  const Outcome outcome = Run({"B", "none", "A"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "2=3\n1\n");
  EXPECT_EQ(outcome.errors, "");
  for (const char* const name : {"", "A=", "A=1", "B=2", "=", "a", "AA", "A1"}) {
    EXPECT_EQ(Run({name}).status, 1) << name;
    EXPECT_EQ(Run({name}).output, "") << name;
  }
}

TEST_F(PrintenvTest, OptionsBehindANameAreNames) {
  environment = {{"A", "1"}, {"-0", "zero"}};
  EXPECT_EQ(Run({"A", "-0"}).output, "1\nzero\n");
  EXPECT_EQ(Run({"--", "-0"}).output, "zero\n");
  EXPECT_EQ(Run({"-x"}).status, 2);
  EXPECT_EQ(Run({"-i"}).status, 2);
}

TEST_F(PrintenvTest, EveryFault) {
  environment = {{"A", "1"}};
  const std::size_t faults = ForEachFault(
      {"A"}, "", [] {},
      [](const FaultOutcome& fault) {
        EXPECT_EQ(fault.outcome.status, 2);
        EXPECT_THAT(fault.outcome.errors,
                    ::testing::MatchesRegex("(printenv: write error: .*\n)?"));
      });
  EXPECT_GT(faults, 3U);
}

}  // namespace
}  // namespace cation::testing
