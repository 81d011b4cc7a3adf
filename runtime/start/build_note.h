// SPDX-License-Identifier: MIT
//
// The note that every program carries: what it is, which sources it was built from, and what it is
// linked with. It is an ELF note (owner "Cation", type 1) in the section .note.cation, made by the
// build; installers and elf-check read it from the file, --version from memory.
#ifndef CATION_RUNTIME_START_BUILD_NOTE_H_
#define CATION_RUNTIME_START_BUILD_NOTE_H_

#include "runtime/core/string_view.h"

namespace cation {

class BuildNote {
 public:
  // `bytes`: the whole note, from its header on.
  explicit constexpr BuildNote(const unsigned char* bytes) : bytes_(bytes) {}

  // Its lines: name=, version=, commit=, date=, arch= and libc=, in this order, each with its end.
  [[nodiscard]] StringView text() const;
  // The value of the first line, name=.
  [[nodiscard]] StringView name() const;
  // The value of the line with that key; empty if there is none.
  [[nodiscard]] StringView Get(StringView key) const;

 private:
  const unsigned char* bytes_;
};

// The note of this program.
[[nodiscard]] BuildNote ThisProgram();

}  // namespace cation

#endif  // CATION_RUNTIME_START_BUILD_NOTE_H_
