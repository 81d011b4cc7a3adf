// SPDX-License-Identifier: MIT
#include "image/root_journal.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "image/resolve.h"

namespace cation::image {
namespace {

constexpr absl::string_view kMagic = "cation-journal 1";

// FNV-1a: against damage. Whoever could forge it could as well write into the folder; that the
// journal is our own is told by its owner.
std::string Checksum(absl::string_view text) {
  uint64_t hash = 0xcbf29ce484222325U;
  for (const char byte : text) hash = (hash ^ static_cast<uint8_t>(byte)) * 0x100000001b3U;
  return absl::StrCat(absl::Hex(hash, absl::kZeroPad16));
}

std::string FormatAttributes(const Attributes& attributes) {
  return absl::StrCat(attributes.mode, " ", attributes.uid, " ", attributes.gid, " ",
                      attributes.mtime, " ", attributes.mtime_nanoseconds);
}

bool ParseAttributes(const std::vector<absl::string_view>& words, size_t first,
                     Attributes& attributes) {
  return absl::SimpleAtoi(words[first], &attributes.mode) && attributes.mode <= 07777 &&
         absl::SimpleAtoi(words[first + 1], &attributes.uid) &&
         absl::SimpleAtoi(words[first + 2], &attributes.gid) &&
         absl::SimpleAtoi(words[first + 3], &attributes.mtime) &&
         absl::SimpleAtoi(words[first + 4], &attributes.mtime_nanoseconds) &&
         attributes.mtime_nanoseconds < 1000000000;
}

bool ParseHolding(absl::string_view word, Holding& holding) {
  if (word.size() != 1 || absl::string_view("-fdl").find(word[0]) == absl::string_view::npos) {
    return false;
  }
  holding = static_cast<Holding>(word[0]);
  return true;
}

bool ParseStep(absl::string_view line, JournalStep& step) {
  const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
  constexpr size_t kWords = 14;
  return words.size() == kWords && words[0] == "step" && ParseHolding(words[1], step.before) &&
         ParseHolding(words[2], step.after) &&
         (step.before != Holding::kNothing || step.after != Holding::kNothing) &&
         ParseAttributes(words, 3, step.attributes_before) &&
         ParseAttributes(words, 8, step.attributes_after) && absl::StartsWith(words[13], "/") &&
         absl::CUnescape(words[13].substr(1), &step.path) && IsCanonical(step.path) &&
         (!step.path.empty() || step.Stays());
}

}  // namespace

std::string FormatJournal(const Journal& journal) {
  std::string text = absl::StrCat(kMagic, "\nroot ", journal.restore_root ? 1 : 0, " ",
                                  journal.root_mtime, " ", journal.root_mtime_nanoseconds, "\n");
  for (const JournalStep& step : journal.steps) {
    absl::StrAppend(&text, "step ", std::string(1, static_cast<char>(step.before)), " ",
                    std::string(1, static_cast<char>(step.after)), " ",
                    FormatAttributes(step.attributes_before), " ",
                    FormatAttributes(step.attributes_after), " /");
    // A space is escaped too: it parts the words.
    for (const char byte : step.path) {
      const std::string one(1, byte);
      absl::StrAppend(&text, byte == ' ' ? "\\040" : absl::CEscape(one));
    }
    absl::StrAppend(&text, "\n");
  }
  absl::StrAppend(&text, "end ", Checksum(text), "\n");
  return text;
}

absl::StatusOr<Journal> ParseJournal(absl::string_view text) {
  const auto damaged = [](absl::string_view why) {
    return absl::DataLossError(absl::StrCat("the journal is damaged (", why, ")"));
  };
  if (!absl::StartsWith(text, absl::StrCat(kMagic, "\n"))) return damaged("not a journal");
  const size_t end = text.rfind("\nend ");
  if (end == absl::string_view::npos) return damaged("it has no end");
  const absl::string_view body = text.substr(0, end + 1);
  if (text.substr(end + 1) != absl::StrCat("end ", Checksum(body), "\n")) {
    return damaged("its checksum is another");
  }
  const std::vector<absl::string_view> lines = absl::StrSplit(body, '\n');
  Journal journal;
  const std::vector<absl::string_view> root = absl::StrSplit(lines[1], ' ');
  int restore = 0;
  if (root.size() != 4 || root[0] != "root" || !absl::SimpleAtoi(root[1], &restore) ||
      !absl::SimpleAtoi(root[2], &journal.root_mtime) ||
      !absl::SimpleAtoi(root[3], &journal.root_mtime_nanoseconds) ||
      journal.root_mtime_nanoseconds >= 1000000000) {
    return damaged("line 2");
  }
  journal.restore_root = restore == 1;
  // After the last newline there is one empty piece.
  for (size_t number = 2; number + 1 < lines.size(); ++number) {
    JournalStep step;
    if (!ParseStep(lines[number], step) ||
        (!journal.steps.empty() && journal.steps.back().path >= step.path)) {
      return damaged(absl::StrCat("line ", number + 1));
    }
    journal.steps.push_back(std::move(step));
  }
  return journal;
}

}  // namespace cation::image
