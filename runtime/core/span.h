// SPDX-License-Identifier: MIT
//
// Span<T>: a contiguous run of elements that somebody else owns.
#ifndef CATION_RUNTIME_CORE_SPAN_H_
#define CATION_RUNTIME_CORE_SPAN_H_

#include <stddef.h>

namespace cation {

template <typename T>
class Span {
 public:
  constexpr Span() = default;
  constexpr Span(T* data, size_t size) : data_(data), size_(size) {}
  template <size_t kSize>
  // NOLINTNEXTLINE(google-explicit-constructor)
  constexpr Span(T (&array)[kSize]) : data_(array), size_(kSize) {}

  [[nodiscard]] constexpr T* data() const { return data_; }
  [[nodiscard]] constexpr size_t size() const { return size_; }
  [[nodiscard]] constexpr bool empty() const { return size_ == 0; }
  constexpr T& operator[](size_t index) const { return data_[index]; }
  [[nodiscard]] constexpr T* begin() const { return data_; }
  [[nodiscard]] constexpr T* end() const { return data_ + size_; }
  // Everything from `offset` on; `offset` may be size().
  [[nodiscard]] constexpr Span From(size_t offset) const {
    return {data_ + offset, size_ - offset};
  }
  [[nodiscard]] constexpr Span First(size_t count) const { return {data_, count}; }

 private:
  T* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace cation

#endif  // CATION_RUNTIME_CORE_SPAN_H_
