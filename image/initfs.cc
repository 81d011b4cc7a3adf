// SPDX-License-Identifier: MIT
#include "image/initfs.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "image/resolve.h"

namespace cation::image {
namespace {

constexpr absl::string_view kMagic = "RedoxFtw";
constexpr uint64_t kInodeSize = 20;
constexpr uint64_t kEntrySize = 8;
constexpr unsigned kTypeShift = 28;
constexpr uint32_t kModeMask = 07777;

// Where the fields of the header are.
constexpr size_t kTableOffsetAt = 8;
constexpr size_t kSecondsAt = 12;
constexpr size_t kNanosecondsAt = 20;
constexpr size_t kCountAt = 24;
constexpr size_t kEntryAt = 26;
constexpr size_t kSizeAt = 34;
constexpr size_t kPageSizeAt = 42;

template <typename T>
T Get(absl::string_view bytes, uint64_t at) {
  T value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(value | static_cast<T>(static_cast<uint8_t>(bytes[at + i])) << (8 * i));
  }
  return value;
}

template <typename T>
void Set(std::string& bytes, uint64_t at, T value) {
  for (size_t i = 0; i < sizeof(T); ++i) {
    bytes[at + i] = static_cast<char>(static_cast<uint8_t>(value >> (8 * i)));
  }
}

uint64_t NextPage(uint64_t offset) {
  return (offset + Initfs::kPageSize - 1) / Initfs::kPageSize * Initfs::kPageSize;
}

bool IsZero(absl::string_view bytes, uint64_t& first_other) {
  const size_t at = bytes.find_first_not_of('\0');
  first_other = at;
  return at == absl::string_view::npos;
}

// For messages: a name from an archive may hold anything.
std::string Shown(absl::string_view path) { return absl::Utf8SafeCHexEscape(path); }

bool IsName(absl::string_view name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find('/') == absl::string_view::npos && name.find('\0') == absl::string_view::npos;
}

// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates.
bool IsUtf8(absl::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<uint8_t>(text[i]);
    const size_t length = byte < 0x80                   ? 1
                          : byte >= 0xC2 && byte < 0xE0 ? 2
                          : byte >= 0xE0 && byte < 0xF0 ? 3
                          : byte >= 0xF0 && byte < 0xF5 ? 4
                                                        : 0;
    if (length == 0 || i + length > text.size()) return false;
    for (size_t k = 1; k < length; ++k) {
      if ((static_cast<uint8_t>(text[i + k]) & 0xC0) != 0x80) return false;
    }
    const auto second = length > 1 ? static_cast<uint8_t>(text[i + 1]) : uint8_t{0};
    if ((byte == 0xE0 && second < 0xA0) || (byte == 0xED && second >= 0xA0) ||
        (byte == 0xF0 && second < 0x90) || (byte == 0xF4 && second >= 0x90)) {
      return false;
    }
    i += length;
  }
  return true;
}

absl::Status Damaged(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("damaged initfs archive: ", what));
}

absl::Status NotUnderstood(absl::string_view what) {
  return absl::UnimplementedError(absl::StrCat("initfs archive not understood: ", what));
}

absl::Status NotThere(absl::string_view path) {
  return absl::NotFoundError(absl::StrCat(Shown(path), ": no such entry"));
}

absl::Status Wrong(absl::string_view path, absl::string_view what) {
  return absl::FailedPreconditionError(absl::StrCat(Shown(path), ": ", what));
}

}  // namespace

class Initfs::Parser {
 public:
  explicit Parser(std::string bytes) {
    initfs_.original_ = std::make_shared<const std::string>(std::move(bytes));
    bytes_ = *initfs_.original_;
  }

  absl::StatusOr<Initfs> Parse() {
    if (absl::Status status = ReadHeader(); !status.ok()) return status;
    if (absl::Status status = ReadInodes(); !status.ok()) return status;
    // Before any name is copied: what does not overlap is no more than the file.
    if (absl::Status status = ReadEntries(); !status.ok()) return status;
    if (absl::Status status = CheckRanges(); !status.ok()) return status;
    if (absl::Status status = TakeNames(); !status.ok()) return status;
    if (absl::Status status = CheckTree(); !status.ok()) return status;
    initfs_.alive_ = initfs_.nodes_.size();
    return std::move(initfs_);
  }

