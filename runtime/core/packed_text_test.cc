// SPDX-License-Identifier: MIT
#include "runtime/core/packed_text.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace cation {
namespace {

std::string Unpacked(const char* packed, StringView name = {}) {
  String text;
  EXPECT_TRUE(AppendUnpacked(text, packed, name).ok());
  return text.c_str();
}

TEST(PackedTextTest, GivesTheTextBack) {
  EXPECT_EQ(Unpacked(PackedText<"">()), "");
  EXPECT_EQ(Unpacked(PackedText<"x">()), "x");
  EXPECT_EQ(Unpacked(PackedText<"  -n, --number=LINES       print the first LINES lines\n">()),
            "  -n, --number=LINES       print the first LINES lines\n");
  EXPECT_EQ(Unpacked(PackedText<"\t\x7f ~!@#$%^&*()_+{}|:\"<>?`-=[]\\;',./\n">()),
            "\t\x7f ~!@#$%^&*()_+{}|:\"<>?`-=[]\\;',./\n");
  EXPECT_EQ(Unpacked(PackedText<"aaaaaaa        eeeeee  thethethe">()),
            "aaaaaaa        eeeeee  thethethe");
}

TEST(PackedTextTest, AppendsBehindWhatIsThere) {
  String text;
  ASSERT_TRUE(text.Append("a: ").ok());
  ASSERT_TRUE(AppendUnpacked(text, PackedText<"No such file or directory">()).ok());
  EXPECT_STREQ(text.c_str(), "a: No such file or directory");
}

TEST(PackedTextTest, TheNameIsBytes) {
  const char* const packed = PackedText<"option '--\1' and '--\1'">();
  EXPECT_EQ(Unpacked(packed, "name"), "option '--name' and '--name'");
  EXPECT_EQ(Unpacked(packed, "\x80\xff\1%"), "option '--\x80\xff\1%' and '--\x80\xff\1%'");
  EXPECT_EQ(Unpacked(packed, {}), "option '--' and '--'");
}

TEST(PackedTextTest, IsSmaller) {
  EXPECT_LT(std::strlen(PackedText<"print this help and exit">()), 17U);
  EXPECT_LT(std::strlen(PackedText<"                ">()), 4U);
}

// Each entry: a number, and a text of which no byte may be packed together with the number.
constexpr packing::Literal kEntries("  \0e  e\0th the\0");

TEST(PackedTextTest, NumbersOfEntriesStayAsTheyAre) {
  std::string numbers;
  std::string texts;
  for (const char* entry = packing::Packer<kEntries, true>::Get(); *entry != '\0';
       entry += std::strlen(entry) + 1) {
    numbers += *entry;
    texts += Unpacked(entry + 1) + "|";
  }
  EXPECT_EQ(numbers, " et");
  EXPECT_EQ(texts, " |  e|h the|");
}

TEST(PackedTextTest, NoTokenIsLostOrTooLong) {
  for (const packing::Tokens::Token& token : packing::kTokens.tokens) {
    EXPECT_GE(token.size, 2U);
    EXPECT_LE(token.size, packing::Tokens::kLongest);
    EXPECT_EQ(std::string(token.text, token.size).find('\1'), std::string::npos);
  }
}

}  // namespace
}  // namespace cation
