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
  bool is_usage = false;
};

void Write(const Context& context, const Message& message) {
  String line;
  String operand;
  const bool has_operand = message.operand.data() != nullptr;
  bool ok = !has_operand || AppendQuoted(operand, message.operand).ok();
  const Digits number(static_cast<uint64_t>(message.error));
  const StringView words = ErrorMessage(Error{message.error});
  const bool has_error = message.error != 0;
  const bool is_unknown = has_error && words.empty();
  constexpr StringView kSeparator = ": ";
  constexpr StringView kNothing = "";
  const StringView parts[] = {
      context.program,
      has_operand ? kSeparator : kNothing,
      operand.view(),
      message.reason.empty() ? kNothing : kSeparator,
      message.reason,
      has_error ? kSeparator : kNothing,
      is_unknown ? StringView("error ") : words,
      is_unknown ? number.view() : kNothing,
      message.is_usage ? StringView("\nTry '") : kNothing,
      message.is_usage ? context.program : kNothing,
      message.is_usage ? StringView(" --help' for more information.\n") : StringView("\n"),
  };
  for (const StringView part : parts) ok = ok && line.Append(part).ok();
  // There is nobody to tell when standard error fails.
  (void)sys::WriteAll(context.errors, ok ? line.view() : StringView("out of memory\n"));
}

}  // namespace

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

void ReportUsage(const Context& context, StringView operand, StringView reason) {
  Write(context, {.operand = operand, .reason = reason, .is_usage = true});
}

}  // namespace cation
