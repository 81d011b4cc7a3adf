// SPDX-License-Identifier: MIT
#include "runtime/core/time_zone.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <time.h>

#include <limits>
#include <random>
#include <string>

namespace cation {
namespace {

std::string ToString(StringView text) { return {text.data(), text.size()}; }

void ExpectAsHost(const char* text, int64_t from, int64_t to, int64_t step) {
  SCOPED_TRACE(text);
  ::setenv("TZ", text, 1);
  ::tzset();
  const TimeZone zone(text);
  for (int64_t seconds = from; seconds < to; seconds += step) {
    const time_t time = seconds;
    tm host{};
    ASSERT_NE(::localtime_r(&time, &host), nullptr);
    const TimeZone::Offset offset = zone.At(seconds);
    ASSERT_EQ(offset.seconds, host.tm_gmtoff) << seconds;
    ASSERT_EQ(offset.is_daylight, host.tm_isdst > 0) << seconds;
    ASSERT_EQ(ToString(offset.name), host.tm_zone) << seconds;
  }
}

constexpr int64_t kYear = 31556952;

TEST(TimeZoneTest, AsHost) {
  for (const char* const text :
       {"UTC0", "XYZ5", "ABC-14", "<+0330>-3:30", "<-05>+5", "ABC1:02:03",
        "CET-1CEST,M3.5.0,M10.5.0/3", "EST5EDT,M3.2.0,M11.1.0",
        "AAA5BBB4,M3.2.0/2:30,M11.1.0/1:15:30", "NZST-12NZDT,M9.5.0,M4.1.0/3",
        "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "IST-1GMT0,M10.5.0,M3.5.0/1", "AAA3BBB,J60,J300",
        "AAA3BBB,J59/0,J365", "AAA3BBB,59,299", "AAA3BBB,1/0,363/23",
        "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "IST-2IDT,M3.4.4/26,M10.5.0"}) {
    ExpectAsHost(text, 30 * kYear, 34 * kYear, 1799);
    ExpectAsHost(text, 130 * kYear, 131 * kYear, 1801);
  }
}

TEST(TimeZoneTest, TransitionsAreExact) {
  const TimeZone zone("CET-1CEST,M3.5.0,M10.5.0/3");
  EXPECT_EQ(zone.At(1711846799).seconds, 3600);  // 2024-03-31 00:59:59 UTC
  EXPECT_EQ(zone.At(1711846800).seconds, 7200);
  EXPECT_EQ(zone.At(1729990799).seconds, 7200);  // 2024-10-27
  EXPECT_EQ(zone.At(1729990800).seconds, 3600);
  EXPECT_EQ(ToString(zone.At(1711846800).name), "CEST");
}

TEST(TimeZoneTest, WithoutRulesThoseOfTheUnitedStates) {
  const TimeZone zone("AAA5BBB");
  EXPECT_EQ(zone.At(1268549999).seconds, -18000);  // 2010-03-14 06:59:59 UTC
  EXPECT_EQ(zone.At(1268550000).seconds, -14400);
  EXPECT_EQ(zone.At(1289109599).seconds, -14400);  // 2010-11-07 05:59:59 UTC
  EXPECT_EQ(zone.At(1289109600).seconds, -18000);
}

// POSIX.1-2024 writes "always DST" so; the end falls into the next year.
TEST(TimeZoneTest, DaylightSavingAllYear) {
  const TimeZone zone("XXX3EDT4,0/0,J365/23");
  const TimeZone other("AAA3BBB,J1/0,J365/25");
  for (int64_t seconds = 30 * kYear; seconds < 34 * kYear; seconds += 1799) {
    ASSERT_EQ(zone.At(seconds).seconds, -14400) << seconds;
    ASSERT_EQ(other.At(seconds).seconds, -7200) << seconds;
  }
}

TEST(TimeZoneTest, WhatIsNotUnderstoodIsUtc) {
  for (const char* const text : {static_cast<const char*>(nullptr),
                                 "",
                                 "Europe/Berlin",
                                 ":UTC0",
                                 "AB3",
                                 "ABC",
                                 "ABC25",
                                 "ABC1:60",
                                 "ABC1x",
                                 "<AB>3",
                                 "<ABC3",
                                 "ABC3DE",
                                 "ABC3DEF,",
                                 "ABC3DEF,M3.2.0",
                                 "ABC3DEF,M3.2.0,",
                                 "ABC3DEF,M13.2.0,M11.1.0",
                                 "ABC3DEF,M0.2.0,M11.1.0",
                                 "ABC3DEF,M3.6.0,M11.1.0",
                                 "ABC3DEF,M3.2.7,M11.1.0",
                                 "ABC3DEF,J0,J5",
                                 "ABC3DEF,J366,J5",
                                 "ABC3DEF,366,5",
                                 "ABC3DEF,M3.2.0/168,M11.1.0",
                                 "ABC3DEF,M3.2.0,M11.1.0x",
                                 "ABC3DEF4x",
                                 "ABC0003",
                                 "ABC-",
                                 "<>3",
                                 "ABC3 ",
                                 "ABC\xff"}) {
    const TimeZone::Offset offset = TimeZone(text).At(1720000000);
    EXPECT_EQ(offset.seconds, 0) << (text == nullptr ? "(nothing)" : text);
    EXPECT_EQ(ToString(offset.name), "UTC");
    EXPECT_FALSE(offset.is_daylight);
  }
}

// Times as the clocks of New York show them, and what they are in UTC.
TEST(TimeZoneTest, FromLocal) {
  const TimeZone zone("EST5EDT,M3.2.0,M11.1.0");
  constexpr auto kUnknown = TimeZone::Daylight::kUnknown;
  constexpr auto kNo = TimeZone::Daylight::kNo;
  constexpr auto kYes = TimeZone::Daylight::kYes;
  constexpr int64_t kHour = 3600;
  const auto from = [&zone](int64_t local, TimeZone::Daylight daylight, int32_t guess = 0) {
    const Result<int64_t> time = zone.FromLocal(local, daylight, guess);
    return time.ok() ? time.value() : -1;
  };
  constexpr int64_t kWinter = 1795780800;  // 2026-11-27 12:00
  EXPECT_EQ(from(kWinter, kUnknown), kWinter + 5 * kHour);
  EXPECT_EQ(from(kWinter, kNo), kWinter + 5 * kHour);
  EXPECT_EQ(from(kWinter, kYes), kWinter + 4 * kHour) << "had the clocks not been changed";
  constexpr int64_t kSummer = 1782907200;  // 2026-07-01 12:00
  EXPECT_EQ(from(kSummer, kUnknown), kSummer + 4 * kHour);
  EXPECT_EQ(from(kSummer, kNo), kSummer + 5 * kHour);
  constexpr int64_t kTwice = 1793496600;  // 2026-11-01 01:30
  EXPECT_EQ(from(kTwice, kYes), kTwice + 4 * kHour);
  EXPECT_EQ(from(kTwice, kNo), kTwice + 5 * kHour);
  EXPECT_EQ(from(kTwice, kUnknown), kTwice + 4 * kHour);
  EXPECT_EQ(from(kTwice, kUnknown, -5 * 3600), kTwice + 5 * kHour);
  constexpr int64_t kNever = 1772937000;  // 2026-03-08 02:30
  EXPECT_EQ(from(kNever, kUnknown), kNever + 5 * kHour) << "03:30";
  EXPECT_EQ(from(kNever, kNo), kNever + 5 * kHour);
  EXPECT_EQ(from(kNever, kYes), kNever + 4 * kHour);

  int32_t guess = 0;
  EXPECT_EQ(TimeZone("EST5").FromLocal(kSummer, kNo, guess).value(), kSummer + 5 * kHour);
  EXPECT_EQ(guess, -5 * 3600);
  EXPECT_TRUE(TimeZone("EST5").FromLocal(kSummer, kYes, guess).error() == abi::kEOVERFLOW);
}

// What clocks show comes from where it leads back to.
TEST(TimeZoneTest, FromLocalTurnsAtRound) {
  std::mt19937_64 random(1);
  for (const char* const text : {"CET-1CEST,M3.5.0,M10.5.0/3", "AEST-10AEDT,M10.1.0,M4.1.0/3",
                                 "UTC0", "<-0330>3:30", "XXX-24YYY-26,M1.1.0/-5,M6.3.3/50"}) {
    const TimeZone zone(text);
    for (int i = 0; i < 2000; ++i) {
      const auto time = static_cast<int64_t>(random() % 250000000000) - 30000000000;
      const TimeZone::Offset offset = zone.At(time);
      int32_t guess = 0;
      const auto found = zone.FromLocal(
          time + offset.seconds,
          offset.is_daylight ? TimeZone::Daylight::kYes : TimeZone::Daylight::kNo, guess);
      ASSERT_TRUE(found.ok());
      ASSERT_EQ(found.value(), time) << text;
    }
  }
}

TEST(TimeZoneTest, TheEndsOfTime) {
  constexpr int64_t kFirst = std::numeric_limits<int64_t>::min();
  constexpr int64_t kLast = std::numeric_limits<int64_t>::max();
  const TimeZone zone("CET-1CEST,M3.5.0,M10.5.0/3");
  EXPECT_EQ(zone.At(kFirst).seconds, 3600);
  EXPECT_EQ(zone.At(kLast).seconds, 3600);
  EXPECT_EQ(TimeZone::ToLocal(kLast, zone.At(kLast)), kLast);
  EXPECT_EQ(TimeZone::ToLocal(kFirst, {.seconds = -1}), kFirst);
  EXPECT_EQ(TimeZone::ToLocal(100, {.seconds = -1}), 99);
}

}  // namespace
}  // namespace cation
