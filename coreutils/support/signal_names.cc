// SPDX-License-Identifier: MIT
#include "coreutils/support/signal_names.h"

#include "runtime/core/utility.h"

namespace cation {
namespace {

// From 1 on.
constexpr StringView kNames =
    "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP "
    "TSTP "
    "TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH POLL PWR SYS ";

bool SameLetters(StringView name, StringView text) {
  if (name.size() != text.size()) return false;
  for (size_t i = 0; i < name.size(); ++i) {
    const char letter =
        text[i] >= 'a' && text[i] <= 'z' ? static_cast<char>(text[i] - 32) : text[i];
    if (letter != name[i]) return false;
  }
  return true;
}

}  // namespace

StringView NameOfSignal(int signal) {
  StringView rest = kNames;
  for (; !rest.empty() && signal > 1; --signal) rest = rest.From(rest.Find(' ') + 1);
  return signal < 1 || rest.empty() ? StringView() : rest.First(rest.Find(' '));
}

int FindSignal(StringView text) {
  int number = 0;
  size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits)
    number = Min(number * 10 + (text[digits] - '0'), kMostSignals + 1);
  if (digits != 0 && digits == text.size()) return number <= kMostSignals ? number : 0;
  if (text.size() > 3 && SameLetters("SIG", text.First(3))) text = text.From(3);
  for (int signal = 1; !NameOfSignal(signal).empty(); ++signal) {
    if (SameLetters(NameOfSignal(signal), text)) return signal;
  }
  return 0;
}

}  // namespace cation
