// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Strings = std::vector<std::string>;

class PrintfTest : public UtilityTestCase {
 protected:
  PrintfTest() : UtilityTestCase("printf") {}

  std::string Print(const Strings& arguments) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 0) << arguments[0];
    EXPECT_EQ(outcome.errors, "");
    EXPECT_LE(outcome.calls, 1U);
    return outcome.output;
  }
  // Output and messages of what fails.
  std::string Fails(const Strings& arguments) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 1) << arguments[0];
    return outcome.output + "|" + outcome.errors;
  }
};

TEST_F(PrintfTest, TextAndEscapes) {
  EXPECT_EQ(Print({""}), "");
  EXPECT_EQ(Print({"a b"}), "a b");
  EXPECT_EQ(Print({R"(\\\a\b\e\f\n\r\t\v\")"}), "\\\a\b\033\f\n\r\t\v\"");
  EXPECT_EQ(Print({R"(\101\0101\x41\u00e9\U0001F600)"}), "A\b1A\u00e9\U0001F600");
  EXPECT_EQ(Print({R"(\q\')"}), R"(\q\')");
  EXPECT_EQ(Print({"a\\"}), "a\\");
  EXPECT_EQ(Print({"%%"}), "%");
  EXPECT_EQ(Print({R"(a\cb%s)", "x"}), "a");
}

TEST_F(PrintfTest, Strings) {
  EXPECT_EQ(Print({"[%s]", "a"}), "[a]");
  EXPECT_EQ(Print({"[%5s][%-5s][%.2s][%5.1s]", "abc", "abc", "abc", "abc"}),
            "[  abc][abc  ][ab][    a]");
  EXPECT_EQ(Print({"[%s]"}), "[]");
  EXPECT_EQ(Print({"[%*s][%-*s][%*s]", "4", "a", "4", "b", "-4", "c"}), "[   a][b   ][c   ]");
  EXPECT_EQ(Print({"[%.*s][%.*s]", "2", "abc", "-1", "abc"}), "[ab][abc]");
  EXPECT_EQ(Print({"%c%c%3c|", "abc", "x"}), std::string("ax  \0|", 6));
  EXPECT_EQ(Print({"%c", ""}), std::string(1, '\0'));
}

TEST_F(PrintfTest, EscapedArguments) {
  EXPECT_EQ(Print({"%b|%s", R"(a\tb\0101\101)", R"(\t)"}), "a\tbAA|\\t");
  EXPECT_EQ(Print({"%b|%s", R"(a\cb)", "x"}), "a");
  EXPECT_EQ(Print({"[%5b][%-5b][%.1b]", R"(\tx)", R"(\tx)", R"(\tx)"}), "[   \tx][\tx   ][\t]");
  EXPECT_EQ(Print({"[%b]"}), "[]");
}

TEST_F(PrintfTest, QuotedArguments) {
  EXPECT_EQ(Print({"%q %q %q", "a", "a b", "a\nb"}), "a 'a b' 'a'$'\\n''b'");
  EXPECT_EQ(Print({"%q", ""}), "''");
  EXPECT_EQ(Print({"[%q]"}), "[]");
}

TEST_F(PrintfTest, Integers) {
  EXPECT_EQ(Print({"%d %i %u", "12", "-12", "12"}), "12 -12 12");
  EXPECT_EQ(Print({"%d %d %d", "0x1F", "017", " +5"}), "31 15 5");
  EXPECT_EQ(Print({"%o %x %X %#o %#x", "8", "255", "255", "8", "255"}), "10 ff FF 010 0xff");
  EXPECT_EQ(Print({"[%5d][%-5d][%05d][%+d][% d][%.3d]", "42", "42", "42", "42", "42", "42"}),
            "[   42][42   ][00042][+42][ 42][042]");
  EXPECT_EQ(Print({"%u %x", "-1", "-1"}), "18446744073709551615 ffffffffffffffff");
  EXPECT_EQ(Print({"%d", "-9223372036854775808"}), "-9223372036854775808");
  EXPECT_EQ(Print({"%u", "18446744073709551615"}), "18446744073709551615");
  EXPECT_EQ(Print({"%d|%u|%x"}), "0|0|0");
  EXPECT_EQ(Print({"%ld %lld %hd %jd %zd %td", "1", "2", "3", "4", "5", "6"}), "1 2 3 4 5 6");
  EXPECT_EQ(Print({"%'d %Id", "1234", "5"}), "1234 5");
}

