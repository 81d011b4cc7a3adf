// SPDX-License-Identifier: MIT
//
// rm: removes files and, with -r, directories and all that is in them. POSIX.1-2024, with GNU's
// options.
//
// Goes by descriptor: a directory that somebody exchanges for a symbolic link meanwhile is not
// followed (with relibc from before it had unlinkat(), files are removed by path, and only the way
// down is safe). What cannot be removed is reported, and the rest goes on; nothing is called
// removed that is not.
//
// Differs from GNU:
// - `/`, `.` and `..` are refused by what they are, so also as `//`, `/tmp/..`, `../here` or
// `link/`:
//   the root, the working directory and its parent are never removed. A last component `.` or `..`
//   is refused besides, as POSIX says: for RedoxFS "name/." is `name`.
#include "coreutils/support/confirm.h"
#include "coreutils/support/descent.h"
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/file_mode.h"
#include "coreutils/support/open_verified.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/quote.h"
#include "runtime/core/format.h"

namespace cation {
namespace {

enum class Prompt : uint8_t { kDefault, kNever, kOnce, kAlways, kForce };

struct Options {
  Prompt prompt = Prompt::kDefault;
  bool recursive = false;
  bool directories = false;
  bool verbose = false;
  bool keep_root = true;
  bool one_file_system = false;

  [[nodiscard]] bool NeverAsks() const {
    return prompt == Prompt::kForce || prompt == Prompt::kNever;
  }
};

constexpr Option kOptions[] = {
    Choice("-f, --force", offsetof(Options, prompt), Prompt::kForce,
           "ignore what is not there, never ask"),
    Choice("-i", offsetof(Options, prompt), Prompt::kAlways, "ask before every removal"),
    Choice("-I", offsetof(Options, prompt), Prompt::kOnce,
           "ask once for more than three files or with -r"),
    OptionalWord("--interactive[=WHEN]", offsetof(Options, prompt), Prompt::kAlways,
                 "|never no none|once|always yes",
                 "ask never, once (-I) or always (-i; without WHEN)"),
    Flag("--one-file-system", offsetof(Options, one_file_system),
         "with -r, stay on the file system of each operand"),
    InFull(Choice("--no-preserve-root", offsetof(Options, keep_root), false,
                  "treat / like anything else")),
    Choice("--preserve-root", offsetof(Options, keep_root), true, "do not remove / (default)"),
    Flag("-r, --recursive", offsetof(Options, recursive),
         "remove directories and all that is in them"),
    Flag("-R", offsetof(Options, recursive), "the same as -r"),
    Flag("-d, --dir", offsetof(Options, directories), "remove empty directories"),
    Flag("-v, --verbose", offsetof(Options, verbose), "say what has been removed"),
};

constexpr Command kCommand = {
    .usage = "[OPTION]... [FILE]...",
    .summary = "Removes each FILE; directories only with -r, or with -d when they are empty.",
    .options = kOptions,
};

constexpr StringView kWriteProtected = "write-protected ";

class Remover {
 public:
  Remover(Context& context, const Options& options)
      : context_(context), options_(options), out_(context), confirm_(context) {}

  int Run(Span<const char* const> operands) {
    if (options_.prompt == Prompt::kOnce && (options_.recursive || operands.size() > 3) &&
        !AskOnce(operands.size()))
      return 0;
    for (const char* const operand : operands) RemoveOperand(operand);
    return out_.Finish(status_);
  }

 private:
  [[nodiscard]] bool AskOnce(size_t count) {
    const Digits number(count);
    StringView what = " arguments";
    if (options_.recursive) what = count == 1 ? " argument recursively" : " arguments recursively";
    const StringView words[] = {"remove ", number, what};
    return confirm_.Ask(words, {});
  }

  void Fail(StringView path, Error error) {
    Report(context_, path, error);
    status_ = 1;
    Keep();
  }
  void Fail(StringView path, StringView reason) {
    Report(context_, path, reason);
    status_ = 1;
    Keep();
  }

  // What descent_ names stays, so the directories that it is in cannot go, and nothing needs to be
  // said of them.
  void Keep() { kept_levels_ = descent_.depth(); }

  void Removed(StringView path, bool is_directory) {
    if (!options_.verbose) return;
    String line;
    if (AppendInQuotes(line, path).ok() && line.Append('\n').ok()) {
      out_.Write(is_directory ? "removed directory " : "removed ");
      out_.Write(line.view());
    }
    // With questions and messages in between, the order is part of what is said.
    out_.Flush();
  }

