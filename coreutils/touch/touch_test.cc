// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ctime>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::StartsWith;
namespace fault = sys::fault;

constexpr int64_t kLongAgo = 1'000'000'000;

class TouchTest : public UtilityTestCase {
 protected:
  TouchTest() : UtilityTestCase("touch") { environment = {{"TZ", "UTC0"}}; }

  struct Times {
    int64_t access = -1;
    int64_t modification = -1;
    friend bool operator==(const Times& a, const Times& b) = default;
  };
  static Times TimesOf(const char* path, bool follow = true) {
    struct stat status{};
    if ((follow ? ::stat(path, &status) : ::lstat(path, &status)) != 0) return {};
    return {status.st_atim.tv_sec, status.st_mtim.tv_sec};
  }
  static bool Exists(const char* path) {
    struct stat status{};
    return ::lstat(path, &status) == 0;
  }
  void WriteOld(const char* path) {
    WriteFile(path, "text");
    const timespec times[2] = {{kLongAgo, 0}, {kLongAgo + 1, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, path, times, 0), 0);
  }
  static bool IsNow(int64_t time) { return std::abs(time - ::time(nullptr)) < 100; }

  static std::vector<std::string> Calls() {
    std::vector<std::string> names;
    for (const fault::TracedCall& call : fault::Trace())
      names.emplace_back(fault::NameOf(call.call));
    return names;
  }
};

TEST_F(TouchTest, MakesWhatIsMissingAndTouchesTheRest) {
  WriteOld("a");
  EXPECT_EQ(Run({"a", "b"}).status, 0);
  EXPECT_TRUE(IsNow(TimesOf("a").access) && IsNow(TimesOf("a").modification));
  EXPECT_EQ(ReadFile("a"), "text");
  EXPECT_EQ(ReadFile("b"), "");
  EXPECT_TRUE(IsNow(TimesOf("b").modification));
}

TEST_F(TouchTest, OneCallForAFileThatIsThere) {
  WriteOld("a");
  EXPECT_EQ(Run({"a"}).status, 0);
  EXPECT_EQ(Calls(), std::vector<std::string>({"futimens"}));
  EXPECT_EQ(Run({"new"}).status, 0);
  EXPECT_EQ(Calls(), std::vector<std::string>({"futimens", "open", "close"}));
  EXPECT_EQ(Run({"-d", "@5", "newer"}, "").status, 0);
  EXPECT_EQ(TimesOf("newer"), (Times{5, 5}));
}

