// SPDX-License-Identifier: MIT
#include "runtime/core/calendar.h"

namespace cation {
namespace {

// The calendar repeats after 400 years. Counted from 1 March of year 0, so that a leap day is the
// last day of its year.
constexpr int64_t kDaysPerCycle = 146097;
constexpr int64_t kEpochFromMarchOfYear0 = 719468;

// Rounds down, where the language rounds towards 0. `divisor` is positive.
constexpr int64_t FloorDivide(int64_t value, int64_t divisor) {
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}

}  // namespace

CivilTime ToCivil(int64_t seconds) {
  const int64_t days = FloorDivide(seconds, kSecondsPerDay);
  const int64_t remainder = seconds % kSecondsPerDay;
  const auto second_of_day =
      static_cast<uint32_t>(remainder < 0 ? remainder + kSecondsPerDay : remainder);
  const int64_t shifted = days + kEpochFromMarchOfYear0;
  const int64_t cycle = FloorDivide(shifted, kDaysPerCycle);
  const auto day_of_cycle = static_cast<uint32_t>(shifted - cycle * kDaysPerCycle);
  // Take the leap days out (one each 4 years of 1,460 days and a bit, but for centuries); what
  // remains are years of 365 days.
  const uint32_t year_of_cycle =
      (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36524 - day_of_cycle / 146096) / 365;
  const uint32_t day_from_march =
      day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
  // From March on, five months have 153 days: 31 30 31 30 31.
  const uint32_t month_from_march = (5 * day_from_march + 2) / 153;

  CivilTime civil;
  civil.month = static_cast<uint8_t>((month_from_march + 2) % 12 + 1);
  civil.year = cycle * 400 + year_of_cycle + (civil.month <= 2 ? 1 : 0);
  civil.day = static_cast<uint8_t>(day_from_march - (153 * month_from_march + 2) / 5 + 1);
  civil.hour = static_cast<uint8_t>(second_of_day / 3600);
  civil.minute = static_cast<uint8_t>(second_of_day / 60 % 60);
  civil.second = static_cast<uint8_t>(second_of_day % 60);
  const int64_t weekday = (days + 4) % 7;
  civil.weekday = static_cast<uint8_t>(weekday < 0 ? weekday + 7 : weekday);
  // January and February end the year that began in March.
  civil.day_of_year = static_cast<uint16_t>(
      civil.month <= 2 ? day_from_march - 306
                       : day_from_march + 59 + (IsLeapYear(civil.year) ? 1 : 0));
  return civil;
}

int64_t DaysFromCivil(int64_t year, unsigned month, unsigned day) {
  const int64_t march_year = year - (month <= 2 ? 1 : 0);
  const int64_t cycle = FloorDivide(march_year, 400);
  const int64_t year_of_cycle = march_year - cycle * 400;
  const unsigned month_from_march = (month + 9) % 12;
  const int64_t day_from_march = (153 * month_from_march + 2) / 5 + day - 1;
  return cycle * kDaysPerCycle + year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 +
         day_from_march - kEpochFromMarchOfYear0;
}

bool IsLeapYear(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

StringView MonthName(unsigned month) {
  // Side by side: pointers would be as much again.
  static constexpr char kNames[][10] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
  return kNames[month - 1];
}

}  // namespace cation
