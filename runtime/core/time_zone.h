// SPDX-License-Identifier: MIT
//
// Time zones as POSIX writes them in the environment variable TZ: "UTC0", "EST5EDT",
// "<+0330>-3:30", "CET-1CEST,M3.5.0,M10.5.0/3".
//
// and as the database of zones has them: the content of a file such as
// /usr/share/zoneinfo/Europe/Berlin. Which of both counts, and reading the file, is
// coreutils/support/local_time_zone.h's. What is not understood is UTC.
#ifndef CATION_RUNTIME_CORE_TIME_ZONE_H_
#define CATION_RUNTIME_CORE_TIME_ZONE_H_

#include <stdint.h>

#include "runtime/core/result.h"
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

  // Makes `zone` what `file` says, the content of a file in the format TZif, which must live as
  // long as the zone. Returns false, and leaves it, when it is none. Source: RFC 9636; leap
  // seconds, which POSIX's time does not have, are passed over.
  [[nodiscard]] static bool FromFile(StringView file, TimeZone& zone);
  // Makes this what TimeZone(text) is. Returns false, and leaves it, when `text` is of another
  // form.
  [[nodiscard]] bool ReadRule(const char* text);

  // What applies `seconds` after the Epoch.
  [[nodiscard]] Offset At(int64_t seconds) const;

  // What somebody knows of a local time besides.
  enum class Daylight : uint8_t { kUnknown, kNo, kYes };
  // The moment at which the zone's clocks show `local`, which counts as if it were UTC. Where they
  // show it twice, `daylight` decides; unless it is known, the moment is the one that a search from
  // `guess` meets first, an offset from UTC: 0, or what was left there by the call before. Where
  // they never show it, or not with this `daylight`, it is the moment that would be, had the clocks
  // not been changed: At() tells. `local` has room for offsets. Errors: EOVERFLOW when there is no
  // such `daylight` for years around. Source: what mktime() of glibc and gnulib answers, which
  // POSIX leaves open.
  Result<int64_t> FromLocal(int64_t local, Daylight daylight, int32_t& guess) const;

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

  // Of a file; without one there are no transitions.
  struct Table {
    StringView times;    // when each begins: `time_size` bytes, the highest first
    StringView indexes;  // which type it begins: a byte
    StringView types;    // offset: 4 bytes, daylight saving, place of its name: a byte each
    StringView names;    // each terminated
    size_t time_size = 0;
    bool has_rule = false;  // what is above applies after the last transition
  };
  [[nodiscard]] Offset TypeAt(size_t index) const;
  [[nodiscard]] int64_t TransitionAt(size_t index) const;

  Table table_;
};

}  // namespace cation

#endif  // CATION_RUNTIME_CORE_TIME_ZONE_H_
