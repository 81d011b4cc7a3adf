// SPDX-License-Identifier: MIT
//
// uptime: shows for how long the machine has been running. No standard has it; what it prints is
// what procps' does, with its options --pretty and --since.
//
// Redox: nobody counts who is logged in, or how much there is to do: these two parts are not there.
#include "coreutils/support/local_time_zone.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "runtime/core/calendar.h"
#include "runtime/core/format.h"

namespace cation {
namespace {

constexpr int64_t kMinute = 60;
constexpr int64_t kHour = 60 * kMinute;

struct Options {
  bool pretty = false;
  bool since = false;
};

constexpr Option kOptions[] = {
    Flag("-p, --pretty", offsetof(Options, pretty), "in words: up 3 days, 2 hours"),
    Flag("-s, --since", offsetof(Options, since), "since when"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]...",
    .summary =
        "Shows the time, for how long the machine has been running, and, where the system "
        "counts them,\nthe users and the load.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

class Writer {
 public:
  explicit Writer(Context& context) : context_(context), out_(context) {}

  [[nodiscard]] int Finish() {
    out_.Write('\n');
    return out_.Finish(0);
  }

  // 3 days, 2 hours, 10 minutes
  void InWords(int64_t seconds) {
    constexpr struct {
      int64_t seconds;
      StringView name;
    } kUnits[] = {{10 * 365 * kSecondsPerDay, "decade"},
                  {365 * kSecondsPerDay, "year"},
                  {7 * kSecondsPerDay, "week"},
                  {kSecondsPerDay, "day"},
                  {kHour, "hour"},
                  {kMinute, "minute"}};
    StringView before = "up ";
    for (const auto& unit : kUnits) {
      const int64_t count = seconds / unit.seconds;
      seconds %= unit.seconds;
      const bool is_all = unit.seconds == kMinute && before == "up ";
      if (count == 0 && !is_all) continue;
      out_.Write(before);
      Count(count, unit.name);
      before = ", ";
    }
  }

  void Since(int64_t seconds) {
    const CivilTime civil = Local(sys::Now().seconds - seconds);
    Number(civil.year, 4);
    out_.Write('-');
    Number(civil.month, 2);
    out_.Write('-');
    Number(civil.day, 2);
    out_.Write(' ');
    Clock(civil);
  }

  void All(int64_t seconds) {
    out_.Write(' ');
    Clock(Local(sys::Now().seconds));
    out_.Write(" up ");
    const int64_t days = seconds / kSecondsPerDay;
    seconds %= kSecondsPerDay;
    if (days != 0) {
      Count(days, "day");
      out_.Write(", ");
    }
    const int64_t minutes = seconds % kHour / kMinute;
    if (seconds >= kHour) {
      Number(seconds / kHour, 2, ' ');
      out_.Write(':');
      Number(minutes, 2);
    } else {
      Number(minutes);
      out_.Write(" min");
    }
    const Result<size_t> logins = sys::LoginCount();
    if (logins.ok()) {
      out_.Write(logins.value() < 10 ? ",  " : ", ");
      Count(static_cast<int64_t>(logins.value()), "user");
    }
    const Result<sys::LoadAverages> load = sys::AverageLoad();
    if (!load.ok()) return;
    StringView before = ",  load average: ";
    for (const uint64_t number : load.value().hundredths) {
      out_.Write(before);
      Number(static_cast<int64_t>(number / 100));
      out_.Write('.');
      Number(static_cast<int64_t>(number % 100), 2);
      before = ", ";
    }
  }

 private:
  CivilTime Local(int64_t seconds) {
    zone_.Find(context_);
    return ToCivil(TimeZone::ToLocal(seconds, zone_.zone().At(seconds)));
  }

  void Clock(const CivilTime& civil) {
    Number(civil.hour, 2);
    out_.Write(':');
    Number(civil.minute, 2);
    out_.Write(':');
    Number(civil.second, 2);
  }

  [[gnu::noinline]] void Number(int64_t number, size_t width = 0, char padding = '0') {
    out_.Write(Digits(static_cast<uint64_t>(number), 10, width, padding));
  }

  void Count(int64_t count, StringView name) {
    Number(count);
    out_.Write(' ');
    out_.Write(name);
    if (count != 1) out_.Write('s');
  }

  Context& context_;
  Output out_;
  LocalTimeZone zone_;
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  if (!context.arguments.empty()) {
    return UsageError(context, kCommand, context.arguments[0], "extra operand");
  }
  Writer writer(context);
  const int64_t seconds = sys::TimeSinceStart().seconds;
  if (options.since) {
    writer.Since(seconds);
  } else if (options.pretty) {
    writer.InWords(seconds);
  } else {
    writer.All(seconds);
  }
  return writer.Finish();
}

}  // namespace cation
