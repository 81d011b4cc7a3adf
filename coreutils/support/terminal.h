// SPDX-License-Identifier: MIT
//
// What programs for terminals share: whether there is one that can be commanded, and sane settings.
#ifndef CATION_COREUTILS_SUPPORT_TERMINAL_H_
#define CATION_COREUTILS_SUPPORT_TERMINAL_H_

#include "runtime/start/context.h"
#include "runtime/sys/terminal.h"

namespace cation {

// Whether a terminal of the type `type` (TERM; nullptr when that is not set) understands the
// control sequences of ECMA-48. There is no data base of terminals: all in use do, but for "dumb"
// and "unknown", which are what TERM is set to where nothing does. The consoles of Redox and what
// logs in over its serial line may not set it at all.
[[nodiscard]] bool UnderstandsSequences(const char* type);

// One of kTerminal.characters: what stty calls it, where it is, and what it is when all is sane.
struct TerminalCharacter {
  const char* name;
  uint8_t index;  // abi::kNoCharacter: there is none
  uint8_t sane;
};
// In the order in which GNU's stty shows them; min and time are not among them.
inline constexpr TerminalCharacter kTerminalCharacters[] = {
    {"intr", sys::kTerminal.characters.intr, 'C' & 0x1f},
    {"quit", sys::kTerminal.characters.quit, '\\' & 0x1f},
    {"erase", sys::kTerminal.characters.erase, 0x7f},
    {"kill", sys::kTerminal.characters.kill, 'U' & 0x1f},
    {"eof", sys::kTerminal.characters.eof, 'D' & 0x1f},
    {"eol", sys::kTerminal.characters.eol, 0},
    {"eol2", sys::kTerminal.characters.eol2, 0},
    {"swtch", sys::kTerminal.characters.swtch, 0},
    {"start", sys::kTerminal.characters.start, 'Q' & 0x1f},
    {"stop", sys::kTerminal.characters.stop, 'S' & 0x1f},
    {"susp", sys::kTerminal.characters.susp, 'Z' & 0x1f},
    {"rprnt", sys::kTerminal.characters.rprnt, 'R' & 0x1f},
    {"werase", sys::kTerminal.characters.werase, 'W' & 0x1f},
    {"lnext", sys::kTerminal.characters.lnext, 'V' & 0x1f},
    {"discard", sys::kTerminal.characters.discard, 'O' & 0x1f},
};

// What GNU's `stty sane` makes of them: a terminal that a person can type at. Size, speeds, parity
// and flow control stay.
void MakeSane(sys::TerminalSettings& settings);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_TERMINAL_H_
