// SPDX-License-Identifier: MIT
//
// Signals by name. The numbers are Linux's, which relibc has too.
#ifndef CATION_COREUTILS_SUPPORT_SIGNAL_NAMES_H_
#define CATION_COREUTILS_SUPPORT_SIGNAL_NAMES_H_

#include "runtime/core/string_view.h"

namespace cation {

// They are numbered from 1 on; those above 31 have no names here.
inline constexpr int kMostSignals = 64;

// The name without SIG; empty when it has none.
[[nodiscard]] StringView NameOfSignal(int signal);
// The signal whose name is `text`, in small or capital letters; 0 if none.
[[nodiscard]] int FindSignalName(StringView text);
// Takes `word`, which has capital letters, from the front of `text`, which may have small ones.
// Returns false, and takes nothing, when something else is there.
bool TakeWord(StringView& text, StringView word);
// The signal that `text` means: a number, or a name in small or capital letters, with SIG or
// without. 0 if none.
[[nodiscard]] int FindSignal(StringView text);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_SIGNAL_NAMES_H_
