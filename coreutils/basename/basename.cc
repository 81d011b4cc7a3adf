// SPDX-License-Identifier: MIT
//
// basename: the last component of each NAME, less a suffix. POSIX.1-2024, with GNU's options.
//
// Names are texts: nothing is looked up. Where POSIX leaves a choice it is GNU's: "" gives an empty
// line, "//" gives "/".
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"

namespace cation {
namespace {

struct Options {
  bool multiple = false;
  bool null = false;
  const char* suffix = nullptr;
};

constexpr Option kOptions[] = {
    Flag("-a, --multiple", offsetof(Options, multiple), "take every operand for a NAME"),
    Value("-s, --suffix=SUFFIX", offsetof(Options, suffix), "take SUFFIX off each; implies -a"),
    Flag("-z, --zero", offsetof(Options, null), "end each line of output with NUL, not newline"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... NAME [SUFFIX]\n[OPTION]... -a NAME...",
    .summary = "Prints each NAME without the directories before its last component.",
    .options = kOptions,
    .stops_at_operand = true,
};
constexpr Command kCommand = Packed<kDescription>();

StringView BaseName(StringView name, StringView suffix) {
  const StringView base = LastComponent(name);
  // POSIX: a name that is the suffix stays, and so does the root directory.
  const bool has_suffix = base != "/" && base.size() > suffix.size() && base.EndsWith(suffix);
  return has_suffix ? base.First(base.size() - suffix.size()) : base;
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  Span<char*> operands = context.arguments;
  if (operands.empty()) return UsageError(context, kCommand, {nullptr, 0}, "missing operand");
  const bool multiple = options.multiple || options.suffix != nullptr;
  if (!multiple && operands.size() > 2)
    return UsageError(context, kCommand, operands[2], "extra operand");
  if (!multiple && operands.size() == 2) {
    options.suffix = operands[1];
    operands = operands.First(1);
  }
  Output out(context);
  for (const char* const operand : operands) {
    out.Write(BaseName(operand, options.suffix != nullptr ? options.suffix : ""));
    out.Write(options.null ? '\0' : '\n');
  }
  return out.Finish(0);
}

}  // namespace cation