  void RemoveOperand(const char* operand) {
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

  // "name/" is a directory, also behind a link. Redox takes "file/" for "file", and must not be
  // asked to remove it.
  void RemoveBySlash() {
    const Result<sys::FileStatus> status = sys::StatusAt(descent_.here(), sys::Follow::kYes);
    if (!status.ok()) return FailUnlessGone(status.error());
    if (!status.value().IsDirectory()) return FailUnlessGone(Error{abi::kENOTDIR});
    RemoveDirectory(0);
  }

  // One entry, or the end, of the innermost directory.
  void Step() {
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

  // What descent_ names; goes into it when it is a directory.
  void Remove(sys::FileType type, uint64_t inode) {
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

  // A 9p share has no other error than EIO, Redox's root answers EPERM.
  [[nodiscard]] bool IsDirectoryAfter(Error error) {
    if (error.number != abi::kEIO && error.number != abi::kEPERM) return false;
    const Result<sys::FileStatus> status = sys::StatusAt(descent_.here(), sys::Follow::kNo);
    return status.ok() && status.value().IsDirectory();
  }

  // -f: what is not there need not be removed.
  void FailUnlessGone(Error error) {
    // EILSEQ and EINVAL: no file can have that name.
    const bool gone = error == abi::kENOENT || error == abi::kENOTDIR || error == abi::kEILSEQ ||
                      error == abi::kEINVAL;
    if (options_.prompt == Prompt::kForce && (gone || IsAbsentAfter(error))) return;
    Fail(descent_.path(), error);
  }

  // A read-only file system says so before it looks.
  [[nodiscard]] bool IsAbsentAfter(Error error) {
    return error == abi::kEROFS &&
           sys::StatusAt(descent_.here(), sys::Follow::kNo).error() == abi::kENOENT;
  }

  // Without -i, -f and the like, a file that may not be written to is asked for, if there is
  // somebody to ask.
  [[nodiscard]] bool MayAsk() {
    if (options_.prompt == Prompt::kAlways) return true;
    if (options_.NeverAsks()) return false;
    if (!terminal_known_) has_terminal_ = sys::IsTerminal(context_.input);
    terminal_known_ = true;
    return has_terminal_;
  }

  // Asks where the options say so; a no keeps the file, and so does one that is not there any more.
  // With `is_directory` that is all that is found out of a directory, which is asked for in its own
  // way.
  [[nodiscard]] bool MayRemove(bool* is_directory = nullptr) {
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

  void RemoveDirectory(uint64_t inode) {
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

  // A directory that cannot be read may be empty all the same.
  void RemoveUnreadable(Error error) {
    if (error == abi::kENOENT || error == abi::kENOTDIR) return FailUnlessGone(error);
    if (error == abi::kEACCES) {
      const Result<void> removed = sys::RemoveDirectory(descent_.here());
      if (removed.ok()) return Removed(descent_.path(), true);
    }
    Fail(descent_.path(), error);
  }

  void RemoveIfEmpty() {
    if (!options_.directories) {
      return Fail(descent_.path(), "is a directory (-r removes it with all in it, -d if empty)");
    }
    RemoveEmptyDirectory();
  }

  void RemoveEmptyDirectory() {
    if (!MayRemove()) return;
    const Result<void> removed = sys::RemoveDirectory(descent_.here());
    if (removed.ok()) return Removed(descent_.path(), true);
    FailUnlessGone(removed.error());
  }

  // The root directory, the working directory and its parent; looked at when the first directory is
  // met.
  [[nodiscard]] bool IsPrecious(sys::Identity identity) {
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

  Context& context_;
  const Options& options_;
  Output out_;
  Confirm confirm_;
  Descent descent_;
  int status_ = 0;
  bool terminal_known_ = false;
  bool has_terminal_ = false;
  size_t kept_levels_ =
      0;  // so many of the directories that are open, from the outermost on, cannot go
  bool precious_known_ = false;
  size_t precious_count_ = 0;
  sys::Identity precious_[3];
};

}  // namespace

const Command& ThisCommand() { return kCommand; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const Span<char*> operands = context.arguments;
  if (operands.empty()) {
    if (options.prompt == Prompt::kForce) return 0;  // POSIX since 2024
    return UsageError(context, kCommand, {nullptr, 0}, "missing operand");
  }
  return Remover(context, options).Run({operands.data(), operands.size()});
}

}  // namespace cation
