// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::StartsWith;

class DirnameTest : public UtilityTestCase {
 protected:
  DirnameTest() : UtilityTestCase("dirname") {}

  std::string Of(const std::string& name) { return Run({"--", name}).output; }
};

TEST_F(DirnameTest, AllButTheLastComponent) {
  EXPECT_EQ(Of("a/b"), "a\n");
  EXPECT_EQ(Of("/a/b/c"), "/a/b\n");
  EXPECT_EQ(Of("a/b/"), "a\n");
  EXPECT_EQ(Of("a/b///"), "a\n");
  EXPECT_EQ(Of("a///b"), "a\n");
  EXPECT_EQ(Of("a//b/c"), "a//b\n") << "what is before stays as it is";
  EXPECT_EQ(Of("a/."), "a\n");
  EXPECT_EQ(Of("a/.."), "a\n");
  EXPECT_EQ(Of("n\nl/\xff"), "n\nl\n");
}

TEST_F(DirnameTest, OneComponent) {
  EXPECT_EQ(Of("a"), ".\n");
  EXPECT_EQ(Of("a/"), ".\n");
  EXPECT_EQ(Of("a//"), ".\n");
  EXPECT_EQ(Of(""), ".\n");
  EXPECT_EQ(Of("."), ".\n");
  EXPECT_EQ(Of(".."), ".\n");
}

TEST_F(DirnameTest, Root) {
  EXPECT_EQ(Of("/"), "/\n");
  EXPECT_EQ(Of("//"), "/\n");
  EXPECT_EQ(Of("////"), "/\n");
  EXPECT_EQ(Of("/a"), "/\n");
  EXPECT_EQ(Of("//a"), "/\n");
  EXPECT_EQ(Of("///a//"), "/\n");
}

TEST_F(DirnameTest, SeveralNames) {
  EXPECT_EQ(Run({"a/b", "c", "/d"}).output, "a\n.\n/\n");
  EXPECT_EQ(Run({"-z", "a/b", "c\n/d"}).output, std::string("a\0c\n\0", 5));
  EXPECT_EQ(Run({"a/b", "--zero"}).output, std::string("a\0", 2));
  EXPECT_EQ(Run({"a/b", "c", "/d"}).calls, 1U);
}

TEST_F(DirnameTest, MissingOperand) {
  const Outcome outcome = Run({});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, StartsWith("dirname: missing operand\n"));
}

TEST_F(DirnameTest, OutputErrors) {
  EXPECT_EQ(RunInto("/dev/full", {"a"}).errors, "dirname: write error: No space left on device\n");
  ForEachFault(
      {"a/b"}, "", [] {},
      [](const FaultOutcome& fault) { EXPECT_EQ(fault.outcome.status, 1) << fault.error; });
}

}  // namespace
}  // namespace cation::testing
