// SPDX-License-Identifier: MIT
#include "coreutils/support/held_input.h"

#include "coreutils/support/lines.h"
#include "runtime/core/allocate.h"

namespace cation {
namespace {

constexpr size_t kFirstBlock = 64 * 1024;

// How many ends of lines there are from before the last `count` lines on: a last line without an
// end is one, too.
uint64_t EndsOf(uint64_t count, bool ends) { return count + (ends && count != UINT64_MAX ? 1 : 0); }

}  // namespace

HeldInput::~HeldInput() {
  while (first_ != blocks_.size()) Release(blocks_[first_++].data);
  Release(spare_.data);
}

Result<Span<char>> HeldInput::Room() {
  if (first_ == blocks_.size() || blocks_.back().size == blocks_.back().capacity) {
    if (first_ != 0 && first_ >= blocks_.size() / 2) {
      for (size_t i = first_; i < blocks_.size(); ++i) blocks_[i - first_] = blocks_[i];
      for (; first_ != 0; --first_) blocks_.PopBack();
    }
    Block block = Exchange(spare_, Block());
    if (block.data == nullptr) {
      block.capacity = blocks_.empty() ? kFirstBlock : sys::kBestCallSize;
      block.data = static_cast<char*>(Allocate(block.capacity));
      if (block.data == nullptr) return Error{abi::kENOMEM};
    }
    block.size = 0;
    block.lines = 0;
    if (const Result<void> pushed = blocks_.PushBack(block); !pushed.ok()) {
      Release(block.data);
      return pushed.error();
    }
  }
  const Block& last = blocks_.back();
  return Span<char>(last.data + last.size, last.capacity - last.size);
}

void HeldInput::Added(size_t count) {
  Block& last = blocks_.back();
  if (!amount_.bytes) {
    const size_t lines = CountLines({last.data + last.size, count}, amount_.end);
    last.lines += lines;
    lines_ += lines;
  }
  last.size += count;
  bytes_ += count;
}

bool HeldInput::FrontIsFree() const {
  if (blocks_.size() - first_ < 2) return false;
  const Block& front = blocks_[first_];
  return amount_.bytes ? bytes_ - front.size >= amount_.count
                       : lines_ - front.lines > amount_.count;
}

StringView HeldInput::Front() const {
  return first_ == blocks_.size() ? StringView() : Text(first_);
}

void HeldInput::DropFront() {
  const Block front = blocks_[first_++];
  bytes_ -= front.size;
  lines_ -= front.lines;
  Release(spare_.data);
  spare_ = front;
}

uint64_t HeldInput::BytesBefore() const {
  if (amount_.bytes) return bytes_ - Min(bytes_, amount_.count);
  if (bytes_ == 0 || amount_.count == 0) return bytes_;
  size_t block = blocks_.size();
  // The last one is empty if nothing came for it any more.
  const StringView last = Text(block - 1).empty() ? Text(block - 2) : Text(block - 1);
  uint64_t ends = EndsOf(amount_.count, last.back() == amount_.end);
  uint64_t before = bytes_;
  while (block != first_) {
    --block;
    before -= blocks_[block].size;
    const size_t begin = FindLastLines(Text(block), amount_.end, ends);
    if (ends == 0) return before + begin;
  }
  return 0;
}

Result<uint64_t> FindLast(sys::Descriptor input, uint64_t begin, uint64_t size,
                          const Amount& amount, Span<char> buffer, StringView& tail) {
  if (size <= begin || amount.count == 0) return Max(begin, size);
  if (amount.bytes) return size - Min(amount.count, size - begin);
  uint64_t at = size;
  uint64_t ends = 0;
  // What is asked for mostly is little: the first piece is small, so that it costs little, too.
  size_t piece = Min(buffer.size(), size_t{16} * 1024);
  while (at != begin) {
    // At a multiple of its size, after the first.
    uint64_t from = (at - 1) / piece * piece;
    if (at == size) from = at - Min(at, uint64_t{piece});
    from = Max(begin, from);
    CATION_TRY(sys::SeekTo(input, from));
    const auto wanted = static_cast<size_t>(at - from);
    size_t count = 0;
    while (count < wanted) {
      CATION_TRY_ASSIGN(const size_t more,
                        sys::Read(input, {buffer.data() + count, wanted - count}));
      if (more == 0) break;  // it has become shorter
      count += more;
    }
    const StringView text(buffer.data(), count);
    if (at == size) ends = EndsOf(amount.count, count != 0 && text.back() == amount.end);
    const size_t found = FindLastLines(text, amount.end, ends);
    if (ends == 0 || from == begin) {
      if (at == size && count == wanted) tail = text.From(found);
      return from + found;
    }
    at = from;
    piece = buffer.size();
  }
  return begin;
}

}  // namespace cation
