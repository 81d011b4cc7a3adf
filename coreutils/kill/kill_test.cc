// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fault = sys::fault;

constexpr char kHint[] = "Try 'kill --help' for more information.\n";

// A process that waits.
class Child {
 public:
  Child() : process_(::fork()) {
    if (process_ == 0) {
      ::setpgid(0, 0);
      for (;;) ::pause();
    }
    ::setpgid(process_, process_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    ::kill(process_, SIGKILL);
    if (!ended_) ::waitpid(process_, nullptr, 0);
  }

  std::string id() const { return std::to_string(process_); }
  // The signal that has ended it.
  int Signal() {
    int status = 0;
    EXPECT_EQ(::waitpid(process_, &status, 0), process_);
    ended_ = true;
    return WIFSIGNALED(status) ? WTERMSIG(status) : -1;
  }
  bool alive() { return ::waitpid(process_, nullptr, WNOHANG) == 0; }

 private:
  pid_t process_;
  bool ended_ = false;
};

class KillTest : public UtilityTestCase {
 protected:
  KillTest() : UtilityTestCase("kill") {}

  // Sends once: not once more for each fault.
  Outcome Send(const std::vector<std::string>& arguments) {
    fault_runs = false;
    const Outcome outcome = Run(arguments);
    fault_runs = true;
    return outcome;
  }
};

TEST_F(KillTest, SendsTerm) {
  Child child;
  const Outcome outcome = Send({child.id()});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.errors + outcome.output, "");
  EXPECT_EQ(outcome.calls, 1U);
  EXPECT_EQ(child.Signal(), SIGTERM);
}

TEST_F(KillTest, SendsWhatItIsTold) {
  const std::vector<std::vector<std::string>> kWays = {
      {"-s", "INT"},
      {"-sINT"},
      {"--signal=int"},
      {"--signal", "SIGINT"},
      {"--sig", "2"},
      {"-n", "2"},
      {"-n2"},
      {"-INT"},
      {"-Int"},
      {"-SIGINT"},
      {"-2"},
      {"-02"},
      {"-s", "130"},
      {"-INT", "--"},
      {"-s", "INT", "--"},
  };
  for (const std::vector<std::string>& way : kWays) {
    Child child;
    std::vector<std::string> arguments = way;
    arguments.push_back(child.id());
    EXPECT_EQ(Send(arguments).errors, "") << way[0];
    EXPECT_EQ(child.Signal(), SIGINT) << way[0];
  }
}

TEST_F(KillTest, NullSignalOnlyAsks) {
  Child child;
  for (const char* const option : {"-0", "-s0", "-EXIT", "-n0"}) {
    EXPECT_EQ(Run({option, child.id()}).status, 0);
    EXPECT_TRUE(child.alive());
  }
}

TEST_F(KillTest, ProcessGroups) {
  for (const bool by_end : {true, false}) {
    Child child;
    const std::string group = "-" + child.id();
    const std::vector<std::string> arguments =
        by_end ? std::vector<std::string>{"--", group} : std::vector<std::string>{"-HUP", group};
    EXPECT_EQ(Send(arguments).errors, "");
    EXPECT_EQ(child.Signal(), by_end ? SIGTERM : SIGHUP);
  }
  Child child;
  EXPECT_EQ(Send({"-s", "HUP", "-" + child.id()}).errors, "");
  EXPECT_EQ(child.Signal(), SIGHUP);
  // Asked about, no more than that.
  EXPECT_EQ(Run({"-0", "0"}).status, 0);
  EXPECT_EQ(fault::Trace()[0].detail, "0");
  EXPECT_EQ(Run({"-0", "-1"}).status, 0);
  EXPECT_EQ(fault::Trace()[0].detail, "-1");
}

TEST_F(KillTest, GoesOnAfterWhatIsWrong) {
  Child child;
  const Outcome outcome = Send({"-KILL", "2147483647", "firefox", "", child.id()});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors,
            "kill: 2147483647: No such process\n"
            "kill: firefox: invalid process id (for names there is killall)\n"
            "kill: '': invalid process id (for names there is killall)\n");
  EXPECT_EQ(child.Signal(), SIGKILL);
}

TEST_F(KillTest, NumbersThatAreNone) {
  for (const char* const wrong :
       {"2147483648", "-2147483648", "4294967297", "18446744073709551617", "1x", "0x1", "1.0", "%1",
        " 1", "1 ", "--1", "-", "+", "99999999999999999999999999"}) {
    const Outcome outcome = Run({"-0", "--", wrong});
    EXPECT_EQ(outcome.status, 1) << wrong;
    EXPECT_THAT(outcome.errors, HasSubstr("invalid process id")) << wrong;
    for (const fault::TracedCall& call : fault::Trace())
      EXPECT_NE(call.call, fault::Call::kSendSignal);
  }
}