 private:
  struct Range {
    uint64_t begin;
    uint64_t end;
  };

  struct RawEntry {
    uint32_t directory;
    uint32_t inode;
    uint64_t name_offset;
    uint64_t name_length;
  };

  absl::Status ReadHeader() {
    if (!absl::StartsWith(bytes_, kMagic)) {
      return absl::InvalidArgumentError("not an initfs archive: it does not begin with RedoxFtw");
    }
    if (bytes_.size() < kHeaderSize) return Damaged("cut short within its header");
    if (bytes_.size() > kMaximumBytes) return Damaged("larger than 4 GiB");
    const auto page_size = Get<uint16_t>(bytes_, kPageSizeAt);
    if (page_size == 0) {
      return NotUnderstood(
          "its header has no page size, as archivers before December 2025 wrote it");
    }
    if (page_size != kPageSize) {
      return NotUnderstood(absl::StrCat("pages of ", page_size, " bytes, not ", kPageSize));
    }
    Header& header = initfs_.header_;
    header.created_seconds = Get<uint64_t>(bytes_, kSecondsAt);
    header.created_nanoseconds = Get<uint32_t>(bytes_, kNanosecondsAt);
    header.bootstrap_entry = Get<uint64_t>(bytes_, kEntryAt);
    header.size = Get<uint64_t>(bytes_, kSizeAt);
    if (header.size > bytes_.size()) {
      return Damaged(absl::StrCat("cut short, ", bytes_.size(), " bytes of ", header.size));
    }
    if (header.size < kHeaderSize) return Damaged("a size that is less than its header's");
    ranges_.push_back({0, kHeaderSize});
    return absl::OkStatus();
  }

  absl::Status AddRange(uint64_t offset, uint64_t length, absl::string_view what, size_t index) {
    if (offset + length > initfs_.header_.size) {
      // The archiver gives an empty root a place behind the end.
      if (length == 0) return absl::OkStatus();
      return Damaged(absl::StrCat(what, " of inode ", index, " lies outside it"));
    }
    if (length != 0) ranges_.push_back({offset, offset + length});
    return absl::OkStatus();
  }

  absl::Status ReadInodes() {
    const auto table = uint64_t{Get<uint32_t>(bytes_, kTableOffsetAt)};
    const auto count = uint64_t{Get<uint16_t>(bytes_, kCountAt)};
    if (count == 0) return Damaged("no inodes, and so no root");
    if (table < kHeaderSize || table + count * kInodeSize > initfs_.header_.size) {
      return Damaged("its table of inodes lies outside it");
    }
    ranges_.push_back({table, table + count * kInodeSize});
    initfs_.nodes_.resize(count);
    for (uint64_t i = 0; i < count; ++i) {
      const uint64_t at = table + i * kInodeSize;
      const auto type_and_mode = Get<uint32_t>(bytes_, at);
      const uint32_t type = type_and_mode >> kTypeShift;
      if (type > static_cast<uint32_t>(Type::kLink)) {
        return NotUnderstood(absl::StrCat("inode ", i, " has the type ", type));
      }
      if ((type_and_mode & ~(uint32_t{0xF} << kTypeShift) & ~kModeMask) != 0) {
        return NotUnderstood(absl::StrCat("inode ", i, " has unknown bits beside its mode"));
      }
      Node& node = initfs_.nodes_[i];
      node.type = static_cast<Type>(type);
      node.metadata.mode = type_and_mode & kModeMask;
      node.length = Get<uint32_t>(bytes_, at + 4);
      node.offset = Get<uint32_t>(bytes_, at + 8);
      node.metadata.uid = Get<uint32_t>(bytes_, at + 12);
      node.metadata.gid = Get<uint32_t>(bytes_, at + 16);
      if (absl::Status status = AddRange(node.offset, node.length, "the content", i);
          !status.ok()) {
        return status;
      }
    }
    if (initfs_.nodes_[0].type != Type::kDirectory) return Damaged("its root is not a directory");
    return absl::OkStatus();
  }

