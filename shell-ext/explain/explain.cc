// SPDX-License-Identifier: MIT
//
// explain: why a file cannot be run here, and what helps. In no standard. Redox says "Permission
// denied", "No such file or directory" or nothing at all where a program has no x bit, lies on a 9p
// share (of which nothing can be mapped, so nothing executed), is for another machine, was cut
// while it was copied or has no entry point, or where a script has CRLF line ends or an interpreter
// that is not there; Ion shows the same words for most of them.
//
// One line on standard output for each thing that is wrong, "FILE: reason; what to do"; a name
// without '/' that is no file here (with -p, any) is looked for in PATH, as a shell would, and all
// files of that name that it may mean are looked at: explain -pv NAME is which -a with reasons.
// Programs are judged by the rules of tools/elf_check that can be seen in the headers, for the
// machine that this program itself is for, and by the note of programs of this suite. What is
// linked dynamically may run if its run-time linker is there. Which age of relibc a program of
// others was linked with cannot be seen: one of August 2026 on a system of January ends with "no
// filetable fd present". The status is 0 if all would run, 1 if one would not, 2 if one could not
// be looked at.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/find_program.h"
#include "coreutils/support/judgement.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/quote.h"

namespace cation {
namespace {

constexpr int kWouldNotRun = 1;
constexpr int kTrouble = 2;

struct Options {
  bool path = false;
  bool verbose = false;
};

constexpr Option kOptions[] = {
    Flag("-p, --path", offsetof(Options, path),
         "look for a FILE without / in PATH alone: what each candidate lacks"),
    Flag("-v, --verbose", offsetof(Options, verbose), "name also what would run"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... FILE...",
    .summary = "Says why a FILE cannot be run here, and what to do.",
    .options = kOptions,
    .usage_status = kTrouble,
    .statuses =
        "0 each FILE would run\n1 one would not\n2 one could not be looked at, or wrong "
        "use",
};
constexpr Command kCommand = Packed<kDescription>();

class Explain {
 public:
  explicit Explain(Context& context) : context_(context), out_(context) {}

  int Run() {
    int status = 0;
    if (!ParseOptions(context_, kCommand, &options_, &status)) return status;
    if (context_.arguments.empty())
      return UsageError(context_, kCommand, {nullptr, 0}, "missing operand");
    for (const char* const name : context_.arguments) LookFor(name);
    return out_.Finish(status_, kTrouble);
  }

 private:
  void LookFor(const char* name) {
    const bool is_command = StringView(name).Find('/') == StringView::kNotFound;
    Result<void> looked = Error{abi::kENOENT};
    if (!is_command || !options_.path) looked = Look(name);
    if (!looked.ok() && looked.error() == abi::kENOENT && is_command) {
      bool any = false;
      const auto look = [&](const char* file) -> Result<void> {
        const Result<void> found = Look(file);
        any |= found.ok();
        if (found.ok()) return Error{abi::kENOENT};  // there may be more
        return found;
      };
      looked = ForEachProgram(name, Environment(context_, "PATH"), look);
      if (any && looked.error() == abi::kENOENT) return;
    }
    if (looked.ok()) return;
    out_.Flush();
    Report(context_, name, looked.error());
    status_ = kTrouble;
  }

  Result<void> Look(const char* file) {
    Judgement judgement;
    CATION_TRY(Judge(context_, file, judgement));
    String text;
    if (judgement.hindrances != 0) {
      CATION_TRY(AppendAdvice(text, {}, file, judgement, judgement.hindrances));
      out_.Write(text.view());
      status_ = Max(status_, kWouldNotRun);
    } else if (options_.verbose) {
      CATION_TRY(AppendQuoted(text, file));
      CATION_TRY(text.Append(": would run\n"));
      out_.Write(text.view());
    }
    return {};
  }

  Context& context_;
  Options options_;
  Output out_;
  int status_ = 0;
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) { return Explain(context).Run(); }

}  // namespace cation