TEST_F(KillTest, WrongSignals) {
  for (const char* const wrong : {"FOO", "65", "-1", "", "SIG", "1x", "99999999999999999999"}) {
    const Outcome outcome = Run({"-s", wrong, "1"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.errors, EndsWith(std::string(": invalid signal\n") + kHint)) << wrong;
  }
  EXPECT_EQ(Run({"-FOO", "1"}).errors, std::string("kill: FOO: invalid signal\n") + kHint);
  EXPECT_EQ(Run({"-1234"}).errors, std::string("kill: 1234: invalid signal\n") + kHint);
  EXPECT_THAT(Run({"-cont", "1"}).errors, StartsWith("kill: invalid option -- 'c'\n"));
  EXPECT_EQ(Run({"-HUP", "-INT", "1"}).errors,
            std::string("kill: INT: multiple signals specified\n") + kHint);
  EXPECT_EQ(Run({"-s", "HUP", "-n", "1", "1"}).status, 1);
}

TEST_F(KillTest, OptionsThatDoNotGoTogether) {
  const std::string no_process = std::string("kill: no process ID specified\n") + kHint;
  EXPECT_EQ(Run({}).errors, no_process);
  EXPECT_EQ(Run({"-TERM"}).errors, no_process);
  EXPECT_EQ(Run({"-9"}).errors, no_process);
  EXPECT_EQ(Run({"--"}).errors, no_process);
  const std::string multiple = std::string("kill: multiple -l or -t options specified\n") + kHint;
  for (const std::vector<std::string>& two : std::vector<std::vector<std::string>>{
           {"-l", "-l"}, {"-ll"}, {"-l", "-t"}, {"-L", "--list"}, {"--table", "-l"}})
    EXPECT_EQ(Run(two).errors, multiple);
  const std::string combined = std::string("kill: cannot combine signal with -l or -t\n") + kHint;
  EXPECT_EQ(Run({"-l", "-s", "1"}).errors, combined);
  EXPECT_EQ(Run({"-t", "-s1"}).errors, combined);
  EXPECT_EQ(Run({"-TERM", "-l"}).errors, combined);
}

TEST_F(KillTest, Lists) {
  const std::string all = Run({"-l"}).output;
  EXPECT_THAT(all, StartsWith("EXIT\nHUP\nINT\nQUIT\n"));
  EXPECT_THAT(all, HasSubstr("\nSYS\nRTMIN\nRTMIN+1\n"));
  EXPECT_THAT(all, EndsWith("\nRTMAX-1\nRTMAX\n"));
  EXPECT_EQ(Run({"--list"}).output, all);
  EXPECT_EQ(Run({"-l", "143", "9", "0", "HUP", "sigint", "271", "33", "EXIT"}).output,
            "TERM\nKILL\nEXIT\n1\n2\nTERM\n33\n0\n");
  const Outcome outcome = Run({"-l", "INVALID", "TERM", "65", "1"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "15\nHUP\n");
  EXPECT_EQ(outcome.errors, "kill: INVALID: invalid signal\nkill: 65: invalid signal\n");
  EXPECT_EQ(Run({"-l", "-1"}).errors, "kill: -1: invalid signal\n");
  EXPECT_EQ(Run({"-l", "--", "TERM"}).output, "15\n");
}

TEST_F(KillTest, Table) {
  const std::string all = Run({"-t"}).output;
  EXPECT_THAT(all, StartsWith(" 0 EXIT     Unknown signal 0\n 1 HUP      Hangup\n"));
  EXPECT_THAT(all, HasSubstr("31 SYS      Bad system call\n34 RTMIN    Real-time signal 0\n"));
  EXPECT_EQ(Run({"--table"}).output, all);
  EXPECT_EQ(Run({"-L"}).output, all);
  for (int signal = 1; signal < 32; ++signal) {
    EXPECT_THAT(Run({"-t", std::to_string(signal)}).output,
                EndsWith(std::string(" ") + ::strsignal(signal) + "\n"));
  }
  EXPECT_EQ(
      Run({"-t", "TERM", "33", "RTMAX-14"}).output,
      "15 TERM     Terminated\n33 SIG33    Unknown signal 33\n50 RTMAX-14 Real-time signal 16\n");
}

TEST_F(KillTest, OutputErrors) {
  EXPECT_EQ(RunInto("/dev/full", {"-l"}).status, 1);
  EXPECT_EQ(RunInto("/dev/full", {"-t", "1"}).errors,
            "kill: write error: No space left on device\n");
}

TEST_F(KillTest, EveryFault) {
  const std::string self = std::to_string(::getpid());
  ForEachFault(
      {"-0", self, self}, "", [] {},
      [&](const FaultOutcome& fault) {
        EXPECT_EQ(fault.outcome.status, 1);
        EXPECT_EQ(fault.outcome.errors, "kill: " + self + ": " + fault::TextOf(fault.error) + "\n");
      });
  ForEachFault(
      {"-l", "x", "TERM"}, "", [] {},
      [&](const FaultOutcome& fault) {
        EXPECT_EQ(fault.outcome.status, 1);
        if (!fault.OfMessage() && fault.error != EPIPE)
          EXPECT_THAT(fault.outcome.errors, HasSubstr(fault::TextOf(fault.error)));
      });
}

}  // namespace
}  // namespace cation::testing
