// SPDX-License-Identifier: MIT
#include "coreutils/support/parse_date.h"

#include "coreutils/support/local_time_zone.h"
#include "runtime/core/calendar.h"

namespace cation {
namespace {

constexpr int64_t kHour = 3600;
constexpr int64_t kBillion = 1'000'000'000;
// An int holds the year from 1900 on where GNU's programs are from.
constexpr int64_t kYearBase = 1900;

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsLetter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
constexpr bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool FitsYear(int64_t year) {
  return year >= INT32_MIN + kYearBase && year <= INT32_MAX + kYearBase;
}

enum class Kind : uint8_t {
  kEnd,
  kCharacter,      // its code is the value
  kNumber,         // a number without sign
  kSigned,         // one with a sign
  kDecimal,        // one with a fraction
  kSignedDecimal,  // one with both
  kDotted,         // the month of 27.11.2026
  kMonth,          // 1 to 12
  kDay,            // of the week, from Sunday, 0
  kMeridian,       // 0 is a.m., 1 p.m.
  kZone,           // half hours east of UTC
  kDayZone,        // the same without its hour of daylight saving
  kLocalZone,      // a TimeZone::Daylight
  kDst,
  kMilitaryJ,  // local time
  kMilitaryT,  // a zone, and what is between a date and a time
  kOrdinal,
  kDayShift,  // days
  kAgo,       // -1, or 1 for "hence"
  // In the order of Parser::added_.
  kSecondUnit,
  kMinuteUnit,
  kHourUnit,
  kDayUnit,  // days
  kMonthUnit,
  kYearUnit,
};

// Small enough to be returned in registers.
struct Token {
  int64_t value = 0;
  int32_t nanoseconds = 0;
  Kind kind = Kind::kEnd;
  uint8_t digits = 0;
  bool is_negative = false;  // also -0
};

struct Word {
  char name[10];
  Kind kind;
  int8_t value;
};

constexpr Word kNames[] = {
    {"AM", Kind::kMeridian, 0},     {"A.M.", Kind::kMeridian, 0},   {"PM", Kind::kMeridian, 1},
    {"P.M.", Kind::kMeridian, 1},   {"JANUARY", Kind::kMonth, 1},   {"FEBRUARY", Kind::kMonth, 2},
    {"MARCH", Kind::kMonth, 3},     {"APRIL", Kind::kMonth, 4},     {"MAY", Kind::kMonth, 5},
    {"JUNE", Kind::kMonth, 6},      {"JULY", Kind::kMonth, 7},      {"AUGUST", Kind::kMonth, 8},
    {"SEPTEMBER", Kind::kMonth, 9}, {"SEPT", Kind::kMonth, 9},      {"OCTOBER", Kind::kMonth, 10},
    {"NOVEMBER", Kind::kMonth, 11}, {"DECEMBER", Kind::kMonth, 12}, {"SUNDAY", Kind::kDay, 0},
    {"MONDAY", Kind::kDay, 1},      {"TUESDAY", Kind::kDay, 2},     {"TUES", Kind::kDay, 2},
    {"WEDNESDAY", Kind::kDay, 3},   {"WEDNES", Kind::kDay, 3},      {"THURSDAY", Kind::kDay, 4},
    {"THUR", Kind::kDay, 4},        {"THURS", Kind::kDay, 4},       {"FRIDAY", Kind::kDay, 5},
    {"SATURDAY", Kind::kDay, 6},
};

// These mean the same everywhere.
constexpr Word kUniversalZones[] = {
    {"GMT", Kind::kZone, 0}, {"UT", Kind::kZone, 0}, {"UTC", Kind::kZone, 0}};

// Those of a zone that one is in come first.
constexpr Word kZones[] = {
    {"WET", Kind::kZone, 0},       {"WEST", Kind::kDayZone, 0},  {"BST", Kind::kDayZone, 0},
    {"ART", Kind::kZone, -6},      {"BRT", Kind::kZone, -6},     {"BRST", Kind::kDayZone, -6},
    {"NST", Kind::kZone, -7},      {"NDT", Kind::kDayZone, -7},  {"AST", Kind::kZone, -8},
    {"ADT", Kind::kDayZone, -8},   {"CLT", Kind::kZone, -8},     {"CLST", Kind::kDayZone, -8},
    {"EST", Kind::kZone, -10},     {"EDT", Kind::kDayZone, -10}, {"CST", Kind::kZone, -12},
    {"CDT", Kind::kDayZone, -12},  {"MST", Kind::kZone, -14},    {"MDT", Kind::kDayZone, -14},
    {"PST", Kind::kZone, -16},     {"PDT", Kind::kDayZone, -16}, {"AKST", Kind::kZone, -18},
    {"AKDT", Kind::kDayZone, -18}, {"HST", Kind::kZone, -20},    {"HAST", Kind::kZone, -20},
    {"HADT", Kind::kDayZone, -20}, {"SST", Kind::kZone, -24},    {"WAT", Kind::kZone, 2},
    {"CET", Kind::kZone, 2},       {"CEST", Kind::kDayZone, 2},  {"MET", Kind::kZone, 2},
    {"MEZ", Kind::kZone, 2},       {"MEST", Kind::kDayZone, 2},  {"MESZ", Kind::kDayZone, 2},
    {"EET", Kind::kZone, 4},       {"EEST", Kind::kDayZone, 4},  {"CAT", Kind::kZone, 4},
    {"SAST", Kind::kZone, 4},      {"EAT", Kind::kZone, 6},      {"MSK", Kind::kZone, 6},
    {"MSD", Kind::kDayZone, 6},    {"IST", Kind::kZone, 11},     {"SGT", Kind::kZone, 16},
    {"KST", Kind::kZone, 18},      {"JST", Kind::kZone, 18},     {"GST", Kind::kZone, 20},
    {"NZST", Kind::kZone, 24},     {"NZDT", Kind::kDayZone, 24},
};

constexpr Word kUnits[] = {
    {"YEAR", Kind::kYearUnit, 1},      {"MONTH", Kind::kMonthUnit, 1},
    {"FORTNIGHT", Kind::kDayUnit, 14}, {"WEEK", Kind::kDayUnit, 7},
    {"DAY", Kind::kDayUnit, 1},        {"HOUR", Kind::kHourUnit, 1},
    {"MINUTE", Kind::kMinuteUnit, 1},  {"MIN", Kind::kMinuteUnit, 1},
    {"SECOND", Kind::kSecondUnit, 1},  {"SEC", Kind::kSecondUnit, 1},
};

constexpr Word kOthers[] = {
    {"DST", Kind::kDst, 0},
    {"TOMORROW", Kind::kDayShift, 1},
    {"YESTERDAY", Kind::kDayShift, -1},
    {"TODAY", Kind::kDayShift, 0},
    {"NOW", Kind::kDayShift, 0},
    {"LAST", Kind::kOrdinal, -1},
    {"THIS", Kind::kOrdinal, 0},
    {"NEXT", Kind::kOrdinal, 1},
    {"FIRST", Kind::kOrdinal, 1},
    {"THIRD", Kind::kOrdinal, 3},
    {"FOURTH", Kind::kOrdinal, 4},
    {"FIFTH", Kind::kOrdinal, 5},
    {"SIXTH", Kind::kOrdinal, 6},
    {"SEVENTH", Kind::kOrdinal, 7},
    {"EIGHTH", Kind::kOrdinal, 8},
    {"NINTH", Kind::kOrdinal, 9},
    {"TENTH", Kind::kOrdinal, 10},
    {"ELEVENTH", Kind::kOrdinal, 11},
    {"TWELFTH", Kind::kOrdinal, 12},
    {"AGO", Kind::kAgo, -1},
    {"HENCE", Kind::kAgo, 1},
};

bool Find(Span<const Word> words, StringView name, Token& token) {
  const bool is_short = name.size() == 3 || (name.size() == 4 && name[3] == '.');
  for (const Word& word : words) {
    // Months and days may be cut to three letters.
    const bool cut = is_short && (word.kind == Kind::kMonth || word.kind == Kind::kDay);
    if (cut ? StringView(word.name, 3) == name.First(3) : StringView(&word.name[0]) == name) {
      token.kind = word.kind;
      token.value = word.value;
      return true;
    }
  }
  return false;
}

// The letter's zone.
Token Military(char letter) {
  if (letter == 'J') return {.kind = Kind::kMilitaryJ};
  if (letter == 'T') return {.value = -14, .kind = Kind::kMilitaryT};
  int64_t hours = 0;
  if (letter < 'J') hours = letter - 'A' + 1;
  if (letter >= 'K' && letter <= 'M') hours = letter - 'A';
  if (letter >= 'N' && letter <= 'Y') hours = 'M' - letter;
  return {.value = hours * 2, .kind = Kind::kZone};
}

class Parser {
 public:
  Parser(StringView text, const sys::TimePoint& now, const TimeZone& zone)
      : rest_(text), zone_(zone), seconds_{0, now.nanoseconds} {
    const TimeZone::Offset offset = zone.At(now.seconds);
    const CivilTime civil = ToCivil(TimeZone::ToLocal(now.seconds, offset));
    year_ = civil.year;
    month_ = civil.month;
    day_ = civil.day;
    hour_ = civil.hour;
    minute_ = civil.minute;
    seconds_.seconds = civil.second;
    daylight_ = DaylightOf(offset);
    // The zone's names are that of now, and the other one of the next three quarters of a year.
    local_names_[0] = offset.name;
    local_daylight_[0] = daylight_;
    constexpr int64_t kQuarter = 90 * kSecondsPerDay;
    for (int64_t quarter = 1; quarter <= 3 && local_names_[1].empty(); ++quarter) {
      int64_t time = 0;
      if (__builtin_add_overflow(now.seconds, quarter * kQuarter, &time)) break;
      const TimeZone::Offset other = zone.At(time);
      if (other.is_daylight == offset.is_daylight) continue;
      if (other.name == offset.name) {
        local_daylight_[0] = TimeZone::Daylight::kUnknown;
        break;
      }
      local_names_[1] = other.name;
      local_daylight_[1] = DaylightOf(other);
    }
  }

