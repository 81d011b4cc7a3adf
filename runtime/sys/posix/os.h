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
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __APPLE__
#include <sys/random.h>
#endif
#ifdef __linux__
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#else
#include <sys/mount.h>
#include <sys/param.h>
#include <termios.h>
#endif

#include "runtime/sys/posix/close_on_exec.h"

namespace cation::sys::libc {

inline int make_pipe(int ends[2]) { return MakeClosingPipe(ends); }
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
inline int file_system_status(const char* path, struct statfs* status) {
  return ::statfs(path, status);
}
inline int file_system_status(int descriptor, struct statfs* status) {
  return ::fstatfs(descriptor, status);
}
inline int status_flags(int descriptor) { return ::fcntl(descriptor, F_GETFL); }
inline int window_size(int descriptor, winsize* size) {
  return ::ioctl(descriptor, TIOCGWINSZ, size);
}
inline int set_window_size(int descriptor, const winsize* size) {
  return ::ioctl(descriptor, TIOCSWINSZ, size);
}
// A terminal's settings; `when`: 0 at once, 1 after the output, 2 and without what was typed.
#ifdef __linux__
struct Terminal {  // the kernel's, which has no speeds beside c_cflag
  uint32_t c_iflag, c_oflag, c_cflag, c_lflag;
  uint8_t c_line, c_cc[19];
};
inline int get_terminal(int descriptor, Terminal* settings) {
  return ::ioctl(descriptor, TCGETS, settings);
}
inline int set_terminal(int descriptor, int when, const Terminal* settings) {
  return ::ioctl(descriptor, TCSETS + static_cast<unsigned long>(when), settings);
}
#else
using Terminal = ::termios;
inline int get_terminal(int descriptor, Terminal* settings) {
  return ::tcgetattr(descriptor, settings);
}
inline int set_terminal(int descriptor, int when, const Terminal* settings) {
  return ::tcsetattr(descriptor, when, settings);
}
#endif
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
inline int wait_for_signal(const sigset_t* set, const timespec* time) {
  return ::sigtimedwait(set, nullptr, time);
}
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
// macOS has no sigtimedwait(): it is looked for again and again.
inline int wait_for_signal(const sigset_t* set, const timespec* time) {
  constexpr long kSlice = 5'000'000;
  timespec left = *time;
  for (;;) {
    sigset_t pending;
    if (::sigpending(&pending) < 0) return -1;
    for (int signal = 1; signal < NSIG; ++signal) {
      if (sigismember(set, signal) != 1 || sigismember(&pending, signal) != 1) continue;
      int taken = 0;
      return ::sigwait(set, &taken) == 0 ? taken : -1;
    }
    if (left.tv_sec <= 0 && left.tv_nsec <= 0) break;
    timespec slice = {0, kSlice};
    if (left.tv_sec <= 0 && left.tv_nsec < kSlice) slice.tv_nsec = left.tv_nsec;
    (void)::nanosleep(&slice, nullptr);
    left.tv_nsec -= slice.tv_nsec;
    if (left.tv_nsec < 0) {
      left.tv_nsec += 1'000'000'000;
      --left.tv_sec;
    }
  }
  errno = EAGAIN;
  return -1;
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
using ::clock_settime;
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
using ::getcwd;
using ::getentropy;
using ::getgroups;
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
using ::setpgid;
using ::symlinkat;
using ::sync;
using ::ttyname_r;
using ::uname;
using ::unlinkat;
using ::utimensat;
using ::wait4;
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
