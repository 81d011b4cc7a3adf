// SPDX-License-Identifier: MIT
//
// <sys/wait.h> of relibc on Redox. How a process ended is one number as on Linux: the signal in the
// low 7 bits, or 0 there and the exit status in the 8 above; 0x7f and 0xffff say that it was
// stopped or goes on.
#ifndef CATION_RUNTIME_ABI_SYS_WAIT_H_
#define CATION_RUNTIME_ABI_SYS_WAIT_H_

#include <stdint.h>

namespace cation::abi {

inline constexpr uint32_t kWNOHANG = 1;  // the result is 0 when there is nothing to tell yet
inline constexpr uint32_t kWUNTRACED = 2;
inline constexpr uint32_t kWCONTINUED = 8;

}  // namespace cation::abi

#endif  // CATION_RUNTIME_ABI_SYS_WAIT_H_
