// SPDX-License-Identifier: MIT
#include "coreutils/support/quote.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <random>
#include <string>

namespace cation {
namespace {

std::string Quoted(const std::string& name) {
  String text;
  EXPECT_TRUE(AppendQuoted(text, {name.data(), name.size()}).ok());
  return text.c_str();
}

TEST(QuoteTest, PlainNamesStayAsTheyAre) {
  for (const char* const name :
       {"a", "a.b-c_d", "dir/file", "+x", "a~", "caf\xc3\xa9", "100%", "a,b", "a@b"})
    EXPECT_EQ(Quoted(name), name);
}

TEST(QuoteTest, ShellCharactersAreQuoted) {
  EXPECT_EQ(Quoted(""), "''");
  EXPECT_EQ(Quoted("a b"), "'a b'");
  EXPECT_EQ(Quoted("it's"), "'it'\\''s'");
  EXPECT_EQ(Quoted("$HOME"), "'$HOME'");
  EXPECT_EQ(Quoted("~root"), "'~root'");
  EXPECT_EQ(Quoted("a:b"), "'a:b'") << "a colon would end the operand in a message";
}

TEST(QuoteTest, ControlBytesAndBrokenUtf8AreSpelledOut) {
  EXPECT_EQ(Quoted("a\nb"), "$'a\\nb'");
  EXPECT_EQ(Quoted("\t"), "$'\\t'");
  EXPECT_EQ(Quoted("\x1b[31m"), "$'\\033[31m'");
  EXPECT_EQ(Quoted("\x7f"), "$'\\177'");
  EXPECT_EQ(Quoted("\xff'\\"), "$'\\377\\'\\\\'");
  EXPECT_EQ(Quoted("\xc2\x9b"), "$'\\302\\233'") << "a control character of two bytes";
  EXPECT_EQ(Quoted("\xc3"), "$'\\303'");
  EXPECT_EQ(Quoted("\xed\xa0\x80"), "$'\\355\\240\\200'") << "a surrogate";
  EXPECT_EQ(Quoted("\xc0\xaf"), "$'\\300\\257'") << "an overlong slash";
}

TEST(QuoteTest, AlwaysInQuotes) {
  String text;
  ASSERT_TRUE(AppendInQuotes(text, "a").ok());
  EXPECT_STREQ(text.c_str(), "'a'");
}

TEST(QuoteTest, ShellsReadBackWhatWasQuoted) {
  std::mt19937 random(7);
  for (int round = 0; round < 40; ++round) {
    std::string name(1 + random() % 20, ' ');
    for (char& c : name) c = static_cast<char>(1 + random() % 255);
    const std::string command = "bash -c \"$COMMAND\"";
    ASSERT_EQ(::setenv("COMMAND", ("printf %s " + Quoted(name)).c_str(), 1), 0);
    FILE* const shell = ::popen(command.c_str(), "r");
    ASSERT_NE(shell, nullptr);
    std::string back(100, '\0');
    back.resize(::fread(back.data(), 1, back.size(), shell));
    ::pclose(shell);
    EXPECT_EQ(back, name) << Quoted(name);
  }
}

TEST(Utf8Test, DecodesShortestFormsOnly) {
  uint32_t code_point = 0;
  EXPECT_EQ(DecodeUtf8("A", &code_point), 1U);
  EXPECT_EQ(code_point, 0x41U);
  EXPECT_EQ(DecodeUtf8("\xe2\x82\xacx", &code_point), 3U);
  EXPECT_EQ(code_point, 0x20acU);
  EXPECT_EQ(DecodeUtf8("\xf0\x9f\x98\x80", &code_point), 4U);
  EXPECT_EQ(code_point, 0x1f600U);
  for (const char* const broken :
       {"\x80", "\xc1\x81", "\xe0\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82"}) {
    EXPECT_EQ(DecodeUtf8(broken, nullptr), 0U);
  }
}

}  // namespace
}  // namespace cation
