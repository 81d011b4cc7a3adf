// SPDX-License-Identifier: MIT
#ifndef IMAGE_SYSTEM_ERROR_H_
#define IMAGE_SYSTEM_ERROR_H_

// What a failed system call of the host means, in the words of tree.h.

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace cation::image {

// `error` is an errno value (POSIX). What is not foreseen, EIO among it, is kDataLoss.
absl::StatusCode CodeOfError(int error);

// "what: No such file or directory".
absl::Status SystemError(int error, absl::string_view what);

}  // namespace cation::image

#endif  // IMAGE_SYSTEM_ERROR_H_
