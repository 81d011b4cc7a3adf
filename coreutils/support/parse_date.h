// SPDX-License-Identifier: MIT
//
// Dates as people write them, for date and touch.
#ifndef CATION_COREUTILS_SUPPORT_PARSE_DATE_H_
#define CATION_COREUTILS_SUPPORT_PARSE_DATE_H_

#include "runtime/core/time_zone.h"
#include "runtime/start/context.h"

namespace cation {

// The moment that `text` means, seen from `now` in `zone`, as GNU's programs understand it ("Date
// input formats" in the manual of coreutils). It consists of items in any order and any case:
//   2026-11-27 20261127 11/27/2026 11/27 27.11.2026 27 Nov 2026 27-nov-2026 Nov 27, 2026   a day
//   21:32 21:32:00.5 9pm 9:32 p.m. 2132 2026-11-27T21:32                                   a time
//   Z UTC EST "EST DST" +0100 +01:00 UTC+1 A to Z but J                                    a zone
//   friday, last friday, third friday                                           a day of the week
//   2 days ago, -3 hours, next month, 1.5 sec, tomorrow, now                       what is added
//   (anything)                                                                        a comment
// or of @ and seconds since the Epoch alone. TZ="zone" may come first, which is looked for as the
// variable TZ is. Without anything it is the beginning of the day. Errors: EINVAL for what is none,
// and for times that do not exist, or whose year does not fit into 32 bits; ENOMEM.
Result<sys::TimePoint> ParseDate(const Context& context, StringView text, const sys::TimePoint& now,
                                 const TimeZone& zone);

// Where the year, which may be missing, is.
enum class YearPlace : uint8_t {
  kFirst,        // [[CC]YY]MMDDhhmm[.ss]: touch -t
  kLast,         // MMDDhhmm[[CC]YY][.ss]: date
  kLast20thOnly  // MMDDhhmm[YY], of years from 1969 to 1999: touch before POSIX.1-2001
};
// The moment in digits, as POSIX has it for these commands. Without a year it is that of `now`; YY
// is 1969 to 2068. Errors: EINVAL for what is none, and for times that do not exist; a second 60
// does.
Result<int64_t> ParseDigits(StringView text, YearPlace place, const sys::TimePoint& now,
                            const TimeZone& zone);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_PARSE_DATE_H_
