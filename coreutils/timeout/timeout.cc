// SPDX-License-Identifier: MIT
//
// timeout: runs a command, and ends it when it takes too long. POSIX.1-2024 timeout, with GNU's
// options.
//
// It moves itself, and so what it starts, into a process group of its own (not with -f), so that
// all of the group gets the signal; after it CONT, for what is stopped. Signals that end programs,
// and that are sent to timeout itself, are passed on; those that were ignored when it began stay
// so. In the background it neither stops for the terminal. A command that ends by a signal, in
// time, is followed: whoever waits for timeout sees the same.
//
// There are no handlers and no timer: the signals, SIGCHLD among them, are blocked before the
// command is started, and taken while waiting (sigtimedwait()), so none comes at a wrong time. A
// wait takes ten seconds at most, after which the command is looked for: should the news of its end
// ever be lost, it is found out then.
//
// Not as GNU's: -s STOP stops the command alone, since a timeout that has stopped itself can do
// nothing any more; whether the command left a core file is not said.
//
// Redox: a signal that comes before the command's own start code has run is lost without a word. So
// what is sent in the command's first second is sent once more a second later, if it still runs.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/duration.h"
#include "coreutils/support/options.h"
#include "coreutils/support/quote.h"
#include "coreutils/support/signal_text.h"
#include "coreutils/support/start_command.h"
#include "runtime/core/format.h"

