// SPDX-License-Identifier: MIT
#include "coreutils/support/remove_tree.h"

#include "coreutils/support/diagnostics.h"
#include "coreutils/support/open_verified.h"

namespace cation {

bool TreeRemover::Remove(const char* path) {
  ok_ = true;
  if (const Result<void> begun = descent_.Begin(path); !begun.ok()) {
    Fail(begun.error());
  } else {
    RemoveEntry(false, 0);
  }
  while (descent_.depth() > 0) Step();
  return ok_;
}

// What descent_ names stays, and so do the directories that it is in.
void TreeRemover::Fail(Error error) {
  out_.Flush();
  Report(context_, descent_.path(), "cannot be removed", error);
  descent_.Keep();
  ok_ = false;
}

void TreeRemover::Removed(bool is_directory) {
  descent_.Gone();
  if (!verbose_) return;
  const StringView line[] = {is_directory ? "removed directory " : "removed ", descent_.path(),
                             "\n"};
  out_.WriteQuoted(line);
}

void TreeRemover::Step() {
  const Result<const Descent::Entry*> entry = descent_.Next();
  if (!entry.ok()) return Fail(entry.error());
  if (entry.value() != nullptr) {
    return RemoveEntry(entry.value()->type == sys::FileType::kDirectory, entry.value()->inode);
  }
  const bool may_hold_more = descent_.MayHoldMore();
  const bool kept = descent_.kept();
  // Some file systems pass entries over while others go.
  if (kept && may_hold_more && descent_.Rewind().ok()) return;
  const sys::Identity identity = descent_.identity();
  if (const Result<void> left = descent_.Leave(); !left.ok()) return Fail(left.error());
  if (kept) return descent_.Keep();
  Result<void> removed = sys::RemoveDirectory(descent_.here());
  if (removed.ok()) return Removed(true);
  if (may_hold_more && (removed.error() == abi::kENOTEMPTY || removed.error() == abi::kEEXIST)) {
    // It is listed again.
    removed = Enter(identity.inode, &identity);
    if (removed.ok()) return descent_.ReadToEnd();
  }
  Fail(removed.error());
}

// `is_directory`: what the entry says.
void TreeRemover::RemoveEntry(bool is_directory, uint64_t inode) {
  for (bool is_first = true;; is_first = false) {
    const Result<void> done =
        is_directory ? Enter(inode, nullptr) : sys::RemoveFile(descent_.here());
    if (done.ok()) {
      if (!is_directory) Removed(false);
      return;
    }
    if (!is_first || !IsOther(done.error(), is_directory)) return Fail(done.error());
    is_directory = !is_directory;
  }
}

// Whether it is the opposite. Of an operand there is no entry, a 9p share's may be wrong, and that
// has no other error than EIO.
bool TreeRemover::IsOther(Error error, bool is_directory) {
  if (error == abi::kEISDIR) return true;
  const Result<sys::FileStatus> status = sys::StatusAt(descent_.here(), sys::Follow::kNo);
  return status.ok() && status.value().IsDirectory() != is_directory;
}

// `known`, if it is not nullptr: what it has to be.
Result<void> TreeRemover::Enter(uint64_t inode, const sys::Identity* known) {
  OpenedFile file;
  CATION_TRY(OpenVerified(descent_.here(), sys::kDirectory, inode, &file));
  if (known != nullptr && file.status.identity() != *known) return Error{abi::kELOOP};
  return descent_.Enter(Move(file.file), file.status);
}

}  // namespace cation
