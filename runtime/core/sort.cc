// SPDX-License-Identifier: MIT
#include "runtime/core/sort.h"

#include "runtime/core/allocate.h"

namespace cation {

// Merge sort from the bottom up: runs of 1, 2, 4, … elements are merged from one array into the
// other.
Result<void> SortPointers(const void** pointers, size_t count, PointerOrder order,
                          const void* context) {
  if (count < 2) return {};
  if (count > static_cast<size_t>(-1) / sizeof(void*)) return Error{abi::kENOMEM};
  auto** const scratch = static_cast<const void**>(Allocate(count * sizeof(void*)));
  if (scratch == nullptr) return Error{abi::kENOMEM};

  const void** from = pointers;
  const void** to = scratch;
  for (size_t run = 1; run < count; run *= 2) {
    for (size_t start = 0; start < count; start += 2 * run) {
      const size_t middle = Min(start + run, count);
      const size_t end = Min(middle + run, count);
      size_t left = start;
      size_t right = middle;
      for (size_t out = start; out < end; ++out) {
        const bool take_left =
            left < middle && (right >= end || order(from[left], from[right], context) <= 0);
        to[out] = from[take_left ? left++ : right++];
      }
    }
    Swap(from, to);
  }
  if (from != pointers) __builtin_memcpy(pointers, from, count * sizeof(void*));
  Release(scratch);
  return {};
}

}  // namespace cation
