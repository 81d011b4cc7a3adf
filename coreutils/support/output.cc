// SPDX-License-Identifier: MIT
#include "coreutils/support/output.h"

#include "coreutils/support/diagnostics.h"

namespace cation {
namespace {

constexpr size_t kBufferSize = 64 * 1024;  // what a pipe holds on Redox

}  // namespace

void Output::Write(StringView text) {
  if (!ok()) return;
  if (buffer_.size() + text.size() > kBufferSize) Flush();
  const bool buffered =
      text.size() < kBufferSize && buffer_.Reserve(kBufferSize).ok() && buffer_.Append(text).ok();
  if (buffered || !ok()) return;
  // Too large to be copied first, or no memory for a buffer.
  const Result<void> written = sys::WriteAll(context_.output, text);
  if (!written.ok()) error_ = written.error().number;
}

void Output::Flush() {
  if (!ok() || buffer_.empty()) return;
  const Result<void> written = sys::WriteAll(context_.output, buffer_.view());
  buffer_.Truncate(0);
  if (!written.ok()) error_ = written.error().number;
}

int Output::Finish(int status, int failure) {
  Flush();
  if (ok()) return status;
  if (error_ != abi::kEPIPE) Report(context_, {nullptr, 0}, "write error", Error{error_});
  return failure;
}

}  // namespace cation
