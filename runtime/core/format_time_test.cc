// SPDX-License-Identifier: MIT
#include "runtime/core/format_time.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>

namespace cation {
namespace {

std::string Format(const char* format, int64_t seconds, uint32_t nanoseconds = 0,
                   const char* zone = "UTC0") {
  String text;
  EXPECT_TRUE(AppendTime(text, format, LocalTime(seconds, nanoseconds, TimeZone(zone))).ok());
  return {text.view().data(), text.size()};
}

constexpr int64_t kSome = 1709210096;  // Thu 2024-02-29 12:34:56 UTC

TEST(FormatTimeTest, EachConversion) {
  EXPECT_EQ(Format("%Y %C %y %m %b %h %B", kSome), "2024 20 24 02 Feb Feb February");
  EXPECT_EQ(Format("%d %e %j %a %A %u %w", kSome), "29 29 060 Thu Thursday 4 4");
  EXPECT_EQ(Format("%H %k %I %l %p %P %M %S", kSome), "12 12 12 12 PM pm 34 56");
  EXPECT_EQ(Format("%G %g %V %U %W", kSome), "2024 24 09 08 09");
  EXPECT_EQ(Format("%s %N %%%n%t", kSome, 1234), "1709210096 000001234 %\n\t");
  EXPECT_EQ(Format("%c|%D|%F|%r|%R|%T|%x|%X", kSome),
            "Thu Feb 29 12:34:56 2024|02/29/24|2024-02-29|12:34:56 PM|12:34|12:34:56|02/29/24|"
            "12:34:56");
  EXPECT_EQ(Format("%k%l", 0), " 012");
}

TEST(FormatTimeTest, Offsets) {
  EXPECT_EQ(Format("%z %:z %::z %:::z %Z", kSome, 0, "<+0530>-5:30"),
            "+0530 +05:30 +05:30:00 +05:30 +0530");
  EXPECT_EQ(Format("%z %:z %::z %:::z %Z", kSome, 0, "LMT0:53:28"),
            "-0053 -00:53 -00:53:28 -00:53:28 LMT");
  EXPECT_EQ(Format("%:::z %_z %-z %_8z %8z", kSome, 0, "CET-1"),
            "+01  +100 +100     +100 +0000100");
}

TEST(FormatTimeTest, FlagsAndWidths) {
  EXPECT_EQ(Format("%-d|%_d|%05d|%_5d", 4 * 86400), "5| 5|00005|    5");
  EXPECT_EQ(Format("%^a|%#B|%#p|%10b|%-10b|%^c", kSome),
            "THU|FEBRUARY|pm|       Feb|Feb|" + std::string("THU FEB 29 12:34:56 2024"));
  EXPECT_EQ(Format("%3N|%6N|%12N|%-N|%_9N|", kSome, 120000000),
            "120|120000|120000000000|12|12       |");
  EXPECT_EQ(Format("%3N", kSome, 999999999), "999");
  EXPECT_EQ(Format("%12F|%_12F", kSome), "002024-02-29|  2024-02-29");
}

TEST(FormatTimeTest, WhatIsNoConversionStays) {
  EXPECT_EQ(Format("%Q|%5", kSome), "%Q|%5");
  EXPECT_EQ(Format("100%", kSome), "100%");
  EXPECT_EQ(Format("%:Y %::::z", kSome), "%:Y %::::z");
  EXPECT_EQ(Format("%Ey %Od", kSome), "24 29");
  EXPECT_EQ(Format("%Ed %OY %Ea %OF", kSome), "%Ed %OY %Ea %OF");
  EXPECT_EQ(Format("", kSome), "");
}

TEST(FormatTimeTest, Quarters) {
  constexpr int64_t kMonth = 30 * 86400;
  EXPECT_EQ(Format("%q", 0), "1");
  EXPECT_EQ(Format("%q %3q %_3q", 2 * kMonth + 5 * 86400), "1 001   1") << "March";
  EXPECT_EQ(Format("%q", 3 * kMonth + 86400), "2");
  EXPECT_EQ(Format("%q", 364 * 86400), "4");
}

TEST(FormatTimeTest, FarYears) {
  EXPECT_EQ(Format("%Y-%m-%d", 253402300800), "10000-01-01");
  EXPECT_EQ(Format("%Y", -62135596801), "0000");
  EXPECT_EQ(Format("%F", -62167219201), "-001-12-31");
  EXPECT_NE(Format("%c", INT64_MAX), "");
  EXPECT_NE(Format("%c", INT64_MIN), "");
}

// strftime() of the host knows the same conversions, for years of four digits.
TEST(FormatTimeTest, AsTheHost) {
  std::mt19937_64 random(1);
  const char* const format =
      "%a %A %b %B %C %d %D %e %F %g %G %h %H %I %j %k %l %m %M %p %r %R %S %T %u %U %V %w %W %y "
      "%Y";
  for (int i = 0; i < 5000; ++i) {
    const auto seconds = static_cast<time_t>(random() % 250000000000) - 30000000000;
    tm broken{};
    ASSERT_NE(::gmtime_r(&seconds, &broken), nullptr);
    char expected[512];
    ASSERT_GT(std::strftime(expected, sizeof(expected), format, &broken), 0U);
    ASSERT_EQ(Format(format, seconds), expected) << seconds;
  }
}

}  // namespace
}  // namespace cation
