// SPDX-License-Identifier: MIT
//
// The Gregorian calendar, extended over all of the past and the future. relibc's gmtime() and
// strftime() would link its formatting code and more (1.2 MB), and 32-bit time ends in 2038;
// nothing here does.
#ifndef CATION_RUNTIME_CORE_CALENDAR_H_
#define CATION_RUNTIME_CORE_CALENDAR_H_

#include <stdint.h>

#include "runtime/core/string_view.h"

namespace cation {

inline constexpr int64_t kSecondsPerDay = 86400;

// A moment as people write it. Every day has 86,400 seconds, as POSIX counts them: there are no
// leap seconds.
struct CivilTime {
  int64_t year = 1970;       // astronomical: 0 is 1 BC
  uint8_t month = 1;         // 1 to 12
  uint8_t day = 1;           // 1 to 31
  uint8_t hour = 0;          // 0 to 23
  uint8_t minute = 0;        // 0 to 59
  uint8_t second = 0;        // 0 to 59
  uint8_t weekday = 4;       // 0 is Sunday
  uint16_t day_of_year = 0;  // from 0
};

// What the clock of UTC shows `seconds` after the Epoch; any value will do.
[[nodiscard]] CivilTime ToCivil(int64_t seconds);

// Days from 1970-01-01 to the given day. `month` is 1 to 12, `day` counts from 1 and may be beyond
// the month's end. For years whose days fit into 64 bits, as those of ToCivil() do.
[[nodiscard]] int64_t DaysFromCivil(int64_t year, unsigned month, unsigned day);

[[nodiscard]] bool IsLeapYear(int64_t year);

// "January" to "December" for 1 to 12, as in the POSIX locale; the short ones are their first three
// letters.
[[nodiscard]] StringView MonthName(unsigned month);

}  // namespace cation

#endif  // CATION_RUNTIME_CORE_CALENDAR_H_
