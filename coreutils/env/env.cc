// SPDX-License-Identifier: MIT
//
// env: runs a command in another environment, or prints the environment. POSIX.1-2024 env, with
// GNU's options.
//
// Where it looks for the command: in the directories of PATH in the *new* environment, after -C, as
// execvp() does; without a PATH in /bin and /usr/bin. A name with '/' is that file. A file that may
// not be executed (EACCES) is passed over for one that comes later; when there is none, it is what
// is reported, and the status is 126. 127: nothing is there.
//
// On purpose not GNU's:
// - a file that is neither a program nor begins with "#!" is an error (126, "Exec format error"):
//   it is not given to sh. relibc's exec finds the interpreter of a "#!" line itself; what that
//   line says behind `/usr/bin/env` arrives here as one argument, which is what -S is for.
// - signals above 31 are known by their numbers alone.
#include "coreutils/env/signals.h"
#include "coreutils/env/split_string.h"
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/find_program.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/quote.h"
#include "runtime/core/format.h"

namespace cation {
namespace {

constexpr int kCanceled = 125;
constexpr int kCannotInvoke = 126;
constexpr int kNotFound = 127;

constexpr StringView kShebangHint = "use -[v]S to pass options in shebang lines";

struct Options {
  bool ignore_environment = false;
  bool null = false;
  bool debug = false;
  bool list_signals = false;
  env::Signals signals;
  const char* directory = nullptr;
  const char* name = nullptr;
  const char* split = nullptr;
  Vector<StringView> unset;
};

bool AddUnset(const Context& context, const Command&, PackedOption, StringView argument,
              char* field) {
  const Result<void> added = reinterpret_cast<Vector<StringView>*>(field)->PushBack(argument);
  if (!added.ok()) Report(context, argument, added.error());
  return added.ok();
}

constexpr Option kOptions[] = {
    Flag("-i, --ignore-environment", offsetof(Options, ignore_environment),
         "begin with an empty environment; also a mere -"),
    Parsed("-u, --unset=NAME", offsetof(Options, unset), AddUnset,
           "take the variable out of the environment"),
    Value("-C, --chdir=DIR", offsetof(Options, directory), "run COMMAND in the directory DIR"),
    Value("-a, --argv0=ARG", offsetof(Options, name), "give COMMAND the name ARG"),
    Ending(Value("-S, --split-string=STRING", offsetof(Options, split),
                 "take STRING for several arguments: for #! lines")),
    Flag("-0, --null", offsetof(Options, null), "end each line of output with NUL, not newline"),
    OptionalParsed("--block-signal[=SIG]", offsetof(Options, signals), env::ParseBlocked,
                   "have SIG wait; it is 'PIPE', '13', 'INT,USR1', or all signals"),
    OptionalParsed("--default-signal[=SIG]", offsetof(Options, signals), env::ParseDefaulted,
                   "have SIG do again what it does by default"),
    OptionalParsed("--ignore-signal[=SIG]", offsetof(Options, signals), env::ParseIgnored,
                   "have SIG do nothing"),
    Flag("--list-signal-handling", offsetof(Options, list_signals),
         "say on standard error which signals do not do what they do by default"),
    Flag("-v, --debug", offsetof(Options, debug), "say on standard error what is done"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... [-] [NAME=VALUE]... [COMMAND [ARG]...]",
    .summary =
        "Runs COMMAND with each NAME set to VALUE in its environment; without COMMAND, prints "
        "that.",
    .options = kOptions,
    .usage_status = kCanceled,
    .stops_at_operand = true,
};
constexpr Command kCommand = Packed<kDescription>();

// -v: a line on standard error. `text` is in quotes; or, where it is a name, only when it has to
// be.
void Say(const Context& context, StringView what, StringView text, bool is_name = false) {
  String line;
  AddText(line, what);
  const size_t equals = is_name ? text.Find('=') : StringView::kNotFound;
  if (equals != StringView::kNotFound) {
    // NAME=VALUE: "=" by itself needs none.
    if (equals != 0) (void)AppendQuoted(line, text.First(equals));
    AddText(line, "=");
    text = text.From(equals + 1);
  }
  if (!is_name) {
    (void)AppendInQuotes(line, text);
  } else if (!text.empty()) {
    (void)AppendQuoted(line, text);
  }
  AddText(line, "\n");
  (void)sys::WriteAll(context.errors, line.view());
}

// What the command gets. NAME=VALUE strings, in the order in which they came.
class Variables {
 public:
  Result<void> Add(char* variable) { return strings_.PushBack(variable); }
  // In the place of the first of that name.
  Result<void> Set(char* variable) {
    const StringView name = NameOf(variable);
    for (char*& string : strings_) {
      if (!(NameOf(string) == name)) continue;
      string = variable;
      return {};
    }
    return Add(variable);
  }
  void Unset(StringView name) {
    size_t kept = 0;
    for (char* const string : strings_) {
      if (!(NameOf(string) == name)) strings_[kept++] = string;
    }
    while (strings_.size() > kept) strings_.PopBack();
  }
  [[nodiscard]] const Vector<char*>& strings() const { return strings_; }

 private:
  static StringView NameOf(const char* variable) {
    const StringView whole(variable);
    return whole.First(Min(whole.Find('='), whole.size()));
  }
  Vector<char*> strings_;
};

class Env {
 public:
  explicit Env(Context& context) : context_(context) {}

  int Run() {
    int status = 0;
    if (!ReadOptions(&status)) return status;
    const Result<void> made = MakeEnvironment();
    if (!made.ok()) {
      if (made.error() == abi::kENOMEM) Report(context_, {nullptr, 0}, {}, made.error());
      return kCanceled;
    }
    const Span<char*> command = context_.arguments;
    if (command.empty()) {
      if (options_.directory != nullptr) return Missing("must specify command with --chdir (-C)");
      if (options_.name != nullptr) return Missing("must specify command with --argv0 (-a)");
      return Print();
    }
    if (options_.null) return Missing("cannot specify --null (-0) with command");
    if (!env::Arrange(context_, options_.signals, options_.debug)) return kCanceled;
    if (options_.list_signals) env::ListSignals(context_);
    if (options_.directory != nullptr) {
      if (options_.debug) Say(context_, "chdir:    ", options_.directory);
      const Result<void> changed = sys::ChangeDirectory(options_.directory);
      if (!changed.ok()) {
        Report(context_, options_.directory, "cannot change directory", changed.error());
        return kCanceled;
      }
    }
    return Execute(command);
  }

 private:
  int Missing(StringView reason) { return UsageError(context_, kCommand, {nullptr, 0}, reason); }

  bool ReadOptions(int* status) {
    for (;;) {
      const Span<char*> given = context_.arguments;
      if (!ParseOptions(context_, kCommand, &options_, status)) {
        if (*status != 0) HintAtShebang(given);
        return false;
      }
      const char* const split = Exchange(options_.split, static_cast<const char*>(nullptr));
      if (split == nullptr) return true;
      *status = kCanceled;
      if (!Split(split)) return false;
      *status = 0;
    }
  }

  // A "#!" line's options come as one argument, spaces and all, which is none that there is.
  void HintAtShebang(Span<char*> given) {
    for (const char* const argument : given) {
      if (argument[0] == '-' && argument[1] != '-' &&
          StringView(argument).Find(' ') != StringView::kNotFound)
        return Report(context_, kShebangHint);
    }
  }

  // Puts what `text` says in the place of -S: options are read anew from there on.
  bool Split(const char* text) {
    Vector<char*> arguments;
    String storage;
    if (!env::SplitString(context_, text, storage, arguments)) return false;
    if (options_.debug) {
      Say(context_, "split -S: ", text);
      StringView lead = " into:    ";
      for (const char* const argument : arguments) {
        Say(context_, lead, argument);
        lead = "     &    ";
      }
    }
    bool added = true;
    for (char* const argument : context_.arguments) added &= arguments.PushBack(argument).ok();
    added &= arguments.PushBack(nullptr).ok();
    added &= storages_.PushBack(Move(storage)).ok();
    if (!added) {
      Report(context_, "-S", Error{abi::kENOMEM});
      return false;
    }
    arguments_ = Move(arguments);
    context_.arguments = arguments_.span().First(arguments_.size() - 1);
    return true;
  }

  // Takes the NAME=VALUE from the front of the arguments. An error but ENOMEM has been reported.
  Result<void> MakeEnvironment() {
    Span<char*>& arguments = context_.arguments;
    if (!arguments.empty() && StringView(arguments[0]) == "-") {
      options_.ignore_environment = true;
      arguments = arguments.From(1);
    }
    if (options_.ignore_environment) {
      if (options_.debug) Say(context_, "cleaning environ", {}, true);
    } else {
      for (char* const* variable = context_.environment; *variable != nullptr; ++variable)
        CATION_TRY(variables_.Add(*variable));
      for (const StringView name : options_.unset) {
        if (options_.debug) Say(context_, "unset:    ", name, true);
        if (name.empty() || name.Find('=') != StringView::kNotFound) {
          Report(context_, name, "cannot unset", Error{abi::kEINVAL});
          return Error{abi::kEINVAL};
        }
        variables_.Unset(name);
      }
    }
    while (!arguments.empty() && StringView(arguments[0]).Find('=') != StringView::kNotFound) {
      if (options_.debug) Say(context_, "setenv:   ", arguments[0], true);
      CATION_TRY(variables_.Set(arguments[0]));
      arguments = arguments.From(1);
    }
    return {};
  }

  int Print() {
    Output out(context_);
    for (const char* const variable : variables_.strings()) {
      out.Write(variable);
      out.Write(options_.null ? '\0' : '\n');
    }
    return out.Finish(0, kCanceled);
  }

  int Execute(Span<char*> command) {
    const StringView name = command[0];
    if (!variables_.Add(nullptr).ok()) {
      Report(context_, name, Error{abi::kENOMEM});
      return kCanceled;
    }
    command.data()[command.size()] = nullptr;
    if (options_.name != nullptr) command[0] = const_cast<char*>(options_.name);
    if (options_.debug) SayWhatIsExecuted(name, command);
    context_.environment = variables_.strings().data();
    const auto execute = [&](const char* file) {
      return Result<void>(sys::Execute(file, command.data(), context_.environment));
    };
    const Error error = ForEachProgram(name, Environment(context_, "PATH"), execute).error();
    Report(context_, name, error);
    const bool is_missing = error == abi::kENOENT;
    if (is_missing && name.Find(' ') != StringView::kNotFound) Report(context_, kShebangHint);
    return is_missing ? kNotFound : kCannotInvoke;
  }

  void SayWhatIsExecuted(StringView name, Span<char*> arguments) {
    Say(context_, "executing: ", name, true);
    for (size_t i = 0; i < arguments.size(); ++i) {
      String lead;
      AddText(lead, "   arg[");
      AddText(lead, Digits(i));
      AddText(lead, "]= ");
      Say(context_, lead.view(), arguments[i]);
    }
  }

  Context& context_;
  Options options_;
  Vector<char*> arguments_;  // after -S
  Vector<String> storages_;  // what they point to
  Variables variables_;
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) { return Env(context).Run(); }

}  // namespace cation
