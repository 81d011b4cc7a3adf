// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_OUTPUT_H_
#define CATION_COREUTILS_SUPPORT_OUTPUT_H_

#include "runtime/core/string.h"
#include "runtime/start/context.h"

namespace cation {

// Standard output through a buffer. Errors are remembered: nothing more is written after the first,
// and Finish() reports it, once.
class Output {
 public:
  explicit Output(const Context& context) : context_(context) {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void Write(StringView text);
  void Write(char byte) { Write(StringView(&byte, 1)); }
  // Writes out what the buffer holds: before waiting for input, and before messages that belong
  // behind it.
  void Flush();
  // False after an output error: the program can as well stop.
  [[nodiscard]] bool ok() const { return error_ == 0; }
  // Flushes, and reports an output error (a closed pipe is no news). Returns `status`, or `failure`
  // after an output error.
  [[nodiscard]] int Finish(int status, int failure = 1);

 private:
  const Context& context_;
  String buffer_;
  int error_ = 0;
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_OUTPUT_H_
