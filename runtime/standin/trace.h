// SPDX-License-Identifier: MIT
//
// Counts and traces the calls that a program makes to the stand-in, since on Redox each is a
// message to a daemon.
#ifndef CATION_RUNTIME_STANDIN_TRACE_H_
#define CATION_RUNTIME_STANDIN_TRACE_H_

#include <stddef.h>

namespace cation::standin {

// Reads CATION_CALLS and CATION_TRACE from the environment.
void StartTrace(char** environment);
// Writes what CATION_CALLS asks for.
void FinishTrace();

// Records a call: `name` is the relibc function's, `operand` a path of `length` bytes (nullptr:
// `descriptor` is meant instead). Returns `result`, which is what libredox functions return.
size_t Traced(const char* name, const char* operand, size_t length, long descriptor, size_t result);

// The value of `name` in the environment given to StartTrace(), or nullptr.
const char* Variable(const char* name);

}  // namespace cation::standin

#endif  // CATION_RUNTIME_STANDIN_TRACE_H_
