// SPDX-License-Identifier: MIT
#include "coreutils/support/testing/utility_test_case.h"
#include "gmock/gmock.h"

namespace cation::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class DircolorsTest : public UtilityTestCase {
 protected:
  DircolorsTest() : UtilityTestCase("dircolors") { environment["TERM"] = "xterm"; }
};

TEST_F(DircolorsTest, EachShellHasItsForm) {
  const std::string database = "DIR 01;34\n.tar 1\n*~ 2\n";
  const std::string value = "'di=01;34:*.tar=1:*~=2:'";
  for (const char* const option : {"-b", "--sh", "--bourne-shell"}) {
    EXPECT_EQ(Run({option, "-"}, database).output, "LS_COLORS=" + value + ";\nexport LS_COLORS\n");
  }
  for (const char* const option : {"-c", "--csh", "--c-shell"}) {
    EXPECT_EQ(Run({option, "-"}, database).output, "setenv LS_COLORS " + value + "\n");
  }
  for (const char* const option : {"-i", "--ion"}) {
    EXPECT_EQ(Run({option, "-"}, database).output, "export LS_COLORS=" + value + "\n");
  }
  // Without an option, that of the shell in use.
  environment["SHELL"] = "/bin/tcsh";
  EXPECT_THAT(Run({"-"}, database).output, StartsWith("setenv"));
  environment["SHELL"] = "/usr/bin/ion";
  EXPECT_THAT(Run({"-"}, database).output, StartsWith("export LS_COLORS="));
  environment["SHELL"] = "/bin/sh";
  EXPECT_THAT(Run({"-"}, database).output, StartsWith("LS_COLORS="));
  environment.erase("SHELL");
  const Outcome unknown = Run({"-"}, database);
  EXPECT_EQ(unknown.status, 1);
  EXPECT_THAT(unknown.errors, StartsWith("dircolors: SHELL is not set"));
}

TEST_F(DircolorsTest, LinesAreRead) {
  const auto value = [&](const std::string& database) {
    const std::string output = Run({"-b", "-"}, database).output;
    const std::size_t start = output.find('\'') + 1;
    return output.substr(start, output.rfind('\'') - start);
  };
  EXPECT_EQ(value("# only a comment\n\n   \n"), "");
  EXPECT_EQ(value("  dir\t 1;2 # comment\n"), "di=1;2:");
  EXPECT_EQ(value("LNK target\nlink 3\nSYMLINK 4\nOWT 5\n"), "ln=target:ln=3:ln=4:tw=5:");
  EXPECT_EQ(value("exec 'a:b=c'\n"), "ex='\\''a\\:b\\=c'\\'':");
  EXPECT_EQ(value(".a\\:b ^=\n"), "*.a\\:b=^=:");
  EXPECT_EQ(value("OPTIONS -F\nCOLOR tty\nEIGHTBIT 1\nDIR 1"), "di=1:");
  EXPECT_EQ(value("no-such 1\nDIR 1\n"), "di=1:");
}

TEST_F(DircolorsTest, TerminalsAreMatched) {
  const auto chosen = [&](const std::string& database) {
    return Run({"-b", "-"}, database).output == "LS_COLORS='di=1:';\nexport LS_COLORS\n";
  };
  EXPECT_TRUE(chosen("TERM xterm\nDIR 1\n"));
  EXPECT_TRUE(chosen("TERM x*\nDIR 1\n"));
  EXPECT_FALSE(chosen("TERM vt*\nDIR 1\n"));
  EXPECT_TRUE(chosen("TERM vt*\nTERM xterm\nTERM linux\nDIR 1\n"));
  EXPECT_TRUE(chosen("TERM xterm\nDIR 1\nTERM vt*\nDIR 2\n"));
  EXPECT_FALSE(chosen("COLORTERM ?*\nDIR 1\n"));
  environment["COLORTERM"] = "truecolor";
  EXPECT_TRUE(chosen("COLORTERM ?*\nDIR 1\n"));
  environment = {};
  EXPECT_TRUE(chosen("TERM none\nDIR 1\n"));
}

TEST_F(DircolorsTest, WrongLinesAreReported) {
  WriteFile("colors", "TERM xterm\nDIR\nnope 1\nEXEC 1\n");
  const Outcome outcome = Run({"-b", "colors"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "");
  EXPECT_EQ(outcome.errors,
            "dircolors: 'colors:2': invalid line: missing second token\n"
            "dircolors: 'colors:3': unrecognized keyword nope\n");
  const Outcome missing = Run({"-b", "missing"});
  EXPECT_EQ(missing.status, 1);
  EXPECT_EQ(missing.errors, "dircolors: missing: No such file or directory\n");
}

TEST_F(DircolorsTest, ItsOwnDatabase) {
  const Outcome database = Run({"-p"});
  EXPECT_EQ(database.status, 0);
  EXPECT_EQ(Run({"--print-database"}).output, database.output);
  EXPECT_THAT(database.output, HasSubstr("\nDIR 01;34\n"));
  EXPECT_THAT(database.output, HasSubstr("\n# ORPHAN 00\n"));
  // Printed, it gives what is built in.
  const std::string value = Run({"-b"}).output;
  EXPECT_THAT(value, StartsWith("LS_COLORS='rs=0:di=01;34:ln=01;36:"));
  EXPECT_EQ(Run({"-b", "-"}, database.output).output, value);
  environment["TERM"] = "dumb";
  EXPECT_EQ(Run({"-b"}).output, "LS_COLORS='';\nexport LS_COLORS\n");
}

TEST_F(DircolorsTest, ColoursInColour) {
  EXPECT_EQ(Run({"--print-ls-colors", "-"}, "OWT 40;33\n.x a:b\n").output,
            "\033[40;33mtw\t40;33\033[0m\n\033[a:bm*.x\ta:b\033[0m\n");
}

TEST_F(DircolorsTest, WhatDoesNotGoTogether) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"-p", "--print-ls-colors"},
                                             {"-b", "-p"},
                                             {"-c", "--print-ls-colors"},
                                             {"-p", "file"},
                                             {"-b", "one", "two"},
                                             {"--no-such"}}) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.output, "");
    EXPECT_THAT(outcome.errors, HasSubstr("Try 'dircolors --help'"));
  }
}

// A quote cannot be in a value between quotes in Ion, so ls is given its number.
TEST_F(DircolorsTest, QuotesForIon) {
  EXPECT_EQ(Run({"--ion", "-"}, "DIR '\n").output, "export LS_COLORS='di=\\047:'\n");
}

TEST_F(DircolorsTest, ReportsEveryFault) {
  ForEachFault(
      {"-b", "colors"}, "", [this] { WriteFile("colors", "DIR 1\n"); },
      [](const FaultOutcome& fault) {
        // Closing what was read may fail unnoticed.
        EXPECT_EQ(fault.outcome.status == 0, fault.call.call == sys::fault::Call::kClose);
      });
}

}  // namespace
}  // namespace cation::testing
