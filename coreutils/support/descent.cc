// SPDX-License-Identifier: MIT
#include "coreutils/support/descent.h"

namespace cation {

Result<void> Descent::Begin(const char* path) {
  levels_.Clear();
  kept_names_.Truncate(0);
  return stack_.Begin(sys::At(path));
}

Result<void> Descent::Enter(sys::File&& directory, const sys::FileStatus& status) {
  Level level;
  level.kept_start = kept_names_.size();
  level.guesses_end = purpose_ == Purpose::kRemove;
  CATION_TRY(levels_.PushBack(level));
  Result<void> entered = stack_.Enter(Move(directory), status.identity());
  if (entered.ok()) {
    StartListing();
    Slot& current = slot();
    const Result<const sys::DirectoryEntry*> first = current.reader.Next();
    if (first.ok()) {
      current.ahead = first.value();
      levels_.back().ended = first.value() == nullptr;
      return {};
    }
    entered = first.error();
    sys::Descriptor left = sys::kNone;
    (void)stack_.Leave(&left);
    (void)sys::Close(left);
  }
  levels_.PopBack();
  return entered;
}

void Descent::StartListing() {
  Slot& current = slot();
  current.depth = depth();
  current.reader.Start(directory());
  current.ahead = nullptr;
  kept_next_ = levels_.back().kept_start;
}

Result<const sys::DirectoryEntry*> Descent::Read() {
  Level& level = levels_.back();
  if (level.ended) return static_cast<const sys::DirectoryEntry*>(nullptr);
  Slot& current = slot();
  if (current.ahead != nullptr) {
    return Exchange(current.ahead, static_cast<const sys::DirectoryEntry*>(nullptr));
  }
  if (level.guesses_end && !level.kept && current.reader.SeemsAtEnd()) {
    level.ended = level.guessed = true;
    return static_cast<const sys::DirectoryEntry*>(nullptr);
  }
  const Result<const sys::DirectoryEntry*> read = current.reader.Next();
  if (!read.ok()) level.kept = level.incomplete = true;
  level.ended = !read.ok() || read.value() == nullptr;
  return read;
}

Result<void> Descent::SkipTo(const char* name) {
  for (;;) {
    CATION_TRY_ASSIGN(const sys::DirectoryEntry* const entry, Read());
    if (entry == nullptr) return Error{abi::kESTALE};
    if (entry->name == name) return {};
  }
}

Result<const Descent::Entry*> Descent::Next() {
  Level& level = levels_.back();
  Result<void> ready;
  // Before the name, which still is that of the directory just left, is cut off.
  if (Exchange(level.resumes, false)) ready = SkipTo(here().name);
  stack_.SetToDirectory();
  CATION_TRY(ready);
  for (;;) {
    CATION_TRY_ASSIGN(const sys::DirectoryEntry* const entry, Read());
    if (entry == nullptr) return static_cast<const Entry*>(nullptr);
    if (level.again && is_kept_ != nullptr && is_kept_(*this, entry->name)) continue;
    if (const Result<void> named = stack_.SetName(entry->name); !named.ok()) {
      level.kept = level.incomplete = true;
      return named.error();
    }
    entry_ = {here().name, entry->inode, entry->type};
    return &entry_;
  }
}

Result<void> Descent::Leave() {
  kept_names_.Truncate(levels_.back().kept_start);
  levels_.PopBack();
  sys::Descriptor left = sys::kNone;
  const Result<bool> opened_again = stack_.Leave(&left);
  // That a directory which was only read cannot be closed tells nothing.
  (void)sys::Close(left);
  if (!opened_again.ok()) {
    levels_.Clear();
    return opened_again.error();
  }
  if (levels_.empty()) return {};
  kept_next_ = levels_.back().kept_start;
  if (!opened_again.value()) {
    if (slot().depth == depth()) return {};
    if (const Result<uint64_t> sought = sys::SeekTo(directory(), 0); !sought.ok()) {
      levels_.Clear();
      stack_.Clear();
      return sought.error();
    }
  }
  StartListing();
  levels_.back().again = true;
  levels_.back().resumes = purpose_ == Purpose::kRead;
  return {};
}

void Descent::Keep() {
  if (levels_.empty()) return;
  Level& level = levels_.back();
  level.kept = true;
  is_kept_ = &IsKeptIn;
  const StringView name(here().name);
  // With the terminator.
  if (!kept_names_.Append({name.data(), name.size() + 1}).ok()) level.incomplete = true;
}

void Descent::Gone() {
  if (!levels_.empty()) levels_.back().changed = true;
}

bool Descent::MayHoldMore() const {
  const Level& level = levels_[levels_.size() - 1];
  return (level.changed || level.guessed) && !level.incomplete;
}

Result<void> Descent::Rewind() {
  Level& level = levels_.back();
  CATION_TRY(sys::SeekTo(directory(), 0));
  StartListing();
  level.again = true;
  level.changed = level.guessed = level.guesses_end = level.ended = false;
  return {};
}

bool Descent::IsKept(StringView name) {
  const size_t start = levels_.back().kept_start;
  const size_t expected = kept_next_;
  size_t at = expected;
  while (start != kept_names_.size()) {
    if (at == kept_names_.size()) at = start;
    const StringView kept(kept_names_.c_str() + at);
    at += kept.size() + 1;
    if (kept == name) {
      kept_next_ = at;
      return true;
    }
    if (at == expected || (at == kept_names_.size() && expected == start)) break;
  }
  return false;
}

}  // namespace cation
