// SPDX-License-Identifier: MIT
//
// The calls that posix.cc makes, by the name `os`: the C library's own, or in builds for tests
// those of sys/fault, which count, trace and fail them. Chosen when compiled, so that the host
// programs pay nothing for it.
#ifndef CATION_RUNTIME_SYS_POSIX_OS_H_
#define CATION_RUNTIME_SYS_POSIX_OS_H_

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/sendfile.h>
#include <sys/syscall.h>
#endif

namespace cation::sys::libc {

inline int open_at(int directory, const char* name, int flags, mode_t mode) {
  return ::openat(directory, name, flags, mode);
}
inline int duplicate(int descriptor, int lowest) {
  return ::fcntl(descriptor, F_DUPFD_CLOEXEC, lowest);
}
inline int keep_open(int descriptor) { return ::fcntl(descriptor, F_SETFD, 0); }
inline int set_action(int signal, const struct sigaction* action, struct sigaction* before) {
  return ::sigaction(signal, action, before);
}
inline int set_mask(int how, const sigset_t* set, sigset_t* before) {
  return ::sigprocmask(how, set, before);
}
inline int status_flags(int descriptor) { return ::fcntl(descriptor, F_GETFL); }
inline int window_size(int descriptor, winsize* size) {
  return ::ioctl(descriptor, TIOCGWINSZ, size);
}
#ifdef __linux__
inline ssize_t get_directory_entries(int directory, void* buffer, size_t size) {
  return ::syscall(SYS_getdents64, directory, buffer, size);
}
// The next three from and to where the files stand, without flags.
inline ssize_t copy_file_range(int from, int to, size_t size) {
  return ::copy_file_range(from, nullptr, to, nullptr, size, 0);
}
inline ssize_t sendfile(int from, int to, size_t size) {
  return ::sendfile(to, from, nullptr, size);
}
inline ssize_t splice(int from, int to, size_t size) {
  return ::splice(from, nullptr, to, nullptr, size, 0);
}
inline int set_pipe_size(int pipe, int size) { return ::fcntl(pipe, F_SETPIPE_SZ, size); }
// Both ends close-on-exec.
inline int make_pipe(int ends[2]) { return ::pipe2(ends, O_CLOEXEC); }
using ::syncfs;
inline int exchange_names(int from, const char* name, int to, const char* other) {
  constexpr unsigned kExchange = 2;  // RENAME_EXCHANGE
  return ::renameat2(from, name, to, other, kExchange);
}
inline int clone_file(int from, int to) {
  constexpr unsigned long kFiclone = 0x40049409;  // _IOW(0x94, 9, int): <linux/fs.h> is large
  return ::ioctl(to, kFiclone, from);
}
#else
inline int make_pipe(int ends[2]) {
  if (::pipe(ends) < 0) return -1;
  (void)::fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  (void)::fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  return 0;
}
inline int syncfs(int descriptor) { return ::fsync(descriptor); }
inline int exchange_names(int, const char*, int, const char*) {
  errno = ENOTSUP;
  return -1;
}
inline int clone_file(int, int) {
  errno = ENOTSUP;
  return -1;
}
#endif
#ifdef __APPLE__
// macOS's fsync() leaves the data in the drive's cache.
inline int fsync(int descriptor) {
  return ::fcntl(descriptor, F_FULLFSYNC) < 0 ? ::fsync(descriptor) : 0;
}
inline int fdatasync(int descriptor) { return fsync(descriptor); }
#else
using ::fdatasync;
using ::fsync;
#endif
using ::chdir;
using ::close;
using ::dup2;
using ::execve;
using ::faccessat;
using ::fchmod;
using ::fchmodat;
using ::fchown;
using ::fchownat;
using ::fork;
using ::fstat;
using ::fstatat;
using ::ftruncate;
using ::futimens;
using ::kill;
using ::linkat;
using ::lseek;
using ::mkdirat;
using ::mkfifoat;
using ::mknodat;
using ::nanosleep;
using ::read;
using ::readlinkat;
using ::renameat;
using ::symlinkat;
using ::sync;
using ::unlinkat;
using ::utimensat;
using ::waitpid;
using ::write;

}  // namespace cation::sys::libc

#ifdef CATION_SYS_FAULT
#include "runtime/sys/fault/os.h"
namespace os = cation::sys::fault::os;
#else
namespace os = cation::sys::libc;
#endif

#endif  // CATION_RUNTIME_SYS_POSIX_OS_H_
