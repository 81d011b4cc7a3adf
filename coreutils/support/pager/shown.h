// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_PAGER_SHOWN_H_
#define CATION_COREUTILS_SUPPORT_PAGER_SHOWN_H_

#include <stdint.h>

#include "runtime/core/string_view.h"

namespace cation::pager {

// A character of a text as a terminal may be given it.
struct Shown {
  [[nodiscard]] StringView text() const { return {bytes, size}; }

  char bytes[4];  // what is written
  uint8_t size = 0;
  uint8_t columns = 1;  // that it takes
  uint8_t length = 1;   // bytes of the text that it is
  // Not the character itself, which would command the terminal, or is none: ^X, <FF>, ESC.
  bool is_special = false;
  uint32_t code_point = 0;
};

// The one that `text`, which is not empty, begins with. A tab is a space here.
[[nodiscard]] Shown ShowCharacter(StringView text);

}  // namespace cation::pager

#endif  // CATION_COREUTILS_SUPPORT_PAGER_SHOWN_H_
