// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_LN_RELATIVE_TARGET_H_
#define CATION_COREUTILS_LN_RELATIVE_TARGET_H_

#include "runtime/core/string.h"

namespace cation::ln {

// The way to `source` from the directory that `link` is (to be) in: both as they really are, all
// symbolic links followed; what does not exist is taken by its text. Errors: those of
// sys::WorkingDirectory() and sys::ReadSymbolicLink(), ELOOP, ENOMEM.
Result<String> RelativeTarget(const char* source, const char* link);

}  // namespace cation::ln

#endif  // CATION_COREUTILS_LN_RELATIVE_TARGET_H_
