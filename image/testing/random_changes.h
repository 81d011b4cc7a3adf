// SPDX-License-Identifier: MIT
#ifndef IMAGE_TESTING_RANDOM_CHANGES_H_
#define IMAGE_TESTING_RANDOM_CHANGES_H_

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "image/tree.h"

namespace cation::image {

// Lists of changes among few names, so that they meet: some fail, at any step.
class RandomChanges {
 public:
  explicit RandomChanges(uint32_t seed) : random_(seed) {}

  // For trees that keep none.
  void without_times() { times_ = false; }

  std::vector<Change> Next();

 private:
  std::string Path();

  std::minstd_rand random_;
  bool times_ = true;
};

// Everything in a tree, a line each: what Look, Read and List say of it.
std::vector<std::string> AllOf(Tree& tree);

}  // namespace cation::image

#endif  // IMAGE_TESTING_RANDOM_CHANGES_H_
