// SPDX-License-Identifier: MIT
//
// run: starts a script or a program that the shell or the file system cannot: without an x bit,
// from a 9p share of Redox (of which nothing can be mapped, so nothing executed), with CRLF line
// ends or a byte order mark, without a "#!" line. In no standard.
//
// A script is given to its interpreter: the "#!" line is read here, and what comes behind the
// interpreter is one argument, as exec has it. Without such a line the name decides (.sh, .bash,
// .py; all else is Ion's). A script whose first line has a CRLF end or which begins with a byte
// order mark is copied without them. A program is executed where it is, and copied when that cannot
// be. Copies have the file's name, in a directory of mode 0700 in TMPDIR or /tmp; a program's is
// removed as soon as it runs (exec has read it, or the system keeps it), a script's when it has
// ended: not if run is killed before. Where nothing is copied, run becomes what it starts.
//
// FILE is a path; a name without '/' that is no file here is looked for in PATH. What no copy can
// help is said in explain's words (the judgement is the same code). The statuses are env's: 125,
// 126, 127, and 128 and more for a copy that a signal has ended; else that of what was started.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/find_program.h"
#include "coreutils/support/judgement.h"
#include "coreutils/support/options.h"
#include "coreutils/support/quote.h"
#include "coreutils/support/read_file.h"
#include "coreutils/support/start_command.h"
#include "runtime/core/format.h"
#include "runtime/core/vector.h"

