// SPDX-License-Identifier: MIT
//
// Backslash escapes in texts that users give: echo -e, printf, stat --printf.
//
//   for (size_t i = 0; i < text.size();) {
//     if (text[i] != '\\') { out.Write(text[i++]); continue; }
//     const Escape escape = ReadEscape(text.From(i), EscapeDialect::kEcho);
//     if (escape.kind == Escape::Kind::kStop) return;
//     out.Write(escape.view());
//     i += escape.length;
//   }
#ifndef CATION_COREUTILS_SUPPORT_ESCAPE_H_
#define CATION_COREUTILS_SUPPORT_ESCAPE_H_

#include <stdint.h>

#include "runtime/core/string_view.h"

namespace cation {

// All know \\ \a \b \e \f \n \r \t \v and \xHH (one digit or two), and octal numbers of up to three
// digits, of which the lowest eight bits count.
enum class EscapeDialect : uint8_t {
  kEcho,            // and \c, \NNN, \0NNN
  kPrintfFormat,    // and \c, \", \NNN (\0101 is \010 and a 1), \uHHHH, \UHHHHHHHH
  kPrintfArgument,  // %b: and \c, \", \NNN, \0NNN, \uHHHH, \UHHHHHHHH
  kStat,            // and \", \NNN
};

struct Escape {
  enum class Kind : uint8_t {
    kBytes,           // view() is what it stands for
    kStop,            // \c: no more output
    kUnknown,         // no escape; view() is what GNU writes: as it is, for stat without backslash
    kUnfinished,      // nothing comes behind the backslash; view() is the backslash
    kMissingDigits,   // \x, \u, \U of printf with too few hexadecimal digits: an error there
    kWrongCharacter,  // \u, \U with half of a pair of UTF-16: an error, too
  };

  [[nodiscard]] StringView view() const { return {bytes, size}; }

  Kind kind = Kind::kBytes;
  uint8_t size = 0;
  char bytes[10] = {};
  // Of the text, at least 1: how many bytes it takes, the backslash among them.
  uint8_t length = 0;
};

// The escape that `text` begins with: text[0] is a backslash.
[[nodiscard]] Escape ReadEscape(StringView text, EscapeDialect dialect);

// Writes the UTF-8 of `code_point` to `bytes`, and returns how many there are, 1 to 4; 0 when it is
// above 0x10ffff.
size_t EncodeUtf8(uint32_t code_point, char* bytes);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_ESCAPE_H_
