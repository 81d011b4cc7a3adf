// SPDX-License-Identifier: MIT
//
// kill: sends signals to processes, and lists signals. POSIX.1-2024 kill, with the options of GNU
// coreutils and procps that people type: -s, -n, -SIGNAL, -l, -t and -L.
//
// A process id is a number: 0 is the process group of kill itself, -1 all processes that one may
// send signals to, other negative numbers are process groups. The first of them after a signal, or
// after --, may begin with "-"; before that it would be taken for a signal. `kill NAME` is an
// error: what processes a name means is killall's business. kill is the same everywhere and has
// nothing to do with a shell's jobs: where a shell has its own kill, %1 is that one's.
//
// -l prints a name per line (POSIX leaves it open), and begins with EXIT, 0, as GNU's does. Numbers
// above 128 are exit statuses: of 143, -l says TERM.
//
// Redox: the process manager knows no real-time signals sent by kill(): "No such process". A signal
// other than KILL that comes before a new program's own start code has run may be lost.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/signal_text.h"
#include "runtime/core/format.h"
#include "runtime/core/packed_text.h"

namespace cation {
namespace {

struct Options {
  int signal = kNoSignal;
  bool list = false;
  bool table = false;
};

bool SetSignal(const Context& context, const Command& command, PackedOption, StringView argument,
               char* field) {
  int& signal = *reinterpret_cast<int*>(field);
  const bool first = signal == kNoSignal;
  if (first) signal = ParseSignal(argument);
  if (first && signal != kNoSignal) return true;
  (void)UsageError(context, command, argument,
                   first ? "invalid signal" : "multiple signals specified");
  return false;
}

constexpr Option kOptions[] = {
    Parsed("-s, --signal=SIGNAL", offsetof(Options, signal), SetSignal,
           "send SIGNAL, a name as TERM or a number; also -SIGNAL"),
    Parsed("-n SIGNAL", offsetof(Options, signal), SetSignal, "the same"),
    Flag("-l, --list", offsetof(Options, list),
         "print the names of signals, or of SIGNAL, or its number"),
    Flag("-t, --table", offsetof(Options, table), "print signals with number, name and meaning"),
    Flag("-L", offsetof(Options, table), "the same"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... [-s SIGNAL | -SIGNAL] PID...\n-l|-t [SIGNAL]...",
    .summary =
        "Sends SIGNAL, or TERM, to each PID: 0 is its own process group, below 0 are others, -1 "
        "all.",
    .options = kOptions,
    .stops_at_operand = true,
};
constexpr Command kCommand = Packed<kDescription>();

// From 1 on.
constexpr const char* kMeanings = PackedText<
    "Hangup\nInterrupt\nQuit\nIllegal instruction\nTrace/breakpoint trap\nAborted\nBus error\n"
    "Floating point exception\nKilled\nUser defined signal 1\nSegmentation fault\n"
    "User defined signal 2\nBroken pipe\nAlarm clock\nTerminated\nStack fault\nChild exited\n"
    "Continued\nStopped (signal)\nStopped\nStopped (tty input)\nStopped (tty output)\n"
    "Urgent I/O condition\nCPU time limit exceeded\nFile size limit exceeded\n"
    "Virtual timer expired\nProfiling timer expired\nWindow changed\nI/O possible\nPower failure\n"
    "Bad system call\n">();

constexpr bool IsDigit(char byte) { return byte >= '0' && byte <= '9'; }
constexpr bool IsCapital(char byte) { return byte >= 'A' && byte <= 'Z'; }

class Kill {
 public:
  explicit Kill(Context& context) : context_(context) {}

  // What is no option as others are ends a part of the options: -TERM and -15, and a negative
  // number that comes later, with which the operands begin.
  int Run() {
    int status = 0;
    const Span<char*> given = context_.arguments;
    size_t begin = 0;          // of the options that are to be read
    bool is_argument = false;  // of the option before
    for (size_t index = 0;; ++index) {
      const char* const argument = index < given.size() ? given[index] : "";
      if (is_argument && index < given.size()) {
        is_argument = false;
        continue;
      }
      const char second = argument[0] == '-' ? argument[1] : '\0';
      const bool is_end = StringView(argument) == "--";
      const bool is_signal = IsDigit(second)
                                 ? index == 0
                                 : IsCapital(second) && !(StringView(argument) == kTableOption);
      if (second != '\0' && !is_end && !is_signal && !IsDigit(second)) {
        is_argument = LooksAt(argument + 1);
        continue;
      }
      context_.arguments = given.From(begin).First(index - begin);
      if (!ParseOptions(context_, kCommand, &options_, &status)) return status;
      begin = index + 1;
      if (!is_signal) {
        context_.arguments = given.From(is_end ? begin : index);
        break;
      }
      if (!SetSignal(context_, kCommand, PackedOption(nullptr), argument + 1,
                     reinterpret_cast<char*>(&options_.signal)))
        return 1;
    }
    if (lists_ > 1) return Wrong("multiple -l or -t options specified");
    if (options_.list || options_.table) {
      if (options_.signal != kNoSignal) return Wrong("cannot combine signal with -l or -t");
      return List();
    }
    if (context_.arguments.empty()) return Wrong("no process ID specified");
    return Send(options_.signal == kNoSignal ? kTerminate : options_.signal);
  }

 private:
  static constexpr int kTerminate = 15;

  int Wrong(StringView reason) { return UsageError(context_, kCommand, {nullptr, 0}, reason); }

  // What follows the "-" of an option. Returns whether it takes the next argument.
  bool LooksAt(const char* option) {
    if (*option == '-') {
      const StringView name(option + 1);
      if (name.StartsWith("l") || name.StartsWith("t")) ++lists_;
      return name.StartsWith("s") && name.Find('=') == StringView::kNotFound;
    }
    for (; *option != '\0'; ++option) {
      if (*option == 's' || *option == 'n') return option[1] == '\0';
      if (*option == 'l' || *option == 't' || *option == 'L') ++lists_;
    }
    return false;
  }

  int Send(int signal) {
    int status = 0;
    for (const char* const operand : context_.arguments) {
      sys::Process process = 0;
      if (!ParseProcess(operand, process)) {
        Report(context_, operand, "invalid process id (for names there is killall)");
        status = 1;
        continue;
      }
      const Result<void> sent = sys::SendSignal(process, signal);
      if (sent.ok()) continue;
      Report(context_, operand, sent.error());
      status = 1;
    }
    return status;
  }

  static bool ParseProcess(StringView text, sys::Process& process) {
    const bool negative = text.StartsWith("-");
    if (negative || text.StartsWith("+")) text = text.From(1);
    const Result<uint64_t> number = ParseNumber(text);
    if (!number.ok() || number.value() > INT32_MAX) return false;
    process = static_cast<sys::Process>(number.value());
    if (negative) process = -process;
    return true;
  }

  int List() {
    if (options_.table && !AppendUnpacked(meanings_, kMeanings).ok()) {
      Report(context_, {nullptr, 0}, {}, Error{abi::kENOMEM});
      return 1;
    }
    Output out(context_);
    int status = 0;
    for (int signal = 0; context_.arguments.empty() && signal <= kMostSignals; ++signal) {
      if (!SignalName(signal).view().empty()) Print(out, signal, true);
    }
    for (const char* const operand : context_.arguments) {
      const int signal = ParseSignal(operand);
      if (signal == kNoSignal) {
        out.Flush();
        Report(context_, operand, "invalid signal");
        status = 1;
        continue;
      }
      Print(out, signal, IsDigit(*operand));
    }
    return out.Finish(status);
  }

  // -l: the name, if `by_number` and if there is one, or the number.
  void Print(Output& out, int signal, bool by_number) const {
    const SignalName name(signal);
    const Digits digits(static_cast<uint64_t>(signal));
    if (!options_.table) {
      const bool named = by_number && !name.view().empty();
      out.Write(named ? name.view() : digits.view());
      return out.Write('\n');
    }
    if (signal < 10) out.Write(' ');
    out.Write(digits);
    out.Write(' ');
    size_t width = name.view().size();
    out.Write(name.view());
    if (width == 0) {
      out.Write("SIG");
      out.Write(digits);
      width = 3 + digits.view().size();
    }
    for (; width <= kNameWidth; ++width) out.Write(' ');
    StringView meanings = meanings_.view();
    for (int i = 1; i < signal && !meanings.empty(); ++i)
      meanings = meanings.From(meanings.Find('\n') + 1);
    StringView meaning = meanings.First(Min(meanings.Find('\n'), meanings.size()));
    int number = signal;  // what is printed behind it
    if (signal >= kFirstRealTimeSignal) {
      meaning = "Real-time signal ";
      number -= kFirstRealTimeSignal;
    } else if (signal == 0 || meaning.empty()) {
      meaning = "Unknown signal ";
    } else {
      number = -1;
    }
    out.Write(meaning);
    if (number >= 0) out.Write(Digits(static_cast<uint64_t>(number)));
    out.Write('\n');
  }

  static constexpr size_t kNameWidth = 8;  // RTMAX-14
  static constexpr StringView kTableOption = "-L";

  Context& context_;
  Options options_;
  String meanings_;
  int lists_ = 0;
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) { return Kill(context).Run(); }

}  // namespace cation
