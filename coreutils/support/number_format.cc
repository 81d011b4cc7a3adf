// SPDX-License-Identifier: MIT
#include "coreutils/support/number_format.h"

#include "runtime/core/format.h"

namespace cation {
namespace {

constexpr bool IsCapital(char c) { return c >= 'A' && c <= 'Z'; }

void ToCapitals(String& text) {
  for (size_t i = 0; i < text.size(); ++i) {
    char& c = text.data()[i];
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 0x20);
  }
}

Result<void> AppendZeros(String& text, int64_t count) {
  for (; count > 0; --count) CATION_TRY(text.Append('0'));
  return {};
}

Result<void> AppendSign(String& text, bool negative, const NumberFormat& format) {
  if (negative) return text.Append('-');
  if (format.plus) return text.Append('+');
  if (format.space) return text.Append(' ');
  return {};
}

// "e+05", "p-7": with `width` digits at least.
Result<void> AppendExponent(String& text, char letter, int64_t exponent, size_t width) {
  CATION_TRY(text.Append(letter));
  CATION_TRY(text.Append(exponent < 0 ? '-' : '+'));
  return text.Append(Digits(static_cast<uint64_t>(exponent < 0 ? -exponent : exponent), 10, width));
}

// %e, with `precision` digits behind the point; `shortest`: without zeros at the end.
Result<void> FormatScientific(Decimal& value, int64_t precision, bool point, bool shortest,
                              NumberText& text) {
  value.Round(precision + 1);
  StringView digits = value.digits();
  const int64_t exponent = value.IsZero() ? 0 : value.exponent() - 1;
  if (digits.empty()) digits = "0";
  CATION_TRY(text.body.Append(digits[0]));
  const StringView rest = digits.From(1);
  if (point || !rest.empty() || (precision > 0 && !shortest)) CATION_TRY(text.body.Append('.'));
  CATION_TRY(text.body.Append(rest));
  if (!shortest) text.zeros = static_cast<uint64_t>(precision) - rest.size();
  return AppendExponent(text.behind, 'e', exponent, 2);
}

// %f, the same.
Result<void> FormatFixed(Decimal& value, int64_t precision, bool point, bool shortest,
                         NumberText& text) {
  value.Round(value.exponent() + precision);
  const StringView digits = value.digits();
  const int64_t exponent = value.exponent();
  const auto whole = static_cast<size_t>(exponent > 0 ? exponent : 0);
  if (whole == 0) {
    CATION_TRY(text.body.Append('0'));
  } else {
    CATION_TRY(text.body.Append(digits.First(Min(whole, digits.size()))));
    CATION_TRY(AppendZeros(text.body, exponent - static_cast<int64_t>(digits.size())));
  }
  const StringView rest = digits.From(Min(whole, digits.size()));
  if (point || !rest.empty() || (precision > 0 && !shortest)) CATION_TRY(text.body.Append('.'));
  const int64_t zeros = rest.empty() || exponent > 0 ? 0 : -exponent;
  CATION_TRY(AppendZeros(text.body, zeros));
  CATION_TRY(text.body.Append(rest));
  if (!shortest) text.zeros = static_cast<uint64_t>(precision - zeros) - rest.size();
  return {};
}

// %g: `precision` digits in all, in the shorter of both ways.
Result<void> FormatGeneral(Decimal& value, int64_t precision, bool alternate, NumberText& text) {
  if (precision == 0) precision = 1;
  value.Round(precision);
  const int64_t exponent = value.IsZero() ? 0 : value.exponent() - 1;
  if (exponent < -4 || exponent >= precision)
    return FormatScientific(value, precision - 1, alternate, !alternate, text);
  return FormatFixed(value, precision - 1 - exponent, alternate, !alternate, text);
}

// %a.
Result<void> FormatBinary(Decimal& value, int64_t precision, bool point, NumberText& text) {
  constexpr int kBits = 64;
  CATION_TRY(text.before.Append("0x"));
  uint64_t mantissa = 0;
  int64_t exponent = 0;  // of its lowest bit
  if (!value.IsZero()) {
    // The whole part is to have 64 bits. 10^e is 2^(e * log2(10)), and the first digit is not
    // known: four more bits at most, which are then taken back.
    exponent = value.exponent() * 3321928 / 1'000'000 - kBits - 4;
    CATION_TRY(value.Scale(-exponent));
    for (;;) {
      // 2^64 has 20 digits.
      const StringView digits = value.digits();
      uint64_t whole = 0;
      bool fits = value.exponent() <= 20;
      for (int64_t i = 0; fits && i < value.exponent(); ++i) {
        const auto digit = static_cast<uint64_t>(
            i < static_cast<int64_t>(digits.size()) ? digits[static_cast<size_t>(i)] - '0' : 0);
        fits = !__builtin_mul_overflow(whole, uint64_t{10}, &whole) &&
               !__builtin_add_overflow(whole, digit, &whole);
      }
      if (fits && whole >> (kBits - 1) != 0) {
        const StringView rest =
            digits.From(Min(static_cast<size_t>(value.exponent()), digits.size()));
        const bool is_half = rest == "5";
        const bool up = is_half ? (whole & 1) != 0 : !rest.empty() && rest[0] >= '5';
        mantissa = whole + (up ? 1 : 0);
        if (mantissa == 0) {
          mantissa = uint64_t{1} << (kBits - 1);
          ++exponent;
        }
        break;
      }
      CATION_TRY(value.Scale(fits ? 1 : -1));
      exponent += fits ? -1 : 1;
    }
    exponent += kBits - 4;
  }
  // The first digit, and 15 more.
  constexpr int kDigits = 15;
  unsigned first = static_cast<unsigned>(mantissa >> (kBits - 4));
  uint64_t rest = mantissa << 4;
  if (precision >= 0 && precision < kDigits) {
    const int cut = 4 * (kDigits - static_cast<int>(precision));
    const uint64_t all = mantissa;
    const uint64_t unit = uint64_t{1} << cut;
    const uint64_t below = all & (unit - 1);
    uint64_t kept = all - below;
    const bool is_odd = (kept & unit) != 0;
    if (below > unit / 2 || (below == unit / 2 && is_odd)) kept += unit;
    first = static_cast<unsigned>(kept >> (kBits - 4));
    rest = kept << 4;
    if (kept == 0 && mantissa != 0) {
      first = 1;
      exponent += 4;
    }
  }
  CATION_TRY(text.body.Append("0123456789abcdef"[first]));
  int64_t count = 0;
  String digits;
  for (uint64_t left = rest; left != 0 && count < kDigits; left <<= 4, ++count)
    CATION_TRY(digits.Append("0123456789abcdef"[left >> (kBits - 4)]));
  if (point || count > 0 || precision > 0) CATION_TRY(text.body.Append('.'));
  CATION_TRY(text.body.Append(digits.view()));
  if (precision > count) text.zeros = static_cast<uint64_t>(precision - count);
  return AppendExponent(text.behind, 'p', exponent, 1);
}

}  // namespace

