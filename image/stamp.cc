// SPDX-License-Identifier: MIT
#include "image/stamp.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace cation::image {
namespace {

constexpr char kMark[] = "Build:";
constexpr char kOwnName[] = "Cation ";
constexpr char kByteOrderMark[] = "\xef\xbb\xbf";
constexpr size_t kMaximumCommit = 80;
constexpr size_t kMaximumPrefix = 200;

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

bool IsCommitCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '+' ||
         c == '-';
}

// Reads a stamp from left to right. Each Take...() goes on behind what it names and returns true,
// or stays where it is.
class Scanner {
 public:
  Scanner(absl::string_view text, size_t position) : text_(text), position_(position) {}

  [[nodiscard]] size_t position() const { return position_; }

  void SkipBlanks() {
    while (position_ < text_.size() && IsBlank(text_[position_])) ++position_;
  }

  bool Take(char c) {
    if (Peek() != c) return false;
    ++position_;
    return true;
  }

  bool TakeCommit() {
    const size_t start = position_;
    while (position_ < text_.size() && IsCommitCharacter(text_[position_])) ++position_;
    const size_t size = position_ - start;
    if (size > 0 && size <= kMaximumCommit) return true;
    position_ = start;
    return false;
  }

  bool TakeDate() {
    const size_t start = position_;
    if (TakeWord({"unknown"})) return true;
    if (TakeNamedDate()) return true;
    position_ = start;
    if (!TakeNumericDate()) return false;
    // A time belongs to it, and a zone to the time.
    const size_t date_end = position_;
    if (!(Take('T') || Take('_') || TakeBlanks()) || !TakeTime()) {
      position_ = date_end;
      return true;
    }
    TakeZone();
    return true;
  }

 private:
  [[nodiscard]] char Peek() const { return position_ < text_.size() ? text_[position_] : '\0'; }

  bool TakeBlanks() {
    const size_t start = position_;
    SkipBlanks();
    return position_ > start;
  }

  // One of the words, which letters and digits do not continue.
  template <size_t n>
  bool TakeWord(const char* const (&words)[n]) {
    const absl::string_view rest = text_.substr(position_);
    for (const absl::string_view word : words) {
      if (!absl::StartsWith(rest, word)) continue;
      const size_t end = word.size();
      if (end < rest.size() && absl::ascii_isalnum(static_cast<unsigned char>(rest[end]))) continue;
      position_ += end;
      return true;
    }
    return false;
  }

  // `least` to `most` digits, and none after them.
  bool TakeDigits(size_t least, size_t most) {
    const size_t start = position_;
    while (absl::ascii_isdigit(static_cast<unsigned char>(Peek()))) ++position_;
    const size_t size = position_ - start;
    if (size >= least && size <= most) return true;
    position_ = start;
    return false;
  }

  // 2026-11-23, 2026/11/23, 23.11.2026, 20261123.
  bool TakeNumericDate() {
    const size_t start = position_;
    if (TakeDigits(8, 8)) return true;
    for (const char separator : {'-', '/', '.'}) {
      for (const bool year_first : {true, false}) {
        position_ = start;
        if (TakeDigits(year_first ? 4 : 1, year_first ? 4 : 2) && Take(separator) &&
            TakeDigits(1, 2) && Take(separator) &&
            TakeDigits(year_first ? 1 : 4, year_first ? 2 : 4)) {
          return true;
        }
      }
    }
    position_ = start;
    return false;
  }

  // "Mon Nov 23 12:00:01 2026", "Mon Nov 23 12:00:01 UTC 2026", "23 Nov 2026 12:00", each with a
  // zone or without.
  bool TakeNamedDate() {
    if (TakeWord({"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"})) {
      Take(',');
      SkipBlanks();
    }
    if (TakeDigits(1, 2)) {
      if (!TakeBlanks() || !TakeMonth() || !TakeBlanks() || !TakeDigits(4, 4)) return false;
      const size_t date_end = position_;
      if (TakeBlanks() && TakeTime()) {
        TakeZone();
      } else {
        position_ = date_end;
      }
      return true;
    }
    if (!TakeMonth() || !TakeBlanks() || !TakeDigits(1, 2)) return false;
    Take(',');
    if (!TakeBlanks()) return false;
    if (TakeTime()) {
      TakeZone();
      if (!TakeBlanks()) return false;
    }
    if (!TakeDigits(4, 4)) return false;
    TakeZone();
    return true;
  }

