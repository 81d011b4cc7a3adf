// SPDX-License-Identifier: MIT
#include "coreutils/support/read_file.h"

namespace cation {

Result<void> ReadAll(sys::Descriptor file, String& text) {
  constexpr size_t kStep = 4096;
  for (;;) {
    const size_t size = text.size();
    const size_t room = Max(size, kStep);
    CATION_TRY(text.Reserve(size + room));
    CATION_TRY_ASSIGN(const size_t count, sys::Read(file, {text.data() + size, room}));
    if (count == 0) return {};
    text.Truncate(size + count);
  }
}

Result<void> ReadFile(const char* path, String& text) {
  CATION_TRY_ASSIGN(const sys::Descriptor descriptor, sys::Open(sys::At(path), sys::kRead));
  const sys::File file(descriptor);
  return ReadAll(file.get(), text);
}

}  // namespace cation
