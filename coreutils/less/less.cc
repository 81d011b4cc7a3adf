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
#include "coreutils/support/pager/pager.h"
#include "runtime/core/vector.h"
#include "runtime/sys/sys.h"

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
    Flag("-u, --underline-special", offsetof(Options, ignored), nullptr),
    Flag("-U, --UNDERLINE-SPECIAL", offsetof(Options, ignored), nullptr),
    Flag("-V", offsetof(Options, version), "as --version"),
    Flag("-w, --hilite-unread", offsetof(Options, ignored), nullptr),
    Flag("-W, --HILITE-UNREAD", offsetof(Options, ignored), nullptr),
    Value("-x, --tabs=COLUMNS", offsetof(Options, tab), "tab stops at each COLUMNS"),
    Flag("-X, --no-init", offsetof(Options, keep_screen), "do not use the terminal's other screen"),
    Value("-y, --max-forw-scroll=NUMBER", offsetof(Options, unused), nullptr),
    Value("-z, --window=LINES", offsetof(Options, window), "scroll LINES lines for a screen"),
    Flag("-~, --tilde", offsetof(Options, no_tildes), "show nothing behind the end"),
    Value("-#, --shift=COLUMNS", offsetof(Options, shift), "look aside by COLUMNS"),
    Flag("--follow-name", offsetof(Options, ignored), nullptr),
    Flag("--mouse", offsetof(Options, ignored), nullptr),
    Flag("--no-keypad", offsetof(Options, ignored), nullptr),
    Flag("--use-color", offsetof(Options, ignored), nullptr),
};

constexpr Command kCommand = {
    .usage = "[OPTION]... [FILE]...",
    .summary =
        "Shows each FILE, or standard input, a screen at a time; the key h tells of the others.\n"
        "+KEYS types KEYS first: +G begins at the end, +F follows it, +/PATTERN searches, ++ in\n"
        "each FILE. The variable LESS may hold options.",
    .options = kOptions,
};

// What is in LESS before the arguments, but for options that are not known: those of other versions
// are no reason to show nothing.
Result<void> AddVariable(const char* text, String& buffer, Vector<size_t>& starts) {
  while (text != nullptr && *text != '\0') {
    while (*text == ' ' || *text == '\t' || *text == '$') ++text;
    const char* end = text;
    while (*end != '\0' && *end != ' ' && *end != '\t' && *end != '$') ++end;
    const StringView word(text, static_cast<size_t>(end - text));
    text = end;
    if (word.empty()) continue;
    if (word[0] == '+') {
      CATION_TRY(starts.PushBack(buffer.size()));
      CATION_TRY(buffer.Append(word));
      CATION_TRY(buffer.Append('\0'));
      continue;
    }
    if (word.StartsWith("--")) {
      for (const Option& option : kOptions) {
        const StringView name = option.long_name();
        const StringView given = word.From(2);
        const size_t equals = given.Find('=');
        if (!(name == (equals == StringView::kNotFound ? given : given.First(equals)))) continue;
        if (name.empty() || (equals == StringView::kNotFound) == option.NeedsArgument()) continue;
        CATION_TRY(starts.PushBack(buffer.size()));
        CATION_TRY(buffer.Append(word));
        CATION_TRY(buffer.Append('\0'));
      }
      continue;
    }
    for (size_t i = word[0] == '-' ? 1 : 0; i < word.size(); ++i) {
      if (word[i] == '-') continue;
      for (const Option& option : kOptions) {
        if (option.short_name() != word[i]) continue;
        const bool takes_rest = option.NeedsArgument();
        if (takes_rest && i + 1 == word.size()) break;
        CATION_TRY(starts.PushBack(buffer.size()));
        CATION_TRY(buffer.Append('-'));
        CATION_TRY(buffer.Append(takes_rest ? word.From(i) : word.From(i).First(1)));
        CATION_TRY(buffer.Append('\0'));
        if (takes_rest) i = word.size();
        break;
      }
    }
  }
  return {};
}

Result<void> Collect(const Context& context, String& buffer, Vector<char*>& arguments, String& keys,
                     bool* in_each) {
  Vector<size_t> starts;
  CATION_TRY(AddVariable(Environment(context, "LESS"), buffer, starts));
  const auto add = [&](char* argument) -> Result<void> {
    if (argument[0] != '+' || argument[1] == '\0') return arguments.PushBack(argument);
    const char* typed = argument + 1;
    if (*typed == '+') {
      *in_each = true;
      ++typed;
    }
    CATION_TRY(keys.Append(typed));
    // A pattern ends with its line; a number is that of a line.
    const StringView all = typed;
    const bool is_number = all.size() != 0 && all.back() >= '0' && all.back() <= '9' &&
                           typed[0] >= '0' && typed[0] <= '9';
    if (*typed == '/' || *typed == '?') CATION_TRY(keys.Append('\n'));
    if (is_number) CATION_TRY(keys.Append('g'));
    return {};
  };
  for (const size_t start : starts) CATION_TRY(add(buffer.data() + start));
  bool only_files = false;
  for (char* const argument : context.arguments) {
    if (only_files) {
      CATION_TRY(arguments.PushBack(argument));
      continue;
    }
    only_files = StringView(argument) == "--";
    CATION_TRY(add(argument));
  }
  return {};
}

}  // namespace

const Command& ThisCommand() { return kCommand; }

int Main(Context& context) {
  String buffer;
  String keys;
  Vector<char*> arguments;
  bool in_each = false;
  if (!Collect(context, buffer, arguments, keys, &in_each).ok()) {
    Report(context, "out of memory");
    return 1;
  }
  context.arguments = arguments.span();
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
  options.command = keys.empty() ? nullptr : keys.c_str();
  options.command_in_each = in_each;
  return pager::Show(context, options, files);
}

}  // namespace cation
