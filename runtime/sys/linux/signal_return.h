// SPDX-License-Identifier: MIT
//
// What a signal's handler returns to where no C library provides it.
#ifndef CATION_RUNTIME_SYS_LINUX_SIGNAL_RETURN_H_
#define CATION_RUNTIME_SYS_LINUX_SIGNAL_RETURN_H_

namespace cation::linux_kernel {

// SA_RESTORER: the action says where to.
inline constexpr unsigned long kHasRestorer = 0x04000000;

// The address of an rt_sigreturn() that finds the stack as the handler found it: in the middle of a
// function, since not every compiler has functions without a prologue for every CPU.
inline const void* SignalReturn() {
  const void* address;
#if defined(__x86_64__)
  asm("leaq 1f(%%rip), %0\n\tjmp 2f\n1:\tmovl $15, %%eax\n\tsyscall\n2:" : "=r"(address));
#elif defined(__aarch64__)
  asm("adr %0, 1f\n\tb 2f\n1:\tmov x8, #139\n\tsvc 0\n2:" : "=r"(address));
#else
#error "no system calls for this CPU: add them here"
#endif
  return address;
}

}  // namespace cation::linux_kernel

#endif  // CATION_RUNTIME_SYS_LINUX_SIGNAL_RETURN_H_
