// SPDX-License-Identifier: MIT
#include "runtime/start/build_note.h"

#include <stdint.h>

#include "runtime/core/utility.h"

// Made by the build for each program.
// NOLINTNEXTLINE(readability-identifier-naming): a symbol of the build, named as C names are
extern "C" const unsigned char cation_build_note[];

namespace cation {

StringView BuildNote::Get(StringView key) const {
  // Elf64_Nhdr: size of the owner's name, size of the description, type; then both, each padded to
  // 4 bytes.
  constexpr size_t kHeaderSize = 12;
  uint32_t owner_size = 0;
  uint32_t description_size = 0;
  __builtin_memcpy(&owner_size, bytes_, sizeof(owner_size));
  __builtin_memcpy(&description_size, bytes_ + 4, sizeof(description_size));
  StringView rest(reinterpret_cast<const char*>(bytes_) + kHeaderSize + (owner_size + 3) / 4 * 4,
                  description_size);
  while (!rest.empty()) {
    const size_t end = Min(rest.Find('\n'), rest.size());
    const StringView line = rest.First(end);
    if (line.StartsWith(key) && line.size() > key.size() && line[key.size()] == '=')
      return line.From(key.size() + 1);
    rest = rest.From(Min(end + 1, rest.size()));
  }
  return {};
}

BuildNote ThisProgram() { return BuildNote(cation_build_note); }

}  // namespace cation
