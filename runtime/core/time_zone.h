// SPDX-License-Identifier: MIT
//
// Time zones as POSIX writes them in the environment variable TZ: "UTC0", "EST5EDT",
// "<+0330>-3:30", "CET-1CEST,M3.5.0,M10.5.0/3".
//
// There is no database of zones: Redox has none, and reading one would cost calls in each program
// that shows a date. So "Europe/Berlin" is not understood, as /etc/localtime is not looked at: what
// is not understood is UTC.
#ifndef CATION_RUNTIME_CORE_TIME_ZONE_H_
#define CATION_RUNTIME_CORE_TIME_ZONE_H_

#include <stdint.h>

#include "runtime/core/string_view.h"

namespace cation {

class TimeZone {
 public:
  struct Offset {
    int32_t seconds = 0;  // to be added to UTC: positive in the east
    bool is_daylight = false;
    StringView name = "UTC";
  };

  // UTC.
  TimeZone() = default;
  // `text` is the value of TZ, or nullptr when it is not set, and must live as long as the zone. A
  // DST name without rules follows those of the United States since 2007, as in glibc. Source:
  // POSIX.1-2024, 8.3, "TZ", the form std offset[dst[offset][,start[/time],end[/time]]].
  explicit TimeZone(const char* text);

  // What applies `seconds` after the Epoch.
  [[nodiscard]] Offset At(int64_t seconds) const;

  // `seconds` moved by `offset`, for ToCivil(); stays within 64 bits.
  [[nodiscard]] static int64_t ToLocal(int64_t seconds, const Offset& offset);

  // A day of each year, and the time on its clock.
  struct Rule {
    enum class Kind : uint8_t { kJulian, kDayOfYear, kWeekday };
    Kind kind = Kind::kWeekday;
    uint8_t month = 0;  // kWeekday: 1 to 12
    uint8_t week = 0;   // kWeekday: 1 to 5, 5 is the last
    uint16_t day =
        0;  // kWeekday: 0 is Sunday; kJulian: 1 to 365, never 29 February; kDayOfYear: 0 to 365
    int32_t time = 0;  // seconds from midnight, possibly negative or beyond the day
  };

 private:
  Offset standard_;
  Offset daylight_;
  Rule start_;
  Rule end_;
  bool has_daylight_ = false;
};

}  // namespace cation

#endif  // CATION_RUNTIME_CORE_TIME_ZONE_H_
