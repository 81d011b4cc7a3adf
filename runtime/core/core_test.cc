// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <string.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "runtime/core/error_message.h"
#include "runtime/core/format.h"
#include "runtime/core/sort.h"
#include "runtime/core/string.h"
#include "runtime/core/vector.h"

namespace cation {
namespace {

std::string Text(StringView view) { return {view.data(), view.size()}; }

TEST(ResultTest, HoldsAValueOrAnError) {
  const Result<int> value = 5;
  EXPECT_TRUE(value.ok());
  EXPECT_EQ(value.value(), 5);
  const Result<int> error = Error{abi::kENOENT};
  EXPECT_FALSE(error.ok());
  EXPECT_TRUE(error.error() == abi::kENOENT);
  EXPECT_TRUE(Result<void>().ok());
  Result<int> filled{Result<void>()};
  filled.value() = 7;
  EXPECT_TRUE(filled.ok() && filled.value() == 7);
  EXPECT_TRUE(Result<int>(Result<void>(Error{abi::kENOENT})).error() == abi::kENOENT);
}

TEST(ResultTest, TryReturnsTheErrorAndBindsTheValue) {
  const auto twice = [](Result<int> in) -> Result<int> {
    CATION_TRY_ASSIGN(const int value, Move(in));
    return value * 2;
  };
  EXPECT_EQ(twice(4).value(), 8);
  EXPECT_TRUE(twice(Error{abi::kEIO}).error() == abi::kEIO);
}

TEST(StringViewTest, FindsComparesAndCuts) {
  const StringView text("a/b/c");
  EXPECT_EQ(text.Find('/'), 1U);
  EXPECT_EQ(text.FindLast('/'), 3U);
  EXPECT_EQ(text.Find('x'), StringView::kNotFound);
  EXPECT_TRUE(text.StartsWith("a/") && text.EndsWith("/c") && !text.EndsWith("a/b/c/d"));
  EXPECT_EQ(Text(text.From(2)), "b/c");
  EXPECT_EQ(Text(text.First(1)), "a");
}

TEST(StringViewTest, OrderIsThatOfUnsignedBytes) {
  EXPECT_LT(Compare("a", "b"), 0);
  EXPECT_LT(Compare("a", "\xff"), 0);
  EXPECT_LT(Compare("a", "aa"), 0);
  EXPECT_GT(Compare("b", "aa"), 0);
  EXPECT_EQ(Compare("", ""), 0);
}

TEST(StringTest, GrowsAndStaysTerminated) {
  String text;
  EXPECT_STREQ(text.c_str(), "");
  std::string expected;
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(text.Append(Digits(static_cast<uint64_t>(i))).ok());
    expected += std::to_string(i);
    ASSERT_EQ(strlen(text.c_str()), expected.size());
  }
  EXPECT_EQ(Text(text.view()), expected);
  text.Truncate(3);
  EXPECT_STREQ(text.c_str(), "012");
}

TEST(StringTest, MovesLeaveNothingBehind) {
  String a = String::From("text").value();
  String b = Move(a);
  EXPECT_STREQ(a.c_str(), "");  // NOLINT(bugprone-use-after-move)
  EXPECT_STREQ(b.c_str(), "text");
}

TEST(PathTest, ComponentsAreAppendedWithOneSlash) {
  String path;
  for (const char* const part : {"a", "b"}) ASSERT_TRUE(AppendPathComponent(path, part).ok());
  EXPECT_STREQ(path.c_str(), "a/b");
  String root = String::From("/").value();
  ASSERT_TRUE(AppendPathComponent(root, "etc").ok());
  EXPECT_STREQ(root.c_str(), "/etc");
}

TEST(PathTest, LastComponentIsPosixBasename) {
  EXPECT_EQ(Text(LastComponent("a/b")), "b");
  EXPECT_EQ(Text(LastComponent("a/b//")), "b");
  EXPECT_EQ(Text(LastComponent("a")), "a");
  EXPECT_EQ(Text(LastComponent("/a")), "a");
  EXPECT_EQ(Text(LastComponent("/")), "/");
  EXPECT_EQ(Text(LastComponent("///")), "/");
  EXPECT_EQ(Text(LastComponent("")), "");
  EXPECT_EQ(Text(LastComponent("a/..")), "..");
}

TEST(VectorTest, HoldsWhatOwnsMemory) {
  Vector<String> strings;
  for (int i = 0; i < 100; ++i)
    ASSERT_TRUE(
        strings.PushBack(String::From(Digits(static_cast<uint64_t>(i)).view()).value()).ok());
  EXPECT_STREQ(strings[99].c_str(), "99");
  EXPECT_STREQ(strings[0].c_str(), "0");
  strings.PopBack();
  EXPECT_EQ(strings.size(), 99U);
}

TEST(VectorTest, TooMuchIsNoMemoryNotAnOverflow) {
  Vector<uint64_t> numbers;
  EXPECT_TRUE(numbers.Reserve(static_cast<size_t>(-1) / 4).error() == abi::kENOMEM);
  EXPECT_TRUE(numbers.Reserve(static_cast<size_t>(-1) / 16).error() == abi::kENOMEM);
}

int OrderOfInts(const void* a, const void* b, const void*) {
  return *static_cast<const int*>(a) - *static_cast<const int*>(b);
}

TEST(SortTest, SortsAsTheStandardLibraryAndIsStable) {
  std::mt19937 random(1);
  for (const size_t size : {0U, 1U, 2U, 3U, 7U, 64U, 1000U}) {
    std::vector<int> numbers(size);
    for (int& number : numbers) number = static_cast<int>(random() % 50);
    std::vector<const void*> pointers;
    for (const int& number : numbers) pointers.push_back(&number);
    std::vector<const void*> expected = pointers;
    // Stable: equal numbers stay in the order of their addresses.
    std::sort(expected.begin(), expected.end(), [](const void* a, const void* b) {
      const int order = OrderOfInts(a, b, nullptr);
      return order != 0 ? order < 0 : a < b;
    });
    ASSERT_TRUE(SortPointers(pointers.data(), size, OrderOfInts, nullptr).ok());
    EXPECT_EQ(pointers, expected);
  }
}

TEST(DigitsTest, BasesAndPadding) {
  EXPECT_EQ(Text(Digits(0)), "0");
  EXPECT_EQ(Text(Digits(UINT64_MAX)), "18446744073709551615");
  EXPECT_EQ(Text(Digits(UINT64_MAX, 8)), "1777777777777777777777");
  EXPECT_EQ(Text(Digits(7, 8, 3)), "007");
  EXPECT_EQ(Text(Digits(42, 10, 6, ' ')), "    42");
  EXPECT_EQ(Text(Digits(255, 16)), "ff");
  EXPECT_EQ(Text(Digits(1234567, 10, 3)), "1234567");
}

TEST(ParseNumberTest, WholeUnsignedNumbersOnly) {
  EXPECT_EQ(ParseNumber("18446744073709551615").value(), UINT64_MAX);
  EXPECT_TRUE(ParseNumber("18446744073709551616").error() == abi::kERANGE);
  EXPECT_EQ(ParseNumber("0755", 8).value(), 0755U);
  for (const char* const text : {"", "-1", "+1", " 1", "1 ", "1x", "0x10"})
    EXPECT_TRUE(ParseNumber(text).error() == abi::kEINVAL) << text;
  EXPECT_TRUE(ParseNumber("8", 8).error() == abi::kEINVAL);
  EXPECT_TRUE(ParseNumber("99999999999999999999x").error() == abi::kEINVAL)
      << "not a number, however large";
}

TEST(ErrorMessageTest, WordsAreThoseOfTheHost) {
  // The host's C library is the reference for the words; the numbers are Linux's.
  int known = 0;
  for (int number = 1; number < 200; ++number) {
    String words;
    if (!AddErrorMessage(words, Error{number})) continue;
    ++known;
    EXPECT_STREQ(words.c_str(), strerror(number)) << number;
  }
  EXPECT_GE(known, 39);
  String none;
  for (const int number : {0, 9999, 257}) EXPECT_FALSE(AddErrorMessage(none, Error{number}));
  EXPECT_TRUE(none.empty());
}

}  // namespace
}  // namespace cation
