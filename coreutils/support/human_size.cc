// SPDX-License-Identifier: MIT
#include "coreutils/support/human_size.h"

namespace cation {
namespace {

constexpr StringView kLetters = "KMGTPEZYRQ";

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Position in kLetters; those of K and M may be lower case, k for its own sake and m as GNU has it.
size_t PowerOf(char letter) {
  if (letter == 'k' || letter == 'm' || letter == 'g' || letter == 't') {
    letter = static_cast<char>(letter - 'a' + 'A');
  }
  return kLetters.Find(letter);
}

// n * from / to, rounded up; the largest number when that is too large.
uint64_t Scale(uint64_t n, uint64_t from, uint64_t to) {
  if (to % from == 0) {
    const uint64_t divisor = to / from;
    return n / divisor + (n % divisor != 0 ? 1 : 0);
  }
  // Whole blocks of `to`, and the rest.
  uint64_t result = 0;
  uint64_t rest = 0;
  if (__builtin_mul_overflow(n / to, from, &result) ||
      __builtin_mul_overflow(n % to, from, &rest) ||
      __builtin_add_overflow(result, rest / to + (rest % to != 0 ? 1 : 0), &result)) {
    return UINT64_MAX;
  }
  return result;
}

}  // namespace

Result<SizeUnit> ParseBlockSize(StringView text) {
  if (text.StartsWith("'")) text = text.From(1);
  SizeUnit unit;
  if (!text.empty() && StringView("human-readable").StartsWith(text)) {
    unit.kind = SizeUnit::Kind::kBinary;
    return unit;
  }
  if (!text.empty() && StringView("si").StartsWith(text)) {
    unit.kind = SizeUnit::Kind::kDecimal;
    return unit;
  }
  size_t digits = 0;
  bool too_large = false;
  uint64_t value = 0;
  for (; digits < text.size() && IsDigit(text[digits]); ++digits) {
    too_large |= __builtin_mul_overflow(value, uint64_t{10}, &value);
    too_large |= __builtin_add_overflow(value, static_cast<uint64_t>(text[digits] - '0'), &value);
  }
  const StringView suffix = text.From(digits);
  if (digits == 0) value = 1;
  if (digits == 0 && suffix.empty()) return Error{abi::kEINVAL};
  if (!suffix.empty()) {
    const size_t power = PowerOf(suffix[0]);
    const StringView behind = suffix.From(1);
    const bool is_binary = behind.empty() || behind == "iB";
    if (power == StringView::kNotFound || !(is_binary || behind == "B")) {
      return Error{abi::kEINVAL};
    }
    for (size_t i = 0; i <= power; ++i) {
      too_large |= __builtin_mul_overflow(value, uint64_t{is_binary ? 1024U : 1000U}, &value);
    }
    if (digits == 0) {
      unit.suffix = behind.empty() ? SizeUnit::Suffix::kBinary
                    : is_binary    ? SizeUnit::Suffix::kBinaryBytes
                                   : SizeUnit::Suffix::kDecimal;
    }
  }
  if (too_large) return Error{abi::kERANGE};
  if (value == 0) return Error{abi::kEINVAL};
  unit.block_size = value;
  return unit;
}

SizeUnit BlockSizeOfEnvironment(const Context& context, const char* name) {
  const char* text = name == nullptr ? nullptr : Environment(context, name);
  if (text == nullptr) text = Environment(context, "BLOCK_SIZE");
  if (text == nullptr) text = Environment(context, "BLOCKSIZE");
  if (text != nullptr) {
    const Result<SizeUnit> unit = ParseBlockSize(text);
    if (unit.ok()) return unit.value();
  }
  SizeUnit unit;
  unit.block_size = Environment(context, "POSIXLY_CORRECT") != nullptr ? 512 : 1024;
  return unit;
}

SizeText::SizeText(uint64_t count, uint64_t block_size, const SizeUnit& unit) {
  if (unit.kind != SizeUnit::Kind::kBlocks) {
    PrependScaled(Scale(count, block_size, 1), unit.kind == SizeUnit::Kind::kBinary ? 1024 : 1000);
    return;
  }
  const uint64_t blocks =
      unit.block_size == block_size ? count : Scale(count, block_size, unit.block_size);
  if (unit.suffix != SizeUnit::Suffix::kNone) {
    const bool is_decimal = unit.suffix == SizeUnit::Suffix::kDecimal;
    const uint64_t base = is_decimal ? 1000 : 1024;
    size_t power = 0;
    for (uint64_t size = base; size < unit.block_size && power < 5; size *= base) ++power;
    if (unit.suffix != SizeUnit::Suffix::kBinary) Prepend('B');
    if (unit.suffix == SizeUnit::Suffix::kBinaryBytes) Prepend('i');
    Prepend(is_decimal && power == 0 ? 'k' : kLetters[power]);
  }
  PrependNumber(blocks);
}

void SizeText::PrependScaled(uint64_t bytes, uint64_t base) {
  if (bytes < base) return PrependNumber(bytes);
  uint64_t unit = base;
  size_t power = 0;
  // 999.1 of a unit would be rounded up to 1000 of it; as 1.0 of the next it takes less room.
  while (bytes / unit >= base || (bytes / unit == base - 1 && bytes % unit != 0)) {
    unit *= base;
    ++power;
  }
  const uint64_t whole = bytes / unit;
  const uint64_t rest = bytes % unit;
  // This does not leave 64 bits: the largest unit is 2^60.
  const uint64_t tenths = whole * 10 + (rest * 10 + unit - 1) / unit;
  Prepend(base == 1000 && power == 0 ? 'k' : kLetters[power]);
  if (tenths >= 100) return PrependNumber(whole + (rest != 0 ? 1 : 0));
  Prepend(static_cast<char>('0' + tenths % 10));
  Prepend('.');
  Prepend(static_cast<char>('0' + tenths / 10));
}

void SizeText::PrependNumber(uint64_t number) {
  do {
    Prepend(static_cast<char>('0' + number % 10));
    number /= 10;
  } while (number != 0);
}

}  // namespace cation
