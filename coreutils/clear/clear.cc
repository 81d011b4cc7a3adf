// SPDX-License-Identifier: MIT
//
// clear: clears the terminal's screen, with the options of ncurses' clear. POSIX has none.
//
// There is no data base of terminals: what is written are the sequences of ECMA-48 that all
// terminals in use understand, Redox's consoles among them, in one call. Where TERM says that the
// terminal understands nothing ("dumb", "unknown"), nothing is written, as by ncurses, but with a
// message. A TERM that is not set is no error, since not all of Redox's logins set it; ncurses
// refuses that, and types that it does not know.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/terminal.h"

namespace cation {
namespace {

struct Options {
  const char* type = nullptr;
  bool keeps_scrollback = false;
  bool version = false;
};

constexpr Option kOptions[] = {
    Value("-T TYPE", offsetof(Options, type), "the terminal's type, instead of what TERM says"),
    Flag("-V", offsetof(Options, version), "as --version"),
    Flag("-x", offsetof(Options, keeps_scrollback), "keep the lines that have scrolled out"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]...",
    .summary = "Clears the screen.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  if (options.version) {
    char version[] = "--version";
    char* arguments[] = {version};
    context.arguments = {arguments, 1};
    (void)ParseOptions(context, kCommand, &options, &status);
    return status;
  }
  if (!context.arguments.empty())
    return UsageError(context, kCommand, context.arguments[0], "extra operand");
  const char* const type = options.type != nullptr ? options.type : Environment(context, "TERM");
  if (!UnderstandsSequences(type)) {
    Report(context, type, "a terminal of this type cannot be cleared");
    return 1;
  }
  Output out(context);
  // Home, the screen, and what has scrolled out of it.
  out.Write("\033[H\033[2J");
  if (!options.keeps_scrollback) out.Write("\033[3J");
  return out.Finish(0);
}

}  // namespace cation
