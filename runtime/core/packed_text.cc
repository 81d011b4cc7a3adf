// SPDX-License-Identifier: MIT
#include "runtime/core/packed_text.h"

namespace cation {
namespace {

Result<void> Append(String& text, const char* bytes, size_t count, StringView name) {
  for (; count != 0; --count, ++bytes) {
    const auto byte = static_cast<unsigned char>(*bytes);
    CATION_TRY(byte >= 0x80 ? Append(text, kTextPairs + (byte - 0x80) * 2, 2, name)
                            : text.Append(byte == 1 ? name : StringView(bytes, 1)));
  }
  return {};
}

}  // namespace

Result<void> AppendUnpacked(String& text, const char* packed, StringView name) {
  return Append(text, packed, __builtin_strlen(packed), name);
}

}  // namespace cation
