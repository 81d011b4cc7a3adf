// SPDX-License-Identifier: MIT
#include "coreutils/support/remove_tree.h"

#include "coreutils/support/diagnostics.h"
#include "coreutils/support/open_verified.h"

namespace cation {

bool TreeRemover::Remove(const char* path) {
  ok_ = true;
  if (const Result<void> begun = descent_.Begin(path); !begun.ok()) {
    Fail(begun.error());
    return false;
  }
  RemoveEntry(sys::FileType::kUnknown, 0);
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

void TreeRemover::Removed(StringView words) {
  descent_.Gone();
  if (!verbose_) return;
  const StringView line[] = {words, descent_.path(), "\n"};
  out_.WriteQuoted(line);
}

void TreeRemover::Step() {
  const Result<const Descent::Entry*> entry = descent_.Next();
  if (!entry.ok()) return Fail(entry.error());
  if (entry.value() != nullptr) return RemoveEntry(entry.value()->type, entry.value()->inode);
  const bool may_hold_more = descent_.MayHoldMore();
  const bool kept = descent_.kept();
  // Some file systems pass entries over while others go.
  if (kept && may_hold_more && descent_.Rewind().ok()) return;
  const sys::Identity identity = descent_.identity();
  if (const Result<void> left = descent_.Leave(); !left.ok()) return Fail(left.error());
  if (kept) return descent_.Keep();
  const Result<void> removed = sys::RemoveDirectory(descent_.here());
  if (removed.ok()) return Removed("removed directory ");
  const bool is_full = removed.error() == abi::kENOTEMPTY || removed.error() == abi::kEEXIST;
  if (!is_full || !may_hold_more) return Fail(removed.error());
  // It is listed again.
  OpenedFile file;
  const Result<void> opened = OpenVerified(descent_.here(), sys::kDirectory, identity.inode, &file);
  if (!opened.ok()) return Fail(opened.error());
  if (file.status.identity() != identity) return Fail(Error{abi::kELOOP});
  const Result<void> entered = descent_.Enter(Move(file.file), file.status);
  if (!entered.ok()) return Fail(entered.error());
  descent_.ReadToEnd();
}

void TreeRemover::RemoveEntry(sys::FileType type, uint64_t inode) {
  if (type == sys::FileType::kDirectory) return EnterDirectory(inode);
  const Result<void> removed = sys::RemoveFile(descent_.here());
  if (removed.ok()) return Removed("removed ");
  const Error error = removed.error();
  bool is_directory = error == abi::kEISDIR;
  // A 9p share has no other error than EIO.
  if (error == abi::kEIO || error == abi::kEPERM) {
    const Result<sys::FileStatus> status = sys::StatusAt(descent_.here(), sys::Follow::kNo);
    is_directory = status.ok() && status.value().IsDirectory();
  }
  if (is_directory) return EnterDirectory(inode);
  Fail(error);
}

void TreeRemover::EnterDirectory(uint64_t inode) {
  OpenedFile file;
  const Result<void> opened = OpenVerified(descent_.here(), sys::kDirectory, inode, &file);
  if (!opened.ok()) {
    // An entry of a 9p share may call a file a directory.
    const Result<sys::FileStatus> status = sys::StatusAt(descent_.here(), sys::Follow::kNo);
    if (!status.ok() || status.value().IsDirectory()) return Fail(opened.error());
    const Result<void> removed = sys::RemoveFile(descent_.here());
    return removed.ok() ? Removed("removed ") : Fail(removed.error());
  }
  const Result<void> entered = descent_.Enter(Move(file.file), file.status);
  if (!entered.ok()) Fail(entered.error());
}

}  // namespace cation
