// SPDX-License-Identifier: MIT
//
// What Linux can do with names in one call, so that nothing comes in between. Where the host
// cannot, each fails with ENOSYS, and the caller takes several calls.
#ifndef CATION_RUNTIME_SYS_POSIX_OPEN_BENEATH_H_
#define CATION_RUNTIME_SYS_POSIX_OPEN_BENEATH_H_

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/openat2.h>
#include <sys/syscall.h>
#endif

namespace cation::sys {

// All return -1 with errno set where they fail.
//
// kForReach: for open(), of a directory through which others are reached: where the host has it,
// without the permission to list it.
//
// OpenBeneath: a descriptor of `path`, relative to `root`, with no link followed and nothing above
// `root` passed; with `same_filesystem`, nothing mounted either. ELOOP: a link is in the way.
// EXDEV: it leads out. ENOSYS, EPERM: the kernel has it not, or a sandbox forbids it. Source:
// openat2().
//
// LookAt: a descriptor of `name`, a link itself, that can be asked for its status alone: nothing is
// opened, so a device does nothing. OpenSeen: the file that such a descriptor is of, opened.
// ENOENT, ENOTDIR: /proc is not there.
//
// RenameToNew: as renameat(), but EEXIST where `to` is there. EINVAL: not on this filesystem.
// Source: renameat2() with RENAME_NOREPLACE.
#ifdef __linux__
inline constexpr int kForReach = O_PATH;

inline int OpenBeneath(int root, const char* path, int flags, bool same_filesystem) {
  struct open_how how = {};
  how.flags = static_cast<unsigned>(flags);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  if (same_filesystem) how.resolve |= RESOLVE_NO_XDEV;
  return static_cast<int>(::syscall(SYS_openat2, root, path, &how, sizeof how));
}
inline int LookAt(int directory, const char* name) {
  return ::openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}
inline int OpenSeen(int seen, int flags) {
  char itself[32];
  (void)::snprintf(itself, sizeof itself, "/proc/self/fd/%d", seen);
  return ::open(itself, flags);
}
inline int RenameToNew(int from_directory, const char* from, int to_directory, const char* to) {
  constexpr unsigned kNoReplace = 1;  // RENAME_NOREPLACE
  return static_cast<int>(
      ::syscall(SYS_renameat2, from_directory, from, to_directory, to, kNoReplace));
}
#else
inline constexpr int kForReach = O_RDONLY;

inline int OpenBeneath(int, const char*, int, bool) {
  errno = ENOSYS;
  return -1;
}
inline int LookAt(int, const char*) {
  errno = ENOSYS;
  return -1;
}
inline int OpenSeen(int, int) {
  errno = ENOSYS;
  return -1;
}
inline int RenameToNew(int, const char*, int, const char*) {
  errno = ENOSYS;
  return -1;
}
#endif

}  // namespace cation::sys

#endif  // CATION_RUNTIME_SYS_POSIX_OPEN_BENEATH_H_
