// SPDX-License-Identifier: MIT
//
// What Copier does with one file that is no directory.
#include "coreutils/support/copy.h"
#include "coreutils/support/diagnostics.h"

namespace cation {
namespace {

bool IsOlder(sys::TimePoint a, sys::TimePoint b) {
  return a.seconds < b.seconds || (a.seconds == b.seconds && a.nanoseconds < b.nanoseconds);
}

}  // namespace

void Copier::CopyFile(const Source& source) {
  const sys::FileStatus& status = source.status;
  // Redox would make the file without its slash.
  if (to_.depth() == 0 && to_.path().EndsWith("/")) {
    Fail(to_.path(), Error{abi::kENOTDIR});
    return;
  }
  // A file has several names when it says so, and when links to it are followed.
  const bool keeps_links =
      options_.preserve_links &&
      (status.links > 1 || options_.dereference >= CopyOptions::Dereference::kOperands);
  if (keeps_links) {
    const char* const copy = links_.Find(status.identity());
    if (copy != nullptr && LinkTo(copy, status)) return;
  }
  bool copied = false;
  if (source.file.open()) {
    copied = CopyRegular(source);
  } else if (status.IsSymbolicLink()) {
    copied = CopySymbolicLink(status);
  } else if (status.type() == sys::kTypeFifo) {
    copied = CopyFifo(status);
  } else {
    Refuse(from_.path(), "is a socket or a device; not copied with -r");
  }
  if (!copied || !keeps_links) return;
  if (const Result<void> added = links_.Add(status.identity(), to_.path()); !added.ok()) {
    Fail(from_.path(), "cannot keep its links", added.error());
  }
}

// Returns whether there is a copy now, as the following three do.
bool Copier::CopyRegular(const Source& source) {
  bool made = true;
  sys::FileStatus existing;
  Result<sys::Descriptor> opened = Error{abi::kEEXIST};
  if (place_.free || (place_.exclusive && place_.status == nullptr)) opened = Create(source.status);
  if (!opened.ok() && opened.error() == abi::kEEXIST) {
    switch (Examine(source.status, true, &existing)) {
      case Verdict::kAbsent:
        opened = Create(source.status);
        break;
      case Verdict::kReplace:
        opened = OpenExisting(source.status, existing, &made);
        break;
      case Verdict::kKeep:
        return true;
      case Verdict::kLeave:
        return false;
    }
  }
  if (!opened.ok()) return Fail(to_.path(), opened.error());
  return CopyContent(source, sys::File(opened.value()), made, made || existing.IsRegular());
}

Result<sys::Descriptor> Copier::Create(const sys::FileStatus& source) {
  return sys::Open(to_.here(), sys::kWrite | sys::kCreate | sys::kExclusive, CreationMode(source));
}

Result<sys::Descriptor> Copier::OpenExisting(const sys::FileStatus& source,
                                             const sys::FileStatus& existing, bool* made) {
  // Other names of what is there keep what they had, where links matter.
  const bool has_other_names =
      options_.preserve_links && existing.links > 1 && !existing.IsDirectory();
  if (!has_other_names) {
    // Not through a link that has been put there since it was looked at.
    const auto flags =
        sys::kWrite | sys::kTruncate | (may_be_link_ ? sys::OpenFlags{} : sys::kNoFollow);
    const Result<sys::Descriptor> opened = sys::Open(to_.here(), flags);
    if (opened.ok() || !options_.force) return opened;
  }
  CATION_TRY(sys::RemoveFile(to_.here()));
  *made = true;
  return Create(source);
}

bool Copier::CopyContent(const Source& source, sys::File copy, bool made, bool may_seek) {
  const CopyDataFailure failure =
      data_.Copy(source.file.get(), source.status, copy.get(), may_seek);
  if (failure.error != 0)
    return Fail(failure.writing ? to_.path() : from_.path(), Error{failure.error});
  if (options_.preserve) {
    sys::FileStatus current = source.status;
    if (made && OwnerIsRight(source.status)) {
      current.mode = CreationMode(source.status);
    } else {
      const Result<sys::FileStatus> status = sys::Status(copy.get());
      if (!status.ok()) return Fail(to_.path(), "cannot keep its attributes", status.error());
      current = status.value();
    }
    if (!KeepAttributes(copy.get(), source.status, current)) return false;
  }
  // Some file systems say only now that there was no room.
  if (const Result<void> closed = copy.Close(); !closed.ok())
    return Fail(to_.path(), closed.error());
  Announce();
  return true;
}

bool Copier::CopySymbolicLink(const sys::FileStatus& source) {
  String target;
  // The size is a hint: some file systems say 0. A result that fills the buffer may be cut.
  for (size_t room = static_cast<size_t>(source.size) + 1;; room *= 2) {
    room = Max(room, size_t{256});
    if (!target.Resize(room).ok()) return Fail(from_.path(), Error{abi::kENOMEM});
    const Result<size_t> length = sys::ReadSymbolicLink(from_.here(), {target.data(), room});
    if (!length.ok()) return Fail(from_.path(), length.error());
    target.Truncate(length.value());
    if (length.value() < room) break;
  }
  const Result<bool> made = MakeSpecial(Special::kSymbolicLink, source, target.c_str());
  if (!made.ok()) return Fail(to_.path(), made.error());
  return made.value();
}

bool Copier::CopyFifo(const sys::FileStatus& source) {
  const Result<bool> made = MakeSpecial(Special::kFifo, source, nullptr);
  if (!made.ok()) return Fail(to_.path(), made.error());
  return made.value();
}

// Makes the file a further name of `copy`. Returns false when the file has to be copied for want of
// links.
bool Copier::LinkTo(const char* copy, const sys::FileStatus& source) {
  const Result<bool> made = MakeSpecial(Special::kHardLink, source, copy);
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
      Fail(to_.path(), made.error());
      return true;
  }
}