  Result<sys::TimePoint> Parse() {
    while (IsSpace(Peek())) Skip();
    // As GNU: so the empty text is right also where midnight is not.
    if (rest_.empty()) rest_ = "0";
    Next();
    if (IsCharacter('@')) {
      Next();
      const Kind kind = token_.kind;
      if (kind < Kind::kNumber || kind > Kind::kSignedDecimal) return Error{abi::kEINVAL};
      const sys::TimePoint time = {token_.value, token_.nanoseconds};
      Next();
      if (!Is(Kind::kEnd)) return Error{abi::kEINVAL};
      return time;
    }
    while (!Is(Kind::kEnd)) {
      if (!Item()) return Error{abi::kEINVAL};
    }
    return Evaluate();
  }

 private:
  static TimeZone::Daylight DaylightOf(const TimeZone::Offset& offset) {
    return offset.is_daylight ? TimeZone::Daylight::kYes : TimeZone::Daylight::kNo;
  }

  // --------------------------------------------------------------------------------------- tokens
  [[nodiscard]] char Peek(size_t at = 0) const { return at < rest_.size() ? rest_[at] : '\0'; }
  void Skip(size_t count = 1) { rest_ = rest_.From(count); }
  [[nodiscard]] bool Is(Kind kind) const { return token_.kind == kind; }
  [[nodiscard]] bool IsCharacter(char c) const { return Is(Kind::kCharacter) && token_.value == c; }
  [[nodiscard]] bool IsUnit() const { return token_.kind >= Kind::kSecondUnit; }
  [[gnu::noinline]] Token Take() {
    const Token token = token_;
    Next();
    return token;
  }
  // Takes `kind`, or fails.
  bool Expect(Kind kind, Token& token) {
    if (!Is(kind)) return false;
    token = Take();
    return true;
  }

