// SPDX-License-Identifier: MIT
//
// tty: the name of the terminal that standard input is. POSIX.1-2024, with GNU's options.
//
// Statuses as GNU's: 0 for a terminal, 1 if it is none, 2 for a wrong use, 3 when the output cannot
// be written, 4 for a terminal whose name cannot be found.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"

namespace cation {
namespace {

constexpr int kNoTerminal = 1;
constexpr int kWrongUse = 2;
constexpr int kNotWritten = 3;
constexpr int kNoName = 4;

struct Options {
  bool silent = false;
};

constexpr Option kOptions[] = {
    Flag("-s, --silent", offsetof(Options, silent), "print nothing: only the status tells"),
    Flag("--quiet", offsetof(Options, silent), "the same"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]...",
    .summary = "Prints the name of the terminal that standard input is.",
    .options = kOptions,
    .usage_status = kWrongUse,
    .output_status = kNotWritten,
};
constexpr Command kCommand = Packed<kDescription>();

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  if (!context.arguments.empty())
    return UsageError(context, kCommand, context.arguments[0], "extra operand");
  if (!sys::IsTerminal(context.input)) {
    if (options.silent) return kNoTerminal;
    Output out(context);
    out.Write("not a tty\n");
    return out.Finish(kNoTerminal, kNotWritten);
  }
  if (options.silent) return 0;
  String name;
  if (const Result<void> found = sys::TerminalName(context.input, name); !found.ok()) {
    Report(context, {nullptr, 0}, "cannot find the terminal's name", found.error());
    return kNoName;
  }
  Output out(context);
  out.Write(name.view());
  out.Write('\n');
  return out.Finish(0, kNotWritten);
}

}  // namespace cation
