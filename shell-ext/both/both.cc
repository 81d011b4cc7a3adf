// SPDX-License-Identifier: MIT
//
// both, with-stderr: runs a command whose standard error goes where its standard output goes, which
// is what 2>&1 says in other shells and Ion has no word for: `both make | less`. In no standard.
//
// It becomes the command, which costs no process. The command is looked for as env does it: in the
// directories of PATH, and by its name alone where that has a '/'; a script needs its "#!" line.
// The statuses are env's, too: 125 when it fails itself (when standard output is closed, say), 126
// when the command cannot be run, 127 when there is none; what is wrong with the command is said
// where its own messages would have gone, on what is standard output.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/find_program.h"
#include "coreutils/support/options.h"
#include "coreutils/support/start_command.h"
#include "runtime/core/vector.h"

namespace cation {
namespace {

struct Options {};

constexpr Description kDescription = {
    .usage = "[OPTION] COMMAND [ARG]...",
    .summary = "Runs COMMAND with its standard error going where its standard output goes.",
    .usage_status = kCannotStart,
    .stops_at_operand = true,
    .statuses =
        "125 it failed itself\n126 COMMAND cannot be run\n127 there is no COMMAND\nother "
        "that of COMMAND",
};
constexpr Command kCommand = Packed<kDescription>();

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const Span<char*> words = context.arguments;
  if (words.empty()) return UsageError(context, kCommand, {nullptr, 0}, "missing operand");
  const StringView name = words[0];
  Vector<char*> arguments;
  bool ready = true;
  for (char* const word : words) ready &= arguments.PushBack(word).ok();
  if (!ready || !arguments.PushBack(nullptr).ok()) {
    Report(context, name, Error{abi::kENOMEM});
    return kCannotStart;
  }
  const Result<void> redirected = sys::Redirect(context.output, context.errors);
  if (!redirected.ok()) {
    Report(context, {nullptr, 0}, "standard output", redirected.error());
    return kCannotStart;
  }
  const auto execute = [&](const char* file) {
    return Result<void>(sys::Execute(file, arguments.data(), context.environment));
  };
  const Error error = ForEachProgram(name, Environment(context, "PATH"), execute).error();
  Report(context, name, error);
  return error == abi::kENOENT ? kNotFound : kCannotInvoke;
}

}  // namespace cation
