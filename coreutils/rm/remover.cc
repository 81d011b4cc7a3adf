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
  progress_.Erase();
  return out_.Finish(status_);
}

bool Remover::AskOnce(size_t count) {
  const Digits number(count);
  StringView what = " arguments";
  if (options_.recursive) what = count == 1 ? " argument recursively" : " arguments recursively";
  const StringView words[] = {"remove ", number, what};
  return confirm_.Ask(words, {});
}

bool Remover::Ask(Span<const StringView> words, StringView operand) {
  Settle();
  return confirm_.Ask(words, operand);
}

void Remover::Settle() {
  progress_.Erase();
  out_.Flush();
}

void Remover::Fail(StringView path, Error error) {
  Settle();
  Report(context_, path, error);
  status_ = 1;
  descent_.Keep();
}

void Remover::Fail(StringView path, StringView reason, Error error) {
  Settle();
  Report(context_, path, reason, error);
  status_ = 1;
  descent_.Keep();
}

void Remover::Removed(bool is_directory) {
  descent_.Gone();
  progress_.Advance(1, 0, descent_.path());
  if (!options_.verbose) return;
  const StringView line[] = {is_directory ? "removed directory " : "removed ", descent_.path(),
                             "\n"};
  out_.WriteQuoted(line);
  // Somebody who watches is told at once.
  if (!output_known_) output_is_terminal_ = sys::IsTerminal(context_.output);
  output_known_ = true;
  if (output_is_terminal_) Settle();
}

void Remover::RemoveOperand(const char* operand) {
  const StringView last = LastComponent(operand);
  // A lost way back may have left it where it was.
  if (const Result<void> begun = descent_.Begin(operand); !begun.ok())
    return Fail(operand, begun.error());
  if (last == "." || last == "..") return Fail(operand, "refusing to remove . or ..");
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
    // What was not seen stays, so its directory will not be empty.
    Settle();
    Report(context_, descent_.path(), entry.error());
    status_ = 1;
  } else if (entry.value() != nullptr) {
    Remove(entry.value()->type, entry.value()->inode);
  } else {
    Ascend();
  }
}

void Remover::Ascend() {
  const bool may_hold_more = descent_.MayHoldMore();
  const bool kept = descent_.kept();
  // Some file systems pass entries over while others go.
  if (kept && may_hold_more && descent_.Rewind().ok()) return;
  const sys::Identity identity = descent_.identity();
  if (const Result<void> left = descent_.Leave(); !left.ok()) {
    return Fail(descent_.path(), left.error());
  }
  if (kept) return descent_.Keep();
  if (RemoveEmptyDirectory()) return;
  if (may_hold_more) return EnterAgain(identity);
  Fail(descent_.path(), Error{abi::kENOTEMPTY});
}

void Remover::EnterAgain(sys::Identity identity) {
  Result<OpenedFile> opened = OpenVerified(descent_.here(), sys::kDirectory, identity.inode);
  if (!opened.ok()) return FailUnlessGone(opened.error());
  const sys::FileStatus& status = opened.value().status;
  Result<void> entered = Error{abi::kELOOP};
  if (status.identity() == identity) entered = descent_.Enter(Move(opened.value().file), status);
  if (!entered.ok()) return Fail(descent_.path(), entered.error());
  descent_.ReadToEnd();
}

void Remover::Remove(sys::FileType type, uint64_t inode) {
  if (type == sys::FileType::kDirectory) return RemoveDirectory(inode);
  // No look at what it is before: unlink() of a directory fails without harm. Only questions need
  // to know.
  bool is_directory = false;
  if (!MayRemove(&is_directory)) return;
  if (is_directory) return RemoveDirectory(inode);
  const Result<void> removed = sys::RemoveFile(descent_.here());
  if (removed.ok()) return Removed(false);
  if (removed.error() == abi::kEISDIR || IsDirectoryAfter(removed.error()))
    return RemoveDirectory(inode);
  FailUnlessGone(removed.error());
}

bool Remover::IsDirectoryAfter(Error error) {
  // EACCES: of the directory that it is in. What is in it goes all the same.
  if (error.number != abi::kEIO && error.number != abi::kEPERM && error.number != abi::kEACCES)
    return false;
  const Result<sys::FileStatus> status = sys::StatusAt(descent_.here(), sys::Follow::kNo);
  return status.ok() && status.value().IsDirectory();
}

bool Remover::IsFileAfter(Error error) {
  if (error == abi::kEACCES) return false;
  const Result<sys::FileStatus> status = sys::StatusAt(descent_.here(), sys::Follow::kNo);
  return status.ok() && !status.value().IsDirectory();
}

void Remover::FailUnlessGone(Error error) {
  // EILSEQ and EINVAL: no file can have that name.
  const bool gone = error == abi::kENOENT || error == abi::kENOTDIR || error == abi::kEILSEQ ||
                    error == abi::kEINVAL;
  if (options_.IgnoresMissing() && (gone || IsAbsentAfter(error))) return;
  Fail(descent_.path(), error);
}

