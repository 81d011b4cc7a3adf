// SPDX-License-Identifier: MIT
#include "runtime/core/vector.h"

namespace cation {

Result<void> VectorBase::Grow(size_t capacity, size_t element_size) {
  if (capacity == 0) capacity = capacity_ == 0 ? 8 : capacity_ * 2;
  size_t bytes = 0;
  if (__builtin_mul_overflow(capacity, element_size, &bytes)) return Error{abi::kENOMEM};
  void* const grown = Reallocate(data_, bytes);
  if (grown == nullptr) return Error{abi::kENOMEM};
  data_ = grown;
  capacity_ = capacity;
  return {};
}

}  // namespace cation
