// SPDX-License-Identifier: MIT
#include "coreutils/support/link_table.h"

#include "runtime/core/allocate.h"

namespace cation {

LinkTable::~LinkTable() { Release(slots_); }

// Where `file` is, or would be put. Only when there are slots.
uint32_t* LinkTable::Slot(const sys::Identity& file) const {
  const size_t mask = slot_count_ - 1;
  // Fibonacci hashing: inode numbers of one tree follow each other.
  const uint64_t hash = (file.inode ^ file.device << 32) * 0x9e3779b97f4a7c15ULL;
  size_t slot = static_cast<size_t>(hash >> 32) & mask;
  while (slots_[slot] != 0 && entries_[slots_[slot] - 1].file != file) slot = (slot + 1) & mask;
  return &slots_[slot];
}

const char* LinkTable::Find(const sys::Identity& file) const {
  if (slot_count_ == 0) return nullptr;
  const uint32_t index = *Slot(file);
  return index == 0 ? nullptr : paths_.c_str() + entries_[index - 1].path;
}

Result<void> LinkTable::Grow() {
  const size_t count = slot_count_ == 0 ? 64 : slot_count_ * 2;
  const size_t size = count * sizeof(uint32_t);
  auto* const grown = static_cast<uint32_t*>(Allocate(size));
  if (grown == nullptr) return Error{abi::kENOMEM};
  Release(slots_);
  __builtin_memset(grown, 0, size);
  slots_ = grown;
  slot_count_ = count;
  uint32_t index = 0;
  for (const Entry& entry : entries_) *Slot(entry.file) = ++index;
  return {};
}

Result<void> LinkTable::Add(const sys::Identity& file, const char* path) {
  if (entries_.size() * 2 >= slot_count_) CATION_TRY(Grow());
  uint32_t* const slot = Slot(file);
  if (*slot != 0) return {};
  CATION_TRY(entries_.PushBack({file, paths_.size()}));
  // With the terminator.
  const Result<void> added = paths_.Append({path, __builtin_strlen(path) + 1});
  if (added.ok()) {
    *slot = static_cast<uint32_t>(entries_.size());
  } else {
    entries_.PopBack();
  }
  return added;
}

}  // namespace cation