bool Remover::IsAbsentAfter(Error error) {
  return error == abi::kEROFS &&
         sys::StatusAt(descent_.here(), sys::Follow::kNo).error() == abi::kENOENT;
}

bool Remover::MayAsk() {
  if (options_.prompt == Prompt::kAlways) return true;
  if (options_.prompt == Prompt::kNever) return false;
  if (!terminal_known_)
    has_terminal_ = options_.presume_terminal || sys::IsTerminal(context_.input);
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
  const bool yes = Ask(words, descent_.path());
  if (!yes) descent_.Keep();
  return yes;
}

void Remover::RemoveDirectory(uint64_t inode) {
  if (!options_.recursive) {
    if (!options_.directories) {
      return Fail(descent_.path(), "is a directory (-r removes it with all in it, -d if empty)");
    }
    if (!RemoveEmptyDirectory()) Fail(descent_.path(), Error{abi::kENOTEMPTY});
    return;
  }
  Result<OpenedFile> opened = OpenVerified(descent_.here(), sys::kDirectory, inode);
  if (!opened.ok()) return RemoveUnreadable(opened.error());
  const sys::FileStatus& status = opened.value().status;
  if (descent_.depth() == 0) {
    if (!MayRemoveOperand(status)) return;
  } else if (options_.one_file_system && status.device != descent_.identity().device) {
    return Fail(descent_.path(), "skipped: on another file system");
  }
  const bool may_ask = MayAsk();
  const bool is_protected = may_ask && !sys::MayWrite(descent_.here(), status);
  const Result<void> entered = descent_.Enter(Move(opened.value().file), status);
  if (!entered.ok()) return Fail(descent_.path(), entered.error());
  if (!may_ask) return;
  // The question whether to remove the directory comes when it is known to be empty.
  descent_.ReadToEnd();
  const bool ask = options_.prompt == Prompt::kAlways || is_protected;
  if (!ask || !descent_.HasMore()) return;
  const StringView words[] = {"descend into ", is_protected ? kWriteProtected : StringView(),
                              "directory"};
  if (Ask(words, descent_.path())) return;
  if (const Result<void> left = descent_.Leave(); !left.ok())
    return Fail(descent_.path(), left.error());
  descent_.Keep();
}

bool Remover::MayRemoveOperand(const sys::FileStatus& status) {
  if (options_.keep_root == KeepRoot::kNo) return true;
  if (!root_known_) {
    const Result<sys::FileStatus> root = sys::StatusAt(sys::At("/"), sys::Follow::kNo);
    // What cannot be told from the root directory is not removed.
    if (!root.ok()) {
      Fail(descent_.path(), "cannot look at / (see --no-preserve-root)", root.error());
      return false;
    }
    root_ = root.value().identity();
    root_known_ = true;
  }
  if (root_ == status.identity()) {
    Fail(descent_.path(), "refusing to remove the root directory");
    return false;
  }
  if (options_.keep_root != KeepRoot::kAll) return true;
  String parent;
  Result<void> built = parent.Append(descent_.path());
  if (built.ok()) built = parent.Append("/..");
  Result<sys::FileStatus> found =
      built.ok() ? sys::StatusAt(sys::At(parent.c_str()), sys::Follow::kYes) : built.error();
  if (!found.ok()) {
    Fail(descent_.path(), found.error());
    return false;
  }
  if (found.value().device == status.device) return true;
  Fail(descent_.path(), "skipped: on another file system than its parent (--preserve-root=all)");
  return false;
}

void Remover::RemoveUnreadable(Error error) {
  if (descent_.depth() > 0 && IsFileAfter(error)) {
    if (!MayRemove()) return;
    const Result<void> removed = sys::RemoveFile(descent_.here());
    return removed.ok() ? Removed(false) : FailUnlessGone(removed.error());
  }
  if (error == abi::kENOENT || error == abi::kENOTDIR) return FailUnlessGone(error);
  if (error == abi::kEACCES) {
    if (MayAsk()) {
      const Result<sys::FileStatus> status = sys::StatusAt(descent_.here(), sys::Follow::kNo);
      if (!status.ok()) return FailUnlessGone(status.error());
      const StringView words[] = {"attempt removal of inaccessible directory"};
      const bool ask =
          options_.prompt == Prompt::kAlways || !sys::MayWrite(descent_.here(), status.value());
      if (ask && !Ask(words, descent_.path())) return descent_.Keep();
    }
    if (sys::RemoveDirectory(descent_.here()).ok()) return Removed(true);
  }
  Fail(descent_.path(), error);
}

bool Remover::RemoveEmptyDirectory() {
  if (!MayRemove()) return true;
  const Result<void> removed = sys::RemoveDirectory(descent_.here());
  if (removed.ok()) {
    Removed(true);
    return true;
  }
  // POSIX lets a system say either.
  if (removed.error() == abi::kENOTEMPTY || removed.error() == abi::kEEXIST) return false;
  FailUnlessGone(removed.error());
  return true;
}

}  // namespace cation::rm
