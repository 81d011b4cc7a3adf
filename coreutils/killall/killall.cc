// SPDX-License-Identifier: MIT
//
// killall: sends a signal to the processes of a name. No standard has it; the options are those of
// psmisc that people use.
//
// What is matched:
// - NAME without '/': processes whose program or script has exactly this as the last component of
//   its name, never a part of it. Where the system cuts names (Linux after 15 bytes, Redox after
//   32), the whole one is looked up in the process's arguments (Linux); where that cannot be done
//   and NAME begins like the cut name, the process is named in a message, and not signalled. (On
//   Redox names are paths: of a path that is cut before its last component, nothing can be told.)
// - NAME with '/': processes that run this very file, by its path.
// - -u USER without NAME: all of that user's.
// - never killall itself, never process 1 or the kernel's own (0), and each process once, however
//   many threads it has.
// What is ambiguous is refused: when the processes that NAME means run different program files (two
// programs of the same name), none of them is signalled, the files are named, and the status is 1;
// -a takes them all, a path picks one. On Redox /bin and /usr/bin are the same.
//
// A process that is gone when its signal comes is no error. The status is 1 when a NAME has matched
// nothing, or something could not be signalled. -r (regular expressions) is refused: what ends
// processes should say whom.
#include "coreutils/support/accounts.h"
#include "coreutils/support/confirm.h"
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/quote.h"
#include "coreutils/support/signal_text.h"
#include "runtime/core/format.h"
#include "runtime/core/vector.h"
#include "runtime/sys/processes.h"

