// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_PATTERN_H_
#define CATION_COREUTILS_SUPPORT_PATTERN_H_

#include "runtime/core/string_view.h"

namespace cation {

enum class LeadingDot : bool {
  kIsLiteral,  // a dot at the start of the name is matched by a dot alone, as by shells
  kIsPlain,    // it is a character like others
};

// Whether all of `name` matches the shell pattern `pattern`: * ? [set] [!set] [^set] and ranges,
// classes such as [:digit:], and \ before a character that stands for itself. A [ without its ] is
// itself. Characters of UTF-8 count as one for ?, and in sets. Source: POSIX.1-2024 XCU 2.14,
// fnmatch() without FNM_PATHNAME. Takes time in proportion to the product of both lengths at most.
[[nodiscard]] bool MatchesPattern(StringView pattern, StringView name, LeadingDot dot);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_PATTERN_H_
