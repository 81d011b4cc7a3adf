// SPDX-License-Identifier: MIT
#include "coreutils/support/parse_date.h"

#include <string>

#include "coreutils/support/testing/test_case.h"
#include "runtime/sys/fault/fault.h"

namespace cation::testing {
namespace {

// Fri Nov 27 21:32:10.123456789 UTC 2026. All values are what GNU's touch made of it.
constexpr sys::TimePoint kNow = {1795815130, 123456789};
constexpr char kNewYork[] = "EST5EDT,M3.2.0,M11.1.0";
constexpr char kBerlin[] = "CET-1CEST,M3.5.0,M10.5.0/3";

struct Good {
  const char* text;
  int64_t seconds;
  int64_t nanoseconds = 0;
};

class ParseDateTest : public TestCase {
 protected:
  static Result<sys::TimePoint> Parse(const std::string& text, const char* zone) {
    // Exactly as large as it is: nothing may be read behind its end.
    const std::vector<char> exact(text.begin(), text.end());
    Context context;
    char* environment[] = {nullptr};
    context.environment = environment;
    return ParseDate(context, {exact.data(), exact.size()}, kNow, TimeZone(zone));
  }
  template <std::size_t kSize>
  static void ExpectGood(const char* zone, const Good (&dates)[kSize]) {
    for (const Good& date : dates) {
      const Result<sys::TimePoint> time = Parse(date.text, zone);
      if (!time.ok()) {
        ADD_FAILURE() << date.text;
        continue;
      }
      EXPECT_EQ(time.value().seconds, date.seconds) << date.text;
      EXPECT_EQ(time.value().nanoseconds, date.nanoseconds) << date.text;
    }
  }
  template <std::size_t kSize>
  static void ExpectBad(const char* zone, const char* const (&texts)[kSize]) {
    for (const char* const text : texts) {
      const Result<sys::TimePoint> time = Parse(text, zone);
      EXPECT_FALSE(time.ok()) << text;
      if (!time.ok()) EXPECT_EQ(time.error().number, EINVAL) << text;
    }
  }
};

TEST_F(ParseDateTest, AllThatThereIs) {
  ExpectGood("UTC0", {
                         {"", 1795737600, 0},
                         {"0", 1795737600, 0},
                         {" ", 1795737600, 0},
                         {"now", 1795815130, 123456789},
                         {"today", 1795815130, 123456789},
                         {"2026-11-27", 1795737600, 0},
                         {"20261127", 1795737600, 0},
                         {"2026-11-27T10:20", 1795774800, 0},
                         {"2026-11-27t10:20:30z", 1795774830, 0},
                         {"2026-11-27 10:20:30,5", 1795774830, 500000000},
                         {"2026-11-27T10:20:30.1234567891Z", 1795774830, 123456789},
                         {"2026-11-27T10:20:30+01:00", 1795771230, 0},
                         {"2026-11-27 10:20 -0530", 1795794600, 0},
                         {"2026-11-27 10:20-5", 1795792800, 0},
                         {"@0", 0, 0},
                         {"@1.5", 1, 500000000},
                         {"@-1.5", -2, 500000000},
                         {"@-1.0000000001", -2, 999999999},
                         {"@ 5", 5, 0},
                         {"11/27/2026", 1795737600, 0},
                         {"11/27", 1795737600, 0},
                         {"1/2/70", 86400, 0},
                         {"1/2/069", -59989593600, 0},
                         {"2026/11/27", 1795737600, 0},
                         {"27 Nov 2026", 1795737600, 0},
                         {"27-Nov-2026", 1795737600, 0},
                         {"27nov2026", 1795737600, 0},
                         {"Nov 27, 2026", 1795737600, 0},
                         {"Nov. 27 2025", 1764201600, 0},
                         {"NOVEMBER 3", 1793664000, 0},
                         {"Nov-27-2025", 1764201600, 0},
                         {"Sept 3", 1788393600, 0},
                         {"sep. 3", 1788393600, 0},
                         {"27 nov 68", 3121200000, 0},
                         {"27 nov 69", -3024000, 0},
                         {"3pm", 1795791600, 0},
                         {"3 p.m.", 1795791600, 0},
                         {"12:30 am", 1795739400, 0},
                         {"12:30:15.5 PM", 1795782615, 500000000},
                         {"yesterday", 1795728730, 123456789},
                         {"tomorrow", 1795901530, 123456789},
                         {"yesterday 12:00", 1795694400, 0},
                         {"2 days ago", 1795642330, 123456789},
                         {"+1 week", 1796419930, 123456789},
                         {"next month", 1798407130, 123456789},
                         {"last friday", 1795132800, 0},
                         {"friday", 1795737600, 0},
                         {"this friday", 1795737600, 0},
                         {"thursday", 1796256000, 0},
                         {"fri.", 1795737600, 0},
                         {"tues,", 1796083200, 0},
                         {"third monday", 1797206400, 0},
                         {"0 monday", 1795996800, 0},
                         {"last monday", 1795392000, 0},
                         {"12 monday", 1802649600, 0},
                         {"fortnight ago", 1794605530, 123456789},
                         {"3 fortnights", 1799443930, 123456789},
                         {"-3 hours", 1795804330, 123456789},
                         {"- 3 hours", 1795804330, 123456789},
                         {"+-3 hours", 1795804330, 123456789},
                         {"last year", 1764279130, 123456789},
                         {"1 sec", 1795815131, 123456789},
                         {"1.5 sec", 1795815131, 623456789},
                         {"-1.5 secs", 1795815128, 623456789},
                         {"1.5 sec ago", 1795815128, 623456789},
                         {"90 minutes ago", 1795809730, 123456789},
                         {"1 year 2 months 3 days 4 hours 5 mins 6 seconds", 1832895436, 123456789},
                         {"1 month ago 1 day", 1793223130, 123456789},
                         {"10:00 UTC", 1795773600, 0},
                         {"10:00 EST", 1795791600, 0},
                         {"10:00 EST DST", 1795788000, 0},
                         {"10:00 EDT", 1795788000, 0},
                         {"10:00 Z+5", 1795755600, 0},
                         {"10:00 UTC+03:30", 1795761000, 0},
                         {"10:00 UTC-3", 1795784400, 0},
                         {"10:00 UTC+3 hours", 1795784400, 0},
                         {"10:00 A", 1795770000, 0},
                         {"10:00 T", 1795798800, 0},
                         {"10:00 Y", 1795816800, 0},
                         {"10:00 u.t.c.", 1795773600, 0},
                         {"10:00 IST", 1795753800, 0},
                         {"10:00 NST", 1795786200, 0},
                         {"10:00 +24", 1795687200, 0},
                         {"10:00 +-1:30", 1795779000, 0},
                         {"10:00 -00:30", 1795775400, 0},
                         {"(foo) 10:00 (bar (baz))", 1795773600, 0},
                         {"10:00 (", 1795773600, 0},
                         {"1200", 1795780800, 0},
                         {"120", 1795742400, 0},
                         {"12", 1795780800, 0},
                         {"2026", 1795811160, 0},
                         {"Nov 27 2025 10", 1764237600, 0},
                         {"Nov 27 10:00 2025", 1764237600, 0},
                         {"10:00 Nov 27 2025", 1764237600, 0},
                         {"2026-01-31 1 month", 1772496000, 0},
                         {"2024-02-29 1 year", 1740787200, 0},
                         {"2026-03-31 -1 month", 1772496000, 0},
                         {"20261127 +1 day", 1795824000, 0},
                         {"20261127 -1 hour", 1795734000, 0},
                         {"1200 +1 day", 1795867200, 0},
                         {"12:00 +1 day", 1795863600, 0},
                         {"twelfth month", 1827351130, 123456789},
                         {"first day", 1795901530, 123456789},
                         {"eighth hour", 1795843930, 123456789},
                         {"tomorrow monday", 1796083200, 0},
                         {"monday 2026-11-27", 1795737600, 0},
                         {"2 days hence", 1795987930, 123456789},
                         {"2147485547-12-31", 67768036191590400, 0},
                         {"0000-01-01", -62167219200, 0},
                         {"1-1-1", -62135596800, 0},
                         {"10000-01-01", 253402300800, 0},
                         {"1900-02-28", -2203977600, 0},
                         {"2000-02-29", 951782400, 0},
                         {"2038-01-19 03:14:08", 2147483648, 0},
                         {"2106-02-07 06:28:16", 4294967296, 0},
                         {"1969-12-31 23:59:59", -1, 0},
                         {"9223372036 seconds", 11019187166, 123456789},
                         {"TZ=\"EST5\" 10:00", 1795791600, 0},
                         {"TZ=\"CET-1\" 2026-11-27 00:00", 1795734000, 0},
                         {"  TZ=\"<+03>-3\" 10:00 2026-01-01", 1767250800, 0},
                         {"\t10:00\n", 1795773600, 0},
                         {"-", 1795737600, 0},
                         {"--1 day", 1795728730, 123456789},
                         {"Fri Nov 27 21:32:00 UTC 2026", 1795815120, 0},
                         {"Fri, 27 Nov 2026 21:32:00 +0100", 1795811520, 0},
                     });
}

TEST_F(ParseDateTest, WhatIsNoDate) {
  ExpectBad("UTC0", {
                        "-1 monday",
                        ".",
                        "12345",
                        "123456",
                        "noon",
                        "midnight",
                        "yesterdy",
                        "2026-02-29",
                        "2026-02-30",
                        "2100-02-29",
                        "2026-13-01",
                        "2026-00-01",
                        "2026-11-00",
                        "25:00",
                        "24:00",
                        "10:60",
                        "10:20:60",
                        "13pm",
                        "0am",
                        "10:00 10:00",
                        "2026-11-27 2026-11-27",
                        "fri sat",
                        "UTC EST",
                        "UTC +1:00 Z",
                        "99999999999999999999",
                        "@99999999999999999999",
                        "@9223372036854775808",
                        "9223372036854775808 sec",
                        "9223372036854775807 sec 1 sec",
                        "9223372036854775807 hours",
                        "2147483648 days",
                        "99999999999 months",
                        "2147483647 years",
                        "2147485548-01-01",
                        "1 2 3",
                        "1 2 3 4",
                        "2026 11 27",
                        "27 Nov 10:00",
                        "2026-11-27T",
                        "2026-11-27T10",
                        "2026-11-27T3pm",
                        "20261127T213200",
                        "1/2/3/4",
                        "1//2",
                        "/1",
                        "1:",
                        ":1",
                        "1:2:",
                        "10:2:3.",
                        "1e3",
                        "0x10",
                        "@",
                        "@@1",
                        "@1@",
                        "@1 UTC",
                        "10:00 @1",
                        "a.m.",
                        "now ago",
                        "2 days ago ago",
                        "20261127 +1 day ago",
                        "10.5",
                        "1.5 hours",
                        "-1.5",
                        ",",
                        ")",
                        "dst",
                        "edt dst",
                        "nov",
                        "nov 27,",
                        "nov-27",
                        "hence",
                        "10:00 +25",
                        "10:00 +24:01",
                        "10:00 +99999",
                        "TZ=\"UTC",
                        "TZ=UTC 10:00",
                        "TZ=\"a\\b\" 10:00",
                        "wedn",
                        "mayo 5",
                        "10:00 \xe9",
                        "10:00 xyz",
                        "1 99999999999999999999 days",
                        "now.",
                        "day.",
                    });
}

TEST_F(ParseDateTest, ClocksThatChange) {
  ExpectGood(kNewYork, {
                           {"2026-11-01 01:30", 1793511000, 0},
                           {"2026-11-01 01:30 EST", 1793514600, 0},
                           {"2026-11-01 01:30 EDT", 1793511000, 0},
                           {"2026-03-07 02:30 1 day", 1772955000, 0},
                           {"2026-03-09 02:30 1 day ago", 1772955000, 0},
                           {"2026-03-08 02:30 UTC", 1772937000, 0},
                           {"2026-03-08 02:30 -0500", 1772955000, 0},
                           {"2026-03-08 01:30 1 hour", 1772955000, 0},
                           {"2026-06-30 12:00 EDT", 1782835200, 0},
                           {"2026-06-30 12:00 EST DST", 1782835200, 0},
                           {"2026-11-01 00:30 24 hours", 1793593800, 0},
                           {"2026-11-01 00:30 1 day", 1793597400, 0},
                           {"2026-07-01", 1782878400, 0},
                           {"6 months ago", 1779917530, 123456789},
                           {"TZ=\"UTC0\" 2026-03-08 02:30", 1772937000, 0},
                       });
}

TEST_F(ParseDateTest, TimesThatClocksDoNotShow) {
  ExpectBad(kNewYork, {
                          "2026-03-08 02:30",
                          "2026-06-30 12:00 EST",
                          "2026-12-30 12:00 EDT",
                      });
}

TEST_F(ParseDateTest, ClocksThatChangeInTheEast) {
  ExpectGood(kBerlin, {
                          {"2026-10-25 02:30", 1792891800, 0},
                          {"2026-10-25 02:30 CEST", 1792888200, 0},
                          {"2026-10-25 02:30 CET", 1792891800, 0},
                          {"2026-03-28 02:30 1 day", 1774747800, 0},
                          {"2026-03-30 02:30 1 day ago", 1774747800, 0},
                          {"2026-07-01 12:00 CEST", 1782900000, 0},
                          {"2026-07-01 12:00 EST", 1782925200, 0},
                      });
}

TEST_F(ParseDateTest, TimesThatClocksDoNotShowInTheEast) {
  ExpectBad(kBerlin, {
                         "2026-03-29 02:30",
                         "2026-07-01 12:00 CET",
                     });
}

// Newer than the tools of many hosts.
TEST_F(ParseDateTest, EuropeanDaysAndLocalTime) {
  ExpectGood("UTC0", {{"17.6.1992", 708739200},
                      {"17.6.", 1781654400},
                      {"17.06.1992 10:00", 708775200},
                      {"10:00:00.5 17.6.1992", 708775200, 500000000},
                      {"10:00 J", 1795773600}});
  ExpectBad("UTC0", {"17.6", "17.13.1992", "31.6.1992", "1.2.3.4", "17.6.1992.", "17..6", "J J"});
}

// Nothing that is put together at random may do harm.
TEST_F(ParseDateTest, AnythingAtAll) {
  const std::string parts[] = {"1",
                               "-",
                               "+",
                               ":",
                               "/",
                               ".",
                               ",",
                               "T",
                               "Z",
                               " ",
                               "now",
                               "day",
                               "12",
                               "ago",
                               "2026",
                               "(",
                               ")",
                               "@",
                               "nov",
                               "friday",
                               "last",
                               "pm",
                               "EST",
                               "DST",
                               "TZ=\"",
                               "\"",
                               "\\",
                               "99999999999999999999",
                               "-9223372036854775808",
                               "9223372036854775807",
                               std::string(1, '\0'),
                               "\xff",
                               "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
  unsigned state = 1;
  for (unsigned round = 0; round < 20'000; ++round) {
    std::string text;
    do {
      state = state * 1103515245 + 12345;
      text += parts[state / 65536 % std::size(parts)];
    } while (state / 256 % 8 != 0 && text.size() < 200);
    const Result<sys::TimePoint> time = Parse(text, kNewYork);
    if (time.ok()) {
      EXPECT_TRUE(time.value().nanoseconds >= 0 && time.value().nanoseconds < 1'000'000'000)
          << text;
    }
  }
}

TEST_F(ParseDateTest, ZonesOfTheDatabaseAreLookedFor) {
  ExpectGood("UTC0", {{"TZ=\"Nowhere/Town\" 10:00", 1795773600}});
  Context context;
  std::string folder = "TZDIR=" + this->folder();
  char* environment[] = {folder.data(), nullptr};
  context.environment = environment;
  sys::fault::Begin();
  EXPECT_TRUE(ParseDate(context, "TZ=\"Town\" 10:00", kNow, TimeZone()).ok());
  ASSERT_EQ(sys::fault::Trace().size(), 1U);
  EXPECT_EQ(sys::fault::Trace()[0].detail, this->folder() + "/Town");
  sys::fault::End();
}

TEST_F(ParseDateTest, Digits) {
  const TimeZone utc;
  const auto parse = [&](const char* text, YearPlace place) {
    const Result<int64_t> time = ParseDigits(text, place, kNow, utc);
    return time.ok() ? time.value() : int64_t{-1};
  };
  EXPECT_EQ(parse("11272132", YearPlace::kLast), 1795815120);
  EXPECT_EQ(parse("1127213226", YearPlace::kLast), 1795815120);
  EXPECT_EQ(parse("112721322026.10", YearPlace::kLast), 1795815130);
  EXPECT_EQ(parse("202611272132.10", YearPlace::kFirst), 1795815130);
  EXPECT_EQ(parse("2611272132", YearPlace::kFirst), 1795815120);
  EXPECT_EQ(parse("0101000070", YearPlace::kLast20thOnly), 0);
  EXPECT_EQ(parse("0101000000", YearPlace::kLast20thOnly), -1);
  for (const char* const text : {"",
                                 ".",
                                 ".00",
                                 "1127213",
                                 "1127213.00",
                                 "11272132.",
                                 "11272132.1",
                                 "11272132.61",
                                 "11272132.10.10",
                                 "13272132",
                                 "00272132",
                                 "11002132",
                                 "02302132",
                                 "11272432",
                                 "11272160",
                                 "11272132202",
                                 "1127213220261",
                                 "11272132202611",
                                 "1127 132",
                                 "112721+2",
                                 "-1272132",
                                 "11272132.1a"}) {
    EXPECT_EQ(parse(text, YearPlace::kLast), -1) << text;
  }
  const TimeZone new_york(kNewYork);
  EXPECT_FALSE(ParseDigits("202603080230", YearPlace::kFirst, kNow, new_york).ok());
  EXPECT_EQ(ParseDigits("202603080330", YearPlace::kFirst, kNow, new_york).value(), 1772955000);
}

}  // namespace
}  // namespace cation::testing
