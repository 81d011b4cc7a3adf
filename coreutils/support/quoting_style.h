// SPDX-License-Identifier: MIT
//
// Names in the styles of GNU's --quoting-style, byte for byte as GNU writes them in a UTF-8 locale
// without translations.
#ifndef CATION_COREUTILS_SUPPORT_QUOTING_STYLE_H_
#define CATION_COREUTILS_SUPPORT_QUOTING_STYLE_H_

#include <stdint.h>

#include "runtime/core/string.h"

namespace cation {

// In the order of kQuotingStyles.
enum class QuotingStyle : uint8_t {
  kLiteral,            // as it is
  kShell,              // for a shell, quoted where it has to be: 'a b'
  kShellAlways,        // 'a'
  kShellEscape,        // and with escapes for what cannot be shown: 'a'$'\n''b'
  kShellEscapeAlways,  // the same, 'a'
  kC,                  // as a string of C: "a\nb"
  kCMaybe,             // the same, without quotes where nothing needs them
  kEscape,             // the same, without quotes: a\nb
  kLocale,             // between the quotes of the language: ‘a\nb’
};
// For Word() (coreutils/support/options.h).
inline constexpr char kQuotingStyles[] =
    "literal|shell|shell-always|shell-escape|shell-escape-always|c|c-maybe|escape|locale clocale";

// Appends `name` in `style`; the ASCII characters in `also` are treated as special, where the style
// has a way to do so. Errors: ENOMEM.
Result<void> AppendInStyle(String& text, StringView name, QuotingStyle style, StringView also);

// Whether AppendInStyle() would append something else than the name itself.
[[nodiscard]] bool NeedsQuoting(StringView name, QuotingStyle style, StringView also);

// Appends `name` with a ? for each character that a terminal would act on, and for each byte of
// what is no UTF-8. Errors: ENOMEM.
Result<void> AppendWithQuestionMarks(String& text, StringView name);

// Columns of a terminal that `text` takes: see DisplayWidth(); a byte that is no UTF-8 is one.
[[nodiscard]] size_t WidthOf(StringView text);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_QUOTING_STYLE_H_
