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
#include "runtime/core/packed_text.h"

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
constexpr const char* kVerbose = PackedText<
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
    "\tExit status: %x">();

constexpr int64_t kNanoseconds = 1'000'000'000;

// How long something took.
struct Period {
  // NOLINTNEXTLINE(google-explicit-constructor)
  constexpr Period(const sys::TimePoint& time)
      : seconds(static_cast<uint32_t>(time.seconds)),
        nanoseconds(static_cast<uint32_t>(time.nanoseconds)) {}

  uint32_t seconds;
  uint32_t nanoseconds;
};

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

    const sys::TimePoint start = sys::MonotonicTime();
    const sys::Process command = StartCommand(context_, words_, nullptr, &status);
    if (command == sys::kNoProcess) return status;
    // What the terminal sends is the command's; they are as they were in what it is.
    const bool ignores_interrupt = Ignore(kInterrupt);
    const bool ignores_quit = Ignore(kQuit);
    sys::Usage usage;
    const Result<sys::Termination> how = sys::WaitWithUsage(command, usage);
    real_ = sys::MonotonicTime();
    real_.seconds -= start.seconds;
    real_.nanoseconds -= start.nanoseconds;
    if (real_.nanoseconds < 0) {
      real_.nanoseconds += kNanoseconds;
      --real_.seconds;
    }
    if (ignores_interrupt) (void)sys::SetSignalAction(kInterrupt, sys::SignalAction::kDefault);
    if (ignores_quit) (void)sys::SetSignalAction(kQuit, sys::SignalAction::kDefault);
    if (!how.ok()) {
      Report(context_, words_[0], "cannot wait for it", how.error());
      return kCannotStart;
    }
    how_ = how.value();
    if (sys::kCountsUsage && usage.known) usage_ = &usage;
    const int result = how_.by_signal ? 128 + how_.number : how_.number;
    AddAll();
    const bool is_made = result_.ok();
    if (is_made) {
      result_ = sys::WriteAll(file.open() ? file.get() : context_.errors, text_.view());
      if (result_.ok() && file.open()) result_ = file.Close();
      if (result_.ok()) return result;
    }
    // Where writing fails on standard error, nobody can be told.
    if (!is_made || options_.output != nullptr) {
      Report(context_, is_made ? StringView(options_.output) : StringView(nullptr, 0), {},
             result_.error());
    }
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

  void AddAll() {
    const char* format = options_.format;
    if (format == nullptr) format = Environment(context_, "TIME");
    String verbose;
    if (options_.verbose) {
      result_ = AppendUnpacked(verbose, kVerbose);
      format = verbose.c_str();
    }
    if (options_.portable) format = kPortable;
    const bool mentions = format != nullptr && format != kPortable;
    if (mentions && how_.by_signal) {
      Add("Command terminated by signal ");
    } else if (mentions && how_.number != 0 && !options_.quiet) {
      Add("Command exited with non-zero status ");
    }
    if (!text_.empty()) {
      AddNumber(static_cast<uint64_t>(how_.number));
      Add('\n');
    }
    is_own_ = format == nullptr;
    AddFormat(is_own_ ? kShells : format);
    Add('\n');
  }

  // What fails is remembered: a check at each step would be much code.
  [[gnu::noinline]] void Add(StringView text) {
    if (result_.ok()) result_ = text_.Append(text);
  }
  [[gnu::noinline]] void Add(char byte) { Add(StringView(&byte, 1)); }

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

  [[gnu::noinline]] void AddNumber(uint64_t number, size_t width = 0) {
    Add(Digits(number, 10, width));
  }
  // "1.23", with two digits or three of the fraction; the seconds in `width`.
  void AddSeconds(Period period, size_t places, size_t width = 0) {
    AddNumber(period.seconds, width);
    Add('.');
    AddNumber(period.nanoseconds / (places == 2 ? 10'000'000 : 1'000'000), places);
  }
  // "1:02:03" or "2:03.45".
  void AddElapsed() {
    Period real = real_;
    const uint32_t minutes = real.seconds / 60;
    real.seconds %= 60;
    const bool has_hours = minutes >= 60;
    AddNumber(has_hours ? minutes / 60 : minutes);
    Add(':');
    if (!has_hours) return AddSeconds(real, 2, 2);
    AddNumber(minutes % 60, 2);
    Add(':');
    AddNumber(real.seconds, 2);
  }

  [[nodiscard]] bool KnowsUsage() const { return sys::kCountsUsage && usage_ != nullptr; }

  void AddConversion(char conversion) {
    // Those behind the third are ours alone.
    constexpr StringView kTimes = "eUSLAB";
    const size_t time = kTimes.Find(conversion);
    if (time < (is_own_ ? kTimes.size() : 3)) {
      const size_t which = time % 3;
      if (which != 0 && !KnowsUsage()) return Add('-');
      Period period = which == 0 ? real_ : which == 1 ? usage_->user : usage_->system;
      if (time < 3) return AddSeconds(period, 2);
      AddNumber(period.seconds / 60);
      Add('m');
      period.seconds %= 60;
      AddSeconds(period, 3);
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
        return AddNumber(how_.by_signal ? 0 : static_cast<uint64_t>(how_.number));
      case 'Z':
        return Add("4096");
      default:
        break;
    }
    // In the order of `numbers`; what the system counts no more is 0, as GNU has it.
    constexpr StringView kOfUsage = "MFRWIOrskwcDKXptP";
    const size_t index = kOfUsage.Find(conversion);
    if (index == StringView::kNotFound) {
      Add('?');
      return Add(conversion);
    }
    if (!KnowsUsage()) return Add('-');
    const sys::Usage& usage = *usage_;
    if (conversion == 'P') {
      const int64_t real = Nanoseconds(real_);
      if (real < kNanoseconds / 1000) return Add("?%");
      AddNumber(static_cast<uint64_t>((Nanoseconds(usage.user) + Nanoseconds(usage.system)) /
                                      (real / 100)));
      return Add('%');
    }
    const uint64_t numbers[] = {
        usage.memory,      usage.major_faults,   usage.minor_faults,      usage.swaps,
        usage.blocks_read, usage.blocks_written, usage.messages_received, usage.messages_sent,
        usage.signals,     usage.waits,          usage.preemptions};
    AddNumber(index < sizeof(numbers) / sizeof(numbers[0]) ? numbers[index] : 0);
  }
  static int64_t Nanoseconds(const sys::TimePoint& time) {
    return time.seconds * kNanoseconds + time.nanoseconds;
  }

  Context& context_;
  Options options_;
  Span<char*> words_;
  const sys::Usage* usage_ = nullptr;  // if it is known
  sys::Termination how_;
  sys::TimePoint real_;
  bool is_own_ = false;
  String text_;
  Result<void> result_;
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) { return Time(context).Run(); }

}  // namespace cation
