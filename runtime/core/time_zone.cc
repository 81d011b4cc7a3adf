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

TimeZone::TimeZone(const char* text) {
  if (text == nullptr) return;
  Reader reader(text);
  TimeZone zone;
  // TZ says what is to be added to local time to get UTC.
  if (!reader.Name(zone.standard_.name) || !reader.Time(24, zone.standard_.seconds)) return;
  zone.standard_.seconds = -zone.standard_.seconds;
  if (!reader.AtEnd()) {
    zone.has_daylight_ = true;
    zone.daylight_.is_daylight = true;
    zone.daylight_.seconds = zone.standard_.seconds + kHour;
    if (!reader.Name(zone.daylight_.name)) return;
    if (!reader.AtEnd() && !reader.At(',')) {
      if (!reader.Time(24, zone.daylight_.seconds)) return;
      zone.daylight_.seconds = -zone.daylight_.seconds;
    }
    Reader united_states(",M3.2.0,M11.1.0");
    Reader& rules = reader.AtEnd() ? united_states : reader;
    if (!rules.Skip(',') || !rules.ReadRule(zone.start_) || !rules.Skip(',') ||
        !rules.ReadRule(zone.end_) || !rules.AtEnd()) {
      return;
    }
  }
  *this = zone;
}

TimeZone::Offset TimeZone::At(int64_t seconds) const {
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

int64_t TimeZone::ToLocal(int64_t seconds, const Offset& offset) {
  int64_t local = 0;
  return __builtin_add_overflow(seconds, int64_t{offset.seconds}, &local) ? seconds : local;
}

}  // namespace cation
