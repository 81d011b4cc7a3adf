// SPDX-License-Identifier: MIT
#include "coreutils/support/signal_text.h"

#include "runtime/core/format.h"

namespace cation {
namespace {

// `word` has capital letters, the text may have small ones.
bool Take(StringView& text, StringView word) {
  if (text.size() < word.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    const char byte = text[i];
    if ((byte >= 'a' && byte <= 'z' ? byte & ~0x20 : byte) != word[i]) return false;
  }
  text = text.From(word.size());
  return true;
}

bool IsWord(StringView text, StringView word) { return Take(text, word) && text.empty(); }

// What follows "RTMIN" or "RTMAX": nothing, or a number after `sign`.
int ParseRealTime(StringView text, int end, char sign) {
  if (text.empty()) return end;
  if (text[0] != sign) return kNoSignal;
  const Result<uint64_t> number = ParseNumber(text.From(1));
  constexpr uint64_t kMost = kLastRealTimeSignal - kFirstRealTimeSignal;
  if (!number.ok() || number.value() > kMost) return kNoSignal;
  return sign == '+' ? end + static_cast<int>(number.value())
                     : end - static_cast<int>(number.value());
}

}  // namespace

int ParseSignal(StringView text) {
  if (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    const Result<uint64_t> number = ParseNumber(text);
    if (!number.ok() || number.value() > INT32_MAX) return kNoSignal;
    const auto bits = static_cast<int>(number.value() & (number.value() >= 0xff ? 0xff : 0x7f));
    return bits <= kMostSignals ? bits : kNoSignal;
  }
  StringView name = text;
  if (!Take(name, "SIG")) name = text;
  if (IsWord(name, "EXIT")) return 0;
  if (IsWord(name, "IOT")) name = "ABRT";
  if (IsWord(name, "CLD")) name = "CHLD";
  if (IsWord(name, "IO")) name = "POLL";
  if (Take(name, "RTMIN")) return ParseRealTime(name, kFirstRealTimeSignal, '+');
  if (Take(name, "RTMAX")) return ParseRealTime(name, kLastRealTimeSignal, '-');
  // It takes numbers, and SIG, too.
  if (name.empty() || name[0] < 'A' || IsWord(name, "SIG")) return kNoSignal;
  StringView again = name;
  if (Take(again, "SIG")) return kNoSignal;
  const int signal = FindSignal(name);
  return signal == 0 ? kNoSignal : signal;
}

SignalName::SignalName(int signal) {
  constexpr int kMiddle = (kFirstRealTimeSignal + kLastRealTimeSignal) / 2;
  const auto add = [this](StringView text) {
    __builtin_memcpy(text_ + size_, text.data(), text.size());
    size_ += text.size();
  };
  if (signal < kFirstRealTimeSignal) {
    add(signal == 0 ? "EXIT" : NameOfSignal(signal));
    return;
  }
  const bool first_half = signal <= kMiddle;
  const int distance = first_half ? signal - kFirstRealTimeSignal : kLastRealTimeSignal - signal;
  add(first_half ? StringView("RTMIN") : "RTMAX");
  if (distance == 0) return;
  add(first_half ? StringView("+") : "-");
  add(Digits(static_cast<uint64_t>(distance)));
}

}  // namespace cation
