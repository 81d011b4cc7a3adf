// SPDX-License-Identifier: MIT
#include "coreutils/support/diagnostics.h"

#include "coreutils/support/quote.h"
#include "runtime/core/format.h"
#include "runtime/core/packed_text.h"

namespace cation {
namespace {

constexpr StringView kNoOperand{nullptr, 0};
// In the place of an error.
constexpr int kNoError = 0;
constexpr int kUsage = -1;

[[gnu::noinline]] void AddPart(String& line, StringView text) {
  AddText(line, ": ");
  AddText(line, text);
}

// Parts that are not there: kNoOperand, an empty reason, kNoError. As parameters, all of it stays
// in registers.
void Write(const Context& context, StringView operand, StringView reason, int error) {
  String line;
  AddText(line, context.program);
  if (operand.data() != nullptr) {
    AddText(line, ": ");
    (void)AppendQuoted(line, operand);
  }
  if (!reason.empty()) AddPart(line, reason);
  if (error > 0) {
    AddPart(line, {});
    if (!AddErrorMessage(line, Error{error})) {
      AddText(line, "error ");
      AddText(line, Digits(static_cast<uint64_t>(error)));
    }
  }
  if (error == kUsage) {
    (void)AppendUnpacked(line, PackedText<"\nTry '\1 --help' for more information.">(),
                         context.program);
  }
  AddText(line, "\n");
  // There is nobody to tell when standard error fails.
  (void)sys::WriteAll(context.errors, line.empty() ? StringView("out of memory\n") : line.view());
}

}  // namespace

void AddText(String& line, StringView text) { (void)line.Append(text); }

void Report(const Context& context, StringView reason) {
  Write(context, kNoOperand, reason, kNoError);
}

void Report(const Context& context, Error error) { Write(context, kNoOperand, {}, error.number); }

void Report(const Context& context, StringView operand, StringView reason) {
  Write(context, operand, reason, kNoError);
}

void Report(const Context& context, StringView operand, Error error) {
  Write(context, operand, {}, error.number);
}

void Report(const Context& context, StringView operand, StringView what, Error error) {
  Write(context, operand, what, error.number);
}

void ReportUsage(const Context& context, StringView operand, StringView reason) {
  Write(context, operand, reason, kUsage);
}

}  // namespace cation
