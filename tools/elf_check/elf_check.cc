// SPDX-License-Identifier: MIT
#include "tools/elf_check/elf_check.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "tools/elf_check/build_note.h"
#include "tools/elf_check/elf_file.h"

namespace cation::elf {
namespace {

constexpr uint32_t kRelocationX8664Irelative = 37;
constexpr uint32_t kRelocationAarch64Irelative = 1032;

bool IsPowerOfTwo(uint64_t value) { return value != 0 && (value & (value - 1)) == 0; }

std::string Hex(uint64_t value) { return absl::StrFormat("%#x", value); }

// "PT_LOAD at 0x400000", as linkers and readelf name a segment.
std::string Name(const ProgramHeader& segment) {
  switch (segment.type) {
    case kSegmentLoad:
      return "PT_LOAD at " + Hex(segment.address);
    case kSegmentTls:
      return "PT_TLS at " + Hex(segment.address);
    case kSegmentNote:
      return "PT_NOTE at " + Hex(segment.address);
    default:
      return absl::StrCat("segment of type ", Hex(segment.type), " at ", Hex(segment.address));
  }
}

// One check after the other, each a member that adds to findings_; the order is that in which a
// reader would mend them.
class Checker {
 public:
  Checker(absl::Span<const uint8_t> file, const Requirements& requirements)
      : file_(file), requirements_(requirements) {}

  std::vector<std::string> Run() {
    const absl::StatusOr<Header> header = ReadHeader(file_);
    if (!header.ok()) {
      Add(header.status());
      return Finish();
    }
    header_ = *header;
    CheckType();
    CheckMachine();
    if (header_.header_size != kHeaderSize) {
      Add(absl::StrCat("an ELF header of ", header_.header_size,
                       " bytes instead of 64 (e_ehsize): the header is damaged; build it again"));
    }
    absl::StatusOr<std::vector<ProgramHeader>> segments = ReadProgramHeaders(file_, header_);
    if (segments.ok()) {
      segments_ = *std::move(segments);
      CheckSegments();
      CheckLoads();
      CheckPages();
      CheckEntry();
      CheckText();
      CheckNote();
      CheckTls();
    } else {
      Add(segments.status());
    }
    CheckSections();
    CheckBudget();
    return Finish();
  }

 private:
  void Add(std::string finding) { findings_.push_back(std::move(finding)); }
  void Add(const absl::Status& status) { Add(std::string(status.message())); }

  std::vector<std::string> Finish() {
    if (findings_.size() > kMaximumFindings) {
      const size_t rest = findings_.size() - kMaximumFindings;
      findings_.resize(kMaximumFindings);
      Add(absl::StrCat("and ", rest, " more findings: mend these first"));
    }
    return std::move(findings_);
  }

  void CheckType() {
    if (header_.type == kTypeExec) {
      return;
    }
    if (header_.type == kTypeDyn) {
      Add("a position-independent program or shared library (e_type ET_DYN): Redox exec relocates "
          "nothing and some kernels and loaders take only ET_EXEC; link with -static -no-pie");
    } else {
      Add(absl::StrCat("e_type ", header_.type,
                       " is not an executable (ET_EXEC, 2): Redox exec does not look and runs "
                       "whatever is mapped; link it into a program"));
    }
  }

  void CheckMachine() {
    const absl::string_view machine = MachineName(header_.machine);
    if (machine.empty()) {
      Add(absl::StrCat(
          "machine ", header_.machine,
          " (e_machine) is neither x86_64 (62) nor aarch64 (183): Redox exec does not "
          "look and the first instruction faults; compile for ",
          requirements_.arch.has_value() ? ArchName(*requirements_.arch) : "one of these"));
    } else if (requirements_.arch.has_value() && machine != ArchName(*requirements_.arch)) {
      Add(absl::StrCat("a program for ", machine, ", not for ", ArchName(*requirements_.arch),
                       ": Redox exec does not look and the first instruction faults; compile for ",
                       ArchName(*requirements_.arch)));
    }
  }

