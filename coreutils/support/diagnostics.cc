// SPDX-License-Identifier: MIT
#include "coreutils/support/diagnostics.h"

#include "coreutils/support/quote.h"
#include "runtime/core/format.h"

namespace cation {
namespace {

// Parts that are not there have size 0 (operand: data() == nullptr), error 0.
struct Message {
  StringView operand{nullptr, 0};
  StringView reason;
  int error = 0;
};

Result<void> Build(String& line, StringView program, const Message& message) {
  CATION_TRY(line.Append(program));
  if (message.operand.data() != nullptr) {
    CATION_TRY(line.Append(": "));
    CATION_TRY(AppendQuoted(line, message.operand));
  }
  if (!message.reason.empty()) {
    CATION_TRY(line.Append(": "));
    CATION_TRY(line.Append(message.reason));
  }
  if (message.error != 0) {
    CATION_TRY(line.Append(": "));
    CATION_TRY(AppendError(line, Error{message.error}));
  }
  return line.Append('\n');
}

void Write(const Context& context, const Message& message) {
  String line;
  // There is nobody to tell when standard error fails.
  if (Build(line, context.program, message).ok()) {
    (void)sys::WriteAll(context.errors, line.view());
  } else {
    (void)sys::WriteAll(context.errors, context.program);
    (void)sys::WriteAll(context.errors, ": out of memory\n");
  }
}

}  // namespace

Result<void> AppendError(String& text, Error error) {
  const StringView words = ErrorMessage(error);
  if (!words.empty()) return text.Append(words);
  CATION_TRY(text.Append("error "));
  return text.Append(Digits(static_cast<uint64_t>(error.number)));
}

void Report(const Context& context, StringView reason) { Write(context, {.reason = reason}); }

void Report(const Context& context, StringView operand, StringView reason) {
  Write(context, {.operand = operand, .reason = reason});
}

void Report(const Context& context, StringView operand, Error error) {
  Write(context, {.operand = operand, .reason = {}, .error = error.number});
}

void Report(const Context& context, StringView operand, StringView what, Error error) {
  Write(context, {.operand = operand, .reason = what, .error = error.number});
}

}  // namespace cation
