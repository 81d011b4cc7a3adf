// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_HASH_H_
#define CATION_COREUTILS_SUPPORT_HASH_H_

#include <stdint.h>

#include "runtime/core/string_view.h"

namespace cation {

// FNV-1a, for tables: two texts have the same one less than once in 2^32 texts. `seed` is mixed in
// first, for what is told apart by more than its text.
[[nodiscard]] constexpr uint64_t HashOf(StringView text, uint64_t seed = 0) {
  uint64_t hash = 0xcbf29ce484222325 ^ seed;
  for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return hash;
}

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_HASH_H_
