// SPDX-License-Identifier: MIT
//
// String: owned, growing text, always terminated so that it can be handed to C functions.
#ifndef CATION_RUNTIME_CORE_STRING_H_
#define CATION_RUNTIME_CORE_STRING_H_

#include "runtime/core/result.h"
#include "runtime/core/string_view.h"

namespace cation {

class String {
 public:
  String() = default;
  String(String&& other) noexcept
      : data_(Exchange(other.data_, static_cast<char*>(nullptr))),
        size_(Exchange(other.size_, size_t{0})),
        capacity_(Exchange(other.capacity_, size_t{0})) {}
  String& operator=(String&& other) noexcept {
    Swap(data_, other.data_);
    Swap(size_, other.size_);
    Swap(capacity_, other.capacity_);
    return *this;
  }
  String(const String&) = delete;
  String& operator=(const String&) = delete;
  ~String();

  // A copy of `text`. Errors: ENOMEM.
  static Result<String> From(StringView text);

  [[nodiscard]] const char* c_str() const { return data_ == nullptr ? "" : data_; }
  // nullptr before there is any.
  [[nodiscard]] char* data() { return data_; }
  [[nodiscard]] const char* data() const { return data_; }
  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  // Its data() is nullptr as well before there is any.
  [[nodiscard]] StringView view() const { return {data_, size_}; }

  // Room for `capacity` bytes without further allocation. Errors: ENOMEM, and the text is as it
  // was.
  Result<void> Reserve(size_t capacity);
  // Errors: ENOMEM, and the text is as it was.
  Result<void> Append(StringView text);
  Result<void> Append(char byte) { return Append(StringView(&byte, 1)); }
  // Cuts to `size` bytes, which must not be more than size().
  void Truncate(size_t size);
  // Makes the size `size` bytes; new bytes are not set. Errors: ENOMEM.
  Result<void> Resize(size_t size);

 private:
  char* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;  // without the terminator
};

// Appends "/" (unless `path` is empty or ends in one) and `name` to `path`. Errors: ENOMEM.
Result<void> AppendPathComponent(String& path, StringView name);

// `path` without slashes at its end, unless there is nothing else.
[[nodiscard]] StringView WithoutSlashes(StringView path);

// The last component of `path` as POSIX basename() gives it, as a part of `path`: "a/b//" is "b",
// "//" is "/", "" is "".
[[nodiscard]] StringView LastComponent(StringView path);
// Appends the path of the directory that the last component of `path` is in, with its slash; "."
// where `path` has no other. Errors: ENOMEM.
Result<void> AppendParent(String& text, StringView path);

}  // namespace cation

#endif  // CATION_RUNTIME_CORE_STRING_H_
