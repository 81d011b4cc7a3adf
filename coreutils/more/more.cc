// SPDX-License-Identifier: MIT
//
// more: shows files a screen at a time. POSIX.1-2024, but for tags (-t, :t), :e and the editor (v),
// which there are none of, and back-references in patterns, which are basic regular expressions;
// with arrows and the like beside its own keys. Of other systems' options, -NUMBER.
//
// It is the pager of less (coreutils/support/pager) without what only less has, and with more's
// manners: what it shows stays on the screen, a text that fits there is shown and no more, and
// asking to go on at the end ends it; with -e it ends by itself there. MORE may hold options. What
// is not written to a terminal is copied as by cat; of options only -s counts then, as POSIX has
// it.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/pager/arguments.h"
#include "coreutils/support/pager/pager.h"
#include "runtime/core/format.h"

namespace cation {
namespace {

using pager::Options;

constexpr Option kOptions[] = {
    Flag("-c", offsetof(Options, from_top), "draw each screen anew, instead of scrolling"),
    Flag("-d", offsetof(Options, ignored), "no effect"),
    Flag("-e", offsetof(Options, exit_at_end), "end at the end, unasked"),
    Flag("-f", offsetof(Options, ignored), "no effect"),
    Choice("-i", offsetof(Options, letters), pager::Case::kIgnore,
           "case does not matter in patterns"),
    Flag("-l", offsetof(Options, ignored), "no effect"),
    Value("-n NUMBER", offsetof(Options, window), "a screen has NUMBER lines"),
    Value("-p COMMAND", offsetof(Options, pattern), "in each file, type COMMAND first"),
    Flag("-s", offsetof(Options, squeeze), "show one of several empty lines"),
    Flag("-u", offsetof(Options, no_striking), "show backspaces, instead of bold and underlined"),
    Flag("-V", offsetof(Options, version), "as --version"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... [FILE]...",
    .summary =
        "Shows each FILE, or standard input, a screen at a time; the key h tells of the others.\n"
        "+COMMAND is as -p, for the first FILE. The variable MORE may hold options.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

}  // namespace

const pager::Programs pager::kPagerPrograms = pager::Programs::kMore;

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  pager::Arguments arguments;
  if (!arguments.Collect(context, kCommand, "MORE", true).ok()) {
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
  if (options.window != nullptr) {
    const Result<uint64_t> lines = ParseNumber(options.window);
    if (!lines.ok() || lines.value() == 0)
      return UsageError(context, kCommand, options.window, "invalid number of lines");
  }
  const Span<char*> files = context.arguments;
  if (files.empty() && sys::IsTerminal(context.input)) {
    ReportUsage(context, {nullptr, 0}, "missing operand");
    return 1;
  }
  // The option's argument is a command here, not a pattern.
  const char* const command = Exchange(options.pattern, static_cast<const char*>(nullptr));
  if (command != nullptr) {
    arguments.in_each = true;
    if (!arguments.AddKeys(command).ok()) {
      Report(context, "out of memory");
      return 1;
    }
  }
  options.command = arguments.keys.c_str();
  options.command_in_each = arguments.in_each;
  options.is_more = true;
  return pager::Show(context, options, files);
}

}  // namespace cation
