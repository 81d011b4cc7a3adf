// SPDX-License-Identifier: MIT
#include "coreutils/env/signals.h"

#include "coreutils/support/diagnostics.h"
#include "coreutils/support/signal_names.h"
#include "runtime/core/format.h"

namespace cation::env {
namespace {

constexpr uint64_t Bit(int signal) { return uint64_t{1} << (signal - 1); }

// Puts the signals of "SIG,SIG", or all, into `set`. Returns false after a report.
bool ParseSignals(const Context& context, const Command& command, StringView text, uint64_t* set) {
  if (text.data() == nullptr) *set = ~uint64_t{0};
  while (!text.empty()) {
    const size_t end = Min(text.Find(','), text.size());
    const StringView name = text.First(end);
    const int signal = FindSignal(name);
    if (signal == 0 && !name.empty()) {
      (void)UsageError(context, command, name, "invalid signal");
      return false;
    }
    if (signal != 0) *set |= Bit(signal);
    text = text.From(Min(end + 1, text.size()));
  }
  return true;
}

void AddName(String& line, int signal) {
  const StringView name = NameOfSignal(signal);
  AddText(line, name.empty() ? Digits(static_cast<uint64_t>(signal)) : name);
}

void AddNumber(String& line, StringView before, int signal, StringView after) {
  AddText(line, before);
  AddText(line, Digits(static_cast<uint64_t>(signal)));
  AddText(line, after);
}

void Write(const Context& context, String& line) {
  AddText(line, "\n");
  (void)sys::WriteAll(context.errors, line.view());
}

bool SetAction(const Context& context, const Signals& signals, int signal, bool say) {
  const bool ignore = (signals.ignored & Bit(signal)) != 0;
  const bool named = (signals.named & Bit(signal)) != 0;
  const Result<void> set = sys::SetSignalAction(
      signal, ignore ? sys::SignalAction::kIgnore : sys::SignalAction::kDefault);
  // Of all signals, some cannot be changed.
  if (!set.ok() && named) {
    String name;
    AddName(name, signal);
    Report(context, name.view(), "failed to set signal action", set.error());
    return false;
  }
  if (say) {
    String line;
    AddText(line, "Reset signal ");
    AddName(line, signal);
    AddNumber(line, " (", signal, ") to ");
    AddText(line, ignore ? "IGNORE" : "DEFAULT");
    if (!set.ok()) AddText(line, " (failure ignored)");
    Write(context, line);
  }
  return true;
}

}  // namespace

bool ParseIgnored(const Context& context, const Command& command, PackedOption, StringView argument,
                  char* field) {
  Signals& signals = *reinterpret_cast<Signals*>(field);
  uint64_t set = 0;
  if (!ParseSignals(context, command, argument, &set)) return false;
  signals.ignored |= set;
  signals.defaulted &= ~set;
  signals.named = argument.data() == nullptr ? 0 : signals.named | set;
  return true;
}

bool ParseDefaulted(const Context& context, const Command& command, PackedOption,
                    StringView argument, char* field) {
  Signals& signals = *reinterpret_cast<Signals*>(field);
  uint64_t set = 0;
  if (!ParseSignals(context, command, argument, &set)) return false;
  signals.defaulted |= set;
  signals.ignored &= ~set;
  signals.named = argument.data() == nullptr ? 0 : signals.named | set;
  // As GNU: what is to have its effect must not wait.
  signals.unblocked |= set;
  signals.blocked &= ~set;
  return true;
}

bool ParseBlocked(const Context& context, const Command& command, PackedOption, StringView argument,
                  char* field) {
  Signals& signals = *reinterpret_cast<Signals*>(field);
  uint64_t set = 0;
  if (!ParseSignals(context, command, argument, &set)) return false;
  signals.blocked |= set;
  signals.unblocked &= ~set;
  return true;
}

bool Arrange(const Context& context, const Signals& signals, bool say) {
  const uint64_t acted_on = signals.ignored | signals.defaulted;
  for (int signal = 1; signal <= kMostSignals && acted_on != 0; ++signal) {
    if ((acted_on & Bit(signal)) != 0 && !SetAction(context, signals, signal, say)) return false;
  }
  if ((signals.blocked | signals.unblocked) == 0) return true;
  const Result<uint64_t> before = sys::BlockedSignals();
  const Result<void> set =
      before.ok() ? sys::SetBlockedSignals((before.value() | signals.blocked) & ~signals.unblocked)
                  : Result<void>(before.error());
  if (!set.ok()) {
    Report(context, {nullptr, 0}, "failed to block signals", set.error());
    return false;
  }
  for (int signal = 1; signal <= kMostSignals && say; ++signal) {
    const bool blocked = (signals.blocked & Bit(signal)) != 0;
    if (!blocked && (signals.unblocked & Bit(signal)) == 0) continue;
    String line;
    AddText(line, "signal ");
    AddName(line, signal);
    AddNumber(line, " (", signal, ") mask set to ");
    AddText(line, blocked ? "BLOCK" : "UNBLOCK");
    Write(context, line);
  }
  return true;
}

void ListSignals(const Context& context) {
  const Result<uint64_t> mask = sys::BlockedSignals();
  for (int signal = 1; signal <= kMostSignals; ++signal) {
    const Result<sys::SignalAction> action = sys::SignalActionOf(signal);
    const bool ignored = action.ok() && action.value() == sys::SignalAction::kIgnore;
    const bool blocked = mask.ok() && (mask.value() & Bit(signal)) != 0;
    if (!ignored && !blocked) continue;
    String line;
    AddName(line, signal);
    constexpr size_t kColumn = 10;
    while (line.size() < kColumn) AddText(line, " ");
    AddNumber(line, signal < 10 ? " ( " : " (", signal, "): ");
    AddText(line, blocked ? "BLOCK" : "");
    AddText(line, blocked && ignored ? "," : "");
    AddText(line, ignored ? "IGNORE" : "");
    Write(context, line);
  }
}

}  // namespace cation::env
