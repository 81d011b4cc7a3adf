// SPDX-License-Identifier: MIT
#include "tools/elf_check/elf_file.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace cation::elf {
namespace {

uint64_t LoadLittleEndian(absl::Span<const uint8_t> bytes, uint64_t offset, uint64_t size) {
  uint64_t value = 0;
  for (uint64_t i = size; i > 0; --i) {
    value = value << 8 | bytes[offset + i - 1];
  }
  return value;
}

absl::Status Invalid(absl::string_view message) { return absl::InvalidArgumentError(message); }

}  // namespace

absl::optional<absl::Span<const uint8_t>> Slice(absl::Span<const uint8_t> bytes, uint64_t offset,
                                                uint64_t size) {
  if (offset > bytes.size() || size > bytes.size() - offset) {
    return absl::nullopt;
  }
  return bytes.subspan(offset, size);
}

uint16_t Load16(absl::Span<const uint8_t> bytes, uint64_t offset) {
  return static_cast<uint16_t>(LoadLittleEndian(bytes, offset, 2));
}

uint32_t Load32(absl::Span<const uint8_t> bytes, uint64_t offset) {
  return static_cast<uint32_t>(LoadLittleEndian(bytes, offset, 4));
}

uint64_t Load64(absl::Span<const uint8_t> bytes, uint64_t offset) {
  return LoadLittleEndian(bytes, offset, 8);
}

absl::StatusOr<Header> ReadHeader(absl::Span<const uint8_t> file) {
  if (file.empty()) {
    return Invalid("the file is empty (0 bytes): its link or copy did not finish; build it again");
  }
  constexpr uint8_t kMagic[] = {0x7f, 'E', 'L', 'F'};
  for (size_t i = 0; i < sizeof(kMagic); ++i) {
    if (i >= file.size() || file[i] != kMagic[i]) {
      return Invalid(
          "not an ELF file (it does not begin with 7f 45 4c 46): Redox exec refuses it; give a "
          "linked program");
    }
  }
  if (file.size() < kHeaderSize) {
    return Invalid(absl::StrCat("the file ends inside the ELF header (", file.size(),
                                " of 64 bytes): it is cut; build or copy it again"));
  }
  if (file[4] != 2) {  // EI_CLASS
    return Invalid(
        file[4] == 1
            ? "a 32-bit ELF file: Redox exec reads it as 64-bit and loads nonsense; compile for a "
              "64-bit target"
            : absl::StrCat("ELF class ", file[4],
                           " is none that exists: the header is damaged; "
                           "build it again"));
  }
  if (file[5] != 1) {  // EI_DATA
    return Invalid(
        file[5] == 2 ? "a big-endian ELF file: x86_64 and aarch64 Redox are little-endian, exec "
                       "reads every number wrong; compile for a little-endian target"
                     : absl::StrCat("ELF byte order ", file[5],
                                    " is none that exists: the header is damaged; build it again"));
  }
  Header header;
  header.type = Load16(file, 16);
  header.machine = Load16(file, 18);
  header.version = Load32(file, 20);
  header.entry = Load64(file, 24);
  header.program_headers_offset = Load64(file, 32);
  header.section_headers_offset = Load64(file, 40);
  header.header_size = Load16(file, 52);
  header.program_header_size = Load16(file, 54);
  header.program_header_count = Load16(file, 56);
  header.section_header_size = Load16(file, 58);
  header.section_header_count = Load16(file, 60);
  if (file[6] != 1 || header.version != 1) {  // EI_VERSION, e_version
    return Invalid(absl::StrCat("ELF version ", file[6], "/", header.version,
                                " instead of 1/1: the header is damaged; build it again"));
  }
  return header;
}

