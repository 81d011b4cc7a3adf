// SPDX-License-Identifier: MIT

// Any bytes may be given to Initfs::Parse: no crash; what it takes is written back byte by byte, is
// what a second, much simpler reading finds, and survives changes.
//
// Random bytes are hardly ever an archive, and a plain test run has no coverage to learn from, so
// the mutator begins at archives of initfs_writer.h and likes to change numbers in them.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "image/initfs.h"
#include "image/resolve.h"
#include "image/testing/initfs_writer.h"

namespace cation::image {
namespace {

void Require(bool condition) {
  if (!condition) {
    abort();
  }
}

// As the bootstrap program reads: one name after the other, from the root.
class SimpleReader {
 public:
  explicit SimpleReader(const std::string& bytes) : bytes_(bytes) {}

  uint64_t Inode(uint64_t number, int field) const {
    return GetLittleEndian(
        bytes_, GetLittleEndian(bytes_, 8, 4) + number * 20 + static_cast<uint64_t>(field) * 4, 4);
  }

  std::string Content(uint64_t number) const {
    const uint64_t length = Inode(number, 1);
    if (length == 0) return "";
    Require(Inode(number, 2) + length <= GetLittleEndian(bytes_, 34, 8));
    return bytes_.substr(Inode(number, 2), length);
  }

  uint64_t Find(const std::string& path) const {
    uint64_t inode = 0;
    for (size_t at = 0; at < path.size();) {
      const size_t slash = std::min(path.find('/', at), path.size());
      Require(Inode(inode, 0) >> 28 == 1);
      const std::string entries = Content(inode);
      bool found = false;
      for (size_t i = 0; i + 8 <= entries.size() && !found; i += 8) {
        if (bytes_.substr(GetLittleEndian(entries, i + 4, 4), GetLittleEndian(entries, i + 2, 2)) ==
            path.substr(at, slash - at)) {
          inode = GetLittleEndian(entries, i, 2);
          found = true;
        }
      }
      Require(found);
      at = slash + 1;
    }
    return inode;
  }

 private:
  const std::string& bytes_;
};

void RequireReads(const Initfs& archive, const std::string& bytes) {
  const SimpleReader reader(bytes);
  const std::vector<Initfs::Listed> list = archive.List();
  Require(list.size() == archive.inode_count());
  Require(GetLittleEndian(bytes, 24, 2) == archive.inode_count());
  for (const Initfs::Listed& listed : list) {
    const uint64_t inode = reader.Find(listed.path);
    Require(inode == listed.inode);
    Require(reader.Inode(inode, 0) ==
            (uint64_t{static_cast<uint8_t>(listed.type)} << 28 | listed.metadata.mode));
    Require(reader.Inode(inode, 3) == listed.metadata.uid);
    Require(reader.Inode(inode, 4) == listed.metadata.gid);
    if (listed.type == Initfs::Type::kDirectory) {
      Require(reader.Content(inode).size() == listed.size * 8);
    } else {
      Require(reader.Content(inode) == *archive.Content(listed.path));
    }
  }
}

void RequireRebuilds(const Initfs& archive) {
  const absl::StatusOr<std::string> bytes = archive.RebuildAll();
  Require(bytes.ok() && bytes->size() == archive.RebuiltSize());
  RequireReads(archive, *bytes);
  const absl::StatusOr<Initfs> again = Initfs::Parse(*bytes);
  Require(again.ok() && again->unknown_bytes_at() == 0);
  Require(*again->RebuildAll() == *bytes);
  const std::vector<Initfs::Listed> before = archive.List();
  const std::vector<Initfs::Listed> after = again->List();
  Require(before.size() == after.size());
  for (size_t i = 0; i < before.size(); ++i) {
    Require(before[i].path == after[i].path && before[i].inode == after[i].inode);
  }
  Require(again->bootstrap().substr(0, archive.bootstrap().size()) == archive.bootstrap());
}

void Check(const std::string& bytes) {
  absl::StatusOr<Initfs> archive = Initfs::Parse(bytes);
  if (!archive.ok()) {
    Require(!archive.status().message().empty());
    return;
  }
  Require(*archive->Serialize() == bytes);
  RequireReads(*archive, bytes);
  RequireRebuilds(*archive);
  // Something new, and everything away from the end.
  const std::string name(70, 'z');
  if (!archive->WriteFile(name, bytes, {.mode = 0755, .uid = 1, .gid = 2}).ok()) return;
  Require(archive->changed());
  Require(archive->Serialize().ok() == (archive->unknown_bytes_at() == 0));
  RequireRebuilds(*archive);
  Require(*archive->Content(name) == bytes);
  std::vector<Initfs::Listed> list = archive->List();
  std::reverse(list.begin(), list.end());
  for (size_t i = 0; i < list.size() / 2; ++i) Require(archive->Remove(list[i].path).ok());
  RequireRebuilds(*archive);
}

const std::vector<std::string>& Corpus() {
  static const auto* const kCorpus = [] {
    auto* archives = new std::vector<std::string>;
    InitfsOptions options;
    options.packed = true;
    archives->push_back(WriteInitfs({}, options));
    archives->push_back(WriteInitfs(
        {InitfsFolder("etc", {InitfsFile("init.rc", "rtcd"), InitfsFile("empty", "")}),
         InitfsFolder("bin", {InitfsFile("init", "elf", 0755), InitfsLink("l", "bin/init"),
                              InitfsFolder("d", {InitfsFolder("e", {InitfsFile("f", "x")})})})},
        options));
    options.packed = false;
    options.bootstrap = "";
    archives->push_back(WriteInitfs({InitfsFile("a", "b")}, options));
    return archives;
  }();
  return *kCorpus;
}

}  // namespace
}  // namespace cation::image

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned int seed) {
  using namespace cation::image;  // NOLINT: a function outside
  std::minstd_rand random(seed);
  if (size < Initfs::kHeaderSize || random() % 6 == 0) {
    const std::string& start = Corpus()[random() % Corpus().size()];
    if (start.size() <= max_size) {
      size = start.size();
      std::copy(start.begin(), start.end(), data);
    }
  }
  if (size < Initfs::kHeaderSize || random() % 4 == 0) {
    return LLVMFuzzerMutate(data, size, max_size);
  }
  std::string bytes(data, data + size);
  for (uint64_t changes = 1 + random() % 3; changes > 0; --changes) {
    // A number of the header, of an inode, or anywhere.
    const uint64_t fields[] = {8, 24, 34, 42};
    const uint64_t table = GetLittleEndian(bytes, 8, 4);
    const uint64_t count = std::max<uint64_t>(GetLittleEndian(bytes, 24, 2), 1);
    uint64_t at = random() % size;
    if (random() % 4 == 0) at = fields[random() % std::size(fields)];
    if (random() % 2 == 0) at = table + (random() % count) * 20 + random() % 5 * 4;
    const int width = random() % 2 == 0 ? 4 : 2;
    if (at + static_cast<uint64_t>(width) > size) continue;
    const uint64_t value = GetLittleEndian(bytes, at, width);
    // Another number of the archive makes things meet.
    const uint64_t other = GetLittleEndian(bytes, random() % (size - 3), width);
    const uint64_t values[] = {0,         1,         size,  0xFFFFFFFF,
                               value + 1, value - 1, other, value ^ uint64_t{1} << random() % 32};
    PutLittleEndian(bytes, at, values[random() % std::size(values)], width);
  }
  std::copy(bytes.begin(), bytes.end(), data);
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  cation::image::Check(std::string(data, data + size));
  return 0;
}
