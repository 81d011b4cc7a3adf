// SPDX-License-Identifier: MIT
//
// What every backend shares.
#include "runtime/sys/sys.h"

namespace cation::sys {

Result<void> WriteAll(Descriptor descriptor, StringView data) {
  while (!data.empty()) {
    CATION_TRY_ASSIGN(const size_t written, Write(descriptor, data));
    // A write of something that writes nothing would be repeated for ever.
    if (written == 0) return Error{abi::kEIO};
    data = data.From(written);
  }
  return {};
}

Result<FileStatus> StatusAt(const char* path, Follow follow) { return StatusAt(At(path), follow); }

Result<bool> IsAtOrBelow(String& path, Identity here, const Identity& directory) {
  for (;;) {
    if (here == directory) return true;
    CATION_TRY(path.Append("/.."));
    const Result<FileStatus> above = StatusAt(path.c_str(), Follow::kYes);
    if (!above.ok()) return above.error();
    // The root is its own parent.
    if (above.value().identity() == here) return false;
    here = above.value().identity();
  }
}

bool IsFixedName(StringView name) {
  if (name.size() == 1) return name[0] == '/' || name[0] == '.';
  return name == "..";
}

Result<void> File::Close() {
  if (descriptor_ == kNone) return {};
  return sys::Close(Exchange(descriptor_, kNone));
}

}  // namespace cation::sys
