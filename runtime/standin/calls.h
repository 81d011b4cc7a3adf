// SPDX-License-Identifier: MIT
#ifndef CATION_RUNTIME_STANDIN_CALLS_H_
#define CATION_RUNTIME_STANDIN_CALLS_H_

namespace cation::standin {

using AnyFunction = void();

// The functions of calls.cc.
extern AnyFunction* const kCalls[];

// Writes "/proc/self/fd/N", by which the kernel names an open file's own path, and returns it.
const char* ProcPath(long descriptor, char (&buffer)[40]);

}  // namespace cation::standin

#endif  // CATION_RUNTIME_STANDIN_CALLS_H_
