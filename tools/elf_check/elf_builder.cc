// SPDX-License-Identifier: MIT
#include "tools/elf_check/elf_builder.h"

#include <iterator>

#include "absl/strings/str_cat.h"
#include "tools/elf_check/elf_file.h"

namespace cation::elf {
namespace {

constexpr uint64_t kBase = 0x400000;
constexpr uint64_t kDataBytes = 48;
constexpr uint64_t kTdataBytes = 16;

void Append(std::vector<uint8_t>& file, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) {  // more than 8 for runs of zeros
    file.push_back(static_cast<uint8_t>(value & 0xff));
    value >>= 8;
  }
}

void AppendText(std::vector<uint8_t>& file, absl::string_view text) {
  file.insert(file.end(), text.begin(), text.end());
}

void Align(std::vector<uint8_t>& file, size_t alignment) {
  while (file.size() % alignment != 0) {
    file.push_back(0);
  }
}

void Put(std::vector<uint8_t>& file, uint64_t offset, uint64_t value, uint64_t bytes) {
  for (uint64_t i = 0; i < bytes; ++i) {
    file.at(offset + i) = static_cast<uint8_t>(value >> (8 * i) & 0xff);
  }
}

void SetSegment(std::vector<uint8_t>& file, Segment index, const ProgramHeader& header) {
  Put32(file, At(index, field::kSegmentType), header.type);
  Put32(file, At(index, field::kFlags), header.flags);
  Put64(file, At(index, field::kOffset), header.offset);
  Put64(file, At(index, field::kAddress), header.address);
  Put64(file, At(index, field::kAddress) + 8, header.address);  // p_paddr
  Put64(file, At(index, field::kFileSize), header.file_size);
  Put64(file, At(index, field::kMemorySize), header.memory_size);
  Put64(file, At(index, field::kAlignment), header.alignment);
}

void AppendSection(std::vector<uint8_t>& file, const SectionHeader& header) {
  Append(file, 0, 4);  // sh_name
  Append(file, header.type, 4);
  Append(file, 0, 16);  // sh_flags, sh_addr
  Append(file, header.offset, 8);
  Append(file, header.size, 8);
  Append(file, header.link, 4);
  Append(file, 0, 12);  // sh_info, sh_addralign
  Append(file, header.entry_size, 8);
}

}  // namespace

std::string NoteText(absl::string_view arch, absl::string_view libc) {
  return absl::StrCat("name=sample\nversion=0.1\ncommit=0123456789ab\ndate=2026-02-01\narch=", arch,
                      "\nlibc=", libc, "\n");
}

uint64_t At(Segment segment, uint64_t field) {
  return kHeaderSize + segment * kProgramHeaderSize + field;
}

uint64_t At(const std::vector<uint8_t>& file, Section section, uint64_t field) {
  return Get64(file, field::kSectionHeaders) + section * kSectionHeaderSize + field;
}

void Put16(std::vector<uint8_t>& file, uint64_t offset, uint64_t value) {
  Put(file, offset, value, 2);
}
void Put32(std::vector<uint8_t>& file, uint64_t offset, uint64_t value) {
  Put(file, offset, value, 4);
}
void Put64(std::vector<uint8_t>& file, uint64_t offset, uint64_t value) {
  Put(file, offset, value, 8);
}
uint64_t Get64(const std::vector<uint8_t>& file, uint64_t offset) { return Load64(file, offset); }

