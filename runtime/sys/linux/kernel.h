// SPDX-License-Identifier: MIT
//
// The numbers of Linux system calls, and the names of the C functions that this folder defines.
#ifndef CATION_RUNTIME_SYS_LINUX_KERNEL_H_
#define CATION_RUNTIME_SYS_LINUX_KERNEL_H_

#include <stddef.h>
#include <sys/syscall.h>

#include "runtime/sys/linux/system_call.h"

// In tests they stand beside the C library's own.
#ifdef CATION_LINUX_TEST
#define CATION_C_NAME(name) cation_##name
#else
#define CATION_C_NAME(name) name
#endif

#endif  // CATION_RUNTIME_SYS_LINUX_KERNEL_H_
