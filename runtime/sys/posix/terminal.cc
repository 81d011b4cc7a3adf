// SPDX-License-Identifier: MIT
#include "runtime/sys/terminal.h"

#include <errno.h>
#include <string.h>

#include "runtime/sys/posix/os.h"
#include "runtime/sys/posix/signals.h"

namespace cation::sys {
namespace {

// The numbers of the errors that terminals give are the same everywhere.
Error LastError() { return Error{errno}; }

uint64_t g_noted = 0;

extern "C" void cation_note_signal(int signal) {
  __atomic_fetch_or(&g_noted, SignalBit(CanonicalSignal(signal)), __ATOMIC_RELAXED);
}

#ifdef __linux__

// A speed as c_cflag has it: the first sixteen by their index, the others with CBAUDEX from 1 on.
constexpr uint32_t kSpeedMask = 010017;
constexpr uint32_t kInputShift = 16;
constexpr uint32_t kPlain = 16;
constexpr uint32_t kExtended = 010000;
constexpr uint32_t kSpeeds = sizeof(kTerminalSpeeds) / sizeof(kTerminalSpeeds[0]);

uint32_t SpeedFromFlags(uint32_t flags) {
  const uint32_t bits = flags & kSpeedMask;
  const uint32_t index = bits < kPlain ? bits : (bits & ~kExtended) + kPlain - 1;
  return index < kSpeeds ? kTerminalSpeeds[index] : 0;
}

Result<uint32_t> FlagsFromSpeed(uint32_t speed) {
  for (uint32_t i = 0; i < kSpeeds; ++i) {
    if (kTerminalSpeeds[i] == speed) return i < kPlain ? i : kExtended | (i - kPlain + 1);
  }
  return Error{abi::kEINVAL};
}

#endif

}  // namespace

Result<TerminalSettings> SettingsOf(Descriptor terminal) {
  libc::Terminal raw{};
  if (os::get_terminal(terminal, &raw) < 0) return LastError();
  TerminalSettings settings;
  settings.input = static_cast<uint32_t>(raw.c_iflag);
  settings.output = static_cast<uint32_t>(raw.c_oflag);
  settings.local = static_cast<uint32_t>(raw.c_lflag);
  memcpy(settings.characters, raw.c_cc, sizeof(raw.c_cc));
#ifdef __linux__
  settings.control = raw.c_cflag & ~(kSpeedMask | kSpeedMask << kInputShift);
  settings.output_speed = SpeedFromFlags(raw.c_cflag);
  // 0 there: as the output's.
  const uint32_t input_speed = raw.c_cflag >> kInputShift & kSpeedMask;
  settings.input_speed = input_speed == 0 ? settings.output_speed : SpeedFromFlags(input_speed);
#else
  settings.control = static_cast<uint32_t>(raw.c_cflag);
  settings.output_speed = static_cast<uint32_t>(raw.c_ospeed);
  settings.input_speed = static_cast<uint32_t>(raw.c_ispeed);
#endif
  return settings;
}

Result<void> SetSettings(Descriptor terminal, const TerminalSettings& settings,
                         ApplySettings when) {
  libc::Terminal raw{};
  // For what this does not know: the line's discipline.
  if (os::get_terminal(terminal, &raw) < 0) return LastError();
  raw.c_iflag = settings.input;
  raw.c_oflag = settings.output;
  raw.c_cflag = settings.control;
  raw.c_lflag = settings.local;
  memcpy(raw.c_cc, settings.characters, sizeof(raw.c_cc));
#ifdef __linux__
  CATION_TRY_ASSIGN(const uint32_t output_speed, FlagsFromSpeed(settings.output_speed));
  uint32_t input_speed = 0;
  if (settings.input_speed != settings.output_speed && settings.input_speed != 0) {
    CATION_TRY_ASSIGN(input_speed, FlagsFromSpeed(settings.input_speed));
  }
  raw.c_cflag |= output_speed | input_speed << kInputShift;
#else
  raw.c_ospeed = settings.output_speed;
  raw.c_ispeed = settings.input_speed;
#endif
  for (;;) {
    if (os::set_terminal(terminal, static_cast<int>(when), &raw) >= 0) return {};
    if (errno != EINTR) return LastError();
  }
}

Result<TerminalSize> SizeOf(Descriptor terminal) {
  winsize raw{};
  if (os::window_size(terminal, &raw) < 0) return LastError();
  return TerminalSize{raw.ws_row, raw.ws_col};
}

Result<void> SetSize(Descriptor terminal, TerminalSize size) {
  winsize raw{};
  raw.ws_row = static_cast<uint16_t>(size.rows);
  raw.ws_col = static_cast<uint16_t>(size.columns);
  for (;;) {
    if (os::set_window_size(terminal, &raw) >= 0) return {};
    if (errno != EINTR) return LastError();
  }
}

Result<void> NoteSignal(int signal) {
  struct sigaction raw{};
  raw.sa_handler = cation_note_signal;
  if (os::set_action(HostSignal(signal), &raw, nullptr) < 0) return LastError();
  return {};
}

uint64_t NotedSignals() { return __atomic_exchange_n(&g_noted, uint64_t{0}, __ATOMIC_RELAXED); }

Result<size_t> ReadOrNotice(Descriptor descriptor, Span<char> buffer) {
  const ssize_t count = os::read(descriptor, buffer.data(), buffer.size());
  if (count < 0) return LastError();
  return static_cast<size_t>(count);
}

Result<void> SignalOwnGroup(int signal) {
  if (os::kill(0, HostSignal(signal)) < 0) return LastError();
  return {};
}

Result<void> SignalOwnProcess(int signal) {
  if (os::kill(::getpid(), HostSignal(signal)) < 0) return LastError();
  return {};
}

}  // namespace cation::sys
