// SPDX-License-Identifier: MIT
#include "coreutils/ls/options.h"

#include "coreutils/support/diagnostics.h"
#include "runtime/core/format.h"

namespace cation {
namespace ls {
namespace {

constexpr char kWhen[] = "never no none|always yes force|auto tty if-tty";
constexpr char kTimeStyles[] = "full-iso|long-iso|iso|locale";
enum class TimeStyle : uint8_t { kFullIso, kLongIso, kIso, kLocale };  // in their order

bool AddPattern(const Context& context, const Command&, PackedOption, StringView argument,
                char* field) {
  // Arguments are terminated.
  if (reinterpret_cast<Vector<const char*>*>(field)->PushBack(argument.data()).ok()) return true;
  Report(context, Error{abi::kENOMEM});
  return false;
}

bool ParseUnit(const Context& context, const Command& command, PackedOption, StringView argument,
               char* field) {
  const Result<SizeUnit> unit = ParseBlockSize(argument);
  if (!unit.ok()) {
    const bool too_large = unit.error() == abi::kERANGE;
    (void)UsageError(context, command, argument,
                     too_large ? "block size too large" : "invalid block size");
    return false;
  }
  *reinterpret_cast<SizeUnit*>(field) = unit.value();
  return true;
}

// An order of columns takes -1 back.
constexpr Option InColumns(Option option) {
  return Also(option, offsetof(Options, one_per_line), false);
}

constexpr Option AsLong(Option option) {
  return Also(option, offsetof(Options, format), Format::kLong);
}

// Another way to mark types takes -F back.
constexpr Option Marks(Option option) {
  return Also(option, offsetof(Options, classify), When::kNever);
}

constexpr Option OfTime(Option option) {
  return Also(option, offsetof(Options, sorts_by_time), true);
}

constexpr Option kOptions[] = {
    Flag("-1", offsetof(Options, one_per_line), "one name per line"),
    Choice("-a, --all", offsetof(Options, show), Show::kAll, "show names that begin with . too"),
    Choice("-A, --almost-all", offsetof(Options, show), Show::kAlmostAll,
           "the same, without . and .."),
    Flag("--author", offsetof(Options, author), "with -l, show the author, who is the owner"),
    Choice("-b, --escape", offsetof(Options, quoting), QuotingStyle::kEscape,
           "escapes as in C for what cannot be shown"),
    Also(Parsed("--block-size=SIZE", offsetof(Options, given_unit), ParseUnit,
                "sizes in units of SIZE: 512, 1K, MB, si"),
         offsetof(Options, units), Units::kGiven),
    Flag("-B, --ignore-backups", offsetof(Options, ignores_backups),
         "leave out names that end in ~"),
    OfTime(Choice("-c", offsetof(Options, time), Time::kChange,
                  "show and sort by the time of the last change of status")),
    InColumns(
        Choice("-C", offsetof(Options, format), Format::kColumns, "in columns, sorted downwards")),
    OptionalWord("--color[=WHEN]", offsetof(Options, color), When::kAlways, kWhen,
                 "colour names by type, as LS_COLORS says: always, auto, never"),
    Flag("-d, --directory", offsetof(Options, directory),
         "list directories themselves, not what they hold"),
    Also(Choice("-f", offsetof(Options, show), Show::kAll, "equivalent to -aU"),
         offsetof(Options, sort), Sort::kNone),
    OptionalWord("-F, --classify[=WHEN]", offsetof(Options, classify), When::kAlways, kWhen,
                 "append one of */=@| to names: always, auto, never"),
    Marks(Choice("--file-type", offsetof(Options, indicator), Indicator::kFileType,
                 "the same, without *")),
    InColumns(Word("--format=WORD", offsetof(Options, format),
                   "long verbose|single-column|vertical|across horizontal|commas",
                   "across, commas, horizontal, long, single-column, verbose, vertical")),
    AsLong(Flag("--full-time", offsetof(Options, full_time),
                "equivalent to -l --time-style=full-iso")),
    OptionalWord("--hyperlink[=WHEN]", offsetof(Options, hyperlink), When::kAlways, kWhen,
                 "names that a terminal opens: always, auto, never"),
    AsLong(Flag("-g", offsetof(Options, hide_owner), "as -l, without the owner")),
    Flag("--group-directories-first", offsetof(Options, directories_first),
         "directories before files, unless there is no order"),
    Flag("-G, --no-group", offsetof(Options, hide_group), "no group in a long listing"),
    Choice("-h, --human-readable", offsetof(Options, units), Units::kBinary,
           "sizes such as 1.1K and 234M"),
    Choice("--si", offsetof(Options, units), Units::kDecimal, "the same, in powers of 1000"),
    Choice("-H, --dereference-command-line", offsetof(Options, links), Links::kOperands,
           "follow symbolic links given as operands"),
    Choice("--dereference-command-line-symlink-to-dir", offsetof(Options, links),
           Links::kDirectoryOperands, "follow those of them that lead to directories"),
    Parsed("--hide=PATTERN", offsetof(Options, hidden), AddPattern,
           "leave out names that match, unless -a or -A is given"),
    Marks(Word("--indicator-style=WORD", offsetof(Options, indicator),
               "none|slash|file-type|classify", "none, slash (-p), file-type, classify (-F)")),
    Flag("-i, --inode", offsetof(Options, inode), "show the inode number of each file"),
    Parsed("-I, --ignore=PATTERN", offsetof(Options, ignored), AddPattern,
           "leave out names that match"),
    Flag("-k, --kibibytes", offsetof(Options, kibibytes),
         "blocks of 1024 bytes, whatever the environment says"),
    Choice("-l", offsetof(Options, format), Format::kLong, "long listing"),
    Choice("-L, --dereference", offsetof(Options, links), Links::kAlways,
           "show what symbolic links lead to"),
    InColumns(
        Choice("-m", offsetof(Options, format), Format::kCommas, "in lines, separated by commas")),
    AsLong(Flag("-n, --numeric-uid-gid", offsetof(Options, numeric),
                "as -l, with numbers for owner and group")),
    Choice("-N, --literal", offsetof(Options, quoting), QuotingStyle::kLiteral,
           "names without quotes"),
    AsLong(Flag("-o", offsetof(Options, hide_group), "as -l, without the group")),
    Marks(Choice("-p", offsetof(Options, indicator), Indicator::kSlash, "append / to directories")),
    Choice("-q, --hide-control-chars", offsetof(Options, hide), Hide::kYes,
           "? in place of control characters"),
    Choice("--show-control-chars", offsetof(Options, hide), Hide::kNo,
           "control characters as they are"),
    Choice("-Q, --quote-name", offsetof(Options, quoting), QuotingStyle::kC,
           "names as strings of C, between quotes"),
    Word("--quoting-style=WORD", offsetof(Options, quoting), kQuotingStyles,
         "literal, locale, shell, shell-always, shell-escape, shell-escape-always, c, escape"),
    Flag("-r, --reverse", offsetof(Options, reverse), "sort the other way round"),
    Flag("-R, --recursive", offsetof(Options, recursive),
         "list subdirectories too, at every depth"),
    Flag("-s, --size", offsetof(Options, blocks), "show the space each file takes, in blocks"),
    Choice("-S", offsetof(Options, sort), Sort::kSize, "sort by size, largest first"),
    Word("--sort=WORD", offsetof(Options, sort), "none|name|time|size|extension|version|width",
         "none (-U), size (-S), time (-t), version (-v), extension (-X), width, name"),
    OfTime(Word("--time=WORD", offsetof(Options, time),
                "modification mtime|atime access use|ctime status|birth creation",
                "atime, access, use; ctime, status; birth, creation; mtime, modification")),
    Also(Value("--time-style=STYLE", offsetof(Options, time_style),
               "full-iso, long-iso, iso, locale, or +FORMAT as for date"),
         offsetof(Options, full_time), false),
    Choice("-t", offsetof(Options, sort), Sort::kTime, "sort by time, newest first"),
    Value("-T, --tabsize=COLUMNS", offsetof(Options, tab_argument),
          "tab stops every COLUMNS columns; 0 is none"),
    OfTime(Choice("-u", offsetof(Options, time), Time::kAccess,
                  "show and sort by the time of the last access")),
    Choice("-U", offsetof(Options, sort), Sort::kNone,
           "do not sort; one name per line then takes no memory"),
    Choice("-v", offsetof(Options, sort), Sort::kVersion, "sort numbers in names as numbers"),
    Value("-w, --width=COLUMNS", offsetof(Options, width_argument),
          "lines of COLUMNS characters; 0 is no limit"),
    InColumns(
        Choice("-x", offsetof(Options, format), Format::kAcross, "in columns, sorted across")),
    Choice("-X", offsetof(Options, sort), Sort::kExtension, "sort by what follows the last dot"),
    Flag("-Z, --context", offsetof(Options, context),
         "show the security context, which is always ?"),
    Also(Also(Also(Also(Flag("--zero", offsetof(Options, zero),
                             "end lines with a zero byte; names as they are, one per line"),
                        offsetof(Options, one_per_line), true),
                   offsetof(Options, color), When::kNever),
              offsetof(Options, quoting), QuotingStyle::kLiteral),
         offsetof(Options, hide), Hide::kNo),
};

constexpr size_t kUsualWidth = 80;

// Too large a number is no limit. Errors: EINVAL.
Result<size_t> ParseColumns(StringView text) {
  const Result<uint64_t> number = ParseCNumber(text);
  if (!number.ok() && number.error() == abi::kERANGE) return size_t{0};
  if (!number.ok()) return number.error();
  return static_cast<size_t>(number.value());
}

// A variable of the environment that has a value.
const char* Variable(const Context& context, StringView name) {
  const char* const value = Environment(context, name);
  return value == nullptr || *value == '\0' ? nullptr : value;
}

// "ls: NAME=value: ignored: reason".
void ReportVariable(const Context& context, StringView name, StringView value) {
  String operand;
  AddText(operand, name);
  AddText(operand, "=");
  AddText(operand, value);
  Report(context, operand.view(), "invalid value in the environment is ignored");
}

bool ResolveWidth(const Context& context, Options& options, bool may_be_terminal) {
  options.width = kUsualWidth;
  if (options.width_argument != nullptr) {
    const Result<size_t> width = ParseColumns(options.width_argument);
    if (!width.ok()) {
      (void)UsageError(context, kCommand, options.width_argument, "invalid line width");
      return false;
    }
    options.width = width.value();
    return true;
  }
  // POSIX: COLUMNS overrides what the terminal says. A useless value is ignored.
  const char* const columns = Variable(context, "COLUMNS");
  const Result<size_t> width = ParseColumns(columns == nullptr ? "" : columns);
  if (width.ok()) {
    options.width = width.value();
    return true;
  }
  if (columns != nullptr) ReportVariable(context, "COLUMNS", columns);
  const unsigned terminal_columns = may_be_terminal ? sys::TerminalColumns(context.output) : 0;
  if (terminal_columns != 0) options.width = terminal_columns;
  return true;
}

bool ResolveTab(const Context& context, Options& options) {
  if (options.tab_argument != nullptr) {
    const Result<uint64_t> tab = ParseCNumber(options.tab_argument);
    if (!tab.ok()) {
      (void)UsageError(context, kCommand, options.tab_argument, "invalid tab size");
      return false;
    }
    options.tab = tab.value();
  } else if (const char* const text = Environment(context, "TABSIZE"); text != nullptr) {
    const Result<uint64_t> tab = ParseCNumber(text);
    if (tab.ok()) {
      options.tab = tab.value();
    } else {
      ReportVariable(context, "TABSIZE", text);
    }
  }
  // Terminals do not put up with tabs together with colours.
  if (options.has_color) options.tab = 0;
  return true;
}

void ResolveUnits(const Context& context, Options& options) {
  SizeUnit& unit = options.block_unit;
  switch (options.units) {
    case Units::kGiven:
      unit = options.given_unit;
      break;
    case Units::kBinary:
      unit.kind = SizeUnit::Kind::kBinary;
      break;
    case Units::kDecimal:
      unit.kind = SizeUnit::Kind::kDecimal;
      break;
    case Units::kDefault:
      unit = BlockSizeOfEnvironment(context, "LS_BLOCK_SIZE");
      // Those for blocks alone do not make sizes less exact.
      if (Environment(context, "LS_BLOCK_SIZE") != nullptr ||
          Environment(context, "BLOCK_SIZE") != nullptr) {
        options.size_unit = unit;
      }
      if (options.kibibytes) {
        unit = {};
        unit.block_size = 1024;
      }
      return;
  }
  options.size_unit = unit;
}

void ResolveColors(const Context& context, Options& options) {
  options.has_color = true;
  const char* const text = Variable(context, "LS_COLORS");
  if (text == nullptr) {
    options.has_color = Variable(context, "COLORTERM") != nullptr ||
                        TerminalHasColors(Environment(context, "TERM"));
    return;
  }
  char key[2];
  const FileColors::Fault fault = options.colors.Parse(text, key);
  if (fault == FileColors::Fault::kNone) return;
  options.has_color = false;
  if (fault == FileColors::Fault::kKey) {
    Report(context, {key, sizeof(key)},
           "LS_COLORS has an unrecognized prefix; there are no colours");
  } else if (fault == FileColors::Fault::kMemory) {
    Report(context, "LS_COLORS", Error{abi::kENOMEM});
  } else {
    Report(context, "LS_COLORS", "unparsable value; there are no colours");
  }
}

bool ResolveTimeStyle(const Context& context, Options& options) {
  StringView* const formats = options.time_formats;
  const char* text = options.full_time ? "full-iso" : options.time_style;
  if (text == nullptr) text = Environment(context, "TIME_STYLE");
  if (text == nullptr) text = "locale";
  // The locale is POSIX's, for which posix-STYLE is locale, whatever STYLE.
  if (StringView(text).StartsWith("posix-")) text = "locale";
  if (*text == '+') {
    const StringView given(text + 1);
    const size_t end = given.Find('\n');
    const StringView second = end == StringView::kNotFound ? given : given.From(end + 1);
    if (second.Find('\n') != StringView::kNotFound && end != StringView::kNotFound) {
      (void)UsageError(context, kCommand, given, "invalid time style: more than two lines");
      return false;
    }
    formats[0] = given.First(Min(end, given.size()));
    formats[1] = second;
    return true;
  }
  auto style = TimeStyle::kLocale;
  if (!TakeWord(context, "--time-style", kTimeStyles, text, reinterpret_cast<char*>(&style)))
    return false;
  switch (style) {
    case TimeStyle::kFullIso:
      formats[0] = formats[1] = "%Y-%m-%d %H:%M:%S.%N %z";
      break;
    case TimeStyle::kLongIso:
      formats[0] = formats[1] = "%Y-%m-%d %H:%M";
      break;
    case TimeStyle::kIso:
      formats[0] = "%Y-%m-%d ";
      formats[1] = "%m-%d %H:%M";
      break;
    case TimeStyle::kLocale:
      formats[0] = "%b %e  %Y";
      formats[1] = "%b %e %H:%M";
  }
  return true;
}

void ResolveQuoting(const Context& context, Options& options, bool on_terminal) {
  if (options.quoting == kDefaultQuoting) {
    options.quoting = on_terminal ? QuotingStyle::kShellEscape : QuotingStyle::kLiteral;
    if (const char* const text = Environment(context, "QUOTING_STYLE"); text != nullptr) {
      const int style = FindWord(kQuotingStyles, text);
      if (style >= 0) {
        options.quoting = static_cast<QuotingStyle>(style);
      } else {
        ReportVariable(context, "QUOTING_STYLE", text);
      }
    }
  }
  if (options.hide == Hide::kDefault) options.hide = on_terminal ? Hide::kYes : Hide::kNo;

  const bool quotes_some = options.quoting == QuotingStyle::kShell ||
                           options.quoting == QuotingStyle::kShellEscape ||
                           options.quoting == QuotingStyle::kCMaybe;
  const bool in_columns = options.format == Format::kColumns || options.format == Format::kAcross;
  options.aligns_quotes = quotes_some && (options.is_long() || (in_columns && options.width != 0));
  // What could be taken for an indicator or for a separator.
  char* next = options.special_text;
  if (options.quoting == QuotingStyle::kEscape) *next++ = ' ';
  if (options.format == Format::kCommas &&
      (quotes_some || options.quoting == QuotingStyle::kEscape)) {
    *next++ = ',';
  }
  StringView marks;
  if (options.indicator == Indicator::kFileType) marks = "*=>@|";
  if (options.indicator == Indicator::kClassify) marks = "=>@|";
  __builtin_memcpy(next, marks.data(), marks.size());
  next += marks.size();
  options.special = {options.special_text, static_cast<size_t>(next - options.special_text)};
}

}  // namespace

constexpr Description kDescription = {
    .usage = "[OPTION]... [FILE]...",
    .summary =
        "Lists each FILE, and what is in those that are directories. With no FILE, lists the "
        "working directory.",
    .options = kOptions,
    .usage_status = 2,
};
constexpr Command kCommand = Packed<kDescription>();

bool Resolve(const Context& context, Options& options) {
  if (options.zero) options.line_end = '\0';
  if (!options.is_long() && options.one_per_line) options.format = Format::kOnePerLine;

  const bool decided = options.format != Format::kDefault && options.quoting != kDefaultQuoting &&
                       options.hide != Hide::kDefault;
  const bool asks = options.color == When::kOnTerminal || options.classify == When::kOnTerminal ||
                    options.hyperlink == When::kOnTerminal;
  const bool matters = asks || !decided;
  const bool on_terminal = matters && sys::IsTerminal(context.output);
  const auto applies = [&](When when) {
    return when == When::kAlways || (when == When::kOnTerminal && on_terminal);
  };
  if (options.format == Format::kDefault)
    options.format = on_terminal ? Format::kColumns : Format::kOnePerLine;
  if (applies(options.classify)) options.indicator = Indicator::kClassify;
  options.hyperlink = applies(options.hyperlink) ? When::kAlways : When::kNever;
  const bool wants_color = applies(options.color);
  if (wants_color) ResolveColors(context, options);

  const bool shows_time = options.is_long() || !options.sorts_by_time;
  if (options.sort == Sort::kDefault) options.sort = shows_time ? Sort::kName : Sort::kTime;
  if (options.links == Links::kDefault) {
    const bool as_they_are =
        options.directory || options.is_long() || options.indicator == Indicator::kClassify;
    options.links = as_they_are ? Links::kNever : Links::kDirectoryOperands;
  }
  if (options.directory) options.recursive = false;

  const bool in_columns = options.format != Format::kLong && options.format != Format::kOnePerLine;
  if (in_columns || wants_color || options.width_argument != nullptr) {
    if (!ResolveWidth(context, options, on_terminal || !matters)) return false;
  }
  if ((in_columns || options.tab_argument != nullptr) && !ResolveTab(context, options))
    return false;
  // A wrong one is reported also where no time is shown.
  const bool has_style = options.is_long() || options.time_style != nullptr;
  if (has_style && !ResolveTimeStyle(context, options)) return false;
  if (options.is_long() || options.blocks) ResolveUnits(context, options);
  ResolveQuoting(context, options, on_terminal);

  options.needs_status = options.is_long() || options.blocks || options.sort == Sort::kTime ||
                         options.sort == Sort::kSize;
  options.follows_links = options.directories_first || options.Shows(FileColor::kOrphan) ||
                          (options.has_color && options.colors.links_as_targets() &&
                           options.Shows(FileColor::kExecutable)) ||
                          (options.is_long() && options.Shows(FileColor::kMissing));
  options.needs_type = options.recursive || options.has_color || options.directories_first ||
                       options.indicator != Indicator::kNone;
  return true;
}

}  // namespace ls

const Description& ThisCommand() { return ls::kDescription; }

}  // namespace cation
