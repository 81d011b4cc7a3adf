// SPDX-License-Identifier: MIT
//
// Trees to and from the share: each file by a Placer. Symbolic links are copied as such; what is
// neither that nor a regular file or a directory is refused. What goes wrong is reported where it
// happens, and the rest is copied.
#ifndef CATION_SHELL_EXT_HOST_TREE_H_
#define CATION_SHELL_EXT_HOST_TREE_H_

#include "coreutils/support/copy_target.h"
#include "shell-ext/host/work.h"

namespace cation::host {

class TreeCopier {
 public:
  // `alone`: all that is copied is one operand.
  TreeCopier(Work& work, bool puts, bool verbose, bool alone)
      : work_(work), puts_(puts), verbose_(verbose), alone_(alone) {}
  TreeCopier(const TreeCopier&) = delete;
  TreeCopier& operator=(const TreeCopier&) = delete;

  // Copies the file or tree `source` to `to`. `is_there`: that is a directory already, which may be
  // reached by a symbolic link. What was not copied is reported.
  void Copy(const char* source, const char* to, bool is_there);

 private:
  Result<void> Open(const Descent::Entry& entry, OpenedFile& source);
  void CopyEntry(const Descent::Entry& entry, bool is_there);
  Result<void> CopyDirectory(OpenedFile& source, bool is_there);
  Result<void> OpenTarget(bool is_there, CopyTarget::Level& level, OpenedFile& directory);
  Result<void> CopyFile(const OpenedFile& source);
  Result<void> CopyLink();
  void Leave();
  void LeaveTarget();

  Work& work_;
  bool puts_;
  bool verbose_;
  bool alone_;
  bool at_target_ = false;  // what goes wrong
  CopyTarget to_;
};

}  // namespace cation::host

#endif  // CATION_SHELL_EXT_HOST_TREE_H_
