// SPDX-License-Identifier: MIT
#include "coreutils/support/escape.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cation {
namespace {

using Kind = Escape::Kind;
constexpr EscapeDialect kAll[] = {EscapeDialect::kEcho, EscapeDialect::kPrintfFormat,
                                  EscapeDialect::kPrintfArgument, EscapeDialect::kStat};

// The text with its escapes resolved; "<kind>" where one stands for no bytes, "?" before what is
// unknown.
std::string Resolved(const std::string& text, EscapeDialect dialect) {
  std::string resolved;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '\\') {
      resolved += text[i++];
      continue;
    }
    // A copy of its own: what is read behind the end shows with --config=asan.
    const std::vector<char> rest(text.begin() + static_cast<std::ptrdiff_t>(i), text.end());
    const Escape escape = ReadEscape({rest.data(), rest.size()}, dialect);
    EXPECT_GE(escape.length, 1U);
    EXPECT_LE(escape.length, rest.size());
    i += escape.length;
    const std::string bytes(escape.bytes, escape.size);
    switch (escape.kind) {
      case Kind::kBytes:
        resolved += bytes;
        break;
      case Kind::kStop:
        return resolved + "<stop>";
      case Kind::kUnknown:
        resolved += "?" + bytes;
        break;
      case Kind::kUnfinished:
        EXPECT_EQ(bytes, "\\");
        resolved += "<unfinished>";
        break;
      case Kind::kMissingDigits:
        resolved += "<digits>";
        break;
      case Kind::kWrongCharacter:
        resolved += "<wrong>";
        break;
    }
  }
  return resolved;
}

std::string Echo(const std::string& text) { return Resolved(text, EscapeDialect::kEcho); }
std::string Format(const std::string& text) { return Resolved(text, EscapeDialect::kPrintfFormat); }
std::string Argument(const std::string& text) {
  return Resolved(text, EscapeDialect::kPrintfArgument);
}
std::string Stat(const std::string& text) { return Resolved(text, EscapeDialect::kStat); }

TEST(EscapeTest, LettersThatAllKnow) {
  for (const EscapeDialect dialect : kAll) {
    EXPECT_EQ(Resolved(R"(\a\b\e\f\n\r\t\v\\x)", dialect), "\a\b\033\f\n\r\t\v\\x");
    EXPECT_EQ(Resolved("\\", dialect), "<unfinished>");
    EXPECT_EQ(Resolved("a\\", dialect), "a<unfinished>");
  }
}

TEST(EscapeTest, QuoteAndStop) {
  EXPECT_EQ(Echo(R"(\"\cx)"), R"(?\"<stop>)");
  EXPECT_EQ(Format(R"(\"\cx)"), "\"<stop>");
  EXPECT_EQ(Argument(R"(\"\cx)"), "\"<stop>");
  EXPECT_EQ(Stat(R"(\"\cx)"), "\"?cx");
}

TEST(EscapeTest, OctalNumbers) {
  for (const EscapeDialect dialect : kAll) {
    EXPECT_EQ(Resolved(R"(\101\60\7x\1018\777\401)", dialect), "A0\7xA8\377\1");
    EXPECT_EQ(Resolved(R"(\0)", dialect), std::string(1, '\0'));
    EXPECT_EQ(Resolved(R"(\09)", dialect), std::string("\0009", 2));
  }
  EXPECT_EQ(Echo(R"(\0101\0778\0777\01011)"), "A?8\377A1");
  EXPECT_EQ(Argument(R"(\0101\0778\0777)"), "A?8\377");
  EXPECT_EQ(Format(R"(\0101)"), "\b1");
  EXPECT_EQ(Stat(R"(\0101)"), "\b1");
}

TEST(EscapeTest, HexadecimalNumbers) {
  for (const EscapeDialect dialect : kAll)
    EXPECT_EQ(Resolved(R"(\x41\x4g\xa\xFf1\x0)", dialect), std::string("A\4g\n\3771\0", 7));
  EXPECT_EQ(Echo(R"(\xg\x)"), R"(?\xg?\x)");
  EXPECT_EQ(Stat(R"(\xg\x)"), "?xg?x");
  EXPECT_EQ(Format(R"(\xg)"), "<digits>g");
  EXPECT_EQ(Argument(R"(\x)"), "<digits>");
}

TEST(EscapeTest, Characters) {
  EXPECT_EQ(Format(R"(\u0041\u00e9\u20aCx\U0001F600\u0000)"), std::string("Aé€x😀\0", 12));
  EXPECT_EQ(Argument(R"(\u00a01\U0000007f)"), "\u00a01\x7f");
  EXPECT_EQ(Format(R"(\uffff\U0010ffff)"), "\uffff\U0010ffff");
  EXPECT_EQ(Format(R"(\U00110000\U7fffaBcd1)"), R"(\U00110000\U7FFFABCD1)") << "as GNU has it";
  EXPECT_EQ(Format(R"(\ud800)"), "<wrong>");
  EXPECT_EQ(Format(R"(\udFFF)"), "<wrong>");
  EXPECT_EQ(Format(R"(\U0000dabc)"), "<wrong>");
  EXPECT_EQ(Format(R"(\ue000)"), "\ue000");
  EXPECT_EQ(Format(R"(\u00e)"), "<digits>");
  EXPECT_EQ(Format(R"(\u)"), "<digits>");
  EXPECT_EQ(Format(R"(\U0001F60g)"), "<digits>g");
  EXPECT_EQ(Echo(R"(\u0041)"), R"(?\u0041)");
  EXPECT_EQ(Stat(R"(\u0041)"), "?u0041");
}

TEST(EscapeTest, UnknownOnes) {
  for (const char letter : std::string("'%?89AdghijklmopqswyzN \n\xff")) {
    const std::string text = std::string("\\") + letter;
    EXPECT_EQ(Echo(text), "?" + text);
    EXPECT_EQ(Format(text), "?" + text);
    EXPECT_EQ(Argument(text), "?" + text);
    EXPECT_EQ(Stat(text), std::string("?") + letter);
  }
}

TEST(EscapeTest, EncodesUtf8) {
  const auto encoded = [](std::uint32_t code_point) {
    char bytes[4];
    return std::string(bytes, EncodeUtf8(code_point, bytes));
  };
  EXPECT_EQ(encoded(0x7f), "\x7f");
  EXPECT_EQ(encoded(0x80), "\u0080");
  EXPECT_EQ(encoded(0x7ff), "\u07ff");
  EXPECT_EQ(encoded(0x800), "\u0800");
  EXPECT_EQ(encoded(0xffff), "\uffff");
  EXPECT_EQ(encoded(0x10000), "\U00010000");
  EXPECT_EQ(encoded(0x10ffff), "\U0010ffff");
  EXPECT_EQ(encoded(0x110000), "");
  EXPECT_EQ(encoded(0xffffffff), "");
}

}  // namespace
}  // namespace cation
