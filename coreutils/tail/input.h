// SPDX-License-Identifier: MIT
//
// One input of tail, and the end of it that is shown first.
#ifndef CATION_COREUTILS_TAIL_INPUT_H_
#define CATION_COREUTILS_TAIL_INPUT_H_

#include "coreutils/support/copy_stream.h"
#include "coreutils/support/held_input.h"
#include "coreutils/support/stream_header.h"
#include "runtime/core/vector.h"

namespace cation::tail {

enum class By : uint8_t { kDescriptor, kName };

struct Options {
  Amount amount;
  bool from_start = false;  // `amount` is what the output begins with, counted from 1
  Headers headers = Headers::kForSeveral;
  bool follow = false;
  By by = By::kDescriptor;
  bool retry = false;
  bool debug = false;
  bool ignored = false;
  int64_t interval = 1'000'000'000;  // nanoseconds
  Vector<sys::Process> processes;    // whose end ends it
};

struct Input {
  const char* operand = nullptr;
  sys::Descriptor descriptor = sys::kNone;
  sys::FileStatus status;
  uint64_t position = 0;     // of what has been read of a regular file
  bool has_no_size = false;  // it says that it is empty, and is not
  bool gave_up = false;      // it is not looked at any more
  bool followable = false;   // it was, when it was looked at last
  int error = 0;             // why it was not: an errno value, or kOther
  static constexpr int kOther = -1;

  [[nodiscard]] bool is_open() const { return descriptor != sys::kNone; }
  [[nodiscard]] bool is_shared() const { return StringView(operand) == "-"; }
  void Close() {
    if (is_open() && !is_shared()) (void)sys::Close(descriptor);
    descriptor = sys::kNone;
  }
};

// What goes to standard output, each input under its header.
class Shower {
 public:
  Shower(Context& context, const Options& options, size_t inputs)
      : options_(options),
        out_(context),
        copy_(context, out_),
        shows_headers_(ShowsHeaders(options.headers, inputs)) {}

  // Shows the last lines or bytes, or those from the start on.
  Result<void> ShowEnd(Input& input);
  // Shows what there is more than was shown before, or all that comes until there is no more for
  // now. Returns whether there was anything.
  Result<bool> ShowMore(Input& input);
  // What comes next is of `input`.
  void Head(const Input& input);

  [[nodiscard]] Output& out() { return out_; }

 private:
  Result<void> ShowFromStart(Input& input);
  Result<void> ShowLastOfFile(Input& input);
  Result<void> ShowLastOfPipe(Input& input);
  Result<void> ShowRest(Input& input);
  [[nodiscard]] bool IsEnd(const Input& input, Error error) const;
  Result<size_t> Read(Input& input, Span<char> buffer);
  void Write(StringView text);

  const Options& options_;
  Output out_;
  StreamCopy copy_;
  const bool shows_headers_;
  const Input* last_ = nullptr;
};

}  // namespace cation::tail

#endif  // CATION_COREUTILS_TAIL_INPUT_H_
