// SPDX-License-Identifier: MIT
//
// printenv: prints variables of the environment. In no standard; as GNU's. A name with = in it is
// that of no variable, as is an empty one; one that is there twice is printed twice.
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"

namespace cation {
namespace {

constexpr int kFailure = 2;

struct Options {
  bool null = false;
};

constexpr Option kOptions[] = {
    Flag("-0, --null", offsetof(Options, null), "end each line of output with NUL, not newline"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... [VARIABLE]...",
    .summary = "Prints the values of each VARIABLE of the environment, or all with their names.",
    .options = kOptions,
    .usage_status = kFailure,
    .stops_at_operand = true,
    .statuses =
        "0 Each VARIABLE is there.\n1 One is not.\n"
        "2 An option was wrong, or writing failed; a message on standard error says so.",
};
constexpr Command kCommand = Packed<kDescription>();

// Appends the values of all variables `name`; returns whether there is one.
bool Print(const Context& context, StringView name, char end, Output& out) {
  bool found = false;
  if (name.empty() || name.Find('=') != StringView::kNotFound) return found;
  for (char* const* variable = context.environment; *variable != nullptr; ++variable) {
    const StringView text(*variable);
    if (!text.StartsWith(name) || text.size() == name.size() || text[name.size()] != '=') continue;
    out.Write(text.From(name.size() + 1));
    out.Write(end);
    found = true;
  }
  return found;
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const char end = options.null ? '\0' : '\n';
  Output out(context);
  for (const char* const name : context.arguments) {
    if (!Print(context, name, end, out)) status = 1;
  }
  if (context.arguments.empty()) {
    for (char* const* variable = context.environment; *variable != nullptr; ++variable) {
      out.Write(*variable);
      out.Write(end);
    }
  }
  return out.Finish(status, kFailure);
}

}  // namespace cation
