// SPDX-License-Identifier: MIT
//
// Trees to and from the share: each file by a Placer. Symbolic links are copied as such; what is
// neither that nor a regular file or a directory is refused. What goes wrong is reported where it
// happens, and the rest is copied.
#ifndef CATION_SHELL_EXT_HOST_TREE_H_
#define CATION_SHELL_EXT_HOST_TREE_H_

#include "coreutils/support/copy_target.h"
#include "coreutils/support/descent.h"
#include "coreutils/support/output.h"
#include "shell-ext/host/placement.h"

namespace cation::host {

class TreeCopier {
 public:
  TreeCopier(const Context& context, Purpose purpose, bool verbose, Output& out,
             Interrupts& interrupts)
      : context_(context),
        purpose_(purpose),
        verbose_(verbose),
        out_(out),
        interrupts_(interrupts),
        progress_(context, true, "files"),
        placer_(purpose, progress_, interrupts) {}
  TreeCopier(const TreeCopier&) = delete;
  TreeCopier& operator=(const TreeCopier&) = delete;

  // Copies the file or tree `source` to `to`. `is_there`: that is a directory already, which may be
  // reached by a symbolic link. Returns false when anything was not copied, which was reported, or
  // when a signal came.
  [[nodiscard]] bool Copy(const char* source, const char* to, bool is_there);

 private:
  Result<void> Open(const Descent::Entry& entry, OpenedFile& source);
  void CopyEntry(const Descent::Entry& entry, bool is_there);
  void CopyDirectory(OpenedFile& source, bool is_there);
  Result<void> CopyFile(const OpenedFile& source);
  Result<void> CopyLink();
  void Leave();
  void LeaveTarget();
  void Refuse(StringView path, StringView reason);
  void FailAt(StringView path, Error error);

  const Context& context_;
  Purpose purpose_;
  bool verbose_;
  bool ok_ = true;
  Output& out_;
  Interrupts& interrupts_;
  Progress progress_;
  Placer placer_;
  CopyTarget to_;
  Descent from_;
};

}  // namespace cation::host

#endif  // CATION_SHELL_EXT_HOST_TREE_H_
