// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <ctime>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fault = sys::fault;

class DateTest : public UtilityTestCase {
 protected:
  DateTest() : UtilityTestCase("date") { environment = {{"TZ", "UTC0"}}; }

  std::string Shown(const std::vector<std::string>& arguments) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(outcome.errors, "");
    return outcome.output;
  }
  // What the clock was set to; empty when it was not.
  static std::string ClockSet() {
    for (const fault::TracedCall& call : fault::Trace()) {
      if (call.call == fault::Call::kSetClock) return call.detail;
    }
    return "";
  }
};

constexpr char kDate[] = "@1795815120.123456789";

TEST_F(DateTest, Now) {
  fault_runs = false;  // each run is at another time
  const std::string shown = Run({"+%s"}).output;
  EXPECT_LT(std::abs(std::stol(shown) - ::time(nullptr)), 100);
  EXPECT_THAT(Run({}).output,
              ::testing::MatchesRegex("[A-Z][a-z]+ [A-Z][a-z]+ [ 0-9]+ [0-9:]+ UTC 20[0-9]+\n"));
  EXPECT_EQ(fault::Trace().size(), 1U) << "the write";
}

TEST_F(DateTest, DateOfAnOption) {
  EXPECT_EQ(Shown({"-d", kDate}), "Fri Nov 27 21:32:00 UTC 2026\n");
  EXPECT_EQ(Shown({"--date=2026-11-05 03:04:05"}), "Thu Nov  5 03:04:05 UTC 2026\n");
  EXPECT_EQ(Shown({"-d", kDate, "+%F%n%T%t%%"}), "2026-11-27\n21:32:00\t%\n");
  EXPECT_EQ(Shown({"-d", kDate, "+"}), "\n");
  EXPECT_EQ(Shown({"-d", kDate, "+%3N %-N %N %q %Ey %Ed %Q"}),
            "123 123456789 123456789 4 26 %Ed %Q\n");
  EXPECT_EQ(Shown({"-d", "@1.5", "+%-N %%-N"}), "500000000 %-N\n") << "as GNU: all digits";
  EXPECT_EQ(Shown({"-d", "@0", "-d", "@1", "+%s"}), "1\n") << "the last one counts";
}

TEST_F(DateTest, FormatsOfStandards) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> formats = {
      {{"-I"}, "2026-11-27"},
      {{"--iso-8601"}, "2026-11-27"},
      {{"-Idate"}, "2026-11-27"},
      {{"-Ih"}, "2026-11-27T21+00:00"},
      {{"-Ihours"}, "2026-11-27T21+00:00"},
      {{"--iso-8601=minutes"}, "2026-11-27T21:32+00:00"},
      {{"-Iseconds"}, "2026-11-27T21:32:00+00:00"},
      {{"-Ins"}, "2026-11-27T21:32:00,123456789+00:00"},
      {{"-uIns"}, "2026-11-27T21:32:00,123456789+00:00"},
      {{"-R"}, "Fri, 27 Nov 2026 21:32:00 +0000"},
      {{"--rfc-email"}, "Fri, 27 Nov 2026 21:32:00 +0000"},
      {{"--rfc-822"}, "Fri, 27 Nov 2026 21:32:00 +0000"},
      {{"--rfc-2822"}, "Fri, 27 Nov 2026 21:32:00 +0000"},
      {{"--rfc-3339=date"}, "2026-11-27"},
      {{"--rfc-3339=s"}, "2026-11-27 21:32:00+00:00"},
      {{"--rfc-3339", "ns"}, "2026-11-27 21:32:00.123456789+00:00"},
  };
  for (const auto& [options, shown] : formats) {
    std::vector<std::string> arguments = options;
    arguments.insert(arguments.end(), {"-d", kDate});
    EXPECT_EQ(Shown(arguments), shown + "\n") << options[0];
  }
  EXPECT_EQ(Run({"-Iyears"}).status, 1);
  EXPECT_EQ(Run({"--rfc-3339=hours"}).status, 1);
  EXPECT_EQ(Run({"-R", "-I"}).errors, "date: multiple output formats specified\n");
  EXPECT_EQ(Run({"-R", "+%s"}).errors, "date: multiple output formats specified\n");
}

