// SPDX-License-Identifier: MIT
#ifndef CATION_SHELL_EXT_SUPPORT_HAS_TEXT_H_
#define CATION_SHELL_EXT_SUPPORT_HAS_TEXT_H_

#include "runtime/core/string_view.h"

namespace cation {

// Whether `text` is anywhere in `line`; with `ignore_case` the letters A to Z and a to z are alike.
[[nodiscard]] bool HasText(StringView line, StringView text, bool ignore_case);

}  // namespace cation

#endif  // CATION_SHELL_EXT_SUPPORT_HAS_TEXT_H_
