// SPDX-License-Identifier: MIT
#ifndef TOOLS_ELF_CHECK_ELF_BUILDER_H_
#define TOOLS_ELF_CHECK_ELF_BUILDER_H_

// For tests: makes small ELF programs in memory. BuildProgram gives one that passes; a test then
// damages one field of it with Put16, Put32 or Put64 at the offsets that the functions below name.
//
// The file, about 1.4 KiB: ELF header; program headers; note; text; data (with .tdata at its
// begin); symbol table; names; section headers. The text segment begins with the headers, as
// ld.lld makes it with --no-rosegment; the data segment is on the next page of memory, but not of
// the file.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace cation::elf {

// Indices of program headers. kSpare is PT_NULL, for a test to make into something else.
enum Segment : uint8_t { kText, kData, kTls, kNote, kStack, kSpare, kSegmentCount };

// Indices of section headers. kSpareSection is of no bytes.
enum Section : uint8_t { kNull, kSymbols, kNames, kSpareSection, kSectionCount };

// Offsets of fields in the ELF header, a program header, a section header and a symbol.
namespace field {
inline constexpr uint64_t kClass = 4, kByteOrder = 5, kType = 16, kMachine = 18, kVersion = 20,
                          kEntry = 24, kProgramHeaders = 32, kSectionHeaders = 40,
                          kHeaderBytes = 52, kProgramHeaderBytes = 54, kProgramHeaderCount = 56,
                          kSectionHeaderBytes = 58, kSectionHeaderCount = 60;
inline constexpr uint64_t kSegmentType = 0, kFlags = 4, kOffset = 8, kAddress = 16, kFileSize = 32,
                          kMemorySize = 40, kAlignment = 48;
inline constexpr uint64_t kSectionType = 4, kSectionOffset = 24, kSectionSize = 32,
                          kSectionLink = 40, kSectionEntrySize = 56;
}  // namespace field

struct Program {
  bool aarch64 = false;
  absl::string_view libc = "relibc";
  uint64_t text_bytes = 640;
  // The note's descriptor; when empty, a right one is made from the fields above.
  std::string note = {};
  absl::string_view note_owner = absl::string_view("Cation\0", 7);
  // Undefined symbols: name, binding (1 global, 2 weak). _start is always there, defined.
  std::vector<std::pair<std::string, int>> undefined = {{"weak_hook", 2}};
  bool sections = true;
};

// The file of a program; passes CheckElf unless program asks for something bad.
std::vector<uint8_t> BuildProgram(const Program& program = {});

// The right text of a note.
std::string NoteText(absl::string_view arch, absl::string_view libc);

// Where a field of a program or section header is in a file made by BuildProgram.
uint64_t At(Segment segment, uint64_t field);
uint64_t At(const std::vector<uint8_t>& file, Section section, uint64_t field);

// Write little-endian numbers over what is at offset.
void Put16(std::vector<uint8_t>& file, uint64_t offset, uint64_t value);
void Put32(std::vector<uint8_t>& file, uint64_t offset, uint64_t value);
void Put64(std::vector<uint8_t>& file, uint64_t offset, uint64_t value);
uint64_t Get64(const std::vector<uint8_t>& file, uint64_t offset);

// The fuzzer's seed corpus: file name and bytes, good programs and one of each bad kind. The files
// in corpus/ are these, written by make_corpus; a test compares them.
std::vector<std::pair<std::string, std::vector<uint8_t>>> Corpus();

}  // namespace cation::elf

#endif  // TOOLS_ELF_CHECK_ELF_BUILDER_H_
