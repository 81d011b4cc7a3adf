// SPDX-License-Identifier: MIT
#include "runtime/core/time_zone.h"

#include "runtime/core/calendar.h"
#include "runtime/core/utility.h"

namespace cation {
namespace {

using Rule = TimeZone::Rule;

constexpr int32_t kHour = 3600;

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsLetter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

// Reads TZ from left to right. Each function returns false where the text is not what it looks for.
class Reader {
 public:
  explicit Reader(StringView text) : rest_(text) {}

  [[nodiscard]] bool AtEnd() const { return rest_.empty(); }
  [[nodiscard]] bool At(char c) const { return !rest_.empty() && rest_[0] == c; }
  bool Skip(char c) {
    if (!At(c)) return false;
    rest_ = rest_.From(1);
    return true;
  }

  // Three characters or more: letters, or between < and > also digits and signs.
  bool Name(StringView& name) {
    const bool quoted = Skip('<');
    size_t size = 0;
    while (size < rest_.size() &&
           (IsLetter(rest_[size]) ||
            (quoted && (IsDigit(rest_[size]) || rest_[size] == '+' || rest_[size] == '-')))) {
      ++size;
    }
    name = rest_.First(size);
    rest_ = rest_.From(size);
    return size >= 3 && (!quoted || Skip('>'));
  }

  // A number of at most three digits, up to `largest`.
  bool Number(unsigned largest, unsigned& value) {
    size_t size = 0;
    for (value = 0; size < 3 && size < rest_.size() && IsDigit(rest_[size]); ++size) {
      value = value * 10 + static_cast<unsigned>(rest_[size] - '0');
    }
    rest_ = rest_.From(size);
    return size > 0 && value <= largest;
  }

  // [+-]hh[:mm[:ss]] in seconds.
  bool Time(unsigned largest_hour, int32_t& seconds) {
    const bool negative = At('-');
    if (!Skip('-')) Skip('+');
    unsigned part = 0;
    if (!Number(largest_hour, part)) return false;
    seconds = static_cast<int32_t>(part) * kHour;
    for (int32_t unit = 60; unit > 0 && Skip(':'); unit /= 60) {
      if (!Number(59, part)) return false;
      seconds += static_cast<int32_t>(part) * unit;
    }
    if (negative) seconds = -seconds;
    return true;
  }

  // Mm.w.d, Jn or n, and [/time].
  bool ReadRule(Rule& rule) {
    unsigned number = 0;
    if (Skip('M')) {
      rule.kind = Rule::Kind::kWeekday;
      if (!Number(12, number) || number == 0 || !Skip('.')) return false;
      rule.month = static_cast<uint8_t>(number);
      if (!Number(5, number) || number == 0 || !Skip('.')) return false;
      rule.week = static_cast<uint8_t>(number);
      if (!Number(6, number)) return false;
    } else if (Skip('J')) {
      rule.kind = Rule::Kind::kJulian;
      if (!Number(365, number) || number == 0) return false;
    } else {
      rule.kind = Rule::Kind::kDayOfYear;
      if (!Number(365, number)) return false;
    }
    rule.day = static_cast<uint16_t>(number);
    rule.time = 2 * kHour;
    return !Skip('/') || Time(167, rule.time);
  }

