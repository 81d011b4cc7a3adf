// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>

#include <ctime>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::MatchesRegex;
using ::testing::StartsWith;
namespace fault = sys::fault;

class UptimeTest : public UtilityTestCase {
 protected:
  UptimeTest() : UtilityTestCase("uptime") {
    environment = {{"TZ", "UTC0"}};
    fault_runs = false;  // each run is at another time; EveryFault is below
  }
};

constexpr char kTime[] = " [0-9]+:[0-9]+:[0-9]+ up ([0-9]+ days?, )?([ 0-9]+:[0-9]+|[0-9]+ min)";

TEST_F(UptimeTest, OneLine) {
  EXPECT_THAT(Run({}).output, MatchesRegex(std::string(kTime) +
                                           ", [ 0-9][0-9]* users?,  load average: [0-9]+[.][0-9]+, "
                                           "[0-9]+[.][0-9]+, [0-9]+[.][0-9]+\n"));
}

TEST_F(UptimeTest, WhatTheSystemDoesNotCountIsLeftOut) {
  fault::SetHook([](std::size_t, const fault::TracedCall& call) {
    return call.call == fault::Call::kOpen ? ENOSYS : 0;
  });
  const Outcome outcome = Run({});
  fault::SetHook(nullptr);
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.errors, "");
  EXPECT_THAT(outcome.output, MatchesRegex(std::string(kTime) + "\n"));
}

TEST_F(UptimeTest, InWords) {
  for (const char* const option : {"-p", "--pretty"}) {
    EXPECT_THAT(Run({option}).output, MatchesRegex("up [0-9a-z, ]+ minutes?\n|up [0-9a-z, ]+\n"));
  }
}

TEST_F(UptimeTest, SinceWhen) {
  timespec running{};
  ASSERT_EQ(::clock_gettime(CLOCK_BOOTTIME, &running), 0);
  for (const char* const option : {"-s", "--since"}) {
    const std::string shown = Run({option}).output;
    tm parts{};
    ASSERT_NE(::strptime(shown.c_str(), "%Y-%m-%d %H:%M:%S", &parts), nullptr) << shown;
    EXPECT_LT(std::abs(::timegm(&parts) + running.tv_sec - ::time(nullptr)), 100);
  }
}

TEST_F(UptimeTest, TakesNoOperands) {
  const Outcome outcome = Run({"x"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, StartsWith("uptime: x: extra operand\n"));
}

TEST_F(UptimeTest, EveryFault) {
  EXPECT_GT(
      ForEachFault(
          {"-s"}, "", [] {}, [](const FaultOutcome& fault) { EXPECT_EQ(fault.outcome.status, 1); }),
      2U);
  EXPECT_EQ(RunInto("/dev/full", {}).errors, "uptime: write error: No space left on device\n");
}

}  // namespace
}  // namespace cation::testing
