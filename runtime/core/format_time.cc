// SPDX-License-Identifier: MIT
#include "runtime/core/format_time.h"

#include "runtime/core/format.h"

namespace cation {
namespace {

constexpr StringView kWeekdays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                    "Thursday", "Friday", "Saturday"};

constexpr int64_t kDaysPerWeek = 7;
// Nobody wants to see more, and a width is asked for by whoever calls the program.
constexpr size_t kWidest = 4096;

// What is between % and the letter.
struct Specification {
  char padding = '\0';  // one of - _ 0 +; 0: as the conversion has it
  bool upper_case = false;
  bool opposite_case = false;
  bool has_width = false;
  size_t width = 0;
  size_t colons = 0;
  char modifier = '\0';  // E or O
};

constexpr char ToUpper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
constexpr char ToLower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Rounds down, unlike /.
constexpr int64_t Quotient(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }
constexpr int64_t Remainder(int64_t a, int64_t b) { return a - Quotient(a, b) * b; }

class Formatter {
 public:
  Formatter(String& text, const LocalTime& time) : text_(text), time_(time) {}

  Result<void> Append(StringView format, bool upper_case) {
    while (!format.empty()) {
      const size_t percent = Min(format.Find('%'), format.size());
      CATION_TRY(text_.Append(format.First(percent)));
      format = format.From(percent);
      if (format.empty()) break;
      StringView rest = format.From(1);
      Specification specification;
      specification.upper_case = upper_case;
      ReadSpecification(rest, specification);
      if (rest.empty()) return text_.Append(format);
      const char letter = rest[0];
      rest = rest.From(1);
      CATION_TRY_ASSIGN(const bool known, Convert(letter, specification));
      if (!known) CATION_TRY(text_.Append(format.First(format.size() - rest.size())));
      format = rest;
    }
    return {};
  }

 private:
  static void ReadSpecification(StringView& rest, Specification& specification) {
    for (; !rest.empty(); rest = rest.From(1)) {
      const char c = rest[0];
      if (c == '^') {
        specification.upper_case = true;
      } else if (c == '#') {
        specification.opposite_case = true;
      } else if (c == '-' || c == '_' || c == '0' || c == '+') {
        specification.padding = c;
      } else {
        break;
      }
    }
    for (; !rest.empty() && rest[0] >= '0' && rest[0] <= '9'; rest = rest.From(1)) {
      specification.has_width = true;
      specification.width =
          Min(specification.width * 10 + static_cast<size_t>(rest[0] - '0'), kWidest);
    }
    for (; !rest.empty() && rest[0] == ':'; rest = rest.From(1)) ++specification.colons;
    if (specification.colons == 0 && !rest.empty() && (rest[0] == 'E' || rest[0] == 'O')) {
      specification.modifier = rest[0];
      rest = rest.From(1);
    }
  }

