// SPDX-License-Identifier: MIT
#ifndef CATION_RUNTIME_CORE_ERROR_MESSAGE_H_
#define CATION_RUNTIME_CORE_ERROR_MESSAGE_H_

#include "runtime/core/result.h"
#include "runtime/core/string_view.h"

namespace cation {

// What `error` means, in the words people know from other systems ("No such file or directory");
// empty for a number without words here. Our own table: strerror() of relibc brings its formatting
// code along.
[[nodiscard]] StringView ErrorMessage(Error error);

}  // namespace cation

#endif  // CATION_RUNTIME_CORE_ERROR_MESSAGE_H_