  absl::Status ReadEntries() {
    std::vector<bool> named(initfs_.nodes_.size());
    for (uint32_t i = 0; i < initfs_.nodes_.size(); ++i) {
      const Node& node = initfs_.nodes_[i];
      if (node.type != Type::kDirectory) continue;
      if (node.length % kEntrySize != 0) {
        return Damaged(absl::StrCat("the directory of inode ", i, " ends within an entry"));
      }
      for (uint64_t at = node.offset; at < node.offset + node.length; at += kEntrySize) {
        const RawEntry entry = {i, Get<uint16_t>(bytes_, at), Get<uint32_t>(bytes_, at + 4),
                                Get<uint16_t>(bytes_, at + 2)};
        if (entry.inode >= initfs_.nodes_.size()) {
          return Damaged(absl::StrCat("a name for inode ", entry.inode, ", which is not there"));
        }
        if (entry.inode == 0) return Damaged("a directory cycle: a name for the root");
        // With this, entries are never more than inodes.
        if (named[entry.inode]) {
          return NotUnderstood(
              absl::StrCat("inode ", entry.inode, " has two names (a hard link or a cycle)"));
        }
        named[entry.inode] = true;
        if (entry.name_length == 0) return Damaged("an empty name");
        if (absl::Status status =
                AddRange(entry.name_offset, entry.name_length, "the name", entry.inode);
            !status.ok()) {
          return status;
        }
        entries_.push_back(entry);
      }
    }
    return absl::OkStatus();
  }

  absl::Status CheckRanges() {
    std::sort(ranges_.begin(), ranges_.end(), [](const Range& a, const Range& b) {
      return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
    });
    initfs_.head_end_ = ranges_[1].begin;
    uint64_t other = 0;
    for (size_t i = 1; i < ranges_.size(); ++i) {
      const uint64_t end = ranges_[i - 1].end;
      if (ranges_[i].begin < end) {
        return Damaged(absl::StrCat("two things in one place, at ", ranges_[i].begin));
      }
      // Between the header and the first thing known is the bootstrap program.
      if (i > 1 && initfs_.unknown_bytes_at_ == 0 &&
          !IsZero(bytes_.substr(end, ranges_[i].begin - end), other)) {
        initfs_.unknown_bytes_at_ = end + other;
      }
    }
    const uint64_t end = ranges_.back().end;
    if (initfs_.unknown_bytes_at_ == 0 && !IsZero(bytes_.substr(end), other)) {
      initfs_.unknown_bytes_at_ = end + other;
    }
    return absl::OkStatus();
  }

  absl::Status TakeNames() {
    for (const RawEntry& entry : entries_) {
      const absl::string_view name = bytes_.substr(entry.name_offset, entry.name_length);
      if (!IsName(name)) {
        return Damaged(absl::StrCat("\"", Shown(name), "\" as the name of inode ", entry.inode));
      }
      Node& directory = initfs_.nodes_[entry.directory];
      if (!directory.by_name.emplace(name, entry.inode).second) {
        return Damaged(absl::StrCat("the name \"", Shown(name), "\" twice in one directory"));
      }
      directory.children.push_back({std::string(name), entry.inode});
    }
    return absl::OkStatus();
  }

  // Every inode but the root has at most one name; so what the walk from the root does not meet is
  // in a cycle or has no name.
  absl::Status CheckTree() {
    size_t met = 0;
    std::vector<std::pair<uint32_t, size_t>> to_visit = {{0, 0}};
    while (!to_visit.empty()) {
      const auto [id, depth] = to_visit.back();
      to_visit.pop_back();
      ++met;
      if (depth > kMaximumDepth) {
        return NotUnderstood(absl::StrCat("directories nested deeper than ", kMaximumDepth));
      }
      for (const Child& child : initfs_.nodes_[id].children) {
        to_visit.emplace_back(child.node, depth + 1);
      }
    }
    if (met != initfs_.nodes_.size()) {
      return Damaged("inodes that no path leads to, or a directory cycle");
    }
    return absl::OkStatus();
  }

  Initfs initfs_;
  absl::string_view bytes_;
  std::vector<Range> ranges_;
  std::vector<RawEntry> entries_;
};

absl::StatusOr<Initfs> Initfs::Parse(std::string bytes) { return Parser(std::move(bytes)).Parse(); }

absl::string_view Initfs::bootstrap() const {
  if (head_end_ <= kPageSize) return {};
  return absl::string_view(*original_).substr(kPageSize, head_end_ - kPageSize);
}

absl::string_view Initfs::BytesOf(const Node& node) const {
  if (node.bytes != nullptr) return *node.bytes;
  if (node.length == 0) return {};
  return absl::string_view(*original_).substr(node.offset, node.length);
}

