// SPDX-License-Identifier: MIT
//
// seq: say here what it does, by which standard, and where it differs from GNU and why.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"

namespace cation {
namespace {

struct Options {
  bool verbose = false;
};

constexpr Option kOptions[] = {
    Flag("-v, --verbose", offsetof(Options, verbose), "say what has been looked at"),
};

constexpr Command kCommand = {
    .usage = "[OPTION]... FILE...",
    .summary = "Looks at each FILE.",
    .options = kOptions,
};

}  // namespace

const Command& ThisCommand() { return kCommand; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const Span<char*> operands = context.arguments;
  if (operands.empty()) return UsageError(context, kCommand, {nullptr, 0}, "missing operand");

  Output out(context);
  for (const char* const operand : operands) {
    // What is wrong with one operand is reported, and the rest goes on.
    const Result<sys::FileStatus> found = sys::StatusAt(sys::At(operand), sys::Follow::kYes);
    if (!found.ok()) {
      Report(context, operand, found.error());
      status = 1;
      continue;
    }
    if (options.verbose) {
      out.Write(operand);
      out.Write('\n');
    }
  }
  return out.Finish(status);
}

}  // namespace cation
