// SPDX-License-Identifier: MIT
//
// Dates and times by a format such as "%Y-%m-%d %H:%M:%S.%N %z". relibc's strftime() would link
// 1.2 MB, knows no nanoseconds, and 32-bit years.
#ifndef CATION_RUNTIME_CORE_FORMAT_TIME_H_
#define CATION_RUNTIME_CORE_FORMAT_TIME_H_

#include "runtime/core/calendar.h"
#include "runtime/core/string.h"
#include "runtime/core/time_zone.h"

namespace cation {

// A moment, and what its clocks show.
struct LocalTime {
  // `seconds` after the Epoch and `nanoseconds` (0 to 999,999,999) more, in `zone`.
  LocalTime(int64_t seconds, uint32_t nanoseconds, const TimeZone& zone);

  int64_t seconds;
  uint32_t nanoseconds;
  TimeZone::Offset offset;
  CivilTime civil;
};

// Appends `time` as `format` says, with English names:
//   %% %n %t          a %, a line's end, a tab
//   %Y %C %y %G %g    year, its first digits, its last two; the same of ISO 8601's week (%G %g)
//   %q                quarter of the year: 1 to 4
//   %m %b %h %B       month: number, "Jan", "January"
//   %d %e %j          day of the month (%e with a space for a zero), of the year
//   %a %A %u %w       day of the week: "Mon", "Monday", 1 (Monday) to 7, 0 (Sunday) to 6
//   %U %V %W          week of the year: from Sunday, ISO 8601's, from Monday
//   %H %k %I %l %p %P hours: 00 to 23, the same with a space, 01 to 12, with a space; AM, am
//   %M %S %N          minutes, seconds, nanoseconds
//   %s                seconds since the Epoch
//   %z %:z %::z %:::z offset from UTC: +hhmm, +hh:mm, +hh:mm:ss, as short as it can be; %Z the name
//   %c %D %F %r %R %T %x %X   combinations, as in the POSIX locale
// Between % and the letter may be flags (- no padding, _ spaces, 0 zeros, + zeros and a sign before
// years of more than four digits, ^ upper case, # the opposite case), a width, and E or O, which
// change nothing where POSIX and GNU know them; %3N are milliseconds. What is no conversion stays
// as it is. Source: POSIX.1-2024 strftime(), and date of GNU coreutils for what is beyond it.
// Errors: ENOMEM.
Result<void> AppendTime(String& text, StringView format, const LocalTime& time);

}  // namespace cation

#endif  // CATION_RUNTIME_CORE_FORMAT_TIME_H_
