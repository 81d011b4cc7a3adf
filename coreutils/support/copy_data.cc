// SPDX-License-Identifier: MIT
#include "coreutils/support/copy_data.h"

#include "coreutils/support/copy_use.h"
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
// With --sparse=always, what most file systems make holes of.
constexpr size_t kLeastHole = kPage;

// `unit` is a power of two.
constexpr size_t RoundUp(size_t size, size_t unit) { return (size + unit - 1) & ~(unit - 1); }

// Not for empty data.
bool IsZero(StringView data) {
  return data[0] == 0 && __builtin_memcmp(data.data(), data.data() + 1, data.size() - 1) == 0;
}

}  // namespace

DataCopier::~DataCopier() { Release(buffer_); }

CopyWhen DataCopier::Sparse() const {
  return kCopyUse == CopyUse::kMoves ? CopyWhen::kAuto : sparse_;
}

bool DataCopier::MayOffload() const { return kCopyUse == CopyUse::kMoves || may_offload_; }

bool DataCopier::ShowsProgress() const {
  return kCopyUse != CopyUse::kMoves && progress_ != nullptr && progress_->active();
}

Result<void> DataCopier::Reserve(const sys::FileStatus& status) {
  // One byte more than the file has, so that the read that brings the last of it comes back short
  // and shows that it was the last. A size of 0 says nothing: files of /proc and of Redox's schemes
  // have it, and FIFOs.
  used_ = kRecord;
  if (status.IsRegular() && status.size != 0) {
    const size_t wanted = static_cast<size_t>(Min(status.size, uint64_t{kLargest})) + 1;
    used_ = Min(RoundUp(wanted, wanted < kRecord ? kPage : kRecord), kLargest);
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
    const auto wanted = static_cast<size_t>(Min(uint64_t{used_ - chunk.size}, left_));
    CATION_TRY_ASSIGN(const size_t count, sys::Read(from, {buffer_ + chunk.size, wanted}));
    chunk.size += count;
    done_ += count;
    left_ -= count;
    // Without the read that would return 0: a regular file that has given all the bytes it was said
    // to have, and then fewer than asked for, has ended.
    chunk.last = count == 0 || left_ == 0 ||
                 (status.IsRegular() && status.size != 0 && done_ >= status.size && count < wanted);
    // Reads that come short (a 9p share gives less than 128 KiB) are gathered, so that writes stay
    // whole. What comes from a FIFO or a terminal is passed on at once.
    if (chunk.last || !status.IsRegular()) break;
  }
  return chunk;
}

