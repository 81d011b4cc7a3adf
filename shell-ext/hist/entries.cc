// SPDX-License-Identifier: MIT
#include "shell-ext/hist/entries.h"

#include "coreutils/support/hash.h"
#include "runtime/core/format.h"

namespace cation::hist {

StringView TakeLine(StringView& text) {
  const size_t newline = text.Find('\n');
  const StringView line = text.First(newline == StringView::kNotFound ? text.size() : newline + 1);
  text = text.From(line.size());
  return line;
}

uint64_t TimeOf(StringView line) {
  if (!line.StartsWith("#")) return 0;
  const Result<uint64_t> time = ParseNumber(line.From(1));
  return time.ok() ? time.value() : 0;
}

// ------------------------------------------------------------------------------------------- Table

Result<void> Table::Start(const Vector<Entry>& entries, size_t most, bool times) {
  entries_ = &entries;
  times_ = times;
  // Half of it stays free.
  size_t size = 16;
  while (size / 2 < most) size *= 2;
  slots_.Clear();
  CATION_TRY(slots_.Reserve(size));
  while (slots_.size() < size) CATION_TRY(slots_.PushBack(kNone));
  return {};
}

uint32_t& Table::Find(const Entry& entry) {
  uint64_t hash = HashOf(entry.line, times_ ? entry.time : 0);
  hash ^= hash >> 32;
  for (;; ++hash) {
    uint32_t& slot = slots_[hash & (slots_.size() - 1)];
    if (slot == kNone) return slot;
    const Entry& other = (*entries_)[slot];
    if (other.line == entry.line && (!times_ || other.time == entry.time)) return slot;
  }
}

// ----------------------------------------------------------------------------------------- Entries

Result<void> Entries::Split(StringView text, StringView* rest) {
  *rest = text;
  Entry entry;
  while (!text.empty()) {
    entry.line = TakeLine(text);
    entry.ended = entry.line.back() == '\n';
    if (entry.ended) entry.line = entry.line.First(entry.line.size() - 1);
    if (const uint64_t time = TimeOf(entry.line); time != 0) {
      entry.time = time;
      entry.time_bytes += entry.line.size() + 1;
      continue;
    }
    if (all_.size() == Table::kNone) return Error{abi::kEFBIG};
    CATION_TRY(all_.PushBack(entry));
    entry = Entry();
    *rest = text;
  }
  return {};
}

Result<void> Entries::Add(StringView text) {
  CATION_TRY(Split(text, &rest_));
  for (size_t i = order_.size(); i < all_.size(); ++i)
    CATION_TRY(order_.PushBack(static_cast<uint32_t>(i)));
  return {};
}

Result<bool> Entries::Merge(StringView other) {
  const size_t first = all_.size();
  StringView rest;
  CATION_TRY(Split(other, &rest));
  Table lines;   // one for each line
  Table events;  // each line at each time
  CATION_TRY(lines.Start(all_, all_.size(), false));
  CATION_TRY(events.Start(all_, all_.size(), true));
  bool has_times = false;
  for (size_t place = order_.size(); place-- != 0;) {
    const uint32_t number = order_[place];
    Entry& entry = all_[number];
    entry.first = Table::kNone;
    has_times |= entry.time != 0;
    events.Find(entry) = number;
    uint32_t& line = lines.Find(entry);
    if (line == Table::kNone) line = number;
    all_[number].next = Exchange(all_[line].first, static_cast<uint32_t>(place));
  }
  // A line that is not ended may be written on: nothing goes behind it.
  const size_t end = order_.size() - (order_.empty() || (*this)[order_.size() - 1].ended ? 0U : 1U);

  Vector<uint32_t> merged;
  CATION_TRY(merged.Reserve(order_.size()));
  size_t place = 0;   // where the next one goes
  size_t copied = 0;  // of order_
  bool is_new = false;
  for (size_t number = first; number < all_.size(); ++number) {
    const Entry& entry = all_[number];
    uint32_t& line = lines.Find(entry);
    bool is_there = line != Table::kNone;
    if (entry.time != 0 && has_times) {
      // What has no time of its own is as old as what is before it.
      while (place < end && (*this)[place].time <= entry.time) ++place;
      Entry timeless = entry;
      timeless.time = 0;
      is_there = events.Find(entry) != Table::kNone || events.Find(timeless) != Table::kNone;
    } else if (is_there) {
      uint32_t& following = all_[line].first;
      while (following < place) following = (*this)[following].next;
      if (following != Table::kNone) place = Min(size_t{following} + 1, end);
    }
    if (is_there) continue;
    is_new = true;
    if (line == Table::kNone) line = static_cast<uint32_t>(number);
    events.Find(entry) = static_cast<uint32_t>(number);
    for (; copied < place; ++copied) CATION_TRY(merged.PushBack(order_[copied]));
    CATION_TRY(merged.PushBack(static_cast<uint32_t>(number)));
  }
  for (; copied < order_.size(); ++copied) CATION_TRY(merged.PushBack(order_[copied]));
  order_ = Move(merged);
  return is_new;
}

Result<bool> Entries::MakeUnique() {
  Table seen;
  CATION_TRY(seen.Start(all_, order_.size(), false));
  size_t free = order_.size();
  for (size_t place = free; place-- != 0;) {
    const uint32_t number = order_[place];
    uint32_t& same = seen.Find(all_[number]);
    if (same != Table::kNone) continue;
    same = number;
    order_[--free] = number;
  }
  const bool had_any = free != 0;
  for (size_t i = 0; i + free < order_.size(); ++i) order_[i] = order_[i + free];
  for (; free != 0; --free) order_.PopBack();
  return had_any;
}

size_t Entries::First(const Limit& limit) const {
  size_t first = order_.size();
  for (uint64_t left = limit.count; first != 0; --first) {
    const uint64_t needs = limit.bytes ? (*this)[first - 1].bytes() : 1;
    if (needs > left) break;
    left -= needs;
  }
  return first;
}

}  // namespace cation::hist
