// SPDX-License-Identifier: MIT
//
// Files of Redox's schemes that programs read, where the host has none: /scheme/sys/uname and its
// like.
#ifndef CATION_RUNTIME_STANDIN_SCHEMES_H_
#define CATION_RUNTIME_STANDIN_SCHEMES_H_

#include <stddef.h>

namespace cation::standin {

// What a generator writes; what is too long for it is cut.
class SchemeText {
 public:
  void Add(const char* text) { Add(text, __builtin_strlen(text)); }
  void Add(const char* text, size_t length);
  void AddNumber(unsigned long value);
  void Clear() { size_ = 0; }
  [[nodiscard]] const char* data() const { return text_; }
  [[nodiscard]] size_t size() const { return size_; }

 private:
  char text_[size_t{64} * 1024];
  size_t size_ = 0;
};

// Opens `path` if it is one of a scheme's files that are imitated: a descriptor for reading of what
// the file holds at this moment. Returns false if it is none; otherwise `*result` is the
// descriptor, or an error (negative).
bool OpenOfScheme(const char* path, long* result);

}  // namespace cation::standin

#endif  // CATION_RUNTIME_STANDIN_SCHEMES_H_
