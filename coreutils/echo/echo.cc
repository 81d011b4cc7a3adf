// SPDX-License-Identifier: MIT
//
// echo: writes its arguments. POSIX.1-2024 leaves -n and backslashes to the implementation; here
// both are as GNU's: -n, -e, -E, also together (-neE), before the first other argument; escapes
// only after -e, where \c ends the output at once. With POSIXLY_CORRECT escapes always count, and
// options only where the first is -n. --help and --version are answered where they are the only
// argument. All that there is to write goes out in one call.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/escape.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"

namespace cation {
namespace {

struct Options {
  bool no_newline = false;
  bool escapes = false;
};

// For the documentation: the loop below reads them.
constexpr Option kOptions[] = {
    Flag("-n", offsetof(Options, no_newline), "do not end with a newline"),
    Flag("-e", offsetof(Options, escapes),
         "understand \\\\ \\a \\b \\c \\e \\f \\n \\r \\t \\v \\0NNN \\xHH"),
    Choice("-E", offsetof(Options, escapes), false, "leave backslashes alone (default)"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... [STRING]...",
    .summary = "Writes each STRING, with spaces between them, and a newline.",
    .options = kOptions,
    .help = Description::Help::kAlone,
};
constexpr Command kCommand = Packed<kDescription>();

// Takes an argument such as -neE. Returns false when it is none, but the first of the text.
bool TakeOptions(StringView argument, Options* options) {
  if (argument.size() < 2 || argument[0] != '-') return false;
  Options taken = *options;
  for (const char letter : argument.From(1)) {
    if (letter == 'n') {
      taken.no_newline = true;
    } else if (letter == 'e' || letter == 'E') {
      taken.escapes = letter == 'e';
    } else {
      return false;
    }
  }
  *options = taken;
  return true;
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Span<char*> words = context.arguments;
  const bool is_posix = Environment(context, "POSIXLY_CORRECT") != nullptr;
  Options options;
  if (!is_posix || (!words.empty() && StringView(words[0]) == "-n")) {
    int status = 0;
    if (AnswersHelp(context, kCommand, &status)) return status;
    while (!words.empty() && TakeOptions(words[0], &options)) words = words.From(1);
  }
  options.escapes |= is_posix;

  // What an escape stands for is never longer than the escape.
  size_t size = 1;
  for (const char* const word : words) size += StringView(word).size() + 1;
  String text;
  const Result<void> reserved = text.Resize(size);
  if (!reserved.ok()) {
    Report(context, {nullptr, 0}, reserved.error());
    return 1;
  }
  char* end = text.data();
  bool stopped = false;
  for (size_t i = 0; i < words.size() && !stopped; ++i) {
    if (i != 0) *end++ = ' ';
    for (StringView rest = words[i]; !rest.empty();) {
      if (!options.escapes || rest[0] != '\\') {
        *end++ = rest[0];
        rest = rest.From(1);
        continue;
      }
      const Escape escape = ReadEscape(rest, EscapeDialect::kEcho);
      stopped = escape.kind == Escape::Kind::kStop;
      if (stopped) break;
      for (const char byte : escape.view()) *end++ = byte;
      rest = rest.From(escape.length);
    }
  }
  if (!stopped && !options.no_newline) *end++ = '\n';

  Output out(context);
  text.Truncate(static_cast<size_t>(end - text.data()));
  if (!text.empty()) out.WriteThrough(text.view());
  return out.Finish(0);
}

}  // namespace cation