namespace cation {
namespace {

constexpr int kTerminate = 15;
constexpr int kNoSuchProcess = 3;  // ESRCH

struct Options {
  bool all = false;
  bool ignore_case = false;
  bool interactive = false;
  bool list = false;
  bool quiet = false;
  bool verbose = false;
  bool wait = false;
  bool exact = false;
  bool pattern = false;
  int signal = kTerminate;
  const char* user = nullptr;
};

bool SetSignal(const Context& context, const Command& command, PackedOption, StringView argument,
               char* field) {
  int& signal = *reinterpret_cast<int*>(field);
  signal = ParseSignal(argument);
  if (signal != kNoSignal) return true;
  (void)UsageError(context, command, argument, "invalid signal");
  return false;
}

constexpr Option kOptions[] = {
    Flag("-a, --all", offsetof(Options, all), "also when NAME means several programs"),
    Flag("-e, --exact", offsetof(Options, exact), "nothing: names are always matched whole"),
    Flag("-i, --interactive", offsetof(Options, interactive), "ask before each signal"),
    Flag("-I, --ignore-case", offsetof(Options, ignore_case), "capital letters are small ones"),
    Flag("-l, --list", offsetof(Options, list), "print the names of all signals"),
    Flag("-q, --quiet", offsetof(Options, quiet), "do not complain when there is no such process"),
    Flag("-r, --regexp", offsetof(Options, pattern), "refused: whole names only"),
    Parsed("-s, --signal=SIGNAL", offsetof(Options, signal), SetSignal,
           "send SIGNAL, a name as HUP or a number, not TERM; also -SIGNAL"),
    Value("-u, --user=USER", offsetof(Options, user), "only processes of USER, a name or a number"),
    Flag("-v, --verbose", offsetof(Options, verbose), "say what has been signalled"),
    Flag("-w, --wait", offsetof(Options, wait), "wait until all of them have ended"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... [-SIGNAL] NAME...",
    .summary = "Sends a signal, TERM without another, to all processes that run a program NAME.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

constexpr char Lower(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte | 0x20) : byte;
}

// A process that was found.
struct Target {
  sys::Process process;
  int64_t start;   // when it started, as far as that is known
  size_t operand;  // which NAME means it
  String program;  // the file that it runs; empty where that is not known
  bool skipped = false;
};

class Killall {
 public:
  explicit Killall(Context& context) : context_(context), confirm_(context) {}

  int Run() {
    int status = 0;
    if (!TranslateSignal().ok()) return NoMemory();
    if (!ParseOptions(context_, kCommand, &options_, &status)) return status;
    if (options_.pattern) {
      return UsageError(context_, kCommand, "-r",
                        "regular expressions are not supported: names are matched whole");
    }
    if (options_.list) return List();
    names_ = context_.arguments;
    if (names_.empty() && options_.user == nullptr)
      return UsageError(context_, kCommand, {nullptr, 0}, "missing operand");
    for (const char* const name : names_) {
      if (*name == '\0') return UsageError(context_, kCommand, name, "an empty name");
    }
    if (!ReadUser()) return 1;
    const Result<void> found = Find();
    if (!found.ok()) {
      Report(context_, "list of processes", found.error());
      return 1;
    }
    for (size_t i = 0; i < Max(names_.size(), size_t{1}); ++i) {
      if (!Signal(i)) status_ = 1;
    }
    if (options_.wait) WaitForAll();
    return status_;
  }

 private:
  int NoMemory() {
    Report(context_, {nullptr, 0}, {}, Error{abi::kENOMEM});
    return 1;
  }

  // -TERM and -15 become "-s" and "TERM" or "15": the first of them, and only in front.
  Result<void> TranslateSignal() {
    bool translated = false;
    bool options = true;
    for (char* const argument : context_.arguments) {
      options &= argument[0] == '-' && argument[1] != '\0' && !(StringView(argument) == "--");
      const char second = options ? argument[1] : '\0';
      const bool is_number = second >= '0' && second <= '9';
      // -I is an option, and INT a signal.
      const bool is_name = second >= 'A' && second <= 'Z' && argument[2] != '\0';
      if (translated || !(is_number || is_name)) {
        CATION_TRY(arguments_.PushBack(argument));
        continue;
      }
      translated = true;
      CATION_TRY(arguments_.PushBack(const_cast<char*>("-s")));
      CATION_TRY(arguments_.PushBack(argument + 1));
    }
    context_.arguments = arguments_.span();
    return {};
  }

  int List() {
    Output out(context_);
    for (int signal = 1; signal <= kMostSignals; ++signal) {
      const SignalName name(signal);
      if (name.view().empty()) continue;
      out.Write(name.view());
      out.Write('\n');
    }
    return out.Finish(0);
  }

  bool ReadUser() {
    if (options_.user == nullptr) return true;
    Accounts users(AccountFile::kUsers);
    Account account;
    const Result<bool> found = users.Find(options_.user, account);
    if (!found.ok()) {
      Report(context_, users.path(), found.error());
      return false;
    }
    const Result<uint64_t> number = ParseNumber(options_.user);
    if (found.value()) {
      user_ = account.id;
    } else if (number.ok() && number.value() < UINT32_MAX) {
      user_ = static_cast<uint32_t>(number.value());
    } else {
      Report(context_, options_.user, "no such user");
      return false;
    }
    return true;
  }

  Result<void> Find() {
    sys::ProcessReader reader;
    CATION_TRY(reader.Start(options_.user != nullptr ? sys::ProcessReader::kOwners
                                                     : sys::ProcessReader::kProcesses));
    const sys::Process self = sys::ThisProcess();
    for (;;) {
      CATION_TRY_ASSIGN(const sys::ProcessStatus* const process, reader.Next());
      if (process == nullptr) return {};
      // What has ended waits for its parent alone.
      if (process->id <= 1 || process->id == self || process->state == 'Z') continue;
      if (options_.user != nullptr && process->user != user_) continue;
      CATION_TRY(Compare(*process));
    }
  }

  // Adds a target if the process is one.
  Result<void> Compare(const sys::ProcessStatus& process) {
    if (names_.empty()) return Add(process, 0, {});
    const Program program(process);
    for (size_t i = 0; i < names_.size(); ++i) {
      const StringView name = names_[i];
      bool matches = false;
      if (name.Find('/') != StringView::kNotFound) {
        // Its own name says nothing of the file: a program may call itself something else.
        String path;
        if (!sys::ProcessReader::AppendProgram(process, path).ok()) {
          if (program.may_be_cut && name.StartsWith(process.name)) Refuse(name, process.id);
          continue;
        }
        matches = IsSame(Normal(path.view()), Normal(name));
      } else if (!program.may_be_cut) {
        matches = IsSame(program.base, name);
      } else if (name.size() >= program.base.size() &&
                 IsSame(name.First(program.base.size()), program.base)) {
        CATION_TRY_ASSIGN(const Whole whole, CompareWhole(process, program, name));
        matches = whole == Whole::kSame;
        if (whole == Whole::kUnknown) Refuse(name, process.id);
      }
      if (matches) return Add(process, i, name);
    }
    return {};
  }

  void Refuse(StringView name, sys::Process process) {
    ReportProcess(name, "its name is cut, and may be another", process);
    status_ = 1;
    refused_ = true;
  }

  // What the system says of a process's program.
  struct Program {
    explicit Program(const sys::ProcessStatus& process)
        : base(process.name.StartsWith("/") ? LastComponent(process.name) : process.name),
          may_be_cut(process.name_may_be_cut) {}
    StringView base;
    bool may_be_cut;
  };

  enum class Whole : uint8_t { kSame, kAnother, kUnknown };
  // By the arguments: the first that has a last component beginning like the cut name.
  Result<Whole> CompareWhole(const sys::ProcessStatus& process, const Program& program,
                             StringView name) {
    if (process.name.StartsWith("/")) return Whole::kUnknown;
    sys::ProcessReader reader;
    CATION_TRY(reader.Start(sys::ProcessReader::kArguments));
    String base;
    CATION_TRY(base.Append(program.base));
    CATION_TRY_ASSIGN(const sys::ProcessStatus* const again, reader.Find(process.id));
    if (again == nullptr) return Whole::kAnother;
    StringView rest = again->arguments;
    // A script's comes second, or later behind its interpreter's options.
    while (!rest.empty()) {
      const size_t end = Min(rest.Find('\0'), rest.size());
      const StringView whole = LastComponent(rest.First(end));
      if (whole.StartsWith(base.view()))
        return IsSame(whole, name) ? Whole::kSame : Whole::kAnother;
      rest = rest.From(Min(end + 1, rest.size()));
    }
    return Whole::kUnknown;
  }

  [[nodiscard]] bool IsSame(StringView a, StringView b) const {
    if (!options_.ignore_case) return a == b;
    if (a.size() != b.size()) return false;
    for (size_t i = 0; i < a.size(); ++i) {
      if (Lower(a[i]) != Lower(b[i])) return false;
    }
    return true;
  }

  // The path without what is the same everywhere: the file scheme, and /usr before /bin.
  static StringView Normal(StringView path) {
    constexpr StringView kFileScheme = "/scheme/file";
    if (path.StartsWith("/scheme/file/")) path = path.From(kFileScheme.size());
    // What Linux says of a file that another has replaced since.
    constexpr StringView kReplaced = " (deleted)";
    if (path.EndsWith(kReplaced)) path = path.First(path.size() - kReplaced.size());
    if (path.StartsWith("/usr/bin/")) path = path.From(4);
    return path;
  }

  Result<void> Add(const sys::ProcessStatus& process, size_t operand, StringView name) {
    Target target = {process.id, process.start, operand, {}};
    if (!name.empty()) {
      // Not being told is no reason not to do it: then it is somebody else's, or a kernel's thread.
      const Result<void> known = sys::ProcessReader::AppendProgram(process, target.program);
      if (!known.ok() && known.error() == abi::kENOMEM) return known.error();
    }
    return targets_.PushBack(Move(target));
  }

  // All that NAME `operand` means; false when something is wrong.
  bool Signal(size_t operand) {
    const StringView name =
        names_.empty() ? StringView(options_.user) : StringView(names_[operand]);
    if (!options_.all && !names_.empty() && IsAmbiguous(operand, name)) return false;
    bool found = false;
    bool ok = true;
    for (Target& target : targets_) {
      if (target.operand != operand) continue;
      if (options_.interactive && !Ask(name, target.process)) {
        target.skipped = true;
        found = true;
        continue;
      }
      const Result<void> sent = sys::SendSignal(target.process, options_.signal);
      if (!sent.ok() && sent.error() == Error{kNoSuchProcess}) {
        target.skipped = true;
        continue;
      }
      found = true;
      if (!sent.ok()) {
        ReportProcess(name, {}, target.process, sent.error());
        target.skipped = true;
        ok = false;
      } else if (options_.verbose) {
        Say(name, target.process);
      }
    }
    if (found || refused_) return ok;
    if (!options_.quiet) Report(context_, name, "no process found");
    return false;
  }

  // Whether the targets run different files, which are reported.
  bool IsAmbiguous(size_t operand, StringView name) {
    const Target* first = nullptr;
    bool ambiguous = false;
    for (const Target& target : targets_) {
      if (target.operand != operand || target.program.empty()) continue;
      if (first == nullptr) first = &target;
      const bool other = !(Normal(target.program.view()) == Normal(first->program.view()));
      if (other && !ambiguous) ReportProgram(name, *first);
      if (other) ReportProgram(name, target);
      ambiguous |= other;
    }
    if (ambiguous)
      Report(context_, name, "several programs: none is signalled (a path means one, -a all)");
    return ambiguous;
  }

  void ReportProgram(StringView name, const Target& target) {
    String line;
    AddText(line, "process ");
    AddText(line, Digits(static_cast<uint64_t>(target.process)));
    AddText(line, " runs ");
    (void)AppendQuoted(line, target.program.view());
    Report(context_, name, line.view());
  }

  void ReportProcess(StringView name, StringView reason, sys::Process process,
                     Error error = Error{0}) {
    String line;
    AddText(line, "process ");
    AddText(line, Digits(static_cast<uint64_t>(process)));
    if (!reason.empty()) {
      AddText(line, ": ");
      AddText(line, reason);
      return Report(context_, name, line.view());
    }
    Report(context_, name, line.view(), error);
  }

  // "Kill NAME(PID)?", as psmisc asks.
  bool Ask(StringView name, sys::Process process) {
    String who;
    AddText(who, name);
    AddText(who, "(");
    AddText(who, Digits(static_cast<uint64_t>(process)));
    AddText(who, ")");
    const StringView words[] = {"signal"};
    return confirm_.Ask({const_cast<StringView*>(words), 1}, who.view());
  }

  void Say(StringView name, sys::Process process) {
    String who;
    (void)AppendQuoted(who, name);
    String line;
    AddText(line, "killed ");
    AddText(line, who.view());
    AddText(line, "(");
    AddText(line, Digits(static_cast<uint64_t>(process)));
    AddText(line, ") with signal ");
    AddText(line, Digits(static_cast<uint64_t>(options_.signal)));
    Report(context_, line.view());
  }

  // Until none of the targets is there any more. Numbers are used again: what has started since is
  // another process, where the system tells.
  void WaitForAll() {
    constexpr int64_t kPause = 100'000'000;
    for (;;) {
      bool waits = false;
      sys::ProcessReader reader;
      if (!reader.Start(sys::ProcessReader::kProcesses).ok()) return;
      for (Target& target : targets_) {
        if (target.skipped) continue;
        const Result<const sys::ProcessStatus*> found = reader.Find(target.process);
        const bool there = found.ok() && found.value() != nullptr && found.value()->state != 'Z' &&
                           found.value()->start == target.start;
        target.skipped = !there;
        waits |= there;
      }
      if (!waits) return;
      sys::Pause(kPause);
    }
  }

  Context& context_;
  Options options_;
  Confirm confirm_;
  Span<char*> names_;
  Vector<char*> arguments_;
  Vector<Target> targets_;
  uint32_t user_ = sys::ProcessStatus::kUnknownId;
  bool refused_ = false;
  int status_ = 0;
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) { return Killall(context).Run(); }

}  // namespace cation
