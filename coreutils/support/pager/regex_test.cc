// SPDX-License-Identifier: MIT
#include "coreutils/support/pager/regex.h"

#include <gtest/gtest.h>
#include <regex.h>

#include <chrono>
#include <string>

namespace cation::pager {
namespace {

// "[start,end)", "-" without a match, or the error.
std::string Find(const std::string& pattern, const std::string& text, bool ignore_case = false,
                 Regex::Syntax syntax = Regex::Syntax::kExtended) {
  Regex regex;
  const Result<void> made = regex.Compile({pattern.data(), pattern.size()}, ignore_case, syntax);
  if (!made.ok()) return made.error() == abi::kEINVAL ? "EINVAL" : "ENOMEM";
  Regex::Match match;
  const StringView view(text.data(), text.size());
  const bool found = regex.Find(view, 0, &match);
  EXPECT_EQ(regex.Matches(view), found) << pattern << " in " << text;
  if (!found) return "-";
  return "[" + std::to_string(match.start) + "," + std::to_string(match.end) + ")";
}

TEST(RegexTest, FindsTheFirstAndLongest) {
  EXPECT_EQ(Find("b", "abc"), "[1,2)");
  EXPECT_EQ(Find("b*", "abbc"), "[0,0)");
  EXPECT_EQ(Find("ab*", "xabbc"), "[1,4)");
  EXPECT_EQ(Find("ab|abcd|abc", "xabcd"), "[1,5)");
  EXPECT_EQ(Find("^b", "ab"), "-");
  EXPECT_EQ(Find("^a", "ab"), "[0,1)");
  EXPECT_EQ(Find("b$", "bab"), "[2,3)");
  EXPECT_EQ(Find("^$", ""), "[0,0)");
  EXPECT_EQ(Find("^$", "a"), "-");
  EXPECT_EQ(Find("$", "ab"), "[2,2)");
}

TEST(RegexTest, AgreesWithTheSystems) {
  for (const char* const pattern :
       {"a",          "a.c",         "a*",          "(ab)+",        "(ab|cd)*e",
        "[abc]+",     "[^abc]",      "[a-c]x?",     "x{2}",         "x{2,}",
        "x{1,3}y",    "(a|b){2}",    "^(a|b)*$",    "[[:digit:]]+", "[[:alpha:]_][[:alnum:]]*",
        "\\.",        "\\*",         "a|b|",        "()",           "(a*)*",
        "(a*)+b",     "[]a]",        "[^]a]",       "[a-]",         "a?b?c?",
        "((a)|(b))c", "[[:space:]]", "[[:upper:]]", "x{0,1}y",      "a+b+",
        "(^a)|b$",    "x{0,2}"}) {
    for (const char* const text : {"", "a", "abc", "ababcd", "cdabe", "xxy", "xxx", "a.c*", "]",
                                   "-", "_x9", "A b", "12ab", "bbaab", "aaaa", "zzz", "xyzzy"}) {
      for (const bool ignore_case : {false, true}) {
        regex_t system;
        ASSERT_EQ(regcomp(&system, pattern, REG_EXTENDED | (ignore_case ? REG_ICASE : 0)), 0)
            << pattern;
        regmatch_t match;
        const std::string wanted =
            regexec(&system, text, 1, &match, 0) != 0
                ? "-"
                : "[" + std::to_string(match.rm_so) + "," + std::to_string(match.rm_eo) + ")";
        regfree(&system);
        EXPECT_EQ(Find(pattern, text, ignore_case), wanted) << pattern << " in " << text;
      }
    }
  }
}

TEST(RegexTest, BasicOnesAgreeWithTheSystems) {
  for (const char* const pattern : {"a",
                                    "a.c",
                                    "a*",
                                    "*a",
                                    "\\(ab\\)*c",
                                    "\\(*a\\)",
                                    "^*a",
                                    "\\(^a\\)",
                                    "a^b",
                                    "a$b",
                                    "^a$",
                                    "x\\{2\\}",
                                    "x\\{2,\\}",
                                    "x\\{1,2\\}y",
                                    "x\\{0\\}y",
                                    "a+",
                                    "a?",
                                    "(a)",
                                    "a|b",
                                    "{",
                                    "a{2}",
                                    "[*(]",
                                    "[[:digit:]]\\{2\\}",
                                    "a\\+b",
                                    "ab\\?c",
                                    "ab\\|cd",
                                    "\\.",
                                    "\\*",
                                    "\\(a\\|b\\)\\{2\\}",
                                    "^",
                                    "$",
                                    "a\\{0,1\\}b",
                                    "[[:punct:]]",
                                    "[^[:alnum:]]",
                                    "\\(a$\\)",
                                    "[a-c]*x"}) {
    for (const char* const text : {"", "a", "abc", "ababc", "a+b", "*a", "(a)", "a|b", "a^b", "a$b",
                                   "xx", "xxy", "a{2}", "a?", "12", "cd", "a.c*", "bbx", "{"}) {
      for (const bool ignore_case : {false, true}) {
        regex_t system;
        ASSERT_EQ(regcomp(&system, pattern, ignore_case ? REG_ICASE : 0), 0) << pattern;
        regmatch_t match;
        const std::string wanted =
            regexec(&system, text, 1, &match, 0) != 0
                ? "-"
                : "[" + std::to_string(match.rm_so) + "," + std::to_string(match.rm_eo) + ")";
        regfree(&system);
        EXPECT_EQ(Find(pattern, text, ignore_case, Regex::Syntax::kBasic), wanted)
            << pattern << " in " << text;
      }
    }
  }
  for (const char* const wrong : {"\\(", "a\\)", "\\(a\\)\\1", "[", "[[:none:]]", "\\"})
    EXPECT_EQ(Find(wrong, "a", false, Regex::Syntax::kBasic), "EINVAL") << wrong;
}

TEST(RegexTest, Classes) {
  // Each byte of ASCII, as the system has it.
  for (const char* const name : {"alpha", "digit", "alnum", "upper", "lower", "space", "blank",
                                 "cntrl", "print", "graph", "punct", "xdigit"}) {
    const std::string pattern = "[[:" + std::string(name) + ":]]";
    regex_t system;
    ASSERT_EQ(regcomp(&system, pattern.c_str(), REG_NOSUB), 0);
    for (int byte = 1; byte < 128; ++byte) {
      const std::string text(1, static_cast<char>(byte));
      EXPECT_EQ(Find(pattern, text) != "-", regexec(&system, text.c_str(), 0, nullptr, 0) == 0)
          << name << " " << byte;
    }
    regfree(&system);
  }
}

TEST(RegexTest, CharactersOfUtf8) {
  EXPECT_EQ(Find("a.c", "aüc"), "[0,4)");
  EXPECT_EQ(Find("^.$", "€"), "[0,3)");
  EXPECT_EQ(Find("[^x]", "€"), "[0,3)");
  EXPECT_EQ(Find("ü+", "xüü"), "[1,5)");
  EXPECT_EQ(Find("^.$", "\xff"), "[0,1)");
}

TEST(RegexTest, Literal) {
  EXPECT_EQ(Find("a.c", "abc a.c", false, Regex::Syntax::kLiteral), "[4,7)");
  EXPECT_EQ(Find("A.C", "abc a.c", true, Regex::Syntax::kLiteral), "[4,7)");
  EXPECT_EQ(Find("[", "a[", false, Regex::Syntax::kLiteral), "[1,2)");
}

TEST(RegexTest, WrongPatterns) {
  for (const char* const wrong :
       {"[", "[a", "(", "(a", "a)", ")", "\\", "[z-a]", "[[:alpha:]", "a(b(c)"})
    EXPECT_EQ(Find(wrong, "a"), "EINVAL") << wrong;
  EXPECT_EQ(Find(std::string(1000, '('), "a"), "EINVAL");
  EXPECT_EQ(Find("(((x{255}){255}){255}){255}", "a"), "ENOMEM");
  Regex regex;
  ASSERT_TRUE(regex.Compile("b", false, Regex::Syntax::kExtended).ok());
  EXPECT_FALSE(regex.Compile("(", false, Regex::Syntax::kExtended).ok());
  EXPECT_TRUE(regex.Matches("abc")) << "what was there before stays";
}

TEST(RegexTest, TimeIsBounded) {
  const auto start = std::chrono::steady_clock::now();
  const std::string text(200'000, 'a');
  Regex regex;
  ASSERT_TRUE(regex.Compile("(a*)*(a|aa)*(a?){30}b", false, Regex::Syntax::kExtended).ok());
  EXPECT_FALSE(regex.Matches({text.data(), text.size()}));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

}  // namespace
}  // namespace cation::pager
