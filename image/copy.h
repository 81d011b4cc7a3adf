// SPDX-License-Identifier: MIT
#ifndef IMAGE_COPY_H_
#define IMAGE_COPY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "image/tree.h"

namespace cation::image {

// The steps that put `from`, a path of one tree, to `to`, a path of another (both canonical), with
// all that is in it where it is a directory. Directories that are there already stay as they are;
// files and links are replaced. The root of a tree may be copied into a directory.
//   kFailedPrecondition: a directory in the way of a file or the other way round; a special file
//     among what is to be copied.
absl::StatusOr<std::vector<Change>> PlanCopy(Tree& source, const std::string& from, Tree& target,
                                             const std::string& to);

// The steps that remove a path, with all that is in it.
absl::StatusOr<std::vector<Change>> PlanRemoval(Tree& tree, const std::string& path);

// Makes `path` and the directories above it that are missing, mode 0755.
absl::StatusOr<std::vector<Change>> PlanDirectories(Tree& tree, const std::string& path);

}  // namespace cation::image

#endif  // IMAGE_COPY_H_