TEST_F(PrintfTest, CharactersAsNumbers) {
  EXPECT_EQ(Print({"%d %d %d %d", "'a", "\"b", "'\u00e9", "'\xff"}), "97 98 233 255");
  EXPECT_EQ(Print({"%.1f", "'a"}), "97.0");
  const Outcome outcome = Run({"%d", "'ab"});
  EXPECT_EQ(outcome.output, "97");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.errors,
            "printf: warning: b: character(s) following character constant have been ignored\n");
  environment = {{"POSIXLY_CORRECT", "1"}};
  EXPECT_EQ(Run({"%d", "'ab"}).errors, "");
}

TEST_F(PrintfTest, WrongNumbers) {
  EXPECT_EQ(Fails({"%d", "abc"}), "0|printf: abc: expected a numeric value\n");
  EXPECT_EQ(Fails({"%d", ""}), "0|printf: '': expected a numeric value\n");
  EXPECT_EQ(Fails({"%d", "'"}), "0|printf: ''\\''': expected a numeric value\n");
  EXPECT_EQ(Fails({"%d", "12abc"}), "12|printf: 12abc: value not completely converted\n");
  EXPECT_EQ(Fails({"%d", "1.5"}), "1|printf: 1.5: value not completely converted\n");
  EXPECT_EQ(Fails({"%d", "0x"}), "0|printf: 0x: value not completely converted\n");
  EXPECT_EQ(Fails({"%d", "08"}), "0|printf: 08: value not completely converted\n");
  EXPECT_EQ(Fails({"%d", "9223372036854775808"}),
            "9223372036854775807|printf: 9223372036854775808: Numerical result out of range\n");
  EXPECT_EQ(Fails({"%d", "-99999999999999999999"}),
            "-9223372036854775808|printf: -99999999999999999999: Numerical result out of range\n");
  EXPECT_EQ(Fails({"%u", "18446744073709551616"}),
            "18446744073709551615|printf: 18446744073709551616: Numerical result out of range\n");
  EXPECT_EQ(Fails({"%f", "1x"}), "1.000000|printf: 1x: value not completely converted\n");
  EXPECT_EQ(Fails({"%f", "1e99999"}), "inf|printf: 1e99999: Numerical result out of range\n");
  EXPECT_EQ(Fails({"%d %d\\n", "x", "2", "3"}).substr(0, 8), "0 2\n3 0\n") << "it goes on";
}

TEST_F(PrintfTest, FloatingPoint) {
  EXPECT_EQ(Print({"%f %.0f %.0f %.0f", "1.5", "0.5", "1.5", "2.5"}), "1.500000 0 2 2");
  EXPECT_EQ(Print({"%.20f", "0.1"}), "0.10000000000000000000");
  EXPECT_EQ(Print({"%g %g %g %G", "100000", "1000000", "1e-5", "1e-10"}),
            "100000 1e+06 1e-05 1E-10");
  EXPECT_EQ(Print({"%+.3e %E", "12345", "1"}), "+1.234e+04 1.000000E+00");
  EXPECT_EQ(Print({"%#.0f %#g %5.1f|%-6.1f|%06.1f", "3", "3", "3.14", "3.14", "-3.14"}),
            "3. 3.00000   3.1|3.1   |-003.1");
  EXPECT_EQ(Print({"%a %A", "12.5", "0.1"}), "0xc.8p+0 0XC.CCCCCCCCCCCCCCDP-7");
  EXPECT_EQ(Print({"%f %F %g", "inf", "-INFINITY", "nan"}), "inf -INF nan");
  EXPECT_EQ(Print({"%.0f", "1e4932"}), "1" + std::string(4932, '0'));
  EXPECT_EQ(Print({"%f|%g"}), "0.000000|0");
  EXPECT_EQ(Print({"%*.*f|", "8", "2", "3.14159"}), "    3.14|");
  EXPECT_EQ(Print({"%Lf", "1"}), "1.000000");
}

TEST_F(PrintfTest, ReusesTheFormat) {
  EXPECT_EQ(Print({"%s-", "a", "b", "c"}), "a-b-c-");
  EXPECT_EQ(Print({"%s %d\\n", "a", "1", "b"}), "a 1\nb 0\n");
  EXPECT_EQ(Print({"x%s", ""}), "x");
  const Outcome outcome = Run({"x\\n", "a b", "c"});
  EXPECT_EQ(outcome.output, "x\n");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.errors, "printf: warning: ignoring excess arguments, starting with 'a b'\n");
}

