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

bool TakeLetters(StringView& text, StringView letters) {
  if (text.size() < letters.size()) return false;
  for (size_t i = 0; i < letters.size(); ++i) {
    const char byte = text[i];
    if ((byte >= 'a' && byte <= 'z' ? byte & ~0x20 : byte) != letters[i]) return false;
  }
  text = text.From(letters.size());
  return true;
}

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
  StringView name = text;
  return FindSignalName(TakeLetters(name, "SIG") && !name.empty() ? name : text);
}

int FindSignalName(StringView text) {
  StringView names = kNames;
  for (int signal = 1; !names.empty(); ++signal) {
    const size_t size = names.Find(' ');
    StringView rest = text;
    if (TakeLetters(rest, names.First(size)) && rest.empty()) return signal;
    names = names.From(size + 1);
  }
  return 0;
}

}  // namespace cation
