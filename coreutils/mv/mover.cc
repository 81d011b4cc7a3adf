// SPDX-License-Identifier: MIT
#include "coreutils/mv/mover.h"

#include "coreutils/support/diagnostics.h"
#include "coreutils/support/file_mode.h"
#include "runtime/core/format.h"

namespace cation::mv {
namespace {

constexpr CopyPlace kFreePlace{.free = true};

}  // namespace

Mover::~Mover() {
  if (copier_ != nullptr) copier_->~Copier();
}

int Mover::Run(Span<char*> operands) {
  const char* target = options_.target.target_directory;
  const bool has_target = target == nullptr;
  if (has_target) {
    target = operands[operands.size() - 1];
    operands = operands.First(operands.size() - 1);
  }
  if (options_.strip_trailing_slashes) {
    for (char* const operand : operands) operand[WithoutSlashes(operand).size()] = '\0';
  }
  bool ok = true;
  // With more than one source it has to be a directory. That it is none, the first of them will
  // tell: a call less.
  if (!has_target || operands.size() > 1) {
    ok = MoveInto(target, false, operands);
  } else {
    const Found found = sys::StatusAt(target, sys::Follow::kNo);
    bool is_directory = false;
    if (found.ok() && !options_.target.no_target_directory) {
      is_directory = found.value().IsDirectory();
      if (found.value().IsSymbolicLink()) {
        const Found behind = sys::StatusAt(target, sys::Follow::kYes);
        // What it leads to decides where the source goes: that is not guessed.
        if (!behind.ok() && !(behind.error() == abi::kENOENT || behind.error() == abi::kELOOP ||
                              behind.error() == abi::kENOTDIR)) {
          Fail(target, behind.error());
          return 1;
        }
        is_directory = behind.ok() && behind.value().IsDirectory();
      }
    }
    ok = is_directory ? MoveInto(target, true, operands)
                      : MoveOne(operands[0], sys::At(target), found, nullptr);
  }
  return out_.Finish(ok ? 0 : 1);
}

bool Mover::MoveInto(const char* path, bool is_known, Span<char*> sources) {
  MadeNames made;
  String place;
  if (!is_known) unproven_ = path;
  bool ok = true;
  for (const char* const source : sources) {
    const StringView name = LastComponent(source);
    place.Truncate(0);
    Result<void> built = place.Append(path);
    if (built.ok()) built = AppendPathComponent(place, name);
    if (!built.ok()) {
      ok = Fail(source, built.error());
      continue;
    }
    const sys::Location to = sys::At(place.c_str());
    ok &= MoveOne(source, to, sys::StatusAt(to, sys::Follow::kNo), made.From(name));
    if (stop_) break;
    unproven_ = nullptr;
    if (moved_ && sources.size() > 1) made.Set(name, source);
  }
  return ok;
}

bool Mover::MoveOne(const char* source, const sys::Location& to, const Found& target,
                    const char* earlier) {
  moved_ = false;
  if (!target.ok() && !(target.error() == abi::kENOENT)) {
    return CheckDirectory() && Fail(to.path, target.error());
  }
  if (options_.exchange) return Exchange(source, to);
  String backup;
  if (target.ok()) {
    const Fate fate = MayReplace(source, to, target.value(), earlier);
    if (fate != Fate::kReplaced) return fate == Fate::kLeft;
    if (options_.copy.backup != BackupControl::kNone) {
      const Result<void> made =
          MakeBackup(sys::At(source), to, options_.copy.backup, options_.copy.suffix, &backup);
      if (!made.ok() && made.error().number == kBackupIsSource)
        return Refuse(to.path, "its backup would take the place of the source");
      if (!made.ok()) return Fail(to.path, "cannot make a backup of it", made.error());
    }
  }
  const Result<void> renamed = sys::Relocate(sys::At(source), to);
  if (renamed.ok()) {
    Announce(source, to.path, backup);
    return true;
  }
  // Some file systems of Redox cannot rename at all.
  if (renamed.error() == abi::kEXDEV || renamed.error() == abi::kENOSYS)
    return CopyAndRemove(source, to, target, &backup);
  const bool failed = FailToRename(source, to, renamed.error());
  if (!backup.empty()) BringBack(to, backup);
  return failed;
}

bool Mover::Exchange(const char* source, const sys::Location& to) {
  const Result<void> exchanged = sys::ExchangeNames(sys::At(source), to);
  if (!exchanged.ok()) {
    if (exchanged.error() == abi::kENOENT) return FailToRename(source, to, exchanged.error());
    return Fail(source, "cannot be exchanged", exchanged.error());
  }
  moved_ = true;
  if (options_.copy.verbose) {
    const StringView line[] = {"exchanged ", source, " <-> ", to.path, "\n"};
    out_.WriteQuoted(line);
  }
  return true;
}

Mover::Fate Mover::MayReplace(const char* source, const sys::Location& to,
                              const sys::FileStatus& existing, const char* earlier) {
  const auto refuse = [&](const char* reason) {
    Refuse(to.path, reason);
    return Fate::kFailed;
  };
  const CopyOptions& copy = options_.copy;
  if (copy.update == Update::kNoneFail) return refuse("is there; not replaced");
  if (copy.update == Update::kNone) {
    if (copy.debug) Refuse(to.path, "is there; skipped");
    return Fate::kLeft;
  }
  const Found found = sys::StatusAt(source, sys::Follow::kNo);
  if (!found.ok()) {
    Fail(source, found.error());
    return Fate::kFailed;
  }
  const sys::FileStatus& from = found.value();
  if (IsSameFile(source, from, to, existing)) return refuse("is the same file as its source");
  // With a backup anything can be put in the place of anything.
  const bool has_backup = copy.backup != BackupControl::kNone;
  if (!has_backup && existing.IsDirectory() != from.IsDirectory()) {
    return refuse(existing.IsDirectory() ? "cannot overwrite a directory with a file"
                                         : "cannot overwrite a file with a directory");
  }
  if (copy.update == Update::kOlder && !from.IsDirectory() &&
      !(existing.modification_time < from.modification_time)) {
    return Fate::kLeft;
  }
  if (earlier != nullptr && !existing.IsDirectory() && copy.backup != BackupControl::kNumbered)
    return refuse("was just made from another operand; will not overwrite it");
  return Ask(to, existing) ? Fate::kReplaced : Fate::kFailed;
}

// Whether to move one over the other would lose it. The rules are GNU's.
bool Mover::IsSameFile(const char* source, const sys::FileStatus& from, const sys::Location& to,
                       const sys::FileStatus& existing) {
  if (from.identity() == existing.identity()) {
    // Of two names of a file, rename() would leave both. A backup makes room.
    return options_.copy.backup == BackupControl::kNone || IsSameName(source, to.path);
  }
  if (!from.IsSymbolicLink() || existing.IsSymbolicLink() ||
      options_.copy.backup != BackupControl::kNone)
    return false;
  // A link in the place of what it leads to would lead to itself, and the content be lost, unless
  // that has another name.
  const Found behind = sys::StatusAt(source, sys::Follow::kYes);
  if (!behind.ok()) return !(behind.error() == abi::kENOENT || behind.error() == abi::kELOOP);
  // A 9p share of Redox does not follow it: then its text has to do.
  if (!behind.value().IsSymbolicLink()) {
    if (behind.value().identity() != existing.identity()) return false;
    if (existing.links == 1 || existing.IsDirectory()) return true;
  }
  char text[256];
  const Result<size_t> length = sys::ReadSymbolicLink(sys::At(source), text);
  return !length.ok() || length.value() == sizeof(text) ||
         LastComponent({text, length.value()}) == LastComponent(to.path);
}

bool Mover::Ask(const sys::Location& to, const sys::FileStatus& existing) {
  if (options_.existing == Existing::kReplace) return true;
  const bool asks_always = options_.existing == Existing::kAsk;
  bool may_write = true;
  if (!existing.IsSymbolicLink()) {
    // Nothing need be asked for of one's own files.
    constexpr sys::Mode kOwnerWrites = 0200;
    const uint32_t user = sys::EffectiveUser();
    may_write = user == 0 || (user == existing.user && (existing.mode & kOwnerWrites) != 0);
    if (!may_write && !asks_always) {
      if (!terminal_known_) has_terminal_ = sys::IsTerminal(context_.input);
      terminal_known_ = true;
      if (!has_terminal_) return true;
    }
    if (!may_write) may_write = sys::MayWrite(to, existing);
  }
  if (may_write && !asks_always) return true;
  out_.Flush();
  const StringView question[] = {may_write ? "overwrite" : "replace"};
  const Digits digits(existing.mode & sys::kPermissionMask, 8, 4);
  const ModeText mode(existing.mode);
  const StringView after[] = {", overriding mode ", digits, " (", mode.view().From(1), ")"};
  return confirm_.Ask(question, to.path, Span<const StringView>(after, may_write ? 0 : 5));
}

// After a move that failed.
void Mover::BringBack(const sys::Location& to, const String& path) {
  const Result<void> renamed = sys::Rename(Beside(to, path), to);
  if (!renamed.ok()) Fail(path.c_str(), "cannot be renamed back", renamed.error());
}

bool Mover::FailToRename(const char* source, const sys::Location& to, Error error) {
  if (!CheckDirectory()) return false;
  const Found from = sys::StatusAt(source, sys::Follow::kNo);
  if (!from.ok()) return Fail(source, from.error());
  switch (error.number) {
    case abi::kEINVAL:
      if (from.value().IsDirectory())
        return Refuse(to.path, "is in the directory that is to be moved there");
      return Fail(to.path, error);
    case abi::kENOENT:
    case abi::kENOTDIR:
    case abi::kEISDIR:
    case abi::kEEXIST:
    case abi::kENOTEMPTY:
    case abi::kENAMETOOLONG:
    case abi::kENOSPC:
    case abi::kEDQUOT:
      return Fail(to.path, error);
    default:
      return Fail(source, "cannot be moved", error);
  }
}

// To another file system. The source goes when there is a whole copy of it, and not before; and so
// does a file that was at the target, which is put aside until then.
bool Mover::CopyAndRemove(const char* source, const sys::Location& to, const Found& target,
                          String* backup) {
  if (!CheckDirectory()) return false;
  const bool has_backup = !backup->empty();
  // These cannot be renamed, and so they are not copied and removed either: Linux says only that
  // the target is on another file system.
  const bool is_fixed = sys::IsFixedName(LastComponent(source));
  if (is_fixed || options_.no_copy) {
    Fail(source, is_fixed ? "cannot be moved" : "is not copied (--no-copy)",
         Error{is_fixed ? abi::kEBUSY : abi::kEXDEV});
    if (has_backup) BringBack(to, *backup);
    return false;
  }
  String aside;
  if (target.ok() && !has_backup) {
    Result<void> room;
    if (target.value().IsDirectory()) {
      room = sys::RemoveDirectory(to);
    } else {
      room = TemporaryPath(to, target.value().inode, &aside);
      if (room.ok()) room = sys::Rename(to, Beside(to, aside));
    }
    if (!room.ok()) return Fail(to.path, room.error());
  }
  if (copier_ == nullptr) {
    copier_ = new (Place{copier_place_}) Copier(context_, options_.copy, out_, nullptr, nullptr);
  }
  if (!copier_->Copy(source, to, kFreePlace)) {
    const Found partial = sys::StatusAt(to, sys::Follow::kNo);
    const String& old = has_backup ? *backup : aside;
    if (!old.empty() && !(partial.ok() && partial.value().IsDirectory())) {
      BringBack(to, old);
    } else if (partial.ok()) {
      Refuse(to.path, "is not complete; nothing was removed of its source");
    }
    return false;
  }
  moved_ = true;
  if (!aside.empty()) {
    const Result<void> removed = sys::RemoveFile(Beside(to, aside));
    // Nothing is lost, but something lies about.
    if (!removed.ok()) Fail(aside.c_str(), "cannot be removed", removed.error());
  }
  TreeRemover remover(context_, out_, options_.copy.verbose);
  return remover.Remove(source);
}

void Mover::Announce(const char* source, const char* target, const String& backup) {
  moved_ = true;
  if (!options_.copy.verbose) return;
  AnnouncePair(out_, "renamed ", source, target);
  AnnounceBackup(out_, backup);
  out_.Write('\n');
}

bool Mover::CheckDirectory() {
  if (unproven_ == nullptr) return true;
  const Found found = sys::StatusAt(unproven_, sys::Follow::kYes);
  if (found.ok() && found.value().IsDirectory()) return true;
  Fail(unproven_, found.ok() ? Error{abi::kENOTDIR} : found.error());
  stop_ = true;
  return false;
}

bool Mover::Fail(const char* path, const char* what, Error error) {
  out_.Flush();
  Report(context_, path, what, error);
  return false;
}

}  // namespace cation::mv
