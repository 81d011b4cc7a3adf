// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_WORKING_DIRECTORY_H_
#define CATION_COREUTILS_SUPPORT_WORKING_DIRECTORY_H_

#include "runtime/core/string.h"

namespace cation {

// Appends the path of the working directory to `path`, also where it is longer than a system takes
// for a path: there, by the entries of the directories above. Errors: as sys::WorkingDirectory(),
// and those of reading directories.
Result<void> AppendWorkingDirectory(String& path);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_WORKING_DIRECTORY_H_