Result<void> FormatInteger(uint64_t magnitude, bool negative, const NumberFormat& format,
                           NumberText& text) {
  const char letter = format.conversion;
  const bool is_signed = letter == 'd' || letter == 'i';
  const unsigned base = letter == 'o' ? 8 : (letter | 0x20) == 'x' ? 16 : 10;
  if (is_signed) CATION_TRY(AppendSign(text.before, negative, format));
  if (format.alternate && base == 16 && magnitude != 0) CATION_TRY(text.before.Append("0x"));
  if (magnitude != 0 || format.precision != 0)
    CATION_TRY(text.behind.Append(Digits(magnitude, base)));
  const auto size = static_cast<int64_t>(text.behind.size());
  if (format.precision > size) text.zeros = static_cast<uint64_t>(format.precision - size);
  const bool begins_with_zero = text.zeros != 0 || text.behind.view().StartsWith("0");
  if (format.alternate && base == 8 && !begins_with_zero) text.zeros = 1;
  text.may_fill = format.precision < 0;
  if (letter == 'X') {
    ToCapitals(text.before);
    ToCapitals(text.behind);
  }
  return {};
}

Result<void> FormatDecimal(Decimal& value, const NumberFormat& format, NumberText& text) {
  constexpr int64_t kUsual = 6;
  const char letter = static_cast<char>(format.conversion | 0x20);
  const int64_t precision = format.precision < 0 ? kUsual : format.precision;
  CATION_TRY(AppendSign(text.before, value.negative(), format));
  if (value.kind() != Decimal::Kind::kFinite) {
    text.may_fill = false;
    CATION_TRY(text.body.Append(value.kind() == Decimal::Kind::kInfinite ? StringView("inf") : "nan"));
  } else if (letter == 'a') {
    CATION_TRY(FormatBinary(value, format.precision, format.alternate, text));
  } else if (letter == 'e') {
    CATION_TRY(FormatScientific(value, precision, format.alternate, false, text));
  } else if (letter == 'g') {
    CATION_TRY(FormatGeneral(value, precision, format.alternate, text));
  } else {
    CATION_TRY(FormatFixed(value, precision, format.alternate, false, text));
  }
  if (IsCapital(format.conversion)) {
    ToCapitals(text.before);
    ToCapitals(text.body);
    ToCapitals(text.behind);
  }
  return {};
}

void Fill(Output& out, char byte, uint64_t count) {
  char block[256];
  __builtin_memset(block, byte, sizeof(block));
  while (count != 0 && out.ok()) {
    const auto size = static_cast<size_t>(Min(count, uint64_t{sizeof(block)}));
    out.Write({block, size});
    count -= size;
  }
}

void WriteNumber(Output& out, const NumberText& text, const NumberFormat& format) {
  const uint64_t size = text.size();
  const uint64_t missing = format.width > size ? format.width - size : 0;
  const bool zeros = format.zero && !format.left && text.may_fill;
  if (!format.left && !zeros) Fill(out, ' ', missing);
  out.Write(text.before.view());
  if (zeros) Fill(out, '0', missing);
  out.Write(text.body.view());
  Fill(out, '0', text.zeros);
  out.Write(text.behind.view());
  if (format.left) Fill(out, ' ', missing);
}

}  // namespace cation
