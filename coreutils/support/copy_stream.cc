// SPDX-License-Identifier: MIT
#include "coreutils/support/copy_stream.h"

#include "runtime/core/allocate.h"

namespace cation {
namespace {

// Less is not worth the calls that it takes to begin with.
constexpr uint64_t kWorthMoving = 128 * 1024;
constexpr size_t kSmallestBuffer = 16 * 1024;

}  // namespace

StreamCopy::~StreamCopy() { Release(buffer_); }

Result<Span<char>> StreamCopy::Buffer(size_t size) {
  if (size > buffer_size_) {
    Release(Exchange(buffer_, static_cast<char*>(nullptr)));
    buffer_size_ = 0;
    buffer_ = static_cast<char*>(Allocate(size));
    if (buffer_ == nullptr) return Error{abi::kENOMEM};
    buffer_size_ = size;
  }
  return Span<char>(buffer_, size);
}

// Returns whether all is done: what is moved is counted in any case.
bool StreamCopy::Move(sys::Descriptor input, const sys::FileStatus& status, uint64_t expected,
                      uint64_t most, uint64_t& done) {
  if constexpr (sys::kCanTransfer) {
    if (refuses_transfer_) return false;
    if (!Exchange(knows_output_, true)) {
      const Result<sys::FileStatus> output = sys::Status(context_.output);
      refuses_transfer_ = !output.ok();
      if (refuses_transfer_) return false;
      output_ = output.value();
    }
    if (status.identity() == output_.identity()) return false;
    sys::FileStatus source = status;
    source.size = expected;
    sys::Transfer transfer(input, source, context_.output, output_.type());
    const bool is_end = transfer.possible() && transfer.MoveAll(most);
    done = transfer.moved();
    // An output that takes nothing so (one that appends) will not take it of the next file either.
    if (!is_end && done == 0) refuses_transfer_ = true;
    return is_end;
  }
  return false;
}

Result<uint64_t> StreamCopy::Copy(sys::Descriptor input, const sys::FileStatus* status,
                                  uint64_t expected, uint64_t most) {
  uint64_t done = 0;
  out_.Flush();
  if (!out_.ok()) return done;
  const uint64_t likely = expected == 0 ? most : Min(expected, most);
  if (status != nullptr && likely >= kWorthMoving && Move(input, *status, expected, most, done))
    return done;
  size_t size = sys::kBestCallSize;
  // One byte more than there are, so that all of them, and no more, come with one read.
  if (likely < size) size = Max(kSmallestBuffer, static_cast<size_t>(likely) + 1);
  CATION_TRY_ASSIGN(const Span<char> buffer, Buffer(size));
  while (done < most && out_.ok()) {
    const auto wanted = static_cast<size_t>(Min(uint64_t{buffer.size()}, most - done));
    CATION_TRY_ASSIGN(const size_t count, sys::Read(input, buffer.First(wanted)));
    if (count == 0) break;
    out_.WriteThrough({buffer.data(), count});
    done += count;
    // It has given all that it was said to hold, and then less than asked for: the read that would
    // return 0 is saved.
    if (expected != 0 && done >= expected && count < wanted) break;
  }
  return done;
}

}  // namespace cation