// Places everything, and writes it where a string is given.
class Initfs::Layout {
 public:
  Layout(const Initfs& initfs, std::string* out) : initfs_(initfs), out_(out) {}

  // The size of the archive.
  uint64_t Run() {
    const uint64_t head = std::max(NextPage(initfs_.head_end_), kPageSize);
    offset_ = head;
    end_ = initfs_.head_end_;
    Write(0, absl::string_view(*initfs_.original_).substr(0, initfs_.head_end_));
    numbers_.resize(initfs_.nodes_.size());
    uint16_t number = 0;
    for (size_t i = 0; i < initfs_.nodes_.size(); ++i) {
      if (initfs_.nodes_[i].alive) numbers_[i] = number++;
    }
    table_ = Place(initfs_.alive_ * kInodeSize);
    PlaceNode(0);
    if (out_ != nullptr) {
      Set<uint32_t>(*out_, kTableOffsetAt, static_cast<uint32_t>(table_));
      Set<uint16_t>(*out_, kCountAt, static_cast<uint16_t>(initfs_.alive_));
      Set<uint64_t>(*out_, kSizeAt, end_);
    }
    return end_;
  }

 private:
  uint64_t Place(uint64_t size) {
    const uint64_t offset = offset_;
    end_ = std::max(end_, offset + size);
    offset_ = NextPage(offset + size);
    return offset;
  }

  void Write(uint64_t at, absl::string_view bytes) {
    if (out_ != nullptr && !bytes.empty())
      std::copy(bytes.begin(), bytes.end(), out_->begin() + static_cast<std::ptrdiff_t>(at));
  }

  // Recursion is as deep as the tree, which is limited.
  void PlaceNode(uint32_t id) {  // NOLINT(misc-no-recursion)
    const Node& node = initfs_.nodes_[id];
    uint64_t length = 0;
    uint64_t offset = 0;
    if (node.type == Type::kDirectory) {
      length = node.children.size() * kEntrySize;
      offset = Place(length);
      uint64_t at = offset;
      for (const Child& child : node.children) {
        PlaceNode(child.node);
        const uint64_t name = Place(child.name.size());
        Write(name, child.name);
        if (out_ != nullptr) {
          Set<uint16_t>(*out_, at, numbers_[child.node]);
          Set<uint16_t>(*out_, at + 2, static_cast<uint16_t>(child.name.size()));
          Set<uint32_t>(*out_, at + 4, static_cast<uint32_t>(name));
        }
        at += kEntrySize;
      }
    } else {
      const absl::string_view bytes = initfs_.BytesOf(node);
      length = bytes.size();
      offset = Place(length);
      Write(offset, bytes);
    }
    if (out_ == nullptr) return;
    const uint64_t at = table_ + numbers_[id] * kInodeSize;
    Set<uint32_t>(*out_, at, static_cast<uint32_t>(node.type) << kTypeShift | node.metadata.mode);
    Set<uint32_t>(*out_, at + 4, static_cast<uint32_t>(length));
    Set<uint32_t>(*out_, at + 8, static_cast<uint32_t>(offset));
    Set<uint32_t>(*out_, at + 12, node.metadata.uid);
    Set<uint32_t>(*out_, at + 16, node.metadata.gid);
  }

  const Initfs& initfs_;
  std::string* out_;
  std::vector<uint16_t> numbers_;
  uint64_t offset_ = 0;
  uint64_t end_ = 0;
  uint64_t table_ = 0;
};

uint64_t Initfs::RebuiltSize() const { return Layout(*this, nullptr).Run(); }

absl::StatusOr<std::string> Initfs::RebuildAll(uint64_t maximum_bytes) const {
  if (alive_ > kMaximumInodes) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "an initfs archive holds at most ", kMaximumInodes, " files, directories and links"));
  }
  const uint64_t size = RebuiltSize();
  maximum_bytes = std::min(maximum_bytes, kMaximumBytes);
  if (size > maximum_bytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the initfs archive would have ", size, " bytes, and at most ", maximum_bytes,
                     maximum_bytes == kMaximumBytes ? " (4 GiB) are possible" : " are allowed"));
  }
  std::string out(size, '\0');
  Layout(*this, &out).Run();
  return out;
}

