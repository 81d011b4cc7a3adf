// SPDX-License-Identifier: MIT
#include "coreutils/support/decimal.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>

#include "coreutils/support/number_format.h"

namespace cation {
namespace {

struct Parsed {
  Decimal value;
  std::size_t size = 0;
  bool out_of_range = false;
};

Parsed Parse(const std::string& text) {
  Parsed parsed;
  const Result<std::size_t> size =
      parsed.value.Parse({text.data(), text.size()}, &parsed.out_of_range);
  EXPECT_TRUE(size.ok());
  parsed.size = size.value();
  return parsed;
}

std::string ToString(const Decimal& value) {
  std::string text = value.negative() ? "-" : "";
  if (value.kind() == Decimal::Kind::kInfinite) return text + "inf";
  if (value.kind() == Decimal::Kind::kNotANumber) return text + "nan";
  return text + "." + std::string(value.digits().data(), value.digits().size()) + "e" +
         std::to_string(value.exponent());
}

std::string ParsedTo(const std::string& text) {
  const Parsed parsed = Parse(text);
  return ToString(parsed.value) + " " + std::to_string(parsed.size);
}

// As printf() would write it.
std::string Format(const std::string& format, const std::string& number) {
  NumberFormat how;
  std::size_t at = 1;
  for (;; ++at) {
    if (format[at] == '-')
      how.left = true;
    else if (format[at] == '+')
      how.plus = true;
    else if (format[at] == ' ')
      how.space = true;
    else if (format[at] == '#')
      how.alternate = true;
    else if (format[at] == '0')
      how.zero = true;
    else
      break;
  }
  while (format[at] >= '0' && format[at] <= '9')
    how.width = how.width * 10 + static_cast<unsigned>(format[at++] - '0');
  if (format[at] == '.') {
    how.precision = 0;
    for (++at; format[at] >= '0' && format[at] <= '9'; ++at)
      how.precision = how.precision * 10 + (format[at] - '0');
  }
  how.conversion = format[at];
  NumberText text;
  if (std::string("diouxX").find(how.conversion) != std::string::npos) {
    const bool negative = number[0] == '-';
    EXPECT_TRUE(FormatInteger(std::strtoull(number.c_str() + (negative ? 1 : 0), nullptr, 0),
                              negative, how, text)
                    .ok());
  } else {
    Decimal value = Parse(number).value;
    EXPECT_TRUE(FormatDecimal(value, how, text).ok());
  }
  std::string written = std::string(text.before.c_str()) + text.body.c_str() +
                        std::string(text.zeros, '0') + text.behind.c_str();
  EXPECT_EQ(written.size(), text.size());
  if (written.size() >= how.width) return written;
  const std::size_t missing = how.width - written.size();
  if (how.left) return written + std::string(missing, ' ');
  if (how.zero && text.may_fill) return written.insert(text.before.size(), missing, '0');
  return std::string(missing, ' ') + written;
}

TEST(DecimalTest, ParsesDecimals) {
  EXPECT_EQ(ParsedTo("0"), ".e0 1");
  EXPECT_EQ(ParsedTo("1"), ".1e1 1");
  EXPECT_EQ(ParsedTo("  +12.50x"), ".125e2 8");
  EXPECT_EQ(ParsedTo("-.005"), "-.5e-2 5");
  EXPECT_EQ(ParsedTo("5."), ".5e1 2");
  EXPECT_EQ(ParsedTo("000100.00100"), ".100001e3 12");
  EXPECT_EQ(ParsedTo("1e3"), ".1e4 3");
  EXPECT_EQ(ParsedTo("1E-3"), ".1e-2 4");
  EXPECT_EQ(ParsedTo("1e"), ".1e1 1");
  EXPECT_EQ(ParsedTo("1e+"), ".1e1 1");
  EXPECT_EQ(ParsedTo("1.2.3"), ".12e1 3");
  EXPECT_EQ(ParsedTo("-0"), "-.e0 2");
  EXPECT_EQ(ParsedTo("0e5"), ".e0 3");
  for (const char* const text : {"", " ", "+", "-", ".", "e5", "x", ".e1", "- 1", "i", "n"})
    EXPECT_EQ(Parse(text).size, 0U) << text;
}

TEST(DecimalTest, ParsesHexadecimals) {
  EXPECT_EQ(ParsedTo("0x10"), ".16e2 4");
  EXPECT_EQ(ParsedTo("0x.8"), ".5e0 4");
  EXPECT_EQ(ParsedTo("-0X1.8P3x"), "-.12e2 8");
  EXPECT_EQ(ParsedTo("0x1p-2"), ".25e0 6");
  EXPECT_EQ(ParsedTo("0x1p"), ".1e1 3");
  EXPECT_EQ(ParsedTo("0x"), ".e0 1");
  EXPECT_EQ(ParsedTo("0xg"), ".e0 1");
  EXPECT_EQ(ParsedTo("0x00ff"), ".255e3 6");
  EXPECT_EQ(ParsedTo("0x" + std::string(100, '0') + "1." + std::string(100, '0')), ".1e1 204");
  EXPECT_EQ(Format("%.0f", "0x1" + std::string(80, '0') + "p-320"), "1");
  EXPECT_EQ(Format("%.0f", "0xffffffffffffffffffffffff"), "79228162514264337593543950335");
}

TEST(DecimalTest, WhatIsNoNumber) {
  EXPECT_EQ(ParsedTo("inf"), "inf 3");
  EXPECT_EQ(ParsedTo("-INFINITYx"), "-inf 9");
  EXPECT_EQ(ParsedTo("infinit"), "inf 3");
  EXPECT_EQ(ParsedTo("NaN"), "nan 3");
  EXPECT_EQ(ParsedTo("nan(12ab_)"), "nan 10");
  EXPECT_EQ(ParsedTo("nan(1"), "nan 3");
}

TEST(DecimalTest, Range) {
  EXPECT_FALSE(Parse("1.18973149535723176502e4932").out_of_range);
  EXPECT_TRUE(Parse("1.1897314953572317651e4932").out_of_range);
  for (const char* const large :
       {"1e4933", "1e99999", "-1e99999999999999999999", "0x1p16384", "0x1p99999"}) {
    EXPECT_TRUE(Parse(large).out_of_range) << large;
    EXPECT_EQ(Parse(large).value.kind(), Decimal::Kind::kInfinite) << large;
  }
  for (const char* const small : {"1e-4952", "1e-99999999999999999999", "0x1p-99999", "-1e-9999"}) {
    EXPECT_TRUE(Parse(small).out_of_range) << small;
    EXPECT_TRUE(Parse(small).value.IsZero()) << small;
  }
  EXPECT_FALSE(Parse("4e-4932").out_of_range);
  EXPECT_FALSE(Parse("0e999999").out_of_range);
  EXPECT_EQ(Format("%.0f", "1e4932"), "1" + std::string(4932, '0'));
}

TEST(DecimalTest, RoundsHalfToEven) {
  for (const auto& [number, rounded] :
       std::initializer_list<std::pair<const char*, const char*>>{{"0.5", "0"},
                                                                  {"1.5", "2"},
                                                                  {"2.5", "2"},
                                                                  {"3.5", "4"},
                                                                  {"0.51", "1"},
                                                                  {"2.50001", "3"},
                                                                  {"9.5", "10"},
                                                                  {"99.5", "100"},
                                                                  {"0.49", "0"},
                                                                  {"0.04", "0"},
                                                                  {"-0.5", "-0"}})
    EXPECT_EQ(Format("%.0f", number), rounded) << number;
  EXPECT_EQ(Format("%.2f", "0.125"), "0.12");
  EXPECT_EQ(Format("%.2f", "0.135"), "0.14");
  EXPECT_EQ(Format("%.2f", "0.005"), "0.00");
  EXPECT_EQ(Format("%.2f", "0.015"), "0.02");
  EXPECT_EQ(Format("%.2f", "0.0051"), "0.01");
  EXPECT_EQ(Format("%.3e", "9999.5"), "1.000e+04");
}

TEST(DecimalTest, NoSurprises) {
  EXPECT_EQ(Format("%.30f", "0.1"), "0.100000000000000000000000000000");
  EXPECT_EQ(Format("%.20f", "123456789012345678901234567890.5"),
            "123456789012345678901234567890.50000000000000000000");
}

TEST(DecimalTest, Fixed) {
  EXPECT_EQ(Format("%f", "0"), "0.000000");
  EXPECT_EQ(Format("%f", "1"), "1.000000");
  EXPECT_EQ(Format("%5.1f|", "3.14159"), "  3.1");
  EXPECT_EQ(Format("%#.0f", "3"), "3.");
  EXPECT_EQ(Format("%08.2f", "-3.14159"), "-0003.14");
  EXPECT_EQ(Format("%-8.2f", "3.14159"), "3.14    ");
  EXPECT_EQ(Format("%+f", "1"), "+1.000000");
  EXPECT_EQ(Format("% f", "1"), " 1.000000");
  EXPECT_EQ(Format("%010f", "inf"), "       inf");
  EXPECT_EQ(Format("%F", "-nan"), "-NAN");
  EXPECT_EQ(Format("%f", "1e-7"), "0.000000");
  EXPECT_EQ(Format("%.10f", "1e-7"), "0.0000001000");
}

TEST(DecimalTest, Scientific) {
  EXPECT_EQ(Format("%e", "0"), "0.000000e+00");
  EXPECT_EQ(Format("%+.3e", "12345.678"), "+1.235e+04");
  EXPECT_EQ(Format("%.0e", "12345"), "1e+04");
  EXPECT_EQ(Format("%#.0e", "12345"), "1.e+04");
  EXPECT_EQ(Format("%E", "1e-100"), "1.000000E-100");
  EXPECT_EQ(Format("%.1e", "1e1000"), "1.0e+1000");
}

TEST(DecimalTest, General) {
  EXPECT_EQ(Format("%g", "100000"), "100000");
  EXPECT_EQ(Format("%g", "1000000"), "1e+06");
  EXPECT_EQ(Format("%g", "1e-5"), "1e-05");
  EXPECT_EQ(Format("%g", "0.0001"), "0.0001");
  EXPECT_EQ(Format("%g", "0"), "0");
  EXPECT_EQ(Format("%#g", "1"), "1.00000");
  EXPECT_EQ(Format("%#g", "0"), "0.00000");
  EXPECT_EQ(Format("%#g", "1e10"), "1.00000e+10");
  EXPECT_EQ(Format("%.3g", "1234.5"), "1.23e+03");
  EXPECT_EQ(Format("%.0g", "0.00012"), "0.0001");
  EXPECT_EQ(Format("%g", "999999.5"), "1e+06");
  EXPECT_EQ(Format("%G", "1e-10"), "1E-10");
}

TEST(DecimalTest, Integers) {
  EXPECT_EQ(Format("%d", "0"), "0");
  EXPECT_EQ(Format("%.0d", "0"), "");
  EXPECT_EQ(Format("%+.0d", "0"), "+");
  EXPECT_EQ(Format("%5d", "-42"), "  -42");
  EXPECT_EQ(Format("%05d", "-42"), "-0042");
  EXPECT_EQ(Format("%05.3d", "-42"), " -042");
  EXPECT_EQ(Format("%#x", "255"), "0xff");
  EXPECT_EQ(Format("%#X", "255"), "0XFF");
  EXPECT_EQ(Format("%#x", "0"), "0");
  EXPECT_EQ(Format("%#o", "8"), "010");
  EXPECT_EQ(Format("%#o", "0"), "0");
  EXPECT_EQ(Format("%#.0o", "0"), "0");
  EXPECT_EQ(Format("%u", "18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(Format("%#010x", "255"), "0x000000ff");
}

// What the C library makes of values that it holds exactly.
TEST(DecimalTest, AsTheCLibrary) {
  std::mt19937_64 random(11);
  const char* const formats[] = {"%f",       "%.0f",    "%.3f", "%#.0f", "%e",    "%.0e",
                                 "%.12e",    "%g",      "%.3g", "%#g",   "%.17g", "%.60f",
                                 "%+020.4f", "%-25.2e", "%G",   "% .1f"};
  for (int round = 0; round < 3000; ++round) {
    const double value =
        static_cast<double>(static_cast<std::int64_t>(random()) >> (random() % 60)) /
        static_cast<double>(std::uint64_t{1} << (random() % 50));
    char exact[400];
    std::snprintf(exact, sizeof(exact), "%.80f", value);
    const char* const format = formats[random() % std::size(formats)];
    char expected[400];
    std::snprintf(expected, sizeof(expected), format, value);
    ASSERT_EQ(Format(format, exact), expected) << format << " " << exact;
    char hexadecimal[60];
    std::snprintf(hexadecimal, sizeof(hexadecimal), "%a", value);
    ASSERT_EQ(Format(format, hexadecimal), expected) << hexadecimal;
  }
}

TEST(DecimalTest, BinaryAsTheCLibrary) {
  if (std::numeric_limits<long double>::digits != 64)
    GTEST_SKIP() << "the C library's long double has other digits here";
  std::mt19937_64 random(13);
  for (int round = 0; round < 2000; ++round) {
    char text[60];
    std::snprintf(text, sizeof(text), "%d.%06de%d", static_cast<int>(random() % 2000) - 1000,
                  static_cast<int>(random() % 1000000), static_cast<int>(random() % 200) - 100);
    const long double value = std::strtold(text, nullptr);
    char expected[100];
    std::snprintf(expected, sizeof(expected), "%La", value);
    ASSERT_EQ(Format("%a", text), expected) << text;
    std::snprintf(expected, sizeof(expected), "%.20La", value);
    ASSERT_EQ(Format("%.20a", text), expected) << text;
    for (int precision = 0; precision < 16; precision += 5) {
      std::snprintf(expected, sizeof(expected), "%.*La", precision, value);
      ASSERT_EQ(Format("%." + std::to_string(precision) + "a", text), expected) << text;
    }
  }
}

TEST(DecimalTest, Binary) {
  EXPECT_EQ(Format("%a", "0"), "0x0p+0");
  EXPECT_EQ(Format("%a", "1"), "0x8p-3");
  EXPECT_EQ(Format("%a", "12.5"), "0xc.8p+0");
  EXPECT_EQ(Format("%A", "-0.1"), "-0XC.CCCCCCCCCCCCCCDP-7");
  EXPECT_EQ(Format("%.2a", "0"), "0x0.00p+0");
  EXPECT_EQ(Format("%012a", "1"), "0x0000008p-3");
  EXPECT_EQ(Format("%a", "0x1p16383"), "0x8p+16380");
  EXPECT_EQ(Format("%a", "18446744073709551615.75"), "0x8p+61") << "rounded up to 2^64";
}

TEST(DecimalTest, Adds) {
  std::mt19937_64 random(17);
  const auto number = [&] {
    char text[60];
    std::snprintf(text, sizeof(text), "%lld.%04d",
                  static_cast<long long>(random() >> (random() % 60)) - (1LL << (random() % 40)),
                  static_cast<int>(random() % 10000));
    return std::string(text);
  };
  const auto as_integer = [](std::string text) {
    text.erase(text.find('.'), 1);
    __int128 value = 0;
    const bool negative = text[0] == '-';
    for (const char c : text) {
      if (c != '-') value = value * 10 + (c - '0');
    }
    return negative ? -value : value;
  };
  for (int round = 0; round < 5000; ++round) {
    const std::string a = number();
    const std::string b = number();
    Decimal sum = Parse(a).value;
    const Decimal other = Parse(b).value;
    const __int128 whole = as_integer(a) + as_integer(b);
    ASSERT_EQ(Compare(sum, other) < 0, as_integer(a) < as_integer(b)) << a << " " << b;
    ASSERT_EQ(Compare(sum, other) == 0, as_integer(a) == as_integer(b)) << a << " " << b;
    ASSERT_TRUE(sum.Add(other).ok());
    Decimal expected;
    const __int128 size = whole < 0 ? -whole : whole;
    char digits[60];
    std::snprintf(digits, sizeof(digits), "%s%llu%015llue-4", whole < 0 ? "-" : "",
                  static_cast<unsigned long long>(size / 1'000'000'000'000'000),
                  static_cast<unsigned long long>(size % 1'000'000'000'000'000));
    expected = Parse(digits).value;
    ASSERT_EQ(Compare(sum, expected), 0) << a << " + " << b << ": " << ToString(sum);
  }
  Decimal infinite = Parse("inf").value;
  ASSERT_TRUE(infinite.Add(Parse("-inf").value).ok());
  EXPECT_EQ(infinite.kind(), Decimal::Kind::kNotANumber);
}

}  // namespace
}  // namespace cation
