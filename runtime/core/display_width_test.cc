// SPDX-License-Identifier: MIT
#include "runtime/core/display_width.h"

#include <gtest/gtest.h>
#include <locale.h>
#include <wchar.h>

namespace cation {
namespace {

TEST(DisplayWidthTest, KnownCharacters) {
  EXPECT_EQ(DisplayWidth('a'), 1U);
  EXPECT_EQ(DisplayWidth(' '), 1U);
  EXPECT_EQ(DisplayWidth(0), 0U);
  EXPECT_EQ(DisplayWidth('\n'), 0U);
  EXPECT_EQ(DisplayWidth(0x7f), 0U);
  EXPECT_EQ(DisplayWidth(0x9f), 0U);
  EXPECT_EQ(DisplayWidth(0xa0), 1U);
  EXPECT_EQ(DisplayWidth(0xe4), 1U);     // ä
  EXPECT_EQ(DisplayWidth(0x301), 0U);    // combining acute accent
  EXPECT_EQ(DisplayWidth(0x200d), 0U);   // zero width joiner
  EXPECT_EQ(DisplayWidth(0x20ac), 1U);   // €
  EXPECT_EQ(DisplayWidth(0x3042), 2U);   // あ
  EXPECT_EQ(DisplayWidth(0x65e5), 2U);   // 日
  EXPECT_EQ(DisplayWidth(0xac00), 2U);   // 가
  EXPECT_EQ(DisplayWidth(0xff21), 2U);   // Ａ
  EXPECT_EQ(DisplayWidth(0xff71), 1U);   // ｱ, half width
  EXPECT_EQ(DisplayWidth(0x1f44d), 2U);  // 👍
  EXPECT_EQ(DisplayWidth(0x20000), 2U);
  EXPECT_EQ(DisplayWidth(0xe0100), 0U);
  EXPECT_EQ(DisplayWidth(0x10ffff), 1U);
}

// The host may know another edition of Unicode: a few new characters may differ, no more.
TEST(DisplayWidthTest, AsHost) {
  if (::setlocale(LC_ALL, "C.UTF-8") == nullptr) GTEST_SKIP() << "the host has no C.UTF-8";
  int known = 0;
  int different = 0;
  for (uint32_t code_point = 0xa0; code_point <= 0x10ffff; ++code_point) {
    const int width = ::wcwidth(static_cast<wchar_t>(code_point));
    if (width < 0) continue;
    ++known;
    if (DisplayWidth(code_point) != static_cast<unsigned>(width)) ++different;
  }
  ::setlocale(LC_ALL, "C");
  EXPECT_GT(known, 100000);
  EXPECT_LT(different, known / 500);
}

}  // namespace
}  // namespace cation
