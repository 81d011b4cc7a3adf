// SPDX-License-Identifier: MIT
#ifndef IMAGE_INITFS_TREE_H_
#define IMAGE_INITFS_TREE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "image/initfs.h"
#include "image/tree.h"

namespace cation::image {

// Link targets. Whoever opens a link in an initfs gets its stored target as if "/" were the current
// directory, whatever directory the link is in: the archiver has made it relative to the root of
// the archive. Since Redox gives "/" to the root filesystem, "bin/ls" leads to /bin/ls there, which
// is not the initfs (older systems took the scheme of the link). What always leads to the initfs is
// "/scheme/initfs/bin/ls". (A link as a folder on the way to something is not followed at all.)
// In a tree's words, for the link bin/dir:
//   "ls"              is stored as "/scheme/initfs/bin/ls": it stays within the archive
//   "/bin/ls"         as "bin/ls", the archiver's form: the root filesystem's
//   "/scheme/9p.x/y"  as "scheme/9p.x/y"
// and back, one to one. What has no such form ("./ls", "../bin/ls" for "ls") gives kUnimplemented
// with the form to use; so what was written is always what is read.
absl::StatusOr<std::string> StoredLinkTarget(absl::string_view link_path,
                                             absl::string_view tree_target);
std::string TreeLinkTarget(absl::string_view link_path, absl::string_view stored_target);

// An initfs archive in a file.
//
// The format has no times of entries: Attributes::mtime is 0, and not looked at in changes.
// mode, uid and gid are stored, of links too (the archiver writes 0777, 0, 0; Apply writes uid and
// gid as asked).
//
// Apply() writes a new file beside the old one and renames it over it; mode and owner stay. A link
// at the path stays too: what it leads to is replaced. While a tree is open for writing the file is
// locked (flock), so two runs cannot lose each other's changes.
class InitfsTree : public Tree {
 public:
  struct Options {
    bool read_only = false;
    // The archive is not to become larger than this.
    uint64_t maximum_bytes = Initfs::kMaximumBytes;
  };

  // Errors: those of Initfs::Parse; kNotFound; kPermissionDenied for a file that is read-only;
  // kFailedPrecondition for what is no regular file, has hard links (a rename would part them), or
  // is locked by another run.
  static absl::StatusOr<std::unique_ptr<InitfsTree>> Open(const std::string& path,
                                                          const Options& options);
  static absl::StatusOr<std::unique_ptr<InitfsTree>> Open(const std::string& path) {
    return Open(path, Options());
  }
  ~InitfsTree() override;

  [[nodiscard]] const Initfs& archive() const { return archive_; }
  // Writes the archive anew, without what belongs to nothing known.
  absl::Status Rebuild();

  [[nodiscard]] absl::string_view Description() const override { return "initfs archive"; }
  absl::StatusOr<Entry> Look(const std::string& path) override;
  absl::StatusOr<std::string> Read(const std::string& path) override;
  absl::StatusOr<std::vector<std::string>> List(const std::string& path) override;
  // What is left of Options::maximum_bytes.
  absl::StatusOr<Space> GetSpace() override;
  absl::StatusOr<uint64_t> SpaceFor(const std::vector<Change>& changes) override;
  absl::Status Apply(const std::vector<Change>& changes) override;

 private:
  InitfsTree(Initfs archive, Options options) : archive_(std::move(archive)), options_(options) {}
  absl::Status Replace(const std::string& bytes);
  [[nodiscard]] absl::Status CheckUnchanged() const;

  Initfs archive_;
  Options options_;
  uint64_t file_size_ = 0;
  std::string real_path_;
  // Of the file as it was read; kept open and locked where we may write.
  int descriptor_ = -1;
};

// Copies everything out into `folder`, which must not exist yet or be empty: files and directories
// with their modes, links so that the archiver makes the same archive of the folder. Nothing
// outside the folder is touched, whatever names and links the archive holds. Returns the number of
// entries.
absl::StatusOr<uint64_t> ExtractInitfs(const Initfs& archive, const std::string& folder);

}  // namespace cation::image

#endif  // IMAGE_INITFS_TREE_H_