TEST_F(TouchTest, NewFilesHaveTheModeOfTheUmask) {
  const mode_t before = ::umask(027);
  EXPECT_EQ(Run({"a"}).status, 0);
  ::umask(before);
  struct stat status{};
  ASSERT_EQ(::stat("a", &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0640U);
}

TEST_F(TouchTest, OnlyOneOfTheTimes) {
  for (const std::vector<std::string>& options : std::vector<std::vector<std::string>>{
           {"-a"}, {"--time=access"}, {"--time=atime"}, {"--time=use"}, {"-a", "-f"}}) {
    WriteOld("a");
    std::vector<std::string> arguments = options;
    arguments.emplace_back("a");
    EXPECT_EQ(Run(arguments).status, 0);
    EXPECT_TRUE(IsNow(TimesOf("a").access)) << options[0];
    EXPECT_EQ(TimesOf("a").modification, kLongAgo + 1) << options[0];
  }
  for (const char* const option : {"-m", "--time=mtime", "--time=modify"}) {
    WriteOld("a");
    EXPECT_EQ(Run({option, "a"}).status, 0);
    EXPECT_EQ(TimesOf("a").access, kLongAgo) << option;
    EXPECT_TRUE(IsNow(TimesOf("a").modification)) << option;
  }
  EXPECT_EQ(Run({"-a", "-m", "-d", "@7", "a"}).status, 0);
  EXPECT_EQ(TimesOf("a"), (Times{7, 7}));
  EXPECT_EQ(Run({"-am", "--time=use", "-d", "@8", "a"}).status, 0);
  EXPECT_EQ(TimesOf("a"), (Times{8, 8}));
  EXPECT_EQ(Run({"--time=birth", "a"}).status, 1);
}

TEST_F(TouchTest, NoCreate) {
  EXPECT_EQ(Run({"-c", "missing"}).status, 0);
  EXPECT_EQ(Run({"--no-create", "no/such"}).status, 0);
  EXPECT_EQ(Run({"-c", ""}).status, 0) << "as GNU";
  EXPECT_FALSE(Exists("missing"));
  WriteFile("file", "");
  EXPECT_EQ(Run({"-c", "file/x"}).errors, "touch: file/x: Not a directory\n");
}

TEST_F(TouchTest, WhatCannotBe) {
  WriteFile("file", "");
  const Outcome outcome = Run({"no/such", "", "missing/", "file/", "good"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors,
            "touch: no/such: No such file or directory\n"
            "touch: '': No such file or directory\n"
            "touch: missing/: No such file or directory\n"
            "touch: file/: Not a directory\n");
  EXPECT_TRUE(Exists("good"));
  EXPECT_FALSE(Exists("missing"));
}

TEST_F(TouchTest, Links) {
  WriteOld("a");
  ASSERT_EQ(::symlink("a", "link"), 0);
  ASSERT_EQ(::symlink("nowhere", "dangling"), 0);
  EXPECT_EQ(Run({"-h", "-d", "@5", "link", "dangling"}).status, 0);
  EXPECT_EQ(TimesOf("link", false), (Times{5, 5}));
  EXPECT_EQ(TimesOf("dangling", false), (Times{5, 5}));
  EXPECT_EQ(TimesOf("a").access, kLongAgo);
  EXPECT_EQ(Run({"-d", "@6", "link"}).status, 0);
  EXPECT_EQ(TimesOf("a"), (Times{6, 6}));
  EXPECT_EQ(Run({"--no-dereference", "missing"}).errors,
            "touch: missing: No such file or directory\n");
  EXPECT_EQ(Run({"-hc", "missing"}).status, 0);
  EXPECT_FALSE(Exists("missing"));
  EXPECT_EQ(Run({"-h", "-r", "link", "a"}).status, 0) << "the link's own time";
  EXPECT_EQ(TimesOf("a").modification, 5);
  EXPECT_EQ(Run({"dangling"}).status, 0) << "makes what the link leads to";
  EXPECT_TRUE(Exists("nowhere"));
}

TEST_F(TouchTest, DirectoriesFifosAndWhatMayNotBeWritten) {
  MakeDirectory("d");
  ASSERT_EQ(::mkfifo("fifo", 0644), 0);
  WriteOld("readonly");
  ASSERT_EQ(::chmod("readonly", 0444), 0);
  EXPECT_EQ(Run({"-d", "@9", "d", "d/", "fifo", "readonly"}).errors, "");
  EXPECT_EQ(TimesOf("d"), (Times{9, 9}));
  EXPECT_EQ(TimesOf("fifo"), (Times{9, 9}));
  EXPECT_EQ(TimesOf("readonly"), (Times{9, 9}));
}

TEST_F(TouchTest, StandardOutput) {
  EXPECT_EQ(Run({"-d", "@5", "-"}).status, 0);
  EXPECT_EQ(Calls(), std::vector<std::string>({"futimens"}));
  EXPECT_FALSE(Exists("-"));
  EXPECT_EQ(Run({"-h", "-"}).status, 0);
  EXPECT_EQ(Run({"-"}, "", {.call = 0, .error = EBADF}).errors, "touch: -: Bad file descriptor\n");
  EXPECT_EQ(Run({"-c", "-"}, "", {.call = 0, .error = EBADF}).status, 0);
  EXPECT_EQ(Run({"./-"}).status, 0);
  EXPECT_TRUE(Exists("-"));
}

TEST_F(TouchTest, Reference) {
  WriteOld("a");
  EXPECT_EQ(Run({"-r", "a", "b"}).status, 0);
  EXPECT_EQ(TimesOf("b"), (Times{kLongAgo, kLongAgo + 1}));
  EXPECT_EQ(Run({"--reference=a", "-d", "+1 day", "b"}).status, 0);
  EXPECT_EQ(TimesOf("b"), (Times{kLongAgo + 86400, kLongAgo + 86401}));
  EXPECT_EQ(Run({"--reference=a", "--date=-5 days", "a"}).status, 0);
  EXPECT_EQ(TimesOf("a"), (Times{kLongAgo - 5 * 86400, kLongAgo + 1 - 5 * 86400}));
  EXPECT_EQ(Run({"-m", "-r", "b", "a"}).status, 0);
  EXPECT_EQ(TimesOf("a"), (Times{kLongAgo - 5 * 86400, kLongAgo + 86401}));
  const Outcome outcome = Run({"-r", "missing", "b"});
  EXPECT_EQ(outcome.errors, "touch: missing: No such file or directory\n");
  EXPECT_EQ(outcome.status, 1);
}

TEST_F(TouchTest, NowIsWhatItIsWithoutADate) {
  for (const char* const date : {"now", "today", "0 sec", "1 day 1 day ago"}) {
    WriteOld("a");
    EXPECT_EQ(Run({"-d", date, "a"}).status, 0);
    ASSERT_EQ(fault::Trace().size(), 1U) << date;
    EXPECT_TRUE(IsNow(TimesOf("a").modification));
  }
}

TEST_F(TouchTest, Digits) {
  const struct {
    const char* digits;
    int64_t time;
  } good[] = {{"197001010000", 0},
              {"7001010000", 0},
              {"197001010000.60", 60},
              {"197001010000.59", 59},
              {"6901010000", -31536000},
              {"6801010000", 3092601600},
              {"202402292359.30", 1709251170},
              {"203801190314.08", 2147483648}};
  for (const auto& [digits, time] : good) {
    EXPECT_EQ(Run({"-t", digits, "a"}).errors, "") << digits;
    EXPECT_EQ(TimesOf("a"), (Times{time, time})) << digits;
  }
  for (const char* const digits : {"",
                                   ".",
                                   "1",
                                   "0101000",
                                   "010100000",
                                   "20261301000",
                                   "202602300000",
                                   "202602290000",
                                   "202601012400",
                                   "202601010060",
                                   "202601010000.61",
                                   "202601010000.5",
                                   "202601010000.",
                                   "202601010000.005",
                                   "202600010000",
                                   "202601000000",
                                   "2026010100000000",
                                   "x2601010000",
                                   "-202601010000",
                                   "+0101000000",
                                   "2026-01-01",
                                   "9999999999999999999999"}) {
    const Outcome outcome = Run({"-t", digits, "new"});
    EXPECT_EQ(outcome.status, 1) << digits;
    EXPECT_THAT(outcome.errors, ::testing::EndsWith(": invalid date format\n")) << digits;
  }
  EXPECT_FALSE(Exists("new"));
  EXPECT_EQ(Run({"-t", "01010000", "a"}).status, 0) << "of this year";
}

TEST_F(TouchTest, WrongDates) {
  for (const char* const date : {"yesterdy", "2026-02-30", "25:00", "1 2 3 4"}) {
    const Outcome outcome = Run({"-d", date, "new"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.errors, ::testing::EndsWith(": invalid date format\n"));
  }
  EXPECT_FALSE(Exists("new"));
}

TEST_F(TouchTest, OldTimeOnlyForWhoAsksForIt) {
  EXPECT_EQ(Run({"0101000070", "b"}).status, 0);
  EXPECT_TRUE(Exists("0101000070"));
  ASSERT_EQ(::unlink("0101000070"), 0);
  environment = {{"TZ", "UTC0"}, {"_POSIX2_VERSION", "199209"}};
  EXPECT_EQ(Run({"0101000070", "b"}).status, 0);
  EXPECT_EQ(TimesOf("b"), (Times{0, 0}));
  EXPECT_FALSE(Exists("0101000070"));
  EXPECT_EQ(Run({"0101000070"}).status, 0) << "the only operand is a file";
  EXPECT_TRUE(Exists("0101000070"));
  EXPECT_EQ(Run({"0101000000", "b"}).status, 0) << "no year of the old times";
  EXPECT_TRUE(Exists("0101000000"));
}

TEST_F(TouchTest, WhatDoesNotGoTogether) {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"-t", "01010000", "-d", "now", "a"}, {"-t", "01010000", "-r", "a", "a"}}) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.errors,
                StartsWith("touch: cannot specify times from more than one source\n"));
  }
  EXPECT_THAT(Run({}).errors, StartsWith("touch: missing file operand\n"));
}

TEST_F(TouchTest, EveryFault) {
  const auto judge = [](const FaultOutcome& fault) {
    // A missing file is made.
    EXPECT_EQ(fault.outcome.status, 1);
    EXPECT_THAT(fault.outcome.errors, ::testing::MatchesRegex("touch: [ab]: .*\n"));
  };
  EXPECT_GT(ForEachFault({"-d", "@5", "a"}, "", [this] { WriteOld("a"); }, judge), 2U);
  EXPECT_GT(ForEachFault({"-d", "@5", "b"}, "", [] { ::unlink("b"); }, judge), 10U);
  EXPECT_GT(ForEachFault({"-r", "a", "b"}, "", [this] { WriteOld("a"); }, judge), 2U);
}

}  // namespace
}  // namespace cation::testing
