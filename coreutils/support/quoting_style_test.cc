// SPDX-License-Identifier: MIT
#include "coreutils/support/quoting_style.h"

#include <gtest/gtest.h>

#include <string>

namespace cation {
namespace {

std::string Quote(const std::string& name, QuotingStyle style, const char* also = "") {
  const StringView view(name.data(), name.size());
  String text;
  EXPECT_TRUE(AppendInStyle(text, view, style, also).ok());
  const std::string quoted(text.view().data(), text.size());
  EXPECT_EQ(NeedsQuoting(view, style, also), quoted != name) << name;
  return quoted;
}

TEST(QuotingStyleTest, Plain) {
  for (const char* const name : {"a", "a.b-c_d", "\xc3\xa4", "a#b", "a~", "a{b}", "a]b", "@x"}) {
    EXPECT_EQ(Quote(name, QuotingStyle::kLiteral), name);
    EXPECT_EQ(Quote(name, QuotingStyle::kShell), name);
    EXPECT_EQ(Quote(name, QuotingStyle::kShellEscape), name);
    EXPECT_EQ(Quote(name, QuotingStyle::kEscape), name);
    EXPECT_EQ(Quote(name, QuotingStyle::kCMaybe), name);
    EXPECT_EQ(Quote(name, QuotingStyle::kShellAlways), "'" + std::string(name) + "'");
    EXPECT_EQ(Quote(name, QuotingStyle::kShellEscapeAlways), "'" + std::string(name) + "'");
    EXPECT_EQ(Quote(name, QuotingStyle::kC), "\"" + std::string(name) + "\"");
    EXPECT_EQ(Quote(name, QuotingStyle::kLocale), "\u2018" + std::string(name) + "\u2019");
  }
}

TEST(QuotingStyleTest, ForShells) {
  EXPECT_EQ(Quote("a b", QuotingStyle::kShellEscape), "'a b'");
  EXPECT_EQ(Quote("", QuotingStyle::kShellEscape), "''");
  EXPECT_EQ(Quote("#", QuotingStyle::kShellEscape), "'#'");
  EXPECT_EQ(Quote("{", QuotingStyle::kShellEscape), "'{'");
  EXPECT_EQ(Quote("a\\b", QuotingStyle::kShellEscape), "'a\\b'");
  EXPECT_EQ(Quote("it's", QuotingStyle::kShellEscape), "\"it's\"");
  EXPECT_EQ(Quote("it's $x", QuotingStyle::kShellEscape), "'it'\\''s $x'");
  EXPECT_EQ(Quote("a\nb", QuotingStyle::kShellEscape), "'a'$'\\n''b'");
  EXPECT_EQ(Quote("a\nb", QuotingStyle::kShell), "'a\nb'");
  EXPECT_EQ(Quote("\x01\x02", QuotingStyle::kShellEscape), "''$'\\001\\002'");
  EXPECT_EQ(Quote("\x01", QuotingStyle::kShell), "\x01");
  EXPECT_EQ(Quote("\xff", QuotingStyle::kShellEscape), "''$'\\377'");
  EXPECT_EQ(Quote("\xc2\x9b", QuotingStyle::kShellEscape), "''$'\\302\\233'");
  EXPECT_EQ(Quote("a=b", QuotingStyle::kShellEscape), "'a=b'");
  EXPECT_EQ(Quote("a@b", QuotingStyle::kShellEscape, "@"), "'a@b'");
}

TEST(QuotingStyleTest, ForC) {
  EXPECT_EQ(Quote("a\"b\\c\n\x7f", QuotingStyle::kC), "\"a\\\"b\\\\c\\n\\177\"");
  EXPECT_EQ(Quote("a\"b c\\\t", QuotingStyle::kEscape, " "), "a\"b\\ c\\\\\\t");
  EXPECT_EQ(Quote("\a\b\f\v\r", QuotingStyle::kEscape), "\\a\\b\\f\\v\\r");
  EXPECT_EQ(Quote("a\u2019b", QuotingStyle::kLocale), "\u2018a\\\u2019b\u2019");
  EXPECT_EQ(Quote("a\"", QuotingStyle::kCMaybe), "\"a\\\"\"");
}

TEST(QuotingStyleTest, QuestionMarksAndWidths) {
  const auto mark = [](StringView name) {
    String text;
    EXPECT_TRUE(AppendWithQuestionMarks(text, name).ok());
    return std::string(text.view().data(), text.size());
  };
  EXPECT_EQ(mark("a\x1b[31m\xff\xfe\u00e4"), "a?[31m??\u00e4");
  EXPECT_EQ(mark("cut\xe3\x81"), "cut?");
  EXPECT_EQ(mark("\xe3\x81x"), "??x");
  EXPECT_EQ(mark("\xc2\x9b"), "?");
  EXPECT_EQ(WidthOf("abc"), 3U);
  EXPECT_EQ(WidthOf("\u65e5\u672ce\u0301"), 5U);
  EXPECT_EQ(WidthOf("\xff\xfe"), 2U);
  EXPECT_EQ(WidthOf("a\tb"), 2U);
}

}  // namespace
}  // namespace cation
