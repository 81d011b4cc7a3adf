// SPDX-License-Identifier: MIT
//
// What relibc's crt0 and its start code agree on.
#ifndef CATION_RUNTIME_ABI_START_H_
#define CATION_RUNTIME_ABI_START_H_

extern "C" {
// Sets up thread storage, signals, arguments and environment from the initial stack, runs the
// initializers, calls `main` and exits with its result.
[[noreturn]] void relibc_start_v1(const void* stack, int (*main)(int, char**, char**));
}

#endif  // CATION_RUNTIME_ABI_START_H_
