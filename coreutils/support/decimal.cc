// SPDX-License-Identifier: MIT
#include "coreutils/support/decimal.h"

#include "runtime/core/format.h"

namespace cation {
namespace {

// From here on it is infinite: 2^16384 - 2^16319, as 0.DIGITS and an exponent of ten.
constexpr StringView kLargest = "118973149535723176505351158982948866796625";
constexpr int64_t kLargestExponent = 4933;
// From here on down a long double has fewer bits: 2^-16382.
constexpr StringView kSmallest = "3362103143112093506262677817321752602598";
constexpr int64_t kSmallestExponent = -4931;
// From here on down it is 0: 2^-16446.
constexpr StringView kTiny = "1822599765941237301264202966809709908199525407";
constexpr int64_t kTinyExponent = -4950;

// Beyond these, powers of two and ten decide by themselves.
constexpr int64_t kMostExponent = 100'000'000'000;
constexpr int64_t kMostBinaryExponent = 20'000;
// Of hexadecimal digits; those that follow only count as not being 0.
constexpr int kMostHexadecimal = 64;

constexpr bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr char Lower(char c) { return static_cast<char>(c | 0x20); }

// The value of a hexadecimal digit; 16 when it is none.
unsigned HexadecimalValue(char c) {
  if (IsDigit(c)) return static_cast<unsigned>(c - '0');
  const char letter = Lower(c);
  return letter >= 'a' && letter <= 'f' ? static_cast<unsigned>(letter - 'a') + 10 : 16;
}

// Whether `text` begins with the word, in small letters or capitals.
bool BeginsWith(StringView text, StringView word) {
  if (text.size() < word.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    if (Lower(text[i]) != word[i]) return false;
  }
  return true;
}

// Reads what follows an e or p at text[at]: a sign perhaps, and digits. Moves `at` behind it only
// if it is there.
int64_t ReadExponent(StringView text, size_t& at) {
  size_t next = at + 1;
  bool negative = false;
  if (next < text.size() && (text[next] == '-' || text[next] == '+'))
    negative = text[next++] == '-';
  if (next >= text.size() || !IsDigit(text[next])) return 0;
  int64_t value = 0;
  for (; next < text.size() && IsDigit(text[next]); ++next)
    value = Min(value * 10 + (text[next] - '0'), kMostExponent);
  at = next;
  return negative ? -value : value;
}

// As Compare() of 0.DIGITS times ten to the exponents.
int CompareParts(StringView a, int64_t a_exponent, StringView b, int64_t b_exponent) {
  if (a_exponent != b_exponent) return a_exponent < b_exponent ? -1 : 1;
  return Compare(a, b);
}

}  // namespace

void Decimal::Trim() {
  size_t size = digits_.size();
  size_t zeros = 0;
  char* const data = digits_.data();
  while (size != 0 && data[size - 1] == '0') --size;
  while (zeros < size && data[zeros] == '0') ++zeros;
  if (zeros != 0) __builtin_memmove(data, data + zeros, size - zeros);
  exponent_ -= static_cast<int64_t>(zeros);
  if (digits_.size() != size - zeros) digits_.Truncate(size - zeros);
  if (size == 0) exponent_ = 0;
}

Result<void> Decimal::Set(uint64_t value) {
  const Digits digits(value);
  digits_.Truncate(0);
  CATION_TRY(digits_.Append(digits));
  exponent_ = static_cast<int64_t>(digits.view().size());
  kind_ = Kind::kFinite;
  negative_ = false;
  Trim();
  return {};
}

Result<void> Decimal::Set(const Decimal& other) {
  digits_.Truncate(0);
  CATION_TRY(digits_.Append(other.digits()));
  exponent_ = other.exponent_;
  kind_ = other.kind_;
  negative_ = other.negative_;
  return {};
}

Result<void> Decimal::Multiply(uint32_t factor) {
  constexpr size_t kMore = 10;  // digits that a factor can add
  const size_t size = digits_.size();
  CATION_TRY(digits_.Resize(size + kMore));
  char* const data = digits_.data();
  uint64_t carry = 0;
  for (size_t i = size + kMore; i > 0; --i) {
    if (i > kMore) carry += uint64_t{factor} * static_cast<unsigned>(data[i - kMore - 1] - '0');
    data[i - 1] = static_cast<char>('0' + carry % 10);
    carry /= 10;
  }
  exponent_ += static_cast<int64_t>(kMore);
  Trim();
  return {};
}

Result<void> Decimal::Scale(int64_t exponent) {
  while (exponent > 0 && !digits_.empty()) {
    const int64_t part = Min(exponent, int64_t{28});
    CATION_TRY(Multiply(1U << part));
    exponent -= part;
  }
  // A half is five tenths.
  while (exponent < 0 && !digits_.empty()) {
    uint32_t factor = 1;
    for (int i = 0; i < 13 && exponent < 0; ++i, ++exponent, --exponent_) factor *= 5;
    CATION_TRY(Multiply(factor));
  }
  return {};
}

void Decimal::Round(int64_t count) {
  const StringView digits = digits_.view();
  if (count >= static_cast<int64_t>(digits.size())) return;
  if (count < 0) {
    digits_.Truncate(0);
    exponent_ = 0;
    return;
  }
  size_t kept = static_cast<size_t>(count);
  const bool is_half = digits[kept] == '5' && kept + 1 == digits.size();
  const bool is_odd = kept != 0 && ((digits[kept - 1] - '0') & 1) != 0;
  const bool up = is_half ? is_odd : digits[kept] >= '5';
  char* const data = digits_.data();
  while (up && kept != 0 && data[kept - 1] == '9') --kept;
  if (up && kept == 0) {
    data[0] = '1';
    ++exponent_;
    kept = 1;
  } else if (up) {
    ++data[kept - 1];
  }
  digits_.Truncate(kept);
  Trim();
}

Result<size_t> Decimal::ParseDigits(StringView text, bool is_hexadecimal) {
  const unsigned base = is_hexadecimal ? 16 : 10;
  bool any = false;
  bool after_point = false;
  bool more = false;
  int count = 0;
  int64_t exponent = 0;  // of the base, or of 2
  const int64_t one = is_hexadecimal ? 4 : 1;
  Decimal digit;
  size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.' && !after_point) {
      after_point = true;
      continue;
    }
    const unsigned value = HexadecimalValue(c);
    if (value >= base) break;
    any = true;
    if (after_point) exponent -= one;
    if (!is_hexadecimal) {
      CATION_TRY(digits_.Append(c));
    } else if (count == kMostHexadecimal) {
      more |= value != 0;
      exponent += one;
    } else if (count != 0 || value != 0) {
      ++count;
      CATION_TRY(Multiply(16));
      CATION_TRY(digit.Set(value));
      CATION_TRY(Add(digit));
    }
  }
  if (!any) return size_t{0};
  if (at < text.size() && Lower(text[at]) == (is_hexadecimal ? 'p' : 'e'))
    exponent += ReadExponent(text, at);
  if (!is_hexadecimal) {
    exponent_ = static_cast<int64_t>(digits_.size()) + exponent;
    Trim();
    return at;
  }
  if (more) {
    CATION_TRY(Multiply(2));
    CATION_TRY(digit.Set(1));
    CATION_TRY(Add(digit));
    --exponent;
  }
  if (exponent > kMostBinaryExponent || exponent < -kMostBinaryExponent) {
    // Far out of range: see Parse().
    if (!digits_.empty()) exponent_ = exponent;
  } else {
    CATION_TRY(Scale(exponent));
  }
  return at;
}

