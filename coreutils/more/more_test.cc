// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::StartsWith;

// What it does at a terminal is tested at one: tests/terminal.
class MoreTest : public UtilityTestCase {
 protected:
  MoreTest() : UtilityTestCase("more") {}
};

TEST_F(MoreTest, CopiesToWhatIsNoTerminal) {
  WriteFile("a", "one\n\n\n\ntwo");
  WriteFile("b", std::string("\0\033[31m\xff\r\n", 9));
  EXPECT_EQ(Run({"a", "b"}).output, std::string("one\n\n\n\ntwo\0\033[31m\xff\r\n", 19));
  EXPECT_EQ(Run({}, "input").output, "input");
  for (const char* const option :
       {"-c", "-d", "-e", "-f", "-i", "-l", "-n5", "-5", "-p/x", "-u", "+5", "+/x", "++G"}) {
    const Outcome outcome = Run({option, "a"});
    EXPECT_EQ(outcome.output, "one\n\n\n\ntwo") << option;
    EXPECT_EQ(outcome.errors, "") << option;
  }
}

TEST_F(MoreTest, SqueezesThereToo) {
  WriteFile("a", "\n\n\none\n\n\n\ntwo\n\nthree\n\n\n");
  EXPECT_EQ(Run({"-s", "a"}).output, "\none\n\ntwo\n\nthree\n\n");
  EXPECT_EQ(Run({"-s"}, "a\n\n\n\nb").output, "a\n\nb");
  environment = {{"MORE", "-se"}};
  EXPECT_EQ(Run({"a"}).output, "\none\n\ntwo\n\nthree\n\n");
  environment = {{"MORE", "-9 --no-such s"}};
  EXPECT_EQ(Run({"a"}).output, "\none\n\ntwo\n\nthree\n\n");
}

TEST_F(MoreTest, GoesOnAfterWhatCannotBeRead) {
  WriteFile("a", "one\n");
  const Outcome outcome = Run({"missing", "a", "."});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "one\n");
  EXPECT_EQ(outcome.errors, "more: missing: No such file or directory\nmore: .: Is a directory\n");
}

TEST_F(MoreTest, WrongUse) {
  for (const char* const wrong : {"-n0", "-nx", "-n", "-0", "-n18446744073709551616", "-x"}) {
    const Outcome outcome = Run({wrong, "-"});
    EXPECT_EQ(outcome.status, 1) << wrong;
    EXPECT_THAT(outcome.errors, StartsWith("more: ")) << wrong;
  }
  EXPECT_EQ(Run({"-V"}).output, Run({"--version"}).output);
}

TEST_F(MoreTest, EveryFault) {
  EXPECT_GT(ForEachFault(
                {"-s", "a", "b"}, "",
                [this] {
                  WriteFile("a", "one\n\n\n");
                  WriteFile("b", "two\n");
                },
                [](const FaultOutcome& fault) {
                  if (fault.call.call == sys::fault::Call::kClose) return;
                  EXPECT_EQ(fault.outcome.status, 1);
                }),
            5U);
}

}  // namespace
}  // namespace cation::testing
