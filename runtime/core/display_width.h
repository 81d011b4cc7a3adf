// SPDX-License-Identifier: MIT
#ifndef CATION_RUNTIME_CORE_DISPLAY_WIDTH_H_
#define CATION_RUNTIME_CORE_DISPLAY_WIDTH_H_

#include <stdint.h>

namespace cation {

// Columns that a terminal gives to the character: 0 for one that is drawn over the one before
// (combining marks, joiners) and for control characters, 2 for the wide ones of East Asia and most
// emoji, otherwise 1, also when nothing is known about it. Source: Unicode 15, as glibc 2.36 reads
// it (wcwidth() in C.UTF-8).
[[nodiscard]] unsigned DisplayWidth(uint32_t code_point);

}  // namespace cation

#endif  // CATION_RUNTIME_CORE_DISPLAY_WIDTH_H_
