// SPDX-License-Identifier: MIT
#ifndef IMAGE_INITFS_H_
#define IMAGE_INITFS_H_

// The initfs archive: what the bootloader loads beside the kernel, and /scheme/initfs shows. It is
// read by the bootstrap program that lies in it; the facts here are those of its reader (crate
// redox_initfs) and of the archiver (redox-initfs-ar), February 2026.
//
//   0      header, 44 bytes, on a page of its own: magic "RedoxFtw", offset of the inode table
//          (u32), creation time (u64 seconds, u32 nanoseconds), inode count (u16), entry of the
//          bootstrap program (u64, at 26; all ones where there is none), size of the archive (u64),
//          page size (u16)
//   4096   the bootstrap program, up to the inode table
//          inodes, 20 bytes each: type << 28 | mode, length, offset, uid, gid (u32 each);
//          inode 0 is the root
//          then, by a walk through the tree, each on a page of its own: the entries of a directory
//          (8 bytes each: inode u16, length of the name u16, offset of the name u32), and for each
//          of them the content (of a directory: all of it), then the name
//
// All numbers are little-endian.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cation::image {

// An archive that was read, and what is to become of it. Cheap to copy: contents are shared.
class Initfs {
 public:
  static constexpr uint64_t kPageSize = 4096;
  static constexpr uint64_t kHeaderSize = 44;
  // Inodes are counted in 16 bits, offsets and the reader's lengths in 32.
  static constexpr size_t kMaximumInodes = 65535;
  static constexpr uint64_t kMaximumBytes = 0xFFFFFFFF;
  static constexpr size_t kMaximumName = 65535;
  // Ours: a path of Redox has at most 4,096 bytes.
  static constexpr size_t kMaximumDepth = 1024;
  // What the archiver makes at most unless told otherwise. No limit of the bootloader or the kernel
  // is known, but both hold the whole archive in memory.
  static constexpr uint64_t kUsualMaximumBytes = uint64_t{64} << 20;
  // The value of Header::bootstrap_entry where there is no bootstrap program.
  static constexpr uint64_t kNoBootstrap = ~uint64_t{0};

  enum class Type : uint8_t { kFile = 0, kDirectory = 1, kLink = 2 };

  struct Header {
    uint64_t created_seconds = 0;  // since 1970
    uint32_t created_nanoseconds = 0;
    uint64_t bootstrap_entry = kNoBootstrap;
    uint64_t size = 0;  // as the header says; what follows is not shown to Redox
  };

  struct Metadata {
    uint32_t mode = 0;  // 07777
    uint32_t uid = 0;
    uint32_t gid = 0;
    friend bool operator==(const Metadata& a, const Metadata& b) = default;
  };

  // One line of a listing.
  struct Listed {
    std::string path;  // canonical (tree.h); "" is the root
    size_t inode = 0;  // in the archive as it was or will be written; only List() says it
    Type type = Type::kFile;
    Metadata metadata;
    uint64_t size = 0;  // of a file or a link's target; of a directory its number of entries
  };

  // Reads any bytes. What is not understood is refused, with one word for it: kInvalidArgument is
  // no initfs archive at all; kUnimplemented another page size or type of inode, an inode with two
  // names (the reader would allow these hard links, no archiver makes them), a tree deeper than
  // kMaximumDepth; kDataLoss a file cut short, offsets out of range or overlapping, sizes that lie,
  // a cycle, names that are none ("", "..", "a/b") or twice in a directory.
  static absl::StatusOr<Initfs> Parse(std::string bytes);

  // The archive. Byte by byte what was parsed while nothing differs from it. Else a new one in the
  // layout above, which is what the archiver makes: its own archives keep all their bytes but those
  // concerned. Kept are the page of the header, the bootstrap program, the creation time, the order
  // of entries, and the order of the inodes that stay (new ones come last; numbers close up).
  // Errors: kResourceExhausted, with the limit that was met, which may
  // be one of yours; kFailedPrecondition where the archive
  // holds bytes that belong to nothing known, which would be lost (RebuildAll() drops them).
  [[nodiscard]] absl::StatusOr<std::string> Serialize(uint64_t maximum_bytes = kMaximumBytes) const;
  // The new archive, whether anything differs or not.
  [[nodiscard]] absl::StatusOr<std::string> RebuildAll(
      uint64_t maximum_bytes = kMaximumBytes) const;
  // The size that RebuildAll() would give, without any limit.
  [[nodiscard]] uint64_t RebuiltSize() const;
  [[nodiscard]] bool changed() const { return changed_; }
  // Where bytes begin, beyond the bootstrap program, that belong to nothing known; 0 nowhere.
  [[nodiscard]] uint64_t unknown_bytes_at() const { return unknown_bytes_at_; }

  [[nodiscard]] const Header& header() const { return header_; }
  // What lies between the page of the header and the first thing known.
  [[nodiscard]] absl::string_view bootstrap() const;
  [[nodiscard]] size_t inode_count() const { return alive_; }
  // Everything, the root first, in the order of the archive.
  [[nodiscard]] std::vector<Listed> List() const;

  // Paths are canonical (tree.h). Errors as tree.h has them, with the path.
  [[nodiscard]] absl::StatusOr<Listed> Find(const std::string& path) const;
  // The bytes of a file, or a link's target as stored (see initfs_tree.h for what it means). The
  // view lives as long as this archive or a copy of it.
  [[nodiscard]] absl::StatusOr<absl::string_view> Content(const std::string& path) const;
  // Names in the order of the archive.
  [[nodiscard]] absl::StatusOr<std::vector<std::string>> Names(const std::string& path) const;

  absl::Status MakeDirectory(const std::string& path, const Metadata& metadata);
  // Makes or replaces; what is replaced keeps its inode and its place in the directory.
  absl::Status WriteFile(const std::string& path, absl::string_view content,
                         const Metadata& metadata);
  absl::Status MakeLink(const std::string& path, absl::string_view stored_target,
                        const Metadata& metadata);
  absl::Status Remove(const std::string& path);
  absl::Status SetMetadata(const std::string& path, const Metadata& metadata);

 private:
  class Parser;
  class Layout;

  struct Child {
    std::string name;
    uint32_t node = 0;
  };

  struct Node {
    Type type = Type::kFile;
    bool alive = true;
    Metadata metadata;
    // Of a file or a link: new bytes, or a part of the original.
    std::shared_ptr<const std::string> bytes;
    uint64_t offset = 0;
    uint64_t length = 0;
    // Of a directory.
    std::vector<Child> children;
    std::map<std::string, uint32_t> by_name;
  };

  [[nodiscard]] absl::string_view BytesOf(const Node& node) const;
  [[nodiscard]] Listed ListedOf(const Node& node, const std::string& path) const;
  // The directory that holds `path`, and the node itself, -1 where there is none.
  struct Place {
    uint32_t parent = 0;
    int64_t node = -1;
  };
  [[nodiscard]] absl::StatusOr<Place> Locate(const std::string& path) const;
  absl::StatusOr<uint32_t> Add(uint32_t parent, const std::string& path, Type type);
  absl::Status Put(const std::string& path, Type type, absl::string_view content,
                   const Metadata& metadata);

  std::shared_ptr<const std::string> original_;
  Header header_;
  // Where the first thing known begins after the header.
  uint64_t head_end_ = 0;
  uint64_t unknown_bytes_at_ = 0;
  // By inode, then in the order in which they were added.
  std::vector<Node> nodes_;
  size_t alive_ = 0;
  bool changed_ = false;
};

}  // namespace cation::image

#endif  // IMAGE_INITFS_H_
