// SPDX-License-Identifier: MIT
//
// The functions of the C library that sys/posix calls, each a system call. Their structures are the
// kernel's own on 64-bit systems, so none is named here. A function that is missing is an error
// when a program is linked: add it.
#include "runtime/sys/linux/kernel.h"
#include "runtime/sys/linux/signal_return.h"

namespace {

using cation::linux_kernel::Call;

constexpr long kNone = 0;

}  // namespace

extern "C" {

int* __errno_location();

static long Checked(long result) {
  if (result >= 0 || result < -4095) return result;
  *__errno_location() = static_cast<int>(-result);
  return -1;
}

static int CheckedInt(long result) { return static_cast<int>(Checked(result)); }

static long Address(const void* pointer) { return reinterpret_cast<long>(pointer); }

// ------------------------------------------------------------------------------------------ files
int openat(int directory, const char* name, int flags, ...) {
  // The mode, if there is one, is always passed: os.h does.
  __builtin_va_list arguments;
  __builtin_va_start(arguments, flags);
  const unsigned mode = __builtin_va_arg(arguments, unsigned);
  __builtin_va_end(arguments);
  return CheckedInt(Call(SYS_openat, directory, Address(name), flags, mode));
}
int close(int file) { return CheckedInt(Call(SYS_close, file)); }
long read(int file, void* buffer, size_t size) {
  return Checked(Call(SYS_read, file, Address(buffer), static_cast<long>(size)));
}
long write(int file, const void* data, size_t size) {
  return Checked(Call(SYS_write, file, Address(data), static_cast<long>(size)));
}
long lseek(int file, long offset, int whence) {
  return Checked(Call(SYS_lseek, file, offset, whence));
}
int ftruncate(int file, long size) { return CheckedInt(Call(SYS_ftruncate, file, size)); }
long copy_file_range(int from, long* from_offset, int to, long* to_offset, size_t size,
                     unsigned flags) {
  return Checked(Call(SYS_copy_file_range, from, Address(from_offset), to, Address(to_offset),
                      static_cast<long>(size), flags));
}
long sendfile(int to, int from, long* offset, size_t size) {
  return Checked(Call(SYS_sendfile, to, from, Address(offset), static_cast<long>(size)));
}
long splice(int from, long* from_offset, int to, long* to_offset, size_t size, unsigned flags) {
  return Checked(Call(SYS_splice, from, Address(from_offset), to, Address(to_offset),
                      static_cast<long>(size), flags));
}
int fcntl(int file, int command, ...) {
  __builtin_va_list arguments;
  __builtin_va_start(arguments, command);
  const long argument = __builtin_va_arg(arguments, long);
  __builtin_va_end(arguments);
  return CheckedInt(Call(SYS_fcntl, file, command, argument));
}
int ioctl(int file, unsigned long request, ...) {
  __builtin_va_list arguments;
  __builtin_va_start(arguments, request);
  const long argument = __builtin_va_arg(arguments, long);
  __builtin_va_end(arguments);
  return CheckedInt(Call(SYS_ioctl, file, static_cast<long>(request), argument));
}
long syscall(long number, ...) {
  __builtin_va_list arguments;
  __builtin_va_start(arguments, number);
  long values[6];
  for (long& value : values) value = __builtin_va_arg(arguments, long);
  __builtin_va_end(arguments);
  return Checked(Call(number, values[0], values[1], values[2], values[3], values[4], values[5]));
}
int isatty(int file) {
  constexpr long kTcgets = 0x5401;
  char settings[64];
  return Checked(Call(SYS_ioctl, file, kTcgets, Address(settings))) == 0 ? 1 : 0;
}

// ------------------------------------------------------------------------------------- attributes
int fstat(int file, void* status) { return CheckedInt(Call(SYS_fstat, file, Address(status))); }
int fstatat(int directory, const char* name, void* status, int flags) {
  return CheckedInt(Call(SYS_newfstatat, directory, Address(name), Address(status), flags));
}
int statfs(const char* path, void* status) {
  return CheckedInt(Call(SYS_statfs, Address(path), Address(status)));
}
int fstatfs(int file, void* status) { return CheckedInt(Call(SYS_fstatfs, file, Address(status))); }
int faccessat(int directory, const char* name, int mode, int flags) {
  const long result = Call(SYS_faccessat2, directory, Address(name), mode, flags);
  // Linux before 5.8. No program of the suite is set-user-ID, so who is asked for does not matter.
  constexpr long kNotImplemented = -38;
  if (result != kNotImplemented) return CheckedInt(result);
  return CheckedInt(Call(SYS_faccessat, directory, Address(name), mode));
}
int fchmod(int file, unsigned mode) { return CheckedInt(Call(SYS_fchmod, file, mode)); }
int fchmodat(int directory, const char* name, unsigned mode, int) {
  return CheckedInt(Call(SYS_fchmodat, directory, Address(name), mode));
}
int fchown(int file, unsigned user, unsigned group) {
  return CheckedInt(Call(SYS_fchown, file, user, group));
}
int fchownat(int directory, const char* name, unsigned user, unsigned group, int flags) {
  return CheckedInt(Call(SYS_fchownat, directory, Address(name), user, group, flags));
}
int utimensat(int directory, const char* name, const void* times, int flags) {
  return CheckedInt(Call(SYS_utimensat, directory, Address(name), Address(times), flags));
}
int futimens(int file, const void* times) {
  return CheckedInt(Call(SYS_utimensat, file, kNone, Address(times), kNone));
}

// -------------------------------------------------------------------------------------- flushing
int fsync(int file) { return CheckedInt(Call(SYS_fsync, file)); }
int fdatasync(int file) { return CheckedInt(Call(SYS_fdatasync, file)); }
int syncfs(int file) { return CheckedInt(Call(SYS_syncfs, file)); }
void sync() { Call(SYS_sync); }

// ------------------------------------------------------------------------------------ directories
int mkdirat(int directory, const char* name, unsigned mode) {
  return CheckedInt(Call(SYS_mkdirat, directory, Address(name), mode));
}
int unlinkat(int directory, const char* name, int flags) {
  return CheckedInt(Call(SYS_unlinkat, directory, Address(name), flags));
}
int renameat(int from, const char* old_name, int to, const char* new_name) {
  return CheckedInt(Call(SYS_renameat, from, Address(old_name), to, Address(new_name)));
}
int renameat2(int from, const char* old_name, int to, const char* new_name, unsigned flags) {
  return CheckedInt(Call(SYS_renameat2, from, Address(old_name), to, Address(new_name),
                         static_cast<long>(flags)));
}
int symlinkat(const char* target, int directory, const char* name) {
  return CheckedInt(Call(SYS_symlinkat, Address(target), directory, Address(name)));
}
long readlinkat(int directory, const char* name, char* buffer, size_t size) {
  return Checked(
      Call(SYS_readlinkat, directory, Address(name), Address(buffer), static_cast<long>(size)));
}
int linkat(int from, const char* existing, int directory, const char* name, int flags) {
  return CheckedInt(Call(SYS_linkat, from, Address(existing), directory, Address(name), flags));
}
int mknodat(int directory, const char* name, unsigned mode, unsigned long device) {
  return CheckedInt(Call(SYS_mknodat, directory, Address(name), mode, static_cast<long>(device)));
}
int mkfifoat(int directory, const char* name, unsigned mode) {
  constexpr unsigned kFifo = 0010000;
  return CheckedInt(Call(SYS_mknodat, directory, Address(name), mode | kFifo, kNone));
}

char* getcwd(char* buffer, size_t size) {
  if (Checked(Call(SYS_getcwd, Address(buffer), static_cast<long>(size))) < 0) return nullptr;
  if (buffer[0] == '/') return buffer;
  // Out of reach: "(unreachable)/…".
  constexpr int kNotThere = 2;
  *__errno_location() = kNotThere;
  return nullptr;
}

// ------------------------------------------------------------------------------------ the machine
int uname(void* name) { return CheckedInt(Call(SYS_uname, Address(name))); }
int getentropy(void* buffer, size_t size) {
  for (size_t done = 0; done < size;) {
    const long got = Checked(Call(SYS_getrandom, Address(static_cast<char*>(buffer) + done),
                                  static_cast<long>(size - done), kNone));
    if (got < 0) return -1;
    done += static_cast<size_t>(got);
  }
  return 0;
}
// By /proc, or where that is not there, the console. Returns the error.
int ttyname_r(int file, char* buffer, size_t size) {
  constexpr long kNoDirectory = -100;
  constexpr int kNotATerminal = 25, kNoDevice = 19, kTooSmall = 34;
  if (isatty(file) == 0) return kNotATerminal;
  // "/proc/self/fd/N"
  char link[32] = "/proc/self/fd/";
  size_t end = 14;
  unsigned divisor = 1;
  while (static_cast<unsigned>(file) / divisor >= 10) divisor *= 10;
  for (; divisor != 0; divisor /= 10)
    link[end++] = static_cast<char>('0' + static_cast<unsigned>(file) / divisor % 10);
  // struct stat begins with the device and the number of the file, on all CPUs of 64 bits.
  unsigned long open[32] = {};
  unsigned long named[32] = {};
  if (Call(SYS_fstat, file, Address(open)) < 0) return kNoDevice;
  constexpr char kConsole[] = "/dev/console";
  for (int way = 0; way < 2; ++way) {
    long length = sizeof(kConsole) - 1;
    if (size < sizeof(kConsole)) return kTooSmall;
    if (way == 0) {
      length = Call(SYS_readlinkat, kNoDirectory, Address(link), Address(buffer),
                    static_cast<long>(size));
      if (length < 0) continue;
      if (static_cast<size_t>(length) >= size) return kTooSmall;
    } else {
      __builtin_memcpy(buffer, kConsole, sizeof(kConsole));
    }
    buffer[length] = '\0';
    // In another root directory that name may be another file's, or nobody's.
    if (Call(SYS_newfstatat, kNoDirectory, Address(buffer), Address(named), kNone) == 0 &&
        open[0] == named[0] && open[1] == named[1])
      return 0;
  }
  return kNoDevice;
}

// ---------------------------------------------------------------------------------------- process
int getgroups(int size, unsigned* groups) {
  return CheckedInt(Call(SYS_getgroups, size, Address(groups)));
}
int gethostname(char* name, size_t size) {
  constexpr size_t kField = 65;
  char facts[6 * kField] = {};  // struct utsname: system, node, …
  if (Checked(Call(SYS_uname, Address(facts))) < 0) return -1;
  for (size_t i = 0; i < size && i < kField; ++i) {
    name[i] = facts[kField + i];
    if (name[i] == '\0') return 0;
  }
  constexpr int kTooLong = 36;
  *__errno_location() = kTooLong;
  return -1;
}
int fork() {
  // As fork(): with no more than the signal that tells the parent of the end. Not all CPUs have a
  // call of that name.
  constexpr long kSigchld = 17;
  return CheckedInt(Call(SYS_clone, kSigchld));
}
int execve(const char* path, char* const* arguments, char* const* environment) {
  return CheckedInt(Call(SYS_execve, Address(path), Address(arguments), Address(environment)));
}
int waitpid(int process, int* status, int options) {
  return CheckedInt(Call(SYS_wait4, process, Address(status), options));
}
int wait4(int process, int* status, int options, void* usage) {
  return CheckedInt(Call(SYS_wait4, process, Address(status), options, Address(usage)));
}
int getpid() { return CheckedInt(Call(SYS_getpid)); }
int setrlimit(int resource, const void* limit) {
  return CheckedInt(Call(SYS_prlimit64, 0, resource, Address(limit), kNone));
}
int setpgid(int process, int group) { return CheckedInt(Call(SYS_setpgid, process, group)); }
int sigtimedwait(const void* set, void* information, const void* time) {
  constexpr long kSetSize = 8;
  return CheckedInt(
      Call(SYS_rt_sigtimedwait, Address(set), Address(information), Address(time), kSetSize));
}
int kill(int process, int signal) { return CheckedInt(Call(SYS_kill, process, signal)); }
// The C library's structures begin as the kernel's do; behind the handler they differ. Only what
// needs nothing there is set: SIG_DFL, SIG_IGN, and handlers without flags that let other signals
// through.
int sigaction(int signal, const void* action, void* before) {
  struct KernelAction {
    const void* handler;
    unsigned long flags;
    const void* restorer;
    unsigned long mask;
  };
  constexpr long kSetSize = 8;
  KernelAction set{};
  KernelAction got{};
  if (action != nullptr) set.handler = *static_cast<const void* const*>(action);
  constexpr long kIgnore = 1;
  if (Address(set.handler) > kIgnore) {
    set.flags = cation::linux_kernel::kHasRestorer;
    set.restorer = cation::linux_kernel::SignalReturn();
  }
  const int result =
      CheckedInt(Call(SYS_rt_sigaction, signal, action == nullptr ? kNone : Address(&set),
                      before == nullptr ? kNone : Address(&got), kSetSize));
  if (before != nullptr) *static_cast<const void**>(before) = got.handler;
  return result;
}
int sigprocmask(int how, const void* set, void* before) {
  constexpr long kSetSize = 8;
  return CheckedInt(Call(SYS_rt_sigprocmask, how, Address(set), Address(before), kSetSize));
}
int sigaddset(unsigned long* set, int signal) {
  *set |= 1UL << (signal - 1);
  return 0;
}
int sigismember(const unsigned long* set, int signal) {
  return static_cast<int>(*set >> (signal - 1) & 1);
}
int pipe2(int* ends, int flags) { return CheckedInt(Call(SYS_pipe2, Address(ends), flags)); }
// The two differ: dup3() refuses others.
int dup2(int from, int place) { return CheckedInt(Call(SYS_dup3, from, place)); }
int chdir(const char* path) { return CheckedInt(Call(SYS_chdir, Address(path))); }
// Only without waiting. Not all CPUs have a call of that name.
int poll(void* descriptors, unsigned long count, int) {
  const long no_time[2] = {0, 0};
  return CheckedInt(
      Call(SYS_ppoll, Address(descriptors), static_cast<long>(count), Address(no_time), kNone, 0));
}
int nanosleep(const void* time, void* left) {
  return CheckedInt(Call(SYS_nanosleep, Address(time), Address(left)));
}
[[noreturn]] void _exit(int status) {
  for (;;) Call(SYS_exit_group, status);
}
unsigned umask(unsigned mask) { return static_cast<unsigned>(Call(SYS_umask, mask)); }
int clock_gettime(int clock, void* time) {
  return CheckedInt(Call(SYS_clock_gettime, clock, Address(time)));
}
int clock_settime(int clock, const void* time) {
  return CheckedInt(Call(SYS_clock_settime, clock, Address(time)));
}

}  // extern "C"