TEST_F(PrintfTest, NumberedArguments) {
  EXPECT_EQ(Print({"%2$s%1$s\\n", "1", "2"}), "21\n");
  EXPECT_EQ(Print({"%1$s%1$s\\n", "1", "2"}), "11\n22\n");
  EXPECT_EQ(Print({"%s %3$s %s\\n", "A", "B", "C", "D"}), "A C B\nD  \n");
  EXPECT_EQ(Print({"%1$*d\\n", "4", "1"}), "   4\n1\n");
  EXPECT_EQ(Print({"%1$*2$.*3$d", "1", "3", "2"}), " 01");
  EXPECT_EQ(Print({"%3$*.*d", "3", "2", "1"}), " 01");
  EXPECT_EQ(Print({"%1$b|%2$q|%2$c", "\\t", "a b"}), "\t|'a b'|a");
  EXPECT_EQ(Print({"%01$4d", "1"}), "   1");
  EXPECT_EQ(Print({"%1$0*2$d", "1", "4"}), "0001");
  EXPECT_EQ(Print({"e%99999999999999999999$s", "x"}), "e");
  EXPECT_EQ(Fails({"%$d", "1"}), "|printf: '%$': invalid conversion specification\n");
  EXPECT_EQ(Fails({"%-2$s", "1"}), "|printf: '%-2$': invalid conversion specification\n");
}

TEST_F(PrintfTest, WrongSpecifications) {
  for (const char* const wrong : {"%", "%5", "%y", "%5%", "%-", "%#d", "%#s", "%0s", "%0c", "%.1c",
                                  "%'s", "%'x", "%n", "%p", "%l", "%.", "%*", "%#b", "%0q"}) {
    EXPECT_THAT(Fails({std::string("a") + wrong, "1"}), StartsWith("a|printf: ")) << wrong;
    EXPECT_THAT(Fails({std::string("a") + wrong, "1"}),
                HasSubstr("invalid conversion specification\n"))
        << wrong;
  }
  EXPECT_EQ(Fails({"%*d", "2147483648", "1"}), "|printf: 2147483648: invalid field width\n");
  EXPECT_EQ(Fails({"%.*d", "2147483648", "1"}), "|printf: 2147483648: invalid precision\n");
  EXPECT_EQ(Print({"%.*d", "-99999999999", "1"}), "1");
  EXPECT_EQ(Fails({"%2147483648d", "1"}), "|printf: %2147483648: invalid field width\n");
  EXPECT_EQ(Fails({"%.99999999999f", "1"}), "|printf: %.99999999999: invalid precision\n");
}

TEST_F(PrintfTest, WrongEscapes) {
  EXPECT_EQ(Fails({"a\\x"}), "a|printf: missing hexadecimal number in escape\n");
  EXPECT_EQ(Fails({"a%bc", "\\u12"}), "a|printf: missing hexadecimal number in escape\n");
  EXPECT_EQ(Fails({"a\\ud800"}), "a|printf: invalid universal character name \\ud800\n");
}

TEST_F(PrintfTest, Usage) {
  for (const Strings& arguments : {Strings{}, {"--"}}) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.errors, StartsWith("printf: missing operand\nTry "));
  }
  EXPECT_EQ(Print({"--", "--%s", "a"}), "--a");
  EXPECT_EQ(Print({"-n"}), "-n");
  EXPECT_EQ(Print({"%s", "--help"}), "--help");
  EXPECT_THAT(Run({"--help"}).output, StartsWith("Usage: printf [OPTION]\n   or: printf FORMAT"));
  EXPECT_THAT(Run({"--version"}).output, StartsWith("printf (Cation) "));
}

TEST_F(PrintfTest, WideOnes) {
  fault_runs = false;  // 100 writes, each with all its errors
  const Outcome outcome = Run({"%1000000d|%.1000000f", "7", "1"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output.size(), 1000000U + 1 + 1000002);
  EXPECT_EQ(outcome.output.substr(999999, 5), "7|1.0");
}

TEST_F(PrintfTest, EveryFault) {
  const std::size_t faults = ForEachFault(
      {"%s %d\\n", "a", "1"}, "", [] {},
      [](const FaultOutcome& fault) {
        EXPECT_EQ(fault.outcome.status, 1);
        EXPECT_THAT(fault.outcome.errors, ::testing::MatchesRegex("(printf: write error: .*\n)?"));
      });
  EXPECT_GT(faults, 3U);
}

}  // namespace
}  // namespace cation::testing
