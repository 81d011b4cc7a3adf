// SPDX-License-Identifier: MIT
#include "coreutils/rm/remover.h"

#include "coreutils/support/diagnostics.h"
#include "coreutils/support/file_mode.h"
#include "coreutils/support/open_verified.h"
#include "coreutils/support/quote.h"
#include "runtime/core/format.h"

namespace cation::rm {
namespace {

constexpr StringView kWriteProtected = "write-protected ";

}  // namespace

int Remover::Run(Span<const char* const> operands) {
  if (options_.prompt == Prompt::kOnce && (options_.recursive || operands.size() > 3) &&
      !AskOnce(operands.size()))
    return 0;
  for (const char* const operand : operands) RemoveOperand(operand);
  return out_.Finish(status_);
}

bool Remover::AskOnce(size_t count) {
  const Digits number(count);
  StringView what = " arguments";
  if (options_.recursive) what = count == 1 ? " argument recursively" : " arguments recursively";
  const StringView words[] = {"remove ", number, what};
  return confirm_.Ask(words, {});
}

void Remover::Fail(StringView path, Error error) {
  Report(context_, path, error);
  status_ = 1;
  Keep();
}

void Remover::Fail(StringView path, StringView reason) {
  Report(context_, path, reason);
  status_ = 1;
  Keep();
}

void Remover::Removed(StringView path, bool is_directory) {
  if (!options_.verbose) return;
  String line;
  if (AppendInQuotes(line, path).ok() && line.Append('\n').ok()) {
    out_.Write(is_directory ? "removed directory " : "removed ");
    out_.Write(line.view());
  }
  // With questions and messages in between, the order is part of what is said.
  out_.Flush();
}

void Remover::RemoveOperand(const char* operand) {
  const StringView last = LastComponent(operand);
  if (last == "." || last == "..") return Fail(operand, "refusing to remove . or ..");
  if (const Result<void> begun = descent_.Begin(operand); !begun.ok())
    return Fail(operand, begun.error());
  if (StringView(operand).EndsWith("/")) {
    RemoveBySlash();
  } else {
    Remove(sys::FileType::kUnknown, 0);
  }
  while (descent_.depth() > 0) Step();
}

void Remover::RemoveBySlash() {
  const Result<sys::FileStatus> status = sys::StatusAt(descent_.here(), sys::Follow::kYes);
  if (!status.ok()) return FailUnlessGone(status.error());
  if (!status.value().IsDirectory()) return FailUnlessGone(Error{abi::kENOTDIR});
  RemoveDirectory(0);
}

void Remover::Step() {
  const Result<const Descent::Entry*> entry = descent_.Next();
  if (!entry.ok()) {
    // The entry is passed over, so its directory will not be empty, and says so.
    return Fail(descent_.path(), entry.error());
  }
  if (entry.value() != nullptr) return Remove(entry.value()->type, entry.value()->inode);
  const Result<void> left = descent_.Leave();
  if (!left.ok()) Fail(descent_.path(), left.error());
  if (kept_levels_ > descent_.depth() || !left.ok()) {
    Keep();
  } else {
    RemoveEmptyDirectory();
  }
}

void Remover::Remove(sys::FileType type, uint64_t inode) {
  if (type == sys::FileType::kDirectory) return RemoveDirectory(inode);
  // No look at what it is before: unlink() of a directory fails without harm. Only questions need
  // to know.
  bool is_directory = false;
  if (!MayRemove(&is_directory)) return;
  if (is_directory) return RemoveDirectory(inode);
  const Result<void> removed = sys::RemoveFile(descent_.here());
  if (removed.ok()) return Removed(descent_.path(), false);
  if (removed.error() == abi::kEISDIR || IsDirectoryAfter(removed.error()))
    return RemoveDirectory(inode);
  FailUnlessGone(removed.error());
}

bool Remover::IsDirectoryAfter(Error error) {
  if (error.number != abi::kEIO && error.number != abi::kEPERM) return false;
  const Result<sys::FileStatus> status = sys::StatusAt(descent_.here(), sys::Follow::kNo);
  return status.ok() && status.value().IsDirectory();
}

void Remover::FailUnlessGone(Error error) {
  // EILSEQ and EINVAL: no file can have that name.
  const bool gone = error == abi::kENOENT || error == abi::kENOTDIR || error == abi::kEILSEQ ||
                    error == abi::kEINVAL;
  if (options_.prompt == Prompt::kForce && (gone || IsAbsentAfter(error))) return;
  Fail(descent_.path(), error);
}

bool Remover::IsAbsentAfter(Error error) {
  return error == abi::kEROFS &&
         sys::StatusAt(descent_.here(), sys::Follow::kNo).error() == abi::kENOENT;
}

bool Remover::MayAsk() {
  if (options_.prompt == Prompt::kAlways) return true;
  if (options_.NeverAsks()) return false;
  if (!terminal_known_) has_terminal_ = sys::IsTerminal(context_.input);
  terminal_known_ = true;
  return has_terminal_;
}

bool Remover::MayRemove(bool* is_directory) {
  if (!MayAsk()) return true;
  const Result<sys::FileStatus> found = sys::StatusAt(descent_.here(), sys::Follow::kNo);
  if (!found.ok()) {
    FailUnlessGone(found.error());
    return false;
  }
  const sys::FileStatus& status = found.value();
  if (is_directory != nullptr && status.IsDirectory()) {
    *is_directory = true;
    return true;
  }
  const bool is_protected = !status.IsSymbolicLink() && !sys::MayWrite(descent_.here(), status);
  if (options_.prompt != Prompt::kAlways && !is_protected) return true;
  const StringView words[] = {"remove ", is_protected ? kWriteProtected : StringView(),
                              TypeName(status)};
  const bool yes = confirm_.Ask(words, descent_.path());
  if (!yes) Keep();
  return yes;
}

void Remover::RemoveDirectory(uint64_t inode) {
  const StringView path = descent_.path();
  if (!options_.recursive) return RemoveIfEmpty();
  Result<OpenedFile> opened = OpenVerified(descent_.here(), sys::kDirectory, inode);
  if (!opened.ok()) return RemoveUnreadable(opened.error());
  const sys::FileStatus& status = opened.value().status;
  if (descent_.depth() == 0 && IsPrecious(status.identity())) {
    return Fail(path, "refusing to remove the root directory, . or ..");
  }
  if (options_.one_file_system && descent_.depth() > 0 &&
      status.device != descent_.identity().device) {
    return Fail(path, "skipped: on another file system");
  }
  const bool is_protected = MayAsk() && !sys::MayWrite(descent_.here(), status);
  const Result<void> entered = descent_.Enter(Move(opened.value().file), status);
  if (!entered.ok()) return Fail(path, entered.error());
  const bool ask = options_.prompt == Prompt::kAlways || is_protected;
  if (!ask || !descent_.HasMore()) return;
  const StringView words[] = {"descend into ", is_protected ? kWriteProtected : StringView(),
                              "directory"};
  if (!confirm_.Ask(words, path)) {
    (void)descent_.Leave();
    Keep();
  }
}

void Remover::RemoveUnreadable(Error error) {
  if (error == abi::kENOENT || error == abi::kENOTDIR) return FailUnlessGone(error);
  if (error == abi::kEACCES) {
    const Result<void> removed = sys::RemoveDirectory(descent_.here());
    if (removed.ok()) return Removed(descent_.path(), true);
  }
  Fail(descent_.path(), error);
}

void Remover::RemoveIfEmpty() {
  if (!options_.directories) {
    return Fail(descent_.path(), "is a directory (-r removes it with all in it, -d if empty)");
  }
  RemoveEmptyDirectory();
}

void Remover::RemoveEmptyDirectory() {
  if (!MayRemove()) return;
  const Result<void> removed = sys::RemoveDirectory(descent_.here());
  if (removed.ok()) return Removed(descent_.path(), true);
  FailUnlessGone(removed.error());
}

bool Remover::IsPrecious(sys::Identity identity) {
  if (!precious_known_) {
    constexpr const char* kPaths[] = {"/", ".", ".."};
    for (size_t i = options_.keep_root ? 0 : 1; i < 3; ++i) {
      const Result<sys::FileStatus> status = sys::StatusAt(sys::At(kPaths[i]), sys::Follow::kNo);
      if (status.ok()) precious_[precious_count_++] = status.value().identity();
    }
    precious_known_ = true;
  }
  for (size_t i = 0; i < precious_count_; ++i) {
    if (precious_[i] == identity) return true;
  }
  return false;
}

}  // namespace cation::rm
