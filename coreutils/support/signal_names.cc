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

}  // namespace

StringView NameOfSignal(int signal) {
  StringView rest = kNames;
  for (; !rest.empty() && signal > 1; --signal) rest = rest.From(rest.Find(' ') + 1);
  return signal < 1 || rest.empty() ? StringView() : rest.First(rest.Find(' '));
}

bool TakeWord(StringView& text, StringView word) {
  if (text.size() < word.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    const char byte = text[i];
    if ((byte >= 'a' && byte <= 'z' ? byte & ~0x20 : byte) != word[i]) return false;
  }
  text = text.From(word.size());
  return true;
}

int FindSignalName(StringView text) {
  for (int signal = 1;; ++signal) {
    const StringView name = NameOfSignal(signal);
    if (name.empty()) return 0;
    StringView rest = text;
    if (TakeWord(rest, name) && rest.empty()) return signal;
  }
}

int FindSignal(StringView text) {
  int number = 0;
  size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits)
    number = Min(number * 10 + (text[digits] - '0'), kMostSignals + 1);
  if (digits != 0 && digits == text.size()) return number <= kMostSignals ? number : 0;
  if (text.size() > 3) (void)TakeWord(text, "SIG");
  return FindSignalName(text);
}

}  // namespace cation
