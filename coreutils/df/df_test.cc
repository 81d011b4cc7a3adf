// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>
#include <sys/statvfs.h>

#include <sstream>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;
namespace fault = sys::fault;

class DfTest : public UtilityTestCase {
 protected:
  DfTest() : UtilityTestCase("df") {
    // What is mounted, and how full it is, changes while the test runs.
    fault_runs = false;
  }
  // The second line's words.
  std::vector<std::string> Words(const std::vector<std::string>& arguments) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    std::istringstream lines(outcome.output);
    std::string line;
    std::getline(lines, line);
    std::getline(lines, line);
    std::istringstream text(line);
    std::vector<std::string> words;
    for (std::string word; text >> word;) words.push_back(word);
    return words;
  }
  std::string Header(const std::vector<std::string>& arguments) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    return outcome.output.substr(0, outcome.output.find('\n'));
  }
};

TEST_F(DfTest, TheFileSystemOfAFile) {
  WriteFile("f", "");
  struct statvfs expected{};
  ASSERT_EQ(::statvfs("f", &expected), 0);
  const std::vector<std::string> words = Words({"-k", "f"});
  ASSERT_EQ(words.size(), 6U);
  EXPECT_EQ(words[1], std::to_string(expected.f_blocks * expected.f_frsize / 1024));
  EXPECT_EQ(Words({"-B", "1", "f"})[1], std::to_string(expected.f_blocks * expected.f_frsize));
  EXPECT_EQ(Words({"-i", "f"})[1], std::to_string(expected.f_files));
  EXPECT_EQ(Words({"--inodes", "f"}).size(), 6U);
  const uint64_t used = std::stoull(words[2]);
  const uint64_t available = std::stoull(words[3]);
  EXPECT_EQ(words[4],
            std::to_string((used * 100 + used + available - 1) / (used + available)) + "%");
}

TEST_F(DfTest, Headers) {
  WriteFile("f", "");
  EXPECT_THAT(Header({"f"}),
              MatchesRegex("Filesystem +1K-blocks +Used +Available +Use% Mounted on"));
  EXPECT_THAT(Header({"-P", "f"}),
              MatchesRegex("Filesystem +1024-blocks +Used +Available +Capacity +Mounted on"));
  EXPECT_THAT(Header({"--portability", "-k", "f"}), HasSubstr(" 1024-blocks "));
  EXPECT_THAT(Header({"-h", "f"}), MatchesRegex("Filesystem +Size +Used +Avail +Use% Mounted on"));
  EXPECT_THAT(Header({"-H", "f"}), HasSubstr(" Size "));
  EXPECT_THAT(Header({"--si", "-P", "f"}), HasSubstr(" Use% "));
  EXPECT_THAT(Header({"--human-readable", "-m", "f"}), HasSubstr(" 1M-blocks "));
  EXPECT_THAT(Header({"-i", "f"}),
              MatchesRegex("Filesystem +Inodes +IUsed +IFree +IUse% Mounted on"));
  EXPECT_THAT(Header({"-T", "f"}), StartsWith("Filesystem"));
  EXPECT_THAT(Header({"--print-type", "f"}), HasSubstr(" Type "));
  const struct {
    const char* size;
    const char* header;
  } kSizes[] = {{"512", "512B-"}, {"1000", "1kB-"}, {"1024", "1K-"},     {"1500", "1.5kB-"},
                {"3000", "3kB-"}, {"10M", "10M-"},  {"KiB", "1KiB-"},    {"kB", "1kB-"},
                {"MB", "1MB-"},   {"M", "1M-"},     {"1000000", "1MB-"}, {"'1K", "1K-"}};
  for (const auto& each : kSizes) {
    EXPECT_THAT(Header({"-B", each.size, "f"}),
                HasSubstr(std::string(" ") + each.header + "blocks "))
        << each.size;
  }
  EXPECT_THAT(Header({"--block-size=si", "f"}), HasSubstr(" Size "));
  environment["POSIXLY_CORRECT"] = "";
  EXPECT_THAT(Header({"f"}), HasSubstr(" 512B-blocks "));
  EXPECT_THAT(Header({"-P", "f"}), HasSubstr(" 512-blocks "));
  environment["DF_BLOCK_SIZE"] = "M";
  EXPECT_THAT(Header({"f"}), HasSubstr(" 1M-blocks "));
}

