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

[[gnu::noinline]] void AddPart(String& line, StringView text) {
  AddText(line, ": ");
  AddText(line, text);
}

void Write(const Context& context, const Message& message) {
  String line;
  AddText(line, context.program);
  if (message.operand.data() != nullptr) {
    AddText(line, ": ");
    (void)AppendQuoted(line, message.operand);
  }
  if (!message.reason.empty()) AddPart(line, message.reason);
  if (message.error != 0) {
    const StringView words = ErrorMessage(Error{message.error});
    AddPart(line, words);
    if (words.empty()) {
      AddText(line, "error ");
      AddText(line, Digits(static_cast<uint64_t>(message.error)));
    }
  }
  if (message.is_usage) {
    AddText(line, "\nTry '");
    AddText(line, context.program);
    AddText(line, " --help' for more information.");
  }
  AddText(line, "\n");
  // There is nobody to tell when standard error fails.
  (void)sys::WriteAll(context.errors, line.empty() ? StringView("out of memory\n") : line.view());
}

}  // namespace

void AddText(String& line, StringView text) { (void)line.Append(text); }

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
