// SPDX-License-Identifier: MIT
//
// Numbers as printf() writes them.
#ifndef CATION_COREUTILS_SUPPORT_NUMBER_FORMAT_H_
#define CATION_COREUTILS_SUPPORT_NUMBER_FORMAT_H_

#include "coreutils/support/decimal.h"
#include "coreutils/support/output.h"

namespace cation {

// What stands between % and the letter, and the letter.
struct NumberFormat {
  bool left = false;       // -
  bool plus = false;       // +
  bool space = false;      // a blank where a + would be
  bool alternate = false;  // #
  bool zero = false;       // 0
  char conversion = 'f';   // diouxX, or aAeEfFgG
  uint32_t width = 0;
  int64_t precision = -1;  // negative: none
};

// A number in parts, since it may have many zeros.
struct NumberText {
  String before;  // sign, 0x
  String body;
  uint64_t zeros = 0;  // that many, behind `body`
  String behind;
  bool may_fill = true;  // the flag 0 puts zeros behind `before`

  [[nodiscard]] uint64_t size() const {
    return before.size() + body.size() + zeros + behind.size();
  }
};

// The text of an integer. Errors: ENOMEM.
Result<void> FormatInteger(uint64_t magnitude, bool negative, const NumberFormat& format,
                           NumberText& text);
// The text of `value`, rounded half to even; infinity is inf. %a is as a long double of x87 is
// written: the mantissa has 64 bits, of which the first four stand before the point. `value` is
// changed. Errors: ENOMEM.
Result<void> FormatDecimal(Decimal& value, const NumberFormat& format, NumberText& text);

// Writes `count` times the byte.
void Fill(Output& out, char byte, uint64_t count);
// Writes `text`, as wide as `format` says.
void WriteNumber(Output& out, const NumberText& text, const NumberFormat& format);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_NUMBER_FORMAT_H_