  void Next() {
    token_ = {};
    for (;;) {
      while (IsSpace(Peek())) Skip();
      const char c = Peek();
      if (IsDigit(c)) return Number(0);
      if (c == '-' || c == '+') {
        do {
          Skip();
        } while (IsSpace(Peek()));
        if (IsDigit(Peek())) return Number(c == '-' ? -1 : 1);
        continue;  // a sign before anything else is nothing
      }
      if (IsLetter(c)) return Letters();
      if (c != '(') {
        if (rest_.empty()) return;
        token_ = {.value = c, .kind = Kind::kCharacter};
        return Skip();
      }
      size_t depth = 0;
      do {
        if (rest_.empty()) return;
        if (Peek() == '(') ++depth;
        if (Peek() == ')') --depth;
        Skip();
      } while (depth != 0);
    }
  }

  // No item begins with it, and none goes on with it.
  void Bad() { token_ = {.kind = Kind::kCharacter}; }

  void Number(int sign) {
    int64_t value = 0;
    size_t size = 0;
    for (; IsDigit(Peek(size)); ++size) {
      const int64_t digit = Peek(size) - '0';
      if (__builtin_mul_overflow(value, int64_t{10}, &value) ||
          __builtin_add_overflow(value, sign < 0 ? -digit : digit, &value)) {
        return Bad();
      }
    }
    token_ = {.value = value,
              .kind = sign != 0 ? Kind::kSigned : Kind::kNumber,
              .digits = static_cast<uint8_t>(Min<size_t>(size, 0xff)),
              .is_negative = sign < 0};
    const bool has_fraction = (Peek(size) == '.' || Peek(size) == ',') && IsDigit(Peek(size + 1));
    const bool was_dotted = Exchange(is_dotted_, false);
    if (has_fraction && was_dotted) {
      token_.kind = Kind::kDotted;
    } else if (has_fraction) {
      size_t at = size + 1;
      int64_t nanoseconds = 0;
      for (size_t digits = 0; digits < 9; ++digits) {
        // The day of 27.11.2026.
        if (digits > 0 && Peek(at) == '.') {
          is_dotted_ = true;
          return Skip(size);
        }
        nanoseconds *= 10;
        if (IsDigit(Peek(at))) nanoseconds += Peek(at++) - '0';
      }
      // What is too fine is cut off, towards the past.
      for (bool rounded = false; IsDigit(Peek(at)); ++at) {
        if (sign < 0 && Peek(at) != '0' && !Exchange(rounded, true)) ++nanoseconds;
      }
      if (sign < 0 && nanoseconds != 0) {
        if (__builtin_sub_overflow(value, int64_t{1}, &value)) return Bad();
        nanoseconds = kBillion - nanoseconds;
      }
      token_ = {.value = value,
                .nanoseconds = static_cast<int32_t>(nanoseconds),
                .kind = sign != 0 ? Kind::kSignedDecimal : Kind::kDecimal};
      size = at;
    }
    Skip(size);
  }

