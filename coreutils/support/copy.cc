// SPDX-License-Identifier: MIT
#include "coreutils/support/copy.h"

#include "coreutils/support/copy_choices.h"
#include "coreutils/support/diagnostics.h"

namespace cation {

Copier::Copier(const Context& context, const CopyOptions& options, Output& out, Progress* progress,
               Confirm* confirm)
    : context_(context),
      options_(options),
      out_(out),
      dereference_(options.dereference),
      umask_(sys::SetFileCreationMask(0)),
      progress_(progress),
      confirm_(confirm),
      data_(Moves() ? CopyWhen::kAuto : options.sparse, Moves() ? CopyWhen::kAuto : options.reflink,
            progress) {
  using Dereference = CopyOptions::Dereference;
  if (Chosen(dereference_ == Dereference::kDefault)) {
    const bool never = options.recursive && !options.link;
    dereference_ = never ? Dereference::kNever : Dereference::kAlways;
  }
}

bool Copier::MovesThisTime() const { return options_.moves; }

bool Copier::Copy(const char* source, const sys::Location& to, const CopyPlace& place) {
  ok_ = true;
  made_ = false;
  place_ = &place;
  CopyPlace inner;
  Result<void> begun = from_.Begin(source);
  if (begun.ok()) begun = to_.Begin(to);
  if (!begun.ok()) return Fail(source, begun.error());
  CopyEntry({});
  while (from_.depth() > 0) {
    const Result<const Descent::Entry*> entry = from_.Next();
    if (!entry.ok()) {
      FailSource(entry.error());
      continue;
    }
    if (entry.value() == nullptr) {
      Leave();
      continue;
    }
    if (const Result<void> named = to_.SetName(entry.value()->name); !named.ok()) {
      FailSource(named.error());
      continue;
    }
    inner.free = to_.innermost().created;
    inner.exclusive = to_.innermost().status.device != 0;
    place_ = &inner;
    CopyEntry(*entry.value());
  }
  return ok_;
}

void Copier::CopyEntry(const Descent::Entry& entry) {
  remark_ = {};
  backup_.Truncate(0);
  Source source;
  if (const Result<void> opened = OpenSource(entry, &source); !opened.ok()) {
    FailSource(opened.error());
  } else if (source.status.IsDirectory()) {
    CopyDirectory(source);
  } else {
    CopyFile(source);
  }
}

Result<void> Copier::OpenSource(const Descent::Entry& entry, Source* source) {
  using Dereference = CopyOptions::Dereference;
  const sys::Location from = from_.here();
  const bool is_operand = from_.depth() == 0;
  const bool follow = Dereferences() == Dereference::kAlways ||
                      (Dereferences() == Dereference::kOperands && is_operand);
  const bool no_data = Chosen(options_.link || options_.symbolic_link || options_.attributes_only);
  constexpr sys::OpenFlags kNoFlags{};
  const bool is_directory = entry.type == sys::FileType::kDirectory;
  if ((entry.type == sys::FileType::kRegular && !no_data) || is_directory) {
    const Result<void> opened =
        OpenVerified(from, is_directory ? sys::kDirectory : kNoFlags, entry.inode, source);
    // With these it is not what the entry said: it has been replaced, or it is a link (ENOENT: to
    // nothing) on a 9p share of Redox, whose entries call links files and which does not open them
    // (EXDEV).
    const bool is_other =
        !opened.ok() && (opened.error() == abi::kELOOP || opened.error() == abi::kEXDEV ||
                         opened.error() == abi::kENOTDIR || opened.error() == abi::kENOENT);
    if (!is_other) return opened;
    (void)source->file.Close();
  }
  uint64_t inode = 0;
  if (IsRecursive() || !follow || no_data) {
    CATION_TRY_ASSIGN(source->status,
                      sys::StatusAt(from, follow ? sys::Follow::kYes : sys::Follow::kNo));
    const sys::FileStatus& status = source->status;
    // Special files are copied as such with -R, and read without, as POSIX wants it; opening a FIFO
    // waits for its writer.
    if (!status.IsDirectory() && (no_data || !IsRead(status))) return {};
    inode = status.inode;
  }
  if (!follow) return OpenVerified(from, kNoFlags, inode, source);
  CATION_TRY_ASSIGN(const sys::Descriptor descriptor, sys::Open(from, sys::kRead));
  source->file = sys::File(descriptor);
  CATION_TRY_ASSIGN(source->status, sys::Status(descriptor));
  return {};
}

void Copier::CopyDirectory(Source& source) {
  if (!IsRecursive()) {
    RefuseSource("is a directory; use -r to copy it");
    return;
  }
  if (Chosen(place_->earlier != nullptr)) {
    const Result<sys::FileStatus> earlier = sys::StatusAt(place_->earlier, sys::Follow::kYes);
    if (earlier.ok() && earlier.value().identity() == source.status.identity()) {
      Say(place_->earlier, kGivenTwice);
      return;
    }
  }
  if (!MayDescend(source.status)) return;
  CopyTarget::Level level{.status = source.status, .source = source.status};
  sys::File directory;
  if (!MakeDirectory(&directory, &level)) return;
  if (level.created) AnnounceCopy();
  const bool stays_empty = Chosen(options_.one_file_system) && to_.depth() > 0 &&
                           to_.innermost().source.device != source.status.device;
  if (const Result<void> entered = to_.Enter(Move(directory), level); !entered.ok()) {
    FailTarget(entered.error());
    return;
  }
  if (stays_empty) {
    LeaveTarget();
    return;
  }
  if (const Result<void> entered = from_.Enter(Move(source.file), source.status); !entered.ok()) {
    FailSource(entered.error());
    LeaveTarget();
  }
}

// False, and reported, where the way down would not end.
bool Copier::MayDescend(const sys::FileStatus& source) {
  if (to_.depth() == 0) {
    const Result<bool> inside = IsInside(source);
    if (!inside.ok()) return FailTarget(inside.error());
    if (inside.value()) return RefuseTarget("is the directory to be copied, or is inside it");
    return true;
  }
  // A symbolic link in the target's path can hide from IsInside() on Redox, where ".." goes by the
  // text of the path.
  if (source.identity() == to_.level(0).status.identity()) {
    return RefuseSource("is the copy itself; not copied into itself");
  }
  // Only links that are followed lead upwards.
  const bool may_loop = Dereferences() == CopyOptions::Dereference::kAlways;
  for (size_t i = 0; may_loop && i < to_.depth(); ++i) {
    if (to_.level(i).source.identity() == source.identity()) {
      return RefuseSource("is a directory that contains it: a loop; not followed");
    }
  }
  return true;
}

// Whether the target of the operand is `directory`, or will be somewhere below it.
Result<bool> Copier::IsInside(const sys::FileStatus& directory) {
  String path;
  Result<sys::FileStatus> status = Error{abi::kENOENT};
  if (!Moves()) {
    CATION_TRY(path.Append(to_.path()));
    status = sys::StatusAt(path.c_str(), sys::Follow::kYes);
  }
  const bool absent = !status.ok() && status.error() == abi::kENOENT;
  if (absent || (status.ok() && !status.value().IsDirectory())) {
    // What counts is the directory in which it will be.
    path.Truncate(0);
    CATION_TRY(AppendParent(path, to_.path()));
    status = sys::StatusAt(path.c_str(), sys::Follow::kYes);
  }
  if (!status.ok()) return status.error();
  const Result<bool> inside =
      sys::IsAtOrBelow(path, status.value().identity(), directory.identity());
  // Not to be searched, or too long a path: MayDescend() sees it later.
  if (inside.error() == abi::kEACCES || inside.error() == abi::kENAMETOOLONG) return false;
  return inside;
}

// Makes or opens the target of a directory. Returns false, and has reported it, when it cannot.
bool Copier::MakeDirectory(sys::File* directory, CopyTarget::Level* level) {
  const sys::Location to = to_.here();
  const sys::FileStatus& source = level->source;
  Result<sys::Descriptor> opened = Error{abi::kEEXIST};
  // Our own permissions let it be filled; LeaveTarget() takes back what is too much.
  const bool follow = Chosen(place_->follow);
  if (!follow) opened = sys::MakeAndOpenDirectory(to, CreationMode(source) | 0700);
  level->created = opened.ok();
  if (opened.ok() || follow) {
    if (follow) opened = sys::Open(to, sys::kRead | sys::kDirectory);
    if (!opened.ok()) return FailTarget(opened.error());
    *directory = sys::File(opened.value());
    const Result<sys::FileStatus> status = sys::Status(opened.value());
    if (!status.ok()) return FailTarget(status.error());
    level->status = status.value();
    // A 9p share, where O_EXCL means nothing: perhaps it was there.
    if (level->status.device == 0) level->created = false;
  } else {
    if (Moves() || !(opened.error() == abi::kEEXIST)) return FailTarget(opened.error());
    if (!OpenExistingDirectory(directory, level)) return false;
  }
  if (level->status.identity() == source.identity())
    return RefuseTarget("is the same file as its source");
  return true;
}

// What is at the target of a directory, if it is one; with --backup anything else is put aside.
bool Copier::OpenExistingDirectory(sys::File* directory, CopyTarget::Level* level) {
  const sys::Location to = to_.here();
  OpenedFile file;
  Result<void> existing = OpenVerified(to, sys::kDirectory, 0, &file);
  // A link is the one or the other, as the system likes.
  const bool is_other =
      !existing.ok() && (existing.error() == abi::kELOOP || existing.error() == abi::kENOTDIR);
  if (is_other && options_.keep_directory_symlink && place_->earlier == nullptr) {
    const Result<sys::Descriptor> opened = sys::Open(to, sys::kRead | sys::kDirectory);
    if (opened.ok()) {
      existing = {};
      file.file = sys::File(opened.value());
      const Result<sys::FileStatus> status = sys::Status(opened.value());
      if (!status.ok()) return FailTarget(status.error());
      file.status = status.value();
    }
  }
  if (existing.ok()) {
    *directory = Move(file.file);
    level->status = file.status;
    return true;
  }
  if (!is_other) return FailTarget(existing.error());
  if (options_.backup == BackupControl::kNone || place_->earlier != nullptr) {
    return RefuseTarget("is not a directory; will not replace it with one");
  }
  // Of directories there are no backups, whatever it is that kept this one from being opened.
  const Result<sys::FileStatus> there = sys::StatusAt(to, sys::Follow::kNo);
  if (!there.ok()) return FailTarget(there.error());
  if (there.value().IsDirectory()) return FailTarget(existing.error());
  Result<void> made = MakeBackup();
  if (!made.ok()) return FailTarget("cannot make a backup of it", made.error());
  const Result<sys::Descriptor> opened =
      sys::MakeAndOpenDirectory(to, CreationMode(level->source) | 0700);
  if (opened.ok()) {
    level->created = true;
    *directory = sys::File(opened.value());
    const Result<sys::FileStatus> status = sys::Status(opened.value());
    if (status.ok()) {
      level->status = status.value();
      return true;
    }
    made = status.error();
  } else {
    made = opened.error();
  }
  (void)FailTarget(made.error());
  BringBack();
  return false;
}

void Copier::Leave() {
  const Result<void> left = from_.Leave();
  LeaveTarget();
  if (left.ok()) return;
  FailSource("cannot return to the directory above", left.error());
  while (to_.depth() > 0) LeaveTarget();
}

void Copier::LeaveTarget() {
  CopyTarget::Level level;
  sys::Descriptor directory = sys::kNone;
  const Result<void> left = to_.Leave(&level, &directory);
  // After all that was put into it, which changed its times and may not be possible with its final
  // mode.
  (void)KeepAttributes(directory, level.source, level.status, level.created);
  if (const Result<void> closed = sys::Close(directory); !closed.ok()) FailTarget(closed.error());
  if (left.ok()) return;
  FailTarget("cannot return to the directory above", left.error());
  (void)from_.Begin("");
}

// Messages and questions come behind what was said on standard output before them.
void Copier::Settle() {
  if (!Moves()) progress_->Erase();
  out_.Flush();
}

// These return false. `what`, if it is not empty, says what was tried.
bool Copier::Fail(StringView path, StringView what, Error error) {
  if (Chosen(error.number == kBackupIsSource)) {
    Say(path, "its backup would take the place of the source");
    return ok_ = false;
  }
  Settle();
  Report(context_, path, what, error);
  return ok_ = false;
}

bool Copier::Fail(StringView path, Error error) { return Fail(path, {}, error); }
bool Copier::FailSource(StringView what, Error error) { return Fail(from_.path(), what, error); }
bool Copier::FailSource(Error error) { return FailSource({}, error); }
bool Copier::FailTarget(StringView what, Error error) { return Fail(to_.path(), what, error); }
bool Copier::FailTarget(Error error) { return FailTarget({}, error); }

bool Copier::RefuseSource(StringView reason) { return FailSource(reason, Error{0}); }
bool Copier::RefuseTarget(StringView reason) { return FailTarget(reason, Error{0}); }

void Copier::Say(StringView path, StringView reason) {
  Settle();
  Report(context_, path, reason);
}

void Copier::AnnounceCopy() { Announce(from_.path(), to_.path()); }

// `to` has been made, from `from`.
void Copier::Announce(StringView from, StringView to) {
  made_ = true;
  if (!options_.verbose) return;
  AnnouncePair(out_, options_.verb, from, to);
  if (!Moves()) AnnounceBackup(out_, backup_);
  out_.Write(remark_);
  out_.Write('\n');
  if (!Moves() && progress_->active()) Settle();
}

}  // namespace cation
