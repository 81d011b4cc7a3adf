// SPDX-License-Identifier: MIT
//
// What Copier does with one file that is no directory.
#include "coreutils/support/copy.h"
#include "coreutils/support/copy_choices.h"
#include "coreutils/support/diagnostics.h"

namespace cation {

void Copier::CopyFile(const Source& source) {
  // Redox would make the file without its slash.
  if (to_.depth() == 0 && to_.path().EndsWith("/")) {
    FailTarget(Error{abi::kENOTDIR});
  } else if (!MakeCopy(source) && Chosen(!backup_.empty())) {
    BringBack();
  }
  if (!Moves()) progress_->Advance(1, 0, from_.path());
}

// Returns whether there is a copy now, as most of the following do.
bool Copier::MakeCopy(const Source& source) {
  const sys::FileStatus& status = source.status;
  if (Chosen(options_.symbolic_link || options_.link)) return LinkToSource(status);
  // A file has several names when it says so, and when links to it are followed.
  const bool keeps_links =
      Keeps(CopyOptions::kLinks) &&
      (Moves() || status.links > 1 || Dereferences() >= CopyOptions::Dereference::kOperands);
  if (keeps_links) {
    const char* const copy = links_.Find(status.identity());
    if (copy != nullptr && LinkToCopy(copy, status)) return true;
  }
  bool copied = false;
  if (status.IsSymbolicLink()) {
    copied = CopySymbolicLink(status);
  } else if (IsRead(status)) {
    copied = CopyRegular(source);
  } else {
    const bool is_fifo = status.type() == sys::kTypeFifo;
    copied = MakeOrFail(is_fifo ? Special::kFifo : Special::kNode, status, {});
  }
  if (!copied || !keeps_links) return copied;
  if (const Result<void> added = links_.Add(status.identity(), to_.here().path); !added.ok()) {
    FailSource("cannot keep its links", added.error());
  }
  return true;
}

// Whether the copy is a regular file with what can be read from the source.
bool Copier::IsRead(const sys::FileStatus& source) const {
  return source.IsRegular() ||
         (!source.IsSymbolicLink() && (!IsRecursive() || Chosen(options_.copy_contents)));
}

bool Copier::CopyRegular(const Source& source) {
  bool made = true;
  sys::FileStatus existing;
  Result<sys::Descriptor> opened = Error{abi::kEEXIST};
  if (place_->free || (place_->exclusive && place_->status == nullptr))
    opened = Create(source.status);
  if (!opened.ok() && opened.error() == abi::kEEXIST) {
    const bool write_through =
        !options_.remove_destination && options_.backup == BackupControl::kNone;
    const Verdict verdict = Examine(source.status, write_through, &existing);
    if (Chosen(verdict == Verdict::kKeep)) return true;
    if (verdict == Verdict::kLeave) return false;
    opened = Chosen(verdict == Verdict::kReplace) ? OpenExisting(source.status, existing, &made)
                                                  : Create(source.status);
  }
  if (!opened.ok()) return FailTarget(opened.error());
  return CopyContent(source, sys::File(opened.value()), made, made || existing.IsRegular());
}

Result<sys::Descriptor> Copier::Create(const sys::FileStatus& source) {
  return sys::Open(to_.here(), sys::kWrite | sys::kCreate | sys::kExclusive, CreationMode(source));
}

Result<sys::Descriptor> Copier::OpenExisting(const sys::FileStatus& source,
                                             const sys::FileStatus& existing, bool* made) {
  *made = true;
  if (options_.backup != BackupControl::kNone) {
    CATION_TRY(MakeBackup());
    return Create(source);
  }
  // Other names of what is there keep what they had, where links matter.
  const bool has_other_names =
      Keeps(CopyOptions::kLinks) && existing.links > 1 && !options_.attributes_only;
  if (!has_other_names && !options_.remove_destination) {
    // Not through a link that has been put there since it was looked at.
    const auto flags = sys::kWrite |
                       (options_.attributes_only ? sys::OpenFlags{} : sys::kTruncate) |
                       (may_be_link_ ? sys::OpenFlags{} : sys::kNoFollow);
    const Result<sys::Descriptor> opened = sys::Open(to_.here(), flags);
    *made = !opened.ok();
    if (opened.ok() || !options_.force) return opened;
  }
  CATION_TRY(sys::RemoveFile(to_.here()));
  return Create(source);
}

bool Copier::CopyContent(const Source& source, sys::File copy, bool made, bool may_seek) {
  const bool has_data = !Chosen(options_.attributes_only);
  if (has_data && !CopyBytes(source, copy.get(), made, may_seek)) return false;
  if (Keeps(CopyOptions::kMode | CopyOptions::kOwnership | CopyOptions::kTimes)) {
    sys::FileStatus current = source.status;
    // What was just made has the mode that it was given, and in a directory that was made too the
    // owner is known.
    const bool is_known = Keeps(CopyOptions::kOwnership) ? made && OwnerIsRight(source.status)
                                                         : made || !Keeps(CopyOptions::kMode);
    if (is_known) {
      current.mode = CreationMode(source.status);
      if (to_.depth() > 0) current.device = to_.innermost().status.device;
    } else {
      const Result<sys::FileStatus> status = sys::Status(copy.get());
      if (!status.ok()) return FailTarget("cannot keep its attributes", status.error());
      current = status.value();
    }
    if (!KeepAttributes(copy.get(), source.status, current, made)) return false;
  }
  // Some file systems say only now that there was no room.
  if (const Result<void> closed = copy.Close(); !closed.ok()) return FailTarget(closed.error());
  AnnounceCopy();
  if (options_.debug && has_data) data_.Explain(out_);
  return true;
}

bool Copier::CopyBytes(const Source& source, sys::Descriptor copy, bool made, bool may_seek) {
  if (Chosen(options_.reflink == CopyWhen::kAlways)) {
    const Result<void> cloned = sys::Clone(source.file.get(), copy);
    if (cloned.ok()) return true;
    // Nothing is in it.
    if (made) (void)sys::RemoveFile(to_.here());
    return FailTarget("cannot share the data of its source", cloned.error());
  }
  const CopyDataFailure failure = data_.Copy(source.file.get(), source.status, copy, may_seek,
                                             Moves() ? StringView() : from_.path());
  if (failure.error == 0) return true;
  return Fail(failure.writing ? to_.path() : from_.path(), Error{failure.error});
}

bool Copier::CopySymbolicLink(const sys::FileStatus& source) {
  // No system follows a longer text.
  char target[4096 + 1];
  const Result<size_t> length = sys::ReadSymbolicLink(from_.here(), {target, sizeof(target) - 1});
  if (!length.ok()) return FailSource(length.error());
  if (length.value() >= sizeof(target) - 1) return FailSource(Error{abi::kENAMETOOLONG});
  target[length.value()] = '\0';
  return MakeOrFail(Special::kSymbolicLink, source, sys::At(target));
}

// -s and -l: what is made is not a copy.
bool Copier::LinkToSource(const sys::FileStatus& source) {
  if (options_.symbolic_link) {
    if (!from_.path().StartsWith("/") && !IsInWorkingDirectory()) {
      // What is not to be replaced anyway is no error.
      sys::FileStatus existing;
      const Verdict verdict = Examine(source, false, &existing);
      if (verdict == Verdict::kKeep || verdict == Verdict::kLeave) return verdict == Verdict::kKeep;
      return RefuseTarget(
          "a relative symbolic link leads to its source only from the working directory");
    }
    sys::FileStatus link = source;
    link.mode = sys::kTypeSymbolicLink | 0777;
    // A place in the path, which the working directory has too.
    return MakeOrFail(Special::kSymbolicLink, link, sys::At(from_.here().path));
  }
  const Result<bool> made = MakeSpecial(Special::kHardLink, source, from_.here());
  if (made.ok()) return made.value();
  if (made.error() == abi::kEOPNOTSUPP && source.IsSymbolicLink()) return CopySymbolicLink(source);
  return FailTarget("cannot make a hard link", made.error());
}

// Makes the file a further name of `copy`. Returns false when the file has to be copied for want of
// links.
bool Copier::LinkToCopy(const char* copy, const sys::FileStatus& source) {
  const Result<bool> made = MakeSpecial(Special::kHardLink, source, sys::At(copy));
  if (made.ok()) return true;
  switch (made.error().number) {
    // RedoxFS of January 2026 says EINVAL.
    case abi::kEINVAL:
    case abi::kEOPNOTSUPP:
    case abi::kENOSYS:
    case abi::kEPERM:
    case abi::kEXDEV:
    // As many links as there may be, or too deep for a path.
    case abi::kEMLINK:
    case abi::kENAMETOOLONG:
      remark_ = " (a copy: no hard link possible)";
      return false;
    default:
      FailTarget(made.error());
      return true;
  }
}

bool Copier::MakeOrFail(Special kind, const sys::FileStatus& source, const sys::Location& target) {
  const Result<bool> made = MakeSpecial(kind, source, target);
  if (made.ok()) return made.value();
  if (kind == Special::kNode) {
    return FailSource("cannot make such a special file", made.error());
  }
  return FailTarget(made.error());
}

// Returns true when the file has been made, with its attributes, or is kept as it is; false when
// what is there was left, or what failed has been reported. Errors: those of Make().
Result<bool> Copier::MakeSpecial(Special kind, const sys::FileStatus& source,
                                 const sys::Location& target) {
  Result<void> made = Error{abi::kEEXIST};
  if (place_->free || place_->exclusive) made = Make(kind, source, target, to_.here());
  if (!made.ok() && made.error() == abi::kEEXIST) {
    sys::FileStatus existing;
    const Verdict verdict = Examine(source, false, &existing);
    if (Chosen(verdict == Verdict::kKeep)) return true;
    if (verdict == Verdict::kLeave) return false;
    made = Chosen(verdict == Verdict::kReplace) ? Replace(kind, source, target, existing)
                                                : Make(kind, source, target, to_.here());
  }
  if (!made.ok()) return made.error();
  if (kind != Special::kHardLink) {
    sys::FileStatus current = source;
    current.mode = CreationMode(source);
    if (!OwnerIsRight(source)) current.user = current.group = UINT32_MAX;
    if (to_.depth() > 0) current.device = to_.innermost().status.device;
    if (!KeepAttributes(sys::kNone, source, current, true)) return false;
  }
  AnnounceCopy();
  return true;
}

Result<void> Copier::Make(Special kind, const sys::FileStatus& source, const sys::Location& target,
                          const sys::Location& to) {
  switch (kind) {
    case Special::kSymbolicLink:
      return sys::MakeSymbolicLink(target.path, to);
    case Special::kFifo:
      return sys::MakeFifo(to, CreationMode(source));
    case Special::kHardLink:
      return sys::MakeHardLink(target, to,
                               source.IsSymbolicLink() ? sys::Follow::kNo : sys::Follow::kYes);
    case Special::kNode:
      break;
  }
  return sys::MakeNode(to, source.type() | CreationMode(source), source.special_device);
}

// Makes it in the place of what is there, which is there until the moment when it is replaced.
Result<void> Copier::Replace(Special kind, const sys::FileStatus& source,
                             const sys::Location& target, const sys::FileStatus& existing) {
  const sys::Location to = to_.here();
  if (options_.backup != BackupControl::kNone) {
    CATION_TRY(MakeBackup());
    return Make(kind, source, target, to);
  }
  // Files that take no place without being asked to; where only attributes are copied, content is
  // never lost by the way.
  const bool never = Dereferences() == CopyOptions::Dereference::kNever;
  const bool is_asked_for =
      options_.force || options_.ask || options_.remove_destination ||
      (!options_.attributes_only &&
       ((never && !source.IsRegular()) || (Keeps(CopyOptions::kLinks) && existing.links > 1)));
  const bool asks = options_.link || options_.symbolic_link || options_.attributes_only;
  if (asks && !is_asked_for) return Error{abi::kEEXIST};
  if (kind == Special::kHardLink) {
    // To rename one name of a file to another of its names would do nothing.
    const Result<sys::FileStatus> linked = sys::StatusAt(target, sys::Follow::kNo);
    if (linked.ok() && linked.value().identity() == existing.identity()) return {};
  }
  String path;
  CATION_TRY(TemporaryPath(to, existing.inode, &path));
  const sys::Location temporary = Beside(to, path);
  const Result<void> made = Make(kind, source, target, temporary);
  if (made.ok()) {
    if (sys::Rename(temporary, to).ok()) return {};
    // Not everywhere: paths may be too long for it.
    (void)sys::RemoveFile(temporary);
  } else if (!(made.error() == abi::kEEXIST)) {
    return made;
  }
  CATION_TRY(sys::RemoveFile(to));
  return Make(kind, source, target, to);
}

Result<void> Copier::MakeBackup() {
  return cation::MakeBackup(from_.here(), to_.here(), options_.backup, options_.suffix, &backup_);
}

// After a copy that failed.
void Copier::BringBack() {
  const sys::Location to = to_.here();
  if (const Result<void> renamed = sys::Rename(Beside(to, backup_), to); !renamed.ok()) {
    Fail(backup_.view(), "cannot be renamed back", renamed.error());
  }
  backup_.Truncate(0);
}

}  // namespace cation
