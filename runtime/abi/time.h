// SPDX-License-Identifier: MIT
//
// <time.h> of relibc on 64-bit Redox.
#ifndef CATION_RUNTIME_ABI_TIME_H_
#define CATION_RUNTIME_ABI_TIME_H_

#include <stddef.h>
#include <stdint.h>

namespace cation::abi {

struct Timespec {
  int64_t tv_sec;   // seconds since the Epoch
  int64_t tv_nsec;  // 0 to 999,999,999, or one of the two values below
};
static_assert(sizeof(Timespec) == 16 && alignof(Timespec) == 8);
static_assert(offsetof(Timespec, tv_sec) == 0 && offsetof(Timespec, tv_nsec) == 8);

inline constexpr int64_t kUTIME_NOW = 0x3fffffff;
inline constexpr int64_t kUTIME_OMIT = 0x3ffffffe;

inline constexpr size_t kCLOCK_REALTIME = 1;
inline constexpr size_t kCLOCK_MONOTONIC = 4;

}  // namespace cation::abi

extern "C" {
int nanosleep(const cation::abi::Timespec* time, cation::abi::Timespec* left);
}

#endif  // CATION_RUNTIME_ABI_TIME_H_