TEST_F(DateTest, Zones) {
  environment["TZ"] = "EST5EDT,M3.2.0,M11.1.0";
  EXPECT_EQ(Shown({"-d", "2026-07-01 12:00"}), "Wed Jul  1 12:00:00 EDT 2026\n");
  EXPECT_EQ(Shown({"-u", "-d", "2026-07-01 12:00 EDT"}), "Wed Jul  1 16:00:00 UTC 2026\n");
  EXPECT_EQ(Shown({"--utc", "-d", "2026-07-01 12:00"}), "Wed Jul  1 12:00:00 UTC 2026\n");
  EXPECT_EQ(Shown({"--universal", "-d", "@0", "+%Z"}), "UTC\n");
  EXPECT_EQ(Shown({"--uct", "-d", "@0", "+%Z"}), "UTC\n");
  EXPECT_EQ(Shown({"-d", "TZ=\"CET-1\" 2026-01-01 12:00", "+%F %T %z"}),
            "2026-01-01 06:00:00 -0500\n");
  EXPECT_EQ(Run({"-d", "2026-03-08 02:30"}).errors, "date: '2026-03-08 02:30': invalid date\n");
}

TEST_F(DateTest, WrongDates) {
  for (const char* const date : {"2026-02-30", "noon", "25:00", "99999999999999999999", "\x1b[1m",
                                 "9223372036854775808 days"}) {
    const Outcome outcome = Run({"-d", date});
    EXPECT_EQ(outcome.status, 1) << date;
    EXPECT_EQ(outcome.output, "");
    EXPECT_THAT(outcome.errors, EndsWith(": invalid date\n"));
  }
  const Outcome outcome = Run({"-d", "@67768036191676800"});
  EXPECT_EQ(outcome.errors, "date: 67768036191676800: time is out of range\n");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(Shown({"-d", "@67768036191676799", "+%Y"}), "2147485547\n");
  EXPECT_EQ(Run({"-d", "@-9223372036854775808"}).errors,
            "date: -9223372036854775808: time is out of range\n");
}

TEST_F(DateTest, LinesOfAFile) {
  WriteFile("dates", "@0\nnonsense\n2026-11-27\n\n@5");
  Outcome outcome = Run({"-f", "dates", "+%s"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.output, StartsWith("0\n1795737600\n"));
  EXPECT_THAT(outcome.output, EndsWith("\n5\n"));
  EXPECT_EQ(outcome.errors, "date: nonsense: invalid date\n");
  outcome = Run({"--file=-", "+%s"}, "@1\n@2\n");
  EXPECT_EQ(outcome.output, "1\n2\n");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(Run({"-f", "missing"}).errors, "date: missing: No such file or directory\n");
  MakeDirectory("d");
  EXPECT_EQ(Run({"-f", "d"}).errors, "date: d: Is a directory\n");
  WriteFile("long", std::string(200'000, ' ') + "@7\n" + std::string(70'000, '(') + "\n@8");
  fault_runs = false;  // they would be many
  outcome = Run({"-f", "long", "+%s"});
  EXPECT_THAT(outcome.output, StartsWith("7\n"));
  EXPECT_THAT(outcome.output, EndsWith("\n8\n"));
}

TEST_F(DateTest, TimeOfAFile) {
  WriteFile("f", "");
  const timespec times[2] = {{1, 0}, {1795815120, 5}};
  ASSERT_EQ(::utimensat(AT_FDCWD, "f", times, 0), 0);
  EXPECT_EQ(Shown({"-r", "f", "+%s.%N"}), "1795815120.000000005\n");
  EXPECT_EQ(Shown({"--reference=f"}), "Fri Nov 27 21:32:00 UTC 2026\n");
  EXPECT_EQ(Run({"-r", "missing"}).errors, "date: missing: No such file or directory\n");
}

TEST_F(DateTest, Resolution) {
  fault_runs = false;
  const Outcome outcome = Run({"--resolution"});
  EXPECT_THAT(outcome.output, ::testing::MatchesRegex("0\\.0[0-9]+\n"));
}

TEST_F(DateTest, Sets) {
  fault_runs = false;  // a clock that cannot be set is a case below
  EXPECT_EQ(Run({"-s", "2026-11-27 21:32:00.5"}).output, "Fri Nov 27 21:32:00 UTC 2026\n");
  EXPECT_EQ(ClockSet(), "1795815120.500000000");
  EXPECT_EQ(Run({"--set=@5", "+%s"}).output, "5\n");
  EXPECT_EQ(ClockSet(), "5.000000000");
  EXPECT_EQ(Run({"112721322026.10"}).output, "Fri Nov 27 21:32:10 UTC 2026\n");
  EXPECT_EQ(ClockSet(), "1795815130.000000000");
  environment["TZ"] = "EST5";
  EXPECT_EQ(Run({"-u", "1127213226"}).output, "Fri Nov 27 21:32:00 UTC 2026\n");
  EXPECT_EQ(ClockSet(), "1795815120.000000000");
  EXPECT_EQ(Run({"1127163226"}).output, "Fri Nov 27 16:32:00 EST 2026\n");
  EXPECT_EQ(ClockSet(), "1795815120.000000000");
}

TEST_F(DateTest, ClockThatCannotBeSet) {
  const Outcome outcome = Run({"-s", "@5"}, "", {.call = 0, .error = EPERM});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "date: cannot set date: Operation not permitted\n");
  EXPECT_EQ(outcome.output, "Thu Jan  1 00:00:05 UTC 1970\n") << "as GNU";
  for (const char* const date : {"", "x", "13012132", "1127213", "02302132"}) {
    EXPECT_THAT(Run({date}).errors, EndsWith(": invalid date\n")) << date;
    EXPECT_EQ(ClockSet(), "") << date;
  }
  EXPECT_EQ(Run({"-s", "nonsense"}).status, 1);
  EXPECT_EQ(ClockSet(), "");
}

