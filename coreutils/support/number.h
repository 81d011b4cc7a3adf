// SPDX-License-Identifier: MIT
//
// Counts as GNU's utilities take them: 10, 4k, 1MiB. For head, tail, split and their like.
#ifndef CATION_COREUTILS_SUPPORT_NUMBER_H_
#define CATION_COREUTILS_SUPPORT_NUMBER_H_

#include <stdint.h>

#include "runtime/core/result.h"
#include "runtime/core/string_view.h"

namespace cation {

// Of units, these letters: b is 512; k, K, M, G, T, P, E, Z, Y, R and Q are powers of 1024 (m is
// M), the same with iB; with B alone they are powers of 1000.
inline constexpr char kUnits[] = "bkKmMGTPEZYRQ";

struct Count {
  uint64_t value = 0;  // UINT64_MAX when it is too large for 64 bits
  bool too_large = false;
};

// Reads decimal digits and a unit, of which `units` has the letters; a unit alone is one of it.
// Blanks and a + may come first, as strtoumax() has it. Errors: EINVAL.
Result<Count> ParseCount(StringView text, StringView units);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_NUMBER_H_
