// SPDX-License-Identifier: MIT
#include "coreutils/support/output.h"

#include "coreutils/support/diagnostics.h"
#include "coreutils/support/quote.h"

namespace cation {
namespace {

constexpr size_t kBufferSize = 64 * 1024;  // what a pipe holds on Redox

}  // namespace

void Output::Write(StringView text) {
  if (!ok()) return;
  if (buffer_.size() + text.size() > kBufferSize) Flush();
  const bool buffered =
      text.size() < kBufferSize && buffer_.Reserve(kBufferSize).ok() && buffer_.Append(text).ok();
  // Too large to be copied first, or no memory for a buffer.
  if (!buffered) WriteThrough(text);
}

void Output::WriteThrough(StringView text) {
  Flush();
  if (!ok()) return;
  Put(text);
}

void Output::Put(StringView text) {
  if (!Exchange(prepared_, true)) sys::PrepareOutput(context_.output, status_);
  const Result<void> written = sys::WriteAll(context_.output, text);
  if (!written.ok()) error_ = written.error().number;
}

void Output::WriteQuoted(Span<const StringView> parts) {
  String line;
  Result<void> built;
  bool is_name = false;
  for (const StringView part : parts) {
    if (built.ok()) built = is_name ? AppendInQuotes(line, part) : line.Append(part);
    is_name = !is_name;
  }
  if (built.ok()) return Write(line.view());
  Flush();
  if (ok()) error_ = built.error().number;
}

void Output::Flush() {
  if (!ok() || buffer_.empty()) return;
  Put(buffer_.view());
  buffer_.Truncate(0);
}

int Output::Finish(int status, int failure) {
  Flush();
  if (ok()) return status;
  if (error_ != abi::kEPIPE) Report(context_, {nullptr, 0}, "write error", Error{error_});
  return failure;
}

}  // namespace cation
