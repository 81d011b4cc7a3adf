// SPDX-License-Identifier: MIT
#include "coreutils/support/terminal.h"

namespace cation {

bool UnderstandsSequences(const char* type) {
  if (type == nullptr) return true;
  const StringView name = type;
  return !(name == "dumb" || name == "unknown");
}

void MakeSane(sys::TerminalSettings& settings) {
  constexpr auto& kInput = sys::kTerminal.input;
  constexpr auto& kOutput = sys::kTerminal.output;
  constexpr auto& kLocal = sys::kTerminal.local;
  settings.input &= ~(kInput.ignbrk | kInput.inlcr | kInput.igncr | kInput.ixoff | kInput.iuclc |
                      kInput.ixany | kInput.iutf8);
  settings.input |= kInput.brkint | kInput.icrnl | kInput.imaxbel;
  settings.output &= ~(kOutput.olcuc | kOutput.ocrnl | kOutput.onocr | kOutput.onlret |
                       kOutput.ofill | kOutput.ofdel | kOutput.nl1 | kOutput.cr1 | kOutput.cr2 |
                       kOutput.tab1 | kOutput.tab2 | kOutput.bs1 | kOutput.vt1 | kOutput.ff1);
  settings.output |= kOutput.opost | kOutput.onlcr;
  settings.control |= sys::kTerminal.control.cread;
  settings.local &= ~(kLocal.echonl | kLocal.noflsh | kLocal.xcase | kLocal.tostop |
                      kLocal.echoprt | kLocal.extproc | kLocal.flusho);
  settings.local |= kLocal.isig | kLocal.icanon | kLocal.iexten | kLocal.echo | kLocal.echoe |
                    kLocal.echok | kLocal.echoctl | kLocal.echoke;
  // Where min and time share their places with eof and eol, those come last.
  settings.characters[sys::kTerminal.characters.min] = 1;
  settings.characters[sys::kTerminal.characters.time] = 0;
  for (const TerminalCharacter& character : kTerminalCharacters) {
    if (character.index != abi::kNoCharacter) settings.characters[character.index] = character.sane;
  }
}

}  // namespace cation
