// SPDX-License-Identifier: MIT
#include "tools/elf_check/build_note.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"
#include "tools/elf_check/elf_file.h"

namespace cation::elf {
namespace {

constexpr uint64_t kNoteHeaderSize = 12;  // namesz, descsz, type

absl::string_view AsText(absl::Span<const uint8_t> bytes) {
  return absl::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

// value is below 2^33, so this does not overflow.
uint64_t AlignUp(uint64_t value, uint64_t alignment) {
  return (value + alignment - 1) / alignment * alignment;
}

absl::Status DamagedSegment() {
  return absl::InvalidArgumentError(
      "a PT_NOTE segment is cut or damaged, so the note of what this program is cannot be trusted: "
      "build or copy it again");
}

// Appends the descriptors of our notes in one segment to found.
absl::Status FindNotes(absl::Span<const uint8_t> segment, uint64_t alignment,
                       std::vector<absl::string_view>& found) {
  // 8 is used by .note.gnu.property; everything else, whatever p_align says, is padded to 4.
  const uint64_t padding = alignment == 8 ? 8 : 4;
  uint64_t at = 0;
  while (at < segment.size()) {
    const auto head = Slice(segment, at, kNoteHeaderSize);
    if (!head.has_value()) {
      return DamagedSegment();
    }
    const uint64_t name_size = Load32(*head, 0);
    const uint64_t text_size = Load32(*head, 4);
    const uint64_t text_at = at + AlignUp(kNoteHeaderSize + name_size, padding);
    const auto name = Slice(segment, at + kNoteHeaderSize, name_size);
    const auto text = Slice(segment, text_at, text_size);
    if (!name.has_value() || !text.has_value()) {
      return DamagedSegment();
    }
    constexpr absl::string_view kOwner(kBuildNoteOwner, sizeof(kBuildNoteOwner));  // with its NUL
    if (AsText(*name) == kOwner && Load32(*head, 8) == kBuildNoteType) {
      found.push_back(AsText(*text));
    }
    at = text_at + AlignUp(text_size, padding);
  }
  return absl::OkStatus();
}

absl::StatusOr<BuildNote> ParseNote(absl::string_view text) {
  struct Field {
    absl::string_view key;
    std::string BuildNote::* member;
    bool seen;
  };
  Field fields[] = {
      {"name", &BuildNote::name, false},     {"version", &BuildNote::version, false},
      {"commit", &BuildNote::commit, false}, {"date", &BuildNote::date, false},
      {"arch", &BuildNote::arch, false},     {"libc", &BuildNote::libc, false},
  };
  while (absl::ConsumeSuffix(&text, absl::string_view("\0", 1))) {
  }
  absl::ConsumeSuffix(&text, "\n");
  for (const char c : text) {
    if ((c < ' ' || c > '~') && c != '\n') {
      return absl::InvalidArgumentError(
          "the build note holds bytes that are not printable ASCII: it is damaged; build it again");
    }
  }
  BuildNote note;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const size_t equals = line.find('=');
    if (equals == absl::string_view::npos) {
      return absl::InvalidArgumentError(absl::StrCat("the build note has a line without '=' (\"",
                                                     Printable(line, kMaxShownBytes),
                                                     "\"): it is damaged; build it again"));
    }
    for (Field& field : fields) {
      if (line.substr(0, equals) != field.key) {
        continue;
      }
      if (field.seen) {
        return absl::InvalidArgumentError(absl::StrCat("the build note gives ", field.key,
                                                       "= twice: it is damaged; build it again"));
      }
      field.seen = true;
      note.*field.member = std::string(line.substr(equals + 1));
    }
  }
  for (const Field& field : fields) {
    if (!field.seen) {
      return absl::InvalidArgumentError(
          absl::StrCat("the build note has no ", field.key,
                       "= line (name, version, commit, date, arch and libc are required): build it "
                       "with this project's rules"));
    }
  }
  return note;
}

}  // namespace

absl::StatusOr<BuildNote> ReadBuildNote(absl::Span<const uint8_t> file) {
  const absl::StatusOr<Header> header = ReadHeader(file);
  if (!header.ok()) {
    return header.status();
  }
  const absl::StatusOr<std::vector<ProgramHeader>> segments = ReadProgramHeaders(file, *header);
  if (!segments.ok()) {
    return segments.status();
  }
  std::vector<absl::string_view> found;
  for (const ProgramHeader& segment : *segments) {
    if (segment.type != kSegmentNote) {
      continue;
    }
    const auto bytes = Slice(file, segment.offset, segment.file_size);
    if (!bytes.has_value()) {
      return DamagedSegment();
    }
    absl::Status status = FindNotes(*bytes, segment.alignment, found);
    if (!status.ok()) {
      return status;
    }
  }
  if (found.empty()) {
    return absl::NotFoundError(
        "no build note (an ELF note of owner \"Cation\" and type 1 in a PT_NOTE segment), so "
        "nobody "
        "can tell which libc it was linked with, and the installer refuses it: link the runtime's "
        "start code, and keep .note sections in the linker script");
  }
  if (found.size() > 1) {
    return absl::InvalidArgumentError(
        absl::StrCat(found.size(), " build notes instead of one: link the start code once"));
  }
  return ParseNote(found.front());
}

}  // namespace cation::elf