  // What holds for every kind of segment, and the kinds that must not be there.
  void CheckSegments() {
    bool has_load = false;
    for (const ProgramHeader& segment : segments_) {
      switch (segment.type) {
        case kSegmentLoad:
          has_load = true;
          break;
        case kSegmentInterp:
          Add("a PT_INTERP segment: Redox exec looks for a run-time linker that the image may not "
              "have, at about 10 s a start; link with -static");
          break;
        case kSegmentDynamic:
          Add("a PT_DYNAMIC segment: the program waits for a run-time linker to relocate it and "
              "faults without; link with -static -no-pie");
          break;
        case kSegmentGnuStack:
          if ((segment.flags & kFlagExecute) != 0) {
            Add("PT_GNU_STACK asks for an executable stack: Redox gives none, and code put on the "
                "stack faults; link with -z noexecstack");
          }
          break;
        default:
          break;
      }
      // Where no bytes are taken from the file (.bss, .tbss) linkers may say any offset.
      if (segment.file_size != 0 && !Slice(file_, segment.offset, segment.file_size).has_value()) {
        Add(absl::StrFormat(
            "%s is not inside the file (offset %#x, %d bytes, file of %d bytes): exec fails with "
            "EIO or leaves the end unread; the file is cut, build or copy it again",
            Name(segment), segment.offset, segment.file_size, file_.size()));
      }
    }
    if (!has_load) {
      Add("no PT_LOAD segment: Redox exec maps nothing and the first instruction faults; link it "
          "with the project's linker script");
    }
  }

  // Each PT_LOAD by itself.
  void CheckLoads() {
    for (const ProgramHeader& segment : segments_) {
      if (segment.type != kSegmentLoad) {
        continue;
      }
      const std::string name = Name(segment);
      if (segment.file_size > segment.memory_size) {
        Add(
            absl::StrFormat("%s has more bytes in the file (%d) than in memory (%d): exec fails "
                            "with ENOEXEC; the header is damaged, build it again",
                            name, segment.file_size, segment.memory_size));
      }
      if (segment.memory_size == 0) {
        Add(absl::StrCat(name,
                         " has no bytes in memory: exec asks the kernel for a mapping of 0 bytes; "
                         "take the empty section out of the linker script"));
      }
      if (segment.address > kAddressLimit ||
          segment.memory_size > kAddressLimit - segment.address) {
        Add(
            absl::StrFormat("%s of %d bytes goes beyond the last user address (%#x): the kernel "
                            "refuses the mapping; link it lower",
                            name, segment.memory_size, kAddressLimit));
      }
      if (segment.address < kLowestAddress) {
        Add(absl::StrCat(name, " maps below ", Hex(kLowestAddress),
                         ": the null page belongs to nobody, so exec fails or null pointers read "
                         "code; link it at 0x400000"));
      }
      if (segment.alignment > 1 && !IsPowerOfTwo(segment.alignment)) {
        Add(absl::StrCat(name, " has alignment ", segment.alignment,
                         ", not a power of two: the header is damaged; build it again"));
      }
      if (segment.offset % kPageSize != segment.address % kPageSize) {
        Add(absl::StrFormat(
            "%s lies at file offset %#x, elsewhere in its page of 4096 bytes: loaders that map "
            "whole pages put its bytes at wrong addresses; start sections on pages in the linker "
            "script",
            name, segment.offset));
      }
      if ((segment.flags & kFlagWrite) != 0 && (segment.flags & kFlagExecute) != 0) {
        Add(absl::StrCat(name,
                         " is writable and executable: Redox exec silently drops the write "
                         "permission and the first write faults; keep code and data in sections "
                         "of their own"));
      }
    }
  }

  // PT_LOADs against each other: ascending, and no page in two of them.
  void CheckPages() {
    struct Range {
      uint64_t first;  // page numbers: no overflow, whatever the addresses
      uint64_t last;
      const ProgramHeader* segment;
    };
    std::vector<Range> ranges;
    const ProgramHeader* previous = nullptr;
    for (const ProgramHeader& segment : segments_) {
      if (segment.type != kSegmentLoad) {
        continue;
      }
      if (previous != nullptr && segment.address < previous->address) {
        Add(absl::StrCat(Name(segment), " comes after the one at ", Hex(previous->address),
                         ": PT_LOADs must ascend, loaders take the first for the lowest; order the "
                         "sections in the linker script"));
      }
      previous = &segment;
      const uint64_t size = segment.memory_size;
      if (size == 0 || size - 1 > UINT64_MAX - segment.address) {
        continue;  // found by CheckLoads
      }
      ranges.push_back(
          {segment.address / kPageSize, (segment.address + (size - 1)) / kPageSize, &segment});
    }
    std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) {
      return std::pair(a.first, a.last) < std::pair(b.first, b.last);
    });
    const Range* highest = nullptr;  // of those before, the one that reaches highest
    for (const Range& range : ranges) {
      if (highest != nullptr && range.first <= highest->last) {
        Add(absl::StrCat(Name(*highest->segment), " and ", Name(*range.segment),
                         " share the page at ", Hex(range.first * kPageSize),
                         ": Redox exec fails with EEXIST (\"File exists\"); link with -z norelro "
                         "--no-rosegment and start each segment on a page of its own"));
      }
      if (highest == nullptr || range.last > highest->last) {
        highest = &range;
      }
    }
  }

