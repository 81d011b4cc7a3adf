// SPDX-License-Identifier: MIT
#include "runtime/core/calendar.h"

#include <gtest/gtest.h>
#include <time.h>

#include <cstdint>
#include <limits>
#include <string>

namespace cation {
namespace {

void ExpectAsHost(int64_t seconds) {
  const time_t time = seconds;
  tm host{};
  ASSERT_NE(::gmtime_r(&time, &host), nullptr) << seconds;
  const CivilTime civil = ToCivil(seconds);
  ASSERT_EQ(civil.year, int64_t{host.tm_year} + 1900) << seconds;
  ASSERT_EQ(civil.month, host.tm_mon + 1) << seconds;
  ASSERT_EQ(civil.day, host.tm_mday) << seconds;
  ASSERT_EQ(civil.hour, host.tm_hour) << seconds;
  ASSERT_EQ(civil.minute, host.tm_min) << seconds;
  ASSERT_EQ(civil.second, host.tm_sec) << seconds;
  ASSERT_EQ(civil.weekday, host.tm_wday) << seconds;
  ASSERT_EQ(civil.day_of_year, host.tm_yday) << seconds;
  ASSERT_EQ(DaysFromCivil(civil.year, civil.month, civil.day) * kSecondsPerDay + civil.hour * 3600 +
                civil.minute * 60 + civil.second,
            seconds);
}

TEST(CalendarTest, KnownMoments) {
  for (const int64_t seconds :
       {int64_t{0}, int64_t{-1}, int64_t{1}, int64_t{86399}, int64_t{86400}, int64_t{-86400},
        int64_t{-86401}, int64_t{951782399}, int64_t{951782400},
        int64_t{951868800},                                              // around 29 February 2000
        int64_t{2147483647}, int64_t{2147483648}, int64_t{-2147483649},  // the ends of 32 bits
        int64_t{4107542400}, int64_t{4294967295},
        int64_t{4294967296},  // 2100 has no leap day; 2106
        int64_t{-62167219200}, int64_t{-62167219201},
        int64_t{253402300800}}) {  // years 0, -1 and 10000
    ExpectAsHost(seconds);
  }
}

TEST(CalendarTest, EveryDayOfNineCenturies) {
  const int64_t end = DaysFromCivil(2500, 1, 1);
  for (int64_t day = DaysFromCivil(1600, 1, 1); day < end; ++day) {
    ExpectAsHost(day * kSecondsPerDay +
                 (day * 7919 % kSecondsPerDay + kSecondsPerDay) % kSecondsPerDay);
    if (HasFatalFailure()) return;
  }
}

TEST(CalendarTest, FarAway) {
  // As far as an int of years reaches.
  constexpr int64_t kFar = 67767976233532799;
  for (int64_t seconds = 1; seconds < kFar / 3; seconds = seconds * 3 + 12345) {
    ExpectAsHost(seconds);
    ExpectAsHost(-seconds);
    if (HasFatalFailure()) return;
  }
}

TEST(CalendarTest, AllOfSixtyFourBits) {
  const CivilTime last = ToCivil(std::numeric_limits<int64_t>::max());
  EXPECT_EQ(last.year, 292277026596);
  EXPECT_EQ(last.month, 12);
  EXPECT_EQ(last.day, 4);
  EXPECT_EQ(last.hour, 15);
  EXPECT_EQ(last.minute, 30);
  EXPECT_EQ(last.second, 7);
  EXPECT_EQ(last.weekday, 0);
  const CivilTime first = ToCivil(std::numeric_limits<int64_t>::min());
  EXPECT_EQ(first.year, -292277022657);
  EXPECT_EQ(first.month, 1);
  EXPECT_EQ(first.day, 27);
  EXPECT_EQ(first.hour, 8);
  EXPECT_EQ(first.minute, 29);
  EXPECT_EQ(first.second, 52);
}

TEST(CalendarTest, LeapYears) {
  EXPECT_TRUE(IsLeapYear(2000));
  EXPECT_TRUE(IsLeapYear(2024));
  EXPECT_TRUE(IsLeapYear(0));
  EXPECT_TRUE(IsLeapYear(-4));
  EXPECT_FALSE(IsLeapYear(1900));
  EXPECT_FALSE(IsLeapYear(2100));
  EXPECT_FALSE(IsLeapYear(2023));
}

TEST(CalendarTest, MonthNames) {
  std::string all;
  for (unsigned month = 1; month <= 12; ++month) {
    const StringView name = MonthName(month).First(3);
    all.append(name.data(), name.size());
  }
  EXPECT_EQ(all, "JanFebMarAprMayJunJulAugSepOctNovDec");
}

}  // namespace
}  // namespace cation
