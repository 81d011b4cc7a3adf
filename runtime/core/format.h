// SPDX-License-Identifier: MIT
//
// Numbers to text and back: relibc's printf family would cost 33 to 41 KB in each program.
#ifndef CATION_RUNTIME_CORE_FORMAT_H_
#define CATION_RUNTIME_CORE_FORMAT_H_

#include <stdint.h>

#include "runtime/core/result.h"
#include "runtime/core/string_view.h"

namespace cation {

// The digits of a number, held in place.
class Digits {
 public:
  // `value` in `base` 8, 10 or 16 (lower case), at least `width` digits wide (up to 24), padded
  // with `padding` on the left.
  explicit Digits(uint64_t value, unsigned base = 10, size_t width = 0, char padding = '0');

  [[nodiscard]] StringView view() const { return {text_ + start_, sizeof(text_) - start_}; }
  operator StringView() const { return view(); }  // NOLINT(google-explicit-constructor)

 private:
  char text_[24];
  size_t start_;
};

// Reads all of `text` as an unsigned number in `base` 8, 10 or 16. Errors: EINVAL when empty or not
// all digits, ERANGE when too large for 64 bits.
Result<uint64_t> ParseNumber(StringView text, unsigned base = 10);

// The same as C writes numbers: 0x before base 16, 0 before base 8, and a + may come first.
Result<uint64_t> ParseCNumber(StringView text);

}  // namespace cation

#endif  // CATION_RUNTIME_CORE_FORMAT_H_
