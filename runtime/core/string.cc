// SPDX-License-Identifier: MIT
#include "runtime/core/string.h"

#include "runtime/core/allocate.h"

namespace cation {

String::~String() { Release(data_); }

Result<String> String::From(StringView text) {
  String copy;
  CATION_TRY(copy.Append(text));
  return copy;
}

Result<void> String::Reserve(size_t capacity) {
  if (capacity <= capacity_ && data_ != nullptr) return {};
  void* const grown = Reallocate(data_, capacity + 1);
  if (grown == nullptr) return Error{abi::kENOMEM};
  data_ = static_cast<char*>(grown);
  capacity_ = capacity;
  data_[size_] = '\0';
  return {};
}

Result<void> String::Append(StringView text) {
  const size_t needed = size_ + text.size();
  if (needed > capacity_ || data_ == nullptr) CATION_TRY(Reserve(needed + needed / 2 + 16));
  __builtin_memcpy(data_ + size_, text.data(), text.size());
  size_ = needed;
  data_[size_] = '\0';
  return {};
}

void String::Truncate(size_t size) {
  size_ = size;
  if (data_ != nullptr) data_[size] = '\0';
}

Result<void> String::Resize(size_t size) {
  CATION_TRY(Reserve(size));
  Truncate(size);
  return {};
}

Result<void> AppendPathComponent(String& path, StringView name) {
  const size_t before = path.size();
  if (before != 0 && path.view().back() != '/') CATION_TRY(path.Append('/'));
  if (const Result<void> appended = path.Append(name); !appended.ok()) {
    path.Truncate(before);
    return appended.error();
  }
  return {};
}

StringView WithoutSlashes(StringView path) {
  while (path.size() > 1 && path.back() == '/') path = path.First(path.size() - 1);
  return path;
}

StringView LastComponent(StringView path) {
  path = WithoutSlashes(path);
  const size_t slash = path.FindLast('/');
  if (slash == StringView::kNotFound || path.size() == 1) return path;
  return path.From(slash + 1);
}

Result<void> AppendParent(String& text, StringView path) {
  const StringView name = LastComponent(path);
  const StringView parent(path.data(), static_cast<size_t>(name.data() - path.data()));
  return text.Append(parent.empty() ? StringView(".") : parent);
}

}  // namespace cation
