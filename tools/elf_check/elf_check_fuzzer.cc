// SPDX-License-Identifier: MIT

// Any bytes may be given to CheckElf and ReadBuildNote: no crash, findings that are lines, and
// nothing passes for which a second, much simpler reading of the file does not agree.
//
// Random bytes are hardly ever ELF, and a plain test run has no coverage to learn from, so the
// mutator begins at programs of elf_builder.h and likes to change the fields of headers.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "tools/elf_check/build_note.h"
#include "tools/elf_check/elf_builder.h"
#include "tools/elf_check/elf_check.h"

namespace cation::elf {
namespace {

void Require(bool condition) {
  if (!condition) {
    abort();
  }
}

// Written with <elf.h>'s layout by memcpy, sharing no code with what is tested.
struct RawHeader {
  unsigned char ident[16];
  uint16_t type, machine;
  uint32_t version;
  uint64_t entry, phoff, shoff;
  uint32_t flags;
  uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};
static_assert(sizeof(RawHeader) == 64);

struct RawSegment {
  uint32_t type, flags;
  uint64_t offset, vaddr, paddr, filesz, memsz, align;
};
static_assert(sizeof(RawSegment) == 56);

using Wide = unsigned __int128;  // sums cannot overflow

void RequireStartable(const uint8_t* data, size_t size) {
  RawHeader header;
  Require(size >= sizeof(header));
  memcpy(&header, data, sizeof(header));
  Require(memcmp(header.ident,
                 "\x7f"
                 "ELF\2\1\1",
                 7) == 0);
  Require(header.type == 2 && (header.machine == 62 || header.machine == 183));
  Require(header.entry != 0);
  Require(Wide{header.phoff} + Wide{header.phnum} * 56 <= size);
  bool entry_found = false;
  std::vector<RawSegment> loads;
  for (uint64_t i = 0; i < header.phnum; ++i) {
    RawSegment segment;
    memcpy(&segment, data + header.phoff + i * 56, sizeof(segment));
    Require(segment.type != 2 && segment.type != 3);
    Require(segment.filesz == 0 || Wide{segment.offset} + segment.filesz <= size);
    if (segment.type != 1) {
      continue;
    }
    Require((segment.flags & 3) != 3);
    Require(segment.filesz <= segment.memsz && segment.memsz != 0);
    Require(segment.vaddr >= 65536);
    Require(Wide{segment.vaddr} + segment.memsz <= Wide{1} << 47);
    for (const RawSegment& other : loads) {
      Require(other.vaddr < segment.vaddr);
      Require((other.vaddr + other.memsz - 1) >> 12 < segment.vaddr >> 12);
    }
    loads.push_back(segment);
    if ((segment.flags & 1) != 0 && header.entry >= segment.vaddr &&
        header.entry < segment.vaddr + segment.filesz) {
      entry_found = true;
    }
  }
  Require(entry_found);
}

void Check(absl::Span<const uint8_t> file, const Requirements& requirements) {
  const std::vector<std::string> findings = CheckElf(file, requirements);
  Require(findings.size() <= kMaximumFindings + 1);
  for (const std::string& finding : findings) {
    Require(!finding.empty());
    for (const char c : finding) {
      Require(c >= ' ' && c <= '~');
    }
  }
  const absl::StatusOr<BuildNote> note = ReadBuildNote(file);
  if (!findings.empty()) {
    return;
  }
  RequireStartable(file.data(), file.size());
  Require(note.ok() && !note->name.empty());
  Require(ParseArch(note->arch).has_value() && ParseLibc(note->libc).has_value());
  Require(!requirements.arch.has_value() || ParseArch(note->arch) == requirements.arch);
  Require(!requirements.libc.has_value() || ParseLibc(note->libc) == requirements.libc);
  if (requirements.budget.has_value()) {
    Require(file.size() <= Wide{requirements.budget->empty_bytes} + requirements.budget->bytes);
  }
}

}  // namespace
}  // namespace cation::elf

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned int seed) {
  static const auto* const kCorpus = new auto(cation::elf::Corpus());
  std::minstd_rand random(seed);
  constexpr size_t kHeaders = 64 + 6 * 56;
  if (size < kHeaders || random() % 8 == 0) {
    const std::vector<uint8_t>& start = (*kCorpus)[random() % kCorpus->size()].second;
    size = std::min(start.size(), max_size);
    std::copy_n(start.begin(), size, data);
  }
  if (size < kHeaders || random() % 2 == 0) {
    return LLVMFuzzerMutate(data, size, max_size);
  }
  for (uint64_t changes = 1 + random() % 3; changes > 0; --changes) {
    // A field of the ELF header, a program header, or near the end, where section headers are.
    const uint64_t at = random() % 4 == 0 ? size - 8 * (1 + random() % 36)
                                          : 16 + random() % ((kHeaders - 16) / 8) * 8;
    uint64_t value;
    memcpy(&value, data + at, sizeof(value));
    const uint64_t values[] = {
        0,         1,         size,         UINT64_MAX,   uint64_t{1} << 47,
        value + 1, value - 1, value + 4096, value - 4096, value ^ uint64_t{1} << random() % 64};
    value = values[random() % std::size(values)];
    memcpy(data + at, &value, sizeof(value));
  }
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace cation::elf;  // NOLINT: the one function outside
  // Exactly as large as the file, so that a read beyond it is seen.
  const std::vector<uint8_t> file(data, data + size);
  Check(file, {});
  Check(file, {.arch = Arch::kX8664, .libc = Libc::kRelibc});
  Check(file, {.arch = Arch::kAarch64,
               .libc = Libc::kStandin,
               .budget = Requirements::Budget{.empty_bytes = 1000, .bytes = 300}});
  return 0;
}
