// SPDX-License-Identifier: MIT
#include "coreutils/support/pattern.h"

#include <fnmatch.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

namespace cation {
namespace {

bool Matches(const std::string& pattern, const std::string& name,
             LeadingDot dot = LeadingDot::kIsPlain) {
  return MatchesPattern({pattern.data(), pattern.size()}, {name.data(), name.size()}, dot);
}

TEST(PatternTest, EachElement) {
  EXPECT_TRUE(Matches("*.txt", "a.txt"));
  EXPECT_FALSE(Matches("*.txt", "a.txt~"));
  EXPECT_TRUE(Matches("a?c", "abc"));
  EXPECT_TRUE(Matches("[a-c]x[!0-9]", "bxz"));
  EXPECT_FALSE(Matches("[a-c]x[^0-9]", "bx5"));
  EXPECT_TRUE(Matches("[[:digit:][:upper:]]*", "X1"));
  EXPECT_TRUE(Matches("[]a]", "]"));
  EXPECT_TRUE(Matches("\\*", "*"));
  EXPECT_FALSE(Matches("\\*", "x"));
  EXPECT_TRUE(Matches("[", "["));
  EXPECT_FALSE(Matches("a\\", "a"));
  EXPECT_TRUE(Matches("", ""));
  EXPECT_FALSE(Matches("", "a"));
  EXPECT_TRUE(Matches("**", ""));
}

TEST(PatternTest, CharactersOfSeveralBytesAreOne) {
  EXPECT_TRUE(Matches("?", "\xc3\xa4"));
  EXPECT_FALSE(Matches("??", "\xc3\xa4"));
  EXPECT_TRUE(Matches("[\xc3\xa0-\xc3\xaf]", "\xc3\xa4"));
  EXPECT_TRUE(Matches("?", "\xff"));
  EXPECT_TRUE(Matches("*\xff*", "a\xff\xfe"));
}

TEST(PatternTest, ALeadingDotIsLiteralForShells) {
  EXPECT_FALSE(Matches("*", ".a", LeadingDot::kIsLiteral));
  EXPECT_FALSE(Matches("?a", ".a", LeadingDot::kIsLiteral));
  EXPECT_FALSE(Matches("[.]a", ".a", LeadingDot::kIsLiteral));
  EXPECT_TRUE(Matches(".*", ".a", LeadingDot::kIsLiteral));
  EXPECT_TRUE(Matches("\\.*", ".a", LeadingDot::kIsLiteral));
  EXPECT_TRUE(Matches("a*", "a.b", LeadingDot::kIsLiteral));
}

TEST(PatternTest, ManyStarsTakeNoTime) {
  const std::string name(4000, 'a');
  EXPECT_FALSE(Matches("*a*a*a*a*a*a*a*a*a*a*a*a*b", name));
}

TEST(PatternTest, AsTheHost) {
  std::mt19937 random(7);
  const std::string pattern_letters = "ab*?.*[]!-\\";
  const std::string name_letters = "ab.-]";
  for (int i = 0; i < 50000; ++i) {
    std::string pattern;
    std::string name;
    for (unsigned n = random() % 7; n > 0; --n)
      pattern += pattern_letters[random() % pattern_letters.size()];
    for (unsigned n = random() % 6; n > 0; --n)
      name += name_letters[random() % name_letters.size()];
    // What a backslash at the end, or in an open set, means is not defined.
    if (pattern.find('[') != std::string::npos && pattern.find('\\') != std::string::npos) continue;
    if (!pattern.empty() && pattern.back() == '\\') continue;
    // Nor is a range that ends before it begins, or at ].
    if (pattern.find('[') != std::string::npos && pattern.find('-') != std::string::npos) continue;
    EXPECT_EQ(Matches(pattern, name), ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0)
        << pattern << " " << name;
    EXPECT_EQ(Matches(pattern, name, LeadingDot::kIsLiteral),
              ::fnmatch(pattern.c_str(), name.c_str(), FNM_PERIOD) == 0)
        << pattern << " " << name;
  }
}

}  // namespace
}  // namespace cation
