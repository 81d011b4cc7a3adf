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
// Writes what CATION_CALLS asks for, and counts from 0 again.
void FinishTrace();
// Counts from 0: in a process that has just been forked, whose parent reports what came before.
void ResetTrace();

// Records a call: `name` is the relibc function's, `operand` a path of `length` bytes (nullptr:
// `descriptor` is meant instead). Returns `result`, which is what libredox functions return.
size_t Traced(const char* name, const char* operand, size_t length, long descriptor, size_t result);

// A line of a report, written with one call so that lines of several processes do not mix. What is
// too long for it is cut.
class Line {
 public:
  void Add(const char* text, size_t length);
  void Add(const char* text) { Add(text, __builtin_strlen(text)); }
  void AddNumber(long value);
  // With a newline.
  void WriteTo(long file);

 private:
  char text_[4400];
  size_t size_ = 0;
};

// A file of reports, made if it is not there. Returns its descriptor, or an error (negative).
long OpenForAppend(const char* path);

// The value of `name` in the environment given to StartTrace(), or nullptr.
const char* Variable(const char* name);

}  // namespace cation::standin

#endif  // CATION_RUNTIME_STANDIN_TRACE_H_
