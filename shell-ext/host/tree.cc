// SPDX-License-Identifier: MIT
#include "shell-ext/host/tree.h"

#include "coreutils/support/backup.h"
#include "coreutils/support/diagnostics.h"

namespace cation::host {
namespace {

constexpr sys::Mode kForOwner = 0700;
constexpr sys::Mode kForAll = 0777;

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
  at_target_ = false;
  Result<void> copied = Open(entry, source);
  const bool is_directory = source.status.IsDirectory();
  if (copied.ok()) {
    if (is_directory) {
      copied = CopyDirectory(source, is_there);
    } else if (source.status.IsRegular()) {
      copied = CopyFile(source);
    } else {
      copied = source.status.IsSymbolicLink() ? CopyLink() : kNoFile;
    }
  }
  if (!copied.ok() && !(copied.error() == kStopped)) {
    work_.Fail(at_target_ ? to_.path() : work_.from.path(), copied.error());
  } else if (copied.ok() && !is_directory && verbose_) {
    work_.progress.Erase();
    AnnouncePair(work_.out, "copied ", work_.from.path(), to_.path());
    work_.out.Write('\n');
  }
  work_.progress.Advance(1, 0, work_.from.path());
}

Result<void> TreeCopier::CopyFile(const OpenedFile& source) {
  sys::FileStatus existing;
  at_target_ = true;
  // In a directory that is new, nothing is. (A share does not tell which are.)
  if (to_.depth() == 0 || !to_.innermost().created)
    CATION_TRY(Placer::LookAt(to_.here(), existing));
  if (to_.depth() == 0 && alone_) work_.progress.SetTotal(1, source.status.size);
  const Result<void> placed = work_.placer.Place(source, work_.from.path(), to_.here(), existing);
  at_target_ = work_.placer.writing();
  return placed;
}

Result<void> TreeCopier::CopyLink() {
  // No system follows a longer text.
  char target[4096 + 1];
  CATION_TRY_ASSIGN(const size_t length,
                    sys::ReadSymbolicLink(work_.from.here(), {target, sizeof(target) - 1}));
  if (length == sizeof(target) - 1) return Error{abi::kENAMETOOLONG};
  target[length] = '\0';
  at_target_ = true;
  sys::FileStatus existing;
  CATION_TRY(Placer::LookAt(to_.here(), existing));
  return Placer::PlaceLink(target, to_.here());
}

Result<void> TreeCopier::CopyDirectory(OpenedFile& source, bool is_there) {
  if (to_.depth() > 0 && source.status.identity() == to_.level(0).status.identity())
    return kIsItself;
  at_target_ = true;
  CopyTarget::Level level = {.status = {}, .source = source.status};
  OpenedFile directory;
  CATION_TRY(OpenTarget(is_there, level, directory));
  level.status = directory.status;
  // A 9p share, where O_EXCL means nothing: perhaps it was there.
  if (level.status.device == 0) level.created = false;
  if (level.status.identity() == source.status.identity()) return kIsItself;
  CATION_TRY(to_.Enter(Move(directory.file), level));
  at_target_ = false;
  const Result<void> entered = work_.from.Enter(Move(source.file), source.status);
  if (!entered.ok()) LeaveTarget();
  return entered;
}

// Makes the directory for level.source, or opens the one that is there.
Result<void> TreeCopier::OpenTarget(bool is_there, CopyTarget::Level& level,
                                    OpenedFile& directory) {
  const sys::Location to = to_.here();
  const sys::Mode wanted = puts_ ? level.source.mode & kForAll : kForAll;
  const Result<sys::Descriptor> opened =
      is_there ? sys::Open(to, sys::kRead | sys::kDirectory)
               : sys::MakeAndOpenDirectory(to, (wanted & ~work_.placer.umask()) | kForOwner);
  if (!opened.ok()) {
    if (is_there || !(opened.error() == abi::kEEXIST)) return opened.error();
    const Result<void> existing = OpenVerified(to, sys::kDirectory, 0, &directory);
    // A link is the one or the other, as the system likes.
    const bool is_other =
        !existing.ok() && (existing.error() == abi::kELOOP || existing.error() == abi::kENOTDIR);
    return is_other ? kNoDirectory : existing;
  }
  level.created = !is_there;
  directory.file = sys::File(opened.value());
  CATION_TRY_ASSIGN(directory.status, sys::Status(opened.value()));
  return {};
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
