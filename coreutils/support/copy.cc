// SPDX-License-Identifier: MIT
#include "coreutils/support/copy.h"

#include "coreutils/support/diagnostics.h"
#include "coreutils/support/quote.h"

namespace cation {

Copier::Copier(const Context& context, const CopyOptions& options, Output& out)
    : context_(context),
      options_(options),
      out_(out),
      confirm_(context),
      umask_(sys::FileCreationMask()) {
  sys::SetFileCreationMask(0);
}

bool Copier::Copy(const char* source, const CopyPlace& place) {
  ok_ = true;
  made_ = false;
  place_ = place;
  Result<void> begun = from_.Begin(source);
  if (begun.ok()) begun = to_.Begin(place.location);
  if (!begun.ok()) return Fail(source, begun.error());
  CopyEntry({});
  while (from_.depth() > 0) {
    const Result<const Descent::Entry*> entry = from_.Next();
    if (!entry.ok()) {
      Fail(from_.path(), entry.error());
      continue;
    }
    if (entry.value() == nullptr) {
      Leave();
      continue;
    }
    if (const Result<void> named = to_.SetName(entry.value()->name); !named.ok()) {
      Fail(from_.path(), named.error());
      continue;
    }
    place_ = {};
    place_.free = to_.innermost().created;
    place_.exclusive = to_.innermost().status.device != 0;
    CopyEntry(*entry.value());
  }
  return ok_;
}

void Copier::CopyEntry(const Descent::Entry& entry) {
  remark_ = {};
  Result<Source> opened = OpenSource(entry);
  if (!opened.ok()) {
    Fail(from_.path(), opened.error());
  } else if (opened.value().status.IsDirectory()) {
    CopyDirectory(Move(opened).value());
  } else {
    CopyFile(opened.value());
  }
}

Result<Copier::Source> Copier::OpenSource(const Descent::Entry& entry) {
  using Dereference = CopyOptions::Dereference;
  const sys::Location from = from_.here();
  const bool is_operand = from_.depth() == 0;
  const bool follow = options_.dereference == Dereference::kAlways ||
                      (options_.dereference == Dereference::kOperands && is_operand) ||
                      (options_.dereference == Dereference::kDefault && !options_.recursive);
  constexpr sys::OpenFlags kNoFlags{};
  if (entry.type == sys::FileType::kRegular || entry.type == sys::FileType::kDirectory) {
    const bool is_directory = entry.type == sys::FileType::kDirectory;
    Result<Source> opened =
        OpenVerified(from, is_directory ? sys::kDirectory : kNoFlags, entry.inode);
    // With these it is not what the entry said: it has been replaced, or it is a link on a 9p share
    // of Redox, whose entries call links files and which does not open them (EXDEV).
    const bool is_other =
        !opened.ok() && (opened.error() == abi::kELOOP || opened.error() == abi::kEXDEV ||
                         opened.error() == abi::kENOTDIR);
    if (!is_other) return opened;
  }
  uint64_t inode = 0;
  if (options_.recursive || !follow) {
    CATION_TRY_ASSIGN(const sys::FileStatus status,
                      sys::StatusAt(from, follow ? sys::Follow::kYes : sys::Follow::kNo));
    // Special files are copied as such with -R, and read without, as POSIX wants it; opening a FIFO
    // waits for its writer.
    const bool is_read = status.IsRegular() || status.IsDirectory() ||
                         (!options_.recursive && !status.IsSymbolicLink());
    if (!is_read) {
      Source source;
      source.status = status;
      return source;
    }
    inode = status.inode;
  }
  if (!follow) return OpenVerified(from, kNoFlags, inode);
  Source source;
  CATION_TRY_ASSIGN(const sys::Descriptor descriptor, sys::Open(from, sys::kRead));
  source.file = sys::File(descriptor);
  CATION_TRY_ASSIGN(source.status, sys::Status(descriptor));
  return source;
}

void Copier::CopyDirectory(Source source) {
  if (!options_.recursive) {
    Refuse(from_.path(), "is a directory; use -r to copy it");
    return;
  }
  if (!MayDescend(source.status)) return;
  CopyTarget::Level level;
  if (!MakeDirectory(source.status, &level)) return;
  if (level.created) Announce();
  if (const Result<void> entered = to_.Enter(Move(level)); !entered.ok()) {
    Fail(to_.path(), entered.error());
    return;
  }
  if (const Result<void> entered = from_.Enter(Move(source.file), source.status); !entered.ok()) {
    Fail(from_.path(), entered.error());
    LeaveTarget();
  }
}

// False, and reported, where the way down would not end.
bool Copier::MayDescend(const sys::FileStatus& source) {
  if (to_.depth() == 0) {
    const Result<bool> inside = IsInside(source);
    if (!inside.ok()) return Fail(to_.path(), inside.error());
    if (inside.value()) return Refuse(to_.path(), "is the directory to be copied, or is inside it");
    return true;
  }
  // A symbolic link in the target's path can hide from IsInside() on Redox, where ".." goes by the
  // text of the path.
  if (source.identity() == to_.level(0).status.identity()) {
    return Refuse(from_.path(), "is the copy itself; not copied into itself");
  }
  for (size_t i = 0; i < to_.depth(); ++i) {
    if (to_.level(i).source.identity() == source.identity()) {
      return Refuse(from_.path(), "is a directory that contains it: a loop; not followed");
    }
  }
  return true;
}

// Whether the target of the operand is `directory`, or will be somewhere below it. Goes up from the
// target by "/..", which the kernel takes as it is and Redox as text.
Result<bool> Copier::IsInside(const sys::FileStatus& directory) {
  String path;
  CATION_TRY(path.Append(to_.path()));
  sys::Identity below;
  for (bool is_target = true;; is_target = false) {
    const Result<sys::FileStatus> status = sys::StatusAt(sys::At(path.c_str()), sys::Follow::kYes);
    if (status.ok()) {
      if (status.value().identity() == directory.identity()) return true;
      // The root is its own parent.
      if (!is_target && status.value().identity() == below) return false;
      below = status.value().identity();
      CATION_TRY(path.Append("/.."));
    } else if (is_target) {
      // Not there yet: on with the directory in which it will be.
      const StringView name = LastComponent(path.view());
      const auto start = static_cast<size_t>(name.data() - path.c_str());
      path.Truncate(start);
      if (path.empty()) CATION_TRY(path.Append('.'));
    } else {
      // Not to be searched, or too long a path: MayDescend() sees it later.
      return false;
    }
  }
}

// Makes or opens the target of a directory. Returns false, and has reported it, when it cannot.
bool Copier::MakeDirectory(const sys::FileStatus& source, CopyTarget::Level* level) {
  const sys::Location to = to_.here();
  level->source = source;
  Result<sys::Descriptor> opened = Error{abi::kEEXIST};
  // Our own permissions let it be filled; FinishDirectory() takes back what is too much.
  if (!place_.follow) opened = sys::MakeAndOpenDirectory(to, CreationMode(source) | 0700);
  level->created = opened.ok();
  if (opened.ok() || place_.follow) {
    if (place_.follow) opened = sys::Open(to, sys::kRead | sys::kDirectory);
    if (!opened.ok()) return Fail(to_.path(), opened.error());
    level->directory = sys::File(opened.value());
    const Result<sys::FileStatus> status = sys::Status(opened.value());
    if (!status.ok()) return Fail(to_.path(), status.error());
    level->status = status.value();
    // A 9p share, where O_EXCL means nothing: perhaps it was there.
    if (level->status.device == 0) level->created = false;
  } else {
    if (!(opened.error() == abi::kEEXIST)) return Fail(to_.path(), opened.error());
    Result<OpenedFile> existing = OpenVerified(to, sys::kDirectory, 0);
    if (!existing.ok()) {
      const bool is_other = existing.error() == abi::kENOTDIR || existing.error() == abi::kELOOP;
      return is_other ? Refuse(to_.path(), "is not a directory; will not replace it with one")
                      : Fail(to_.path(), existing.error());
    }
    level->directory = Move(existing.value().file);
    level->status = existing.value().status;
  }
  if (level->status.identity() == source.identity())
    return Refuse(to_.path(), "is the same file as its source");
  return true;
}

void Copier::Leave() {
  const Result<void> left = from_.Leave();
  LeaveTarget();
  if (left.ok()) return;
  Fail(from_.path(), "cannot return to the directory above", left.error());
  while (to_.depth() > 0) LeaveTarget();
}

void Copier::LeaveTarget() {
  CopyTarget::Level level;
  const Result<void> left = to_.Leave(&level);
  (void)FinishDirectory(level);
  if (const Result<void> closed = level.directory.Close(); !closed.ok())
    Fail(to_.path(), closed.error());
  if (left.ok()) return;
  Fail(to_.path(), "cannot return to the directory above", left.error());
  (void)from_.Begin("");
}

// Messages come behind what was said on standard output before them. All return false.
bool Copier::Fail(StringView path, Error error) {
  out_.Flush();
  Report(context_, path, error);
  return ok_ = false;
}

bool Copier::Fail(StringView path, StringView what, Error error) {
  out_.Flush();
  Report(context_, path, what, error);
  return ok_ = false;
}

bool Copier::Refuse(StringView path, StringView reason) {
  out_.Flush();
  Report(context_, path, reason);
  return ok_ = false;
}

// The file at hand has been copied.
void Copier::Announce() {
  made_ = true;
  if (!options_.verbose) return;
  String line;
  if (!AppendInQuotes(line, from_.path()).ok() || !line.Append(" -> ").ok() ||
      !AppendInQuotes(line, to_.path()).ok()) {
    Fail(to_.path(), Error{abi::kENOMEM});
  }
  out_.Write(line.view());
  out_.Write(remark_);
  out_.Write('\n');
}

}  // namespace cation
