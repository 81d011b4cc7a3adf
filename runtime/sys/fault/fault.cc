// SPDX-License-Identifier: MIT
#include "runtime/sys/fault/fault.h"

#include <errno.h>

#include <cstdlib>
#include <utility>

#include "runtime/sys/posix/os.h"

namespace cation::sys::fault {
namespace {

struct State {
  bool active = false;
  bool injected = false;
  Call injected_call = Call::kOpen;
  std::size_t remaining = 0;
  Injection injection;
  std::vector<TracedCall> trace;
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
      {Call::kStatus, "fstat", {EIO, ENOMEM}},
      {Call::kStatusAt, "fstatat", {EACCES, EIO, ENOENT}},
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
      {Call::kReadDirectory, "getdents", {EINTR, EIO, ENOTDIR}},
      {Call::kAccess, "faccessat", {EACCES, EIO}},
  };
  return *kKinds;
}

const Kind& KindOf(Call call) {
  for (const Kind& kind : Kinds()) {
    if (kind.call == call) return kind;
  }
  std::abort();
}

}  // namespace

int Pass(Call call, std::string detail) {
  State& state = TheState();
  if (!state.active) return 0;
  const std::size_t index = state.trace.size();
  state.trace.push_back({call, std::move(detail)});
  if (index == state.injection.call) {
    state.injected = true;
    state.injected_call = call;
    state.remaining = state.injection.times;
  }
  if (!state.injected || state.remaining == 0 || call != state.injected_call) return 0;
  --state.remaining;
  return state.injection.error;
}

void Begin(Injection injection) {
  State& state = TheState();
  state = State{};
  state.active = true;
  state.injection = injection;
}

void End() { TheState().active = false; }

const std::vector<TracedCall>& Trace() { return TheState().trace; }

bool Injected() { return TheState().injected; }

std::vector<int> ErrorsOf(Call call) { return KindOf(call).errors; }

const char* NameOf(Call call) { return KindOf(call).name; }

}  // namespace cation::sys::fault
