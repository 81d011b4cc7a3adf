// SPDX-License-Identifier: MIT
//
// sleep: waits. POSIX.1-2024 sleep, with GNU's durations: decimals and all else that strtold()
// reads, the suffixes s, m, h and d, several operands that are added up, and infinity.
//
// It waits for at least as long as it is told to: what is finer than a nanosecond is rounded up,
// and signals that it gets do not shorten it, though they end it if that is what they do (so
// SIGALRM ends it, which POSIX allows). What is longer than 292 years never ends. A wrong operand
// is reported, and then nothing is waited for.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/duration.h"
#include "coreutils/support/options.h"

namespace cation {
namespace {

constexpr Description kDescription = {
    .usage = "[OPTION]... NUMBER[smhd]...",
    .summary =
        "Waits for the sum of the NUMBERs: of seconds (s), minutes (m), hours (h), days (d).",
    .options = {},
};
constexpr Command kCommand = Packed<kDescription>();

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  int status = 0;
  if (!ParseOptions(context, kCommand, nullptr, &status)) return status;
  const Span<char*> operands = context.arguments;
  if (operands.empty()) return UsageError(context, kCommand, {nullptr, 0}, "missing operand");

  int64_t sum = 0;
  const char* wrong = nullptr;
  for (const char* const operand : operands) {
    const Result<int64_t> duration = ParseDuration(operand);
    if (!duration.ok()) {
      if (wrong != nullptr) Report(context, wrong, "invalid time interval");
      wrong = operand;
      continue;
    }
    sum = AddDurations(sum, duration.value());
  }
  if (wrong != nullptr) return UsageError(context, kCommand, wrong, "invalid time interval");
  do {
    sys::Pause(sum);
  } while (sum == kForever);
  return 0;
}

}  // namespace cation
