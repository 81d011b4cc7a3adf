// SPDX-License-Identifier: MIT
#include "coreutils/support/escape.h"

namespace cation {
namespace {

// The value of the digit in `base`; `base` or more when it is none.
unsigned DigitValue(char c, unsigned base) {
  unsigned value = static_cast<unsigned char>(c) - unsigned{'0'};
  if (value > 9) {
    value = (static_cast<unsigned char>(c) | 0x20U) - unsigned{'a'};
    value = value < 6 ? value + 10 : base;
  }
  return value < base ? value : base;
}

// Reads up to `most` digits at text[at], and moves `at` behind them.
uint32_t ReadDigits(StringView text, size_t& at, size_t most, unsigned base) {
  uint32_t value = 0;
  for (const size_t end = at + most; at < end && at < text.size(); ++at) {
    const unsigned digit = DigitValue(text[at], base);
    if (digit == base) break;
    value = value * base + digit;
  }
  return value;
}

}  // namespace

size_t EncodeUtf8(uint32_t code_point, char* bytes) {
  if (code_point < 0x80) {
    bytes[0] = static_cast<char>(code_point);
    return 1;
  }
  if (code_point > 0x10ffff) return 0;
  const size_t size = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
  for (size_t i = size - 1; i > 0; --i) {
    bytes[i] = static_cast<char>(0x80 | (code_point & 0x3f));
    code_point >>= 6;
  }
  // 0xc0, 0xe0, 0xf0.
  bytes[0] = static_cast<char>((0xf00U >> size) | code_point);
  return size;
}

Escape ReadEscape(StringView text, EscapeDialect dialect) {
  using Kind = Escape::Kind;
  Escape escape;
  escape.bytes[0] = '\\';
  escape.size = 1;
  escape.length = 1;
  if (text.size() == 1) {
    escape.kind = Kind::kUnfinished;
    return escape;
  }
  const bool is_printf =
      dialect == EscapeDialect::kPrintfFormat || dialect == EscapeDialect::kPrintfArgument;
  const char letter = text[1];
  size_t at = 2;

  // What is behind each letter in pairs.
  constexpr StringView kLetters = "\\\\a\ab\be\033f\fn\nr\rt\tv\v\"\"";
  for (size_t i = 0; i < kLetters.size(); i += 2) {
    if (letter != kLetters[i] || (letter == '"' && dialect == EscapeDialect::kEcho)) continue;
    escape.bytes[0] = kLetters[i + 1];
    escape.length = 2;
    return escape;
  }

  if (letter == 'c' && dialect != EscapeDialect::kStat) {
    escape.kind = Kind::kStop;
  } else if (DigitValue(letter, 8) < 8) {
    const bool has_zero = letter == '0' && (dialect == EscapeDialect::kEcho ||
                                            dialect == EscapeDialect::kPrintfArgument);
    at = has_zero ? 2 : 1;
    escape.bytes[0] = static_cast<char>(ReadDigits(text, at, 3, 8));
  } else if (letter == 'x' || (is_printf && (letter == 'u' || letter == 'U'))) {
    const size_t most = letter == 'x' ? 2 : letter == 'u' ? 4 : 8;
    const uint32_t value = ReadDigits(text, at, most, 16);
    const size_t digits = at - 2;
    if (digits < (letter == 'x' ? 1 : most)) {
      escape.kind = is_printf ? Kind::kMissingDigits : Kind::kUnknown;
    } else if (letter == 'x') {
      escape.bytes[0] = static_cast<char>(value);
    } else if (value >= 0xd800 && value < 0xe000) {
      escape.kind = Kind::kWrongCharacter;
    } else {
      escape.size = static_cast<uint8_t>(EncodeUtf8(value, escape.bytes));
      if (escape.size == 0) {
        // No character: GNU writes it as it is, in capitals.
        __builtin_memcpy(escape.bytes, text.data(), at);
        for (size_t i = 2; i < at; ++i) {
          if (escape.bytes[i] >= 'a') escape.bytes[i] = static_cast<char>(escape.bytes[i] - 0x20);
        }
        escape.size = static_cast<uint8_t>(at);
      }
    }
  } else {
    escape.kind = Kind::kUnknown;
  }
  if (escape.kind == Kind::kUnknown) {
    if (dialect == EscapeDialect::kStat) {
      escape.bytes[0] = letter;
    } else {
      escape.bytes[1] = letter;
      escape.size = 2;
    }
  }
  escape.length = static_cast<uint8_t>(at);
  return escape;
}

}  // namespace cation
