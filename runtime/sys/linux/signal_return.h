// SPDX-License-Identifier: MIT
//
// What a signal's handler returns to where no C library provides it.
#ifndef CATION_RUNTIME_SYS_LINUX_SIGNAL_RETURN_H_
#define CATION_RUNTIME_SYS_LINUX_SIGNAL_RETURN_H_

namespace cation::linux_kernel {

// SA_RESTORER: the action says where to.
inline constexpr unsigned long kHasRestorer = 0x04000000;

// rt_sigreturn(), with the stack as the handler found it: no prologue.
[[gnu::naked]] inline void ReturnFromSignal() {
#if defined(__x86_64__)
  asm volatile("movl $15, %eax\n\tsyscall");
#elif defined(__aarch64__)
  asm volatile("mov x8, #139\n\tsvc 0");
#else
#error "no system calls for this CPU: add them here"
#endif
}

}  // namespace cation::linux_kernel

#endif  // CATION_RUNTIME_SYS_LINUX_SIGNAL_RETURN_H_
