// SPDX-License-Identifier: MIT
//
// For tests: the posix backend with each OS call counted and traced, and the n-th of them failed,
// cut short or interrupted.
//
//   fault::Begin();                          // counts from here
//   run the scenario
//   const auto calls = fault::Trace();       // what it did
//   for each call i, for each error in fault::ErrorsOf(calls[i].call):
//     prepare the scenario again
//     fault::Begin({.call = i, .error = error});
//     run it, check what it left behind
// coreutils/support/testing/utility_test_case.h does this for whole utilities.
#ifndef CATION_RUNTIME_SYS_FAULT_FAULT_H_
#define CATION_RUNTIME_SYS_FAULT_FAULT_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace cation::sys::fault {

enum class Call {
  kOpen,
  kClose,
  kRead,
  kWrite,
  kSeek,
  kTruncate,
  kTransfer,
  kStatusFlags,
  kStatus,
  kStatusAt,
  kFileSystemStatus,
  kChangeMode,
  kChangeOwner,
  kSetTimes,
  kFlush,
  kFlushAll,
  kMakeDirectory,
  kRemove,
  kMakeSymbolicLink,
  kReadSymbolicLink,
  kMakeHardLink,
  kMakeFifo,
  kMakeNode,
  kRename,
  kClone,
  kReadDirectory,
  kAccess,
  kGetGroups,
  kFork,
  kExecute,
  kWait,
  kSendSignal,
  kSignalAction,
  kBlockSignals,
  kMakePipe,
  kPutInPlace,
  kChangeDirectory,
  kPause,
  kWorkingDirectory,
  kTerminalName,
  kSystemName,
  kRandom,
  kSetClock,  // counted only: a test must not set the clock
  kGetTerminal,
  kSetTerminal,
  kWaitForSignal,
  kSetProcessGroup,
};

// What Injection::error may be besides an error number: the call does less than it was asked to (1
// byte), and succeeds.
inline constexpr int kShort = -1;
// The call says that there is nothing more, and does nothing: what copy_file_range() wrongly
// answers for files of /proc.
inline constexpr int kEnd = -2;
inline constexpr std::size_t kNever = static_cast<std::size_t>(-1);
// The index of the first call of a process that Spawn() has started, before it executes. Its parent
// sees nothing of them: neither in Trace() nor by Injected().
inline constexpr std::size_t kInChild = std::size_t{1} << 20;

struct Injection {
  std::size_t call = kNever;  // index of the call, from 0 or kInChild
  int error = 0;              // an errno value, kShort or kEnd
  // EINTR and kShort happen once; other errors are given `times` times from `call` on, to calls of
  // the same kind.
  std::size_t times = 1;
};

struct TracedCall {
  Call call;
  std::string detail;  // for messages: the operand or descriptor
};

// Called before each call with its index, from the next Begin() to its End(): for what somebody
// else does to the files meanwhile (its own calls to the system must not go by sys), and for
// failures by other rules than an Injection's. Returns 0, or the errno value to fail the call with.
using Hook = std::function<int(std::size_t index, const TracedCall& call)>;
void SetHook(Hook hook);
[[nodiscard]] bool HasHook();

// Takes the place of execve() from now on, for the calls that no fault and no hook fails (nullptr:
// the system's own). It returns an errno value, or throws, since execve() does not come back. What
// Spawn() starts is executed all the same.
using Executor =
    std::function<int(const char* path, char* const* arguments, char* const* environment)>;
void SetExecutor(Executor executor);

// Forgets the trace, and fails what `injection` says from now on.
void Begin(Injection injection = {});
// Ends tracing and injection, until the next Begin().
void End();
// From now on a file whose path does not begin with `prefix` cannot be removed: the program that
// tries is aborted. A faulty test of rm must not cost the machine.
void SetBoundary(std::string prefix);
// The calls since Begin().
const std::vector<TracedCall>& Trace();
// Whether the injection has happened.
bool Injected();
// All that a call may come back with, for the scenarios to be repeated with: error numbers, and
// kShort where it may do less.
std::vector<int> ErrorsOf(Call call);
// Whether a program must behave as if nothing had happened when `call` comes back with `error`: it
// may be repeated, or something else may do its work.
bool MustNotShow(Call call, int error);
// For messages: the error (an errno value, kShort or kEnd), and the call's name.
const char* TextOf(int error);
const char* NameOf(Call call);

}  // namespace cation::sys::fault

#endif  // CATION_RUNTIME_SYS_FAULT_FAULT_H_
