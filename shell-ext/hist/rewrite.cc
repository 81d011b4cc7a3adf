// SPDX-License-Identifier: MIT
#include "shell-ext/hist/rewrite.h"

#include "coreutils/support/backup.h"
#include "runtime/sys/terminal.h"

namespace cation::hist {
namespace {

// For how long a session that has opened the old file may take to write its line: on Redox, in an
// emulator, both together take 4 ms.
constexpr int64_t kMoment = 10'000'000;
constexpr uint64_t kEnding =
    sys::SignalBit(sys::kSignalHangUp) | sys::SignalBit(sys::kSignalInterrupt) |
    sys::SignalBit(sys::kSignalQuit) | sys::SignalBit(sys::kSignalTerminate);

}  // namespace

Rewrite::~Rewrite() {
  if (temporary_.empty() || is_there_) return;
  (void)new_.Close();
  (void)sys::RemoveFile(sys::At(temporary_.c_str()));
}

Result<void> Rewrite::Start() {
  // Others of that name are left from a program that was cut off, or another's that is at work.
  constexpr uint64_t kMostAttempts = 100;
  CATION_TRY(buffer_.Reserve(sys::kBestCallSize));
  for (uint64_t n = 0;; ++n) {
    String name;
    CATION_TRY(TemporaryPath(sys::At(path_.c_str()), status_.inode + n, &name));
    const Result<sys::Descriptor> opened = sys::Open(
        sys::At(name.c_str()), sys::kWrite | sys::kCreate | sys::kExclusive | sys::kAppend, 0600);
    if (!opened.ok()) {
      if (opened.error() == abi::kEEXIST && n < kMostAttempts) continue;
      return opened.error();
    }
    new_ = sys::File(opened.value());
    temporary_ = Move(name);
    CATION_TRY_ASSIGN(const sys::FileStatus status, sys::Status(new_.get()));
    if constexpr (!sys::kExclusiveIsSure) {
      if (status.device == 0 && status.size != 0) {
        temporary_.Truncate(0);
        if (n < kMostAttempts) continue;
        return Error{abi::kEEXIST};
      }
    }
    if (status.user != status_.user || status.group != status_.group)
      CATION_TRY(sys::ChangeOwner(new_.get(), status_.user, status_.group));
    return sys::ChangeMode(new_.get(), status_.mode & sys::kPermissionMask);
  }
}

Result<void> Rewrite::Write() {
  const Result<void> written = sys::WriteAll(new_.get(), buffer_.view());
  if (written.ok()) buffer_.Truncate(0);
  return written;
}

Result<void> Rewrite::Put(StringView text) {
  while (!text.empty()) {
    const size_t part = Min(text.size(), sys::kBestCallSize - buffer_.size());
    CATION_TRY(buffer_.Append(text.First(part)));
    last_ = text[part - 1];
    text = text.From(part);
    if (buffer_.size() == sys::kBestCallSize) CATION_TRY(Write());
  }
  return {};
}

Result<void> Rewrite::CopyRest() {
  for (;;) {
    CATION_TRY(buffer_.Reserve(sys::kBestCallSize));
    const size_t size = buffer_.size();
    CATION_TRY_ASSIGN(const size_t count,
                      sys::Read(old_, {buffer_.data() + size, sys::kBestCallSize - size}));
    if (count != 0) {
      buffer_.Truncate(size + count);
      last_ = buffer_.view().back();
    }
    if (is_there_ && count != 0) {
      // A 9p share writes where the position is, and others have written meanwhile.
      CATION_TRY_ASSIGN(const sys::FileStatus status, sys::Status(new_.get()));
      CATION_TRY(sys::SeekTo(new_.get(), status.size));
    }
    if (!buffer_.empty() && (count == 0 || is_there_ || buffer_.size() == sys::kBestCallSize))
      CATION_TRY(Write());
    if (count == 0) return {};
  }
}

Result<void> Rewrite::TakePlace() {
  CATION_TRY(sys::Rename(sys::At(temporary_.c_str()), sys::At(path_.c_str())));
  is_there_ = true;
  const Result<void> copied = CopyRest();
  sys::Pause(kMoment);
  CATION_TRY(CopyRest());
  CATION_TRY(copied);
  if (last_ != '\n') {
    CATION_TRY(buffer_.Append('\n'));
    CATION_TRY(Write());
  }
  return new_.Close();
}

Result<void> Rewrite::Finish() {
  CATION_TRY(CopyRest());
  CATION_TRY(sys::Flush(new_.get(), false));
  // What was appended while it was flushed.
  CATION_TRY(CopyRest());
  CATION_TRY_ASSIGN(const uint64_t position, sys::Position(old_));
  CATION_TRY_ASSIGN(const sys::FileStatus old, sys::Status(old_));
  CATION_TRY_ASSIGN(const sys::FileStatus there, sys::StatusAt(path_.c_str(), sys::Follow::kNo));
  if (old.size < position || !(there.identity() == status_.identity())) return Error{abi::kEBUSY};
  // From the rename on until what has come meanwhile is there, nothing ends it but what cannot be
  // helped.
  const Result<uint64_t> before = sys::BlockedSignals();
  if (before.ok()) (void)sys::SetBlockedSignals(before.value() | kEnding);
  const Result<void> taken = TakePlace();
  if (before.ok()) (void)sys::SetBlockedSignals(before.value());
  return taken;
}

}  // namespace cation::hist
