// SPDX-License-Identifier: MIT
#include "coreutils/support/number.h"

#include <gtest/gtest.h>

namespace cation {
namespace {

uint64_t ValueOf(StringView text, StringView units = kUnits) {
  const Result<Count> count = ParseCount(text, units);
  EXPECT_TRUE(count.ok()) << text.data();
  EXPECT_FALSE(count.value().too_large) << text.data();
  return count.value().value;
}

void ExpectTooLarge(StringView text) {
  const Result<Count> count = ParseCount(text, kUnits);
  ASSERT_TRUE(count.ok()) << text.data();
  EXPECT_TRUE(count.value().too_large) << text.data();
  EXPECT_EQ(count.value().value, UINT64_MAX) << text.data();
}

TEST(NumberTest, PlainOnes) {
  EXPECT_EQ(ValueOf("0"), 0U);
  EXPECT_EQ(ValueOf("010"), 10U) << "never octal";
  EXPECT_EQ(ValueOf("+3"), 3U);
  EXPECT_EQ(ValueOf(" \t 3"), 3U);
  EXPECT_EQ(ValueOf("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(ValueOf("00000000000000000000000000000000000000000000007"), 7U);
}

TEST(NumberTest, Units) {
  EXPECT_EQ(ValueOf("3b"), 1536U);
  EXPECT_EQ(ValueOf("2k"), 2048U);
  EXPECT_EQ(ValueOf("2K"), 2048U);
  EXPECT_EQ(ValueOf("2KiB"), 2048U);
  EXPECT_EQ(ValueOf("2kB"), 2000U);
  EXPECT_EQ(ValueOf("2KB"), 2000U);
  EXPECT_EQ(ValueOf("1m"), 1048576U);
  EXPECT_EQ(ValueOf("1M"), 1048576U);
  EXPECT_EQ(ValueOf("1MB"), 1000000U);
  EXPECT_EQ(ValueOf("1G"), uint64_t{1} << 30);
  EXPECT_EQ(ValueOf("1TiB"), uint64_t{1} << 40);
  EXPECT_EQ(ValueOf("1PB"), 1000000000000000U);
  EXPECT_EQ(ValueOf("15E"), uint64_t{15} << 60);
  EXPECT_EQ(ValueOf("0Q"), 0U);
  EXPECT_EQ(ValueOf("k"), 1024U) << "one of it";
  EXPECT_EQ(ValueOf("+b"), 512U);
}

TEST(NumberTest, WhatIsTooLargeIsTheLargest) {
  for (const char* const text :
       {"18446744073709551616", "99999999999999999999", "99999999999999999999999999999999999999990",
        "16E", "1Z", "1Y", "1R", "1Q", "18446744073709551615b", "20EB", "99999999999999999999k"})
    ExpectTooLarge(text);
}

TEST(NumberTest, WhatIsNone) {
  for (const char* const text :
       {"",    " ",    "+",   "-1", "--1", "x",   "1x", "1kx", "1KiBx", "1Ki",
        "1bB", "1biB", "1 k", "1g", "0x5", "1.5", "1c", "+ 1", "++1",   "1BB"})
    EXPECT_FALSE(ParseCount(text, kUnits).ok()) << text;
  EXPECT_FALSE(ParseCount("1k", "").ok());
  EXPECT_FALSE(ParseCount("1k", "bM").ok());
  EXPECT_EQ(ValueOf("7", ""), 7U);
}

}  // namespace
}  // namespace cation
