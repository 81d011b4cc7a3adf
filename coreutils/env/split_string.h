// SPDX-License-Identifier: MIT
//
// env -S: one argument that is several, as "#!" lines hand it over.
#ifndef CATION_COREUTILS_ENV_SPLIT_STRING_H_
#define CATION_COREUTILS_ENV_SPLIT_STRING_H_

#include "runtime/core/string.h"
#include "runtime/core/vector.h"
#include "runtime/start/context.h"

namespace cation::env {

// Appends the arguments that `text` is made of to `words`; their bytes are in `storage`, which must
// stay as it is for as long as they are used.
//
// Outside of quotes, spaces divide; # at an argument's start ends all. Within '...' only \\ and \'
// are special; elsewhere also \" \# \$, \f \n \r \t \v, \_ (a space in "...", a division outside),
// \c (the end, not in "...") and ${NAME}, the variable's value, which is not divided again. An
// unset one is nothing, and makes no argument by itself.
//
// Reports what is wrong with the text, or that there is no memory, and returns false.
[[nodiscard]] bool SplitString(const Context& context, const char* text, String& storage,
                               Vector<char*>& words);

}  // namespace cation::env

#endif  // CATION_COREUTILS_ENV_SPLIT_STRING_H_
