// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_RM_REMOVER_H_
#define CATION_COREUTILS_RM_REMOVER_H_

#include "coreutils/support/confirm.h"
#include "coreutils/support/descent.h"
#include "coreutils/support/output.h"
#include "runtime/core/span.h"
#include "runtime/start/context.h"

namespace cation::rm {

// When to ask. kDefault: for what may not be written to, when standard input is a terminal. kForce:
// never, and what is not there is no error.
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

// Removes operands, one after the other, and reports what it cannot remove.
class Remover {
 public:
  Remover(Context& context, const Options& options)
      : context_(context), options_(options), out_(context), confirm_(context) {}
  // Returns the exit status.
  int Run(Span<const char* const> operands);

 private:
  [[nodiscard]] bool AskOnce(size_t count);
  void Fail(StringView path, Error error);
  void Fail(StringView path, StringView reason);
  // What descent_ names stays, so the directories that it is in cannot go, and nothing needs to be
  // said of them.
  void Keep() { kept_levels_ = descent_.depth(); }
  void Removed(StringView path, bool is_directory);
  void RemoveOperand(const char* operand);
  // "name/" is a directory, also behind a link. Redox takes "file/" for "file", and must not be
  // asked to remove it.
  void RemoveBySlash();
  // One entry, or the end, of the innermost directory.
  void Step();
  // What descent_ names; goes into it when it is a directory.
  void Remove(sys::FileType type, uint64_t inode);
  // A 9p share has no other error than EIO, Redox's root answers EPERM.
  [[nodiscard]] bool IsDirectoryAfter(Error error);
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
  // A directory that cannot be read may be empty all the same.
  void RemoveUnreadable(Error error);
  void RemoveIfEmpty();
  void RemoveEmptyDirectory();
  // The root directory, the working directory and its parent; looked at when the first directory is
  // met.
  [[nodiscard]] bool IsPrecious(sys::Identity identity);

  Context& context_;
  const Options& options_;
  Output out_;
  Confirm confirm_;
  Descent descent_;
  int status_ = 0;
  bool terminal_known_ = false;
  bool has_terminal_ = false;
  // So many of the directories that are open, from the outermost on, cannot go.
  size_t kept_levels_ = 0;
  bool precious_known_ = false;
  size_t precious_count_ = 0;
  sys::Identity precious_[3];
};

}  // namespace cation::rm

#endif  // CATION_COREUTILS_RM_REMOVER_H_
