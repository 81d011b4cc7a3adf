// SPDX-License-Identifier: MIT
#include "coreutils/support/confirm.h"

#include "coreutils/support/quote.h"

namespace cation {
namespace {

Result<void> AppendAll(String& line, Span<const StringView> words) {
  for (const StringView word : words) CATION_TRY(line.Append(word));
  return {};
}

Result<void> BuildQuestion(String& line, StringView program, Span<const StringView> words,
                           StringView operand, Span<const StringView> after) {
  const StringView start[] = {program, ": "};
  CATION_TRY(AppendAll(line, start));
  CATION_TRY(AppendAll(line, words));
  if (!operand.empty()) {
    CATION_TRY(line.Append(' '));
    CATION_TRY(AppendInQuotes(line, operand));
  }
  CATION_TRY(AppendAll(line, after));
  return line.Append("? ");
}

}  // namespace

bool Confirm::Ask(Span<const StringView> words, StringView operand, Span<const StringView> after) {
  String line;
  // A question that cannot be put is not answered with yes.
  if (!BuildQuestion(line, context_.program, words, operand, after).ok()) return false;
  if (!sys::WriteAll(context_.errors, line.view()).ok()) return false;
  return ReadAnswer();
}

bool Confirm::ReadAnswer() {
  bool first = true;
  bool yes = false;
  for (;;) {
    if (next_ == end_) {
      const Result<size_t> count = sys::Read(context_.input, buffer_);
      if (!count.ok() || count.value() == 0) return yes;
      next_ = 0;
      end_ = count.value();
    }
    const char c = buffer_[next_++];
    if (c == '\n') return yes;
    if (first) yes = c == 'y' || c == 'Y';
    first = false;
  }
}

}  // namespace cation
