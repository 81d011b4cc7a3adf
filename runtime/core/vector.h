// SPDX-License-Identifier: MIT
//
// Vector<T>: an owned, growing array. Elements are moved in memory by copying their bytes, so T
// must not point into itself (no type of the suite does).
#ifndef CATION_RUNTIME_CORE_VECTOR_H_
#define CATION_RUNTIME_CORE_VECTOR_H_

#include "runtime/core/allocate.h"
#include "runtime/core/result.h"
#include "runtime/core/span.h"

namespace cation {

// What does not depend on T, once in a program.
class VectorBase {
 protected:
  // Room for `capacity` elements of `element_size` bytes; 0: for one more at least. Errors: ENOMEM.
  Result<void> Grow(size_t capacity, size_t element_size);

  void* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

template <typename T>
class Vector : private VectorBase {
 public:
  Vector() = default;
  Vector(Vector&& other) noexcept {
    data_ = Exchange(other.data_, static_cast<void*>(nullptr));
    size_ = Exchange(other.size_, size_t{0});
    capacity_ = Exchange(other.capacity_, size_t{0});
  }
  Vector& operator=(Vector&& other) noexcept {
    Swap(data_, other.data_);
    Swap(size_, other.size_);
    Swap(capacity_, other.capacity_);
    return *this;
  }
  Vector(const Vector&) = delete;
  Vector& operator=(const Vector&) = delete;
  ~Vector() {
    Clear();
    Release(data_);
  }

  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] T* data() { return static_cast<T*>(data_); }
  [[nodiscard]] const T* data() const { return static_cast<const T*>(data_); }
  T& operator[](size_t index) { return data()[index]; }
  const T& operator[](size_t index) const { return data()[index]; }
  [[nodiscard]] T& back() { return data()[size_ - 1]; }
  [[nodiscard]] T* begin() { return data(); }
  [[nodiscard]] T* end() { return data() + size_; }
  [[nodiscard]] const T* begin() const { return data(); }
  [[nodiscard]] const T* end() const { return data() + size_; }
  [[nodiscard]] Span<T> span() { return {data(), size_}; }

  // Room for `capacity` elements. Errors: ENOMEM, and the elements are as they were.
  Result<void> Reserve(size_t capacity) {
    if (capacity <= capacity_) return {};
    return Grow(capacity, sizeof(T));
  }
  // Errors: ENOMEM, and the elements are as they were.
  Result<void> PushBack(T value) {
    if (size_ == capacity_) CATION_TRY(Grow(0, sizeof(T)));
    new (Place{data() + size_}) T(Move(value));
    ++size_;
    return {};
  }
  void PopBack() { data()[--size_].~T(); }
  void Clear() {
    while (size_ != 0) PopBack();
  }
};

}  // namespace cation

#endif  // CATION_RUNTIME_CORE_VECTOR_H_
