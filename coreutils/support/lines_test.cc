// SPDX-License-Identifier: MIT
//
// Against the plainest loops, at many sizes, densities and alignments.
#include "coreutils/support/lines.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace cation {
namespace {

std::string RandomText(std::size_t size, unsigned one_in, char end, std::mt19937& random) {
  std::string text(size, 'x');
  for (char& c : text) c = random() % one_in == 0 ? end : static_cast<char>(random());
  return text;
}

template <typename Check>
void ForManyTexts(Check check) {
  std::mt19937 random(7);
  for (const std::size_t size : {0U, 1U, 2U, 31U, 32U, 33U, 63U, 64U, 65U, 1000U, 1023U, 1024U,
                                 1025U, 5000U, 8159U, 8160U, 8161U, 20000U}) {
    for (const unsigned one_in : {1U, 2U, 50U, 5000U}) {
      for (const char end : {'\n', '\0', '\xff'}) {
        for (std::size_t offset = 0; offset < 3; ++offset) {
          const std::string text = RandomText(size + offset, one_in, end, random);
          check(StringView(text.data() + offset, size), end);
        }
      }
    }
  }
}

TEST(LinesTest, Counts) {
  ForManyTexts([](StringView text, char end) {
    EXPECT_EQ(CountLines(text, end),
              static_cast<std::size_t>(std::count(text.begin(), text.end(), end)));
  });
}

TEST(LinesTest, SkipsAndFinds) {
  ForManyTexts([](StringView text, char end) {
    const auto lines = static_cast<uint64_t>(std::count(text.begin(), text.end(), end));
    for (const uint64_t wanted :
         {uint64_t{0}, uint64_t{1}, uint64_t{2}, lines / 2, lines, lines + 1, UINT64_MAX}) {
      std::size_t behind = 0;
      uint64_t seen = 0;
      while (behind < text.size() && seen < wanted) seen += text[behind++] == end ? 1 : 0;
      uint64_t count = wanted;
      EXPECT_EQ(SkipLines(text, end, count), behind) << wanted << " of " << lines;
      EXPECT_EQ(count, wanted - seen);

      if (wanted == 0) continue;
      std::size_t begin = text.size();
      uint64_t missing = wanted;
      while (begin != 0) {
        if (text[begin - 1] == end && --missing == 0) break;
        --begin;
      }
      count = wanted;
      EXPECT_EQ(FindLastLines(text, end, count), begin) << wanted << " of " << lines;
      EXPECT_EQ(count, missing);
    }
  });
}

}  // namespace
}  // namespace cation
