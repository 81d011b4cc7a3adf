// SPDX-License-Identifier: MIT
#include "coreutils/tail/input.h"

#include "coreutils/support/lines.h"

namespace cation::tail {
namespace {

// A smaller file is not read from its end: its size may be what /sys makes up.
constexpr uint64_t kSmall = 64 * 1024;

// What a regular file says that there is still to come; 0 when that is not known.
uint64_t Expected(const Input& input) {
  const sys::FileStatus& status = input.status;
  return status.IsRegular() && status.size > input.position ? status.size - input.position : 0;
}

}  // namespace

void Shower::Head(const Input& input) {
  if (shows_headers_ && last_ != &input)
    WriteHeader(out_, NameOfInput(input.operand), last_ == nullptr);
  last_ = &input;
}

// Behind a header it need not be written at once.
void Shower::Write(StringView text) {
  if (shows_headers_) return out_.Write(text);
  out_.WriteThrough(text);
}

// What can give nothing just now has nothing more, where it is not waited for.
bool Shower::IsEnd(const Input& input, Error error) const {
  return error == abi::kEAGAIN && options_.follow && !input.status.IsRegular();
}

Result<size_t> Shower::Read(Input& input, Span<char> buffer) {
  const Result<size_t> read = sys::Read(input.descriptor, buffer);
  if (!read.ok() && IsEnd(input, read.error())) return size_t{0};
  if (read.ok()) input.position += read.value();
  return read;
}

Result<void> Shower::ShowEnd(Input& input) {
  if (input.is_shared() && input.status.IsRegular()) {
    const Result<uint64_t> position = sys::Position(input.descriptor);
    if (position.ok()) input.position = position.value();
  }
  if (options_.from_start) return ShowFromStart(input);
  const uint64_t expected = Expected(input);
  if (options_.amount.count == 0 && expected != 0) {
    input.position = input.status.size;
    CATION_TRY(sys::SeekTo(input.descriptor, input.position));
    return {};
  }
  return expected > kSmall ? ShowLastOfFile(input) : ShowLastOfPipe(input);
}

Result<void> Shower::ShowRest(Input& input) {
  const Result<uint64_t> copied = copy_.Copy(input.descriptor, &input.status, Expected(input));
  if (!copied.ok() && IsEnd(input, copied.error())) return {};
  if (!copied.ok()) return copied.error();
  input.position += copied.value();
  return {};
}

Result<void> Shower::ShowFromStart(Input& input) {
  uint64_t skip = options_.amount.count - Min(options_.amount.count, uint64_t{1});
  if (skip == 0) return ShowRest(input);
  const uint64_t expected = Expected(input);
  if (options_.amount.bytes && expected != 0) {
    input.position += Min(skip, expected);
    CATION_TRY(sys::SeekTo(input.descriptor, input.position));
    return ShowRest(input);
  }
  size_t size = sys::kBestCallSize;
  // One byte more, so that nothing is left to come.
  if (expected != 0 && expected < size) size = static_cast<size_t>(expected) + 1;
  CATION_TRY_ASSIGN(const Span<char> buffer, copy_.Buffer(size));
  while (skip != 0) {
    CATION_TRY_ASSIGN(const size_t count, Read(input, buffer));
    if (count == 0) return {};
    size_t used = static_cast<size_t>(Min(uint64_t{count}, skip));
    if (options_.amount.bytes) {
      skip -= used;
    } else {
      used = SkipLines({buffer.data(), count}, options_.amount.end, skip);
    }
    if (used != count) Write({buffer.data() + used, count - used});
    if (expected != 0 && Expected(input) == 0 && count < size) return {};
  }
  return ShowRest(input);
}

Result<void> Shower::ShowLastOfFile(Input& input) {
  CATION_TRY_ASSIGN(const Span<char> buffer, copy_.Buffer(sys::kBestCallSize));
  StringView tail(nullptr, 0);
  CATION_TRY_ASSIGN(
      const uint64_t begin,
      FindLast(input.descriptor, input.position, input.status.size, options_.amount, buffer, tail));
  if (tail.data() != nullptr) {
    Write(tail);
    input.position = input.status.size;
    return {};
  }
  input.position = begin;
  CATION_TRY(sys::SeekTo(input.descriptor, begin));
  return ShowRest(input);
}

Result<void> Shower::ShowLastOfPipe(Input& input) {
  HeldInput held(options_.amount);
  const uint64_t expected = Expected(input);
  for (;;) {
    CATION_TRY_ASSIGN(const Span<char> room, held.Room());
    CATION_TRY_ASSIGN(const size_t count, Read(input, room));
    if (count == 0) break;
    held.Added(count);
    while (held.FrontIsFree()) held.DropFront();
    if (expected != 0 && Expected(input) == 0 && count < room.size()) break;
  }
  uint64_t before = held.BytesBefore();
  for (; !held.Front().empty() && out_.ok(); held.DropFront()) {
    const StringView front = held.Front();
    const auto skip = static_cast<size_t>(Min(before, uint64_t{front.size()}));
    before -= skip;
    if (skip != front.size()) Write(front.From(skip));
  }
  return {};
}

Result<bool> Shower::ShowMore(Input& input) {
  CATION_TRY_ASSIGN(const Span<char> buffer, copy_.Buffer(sys::kBestCallSize));
  // Who is waited for may never end: one piece at a time.
  const bool is_regular = input.status.IsRegular();
  bool any = false;
  while (out_.ok()) {
    CATION_TRY_ASSIGN(const size_t count, Read(input, buffer));
    if (count == 0) break;
    any = true;
    Head(input);
    Write({buffer.data(), count});
    if (!is_regular) break;
    if (!input.has_no_size && input.position >= input.status.size && count < buffer.size()) break;
  }
  return any;
}

}  // namespace cation::tail
