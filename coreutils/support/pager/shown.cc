// SPDX-License-Identifier: MIT
#include "coreutils/support/pager/shown.h"

#include "coreutils/support/quote.h"
#include "runtime/core/display_width.h"

namespace cation::pager {

Shown ShowCharacter(StringView text) {
  Shown shown;
  const auto byte = static_cast<uint8_t>(text[0]);
  const size_t length = DecodeUtf8(text, &shown.code_point);
  const auto add = [&](unsigned c) { shown.bytes[shown.size++] = static_cast<char>(c); };
  if (length > 0 && !IsControl(shown.code_point)) {
    for (size_t i = 0; i < length; ++i) add(static_cast<uint8_t>(text[i]));
    shown.length = shown.size;
    shown.columns = static_cast<uint8_t>(DisplayWidth(shown.code_point));
    return shown;
  }
  if (byte == '\t') {
    add(' ');
    return shown;
  }
  shown.is_special = true;
  if (length != 1) {
    constexpr char kHex[] = "0123456789ABCDEF";
    add('<');
    add(static_cast<uint8_t>(kHex[byte >> 4]));
    add(static_cast<uint8_t>(kHex[byte & 15]));
    add('>');
  } else if (byte == '\033') {
    add('E');
    add('S');
    add('C');
  } else {
    add('^');
    add(byte ^ 0x40U);
  }
  shown.columns = shown.size;
  return shown;
}

}  // namespace cation::pager
