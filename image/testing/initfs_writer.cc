// SPDX-License-Identifier: MIT
#include "image/testing/initfs_writer.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace cation::image {
namespace {

class Writer {
 public:
  explicit Writer(const InitfsOptions& options) : options_(options) {}

  std::string Write(const std::vector<InitfsItem>& root) {
    int inodes = 1;
    for (const InitfsItem& item : root) inodes += Count(item);
    out_.assign(44, '\0');
    Align();
    out_ += options_.bootstrap;
    Align();
    std::string table(static_cast<size_t>(inodes) * 20, '\0');
    uint64_t table_at = out_.size();
    if (!options_.packed) out_ += table;
    Align();
    const auto [offset, length] = WriteFolder(root, table);
    WriteInode(table, 0, {"", InitfsItem::Kind::kDirectory, "", 0755, {}}, offset, length);
    if (options_.packed) {
      table_at = out_.size();
      out_ += table;
    } else {
      // Alignment after the last thing is not written.
      out_.resize(end_ == 0 ? table_at + table.size() : end_);
      out_.replace(table_at, table.size(), table);
    }
    out_.replace(0, 8, "RedoxFtw");
    PutLittleEndian(out_, 8, table_at, 4);
    PutLittleEndian(out_, 12, options_.seconds, 8);
    PutLittleEndian(out_, 20, options_.nanoseconds, 4);
    PutLittleEndian(out_, 24, static_cast<uint64_t>(inodes), 2);
    PutLittleEndian(out_, 26, options_.bootstrap_entry, 8);
    PutLittleEndian(out_, 34, out_.size(), 8);
    PutLittleEndian(out_, 42, 4096, 2);
    return out_ + options_.trailing;
  }

 private:
  static int Count(const InitfsItem& item) {
    int count = 1;
    for (const InitfsItem& child : item.children) count += Count(child);
    return count;
  }

  void Align() {
    while (!options_.packed && out_.size() % 4096 != 0) out_ += '\0';
  }

  uint64_t Append(const std::string& bytes) {
    const uint64_t at = out_.size();
    out_ += bytes;
    if (!bytes.empty()) end_ = out_.size();
    Align();
    return at;
  }

  static void WriteInode(std::string& table, uint64_t number, const InitfsItem& item,
                         uint64_t offset, uint64_t length) {
    const uint64_t at = number * 20;
    PutLittleEndian(table, at, uint64_t{static_cast<uint8_t>(item.kind)} << 28 | item.mode, 4);
    PutLittleEndian(table, at + 4, length, 4);
    PutLittleEndian(table, at + 8, offset, 4);
    PutLittleEndian(table, at + 12, item.uid, 4);
    PutLittleEndian(table, at + 16, item.gid, 4);
  }

  // Where its entries are, and how many bytes.
  std::pair<uint64_t, uint64_t> WriteFolder(const std::vector<InitfsItem>& items,
                                            std::string& table) {
    std::string entries(items.size() * 8, '\0');
    const uint64_t at = Append(entries);
    for (size_t i = 0; i < items.size(); ++i) {
      const InitfsItem& item = items[i];
      std::pair<uint64_t, uint64_t> content;
      if (item.kind == InitfsItem::Kind::kDirectory) {
        content = WriteFolder(item.children, table);
      } else {
        content = {Append(item.content), item.content.size()};
      }
      WriteInode(table, ++last_inode_, item, content.first, content.second);
      PutLittleEndian(entries, i * 8, last_inode_, 2);
      PutLittleEndian(entries, i * 8 + 2, item.name.size(), 2);
      PutLittleEndian(entries, i * 8 + 4, Append(item.name), 4);
    }
    out_.replace(at, entries.size(), entries);
    return {at, entries.size()};
  }

  const InitfsOptions& options_;
  std::string out_;
  uint64_t end_ = 0;
  uint64_t last_inode_ = 0;
};

}  // namespace

InitfsItem InitfsFile(const std::string& name, const std::string& content, uint32_t mode) {
  return {name, InitfsItem::Kind::kFile, content, mode, {}};
}

InitfsItem InitfsLink(const std::string& name, const std::string& target) {
  return {name, InitfsItem::Kind::kLink, target, 0777, {}};
}

InitfsItem InitfsFolder(const std::string& name, std::vector<InitfsItem> children) {
  return {name, InitfsItem::Kind::kDirectory, "", 0755, std::move(children)};
}

std::string WriteInitfs(const std::vector<InitfsItem>& root, const InitfsOptions& options) {
  return Writer(options).Write(root);
}

std::vector<InitfsItem> SmallInitfs() {
  return {
      InitfsFolder("etc", {InitfsFile("init.rc", "export PATH /scheme/initfs/bin\nrtcd\n"),
                           InitfsFile("empty", ""), InitfsFolder("pcid", {})}),
      InitfsFolder(
          "bin", {InitfsFile("rtcd", std::string(5000, 'r'), 0755),
                  InitfsLink("linked", "bin/rtcd"), InitfsLink("scheme", "/scheme/initfs/bin/rtcd"),
                  InitfsFile("init", std::string(4096, 'i'), 0755)}),
  };
}

void PutLittleEndian(std::string& bytes, uint64_t at, uint64_t value, int width) {
  for (int i = 0; i < width; ++i) {
    bytes.at(at + static_cast<uint64_t>(i)) = static_cast<char>(value & 0xFF);
    value >>= 8;
  }
}

uint64_t GetLittleEndian(const std::string& bytes, uint64_t at, int width) {
  uint64_t value = 0;
  for (int i = width - 1; i >= 0; --i) {
    value = value << 8 | static_cast<unsigned char>(bytes.at(at + static_cast<uint64_t>(i)));
  }
  return value;
}

}  // namespace cation::image
