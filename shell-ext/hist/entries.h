// SPDX-License-Identifier: MIT
//
// A history in memory: its entries, and their order.
#ifndef CATION_SHELL_EXT_HIST_ENTRIES_H_
#define CATION_SHELL_EXT_HIST_ENTRIES_H_

#include <stdint.h>

#include "runtime/core/string_view.h"
#include "runtime/core/vector.h"
#include "runtime/sys/sys.h"

namespace cation::hist {

// What is kept, or shown, of the end: so many entries, or as many as there is room for.
struct Limit {
  static constexpr uint64_t kAll = UINT64_MAX;
  uint64_t count = kAll;
  bool bytes = false;
};

// A line that somebody has typed. Ion has the time of it, if it was told to, in a line before it,
// "#1700000000".
struct Entry {
  StringView line;        // without what ends it
  size_t time_bytes = 0;  // of lines with times before it, which end where it begins
  uint64_t time = 0;      // the last of these; 0: none
  bool ended = true;      // a newline follows
  // For Entries: where this line comes first, and where it comes next.
  uint32_t first = UINT32_MAX;
  uint32_t next = UINT32_MAX;

  // With its times, and its end if it has one.
  [[nodiscard]] StringView whole() const {
    return {line.data() - time_bytes, time_bytes + line.size() + (ended ? 1 : 0)};
  }
  // How many bytes it is in a file.
  [[nodiscard]] uint64_t bytes() const { return time_bytes + line.size() + 1; }
};

// Takes the next line from the front of `text`, with its newline if it has one.
StringView TakeLine(StringView& text);
// The time that `line`, without its end, is for the line behind it; 0 if it is an entry.
uint64_t TimeOf(StringView line);

// Finds entries by what they are, in a table of their numbers.
class Table {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  // Room for `most` of `entries`. `times`: entries of another time are not the same. Errors:
  // ENOMEM.
  Result<void> Start(const Vector<Entry>& entries, size_t most, bool times);
  // Where the number of what is the same as `entry` is; kNone there: nothing is.
  uint32_t& Find(const Entry& entry);

 private:
  const Vector<Entry>* entries_ = nullptr;
  Vector<uint32_t> slots_;
  bool times_ = false;
};

class Entries {
 public:
  // The history itself. `text` stays where it is. Errors: ENOMEM, EFBIG.
  Result<void> Add(StringView text);
  // Puts in what another has and this one has not: by its time where both have times, otherwise
  // behind what it follows there. Returns whether there was anything. Errors: as before.
  Result<bool> Merge(StringView other);
  // Of the same lines the last stays. Returns whether there were any. Errors: ENOMEM.
  Result<bool> MakeUnique();
  // The first of what is within the limit.
  [[nodiscard]] size_t First(const Limit& limit) const;

  [[nodiscard]] size_t size() const { return order_.size(); }
  [[nodiscard]] const Entry& operator[](size_t place) const { return all_[order_[place]]; }
  // From 0, of what was added first.
  [[nodiscard]] size_t NumberOf(const Entry& entry) const {
    return static_cast<size_t>(&entry - all_.data());
  }
  // Times behind the last entry: of one that is still to come.
  [[nodiscard]] StringView rest() const { return rest_; }

 private:
  Result<void> Split(StringView text, StringView* rest);

  Vector<Entry> all_;
  Vector<uint32_t> order_;
  StringView rest_;
};

}  // namespace cation::hist

#endif  // CATION_SHELL_EXT_HIST_ENTRIES_H_
