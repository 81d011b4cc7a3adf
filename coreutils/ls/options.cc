// SPDX-License-Identifier: MIT
#include "coreutils/ls/options.h"

#include "runtime/core/format.h"

namespace cation {
namespace ls {
namespace {

constexpr char kWhen[] = "never no none|always yes force|auto tty if-tty";

constexpr Option kOptions[] = {
    Flag("-1", offsetof(Options, one_per_line), "one name per line"),
    Choice("-a, --all", offsetof(Options, show), Show::kAll, "show names that begin with . too"),
    Choice("-A, --almost-all", offsetof(Options, show), Show::kAlmostAll,
           "the same, without . and .."),
    Choice("-c", offsetof(Options, time), Time::kChange,
           "show and sort by the time of the last change of status"),
    Also(Choice("-C", offsetof(Options, format), Format::kColumns, "in columns, sorted downwards"),
         offsetof(Options, one_per_line), false),
    OptionalWord("--color[=WHEN]", offsetof(Options, color), When::kAlways, kWhen,
                 "colour names by type: always, auto, never"),
    Flag("-d, --directory", offsetof(Options, directory),
         "list directories themselves, not what they hold"),
    Expand("-f", "aU", "equivalent to -aU"),
    OptionalWord("-F, --classify[=WHEN]", offsetof(Options, indicator), Indicator::kClassify, kWhen,
                 "append one of */=@| to names: always, auto, never"),
    Choice("--file-type", offsetof(Options, indicator), Indicator::kFileType,
           "the same, without *"),
    Also(
        Flag("--full-time", offsetof(Options, full_time), "equivalent to -l --time-style=full-iso"),
        offsetof(Options, format), Format::kLong),
    Also(Flag("-g", offsetof(Options, hide_owner), "as -l, without the owner"),
         offsetof(Options, format), Format::kLong),
    Flag("-G, --no-group", offsetof(Options, hide_group), "no group in a long listing"),
    Choice("-h, --human-readable", offsetof(Options, units), Units::kBinary,
           "sizes such as 1.1K and 234M"),
    Choice("--si", offsetof(Options, units), Units::kDecimal, "the same, in powers of 1000"),
    Choice("-H, --dereference-command-line", offsetof(Options, links), Links::kOperands,
           "follow symbolic links given as operands"),
    Flag("-i, --inode", offsetof(Options, inode), "show the inode number of each file"),
    Flag("-k, --kibibytes", offsetof(Options, ignored), "no effect: blocks are of 1024 bytes"),
    Choice("-l", offsetof(Options, format), Format::kLong, "long listing"),
    Choice("-L, --dereference", offsetof(Options, links), Links::kAlways,
           "show what symbolic links lead to"),
    Also(Choice("-m", offsetof(Options, format), Format::kCommas, "in lines, separated by commas"),
         offsetof(Options, one_per_line), false),
    Also(Flag("-n, --numeric-uid-gid", offsetof(Options, numeric),
              "as -l, with numbers for owner and group"),
         offsetof(Options, format), Format::kLong),
    Choice("-N, --literal", offsetof(Options, quoting), Quoting::kLiteral, "names without quotes"),
    Also(Flag("-o", offsetof(Options, hide_group), "as -l, without the group"),
         offsetof(Options, format), Format::kLong),
    Choice("-p", offsetof(Options, indicator), Indicator::kSlash, "append / to directories"),
    Choice("-q, --hide-control-chars", offsetof(Options, quoting), Quoting::kHideControl,
           "? in place of control characters"),
    Flag("-r, --reverse", offsetof(Options, reverse), "sort the other way round"),
    Flag("-R, --recursive", offsetof(Options, recursive),
         "list subdirectories too, at every depth"),
    Flag("-s, --size", offsetof(Options, blocks), "show the space each file takes, in blocks"),
    Choice("-S", offsetof(Options, sort), Sort::kSize, "sort by size, largest first"),
    Choice("-t", offsetof(Options, sort), Sort::kTime, "sort by time, newest first"),
    Word("--time-style=STYLE", offsetof(Options, time_style), "full-iso|long-iso|iso|locale",
         "full-iso, long-iso, iso or locale"),
    Choice("-u", offsetof(Options, time), Time::kAccess,
           "show and sort by the time of the last access"),
    Choice("-U", offsetof(Options, sort), Sort::kNone, "do not sort"),
    Value("-w, --width=COLUMNS", offsetof(Options, width_argument),
          "lines of COLUMNS characters; 0 is no limit"),
    Also(Choice("-x", offsetof(Options, format), Format::kAcross, "in columns, sorted across"),
         offsetof(Options, one_per_line), false),
    Flag("--zero", offsetof(Options, zero),
         "end lines with a zero byte; names as they are, one per line"),
};

constexpr size_t kUsualWidth = 80;

bool ResolveWidth(const Context& context, Options& options, bool on_terminal) {
  options.width = kUsualWidth;
  if (options.width_argument != nullptr) {
    const Result<uint64_t> width = ParseNumber(options.width_argument);
    if (!width.ok() && width.error() == abi::kEINVAL) {
      (void)UsageError(context, kCommand, options.width_argument, "invalid line width");
      return false;
    }
    options.width = width.ok() ? width.value() : 0;  // what is too large is no limit
    return true;
  }
  // POSIX: COLUMNS overrides what the terminal says. A useless value is ignored.
  const char* const columns = Environment(context, "COLUMNS");
  const Result<uint64_t> width = ParseNumber(columns == nullptr ? "" : columns);
  if (width.ok()) {
    options.width = width.value();
  } else if (on_terminal) {
    const unsigned terminal_columns = sys::TerminalColumns(context.output);
    if (terminal_columns != 0) options.width = terminal_columns;
  }
  return true;
}

}  // namespace

constexpr Command kCommand = {
    .usage = "[OPTION]... [FILE]...",
    .summary =
        "Lists each FILE, and what is in those that are directories. With no FILE, lists the "
        "working directory.",
    .options = kOptions,
    .usage_status = 2,
};

bool Resolve(const Context& context, Options& options) {
  if (options.full_time) options.time_style = TimeStyle::kFullIso;
  if (!options.is_long() && (options.one_per_line || options.zero))
    options.format = Format::kOnePerLine;
  if (options.zero) {
    options.line_end = '\0';
    options.quoting = Quoting::kLiteral;
    options.color = When::kNever;
  }

  const bool decided = options.format != Format::kDefault && options.quoting != Quoting::kDefault;
  const bool asks =
      options.color == When::kOnTerminal || options.indicator == Indicator::kClassifyOnTerminal;
  const bool on_terminal = !options.zero &&
                           (asks || !decided || options.quoting == Quoting::kLiteral) &&
                           sys::IsTerminal(context.output);
  if (options.format == Format::kDefault)
    options.format = on_terminal ? Format::kColumns : Format::kOnePerLine;
  if (options.color == When::kOnTerminal)
    options.color = on_terminal ? When::kAlways : When::kNever;
  if (options.indicator == Indicator::kClassifyOnTerminal) {
    options.indicator = on_terminal ? Indicator::kClassify : Indicator::kNone;
  }
  if (options.quoting == Quoting::kDefault) {
    options.quoting = on_terminal ? Quoting::kShell : Quoting::kLiteral;
  } else if (options.quoting == Quoting::kLiteral && on_terminal) {
    options.quoting = Quoting::kHideControl;
  }

  const bool shows_time = options.is_long() || options.time == Time::kModification;
  if (options.sort == Sort::kDefault) options.sort = shows_time ? Sort::kName : Sort::kTime;
  if (options.links == Links::kDefault) {
    const bool as_they_are =
        options.directory || options.is_long() || options.indicator == Indicator::kClassify;
    options.links = as_they_are ? Links::kNever : Links::kDirectoryOperands;
  }
  if (options.directory) options.recursive = false;

  const bool needs_width =
      options.color == When::kAlways ||
      (options.format != Format::kLong && options.format != Format::kOnePerLine);
  return !needs_width && options.width_argument == nullptr
             ? true
             : ResolveWidth(context, options, on_terminal);
}

}  // namespace ls

const Command& ThisCommand() { return ls::kCommand; }

}  // namespace cation
