// SPDX-License-Identifier: MIT
//
// Signals as kill's and timeout's operands name them: also the real-time ones, and exit statuses.
#ifndef CATION_COREUTILS_SUPPORT_SIGNAL_TEXT_H_
#define CATION_COREUTILS_SUPPORT_SIGNAL_TEXT_H_

#include "coreutils/support/signal_names.h"
#include "runtime/core/string.h"

namespace cation {

inline constexpr int kNoSignal = -1;
// Those of programs on Linux, whose C library keeps two; Redox keeps one.
inline constexpr int kFirstRealTimeSignal = 34;
inline constexpr int kLastRealTimeSignal = kMostSignals;

// The signal that `text` means, 0 to kMostSignals: a name in small or capital letters, with SIG or
// without ("EXIT" is 0, "RTMIN+1" and "RTMAX-1" count from the ends); or a number, which may be the
// exit status of what a signal has ended (128 or 256 more). kNoSignal if none.
[[nodiscard]] int ParseSignal(StringView text);

// The name without SIG; empty where it has none.
class SignalName {
 public:
  explicit SignalName(int signal);
  [[nodiscard]] StringView view() const { return {text_, size_}; }

 private:
  char text_[8];  // "RTMAX-14"
  size_t size_ = 0;
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_SIGNAL_TEXT_H_
