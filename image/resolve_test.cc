// SPDX-License-Identifier: MIT
#include "image/resolve.h"

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "image/testing/memory_tree.h"

namespace cation::image {
namespace {

class ResolveTest : public testing::Test {
 protected:
  ResolveTest() {
    tree_.AddFile("usr/bin/ls", "x");
    tree_.AddLink("bin", "/usr/bin");
    tree_.AddLink("sbin", "usr/../../../bin");
    tree_.AddLink("loop", "loop/x");
    tree_.AddLink("usr/bin/dir", "ls");
    tree_.AddLink("root/host", "/scheme/9p.hostshare");
    tree_.AddLink("old", "file:/usr");
    tree_.AddLink("up", "../../../../..");
  }

  std::string At(const std::string& path, bool follow_last = true) {
    const absl::StatusOr<std::string> resolved = Resolve(tree_, path, follow_last);
    return resolved.ok() ? *resolved
                         : std::string(absl::StatusCodeToString(resolved.status().code()));
  }

  MemoryTree tree_;
};

TEST_F(ResolveTest, FollowsLinksInsideTheTree) {
  EXPECT_EQ(At("/bin/ls"), "usr/bin/ls");
  EXPECT_EQ(At("bin//./ls"), "usr/bin/ls");
  EXPECT_EQ(At("/sbin/dir"), "usr/bin/ls");
  EXPECT_EQ(At("/sbin/dir", false), "usr/bin/dir");
  EXPECT_EQ(At("/bin", false), "bin");
}

TEST_F(ResolveTest, NeverLeavesTheTree) {
  EXPECT_EQ(At("../../../etc/passwd"), "etc/passwd");
  EXPECT_EQ(At("up/usr"), "usr");
  EXPECT_EQ(At("/"), "");
  EXPECT_EQ(At(""), "");
}

TEST_F(ResolveTest, WhatIsNotThereYetCanBeNamed) {
  EXPECT_EQ(At("bin/new/er"), "usr/bin/new/er");
  EXPECT_EQ(At("bin/new/../er"), "INVALID_ARGUMENT");
}

TEST_F(ResolveTest, RefusesWhatIsNoWay) {
  EXPECT_EQ(At("loop"), "FAILED_PRECONDITION");
  EXPECT_EQ(At("usr/bin/ls/x"), "FAILED_PRECONDITION");
  EXPECT_EQ(At(std::string("a\0b", 3)), "INVALID_ARGUMENT");
}

TEST_F(ResolveTest, LinksToSchemesAreNoPartOfTheImage) {
  EXPECT_EQ(At("root/host/x"), "FAILED_PRECONDITION");
  EXPECT_EQ(At("root/host", false), "root/host");
  EXPECT_EQ(At("old/bin"), "FAILED_PRECONDITION");
}

TEST(IsCanonicalTest, Forms) {
  for (const char* good : {"", "a", "a/b", "...", "a b/ c"}) EXPECT_TRUE(IsCanonical(good)) << good;
  for (const char* bad : {"/", "/a", "a/", "a//b", ".", "a/./b", "..", "a/.."}) {
    EXPECT_FALSE(IsCanonical(bad)) << bad;
  }
}

TEST(PathsTest, ParentNameAndJoin) {
  EXPECT_EQ(ParentOf("a/b/c"), "a/b");
  EXPECT_EQ(ParentOf("a"), "");
  EXPECT_EQ(NameOf("a/b"), "b");
  EXPECT_EQ(NameOf("a"), "a");
  EXPECT_EQ(JoinPath("", "a"), "a");
  EXPECT_EQ(JoinPath("a", "b"), "a/b");
}

}  // namespace
}  // namespace cation::image
