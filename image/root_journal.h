// SPDX-License-Identifier: MIT
#ifndef IMAGE_ROOT_JOURNAL_H_
#define IMAGE_ROOT_JOURNAL_H_

// The journal of a change to a root folder (root_tree.h): what was and what is to be, per path, so
// that what was begun can be finished, or taken back, by whoever opens the folder next.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "image/tree.h"

namespace cation::image {

// What is at a path: a letter in the journal.
enum class Holding : char {
  kNothing = '-',
  kFile = 'f',
  kDirectory = 'd',
  kLink = 'l',
  kOther = 'o',  // never in a journal
};

struct JournalStep {
  std::string path;
  Holding before = Holding::kNothing;
  Holding after = Holding::kNothing;
  Attributes attributes_before;  // of a directory
  Attributes attributes_after;   // of a directory

  // What is there leaves; what is to be comes, from the journal's folder; a file or link does both
  // at once. A directory that stays does neither: its attributes are set.
  [[nodiscard]] bool Swaps() const { return Exchangeable(before) && Exchangeable(after); }
  [[nodiscard]] bool Leaves() const { return before != Holding::kNothing && !Stays() && !Swaps(); }
  [[nodiscard]] bool Comes() const { return after != Holding::kNothing && !Stays(); }
  [[nodiscard]] bool Stays() const {
    return before == Holding::kDirectory && after == Holding::kDirectory;
  }

 private:
  static bool Exchangeable(Holding holding) {
    return holding == Holding::kFile || holding == Holding::kLink;
  }
};

struct Journal {
  std::vector<JournalStep> steps;  // sorted by path, each path once
  // The root's own time of change is set to this at the end, where `restore_root` says so: making
  // the journal's folder in it is none of its changes.
  bool restore_root = false;
  int64_t root_mtime = 0;
  uint32_t root_mtime_nanoseconds = 0;
};

// Text: a line of its own for what it is, for the root, for each step, and a checksum at the end.
std::string FormatJournal(const Journal& journal);

// The journal of such text. kDataLoss: it is none, or a damaged one; nothing in it is believed that
// FormatJournal() would not have written (canonical sorted paths, known letters, sane attributes).
absl::StatusOr<Journal> ParseJournal(absl::string_view text);

}  // namespace cation::image

#endif  // IMAGE_ROOT_JOURNAL_H_
