// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_OUTPUT_H_
#define CATION_COREUTILS_SUPPORT_OUTPUT_H_

#include "runtime/core/span.h"
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

  // `status` is what sys::Status() says of the output: then it is not asked for once more. It must
  // stay where it is.
  void SetStatus(const sys::FileStatus& status) { status_ = &status; }

  void Write(StringView text);
  void Write(char byte) { Write(StringView(&byte, 1)); }
  // A line of -v and its like: the first, third, ... part as it is, the second, fourth, ... a name,
  // in quotes. All of it or nothing: when there is no memory for it, what was written before goes
  // out, and Finish() reports it as any output error.
  void WriteQuoted(Span<const StringView> parts);
  // Writes `text` at once, behind what the buffer holds: for who has a buffer already.
  void WriteThrough(StringView text);
  // Writes out what the buffer holds: before waiting for input, and before messages that belong
  // behind it.
  void Flush();
  // False after an output error: the program can as well stop.
  [[nodiscard]] bool ok() const { return error_ == 0; }
  // Flushes, and reports an output error (a closed pipe is no news). Returns `status`, or `failure`
  // after an output error.
  [[nodiscard]] int Finish(int status, int failure = 1);

 private:
  void Put(StringView text);

  const Context& context_;
  String buffer_;
  const sys::FileStatus* status_ = nullptr;
  bool prepared_ = false;
  int error_ = 0;
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_OUTPUT_H_
