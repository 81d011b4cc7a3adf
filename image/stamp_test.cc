// SPDX-License-Identifier: MIT
#include "image/stamp.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace cation::image {
namespace {

Stamp ThisStamp() {
  return {.prefix = "Cation 0.1.0", .commit = "49be12abcdef", .date = "2026-11-23"};
}

constexpr char kStamp[] = "Build: 49be12abcdef | 2026-11-23";

// The text after PutStamp(), which must be as it is after a second one.
std::string Put(absl::string_view text, StampPlace place, StampResult result,
                const Stamp& stamp = ThisStamp()) {
  const absl::StatusOr<StampedText> once = PutStamp(text, place, stamp);
  EXPECT_TRUE(once.ok()) << once.status();
  if (!once.ok()) return "";
  EXPECT_EQ(once->result, result) << once->text;
  const absl::StatusOr<StampedText> twice = PutStamp(once->text, place, stamp);
  EXPECT_TRUE(twice.ok()) << twice.status();
  if (!twice.ok()) return "";
  EXPECT_EQ(twice->result, StampResult::kUnchanged);
  EXPECT_EQ(twice->text, once->text);
  EXPECT_EQ(FindStamps(once->text).empty(), false);
  return once->text;
}

TEST(StampTest, AddsALineOfThePlacesKind) {
  EXPECT_EQ(Put("export PATH /bin\nrun.d /etc/init.d\n", StampPlace::kInitRc, StampResult::kAdded),
            absl::StrCat("# Cation 0.1.0 | ", kStamp, "\nexport PATH /bin\nrun.d /etc/init.d\n"));
  EXPECT_EQ(Put("history +share\ntrue\n", StampPlace::kInitrc, StampResult::kAdded),
            absl::StrCat("echo \"Cation 0.1.0 | ", kStamp, "\"\nhistory +share\ntrue\n"));
  EXPECT_EQ(Put("NAME=Cation\n", StampPlace::kRelease, StampResult::kAdded),
            absl::StrCat("NAME=Cation\n", kStamp, "\n"));
}

TEST(StampTest, AddsToEmptyAndUnendedTexts) {
  EXPECT_EQ(Put("", StampPlace::kInitRc, StampResult::kAdded),
            absl::StrCat("# Cation 0.1.0 | ", kStamp, "\n"));
  EXPECT_EQ(Put("", StampPlace::kRelease, StampResult::kAdded), absl::StrCat(kStamp, "\n"));
  EXPECT_EQ(Put("NAME=Cation", StampPlace::kRelease, StampResult::kAdded),
            absl::StrCat("NAME=Cation\n", kStamp, "\n"));
  // The last line's missing end is not ours to mend.
  EXPECT_EQ(Put("true", StampPlace::kInitrc, StampResult::kAdded),
            absl::StrCat("echo \"Cation 0.1.0 | ", kStamp, "\"\ntrue"));
}

TEST(StampTest, AFirstLineThatNamesAnInterpreterStaysFirst) {
  EXPECT_EQ(Put("#!/usr/bin/ion\ntrue\n", StampPlace::kInitrc, StampResult::kAdded),
            absl::StrCat("#!/usr/bin/ion\necho \"Cation 0.1.0 | ", kStamp, "\"\ntrue\n"));
  EXPECT_EQ(Put("#!init", StampPlace::kInitRc, StampResult::kAdded),
            absl::StrCat("#!init\n# Cation 0.1.0 | ", kStamp, "\n"));
}

// With the mark before it the comment would be a command of that name.
TEST(StampTest, AByteOrderMarkStaysFirst) {
  EXPECT_EQ(Put("\xef\xbb\xbf# x\ncd /\n", StampPlace::kInitRc, StampResult::kAdded),
            absl::StrCat("\xef\xbb\xbf# x\n# Cation 0.1.0 | ", kStamp, "\ncd /\n"));
}

TEST(StampTest, KeepsTheTextsKindOfLineEnd) {
  EXPECT_EQ(Put("cd /\r\nrun x\r\n", StampPlace::kInitRc, StampResult::kAdded),
            absl::StrCat("# Cation 0.1.0 | ", kStamp, "\r\ncd /\r\nrun x\r\n"));
  EXPECT_EQ(Put("A=1\r\nB=2", StampPlace::kRelease, StampResult::kAdded),
            absl::StrCat("A=1\r\nB=2\r\n", kStamp, "\r\n"));
  EXPECT_EQ(
      Put("# X | Build: 1 | 2020-01-01\r\ncd /\r\n", StampPlace::kInitRc, StampResult::kReplaced),
      absl::StrCat("# X | ", kStamp, "\r\ncd /\r\n"));
}

TEST(StampTest, ReplacesInPlaceAndKeepsWhatIsAround) {
  EXPECT_EQ(
      Put("a\n  echo \"My image, v3 | Build: 49be12-dirty | 2026-01-02 10:11 :)\" ; b\n\n\xff",
          StampPlace::kInitrc, StampResult::kReplaced),
      absl::StrCat("a\n  echo \"My image, v3 | ", kStamp, " :)\" ; b\n\n\xff"));
  // Blanks that somebody has left out or put in.
  EXPECT_EQ(Put("Build:49be12|2026-01-02\n", StampPlace::kRelease, StampResult::kReplaced),
            absl::StrCat(kStamp, "\n"));
  EXPECT_EQ(Put("Build:\t49be12   |  2026-01-02\n", StampPlace::kRelease, StampResult::kReplaced),
            absl::StrCat(kStamp, "\n"));
}

TEST(StampTest, AllStampsOfATextBecomeTheSame) {
  EXPECT_EQ(Put("# A | Build: 1 | 2020-01-01\necho \"B | Build: 2 | 2021-01-01\"\n",
                StampPlace::kInitrc, StampResult::kReplaced),
            absl::StrCat("# A | ", kStamp, "\necho \"B | ", kStamp, "\"\n"));
}

TEST(StampTest, OwnNameAndVersionFollow) {
  EXPECT_EQ(Put("# Cation 0.0.9-rc1 | Build: 1 | 2020-01-01\n", StampPlace::kInitRc,
                StampResult::kReplaced),
            absl::StrCat("# Cation 0.1.0 | ", kStamp, "\n"));
  EXPECT_EQ(
      Put("# Cation 0.1.0 | Build: 1 | unknown\n", StampPlace::kInitRc, StampResult::kReplaced,
          {.prefix = "My OS", .commit = "49be12abcdef", .date = "2026-11-23"}),
      absl::StrCat("# My OS | ", kStamp, "\n"));
  EXPECT_EQ(
      Put("# Cation 0.0.9 | Build: 1 | 2020-01-01\n", StampPlace::kInitRc, StampResult::kReplaced,
          {.prefix = "My Cation 0.1.0", .commit = "49be12abcdef", .date = "2026-11-23"}),
      absl::StrCat("# My Cation 0.1.0 | ", kStamp, "\n"));
  // Not ours.
  for (const absl::string_view prefix :
       {"NotCation 0.0.9 | ", "Cation | ", "The Cation way | ", "My Cation 0.0.9 | "}) {
    EXPECT_EQ(Put(absl::StrCat("# ", prefix, "Build: 1 | 2020-01-01\n"), StampPlace::kInitRc,
                  StampResult::kReplaced),
              absl::StrCat("# ", prefix, kStamp, "\n"));
  }
}

TEST(StampTest, WithoutPrefix) {
  EXPECT_EQ(Put("x\n", StampPlace::kInitRc, StampResult::kAdded,
                {.prefix = "", .commit = "49be12abcdef", .date = "2026-11-23"}),
            absl::StrCat("# ", kStamp, "\nx\n"));
}

TEST(StampTest, UsualDates) {
  for (const absl::string_view date :
       {"2026-11-23", "2026/11/23", "23.11.2026", "20261123", "unknown", "2026-11-23 12:00",
        "2026-11-23T12:00:01Z", "2026-11-23 12:00:01.123456 +0100", "2026-11-23 12:00:01 UTC",
        "2026-11-23T12:00:01-05:00", "Mon Nov 23 12:00:01 2026", "Mon Nov 23 12:00:01 2026 +0000",
        "Mon Nov 23 12:00:01 UTC 2026", "23 Nov 2026", "Mon, 23 Nov 2026 12:00:01 +0000",
        "Nov 3 2026"}) {
    const std::string text = absl::StrCat("# X | Build: abc | ", date, "\"; rest 12\n");
    const std::vector<FoundStamp> found = FindStamps(text);
    ASSERT_EQ(found.size(), 1U) << date;
    EXPECT_EQ(found[0].date, date);
    EXPECT_EQ(Put(text, StampPlace::kInitRc, StampResult::kReplaced),
              absl::StrCat("# X | ", kStamp, "\"; rest 12\n"));
  }
}

TEST(StampTest, WhatFollowsTheDateIsNotPartOfIt) {
  for (const absl::string_view rest :
       {" 12 files", ".", " - ready", "T", " 1:2", " Zoo", ", 2027", " | more", "\t", " +x"}) {
    EXPECT_EQ(Put(absl::StrCat("# Build: a | 2026-01-02", rest, "\n"), StampPlace::kInitRc,
                  StampResult::kReplaced),
              absl::StrCat("# ", kStamp, rest, "\n"));
  }
}

TEST(StampTest, WhatIsNoStamp) {
  for (const absl::string_view text :
       {"Build: done", "# Build:", "Build: a |", "Build: a | soon", "Build: a b | 2026-01-02",
        "PreBuild: a | 2026-01-02", "Build: a\n| 2026-01-02", "build: a | 2026-01-02",
        "Build: a | 2026-01", "Build: a | 123456789", "Build: a | unknowns", "Build:"}) {
    EXPECT_TRUE(FindStamps(text).empty()) << text;
    // So one is added, and the text stays.
    EXPECT_EQ(Put(text, StampPlace::kInitRc, StampResult::kAdded),
              absl::StrCat("# Cation 0.1.0 | ", kStamp, "\n", text));
  }
}

TEST(StampTest, FindsWhereItIs) {
  const std::vector<FoundStamp> found =
      FindStamps("xx Build: abc-dirty | 2026-11-23 y Build: d | unknown");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].offset, 3U);
  EXPECT_EQ(found[0].size, 29U);
  EXPECT_EQ(found[0].commit, "abc-dirty");
  EXPECT_EQ(found[0].date, "2026-11-23");
  EXPECT_EQ(found[1].commit, "d");
  EXPECT_EQ(found[1].date, "unknown");
}

