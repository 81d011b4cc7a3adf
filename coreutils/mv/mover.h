// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_MV_MOVER_H_
#define CATION_COREUTILS_MV_MOVER_H_

#include "coreutils/support/confirm.h"
#include "coreutils/support/copy.h"
#include "coreutils/support/output.h"
#include "coreutils/support/remove_tree.h"
#include "coreutils/support/target_options.h"

namespace cation::mv {

enum class Existing : uint8_t { kDefault, kReplace, kAsk, kSkip };
using Update = CopyOptions::Update;

struct Options {
  TargetOptions target;
  // Its update, backup, suffix, verbose and debug are mv's too: the Copier does not ask for them.
  CopyOptions copy{.verb = "copied ", .moves = true};
  Existing existing = Existing::kDefault;
  bool strip_trailing_slashes = false;
  bool no_copy = false;
  bool exchange = false;
};

// Moves operands, one after the other, and reports what it cannot move.
class Mover {
 public:
  Mover(const Context& context, const Options& options)
      : context_(context), options_(options), out_(context), confirm_(context) {}
  ~Mover();
  Mover(const Mover&) = delete;
  Mover& operator=(const Mover&) = delete;

  // The last operand is the target, unless -t has named one. Returns the exit status.
  int Run(Span<char*> operands);

 private:
  using Found = Result<sys::FileStatus>;

  bool MoveInto(const char* path, bool is_known, Span<char*> sources);
  // Returns whether all is as it was asked for. `target`: what is at `to`, itself.
  bool MoveOne(const char* source, const sys::Location& to, const Found& target,
               const char* earlier);
  bool Exchange(const char* source, const sys::Location& to);
  // Out of line, here and below: several large functions in one need long offsets into its stack.
  // What is to become of what is there. That it is left as it should be is no failure; what is one
  // has been reported.
  enum class Fate : uint8_t { kReplaced, kLeft, kFailed };
  [[gnu::noinline]] Fate MayReplace(const char* source, const sys::Location& to,
                                    const sys::FileStatus& existing, const char* earlier);
  [[nodiscard, gnu::noinline]] bool IsSameFile(const char* source, const sys::FileStatus& from,
                                               const sys::Location& to,
                                               const sys::FileStatus& existing);
  [[gnu::noinline]] bool Ask(const sys::Location& to, const sys::FileStatus& existing);
  void BringBack(const sys::Location& to, const String& path);
  [[gnu::noinline]] bool FailToRename(const char* source, const sys::Location& to, Error error);
  [[gnu::noinline]] bool CopyAndRemove(const char* source, const sys::Location& to,
                                       const Found& target, String* backup);
  void Announce(const char* source, const char* target, const String& backup);
  // Whether what operands are moved into is a directory, if that is not known yet; otherwise
  // reports it, and nothing more is to be done.
  [[nodiscard]] bool CheckDirectory();
  // These return false. `what`, if it is not empty, says what was tried.
  [[gnu::noinline]] bool Fail(const char* path, const char* what, Error error);
  bool Fail(const char* path, Error error) { return Fail(path, "", error); }
  bool Refuse(const char* path, const char* reason) { return Fail(path, reason, Error{0}); }

  const Context& context_;
  const Options& options_;
  Output out_;
  bool moved_ = false;              // the operand: there is a new name
  const char* unproven_ = nullptr;  // the target directory, as long as it may be none
  bool stop_ = false;
  bool terminal_known_ = false;
  bool has_terminal_ = false;
  // Only once something is on another file system.
  Copier* copier_ = nullptr;
  Confirm confirm_;
  alignas(Copier) char copier_place_[sizeof(Copier)];
};

}  // namespace cation::mv

#endif  // CATION_COREUTILS_MV_MOVER_H_