absl::StatusOr<std::vector<ProgramHeader>> ReadProgramHeaders(absl::Span<const uint8_t> file,
                                                              const Header& header) {
  if (header.program_header_count == 0) {
    return Invalid(
        "no program headers (an object file, or stripped too far): Redox exec maps nothing and the "
        "first instruction faults; link it into a program");
  }
  if (header.program_header_size != kProgramHeaderSize) {
    return Invalid(
        absl::StrCat("program headers of ", header.program_header_size,
                     " bytes instead of 56 (e_phentsize): Redox exec takes other fields for the "
                     "addresses; the header is damaged, build it again"));
  }
  if (header.program_header_count > kMaxProgramHeaders) {
    return Invalid(absl::StrCat(header.program_header_count,
                                " program headers: no linker makes so many and Redox exec refuses "
                                "more than 1 MiB of them; the header is damaged, build it again"));
  }
  const auto table =
      Slice(file, header.program_headers_offset, header.program_header_count * kProgramHeaderSize);
  if (!table.has_value()) {
    return Invalid(absl::StrFormat(
        "%d program headers at offset %#x go beyond the end of the file (%d bytes): Redox exec "
        "fails with EIO; the file is cut or its header damaged, build or copy it again",
        header.program_header_count, header.program_headers_offset, file.size()));
  }
  std::vector<ProgramHeader> headers;
  headers.reserve(header.program_header_count);
  for (uint64_t at = 0; at < table->size(); at += kProgramHeaderSize) {
    ProgramHeader entry;
    entry.type = Load32(*table, at);
    entry.flags = Load32(*table, at + 4);
    entry.offset = Load64(*table, at + 8);
    entry.address = Load64(*table, at + 16);
    entry.file_size = Load64(*table, at + 32);
    entry.memory_size = Load64(*table, at + 40);
    entry.alignment = Load64(*table, at + 48);
    headers.push_back(entry);
  }
  return headers;
}

absl::StatusOr<std::vector<SectionHeader>> ReadSectionHeaders(absl::Span<const uint8_t> file,
                                                              const Header& header) {
  if (header.section_headers_offset == 0 && header.section_header_count == 0) {
    return std::vector<SectionHeader>();
  }
  if (header.section_header_size != kSectionHeaderSize) {
    return Invalid(absl::StrCat("section headers of ", header.section_header_size,
                                " bytes instead of 64 (e_shentsize): the header is damaged; build "
                                "it again"));
  }
  uint64_t count = header.section_header_count;
  if (count == 0) {
    // More than 65279 sections: the count is in the size field of section 0.
    const auto first = Slice(file, header.section_headers_offset, kSectionHeaderSize);
    count = first.has_value() ? Load64(*first, 32) : 1;
  }
  const bool overflows = count > file.size() / kSectionHeaderSize;
  const auto table = overflows
                         ? absl::nullopt
                         : Slice(file, header.section_headers_offset, count * kSectionHeaderSize);
  if (header.section_headers_offset < kHeaderSize || !table.has_value()) {
    return Invalid(absl::StrFormat(
        "%d section headers at offset %#x are not inside the file (%d bytes): the file is cut or "
        "its header damaged; build or copy it again",
        count, header.section_headers_offset, file.size()));
  }
  std::vector<SectionHeader> headers;
  headers.reserve(count);
  for (uint64_t at = 0; at < table->size(); at += kSectionHeaderSize) {
    SectionHeader entry;
    entry.type = Load32(*table, at + 4);
    entry.offset = Load64(*table, at + 24);
    entry.size = Load64(*table, at + 32);
    entry.link = Load32(*table, at + 40);
    entry.entry_size = Load64(*table, at + 56);
    headers.push_back(entry);
  }
  return headers;
}

absl::string_view MachineName(uint16_t machine) {
  switch (machine) {
    case kMachineX8664:
      return "x86_64";
    case kMachineAarch64:
      return "aarch64";
    default:
      return "";
  }
}

std::string Printable(absl::string_view text, size_t max_bytes) {
  std::string out;
  for (const char c : text.substr(0, max_bytes)) {
    if (c >= ' ' && c <= '~') {
      out.push_back(c);
    } else {
      absl::StrAppendFormat(&out, "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
  }
  if (text.size() > max_bytes) {
    out += "...";
  }
  return out;
}

}  // namespace cation::elf
