// SPDX-License-Identifier: MIT
#include "tools/elf_check/elf_check.h"

#include <dirent.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "tools/elf_check/build_note.h"
#include "tools/elf_check/elf_builder.h"
#include "tools/elf_check/elf_file.h"

namespace cation::elf {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

using Bytes = std::vector<uint8_t>;

std::vector<std::string> Check(const Bytes& file, const Requirements& requirements = {}) {
  return CheckElf(file, requirements);
}

// The findings after one field of a good program has another value.
std::vector<std::string> CheckWith16(uint64_t offset, uint64_t value) {
  Bytes file = BuildProgram();
  Put16(file, offset, value);
  return Check(file);
}
std::vector<std::string> CheckWith32(uint64_t offset, uint64_t value) {
  Bytes file = BuildProgram();
  Put32(file, offset, value);
  return Check(file);
}
std::vector<std::string> CheckWith64(uint64_t offset, uint64_t value) {
  Bytes file = BuildProgram();
  Put64(file, offset, value);
  return Check(file);
}

TEST(GoodProgram, Passes) {
  for (const bool aarch64 : {false, true}) {
    for (const Libc libc : {Libc::kStandin, Libc::kRelibc}) {
      for (const bool sections : {false, true}) {
        const Bytes file =
            BuildProgram({.aarch64 = aarch64, .libc = LibcName(libc), .sections = sections});
        EXPECT_THAT(Check(file), IsEmpty());
        EXPECT_THAT(Check(file, {.arch = aarch64 ? Arch::kAarch64 : Arch::kX8664, .libc = libc}),
                    IsEmpty());
      }
    }
  }
}

TEST(Names, AreReadAsWritten) {
  EXPECT_EQ(ParseArch("x86_64"), Arch::kX8664);
  EXPECT_EQ(ParseArch("aarch64"), Arch::kAarch64);
  EXPECT_EQ(ParseArch("x86"), absl::nullopt);
  EXPECT_EQ(ParseLibc("standin"), Libc::kStandin);
  EXPECT_EQ(ParseLibc("relibc"), Libc::kRelibc);
  EXPECT_EQ(ParseLibc(""), absl::nullopt);
}

// ---- the ELF header

TEST(ElfHeader, EmptyFile) {
  EXPECT_THAT(Check({}), ElementsAre(HasSubstr("the file is empty (0 bytes)")));
}

TEST(ElfHeader, NotElf) {
  const std::string script = "#!/bin/sh\nexit 0\n";
  EXPECT_THAT(Check(Bytes(script.begin(), script.end())),
              ElementsAre(HasSubstr("not an ELF file")));
  EXPECT_THAT(Check({0x7f, 'E'}), ElementsAre(HasSubstr("not an ELF file")));
}

TEST(ElfHeader, CutHeader) {
  Bytes file = BuildProgram();
  file.resize(63);
  EXPECT_THAT(Check(file), ElementsAre(HasSubstr("ends inside the ELF header (63 of 64 bytes)")));
}

TEST(ElfHeader, ClassOrderAndVersion) {
  Bytes file = BuildProgram();
  file[field::kClass] = 1;
  EXPECT_THAT(Check(file), ElementsAre(HasSubstr("a 32-bit ELF file")));
  file[field::kClass] = 0;
  EXPECT_THAT(Check(file), ElementsAre(HasSubstr("ELF class 0 is none")));
  file[field::kClass] = 2;
  file[field::kByteOrder] = 2;
  EXPECT_THAT(Check(file), ElementsAre(HasSubstr("a big-endian ELF file")));
  file[field::kByteOrder] = 3;
  EXPECT_THAT(Check(file), ElementsAre(HasSubstr("ELF byte order 3 is none")));
  EXPECT_THAT(CheckWith32(field::kVersion, 2), ElementsAre(HasSubstr("ELF version 1/2")));
}

TEST(ElfHeader, PieAndOtherTypes) {
  EXPECT_THAT(CheckWith16(field::kType, kTypeDyn),
              ElementsAre(AllOf(HasSubstr("position-independent"), HasSubstr("-no-pie"))));
  EXPECT_THAT(CheckWith16(field::kType, 1),
              ElementsAre(HasSubstr("e_type 1 is not an executable")));
  EXPECT_THAT(CheckWith16(field::kType, 4),
              ElementsAre(HasSubstr("e_type 4 is not an executable")));
}

TEST(ElfHeader, WrongMachine) {
  EXPECT_THAT(Check(BuildProgram({.aarch64 = true}), {.arch = Arch::kX8664}),
              ElementsAre(HasSubstr("a program for aarch64, not for x86_64")));
  EXPECT_THAT(Check(BuildProgram(), {.arch = Arch::kAarch64}),
              ElementsAre(HasSubstr("a program for x86_64, not for aarch64")));
  EXPECT_THAT(CheckWith16(field::kMachine, 243),  // RISC-V
              ElementsAre(HasSubstr("machine 243 (e_machine) is neither")));
}

TEST(ElfHeader, Sizes) {
  EXPECT_THAT(CheckWith16(field::kHeaderBytes, 52),
              ElementsAre(HasSubstr("ELF header of 52 bytes instead of 64")));
  EXPECT_THAT(CheckWith16(field::kProgramHeaderBytes, 32),
              ElementsAre(HasSubstr("program headers of 32 bytes instead of 56")));
}

TEST(ElfHeader, ProgramHeaderTable) {
  EXPECT_THAT(CheckWith16(field::kProgramHeaderCount, 0),
              ElementsAre(HasSubstr("no program headers")));
  EXPECT_THAT(CheckWith16(field::kProgramHeaderCount, 1000),
              ElementsAre(HasSubstr("1000 program headers at offset 0x40 go beyond the end")));
  EXPECT_THAT(CheckWith16(field::kProgramHeaderCount, 0xffff),
              ElementsAre(HasSubstr("65535 program headers: no linker makes so many")));
  for (const uint64_t offset : {uint64_t{1} << 20, UINT64_MAX, UINT64_MAX - 300}) {
    EXPECT_THAT(CheckWith64(field::kProgramHeaders, offset),
                ElementsAre(HasSubstr("go beyond the end of the file")));
  }
}

// ---- the entry point

TEST(Entry, Zero) {
  EXPECT_THAT(CheckWith64(field::kEntry, 0),
              ElementsAre(AllOf(StartsWith("entry point 0: no crt0"), HasSubstr("crt0.o"))));
}

TEST(Entry, NotInCode) {
  const Bytes good = BuildProgram();
  const uint64_t data = Get64(good, At(kData, field::kAddress));
  const uint64_t text_end =
      Get64(good, At(kText, field::kAddress)) + Get64(good, At(kText, field::kFileSize));
  for (const uint64_t entry : {uint64_t{1}, text_end, data, UINT64_MAX}) {
    EXPECT_THAT(CheckWith64(field::kEntry, entry),
                ElementsAre(HasSubstr("is not in the file's bytes of an executable PT_LOAD")))
        << entry;
  }
  EXPECT_THAT(CheckWith64(field::kEntry, text_end - 1), IsEmpty());
}

TEST(Entry, InMemoryButNotInTheFile) {
  Bytes file = BuildProgram();
  const uint64_t size = Get64(file, At(kText, field::kFileSize));
  Put64(file, At(kText, field::kMemorySize), size + 16);
  Put64(file, field::kEntry, Get64(file, At(kText, field::kAddress)) + size + 8);
  EXPECT_THAT(Check(file), ElementsAre(HasSubstr("is not in the file's bytes")));
}

TEST(Entry, InTheHeaders) {
  const uint64_t base = Get64(BuildProgram(), At(kText, field::kAddress));
  EXPECT_THAT(CheckWith64(field::kEntry, base), ElementsAre(HasSubstr("is in the file's headers")));
  EXPECT_THAT(CheckWith64(field::kEntry, base + At(kStack, 0)),
              ElementsAre(HasSubstr("is in the file's headers")));
}

TEST(Entry, UnalignedOnAarch64) {
  Bytes file = BuildProgram({.aarch64 = true});
  Put64(file, field::kEntry, Get64(file, field::kEntry) + 2);
  EXPECT_THAT(Check(file), ElementsAre(HasSubstr("is not a multiple of 4")));
}

// ---- segments

TEST(Segments, InterpDynamicAndStack) {
  EXPECT_THAT(CheckWith32(At(kSpare, field::kSegmentType), kSegmentInterp),
              ElementsAre(HasSubstr("a PT_INTERP segment")));
  EXPECT_THAT(CheckWith32(At(kSpare, field::kSegmentType), kSegmentDynamic),
              ElementsAre(HasSubstr("a PT_DYNAMIC segment")));
  EXPECT_THAT(CheckWith32(At(kStack, field::kFlags), 7),
              ElementsAre(HasSubstr("executable stack")));
}

TEST(Segments, NoLoad) {
  Bytes file = BuildProgram();
  Put32(file, At(kText, field::kSegmentType), 0);
  Put32(file, At(kData, field::kSegmentType), 0);
  EXPECT_THAT(Check(file), Contains(HasSubstr("no PT_LOAD segment")));
}

TEST(Segments, SmallText) {
  // The file somebody had: one PT_LOAD of 332 bytes, since there was no linker script.
  Bytes file = BuildProgram();
  const uint64_t start = Get64(file, field::kEntry) - Get64(file, At(kText, field::kAddress));
  Put64(file, At(kText, field::kOffset), start);
  Put64(file, At(kText, field::kAddress), Get64(file, field::kEntry));
  Put64(file, At(kText, field::kFileSize), 332);
  Put64(file, At(kText, field::kMemorySize), 332);
  EXPECT_THAT(Check(file), ElementsAre(HasSubstr("only 332 executable bytes")));
  Put64(file, At(kText, field::kFileSize), kMinimumTextBytes - 1);
  Put64(file, At(kText, field::kMemorySize), kMinimumTextBytes - 1);
  EXPECT_THAT(Check(file), ElementsAre(HasSubstr("only 511 executable bytes")));
  Put64(file, At(kText, field::kFileSize), kMinimumTextBytes);
  Put64(file, At(kText, field::kMemorySize), kMinimumTextBytes);
  EXPECT_THAT(Check(file), IsEmpty());
}

TEST(Segments, BeyondTheFile) {
  for (const Segment segment : {kText, kData, kTls, kNote}) {
    for (const uint64_t offset : {uint64_t{1} << 30, UINT64_MAX, UINT64_MAX - 0xfff}) {
      EXPECT_THAT(CheckWith64(At(segment, field::kOffset), offset),
                  Contains(AllOf(HasSubstr("is not inside the file"),
                                 HasSubstr(absl::StrCat(BuildProgram().size(), " bytes)")))))
          << segment << " " << offset;
    }
    EXPECT_THAT(CheckWith64(At(segment, field::kFileSize), UINT64_MAX),
                Contains(HasSubstr("is not inside the file")))
        << segment;
  }
}

TEST(Segments, MoreInTheFileThanInMemory) {
  EXPECT_THAT(CheckWith64(At(kData, field::kMemorySize), 47),
              ElementsAre(HasSubstr("has more bytes in the file (48) than in memory (47)")));
}

TEST(Segments, NothingInMemory) {
  Bytes file = BuildProgram({.libc = "standin"});
  Put32(file, At(kTls, field::kSegmentType), 0);
  Put64(file, At(kData, field::kFileSize), 0);
  Put64(file, At(kData, field::kMemorySize), 0);
  EXPECT_THAT(Check(file), ElementsAre(HasSubstr("has no bytes in memory")));
}

TEST(Segments, BssAloneMayNameAnyOffset) {
  Bytes file = BuildProgram({.libc = "standin"});
  Put32(file, At(kTls, field::kSegmentType), 0);
  Put64(file, At(kData, field::kFileSize), 0);
  Put64(file, At(kData, field::kOffset), 0x7000 + Get64(file, At(kData, field::kAddress)) % 4096);
  EXPECT_THAT(Check(file), IsEmpty());
}

TEST(Segments, BeyondTheAddressSpace) {
  EXPECT_THAT(CheckWith64(At(kData, field::kMemorySize), UINT64_MAX),
              ElementsAre(HasSubstr("goes beyond the last user address")));
  EXPECT_THAT(CheckWith64(At(kData, field::kMemorySize), kAddressLimit),
              ElementsAre(HasSubstr("goes beyond the last user address")));
  Bytes file = BuildProgram({.libc = "standin"});
  Put32(file, At(kTls, field::kSegmentType), 0);
  const uint64_t in_page = Get64(file, At(kData, field::kAddress)) % kPageSize;
  Put64(file, At(kData, field::kAddress), kAddressLimit - kPageSize + in_page);
  Put64(file, At(kData, field::kMemorySize), kPageSize - in_page);
  EXPECT_THAT(Check(file), IsEmpty());
  Put64(file, At(kData, field::kMemorySize), kPageSize - in_page + 1);
  EXPECT_THAT(Check(file), ElementsAre(HasSubstr("goes beyond the last user address")));
}

TEST(Segments, NullPage) {
  Bytes file = BuildProgram();
  Put64(file, At(kText, field::kAddress), 0);
  Put64(file, field::kEntry, 600);
  EXPECT_THAT(Check(file), ElementsAre(HasSubstr("PT_LOAD at 0 maps below 0x10000")));
  Put64(file, At(kText, field::kAddress), 0xf000);
  Put64(file, field::kEntry, 0xf000 + 700);
  EXPECT_THAT(Check(file), ElementsAre(HasSubstr("maps below 0x10000")));
  Put64(file, At(kText, field::kAddress), 0x10000);
  Put64(file, field::kEntry, 0x10000 + 700);
  EXPECT_THAT(Check(file), IsEmpty());
}

TEST(Segments, Alignment) {
  EXPECT_THAT(CheckWith64(At(kText, field::kAlignment), 4097),
              ElementsAre(HasSubstr("has alignment 4097, not a power of two")));
  EXPECT_THAT(CheckWith64(At(kText, field::kAlignment), 0), IsEmpty());
  EXPECT_THAT(CheckWith64(At(kText, field::kAlignment), 65536), IsEmpty());
}

TEST(Segments, NotCongruent) {
  for (const uint64_t shift : {1, 8, 512, 1024}) {
    Bytes file = BuildProgram({.libc = "standin"});
    Put32(file, At(kTls, field::kSegmentType), 0);
    Put64(file, At(kData, field::kAddress), Get64(file, At(kData, field::kAddress)) + shift);
    EXPECT_THAT(Check(file), ElementsAre(HasSubstr("elsewhere in its page of 4096 bytes")))
        << shift;
  }
}

TEST(Segments, WritableAndExecutable) {
  EXPECT_THAT(CheckWith32(At(kText, field::kFlags), 7),
              ElementsAre(HasSubstr("is writable and executable")));
  EXPECT_THAT(CheckWith32(At(kData, field::kFlags), 3),
              ElementsAre(HasSubstr("is writable and executable")));
}

TEST(Segments, SharedPage) {
  // The text's last byte in the page in which data begins, and one byte less.
  Bytes file = BuildProgram();
  const uint64_t text = Get64(file, At(kText, field::kAddress));
  const uint64_t data_page = Get64(file, At(kData, field::kAddress)) / kPageSize * kPageSize;
  Put64(file, At(kText, field::kMemorySize), data_page - text);
  EXPECT_THAT(Check(file), IsEmpty());
  Put64(file, At(kText, field::kMemorySize), data_page - text + 1);
  EXPECT_THAT(Check(file),
              ElementsAre(AllOf(HasSubstr("PT_LOAD at 0x400000 and PT_LOAD at 0x401"),
                                HasSubstr("share the page at 0x401000"), HasSubstr("EEXIST"))));
}

TEST(Segments, SharedPageWithOneThatIsNotTheNext) {
  // A long segment covers two others; both are found.
  Bytes file = BuildProgram();
  Put64(file, At(kText, field::kMemorySize), 0x100000);
  Put32(file, At(kSpare, field::kSegmentType), kSegmentLoad);
  Put64(file, At(kSpare, field::kAddress), 0x450000);
  Put64(file, At(kSpare, field::kMemorySize), 1);
  EXPECT_THAT(Check(file), ElementsAre(HasSubstr("share the page at 0x401000"),
                                       HasSubstr("share the page at 0x450000")));
}

TEST(Segments, NotAscending) {
  Bytes file = BuildProgram();
  Put32(file, At(kSpare, field::kSegmentType), kSegmentLoad);
  Put64(file, At(kSpare, field::kAddress), 0x200000);
  Put64(file, At(kSpare, field::kMemorySize), 1);
  EXPECT_THAT(Check(file), ElementsAre(HasSubstr("PT_LOADs must ascend")));
}

// ---- thread-local storage

TEST(Tls, RequiredByRelibc) {
  Bytes file = BuildProgram();
  Put32(file, At(kTls, field::kSegmentType), 0);
  EXPECT_THAT(Check(file), ElementsAre(HasSubstr("no PT_TLS segment")));
  file = BuildProgram({.libc = "standin"});
  Put32(file, At(kTls, field::kSegmentType), 0);
  EXPECT_THAT(Check(file), IsEmpty());
  EXPECT_THAT(Check(file, {.libc = Libc::kRelibc}), Contains(HasSubstr("no PT_TLS segment")));
}

TEST(Tls, MayBeEmpty) {
  Bytes file = BuildProgram();
  Put64(file, At(kTls, field::kFileSize), 0);
  Put64(file, At(kTls, field::kMemorySize), 0);
  EXPECT_THAT(Check(file), IsEmpty());
}

TEST(Tls, Sane) {
  EXPECT_THAT(CheckWith64(At(kTls, field::kAlignment), 24),
              ElementsAre(HasSubstr("has alignment 24, not a power of two up to 4096")));
  EXPECT_THAT(CheckWith64(At(kTls, field::kAlignment), 8192),
              ElementsAre(HasSubstr("has alignment 8192")));
  EXPECT_THAT(CheckWith64(At(kTls, field::kMemorySize), 15),
              ElementsAre(AllOf(StartsWith("PT_TLS"), HasSubstr("more bytes in the file (16)"))));
  EXPECT_THAT(CheckWith64(At(kTls, field::kMemorySize), UINT64_MAX),
              ElementsAre(HasSubstr("bytes in every thread")));
}

TEST(Tls, OutsideEveryLoad) {
  for (const uint64_t address : {uint64_t{0}, uint64_t{0x401000}, uint64_t{0x500000}, UINT64_MAX}) {
    EXPECT_THAT(CheckWith64(At(kTls, field::kAddress), address),
                ElementsAre(HasSubstr("is not inside the bytes of a PT_LOAD")))
        << address;
  }
  const uint64_t data = Get64(BuildProgram(), At(kData, field::kOffset));
  for (const uint64_t offset : {uint64_t{64}, data + 8}) {  // elsewhere than the address says
    EXPECT_THAT(CheckWith64(At(kTls, field::kOffset), offset),
                ElementsAre(HasSubstr("is not inside the bytes of a PT_LOAD")))
        << offset;
  }
}

TEST(Tls, BeyondTheEndOfItsLoad) {
  Bytes file = BuildProgram();
  const uint64_t address = Get64(file, At(kData, field::kAddress));
  const uint64_t offset = Get64(file, At(kData, field::kOffset));
  const uint64_t last =
      Get64(file, At(kData, field::kFileSize)) - Get64(file, At(kTls, field::kFileSize));
  Put64(file, At(kTls, field::kAddress), address + last);
  Put64(file, At(kTls, field::kOffset), offset + last);
  EXPECT_THAT(Check(file), IsEmpty());
  Put64(file, At(kTls, field::kAddress), address + last + 1);
  Put64(file, At(kTls, field::kOffset), offset + last + 1);
  EXPECT_THAT(Check(file), ElementsAre(HasSubstr("is not inside the bytes of a PT_LOAD")));
}

TEST(Tls, Twice) {
  EXPECT_THAT(CheckWith32(At(kSpare, field::kSegmentType), kSegmentTls),
              ElementsAre(HasSubstr("more than one PT_TLS segment")));
}

// ---- symbols, relocations, sections

TEST(Symbols, Undefined) {
  EXPECT_THAT(Check(BuildProgram({.undefined = {{"openat", 1}}})),
              ElementsAre(StartsWith("undefined symbol openat: ")));
  EXPECT_THAT(Check(BuildProgram({.undefined = {{"hook", 2},
                                                {"a", 1},
                                                {"b", 1},
                                                {"c", 0},
                                                {"d", 1},
                                                {"e", 1},
                                                {"f", 1},
                                                {"g", 1}}})),
              ElementsAre(StartsWith("undefined symbols a, b, c, d, e and 2 more: ")));
}

TEST(Symbols, UndefinedInTheDynamicTable) {
  Bytes file = BuildProgram({.undefined = {{"printf", 1}}});
  Put32(file, At(file, kSymbols, field::kSectionType), kSectionDynsym);
  EXPECT_THAT(Check(file), ElementsAre(StartsWith("undefined symbol printf: ")));
}

TEST(Symbols, NamesCannotSpoilTheTerminal) {
  EXPECT_THAT(Check(BuildProgram({.undefined = {{"a\x1b[2J\n", 1}}})),
              ElementsAre(StartsWith("undefined symbol a\\x1b[2J\\x0a: ")));
  EXPECT_THAT(Check(BuildProgram({.undefined = {{std::string(500, 'x'), 1}}})),
              ElementsAre(StartsWith("undefined symbol " + std::string(120, 'x') + "...: ")));
}

TEST(Symbols, DamagedTable) {
  const Bytes good = BuildProgram();
  const auto damaged = HasSubstr("so undefined symbols cannot be ruled out");
  EXPECT_THAT(CheckWith64(At(good, kSymbols, field::kSectionEntrySize), 16), ElementsAre(damaged));
  EXPECT_THAT(CheckWith32(At(good, kSymbols, field::kSectionLink), 99), ElementsAre(damaged));
  EXPECT_THAT(CheckWith32(At(good, kSymbols, field::kSectionLink), kSpareSection),
              ElementsAre(damaged));
  EXPECT_THAT(CheckWith64(At(good, kSymbols, field::kSectionSize), 25), ElementsAre(damaged));
  EXPECT_THAT(CheckWith32(At(good, kSpareSection, field::kSectionType), kSectionSymtab),
              Contains(HasSubstr("section 3 is a second symbol table")));
}

TEST(Symbols, NameBeyondTheTable) {
  Bytes file = BuildProgram({.undefined = {{"f", 1}}});
  Put32(file, Get64(file, At(file, kSymbols, field::kSectionOffset)) + 2 * kSymbolSize, 0xffffffff);
  EXPECT_THAT(Check(file), ElementsAre(StartsWith("undefined symbol : ")));
}

TEST(Relocations, OnlyIrelative) {
  for (const bool aarch64 : {false, true}) {
    // The data segment's bytes, as one entry.
    Bytes file = BuildProgram({.aarch64 = aarch64, .libc = "standin"});
    Put32(file, At(kTls, field::kSegmentType), 0);
    const uint64_t at = Get64(file, At(kData, field::kOffset));
    Put32(file, At(file, kSpareSection, field::kSectionType), kSectionRela);
    Put64(file, At(file, kSpareSection, field::kSectionOffset), at);
    Put64(file, At(file, kSpareSection, field::kSectionSize), 48);
    Put64(file, at + 8, aarch64 ? 1032 : 37);
    Put64(file, at + 24 + 8, aarch64 ? 1032 : 37);
    EXPECT_THAT(Check(file), IsEmpty());
    Put64(file, at + 24 + 8, aarch64 ? 1027 : 8);  // RELATIVE
    EXPECT_THAT(Check(file), ElementsAre(HasSubstr("section 3 holds relocations")));
    Put64(file, At(file, kSpareSection, field::kSectionSize), 0);
    EXPECT_THAT(Check(file), IsEmpty());
    Put64(file, At(file, kSpareSection, field::kSectionSize), 23);
    EXPECT_THAT(Check(file), ElementsAre(HasSubstr("section 3 holds relocations")));
    Put64(file, At(file, kSpareSection, field::kSectionSize), 16);
    for (const uint32_t type : {kSectionRel, kSectionRelr}) {
      Put64(file, at + 8, 8);
      Put32(file, At(file, kSpareSection, field::kSectionType), type);
      EXPECT_THAT(Check(file), ElementsAre(HasSubstr("section 3 holds relocations")));
    }
  }
}

TEST(Sections, TableOutsideTheFile) {
  const auto outside = HasSubstr("are not inside the file");
  EXPECT_THAT(CheckWith64(field::kSectionHeaders, UINT64_MAX - 63), ElementsAre(outside));
  EXPECT_THAT(CheckWith64(field::kSectionHeaders, 0), ElementsAre(outside));
  EXPECT_THAT(CheckWith16(field::kSectionHeaderCount, 5), ElementsAre(outside));
  EXPECT_THAT(CheckWith16(field::kSectionHeaderCount, 0xffff), ElementsAre(outside));
  EXPECT_THAT(CheckWith16(field::kSectionHeaderBytes, 40),
              ElementsAre(HasSubstr("section headers of 40 bytes instead of 64")));
}

TEST(Sections, CountInSectionZero) {
  Bytes file = BuildProgram({.undefined = {{"f", 1}}});
  Put16(file, field::kSectionHeaderCount, 0);
  Put64(file, At(file, kNull, field::kSectionSize), kSectionCount);
  EXPECT_THAT(Check(file), ElementsAre(StartsWith("undefined symbol f: ")));
  Put64(file, At(file, kNull, field::kSectionSize), UINT64_MAX / 64 + 2);
  EXPECT_THAT(Check(file), ElementsAre(HasSubstr("are not inside the file")));
}

TEST(Sections, OutsideTheFile) {
  const Bytes good = BuildProgram();
  EXPECT_THAT(CheckWith64(At(good, kSpareSection, field::kSectionOffset), UINT64_MAX),
              ElementsAre(HasSubstr("section 3 is not inside the file")));
  EXPECT_THAT(CheckWith64(At(good, kSpareSection, field::kSectionSize), UINT64_MAX),
              ElementsAre(HasSubstr("section 3 is not inside the file")));
}

TEST(Sections, BssMayNameAnyBytes) {
  Bytes file = BuildProgram();
  Put64(file, At(file, kSpareSection, field::kSectionSize), UINT64_MAX);
  Put32(file, At(file, kSpareSection, field::kSectionType), kSectionNobits);
  EXPECT_THAT(Check(file), IsEmpty());
}

// ---- the build note

TEST(Note, IsRead) {
  const absl::StatusOr<BuildNote> note = ReadBuildNote(BuildProgram({.libc = "standin"}));
  ASSERT_TRUE(note.ok()) << note.status();
  EXPECT_EQ(note->name, "sample");
  EXPECT_EQ(note->version, "0.1");
  EXPECT_EQ(note->commit, "0123456789ab");
  EXPECT_EQ(note->date, "2026-02-01");
  EXPECT_EQ(note->arch, "x86_64");
  EXPECT_EQ(note->libc, "standin");
}

TEST(Note, Missing) {
  EXPECT_THAT(CheckWith32(At(kNote, field::kSegmentType), 0),
              ElementsAre(HasSubstr("no build note")));
  for (const absl::string_view owner : {"Cation", "GNU\0", "cation\0", ""}) {
    const Bytes file = BuildProgram({.note_owner = owner});
    EXPECT_EQ(ReadBuildNote(file).status().code(), absl::StatusCode::kNotFound);
    EXPECT_THAT(Check(file), ElementsAre(HasSubstr("no build note")));
  }
  Bytes file = BuildProgram();
  Put32(file, Get64(file, At(kNote, field::kOffset)) + 8, 2);  // another type
  EXPECT_THAT(Check(file), ElementsAre(HasSubstr("no build note")));
}

TEST(Note, Cut) {
  const Bytes good = BuildProgram();
  const uint64_t size = Get64(good, At(kNote, field::kFileSize));
  for (uint64_t cut = 0; cut + 4 <= size; ++cut) {
    Bytes file = good;
    Put64(file, At(kNote, field::kFileSize), cut);
    EXPECT_THAT(Check(file), ElementsAre(HasSubstr(cut == 0 ? "no build note" : "cut or damaged")))
        << cut;
  }
  const uint64_t note = Get64(good, At(kNote, field::kOffset));
  for (const uint64_t length : {uint64_t{0x10000}, uint64_t{0xffffffff}}) {
    EXPECT_THAT(CheckWith32(note, length), ElementsAre(HasSubstr("cut or damaged")));
    EXPECT_THAT(CheckWith32(note + 4, length), ElementsAre(HasSubstr("cut or damaged")));
  }
}

TEST(Note, Twice) {
  Bytes file = BuildProgram();
  for (const uint64_t field : {field::kSegmentType, field::kOffset, field::kFileSize}) {
    Put64(file, At(kSpare, field), Get64(file, At(kNote, field)));
  }
  EXPECT_THAT(Check(file), ElementsAre(HasSubstr("2 build notes instead of one")));
}

TEST(Note, AfterAnotherNote) {
  // Both in one segment, the first with the padding of 8 that .note.gnu.property has.
  const std::string text = NoteText("x86_64", "relibc");
  for (const uint64_t padding : {4, 8}) {
    Bytes file = BuildProgram();
    Bytes notes;
    const auto add = [&](const std::string& owner, const std::string& desc, uint32_t type) {
      const size_t at = notes.size();
      notes.resize(at + 12);
      Put32(notes, at, owner.size());
      Put32(notes, at + 4, desc.size());
      Put32(notes, at + 8, type);
      notes.insert(notes.end(), owner.begin(), owner.end());
      while (notes.size() % padding != 0) notes.push_back(0);
      notes.insert(notes.end(), desc.begin(), desc.end());
      while (notes.size() % padding != 0) notes.push_back(0);
    };
    add(std::string("GNU\0", 4), "12345", 5);
    add(std::string("Cation\0", 7), text, 1);
    Put64(file, At(kNote, field::kAlignment), padding);
    Put64(file, At(kNote, field::kOffset), file.size());
    Put64(file, At(kNote, field::kFileSize), notes.size());
    file.insert(file.end(), notes.begin(), notes.end());
    EXPECT_THAT(Check(file), IsEmpty()) << padding;
  }
}

TEST(Note, NulsAtItsEndAndOtherKeysAreSkipped) {
  EXPECT_THAT(Check(BuildProgram({.note = absl::StrCat("colour=red\n", NoteText("x86_64", "relibc"),
                                                       absl::string_view("\0\0", 2))})),
              IsEmpty());
}

TEST(Note, KeyMissing) {
  const std::string good = NoteText("x86_64", "relibc");
  for (const std::string key : {"name", "version", "commit", "date", "arch", "libc"}) {
    std::string text = good;
    text.insert(text.find(key + "="), "x");
    EXPECT_THAT(Check(BuildProgram({.note = text})),
                ElementsAre(HasSubstr("the build note has no " + key + "= line")));
    EXPECT_THAT(Check(BuildProgram({.note = good + key + "=y\n"})),
                ElementsAre(HasSubstr("the build note gives " + key + "= twice")));
  }
}

TEST(Note, Damaged) {
  const std::string good = NoteText("x86_64", "relibc");
  EXPECT_THAT(Check(BuildProgram({.note = good + "what"})),
              ElementsAre(HasSubstr("a line without '=' (\"what\")")));
  EXPECT_THAT(Check(BuildProgram({.note = good + "k=\x1b\n"})),
              ElementsAre(HasSubstr("not printable ASCII")));
  EXPECT_THAT(Check(BuildProgram({.note = std::string("\0\0", 2)})),
              ElementsAre(HasSubstr("a line without '='")));
}

TEST(Note, WrongArch) {
  EXPECT_THAT(Check(BuildProgram({.note = NoteText("aarch64", "relibc")})),
              ElementsAre(HasSubstr("the build note says arch=aarch64, the ELF header x86_64")));
}

TEST(Note, WrongLibc) {
  EXPECT_THAT(Check(BuildProgram({.libc = "standin"}), {.libc = Libc::kRelibc}),
              ElementsAre(HasSubstr("the build note says libc=standin, wanted is relibc")));
  EXPECT_THAT(Check(BuildProgram(), {.libc = Libc::kStandin}),
              ElementsAre(HasSubstr("the build note says libc=relibc, wanted is standin")));
  EXPECT_THAT(Check(BuildProgram({.libc = "glibc"})),
              ElementsAre(HasSubstr("says libc=glibc, neither standin nor relibc")));
}

TEST(Note, EmptyName) {
  std::string text = NoteText("x86_64", "relibc");
  text.replace(text.find("sample"), 6, "");
  EXPECT_THAT(Check(BuildProgram({.note = text})), ElementsAre(HasSubstr("name= is empty")));
}

TEST(Note, ReadingGarbage) {
  EXPECT_EQ(ReadBuildNote({}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadBuildNote(Bytes(200, 0x7f)).status().code(), absl::StatusCode::kInvalidArgument);
}

// ---- the byte budget

TEST(Budget, ExactlyAndOneOver) {
  const Bytes file = BuildProgram();
  const uint64_t size = file.size();
  EXPECT_THAT(
      Check(file, {.budget = Requirements::Budget{.empty_bytes = size - 100, .bytes = 100}}),
      IsEmpty());
  EXPECT_THAT(Check(file, {.budget = Requirements::Budget{.empty_bytes = size - 100, .bytes = 99}}),
              ElementsAre(AllOf(StartsWith("over the byte budget by 1: "),
                                HasSubstr("are 100 above an empty program"),
                                HasSubstr("allowed are 99"), HasSubstr("`./cation sizes`"))));
  EXPECT_THAT(Check(file, {.budget = Requirements::Budget{.empty_bytes = 0, .bytes = 1}}),
              ElementsAre(StartsWith(absl::StrCat("over the byte budget by ", size - 1, ": "))));
}

TEST(Budget, SmallerThanTheEmptyProgram) {
  EXPECT_THAT(Check(BuildProgram(),
                    {.budget = Requirements::Budget{.empty_bytes = UINT64_MAX, .bytes = 0}}),
              IsEmpty());
}

// ---- everything at once

TEST(AnyFile, TruncatedAtEveryLengthNeverPasses) {
  for (const bool sections : {false, true}) {
    const Bytes good = BuildProgram({.sections = sections});
    for (size_t length = 0; length < good.size(); ++length) {
      const Bytes cut(good.begin(), good.begin() + static_cast<ptrdiff_t>(length));
      EXPECT_THAT(Check(cut), Not(IsEmpty())) << length << " of " << good.size();
      ReadBuildNote(cut).IgnoreError();
    }
  }
}

TEST(AnyFile, EveryByteOfTheHeadersChanged) {
  const Bytes good = BuildProgram({.undefined = {{"f", 2}, {"g", 2}}});
  const uint64_t sections = Get64(good, field::kSectionHeaders);
  Bytes file = good;
  size_t passed = 0;
  for (size_t i = 0; i < good.size(); ++i) {
    const bool in_headers = i < At(kSpare, kProgramHeaderSize) || i >= sections;
    if (!in_headers) {
      continue;
    }
    for (const int flip : {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff}) {
      file[i] = static_cast<uint8_t>(good[i] ^ flip);
      const std::vector<std::string> findings = Check(file);
      passed += findings.empty() ? 1 : 0;
      EXPECT_LE(findings.size(), kMaximumFindings + 1);
      ReadBuildNote(file).IgnoreError();
    }
    file[i] = good[i];
  }
  EXPECT_GT(passed, 0U);  // fields that nobody reads, such as p_paddr
  // None of the bytes that exec or the start code reads may change the machine or the type.
  for (const uint64_t i : {field::kType, field::kMachine, field::kProgramHeaderBytes}) {
    for (int bit = 0; bit < 16; ++bit) {
      file = good;
      file[i + static_cast<uint64_t>(bit) / 8] ^= static_cast<uint8_t>(1 << bit % 8);
      EXPECT_THAT(Check(file), Not(IsEmpty())) << i << " " << bit;
    }
  }
}

TEST(AnyFile, GarbageNeverPasses) {
  std::mt19937 random(20260201);  // NOLINT: the same bytes each time
  for (int round = 0; round < 2000; ++round) {
    Bytes file(random() % 4096);
    for (uint8_t& byte : file) {
      byte = static_cast<uint8_t>(random() & 0xff);
    }
    EXPECT_THAT(Check(file), Not(IsEmpty()));
    // With a header that lets the rest be read.
    const Bytes good = BuildProgram();
    const size_t kept = std::min<size_t>(file.size(), round % 2 == 0 ? 64 : 24);
    std::copy_n(good.begin(), kept, file.begin());
    EXPECT_THAT(Check(file), Not(IsEmpty()));
  }
}

TEST(AnyFile, FindingsAreCut) {
  Bytes file = BuildProgram({.sections = false});
  Put64(file, field::kProgramHeaders, file.size());
  Put16(file, field::kProgramHeaderCount, 300);
  for (int i = 0; i < 300; ++i) {
    Bytes entry(kProgramHeaderSize, 0xff);
    Put32(entry, 0, kSegmentLoad);
    file.insert(file.end(), entry.begin(), entry.end());
  }
  const std::vector<std::string> findings = Check(file);
  ASSERT_THAT(findings, SizeIs(kMaximumFindings + 1));
  EXPECT_THAT(findings.back(), AllOf(StartsWith("and "), HasSubstr(" more findings")));
}

TEST(Printable, EscapesAndCuts) {
  EXPECT_EQ(Printable("a b~"), "a b~");
  EXPECT_EQ(Printable("\x7f\xc3\xa4\n"), "\\x7f\\xc3\\xa4\\x0a");
  EXPECT_EQ(Printable("abcd", 4), "abcd");
  EXPECT_EQ(Printable("abcde", 4), "abcd...");
}

// corpus/ is written by make_corpus and must be written again when the builder changes.
TEST(CorpusFolder, IsWhatMakeCorpusWrites) {
  const std::string folder = "tools/elf_check/corpus";
  std::set<std::string> expected;
  for (const auto& [name, bytes] : Corpus()) {
    expected.insert(name);
    std::ifstream file(folder + "/" + name, std::ios::binary);
    ASSERT_TRUE(file) << name << ": run make_corpus (see make_corpus.cc)";
    const Bytes found{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    EXPECT_TRUE(found == bytes) << name << ": run make_corpus (see make_corpus.cc)";
    EXPECT_EQ(Check(bytes).empty(), name.rfind("good_", 0) == 0) << name;
  }
  DIR* const dir = opendir(folder.c_str());
  ASSERT_NE(dir, nullptr);
  while (const dirent* entry = readdir(dir)) {
    if (entry->d_name[0] != '.') {
      EXPECT_EQ(expected.count(entry->d_name), 1U) << entry->d_name << ": not of make_corpus";
    }
  }
  closedir(dir);
}

}  // namespace
}  // namespace cation::elf
