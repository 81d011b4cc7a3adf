// SPDX-License-Identifier: MIT
//
// Memory from the C library. relibc links its allocator into every program anyway, so a second one
// would only add bytes.
#ifndef CATION_RUNTIME_CORE_ALLOCATE_H_
#define CATION_RUNTIME_CORE_ALLOCATE_H_

#include <stddef.h>

namespace cation {

// Returns `size` bytes aligned for any type, or nullptr when there is no memory. `size` must not be
// 0. Source: malloc().
[[nodiscard]] void* Allocate(size_t size);
// Grows or shrinks `memory` (which may be nullptr) to `size` bytes; nullptr leaves it as it was.
// Source: realloc().
[[nodiscard]] void* Reallocate(void* memory, size_t size);
// Gives `memory` back; nullptr is fine. Source: free().
void Release(void* memory);

}  // namespace cation

#endif  // CATION_RUNTIME_CORE_ALLOCATE_H_