// Returns true when the file has been made, with its attributes; false when what is there was left,
// or what failed has been reported. Errors: those of Make().
Result<bool> Copier::MakeSpecial(Special kind, const sys::FileStatus& source, const char* target) {
  Result<void> made = Error{abi::kEEXIST};
  if (place_.free || place_.exclusive) made = Make(kind, source, target);
  if (!made.ok() && made.error() == abi::kEEXIST) {
    sys::FileStatus existing;
    const Verdict verdict = Examine(source, false, &existing);
    if (verdict == Verdict::kKeep || verdict == Verdict::kLeave) return verdict == Verdict::kKeep;
    if (verdict == Verdict::kReplace) CATION_TRY(sys::RemoveFile(to_.here()));
    made = Make(kind, source, target);
  }
  if (!made.ok()) return made.error();
  if (options_.preserve && kind != Special::kHardLink) {
    sys::FileStatus current = source;
    current.mode = CreationMode(source);
    if (!OwnerIsRight(source)) current.user = current.group = UINT32_MAX;
    if (!KeepAttributes(sys::kNone, source, current)) return false;
  }
  Announce();
  return true;
}

Result<void> Copier::Make(Special kind, const sys::FileStatus& source, const char* target) {
  const sys::Location to = to_.here();
  switch (kind) {
    case Special::kSymbolicLink:
      return sys::MakeSymbolicLink(target, to);
    case Special::kFifo:
      return sys::MakeFifo(to, CreationMode(source));
    case Special::kHardLink:
      return sys::MakeHardLink(sys::At(target), to);
  }
  return {};
}

// Looks at what is at the destination; with `write_through`, at what a symbolic link there leads
// to. Reports what forbids to go on.
Copier::Verdict Copier::Examine(const sys::FileStatus& source, bool write_through,
                                sys::FileStatus* existing) {
  if (write_through && place_.status != nullptr && !options_.preserve_links) {
    *existing = *place_.status;
    may_be_link_ = true;
    return Judge(source, *existing);
  }
  const sys::Location to = to_.here();
  const Result<sys::FileStatus> found = sys::StatusAt(to, sys::Follow::kNo);
  if (!found.ok()) {
    if (found.error() == abi::kENOENT) return Verdict::kAbsent;
    Fail(to_.path(), found.error());
    return Verdict::kLeave;
  }
  *existing = found.value();
  may_be_link_ = existing->IsSymbolicLink();
  if (write_through && may_be_link_) {
    const Result<sys::FileStatus> target = sys::StatusAt(to, sys::Follow::kYes);
    if (target.ok()) {
      *existing = target.value();
      existing->links = found.value().links;
    } else if (target.error() == abi::kENOENT) {
      Refuse(to_.path(), "is a symbolic link to nothing; will not write through it");
      return Verdict::kLeave;
    } else if (!(target.error() == abi::kELOOP && options_.force)) {
      Fail(to_.path(), target.error());
      return Verdict::kLeave;
    }
  }
  if (!write_through && source.IsSymbolicLink() && !existing->IsSymbolicLink()) {
    // A link that would take the place of the very file it leads to.
    const Result<sys::FileStatus> target = sys::StatusAt(from_.here(), sys::Follow::kYes);
    if (target.ok() && target.value().identity() == existing->identity())
      return Judge(target.value(), *existing);
  }
  return Judge(source, *existing);
}

Copier::Verdict Copier::Judge(const sys::FileStatus& source, const sys::FileStatus& existing) {
  using Existing = CopyOptions::Existing;
  const auto refuse = [&](StringView reason) {
    Refuse(to_.path(), reason);
    return Verdict::kLeave;
  };
  if (options_.existing == Existing::kKeep) return Verdict::kLeave;
  for (const char* const earlier : place_.earlier) {
    if (LastComponent(earlier) != LastComponent(from_.path())) continue;
    if (StringView(earlier) != from_.path())
      return refuse("was just made from another operand; will not overwrite it");
    Report(context_, earlier, "given more than once; copied once");
    return Verdict::kLeave;
  }
  if (existing.identity() == source.identity()) return refuse("is the same file as its source");
  if (existing.IsDirectory()) return refuse("is a directory; will not replace it with a file");
  if (options_.update && !IsOlder(existing.modification_time, source.modification_time))
    return Verdict::kKeep;
  if (options_.existing == Existing::kAsk) {
    out_.Flush();
    constexpr StringView kQuestion[] = {"overwrite"};
    if (!confirm_.Ask(kQuestion, to_.path())) return Verdict::kLeave;
  }
  return Verdict::kReplace;
}

}  // namespace cation
