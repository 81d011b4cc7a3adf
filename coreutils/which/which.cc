// SPDX-License-Identifier: MIT
//
// which: the file that each NAME would run. In no standard; the options are those of Debian's, and
// the statuses: 0 when all were found, 1 when one was not, 2 for a wrong option.
//
// A program is a regular file that may be executed. Nothing is said of what is not found; what
// hinders the search otherwise is reported. With -a, also why a file of that name cannot be run, in
// explain's words and on standard error: it has no x bit, is for another machine, is on a share
// that cannot be mapped (judgement.h). That changes neither what is printed nor the status, which
// are Debian's.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/find_program.h"
#include "coreutils/support/judgement.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"

namespace cation {
namespace {

struct Options {
  bool all = false;
  bool silent = false;
};

constexpr Option kOptions[] = {
    Flag("-a, --all", offsetof(Options, all),
         "print all files of that name in PATH, and what is wrong with some"),
    Flag("-s, --silent", offsetof(Options, silent), "print nothing: only the status tells"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... NAME...",
    .summary = "Prints the file that each NAME would run: the first in the directories of PATH.",
    .options = kOptions,
    .usage_status = 2,
};
constexpr Command kCommand = Packed<kDescription>();

// Errors that say that the file is not there.
bool IsAbsent(Error error) {
  return SearchGoesOn(error) || error == abi::kELOOP || error == abi::kENAMETOOLONG ||
         error == abi::kEINVAL;
}

// Says what hinders `file` from being run, if anything does. Errors: Judge()'s.
Result<void> Explain(const Context& context, const char* file) {
  Judgement judgement;
  CATION_TRY(Judge(context, file, judgement));
  return ReportAdvice(context, file, judgement, judgement.hindrances);
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  Output out(context);
  if (context.arguments.empty()) status = 1;
  const char* const path = Environment(context, "PATH");
  for (const char* const name : context.arguments) {
    bool found = false;
    const auto look = [&](const char* file) -> Result<void> {
      const Error goes_on{abi::kENOENT};
      const Result<sys::FileStatus> looked = sys::StatusAt(sys::At(file), sys::Follow::kYes);
      if (!looked.ok()) {
        if (IsAbsent(looked.error())) return goes_on;
        out.Flush();
        Report(context, file, looked.error());
        status = 1;
        return goes_on;
      }
      if (options.all && !options.silent) {
        // In the order of PATH.
        out.Flush();
        const Result<void> explained = Explain(context, file);
        if (!explained.ok()) {
          Report(context, file, explained.error());
          status = 1;
        }
      }
      if (!looked.value().IsRegular() ||
          !sys::MayAccess(sys::At(file), sys::Access::kExecute, &looked.value()))
        return goes_on;
      found = true;
      if (!options.silent) {
        // From the working directory by an empty entry of PATH: so that it can be run.
        if (StringView(file).Find('/') == StringView::kNotFound) out.Write("./");
        out.Write(file);
        out.Write('\n');
      }
      if (options.all) return goes_on;
      return {};
    };
    const Result<void> searched = ForEachProgram(name, path, look);
    if (!searched.ok() && searched.error() == abi::kENOMEM) Report(context, name, searched.error());
    if (!found) status = 1;
  }
  return out.Finish(status);
}

}  // namespace cation
