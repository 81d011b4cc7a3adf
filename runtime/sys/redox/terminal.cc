// SPDX-License-Identifier: MIT
#include "runtime/sys/terminal.h"

#include "runtime/abi/redox.h"
#include "runtime/abi/termios.h"

namespace cation::sys {
namespace {

Result<size_t> FromRaw(size_t raw) {
  if (raw > static_cast<size_t>(-4096)) return Error{static_cast<int>(-raw)};
  return raw;
}

// What is at `descriptor` by another name: its settings, its size.
Result<File> Aspect(Descriptor descriptor, StringView name) {
  CATION_TRY_ASSIGN(const size_t duplicate, FromRaw(redox_dup_v1(static_cast<size_t>(descriptor),
                                                                 name.data(), name.size())));
  return File(static_cast<Descriptor>(duplicate));
}

// Schemes without terminals have many words for it.
Error NoTerminal(Error error) {
  const bool is_other = error == abi::kEINVAL || error == abi::kENOENT || error == abi::kENOSYS;
  return is_other ? Error{abi::kENOTTY} : error;
}

Result<void> ReadAspect(Descriptor terminal, StringView name, Span<char> value) {
  const Result<File> aspect = Aspect(terminal, name);
  if (!aspect.ok()) return NoTerminal(aspect.error());
  CATION_TRY_ASSIGN(const size_t size, Read(aspect.value().get(), value));
  if (size != value.size()) return Error{abi::kEIO};
  return {};
}

Result<void> WriteAspect(Descriptor terminal, StringView name, StringView value) {
  const Result<File> aspect = Aspect(terminal, name);
  if (!aspect.ok()) return NoTerminal(aspect.error());
  CATION_TRY_ASSIGN(const size_t size, Write(aspect.value().get(), value));
  if (size != value.size()) return Error{abi::kEIO};
  return {};
}

uint64_t g_noted = 0;

extern "C" void cation_note_signal(int signal) {
  __atomic_fetch_or(&g_noted, SignalBit(signal), __ATOMIC_RELAXED);
}

}  // namespace

Result<TerminalSettings> SettingsOf(Descriptor terminal) {
  abi::Termios raw{};
  CATION_TRY(ReadAspect(terminal, "termios", {reinterpret_cast<char*>(&raw), sizeof(raw)}));
  TerminalSettings settings;
  settings.input = raw.c_iflag;
  settings.output = raw.c_oflag;
  settings.control = raw.c_cflag;
  settings.local = raw.c_lflag;
  __builtin_memcpy(settings.characters, raw.c_cc, sizeof(raw.c_cc));
  return settings;
}

Result<void> SetSettings(Descriptor terminal, const TerminalSettings& settings, ApplySettings) {
  abi::Termios raw{};
  raw.c_iflag = settings.input;
  raw.c_oflag = settings.output;
  raw.c_cflag = settings.control;
  raw.c_lflag = settings.local;
  __builtin_memcpy(raw.c_cc, settings.characters, sizeof(raw.c_cc));
  return WriteAspect(terminal, "termios", {reinterpret_cast<const char*>(&raw), sizeof(raw)});
}

Result<TerminalSize> SizeOf(Descriptor terminal) {
  abi::Winsize raw{};
  CATION_TRY(ReadAspect(terminal, "winsize", {reinterpret_cast<char*>(&raw), sizeof(raw)}));
  return TerminalSize{raw.ws_row, raw.ws_col};
}

Result<void> SetSize(Descriptor terminal, TerminalSize size) {
  abi::Winsize raw{};
  raw.ws_row = static_cast<uint16_t>(size.rows);
  raw.ws_col = static_cast<uint16_t>(size.columns);
  return WriteAspect(terminal, "winsize", {reinterpret_cast<const char*>(&raw), sizeof(raw)});
}

Result<void> NoteSignal(int signal) {
  abi::Sigaction raw{};
  raw.sa_handler = reinterpret_cast<size_t>(&cation_note_signal);
  CATION_TRY(FromRaw(redox_sigaction_v1(static_cast<uint32_t>(signal), &raw, nullptr)));
  return {};
}

uint64_t NotedSignals() { return __atomic_exchange_n(&g_noted, uint64_t{0}, __ATOMIC_RELAXED); }

Result<size_t> ReadOrNotice(Descriptor descriptor, Span<char> buffer) {
  return FromRaw(redox_read_v1(static_cast<size_t>(descriptor), buffer.data(), buffer.size()));
}

Result<void> SignalOwnGroup(int signal) {
  CATION_TRY(FromRaw(redox_kill_v1(0, static_cast<uint32_t>(signal))));
  return {};
}

Result<void> SignalOwnProcess(int signal) {
  CATION_TRY(FromRaw(redox_kill_v1(redox_get_pid_v1(), static_cast<uint32_t>(signal))));
  return {};
}

}  // namespace cation::sys
