// SPDX-License-Identifier: MIT
//
// _start, per CPU: the only assembly that a program begins with.
#ifndef CATION_RUNTIME_START_ENTRY_POINT_H_
#define CATION_RUNTIME_START_ENTRY_POINT_H_

// CATION_ENTRY_POINT("function"), at file scope, defines _start. It calls the C function of that
// name, which does not return, with the stack as the kernel left it: argc, argv, the environment
// and the auxiliary vector. Floating point is as the System V ABI wants it at process entry: the
// kernel's state is not relied on.
#if defined(__x86_64__)
#define CATION_ENTRY_POINT(function)               \
  asm(".section .text._start, \"ax\", @progbits\n" \
      ".globl _start\n"                            \
      ".type _start, @function\n"                  \
      "_start:\n"                                  \
      "  xorl %ebp, %ebp\n"                        \
      "  movq %rsp, %rdi\n"                        \
      "  andq $-16, %rsp\n"                        \
      "  subq $16, %rsp\n"                         \
      "  movl $0x1f80, (%rsp)\n"                   \
      "  ldmxcsr (%rsp)\n"                         \
      "  movw $0x037f, (%rsp)\n"                   \
      "  fldcw (%rsp)\n"                           \
      "  addq $16, %rsp\n"                         \
      "  call " function                           \
      "\n"                                         \
      "  ud2\n"                                    \
      ".size _start, . - _start\n"                 \
      ".text\n")
#elif defined(__aarch64__)
#define CATION_ENTRY_POINT(function)               \
  asm(".section .text._start, \"ax\", %progbits\n" \
      ".globl _start\n"                            \
      ".type _start, %function\n"                  \
      "_start:\n"                                  \
      "  mov x29, #0\n"                            \
      "  mov x30, #0\n"                            \
      "  mov x0, sp\n"                             \
      "  and sp, x0, #-16\n"                       \
      "  bl " function                             \
      "\n"                                         \
      "  brk #1\n"                                 \
      ".size _start, . - _start\n"                 \
      ".text\n")
#else
#error "no entry point for this CPU: add one here"
#endif

#endif  // CATION_RUNTIME_START_ENTRY_POINT_H_
