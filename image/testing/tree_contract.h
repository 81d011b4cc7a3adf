// SPDX-License-Identifier: MIT
#ifndef IMAGE_TESTING_TREE_CONTRACT_H_
#define IMAGE_TESTING_TREE_CONTRACT_H_

// What tree.h promises, as expectations of GoogleTest for any implementation. Both functions work
// in a folder of their own, which they make and take away again, and look at the rest of the tree:
// it has to stay as it is.

#include <cstddef>
#include <cstdint>
#include <string>

#include "image/tree.h"

namespace cation::image {

// What a tree cannot keep, by its format. A refusal where something is not held has to be
// kUnimplemented.
struct TreeLimits {
  bool keeps_mtime = true;        // of files
  bool keeps_nanoseconds = true;  // of files' mtimes
  bool keeps_link_mtime = true;
  bool keeps_directory_mtime = true;
  bool keeps_owner = true;  // uid and gid
  bool keeps_mode = true;   // of files and directories
  bool keeps_setuid = true;
  bool has_links = true;
  bool has_empty_directories = true;
  size_t longest_name = 255;       // bytes; the next longer one is refused. 0: not tried
  bool any_bytes = true;           // names that are no UTF-8
  std::string refused_names = {};  // each of these characters, in a name, is refused
};

// Every promise once, on a folder "contract" that is not there before.
void ExpectTreeContract(Tree& tree, const TreeLimits& limits = {});

// `rounds` random sequences of changes, right and wrong ones, in a folder "random" that is not
// there before: each succeeds, or fails with the same code, as on a MemoryTree, and what is there
// afterwards is the same.
void ExpectSameAsMemory(Tree& tree, uint32_t seed, int rounds, const TreeLimits& limits = {});

// All of a tree as text, a line per entry, content included; what `limits` says is not kept is left
// out. Of `folder` and below; "" is the whole.
std::string Describe(Tree& tree, const std::string& folder = "", const TreeLimits& limits = {});

}  // namespace cation::image

#endif  // IMAGE_TESTING_TREE_CONTRACT_H_
