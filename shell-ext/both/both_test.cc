// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fault = sys::fault;

class BothTest : public UtilityTestCase {
 protected:
  BothTest() : UtilityTestCase("both") { environment = {{"PATH", "/bin"}, {"A", "1"}}; }
  void WriteProgram(const std::string& path) {
    WriteFile(path, "#!/bin/sh\n");
    ASSERT_EQ(::chmod(path.c_str(), 0755), 0);
  }
};

TEST_F(BothTest, BecomesTheCommand) {
  const Outcome outcome = Run({"sh", "-c", "echo out; echo err >&2", "--help"});
  ASSERT_TRUE(outcome.execution.has_value());
  EXPECT_THAT(outcome.execution->path, ::testing::EndsWith("/sh"));
  EXPECT_THAT(outcome.execution->arguments,
              ElementsAre("sh", "-c", "echo out; echo err >&2", "--help"));
  EXPECT_THAT(outcome.execution->environment, ElementsAre("A=1", "PATH=/bin"));
  EXPECT_TRUE(outcome.execution->ignored.empty() && outcome.execution->blocked.empty());
}

TEST_F(BothTest, ErrorsGoWhereOutputGoes) {
  // What its own message shows, once there is nothing to become.
  const Outcome outcome = Run({"no-such-command"});
  EXPECT_EQ(outcome.status, 127);
  EXPECT_EQ(outcome.output, "both: no-such-command: No such file or directory\n");
}

TEST_F(BothTest, LooksWherePathSays) {
  MakeDirectory("a");
  MakeDirectory("b");
  WriteFile("a/c", "#!/bin/sh\n");
  WriteProgram("b/c");
  environment = {{"PATH", "a:nothing:b"}};
  const Outcome outcome = Run({"--", "c"});
  ASSERT_TRUE(outcome.execution.has_value());
  EXPECT_EQ(outcome.execution->path, "b/c");
  environment = {{"PATH", "a"}};
  EXPECT_EQ(Run({"c"}).status, 126);
  EXPECT_EQ(Run({"c"}).output, "both: c: Permission denied\n");
  environment = {};
  EXPECT_TRUE(Run({"./b/c"}).execution.has_value());
  EXPECT_EQ(Run({"./a/c"}).status, 126);
  EXPECT_EQ(Run({"./a"}).status, 126) << "a directory";
  EXPECT_EQ(Run({""}).status, 127);
}

TEST_F(BothTest, NothingToRun) {
  const Outcome outcome = Run({});
  EXPECT_EQ(outcome.status, 125);
  EXPECT_THAT(outcome.errors, StartsWith("both: missing operand\n"));
  EXPECT_EQ(outcome.output, "");
  EXPECT_EQ(Run({"-x"}).status, 125);
}

TEST_F(BothTest, FewCalls) {
  // dup2 and one attempt.
  WriteProgram("c");
  EXPECT_EQ(Run({"./c"}).calls, 2U);
}

TEST_F(BothTest, EveryFault) {
  ForEachFault(
      {"./c", "x"}, "", [this] { WriteProgram("c"); },
      [](const FaultOutcome& fault) {
        const Outcome& outcome = fault.outcome;
        ASSERT_FALSE(outcome.execution.has_value());
        EXPECT_THAT(outcome.errors, StartsWith("both: "));
        const bool before = fault.call.call == fault::Call::kPutInPlace;
        EXPECT_EQ(outcome.status, before ? 125 : fault.error == ENOENT ? 127 : 126);
        // Where the descriptor is still its own, so is the message.
        if (before) EXPECT_EQ(outcome.output, "");
        if (before) EXPECT_THAT(outcome.errors, HasSubstr("standard output: "));
      });
}

}  // namespace
}  // namespace cation::testing
