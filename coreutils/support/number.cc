// SPDX-License-Identifier: MIT
#include "coreutils/support/number.h"

namespace cation {
namespace {

constexpr StringView kPowers = "KMGTPEZYRQ";

void Multiply(Count& count, uint64_t factor) {
  // 0 of whatever is 0; what is too large stays so.
  if (!count.too_large && !__builtin_mul_overflow(count.value, factor, &count.value)) return;
  count = {UINT64_MAX, true};
}

unsigned DigitOf(char c) { return static_cast<unsigned char>(c) - unsigned{'0'}; }

}  // namespace

Result<Count> ParseCount(StringView text, StringView units) {
  while (!text.empty() && (text[0] == ' ' || (text[0] >= '\t' && text[0] <= '\r')))
    text = text.From(1);
  if (text.StartsWith("+")) text = text.From(1);
  Count count;
  size_t digits = 0;
  for (; digits < text.size() && DigitOf(text[digits]) < 10; ++digits) {
    Multiply(count, 10);
    if (count.too_large || __builtin_add_overflow(count.value, DigitOf(text[digits]), &count.value))
      count = {UINT64_MAX, true};
  }
  text = text.From(digits);
  if (digits == 0) {
    if (text.empty()) return Error{abi::kEINVAL};
    count.value = 1;
  }
  if (text.empty()) return count;
  char unit = text[0];
  if (units.Find(unit) == StringView::kNotFound) return Error{abi::kEINVAL};
  text = text.From(1);
  if (unit == 'b') {
    Multiply(count, 512);
    return text.empty() ? Result<Count>(count) : Error{abi::kEINVAL};
  }
  if (unit == 'k') unit = 'K';
  if (unit == 'm') unit = 'M';
  const bool is_decimal = text == "B";
  if (!is_decimal && !text.empty() && !(text == "iB")) return Error{abi::kEINVAL};
  for (size_t power = kPowers.Find(unit) + 1; power != 0; --power)
    Multiply(count, is_decimal ? 1000 : 1024);
  return count;
}

}  // namespace cation