TEST_F(DateTest, WhatDoesNotGoTogether) {
  WriteFile("f", "");
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"-d", "now", "-r", "f"}, {"-f", "f", "-d", "now"}, {"--resolution", "-r", "f"}}) {
    EXPECT_THAT(Run(arguments).errors, StartsWith("date: the options to specify dates for printing "
                                                  "are mutually exclusive\n"));
  }
  EXPECT_THAT(Run({"-d", "now", "-s", "now"}).errors,
              StartsWith("date: the options to print and set the time may not be used together\n"));
  EXPECT_THAT(Run({"+%s", "more"}).errors, StartsWith("date: more: extra operand\n"));
  EXPECT_THAT(Run({"-d", "now", "%s"}).errors, StartsWith("date: %s: lacks a leading '+'"));
  EXPECT_THAT(Run({"-s", "now", "11272132"}).errors, HasSubstr("lacks a leading '+'"));
  EXPECT_EQ(ClockSet(), "");
}

TEST_F(DateTest, Debug) {
  const Outcome outcome = Run({"--debug", "-d", "2026-11-27 21:32", "+%s"});
  EXPECT_EQ(outcome.output, "1795815120\n");
  EXPECT_EQ(outcome.errors,
            "date: '2026-11-27 21:32': Fri 2026-11-27 21:32:00.000000000 +00:00 (UTC), "
            "@1795815120.000000000\n");
}

TEST_F(DateTest, OutputErrors) {
  EXPECT_EQ(RunInto("/dev/full", {"-d", "@0"}).status, 1);
  EXPECT_EQ(RunInto("/dev/full", {"-d", "@0"}).errors,
            "date: write error: No space left on device\n");
}

TEST_F(DateTest, EveryFault) {
  const auto judge = [](const FaultOutcome& fault) { EXPECT_EQ(fault.outcome.status, 1); };
  const auto prepare = [this] { WriteFile("f", "@0\n@1\n"); };
  EXPECT_GT(ForEachFault({"-d", "@5"}, "", prepare, judge), 3U);
  EXPECT_GT(ForEachFault({"-r", "f", "+x"}, "", prepare, judge), 3U);
  EXPECT_GT(ForEachFault({"-s", "@5"}, "", prepare, judge), 3U);
  EXPECT_GT(ForEachFault({"-f", "f", "+%s"}, "", prepare,
                         [](const FaultOutcome& fault) {
                           // Nothing is lost by a file that was read and cannot be closed.
                           const bool closes = fault.call.call == fault::Call::kClose;
                           EXPECT_EQ(fault.outcome.status, closes ? 0 : 1);
                         }),
            10U);
}

}  // namespace
}  // namespace cation::testing