TEST_F(DfTest, Columns) {
  WriteFile("f", "");
  EXPECT_THAT(Run({"--output=file,target", "f"}).output,
              MatchesRegex("File Mounted on\nf    /.*\n"));
  EXPECT_THAT(Header({"--output", "f"}),
              MatchesRegex("Filesystem +Type +Inodes +IUsed +IFree +IUse% +1K-blocks +Used +Avail "
                           "+Use% File +Mounted on"));
  const std::string several = Header({"--output=size", "--output", "--output=file,target", "f"});
  EXPECT_EQ(several, Header({"--output=size,file,target", "f"})) << "all of them count";
  EXPECT_THAT(Run({"--output=size,file", "--output=size", "f"}).errors,
              HasSubstr("more than once"));
  EXPECT_THAT(Run({"--output=nothing", "f"}).errors, HasSubstr("nothing: --output: unknown field"));
  EXPECT_THAT(Run({"--output=", "f"}).errors, HasSubstr("unknown field"));
  EXPECT_THAT(Run({"--output=size,size", "f"}).errors, HasSubstr("used more than once"));
  for (const char* const option : {"-i", "-P", "-T"}) {
    const Outcome outcome = Run({option, "--output", "f"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.errors, HasSubstr("and --output are mutually exclusive"));
  }
}

TEST_F(DfTest, AllFileSystems) {
  const Outcome some = Run({"--output=target"});
  EXPECT_EQ(some.status, 0) << some.errors;
  EXPECT_THAT(some.output, ContainsRegex("\n/\n"));
  EXPECT_THAT(some.output, Not(ContainsRegex("\n/proc\n"))) << "nothing is stored there";
  for (const char* const option : {"-a", "--all"})
    EXPECT_THAT(Run({option, "--output=target"}).output, ContainsRegex("\n/proc\n"));
  EXPECT_EQ(Run({"-v", "--no-sync", "--output=target"}).output, some.output);
  EXPECT_EQ(Run({"--sync", "--output=target"}).output, some.output);
  EXPECT_EQ(Run({"-l", "--output=target"}).status, 0);
  EXPECT_EQ(Run({"--local", "--output=target"}).status, 0);
}

TEST_F(DfTest, Types) {
  const std::string type = Words({"--output=fstype", "/"})[0];
  EXPECT_THAT(Run({"-t", type, "--output=target"}).output, ContainsRegex("\n/\n"));
  EXPECT_THAT(Run({"-t", "x", "--type=" + type, "--output=target"}).output, ContainsRegex("\n/\n"));
  EXPECT_THAT(Run({"-a", "-x", type, "--exclude-type=y", "--output=target"}).output,
              Not(ContainsRegex("\n/\n")));
  Outcome outcome = Run({"-t", "no-such-type"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "");
  EXPECT_EQ(outcome.errors, "df: no file systems processed\n");
  outcome = Run({"-t", "a", "-x", "a"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "df: a: file system type both selected and excluded\n");
}

TEST_F(DfTest, Total) {
  const Outcome outcome = Run({"--total", "--output=source,size,target", "/"});
  EXPECT_THAT(outcome.output, ContainsRegex("\ntotal +[0-9]+ -\n"));
  EXPECT_THAT(Run({"--total", "--output=size,target", "/"}).output,
              ContainsRegex("\n *[0-9]+ total\n"));
}

TEST_F(DfTest, WhatCannotBeSeenIsReported) {
  Outcome outcome = Run({"missing", "/", ""});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors,
            "df: missing: No such file or directory\ndf: '': No such file or directory\n");
  EXPECT_THAT(outcome.output, StartsWith("Filesystem"));
  outcome = Run({"missing"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "");
  EXPECT_EQ(outcome.errors, "df: missing: No such file or directory\n");
}

TEST_F(DfTest, WrongSizes) {
  for (const std::string size : {"0", "", "x", "-1", "1X", "1K1"}) {
    const Outcome outcome = Run({"-B", size, "/"});
    EXPECT_EQ(outcome.status, 1) << size;
    EXPECT_THAT(outcome.errors, HasSubstr("invalid block size"));
  }
  EXPECT_THAT(Run({"-B", "99999999999999999999", "/"}).errors, HasSubstr("block size too large"));
  EXPECT_EQ(Run({"-B", "18446744073709551615", "/"}).status, 0);
}

TEST_F(DfTest, WithoutTheTableAnOperandStillHasItsNumbers) {
  WriteFile("f", "");
  fault::SetHook([](std::size_t, const fault::TracedCall& call) {
    return call.call == fault::Call::kOpen ? EACCES : 0;
  });
  Outcome outcome = Run({"f"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, HasSubstr("cannot read the table of mounted file systems: "));
  EXPECT_THAT(outcome.output, ContainsRegex("\n- +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+% -\n"));
  fault::SetHook([](std::size_t, const fault::TracedCall& call) {
    return call.call == fault::Call::kOpen ? EACCES : 0;
  });
  outcome = Run({});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "");
}

TEST_F(DfTest, OutputErrors) {
  const Outcome outcome = RunInto("/dev/full", {"/"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "df: write error: No space left on device\n");
}

TEST_F(DfTest, EveryFault) {
  const std::size_t faults = ForEachFault(
      {"--output=source,file", "."}, "", [] {},
      [](const FaultOutcome& fault) {
        // What does not tell its device is no candidate; without the working directory's path, the
        // device tells the file system.
        const bool is_optional = fault.call.call == fault::Call::kClose ||
                                 fault.call.call == fault::Call::kStatusAt ||
                                 fault.call.call == fault::Call::kWorkingDirectory;
        if (!is_optional) EXPECT_EQ(fault.outcome.status, 1);
      });
  EXPECT_GT(faults, 8U);
}

}  // namespace
}  // namespace cation::testing
