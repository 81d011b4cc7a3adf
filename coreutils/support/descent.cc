// SPDX-License-Identifier: MIT
#include "coreutils/support/descent.h"

#include "coreutils/support/open_verified.h"

namespace cation {
namespace {

// How many directories are kept open on the way down. Hosts allow 256 to 1,024 descriptors to a
// process that asks for no more.
constexpr size_t kOpenLevels = 100;

constexpr size_t kEntryHeader = sizeof(uint64_t) + 1;

}  // namespace

Result<void> Descent::Begin(const char* path) {
  levels_.Clear();
  first_open_ = 0;
  name_start_ = 0;
  path_.Truncate(0);
  CATION_TRY(path_.Append(path));
  // One slash at the end says as much as several.
  while (path_.view().EndsWith("//")) path_.Truncate(path_.size() - 1);
  return {};
}

sys::Location Descent::here() const {
  if (levels_.empty()) return sys::At(path_.c_str());
  return {directory(), path_.c_str() + name_start_, path_.c_str()};
}

Result<void> Descent::Enter(sys::File directory, const sys::FileStatus& status) {
  CATION_TRY(levels_.PushBack({}));
  Level& level = levels_.back();
  level.directory = Move(directory);
  level.identity = status.identity();
  level.path_size = path_.size();
  level.name_start = name_start_;
  if (const Result<void> read = ReadEntries(level); !read.ok()) {
    levels_.PopBack();
    return read;
  }
  if (levels_.size() - first_open_ > kOpenLevels) (void)levels_[first_open_++].directory.Close();
  return {};
}

Result<void> Descent::ReadEntries(Level& level) {
  sys::DirectoryReader reader(level.directory.get());
  for (;;) {
    CATION_TRY_ASSIGN(const sys::DirectoryEntry* const entry, reader.Next());
    if (entry == nullptr) return {};
    char header[kEntryHeader];
    __builtin_memcpy(header, &entry->inode, sizeof(entry->inode));
    header[kEntryHeader - 1] = static_cast<char>(entry->type);
    CATION_TRY(level.entries.Append({header, sizeof(header)}));
    // With the terminator.
    CATION_TRY(level.entries.Append({entry->name.data(), entry->name.size() + 1}));
  }
}

Result<const Descent::Entry*> Descent::Next() {
  Level& level = levels_.back();
  path_.Truncate(level.path_size);
  name_start_ = level.name_start;
  if (level.next == level.entries.size()) return static_cast<const Entry*>(nullptr);

  const char* const record = level.entries.c_str() + level.next;
  const StringView name(record + kEntryHeader);
  level.next += kEntryHeader + name.size() + 1;
  CATION_TRY(AppendPathComponent(path_, name));
  name_start_ = path_.size() - name.size();
  __builtin_memcpy(&entry_.inode, record, sizeof(entry_.inode));
  entry_.type = static_cast<sys::FileType>(record[kEntryHeader - 1]);
  entry_.name = path_.c_str() + name_start_;
  return &entry_;
}

Result<void> Descent::Leave() {
  Level& level = levels_.back();
  path_.Truncate(level.path_size);
  name_start_ = level.name_start;
  sys::File left = Move(level.directory);
  levels_.PopBack();
  if (!levels_.empty() && first_open_ == levels_.size()) {
    --first_open_;
    if (const Result<void> opened = OpenAgain(levels_.back(), left); !opened.ok()) {
      levels_.Clear();
      return opened.error();
    }
  }
  // That a directory which was only read cannot be closed tells nothing.
  (void)left.Close();
  return {};
}

Result<void> Descent::OpenAgain(Level& level, const sys::File& child) {
  String path;
  CATION_TRY(path.Append(path_.view().First(level.path_size)));
  CATION_TRY_ASSIGN(level.directory, OpenParent(child.get(), path.c_str(), level.identity));
  return {};
}

}  // namespace cation
