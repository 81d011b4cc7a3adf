// SPDX-License-Identifier: MIT
#include "image/planned_tree.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "image/resolve.h"
#include "image/testing/memory_tree.h"
#include "image/testing/random_changes.h"
#include "image/tree.h"

namespace cation::image {
namespace {

using absl::StatusCode;
using testing::ElementsAre;

std::unique_ptr<PlannedTree> MustPlan(Tree& tree, const std::vector<Change>& changes) {
  absl::StatusOr<std::unique_ptr<PlannedTree>> planned = PlannedTree::Make(tree, changes);
  EXPECT_TRUE(planned.ok()) << planned.status();
  return planned.ok() ? *std::move(planned) : nullptr;
}

TEST(PlannedTreeTest, ShowsWhatWillBe) {
  MemoryTree tree;
  tree.AddFile("usr/bin/rm", "old", 0755);
  tree.AddFile("usr/bin/other", "other", 0755);
  tree.AddLink("bin", "usr/bin");
  const auto planned =
      MustPlan(tree, {{Change::Action::kWriteFile, "usr/bin/cation", {.mode = 0755}, "new"},
                      {Change::Action::kMakeLink, "usr/bin/rm", {}, "", "cation"},
                      {Change::Action::kRemove, "usr/bin/other"},
                      {Change::Action::kMakeDirectory, "etc", {.mode = 0700}},
                      {Change::Action::kSetAttributes, "usr/bin", {.mode = 0711}}});
  EXPECT_THAT(*planned->List(""), ElementsAre("bin", "etc", "usr"));
  EXPECT_THAT(*planned->List("usr/bin"), ElementsAre("cation", "rm"));
  EXPECT_EQ(*planned->Read(*Resolve(*planned, "/bin/rm", true)), "new");
  EXPECT_EQ(planned->Look("usr/bin")->attributes.mode, 0711);
  EXPECT_EQ(planned->Look("usr/bin/other").status().code(), StatusCode::kNotFound);
  EXPECT_EQ(planned->Apply({}).code(), StatusCode::kUnimplemented);
  // The tree beneath is as it was.
  EXPECT_EQ(*tree.Read("usr/bin/rm"), "old");
  EXPECT_EQ(tree.applied(), 0);
}

TEST(PlannedTreeTest, WhatIsInTheWayOfAnOldNameIsSeen) {
  MemoryTree tree;
  tree.AddFile("a/b", "file");
  // The file a/b becomes a directory, the directory a a file.
  auto planned = MustPlan(tree, {{Change::Action::kRemove, "a/b"},
                                 {Change::Action::kMakeDirectory, "a/b", {.mode = 0755}},
                                 {Change::Action::kWriteFile, "a/b/c", {.mode = 0644}, "new"}});
  EXPECT_EQ(*planned->Read("a/b/c"), "new");
  EXPECT_EQ(planned->Look("a/b/d").status().code(), StatusCode::kNotFound);
  planned = MustPlan(tree, {{Change::Action::kRemove, "a/b"},
                            {Change::Action::kRemove, "a"},
                            {Change::Action::kWriteFile, "a", {.mode = 0644}, "new"}});
  EXPECT_EQ(planned->Look("a/b").status().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(*planned->Read("a"), "new");
}

TEST(PlannedTreeTest, OfAFileWithOtherAttributesTheContentShowsThrough) {
  MemoryTree tree;
  tree.AddFile("a", "content", 0644);
  const auto planned = MustPlan(tree, {{Change::Action::kSetAttributes, "a", {.mode = 0600}}});
  EXPECT_EQ(*planned->Read("a"), "content");
  EXPECT_EQ(planned->Look("a")->attributes.mode, 0600);
  EXPECT_EQ(planned->Look("a")->size, 7);
}

TEST(PlannedTreeTest, IsWhatApplyingWouldGive) {
  RandomChanges random(5);
  int planned_count = 0;
  for (int round = 0; round < 300; ++round) {
    MemoryTree tree;
    for (int i = 0; i < 6; ++i) (void)tree.Apply(random.Next());
    MemoryTree after;
    for (const auto& [path, node] : tree.nodes()) {
      if (path.empty()) {
        (void)after.Apply({{Change::Action::kSetAttributes, "", node.entry.attributes}});
        continue;
      }
      Change change = {Change::Action::kMakeDirectory, path, node.entry.attributes};
      if (node.entry.kind == Kind::kFile) {
        change.action = Change::Action::kWriteFile;
        change.content = node.content;
      } else if (node.entry.kind == Kind::kLink) {
        change.action = Change::Action::kMakeLink;
        change.target = node.entry.target;
      }
      ASSERT_TRUE(after.Apply({change}).ok());
    }
    ASSERT_EQ(AllOf(after), AllOf(tree));
    // A long list, of steps that each work alone, then one of any kind.
    std::vector<Change> changes;
    for (int i = 0; i < 20; ++i) {
      const std::vector<Change> more = random.Next();
      if (after.Apply(more).ok()) changes.insert(changes.end(), more.begin(), more.end());
    }
    const std::vector<std::string> before = AllOf(tree);
    absl::StatusOr<std::unique_ptr<PlannedTree>> planned = PlannedTree::Make(tree, changes);
    ASSERT_TRUE(planned.ok()) << planned.status();
    ASSERT_EQ(AllOf(**planned), AllOf(after)) << round;
    planned_count += changes.empty() ? 0 : 1;
    const std::vector<Change> last = random.Next();
    const absl::Status expected = after.Apply(last);
    const absl::StatusOr<std::unique_ptr<PlannedTree>> on_top = PlannedTree::Make(**planned, last);
    ASSERT_EQ(on_top.status().code(), expected.code()) << on_top.status() << " " << expected;
    if (on_top.ok()) {
      ASSERT_EQ(AllOf(**on_top), AllOf(after)) << round;
    }
    ASSERT_EQ(AllOf(tree), before);
  }
  EXPECT_GT(planned_count, 250);
}

}  // namespace
}  // namespace cation::image
