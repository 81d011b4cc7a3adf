// SPDX-License-Identifier: MIT
#include "shell-ext/host/file_table.h"

#include "coreutils/support/hash.h"
#include "runtime/core/allocate.h"
#include "runtime/core/utility.h"

namespace cation::host {
namespace {

// 0 is no file's.
uint64_t KeyOf(StringView path) {
  const uint64_t key = HashOf(path);
  return key == 0 ? 1 : key;
}

}  // namespace

bool WatchedFile::Takes(const sys::FileStatus& status) {
  const bool same = size == status.size && modification_time == status.modification_time &&
                    change_time == status.change_time;
  size = status.size;
  modification_time = status.modification_time;
  change_time = status.change_time;
  return same;
}

FileTable::~FileTable() { Release(slots_); }

Result<WatchedFile*> FileTable::Find(StringView path) {
  if (used_ * 2 >= slot_count_) CATION_TRY(Grow());
  const uint64_t key = KeyOf(path);
  WatchedFile* const file = Slot(key);
  if (file->key == 0) {
    file->key = key;
    ++used_;
  }
  return file;
}

WatchedFile* FileTable::Slot(uint64_t key) const {
  size_t slot = key & (slot_count_ - 1);
  while (slots_[slot].key != 0 && slots_[slot].key != key) slot = (slot + 1) & (slot_count_ - 1);
  return &slots_[slot];
}

Result<void> FileTable::Grow() {
  constexpr size_t kFirst = 64;
  const size_t count = slot_count_ == 0 ? kFirst : slot_count_ * 2;
  auto* const slots = static_cast<WatchedFile*>(Allocate(count * sizeof(WatchedFile)));
  if (slots == nullptr) return Error{abi::kENOMEM};
  for (size_t i = 0; i < count; ++i) slots[i] = {};
  const WatchedFile* const old = Exchange(slots_, slots);
  const size_t old_count = Exchange(slot_count_, count);
  for (size_t i = 0; i < old_count; ++i) {
    if (old[i].key != 0) *Slot(old[i].key) = old[i];
  }
  Release(const_cast<WatchedFile*>(old));
  return {};
}

}  // namespace cation::host
