// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::StartsWith;
namespace fault = sys::fault;

class YesTest : public UtilityTestCase {
 protected:
  YesTest() : UtilityTestCase("yes") {}

  // What comes out until the third write fails.
  Outcome Some(const std::vector<std::string>& arguments, int error = EPIPE) {
    std::size_t writes = 0;
    fault::SetHook([=](std::size_t, const fault::TracedCall& call) mutable {
      return call.call == fault::Call::kWrite && ++writes == 3 ? error : 0;
    });
    return Run(arguments);
  }

  void ExpectLines(const std::vector<std::string>& arguments, const std::string& line) {
    const Outcome outcome = Some(arguments);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.errors, "") << "a closed pipe is no news";
    std::string lines;
    while (lines.size() < outcome.output.size()) lines += line;
    EXPECT_TRUE(outcome.output == lines) << outcome.output.substr(0, 100);
    EXPECT_FALSE(lines.empty());
  }
};

TEST_F(YesTest, LinesWithoutEnd) {
  ExpectLines({}, "y\n");
  ExpectLines({"n"}, "n\n");
  ExpectLines({"a", "b c", ""}, "a b c \n");
  ExpectLines({""}, "\n");
  ExpectLines({"--", "-n"}, "-n\n");
  ExpectLines({"-"}, "-\n");
  for (const std::size_t size : {999U, 65535U, 65536U, 70000U, 131071U, 131072U, 300000U})
    ExpectLines({std::string(size, 'x')}, std::string(size, 'x') + "\n");
}

TEST_F(YesTest, WritesMuchAtATime) {
  EXPECT_GE(Some({}).output.size(), 2U * 120000);
  EXPECT_GE(Some({std::string(1000, 'x')}).output.size(), 2U * 120000);
}

TEST_F(YesTest, OutputErrors) {
  const Outcome full = RunInto("/dev/full", {"x"});
  EXPECT_EQ(full.status, 1);
  EXPECT_EQ(full.errors, "yes: write error: No space left on device\n");
  EXPECT_EQ(Some({}, EIO).errors, "yes: write error: Input/output error\n");
  EXPECT_EQ(Some({}, EIO).status, 1);
}

TEST_F(YesTest, WrongOptions) {
  EXPECT_THAT(Run({"-x"}).errors, StartsWith("yes: invalid option -- 'x'\n"));
  EXPECT_EQ(Run({"a", "--nonsense"}).status, 1);
}

}  // namespace
}  // namespace cation::testing
