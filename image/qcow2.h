// SPDX-License-Identifier: MIT
#ifndef IMAGE_QCOW2_H_
#define IMAGE_QCOW2_H_

// Images in QEMU's qcow2 format, alone or as overlays on another image, by way of qemu-img (Debian:
// qemu-utils; $QEMU_IMG names another one). What works on raw images works on these too, inside a
// callback. The format: docs/interop/qcow2.txt of QEMU.
//
// An image that a QEMU uses is refused, and no QEMU can start with it while we work: QEMU's own
// locks (OFD locks on the bytes from 100 and from 200 of the file, block/file-posix.c) are asked
// for and one of them is held. Two installers exclude each other by flock.

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cation::image {

// What the header of a qcow2 image says.
struct Qcow2Header {
  uint32_t version = 0;  // 2 or 3
  uint32_t cluster_bits = 0;
  uint64_t virtual_size = 0;   // bytes
  std::string backing_file;    // as written there; "" none
  std::string backing_format;  // "raw", "qcow2", ...; "" not told
  bool encrypted = false;
  bool dirty = false;    // not closed in order
  bool corrupt = false;  // QEMU found it damaged
  bool has_data_file = false;
  bool has_snapshots = false;
  bool has_bitmaps = false;
  bool lazy_refcounts = false;
  uint64_t unknown_features = 0;  // incompatible ones
};

// Whether these first bytes of a file are those of a qcow2 image.
bool IsQcow2(absl::string_view start);
// Of a file. Errors: those of opening and reading it.
absl::StatusOr<bool> IsQcow2File(const std::string& path);

// The header in the first bytes of a file, of which a cluster (at most 2 MiB) is enough. kDataLoss:
// it cannot be one.
absl::StatusOr<Qcow2Header> ParseQcow2Header(absl::string_view start);

enum class Qcow2Way : uint8_t {
  // The content, that of all images below included, goes into a raw temporary image beside the
  // qcow2 one; `work` changes that; then it becomes a qcow2 image again, which replaces the old one
  // at once. On a backing file it stays an overlay, of the clusters that differ, and names it by
  // its absolute path. Base images are only read. After an error the image is as it was.
  kConvert,
  // What an overlay holds is written into its base, a raw image, and `work` changes the base. The
  // overlay stays, empty, with the base's absolute path. Other overlays on the same base become
  // worthless, as after qemu-img commit. After an error in between the overlay still shows what it
  // has shown before; what is in the base and what in the overlay may have changed.
  kCommit,
};

// Runs `work` on a raw image with the content of the qcow2 image at `path`, and keeps the changes,
// if `work` returns OK. The raw image is `work`'s to lock. A raw image that has grown makes the
// qcow2 image grow.
//
// Errors, `path` being as it was: what `work` returns; kFailedPrecondition no qcow2 image, in use,
// not closed in order, for kCommit no overlay on a raw image; kUnimplemented it is encrypted, has
// internal snapshots, dirty bitmaps or a data file, or lies on what is no file here; kDataLoss a
// damaged image; kResourceExhausted no space for the temporary images (asked before they are
// made); kUnavailable no qemu-img; kInternal what qemu-img says.
absl::Status WorkOnQcow2(const std::string& path, Qcow2Way way,
                         const std::function<absl::Status(const std::string& raw_path)>& work);

// Runs `work` on a raw image with the content of the qcow2 image at `path`, to look at it: it is a
// copy in $TMPDIR, and what is changed in it is lost. Errors as above.
absl::Status ReadQcow2(const std::string& path,
                       const std::function<absl::Status(const std::string& raw_path)>& work);

// Makes `overlay`, which must not be there yet: a qcow2 image that shows `base` (raw or qcow2), by
// its absolute path and with its format named, and takes what is written. Errors as above.
absl::Status MakeOverlay(const std::string& base, const std::string& overlay);

}  // namespace cation::image

#endif  // IMAGE_QCOW2_H_
