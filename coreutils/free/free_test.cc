// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;
namespace fault = sys::fault;

class FreeTest : public UtilityTestCase {
 protected:
  FreeTest() : UtilityTestCase("free") {
    // What is free changes all the time.
    fault_runs = false;
  }
  static uint64_t Kibibytes(const std::string& name) {
    std::ifstream file("/proc/meminfo");
    std::string word;
    uint64_t number = 0;
    while (file >> word) {
      if (word == name + ":" && file >> number) return number;
    }
    return 0;
  }
  // The number in the second line, first column.
  static uint64_t TotalIn(const std::string& output) {
    std::istringstream text(output.substr(output.find("Mem:") + 4));
    uint64_t number = 0;
    text >> number;
    return number;
  }
};

TEST_F(FreeTest, Columns) {
  const Outcome outcome = Run({});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.output, MatchesRegex(" +total +used +free +shared +buff/cache +available\n"
                                           "Mem:( +[0-9]+){6}\nSwap:( +[0-9]+){3}\n"));
  for (const char* const option : {"-w", "--wide"}) {
    EXPECT_THAT(Run({option}).output,
                MatchesRegex(" +total +used +free +shared +buffers +cache +available\n"
                             "Mem:( +[0-9]+){7}\nSwap:( +[0-9]+){3}\n"));
  }
  for (const char* const option : {"-t", "--total"})
    EXPECT_THAT(Run({option}).output, HasSubstr("\nTotal:"));
}

TEST_F(FreeTest, Units) {
  const uint64_t total = Kibibytes("MemTotal");
  const auto total_with = [&](const std::vector<std::string>& options) {
    return TotalIn(Run(options).output);
  };
  EXPECT_EQ(total_with({}), total);
  EXPECT_EQ(total_with({"-k"}), total);
  EXPECT_EQ(total_with({"--kibi"}), total);
  EXPECT_EQ(total_with({"-b"}), total * 1024);
  EXPECT_EQ(total_with({"--bytes"}), total * 1024);
  EXPECT_EQ(total_with({"-m"}), total / 1024);
  EXPECT_EQ(total_with({"--mebi"}), total / 1024);
  EXPECT_EQ(total_with({"-g"}), total / 1024 / 1024);
  EXPECT_EQ(total_with({"--gibi"}), total / 1024 / 1024);
  EXPECT_EQ(total_with({"--si"}), total * 1024 / 1000);
  EXPECT_EQ(total_with({"--si", "-m"}), total * 1024 / 1000000);
  EXPECT_THAT(Run({"-h"}).output, MatchesRegex("[^\n]*\nMem:( +[0-9.]+[BKMGTP]i?){6}\n[^Q]*"));
  EXPECT_THAT(Run({"--human", "--si"}).output,
              MatchesRegex("[^\n]*\nMem:( +[0-9.]+[BKMGTP]){6}\n[^Q]*"));
}

TEST_F(FreeTest, AgainAndAgain) {
  const std::string twice = Run({"-s", "0.01", "-c", "2"}).output;
  EXPECT_THAT(twice, HasSubstr("\n\n  "));
  EXPECT_EQ(twice.find("Mem:") == twice.rfind("Mem:"), false);
  EXPECT_THAT(Run({"--count=1"}).output, StartsWith("  "));
  for (const std::string wrong : {"0", "", "x", "-1", "1x", ".", "99999999999999999999"}) {
    const Outcome outcome = Run({"--seconds=" + wrong, "-c", "1"});
    EXPECT_EQ(outcome.status, 1) << wrong;
    EXPECT_THAT(outcome.errors, HasSubstr("invalid number of seconds"));
  }
  for (const std::string wrong : {"0", "", "x", "-1", "18446744073709551616"})
    EXPECT_THAT(Run({"--count=" + wrong}).errors, HasSubstr("invalid count"));
}

TEST_F(FreeTest, TakesNoOperand) {
  EXPECT_EQ(Run({"x"}).status, 1);
  EXPECT_THAT(Run({"x"}).errors, StartsWith("free: x: extra operand\n"));
}

TEST_F(FreeTest, OutputErrors) {
  const Outcome outcome = RunInto("/dev/full", {"-s", "100"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "free: write error: No space left on device\n");
}

TEST_F(FreeTest, WhatTheSystemDoesNotTellIsSaid) {
  for (const std::size_t call : {0U, 1U}) {
    const Outcome outcome = Run({}, "", {.call = call, .error = EIO});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.output, "");
    EXPECT_EQ(outcome.errors, "free: cannot find out about memory: Input/output error\n");
  }
}

}  // namespace
}  // namespace cation::testing