absl::StatusOr<std::string> Initfs::Serialize(uint64_t maximum_bytes) const {
  if (!changed_) return *original_;
  if (unknown_bytes_at_ != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("the initfs archive holds bytes at ", unknown_bytes_at_,
                     " that belong to nothing known, and a change would lose them; rebuild it "
                     "first if they are of no use"));
  }
  return RebuildAll(maximum_bytes);
}

Initfs::Listed Initfs::ListedOf(const Node& node, const std::string& path) const {
  return {path, 0, node.type, node.metadata,
          node.type == Type::kDirectory ? node.children.size() : BytesOf(node).size()};
}

std::vector<Initfs::Listed> Initfs::List() const {
  std::vector<size_t> numbers(nodes_.size());
  size_t number = 0;
  for (size_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i].alive) numbers[i] = number++;
  }
  std::vector<Listed> list;
  std::vector<std::pair<uint32_t, std::string>> to_visit = {{0, ""}};
  while (!to_visit.empty()) {
    const auto [id, path] = std::move(to_visit.back());
    to_visit.pop_back();
    const Node& node = nodes_[id];
    for (auto child = node.children.rbegin(); child != node.children.rend(); ++child) {
      to_visit.emplace_back(child->node, JoinPath(path, child->name));
    }
    list.push_back(ListedOf(node, path));
    list.back().inode = numbers[id];
  }
  return list;
}

absl::StatusOr<Initfs::Place> Initfs::Locate(const std::string& path) const {
  if (!IsCanonical(path)) {
    return absl::InvalidArgumentError(absl::StrCat(Shown(path), ": not a canonical path"));
  }
  Place place = {0, 0};
  for (size_t at = 0; at < path.size();) {
    if (place.node < 0) return NotThere(path);
    const size_t slash = std::min(path.find('/', at), path.size());
    const Node& directory = nodes_[static_cast<size_t>(place.node)];
    if (directory.type != Type::kDirectory) {
      return Wrong(path, absl::StrCat(Shown(path.substr(0, at - 1)), " is not a directory"));
    }
    place.parent = static_cast<uint32_t>(place.node);
    const auto child = directory.by_name.find(path.substr(at, slash - at));
    place.node = child == directory.by_name.end() ? -1 : int64_t{child->second};
    at = slash + 1;
  }
  return place;
}

absl::StatusOr<Initfs::Listed> Initfs::Find(const std::string& path) const {
  const absl::StatusOr<Place> place = Locate(path);
  if (!place.ok()) return place.status();
  if (place->node < 0) return NotThere(path);
  return ListedOf(nodes_[static_cast<size_t>(place->node)], path);
}

absl::StatusOr<absl::string_view> Initfs::Content(const std::string& path) const {
  const absl::StatusOr<Place> place = Locate(path);
  if (!place.ok()) return place.status();
  if (place->node < 0) return NotThere(path);
  const Node& node = nodes_[static_cast<size_t>(place->node)];
  if (node.type == Type::kDirectory) return Wrong(path, "is a directory");
  return BytesOf(node);
}

absl::StatusOr<std::vector<std::string>> Initfs::Names(const std::string& path) const {
  const absl::StatusOr<Place> place = Locate(path);
  if (!place.ok()) return place.status();
  if (place->node < 0) return NotThere(path);
  const Node& node = nodes_[static_cast<size_t>(place->node)];
  if (node.type != Type::kDirectory) return Wrong(path, "not a directory");
  std::vector<std::string> names;
  names.reserve(node.children.size());
  for (const Child& child : node.children) names.push_back(child.name);
  return names;
}

absl::StatusOr<uint32_t> Initfs::Add(uint32_t parent, const std::string& path, Type type) {
  const std::string name(NameOf(path));
  if (name.size() > kMaximumName) {
    return absl::ResourceExhaustedError(absl::StrCat(
        Shown(path), ": names in an initfs archive have at most ", kMaximumName, " bytes"));
  }
  // The reader cannot list a directory with another name in it.
  if (!IsUtf8(name)) {
    return absl::UnimplementedError(
        absl::StrCat(Shown(path), ": names in an initfs archive are UTF-8"));
  }
  if (static_cast<size_t>(std::count(path.begin(), path.end(), '/')) >= kMaximumDepth) {
    return absl::ResourceExhaustedError(
        absl::StrCat(Shown(path), ": nested deeper than ", kMaximumDepth));
  }
  if (alive_ >= kMaximumInodes) {
    return absl::ResourceExhaustedError(
        absl::StrCat(Shown(path), ": an initfs archive holds at most ", kMaximumInodes,
                     " files, directories and links"));
  }
  const auto id = static_cast<uint32_t>(nodes_.size());
  nodes_.emplace_back().type = type;
  nodes_[parent].children.push_back({name, id});
  nodes_[parent].by_name[name] = id;
  ++alive_;
  changed_ = true;
  return id;
}

