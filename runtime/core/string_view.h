// SPDX-License-Identifier: MIT
//
// StringView: bytes of text that somebody else owns. Names in the suite are bytes: nothing here
// assumes UTF-8.
#ifndef CATION_RUNTIME_CORE_STRING_VIEW_H_
#define CATION_RUNTIME_CORE_STRING_VIEW_H_

#include <stddef.h>

namespace cation {

class StringView {
 public:
  static constexpr size_t kNotFound = static_cast<size_t>(-1);

  constexpr StringView() = default;
  constexpr StringView(const char* data, size_t size) : data_(data), size_(size) {}
  // `text` is terminated. Of a literal, the optimizer knows the length.
  // NOLINTNEXTLINE(google-explicit-constructor)
  constexpr StringView(const char* text) : data_(text), size_(__builtin_strlen(text)) {}

  [[nodiscard]] constexpr const char* data() const { return data_; }
  [[nodiscard]] constexpr size_t size() const { return size_; }
  [[nodiscard]] constexpr bool empty() const { return size_ == 0; }
  constexpr char operator[](size_t index) const { return data_[index]; }
  [[nodiscard]] constexpr const char* begin() const { return data_; }
  [[nodiscard]] constexpr const char* end() const { return data_ + size_; }
  [[nodiscard]] constexpr char back() const { return data_[size_ - 1]; }

  // Everything from `offset` on; `offset` may be size().
  [[nodiscard]] constexpr StringView From(size_t offset) const {
    return {data_ + offset, size_ - offset};
  }
  [[nodiscard]] constexpr StringView First(size_t count) const { return {data_, count}; }

  [[nodiscard]] constexpr bool StartsWith(StringView prefix) const {
    return size_ >= prefix.size_ && __builtin_memcmp(data_, prefix.data_, prefix.size_) == 0;
  }
  [[nodiscard]] constexpr bool EndsWith(StringView suffix) const {
    return size_ >= suffix.size_ && From(size_ - suffix.size_) == suffix;
  }
  // Position of the first (last) `wanted`, or kNotFound.
  [[nodiscard]] constexpr size_t Find(char wanted) const {
    for (size_t i = 0; i < size_; ++i) {
      if (data_[i] == wanted) return i;
    }
    return kNotFound;
  }
  [[nodiscard]] constexpr size_t FindLast(char wanted) const {
    for (size_t i = size_; i > 0; --i) {
      if (data_[i - 1] == wanted) return i - 1;
    }
    return kNotFound;
  }

  friend constexpr bool operator==(StringView a, StringView b) {
    return a.size_ == b.size_ && __builtin_memcmp(a.data_, b.data_, a.size_) == 0;
  }

 private:
  const char* data_ = "";
  size_t size_ = 0;
};

// Order of the bytes as unsigned numbers, as strcmp() in the POSIX locale: negative, 0 or positive.
[[nodiscard]] constexpr int Compare(StringView a, StringView b) {
  const size_t common = a.size() < b.size() ? a.size() : b.size();
  const int order = __builtin_memcmp(a.data(), b.data(), common);
  if (order != 0) return order;
  if (a.size() == b.size()) return 0;
  return a.size() < b.size() ? -1 : 1;
}

}  // namespace cation

#endif  // CATION_RUNTIME_CORE_STRING_VIEW_H_