  // Returns false for a letter that is no conversion.
  Result<bool> Convert(char letter, const Specification& with) {
    const CivilTime& civil = time_.civil;
    if (with.colons != 0 && letter != 'z') return false;
    if (with.modifier != '\0') {
      // What knows no alternative form.
      const StringView others = with.modifier == 'E' ? "aAbBdDeFgGhHIjklmMNSUVwW%" : "aAcDFqxXY%";
      if (others.Find(letter) != StringView::kNotFound) return false;
    }
    const unsigned hour = civil.hour;
    const int64_t day = civil.day_of_year;
    // One of these is what there is to be written: a call for each would be much code.
    StringView text{nullptr, 0};
    StringView format;
    bool lower_case = false;
    int64_t number = 0;
    size_t digits = 2;
    char padding = '0';
    switch (letter) {
      case 'n':
        text = "\n";
        break;
      case 't':
        text = "\t";
        break;
      case 'a':
        return Name(kWeekdays[civil.weekday].First(3), with);
      case 'A':
        return Name(kWeekdays[civil.weekday], with);
      case 'b':
      case 'h':
        return Name(MonthName(civil.month).First(3), with);
      case 'B':
        return Name(MonthName(civil.month), with);
      case 'p':
      case 'P':
        text = hour >= 12 ? StringView("PM") : "AM";
        lower_case = letter == 'P' || with.opposite_case;
        break;
      case 'Z':
        text = time_.offset.name;
        lower_case = with.opposite_case;
        break;
      case 'c':
        format = "%a %b %e %H:%M:%S %Y";
        break;
      case 'D':
      case 'x':
        format = "%m/%d/%y";
        break;
      case 'F':
        return Date(with);
      case 'r':
        format = "%I:%M:%S %p";
        break;
      case 'R':
        format = "%H:%M";
        break;
      case 'T':
      case 'X':
        format = "%H:%M:%S";
        break;
      case 'Y':
        return Year(civil.year, 4, with);
      case 'C':
        // Of years before 0 the first digits are those of the number, not of what is below it.
        return Year(civil.year / 100, 2, with);
      case 'G':
        return Year(civil.year + IsoYearOffset(), 4, with);
      case 'y':
        number = Remainder(civil.year, 100);
        break;
      case 'g':
        number = Remainder(civil.year + IsoYearOffset(), 100);
        break;
      case 'V':
        number = IsoWeek();
        break;
      case 'm':
        number = civil.month;
        break;
      case 'q':
        number = (civil.month + 2) / 3;
        digits = 1;
        break;
      case 'e':
        padding = '_';
        [[fallthrough]];
      case 'd':
        number = civil.day;
        break;
      case 'j':
        number = day + 1;
        digits = 3;
        break;
      case 'u':
      case 'w':
        number = letter == 'u' && civil.weekday == 0 ? 7 : civil.weekday;
        digits = 1;
        break;
      case 'U':
        number = (day - civil.weekday + kDaysPerWeek) / kDaysPerWeek;
        break;
      case 'W':
        number = (day - (civil.weekday + 6) % kDaysPerWeek + kDaysPerWeek) / kDaysPerWeek;
        break;
      case 'k':
        padding = '_';
        [[fallthrough]];
      case 'H':
        number = hour;
        break;
      case 'l':
        padding = '_';
        [[fallthrough]];
      case 'I':
        number = hour % 12 == 0 ? 12 : hour % 12;
        break;
      case 'M':
        number = civil.minute;
        break;
      case 'S':
        number = civil.second;
        break;
      case 's':
        number = time_.seconds;
        digits = 1;
        break;
      case 'N':
        return Fraction(with);
      case 'z':
        return Offset(with);
      default:
        // Here, since it is far from the letters: the jump table would be half as large again.
        if (letter != '%') return false;
        text = "%";
    }
    if (text.data() != nullptr) return Text(text, with, lower_case);
    if (!format.empty()) return Combination(format, with);
    return Number(number, digits, padding, with);
  }

  Result<bool> Pad(char with, size_t count) {
    while (count-- > 0) CATION_TRY(text_.Append(with));
    return true;
  }

  Result<bool> Text(StringView part, const Specification& with, bool lower_case = false) {
    if (with.width > part.size() && with.padding != '-') {
      const bool zeros = with.padding == '0' || with.padding == '+';
      CATION_TRY(Pad(zeros ? '0' : ' ', with.width - part.size()));
    }
    for (const char c : part) {
      CATION_TRY(text_.Append(lower_case ? ToLower(c) : with.upper_case ? ToUpper(c) : c));
    }
    return true;
  }

  Result<bool> Name(StringView name, Specification with) {
    with.upper_case |= with.opposite_case;
    return Text(name, with);
  }

  Result<bool> Combination(StringView format, const Specification& with) {
    String part;
    CATION_TRY(Formatter(part, time_).Append(format, with.upper_case));
    return Text(part.view(), with);
  }

  // %F: a width is the whole date's, and the year gets what is left of it.
  Result<bool> Date(Specification with) {
    if (with.padding == '\0' && !with.has_width) with.padding = '+', with.width = 10;
    constexpr size_t kMonthAndDay = 6;
    with.has_width = true;
    with.width = with.width > kMonthAndDay ? with.width - kMonthAndDay : 0;
    CATION_TRY(Year(time_.civil.year, 4, with));
    CATION_TRY(Append("-%m-%d", false));
    return true;
  }

  Result<bool> Year(int64_t year, size_t digits, const Specification& with) {
    const size_t width = with.has_width ? with.width : digits;
    int64_t most = 1;
    for (size_t i = 0; i < digits; ++i) most *= 10;
    const bool sign = with.padding == '+' && (year >= most || width > digits);
    return Number(year, digits, '0', with, sign);
  }

  Result<bool> Number(int64_t number, size_t digits, char padding, const Specification& with,
                      bool shows_plus = false) {
    const Digits text(number < 0 ? -static_cast<uint64_t>(number) : static_cast<uint64_t>(number));
    const char sign = number < 0 ? '-' : shows_plus ? '+' : '\0';
    return Signed(sign, text.view(), with.has_width ? with.width : digits, padding, with);
  }

