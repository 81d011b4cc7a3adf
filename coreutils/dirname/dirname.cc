// SPDX-License-Identifier: MIT
//
// dirname: each NAME without its last component. POSIX.1-2024, with GNU's options.
//
// Names are texts: nothing is looked up. "//" gives "/".
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"

namespace cation {
namespace {

struct Options {
  bool null = false;
};

constexpr Option kOptions[] = {
    Flag("-z, --zero", offsetof(Options, null), "end each line of output with NUL, not newline"),
};

constexpr Description kDescription = {
    .usage = "[OPTION] NAME...",
    .summary = "Prints the directory that each NAME is in: NAME without its last component.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

StringView DirectoryName(StringView name) {
  const StringView base = LastComponent(name);
  const StringView before(name.data(), static_cast<size_t>(base.data() - name.data()));
  if (!before.empty()) return WithoutSlashes(before);
  return base == "/" ? base : StringView(".");
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const Span<char*> operands = context.arguments;
  if (operands.empty()) return UsageError(context, kCommand, {nullptr, 0}, "missing operand");
  Output out(context);
  for (const char* const operand : operands) {
    out.Write(DirectoryName(operand));
    out.Write(options.null ? '\0' : '\n');
  }
  return out.Finish(0);
}

}  // namespace cation
