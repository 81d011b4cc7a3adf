// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <gmock/gmock.h>
#include <stdlib.h>
#include <unistd.h>

#include "coreutils/support/testing/utility_test_case.h"
#include "runtime/start/context.h"

namespace cation::testing {
namespace {

using ::testing::StartsWith;
namespace fault = sys::fault;

class TtyTest : public UtilityTestCase {
 protected:
  TtyTest() : UtilityTestCase("tty") {}

  struct Result {
    int status;
    std::string output;
    std::string errors;
  };

  // With a terminal for its input.
  Result RunInTerminal(std::vector<std::string> arguments, fault::Injection injection = {}) {
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
    EXPECT_GE(master, 0);
    EXPECT_EQ(::grantpt(master) | ::unlockpt(master), 0);
    name_ = ::ptsname(master);
    const int terminal = ::open(name_.c_str(), O_RDWR | O_NOCTTY);
    EXPECT_GE(terminal, 0);
    const int output = ::open("output", O_RDWR | O_CREAT | O_TRUNC, 0600);
    const int errors = ::open("errors", O_RDWR | O_CREAT | O_TRUNC, 0600);
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    char* no_environment[] = {nullptr};
    Context context;
    context.program = "tty";
    context.arguments = {pointers.data(), pointers.size()};
    context.environment = no_environment;
    context.input = terminal;
    context.output = output;
    context.errors = errors;
    fault::Begin(injection);
    Result result{Main(context), "", ""};
    fault::End();
    for (const int descriptor : {master, terminal, output, errors}) ::close(descriptor);
    result.output = ReadFile("output");
    result.errors = ReadFile("errors");
    return result;
  }

  std::string name_;
};

TEST_F(TtyTest, NoTerminal) {
  const Outcome outcome = Run({});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "not a tty\n");
  EXPECT_EQ(outcome.errors, "");
  for (const char* const option : {"-s", "--silent", "--quiet"}) {
    const Outcome silent = Run({option});
    EXPECT_EQ(silent.status, 1);
    EXPECT_EQ(silent.output, "");
  }
}

TEST_F(TtyTest, Terminal) {
  const Result result = RunInTerminal({});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.output, name_ + "\n");
  EXPECT_EQ(result.errors, "");
  const Result silent = RunInTerminal({"-s"});
  EXPECT_EQ(silent.status, 0);
  EXPECT_EQ(silent.output, "");
}

TEST_F(TtyTest, TerminalWithoutAName) {
  const Result result = RunInTerminal({}, {.call = 0, .error = ENODEV});
  EXPECT_EQ(result.status, 4);
  EXPECT_EQ(result.output, "");
  EXPECT_EQ(result.errors, "tty: cannot find the terminal's name: No such device\n");
}

TEST_F(TtyTest, WrongUse) {
  const Outcome outcome = Run({"x"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.errors, StartsWith("tty: x: extra operand\n"));
  EXPECT_EQ(Run({"-x"}).status, 2);
}

TEST_F(TtyTest, OutputErrors) {
  const Outcome outcome = RunInto("/dev/full", {});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.errors, "tty: write error: No space left on device\n");
  EXPECT_EQ(RunInto("/dev/full", {"-s"}).status, 1);
  EXPECT_EQ(RunInto("/dev/full", {"--help"}).status, 3);
  EXPECT_EQ(RunInTerminal({}, {.call = 1, .error = EIO}).status, 3);
  ForEachFault(
      {}, "", [] {}, [](const FaultOutcome& fault) { EXPECT_EQ(fault.outcome.status, 3); });
}

}  // namespace
}  // namespace cation::testing
