// SPDX-License-Identifier: MIT
//
// The calls of sys/posix/os.h with a gate before each. Included by that file alone.
#ifndef CATION_RUNTIME_SYS_FAULT_OS_H_
#define CATION_RUNTIME_SYS_FAULT_OS_H_

#include <errno.h>

#include <cstdio>
#include <string>

#include "runtime/sys/fault/fault.h"

namespace cation::sys::fault {

// Counts the call. Returns 0 to let it through, kShort to cut it short, or the errno value to fail
// it with.
int Pass(Call call, std::string detail);
// In a process that has just been forked: its calls are counted from kInChild on.
void EnterChild();
// execve(), or what takes its place.
int CallExecutor(const char* path, char* const* arguments, char* const* environment);
// Aborts the program when `name` is outside the boundary.
void CheckBoundary(int directory, const char* name);

namespace os {

template <typename Real>
auto Gate(Call call, std::string detail, Real real) -> decltype(real()) {
  const int verdict = Pass(call, std::move(detail));
  if (verdict > 0) {
    errno = verdict;
    return -1;
  }
  return real();
}

inline std::string Name(int descriptor) { return std::to_string(descriptor); }

inline int open_at(int directory, const char* name, int flags, mode_t mode) {
  return Gate(Call::kOpen, name, [=] { return libc::open_at(directory, name, flags, mode); });
}
inline int close(int descriptor) {
  // The descriptor is gone whatever close() reports.
  const int result = libc::close(descriptor);
  return Gate(Call::kClose, Name(descriptor), [=] { return result; });
}
inline ssize_t read(int descriptor, void* buffer, size_t size) {
  const int verdict = Pass(Call::kRead, Name(descriptor));
  if (verdict > 0) {
    errno = verdict;
    return -1;
  }
  return libc::read(descriptor, buffer, verdict == kShort && size > 1 ? 1 : size);
}
inline ssize_t write(int descriptor, const void* data, size_t size) {
  const int verdict = Pass(Call::kWrite, Name(descriptor));
  if (verdict > 0) {
    errno = verdict;
    return -1;
  }
  return libc::write(descriptor, data, verdict == kShort && size > 1 ? 1 : size);
}
inline off_t lseek(int descriptor, off_t offset, int whence) {
  return Gate(Call::kSeek, Name(descriptor),
              [=] { return libc::lseek(descriptor, offset, whence); });
}
inline int ftruncate(int descriptor, off_t size) {
  return Gate(Call::kTruncate, Name(descriptor), [=] { return libc::ftruncate(descriptor, size); });
}
inline int duplicate(int descriptor, int lowest) {
  return Gate(Call::kOpen, Name(descriptor), [=] { return libc::duplicate(descriptor, lowest); });
}
// Those that move data from file to file.
template <typename Real>
ssize_t GateTransfer(int from, int to, size_t size, Real real) {
  const int verdict = Pass(Call::kTransfer, Name(from) + " to " + Name(to));
  if (verdict > 0) {
    errno = verdict;
    return -1;
  }
  if (verdict == kEnd) return 0;
  return real(from, to, verdict == kShort && size > 1 ? 1 : size);
}
inline ssize_t copy_file_range(int from, int to, size_t size) {
  return GateTransfer(from, to, size, libc::copy_file_range);
}
inline ssize_t sendfile(int from, int to, size_t size) {
  return GateTransfer(from, to, size, libc::sendfile);
}
inline ssize_t splice(int from, int to, size_t size) {
  return GateTransfer(from, to, size, libc::splice);
}
inline int set_pipe_size(int pipe, int size) {
  return Gate(Call::kTransfer, Name(pipe), [=] { return libc::set_pipe_size(pipe, size); });
}
inline int status_flags(int descriptor) {
  return Gate(Call::kStatusFlags, Name(descriptor), [=] { return libc::status_flags(descriptor); });
}
inline int window_size(int descriptor, winsize* size) {
  return libc::window_size(descriptor, size);
}
inline int set_window_size(int descriptor, const winsize* size) {
  return Gate(Call::kSetTerminal, Name(descriptor),
              [=] { return libc::set_window_size(descriptor, size); });
}
inline int get_terminal(int descriptor, libc::Terminal* settings) {
  return Gate(Call::kGetTerminal, Name(descriptor),
              [=] { return libc::get_terminal(descriptor, settings); });
}
inline int set_terminal(int descriptor, int when, const libc::Terminal* settings) {
  return Gate(Call::kSetTerminal, Name(descriptor),
              [=] { return libc::set_terminal(descriptor, when, settings); });
}
inline int fstat(int descriptor, struct stat* status) {
  return Gate(Call::kStatus, Name(descriptor), [=] { return libc::fstat(descriptor, status); });
}
inline int fstatat(int directory, const char* name, struct stat* status, int flags) {
  return Gate(Call::kStatusAt, name, [=] { return libc::fstatat(directory, name, status, flags); });
}
inline int file_system_status(const char* path, struct statfs* status) {
  return Gate(Call::kFileSystemStatus, path,
              [=] { return libc::file_system_status(path, status); });
}
inline int file_system_status(int descriptor, struct statfs* status) {
  return Gate(Call::kFileSystemStatus, Name(descriptor),
              [=] { return libc::file_system_status(descriptor, status); });
}
inline int fchmod(int descriptor, mode_t mode) {
  return Gate(Call::kChangeMode, Name(descriptor), [=] { return libc::fchmod(descriptor, mode); });
}
inline int fchmodat(int directory, const char* name, mode_t mode, int flags) {
  return Gate(Call::kChangeMode, name,
              [=] { return libc::fchmodat(directory, name, mode, flags); });
}
inline int fchown(int descriptor, uid_t user, gid_t group) {
  return Gate(Call::kChangeOwner, Name(descriptor),
              [=] { return libc::fchown(descriptor, user, group); });
}
inline int fchownat(int directory, const char* name, uid_t user, gid_t group, int flags) {
  return Gate(Call::kChangeOwner, name,
              [=] { return libc::fchownat(directory, name, user, group, flags); });
}
inline int futimens(int descriptor, const timespec times[2]) {
  return Gate(Call::kSetTimes, Name(descriptor), [=] { return libc::futimens(descriptor, times); });
}
inline int utimensat(int directory, const char* name, const timespec times[2], int flags) {
  return Gate(Call::kSetTimes, name,
              [=] { return libc::utimensat(directory, name, times, flags); });
}
inline int fsync(int descriptor) {
  return Gate(Call::kFlush, Name(descriptor), [=] { return libc::fsync(descriptor); });
}
inline int fdatasync(int descriptor) {
  return Gate(Call::kFlush, Name(descriptor), [=] { return libc::fdatasync(descriptor); });
}
inline int syncfs(int descriptor) {
  return Gate(Call::kFlush, Name(descriptor), [=] { return libc::syncfs(descriptor); });
}
inline void sync() {
  (void)Pass(Call::kFlushAll, "");
  libc::sync();
}
inline int mkdirat(int directory, const char* name, mode_t mode) {
  return Gate(Call::kMakeDirectory, name, [=] { return libc::mkdirat(directory, name, mode); });
}
inline int unlinkat(int directory, const char* name, int flags) {
  return Gate(Call::kRemove, name, [=] {
    CheckBoundary(directory, name);
    return libc::unlinkat(directory, name, flags);
  });
}
inline char* getcwd(char* buffer, size_t size) {
  if (const int verdict = Pass(Call::kWorkingDirectory, ""); verdict > 0) {
    errno = verdict;
    return nullptr;
  }
  return libc::getcwd(buffer, size);
}
// Returns the error.
inline int ttyname_r(int descriptor, char* buffer, size_t size) {
  const int verdict = Pass(Call::kTerminalName, Name(descriptor));
  return verdict > 0 ? verdict : libc::ttyname_r(descriptor, buffer, size);
}
inline int uname(utsname* name) {
  return Gate(Call::kSystemName, "", [=] { return libc::uname(name); });
}
inline int getentropy(void* buffer, size_t size) {
  return Gate(Call::kRandom, "", [=] { return libc::getentropy(buffer, size); });
}
inline int symlinkat(const char* target, int directory, const char* name) {
  return Gate(Call::kMakeSymbolicLink, name,
              [=] { return libc::symlinkat(target, directory, name); });
}
inline ssize_t readlinkat(int directory, const char* name, char* buffer, size_t size) {
  return Gate(Call::kReadSymbolicLink, name,
              [=] { return libc::readlinkat(directory, name, buffer, size); });
}
inline int linkat(int from, const char* existing, int directory, const char* name, int flags) {
  return Gate(Call::kMakeHardLink, name,
              [=] { return libc::linkat(from, existing, directory, name, flags); });
}
inline int mkfifoat(int directory, const char* name, mode_t mode) {
  return Gate(Call::kMakeFifo, name, [=] { return libc::mkfifoat(directory, name, mode); });
}
inline int mknodat(int directory, const char* name, mode_t mode, dev_t device) {
  return Gate(Call::kMakeNode, name, [=] { return libc::mknodat(directory, name, mode, device); });
}
inline int renameat(int from, const char* name, int to, const char* new_name) {
  return Gate(Call::kRename, name, [=] { return libc::renameat(from, name, to, new_name); });
}
inline int exchange_names(int from, const char* name, int to, const char* other) {
  return Gate(Call::kRename, name, [=] { return libc::exchange_names(from, name, to, other); });
}
inline int clone_file(int from, int to) {
  return Gate(Call::kClone, Name(to), [=] { return libc::clone_file(from, to); });
}
inline ssize_t get_directory_entries(int directory, void* buffer, size_t size) {
  return Gate(Call::kReadDirectory, Name(directory),
              [=] { return libc::get_directory_entries(directory, buffer, size); });
}
inline int faccessat(int directory, const char* name, int mode, int flags) {
  return Gate(Call::kAccess, name, [=] { return libc::faccessat(directory, name, mode, flags); });
}
inline int getgroups(int size, gid_t* groups) {
  return Gate(Call::kGetGroups, "", [=] { return libc::getgroups(size, groups); });
}
inline pid_t fork() {
  return Gate(Call::kFork, "", [] {
    const pid_t process = libc::fork();
    if (process == 0) EnterChild();
    return process;
  });
}
inline int execve(const char* path, char* const* arguments, char* const* environment) {
  return Gate(Call::kExecute, path, [=] { return CallExecutor(path, arguments, environment); });
}
// Who is told that there is no such child has none that still runs, so the child's end is waited
// for before that is said.
template <typename Real>
pid_t GateWait(pid_t process, int options, Real real) {
  const int verdict = Pass(Call::kWait, std::to_string(process));
  if (verdict > 0) {
    while (verdict == ECHILD && (options & WNOHANG) == 0 &&
           libc::waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
    }
    errno = verdict;
    return -1;
  }
  return real();
}
inline pid_t waitpid(pid_t process, int* status, int options) {
  return GateWait(process, options, [=] { return libc::waitpid(process, status, options); });
}
inline pid_t wait4(pid_t process, int* status, int options, struct rusage* usage) {
  return GateWait(process, options, [=] { return libc::wait4(process, status, options, usage); });
}
inline int wait_for_signal(const sigset_t* set, const timespec* time) {
  return Gate(Call::kWaitForSignal, "", [=] { return libc::wait_for_signal(set, time); });
}
inline int setpgid(pid_t process, pid_t group) {
  return Gate(Call::kSetProcessGroup, std::to_string(process),
              [=] { return libc::setpgid(process, group); });
}
inline int kill(pid_t process, int signal) {
  return Gate(Call::kSendSignal, std::to_string(process),
              [=] { return libc::kill(process, signal); });
}
inline int set_action(int signal, const struct sigaction* action, struct sigaction* before) {
  return Gate(Call::kSignalAction, std::to_string(signal),
              [=] { return libc::set_action(signal, action, before); });
}
inline int set_mask(int how, const sigset_t* set, sigset_t* before) {
  return Gate(Call::kBlockSignals, "", [=] { return libc::set_mask(how, set, before); });
}
inline int make_pipe(int ends[2]) {
  return Gate(Call::kMakePipe, "", [=] { return libc::make_pipe(ends); });
}
inline int dup2(int from, int place) {
  return Gate(Call::kPutInPlace, Name(from) + " to " + Name(place),
              [=] { return libc::dup2(from, place); });
}
inline int keep_open(int descriptor) { return libc::keep_open(descriptor); }
inline int chdir(const char* path) {
  return Gate(Call::kChangeDirectory, path, [=] { return libc::chdir(path); });
}
inline int nanosleep(const timespec* time, timespec* left) {
  return Gate(Call::kPause, "", [=] { return libc::nanosleep(time, left); });
}

inline int clock_settime(clockid_t, const timespec* time) {
  char nanoseconds[16];
  (void)std::snprintf(nanoseconds, sizeof(nanoseconds), ".%09ld", static_cast<long>(time->tv_nsec));
  return Gate(Call::kSetClock, std::to_string(time->tv_sec) + nanoseconds, [] { return 0; });
}

}  // namespace os
}  // namespace cation::sys::fault

#endif  // CATION_RUNTIME_SYS_FAULT_OS_H_
