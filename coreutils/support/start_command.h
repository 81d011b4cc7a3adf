// SPDX-License-Identifier: MIT
//
// Starting the command that is an operand: `timeout 5 COMMAND ARG`.
#ifndef CATION_COREUTILS_SUPPORT_START_COMMAND_H_
#define CATION_COREUTILS_SUPPORT_START_COMMAND_H_

#include "runtime/start/context.h"

namespace cation {

// Exit statuses of who starts commands; kBySignal and its number where a signal has ended one.
inline constexpr int kBySignal = 128;
inline constexpr int kCannotStart = 125;   // it failed itself
inline constexpr int kCannotInvoke = 126;  // the command is there
inline constexpr int kNotFound = 127;

// Starts `words`, the operands or the last of them (nullptr is put behind them). The first is
// looked for as execvp() does (find_program.h). The program has `streams` and this one's
// environment. `blocked`, if not nullptr: its blocked signals. What goes wrong is reported, and
// `*status` is what to end with; the result is sys::kNoProcess then.
[[nodiscard]] sys::Process StartCommand(const Context& context, Span<char*> words,
                                        const sys::Streams& streams, const uint64_t* blocked,
                                        int* status);
// The same with this one's streams.
[[nodiscard]] inline sys::Process StartCommand(const Context& context, Span<char*> words,
                                               const uint64_t* blocked, int* status) {
  return StartCommand(context, words, {context.input, context.output, context.errors}, blocked,
                      status);
}

// From now on what the terminal sends (INT, QUIT) is for the command alone.
void IgnoreTerminalSignals();

// Waits for `process`, which `name` was started as, and returns what to end with. That it cannot be
// waited for is reported, and is kCannotStart.
[[nodiscard]] int WaitForCommand(const Context& context, StringView name, sys::Process process);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_START_COMMAND_H_
