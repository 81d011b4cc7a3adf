// SPDX-License-Identifier: MIT
#include "coreutils/support/pager/keyboard.h"

#include "runtime/core/format.h"

namespace cation::pager {

unsigned NumberOf(const char* text) {
  if (text == nullptr) return 0;
  const Result<uint64_t> number = ParseNumber(text);
  constexpr uint64_t kMost = 10'000;
  return number.ok() && number.value() <= kMost ? static_cast<unsigned>(number.value()) : 0;
}

[[gnu::noinline]] sys::TerminalSize ScreenSize(const Context& context, sys::Descriptor terminal) {
  Result<sys::TerminalSize> asked = sys::SizeOf(terminal);
  sys::TerminalSize size = asked.ok() ? asked.value() : sys::TerminalSize{};
  if (size.rows == 0) size.rows = NumberOf(Environment(context, "LINES"));
  if (size.columns == 0) size.columns = NumberOf(Environment(context, "COLUMNS"));
  if (size.rows == 0) size.rows = 24;
  if (size.columns == 0) size.columns = 80;
  return size;
}

void NoteSignals() {
  static constexpr int kNoted[] = {sys::kSignalHangUp,       sys::kSignalInterrupt,
                                   sys::kSignalTerminate,    sys::kSignalQuit,
                                   sys::kSignalTerminalStop, sys::kSignalWindowSize};
  for (const int signal : kNoted) {
    const Result<sys::SignalAction> action = sys::SignalActionOf(signal);
    if (action.ok() && action.value() == sys::SignalAction::kDefault) (void)sys::NoteSignal(signal);
  }
}

int FatalOf(uint64_t signals) {
  constexpr int kFatal[] = {sys::kSignalHangUp, sys::kSignalTerminate, sys::kSignalQuit};
  for (const int signal : kFatal) {
    if ((signals & sys::SignalBit(signal)) != 0) return signal;
  }
  return 0;
}

void EndBy(int signal) {
  (void)sys::SetSignalAction(signal, sys::SignalAction::kDefault);
  (void)sys::SignalOwnProcess(signal);
}

void Stop() {
  (void)sys::SetSignalAction(sys::kSignalTerminalStop, sys::SignalAction::kDefault);
  (void)sys::SignalOwnGroup(sys::kSignalTerminalStop);
  (void)sys::NoteSignal(sys::kSignalTerminalStop);
}

bool Keyboard::Find() {
  const auto use = [&](sys::Descriptor terminal) {
    const Result<sys::TerminalSettings> settings = sys::SettingsOf(terminal);
    if (!settings.ok()) return false;
    terminal_ = terminal;
    before_ = settings.value();
    return true;
  };
  if (use(context_.input)) return true;
  // Redox has none of that name; there, login's standard error can only be written to, and this
  // variable has the path.
  const char* const paths[] = {"/dev/tty", Environment(context_, "TTY")};
  for (const char* const path : paths) {
    if (path == nullptr) continue;
    const Result<sys::Descriptor> opened = sys::Open(sys::At(path), sys::kRead | sys::kWrite);
    if (!opened.ok()) continue;
    opened_ = sys::File(opened.value());
    if (use(opened_.get())) return true;
  }
  (void)opened_.Close();
  // Terminals are mostly opened for reading and writing, and then given as all three.
  return use(context_.errors) || use(context_.output);
}

sys::Descriptor Keyboard::Screen() const {
  if (opened_.open()) return opened_.get();
  if (sys::IsTerminal(context_.errors)) return context_.errors;
  return sys::IsTerminal(context_.output) ? context_.output : terminal_;
}

Result<void> Keyboard::SetWait(unsigned wait) {
  sys::TerminalSettings now = before_;
  now.local &= ~(sys::kTerminal.local.icanon | sys::kTerminal.local.echo);
  // Keys for signals stay: they interrupt what takes long, too.
  now.local |= sys::kTerminal.local.isig;
  now.characters[sys::kTerminal.characters.min] = wait == 0 ? 1 : 0;
  now.characters[sys::kTerminal.characters.time] = static_cast<uint8_t>(wait);
  wait_ = wait;
  return sys::SetSettings(terminal_, now, sys::ApplySettings::kAfterOutput);
}

Result<void> Keyboard::Prepare() {
  prepared_ = true;
  return SetWait(0);
}

void Keyboard::Restore() {
  if (Exchange(prepared_, false))
    (void)sys::SetSettings(terminal_, before_, sys::ApplySettings::kAfterOutput);
}

int Keyboard::Byte(unsigned wait) {
  if (IsTyped()) return static_cast<uint8_t>(*typed_++);
  if (next_ < count_) return static_cast<uint8_t>(bytes_[next_++]);
  signals_ |= sys::NotedSignals();
  if (signals_ != 0) return kSignal;
  if (wait != wait_ && !SetWait(wait).ok()) return kHangUp;
  // Nothing, where it should wait, is the end; but Redox's ptyd may have nothing left from when it
  // should not.
  constexpr unsigned kMostNothings = 3;
  for (unsigned nothings = 0; nothings < kMostNothings;) {
    const Result<size_t> count = sys::ReadOrNotice(terminal_, bytes_);
    if (count.ok() && count.value() != 0) {
      count_ = count.value();
      next_ = 1;
      return static_cast<uint8_t>(bytes_[0]);
    }
    if (count.ok()) {
      if (wait != 0) return kTimeout;
      ++nothings;
      continue;
    }
    if (!(count.error() == abi::kEINTR)) return kHangUp;
    signals_ |= sys::NotedSignals();
    if (signals_ != 0) return kSignal;
  }
  return kHangUp;
}

int Keyboard::Read(unsigned wait) {
  int key = Byte(wait);
  if (key != '\033') return key;
  // A sequence comes in one piece, mostly; Escape alone is followed by nothing.
  constexpr unsigned kSoon = 2;
  key = Byte(kSoon);
  if (key >= kMeta) return key == kTimeout ? '\033' : key;
  if (key != '[' && key != 'O') return kMeta + key;
  int number = 0;
  for (;;) {
    key = Byte(kSoon);
    if (key >= kMeta) return key == kTimeout ? kUnknown : key;
    if (key >= '0' && key <= '9') {
      number = (number * 10 + key - '0') % 1000;
    } else if (key == ';') {
      number = 0;
    } else {
      break;
    }
  }
  switch (key) {
    case 'A':
      return kUp;
    case 'B':
      return kDown;
    case 'C':
      return kRight;
    case 'D':
      return kLeft;
    case 'H':
      return kHome;
    case 'F':
      return kEnd;
    case '~':
      break;
    default:
      return kUnknown;
  }
  switch (number) {
    case 1:
    case 7:
      return kHome;
    case 4:
    case 8:
      return kEnd;
    case 3:
      return kDelete;
    case 5:
      return kPageUp;
    case 6:
      return kPageDown;
    default:
      return kUnknown;
  }
}

}  // namespace cation::pager