  void CheckEntry() {
    const uint64_t entry = header_.entry;
    if (entry == 0) {
      Add("entry point 0: no crt0 was linked, or nothing defines _start, and the first instruction "
          "faults; link the runtime's start code or the sysroot's crt0.o, with ENTRY(_start)");
      return;
    }
    for (const ProgramHeader& segment : segments_) {
      if (segment.type != kSegmentLoad || (segment.flags & kFlagExecute) == 0 ||
          entry < segment.address || entry - segment.address >= segment.file_size) {
        continue;
      }
      if (segment.offset > UINT64_MAX - (entry - segment.address)) {
        continue;  // not inside the file: found by CheckSegments
      }
      // With --no-rosegment the headers are in the executable segment, at its begin.
      const uint64_t offset = segment.offset + (entry - segment.address);
      const uint64_t table = header_.program_headers_offset;
      const bool in_table =
          offset >= table && offset - table < segments_.size() * kProgramHeaderSize;
      if (offset < kHeaderSize || in_table) {
        Add(absl::StrCat("entry point ", Hex(entry),
                         " is in the file's headers, not in code: the first instruction faults; "
                         "link crt0 and say ENTRY(_start) in the linker script"));
      } else if (header_.machine == kMachineAarch64 && entry % 4 != 0) {
        Add(absl::StrCat("entry point ", Hex(entry),
                         " is not a multiple of 4, as instructions of aarch64 are: the first one "
                         "faults; say ENTRY(_start) in the linker script"));
      }
      return;
    }
    Add(absl::StrCat("entry point ", Hex(entry),
                     " is not in the file's bytes of an executable PT_LOAD: the first instruction "
                     "faults; link crt0, and keep .text in the linker script"));
  }

  void CheckText() {
    uint64_t text = 0;
    bool any = false;
    for (const ProgramHeader& segment : segments_) {
      if (segment.type == kSegmentLoad && (segment.flags & kFlagExecute) != 0) {
        any = true;
        text += std::min(segment.file_size, kMinimumTextBytes);  // at most 1024 segments
      }
    }
    if (any && text < kMinimumTextBytes) {
      Add(absl::StrCat("only ", text, " executable bytes (fewer than ", kMinimumTextBytes,
                       "): sections were dropped, as happens without the linker script, and the "
                       "program dies at its start; link with the project's linker script"));
    }
  }

  void CheckNote() {
    const absl::StatusOr<BuildNote> note = ReadBuildNote(file_);
    if (!note.ok()) {
      Add(note.status());
      return;
    }
    if (note->name.empty()) {
      Add("the build note's name= is empty: --version and the installer cannot tell which program "
          "it is; build it with this project's rules");
    }
    const absl::string_view machine = MachineName(header_.machine);
    if (!machine.empty() && note->arch != machine) {
      Add(absl::StrCat("the build note says arch=", Printable(note->arch, kMaxShownBytes),
                       ", the ELF header ", machine,
                       ": the installer would put it into the wrong image; rebuild the start code "
                       "for this architecture"));
    }
    note_libc_ = ParseLibc(note->libc);
    if (!note_libc_.has_value()) {
      Add(absl::StrCat("the build note says libc=", Printable(note->libc, kMaxShownBytes),
                       ", neither standin nor relibc: the installer refuses it; build it with "
                       "this project's rules"));
    } else if (requirements_.libc.has_value() && *note_libc_ != *requirements_.libc) {
      Add(absl::StrCat("the build note says libc=", note->libc, ", wanted is ",
                       LibcName(*requirements_.libc),
                       ": a stand-in program makes system calls of Linux and dies on Redox, a "
                       "relibc one on the host; link it with ",
                       LibcName(*requirements_.libc)));
    }
  }