Result<void> DataCopier::WriteSparse(sys::Descriptor to, StringView data) {
  const size_t step = Sparse() == CopyWhen::kAlways ? kLeastHole : kHole;
  while (!data.empty()) {
    // A run of data, or a run of zeros, in steps.
    bool zero = false;
    size_t run = holes_ == Holes::kZeros ? 0 : data.size();
    while (run < data.size()) {
      const size_t next = Min(step, data.size() - run);
      const bool next_is_zero = IsZero(data.From(run).First(next));
      if (run != 0 && next_is_zero != zero) break;
      zero = next_is_zero;
      run += next;
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
                                 sys::Descriptor to, bool may_seek, StringView name) {
  done_ = 0;
  position_ = 0;
  hole_ = false;
  if (kCopyUse != CopyUse::kMoves) name_ = name;
  may_seek_ = may_seek;
  offload_ = Offload::kNo;
  if (!MayOffload()) offload_ = Offload::kAvoided;
  holes_ = Holes::kNone;
  const bool has_holes =
      status.IsRegular() && status.size > kHole && status.blocks < status.size / 512;
  if (may_seek && (Sparse() == CopyWhen::kAlways || (Sparse() == CopyWhen::kAuto && has_holes)))
    holes_ = Holes::kZeros;
  CopyDataFailure failure;
  const bool found = has_holes && holes_ != Holes::kNone && CopyData(from, status, to, &failure);
  if (!found) failure = CopyRange(from, status, to, UINT64_MAX);
  if (failure.error != 0) return failure;
  // Zeros at the end have no data behind them that would make the file as long as it is.
  if (hole_) {
    if (const Result<void> sized = sys::Truncate(to, position_); !sized.ok())
      return {sized.error().number, true};
  }
  return {};
}

// Copies `size` bytes from where `from` is, or all that there are.
CopyDataFailure DataCopier::CopyRange(sys::Descriptor from, const sys::FileStatus& status,
                                      sys::Descriptor to, uint64_t size) {
  left_ = size;
  if constexpr (sys::kCanTransfer) {
    // Zeros that are to become holes must be looked at.
    if (MayOffload() && may_seek_ && holes_ != Holes::kZeros) {
      const Result<bool> all = Move(from, status, to);
      if (!all.ok()) return {all.error().number, true};
      if (all.value()) return {};
    }
  }
  if (const Result<void> reserved = Reserve(status); !reserved.ok())
    return {reserved.error().number, false};
  for (;;) {
    const Result<Chunk> chunk = Fill(from, status);
    if (!chunk.ok()) return {chunk.error().number, false};
    const StringView data(buffer_, chunk.value().size);
    const Result<void> written =
        holes_ != Holes::kNone ? WriteSparse(to, data) : sys::WriteAll(to, data);
    if (!written.ok()) return {written.error().number, true};
    if (ShowsProgress()) progress_->Advance(0, data.size(), name_);
    if (chunk.value().last) return {};
  }
}

// Lets the system move the range. Returns whether all of it has been moved; the rest is to be read
// and written. Errors: those of sys::SeekTo() for the copy.
Result<bool> DataCopier::Move(sys::Descriptor from, const sys::FileStatus& status,
                              sys::Descriptor to) {
  sys::Transfer transfer(from, status, to, sys::kTypeRegular);
  if (!transfer.possible()) return false;
  if (hole_) CATION_TRY(sys::SeekTo(to, position_));
  hole_ = false;
  bool all = false;
  if (left_ == UINT64_MAX && !ShowsProgress()) {
    all = transfer.MoveAll();
  } else {
    // So much at a time that the progress moves too.
    constexpr uint64_t kStep = uint64_t{16} * 1024 * 1024;
    while (left_ > 0) {
      const size_t count = transfer.Move(static_cast<size_t>(Min(left_, kStep)));
      if (count == 0) break;
      left_ -= count;
      if (ShowsProgress()) progress_->Advance(0, count, name_);
    }
    all = left_ == 0 || (transfer.possible() && transfer.moved() >= status.size);
  }
  if (transfer.moved() > 0) offload_ = Offload::kYes;
  done_ += transfer.moved();
  position_ += transfer.moved();
  return all;
}

// Copies what the file system says is no hole. Returns false when it does not say, and nothing has
// been done.
bool DataCopier::CopyData(sys::Descriptor from, const sys::FileStatus& status, sys::Descriptor to,
                          CopyDataFailure* failure) {
  const Holes holes = holes_;
  for (uint64_t end = 0; end < status.size;) {
    const Result<uint64_t> start = sys::FindData(from, end);
    if (!start.ok() && start.error() == abi::kENXIO) {
      // A hole up to the end.
      hole_ = true;
      position_ = status.size;
      return true;
    }
    Result<uint64_t> next = start;
    if (start.ok()) next = sys::FindHole(from, start.value());
    if (next.ok()) {
      end = next.value();
      next = sys::SeekTo(from, start.value());
    }
    if (!next.ok()) {
      // Not at the first: what there is has not been touched, but for the position.
      if (position_ == 0 && (!start.ok() || sys::SeekTo(from, 0).ok())) {
        holes_ = holes;
        return false;
      }
      *failure = {next.error().number, false};
      return true;
    }
    if (Sparse() == CopyWhen::kAuto) holes_ = Holes::kFound;
    if (start.value() != position_) hole_ = true;
    done_ = position_ = start.value();
    *failure = CopyRange(from, status, to, end - start.value());
    if (failure->error != 0) return true;
  }
  return true;
}

void DataCopier::Explain(Output& out) const {
  static constexpr const char* kDetections[] = {"no", "zeros", "SEEK_HOLE"};
  out.Write("copy offload: ");
  static constexpr const char* kOffloads[] = {"no", "yes", "avoided"};
  // Where no system call moves data, the linker need not keep the others for who moves files.
  const bool differs = sys::kCanTransfer || !MayOffload();
  out.Write(kOffloads[differs ? static_cast<size_t>(offload_) : 0]);
  out.Write(", reflink: no, sparse detection: ");
  out.Write(kDetections[static_cast<size_t>(holes_)]);
  out.Write('\n');
}

}  // namespace cation
