// SPDX-License-Identifier: MIT
#include <errno.h>
#include <time.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

namespace fault = sys::fault;

class SleepTest : public UtilityTestCase {
 protected:
  // It would be waited for with each fault.
  SleepTest() : UtilityTestCase("sleep") { fault_runs = false; }

  static double Clock() {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  }
  // Seconds that it takes.
  double Time(const std::vector<std::string>& arguments) {
    const double before = Clock();
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.errors, "");
    EXPECT_EQ(outcome.output, "");
    return Clock() - before;
  }
};

TEST_F(SleepTest, WaitsForTheSum) {
  EXPECT_GE(Time({"0.05"}), 0.05);
  EXPECT_GE(Time({".02s", "0.0005m", "0x1p-6", "1e-2", "0"}), 0.0756);
  EXPECT_LT(Time({"0", "0s", "0d"}), 1);
  EXPECT_LT(Time({"--", "-0"}), 1);
}

TEST_F(SleepTest, AskedOnce) {
  (void)Run({"0.001", "0.001"});
  ASSERT_EQ(fault::Trace().size(), 1U);
  EXPECT_EQ(fault::Trace()[0].call, fault::Call::kPause);
}

TEST_F(SleepTest, AnInterruptionDoesNotShortenIt) {
  const double before = Clock();
  EXPECT_EQ(Run({"0.05"}, "", {.call = 0, .error = EINTR}).status, 0);
  EXPECT_GE(Clock() - before, 0.05);
}

TEST_F(SleepTest, ForeverIsForever) {
  struct Enough {};
  for (const char* const text : {"infinity", "1e400", "99999999999999999999"}) {
    std::size_t calls = 0;
    fault::SetHook([&](std::size_t, const fault::TracedCall& call) -> int {
      EXPECT_EQ(call.call, fault::Call::kPause);
      // As if all of it had gone by.
      if (++calls == 3) throw Enough();
      return ENOSYS;
    });
    EXPECT_THROW((void)Run({"1", text}), Enough) << text;
    fault::End();
    EXPECT_EQ(calls, 3U);
  }
}

TEST_F(SleepTest, WrongOperandsAreAllReported) {
  const Outcome outcome = Run({"1d", "x", "42d", "42day", ""});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors,
            "sleep: x: invalid time interval\n"
            "sleep: 42day: invalid time interval\n"
            "sleep: '': invalid time interval\n"
            "Try 'sleep --help' for more information.\n");
  EXPECT_EQ(Run({"--", "-1"}).status, 1);
  EXPECT_EQ(Run({"-1"}).errors,
            "sleep: invalid option -- '1'\nTry 'sleep --help' for more information.\n");
  EXPECT_EQ(Run({}).errors, "sleep: missing operand\nTry 'sleep --help' for more information.\n");
  EXPECT_EQ(Run({"--"}).status, 1);
}

}  // namespace
}  // namespace cation::testing
