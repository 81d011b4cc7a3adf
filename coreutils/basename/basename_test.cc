// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::StartsWith;
namespace fault = sys::fault;

class BasenameTest : public UtilityTestCase {
 protected:
  BasenameTest() : UtilityTestCase("basename") {}

  std::string Of(const std::string& name) { return Run({"--", name}).output; }
  std::string Of(const std::string& name, const std::string& suffix) {
    return Run({"--", name, suffix}).output;
  }
};

TEST_F(BasenameTest, LastComponent) {
  EXPECT_EQ(Of("a"), "a\n");
  EXPECT_EQ(Of("a/b"), "b\n");
  EXPECT_EQ(Of("/a/b/c"), "c\n");
  EXPECT_EQ(Of("a/b///"), "b\n");
  EXPECT_EQ(Of("//a//b"), "b\n");
  EXPECT_EQ(Of("a/."), ".\n");
  EXPECT_EQ(Of("a/.."), "..\n");
  EXPECT_EQ(Of("/scheme/file/x"), "x\n");
  EXPECT_EQ(Of("n\nl/\xff"), "\xff\n") << "as bytes";
}

TEST_F(BasenameTest, EmptyAndRoot) {
  EXPECT_EQ(Of(""), "\n");
  EXPECT_EQ(Of("/"), "/\n");
  EXPECT_EQ(Of("//"), "/\n");
  EXPECT_EQ(Of("////"), "/\n");
}

TEST_F(BasenameTest, Suffix) {
  EXPECT_EQ(Of("a/b.c", ".c"), "b\n");
  EXPECT_EQ(Of("a/b.c/", ".c"), "b\n");
  EXPECT_EQ(Of("b.c.c", ".c"), "b.c\n");
  EXPECT_EQ(Of("b.c", ".d"), "b.c\n");
  EXPECT_EQ(Of("a/b", ""), "b\n");
  EXPECT_EQ(Of(".c", ".c"), ".c\n") << "all of the name stays";
  EXPECT_EQ(Of("c", "longer.c"), "c\n");
  EXPECT_EQ(Of("/", "/"), "/\n");
  EXPECT_EQ(Of("a", "-a"), "a\n");
  EXPECT_EQ(Run({"fs", "s"}).output, "f\n");
}

TEST_F(BasenameTest, SeveralNames) {
  EXPECT_EQ(Run({"-a", "a/b", "c.s", ".s"}).output, "b\nc.s\n.s\n");
  EXPECT_EQ(Run({"--multiple", "a/b"}).output, "b\n");
  EXPECT_EQ(Run({"-s", ".s", "a/b.s", "c.s", ".s"}).output, "b\nc\n.s\n");
  EXPECT_EQ(Run({"--suffix=.s", "a/b.s", "c.s"}).output, "b\nc\n");
  EXPECT_EQ(Run({"-as", "", "a/b"}).output, "b\n");
}

TEST_F(BasenameTest, Zero) {
  EXPECT_EQ(Run({"-z", "a/b"}).output, std::string("b\0", 2));
  EXPECT_EQ(Run({"--zero", "-a", "a", "b\nc"}).output, std::string("a\0b\nc\0", 6));
}

TEST_F(BasenameTest, OptionsEndAtTheName) {
  EXPECT_EQ(Run({"a.-z", "-z"}).output, "a.\n");
  EXPECT_EQ(Run({"-a", "a", "-z"}).output, "a\n-z\n");
}

TEST_F(BasenameTest, WrongNumberOfOperands) {
  EXPECT_THAT(Run({}).errors, StartsWith("basename: missing operand\n"));
  EXPECT_THAT(Run({"-s", "x"}).errors, StartsWith("basename: missing operand\n"));
  const Outcome outcome = Run({"a", "b", "c", "d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "");
  EXPECT_THAT(outcome.errors, StartsWith("basename: c: extra operand\n"));
}

TEST_F(BasenameTest, OneWrite) { EXPECT_EQ(Run({"-a", "a/b", "c", "d"}).calls, 1U); }

TEST_F(BasenameTest, OutputErrors) {
  EXPECT_EQ(RunInto("/dev/full", {"a"}).errors, "basename: write error: No space left on device\n");
  ForEachFault(
      {"a/b"}, "", [] {},
      [](const FaultOutcome& fault) { EXPECT_EQ(fault.outcome.status, 1) << fault.error; });
}

}  // namespace
}  // namespace cation::testing
