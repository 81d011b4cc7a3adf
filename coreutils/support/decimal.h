// SPDX-License-Identifier: MIT
//
// Decimal numbers of any length, exact: 0.1 is a tenth. For printf and seq, whose results would
// otherwise show what binary numbers cannot hold.
//
// How large and small they get is as with x87's long double, which GNU has on x86_64: about 1e4932
// and 1e-4951. What is beyond is infinite or 0.
#ifndef CATION_COREUTILS_SUPPORT_DECIMAL_H_
#define CATION_COREUTILS_SUPPORT_DECIMAL_H_

#include <stdint.h>

#include "runtime/core/string.h"

namespace cation {

class Decimal {
 public:
  enum class Kind : uint8_t { kFinite, kInfinite, kNotANumber };

  // Reads the number that `text` begins with, as strtold() does: spaces, a sign, decimal or
  // hexadecimal digits with a point and an exponent, inf, infinity, nan. Returns how many bytes it
  // takes; 0: there is none, and the value is 0. `out_of_range`: it was too large or too small.
  // Errors: ENOMEM.
  Result<size_t> Parse(StringView text, bool* out_of_range);
  // Errors: ENOMEM.
  Result<void> Set(uint64_t value);
  Result<void> Set(const Decimal& other);

  // Adds `other`. Errors: ENOMEM.
  Result<void> Add(const Decimal& other);
  // Multiplies by 2 to the power of `exponent`. Errors: ENOMEM.
  Result<void> Scale(int64_t exponent);
  // Rounds to the first `count` digits, half to even. `count` may be 0 or less: what is there then
  // is 0, or one unit of the place in front. Errors: none.
  void Round(int64_t count);

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] bool negative() const { return negative_; }
  [[nodiscard]] bool IsZero() const { return kind_ == Kind::kFinite && digits_.empty(); }
  // The value is 0.DIGITS times 10 to the power of exponent(); the digits ('0' to '9') neither
  // begin nor end with a 0, and there are none for 0.
  [[nodiscard]] StringView digits() const { return digits_.view(); }
  [[nodiscard]] int64_t exponent() const { return exponent_; }

  // Negative, 0 or positive; of what is not a number, 0.
  friend int Compare(const Decimal& a, const Decimal& b);

 private:
  // Of the absolute values.
  static int CompareSizes(const Decimal& a, const Decimal& b);
  Result<size_t> ParseDigits(StringView text, bool is_hexadecimal);
  Result<void> Multiply(uint32_t factor);
  void Trim();

  String digits_;
  String sum_;  // for Add(): kept, since it is called often
  int64_t exponent_ = 0;
  Kind kind_ = Kind::kFinite;
  bool negative_ = false;
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_DECIMAL_H_
