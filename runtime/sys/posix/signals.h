// SPDX-License-Identifier: MIT
//
// Signals by their canonical numbers, Linux's and Redox's, which the suite uses, and by those of
// the host. POSIX fixes few of them: macOS has SIGUSR1 as 30.
#ifndef CATION_RUNTIME_SYS_POSIX_SIGNALS_H_
#define CATION_RUNTIME_SYS_POSIX_SIGNALS_H_

#include <signal.h>

namespace cation::sys {

#ifdef __linux__
constexpr int HostSignal(int canonical) { return canonical; }
constexpr int CanonicalSignal(int host) { return host; }
#else

inline constexpr int kNoSuchSignal = -1;  // which the host's calls refuse

// By the canonical number; 0 asks only, in kill().
inline constexpr int kHostSignals[] = {
    0,
    SIGHUP,
    SIGINT,
    SIGQUIT,
    SIGILL,
    SIGTRAP,
    SIGABRT,
    SIGBUS,
    SIGFPE,
    SIGKILL,
    SIGUSR1,
    SIGSEGV,
    SIGUSR2,
    SIGPIPE,
    SIGALRM,
    SIGTERM,
    kNoSuchSignal,  // SIGSTKFLT, which is Linux's
    SIGCHLD,
    SIGCONT,
    SIGSTOP,
    SIGTSTP,
    SIGTTIN,
    SIGTTOU,
    SIGURG,
    SIGXCPU,
    SIGXFSZ,
    SIGVTALRM,
    SIGPROF,
#ifdef SIGWINCH
    SIGWINCH,
#else
    kNoSuchSignal,
#endif
#ifdef SIGPOLL
    SIGPOLL,
#elif defined(SIGIO)
    SIGIO,
#else
    kNoSuchSignal,
#endif
    kNoSuchSignal,  // SIGPWR, which is Linux's
    SIGSYS,
};
inline constexpr int kHostSignalCount =
    static_cast<int>(sizeof kHostSignals / sizeof *kHostSignals);

constexpr int HostSignal(int canonical) {
  return canonical >= 0 && canonical < kHostSignalCount ? kHostSignals[canonical] : kNoSuchSignal;
}

// A signal without a canonical number keeps its own.
constexpr int CanonicalSignal(int host) {
  for (int canonical = 1; canonical < kHostSignalCount; ++canonical) {
    if (kHostSignals[canonical] == host) return canonical;
  }
  return host;
}
#endif

}  // namespace cation::sys

#endif  // CATION_RUNTIME_SYS_POSIX_SIGNALS_H_
