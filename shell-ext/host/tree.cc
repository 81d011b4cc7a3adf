// SPDX-License-Identifier: MIT
#include "shell-ext/host/tree.h"

#include "coreutils/support/backup.h"
#include "coreutils/support/diagnostics.h"

namespace cation::host {
namespace {

constexpr sys::Mode kForOwner = 0700;
constexpr sys::Mode kForAll = 0777;

bool IsOtherKind(const Result<void>& opened) {
  return !opened.ok() && (opened.error() == abi::kELOOP || opened.error() == abi::kENOTDIR);
}

}  // namespace

void TreeCopier::Copy(const char* source, const char* to, bool is_there) {
  Result<void> begun = work_.from.Begin(source);
  if (begun.ok()) begun = to_.Begin(sys::At(to));
  if (!begun.ok()) {
    work_.Fail(source, begun.error());
    return;
  }
  CopyEntry({}, is_there);
  while (work_.from.depth() > 0) {
    if (work_.interrupts.Came()) return;
    const Result<const Descent::Entry*> entry = work_.from.Next();
    if (!entry.ok()) {
      work_.Fail(work_.from.path(), entry.error());
      continue;
    }
    if (entry.value() == nullptr) {
      Leave();
      continue;
    }
    if (const Result<void> named = to_.SetName(entry.value()->name); !named.ok()) {
      work_.Fail(work_.from.path(), named.error());
      continue;
    }
    CopyEntry(*entry.value(), false);
  }
}

// The entry's type is believed as far as it can be opened so: a 9p share calls links files, and
// does not open them.
Result<void> TreeCopier::Open(const Descent::Entry& entry, OpenedFile& source) {
  const sys::Location from = work_.from.here();
  const auto open = [&](bool is_directory, uint64_t inode) {
    return OpenVerified(from, is_directory ? sys::kDirectory : sys::OpenFlags{}, inode, &source);
  };
  const bool is_directory = entry.type == sys::FileType::kDirectory;
  if (is_directory || entry.type == sys::FileType::kRegular) {
    if (open(is_directory, entry.inode).ok()) return {};
    (void)source.file.Close();
  }
  CATION_TRY_ASSIGN(source.status, sys::StatusAt(from, sys::Follow::kNo));
  const sys::FileStatus status = source.status;
  if (!status.IsDirectory() && !status.IsRegular()) return {};
  return open(status.IsDirectory(), status.inode);
}

void TreeCopier::CopyEntry(const Descent::Entry& entry, bool is_there) {
  OpenedFile source;
  if (const Result<void> opened = Open(entry, source); !opened.ok()) {
    work_.Fail(work_.from.path(), opened.error());
    return;
  }
  const sys::FileStatus& status = source.status;
  if (status.IsDirectory()) {
    CopyDirectory(source, is_there);
    return;
  }
  if (!status.IsRegular() && !status.IsSymbolicLink()) {
    work_.Fail(work_.from.path(), kNoFile);
    return;
  }
  const Result<void> copied = status.IsRegular() ? CopyFile(source) : CopyLink();
  if (copied.ok()) {
    if (verbose_) {
      work_.progress.Erase();
      AnnouncePair(work_.out, "copied ", work_.from.path(), to_.path());
      work_.out.Write('\n');
    }
  } else if (!(copied.error() == kStopped) && !(copied.error() == kReported)) {
    work_.Fail(work_.placer.writing() ? to_.path() : work_.from.path(), copied.error());
  }
  work_.progress.Advance(1, 0, work_.from.path());
}

Result<void> TreeCopier::CopyFile(const OpenedFile& source) {
  sys::FileStatus existing;
  // In a directory that is new, nothing is. (A share does not tell which are.)
  const bool is_free = to_.depth() > 0 && to_.innermost().created;
  if (!is_free) {
    const Result<void> looked = Placer::LookAt(to_.here(), existing);
    if (!looked.ok()) {
      work_.Fail(to_.path(), looked.error());
      return kReported;
    }
  }
  return work_.placer.Place(source, work_.from.path(), to_.here(), existing);
}

Result<void> TreeCopier::CopyLink() {
  // No system follows a longer text.
  char target[4096 + 1];
  const Result<size_t> length =
      sys::ReadSymbolicLink(work_.from.here(), {target, sizeof(target) - 1});
  Result<void> copied = length.ok() ? Result<void>() : length.error();
  StringView failed = work_.from.path();
  if (copied.ok() && length.value() == sizeof(target) - 1) copied = Error{abi::kENAMETOOLONG};
  if (copied.ok()) {
    failed = to_.path();
    target[length.value()] = '\0';
    sys::FileStatus existing;
    copied = Placer::LookAt(to_.here(), existing);
    if (copied.ok()) copied = Placer::PlaceLink(target, to_.here());
  }
  if (copied.ok()) return {};
  work_.Fail(failed, copied.error());
  return kReported;
}

void TreeCopier::CopyDirectory(OpenedFile& source, bool is_there) {
  if (to_.depth() > 0 && source.status.identity() == to_.level(0).status.identity()) {
    work_.Fail(work_.from.path(), kIsItself);
    return;
  }
  const sys::Location to = to_.here();
  CopyTarget::Level level{.status = source.status, .source = source.status};
  OpenedFile directory;
  Result<void> opened;
  if (!is_there) {
    const sys::Mode wanted = puts_ ? source.status.mode & kForAll : kForAll;
    const Result<sys::Descriptor> made =
        sys::MakeAndOpenDirectory(to, (wanted & ~work_.placer.umask()) | kForOwner);
    level.created = made.ok();
    if (made.ok()) directory.file = sys::File(made.value());
    opened = made.ok() ? Result<void>() : made.error();
  }
  if (level.created || is_there) {
    if (is_there) {
      const Result<sys::Descriptor> there = sys::Open(to, sys::kRead | sys::kDirectory);
      if (there.ok()) directory.file = sys::File(there.value());
      opened = there.ok() ? Result<void>() : there.error();
    }
    if (opened.ok()) {
      const Result<sys::FileStatus> status = sys::Status(directory.file.get());
      if (status.ok()) directory.status = status.value();
      opened = status.ok() ? Result<void>() : status.error();
    }
  } else if (opened.error() == abi::kEEXIST) {
    opened = OpenVerified(to, sys::kDirectory, 0, &directory);
    if (IsOtherKind(opened)) {
      work_.Fail(to_.path(), kNoDirectory);
      return;
    }
  }
  if (!opened.ok()) {
    work_.Fail(to_.path(), opened.error());
    return;
  }
  level.status = directory.status;
  // A 9p share, where O_EXCL means nothing: perhaps it was there.
  if (level.status.device == 0) level.created = false;
  if (level.status.identity() == source.status.identity()) {
    work_.Fail(to_.path(), kIsItself);
    return;
  }
  if (const Result<void> entered = to_.Enter(Move(directory.file), level); !entered.ok()) {
    work_.Fail(to_.path(), entered.error());
    return;
  }
  if (const Result<void> entered = work_.from.Enter(Move(source.file), source.status);
      !entered.ok()) {
    work_.Fail(work_.from.path(), entered.error());
    LeaveTarget();
  }
}

void TreeCopier::Leave() {
  const Result<void> left = work_.from.Leave();
  LeaveTarget();
  if (left.ok()) return;
  work_.Fail(work_.from.path(), left.error());
  while (to_.depth() > 0) LeaveTarget();
}

void TreeCopier::LeaveTarget() {
  CopyTarget::Level level;
  sys::Descriptor descriptor = sys::kNone;
  const Result<void> left = to_.Leave(&level, &descriptor);
  sys::File directory(descriptor);
  // After all that was put into it, which changed them. A share keeps none.
  if (level.created) {
    const Result<void> kept = sys::CopyTimes(directory.get(), level.source);
    if (!kept.ok() && level.status.device != 0) work_.Fail(to_.path(), kept.error());
  }
  (void)directory.Close();
  if (left.ok()) return;
  work_.Fail(to_.path(), left.error());
  (void)work_.from.Begin("");
}

}  // namespace cation::host
