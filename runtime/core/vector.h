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

template <typename T>
class Vector {
 public:
  Vector() = default;
  Vector(Vector&& other) noexcept
      : data_(Exchange(other.data_, static_cast<T*>(nullptr))),
        size_(Exchange(other.size_, size_t{0})),
        capacity_(Exchange(other.capacity_, size_t{0})) {}
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
  [[nodiscard]] T* data() { return data_; }
  [[nodiscard]] const T* data() const { return data_; }
  T& operator[](size_t index) { return data_[index]; }
  const T& operator[](size_t index) const { return data_[index]; }
  [[nodiscard]] T& back() { return data_[size_ - 1]; }
  [[nodiscard]] T* begin() { return data_; }
  [[nodiscard]] T* end() { return data_ + size_; }
  [[nodiscard]] const T* begin() const { return data_; }
  [[nodiscard]] const T* end() const { return data_ + size_; }
  [[nodiscard]] Span<T> span() { return {data_, size_}; }

  // Room for `capacity` elements. Errors: ENOMEM, and the elements are as they were.
  Result<void> Reserve(size_t capacity) {
    if (capacity <= capacity_) return {};
    size_t bytes = 0;
    if (__builtin_mul_overflow(capacity, sizeof(T), &bytes)) return Error{abi::kENOMEM};
    void* const grown = Reallocate(data_, bytes);
    if (grown == nullptr) return Error{abi::kENOMEM};
    data_ = static_cast<T*>(grown);
    capacity_ = capacity;
    return {};
  }
  // Errors: ENOMEM, and the elements are as they were.
  Result<void> PushBack(T value) {
    if (size_ == capacity_) CATION_TRY(Reserve(capacity_ == 0 ? 8 : capacity_ * 2));
    new (Place{data_ + size_}) T(Move(value));
    ++size_;
    return {};
  }
  void PopBack() { data_[--size_].~T(); }
  void Clear() {
    while (size_ != 0) PopBack();
  }

 private:
  T* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace cation

#endif  // CATION_RUNTIME_CORE_VECTOR_H_
