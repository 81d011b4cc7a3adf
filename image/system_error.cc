// SPDX-License-Identifier: MIT
#include "image/system_error.h"

#include <cerrno>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace cation::image {

absl::StatusCode CodeOfError(int error) {
  switch (error) {
    case ENOENT:
      return absl::StatusCode::kNotFound;
    case EBUSY:
    case EEXIST:
    case EINVAL:
    case EISDIR:
    case ELOOP:
    case ENOTDIR:
    case ENOTEMPTY:
    case ETXTBSY:
    case EXDEV:
      return absl::StatusCode::kFailedPrecondition;
    case EDQUOT:
    case EFBIG:
    case EMFILE:
    case EMLINK:
    case ENFILE:
    case ENOMEM:
    case ENOSPC:
      return absl::StatusCode::kResourceExhausted;
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::StatusCode::kPermissionDenied;
    case EILSEQ:
    case ENAMETOOLONG:
    case ENOSYS:
    case EOPNOTSUPP:
      return absl::StatusCode::kUnimplemented;
    case ESTALE:
    case ENODEV:
    case ENOTCONN:
    case ESHUTDOWN:
      return absl::StatusCode::kUnavailable;
    default:
      return absl::StatusCode::kDataLoss;
  }
}

absl::Status SystemError(int error, absl::string_view what) {
  return absl::Status(CodeOfError(error), absl::StrCat(what, ": ", std::strerror(error)));
}

}  // namespace cation::image
