// SPDX-License-Identifier: MIT
#ifndef IMAGE_TESTING_INITFS_WRITER_H_
#define IMAGE_TESTING_INITFS_WRITER_H_

#include <cstdint>
#include <string>
#include <vector>

namespace cation::image {

// What is to be in an archive.
struct InitfsItem {
  std::string name;
  enum class Kind : uint8_t { kFile, kDirectory, kLink } kind = Kind::kFile;
  std::string content = {};  // of a link: the target as stored
  uint32_t mode = 0644;
  std::vector<InitfsItem> children = {};
  uint32_t uid = 0;
  uint32_t gid = 0;
};

InitfsItem InitfsFile(const std::string& name, const std::string& content, uint32_t mode = 0644);
InitfsItem InitfsLink(const std::string& name, const std::string& target);
InitfsItem InitfsFolder(const std::string& name, std::vector<InitfsItem> children);

struct InitfsOptions {
  std::string bootstrap =
      "\x7f"
      "ELF bootstrap";
  uint64_t bootstrap_entry = 0x3130;
  uint64_t seconds = 1770000000;
  uint32_t nanoseconds = 123456789;
  // Nothing on pages, and the inodes last: no archiver does so, but the reader would not mind.
  bool packed = false;
  // After the end that the header tells.
  std::string trailing = {};
};

// Writes an archive the way redox-initfs-ar lays it out, sharing no code with what reads it:
// inodes are numbered by when their content has been written, so a directory comes after all that
// is in it, and the root, written last, is 0.
std::string WriteInitfs(const std::vector<InitfsItem>& root, const InitfsOptions& options = {});

// An image's, in small: bin/init, bin/rtcd, a link, etc/init.rc, an empty file and directory.
std::vector<InitfsItem> SmallInitfs();

// Puts `width` bytes of `value` at `at`, little-endian.
void PutLittleEndian(std::string& bytes, uint64_t at, uint64_t value, int width);
uint64_t GetLittleEndian(const std::string& bytes, uint64_t at, int width);

}  // namespace cation::image

#endif  // IMAGE_TESTING_INITFS_WRITER_H_
