// SPDX-License-Identifier: MIT
#ifndef IMAGE_REDOXFS_TREE_H_
#define IMAGE_REDOXFS_TREE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "image/tree.h"

namespace cation::image {

class RedoxfsHelper;

// The RedoxFS of a disk image: of a bare one, or in the one partition of a GPT that holds a
// RedoxFS. What knows the file system is a helper, the Rust program //image/redoxfs:cation_redoxfs,
// which this class starts and speaks to (image/redoxfs/PROTOCOL.md).
//
// Opening reads all metadata of the image and checks it. It changes nothing, not even a byte; nor
// does reading. The image is locked as long as the object lives: for reading together with others
// who read, else alone, by flock and as QEMU locks images.
//
// Every Apply() is one transaction of RedoxFS: the image's newest header names the new tree once
// that is on the disk. What comes on top of tree.h:
//   - kInvalidArgument: the image is none; a name of more than 252 bytes, with a ':' or not in
//   UTF-8;
//   - kUnimplemented: an encrypted image, an unknown version of RedoxFS, a time before 1970, a file
//     above 1 GiB;
//   - kFailedPrecondition: the image is in use, a directory, or not clear about which partition is
//     meant;
//   - kUnavailable: the helper cannot be started or ended. After that every call says so. Was it
//     Apply(), the image is as it was or as it is to be; open it anew to see which.
class RedoxfsTree : public Tree {
 public:
  struct Options {
    bool read_only = false;
    // For tests: NAME=VALUE, on top of the environment. See PROTOCOL.md.
    std::vector<std::string> environment = {};
  };

  // What a check counted.
  struct CheckReport {
    uint64_t directories = 0;
    uint64_t files = 0;
    uint64_t links = 0;
    uint64_t others = 0;
    uint64_t blocks = 0;  // of 4096 bytes
    uint64_t free_blocks = 0;
    // Neither free nor used. They are lost space, not lost data: the redoxfs crate itself, and so
    // Redox, leaves one or more behind with many a removed file. What this class removes leaves
    // none.
    uint64_t leaked_blocks = 0;
    // Of files that were open when they were removed, and the system then stopped.
    uint64_t nameless_nodes = 0;
  };

  // What the last Apply() wrote to the image.
  struct CommitStatistics {
    uint64_t generation = 0;  // of the file system's header
    uint64_t writes = 0;
    uint64_t bytes = 0;
  };

  enum class Layout : uint8_t {
    kBare,  // the file system is all there is
    kGpt,   // it is in a partition from 1 MiB on
  };

  // `helper` is the path of the helper program.
  static absl::StatusOr<std::unique_ptr<RedoxfsTree>> Open(const std::string& helper,
                                                           const std::string& image,
                                                           const Options& options);

  // Makes an image file with an empty RedoxFS; kFailedPrecondition if there is something already.
  // The size is rounded down to whole blocks. Writes only what is not zero.
  static absl::Status Make(const std::string& helper, const std::string& image, uint64_t size_bytes,
                           Layout layout);

  ~RedoxfsTree() override;

  [[nodiscard]] absl::string_view Description() const override { return "RedoxFS image"; }
  absl::StatusOr<Entry> Look(const std::string& path) override;
  absl::StatusOr<std::string> Read(const std::string& path) override;
  absl::StatusOr<std::vector<std::string>> List(const std::string& path) override;
  absl::StatusOr<Space> GetSpace() override;
  absl::StatusOr<uint64_t> SpaceFor(const std::vector<Change>& changes) override;
  absl::Status Apply(const std::vector<Change>& changes) override;

  // Reads everything that is in use and compares all checksums; kDataLoss says what is wrong first.
  absl::StatusOr<CheckReport> Check();

  // Makes the image file this large, with its last partition and the file system in that. Stopped
  // half-way, the image opens as before and can be grown again. kInvalidArgument: it is larger
  // already; kFailedPrecondition: there is a partition behind.
  absl::Status Grow(uint64_t size_bytes);

  [[nodiscard]] const CommitStatistics& last_commit() const { return last_commit_; }

  // The helper's process, for tests.
  [[nodiscard]] int helper_process() const;

 private:
  explicit RedoxfsTree(std::unique_ptr<RedoxfsHelper> helper);

  std::unique_ptr<RedoxfsHelper> helper_;
  CommitStatistics last_commit_;
};

}  // namespace cation::image

#endif  // IMAGE_REDOXFS_TREE_H_