 private:
  StringView rest_;
};

// When the rule's moment of `year` comes, in seconds of its local time since 1970.
int64_t MomentOf(const Rule& rule, int64_t year) {
  int64_t days = DaysFromCivil(year, 1, 1);
  switch (rule.kind) {
    case Rule::Kind::kDayOfYear:
      days += rule.day;
      break;
    case Rule::Kind::kJulian:
      days += rule.day - 1 + (rule.day >= 60 && IsLeapYear(year) ? 1 : 0);
      break;
    case Rule::Kind::kWeekday: {
      const int64_t first = DaysFromCivil(year, rule.month, 1);
      const int64_t next_month = rule.month == 12 ? DaysFromCivil(year + 1, 1, 1)
                                                  : DaysFromCivil(year, rule.month + 1U, 1);
      const unsigned weekday = ToCivil(first * kSecondsPerDay).weekday;
      days = first + (rule.day + 7U - weekday) % 7 + (rule.week - 1) * 7;
      if (days >= next_month) days -= 7;
      break;
    }
  }
  return days * kSecondsPerDay + rule.time;
}

}  // namespace

bool TimeZone::ReadRule(const char* text) {
  Reader reader(text);
  TimeZone zone;
  // TZ says what is to be added to local time to get UTC.
  if (!reader.Name(zone.standard_.name) || !reader.Time(24, zone.standard_.seconds)) return false;
  zone.standard_.seconds = -zone.standard_.seconds;
  if (!reader.AtEnd()) {
    zone.has_daylight_ = true;
    zone.daylight_.is_daylight = true;
    zone.daylight_.seconds = zone.standard_.seconds + kHour;
    if (!reader.Name(zone.daylight_.name)) return false;
    if (!reader.AtEnd() && !reader.At(',')) {
      if (!reader.Time(24, zone.daylight_.seconds)) return false;
      zone.daylight_.seconds = -zone.daylight_.seconds;
    }
    Reader united_states(",M3.2.0,M11.1.0");
    Reader& rules = reader.AtEnd() ? united_states : reader;
    if (!rules.Skip(',') || !rules.ReadRule(zone.start_) || !rules.Skip(',') ||
        !rules.ReadRule(zone.end_) || !rules.AtEnd()) {
      return false;
    }
  }
  *this = zone;
  return true;
}

TimeZone::TimeZone(const char* text) {
  if (text != nullptr) (void)ReadRule(text);
}

namespace {

// A number of `size` bytes, the highest first.
int64_t BigEndian(StringView bytes, size_t size) {
  uint64_t value = size == 4 && (bytes[0] & 0x80) != 0 ? ~uint64_t{0} : 0;
  for (size_t i = 0; i < size; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return static_cast<int64_t>(value);
}

constexpr size_t kHeaderSize = 44;
constexpr size_t kTypeSize = 6;

// The six counts at the end of a header, in its order.
struct Counts {
  size_t ut, standard, leap, times, types, names;

  // False when it is no header.
  bool Read(StringView file) {
    if (file.size() < kHeaderSize || !file.StartsWith("TZif")) return false;
    size_t* const counts[] = {&ut, &standard, &leap, &times, &types, &names};
    size_t offset = 20;
    for (size_t* const count : counts) {
      *count = static_cast<uint32_t>(BigEndian(file.From(offset), 4));
      if (*count > file.size()) return false;
      offset += 4;
    }
    return true;
  }
  [[nodiscard]] size_t BlockSize(size_t time_size) const {
    return times * (time_size + 1) + types * kTypeSize + names + leap * (time_size + 4) + standard +
           ut;
  }
};

}  // namespace

bool TimeZone::FromFile(StringView file, TimeZone& zone) {
  Counts counts{};
  if (!counts.Read(file)) return false;
  TimeZone read;
  Table& table = read.table_;
  table.time_size = 4;
  // Since version 2, what counts comes behind a block for readers of 32-bit times.
  if (file[4] >= '2') {
    const size_t block = kHeaderSize + counts.BlockSize(4);
    if (block > file.size()) return false;
    file = file.From(block);
    if (!counts.Read(file)) return false;
    table.time_size = 8;
  }
  const size_t block = kHeaderSize + counts.BlockSize(table.time_size);
  if (block > file.size() || counts.types == 0 || counts.names == 0) return false;
  StringView rest = file.From(kHeaderSize);
  const auto take = [&rest](size_t size) {
    const StringView part = rest.First(size);
    rest = rest.From(size);
    return part;
  };
  table.times = take(counts.times * table.time_size);
  table.indexes = take(counts.times);
  table.types = take(counts.types * kTypeSize);
  table.names = take(counts.names);
  for (const char index : table.indexes) {
    if (static_cast<unsigned char>(index) >= counts.types) return false;
  }
  for (size_t i = 0; i < counts.types; ++i) {
    if (static_cast<unsigned char>(table.types[i * kTypeSize + 5]) >= counts.names) return false;
  }
  if (table.names.back() != '\0') return false;
  // A rule for all that comes later, between two line ends.
  const StringView footer = file.From(block);
  if (table.time_size == 8 && footer.size() > 2 && footer[0] == '\n') {
    char text[128];
    const size_t size = Min(footer.From(1).Find('\n'), sizeof(text));
    if (size > 0 && size < sizeof(text) && footer.size() > size + 1) {
      __builtin_memcpy(text, footer.data() + 1, size);
      text[size] = '\0';
      Table kept = table;
      // Its names must not point into `text`.
      if (read.ReadRule(text)) {
        const auto moved = [&](StringView name) {
          return StringView(footer.data() + 1 + (name.data() - text), name.size());
        };
        read.standard_.name = moved(read.standard_.name);
        if (read.has_daylight_) read.daylight_.name = moved(read.daylight_.name);
        kept.has_rule = true;
      }
      table = kept;
    }
  }
  zone = read;
  return true;
}

TimeZone::Offset TimeZone::TypeAt(size_t index) const {
  const StringView type = table_.types.From(index * kTypeSize);
  return {.seconds = static_cast<int32_t>(BigEndian(type, 4)),
          .is_daylight = type[4] != 0,
          .name = table_.names.data() + static_cast<unsigned char>(type[5])};
}

int64_t TimeZone::TransitionAt(size_t index) const {
  return BigEndian(table_.times.From(index * table_.time_size), table_.time_size);
}

TimeZone::Offset TimeZone::At(int64_t seconds) const {
  if (!table_.types.empty()) {
    // How many transitions have been.
    size_t low = 0;
    size_t high = table_.indexes.size();
    while (low < high) {
      const size_t middle = (low + high) / 2;
      if (TransitionAt(middle) <= seconds) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == 0 && !(table_.has_rule && table_.indexes.empty())) return TypeAt(0);
    const bool is_last = low == table_.indexes.size();
    if (!is_last || !table_.has_rule) {
      return TypeAt(static_cast<unsigned char>(table_.indexes[low - 1]));
    }
  }
  // Billions of years away, where the sums below could leave 64 bits, there is no daylight saving.
  constexpr int64_t kFar = int64_t{1} << 61;
  if (!has_daylight_ || seconds < -kFar || seconds > kFar) return standard_;
  const int64_t year = ToCivil(ToLocal(seconds, standard_)).year;
  const int64_t start = MomentOf(start_, year) - standard_.seconds;
  const int64_t end = MomentOf(end_, year) - daylight_.seconds;
  // In the south summer spans the turn of the year.
  const bool daylight =
      start < end ? seconds >= start && seconds < end : seconds < end || seconds >= start;
  return daylight ? daylight_ : standard_;
}

Result<int64_t> TimeZone::FromLocal(int64_t local, Daylight daylight, int32_t& guess) const {
  const bool wanted = daylight == Daylight::kYes;
  const auto differs = [&](const Offset& offset) {
    return daylight != Daylight::kUnknown && offset.is_daylight != wanted;
  };
  int64_t time = local - guess;
  int64_t before = time;
  int64_t last = time;
  bool was_daylight = false;
  Offset offset;
  bool is_gap = false;
  // Two or three steps are enough, but for zones that nobody has.
  for (unsigned tries = 0; tries < 8 && !is_gap; ++tries) {
    offset = At(time);
    const int64_t next = local - offset.seconds;
    if (next == time) break;
    // To and fro between both ends of a gap: the end that is right by `daylight`, or daylight
    // saving.
    is_gap = time == before && time != last &&
             (daylight == Daylight::kUnknown ? !was_daylight || offset.is_daylight
                                             : wanted != offset.is_daylight);
    if (is_gap) break;
    before = Exchange(last, Exchange(time, next));
    was_daylight = offset.is_daylight;
  }
  if (!is_gap && differs(offset)) {
    // The nearest time at which it is as wanted has the offset. No period of either is shorter than
    // a step, and none longer than all of them.
    constexpr int64_t kStep = 601'200;
    constexpr int64_t kFarthest = 268'000'000;
    for (int64_t away = kStep; away < kFarthest && differs(offset); away += kStep) {
      offset = At(time - away);
      if (differs(offset)) offset = At(time + away);
    }
    if (differs(offset)) return Error{abi::kEOVERFLOW};
    time = local - offset.seconds;
  }
  guess = static_cast<int32_t>(local - time);
  return time;
}

int64_t TimeZone::ToLocal(int64_t seconds, const Offset& offset) {
  int64_t local = 0;
  return __builtin_add_overflow(seconds, int64_t{offset.seconds}, &local) ? seconds : local;
}

}  // namespace cation
