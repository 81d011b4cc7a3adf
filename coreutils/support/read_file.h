// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_READ_FILE_H_
#define CATION_COREUTILS_SUPPORT_READ_FILE_H_

#include "runtime/core/string.h"
#include "runtime/sys/sys.h"

namespace cation {

// Appends all that can be read from `file` to `text`. Errors: those of sys::Read(), ENOMEM; what
// was read before stays in `text`.
Result<void> ReadAll(sys::Descriptor file, String& text);

// Appends the content of the file at `path`, for small files that are needed whole. Errors: those
// of sys::Open(), and as above.
Result<void> ReadFile(const char* path, String& text);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_READ_FILE_H_
