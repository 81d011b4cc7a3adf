// SPDX-License-Identifier: MIT
#include "runtime/core/allocate.h"

namespace cation {

// By builtin: the C library's own declarations differ in their exception specifications from host
// to host.
void* Allocate(size_t size) { return __builtin_malloc(size); }
void* Reallocate(void* memory, size_t size) { return __builtin_realloc(memory, size); }
void Release(void* memory) { __builtin_free(memory); }

}  // namespace cation
