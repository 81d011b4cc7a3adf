// SPDX-License-Identifier: MIT
#include "coreutils/support/copy_data.h"

#include "runtime/core/allocate.h"

namespace cation {
namespace {

constexpr size_t kPage = 4096;
// RedoxFS writes whole records of 128 KiB, copied on write: a write that begins or ends within one
// costs the rest of it.
constexpr size_t kRecord = size_t{128} * 1024;
// 32 MiB in writes of 1 MiB put 33 MiB on disk; of 8 KiB, 463. Larger ones gain 2 % more.
constexpr size_t kLargest = 8 * kRecord;
// Zeros are left out when there are this many in a row. Smaller holes would cut the data between
// them into writes that cost more than the zeros (4 KiB at a time: 29 times the bytes).
constexpr size_t kHole = size_t{32} * 1024;

constexpr size_t RoundUp(size_t size, size_t unit) { return (size + unit - 1) / unit * unit; }

// Not for empty data.
bool IsZero(StringView data) {
  return data[0] == 0 && __builtin_memcmp(data.data(), data.data() + 1, data.size() - 1) == 0;
}

}  // namespace

DataCopier::~DataCopier() { Release(buffer_); }

Result<void> DataCopier::Reserve(const sys::FileStatus& status) {
  // One byte more than the file has, so that the read that brings the last of it comes back short
  // and shows that it was the last. A size of 0 says nothing: files of /proc and of Redox's schemes
  // have it, and FIFOs.
  used_ = kRecord;
  if (status.IsRegular() && status.size != 0) {
    used_ = kLargest;
    if (status.size < kLargest) {
      const auto wanted = static_cast<size_t>(status.size) + 1;
      used_ = wanted < kRecord ? RoundUp(wanted, kPage) : Min(RoundUp(wanted, kRecord), kLargest);
    }
  }
  if (used_ <= capacity_) return {};
  Release(Exchange(buffer_, static_cast<char*>(nullptr)));
  capacity_ = 0;
  buffer_ = static_cast<char*>(Allocate(used_));
  if (buffer_ == nullptr) return Error{abi::kENOMEM};
  capacity_ = used_;
  return {};
}

Result<DataCopier::Chunk> DataCopier::Fill(sys::Descriptor from, const sys::FileStatus& status) {
  Chunk chunk;
  while (chunk.size < used_) {
    const size_t wanted = used_ - chunk.size;
    CATION_TRY_ASSIGN(const size_t count, sys::Read(from, {buffer_ + chunk.size, wanted}));
    chunk.size += count;
    done_ += count;
    // Without the read that would return 0: a regular file that has given all the bytes it was said
    // to have, and then fewer than asked for, has ended.
    chunk.last = count == 0 ||
                 (status.IsRegular() && status.size != 0 && done_ >= status.size && count < wanted);
    // Reads that come short (a 9p share gives less than 128 KiB) are gathered, so that writes stay
    // whole. What comes from a FIFO or a terminal is passed on at once.
    if (chunk.last || !status.IsRegular()) break;
  }
  return chunk;
}

Result<void> DataCopier::WriteSparse(sys::Descriptor to, StringView data) {
  while (!data.empty()) {
    // A run of data, or a run of zeros, in steps of kHole.
    const bool zero = IsZero(data.First(Min(kHole, data.size())));
    size_t run = Min(kHole, data.size());
    while (run < data.size() &&
           IsZero(data.From(run).First(Min(kHole, data.size() - run))) == zero) {
      run = Min(run + kHole, data.size());
    }
    if (!zero) {
      if (hole_) CATION_TRY(sys::SeekTo(to, position_));
      CATION_TRY(sys::WriteAll(to, data.First(run)));
    }
    hole_ = zero;
    position_ += run;
    data = data.From(run);
  }
  return {};
}

CopyDataFailure DataCopier::Copy(sys::Descriptor from, const sys::FileStatus& status,
                                 sys::Descriptor to, bool may_seek) {
  if (const Result<void> reserved = Reserve(status); !reserved.ok())
    return {reserved.error().number, false};
  done_ = 0;
  position_ = 0;
  hole_ = false;
  const bool sparse =
      may_seek && status.IsRegular() && status.size > kHole && status.blocks < status.size / 512;
  for (;;) {
    const Result<Chunk> chunk = Fill(from, status);
    if (!chunk.ok()) return {chunk.error().number, false};
    const StringView data(buffer_, chunk.value().size);
    const Result<void> written = sparse ? WriteSparse(to, data) : sys::WriteAll(to, data);
    if (!written.ok()) return {written.error().number, true};
    if (chunk.value().last) break;
  }
  // Zeros at the end have no data behind them that would make the file as long as it is.
  if (hole_) {
    if (const Result<void> sized = sys::Truncate(to, position_); !sized.ok())
      return {sized.error().number, true};
  }
  return {};
}

}  // namespace cation
