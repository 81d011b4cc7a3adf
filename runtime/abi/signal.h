// SPDX-License-Identifier: MIT
//
// <signal.h> of relibc on 64-bit Redox. Signals have Linux's numbers.
#ifndef CATION_RUNTIME_ABI_SIGNAL_H_
#define CATION_RUNTIME_ABI_SIGNAL_H_

#include <stddef.h>
#include <stdint.h>

#include "runtime/abi/time.h"

namespace cation::abi {

struct Sigaction {
  size_t sa_handler;  // a function, or one of the two values below
  uint64_t sa_flags;  // August 2026: 4 bytes, and 4 that nobody reads
  size_t sa_restorer;
  uint64_t sa_mask;
};
static_assert(sizeof(Sigaction) == 32 && alignof(Sigaction) == 8);
static_assert(offsetof(Sigaction, sa_handler) == 0 && offsetof(Sigaction, sa_flags) == 8);
static_assert(offsetof(Sigaction, sa_restorer) == 16 && offsetof(Sigaction, sa_mask) == 24);

inline constexpr size_t kSIG_DFL = 0;
inline constexpr size_t kSIG_IGN = 1;

inline constexpr uint32_t kSIG_SETMASK = 2;

// Of siginfo_t, which begins with the signal's number (32 bits).
inline constexpr size_t kSignalInformationSize = 48;

}  // namespace cation::abi

extern "C" {
// Waits for that long at most; EAGAIN when nothing came. Returns the signal; in January 2026 always
// 0. The set is a sigset_t, `information` a siginfo_t, of kSignalInformationSize bytes.
int sigtimedwait(const uint64_t* set, void* information, const cation::abi::Timespec* time);
}

#endif  // CATION_RUNTIME_ABI_SIGNAL_H_