  bool TakeMonth() {
    return TakeWord(
        {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"});
  }

  // 12:00, 12:00:01, 12:00:01.5
  bool TakeTime() {
    const size_t start = position_;
    if (!TakeDigits(1, 2) || !Take(':') || !TakeDigits(2, 2)) {
      position_ = start;
      return false;
    }
    const size_t minutes_end = position_;
    if (!Take(':') || !TakeDigits(2, 2)) {
      position_ = minutes_end;
      return true;
    }
    const size_t seconds_end = position_;
    if (!Take('.') || !TakeDigits(1, 9)) position_ = seconds_end;
    return true;
  }

  // Z, UTC, +0100, -05:00, also after blanks.
  bool TakeZone() {
    const size_t start = position_;
    SkipBlanks();
    if (TakeWord({"Z", "UTC", "GMT", "CET", "CEST"})) return true;
    if (Take('+') || Take('-')) {
      const size_t sign_end = position_;
      if (TakeDigits(4, 4)) return true;
      position_ = sign_end;
      if (TakeDigits(2, 2)) {
        const size_t hours_end = position_;
        if (Take(':') && TakeDigits(2, 2)) return true;
        position_ = hours_end;
        return true;
      }
    }
    position_ = start;
    return false;
  }

  absl::string_view text_;
  size_t position_;
};

std::string Piece(absl::string_view text, size_t start, size_t end) {
  return std::string(text.substr(start, end - start));
}

// Where "Cation VERSION | " begins that ends at `end` and has nothing before it but a comment sign,
// a quote or the line's start; `end` when there is none.
size_t OwnPrefixStart(absl::string_view text, size_t end) {
  size_t position = end;
  const auto skip_blanks = [&text, &position] {
    while (position > 0 && IsBlank(text[position - 1])) --position;
  };
  skip_blanks();
  if (position == 0 || text[position - 1] != '|') return end;
  --position;
  skip_blanks();
  const size_t version_end = position;
  while (position > 0 && IsCommitCharacter(text[position - 1])) --position;
  if (position == version_end || !absl::ascii_isdigit(static_cast<unsigned char>(text[position]))) {
    return end;
  }
  const absl::string_view name = kOwnName;
  if (!absl::EndsWith(text.substr(0, position), name)) return end;
  position -= name.size();
  const size_t start = position;
  skip_blanks();
  const bool stands_alone = position == 0 || absl::StrContains("\n#\"'", text[position - 1]);
  return stands_alone ? start : end;
}

// "Build: COMMIT | DATE".
std::string Core(const Stamp& stamp) {
  return absl::StrCat(kMark, " ", stamp.commit, " | ", stamp.date);
}

std::string WithPrefix(const Stamp& stamp) {
  return stamp.prefix.empty() ? Core(stamp) : absl::StrCat(stamp.prefix, " | ", Core(stamp));
}

std::string Line(StampPlace place, const Stamp& stamp) {
  switch (place) {
    case StampPlace::kInitRc:
      return absl::StrCat("# ", WithPrefix(stamp));
    case StampPlace::kInitrc:
      // All that Ion expands between double quotes is refused by CheckStamp().
      return absl::StrCat("echo \"", WithPrefix(stamp), "\"");
    case StampPlace::kRelease:
      break;
  }
  return Core(stamp);
}

std::string WithLine(absl::string_view text, StampPlace place, const std::string& line) {
  const size_t first_end = text.find('\n');
  const bool has_line_end = first_end != absl::string_view::npos;
  const absl::string_view line_end =
      has_line_end && first_end > 0 && text[first_end - 1] == '\r' ? "\r\n" : "\n";
  if (place == StampPlace::kRelease) {
    const bool ended = text.empty() || text.back() == '\n';
    return absl::StrCat(text, ended ? "" : line_end, line, line_end);
  }
  // A byte order mark hides the comment sign of the line that it begins: that line stays first.
  if (!absl::StartsWith(text, "#!") && !absl::StartsWith(text, kByteOrderMark)) {
    return absl::StrCat(line, line_end, text);
  }
  if (!has_line_end) return absl::StrCat(text, line_end, line, line_end);
  return absl::StrCat(text.substr(0, first_end + 1), line, line_end, text.substr(first_end + 1));
}

// The size of the UTF-8 character at the front of `text`; 0: none is there, or a control character.
size_t CharacterSize(absl::string_view text) {
  const auto byte = [text](size_t index) {
    return index < text.size() ? static_cast<unsigned char>(text[index]) : 0U;
  };
  const uint32_t first = byte(0);
  if (first < 0x80) return first >= 0x20 && first != 0x7f ? 1 : 0;
  const size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  uint32_t value = first & (0x7fU >> size);
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return 0;
    value = (value << 6U) | (byte(i) & 0x3fU);
  }
  constexpr std::array<uint32_t, 3> kLeast = {0x80, 0x800, 0x10000};
  if (value < kLeast[size - 2] || value > 0x10ffff) return 0;
  if (value >= 0xd800 && value <= 0xdfff) return 0;
  // Control characters, and what parts lines for some programs.
  if (value < 0xa0 || value == 0x2028 || value == 0x2029) return 0;
  return size;
}

absl::Status CheckPrefix(absl::string_view prefix) {
  if (prefix.size() > kMaximumPrefix) {
    return absl::InvalidArgumentError(
        absl::StrCat("the stamp's prefix is longer than ", kMaximumPrefix, " bytes"));
  }
  if (!prefix.empty() && (IsBlank(prefix.front()) || IsBlank(prefix.back()))) {
    return absl::InvalidArgumentError("the stamp's prefix begins or ends with a blank");
  }
  if (absl::StrContains(prefix, kMark)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the stamp's prefix has a \"", kMark, "\" of its own"));
  }
  while (!prefix.empty()) {
    const size_t size = CharacterSize(prefix);
    if (size == 0) {
      return absl::InvalidArgumentError(
          "the stamp's prefix has a control character or is not valid UTF-8");
    }
    // Ion would expand them or end the text with them; {} and ! are refused to be sure of it.
    if (absl::StrContains("\"'`$@\\{}!#", prefix.substr(0, size))) {
      return absl::InvalidArgumentError(
          absl::StrCat("the stamp's prefix has the character ", prefix.substr(0, size),
                       ", which means something to the shell: leave it out"));
    }
    prefix.remove_prefix(size);
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<FoundStamp> FindStamps(absl::string_view text) {
  std::vector<FoundStamp> found;
  const absl::string_view mark = kMark;
  size_t next = 0;
  for (size_t start = text.find(mark); start != absl::string_view::npos;
       start = text.find(mark, next)) {
    next = start + mark.size();
    // "PreBuild:" is something else.
    if (start > 0 && absl::ascii_isalnum(static_cast<unsigned char>(text[start - 1]))) continue;
    Scanner scanner(text, next);
    scanner.SkipBlanks();
    const size_t commit_start = scanner.position();
    if (!scanner.TakeCommit()) continue;
    const size_t commit_end = scanner.position();
    scanner.SkipBlanks();
    if (!scanner.Take('|')) continue;
    scanner.SkipBlanks();
    const size_t date_start = scanner.position();
    if (!scanner.TakeDate()) continue;
    const size_t date_end = scanner.position();
    found.push_back({.offset = start,
                     .size = date_end - start,
                     .commit = Piece(text, commit_start, commit_end),
                     .date = Piece(text, date_start, date_end)});
    next = date_end;
  }
  return found;
}

absl::Status CheckStamp(const Stamp& stamp) {
  absl::Status status = CheckPrefix(stamp.prefix);
  if (!status.ok()) return status;
  const std::string core = Core(stamp);
  const std::vector<FoundStamp> found = FindStamps(core);
  if (found.size() != 1 || found[0].size != core.size() || found[0].commit != stamp.commit ||
      found[0].date != stamp.date) {
    return absl::InvalidArgumentError(absl::StrCat("no build stamp can be made of the commit \"",
                                                   stamp.commit, "\" and the date \"", stamp.date,
                                                   "\""));
  }
  return absl::OkStatus();
}

absl::StatusOr<StampedText> PutStamp(absl::string_view text, StampPlace place, const Stamp& stamp) {
  absl::Status status = CheckStamp(stamp);
  if (!status.ok()) return status;
  const std::vector<FoundStamp> found = FindStamps(text);
  if (found.empty()) {
    return StampedText{.text = WithLine(text, place, Line(place, stamp)),
                       .result = StampResult::kAdded};
  }
  StampedText stamped;
  size_t copied = 0;
  for (const FoundStamp& one : found) {
    const size_t start = std::max(copied, OwnPrefixStart(text, one.offset));
    absl::StrAppend(&stamped.text, text.substr(copied, start - copied),
                    start == one.offset ? Core(stamp) : WithPrefix(stamp));
    copied = one.offset + one.size;
  }
  absl::StrAppend(&stamped.text, text.substr(copied));
  stamped.result = stamped.text == text ? StampResult::kUnchanged : StampResult::kReplaced;
  return stamped;
}

}  // namespace cation::image