  // Zeros go behind the sign, spaces before it.
  Result<bool> Signed(char sign, StringView digits, size_t width, char padding,
                      const Specification& with) {
    if (with.padding != '\0') padding = with.padding;
    const size_t size = digits.size() + (sign != '\0' ? 1 : 0);
    const size_t missing = padding != '-' && width > size ? width - size : 0;
    if (padding == '_') CATION_TRY(Pad(' ', missing));
    if (sign != '\0') CATION_TRY(text_.Append(sign));
    if (padding != '_') CATION_TRY(Pad('0', missing));
    CATION_TRY(text_.Append(digits));
    return true;
  }

  // The width says how many digits of the fraction there are.
  Result<bool> Fraction(const Specification& with) {
    const Digits digits(time_.nanoseconds, 10, 9);
    const size_t width = with.width == 0 ? digits.view().size() : with.width;
    size_t shown = Min(width, digits.view().size());
    while (shown > 1 && digits.view()[shown - 1] == '0') --shown;
    CATION_TRY(text_.Append(digits.view().First(shown)));
    if (with.padding == '-') return true;
    return Pad(with.padding == '_' ? ' ' : '0', width - shown);
  }

  Result<bool> Offset(const Specification& with) {
    if (with.colons > 3) return false;
    const int32_t offset = time_.offset.seconds;
    const auto seconds = static_cast<unsigned>(offset < 0 ? -offset : offset);
    // Without zeros in front it is a number like others: 530, 5:30.
    const bool is_bare = with.padding == '_' || with.padding == '-';
    const Digits hours(seconds / 3600, 10, is_bare ? 1 : 2);
    const Digits minutes(seconds / 60 % 60, 10, 2);
    size_t colons = with.colons;
    if (colons == 3) colons = seconds % 60 != 0 ? 2 : seconds % 3600 != 0 ? 1 : 4;
    char text[16];
    size_t size = 0;
    const auto put = [&](StringView part) {
      __builtin_memcpy(text + size, part.data(), part.size());
      size += part.size();
    };
    if (is_bare && colons == 0) {
      const unsigned hundreds = seconds / 3600 * 100 + seconds / 60 % 60;
      return Signed(offset < 0 ? '-' : '+', Digits(hundreds), with.has_width ? with.width : 5, '0',
                    with);
    }
    put(hours);
    if (colons == 1 || colons == 2) put(":");
    if (colons != 4) put(minutes);
    if (colons == 2) {
      put(":");
      put(Digits(seconds % 60, 10, 2));
    }
    constexpr size_t kWidths[] = {5, 6, 9, 0, 3};
    const size_t width = with.has_width ? with.width : kWidths[colons];
    return Signed(offset < 0 ? '-' : '+', {text, size}, width, '0', with);
  }

  // How many days the date is behind the Monday of its year's first week; negative before it.
  [[nodiscard]] static int64_t DaysOfIsoWeeks(int64_t day_of_year, int64_t weekday) {
    // Week 1 is the one with the year's first Thursday.
    constexpr int64_t kMonday = 1;
    constexpr int64_t kThursday = 4;
    const int64_t first = Remainder(weekday - day_of_year, kDaysPerWeek);
    const int64_t monday = Remainder(kThursday - first, kDaysPerWeek) - (kThursday - kMonday);
    return day_of_year - monday;
  }

  [[nodiscard]] int64_t IsoYearOffset() const {
    const CivilTime& civil = time_.civil;
    if (DaysOfIsoWeeks(civil.day_of_year, civil.weekday) < 0) return -1;
    const int64_t length = IsLeapYear(civil.year) ? 366 : 365;
    return DaysOfIsoWeeks(civil.day_of_year - length, civil.weekday) >= 0 ? 1 : 0;
  }

  [[nodiscard]] int64_t IsoWeek() const {
    const CivilTime& civil = time_.civil;
    int64_t day = civil.day_of_year;
    const int64_t offset = IsoYearOffset();
    if (offset < 0) day += IsLeapYear(civil.year - 1) ? 366 : 365;
    if (offset > 0) day -= IsLeapYear(civil.year) ? 366 : 365;
    return DaysOfIsoWeeks(day, civil.weekday) / kDaysPerWeek + 1;
  }

  String& text_;
  const LocalTime& time_;
};

}  // namespace

LocalTime::LocalTime(int64_t seconds, uint32_t nanoseconds, const TimeZone& zone)
    : seconds(seconds),
      nanoseconds(nanoseconds),
      offset(zone.At(seconds)),
      civil(ToCivil(TimeZone::ToLocal(seconds, offset))) {}

Result<void> AppendTime(String& text, StringView format, const LocalTime& time) {
  return Formatter(text, time).Append(format, false);
}

}  // namespace cation
