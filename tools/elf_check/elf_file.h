// SPDX-License-Identifier: MIT
#ifndef TOOLS_ELF_CHECK_ELF_FILE_H_
#define TOOLS_ELF_CHECK_ELF_FILE_H_

// Reading 64-bit little-endian ELF files held in memory, for host tools. Nothing is assumed of the
// bytes: every offset and length is checked without overflow before it is used, so any file may be
// given. Layouts and numbers are those of the System V gABI, chapters 4 and 5.
//
// Errors are kInvalidArgument; their message is one sentence for a user that says what is wrong
// with the file, without the file's name.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

namespace cation::elf {

inline constexpr uint16_t kTypeExec = 2;  // e_type
inline constexpr uint16_t kTypeDyn = 3;

inline constexpr uint16_t kMachineX8664 = 62;  // e_machine
inline constexpr uint16_t kMachineAarch64 = 183;

inline constexpr uint32_t kSegmentLoad = 1;  // p_type
inline constexpr uint32_t kSegmentDynamic = 2;
inline constexpr uint32_t kSegmentInterp = 3;
inline constexpr uint32_t kSegmentNote = 4;
inline constexpr uint32_t kSegmentTls = 7;
inline constexpr uint32_t kSegmentGnuStack = 0x6474e551;

inline constexpr uint32_t kFlagExecute = 1;  // p_flags
inline constexpr uint32_t kFlagWrite = 2;
inline constexpr uint32_t kFlagRead = 4;

inline constexpr uint32_t kSectionNull = 0;  // sh_type
inline constexpr uint32_t kSectionProgbits = 1;
inline constexpr uint32_t kSectionSymtab = 2;
inline constexpr uint32_t kSectionStrtab = 3;
inline constexpr uint32_t kSectionRela = 4;
inline constexpr uint32_t kSectionNobits = 8;
inline constexpr uint32_t kSectionRel = 9;
inline constexpr uint32_t kSectionDynsym = 11;
inline constexpr uint32_t kSectionRelr = 19;

inline constexpr uint64_t kHeaderSize = 64;         // bytes: Elf64_Ehdr
inline constexpr uint64_t kProgramHeaderSize = 56;  // Elf64_Phdr
inline constexpr uint64_t kSectionHeaderSize = 64;  // Elf64_Shdr
inline constexpr uint64_t kSymbolSize = 24;         // Elf64_Sym
inline constexpr uint64_t kRelaSize = 24;           // Elf64_Rela
inline constexpr uint64_t kRelSize = 16;            // Elf64_Rel

// Real programs have about 6. The limit keeps work on hostile files (each header naming the whole
// file) in proportion.
inline constexpr uint16_t kMaxProgramHeaders = 1024;

struct Header {
  uint16_t type = 0;
  uint16_t machine = 0;
  uint32_t version = 0;
  uint64_t entry = 0;
  uint64_t program_headers_offset = 0;
  uint64_t section_headers_offset = 0;
  uint16_t header_size = 0;
  uint16_t program_header_size = 0;
  uint16_t program_header_count = 0;
  uint16_t section_header_size = 0;
  uint16_t section_header_count = 0;
};

struct ProgramHeader {
  uint32_t type = 0;
  uint32_t flags = 0;
  uint64_t offset = 0;
  uint64_t address = 0;      // p_vaddr
  uint64_t file_size = 0;    // p_filesz, bytes
  uint64_t memory_size = 0;  // p_memsz, bytes
  uint64_t alignment = 0;
};

struct SectionHeader {
  uint32_t type = 0;
  uint64_t offset = 0;
  uint64_t size = 0;
  uint32_t link = 0;
  uint64_t entry_size = 0;
};

// The n bytes from offset, or nothing where they are not all inside bytes.
absl::optional<absl::Span<const uint8_t>> Slice(absl::Span<const uint8_t> bytes, uint64_t offset,
                                                uint64_t size);

// Little-endian numbers at offset. The caller has made sure that they lie inside bytes.
uint16_t Load16(absl::Span<const uint8_t> bytes, uint64_t offset);
uint32_t Load32(absl::Span<const uint8_t> bytes, uint64_t offset);
uint64_t Load64(absl::Span<const uint8_t> bytes, uint64_t offset);

// The ELF header. Fails on what is not a 64-bit little-endian ELF file of version 1; the fields
// themselves are not judged.
absl::StatusOr<Header> ReadHeader(absl::Span<const uint8_t> file);

// All program headers. Fails where their size is not 56, there are none or more than
// kMaxProgramHeaders, or the table is not inside the file; the segments themselves are not judged.
absl::StatusOr<std::vector<ProgramHeader>> ReadProgramHeaders(absl::Span<const uint8_t> file,
                                                              const Header& header);

// All section headers; none where the file has no table (a program needs none to run). Fails where
// there is one that is not inside the file or whose entries are not 64 bytes.
absl::StatusOr<std::vector<SectionHeader>> ReadSectionHeaders(absl::Span<const uint8_t> file,
                                                              const Header& header);

// "x86_64" or "aarch64"; empty for every other machine.
absl::string_view MachineName(uint16_t machine);

// text fit for one line of a terminal: bytes outside printable ASCII as \xNN; of a text longer than
// max_bytes only so many, and "...".
std::string Printable(absl::string_view text, size_t max_bytes = absl::string_view::npos);

// How much to show of what stands in a file: it may be as long as the file.
inline constexpr size_t kMaxShownBytes = 120;

}  // namespace cation::elf

#endif  // TOOLS_ELF_CHECK_ELF_FILE_H_
