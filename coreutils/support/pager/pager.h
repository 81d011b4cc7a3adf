// SPDX-License-Identifier: MIT
//
// The pager behind less and more.
//
// Keys are read from the terminal that standard input is, or /dev/tty, or standard error's: Redox
// has no /dev/tty. Terminals are spoken to by the sequences that all in use understand; a dumb one
// gets lines, and prompts on lines of their own. A terminal that does not know its size (a serial
// line, Redox's debug console) has 24 rows of 80 columns, or what LINES and COLUMNS say. Redox's
// terminals send no signal when their size changes, so it is asked for with each screen. How the
// terminal was is put back whatever ends the program, but for SIGKILL.
#ifndef CATION_COREUTILS_SUPPORT_PAGER_PAGER_H_
#define CATION_COREUTILS_SUPPORT_PAGER_PAGER_H_

#include "runtime/start/context.h"

namespace cation::pager {

// Which programs have this pager: what none of those does is left out when they are linked. less
// and more define it, each for itself; programs_both.cc does where they are one program.
enum class Programs : uint8_t { kLess, kMore, kBoth };
extern const Programs kPagerPrograms;

// Whether what only less does is needed.
inline bool HasLess() { return kPagerPrograms != Programs::kMore; }

enum class Case : uint8_t { kExact, kSmart, kIgnore };
enum class Prompt : uint8_t { kShort, kMedium, kLong };

struct Options {
  const char* pattern = nullptr;  // to be searched for first
  const char* tab = nullptr;
  const char* window = nullptr;
  const char* shift = nullptr;
  const char* command = nullptr;  // keys to be typed first
  const char* unused = nullptr;   // what options have that change nothing here
  Case letters = Case::kExact;
  Prompt prompt = Prompt::kShort;
  bool is_more = false;             // see IsMore()
  bool exit_at_end = false;         // at once
  bool exit_at_second_end = false;  // when asked to go on there
  bool exit_if_one_screen = false;
  bool keep_screen = false;  // not the terminal's other screen
  bool numbers = false;
  bool no_line_numbers = false;  // not in prompts
  bool quiet = false;
  bool raw = false;
  bool colors = false;
  bool chop = false;
  bool squeeze = false;
  bool no_striking = false;  // backspaces are shown
  bool from_top = false;     // each screen anew, instead of scrolling
  bool no_highlight = false;
  bool interrupt_exits = false;
  bool no_tildes = false;
  bool command_in_each = false;  // in each file, not in the first alone
  bool ignored = false;          // options that change nothing here
  bool version = false;
};

// What it is to behave as.
inline bool IsMore(const Options& options) {
  return kPagerPrograms == Programs::kBoth ? options.is_more : !HasLess();
}

// Shows the files named, or standard input. Returns the exit status.
int Show(Context& context, Options& options, Span<char*> files);

}  // namespace cation::pager

#endif  // CATION_COREUTILS_SUPPORT_PAGER_PAGER_H_
