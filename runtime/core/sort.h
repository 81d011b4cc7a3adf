// SPDX-License-Identifier: MIT
#ifndef CATION_RUNTIME_CORE_SORT_H_
#define CATION_RUNTIME_CORE_SORT_H_

#include <stddef.h>

#include "runtime/core/result.h"

namespace cation {

// Compares what two elements point to: negative, 0 or positive. `context` is the caller's.
using PointerOrder = int (*)(const void* a, const void* b, const void* context);

// Sorts `count` pointers, stable, in O(n log n) comparisons; needs memory for `count` pointers
// more. One function for all element types, since every instance of a template would be paid for in
// each program. Errors: ENOMEM, and the order is as it was.
Result<void> SortPointers(const void** pointers, size_t count, PointerOrder order,
                          const void* context);

}  // namespace cation

#endif  // CATION_RUNTIME_CORE_SORT_H_
