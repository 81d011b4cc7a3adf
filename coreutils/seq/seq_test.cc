// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using Strings = std::vector<std::string>;

class SeqTest : public UtilityTestCase {
 protected:
  SeqTest() : UtilityTestCase("seq") {}

  // The lines, with blanks between them.
  std::string Seq(const Strings& arguments) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(outcome.errors, "");
    std::string lines = outcome.output;
    if (lines.empty()) return lines;
    EXPECT_EQ(lines.back(), '\n');
    lines.pop_back();
    for (char& c : lines) {
      if (c == '\n') c = ' ';
    }
    return lines;
  }
  std::string Errors(const Strings& arguments) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.output, "");
    return outcome.errors.substr(0, outcome.errors.find('\n'));
  }
};

TEST_F(SeqTest, WholeNumbers) {
  EXPECT_EQ(Seq({"3"}), "1 2 3");
  EXPECT_EQ(Seq({"0"}), "");
  EXPECT_EQ(Seq({"2", "5"}), "2 3 4 5");
  EXPECT_EQ(Seq({"5", "2"}), "");
  EXPECT_EQ(Seq({"1", "3", "9"}), "1 4 7");
  EXPECT_EQ(Seq({"95", "5", "105"}), "95 100 105");
  EXPECT_EQ(Seq({"1", "100", "350"}), "1 101 201 301");
  EXPECT_EQ(Seq({"98", "101"}), "98 99 100 101");
  EXPECT_EQ(Seq({"000", "002"}), "0 1 2");
  EXPECT_EQ(Seq({"0x8", "0xA"}), "8 9 10");
  EXPECT_EQ(Seq({"1e1", "12"}), "10 11 12");
  EXPECT_EQ(Seq({"1", "1", "1"}), "1");
}

TEST_F(SeqTest, OfAnySize) {
  EXPECT_EQ(Seq({"18446744073709551615", "18446744073709551617"}),
            "18446744073709551615 18446744073709551616 18446744073709551617");
  EXPECT_EQ(Seq({"999999999999999999999999", "1000000000000000000000000"}),
            "999999999999999999999999 1000000000000000000000000");
  EXPECT_EQ(Seq({"1", "9999999999999999999999", "3e22"}),
            "1 10000000000000000000000 19999999999999999999999 29999999999999999999998");
}

TEST_F(SeqTest, DownAndBelowZero) {
  EXPECT_EQ(Seq({"3", "-1", "1"}), "3 2 1");
  EXPECT_EQ(Seq({"1", "-1", "3"}), "");
  EXPECT_EQ(Seq({"-2", "1"}), "-2 -1 0 1");
  EXPECT_EQ(Seq({"2", "-2", "-2"}), "2 0 -2");
  EXPECT_EQ(Seq({"-3", "-1"}), "-3 -2 -1");
  EXPECT_EQ(Seq({"--", "-1", "0"}), "-1 0");
  EXPECT_EQ(Seq({"-1.5", ".5", "-.5"}), "-1.5 -1.0 -0.5");
}

TEST_F(SeqTest, Decimals) {
  EXPECT_EQ(Seq({"0", ".1", "1"}), "0.0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1.0");
  EXPECT_EQ(Seq({"0", "0.000001", "0.000003"}), "0.000000 0.000001 0.000002 0.000003");
  EXPECT_EQ(Seq({"1", "0.5", "3.123"}), "1.0 1.5 2.0 2.5 3.0");
  EXPECT_EQ(Seq({"1.1", "3"}), "1.1 2.1");
  EXPECT_EQ(Seq({"0.1", "-0.1", "-0.2"}), "0.1 0.0 -0.1 -0.2");
  EXPECT_EQ(Seq({"1", "1e-1", "1.2"}), "1.0 1.1 1.2");
  EXPECT_EQ(Seq({"9.95", ".1", "10.2"}), "9.95 10.05 10.15");
  EXPECT_EQ(Seq({"1", "0x.8", "2"}), "1 1.5 2");
}

TEST_F(SeqTest, Separators) {
  EXPECT_EQ(Run({"-s", ", ", "3"}).output, "1, 2, 3\n");
  EXPECT_EQ(Run({"--separator=:", "3"}).output, "1:2:3\n");
  EXPECT_EQ(Run({"-s", "", "3"}).output, "123\n");
  EXPECT_EQ(Run({"-s", "-1", "2"}).output, "1-12\n");
  EXPECT_EQ(Run({"-s:", "2", "-1", "0"}).output, "2:1:0\n");
}

TEST_F(SeqTest, EqualWidth) {
  EXPECT_EQ(Seq({"-w", "8", "11"}), "08 09 10 11");
  EXPECT_EQ(Seq({"--equal-width", "-1", "1"}), "-1 00 01");
  EXPECT_EQ(Seq({"-w", "-10", "5", "10"}), "-10 -05 000 005 010");
  EXPECT_EQ(Seq({"-w", "1", ".5", "2"}), "1.0 1.5 2.0");
  EXPECT_EQ(Seq({"-w", "9", "0.5", "10"}), "09.0 09.5 10.0");
  EXPECT_EQ(Seq({"-w", "1", "003"}), "001 002 003");
  EXPECT_EQ(Seq({"-w", "1", "1e2"}).substr(0, 11), "001 002 003");
  EXPECT_EQ(Run({"-ws:", "9", "10"}).output, "09:10\n");
}

