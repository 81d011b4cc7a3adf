// SPDX-License-Identifier: MIT
#ifndef CATION_RUNTIME_CORE_ERROR_MESSAGE_H_
#define CATION_RUNTIME_CORE_ERROR_MESSAGE_H_

#include "runtime/core/result.h"
#include "runtime/core/string.h"

namespace cation {

// Appends what `error` means, in the words people know from other systems ("No such file or
// directory"), to `text`. Returns false for a number without words here. Where there is no memory
// for them, a part of them is missing. Our own table: strerror() of relibc brings its formatting
// code along.
bool AddErrorMessage(String& text, Error error);

}  // namespace cation

#endif  // CATION_RUNTIME_CORE_ERROR_MESSAGE_H_
