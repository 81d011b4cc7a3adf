// SPDX-License-Identifier: MIT
//
// date: shows the time, or sets the clock. POSIX.1-2024 with XSI's setting, and GNU's options,
// dates (coreutils/support/parse_date.h) and formats (runtime/core/format_time.h).
//
// Other than GNU: --debug says in one line what was understood, not how; and -R and -I may be given
// twice.
//
// Redox: the clock is set through the kernel (/scheme/sys/update_time_offset, for root only); the
// machine's own clock, from which the next start takes the time, stays as it is. Without a database
// of time zones TZ is a rule such as CET-1CEST,M3.5.0,M10.5.0/3.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/local_time_zone.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/parse_date.h"
#include "runtime/core/format_time.h"

namespace cation {
namespace {

constexpr uint8_t kNone = 0xff;

struct Options {
  bool debug = false;
  bool email = false;
  bool resolution = false;
  bool utc = false;
  uint8_t iso = kNone;
  uint8_t rfc3339 = kNone;
  const char* date = nullptr;
  const char* file = nullptr;
  const char* reference = nullptr;
  const char* set = nullptr;
};

constexpr char kIsoWords[] = "date|hours|minutes|seconds|ns";
constexpr StringView kIsoFormats[] = {"%Y-%m-%d", "%Y-%m-%dT%H%:z", "%Y-%m-%dT%H:%M%:z",
                                      "%Y-%m-%dT%H:%M:%S%:z", "%Y-%m-%dT%H:%M:%S,%N%:z"};
constexpr char kRfc3339Words[] = "date|seconds|ns";
constexpr StringView kRfc3339Formats[] = {"%Y-%m-%d", "%Y-%m-%d %H:%M:%S%:z",
                                          "%Y-%m-%d %H:%M:%S.%N%:z"};
constexpr StringView kEmailFormat = "%a, %d %b %Y %H:%M:%S %z";
constexpr StringView kDefaultFormat = "%a %b %e %H:%M:%S %Z %Y";

constexpr Option kOptions[] = {
    Value("-d, --date=DATE", offsetof(Options, date), "show DATE, not now: \"2 days ago\""),
    Flag("--debug", offsetof(Options, debug), "say how dates are understood"),
    Value("-f, --file=FILE", offsetof(Options, file), "show the date on each line of FILE"),
    OptionalWord("-I[FMT], --iso-8601[=FMT]", offsetof(Options, iso), uint8_t{0}, kIsoWords,
                 "as ISO 8601 has it, to the day or to FMT"),
    Flag("--resolution", offsetof(Options, resolution), "show the smallest step of the clock"),
    Flag("-R, --rfc-email", offsetof(Options, email),
         "as in mail: Fri, 27 Nov 2026 21:32:00 +0000"),
    {.spelling = "--rfc-2822", .help = nullptr, .field = offsetof(Options, email), .value = 1},
    {.spelling = "--rfc-822", .help = nullptr, .field = offsetof(Options, email), .value = 1},
    Word("--rfc-3339=FMT", offsetof(Options, rfc3339), kRfc3339Words, "as RFC 3339 has it"),
    Value("-r, --reference=FILE", offsetof(Options, reference), "show when FILE was last modified"),
    Value("-s, --set=DATE", offsetof(Options, set), "set the clock to DATE"),
    Flag("-u, --utc", offsetof(Options, utc), "in UTC"),
    {.spelling = "--universal", .help = nullptr, .field = offsetof(Options, utc), .value = 1},
    {.spelling = "--uct", .help = nullptr, .field = offsetof(Options, utc), .value = 1},
};

constexpr Description kDescription = {
    .usage = "[OPTION]... [+FORMAT]\n[-u] MMDDhhmm[[CC]YY][.ss]",
    .summary =
        "Shows the time as FORMAT has it (%Y, %m, %d, %H, %M, %S, %N, %z, as strftime()), or sets "
        "the "
        "clock.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

class Dates {
 public:
  Dates(const Context& context, const Options& options, StringView format)
      : context_(context), options_(options), format_(format), out_(context) {
    if (!options.utc) zone_.Find(context);
  }

  [[nodiscard]] const TimeZone& zone() const { return zone_.zone(); }
  [[nodiscard]] int Finish() { return out_.Finish(status_); }

  void Show(const sys::TimePoint& time) {
    const LocalTime local(time.seconds, static_cast<uint32_t>(time.nanoseconds), zone());
    // As GNU, whose years are of 32 bits.
    constexpr int64_t kYearBase = 1900;
    if (local.civil.year < INT32_MIN + kYearBase || local.civil.year > INT32_MAX + kYearBase) {
      line_.Truncate(0);
      (void)AppendTime(line_, "%s", local);
      return Fail(line_.view(), "time is out of range");
    }
    line_.Truncate(0);
    const Result<void> written = AppendTime(line_, format_, local);
    if (!written.ok()) return Fail(format_, written.error());
    out_.Write(line_.view());
    out_.Write('\n');
  }

  // The date in `text`; false when there is none, which has been said.
  bool Read(StringView text, sys::TimePoint& time) {
    const Result<sys::TimePoint> read = ParseDate(context_, text, sys::Now(), zone());
    if (!read.ok()) {
      if (read.error() == abi::kEINVAL) {
        Fail(text, "invalid date");
      } else {
        Fail(text, read.error());
      }
      return false;
    }
    time = read.value();
    if (options_.debug) {
      String words;
      const LocalTime local(time.seconds, static_cast<uint32_t>(time.nanoseconds), zone());
      if (AppendTime(words, "%a %F %T.%N %:z (%Z), @%s.%N", local).ok()) {
        Report(context_, text, words.view());
      }
    }
    return true;
  }

  void ShowText(StringView text) {
    sys::TimePoint time;
    if (Read(text, time)) Show(time);
  }

  // Each line as soon as it is there.
  void ShowLines(const char* path) {
    const bool is_input = StringView(path) == "-";
    sys::File file;
    if (!is_input) {
      const Result<sys::Descriptor> opened = sys::Open(sys::At(path), sys::kRead);
      if (!opened.ok()) return Fail(path, opened.error());
      file = sys::File(opened.value());
    }
    const sys::Descriptor descriptor = is_input ? context_.input : file.get();
    constexpr size_t kChunk = size_t{64} * 1024;
    String text;
    size_t kept = 0;  // of a line that goes on
    while (out_.ok()) {
      const Result<void> room = text.Resize(kept + kChunk);
      if (!room.ok()) return Fail(path, room.error());
      out_.Flush();
      const Result<size_t> read = sys::Read(descriptor, {text.data() + kept, kChunk});
      if (!read.ok()) return Fail(path, read.error());
      StringView rest(text.data(), kept + read.value());
      if (read.value() == 0) {
        if (kept != 0) ShowText(rest);
        return;
      }
      for (size_t end = rest.Find('\n'); end != StringView::kNotFound; end = rest.Find('\n')) {
        ShowText(rest.First(end));
        rest = rest.From(end + 1);
      }
      kept = rest.size();
      __builtin_memmove(text.data(), rest.data(), kept);
    }
  }

  void ShowFile(const char* path) {
    const Result<sys::FileStatus> status = sys::StatusAt(sys::At(path), sys::Follow::kYes);
    if (!status.ok()) return Fail(path, status.error());
    Show(status.value().modification_time);
  }

  void Set(const sys::TimePoint& time) {
    const Result<void> set = sys::SetClock(time);
    if (!set.ok()) {
      Report(context_, {nullptr, 0}, "cannot set date", set.error());
      status_ = 1;
    }
    Show(time);
  }

  void Fail(StringView what, StringView reason) {
    out_.Flush();
    Report(context_, what, reason);
    status_ = 1;
  }
  void Fail(StringView what, Error error) {
    out_.Flush();
    Report(context_, what, error);
    status_ = 1;
  }

 private:
  const Context& context_;
  const Options& options_;
  StringView format_;
  Output out_;
  LocalTimeZone zone_;
  String line_;
  int status_ = 0;
};

// What all that the clock shows in a moment is a multiple of.
sys::TimePoint Resolution() {
  int64_t common = 1'000'000'000;
  for (unsigned tries = 0; tries < 64 && common > 1; ++tries) {
    for (int64_t other = sys::Now().nanoseconds; other != 0;) {
      const int64_t rest = common % other;
      common = other;
      other = rest;
    }
  }
  return {common / 1'000'000'000, common % 1'000'000'000};
}

// As GNU: %-N has as many digits as the clock, which are nine.
void WriteAllDigits(char* format) {
  for (; *format != '\0'; ++format) {
    if (*format != '%' || format[1] == '\0') continue;
    ++format;
    if (format[0] == '-' && format[1] == 'N') *format = '9';
  }
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const unsigned sources = (options.date != nullptr ? 1 : 0) + (options.file != nullptr ? 1 : 0) +
                           (options.reference != nullptr ? 1 : 0) + (options.resolution ? 1 : 0);
  const Span<char*> operands = context.arguments;
  StringView wrong_operand{nullptr, 0};
  StringView wrong;
  if (sources > 1) {
    wrong = "the options to specify dates for printing are mutually exclusive";
  } else if (sources != 0 && options.set != nullptr) {
    wrong = "the options to print and set the time may not be used together";
  } else if (operands.size() > 1) {
    wrong_operand = operands[1];
    wrong = "extra operand";
  } else if (!operands.empty() && *operands[0] != '+' && (sources != 0 || options.set != nullptr)) {
    wrong_operand = operands[0];
    wrong = "lacks a leading '+': with an option for dates, only a format may follow";
  }
  if (!wrong.empty()) return UsageError(context, kCommand, wrong_operand, wrong);
  char* operand = operands.empty() ? nullptr : operands[0];
  StringView format{nullptr, 0};
  bool is_double = false;
  const auto choose = [&](StringView chosen) {
    is_double |= format.data() != nullptr;
    format = chosen;
  };
  if (options.iso != kNone) choose(kIsoFormats[options.iso]);
  if (options.rfc3339 != kNone) choose(kRfc3339Formats[options.rfc3339]);
  if (options.email) choose(kEmailFormat);
  if (operand != nullptr && *operand == '+') {
    WriteAllDigits(operand + 1);
    choose(operand + 1);
    operand = nullptr;
  }
  if (is_double) {
    Report(context, "multiple output formats specified");
    return 1;
  }
  if (format.data() == nullptr) format = options.resolution ? "%s.%N" : kDefaultFormat;

  Dates dates(context, options, format);
  sys::TimePoint time;
  if (options.file != nullptr) {
    dates.ShowLines(options.file);
  } else if (options.reference != nullptr) {
    dates.ShowFile(options.reference);
  } else if (options.date != nullptr) {
    dates.ShowText(options.date);
  } else if (options.set != nullptr) {
    if (dates.Read(options.set, time)) dates.Set(time);
  } else if (operand != nullptr) {
    const Result<int64_t> given = ParseDigits(operand, YearPlace::kLast, sys::Now(), dates.zone());
    if (given.ok()) {
      dates.Set({given.value(), 0});
    } else {
      dates.Fail(operand, "invalid date");
    }
  } else {
    dates.Show(options.resolution ? Resolution() : sys::Now());
  }
  return dates.Finish();
}

}  // namespace cation
