// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::StartsWith;
using Strings = std::vector<std::string>;

class EchoTest : public UtilityTestCase {
 protected:
  EchoTest() : UtilityTestCase("echo") {}

  std::string Echo(const Strings& arguments) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.errors, "");
    EXPECT_LE(outcome.calls, 1U);
    return outcome.output;
  }
};

TEST_F(EchoTest, WritesItsArguments) {
  EXPECT_EQ(Echo({}), "\n");
  EXPECT_EQ(Echo({""}), "\n");
  EXPECT_EQ(Echo({"", ""}), " \n");
  EXPECT_EQ(Echo({"a", "b  c", "d"}), "a b  c d\n");
  EXPECT_EQ(Echo({"\xff", "ü"}), "\xff ü\n");
  const std::string large(200'000, 'x');
  EXPECT_EQ(Echo({large, large}), large + " " + large + "\n");
}

TEST_F(EchoTest, Options) {
  EXPECT_EQ(Echo({"-n"}), "");
  EXPECT_EQ(Echo({"-n", "a"}), "a");
  EXPECT_EQ(Echo({"-n", "-n", "a"}), "a");
  EXPECT_EQ(Echo({"-e", R"(a\tb)"}), "a\tb\n");
  EXPECT_EQ(Echo({"-E", R"(a\tb)"}), "a\\tb\n");
  EXPECT_EQ(Echo({"-eE", R"(\t)"}), "\\t\n");
  EXPECT_EQ(Echo({"-E", "-e", R"(\t)"}), "\t\n");
  EXPECT_EQ(Echo({"-neEe", R"(\t)"}), "\t");
  EXPECT_EQ(Echo({R"(\t)"}), "\\t\n");
}

TEST_F(EchoTest, WhatLooksLikeOptions) {
  for (const char* const word :
       {"-", "--", "-x", "-nx", "--n", "-ne-", "--hel", "--help=x", "---help", "-n -e"}) {
    EXPECT_EQ(Echo({word}), std::string(word) + "\n");
    EXPECT_EQ(Echo({word, "-n"}), std::string(word) + " -n\n") << "options end there";
  }
  EXPECT_EQ(Echo({"--help", "x"}), "--help x\n");
  EXPECT_EQ(Echo({"-n", "--help"}), "--help");
  EXPECT_EQ(Echo({"--version", ""}), "--version \n");
  EXPECT_EQ(Echo({"--", "-n"}), "-- -n\n");
}

TEST_F(EchoTest, Escapes) {
  EXPECT_EQ(Echo({"-e", R"(\\\a\b\e\f\n\r\t\v)"}), "\\\a\b\033\f\n\r\t\v\n");
  EXPECT_EQ(Echo({"-e", R"(\101\0101\x41\x4a4\0)"}), std::string("AAAJ4\0\n", 7));
  EXPECT_EQ(Echo({"-e", R"(\q\x\"\u0041\)", "\\"}), "\\q\\x\\\"\\u0041\\ \\\n");
}

TEST_F(EchoTest, StopsAtC) {
  EXPECT_EQ(Echo({"-e", R"(a\cb)", "c"}), "a");
  EXPECT_EQ(Echo({"-e", "a", R"(\c)", "c"}), "a ");
  EXPECT_EQ(Echo({"-e", R"(\c)"}), "");
  EXPECT_EQ(Echo({"-e", R"(\\c)"}), "\\c\n");
}

TEST_F(EchoTest, PosixlyCorrect) {
  environment = {{"POSIXLY_CORRECT", ""}};
  EXPECT_EQ(Echo({R"(a\tb)"}), "a\tb\n");
  EXPECT_EQ(Echo({"-e", "a"}), "-e a\n");
  EXPECT_EQ(Echo({"-E", R"(\t)"}), "-E \t\n");
  EXPECT_EQ(Echo({"-n", R"(\t)"}), "\t");
  EXPECT_EQ(Echo({"-n", "-E", R"(\t)"}), "\t") << "-E has no effect";
  EXPECT_EQ(Echo({"-nE", "a"}), "-nE a\n") << "the first is not -n";
  EXPECT_EQ(Echo({"--help"}), "--help\n");
}

TEST_F(EchoTest, HelpAlone) {
  EXPECT_THAT(Run({"--help"}).output, StartsWith("Usage: echo [OPTION]... [STRING]...\n"));
  EXPECT_THAT(Run({"--version"}).output, StartsWith("echo (Cation) "));
}

TEST_F(EchoTest, EveryFault) {
  const std::size_t faults = ForEachFault(
      {"-e", R"(a\tb)"}, "", [] {},
      [](const FaultOutcome& fault) {
        EXPECT_EQ(fault.outcome.status, 1);
        EXPECT_THAT(fault.outcome.errors, ::testing::MatchesRegex("(echo: write error: .*\n)?"));
      });
  EXPECT_GT(faults, 3U);
}

}  // namespace
}  // namespace cation::testing
