// SPDX-License-Identifier: MIT
//
// A Linux system call by hand, for what has no C library beneath it: programs for Linux hosts, and
// the stand-in.
#ifndef CATION_RUNTIME_SYS_LINUX_SYSTEM_CALL_H_
#define CATION_RUNTIME_SYS_LINUX_SYSTEM_CALL_H_

namespace cation::linux_kernel {

// Makes the call `number` (they differ from CPU to CPU). Returns what the kernel does: -1 to -4095
// are errors.
inline long Call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0,
                 long f = 0) {
#if defined(__x86_64__)
  register const long r10 asm("r10") = d;
  register const long r8 asm("r8") = e;
  register const long r9 asm("r9") = f;
  long result;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long x8 asm("x8") = number;
  register long x0 asm("x0") = a;
  register long x1 asm("x1") = b;
  register long x2 asm("x2") = c;
  register long x3 asm("x3") = d;
  register long x4 asm("x4") = e;
  register long x5 asm("x5") = f;
  asm volatile("svc 0"
               : "+r"(x0)
               : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
               : "memory");
  return x0;
#else
#error "no system calls for this CPU: add them here"
#endif
}

}  // namespace cation::linux_kernel

#endif  // CATION_RUNTIME_SYS_LINUX_SYSTEM_CALL_H_
