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
// The signal that `text` means: a number, or a name in small or capital letters, with SIG or
// without. 0 if none.
[[nodiscard]] int FindSignal(StringView text);

// A name as that, in small or capital letters, without SIG; 0 if it is none.
[[nodiscard]] int FindSignalName(StringView text);

// Takes `letters`, capitals, off `text`, where they may be small ones; returns whether it begins
// with them.
[[nodiscard]] bool TakeLetters(StringView& text, StringView letters);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_SIGNAL_NAMES_H_
