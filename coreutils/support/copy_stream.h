// SPDX-License-Identifier: MIT
//
// From an open file to standard output, as large a piece at a time as the system likes best.
#ifndef CATION_COREUTILS_SUPPORT_COPY_STREAM_H_
#define CATION_COREUTILS_SUPPORT_COPY_STREAM_H_

#include <stdint.h>

#include "coreutils/support/output.h"

namespace cation {

class StreamCopy {
 public:
  StreamCopy(const Context& context, Output& out) : context_(context), out_(out) {}
  StreamCopy(const StreamCopy&) = delete;
  StreamCopy& operator=(const StreamCopy&) = delete;
  ~StreamCopy();

  // A buffer of at least `size` bytes, the same one each time, without what was in it. Errors:
  // ENOMEM.
  Result<Span<char>> Buffer(size_t size);

  // Copies up to `most` bytes, or all that come, from where `input` stands, and returns how many.
  // It reads no more than that. `status`: that of `input`, if known; `expected`: how many bytes it
  // says that there still are, 0 for who does not know. Output errors are the Output's business.
  // Errors: those of sys::Read(), ENOMEM.
  Result<uint64_t> Copy(sys::Descriptor input, const sys::FileStatus* status, uint64_t expected,
                        uint64_t most = UINT64_MAX);

 private:
  [[nodiscard]] bool Move(sys::Descriptor input, const sys::FileStatus& status, uint64_t expected,
                          uint64_t most, uint64_t& done);

  const Context& context_;
  Output& out_;
  char* buffer_ = nullptr;
  size_t buffer_size_ = 0;
  sys::FileStatus output_;
  bool knows_output_ = false;
  bool refuses_transfer_ = false;
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_COPY_STREAM_H_
