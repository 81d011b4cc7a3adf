// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_RM_REMOVER_H_
#define CATION_COREUTILS_RM_REMOVER_H_

#include "coreutils/support/confirm.h"
#include "coreutils/support/descent.h"
#include "coreutils/support/output.h"
#include "coreutils/support/progress.h"
#include "runtime/core/span.h"
#include "runtime/start/context.h"

namespace cation::rm {

// When to ask. kDefault: for what may not be written to, when standard input is a terminal.
enum class Prompt : uint8_t { kDefault, kNever, kOnce, kAlways };
// kAll: nor an operand that is on another file system than the directory it is in.
enum class KeepRoot : uint8_t { kNo, kYes, kAll };

struct Options {
  Prompt prompt = Prompt::kDefault;
  KeepRoot keep_root = KeepRoot::kYes;
  bool force = false;
  bool recursive = false;
  bool directories = false;
  bool verbose = false;
  bool one_file_system = false;
  bool progress = false;
  bool presume_terminal = false;

  // A question option after -f takes that back.
  [[nodiscard]] bool IgnoresMissing() const { return force && prompt == Prompt::kNever; }
};

// Removes operands, one after the other, and reports what it cannot remove.
class Remover {
 public:
  Remover(Context& context, const Options& options)
      : context_(context),
        options_(options),
        out_(context),
        confirm_(context),
        progress_(context, options.progress, "entries") {}
  // Returns the exit status.
  int Run(Span<const char* const> operands);

 private:
  [[nodiscard]] bool AskOnce(size_t count);
  [[nodiscard]] bool Ask(Span<const StringView> words, StringView operand);
  // Before anything is written to standard error: what was said before comes first.
  void Settle();
  // These report, and what descent_ names stays; so the directories that it is in cannot go, and
  // nothing needs to be said of them.
  void Fail(StringView path, Error error);
  void Fail(StringView path, StringView reason, Error error = {0});
  void Removed(bool is_directory);
  void RemoveOperand(const char* operand);
  // "name/" is a directory, also behind a link. Redox takes "file/" for "file", and must not be
  // asked to remove it.
  void RemoveBySlash();
  // One entry, or the end, of the innermost directory.
  void Step();
  // The end of the innermost directory.
  void Ascend();
  // What descent_ names; goes into it when it is a directory.
  void Remove(sys::FileType type, uint64_t inode);
  // A 9p share has no other error than EIO, Redox's root answers EPERM.
  [[nodiscard]] bool IsDirectoryAfter(Error error);
  // What cannot be opened as the directory that its entry says it is: a 9p share's may be wrong.
  [[nodiscard]] bool IsFileAfter(Error error);
  // -f: what is not there need not be removed.
  void FailUnlessGone(Error error);
  // A read-only file system says so before it looks.
  [[nodiscard]] bool IsAbsentAfter(Error error);
  // Without -i, -f and the like, a file that may not be written to is asked for, if there is
  // somebody to ask.
  [[nodiscard]] bool MayAsk();
  // Asks where the options say so; a no keeps the file, and so does one that is not there any more.
  // With `is_directory` that is all that is found out of a directory, which is asked for in its own
  // way.
  [[nodiscard]] bool MayRemove(bool* is_directory = nullptr);
  void RemoveDirectory(uint64_t inode);
  // False, and reported, when the operand, a directory, is not to be removed.
  [[nodiscard]] bool MayRemoveOperand(const sys::FileStatus& status);
  // A directory that cannot be read may be empty all the same.
  void RemoveUnreadable(Error error);
  // What descent_ names, a directory. Returns false, and nothing has been said, when it is not
  // empty.
  [[nodiscard]] bool RemoveEmptyDirectory();
  // The directory `identity`, that was left after all in it had been removed, is not empty.
  void EnterAgain(sys::Identity identity);

  Context& context_;
  const Options& options_;
  Output out_;
  Confirm confirm_;
  Progress progress_;
  Descent descent_{Descent::Purpose::kRemove};
  int status_ = 0;
  bool terminal_known_ = false;
  bool has_terminal_ = false;
  bool output_known_ = false;
  bool output_is_terminal_ = false;
  bool root_known_ = false;
  sys::Identity root_;
};

}  // namespace cation::rm

#endif  // CATION_COREUTILS_RM_REMOVER_H_