  void Letters() {
    char text[20];
    size_t size = 0;
    for (; IsLetter(Peek()) || Peek() == '.'; Skip()) {
      const char c = Peek();
      if (size < sizeof(text) - 1) text[size++] = c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    const StringView word(text, size);
    if (Find(kNames, word, token_) || FindZone(word) || Find(kUnits, word, token_)) return;
    if (word.back() == 'S' && Find(kUnits, word.First(size - 1), token_)) return;
    if (Find(kOthers, word, token_)) return;
    if (size == 1) {
      token_ = Military(text[0]);
      return;
    }
    size_t kept = 0;
    for (const char c : word) {
      if (c != '.') text[kept++] = c;
    }
    if (kept == size || !FindZone({text, kept})) Bad();
  }

  bool FindZone(StringView word) {
    if (Find(kUniversalZones, word, token_)) return true;
    for (size_t i = 0; i < 2; ++i) {
      if (!local_names_[i].empty() && local_names_[i] == word) {
        token_ = {.value = static_cast<int64_t>(local_daylight_[i]), .kind = Kind::kLocalZone};
        return true;
      }
    }
    return Find(kZones, word, token_);
  }

  // ---------------------------------------------------------------------------------------- items
  // Each reads as much as it can from the token on, and returns false where nothing fits.
  bool Item() {
    switch (token_.kind) {
      case Kind::kNumber:
        return NumberItem(Take());
      case Kind::kSigned: {
        const Token number = Take();
        return IsUnit() && Add(number.value, 0, true);
      }
      case Kind::kDecimal:
      case Kind::kSignedDecimal: {
        const Token number = Take();
        return Is(Kind::kSecondUnit) && Add(number.value, number.nanoseconds, true);
      }
      case Kind::kOrdinal: {
        const Token ordinal = Take();
        if (Is(Kind::kDay)) return DayItem(ordinal.value);
        return IsUnit() && Add(ordinal.value, 0, true);
      }
      case Kind::kDayShift:
        has_added_ = true;
        return !__builtin_add_overflow(added_[3], Take().value, &added_[3]);
      case Kind::kDay:
        DayItem(0);
        if (IsCharacter(',')) Next();
        return true;
      case Kind::kMonth:
        return MonthItem(Take());
      case Kind::kLocalZone:
        ++zones_;
        is_local_zone_ = true;
        local_zone_ = static_cast<TimeZone::Daylight>(Take().value);
        if (Is(Kind::kDst)) {
          local_zone_ = TimeZone::Daylight::kYes;
          ++daylights_;
          Next();
        }
        return true;
      case Kind::kZone:
      case Kind::kMilitaryT:
      case Kind::kDayZone:
        return ZoneItem(Take());
      case Kind::kMilitaryJ:
        ++zones_;
        Next();
        return true;
      default:
        return IsUnit() && Add(1, 0, true);
    }
  }

  // Adds `count` of the unit that is the token.
  bool Add(int64_t count, int64_t nanoseconds, bool may_be_ago) {
    const Token unit = Take();
    if (__builtin_mul_overflow(count, unit.value, &count)) return false;
    bool is_past = false;
    if (may_be_ago && Is(Kind::kAgo)) is_past = Take().value < 0;
    added_nanoseconds_ += is_past ? -nanoseconds : nanoseconds;
    has_added_ = true;
    int64_t& sum = added_[static_cast<size_t>(unit.kind) - static_cast<size_t>(Kind::kSecondUnit)];
    return is_past ? !__builtin_sub_overflow(sum, count, &sum)
                   : !__builtin_add_overflow(sum, count, &sum);
  }

  bool DayItem(int64_t ordinal) {
    ++days_;
    ordinal_ = ordinal;
    weekday_ = Take().value;
    return true;
  }

  bool NumberItem(Token number) {
    if (IsUnit()) return Add(number.value, 0, true);
    if (Is(Kind::kDay)) return DayItem(number.value);
    if (Is(Kind::kMeridian)) return Time(number, 0, {}, Take().value);
    if (IsCharacter(':')) return TimeItem(number, true);
    if (IsCharacter('/')) return SlashItem(number);
    if (IsCharacter('.')) return DotItem(number);
    if (Is(Kind::kMonth)) {
      SetDay(Take().value, number.value);
      if (Is(Kind::kNumber)) return SetYear(Take(), false);
      return !Is(Kind::kSigned) || SetYear(Take(), true);
    }
    if (!Is(Kind::kSigned)) return DigitsItem(number);
    const Token second = Take();
    if (Is(Kind::kSigned)) {
      const Token third = Take();
      if (third.value == INT64_MIN || second.value == INT64_MIN) return false;
      SetDay(-second.value, -third.value);
      (void)SetYear(number, false);
      if (!Is(Kind::kMilitaryT)) return true;
      Next();
      Token hour;
      return Expect(Kind::kNumber, hour) && TimeItem(hour, false);
    }
    // 20261127 +1 day
    if (IsUnit()) return DigitsItem(number) && Add(second.value, 0, false);
    return Time(number, 0, {}, kNoMeridian) && Offset(second);
  }

  // What is behind an hour: minutes, and the rest.
  bool TimeItem(Token hour, bool may_have_meridian) {
    Token minute;
    Token second;
    if (IsCharacter(':')) {
      Next();
      if (!Expect(Kind::kNumber, minute)) return false;
      if (IsCharacter(':')) {
        Next();
        if (!Expect(Kind::kNumber, second) && !Expect(Kind::kDecimal, second)) return false;
      }
    } else if (!Is(Kind::kSigned)) {
      return false;
    }
    const bool has_meridian = may_have_meridian && Is(Kind::kMeridian);
    const int64_t meridian = has_meridian ? Take().value : kNoMeridian;
    (void)Time(hour, minute.value, {second.value, second.nanoseconds}, meridian);
    return has_meridian || !Is(Kind::kSigned) || Offset(Take());
  }

  bool Time(Token hour, int64_t minute, const sys::TimePoint& seconds, int64_t meridian) {
    ++times_;
    hour_ = hour.value;
    minute_ = minute;
    seconds_ = seconds;
    meridian_ = meridian;
    return true;
  }

  // A zone in digits, of which `hours` is what was before a colon: +0130, +01:30, +1.
  bool Offset(Token hours, int64_t base = 0) {
    ++zones_;
    has_zone_ = true;
    int64_t minutes = 0;
    if (hours.value < -9999 || hours.value > 9999) return false;
    if (IsCharacter(':')) {
      Next();
      Token token;
      if (!Expect(Kind::kNumber, token) || token.value > 9999) return false;
      minutes = hours.value * 60 + (hours.is_negative ? -token.value : token.value);
    } else if (hours.digits <= 2) {
      minutes = hours.value * 60;
    } else {
      minutes = hours.value / 100 * 60 + hours.value % 100;
    }
    constexpr int64_t kMost = 24 * 60;
    zone_offset_ = base + minutes * 60;
    return minutes >= -kMost && minutes <= kMost;
  }

  bool ZoneItem(Token zone) {
    const int64_t base = zone.value * (kHour / 2) + (zone.kind == Kind::kDayZone ? kHour : 0);
    zone_offset_ = base;
    if (zone.kind != Kind::kDayZone) {
      if (Is(Kind::kSigned)) {
        const Token number = Take();
        if (!IsUnit()) return zone.kind == Kind::kZone && Offset(number, base);
        if (!Add(number.value, 0, false)) return false;
      } else if (zone.kind == Kind::kZone && Is(Kind::kDst)) {
        zone_offset_ += kHour;
        Next();
      }
    }
    ++zones_;
    has_zone_ = true;
    return true;
  }

  void SetDay(int64_t month, int64_t day) {
    ++dates_;
    month_ = month;
    day_ = day;
  }
  bool SetYear(Token year, bool is_signed) {
    year_ = is_signed ? -year.value : year.value;
    year_digits_ = year.digits;
    return year.value != INT64_MIN;
  }

  // 11/27, 11/27/2026, 2026/11/27
  bool SlashItem(Token first) {
    Next();
    Token second;
    if (!Expect(Kind::kNumber, second)) return false;
    SetDay(first.value, second.value);
    if (!IsCharacter('/')) return true;
    Next();
    Token third;
    if (!Expect(Kind::kNumber, third)) return false;
    if (first.digits < 4) return SetYear(third, false);
    month_ = second.value;
    day_ = third.value;
    return SetYear(first, false);
  }

  // 27.11. or 27.11.2026
  bool DotItem(Token day) {
    Next();
    const bool has_year = Is(Kind::kDotted);
    if (!has_year && !Is(Kind::kNumber)) return false;
    SetDay(Take().value, day.value);
    if (!IsCharacter('.')) return false;
    Next();
    Token year;
    return !has_year || (Expect(Kind::kNumber, year) && SetYear(year, false));
  }

  // Nov-27-2026, Nov 27, Nov 27, 2026
  bool MonthItem(Token month) {
    Token day;
    if (Expect(Kind::kSigned, day)) {
      if (!Is(Kind::kSigned) || day.value == INT64_MIN) return false;
      SetDay(month.value, -day.value);
      return SetYear(Take(), true);
    }
    if (!Expect(Kind::kNumber, day)) return false;
    SetDay(month.value, day.value);
    if (!IsCharacter(',')) return true;
    Next();
    Token year;
    return Expect(Kind::kNumber, year) && SetYear(year, false);
  }

  // A number alone: the year where that is missing, a day as YYYYMMDD, or a time as hhmm.
  bool DigitsItem(Token number) {
    if (dates_ != 0 && year_digits_ == 0 && !has_added_ && (times_ != 0 || number.digits > 2)) {
      return SetYear(number, false);
    }
    if (number.digits > 4) {
      SetDay(number.value / 100 % 100, number.value % 100);
      year_ = number.value / 10000;
      year_digits_ = number.digits - 4;
      return true;
    }
    const bool has_minutes = number.digits > 2;
    Token hour = number;
    if (has_minutes) hour.value /= 100;
    return Time(hour, has_minutes ? number.value % 100 : 0, {}, kNoMeridian);
  }

  // ---------------------------------------------------------------------------------------- value
  // Sets time_, offset_ and civil_ to a second of a day, which may be beyond its month, and the
  // month (from 0) beyond its year. False when that is too far away.
  [[gnu::noinline]] bool MoveTo(int64_t year, int64_t month, int64_t day,
                                TimeZone::Daylight daylight) {
    if (static_cast<int32_t>(month) != month || static_cast<int32_t>(day) != day) return false;
    int64_t years = month / 12;
    int64_t remainder = month % 12;
    if (remainder < 0) {
      remainder += 12;
      --years;
    }
    if (!FitsYear(year) || !FitsYear(year + years)) return false;
    const int64_t days =
        DaysFromCivil(year + years, static_cast<unsigned>(remainder + 1), 1) + day - 1;
    const Result<int64_t> found =
        zone_.FromLocal(days * kSecondsPerDay + second_of_day_, daylight, guess_);
    if (!found.ok()) return false;
    SetTime(found.value(), zone_.At(found.value()).seconds);
    return FitsYear(civil_.year);
  }
  [[gnu::noinline]] void SetTime(int64_t time, int64_t offset) {
    time_ = time;
    offset_ = offset;
    civil_ = ToCivil(time + offset);
  }
  [[gnu::noinline]] bool IsAsGiven() const {
    return civil_.day == day_ && civil_.hour == hour_ && civil_.minute == minute_ &&
           civil_.second == seconds_.seconds;
  }

  Result<sys::TimePoint> Evaluate() {
    constexpr Error kInvalid = {abi::kEINVAL};
    if (times_ > 1 || dates_ > 1 || days_ > 1 || daylights_ > 1 || zones_ > 1) return kInvalid;
    int64_t year = year_;
    if (year_digits_ == 2 && year >= 0) {
      year += year < 69 ? 2000 : 1900;
    } else if (year < 0 && year_digits_ != 0) {
      year = -year;
    }
    if (times_ == 0 && (!has_added_ || dates_ != 0 || days_ != 0)) {
      hour_ = minute_ = 0;
      seconds_ = {};
    } else if (meridian_ != kNoMeridian) {
      if (hour_ < 1 || hour_ > 12) return kInvalid;
      hour_ = hour_ % 12 + meridian_ * 12;
    }
    if (hour_ < 0 || hour_ > 23 || minute_ < 0 || minute_ > 59 || seconds_.seconds < 0 ||
        seconds_.seconds > 59 || month_ < 1 || month_ > 12 || day_ < 1 || day_ > 31) {
      return kInvalid;
    }
    TimeZone::Daylight daylight = daylight_;
    if (dates_ != 0 || days_ != 0 || times_ != 0) daylight = TimeZone::Daylight::kUnknown;
    if (is_local_zone_) daylight = local_zone_;

    second_of_day_ = hour_ * kHour + minute_ * 60 + seconds_.seconds;
    if (!MoveTo(year, month_ - 1, day_, daylight)) return kInvalid;
    if (!IsAsGiven()) {
      // Such a time may not be in this zone, but in the one that was given.
      if (!has_zone_) return kInvalid;
      const int64_t days =
          DaysFromCivil(year, static_cast<unsigned>(month_), static_cast<unsigned>(day_));
      SetTime(days * kSecondsPerDay + second_of_day_ - zone_offset_, zone_offset_);
      if (!IsAsGiven()) return kInvalid;
    }
    if (days_ != 0 && dates_ == 0) {
      const int64_t weeks = ordinal_ - (ordinal_ > 0 && civil_.weekday != weekday_ ? 1 : 0);
      int64_t day = 0;
      if (__builtin_mul_overflow(weeks, int64_t{7}, &day) ||
          __builtin_add_overflow(day, (weekday_ - civil_.weekday + 7) % 7 + civil_.day, &day) ||
          !MoveTo(civil_.year, civil_.month - 1, day, TimeZone::Daylight::kUnknown)) {
        return kInvalid;
      }
    }
    if (added_[3] != 0 || added_[4] != 0 || added_[5] != 0) {
      int64_t parts[3] = {civil_.day, civil_.month - 1, civil_.year};
      for (size_t i = 0; i < 3; ++i) {
        if (__builtin_add_overflow(parts[i], added_[3 + i], &parts[i])) return kInvalid;
      }
      if (!MoveTo(parts[2], parts[1], parts[0], daylight)) return kInvalid;
    }
    int64_t time = time_ + (has_zone_ ? offset_ - zone_offset_ : 0);

    int64_t nanoseconds = seconds_.nanoseconds + added_nanoseconds_;
    int64_t seconds = nanoseconds / kBillion;
    nanoseconds %= kBillion;
    if (nanoseconds < 0) {
      nanoseconds += kBillion;
      --seconds;
    }
    constexpr int64_t kInSeconds[] = {1, 60, kHour};
    for (size_t i = 0; i < 3; ++i) {
      int64_t part = 0;
      if (__builtin_mul_overflow(added_[i], kInSeconds[i], &part) ||
          __builtin_add_overflow(time, part, &time)) {
        return kInvalid;
      }
    }
    if (__builtin_add_overflow(time, seconds, &time)) return kInvalid;
    return sys::TimePoint{time, nanoseconds};
  }

  static constexpr int64_t kNoMeridian = -1;

  StringView rest_;
  const TimeZone& zone_;
  Token token_;
  bool is_dotted_ = false;
  StringView local_names_[2] = {"", ""};
  TimeZone::Daylight local_daylight_[2] = {};
  int32_t guess_ = 0;

  int64_t second_of_day_ = 0;
  int64_t time_ = 0;
  int64_t offset_ = 0;  // of the clock that shows civil_
  CivilTime civil_;

  // How often each has been seen.
  unsigned times_ = 0;
  unsigned dates_ = 0;
  unsigned days_ = 0;
  unsigned zones_ = 0;
  unsigned daylights_ = 0;
  // What they say; until then what is now.
  int64_t year_ = 0;
  unsigned year_digits_ = 0;  // 0: not given
  int64_t month_ = 0;
  int64_t day_ = 0;
  int64_t hour_ = 0;
  int64_t minute_ = 0;
  sys::TimePoint seconds_;
  int64_t meridian_ = kNoMeridian;
  int64_t ordinal_ = 0;
  int64_t weekday_ = 0;
  bool has_zone_ = false;
  int64_t zone_offset_ = 0;
  bool is_local_zone_ = false;
  TimeZone::Daylight local_zone_ = {};
  TimeZone::Daylight daylight_ = {};
  bool has_added_ = false;
  int64_t added_[6] = {};  // seconds, minutes, hours, days, months, years
  int64_t added_nanoseconds_ = 0;
};

// Puts the zone of TZ="zone" at the start of `text` into `name`, and what follows into `text`.
Result<bool> TakeZone(StringView& text, String& name) {
  constexpr StringView kStart = "TZ=\"";
  while (!text.empty() && IsSpace(text[0])) text = text.From(1);
  if (!text.StartsWith(kStart)) return false;
  for (size_t i = kStart.size(); i < text.size(); ++i) {
    if (text[i] == '"') {
      text = text.From(i + 1);
      return true;
    }
    if (text[i] == '\\') {
      ++i;
      if (i == text.size() || (text[i] != '\\' && text[i] != '"')) return false;
    }
    CATION_TRY(name.Append(text[i]));
  }
  return false;
}

}  // namespace

Result<sys::TimePoint> ParseDate(const Context& context, StringView text, const sys::TimePoint& now,
                                 const TimeZone& zone) {
  String name;
  CATION_TRY_ASSIGN(const bool has_zone, TakeZone(text, name));
  if (!has_zone) return Parser(text, now, zone).Parse();
  LocalTimeZone other;
  other.FindNamed(context, name.c_str());
  return Parser(text, now, other.zone()).Parse();
}

Result<int64_t> ParseDigits(StringView text, YearPlace place, const sys::TimePoint& now,
                            const TimeZone& zone) {
  constexpr Error kInvalid = {abi::kEINVAL};
  // Two digits are a part, each but the last seconds, which come behind a point.
  uint8_t parts[8] = {};
  size_t count = 0;
  bool has_seconds = false;
  while (!text.empty()) {
    if (text[0] == '.') {
      text = text.From(1);
      if (has_seconds || text.size() != 2) return kInvalid;
      has_seconds = true;
    }
    if (text.size() < 2 || !IsDigit(text[0]) || !IsDigit(text[1]) || count == 7) return kInvalid;
    parts[count++] = static_cast<uint8_t>((text[0] - '0') * 10 + text[1] - '0');
    text = text.From(2);
  }
  const int64_t second = has_seconds ? parts[--count] : 0;
  constexpr size_t kWithoutYear = 4;
  if (count < kWithoutYear || count > kWithoutYear + 2) return kInvalid;
  const bool is_first = place == YearPlace::kFirst;
  const size_t year_parts = count - kWithoutYear;
  const uint8_t* const fields = is_first ? parts + year_parts : parts;
  const uint8_t* const digits = is_first ? parts : parts + kWithoutYear;
  int64_t year = 0;
  if (year_parts == 0) {
    year = ToCivil(TimeZone::ToLocal(now.seconds, zone.At(now.seconds))).year;
  } else if (year_parts == 2) {
    year = digits[0] * 100 + digits[1];
  } else {
    year = digits[0] + (digits[0] < 69 ? 2000 : 1900);
    if (place == YearPlace::kLast20thOnly && year > 1999) return kInvalid;
  }
  const unsigned month = fields[0];
  const unsigned day = fields[1];
  if (month < 1 || month > 12 || day < 1 || fields[2] > 23 || fields[3] > 59 || second > 60) {
    return kInvalid;
  }
  const int64_t local =
      DaysFromCivil(year, month, day) * kSecondsPerDay + fields[2] * kHour + fields[3] * 60;
  int32_t guess = 0;
  CATION_TRY_ASSIGN(const int64_t time, zone.FromLocal(local, TimeZone::Daylight::kUnknown, guess));
  if (ToCivil(local).day != day || time + zone.At(time).seconds != local) return kInvalid;
  return time + second;
}

}  // namespace cation
