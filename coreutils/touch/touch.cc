// SPDX-License-Identifier: MIT
//
// touch: sets the times of files, and makes those that are missing. POSIX.1-2024, with GNU's
// options and GNU's dates (coreutils/support/parse_date.h).
//
// A file that is there takes one call, or on Redox three (it has times through descriptors only),
// and is not opened for writing: neither does a FIFO wait, nor matters it that one may not write.
// One that is made has the right times already, unless others are asked for.
//
// Redox: RedoxFS lets only the owner set times, to now also. The change time is its own business.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/local_time_zone.h"
#include "coreutils/support/options.h"
#include "coreutils/support/parse_date.h"
#include "runtime/core/format.h"

namespace cation {
namespace {

struct Options {
  bool access = false;
  bool modification = false;
  bool no_create = false;
  bool no_dereference = false;
  bool ignored = false;
  const char* date = nullptr;
  const char* digits = nullptr;
  const char* reference = nullptr;
};

bool TakeTime(const Context& context, const Command& command, PackedOption option,
              StringView argument, char* field) {
  if (!ParseWord(context, command, option, argument, field)) return false;
  // The word's group says which of the two fields it stands for.
  const bool is_modification = *field != 0;
  Options& options = *reinterpret_cast<Options*>(field - offsetof(Options, ignored));
  (is_modification ? options.modification : options.access) = true;
  return true;
}

constexpr Option kOptions[] = {
    Flag("-a", offsetof(Options, access), "the access time only"),
    Flag("-c, --no-create", offsetof(Options, no_create), "make no files"),
    Value("-d, --date=DATE", offsetof(Options, date), "DATE instead of now: \"2 days ago\""),
    Flag("-f", offsetof(Options, ignored), "nothing: for scripts from elsewhere"),
    Flag("-h, --no-dereference", offsetof(Options, no_dereference),
         "symbolic links themselves, not what they lead to"),
    Flag("-m", offsetof(Options, modification), "the modification time only"),
    Value("-r, --reference=FILE", offsetof(Options, reference),
          "the times of FILE; DATE is seen from them"),
    Value("-t [[CC]YY]MMDDhhmm[.ss]", offsetof(Options, digits), "this time instead of now"),
    {.spelling = "--time=WORD",
     .help = "as -a: access, atime, use; as -m: modify, mtime",
     .words = "access atime use|modify mtime",
     .parse_word = TakeTime,
     .field = offsetof(Options, ignored),
     .kind = Option::Kind::kWord},
};

constexpr Description kDescription = {
    .usage = "[OPTION]... FILE...",
    .summary =
        "Sets the times of each FILE to now, or to what is asked for, and makes those that are "
        "missing;\n- is standard output.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

struct Times {
  sys::TimePoint access = sys::kPresentTime;
  sys::TimePoint modification = sys::kPresentTime;
};

// Before POSIX.1-2001 a time in digits could be the first operand; who still wants that says so.
bool HasOldTime(const Context& context, Span<char*> operands) {
  constexpr uint64_t kLast = 200112;
  const char* const version = Environment(context, "_POSIX2_VERSION");
  if (version == nullptr || operands.size() < 2) return false;
  const Result<uint64_t> number = ParseNumber(version);
  return number.ok() && number.value() < kLast && StringView(operands[0]).size() <= 10 &&
         StringView(operands[0]).Find('.') == StringView::kNotFound;
}

// What the options say of the time. False when it was wrong, and reported.
class TimeReader {
 public:
  TimeReader(const Context& context, const Options& options)
      : context_(context), options_(options) {}

  bool Read(Times& times) {
    if (options_.reference != nullptr) {
      const Result<sys::FileStatus> status =
          sys::StatusAt(sys::At(options_.reference),
                        options_.no_dereference ? sys::Follow::kNo : sys::Follow::kYes);
      if (!status.ok()) {
        Report(context_, options_.reference, status.error());
        return false;
      }
      times = {status.value().access_time, status.value().modification_time};
      if (options_.date == nullptr) return true;
      zone_.Find(context_);
      return ReadDate(times.access, times.access) &&
             ReadDate(times.modification, times.modification);
    }
    if (options_.date == nullptr && options_.digits == nullptr) return true;
    zone_.Find(context_);
    const sys::TimePoint now = sys::Now();
    if (options_.digits != nullptr) {
      return Set(times, ParseDigits(options_.digits, YearPlace::kFirst, now, zone_.zone()));
    }
    sys::TimePoint time;
    if (!ReadDate(now, time)) return false;
    // "now" is what it is without a date, which people may set who do not own the file.
    sys::TimePoint other;
    if (time == now && ReadDate({now.seconds ^ 1, now.nanoseconds}, other) &&
        other.seconds == (now.seconds ^ 1)) {
      return true;
    }
    times = {time, time};
    return true;
  }

  bool ReadOld(const char* digits, Times& times) {
    zone_.Find(context_);
    const auto time = ParseDigits(digits, YearPlace::kLast20thOnly, sys::Now(), zone_.zone());
    if (time.ok()) times.access = times.modification = {time.value(), 0};
    return time.ok();
  }

 private:
  bool Set(Times& times, Result<int64_t> time) {
    if (!time.ok()) {
      Report(context_, options_.digits, "invalid date format");
      return false;
    }
    times.access = times.modification = {time.value(), 0};
    return true;
  }

  bool ReadDate(sys::TimePoint now, sys::TimePoint& time) {
    const Result<sys::TimePoint> read = ParseDate(context_, options_.date, now, zone_.zone());
    if (read.ok()) {
      time = read.value();
    } else if (read.error() == abi::kEINVAL) {
      Report(context_, options_.date, "invalid date format");
    } else {
      Report(context_, options_.date, read.error());
    }
    return read.ok();
  }

  const Context& context_;
  const Options& options_;
  LocalTimeZone zone_;
};

Result<void> Touch(const Context& context, const Options& options, const char* path,
                   const Times& times) {
  if (StringView(path) == "-") {
    const Result<void> set = sys::SetTimes(context.output, times.access, times.modification);
    const bool is_closed = !set.ok() && set.error() == abi::kEBADF;
    return is_closed && options.no_create ? Result<void>() : set;
  }
  const Result<void> set =
      sys::SetTimesAt(sys::At(path), times.access, times.modification,
                      options.no_dereference ? sys::Follow::kNo : sys::Follow::kYes);
  if (set.ok() || !(set.error() == abi::kENOENT)) return set;
  if (options.no_create) return {};
  // "missing/" is no file, and Redox would make one all the same.
  if (options.no_dereference || *path == '\0' || StringView(path).EndsWith("/")) return set;
  CATION_TRY_ASSIGN(const sys::Descriptor made,
                    sys::Open(sys::At(path), sys::kWrite | sys::kCreate | sys::kNonBlocking, 0666));
  sys::File file(made);
  const bool is_now = times.access.nanoseconds >= sys::kTimeAsItIs.nanoseconds &&
                      times.modification.nanoseconds >= sys::kTimeAsItIs.nanoseconds;
  if (!is_now) CATION_TRY(sys::SetTimes(file.get(), times.access, times.modification));
  return file.Close();
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  if (options.digits != nullptr && (options.date != nullptr || options.reference != nullptr)) {
    return UsageError(context, kCommand, {nullptr, 0},
                      "cannot specify times from more than one source");
  }
  Times times;
  TimeReader reader(context, options);
  if (!reader.Read(times)) return 1;
  Span<char*> operands = context.arguments;
  if (options.date == nullptr && options.digits == nullptr && options.reference == nullptr &&
      HasOldTime(context, operands) && reader.ReadOld(operands[0], times)) {
    operands = operands.From(1);
  }
  if (operands.empty()) return UsageError(context, kCommand, {nullptr, 0}, "missing file operand");

  if (options.access != options.modification) {
    (options.access ? times.modification : times.access) = sys::kTimeAsItIs;
  }
  for (const char* const operand : operands) {
    const Result<void> touched = Touch(context, options, operand, times);
    if (touched.ok()) continue;
    Report(context, operand, touched.error());
    status = 1;
  }
  return status;
}

}  // namespace cation
