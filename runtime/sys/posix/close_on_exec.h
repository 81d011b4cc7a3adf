// SPDX-License-Identifier: MIT
//
// Descriptors that a program started meanwhile does not get. Where the host has calls that make
// them so (Linux), those; macOS has neither pipe2() nor SOCK_CLOEXEC, and there a thread that
// starts a program in between would hand them on.
#ifndef CATION_RUNTIME_SYS_POSIX_CLOSE_ON_EXEC_H_
#define CATION_RUNTIME_SYS_POSIX_CLOSE_ON_EXEC_H_

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cation::sys {

// All return -1 with errno set where they fail (EMFILE, ENFILE), and then there is nothing to
// close.
//
// MakeClosingPipe: 0; ends[0] is for reading, ends[1] for writing. Source: pipe().
// MakeClosingSocketPair: 0; both are the same, a stream of bytes each way. Source: socketpair() of
// AF_UNIX.
// MakeClosingTemporary: a new file, open for reading and writing by its owner alone; its name takes
// the place of the XXXXXX that `name` ends with. Source: mkstemp().
#ifdef __linux__
inline int MakeClosingPipe(int ends[2]) { return ::pipe2(ends, O_CLOEXEC); }
inline int MakeClosingSocketPair(int ends[2]) {
  return ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
}
inline int MakeClosingTemporary(char* name) { return ::mkostemp(name, O_CLOEXEC); }
#else
// F_SETFD does not fail on a descriptor that has just been made.
inline void CloseOnExec(int descriptor) { (void)::fcntl(descriptor, F_SETFD, FD_CLOEXEC); }
inline int MakeClosingPipe(int ends[2]) {
  if (::pipe(ends) < 0) return -1;
  CloseOnExec(ends[0]);
  CloseOnExec(ends[1]);
  return 0;
}
inline int MakeClosingSocketPair(int ends[2]) {
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0) return -1;
  CloseOnExec(ends[0]);
  CloseOnExec(ends[1]);
  return 0;
}
inline int MakeClosingTemporary(char* name) {
  const int descriptor = ::mkstemp(name);
  if (descriptor >= 0) CloseOnExec(descriptor);
  return descriptor;
}
#endif

}  // namespace cation::sys

#endif  // CATION_RUNTIME_SYS_POSIX_CLOSE_ON_EXEC_H_
