// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_DURATION_H_
#define CATION_COREUTILS_SUPPORT_DURATION_H_

#include <stdint.h>

#include "runtime/core/result.h"
#include "runtime/core/string_view.h"

namespace cation {

// What is as long as this never ends: 292 years, in nanoseconds.
inline constexpr int64_t kForever = INT64_MAX;
inline constexpr int64_t kNanosecondsPerSecond = 1'000'000'000;

// How many nanoseconds `text` means, rounded up; kForever where they are too many. A number as C's
// strtold() reads it ("1", ".5", "1e3", "0x1p-3", "inf"), not negative, and after it at most one of
// s, m, h and d for seconds (which is what there is without), minutes, hours and days. Exact: there
// is no floating point in between. Errors: EINVAL.
Result<int64_t> ParseDuration(StringView text);

// The sum, or kForever.
[[nodiscard]] int64_t AddDurations(int64_t a, int64_t b);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_DURATION_H_
