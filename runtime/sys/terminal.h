// SPDX-License-Identifier: MIT
//
// The part of the door that only programs for terminals use: settings, size, and signals that are
// noted rather than followed. Errors and descriptors as in sys.h.
#ifndef CATION_RUNTIME_SYS_TERMINAL_H_
#define CATION_RUNTIME_SYS_TERMINAL_H_

#include "runtime/abi/terminal_numbers.h"
#include "runtime/sys/sys.h"

namespace cation::sys {

// The numbers that TerminalSettings has on this system. (macOS has Redox's but for a few.)
#ifdef __linux__
inline constexpr const abi::TerminalNumbers& kTerminal = abi::kLinuxTerminal;
#else
inline constexpr const abi::TerminalNumbers& kTerminal = abi::kRedoxTerminal;
#endif

// Bits per second that a terminal may be set to, in the order of Linux's and relibc's numbers.
inline constexpr uint32_t kTerminalSpeeds[] = {
    0,      50,      75,      110,     134,     150,     200,     300,     600,    1200,   1800,
    2400,   4800,    9600,    19200,   38400,   57600,   115200,  230400,  460800, 500000, 576000,
    921600, 1000000, 1152000, 1500000, 2000000, 2500000, 3000000, 3500000, 4000000};

struct TerminalSettings {
  uint32_t input = 0;
  uint32_t output = 0;
  uint32_t control = 0;
  uint32_t local = 0;
  // By the numbers of kTerminal.characters; 0: nothing does it.
  uint8_t characters[32] = {};
  // Bits per second, of kTerminalSpeeds. 0 on Redox, whose terminals have none.
  uint32_t input_speed = 0;
  uint32_t output_speed = 0;
};

// When new settings hold. Redox knows no difference: they hold at once, and what has been typed
// ahead stays.
enum class ApplySettings : uint8_t { kNow, kAfterOutput, kAfterOutputAndDropInput };

// Errors: ENOTTY where it is no terminal, any. Source: redox_dup_v1(descriptor, "termios") and
// redox_read_v1, which is what relibc's tcgetattr() does with 12 KB around it; ioctl(TCGETS).
Result<TerminalSettings> SettingsOf(Descriptor terminal);
// It may be that not all of it can be had, and no error: SettingsOf() tells. Errors: as before,
// EINVAL for a speed. Source: the same and redox_write_v1; ioctl(TCSETS).
Result<void> SetSettings(Descriptor terminal, const TerminalSettings& settings, ApplySettings when);

// In characters; 0: not known.
struct TerminalSize {
  unsigned rows = 0;
  unsigned columns = 0;
};
// Errors: ENOTTY, EOPNOTSUPP on Redox's debug console. Source: redox_dup_v1(descriptor, "winsize");
// ioctl(TIOCGWINSZ).
Result<TerminalSize> SizeOf(Descriptor terminal);
// Both at most 65535. Errors: as before. Source: the same and redox_write_v1; ioctl(TIOCSWINSZ).
Result<void> SetSize(Descriptor terminal, TerminalSize size);

inline constexpr int kSignalHangUp = 1;
inline constexpr int kSignalInterrupt = 2;
inline constexpr int kSignalQuit = 3;
inline constexpr int kSignalTerminate = 15;
inline constexpr int kSignalContinue = 18;
inline constexpr int kSignalTerminalStop = 20;
inline constexpr int kSignalWindowSize = 28;  // ptyd of Redox sends none
// The bit of a signal in a set, as for SetBlockedSignals().
[[nodiscard]] constexpr uint64_t SignalBit(int signal) { return uint64_t{1} << (signal - 1); }

// From now on `signal` is noted when it comes, and ends the wait of ReadOrNotice().
// SetSignalAction() takes it back. Errors: EINVAL. Source: redox_sigaction_v1; sigaction().
Result<void> NoteSignal(int signal);
// The signals that have been noted since it was last asked.
[[nodiscard]] uint64_t NotedSignals();
// As Read(), but EINTR when a signal came meanwhile.
Result<size_t> ReadOrNotice(Descriptor descriptor, Span<char> buffer);
// Sends a signal to this process's whole group, as the terminal's keys do. Errors: any. Source:
// redox_kill_v1(0); kill(0).
Result<void> SignalOwnGroup(int signal);
// The same to this process alone: what its action is then happens before this returns. Source:
// redox_kill_v1(redox_get_pid_v1()); kill(getpid()).
Result<void> SignalOwnProcess(int signal);

}  // namespace cation::sys

#endif  // CATION_RUNTIME_SYS_TERMINAL_H_
