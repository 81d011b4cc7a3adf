// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_COPY_USE_H_
#define CATION_COREUTILS_SUPPORT_COPY_USE_H_

#include <stdint.h>

namespace cation {

// What a program makes copies for: CopyOptions::moves as a constant, so that the linker can leave
// out what the program has no use for.
enum class CopyUse : uint8_t { kBoth, kCopies, kMoves };

// Each program that has a Copier defines it. In the multicall program, which has the one of
// kBoth, cp and mv have it by other names: so no header may use it.
extern const CopyUse kCopyUse;

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_COPY_USE_H_
