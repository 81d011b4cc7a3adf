// SPDX-License-Identifier: MIT
#ifndef IMAGE_COMMAND_LINE_TARGET_H_
#define IMAGE_COMMAND_LINE_TARGET_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "image/initfs_tree.h"
#include "image/qcow2.h"
#include "image/redoxfs_tree.h"
#include "image/tree.h"

namespace cation::image {

// What people name on the command line, found out by looking at it: a folder, an initfs archive, a
// qcow2 image, or else an image with RedoxFS.
enum class TargetKind : uint8_t { kFolder, kInitfs, kQcow2, kRedoxfs };

// kNotFound; kPermissionDenied; kFailedPrecondition neither a file nor a folder.
absl::StatusOr<TargetKind> FindTargetKind(const std::string& path);

struct TargetOptions {
  std::string redoxfs_helper;  // the program
  bool read_only = false;
  bool allow_host_root = false;  // "/" of this host
  // What becomes of a qcow2 image that is written; empty: refused.
  std::string qcow2;  // "convert", "commit"
};

// An open target; the pointers that are not of its kind are null.
struct Target {
  Tree* tree = nullptr;
  RedoxfsTree* redoxfs = nullptr;
  InitfsTree* initfs = nullptr;
};

// Opens the target, lets `work` do its work, and closes it; what `work` returns is the result. A
// qcow2 image is worked on as a raw copy, which becomes the image only if `work` succeeded.
absl::Status WithTarget(const std::string& path, const TargetOptions& options,
                        const std::function<absl::Status(Target&)>& work);

}  // namespace cation::image

#endif  // IMAGE_COMMAND_LINE_TARGET_H_
