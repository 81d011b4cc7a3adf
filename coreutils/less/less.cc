// SPDX-License-Identifier: MIT
//
// less: shows files a screen at a time. The options and keys of less that people use; POSIX has
// more (see there).
//
// Only what is shown is read, of files of any size and with lines of any length; what comes from a
// pipe is kept in memory, and read as it is asked for. Patterns are extended regular expressions
// without back-references. Unlike less, nothing is run: no editor, no shell, no pipe, no LESSOPEN;
// and there are no tags, log files, key files and prompt strings of one's own. Lines of more than
// 256 KiB are searched in parts of that size. Variables: LESS with options, LINES, COLUMNS, TERM.
// What is not written to a terminal is copied as by cat.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/pager/arguments.h"
#include "coreutils/support/pager/pager.h"

namespace cation {
namespace {

using pager::Options;

constexpr Option kOptions[] = {
    Flag("-a, --search-skip-screen", offsetof(Options, ignored), nullptr),
    Value("-b, --buffers=NUMBER", offsetof(Options, unused), nullptr),
    Flag("-B, --auto-buffers", offsetof(Options, ignored), nullptr),
    Flag("-c, --clear-screen", offsetof(Options, from_top),
         "draw each screen anew, instead of scrolling"),
    Flag("-C, --CLEAR-SCREEN", offsetof(Options, from_top), nullptr),
    Flag("-d, --dumb", offsetof(Options, ignored), nullptr),
    Flag("-e, --quit-at-eof", offsetof(Options, exit_at_second_end),
         "end when asked to go on at the end"),
    Flag("-E, --QUIT-AT-EOF", offsetof(Options, exit_at_end), "end at the end"),
    Flag("-f, --force", offsetof(Options, ignored), nullptr),
    Flag("-F, --quit-if-one-screen", offsetof(Options, exit_if_one_screen),
         "end at once if all fits on the screen"),
    Flag("-g, --hilite-search", offsetof(Options, ignored), nullptr),
    Flag("-G, --HILITE-SEARCH", offsetof(Options, no_highlight), "do not highlight matches"),
    Value("-h, --max-back-scroll=NUMBER", offsetof(Options, unused), nullptr),
    Choice("-i, --ignore-case", offsetof(Options, letters), pager::Case::kSmart,
           "case does not matter in patterns without capitals"),
    Choice("-I, --IGNORE-CASE", offsetof(Options, letters), pager::Case::kIgnore,
           "case does not matter in patterns"),
    Value("-j, --jump-target=NUMBER", offsetof(Options, unused), nullptr),
    Flag("-J, --status-column", offsetof(Options, ignored), nullptr),
    Flag("-K, --quit-on-intr", offsetof(Options, interrupt_exits), "end when interrupted"),
    Flag("-L, --no-lessopen", offsetof(Options, ignored), nullptr),
    Choice("-m, --long-prompt", offsetof(Options, prompt), pager::Prompt::kMedium,
           "prompt with the place in percent"),
    Choice("-M, --LONG-PROMPT", offsetof(Options, prompt), pager::Prompt::kLong,
           "prompt with lines and percent"),
    Flag("-n, --line-numbers", offsetof(Options, no_line_numbers), "count no lines for prompts"),
    Flag("-N, --LINE-NUMBERS", offsetof(Options, numbers), "number lines"),
    Value("-p, --pattern=PATTERN", offsetof(Options, pattern),
          "begin at the first line that matches"),
    Flag("-q, --quiet", offsetof(Options, quiet), "no bell"),
    Flag("-Q, --QUIET", offsetof(Options, quiet), "no bell"),
    Flag("--silent", offsetof(Options, quiet), nullptr),
    Flag("--SILENT", offsetof(Options, quiet), nullptr),
    Flag("-r, --raw-control-chars", offsetof(Options, raw),
         "send control characters to the terminal as they are"),
    Flag("-R, --RAW-CONTROL-CHARS", offsetof(Options, colors),
         "the same for those that set colours"),
    Flag("-s, --squeeze-blank-lines", offsetof(Options, squeeze),
         "show one of several empty lines"),
    Flag("-S, --chop-long-lines", offsetof(Options, chop),
         "cut long lines, instead of folding them"),
    Flag("-u, --underline-special", offsetof(Options, no_striking),
         "show backspaces, instead of bold and underlined"),
    Flag("-U, --UNDERLINE-SPECIAL", offsetof(Options, no_striking), "the same"),
    Flag("-V", offsetof(Options, version), "as --version"),
    Flag("-w, --hilite-unread", offsetof(Options, ignored), nullptr),
    Flag("-W, --HILITE-UNREAD", offsetof(Options, ignored), nullptr),
    Value("-x, --tabs=COLUMNS", offsetof(Options, tab), "tab stops at each COLUMNS"),
    Flag("-X, --no-init", offsetof(Options, keep_screen), "do not use the terminal's other screen"),
    Value("-y, --max-forw-scroll=NUMBER", offsetof(Options, unused), nullptr),
    Value("-z, --window=LINES", offsetof(Options, window), "scroll LINES lines for a screen"),
    Flag("-~, --tilde", offsetof(Options, no_tildes), "show nothing behind the end"),
    Value("-#, --shift=COLUMNS", offsetof(Options, shift), "look aside by COLUMNS"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... [FILE]...",
    .summary =
        "Shows each FILE, or standard input, a screen at a time; the key h tells of the others.\n"
        "+KEYS types KEYS first: +G begins at the end, +F follows it, +/PATTERN searches, ++ in\n"
        "each FILE. The variable LESS may hold options.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

}  // namespace

const pager::Programs pager::kPagerPrograms = pager::Programs::kLess;

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  pager::Arguments arguments;
  if (!arguments.Collect(context, kCommand, "LESS", false).ok()) {
    Report(context, "out of memory");
    return 1;
  }
  context.arguments = arguments.arguments.span();
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  if (options.version) {
    char version[] = "--version";
    char* version_only[] = {version};
    context.arguments = {version_only, 1};
    (void)ParseOptions(context, kCommand, &options, &status);
    return status;
  }
  const Span<char*> files = context.arguments;
  if (files.empty() && sys::IsTerminal(context.input)) {
    ReportUsage(context, {nullptr, 0}, "missing operand");
    return 1;
  }
  options.command = arguments.keys.c_str();
  options.command_in_each = arguments.in_each;
  return pager::Show(context, options, files);
}

}  // namespace cation