Result<size_t> Decimal::Parse(StringView text, bool* out_of_range) {
  *out_of_range = false;
  CATION_TRY(Set(uint64_t{0}));
  size_t at = 0;
  while (at < text.size() && IsSpace(text[at])) ++at;
  bool negative = false;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) negative = text[at++] == '-';
  const StringView rest = text.From(at);
  size_t size = 0;
  if (BeginsWith(rest, "inf")) {
    kind_ = Kind::kInfinite;
    size = BeginsWith(rest, "infinity") ? 8 : 3;
  } else if (BeginsWith(rest, "nan")) {
    kind_ = Kind::kNotANumber;
    size = 3;
    if (rest.size() > 3 && rest[3] == '(') {
      size_t end = 4;
      while (end < rest.size() && (HexadecimalValue(rest[end]) < 16 || rest[end] == '_' ||
                                   (Lower(rest[end]) >= 'a' && Lower(rest[end]) <= 'z')))
        ++end;
      if (end < rest.size() && rest[end] == ')') size = end + 1;
    }
  } else {
    if (BeginsWith(rest, "0x")) {
      CATION_TRY_ASSIGN(size, ParseDigits(rest.From(2), true));
      if (size != 0) size += 2;
    }
    // "0x" without digits behind it is a 0, and an x.
    if (size == 0) {
      CATION_TRY_ASSIGN(size, ParseDigits(rest, false));
    }
  }
  if (size == 0) return size;
  negative_ = negative;
  if (kind_ == Kind::kFinite && !digits_.empty()) {
    if (CompareParts(digits(), exponent_, kLargest, kLargestExponent) >= 0) {
      kind_ = Kind::kInfinite;
      *out_of_range = true;
    } else if (CompareParts(digits(), exponent_, kSmallest, kSmallestExponent) < 0) {
      *out_of_range = true;
      if (CompareParts(digits(), exponent_, kTiny, kTinyExponent) <= 0) {
        digits_.Truncate(0);
        exponent_ = 0;
      }
    }
  }
  return at + size;
}

