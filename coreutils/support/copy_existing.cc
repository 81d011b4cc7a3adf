// SPDX-License-Identifier: MIT
//
// What Copier makes of a file that is at the destination already.
#include "coreutils/support/copy.h"
#include "coreutils/support/copy_choices.h"
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/file_mode.h"
#include "coreutils/support/target_options.h"
#include "runtime/core/format.h"

namespace cation {
// Looks at what is at the destination; with `write_through`, at what a symbolic link there leads
// to. Reports what forbids to go on.
Copier::Verdict Copier::Examine(const sys::FileStatus& source, bool write_through,
                                sys::FileStatus* existing) {
  if (Chosen(write_through) && place_->status != nullptr && !Keeps(CopyOptions::kLinks)) {
    *existing = *place_->status;
    may_be_link_ = true;
    return Judge(source, *existing);
  }
  const sys::Location to = to_.here();
  const Result<sys::FileStatus> found = sys::StatusAt(to, sys::Follow::kNo);
  if (!found.ok()) {
    if (found.error() == abi::kENOENT) return Verdict::kAbsent;
    FailTarget(found.error());
    return Verdict::kLeave;
  }
  if (Moves()) {
    FailTarget(Error{abi::kEEXIST});
    return Verdict::kLeave;
  }
  *existing = found.value();
  may_be_link_ = existing->IsSymbolicLink();
  if (write_through && may_be_link_) {
    const Result<sys::FileStatus> target = sys::StatusAt(to, sys::Follow::kYes);
    if (target.ok()) {
      *existing = target.value();
    } else if (target.error() == abi::kENOENT) {
      if (options_.update == CopyOptions::Update::kNone) return Verdict::kLeave;
      RefuseTarget("is a symbolic link to nothing; will not write through it");
      return Verdict::kLeave;
    } else if (!(target.error() == abi::kELOOP && options_.force)) {
      FailTarget(target.error());
      return Verdict::kLeave;
    }
  }
  return Judge(source, *existing);
}

Copier::Verdict Copier::Judge(const sys::FileStatus& source, const sys::FileStatus& existing) {
  using Update = CopyOptions::Update;
  const auto refuse = [&](StringView reason) {
    RefuseTarget(reason);
    return Verdict::kLeave;
  };
  if (options_.update == Update::kNoneFail) return refuse("is there; not replaced");
  if (options_.update == Update::kNone) {
    if (options_.debug) Say(to_.path(), "is there; skipped");
    return Verdict::kLeave;
  }
  const Result<Sameness> sameness = Compare(source, existing);
  if (!sameness.ok()) {
    FailTarget(sameness.error());
    return Verdict::kLeave;
  }
  switch (sameness.value()) {
    case Sameness::kSame:
      return refuse("is the same file as its source");
    case Sameness::kDone:
      return Verdict::kKeep;
    case Sameness::kDifferent:
      break;
  }
  if (existing.IsDirectory()) return refuse("is a directory; will not replace it with a file");
  if (options_.update == Update::kOlder &&
      !(existing.modification_time < source.modification_time)) {
    if (options_.debug) Say(to_.path(), "is as new; skipped");
    return Verdict::kKeep;
  }
  if (place_->earlier != nullptr && options_.backup != BackupControl::kNumbered) {
    if (options_.backup != BackupControl::kNone || from_.path() != place_->earlier)
      return refuse("was just made from another operand; will not overwrite it");
    Say(place_->earlier, kGivenTwice);
    return Verdict::kLeave;
  }
  if (options_.ask && !MayReplace(existing)) {
    ok_ = false;
    return Verdict::kLeave;
  }
  return Verdict::kReplace;
}

bool Copier::MayReplace(const sys::FileStatus& existing) {
  Settle();
  constexpr StringView kQuestion[] = {"overwrite"};
  if (sys::MayWrite(to_.here(), existing)) return confirm_->Ask(kQuestion, to_.path());
  const bool replaces = options_.force || options_.remove_destination;
  const Digits digits(existing.mode & sys::kPermissionMask, 8, 4);
  const ModeText mode(existing.mode);
  const StringView words[] = {replaces ? "override mode " : "try to override mode ", digits, " (",
                              mode.view().From(1), ") and overwrite"};
  return confirm_->Ask(words, to_.path());
}

// Whether to replace `existing` by a copy of `source` would lose the source. The rules are GNU's;
// nothing is looked up unless the two have something to do with each other.
Result<Copier::Sameness> Copier::Compare(const sys::FileStatus& source,
                                         const sys::FileStatus& existing) {
  const bool same = source.identity() == existing.identity();
  const bool never = Dereferences() == CopyOptions::Dereference::kNever;
  const bool backup = options_.backup != BackupControl::kNone;
  if (!same && !(never && (source.IsSymbolicLink() || existing.IsSymbolicLink())))
    return Sameness::kDifferent;
  if (same && options_.link) return Sameness::kDone;

  // Whether there is anything. What cannot be found out is not taken for a difference.
  const auto look = [](const sys::Location& location, sys::Follow follow,
                       sys::FileStatus* status) -> Result<bool> {
    const Result<sys::FileStatus> found = sys::StatusAt(location, follow);
    if (found.ok()) {
      *status = found.value();
    } else if (!(found.error() == abi::kENOENT || found.error() == abi::kELOOP)) {
      return found.error();
    }
    return found.ok();
  };
  const auto is_same = [&] { return IsSameEntry() ? Sameness::kSame : Sameness::kDifferent; };
  sys::FileStatus from = source;
  sys::FileStatus to = existing;
  if (!never) {
    CATION_TRY_ASSIGN(const bool has_source, look(from_.here(), sys::Follow::kNo, &from));
    CATION_TRY_ASSIGN(const bool has_target, look(to_.here(), sys::Follow::kNo, &to));
    // Gone since they were found to be the same file.
    if (!has_source || !has_target) return Sameness::kSame;
    if (from.IsSymbolicLink() && to.IsSymbolicLink() && options_.remove_destination)
      return Sameness::kDifferent;
  } else if (from.IsSymbolicLink() && to.IsSymbolicLink()) {
    if (IsSameEntry()) return Sameness::kSame;
    return same && !backup ? Sameness::kDone : Sameness::kDifferent;
  }
  const bool same_link = from.identity() == to.identity();
  if (backup) {
    if (same_link) return is_same();
    // The link would lead to what is going to be renamed.
    const bool is_lost = !never && from.IsSymbolicLink() && !to.IsSymbolicLink();
    return is_lost ? Sameness::kSame : Sameness::kDifferent;
  }
  if (options_.remove_destination) {
    if (to.IsSymbolicLink()) return Sameness::kDifferent;
    if (same_link && to.links > 1) return is_same();
  }
  if (options_.symbolic_link && to.IsSymbolicLink()) return Sameness::kDifferent;
  if (never) {
    const bool to_is_link = to.IsSymbolicLink();
    bool both = true;
    if (from.IsSymbolicLink()) {
      CATION_TRY_ASSIGN(both, look(from_.here(), sys::Follow::kYes, &from));
    }
    if (both && to_is_link) {
      CATION_TRY_ASSIGN(both, look(to_.here(), sys::Follow::kYes, &to));
    }
    if (!both || from.identity() != to.identity()) return Sameness::kDifferent;
    if (options_.link) return to_is_link ? Sameness::kDifferent : Sameness::kDone;
  }
  return Sameness::kSame;
}

// Whether source and destination are the same name in the same directory. When that cannot be
// found out, they are.
bool Copier::IsSameEntry() {
  if (from_.depth() == 0) return IsSameName(from_.path(), to_.path());
  return LastComponent(from_.path()) == LastComponent(to_.path()) &&
         from_.identity() == to_.innermost().status.identity();
}

// Whether the destination is in the working directory, from which a relative source is seen.
bool Copier::IsInWorkingDirectory() {
  if (to_.depth() == 0 && to_.path().Find('/') == StringView::kNotFound) return true;
  const Result<sys::FileStatus> here = sys::StatusAt(".", sys::Follow::kYes);
  if (!here.ok()) return false;
  if (to_.depth() > 0) return to_.innermost().status.identity() == here.value().identity();
  String directory;
  if (!AppendParent(directory, to_.path()).ok()) return false;
  const auto parent = sys::StatusAt(directory.c_str(), sys::Follow::kYes);
  return parent.ok() && parent.value().identity() == here.value().identity();
}

}  // namespace cation
