// SPDX-License-Identifier: MIT
//
// time: says how long a command takes. POSIX.1-2024 time, with the options of GNU time.
//
// What it says goes to standard error after what the command has written there: three lines, real,
// user and sys, as shells' own time has them (POSIX leaves it open); -p are POSIX's lines; -f is a
// format, of which all conversions of GNU time are known, and -v its table. Without -f, the format
// in the variable TIME. A status other than 0 is mentioned with -f and -v only, and not with -q, so
// that -p is what POSIX says. INT and QUIT from the terminal end the command; time itself ends
// after it. 125: time failed; 126, 127: the command could not be run; 128 and more: a signal has
// ended it.
//
// Redox keeps no account of what a process has used that anybody could ask for when it has ended
// (no getrusage(), wait4() or times() that answers): what is not known is "-", never 0.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/start_command.h"
#include "runtime/core/format.h"

namespace cation {
namespace {

struct Options {
  bool portable = false;
  bool verbose = false;
  bool quiet = false;
  bool append = false;
  const char* format = nullptr;
  const char* output = nullptr;
};

constexpr Option kOptions[] = {
    Flag("-p, --portability", offsetof(Options, portable), "print what POSIX says"),
    Value("-f, --format=FORMAT", offsetof(Options, format),
          "print FORMAT: %e %U %S %E times, %M KiB, %x status, %C command, ..."),
    Flag("-v, --verbose", offsetof(Options, verbose), "print all that is known"),
    Value("-o, --output=FILE", offsetof(Options, output), "print into FILE"),
    Flag("-a, --append", offsetof(Options, append), "with -o: at the end of FILE"),
    Flag("-q, --quiet", offsetof(Options, quiet), "do not mention a status other than 0"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... COMMAND [ARG]...",
    .summary = "Runs COMMAND, and prints on standard error how long it took.",
    .options = kOptions,
    .usage_status = kCannotStart,
    .stops_at_operand = true,
};
constexpr Command kCommand = Packed<kDescription>();

// %L, %A and %B are ours alone: minutes and seconds as shells print them.
constexpr const char* kShells = "real\t%L\nuser\t%A\nsys\t%B";
constexpr const char* kPortable = "real %e\nuser %U\nsys %S";
constexpr const char* kVerbose =
    "\tCommand being timed: \"%C\"\n"
    "\tUser time (seconds): %U\n"
    "\tSystem time (seconds): %S\n"
    "\tPercent of CPU this job got: %P\n"
    "\tElapsed (wall clock) time (h:mm:ss or m:ss): %E\n"
    "\tMaximum resident set size (kbytes): %M\n"
    "\tMajor (requiring I/O) page faults: %F\n"
    "\tMinor (reclaiming a frame) page faults: %R\n"
    "\tVoluntary context switches: %w\n"
    "\tInvoluntary context switches: %c\n"
    "\tSwaps: %W\n"
    "\tFile system inputs: %I\n"
    "\tFile system outputs: %O\n"
    "\tSocket messages sent: %s\n"
    "\tSocket messages received: %r\n"
    "\tSignals delivered: %k\n"
    "\tPage size (bytes): %Z\n"
    "\tExit status: %x";

constexpr int64_t kNanoseconds = 1'000'000'000;
constexpr int64_t kMinute = 60 * kNanoseconds;

int64_t Nanoseconds(const sys::TimePoint& time) {
  return time.seconds * kNanoseconds + time.nanoseconds;
}

class Time {
 public:
  explicit Time(Context& context) : context_(context) {}

  int Run() {
    int status = 0;
    if (!ParseOptions(context_, kCommand, &options_, &status)) return status;
    words_ = context_.arguments;
    if (words_.empty()) return UsageError(context_, kCommand, {nullptr, 0}, "missing operand");
    sys::File file;
    if (!Open(file)) return kCannotStart;

    const int64_t start = Nanoseconds(sys::MonotonicTime());
    const sys::Process command = StartCommand(context_, words_, nullptr, &status);
    if (command == sys::kNoProcess) return status;
    // What the terminal sends is the command's; they are as they were in what it is.
    const bool ignores_interrupt = Ignore(kInterrupt);
    const bool ignores_quit = Ignore(kQuit);
    const Result<sys::Termination> how = sys::WaitWithUsage(command, usage_);
    real_ = Nanoseconds(sys::MonotonicTime()) - start;
    if (ignores_interrupt) (void)sys::SetSignalAction(kInterrupt, sys::SignalAction::kDefault);
    if (ignores_quit) (void)sys::SetSignalAction(kQuit, sys::SignalAction::kDefault);
    if (!how.ok()) {
      Report(context_, words_[0], "cannot wait for it", how.error());
      return kCannotStart;
    }
    how_ = how.value();
    user_ = Nanoseconds(usage_.user);
    system_ = Nanoseconds(usage_.system);
    const int result = how_.by_signal ? 128 + how_.number : how_.number;
    if (!AddAll().ok()) {
      Report(context_, {nullptr, 0}, {}, Error{abi::kENOMEM});
      return result == 0 ? kCannotStart : result;
    }
    Result<void> written = sys::WriteAll(file.open() ? file.get() : context_.errors, text_.view());
    if (written.ok() && file.open()) written = file.Close();
    if (written.ok()) return result;
    // Where that fails on standard error, nobody can be told.
    if (options_.output != nullptr) Report(context_, options_.output, written.error());
    return result == 0 ? kCannotStart : result;
  }

 private:
  static constexpr int kInterrupt = 2;
  static constexpr int kQuit = 3;

  bool Open(sys::File& file) {
    if (options_.output == nullptr) return true;
    const sys::OpenFlags how = options_.append ? sys::kAppend : sys::kTruncate;
    constexpr sys::Mode kMode = 0666;
    const Result<sys::Descriptor> opened =
        sys::Open(sys::At(options_.output), sys::kWrite | sys::kCreate | how, kMode);
    if (!opened.ok()) {
      Report(context_, options_.output, opened.error());
      return false;
    }
    file = sys::File(opened.value());
    if (options_.append) sys::PrepareOutput(file.get(), nullptr);
    return true;
  }

  // Returns whether it was not ignored before.
  static bool Ignore(int signal) {
    const Result<sys::SignalAction> before = sys::SignalActionOf(signal);
    const bool changes = before.ok() && before.value() == sys::SignalAction::kDefault;
    if (changes) (void)sys::SetSignalAction(signal, sys::SignalAction::kIgnore);
    return changes;
  }

  Result<void> AddAll() {
    const char* format = options_.format;
    if (format == nullptr) format = Environment(context_, "TIME");
    if (options_.verbose) format = kVerbose;
    if (options_.portable) format = kPortable;
    const bool mentions = format != nullptr && format != kPortable;
    if (mentions && how_.by_signal) {
      Add("Command terminated by signal ");
    } else if (mentions && how_.number != 0 && !options_.quiet) {
      Add("Command exited with non-zero status ");
    }
    if (!text_.empty()) {
      AddNumber(how_.number);
      Add('\n');
    }
    is_own_ = format == nullptr;
    AddFormat(is_own_ ? kShells : format);
    Add('\n');
    return result_;
  }

  // What fails is remembered: a check at each step would be much code.
  [[gnu::noinline]] void Add(StringView text) {
    if (result_.ok()) result_ = text_.Append(text);
  }
  void Add(char byte) { Add(StringView(&byte, 1)); }

  void AddFormat(const char* format) {
    for (; *format != '\0'; ++format) {
      if (*format == '%' && format[1] != '\0') {
        AddConversion(*++format);
      } else if (*format == '\\' && format[1] != '\0') {
        ++format;
        const char byte = *format == 'n' ? '\n' : *format == 't' ? '\t' : *format;
        if (byte == *format && byte != '\\') Add("?\\");
        Add(byte);
      } else {
        Add(*format == '%' ? '?' : *format);
      }
    }
  }

  [[gnu::noinline]] void AddNumber(int64_t number, size_t width = 0) {
    Add(Digits(static_cast<uint64_t>(number), 10, width));
  }
  // "1.23", of `nanoseconds`, with two digits or three of the fraction; the seconds in `width`.
  void AddSeconds(int64_t nanoseconds, size_t places, size_t width = 0) {
    const int64_t unit = places == 2 ? kNanoseconds / 100 : kNanoseconds / 1000;
    AddNumber(nanoseconds / kNanoseconds, width);
    Add('.');
    AddNumber(nanoseconds % kNanoseconds / unit, places);
  }
  // "1:02:03" or "2:03.45".
  void AddElapsed() {
    const int64_t seconds = real_ / kNanoseconds;
    const bool has_hours = seconds >= 3600;
    AddNumber(seconds / (has_hours ? 3600 : 60));
    Add(':');
    if (!has_hours) return AddSeconds(real_ % kMinute, 2, 2);
    AddNumber(seconds / 60 % 60, 2);
    Add(':');
    AddNumber(seconds % 60, 2);
  }

  [[nodiscard]] bool KnowsUsage() const { return sys::kCountsUsage && usage_.known; }

  void AddConversion(char conversion) {
    // Those behind the third are ours alone.
    constexpr StringView kTimes = "eUSLAB";
    const int64_t times[] = {real_, user_, system_};
    const size_t time = kTimes.Find(conversion);
    if (time < (is_own_ ? kTimes.size() : 3)) {
      const int64_t nanoseconds = times[time % 3];
      if (time % 3 != 0 && !KnowsUsage()) return Add('-');
      if (time < 3) return AddSeconds(nanoseconds, 2);
      AddNumber(nanoseconds / kMinute);
      Add('m');
      AddSeconds(nanoseconds % kMinute, 3);
      return Add('s');
    }
    switch (conversion) {
      case '%':
        return Add('%');
      case 'C':
        for (size_t i = 0; i < words_.size(); ++i) {
          if (i != 0) Add(' ');
          Add(words_[i]);
        }
        return;
      case 'E':
        return AddElapsed();
      case 'x':
        return AddNumber(how_.by_signal ? 0 : how_.number);
      case 'Z':
        return Add("4096");
      default:
        break;
    }
    // In the order of kOfUsage; what the system counts no more is 0, as GNU has it.
    constexpr StringView kOfUsage = "MFRWIOrskwcDKXptP";
    const uint64_t numbers[] = {
        usage_.memory,      usage_.major_faults,   usage_.minor_faults,      usage_.swaps,
        usage_.blocks_read, usage_.blocks_written, usage_.messages_received, usage_.messages_sent,
        usage_.signals,     usage_.waits,          usage_.preemptions};
    const size_t index = kOfUsage.Find(conversion);
    if (index == StringView::kNotFound) {
      Add('?');
      return Add(conversion);
    }
    if (!KnowsUsage()) return Add('-');
    if (conversion == 'P') {
      if (real_ < kNanoseconds / 1000) return Add("?%");
      AddNumber((user_ + system_) / (real_ / 100));
      return Add('%');
    }
    AddNumber(
        static_cast<int64_t>(index < sizeof(numbers) / sizeof(numbers[0]) ? numbers[index] : 0));
  }

  Context& context_;
  Options options_;
  Span<char*> words_;
  sys::Usage usage_;
  sys::Termination how_;
  int64_t real_ = 0;
  int64_t user_ = 0;
  int64_t system_ = 0;
  bool is_own_ = false;
  String text_;
  Result<void> result_;
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) { return Time(context).Run(); }

}  // namespace cation
