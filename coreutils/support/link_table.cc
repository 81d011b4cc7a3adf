// SPDX-License-Identifier: MIT
#include "coreutils/support/link_table.h"

namespace cation {

// Where `file` is, or would be put. Only when there are slots.
size_t LinkTable::Slot(const sys::Identity& file) const {
  const size_t mask = slots_.size() - 1;
  // Fibonacci hashing: inode numbers of one tree follow each other.
  const uint64_t hash = (file.inode ^ file.device << 32) * 0x9e3779b97f4a7c15ULL;
  size_t slot = static_cast<size_t>(hash >> 32) & mask;
  while (slots_[slot] != 0 && entries_[slots_[slot] - 1].file != file) slot = (slot + 1) & mask;
  return slot;
}

const char* LinkTable::Find(const sys::Identity& file) const {
  if (slots_.empty()) return nullptr;
  const uint32_t index = slots_[Slot(file)];
  return index == 0 ? nullptr : paths_.c_str() + entries_[index - 1].path;
}

Result<void> LinkTable::Grow() {
  const size_t size = slots_.empty() ? 64 : slots_.size() * 2;
  CATION_TRY(slots_.Reserve(size));
  slots_.Clear();
  while (slots_.size() < size) (void)slots_.PushBack(0);
  for (size_t i = 0; i < entries_.size(); ++i)
    slots_[Slot(entries_[i].file)] = static_cast<uint32_t>(i + 1);
  return {};
}

Result<void> LinkTable::Add(const sys::Identity& file, const char* path) {
  if (entries_.size() * 2 >= slots_.size()) CATION_TRY(Grow());
  const size_t slot = Slot(file);
  if (slots_[slot] != 0) return {};
  CATION_TRY(entries_.PushBack({file, paths_.size()}));
  // With the terminator.
  const Result<void> added = paths_.Append({path, __builtin_strlen(path) + 1});
  if (added.ok()) {
    slots_[slot] = static_cast<uint32_t>(entries_.size());
  } else {
    entries_.PopBack();
  }
  return added;
}

}  // namespace cation
