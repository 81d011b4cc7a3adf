// SPDX-License-Identifier: MIT
//
// The few pieces of <utility> and <type_traits> that freestanding code needs: Redox programs are
// built without a C++ library.
#ifndef CATION_RUNTIME_CORE_UTILITY_H_
#define CATION_RUNTIME_CORE_UTILITY_H_

#include <stddef.h>
#include <stdint.h>

namespace cation {

template <typename T>
struct RemoveReferenceTrait {
  using Type = T;
};
template <typename T>
struct RemoveReferenceTrait<T&> {
  using Type = T;
};
template <typename T>
struct RemoveReferenceTrait<T&&> {
  using Type = T;
};
template <typename T>
using RemoveReference = typename RemoveReferenceTrait<T>::Type;

template <typename T>
[[nodiscard]] constexpr RemoveReference<T>&& Move(T&& value) noexcept {
  return static_cast<RemoveReference<T>&&>(value);
}

// Stores `next` in `value` and returns what was there.
template <typename T>
constexpr T Exchange(T& value, T next) noexcept {
  T old = Move(value);
  value = Move(next);
  return old;
}

template <typename T>
constexpr void Swap(T& a, T& b) noexcept {
  T old = Move(a);
  a = Move(b);
  b = Move(old);
}

template <typename T>
[[nodiscard]] constexpr const T& Min(const T& a, const T& b) {
  return b < a ? b : a;
}

template <typename T>
[[nodiscard]] constexpr const T& Max(const T& a, const T& b) {
  return a < b ? b : a;
}

// For placement new: <new> belongs to a C++ library.
struct Place {
  void* where;
};

}  // namespace cation

[[nodiscard, gnu::returns_nonnull]] inline void* operator new(size_t,
                                                              cation::Place place) noexcept {
  return place.where;
}
inline void operator delete(void*, cation::Place) noexcept {}

#endif  // CATION_RUNTIME_CORE_UTILITY_H_