namespace cation {
namespace {

constexpr int kTimedOut = 124;

constexpr int kKill = 9;
constexpr int kAlarm = 14;
constexpr int kTerminate = 15;
constexpr int kChild = 17;
constexpr int kContinue = 18;
constexpr int kStop = 19;
constexpr int kTerminalInput = 21;
constexpr int kTerminalOutput = 22;

constexpr uint64_t Bit(int signal) { return uint64_t{1} << (signal - 1); }

// What ends programs by default, but for what a program does to itself (SEGV and the like), and
// KILL: HUP INT QUIT USR1 USR2 PIPE ALRM TERM STKFLT XCPU XFSZ VTALRM PROF POLL PWR, and the
// real-time signals.
constexpr uint64_t kPassedOn = Bit(1) | Bit(2) | Bit(3) | Bit(10) | Bit(12) | Bit(13) |
                               Bit(kAlarm) | Bit(kTerminate) | Bit(16) | Bit(24) | Bit(25) |
                               Bit(26) | Bit(27) | Bit(29) | Bit(30) |
                               ~uint64_t{0} << (kFirstRealTimeSignal - 1);

struct Options {
  bool foreground = false;
  bool preserve_status = false;
  bool verbose = false;
  int signal = kTerminate;
  int64_t kill_after = 0;
};

bool SetSignal(const Context& context, const Command& command, PackedOption, StringView argument,
               char* field) {
  int& signal = *reinterpret_cast<int*>(field);
  signal = ParseSignal(argument);
  if (signal != kNoSignal) return true;
  (void)UsageError(context, command, argument, "invalid signal");
  return false;
}

bool SetDuration(const Context& context, const Command& command, PackedOption, StringView argument,
                 char* field) {
  const Result<int64_t> duration = ParseDuration(argument);
  if (!duration.ok()) {
    (void)UsageError(context, command, argument, "invalid time interval");
    return false;
  }
  *reinterpret_cast<int64_t*>(field) = duration.value();
  return true;
}

constexpr Option kOptions[] = {
    Flag("-f, --foreground", offsetof(Options, foreground),
         "stay in the process group, so that COMMAND can use the terminal; only it is ended"),
    Parsed("-k, --kill-after=DURATION", offsetof(Options, kill_after), SetDuration,
           "send KILL when COMMAND still runs that long after the first signal"),
    Flag("-p, --preserve-status", offsetof(Options, preserve_status),
         "end with COMMAND's status also when time was up"),
    Parsed("-s, --signal=SIGNAL", offsetof(Options, signal), SetSignal,
           "send SIGNAL, a name as HUP or a number, when time is up; not TERM"),
    Flag("-v, --verbose", offsetof(Options, verbose),
         "say on standard error which signals are sent"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... DURATION COMMAND [ARG]...",
    .summary =
        "Runs COMMAND, and ends it if it still runs after DURATION (s, m, h or d; 0: no limit).",
    .options = kOptions,
    .usage_status = kCannotStart,
    .stops_at_operand = true,
};
constexpr Command kCommand = Packed<kDescription>();

int64_t Clock() {
  const sys::TimePoint now = sys::MonotonicTime();
  return now.seconds * kNanosecondsPerSecond + now.nanoseconds;
}

class Timeout {
 public:
  explicit Timeout(Context& context) : context_(context) {}

  int Run() {
    int status = 0;
    if (!ParseOptions(context_, kCommand, &options_, &status)) return status;
    const Span<char*> operands = context_.arguments;
    if (operands.size() < 2) return UsageError(context_, kCommand, {nullptr, 0}, "missing operand");
    const Result<int64_t> duration = ParseDuration(operands[0]);
    if (!duration.ok()) return UsageError(context_, kCommand, operands[0], "invalid time interval");
    words_ = operands.From(1);

    if (!options_.foreground) {
      // EPERM is the leader of a session, which has a group of its own.
      const Result<void> moved = sys::SetProcessGroup(0, 0);
      has_group_ = moved.ok() || moved.error() == abi::kEPERM;
    }
    awaited_ = (kPassedOn | (options_.signal > 0 ? Bit(options_.signal) : 0) | Bit(kChild)) &
               ~(Bit(kKill) | Bit(kStop));
    const Result<uint64_t> before = sys::BlockedSignals();
    Result<void> set = before.ok() ? sys::SetSignalAction(kChild, sys::SignalAction::kKeep)
                                   : Result<void>(before.error());
    if (set.ok()) {
      set = sys::SetBlockedSignals(before.value() | awaited_ | Bit(kTerminalInput) |
                                   Bit(kTerminalOutput));
    }
    if (!set.ok()) {
      Report(context_, {nullptr, 0}, "cannot block signals", set.error());
      return kCannotStart;
    }
    const uint64_t blocked = before.value();
    command_ = StartCommand(context_, words_, &blocked, &status);
    if (command_ == sys::kNoProcess) {
      (void)sys::SetBlockedSignals(blocked);
      return status;
    }
    started_ = Clock();
    if (duration.value() != 0) deadline_ = AddDurations(started_, duration.value());
    const Result<sys::Termination> how = Watch();
    // For who has several in one process.
    (void)sys::SetSignalAction(kChild, sys::SignalAction::kDefault);
    if (!how.ok()) {
      Report(context_, {nullptr, 0}, "error waiting for command", how.error());
      status = kCannotStart;
    } else {
      status = StatusOf(how.value());
    }
    // What the own group has been sent would end this process, too.
    if (!has_group_) (void)sys::SetBlockedSignals(blocked);
    return status;
  }

 private:
  static constexpr int64_t kSlice = 10 * kNanosecondsPerSecond;

  Result<sys::Termination> Watch() {
    sys::Termination how;
    for (;;) {
      const int64_t now = Clock();
      if (now >= again_at_) {
        again_at_ = kForever;
        Deliver(again_);
      }
      if (now >= deadline_) {
        deadline_ = kForever;
        timed_out_ = true;
        Send(options_.signal);
        continue;
      }
      const int64_t until = Min(Min(deadline_, again_at_) - now, kSlice);
      CATION_TRY_ASSIGN(const int signal, sys::WaitForSignal(awaited_, until));
      if (signal == 0 || signal == kChild) {
        CATION_TRY_ASSIGN(const bool ended, sys::HasEnded(command_, how));
        if (ended) return how;
      } else if (signal == kAlarm) {
        timed_out_ = true;
        Send(options_.signal);
      } else if (signal == options_.signal || !IsIgnored(signal)) {
        Send(signal);
      }
    }
  }

  // It was when this began: nothing has changed that since.
  static bool IsIgnored(int signal) {
    const Result<sys::SignalAction> action = sys::SignalActionOf(signal);
    return action.ok() && action.value() == sys::SignalAction::kIgnore;
  }

  void Send(int signal) {
    if (options_.kill_after != 0) {
      deadline_ = AddDurations(Clock(), options_.kill_after);
      options_.kill_after = 0;
      options_.signal = kKill;
    }
    if (options_.verbose) Say(signal);
    Deliver(signal);
    if (sys::kLosesEarlySignals && signal != kKill && Clock() - started_ < kNanosecondsPerSecond) {
      again_ = signal;
      again_at_ = Clock() + kNanosecondsPerSecond;
    }
  }

  // The command first: it may have left the group. What the own group is sent arrives here as well,
  // and is not to be passed on once more.
  void Deliver(int signal) {
    (void)sys::SendSignal(command_, signal);
    if (!has_group_ || signal == kStop || signal <= 0) return;
    awaited_ &= ~Bit(signal);
    (void)sys::SendSignal(0, signal);
    if (signal == kKill || signal == kContinue) return;
    (void)sys::SendSignal(command_, kContinue);
    (void)sys::SendSignal(0, kContinue);
  }

  void Say(int signal) {
    const SignalName name(signal);
    String line;
    AddText(line, "sending signal ");
    AddText(line, name.view().empty() ? Digits(static_cast<uint64_t>(signal)).view() : name.view());
    AddText(line, " to command ");
    (void)AppendInQuotes(line, words_[0]);
    Report(context_, line.view());
  }

  int StatusOf(sys::Termination how) {
    if (!how.by_signal) return timed_out_ && !options_.preserve_status ? kTimedOut : how.number;
    if (!timed_out_) sys::EndBySignal(how.number);
    // That it had to be killed is always said.
    const bool says_so = !timed_out_ || options_.preserve_status || how.number == kKill;
    return says_so ? kBySignal + how.number : kTimedOut;
  }

  Context& context_;
  Options options_;
  Span<char*> words_;
  sys::Process command_ = sys::kNoProcess;
  uint64_t awaited_ = 0;
  bool has_group_ = false;
  bool timed_out_ = false;
  int64_t started_ = 0;
  int64_t deadline_ = kForever;
  int again_ = 0;
  int64_t again_at_ = kForever;
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) { return Timeout(context).Run(); }

}  // namespace cation
