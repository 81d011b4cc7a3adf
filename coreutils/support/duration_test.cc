// SPDX-License-Identifier: MIT
#include "coreutils/support/duration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

namespace cation {
namespace {

constexpr int64_t kWrong = -1;

int64_t Parse(const std::string& text) {
  const Result<int64_t> result = ParseDuration({text.data(), text.size()});
  return result.ok() ? result.value() : kWrong;
}

TEST(DurationTest, Seconds) {
  EXPECT_EQ(Parse("0"), 0);
  EXPECT_EQ(Parse("1"), 1'000'000'000);
  EXPECT_EQ(Parse("+1"), 1'000'000'000);
  EXPECT_EQ(Parse("007"), 7'000'000'000);
  EXPECT_EQ(Parse("1."), 1'000'000'000);
  EXPECT_EQ(Parse(".5"), 500'000'000);
  EXPECT_EQ(Parse("0.1"), 100'000'000);
  EXPECT_EQ(Parse("1.000000001"), 1'000'000'001);
  EXPECT_EQ(Parse("123456789.123456789"), 123'456'789'123'456'789);
  EXPECT_EQ(Parse(" \t\n5"), 5'000'000'000) << "as strtold()";
}

TEST(DurationTest, Suffixes) {
  EXPECT_EQ(Parse("2s"), 2'000'000'000);
  EXPECT_EQ(Parse("2m"), 120'000'000'000);
  EXPECT_EQ(Parse("2h"), 7'200'000'000'000);
  EXPECT_EQ(Parse("2d"), 172'800'000'000'000);
  EXPECT_EQ(Parse(".5m"), 30'000'000'000);
  EXPECT_EQ(Parse("0.00001d"), 864'000'000);
  EXPECT_EQ(Parse("0.000000000000011574074d"), 1) << "0.99999999936 nanoseconds";
  EXPECT_EQ(Parse("1.9999999999d"), 172'799'999'991'360);
}

TEST(DurationTest, IsRoundedUp) {
  EXPECT_EQ(Parse("0.0000000001"), 1);
  EXPECT_EQ(Parse("0.0000000010000000000000000000001"), 2);
  EXPECT_EQ(Parse("1e-1000"), 1);
  EXPECT_EQ(Parse("0x1p-100"), 1);
  EXPECT_EQ(Parse("0x1p-30"), 1);
  EXPECT_EQ(Parse("0x1p-29"), 2);
  EXPECT_EQ(Parse("0." + std::string(5000, '0') + "1"), 1);
  EXPECT_EQ(Parse("0." + std::string(5000, '0')), 0);
}

TEST(DurationTest, Exponents) {
  EXPECT_EQ(Parse("1e3"), 1'000'000'000'000);
  EXPECT_EQ(Parse("1E+3s"), 1'000'000'000'000);
  EXPECT_EQ(Parse("1500e-3"), 1'500'000'000);
  EXPECT_EQ(Parse("1.25e1m"), 750'000'000'000);
  EXPECT_EQ(Parse("0e999999999999999999999"), 0);
  EXPECT_EQ(Parse("0.0e-99999999999999999999"), 0);
  EXPECT_EQ(Parse("0." + std::string(3000, '0') + "5e3001"), 5'000'000'000);
  EXPECT_EQ(Parse("5" + std::string(3000, '0') + "e-3000"), 5'000'000'000);
}

TEST(DurationTest, Hexadecimal) {
  EXPECT_EQ(Parse("0x10"), 16'000'000'000);
  EXPECT_EQ(Parse("0XfF"), 255'000'000'000);
  EXPECT_EQ(Parse("0x.8"), 500'000'000);
  EXPECT_EQ(Parse("0x1p-3"), 125'000'000);
  EXPECT_EQ(Parse("0x.002p1"), 976'563) << "976562.5";
  EXPECT_EQ(Parse("0x1p4m"), 960'000'000'000);
  EXPECT_EQ(Parse("0x0.01d"), 7'080'079) << "d is a digit: 29 / 4096 of a second";
  EXPECT_EQ(Parse("0x1ps"), kWrong);
}

TEST(DurationTest, TooMuchIsForever) {
  EXPECT_EQ(Parse("9223372036"), 9'223'372'036'000'000'000);
  EXPECT_EQ(Parse("9223372037"), kForever);
  EXPECT_EQ(Parse("18446744073709551616"), kForever);
  EXPECT_EQ(Parse("1e1000000000000000000000"), kForever);
  EXPECT_EQ(Parse("0x1p1000000"), kForever);
  EXPECT_EQ(Parse("999999999999d"), kForever);
  EXPECT_EQ(Parse(std::string(5000, '9')), kForever);
  for (const char* const text : {"inf", "INF", "infinity", "Infinity", "+inf", "infs", "infinityd"})
    EXPECT_EQ(Parse(text), kForever) << text;
  EXPECT_EQ(AddDurations(1, 2), 3);
  EXPECT_EQ(AddDurations(kForever, kForever), kForever);
  EXPECT_EQ(AddDurations(kForever, 0), kForever);
}

TEST(DurationTest, WhatIsNone) {
  for (const char* const text :
       {"",      " ",       "-",   "+",    ".",   "s",    "x",       "-1",    "-0.1",
        "-inf",  "-1e-999", "nan", "1 ",   "1x",  "1D",   "1S",      "1ss",   "1dd",
        "42day", "1s ",     "1,5", "1e",   "1e+", "0x",   "0xg",     "1.1.",  "--1",
        "in",    "infx",    "1_0", "0x1p", "1p1", "1e5x", "infinit", "1e1.5", "++1"})
    EXPECT_EQ(Parse(text), kWrong) << text;
  EXPECT_EQ(Parse(std::string("1\0", 2)), kWrong);
  EXPECT_EQ(Parse("-0"), 0) << "not less than nothing";
  EXPECT_EQ(Parse("-0.0m"), 0);
}

TEST(DurationTest, AgreesWithLongDouble) {
  std::mt19937_64 random(1);  // NOLINT(cert-msc51-cpp)
  for (int i = 0; i < 2000; ++i) {
    char text[64];
    const long double value = std::ldexp(static_cast<long double>(random() >> 20), -40);
    std::snprintf(text, sizeof(text), i % 2 != 0 ? "%.20Lf" : "%La", value);
    const auto want = static_cast<int64_t>(std::ceil(std::strtold(text, nullptr) * 1e9L));
    EXPECT_NEAR(static_cast<double>(Parse(text) - want), 0, 1) << text;
  }
}

}  // namespace
}  // namespace cation