  void CheckTls() {
    const ProgramHeader* tls = nullptr;
    for (const ProgramHeader& segment : segments_) {
      if (segment.type != kSegmentTls) {
        continue;
      }
      if (tls != nullptr) {
        Add("more than one PT_TLS segment: relibc takes one of them and variables of the other "
            "overlap; keep .tdata and .tbss together in the linker script");
        return;
      }
      tls = &segment;
    }
    if (tls == nullptr) {
      if (requirements_.libc == Libc::kRelibc || note_libc_ == Libc::kRelibc) {
        Add("no PT_TLS segment: without one relibc makes no thread block, and the first use of "
            "errno faults; keep .tdata and .tbss in the linker script");
      }
      return;
    }
    const std::string name = Name(*tls);
    if (tls->alignment > kMaximumTlsAlignment ||
        (tls->alignment > 1 && !IsPowerOfTwo(tls->alignment))) {
      Add(absl::StrCat(name, " has alignment ", tls->alignment,
                       ", not a power of two up to 4096: relibc puts the thread block elsewhere "
                       "than the code expects; build it again without such alignas"));
    }
    if (tls->file_size > tls->memory_size) {
      Add(
          absl::StrFormat("%s has more bytes in the file (%d) than in memory (%d): relibc copies "
                          "beyond the thread block; the header is damaged, build it again",
                          name, tls->file_size, tls->memory_size));
    }
    if (tls->memory_size > kMaximumTlsBytes) {
      Add(absl::StrCat(
          name, " asks for ", tls->memory_size, " bytes in every thread (more than ",
          kMaximumTlsBytes,
          "): the start code runs out of memory; keep large data out of thread_local"));
    }
    if (tls->file_size == 0) {
      return;  // .tbss alone: it has no bytes that would have to be anywhere
    }
    for (const ProgramHeader& load : segments_) {
      if (load.type != kSegmentLoad || tls->address < load.address) {
        continue;
      }
      const uint64_t skip = tls->address - load.address;
      if (skip <= load.file_size && tls->file_size <= load.file_size - skip &&
          tls->offset >= load.offset && tls->offset - load.offset == skip) {
        return;
      }
    }
    Add(absl::StrCat(name,
                     " is not inside the bytes of a PT_LOAD: relibc copies the initial values from "
                     "an unmapped page and faults; keep .tdata in the linker script's data"));
  }

  // The section headers are for tools and may be stripped; where they are, they tell of links that
  // were not finished.
  void CheckSections() {
    const absl::StatusOr<std::vector<SectionHeader>> sections = ReadSectionHeaders(file_, header_);
    if (!sections.ok()) {
      Add(sections.status());
      return;
    }
    bool seen_symtab = false;
    bool seen_dynsym = false;
    uint64_t relocation_bytes = 0;
    for (size_t i = 0; i < sections->size(); ++i) {
      const SectionHeader& section = (*sections)[i];
      if (section.type == kSectionNull || section.type == kSectionNobits) {
        continue;
      }
      const auto bytes = Slice(file_, section.offset, section.size);
      if (!bytes.has_value()) {
        Add(
            absl::StrFormat("section %d is not inside the file (offset %#x, %d bytes, file of %d "
                            "bytes): the file is cut; build or copy it again",
                            i, section.offset, section.size, file_.size()));
        continue;
      }
      switch (section.type) {
        case kSectionSymtab:
        case kSectionDynsym: {
          bool& seen = section.type == kSectionSymtab ? seen_symtab : seen_dynsym;
          if (seen) {
            Add(absl::StrCat("section ", i,
                             " is a second symbol table of its kind: the headers are damaged; "
                             "build it again"));
          } else {
            CheckSymbols(i, *bytes, section, *sections);
          }
          seen = true;
          break;
        }
        case kSectionRela:
        case kSectionRel:
        case kSectionRelr:
          // Sections do not overlap, so together they are no larger than the file.
          if (section.size > file_.size() - relocation_bytes) {
            Add(absl::StrCat("section ", i,
                             " overlaps other relocations: the headers are damaged; build it "
                             "again"));
          } else {
            relocation_bytes += section.size;
            CheckRelocations(i, *bytes, section);
          }
          break;
        default:
          break;
      }
    }
  }

