// SPDX-License-Identifier: MIT
#ifndef TOOLS_ELF_CHECK_BUILD_NOTE_H_
#define TOOLS_ELF_CHECK_BUILD_NOTE_H_

// The note that every program of Cation carries: which program it is, of which commit, and above
// all which libc it was linked with, since a program linked with the stand-in runs on the host and
// must never get into an image.
//
// In the file it is an ELF note (gABI, "Note Section") in a PT_NOTE segment: owner "Cation" (namesz
// 7, its NUL included), type 1, descriptor text of lines "key=value\n", NULs at its end ignored:
//
//   name=cat
//   version=0.1
//   commit=0123456789ab
//   date=2026-02-01
//   arch=x86_64
//   libc=relibc
//
// All six keys are required, each once; other keys are skipped, so that later versions can add to
// them.

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace cation::elf {

inline constexpr char kBuildNoteOwner[] = "Cation";
inline constexpr uint32_t kBuildNoteType = 1;

struct BuildNote {
  std::string name;
  std::string version;
  std::string commit;
  std::string date;
  std::string arch;
  std::string libc;
};

// The note of an ELF file held in memory; any bytes may be given. The values are printable ASCII
// but not otherwise judged (see CheckElf).
//   kNotFound: an ELF file without such a note, so not a program of Cation.
//   kInvalidArgument: not a 64-bit little-endian ELF file, a note segment that is cut or damaged,
//     more than one note of ours, or a key that is missing, given twice or not text.
// The message is one sentence for a user, without the file's name.
absl::StatusOr<BuildNote> ReadBuildNote(absl::Span<const uint8_t> file);

}  // namespace cation::elf

#endif  // TOOLS_ELF_CHECK_BUILD_NOTE_H_
