// SPDX-License-Identifier: MIT
#include "runtime/sys/process_table.h"

#include "runtime/core/format.h"

namespace cation::sys {
namespace {

constexpr bool IsDigit(char byte) { return byte >= '0' && byte <= '9'; }

// From the front of `rest`, without the spaces before it; empty at the end.
StringView TakeWord(StringView& rest) {
  while (!rest.empty() && rest[0] == ' ') rest = rest.From(1);
  const size_t end = Min(rest.Find(' '), rest.size());
  const StringView word = rest.First(end);
  rest = rest.From(end);
  return word;
}

StringView TakeLine(StringView table, size_t& next) {
  const StringView rest = table.From(next);
  const size_t end = Min(rest.Find('\n'), rest.size());
  next += Min(end + 1, rest.size());
  return rest.First(end);
}

// How many columns of `header` come before `name`; kNotFound when it is not there.
size_t ColumnOf(StringView header, StringView name) {
  for (size_t column = 0;; ++column) {
    const StringView word = TakeWord(header);
    if (word == name) return column;
    if (word.empty()) return StringView::kNotFound;
  }
}

template <typename Number>
void Set(Number& number, StringView text) {
  const Result<uint64_t> parsed = ParseNumber(text);
  if (parsed.ok() && parsed.value() <= UINT32_MAX) number = static_cast<Number>(parsed.value());
}

// Numbers in columns of kWidth, from the front of a row. One that is as wide as its column or wider
// has no space behind it: then what follows is known to be padded to its own width.
constexpr size_t kWidth = 6;
bool TakeNumber(StringView& row, StringView& number) {
  size_t end = 0;
  while (end < row.size() && IsDigit(row[end])) ++end;
  if (end == 0) return false;
  if (end >= kWidth && end < row.size() && row[end] == ' ') {
    size_t next = end;
    while (next < row.size() && row[next] == ' ') ++next;
    if (next < 2 * kWidth || next - kWidth >= end) return false;
    end = next - kWidth;
  }
  number = row.First(end);
  row = row.From(Min(Max(end, kWidth), row.size()));
  // What is as wide as the column, and runs into the state.
  if (end > kWidth) row = {number.end(), row.size()};
  return true;
}

// "00:00:01.25" in nanoseconds; negative where it is none.
int64_t ParseTime(StringView text) {
  constexpr int64_t kSecond = 1'000'000'000;
  uint64_t parts[4] = {};
  constexpr char kEnds[] = {':', ':', '.', ' '};
  for (size_t i = 0; i < 4; ++i) {
    const size_t end = i == 3 ? text.size() : text.Find(kEnds[i]);
    if (end == StringView::kNotFound) return -1;
    const Result<uint64_t> part = ParseNumber(text.First(end));
    if (!part.ok() || part.value() > UINT32_MAX) return -1;
    parts[i] = part.value();
    text = text.From(Min(end + 1, text.size()));
  }
  const auto seconds = static_cast<int64_t>((parts[0] * 60 + parts[1]) * 60 + parts[2]);
  return seconds * kSecond + static_cast<int64_t>(parts[3]) * (kSecond / 100);
}

// "1 MB", "1.50", "MB": bytes.
bool TakeSize(StringView& rest, uint64_t& bytes) {
  const StringView number = TakeWord(rest);
  const StringView unit = TakeWord(rest);
  constexpr StringView kUnits = "BKMGT";
  const size_t power = unit.empty() ? StringView::kNotFound : kUnits.Find(unit[0]);
  if (power == StringView::kNotFound) return false;
  const size_t point = Min(number.Find('.'), number.size());
  const Result<uint64_t> whole = ParseNumber(number.First(point));
  if (!whole.ok() || whole.value() > UINT32_MAX) return false;
  const uint64_t factor = uint64_t{1} << (10 * power);
  bytes += whole.value() * factor;
  uint64_t place = factor;
  for (size_t i = point + 1; i < number.size() && IsDigit(number[i]); ++i) {
    place /= 10;
    bytes += place * static_cast<uint64_t>(number[i] - '0');
  }
  return true;
}

// How each row is put together.
struct Columns {
  size_t numbers;  // before STAT
  size_t sizes;    // between TIME and NAME
};

bool ParseContext(StringView row, const Columns& columns, ProcessStatus& status) {
  status = {};
  for (size_t i = 0; i < columns.numbers; ++i) {
    StringView number;
    if (!TakeNumber(row, number)) return false;
    if (i == 0) Set(status.id, number);
    if (i == 1) Set(status.user, number);
    if (i == 2) Set(status.user_group, number);
  }
  status.state_text = TakeWord(row);
  if (status.id < 0 || status.state_text.size() < 2) return false;
  const char state = status.state_text[1];
  status.state = state == 'B' ? 'S' : state;
  for (;;) {
    const StringView word = TakeWord(row);
    if (word.empty()) return false;
    status.processor_time = ParseTime(word);
    if (status.processor_time >= 0) break;
  }
  status.memory = 0;
  for (size_t i = 0; i < columns.sizes; ++i) {
    if (!TakeSize(row, status.memory)) return false;
  }
  while (!row.empty() && row[0] == ' ') row = row.From(1);
  status.name = row;
  constexpr size_t kMostOfName = 32;
  status.name_may_be_cut = row.size() >= kMostOfName - 3;  // it ends with a whole character
  status.threads = 1;
  return true;
}

}  // namespace

bool TakeContext(StringView table, size_t& next, ProcessStatus& status) {
  size_t first_row = 0;
  const StringView header = TakeLine(table, first_row);
  if (next < first_row) next = first_row;
  const Columns columns = {ColumnOf(header, "STAT"),
                           ColumnOf(header, "NAME") - ColumnOf(header, "TIME") - 1};
  constexpr size_t kMost = 8;
  if (columns.numbers < 3 || columns.numbers > kMost || columns.sizes > kMost) return false;
  while (next < table.size()) {
    if (ParseContext(TakeLine(table, next), columns, status)) return true;
  }
  return false;
}

bool TakeProcess(StringView table, size_t& next, ProcessStatus& status) {
  if (!TakeContext(table, next, status)) return false;
  for (;;) {
    size_t after = next;
    ProcessStatus thread;
    if (!TakeContext(table, after, thread) || thread.id != status.id) return true;
    next = after;
    ++status.threads;
    status.processor_time += thread.processor_time;
    // They have the same memory, but for what the kernel keeps for each.
    status.memory = Max(status.memory, thread.memory);
    // The most alive of them says how the process is.
    const bool livelier = (thread.state == 'R' && status.state != 'R') || status.state == 'Z';
    if (!livelier) continue;
    status.state = thread.state;
    status.state_text = thread.state_text;
  }
}

void AddFromProcessManager(StringView table, ProcessStatus& status) {
  size_t next = 0;
  const StringView header = TakeLine(table, next);
  const size_t count = ColumnOf(header, "NAME");
  if (count == StringView::kNotFound) return;
  while (next < table.size()) {
    StringView row = TakeLine(table, next);
    constexpr size_t kMost = 16;
    StringView words[kMost];
    for (size_t i = 0; i < Min(count, kMost); ++i) words[i] = TakeWord(row);
    const auto get = [&](StringView name) {
      const size_t column = ColumnOf(header, name);
      return column < kMost ? words[column] : StringView();
    };
    Process id = kNoProcess;
    Set(id, get("PID"));
    if (id != status.id) continue;
    Set(status.parent, get("PPID"));
    Set(status.group, get("PGID"));
    Set(status.session, get("SID"));
    Set(status.real_user, get("RUID"));
    Set(status.real_group, get("RGID"));
    if (get("STATUS") == "S") status.state = 'T';
    if (get("STATUS") == "X") status.state = 'Z';
    return;
  }
}

}  // namespace cation::sys
