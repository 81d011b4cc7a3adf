// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fault = sys::fault;

constexpr char kHint[] = "Try 'timeout --help' for more information.\n";

// All of it with -f: the test would be in the group that gets the signal. tests/smoke has the rest.
class TimeoutTest : public UtilityTestCase {
 protected:
  // Each run takes its time.
  TimeoutTest() : UtilityTestCase("timeout") { fault_runs = false; }

  static double Clock() {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  }

  // As Run(), but what would end the process itself is only noted.
  Outcome RunAlive(const std::vector<std::string>& arguments) {
    own_ = 0;
    fault::SetHook([this](std::size_t, const fault::TracedCall& call) {
      if (call.call != fault::Call::kSendSignal || call.detail != std::to_string(::getpid()))
        return 0;
      ++own_;
      return EPERM;
    });
    const Outcome outcome = Run(arguments);
    fault::End();
    return outcome;
  }
  int own_ = 0;
};

TEST_F(TimeoutTest, StatusIsTheCommands) {
  const double before = Clock();
  EXPECT_EQ(Run({"-f", "10", "true"}).status, 0);
  const Outcome outcome =
      Run({"-f", "10", "sh", "-c", "echo out; echo err >&2; cat; exit 5"}, "in");
  EXPECT_EQ(outcome.status, 5);
  EXPECT_EQ(outcome.output, "out\nin");
  EXPECT_EQ(outcome.errors, "err\n");
  EXPECT_EQ(Run({"--foreground", "10", "sh", "-c", "exit 124"}).status, 124);
  EXPECT_EQ(Run({"-f", "10", "sh", "-c", "exit 125"}).status, 125);
  EXPECT_LT(Clock() - before, 5);
}

TEST_F(TimeoutTest, TimeIsUp) {
  const double before = Clock();
  const Outcome outcome = Run({"-f", ".1", "sleep", "10"});
  EXPECT_EQ(outcome.status, 124);
  EXPECT_EQ(outcome.errors, "");
  EXPECT_GE(Clock() - before, 0.1);
  EXPECT_LT(Clock() - before, 5);
  EXPECT_EQ(Run({"-f", "-p", ".1", "sleep", "10"}).status, 128 + SIGTERM);
  EXPECT_EQ(Run({"-f", "--preserve-status", "-s", "2", ".1", "sleep", "10"}).status, 130);
  EXPECT_EQ(Run({"-f", "--signal=hup", ".1", "sleep", "10"}).status, 124);
  EXPECT_EQ(Run({"-f", "-s", "KILL", ".1", "sleep", "10"}).status, 137);
  EXPECT_EQ(Run({"-f", "-sSIGUSR1", ".1", "sh", "-c", "trap 'exit 7' USR1; sleep 0.3"}).status,
            124);
  EXPECT_EQ(Run({"-f", "-p", "-sUSR1", ".1", "sh", "-c", "trap 'exit 7' USR1; sleep 0.3"}).status,
            7);
}

TEST_F(TimeoutTest, KillsAfterTheSignal) {
  const std::vector<std::string> stubborn = {"sh", "-c", "trap '' TERM; exec sleep 10"};
  std::vector<std::string> arguments = {"-f", "-v", "-k", ".1", ".1"};
  arguments.insert(arguments.end(), stubborn.begin(), stubborn.end());
  const double before = Clock();
  const Outcome outcome = Run(arguments);
  EXPECT_EQ(outcome.status, 137);
  EXPECT_EQ(outcome.errors,
            "timeout: sending signal TERM to command 'sh'\n"
            "timeout: sending signal KILL to command 'sh'\n");
  EXPECT_GE(Clock() - before, 0.2);
  EXPECT_LT(Clock() - before, 5);
  EXPECT_EQ(Run({"-f", "--verbose", "-s0", "--kill-after=.1", ".1", "sleep", "10"}).errors,
            "timeout: sending signal EXIT to command 'sleep'\n"
            "timeout: sending signal KILL to command 'sleep'\n");
  EXPECT_EQ(Run({"-f", "-k", "0", ".1", "sleep", "10"}).status, 124);
  EXPECT_EQ(Run({"-f", "-k", "10", ".1", "sleep", "10"}).status, 124);
}

TEST_F(TimeoutTest, NoTimeIsNoLimit) {
  for (const char* const none : {"0", "0d", "inf", "1e1000", "99999999999999999999d"})
    EXPECT_EQ(Run({"-f", none, "sh", "-c", "sleep 0.05; exit 3"}).status, 3) << none;
}

TEST_F(TimeoutTest, PassesSignalsOn) {
  const Outcome outcome = RunAlive({"-f", "10", "sh", "-c", "kill -HUP $PPID; exec sleep 5"});
  EXPECT_EQ(outcome.status, 128 + SIGHUP);
  EXPECT_EQ(own_, 1) << "it ends as the command has";
  EXPECT_EQ(Run({"-f", "10", "sh", "-c", "trap 'exit 7' USR1; kill -USR1 $PPID; sleep 0.2; exit 8"})
                .status,
            7);
  EXPECT_EQ(Run({"-f", "10", "sh", "-c", "kill -ALRM $PPID; exec sleep 5"}).status, 124)
      << "as if time were up";
  // The first of them starts the time until it is killed, as GNU's does.
  const Outcome killed =
      RunAlive({"-f", "-k", ".1", "10", "sh", "-c", "trap '' INT; kill -INT $PPID; exec sleep 5"});
  EXPECT_EQ(killed.status, 137);
}

