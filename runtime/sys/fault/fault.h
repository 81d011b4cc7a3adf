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
  kStatus,
  kStatusAt,
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
  kReadDirectory,
  kAccess,
};

// What Injection::error may be besides an error number: the call does less than it was asked to (1
// byte), and succeeds.
inline constexpr int kShort = -1;
inline constexpr std::size_t kNever = static_cast<std::size_t>(-1);

struct Injection {
  std::size_t call = kNever;  // index of the call, from 0
  int error = 0;              // an errno value, or kShort
  // EINTR and kShort happen once; other errors are given `times` times from `call` on, to calls of
  // the same kind.
  std::size_t times = 1;
};

struct TracedCall {
  Call call;
  std::string detail;  // for messages: the operand or descriptor
};

// Forgets the trace, and fails what `injection` says from now on.
void Begin(Injection injection = {});
// Ends tracing and injection, until the next Begin().
void End();
// The calls since Begin().
const std::vector<TracedCall>& Trace();
// Whether the injection has happened.
bool Injected();
// All that a call may come back with, for the scenarios to be repeated with: error numbers, and
// kShort where it may do less.
std::vector<int> ErrorsOf(Call call);
// The call's name for messages.
const char* NameOf(Call call);

}  // namespace cation::sys::fault

#endif  // CATION_RUNTIME_SYS_FAULT_FAULT_H_
