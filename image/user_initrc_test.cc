// SPDX-License-Identifier: MIT
#include "image/user_initrc.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "image/testing/memory_tree.h"

namespace cation::image {
namespace {

constexpr char kLine[] = "test -f /etc/xdg/ion/initrc && source /etc/xdg/ion/initrc";

TEST(UserInitrcTest, TheLineGoesInFrontAndOutAgain) {
  EXPECT_EQ(InitrcLineText(), kLine);
  std::string why;
  for (const std::string& text : {std::string(), std::string("a"), std::string("a\nb\n"),
                                  std::string("if true\n"), std::string("\xff\n")}) {
    const auto with = PutInitrcLineIn(text, why);
    ASSERT_TRUE(with.has_value()) << text;
    EXPECT_EQ(*with, std::string(kLine) + "\n" + text);
    EXPECT_EQ(TakeInitrcLineOut(*with), text);
    EXPECT_FALSE(PutInitrcLineIn(*with, why).has_value());
    EXPECT_EQ(why, "");
  }
  EXPECT_EQ(PutInitrcLineIn("a\r\nb\r\n", why), std::string(kLine) + "\r\na\r\nb\r\n");
  EXPECT_EQ(TakeInitrcLineOut(std::string(kLine) + "\r\na\r\nb\r\n"), "a\r\nb\r\n");
}

TEST(UserInitrcTest, TheLineIsTakenOutWhereverItIs) {
  EXPECT_EQ(TakeInitrcLineOut(std::string("a\n ") + kLine + "\t\nb"), "a\nb");
  EXPECT_EQ(TakeInitrcLineOut(std::string("a\n") + kLine), "a\n");
  EXPECT_FALSE(TakeInitrcLineOut("a\n").has_value());
  EXPECT_FALSE(TakeInitrcLineOut(std::string("# ") + kLine + "\n").has_value());
  EXPECT_FALSE(TakeInitrcLineOut("source /etc/xdg/ion/initrc\n").has_value()) << "not ours";
}

TEST(UserInitrcTest, WhatIsLeftAlone) {
  std::string why;
  EXPECT_FALSE(PutInitrcLineIn("a\nsource '/etc/xdg/ion/initrc'\n", why).has_value());
  EXPECT_EQ(why, "");
  for (const std::string& text :
       {std::string("\xef\xbb\xbftrue\n"), std::string("a\0b", 3), std::string(1 << 21, 'a')}) {
    EXPECT_FALSE(PutInitrcLineIn(text, why).has_value());
    EXPECT_NE(why, "");
  }
}

TEST(UserInitrcTest, WhereTheyAre) {
  MemoryTree tree;
  EXPECT_TRUE(FindUserInitrcs(tree)->empty());
  tree.AddFile("root/.config/ion/initrc", "");
  tree.AddFile("home/b/.config/ion/initrc", "");
  tree.AddFile("home/c/dotfiles/initrc", "");
  tree.AddDirectory("home/c/.config/ion");
  tree.AddLink("home/c/.config/ion/initrc", "../../dotfiles/initrc");
  tree.AddDirectory("home/d");
  tree.AddFile("home/file", "");
  tree.AddFile("etc/xdg/ion/initrc", "");
  tree.AddDirectory("home/e/.config/ion");
  tree.AddLink("home/e/.config/ion/initrc", "/etc/xdg/ion/initrc");
  tree.AddDirectory("home/f/.config/ion/initrc");
  tree.AddLink("home/g", "/scheme/9p.hostshare/g");
  tree.AddLink("home/h", "b");
  tree.AddDirectory("home/i/.config/ion");
  tree.AddLink("home/i/.config/ion/initrc", "nowhere");
  const auto found = FindUserInitrcs(tree);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(*found, (std::vector<std::string>{"home/b/.config/ion/initrc", "home/c/dotfiles/initrc",
                                              "root/.config/ion/initrc"}));
}

}  // namespace
}  // namespace cation::image
