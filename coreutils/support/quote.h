// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_QUOTE_H_
#define CATION_COREUTILS_SUPPORT_QUOTE_H_

#include <stdint.h>

#include "runtime/core/string.h"

namespace cation {

// Appends `name` to `text` so that a message stays one line and cannot send commands to a terminal:
// as it is when it is plain, otherwise as a POSIX shell would read it back: 'a b', or $'a\nb' when
// it holds control bytes or bytes that are no UTF-8. Errors: ENOMEM.
Result<void> AppendQuoted(String& text, StringView name);

// The same, with quotes also around a plain name: 'a'.
Result<void> AppendInQuotes(String& text, StringView name);

// Whether a terminal would act on the character instead of showing it (C0, DEL, C1).
[[nodiscard]] constexpr bool IsControl(uint32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0);
}

// Length in bytes of the UTF-8 character that `text` (not empty) begins with, 1 to 4; 0 if it
// begins with none. `code_point` may be nullptr.
size_t DecodeUtf8(StringView text, uint32_t* code_point);

// Whether all of `text` (not empty) is the beginning of a UTF-8 character, but not the whole.
[[nodiscard]] bool IsCutUtf8(StringView text);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_QUOTE_H_