TEST(StampTest, APrefixThatAShellWouldReadIsRefused) {
  for (const absl::string_view prefix :
       {"a\"b",     "a'b",          "a`b",  "$HOME", "a$(b)",    "@a",
        "a\\b",     "a\nb",         "a\rb", "a\tb",  "\x1b[1m",  " a",
        "a ",       "a\x7f",        "\xff", "\xc3",  "\xc0\xaf", "\xed\xa0\x80",
        "\xc2\x85", "\xe2\x80\xa8", "{a}",  "a!",    "#1",       "X | Build: a | 2026-01-02"}) {
    const absl::Status status =
        CheckStamp({.prefix = std::string(prefix), .commit = "49be12abcdef", .date = "2026-11-23"});
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << prefix;
    EXPECT_EQ(PutStamp("x\n", StampPlace::kInitrc,
                       {.prefix = std::string(prefix), .commit = "a", .date = "2026-11-23"})
                  .status()
                  .code(),
              absl::StatusCode::kInvalidArgument);
  }
  Stamp longest = ThisStamp();
  longest.prefix = std::string(200, 'x');
  EXPECT_TRUE(CheckStamp(longest).ok());
  longest.prefix += 'x';
  EXPECT_FALSE(CheckStamp(longest).ok());
}

TEST(StampTest, OtherPrefixesAreGood) {
  for (const absl::string_view prefix : {"", "Cation", "My OS (beta), 100 % free; v1.2 <x> & co.",
                                         "Z\xc3\xbcrich \xe2\x98\x83 \xf0\x9f\x90\xb1"}) {
    EXPECT_TRUE(
        CheckStamp({.prefix = std::string(prefix), .commit = "49be12abcdef", .date = "2026-11-23"})
            .ok())
        << prefix;
  }
}

TEST(StampTest, CommitsAndDatesAreChecked) {
  for (const absl::string_view commit : {"", "a b", "a|b", "a\"", "a\n", "$(a)"}) {
    EXPECT_FALSE(
        CheckStamp({.prefix = "", .commit = std::string(commit), .date = "2026-11-23"}).ok())
        << commit;
  }
  EXPECT_FALSE(
      CheckStamp({.prefix = "", .commit = std::string(81, 'a'), .date = "2026-11-23"}).ok());
  for (const absl::string_view date : {"", "soon", "2026-11-23\n", "2026-11-23 x", "$(date)"}) {
    EXPECT_FALSE(CheckStamp({.prefix = "", .commit = "a", .date = std::string(date)}).ok()) << date;
  }
  EXPECT_TRUE(CheckStamp({.prefix = "", .commit = "unknown", .date = "unknown"}).ok());
}

}  // namespace
}  // namespace cation::image