int Decimal::CompareSizes(const Decimal& a, const Decimal& b) {
  const bool infinite[] = {a.kind_ == Kind::kInfinite, b.kind_ == Kind::kInfinite};
  if (infinite[0] || infinite[1]) return int{infinite[0]} - int{infinite[1]};
  const bool zero[] = {a.digits_.empty(), b.digits_.empty()};
  if (zero[0] || zero[1]) return int{zero[1]} - int{zero[0]};
  return CompareParts(a.digits(), a.exponent_, b.digits(), b.exponent_);
}

int Compare(const Decimal& a, const Decimal& b) {
  using Kind = Decimal::Kind;
  if (a.kind_ == Kind::kNotANumber || b.kind_ == Kind::kNotANumber) return 0;
  if (a.IsZero() && b.IsZero()) return 0;
  const bool negative[] = {a.negative_ && !a.IsZero(), b.negative_ && !b.IsZero()};
  if (negative[0] != negative[1]) return negative[0] ? -1 : 1;
  const int order = Decimal::CompareSizes(a, b);
  return negative[0] ? -order : order;
}

Result<void> Decimal::Add(const Decimal& other) {
  if (kind_ != Kind::kFinite || other.kind_ != Kind::kFinite) {
    if (kind_ == Kind::kNotANumber || other.kind_ == Kind::kFinite) return {};
    const bool opposed =
        kind_ == Kind::kInfinite && other.kind_ == Kind::kInfinite && negative_ != other.negative_;
    kind_ = opposed ? Kind::kNotANumber : other.kind_;
    negative_ = other.negative_;
    return {};
  }
  if (other.digits_.empty()) return {};
  if (digits_.empty()) return Set(other);
  const bool subtracts = negative_ != other.negative_;
  const bool swapped = CompareSizes(*this, other) < 0;
  const Decimal& large = swapped ? other : *this;
  const Decimal& small = swapped ? *this : other;
  const int64_t top = large.exponent_;
  const auto bottom_of = [](const Decimal& value) {
    return value.exponent_ - static_cast<int64_t>(value.digits_.size());
  };
  const int64_t bottom = Min(bottom_of(large), bottom_of(small));
  const auto size = static_cast<size_t>(top - bottom);
  CATION_TRY(sum_.Resize(size + 1));
  char* const sum = sum_.data();
  int carry = 0;
  for (size_t i = size; i > 0; --i) {
    const int64_t place = top - static_cast<int64_t>(i);  // of ten
    const auto digit = [place](const Decimal& value) {
      const auto index = static_cast<uint64_t>(value.exponent_ - 1 - place);
      return index < value.digits_.size() ? value.digits_.view()[index] - '0' : 0;
    };
    int value =
        subtracts ? digit(large) - digit(small) + carry : digit(large) + digit(small) + carry;
    carry = 0;
    if (value < 0) value += 10, carry = -1;
    if (value > 9) value -= 10, carry = 1;
    sum[i] = static_cast<char>('0' + value);
  }
  sum[0] = static_cast<char>('0' + carry);
  const bool negative = large.negative_;
  Swap(digits_, sum_);
  exponent_ = top + 1;
  Trim();
  negative_ = negative && !digits_.empty();
  return {};
}

}  // namespace cation
