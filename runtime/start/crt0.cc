// SPDX-License-Identifier: MIT
//
// The entry point of a Redox program. It does what relibc's own crt0.o does, so that either may be
// linked: the kernel leaves argc, argv, the environment and the auxiliary vector on the stack;
// relibc's start code reads them there, and calls main().
#include "runtime/abi/start.h"

extern "C" int main(int argc, char** argv, char** environment);

extern "C" [[noreturn, gnu::used]] void cation_start(const void* stack) {
  relibc_start_v1(stack, main);
}

#if defined(__x86_64__)
// Floating point as the System V ABI wants it at process entry: the kernel's state is not relied
// on.
asm(R"(
  .section .text._start, "ax", @progbits
  .globl _start
  .type _start, @function
_start:
  xorl %ebp, %ebp
  movq %rsp, %rdi
  andq $-16, %rsp
  subq $16, %rsp
  movl $0x1f80, (%rsp)
  ldmxcsr (%rsp)
  movw $0x037f, (%rsp)
  fldcw (%rsp)
  addq $16, %rsp
  call cation_start
  ud2
  .size _start, . - _start
  .text
)");
#elif defined(__aarch64__)
asm(R"(
  .section .text._start, "ax", %progbits
  .globl _start
  .type _start, %function
_start:
  mov x29, #0
  mov x30, #0
  mov x0, sp
  and sp, x0, #-16
  bl cation_start
  brk #1
  .size _start, . - _start
  .text
)");
#else
#error "no entry point for this CPU: add one here"
#endif