  void CheckSymbols(size_t index, absl::Span<const uint8_t> symbols, const SectionHeader& section,
                    const std::vector<SectionHeader>& sections) {
    absl::optional<absl::Span<const uint8_t>> names;
    if (section.link < sections.size() && sections[section.link].type == kSectionStrtab) {
      names = Slice(file_, sections[section.link].offset, sections[section.link].size);
    }
    if (!names.has_value() || section.entry_size != kSymbolSize ||
        symbols.size() % kSymbolSize != 0) {
      Add(absl::StrCat("the symbol table in section ", index,
                       " has no names or entries that are not 24 bytes, so undefined symbols "
                       "cannot be ruled out: the headers are damaged; build it again"));
      return;
    }
    constexpr size_t kNamed = 5;
    std::vector<std::string> undefined;
    size_t count = 0;
    for (uint64_t at = 0; at < symbols.size(); at += kSymbolSize) {
      const uint64_t name_at = Load32(symbols, at);
      const int binding = symbols[at + 4] >> 4;
      const uint16_t defined_in = Load16(symbols, at + 6);
      constexpr int kWeak = 2;
      if (name_at == 0 || binding == kWeak || defined_in != 0) {  // 0: SHN_UNDEF
        continue;
      }
      ++count;
      if (undefined.size() < kNamed) {
        const uint64_t begin = std::min<uint64_t>(name_at, names->size());
        const auto* end = std::find(names->begin() + begin, names->end(), uint8_t{0});
        const absl::string_view name(reinterpret_cast<const char*>(names->data()) + begin,
                                     static_cast<size_t>(end - (names->begin() + begin)));
        undefined.push_back(Printable(name, kMaxShownBytes));
      }
    }
    if (count == 0) {
      return;
    }
    const std::string rest =
        count > undefined.size() ? absl::StrCat(" and ", count - undefined.size(), " more") : "";
    Add(absl::StrCat("undefined ", count == 1 ? "symbol " : "symbols ",
                     absl::StrJoin(undefined, ", "), rest,
                     ": a call of one jumps to address 0 and faults; link what defines it, without "
                     "--unresolved-symbols"));
  }

  void CheckRelocations(size_t index, absl::Span<const uint8_t> relocations,
                        const SectionHeader& section) {
    if (relocations.empty()) {
      return;
    }
    // IRELATIVE is the one kind that static start code applies itself.
    const uint64_t size = section.type == kSectionRel ? kRelSize : kRelaSize;
    bool only_irelative = section.type != kSectionRelr && relocations.size() % size == 0;
    for (uint64_t at = 0; only_irelative && at < relocations.size(); at += size) {
      const uint32_t type = Load32(relocations, at + 8);  // the low half of r_info
      only_irelative = type == (header_.machine == kMachineX8664 ? kRelocationX8664Irelative
                                                                 : kRelocationAarch64Irelative);
    }
    if (!only_irelative) {
      Add(absl::StrCat("section ", index,
                       " holds relocations (other than IRELATIVE): nothing applies them on Redox "
                       "and the addresses stay wrong; link with -static -no-pie, without -r or "
                       "--emit-relocs"));
    }
  }

  void CheckBudget() {
    if (!requirements_.budget.has_value()) {
      return;
    }
    const Requirements::Budget& budget = *requirements_.budget;
    if (file_.size() <= budget.empty_bytes) {
      return;
    }
    const uint64_t above = file_.size() - budget.empty_bytes;
    if (above > budget.bytes) {
      Add(absl::StrCat("over the byte budget by ", above - budget.bytes, ": ", file_.size(),
                       " bytes are ", above, " above an empty program (", budget.empty_bytes,
                       "), allowed are ", budget.bytes,
                       "; exec reads every byte before the program starts, so make it smaller: "
                       "`./cation sizes` shows the table"));
    }
  }

  const absl::Span<const uint8_t> file_;
  const Requirements& requirements_;
  Header header_;
  std::vector<ProgramHeader> segments_;
  absl::optional<Libc> note_libc_;
  std::vector<std::string> findings_;
};

}  // namespace

absl::string_view ArchName(Arch arch) { return arch == Arch::kX8664 ? "x86_64" : "aarch64"; }

absl::string_view LibcName(Libc libc) { return libc == Libc::kStandin ? "standin" : "relibc"; }

absl::optional<Arch> ParseArch(absl::string_view name) {
  for (const Arch arch : {Arch::kX8664, Arch::kAarch64}) {
    if (name == ArchName(arch)) {
      return arch;
    }
  }
  return absl::nullopt;
}

absl::optional<Libc> ParseLibc(absl::string_view name) {
  for (const Libc libc : {Libc::kStandin, Libc::kRelibc}) {
    if (name == LibcName(libc)) {
      return libc;
    }
  }
  return absl::nullopt;
}

std::vector<std::string> CheckElf(absl::Span<const uint8_t> file,
                                  const Requirements& requirements) {
  return Checker(file, requirements).Run();
}

}  // namespace cation::elf