TEST_F(TimeoutTest, WhatIsIgnoredStaysIgnored) {
  const auto before = ::signal(SIGHUP, SIG_IGN);
  EXPECT_EQ(Run({"-f", "10", "sh", "-c", "kill -HUP $PPID; sleep 0.1; exit 3"}).status, 3);
  ::signal(SIGHUP, before);
}

TEST_F(TimeoutTest, TheCommandHasTheSignalsThatWereThere) {
  EXPECT_EQ(Run({"-f", "10", "env", "--list-signal-handling", "true"}).errors, "");
  EXPECT_EQ(Run({"-f", "10", "grep", "SigBlk:", "/proc/self/status"}).output,
            "SigBlk:\t0000000000000000\n");
  sigset_t set;
  sigset_t old;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  sigaddset(&set, SIGALRM);
  ::sigprocmask(SIG_BLOCK, &set, &old);
  EXPECT_EQ(Run({"-f", "10", "grep", "SigBlk:", "/proc/self/status"}).output,
            "SigBlk:\t0000000000002800\n");
  EXPECT_EQ(Run({"-f", ".1", "sleep", "5"}).status, 124);
  sigset_t now;
  ::sigprocmask(SIG_SETMASK, &old, &now);
  EXPECT_EQ(::sigismember(&now, SIGUSR2), 1);
  EXPECT_EQ(::sigismember(&now, SIGTERM), 0);
}

TEST_F(TimeoutTest, FollowsACommandThatASignalEnds) {
  const Outcome outcome = RunAlive({"-f", "10", "sh", "-c", "kill -KILL $$"});
  EXPECT_EQ(outcome.status, 137);
  EXPECT_EQ(own_, 1);
  EXPECT_EQ(RunAlive({"-f", ".1", "sleep", "5"}).status, 124);
  EXPECT_EQ(own_, 0);
}

TEST_F(TimeoutTest, WhatCannotBeRun) {
  WriteFile("plain", "");
  EXPECT_EQ(Run({"-f", "1", "./missing"}).errors,
            "timeout: ./missing: No such file or directory\n");
  EXPECT_EQ(Run({"-f", "1", "./missing"}).status, 127);
  EXPECT_EQ(Run({"-f", "1", "no-such-program"}).status, 127);
  EXPECT_EQ(Run({"-f", "1", ""}).status, 127);
  EXPECT_EQ(Run({"-f", "1", "./plain"}).status, 126);
  EXPECT_EQ(Run({"-f", "1", "."}).status, 126);
  environment = {{"PATH", folder() + "/nothing:" + folder()}};
  WriteFile("c", "#!/bin/sh\nexit 9\n", 0755);
  EXPECT_EQ(Run({"-f", "1", "c"}).status, 9);
  EXPECT_EQ(Run({"-f", "1", "plain"}).errors, "timeout: plain: Permission denied\n");
}

TEST_F(TimeoutTest, WrongUse) {
  const std::string missing = std::string("timeout: missing operand\n") + kHint;
  EXPECT_EQ(Run({}).errors, missing);
  EXPECT_EQ(Run({}).status, 125);
  EXPECT_EQ(Run({"-f", "1"}).errors, missing);
  for (const char* const wrong : {"x", "", "-1", "42D", "1dd", "nan"}) {
    const Outcome outcome = Run({"-f", "--", wrong, "true"});
    EXPECT_EQ(outcome.status, 125);
    EXPECT_THAT(outcome.errors, HasSubstr(": invalid time interval\n")) << wrong;
  }
  EXPECT_EQ(Run({"-k", "x", "1", "true"}).status, 125);
  EXPECT_THAT(Run({"-s", "FOO", "1", "true"}).errors, StartsWith("timeout: FOO: invalid signal\n"));
  EXPECT_EQ(Run({"-s", "FOO", "1", "true"}).status, 125);
  EXPECT_EQ(Run({"-s", "-1", "1", "true"}).status, 125);
}

TEST_F(TimeoutTest, SignalsThatCannotBeSent) {
  fault::SetHook([](std::size_t, const fault::TracedCall& call) {
    return call.call == fault::Call::kSendSignal ? EPERM : 0;
  });
  // It ends by itself, and time was up before.
  EXPECT_EQ(Run({"-f", "0.05", "sleep", "0.5"}).status, 124);
  fault::End();
}

TEST_F(TimeoutTest, EveryFault) {
  ForEachFault(
      {"-f", "10", "./c"}, "", [this] { WriteFile("c", "#!/bin/sh\nexit 3\n", 0755); },
      [&](const FaultOutcome& fault) {
        switch (fault.call.call) {
          case fault::Call::kClose:
          case fault::Call::kRead:
          case fault::Call::kWaitForSignal:  // nothing came
            EXPECT_EQ(fault.outcome.status, 3) << fault::NameOf(fault.call.call);
            break;
          default:
            // What is put back at the end does not matter any more.
            EXPECT_THAT(fault.outcome.status, ::testing::AnyOf(3, 125, 126, 127))
                << fault::NameOf(fault.call.call);
            if (fault.outcome.status != 3)
              EXPECT_THAT(fault.outcome.errors, StartsWith("timeout: "));
        }
      });
}

}  // namespace
}  // namespace cation::testing