std::vector<uint8_t> BuildProgram(const Program& program) {
  constexpr uint64_t kTableBytes = kSegmentCount * kProgramHeaderSize;
  std::vector<uint8_t> file(kHeaderSize + kTableBytes);

  const std::string text = program.note.empty()
                               ? NoteText(program.aarch64 ? "aarch64" : "x86_64", program.libc)
                               : program.note;
  const uint64_t note_at = file.size();
  Append(file, program.note_owner.size(), 4);
  Append(file, text.size(), 4);
  Append(file, 1, 4);
  AppendText(file, program.note_owner);
  Align(file, 4);
  AppendText(file, text);
  Align(file, 4);
  const uint64_t note_bytes = file.size() - note_at;

  Align(file, 16);
  const uint64_t entry = kBase + file.size();
  // Of the right instruction (ret), so that disassemblers show something sensible.
  while (file.size() < entry - kBase + program.text_bytes) {
    Append(file, program.aarch64 ? 0xd65f03c0 : 0xc3c3c3c3, 4);
  }
  const uint64_t text_end = file.size();
  const uint64_t data_address = kBase + 0x1000 + text_end;
  file.insert(file.end(), kDataBytes, 0x2a);

  SetSegment(file, kText,
             {kSegmentLoad, kFlagRead | kFlagExecute, 0, kBase, text_end, text_end, 0x1000});
  SetSegment(file, kData,
             {kSegmentLoad, kFlagRead | kFlagWrite, text_end, data_address, kDataBytes,
              kDataBytes + 256, 0x1000});
  SetSegment(file, kTls,
             {kSegmentTls, kFlagRead, text_end, data_address, kTdataBytes, kTdataBytes + 4, 8});
  SetSegment(file, kNote,
             {kSegmentNote, kFlagRead, note_at, kBase + note_at, note_bytes, note_bytes, 4});
  SetSegment(file, kStack, {kSegmentGnuStack, kFlagRead | kFlagWrite, 0, 0, 0, 0, 0});

  if (program.sections) {
    Align(file, 8);
    const uint64_t symbols_at = file.size();
    std::string names =
        absl::StrCat(absl::string_view("\0", 1), "_start", absl::string_view("\0", 1));
    Append(file, 0, 24);  // symbol 0
    Append(file, 1, 4);   // _start: global, in section 1
    Append(file, 0x10, 2);
    Append(file, 1, 2);
    Append(file, entry, 8);
    Append(file, 0, 8);
    for (const auto& [name, binding] : program.undefined) {
      Append(file, names.size(), 4);
      Append(file, static_cast<uint64_t>(binding) << 4, 2);
      Append(file, 0, 2);  // SHN_UNDEF
      Append(file, 0, 16);
      absl::StrAppend(&names, name, absl::string_view("\0", 1));
    }
    const uint64_t names_at = file.size();
    AppendText(file, names);
    Align(file, 8);
    Put64(file, field::kSectionHeaders, file.size());
    AppendSection(file, {});
    AppendSection(file, {kSectionSymtab, symbols_at, names_at - symbols_at, kNames, kSymbolSize});
    AppendSection(file, {kSectionStrtab, names_at, names.size(), 0, 0});
    AppendSection(file, {kSectionProgbits, names_at, 0, 0, 0});
    Put16(file, field::kSectionHeaderCount, kSectionCount);
    Put16(file, field::kSectionHeaderBytes, kSectionHeaderSize);
  }

  constexpr uint8_t kIdent[] = {0x7f, 'E', 'L', 'F', 2, 1, 1};
  std::copy(std::begin(kIdent), std::end(kIdent), file.begin());
  Put16(file, field::kType, kTypeExec);
  Put16(file, field::kMachine, program.aarch64 ? kMachineAarch64 : kMachineX8664);
  Put32(file, field::kVersion, 1);
  Put64(file, field::kEntry, entry);
  Put64(file, field::kProgramHeaders, kHeaderSize);
  Put16(file, field::kHeaderBytes, kHeaderSize);
  Put16(file, field::kProgramHeaderBytes, kProgramHeaderSize);
  Put16(file, field::kProgramHeaderCount, kSegmentCount);
  return file;
}

std::vector<std::pair<std::string, std::vector<uint8_t>>> Corpus() {
  std::vector<std::pair<std::string, std::vector<uint8_t>>> files;
  const auto add = [&files](absl::string_view name, std::vector<uint8_t> file) {
    files.emplace_back(absl::StrCat(name, ".elf"), std::move(file));
  };
  const auto patched = [](uint64_t offset, uint64_t value, uint64_t bytes) {
    std::vector<uint8_t> file = BuildProgram();
    Put(file, offset, value, bytes);
    return file;
  };
  add("good_x86_64_relibc", BuildProgram());
  add("good_x86_64_standin", BuildProgram({.libc = "standin"}));
  add("good_aarch64_relibc", BuildProgram({.aarch64 = true}));
  add("good_aarch64_standin", BuildProgram({.aarch64 = true, .libc = "standin"}));
  add("good_no_sections", BuildProgram({.sections = false}));
  add("bad_pie", patched(field::kType, kTypeDyn, 2));
  add("bad_entry_0", patched(field::kEntry, 0, 8));
  add("bad_machine", patched(field::kMachine, 3, 2));
  add("bad_interp", patched(At(kSpare, field::kSegmentType), kSegmentInterp, 4));
  add("bad_dynamic", patched(At(kSpare, field::kSegmentType), kSegmentDynamic, 4));
  add("bad_write_execute", patched(At(kText, field::kFlags), 7, 4));
  add("bad_stack", patched(At(kStack, field::kFlags), 7, 4));
  add("bad_shared_page", patched(At(kText, field::kMemorySize), 0x2000, 8));
  add("bad_two_tls", patched(At(kSpare, field::kSegmentType), kSegmentTls, 4));
  add("bad_small_text", BuildProgram({.text_bytes = 16, .note_owner = "x"}));
  add("bad_note", BuildProgram({.note = "name=x\nname=y\nno equals sign"}));
  add("bad_undefined", BuildProgram({.undefined = {{"sync", 1}, {"_Z3catv", 1}}}));
  {
    std::vector<uint8_t> file = BuildProgram();
    Put32(file, At(file, kSpareSection, field::kSectionType), kSectionRela);
    Put64(file, At(file, kSpareSection, field::kSectionOffset),
          Get64(file, At(file, kSymbols, field::kSectionOffset)));
    Put64(file, At(file, kSpareSection, field::kSectionSize), 48);
    add("bad_relocations", std::move(file));
  }
  {
    std::vector<uint8_t> file = BuildProgram();
    file.resize(file.size() / 2);
    add("bad_cut", std::move(file));
  }
  return files;
}

}  // namespace cation::elf
