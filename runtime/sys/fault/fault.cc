// SPDX-License-Identifier: MIT
#include "runtime/sys/fault/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "runtime/sys/posix/os.h"

namespace cation::sys::fault {
namespace {

struct State {
  bool active = false;
  bool injected = false;
  std::size_t first = 0;  // the index of trace[0]
  Call injected_call = Call::kOpen;
  std::size_t remaining = 0;
  Injection injection;
  std::vector<TracedCall> trace;
  Hook hook;
};

State& TheState() {
  static State* const kState =
      new State;  // never destroyed: calls may come from static destructors
  return *kState;
}

struct Kind {
  Call call;
  const char* name;
  std::vector<int> errors;
};

const std::vector<Kind>& Kinds() {
  static const auto* const kKinds = new std::vector<Kind>{
      {Call::kOpen, "open", {EINTR, EACCES, EIO, EMFILE, ENOENT, ENOSPC, EROFS, ELOOP}},
      {Call::kClose, "close", {EIO, EINTR, ENOSPC}},
      {Call::kRead, "read", {EINTR, EIO, EISDIR, kShort}},
      {Call::kWrite, "write", {EINTR, EIO, ENOSPC, EPIPE, EFBIG, kShort}},
      {Call::kSeek, "lseek", {ESPIPE}},
      {Call::kTruncate, "ftruncate", {EINTR, EIO, EINVAL}},
      {Call::kTransfer,
       "transfer",
       {EINTR, EINVAL, EXDEV, ENOSYS, EPERM, EBADF, EOVERFLOW, EIO, ENOSPC, EPIPE, kShort, kEnd}},
      {Call::kStatusFlags, "fcntl", {EBADF}},
      {Call::kStatus, "fstat", {EIO, ENOMEM}},
      {Call::kStatusAt, "fstatat", {EACCES, EIO, ENOENT}},
      {Call::kFileSystemStatus, "statfs", {EINTR, EACCES, EIO, ENOSYS}},
      {Call::kChangeMode, "fchmod", {EINTR, EPERM, EROFS, EIO}},
      {Call::kChangeOwner, "fchown", {EINTR, EPERM, EROFS, EIO}},
      {Call::kSetTimes, "futimens", {EPERM, EROFS, EIO}},
      {Call::kFlush, "fsync", {EINTR, EIO, EINVAL, ENOSPC}},
      {Call::kFlushAll, "sync", {}},
      {Call::kMakeDirectory, "mkdir", {EACCES, EEXIST, EIO, ENOSPC, EROFS, EMLINK}},
      {Call::kRemove, "unlink", {EACCES, EBUSY, EIO, EPERM, EROFS}},
      {Call::kMakeSymbolicLink, "symlink", {EACCES, EEXIST, EIO, ENOSPC}},
      {Call::kReadSymbolicLink, "readlink", {EACCES, EIO, EINVAL}},
      {Call::kMakeHardLink, "link", {EACCES, EEXIST, EIO, EMLINK, EPERM, EXDEV}},
      {Call::kMakeFifo, "mkfifo", {EACCES, EEXIST, EIO, ENOSPC}},
      {Call::kMakeNode, "mknod", {EACCES, EEXIST, EPERM}},
      {Call::kRename, "rename", {EACCES, EIO, ENOENT, ENOSPC}},
      {Call::kClone, "ioctl(FICLONE)", {EOPNOTSUPP, EXDEV, EINVAL, EIO}},
      {Call::kReadDirectory, "getdents", {EINTR, EIO, ENOTDIR}},
      {Call::kAccess, "faccessat", {EACCES, EIO}},
      {Call::kGetGroups, "getgroups", {EINVAL}},
      {Call::kFork, "fork", {EAGAIN, ENOMEM}},
      {Call::kExecute, "execve", {ENOENT, EACCES, ENOEXEC, E2BIG, EIO, ENOMEM}},
      {Call::kWait, "waitpid", {EINTR, ECHILD}},
      {Call::kSendSignal, "kill", {ESRCH, EPERM}},
      {Call::kSignalAction, "sigaction", {EINVAL}},
      {Call::kBlockSignals, "sigprocmask", {EINVAL}},
      {Call::kMakePipe, "pipe2", {EMFILE, ENFILE}},
      {Call::kPutInPlace, "dup2", {EINTR, EBADF, EMFILE}},
      {Call::kChangeDirectory, "chdir", {EACCES, EIO, ENOENT, ENOTDIR}},
      {Call::kPause, "nanosleep", {EINTR}},
      {Call::kWorkingDirectory, "getcwd", {EACCES, ENOENT}},
      {Call::kTerminalName, "ttyname", {ENODEV, EIO}},
      {Call::kSystemName, "uname", {EIO}},
      {Call::kRandom, "getentropy", {EINTR, EIO, ENOSYS}},
      {Call::kSetClock, "clock_settime", {EPERM, EINVAL}},
      {Call::kGetTerminal, "ioctl(TCGETS)", {ENOTTY, EIO}},
      {Call::kSetTerminal, "ioctl(TCSETS)", {EINTR, ENOTTY, EIO, EINVAL}},
      {Call::kWaitForSignal, "sigtimedwait", {EINTR, EAGAIN}},
      {Call::kSetProcessGroup, "setpgid", {EACCES, EPERM}},
  };
  return *kKinds;
}

const Kind& KindOf(Call call) {
  for (const Kind& kind : Kinds()) {
    if (kind.call == call) return kind;
  }
  std::abort();
}

std::string& Boundary() {
  static auto* const kBoundary = new std::string;
  return *kBoundary;
}

Executor& TheExecutor() {
  static auto* const kExecutor = new Executor;
  return *kExecutor;
}

}  // namespace

void SetExecutor(Executor executor) { TheExecutor() = std::move(executor); }

int CallExecutor(const char* path, char* const* arguments, char* const* environment) {
  if (!TheExecutor()) return libc::execve(path, arguments, environment);
  errno = TheExecutor()(path, arguments, environment);
  return -1;
}

void SetBoundary(std::string prefix) { Boundary() = std::move(prefix); }

void CheckBoundary(int directory, const char* name) {
  if (!TheState().active || Boundary().empty()) return;
  std::string whole = name;
  if (*name != '/') {
    char path[PATH_MAX] = "";
    const std::string link =
        directory == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/" + std::to_string(directory);
    const ssize_t size = ::readlink(link.c_str(), path, sizeof(path) - 1);
    // Too long a path, or none: that of a directory that has been removed, or a file's, say.
    if (size < 0) return;
    whole = std::string(path, static_cast<std::size_t>(size)) + "/" + name;
  }
  if (whole.compare(0, Boundary().size(), Boundary()) == 0 || whole[0] != '/') return;
  std::fprintf(stderr, "A test was about to remove %s, outside %s\n", whole.c_str(),
               Boundary().c_str());
  std::abort();
}

int Pass(Call call, std::string detail) {
  State& state = TheState();
  if (!state.active) return 0;
  const std::size_t index = state.first + state.trace.size();
  state.trace.push_back({call, std::move(detail)});
  if (state.hook) {
    if (const int error = state.hook(index, state.trace.back()); error != 0) return error;
  }
  if (index == state.injection.call) {
    state.injected = true;
    state.injected_call = call;
    state.remaining = state.injection.times;
  }
  if (!state.injected || state.remaining == 0 || call != state.injected_call) return 0;
  --state.remaining;
  return state.injection.error;
}

void EnterChild() {
  State& state = TheState();
  state.trace.clear();
  state.first = kInChild;
  state.injected = false;
  TheExecutor() = nullptr;
}

void Begin(Injection injection) {
  State& state = TheState();
  Hook hook = std::move(state.hook);
  state = State{};
  state.hook = std::move(hook);
  state.active = true;
  state.injection = injection;
}

void End() {
  TheState().active = false;
  TheState().hook = nullptr;
}

void SetHook(Hook hook) { TheState().hook = std::move(hook); }

bool HasHook() { return TheState().hook != nullptr; }

const std::vector<TracedCall>& Trace() { return TheState().trace; }

bool Injected() { return TheState().injected; }

std::vector<int> ErrorsOf(Call call) { return KindOf(call).errors; }

bool MustNotShow(Call call, int error) {
  return error == EINTR || error == kShort || call == Call::kTransfer;
}

const char* TextOf(int error) {
  if (error == kShort) return "a short count";
  return error == kEnd ? "an end" : std::strerror(error);
}

const char* NameOf(Call call) { return KindOf(call).name; }

}  // namespace cation::sys::fault
