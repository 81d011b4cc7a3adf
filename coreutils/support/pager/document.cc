// SPDX-License-Identifier: MIT
#include "coreutils/support/pager/document.h"

namespace cation::pager {

Document::Document() = default;
Document::~Document() { Forget(); }

[[gnu::noinline]] void Document::Forget() {
  for (const Block& block : blocks_) Release(block.bytes);
  blocks_.Clear();
  lines_before_.Clear();
}

void Document::Open(StringView text) {
  Forget();
  text_ = text;
  size_ = text.size();
}

[[gnu::noinline]] Result<void> Document::Open(sys::File file) {
  Forget();
  file_ = Move(file);
  CATION_TRY_ASSIGN(const sys::FileStatus status, sys::Status(file_.get()));
  is_file_ = status.IsRegular() && sys::SeekTo(file_.get(), 0).ok();
  complete_ = is_file_;
  size_ = is_file_ ? status.size : 0;
  if (status.IsDirectory()) return Error{abi::kEISDIR};
  if (!is_file_ || size_ != 0) return {};
  // Files that say they are empty may not be: those of /proc and /scheme.
  is_file_ = complete_ = false;
  if (!ReadMore() && size_ == 0 && error_ == 0) {
    Forget();
    is_file_ = complete_ = true;
  }
  return {};
}

StringView Document::At(uint64_t offset) {
  if (file_.get() == sys::kNone)
    return offset < size_ ? text_.From(static_cast<size_t>(offset)) : StringView();
  if (is_file_) return FileAt(offset);
  while (offset >= size_) {
    if (!ReadMore()) return {};
  }
  const Block& block = blocks_[static_cast<size_t>(offset / kBlock)];
  return StringView(block.bytes, block.size).From(static_cast<size_t>(offset % kBlock));
}

[[gnu::noinline]] StringView Document::FileAt(uint64_t offset) {
  if (offset >= size_) return {};
  const uint64_t index = offset / kBlock;
  const auto inside = static_cast<size_t>(offset % kBlock);
  while (blocks_.size() < kKept && blocks_.PushBack({kNowhere, 0, nullptr}).ok()) {
  }
  if (blocks_.size() < kKept) return OutOfMemory();
  Block* block = &blocks_[static_cast<size_t>(index % kKept)];
  // One that was not full then is read anew.
  if (block->index != index || block->size <= inside) {
    if (block->bytes == nullptr) block->bytes = static_cast<char*>(Allocate(kBlock));
    // Without memory for one more there may still be the first, which the file's start was read to.
    if (block->bytes == nullptr) block = &blocks_[0];
    if (block->bytes == nullptr) return OutOfMemory();
    block->index = index;
    block->size = 0;
    Result<void> read;
    const Result<uint64_t> sought = sys::SeekTo(file_.get(), index * kBlock);
    if (!sought.ok()) read = sought.error();
    while (read.ok() && block->size < kBlock) {
      const Result<size_t> count =
          sys::Read(file_.get(), {block->bytes + block->size, kBlock - block->size});
      if (!count.ok()) read = count.error();
      if (!count.ok() || count.value() == 0) break;
      block->size += count.value();
    }
    if (!read.ok()) error_ = read.error().number;
  }
  if (block->size > inside) return StringView(block->bytes, block->size).From(inside);
  // Less than was said: that is where it ends.
  size_ = index * kBlock + block->size;
  return {};
}

StringView Document::OutOfMemory() {
  error_ = abi::kENOMEM;
  return {};
}

bool Document::ReadMore() {
  if (complete_ || !Goes()) return false;
  if (blocks_.empty() || blocks_.back().size == kBlock) {
    auto* const bytes = static_cast<char*>(Allocate(kBlock));
    if (bytes == nullptr || !blocks_.PushBack({blocks_.size(), 0, bytes}).ok()) {
      Release(bytes);
      error_ = abi::kENOMEM;
      complete_ = true;
      return false;
    }
  }
  Block& block = blocks_.back();
  for (;;) {
    const Result<size_t> count =
        sys::ReadOrNotice(file_.get(), {block.bytes + block.size, kBlock - block.size});
    if (count.ok() && count.value() != 0) {
      block.size += count.value();
      size_ += count.value();
      return true;
    }
    if (!count.ok() && count.error() == abi::kEINTR) {
      if (Goes()) continue;
      return false;
    }
    if (!count.ok()) error_ = count.error().number;
    complete_ = true;
    return false;
  }
}

bool Document::ReadAll() {
  while (ReadMore()) {
  }
  return complete_;
}

bool Document::Refresh() {
  if (!is_file_) return true;
  const Result<sys::FileStatus> status = sys::Status(file_.get());
  if (!status.ok() || status.value().size == size_) return true;
  const bool grown = status.value().size > size_;
  if (!grown) Forget();
  size_ = status.value().size;
  return grown;
}

StringView Document::Part(uint64_t from, uint64_t end) {
  const StringView part = At(from);
  return part.size() > end - from ? part.First(static_cast<size_t>(end - from)) : part;
}

uint64_t Document::FindNewline(uint64_t from, uint64_t limit) {
  while (from < limit && Goes()) {
    const StringView part = Part(from, limit);
    if (part.empty()) break;
    const size_t found = part.Find('\n');
    if (found != StringView::kNotFound) return from + found;
    from += part.size();
  }
  return kNowhere;
}

uint64_t Document::FindNewlineBefore(uint64_t from, uint64_t limit) {
  while (from > limit && Goes()) {
    uint64_t start = (from - 1) / kBlock * kBlock;
    if (start < limit || file_.get() == sys::kNone) start = limit;
    const StringView part = Part(start, from);
    if (part.empty()) break;
    const size_t found = part.FindLast('\n');
    if (found != StringView::kNotFound) return start + found;
    from = start;
  }
  return kNowhere;
}

Result<void> Document::Append(uint64_t from, uint64_t end, String& text) {
  while (from < end) {
    const StringView part = Part(from, end);
    if (part.empty()) break;
    CATION_TRY(text.Append(part));
    from += part.size();
  }
  return {};
}

namespace {

[[gnu::noinline]] uint64_t CountNewlines(StringView text) {
  uint64_t count = 0;
  for (const char byte : text) count += byte == '\n' ? 1 : 0;
  return count;
}

}  // namespace

uint64_t Document::LinesBefore(uint64_t offset) {
  if (lines_before_.empty() && !lines_before_.PushBack(0).ok()) return kNowhere;
  const uint64_t wanted = offset / kBlock;
  while (lines_before_.size() <= wanted) {
    if (!Goes()) return kNowhere;
    const StringView block = At((lines_before_.size() - 1) * kBlock);
    if (block.size() < kBlock && file_.get() != sys::kNone) break;
    const uint64_t count = CountNewlines(block.size() > kBlock ? block.First(kBlock) : block);
    if (!lines_before_.PushBack(lines_before_.back() + count).ok()) return kNowhere;
  }
  const uint64_t block = Min(wanted, static_cast<uint64_t>(lines_before_.size() - 1));
  uint64_t lines = lines_before_[static_cast<size_t>(block)];
  for (uint64_t at = block * kBlock; at < offset;) {
    const StringView part = Part(at, offset);
    if (part.empty()) break;
    lines += CountNewlines(part);
    at += part.size();
  }
  return lines;
}

[[gnu::noinline]] uint64_t Document::StartOfLine(uint64_t number) {
  if (number <= 1) return 0;
  const uint64_t before = number - 1;  // newlines
  // On by blocks, until one ends behind it.
  uint64_t at = 0;
  uint64_t line = 0;
  for (;;) {
    const uint64_t lines = LinesBefore(at + kBlock);
    if (lines == kNowhere) return kNowhere;
    if (lines >= before || At(at + kBlock).empty()) break;
    at += kBlock;
    line = lines;
  }
  uint64_t start = at == 0 ? 0 : kNowhere;
  while (line < before) {
    const uint64_t newline = FindNewline(at, kNowhere);
    if (newline == kNowhere) break;
    at = newline + 1;
    if (At(at).empty()) break;  // that was the last
    start = at;
    ++line;
  }
  if (start != kNowhere) return start;
  const uint64_t newline = FindNewlineBefore(at, 0);
  return newline == kNowhere ? 0 : newline + 1;
}

}  // namespace cation::pager
