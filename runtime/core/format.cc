// SPDX-License-Identifier: MIT
#include "runtime/core/format.h"

namespace cation {

Digits::Digits(uint64_t value, unsigned base, size_t width, char padding) {
  size_t at = sizeof(text_);
  do {
    text_[--at] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value != 0);
  while (at > 0 && sizeof(text_) - at < width) text_[--at] = padding;
  start_ = at;
}

Result<uint64_t> ParseNumber(StringView text, unsigned base) {
  if (text.empty()) return Error{abi::kEINVAL};
  uint64_t value = 0;
  bool too_large = false;
  for (const char c : text) {
    auto digit = static_cast<unsigned>(static_cast<unsigned char>(c)) - unsigned{'0'};
    // Letters, of either case, come after the digits.
    const unsigned letter = static_cast<unsigned>(c | 0x20) - unsigned{'a'};
    if (base == 16 && letter < 6) digit = 10 + letter;
    if (digit >= base) return Error{abi::kEINVAL};
    too_large |= __builtin_mul_overflow(value, uint64_t{base}, &value);
    too_large |= __builtin_add_overflow(value, uint64_t{digit}, &value);
  }
  if (too_large) return Error{abi::kERANGE};
  return value;
}

Result<uint64_t> ParseCNumber(StringView text) {
  if (text.StartsWith("+")) text = text.From(1);
  if (text.StartsWith("0x") || text.StartsWith("0X")) return ParseNumber(text.From(2), 16);
  return ParseNumber(text, text.StartsWith("0") ? 8 : 10);
}

}  // namespace cation
