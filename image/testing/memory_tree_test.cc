// SPDX-License-Identifier: MIT
#include "image/testing/memory_tree.h"

#include "gtest/gtest.h"
#include "image/testing/tree_contract.h"

namespace cation::image {
namespace {

TEST(MemoryTreeTest, KeepsTheContract) {
  MemoryTree tree;
  tree.AddFile("etc/passwd", "root");
  // Memory has no limit for names.
  ExpectTreeContract(tree, {.longest_name = 0});
}

TEST(MemoryTreeTest, KeepsTheContractOfOthers) {
  MemoryTree tree;
  ExpectSameAsMemory(tree, 1, 200);
}

}  // namespace
}  // namespace cation::image