namespace cation {
namespace {

struct Options {
  bool verbose = false;
};

constexpr Option kOptions[] = {
    Flag("-v, --verbose", offsetof(Options, verbose), "say on standard error what is executed"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... FILE [ARG]...",
    .summary =
        "Runs the script or program FILE where the shell cannot: without an x bit, from a share, "
        "with "
        "CRLF.",
    .options = kOptions,
    .usage_status = kCannotStart,
    .stops_at_operand = true,
    .statuses =
        "125 it failed itself\n126 FILE cannot be run\n127 there is no FILE, or no "
        "interpreter\nother that of FILE",
};
constexpr Command kCommand = Packed<kDescription>();

// What run cannot go round. (What is relocated by itself and what is linked for elsewhere may run.)
constexpr uint32_t kHopeless = kIsDirectory | kIsNoFile | kMayNotBeRead | kIsEmpty | kIsBinary |
                               kNamesNoInterpreter |
                               (kOfPrograms & ~(kWantsRelocation | kOtherLibrary));
constexpr uint32_t kLacksInterpreter = kInterpreterMissing | kInterpreterRefused | kNotInPath;
constexpr uint32_t kNeedsCleaning = kByteOrderMark | kCarriageReturn;

// Nothing is left to be said.
constexpr Error kReported{-1};

class Runner {
 public:
  explicit Runner(Context& context) : context_(context) {}

  int Run() {
    int status = 0;
    if (!ParseOptions(context_, kCommand, &options_, &status)) return status;
    if (context_.arguments.empty())
      return UsageError(context_, kCommand, {nullptr, 0}, "missing operand");
    name_ = context_.arguments[0];
    const Result<void> found = Find();
    if (!found.ok()) return Fail(found.error());
    Result<int> ran = Start();
    // A copy that was left is of no use.
    if (!copy_.empty()) Remove();
    return ran.ok() ? ran.value() : FailToStart(ran.error());
  }

 private:
  int Fail(Error error) {
    Report(context_, name_, error);
    if (error == abi::kENOMEM) return kCannotStart;
    return error == abi::kENOENT ? kNotFound : kCannotInvoke;
  }
  int FailToStart(Error error) { return error == kReported ? kCannotStart : Fail(error); }

  Result<void> Find() {
    CATION_TRY(path_.Append(name_));
    const Result<void> judged = Judge(context_, path_.c_str(), judgement_);
    if (judged.ok() || !(judged.error() == abi::kENOENT) ||
        name_.Find('/') != StringView::kNotFound)
      return judged;
    const auto look = [this](const char* file) -> Result<void> {
      judgement_ = Judgement();
      path_.Truncate(0);
      CATION_TRY(path_.Append(file));
      return Judge(context_, file, judgement_);
    };
    return ForEachProgram(name_, Environment(context_, "PATH"), look);
  }

  Result<int> Start() {
    const uint32_t hindrances = judgement_.hindrances;
    if ((hindrances & kHopeless) != 0) return Refuse(hindrances & kHopeless, kCannotInvoke);
    if (judgement_.kind == FileKind::kProgram) {
      const bool copies = (hindrances & kOnlyToExec) != 0;
      if (copies) CATION_TRY(CopyAway());
      CATION_TRY(words_.PushBack(const_cast<char*>(context_.arguments[0])));
      CATION_TRY(AddArguments());
      return copies ? StartCopy(copy_.c_str(), true) : Become(path_.view());
    }
    if (judgement_.kind == FileKind::kText) {
      CATION_TRY(judgement_.interpreter.Append(InterpreterByName()));
    } else if ((hindrances & kInterpreterMissing) != 0 && IsForEnv()) {
      Swap(judgement_.interpreter, judgement_.argument);
      judgement_.argument.Truncate(0);
    } else if ((hindrances & kLacksInterpreter) != 0) {
      return Refuse(hindrances & kLacksInterpreter,
                    (hindrances & kInterpreterRefused) != 0 ? kCannotInvoke : kNotFound);
    }
    const bool copies = (hindrances & kNeedsCleaning) != 0;
    if (copies) {
      CATION_TRY(CopyAway());
    } else if (path_.view()[0] == '-') {
      // So that it is no option of the interpreter's.
      String plain;
      CATION_TRY(plain.Append("./"));
      CATION_TRY(plain.Append(path_.view()));
      Swap(path_, plain);
    }
    String& interpreter = judgement_.interpreter;
    CATION_TRY(words_.PushBack(interpreter.data()));
    if (!judgement_.argument.empty()) CATION_TRY(words_.PushBack(judgement_.argument.data()));
    CATION_TRY(words_.PushBack(copies ? copy_.data() : path_.data()));
    CATION_TRY(AddArguments());
    return copies ? StartCopy(nullptr, false) : Become(interpreter.view());
  }

  Result<int> Refuse(uint32_t hindrances, int status) {
    CATION_TRY(ReportAdvice(context_, name_, judgement_, hindrances));
    return status;
  }

  // "#!/usr/bin/env NAME" where there is no env.
  [[nodiscard]] bool IsForEnv() const {
    const StringView argument = judgement_.argument.view();
    return LastComponent(judgement_.interpreter.view()) == "env" && !argument.empty() &&
           argument[0] != '-' && argument.Find('=') == StringView::kNotFound;
  }

  [[nodiscard]] StringView InterpreterByName() const {
    const StringView file = LastComponent(path_.view());
    if (file.EndsWith(".sh")) return "sh";
    if (file.EndsWith(".bash")) return "bash";
    if (file.EndsWith(".py")) return "python3";
    return "ion";
  }

  Result<void> AddArguments() {
    for (char* const argument : context_.arguments.From(1)) CATION_TRY(words_.PushBack(argument));
    CATION_TRY(words_.PushBack(nullptr));
    if (options_.verbose) {
      String line;
      for (size_t i = 0; i + 1 < words_.size(); ++i) {
        if (i != 0) CATION_TRY(line.Append(' '));
        CATION_TRY(AppendQuoted(line, words_[i]));
      }
      CATION_TRY(line.Append('\n'));
      (void)sys::WriteAll(context_.errors, line.view());
    }
    return {};
  }

  // A script's interpreter that is not there is named: the file itself is.
  Error Missing(StringView file, Error error) {
    if (judgement_.kind == FileKind::kProgram || error == abi::kENOMEM) return error;
    Report(context_, name_, "cannot be given to its interpreter");
    name_ = file;
    return error;
  }

  Result<int> Become(StringView file) {
    const auto execute = [this](const char* path) {
      return Result<void>(sys::Execute(path, words_.data(), context_.environment));
    };
    const char* const path = Environment(context_, "PATH");
    // A program's path that has no '/' is here, and not in PATH.
    if (judgement_.kind == FileKind::kProgram) return execute(path_.c_str()).error();
    return Missing(file, ForEachProgram(file, path, execute).error());
  }

  // ---- copies
  // Makes copy_: a directory of its own, and the file in it. What went wrong has been reported, or
  // is ENOMEM.
  Result<void> CopyAway() {
    const char* const variable = Environment(context_, "TMPDIR");
    const StringView parent = variable != nullptr && *variable != '\0' ? variable : "/tmp";
    String directory;
    const sys::Mode mask = sys::SetFileCreationMask(0);
    const Result<void> made = MakePlace(parent, directory);
    const Result<void> copied = made.ok() ? CopyInto(directory) : made;
    (void)sys::SetFileCreationMask(mask);
    if (copied.ok() || copied.error() == abi::kENOMEM || copied.error() == kReported) return copied;
    Report(context_, copy_.empty() ? parent : copy_.view(), "cannot be copied to", copied.error());
    return kReported;
  }

  // A directory that nobody else can look into.
  static Result<void> MakePlace(StringView parent, String& directory) {
    constexpr unsigned kTries = 100;
    Result<void> made;
    for (unsigned tries = 0; tries < kTries; ++tries) {
      uint64_t number = 0;
      CATION_TRY(sys::Random({reinterpret_cast<char*>(&number), sizeof(number)}));
      directory.Truncate(0);
      CATION_TRY(directory.Append(parent));
      CATION_TRY(AppendPathComponent(directory, "run."));
      CATION_TRY(directory.Append(Digits(number, 16)));
      made = sys::MakeDirectory(sys::At(directory.c_str()), 0700);
      if (made.ok() || !(made.error() == abi::kEEXIST)) break;
    }
    return made;
  }

  Result<void> CopyInto(String& directory) {
    Result<void> named = copy_.Append(directory.view());
    if (named.ok()) named = AppendPathComponent(copy_, LastComponent(path_.view()));
    if (!named.ok()) {
      copy_.Truncate(0);
      (void)sys::RemoveDirectory(sys::At(directory.c_str()));
      return named;
    }
    directory_ = Move(directory);
    const Result<sys::Descriptor> opened = sys::Open(sys::At(path_.c_str()), sys::kRead);
    if (!opened.ok()) {
      Report(context_, name_, opened.error());
      return kReported;
    }
    const sys::File from(opened.value());
    CATION_TRY_ASSIGN(
        const sys::Descriptor created,
        sys::Open(sys::At(copy_.c_str()), sys::kWrite | sys::kCreate | sys::kExclusive, 0700));
    sys::File to(created);
    CATION_TRY((judgement_.hindrances & kNeedsCleaning) != 0 ? CopyText(from.get(), to.get())
                                                             : CopyBytes(from.get(), to.get()));
    return to.Close();
  }

  Result<void> Unreadable(Error error) {
    if (error == abi::kENOMEM) return error;
    Report(context_, name_, error);
    return kReported;
  }

  Result<void> CopyBytes(sys::Descriptor from, sys::Descriptor to) {
    String buffer;
    CATION_TRY(buffer.Resize(Min(judgement_.status.size, uint64_t{sys::kBestCallSize})));
    for (;;) {
      const Result<size_t> read = sys::Read(from, {buffer.data(), buffer.size()});
      if (!read.ok()) return Unreadable(read.error());
      if (read.value() == 0) return {};
      CATION_TRY(sys::WriteAll(to, buffer.view().First(read.value())));
    }
  }

  // Without a byte order mark, and with Unix line ends.
  Result<void> CopyText(sys::Descriptor from, sys::Descriptor to) {
    String text;
    const Result<void> read = ReadAll(from, text);
    if (!read.ok()) return Unreadable(read.error());
    char* const data = text.data();
    size_t size = 0;
    const size_t mark = (judgement_.hindrances & kByteOrderMark) != 0 ? 3 : 0;
    for (size_t i = mark; i < text.size(); ++i) {
      if (data[i] == '\r' && i + 1 < text.size() && data[i + 1] == '\n') continue;
      data[size++] = data[i];
    }
    return sys::WriteAll(to, text.view().First(size));
  }

  void Remove() {
    Result<void> removed = sys::RemoveFile(sys::At(copy_.c_str()));
    if (removed.ok() || removed.error() == abi::kENOENT)
      removed = sys::RemoveDirectory(sys::At(directory_.c_str()));
    if (!removed.ok()) Report(context_, copy_.view(), "cannot be removed", removed.error());
    copy_.Truncate(0);
  }

  // `file`: the program; nullptr: the interpreter, which is looked for.
  Result<int> StartCopy(const char* file, bool is_program) {
    int status = 0;
    sys::Process process = sys::kNoProcess;
    if (is_program) {
      CATION_TRY_ASSIGN(process, sys::Spawn(file, words_.data(), context_.environment,
                                            {context_.input, context_.output, context_.errors}));
      Remove();
    } else {
      process = StartCommand(context_, {words_.data(), words_.size() - 1}, nullptr, &status);
      if (process == sys::kNoProcess) return status;
    }
    IgnoreTerminalSignals();
    return WaitForCommand(context_, name_, process);
  }

  Context& context_;
  Options options_;
  StringView name_;  // as it was given
  String path_;
  Judgement judgement_;
  Vector<char*> words_;
  String directory_;
  String copy_;  // in directory_; empty: there is none
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) { return Runner(context).Run(); }

}  // namespace cation
