// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_PAGER_KEYBOARD_H_
#define CATION_COREUTILS_SUPPORT_PAGER_KEYBOARD_H_

#include "runtime/start/context.h"
#include "runtime/sys/terminal.h"

namespace cation::pager {

// Keys that are no byte. Bytes are themselves; Escape and a byte are kMeta + byte.
enum Key : int {
  kMeta = 256,
  kUp = 512,
  kDown,
  kLeft,
  kRight,
  kHome,
  kEnd,
  kPageUp,
  kPageDown,
  kDelete,
  kUnknown,  // a sequence that stands for something else
  kSignal,   // signals have come: see TakeSignals()
  kTimeout,  // nothing within the time
  kHangUp,   // there is no terminal any more
};

// The terminal that keys come from, without echo, each at once.
class Keyboard {
 public:
  explicit Keyboard(Context& context) : context_(context) {}

  // Finds the terminal, and looks at it. False when there is none.
  bool Find();
  // Where what it shows is written to, where that is not standard output. Once it is found.
  [[nodiscard]] sys::Descriptor Screen() const;
  // Sets it for keys; Restore() puts back how it was.
  Result<void> Prepare();
  void Restore();
  // The next key. `wait`: how long, in tenths of a second; 0: as long as it takes.
  int Read(unsigned wait = 0);
  // For what reads keys before the user does: as if they were typed.
  void Type(const char* keys) { typed_ = keys; }
  [[nodiscard]] bool IsTyped() const { return typed_ != nullptr && *typed_ != '\0'; }
  [[nodiscard]] uint64_t TakeSignals() {
    return Exchange(signals_, uint64_t{0}) | sys::NotedSignals();
  }
  [[nodiscard]] uint8_t erase() const { return Character(sys::kTerminal.characters.erase); }
  [[nodiscard]] uint8_t kill() const { return Character(sys::kTerminal.characters.kill); }

 private:
  [[nodiscard]] uint8_t Character(uint8_t index) const { return before_.characters[index]; }
  int Byte(unsigned wait);
  Result<void> SetWait(unsigned wait);

  Context& context_;
  sys::File opened_;
  sys::Descriptor terminal_ = sys::kNone;
  sys::TerminalSettings before_;
  bool prepared_ = false;
  unsigned wait_ = 0;
  uint64_t signals_ = 0;
  const char* typed_ = nullptr;
  char bytes_[64];
  size_t next_ = 0;
  size_t count_ = 0;
};

// The rows and columns of `terminal`; what it does not know itself, the variables LINES and COLUMNS
// say, or there are 24 rows of 80 columns.
[[nodiscard]] sys::TerminalSize ScreenSize(const Context& context, sys::Descriptor terminal);
// `text` as a number of up to 10,000; 0 when it is none, or nullptr.
[[nodiscard]] unsigned NumberOf(const char* text);

// Signals that would leave the terminal as it is set are noted from now on. What was ignored stays
// so: by nohup, say.
void NoteSignals();
// The one of `signals` that ends the program; 0: none does.
[[nodiscard]] int FatalOf(uint64_t signals);
// Once the terminal is as it was: ends the program by `signal`, or stops it and its group as the
// terminal's key does, as if these had not been noted. Stop() returns when it goes on.
void EndBy(int signal);
void Stop();

}  // namespace cation::pager

#endif  // CATION_COREUTILS_SUPPORT_PAGER_KEYBOARD_H_
