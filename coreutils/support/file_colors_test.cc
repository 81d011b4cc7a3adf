// SPDX-License-Identifier: MIT
#include "coreutils/support/file_colors.h"

#include <gtest/gtest.h>

#include <string>

namespace cation {
namespace {

std::string Text(StringView text) {
  return text.data() == nullptr ? "(none)" : std::string(text.data(), text.size());
}

TEST(FileColorsTest, Defaults) {
  const FileColors colors;
  EXPECT_EQ(Text(colors[FileColor::kDirectory]), "01;34");
  EXPECT_EQ(Text(colors[FileColor::kLeft]), "\033[");
  EXPECT_EQ(Text(colors[FileColor::kClear]), "\033[K");
  EXPECT_EQ(Text(colors[FileColor::kOrphan]), "(none)");
  EXPECT_EQ(Text(colors[FileColor::kFile]), "(none)");
  EXPECT_TRUE(colors.Shows(FileColor::kExecutable));
  EXPECT_FALSE(colors.Shows(FileColor::kReset));
  EXPECT_FALSE(colors.links_as_targets());
  EXPECT_EQ(Text(colors.CodeOfSuffix("a.tar")), "(none)");
}

TEST(FileColorsTest, KeysAndEscapes) {
  FileColors colors;
  char key[2];
  ASSERT_EQ(colors.Parse("di=1:ex=00:ln=target:fi=\\e\\x41\\101\\_\\?^[^?\\\\\\::cl=", key),
            FileColors::Fault::kNone);
  EXPECT_EQ(Text(colors[FileColor::kDirectory]), "1");
  EXPECT_FALSE(colors.Shows(FileColor::kExecutable));
  EXPECT_TRUE(colors.links_as_targets());
  EXPECT_EQ(Text(colors[FileColor::kFile]), "\033AA \177\033\177\\:");
  EXPECT_EQ(Text(colors[FileColor::kClear]), "");
}

TEST(FileColorsTest, TheLastSuffixCounts) {
  FileColors colors;
  char key[2];
  ASSERT_EQ(colors.Parse("*.gz=1:*.tar.gz=2:*README=3:*.TXT=4:*.txt=5:*.C=6:*.c=6", key),
            FileColors::Fault::kNone);
  EXPECT_EQ(Text(colors.CodeOfSuffix("a.gz")), "1");
  EXPECT_EQ(Text(colors.CodeOfSuffix("a.tar.gz")), "2");
  EXPECT_EQ(Text(colors.CodeOfSuffix("A.TAR.GZ")), "2");
  EXPECT_EQ(Text(colors.CodeOfSuffix("README")), "3");
  // Two that differ in case alone, and in their codes.
  EXPECT_EQ(Text(colors.CodeOfSuffix("a.TXT")), "4");
  EXPECT_EQ(Text(colors.CodeOfSuffix("a.txt")), "5");
  EXPECT_EQ(Text(colors.CodeOfSuffix("a.Txt")), "(none)");
  EXPECT_EQ(Text(colors.CodeOfSuffix("a.C")), "6");
}

TEST(FileColorsTest, SupersededSuffixTakesNothing) {
  FileColors colors;
  char key[2];
  ASSERT_EQ(colors.Parse("*.jpg=2:*.jpg=1:*.JPG=2", key), FileColors::Fault::kNone);
  EXPECT_EQ(Text(colors.CodeOfSuffix("a.jpg")), "1");
  EXPECT_EQ(Text(colors.CodeOfSuffix("a.JPG")), "2");
  EXPECT_EQ(Text(colors.CodeOfSuffix("a.JpG")), "(none)");
}

TEST(FileColorsTest, WrongValues) {
  for (const char* const text : {"d", "di", "di:", "*.c", "*.c:", "di=\\", "di=^", "*\\=1"}) {
    FileColors colors;
    char key[2];
    EXPECT_EQ(colors.Parse(text, key), FileColors::Fault::kSyntax) << text;
  }
  FileColors colors;
  char key[2];
  EXPECT_EQ(colors.Parse("di=1:xy=2", key), FileColors::Fault::kKey);
  EXPECT_EQ(std::string(key, 2), "xy");
}

TEST(FileColorsTest, Terminals) {
  EXPECT_TRUE(TerminalHasColors("xterm-256color"));
  EXPECT_TRUE(TerminalHasColors("linux"));
  EXPECT_FALSE(TerminalHasColors("dumb"));
  EXPECT_FALSE(TerminalHasColors(""));
  EXPECT_FALSE(TerminalHasColors(nullptr));
}

}  // namespace
}  // namespace cation
