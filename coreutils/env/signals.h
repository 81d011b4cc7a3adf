// SPDX-License-Identifier: MIT
//
// What env's command is to do with signals.
#ifndef CATION_COREUTILS_ENV_SIGNALS_H_
#define CATION_COREUTILS_ENV_SIGNALS_H_

#include "coreutils/support/options.h"

namespace cation::env {

// Sets have the bit N - 1 for signal N.
struct Signals {
  uint64_t ignored = 0;
  uint64_t defaulted = 0;
  uint64_t named = 0;  // of both: not all that there are
  uint64_t blocked = 0;
  uint64_t unblocked = 0;
};

// For the table: parsers of "SIG,SIG", or of nothing, which is all; their field is a Signals.
bool ParseIgnored(const Context& context, const Command& command, PackedOption option,
                  StringView argument, char* field);
bool ParseDefaulted(const Context& context, const Command& command, PackedOption option,
                    StringView argument, char* field);
bool ParseBlocked(const Context& context, const Command& command, PackedOption option,
                  StringView argument, char* field);

// Does what the options ask for; with `say`, tells of each. Returns false after a report.
[[nodiscard]] bool Arrange(const Context& context, const Signals& signals, bool say);
// Tells of the signals that are ignored or blocked.
void ListSignals(const Context& context);

}  // namespace cation::env

#endif  // CATION_COREUTILS_ENV_SIGNALS_H_