TEST_F(SeqTest, Formats) {
  EXPECT_EQ(Seq({"-f", "%.2f", "2"}), "1.00 2.00");
  EXPECT_EQ(Seq({"--format=x%05gy%%", "2"}), "x00001y% x00002y%");
  EXPECT_EQ(Seq({"-f", "%e", "1"}), "1.000000e+00");
  EXPECT_EQ(Seq({"-f%a", "1"}), "0x8p-3");
  EXPECT_EQ(Seq({"-f", "%-4g|", "1"}), "1   |");
  EXPECT_EQ(Seq({"-f", "%+Lg", "1"}), "+1");
  EXPECT_EQ(Seq({"-f", "%.1f", "0.1", "0.1", "0.3"}), "0.1 0.2 0.3");
  EXPECT_EQ(Seq({"-f", "%.0f", "0.9", "1.5", "2"}), "1 2") << "as GNU: 2.4 looks as the last";
  EXPECT_EQ(Errors({"-f", "x", "1"}), "seq: x: format has no % directive");
  EXPECT_EQ(Errors({"-f", "", "1"}), "seq: '': format has no % directive");
  EXPECT_EQ(Errors({"-f", "%%", "1"}), "seq: %%: format has no % directive");
  EXPECT_EQ(Errors({"-f", "%5", "1"}), "seq: %5: format ends in %");
  EXPECT_EQ(Errors({"-f", "%d", "1"}), "seq: %d: format has an unknown % directive");
  EXPECT_EQ(Errors({"-f", "%g%g", "1"}), "seq: %g%g: format has too many % directives");
  EXPECT_EQ(Errors({"-w", "-f", "%g", "1"}),
            "seq: format string may not be specified when printing equal width strings");
}

// As many digits behind the point would never come to an end.
TEST_F(SeqTest, EndlesslySmall) {
  EXPECT_EQ(Run({"1e-922337203685477580800000000", "1"}).output, "0\n1\n");
  EXPECT_EQ(Run({"-1e-922337203685477580800000000", "1"}).output, "-0\n1\n");
  EXPECT_EQ(Run({"-w", "1e-9999999999", "1"}).output, "0\n1\n");
  EXPECT_EQ(Run({"1e-9223372036854775808"}).output, "");
  EXPECT_EQ(Run({"1", "1e-99999999999", "2"}).status, 1) << "no step at all";
}

TEST_F(SeqTest, WrongOperands) {
  EXPECT_EQ(Errors({}), "seq: missing operand");
  EXPECT_EQ(Errors({"1", "2", "3", "4"}), "seq: 4: extra operand");
  for (const char* const wrong : {"x", "", " ", "1x", "1 ", "--1", "1e99999"}) {
    const Outcome outcome = Run({"1", wrong});
    EXPECT_EQ(outcome.status, 1) << wrong;
    EXPECT_THAT(outcome.errors, ::testing::HasSubstr("invalid floating point argument\n")) << wrong;
  }
  EXPECT_EQ(Errors({"nan"}), "seq: nan: invalid 'not-a-number' argument");
  EXPECT_EQ(Errors({"1", "0", "3"}), "seq: 0: invalid Zero increment value");
  EXPECT_EQ(Errors({"1", "-0.0", "3"}), "seq: -0.0: invalid Zero increment value");
  EXPECT_EQ(Run({"-x", "1"}).status, 1);
  EXPECT_EQ(Run({"1", "-w"}).status, 1) << "options come first";
}

TEST_F(SeqTest, Infinity) {
  EXPECT_EQ(Seq({"1", "inf", "5"}), "1");
  EXPECT_EQ(Seq({"inf", "1"}), "");
  EXPECT_EQ(Seq({"1", "-inf"}), "");
  EXPECT_EQ(Seq({"--", "-inf"}), "");
  fault_runs = false;  // without an end
  EXPECT_EQ(RunInto("/dev/full", {"inf"}).status, 1);
  EXPECT_EQ(RunInto("/dev/full", {"-1", "inf"}).status, 1);
}

TEST_F(SeqTest, MoreThanTheBuffer) {
  fault_runs = false;  // many writes, each with all its errors
  const auto expected = [](int first, int step, int last, const std::string& separator) {
    std::string text;
    for (int i = first; i <= last; i += step)
      text += (i == first ? "" : separator) + std::to_string(i);
    return text + "\n";
  };
  EXPECT_EQ(Run({"100000"}).output, expected(1, 1, 100000, "\n"));
  EXPECT_EQ(Run({"0", "7", "200000"}).output, expected(0, 7, 200000, "\n"));
  EXPECT_EQ(Run({"-s", "abc", "99999", "150001"}).output, expected(99999, 1, 150001, "abc"));
  EXPECT_EQ(Run({"-5", "20000"}).output, expected(-5, 1, 20000, "\n"));
  for (const int last : {8, 9, 10, 11, 19, 20, 99, 100, 101, 999, 1000})
    EXPECT_EQ(Run({"1", std::to_string(last)}).output, expected(1, 1, last, "\n"));
}

TEST_F(SeqTest, EveryFault) {
  for (const Strings& arguments : {Strings{"3"}, {"3", "-1", "1"}, {"-f", "%g", "3"}}) {
    const std::size_t faults = ForEachFault(
        arguments, "", [] {},
        [](const FaultOutcome& fault) {
          EXPECT_EQ(fault.outcome.status, 1);
          EXPECT_THAT(fault.outcome.errors, ::testing::MatchesRegex("(seq: write error: .*\n)?"));
        });
    EXPECT_GT(faults, 3U);
  }
}

}  // namespace
}  // namespace cation::testing
