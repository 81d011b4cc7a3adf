// SPDX-License-Identifier: MIT
#include "runtime/start/build_note.h"

#include <stdint.h>

// Made by the build for each program.
// NOLINTNEXTLINE(readability-identifier-naming): a symbol of the build, named as C names are
extern "C" const unsigned char cation_build_note[];

namespace cation {

StringView BuildNote::text() const {
  // Elf64_Nhdr: size of the owner's name, size of the description, type; then "Cation", and the
  // description: lines, each with its end.
  constexpr size_t kTextOffset = 12 + 8;
  uint32_t size = 0;
  __builtin_memcpy(&size, bytes_ + 4, sizeof(size));
  return {reinterpret_cast<const char*>(bytes_) + kTextOffset, size};
}

StringView BuildNote::name() const {
  constexpr size_t kKey = sizeof("name=") - 1;
  const StringView rest = text().From(kKey);
  return rest.First(rest.Find('\n'));
}

StringView BuildNote::Get(StringView key) const {
  StringView rest = text();
  while (!rest.empty()) {
    const size_t end = rest.Find('\n');
    if (rest.StartsWith(key) && rest[key.size()] == '=')
      return rest.First(end).From(key.size() + 1);
    rest = rest.From(end + 1);
  }
  return {};
}

BuildNote ThisProgram() { return BuildNote(cation_build_note); }

}  // namespace cation
