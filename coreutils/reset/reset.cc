// SPDX-License-Identifier: MIT
//
// reset: makes a terminal usable again that a program has left in a mess. As the reset of ncurses
// (tset), with its options but -m and -p; POSIX has none.
//
// Works on standard error's, standard output's or standard input's terminal, whichever is one: the
// settings become those of `stty sane` with eight bits and without parity, whatever they were; then
// the terminal is told to start anew, with one write. Nothing waits, where ncurses sleeps a second
// for terminals with paper. What is written needs no data base (see clear). Redox: settings that
// ptyd does not know are none.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/terminal.h"
#include "runtime/core/format.h"

namespace cation {
namespace {

struct Options {
  const char* erase = nullptr;
  const char* interrupt = nullptr;
  const char* kill = nullptr;
  bool quiet = false;
  bool no_strings = false;
  bool settings = false;
  bool size = false;
  bool type = false;
  bool shell = false;
  bool version = false;
};

constexpr Option kOptions[] = {
    Flag("-c", offsetof(Options, settings), "set the terminal's modes and control characters"),
    Value("-e CHARACTER", offsetof(Options, erase), "what erases a character: ^H, ^?, or itself"),
    Value("-i CHARACTER", offsetof(Options, interrupt), "what interrupts"),
    Flag("-I", offsetof(Options, no_strings), "do not send the terminal anything"),
    Value("-k CHARACTER", offsetof(Options, kill), "what erases the line"),
    Flag("-q", offsetof(Options, type), "print the terminal's type, and change nothing"),
    Flag("-Q", offsetof(Options, quiet), "nothing: which characters erase and kill is not told"),
    Flag("-r", offsetof(Options, type), "the same as -q"),
    Flag("-s", offsetof(Options, shell), "print the shell command that sets TERM"),
    Flag("-V", offsetof(Options, version), "as --version"),
    Flag("-w", offsetof(Options, size), "set the size to that of LINES and COLUMNS"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... [TYPE]",
    .summary =
        "Makes the terminal usable again: sane modes, and all that was sent to it undone.\n"
        "With -c or -w it does that alone. TYPE takes the place of TERM.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

// Full reset; then, for terminals that do not know it, its parts: soft reset, 80 columns and no
// smooth scrolling, no insertion, plain keypad.
constexpr char kStartAnew[] = "\033c\033[!p\033[?3;4l\033[4l\033>";

// "^H", "^?", or a character itself.
void SetCharacter(sys::TerminalSettings& settings, uint8_t index, const char* text) {
  if (text == nullptr || *text == '\0') return;
  auto byte = static_cast<uint8_t>(*text);
  if (byte == '^' && text[1] != '\0')
    byte = text[1] == '?' ? 0x7f : static_cast<uint8_t>(text[1] & 0x1f);
  settings.characters[index] = byte;
}

unsigned NumberOf(const Context& context, StringView variable) {
  const char* const text = Environment(context, variable);
  const Result<uint64_t> number = ParseNumber(text == nullptr ? "" : text);
  constexpr uint64_t kMost = 65535;
  return number.ok() && number.value() <= kMost ? static_cast<unsigned>(number.value()) : 0;
}

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
  if (context.arguments.size() > 1)
    return UsageError(context, kCommand, context.arguments[1], "extra operand");
  const char* type = Environment(context, "TERM");
  if (context.arguments.size() == 1) type = context.arguments[0];
  if (type == nullptr) type = "unknown";
  Output out(context);
  if (options.type) {
    out.Write(type);
    out.Write("\n");
    return out.Finish(0);
  }

  sys::Descriptor terminal = sys::kNone;
  Result<sys::TerminalSettings> found = Error{abi::kENOTTY};
  const sys::Descriptor candidates[] = {context.errors, context.output, context.input};
  for (const sys::Descriptor candidate : candidates) {
    terminal = candidate;
    found = sys::SettingsOf(candidate);
    if (found.ok()) break;
  }
  if (!found.ok()) {
    Report(context, "terminal", found.error());
    return 1;
  }
  const bool all = !options.settings && !options.size;
  if (all || options.settings) {
    sys::TerminalSettings settings = found.value();
    MakeSane(settings);
    constexpr auto& kInput = sys::kTerminal.input;
    constexpr auto& kControl = sys::kTerminal.control;
    settings.input &= ~(kInput.istrip | kInput.inpck | kInput.parmrk);
    settings.input |= kInput.ixon;
    settings.control &= ~(kControl.parenb | kControl.parodd | kControl.cstopb);
    settings.control |= kControl.cs6 | kControl.cs7;
    SetCharacter(settings, sys::kTerminal.characters.erase, options.erase);
    SetCharacter(settings, sys::kTerminal.characters.intr, options.interrupt);
    SetCharacter(settings, sys::kTerminal.characters.kill, options.kill);
    const Result<void> set = sys::SetSettings(terminal, settings, sys::ApplySettings::kAfterOutput);
    if (!set.ok()) {
      Report(context, "terminal", set.error());
      status = 1;
    }
  }
  if (options.size) {
    const sys::TerminalSize size = {NumberOf(context, "LINES"), NumberOf(context, "COLUMNS")};
    const Result<void> set =
        size.rows == 0 || size.columns == 0 ? Result<void>() : sys::SetSize(terminal, size);
    if (!set.ok()) {
      Report(context, "terminal", "cannot set the size", set.error());
      status = 1;
    }
  }
  if (all && !options.no_strings && UnderstandsSequences(type)) {
    const Result<void> written = sys::WriteAll(terminal, kStartAnew);
    if (!written.ok()) {
      Report(context, "terminal", written.error());
      status = 1;
    }
  }
  if (options.shell) {
    out.Write("TERM=");
    out.Write(type);
    out.Write(";\n");
  }
  return out.Finish(status);
}

}  // namespace cation