absl::Status Initfs::MakeDirectory(const std::string& path, const Metadata& metadata) {
  const absl::StatusOr<Place> place = Locate(path);
  if (!place.ok()) return place.status();
  if (place->node >= 0) return Wrong(path, "exists");
  const absl::StatusOr<uint32_t> id = Add(place->parent, path, Type::kDirectory);
  if (!id.ok()) return id.status();
  nodes_[*id].metadata = metadata;
  nodes_[*id].metadata.mode &= kModeMask;
  return absl::OkStatus();
}

absl::Status Initfs::Put(const std::string& path, Type type, absl::string_view content,
                         const Metadata& metadata) {
  const absl::StatusOr<Place> place = Locate(path);
  if (!place.ok()) return place.status();
  if (place->node >= 0 && nodes_[static_cast<size_t>(place->node)].type == Type::kDirectory) {
    return Wrong(path, "is a directory");
  }
  if (content.size() > kMaximumBytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat(Shown(path), ": files in an initfs archive are smaller than 4 GiB"));
  }
  auto id = static_cast<uint32_t>(std::max<int64_t>(place->node, 0));
  if (place->node < 0) {
    const absl::StatusOr<uint32_t> added = Add(place->parent, path, type);
    if (!added.ok()) return added.status();
    id = *added;
  }
  Node& node = nodes_[id];
  Metadata wanted = metadata;
  wanted.mode &= kModeMask;
  // The same again is no change.
  if (place->node >= 0 && node.type == type && node.metadata == wanted &&
      BytesOf(node) == content) {
    return absl::OkStatus();
  }
  node.type = type;
  node.metadata = wanted;
  node.bytes = std::make_shared<const std::string>(content);
  changed_ = true;
  return absl::OkStatus();
}

absl::Status Initfs::WriteFile(const std::string& path, absl::string_view content,
                               const Metadata& metadata) {
  return Put(path, Type::kFile, content, metadata);
}

absl::Status Initfs::MakeLink(const std::string& path, absl::string_view stored_target,
                              const Metadata& metadata) {
  // The reader finds no other target.
  if (stored_target.empty() || !IsUtf8(stored_target) ||
      stored_target.find('\0') != absl::string_view::npos) {
    return absl::UnimplementedError(
        absl::StrCat(Shown(path), ": link targets in an initfs archive are UTF-8, and not empty"));
  }
  return Put(path, Type::kLink, stored_target, metadata);
}

absl::Status Initfs::Remove(const std::string& path) {
  const absl::StatusOr<Place> place = Locate(path);
  if (!place.ok()) return place.status();
  if (place->node < 0) return NotThere(path);
  if (path.empty()) return Wrong("/", "is the root");
  Node& node = nodes_[static_cast<size_t>(place->node)];
  if (!node.children.empty()) return Wrong(path, "directory not empty");
  Node& parent = nodes_[place->parent];
  const std::string name(NameOf(path));
  parent.by_name.erase(name);
  parent.children.erase(std::find_if(parent.children.begin(), parent.children.end(),
                                     [&name](const Child& child) { return child.name == name; }));
  node.alive = false;
  node.bytes = nullptr;
  --alive_;
  changed_ = true;
  return absl::OkStatus();
}

absl::Status Initfs::SetMetadata(const std::string& path, const Metadata& metadata) {
  const absl::StatusOr<Place> place = Locate(path);
  if (!place.ok()) return place.status();
  if (place->node < 0) return NotThere(path);
  Node& node = nodes_[static_cast<size_t>(place->node)];
  if (node.type == Type::kLink) return Wrong(path, "neither a file nor a directory");
  Metadata wanted = metadata;
  wanted.mode &= kModeMask;
  if (node.metadata == wanted) return absl::OkStatus();
  node.metadata = wanted;
  changed_ = true;
  return absl::OkStatus();
}

}  // namespace cation::image
