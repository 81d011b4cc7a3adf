// SPDX-License-Identifier: MIT
#include "coreutils/support/pager/layout.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "coreutils/support/testing/test_case.h"

namespace cation::pager {
namespace {

using ::testing::ElementsAre;
using Strings = std::vector<std::string>;

class LayoutTest : public ::testing::Test {
 protected:
  // The rows of `text`, and that going back gives the same ones.
  Strings Rows(const std::string& text, Regex* highlight = nullptr) {
    Document document;
    document.Open(StringView(text.data(), text.size()));
    Layout layout(document, style_);
    Strings rows;
    std::vector<Row> places;
    Row row;
    for (bool more = !text.empty(); more;) {
      String out;
      Row next;
      more = layout.Next(row, &next, &out, highlight);
      rows.emplace_back(out.c_str(), out.size());
      places.push_back(row);
      EXPECT_GT(next.at, row.at);
      row = next;
    }
    Layout other(document, style_);
    for (std::size_t i = places.size(); i > 1; --i) {
      Row previous;
      EXPECT_TRUE(other.Previous(places[i - 1], &previous));
      EXPECT_EQ(previous.at, places[i - 2].at);
      EXPECT_EQ(previous.line, places[i - 2].line);
      const Row found = other.RowAt(places[i - 1].at);
      EXPECT_EQ(found.at, places[i - 1].at);
    }
    Row none;
    EXPECT_FALSE(other.Previous(Row{}, &none));
    return rows;
  }

  Style style_{.width = 10};
};

TEST_F(LayoutTest, LinesAndRows) {
  EXPECT_THAT(Rows("a\n\nbc\n"), ElementsAre("a", "", "bc"));
  EXPECT_THAT(Rows("a\nlast"), ElementsAre("a", "last"));
  EXPECT_THAT(Rows(""), ElementsAre());
  EXPECT_THAT(Rows("\n"), ElementsAre(""));
  EXPECT_THAT(Rows("0123456789abcde\nx\n"), ElementsAre("0123456789", "abcde", "x"));
  EXPECT_THAT(Rows("0123456789\nx\n"), ElementsAre("0123456789", "x")) << "no empty row after it";
}

TEST_F(LayoutTest, Tabs) {
  EXPECT_THAT(Rows("a\tb\n\tc\n"), ElementsAre("a       b", "        c"));
  style_.tab = 4;
  EXPECT_THAT(Rows("a\tb\n"), ElementsAre("a   b"));
}

TEST_F(LayoutTest, WhatATerminalWouldActOn) {
  style_.width = 40;
  EXPECT_THAT(Rows("a\001b\033[31m\n"), ElementsAre("a\033[7m^A\033[mb\033[7mESC\033[m[31m"));
  EXPECT_THAT(Rows("\xff\n"), ElementsAre("\033[7m<FF>\033[m"));
  EXPECT_THAT(Rows("\xc2\x9bx\n"), ElementsAre("\033[7m<C2><9B>\033[mx"));
  EXPECT_THAT(Rows(std::string("\0\x7f\n", 3)), ElementsAre("\033[7m^@^?\033[m"));
  EXPECT_THAT(Rows("\xe2\x82"), ElementsAre("\033[7m<E2><82>\033[m"));
  EXPECT_THAT(Rows("a\r\nb\rc\n"), ElementsAre("a", "b\033[7m^M\033[mc"));
  style_.raw = true;
  EXPECT_THAT(Rows("a\001\033[5n\xff\n"), ElementsAre("a\001\033[5n\xff"));
  style_.raw = false;
  style_.plain = true;
  EXPECT_THAT(Rows("a\001\033[31m\n"), ElementsAre("a^AESC[31m"));
}

TEST_F(LayoutTest, WideCharacters) {
  style_.width = 5;
  EXPECT_THAT(Rows("漢字漢字\n"), ElementsAre("漢字", "漢字"));
  EXPECT_THAT(Rows("aü€b\n"), ElementsAre("aü€b"));
  EXPECT_THAT(Rows("e\u0301xxxx\ny\n"), ElementsAre("e\u0301xxxx", "y"));
}

TEST_F(LayoutTest, StruckOver) {
  style_.width = 40;
  EXPECT_THAT(Rows("a\bab_\bc\n"), ElementsAre("\033[1ma\033[mb\033[4mc\033[m"));
  EXPECT_THAT(Rows("a\bb\n"), ElementsAre("a\033[7m^H\033[mb"));
  style_.strikes = false;
  EXPECT_THAT(Rows("a\ba\n"), ElementsAre("a\033[7m^H\033[ma"));
}

TEST_F(LayoutTest, Colors) {
  style_.colors = true;
  EXPECT_THAT(Rows("\033[31m0123456789ab\033[mc\nd\n"),
              ElementsAre("\033[31m0123456789\033[m", "\033[31mab\033[mc", "d"))
      << "on the next row they go on";
  EXPECT_THAT(Rows("\033[5nx\n"), ElementsAre("\033[7mESC\033[m[5nx"));
}

TEST_F(LayoutTest, Chopped) {
  style_.chop = true;
  EXPECT_THAT(Rows("0123456789abc\n\nx\n"), ElementsAre("0123456789", "", "x"));
  style_.shift = 5;
  EXPECT_THAT(Rows("0123456789abcdefgh\nabc\na\tbcdefg"),
              ElementsAre("56789abcde", "", "   bcdefg"));
}

TEST_F(LayoutTest, Squeezed) {
  style_.squeeze = true;
  EXPECT_THAT(Rows("a\n\n\n\nb\n\nc\n\n\n"), ElementsAre("a", "", "b", "", "c", ""));
  EXPECT_THAT(Rows("\n\n\nb\n"), ElementsAre("", "b"));
}

TEST_F(LayoutTest, Numbers) {
  style_.numbers = true;
  style_.width = 18;
  EXPECT_THAT(Rows("a\n0123456789bc\nd\n"),
              ElementsAre("      1 a", "      2 0123456789", "        bc", "      3 d"));
}

TEST_F(LayoutTest, Matches) {
  style_.width = 20;
  Regex regex;
  ASSERT_TRUE(regex.Compile("b+", false, Regex::Syntax::kExtended).ok());
  EXPECT_THAT(Rows("abbcb\nx\n", &regex), ElementsAre("a\033[7mbb\033[mc\033[7mb\033[m", "x"));
  ASSERT_TRUE(regex.Compile("x*", false, Regex::Syntax::kExtended).ok());
  EXPECT_THAT(Rows("ab\n", &regex), ElementsAre("ab")) << "there is nothing of an empty match";
}

TEST_F(LayoutTest, NarrowScreens) {
  style_.width = 1;
  Rows("\tab\001漢\n");
  style_.width = 3;
  Rows("\tab\001\xff漢\n\n");
}

TEST_F(LayoutTest, LinesWithoutEnd) {
  // Longer than what is looked at for a line's start; it begins anywhere in the first part.
  style_.width = 50'000;
  for (const std::size_t before : {0, 1, 100'000, 262'143, 262'144, 300'000}) {
    std::string text(before, 'a');
    if (before != 0) text.back() = '\n';
    text += std::string(900'000, 'x') + "\ny\n";
    std::string joined;
    for (const std::string& row : Rows(text)) joined += row;
    std::erase(text, '\n');
    EXPECT_EQ(joined, text) << before;
  }
}

}  // namespace
}  // namespace cation::pager
