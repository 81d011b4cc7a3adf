// SPDX-License-Identifier: MIT
#ifndef TOOLS_ELF_CHECK_ELF_CHECK_H_
#define TOOLS_ELF_CHECK_ELF_CHECK_H_

// Says of a linked program whether Redox can start it. Redox exec checks next to nothing: it does
// not look at e_type, e_machine or the entry point, so each thing found here is one that somebody
// met as a program that dies without a word, or as "File exists" at the prompt.
//
//   Requirements requirements;
//   requirements.libc = Libc::kRelibc;
//   for (const std::string& finding : CheckElf(bytes, requirements)) { ... }

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

namespace cation::elf {

enum class Arch : uint8_t { kX8664, kAarch64 };
enum class Libc : uint8_t { kStandin, kRelibc };

// As they are written in the build note and on the command line: "x86_64", "aarch64"; "standin",
// "relibc".
absl::string_view ArchName(Arch arch);
absl::string_view LibcName(Libc libc);

// Nothing where name is none of them.
absl::optional<Arch> ParseArch(absl::string_view name);
absl::optional<Libc> ParseLibc(absl::string_view name);

// Both architectures of Redox use pages of this many bytes.
inline constexpr uint64_t kPageSize = 4096;

// The lowest address a program may map: below it a null pointer with an offset would not fault.
inline constexpr uint64_t kLowestAddress = 65536;

// User addresses end here on both architectures.
inline constexpr uint64_t kAddressLimit = uint64_t{1} << 47;

// Executable bytes in the file below which code must have been lost: the smallest real program (an
// empty Main on the stand-in) has more than twice as many, the broken ones people had 332.
inline constexpr uint64_t kMinimumTextBytes = 512;

// relibc gives a thread block at most a page's alignment.
inline constexpr uint64_t kMaximumTlsAlignment = kPageSize;

// No thread-local data of a static utility comes near this; beyond it the field is damaged.
inline constexpr uint64_t kMaximumTlsBytes = uint64_t{1} << 20;

// The list is cut here, with a last line that counts the rest: a damaged table would give thousands
// of findings that are all one.
inline constexpr size_t kMaximumFindings = 40;

struct Requirements {
  struct Budget {
    uint64_t empty_bytes = 0;  // size of a program with an empty Main, linked in the same way
    uint64_t bytes = 0;        // how many bytes the file may have above that
  };

  absl::optional<Arch> arch = {};      // nothing: the one the ELF header names, of those Arch has
  absl::optional<Libc> libc = {};      // nothing: the one the note names
  absl::optional<Budget> budget = {};  // nothing: any size
};

// What is wrong with a program, held whole in memory; empty when nothing is. Any bytes may be
// given. Each finding is one line of printable ASCII: what is wrong, what it does on Redox, what to
// do. The file's name is not in it. Pure: reads nothing but its arguments.
std::vector<std::string> CheckElf(absl::Span<const uint8_t> file, const Requirements& requirements);

}  // namespace cation::elf

#endif  // TOOLS_ELF_CHECK_ELF_CHECK_H_
