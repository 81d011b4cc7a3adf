// SPDX-License-Identifier: MIT
//
// A history's file takes new content, without the loss of what other sessions append meanwhile.
#ifndef CATION_SHELL_EXT_HIST_REWRITE_H_
#define CATION_SHELL_EXT_HIST_REWRITE_H_

#include "runtime/core/string.h"
#include "runtime/sys/sys.h"

namespace cation::hist {

// The new content goes into a file beside the old one, which takes its name in one step once all is
// on the disk: whenever the power goes, or the program, the one or the other is there, and whole.
//   Rewrite rewrite(old, status, path);
//   CATION_TRY(rewrite.Start());
//   CATION_TRY(rewrite.Put(text)); ...
//   CATION_TRY(rewrite.Finish());
// What is behind the position of `old` comes last, by itself: also what sessions append that have
// the old file open when the other takes its name. What these would write later than that is lost;
// Ion opens the file for each line anew.
class Rewrite {
 public:
  // `path`, where no symbolic link is, leads to `old`, which is open for reading, and is as
  // `status` says; both stay the caller's.
  Rewrite(sys::Descriptor old, const sys::FileStatus& status, const String& path)
      : old_(old), status_(status), path_(path) {}
  Rewrite(const Rewrite&) = delete;
  Rewrite& operator=(const Rewrite&) = delete;
  ~Rewrite();

  // Makes the new file, with the owner and the mode of the old one. Errors: those of sys::Open(),
  // sys::ChangeOwner(), sys::ChangeMode(), ENOMEM.
  Result<void> Start();
  // Errors: those of sys::Write().
  Result<void> Put(StringView text);
  // Errors: those of sys::Read(), sys::Write(), sys::Flush() and sys::Rename(); EBUSY when somebody
  // has overwritten the old file meanwhile, or another is in its place.
  Result<void> Finish();
  // After an error: whether the new content is there nevertheless, and something that has come
  // meanwhile is missing.
  [[nodiscard]] bool is_there() const { return is_there_; }

 private:
  Result<void> Write();
  Result<void> CopyRest();
  Result<void> TakePlace();

  sys::Descriptor old_;
  const sys::FileStatus& status_;
  const String& path_;
  sys::File new_;
  String temporary_;
  String buffer_;
  char last_ = '\n';
  bool is_there_ = false;
};

}  // namespace cation::hist

#endif  // CATION_SHELL_EXT_HIST_REWRITE_H_
