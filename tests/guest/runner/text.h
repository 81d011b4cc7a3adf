// SPDX-License-Identifier: MIT
#ifndef CATION_TESTS_GUEST_RUNNER_TEXT_H_
#define CATION_TESTS_GUEST_RUNNER_TEXT_H_

#include "coreutils/support/diagnostics.h"
#include "runtime/core/format.h"

namespace cation::guest {

// By value: literals become pointers. Appends all parts; what there is no memory for is left out,
// as AddText() does.
template <typename... Parts>
void AddTexts(String& text, Parts... parts) {
  (AddText(text, parts), ...);
}

}  // namespace cation::guest

#endif  // CATION_TESTS_GUEST_RUNNER_TEXT_H_
