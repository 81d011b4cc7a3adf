// SPDX-License-Identifier: MIT
#include "coreutils/support/duration.h"

namespace cation {
namespace {

constexpr unsigned kNoDigit = 16;

constexpr char Lower(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte | 0x20) : byte;
}

constexpr unsigned DigitOf(char byte) {
  if (byte >= '0' && byte <= '9') return static_cast<unsigned>(byte - '0');
  byte = Lower(byte);
  return byte >= 'a' && byte <= 'f' ? static_cast<unsigned>(byte - 'a' + 10) : kNoDigit;
}

// Reads `text` from the front.
class Reader {
 public:
  explicit Reader(StringView text) : rest_(text) {}

  [[nodiscard]] StringView rest() const { return rest_; }
  [[nodiscard]] char Peek(size_t ahead = 0) const {
    return ahead < rest_.size() ? rest_[ahead] : '\0';
  }
  void Skip(size_t count) { rest_ = rest_.From(count); }
  // A word in small letters, in either case.
  bool Take(StringView word) {
    for (size_t i = 0; i < word.size(); ++i) {
      if (Lower(Peek(i)) != word[i]) return false;
    }
    Skip(word.size());
    return true;
  }

 private:
  StringView rest_;
};

// A number that is not negative: what is before the point, what is behind it in units of
// base^-places, and whether that is cut.
class Number {
 public:
  Number(unsigned base, int places) : base_(base), places_(places) {}

  // The next digit, for base^position; positions go down one by one.
  void Add(unsigned digit, int64_t position) {
    if (position < -places_) {
      cut_ |= digit != 0;
    } else {
      uint64_t& part = position >= 0 ? whole_ : fraction_;
      too_large_ |= __builtin_mul_overflow(part, uint64_t{base_}, &part);
      too_large_ |= __builtin_add_overflow(part, uint64_t{digit}, &part);
    }
  }
  // After the last digit, which was for base^position: the zeros that are not written.
  void Finish(int64_t position) {
    while (position > -places_ && !too_large_) {
      // Of nothing but zeros there may be any number.
      if (position > 0 && whole_ == 0) position = 0;
      Add(0, --position);
    }
  }

  uint64_t whole_ = 0;
  uint64_t fraction_ = 0;
  bool cut_ = false;
  bool too_large_ = false;

 private:
  unsigned base_;
  int places_;
};

// So many that 86,400 times the fraction fits into 64 bits, and is exact beyond the nanosecond.
constexpr int kDecimalPlaces = 14;
constexpr uint64_t kDecimalUnits = 100'000'000'000'000;
constexpr int kBinaryPlaces = 33;

// The exponent after the letter: digits with a sign. Without a digit there is none.
int64_t ReadExponent(Reader& reader, char letter) {
  if (Lower(reader.Peek()) != letter) return 0;
  const bool has_sign = reader.Peek(1) == '+' || reader.Peek(1) == '-';
  const bool negative = reader.Peek(1) == '-';
  if (DigitOf(reader.Peek(has_sign ? 2 : 1)) > 9) return 0;
  reader.Skip(has_sign ? 2 : 1);
  constexpr int64_t kLargest = int64_t{1} << 40;  // beyond any number of digits
  int64_t exponent = 0;
  for (; DigitOf(reader.Peek()) <= 9; reader.Skip(1)) {
    if (exponent < kLargest) exponent = exponent * 10 + DigitOf(reader.Peek());
  }
  return negative ? -exponent : exponent;
}

// Digits with at most one point among them; returns false where there is no digit.
bool ReadNumber(Reader& reader, bool binary, Number& number) {
  const StringView digits = reader.rest();
  size_t size = 0;
  int64_t before_point = 0;
  size_t count = 0;
  bool point = false;
  for (; size < digits.size(); ++size) {
    if (digits[size] == '.' && !point) {
      point = true;
    } else if (DigitOf(digits[size]) < (binary ? 16U : 10U)) {
      ++count;
      if (!point) ++before_point;
    } else {
      break;
    }
  }
  if (count == 0) return false;
  reader.Skip(size);
  int64_t position = ReadExponent(reader, binary ? 'p' : 'e') + before_point * (binary ? 4 : 1);
  for (const char byte : digits.First(size)) {
    if (byte == '.') continue;
    const unsigned digit = DigitOf(byte);
    for (unsigned bit = binary ? 8 : 1; bit != 0; bit /= 2)
      number.Add(!binary ? digit : (digit & bit) != 0 ? 1 : 0, --position);
  }
  number.Finish(position);
  return true;
}

}  // namespace

int64_t AddDurations(int64_t a, int64_t b) {
  int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? kForever : sum;
}

Result<int64_t> ParseDuration(StringView text) {
  Reader reader(text);
  while (reader.Peek() == ' ' || (reader.Peek() >= '\t' && reader.Peek() <= '\r')) reader.Skip(1);
  const bool negative = reader.Peek() == '-';
  if (negative || reader.Peek() == '+') reader.Skip(1);
  const bool binary = reader.Peek() == '0' && Lower(reader.Peek(1)) == 'x';
  Number number(binary ? 2 : 10, binary ? kBinaryPlaces : kDecimalPlaces);
  if (reader.Take("inf")) {
    (void)reader.Take("inity");
    number.too_large_ = true;
  } else {
    if (binary) reader.Skip(2);
    if (!ReadNumber(reader, binary, number)) return Error{abi::kEINVAL};
  }
  constexpr uint32_t kFactors[] = {1, 60, 3600, 86400};
  const StringView unit = reader.rest();
  const size_t index = unit.empty() ? 0 : StringView("smhd").Find(unit[0]);
  if (unit.size() > 1 || index == StringView::kNotFound) return Error{abi::kEINVAL};
  const uint64_t factor = kFactors[index];
  const bool is_zero = number.whole_ == 0 && number.fraction_ == 0 && !number.cut_;
  if (negative && (number.too_large_ || !is_zero)) return Error{abi::kEINVAL};
  if (number.too_large_) return kForever;

  constexpr uint64_t kPerNanosecond = kDecimalUnits / kNanosecondsPerSecond;
  constexpr uint64_t kBinaryUnits = uint64_t{1} << kBinaryPlaces;
  const uint64_t parts = number.fraction_ * factor;
  const uint64_t units = binary ? kBinaryUnits : kDecimalUnits;
  const uint64_t left = parts % units;
  const uint64_t cut = number.cut_ ? 1 : 0;
  const uint64_t nanoseconds =
      binary ? (left * kNanosecondsPerSecond + cut + kBinaryUnits - 1) / kBinaryUnits
             : (left + cut + kPerNanosecond - 1) / kPerNanosecond;
  uint64_t seconds = 0;
  int64_t result = 0;
  if (__builtin_mul_overflow(number.whole_, factor, &seconds) ||
      __builtin_add_overflow(seconds, parts / units, &seconds) ||
      __builtin_mul_overflow(seconds, kNanosecondsPerSecond, &result)) {
    return kForever;
  }
  return AddDurations(result, static_cast<int64_t>(nanoseconds));
}

}  // namespace cation
