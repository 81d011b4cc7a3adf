// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_LOCAL_TIME_ZONE_H_
#define CATION_COREUTILS_SUPPORT_LOCAL_TIME_ZONE_H_

#include "runtime/core/string.h"
#include "runtime/core/time_zone.h"
#include "runtime/start/context.h"

namespace cation {

// The zone that the environment asks for. TZ as POSIX writes it, and TZ=UTC, cost no call.
// Otherwise a file is opened: /etc/localtime when TZ is not set; for TZ=NAME or :NAME the file of
// that path, or below $TZDIR or /usr/share/zoneinfo. Without such a file (Redox has none) it is
// UTC.
class LocalTimeZone {
 public:
  // UTC, until Find().
  LocalTimeZone() = default;
  LocalTimeZone(const LocalTimeZone&) = delete;
  LocalTimeZone& operator=(const LocalTimeZone&) = delete;

  // Finds the zone out; only the first call does anything.
  void Find(const Context& context);
  // The zone that TZ=`text` asks for; only once. `text` lives as long as the zone is used.
  void FindNamed(const Context& context, const char* text);
  [[nodiscard]] const TimeZone& zone() const { return zone_; }

 private:
  Result<void> Read(const char* path);

  bool is_found_ = false;
  String file_;
  TimeZone zone_;
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_LOCAL_TIME_ZONE_H_
