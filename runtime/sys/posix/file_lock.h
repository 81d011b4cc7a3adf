// SPDX-License-Identifier: MIT
//
// Commands of fcntl() for locks of ranges of a file. Where the host has locks that belong to an
// open file and not to the process (Linux: F_OFD_SETLK), those: they are not lost when the process
// closes another descriptor of the file. Elsewhere POSIX's, which are.
#ifndef CATION_RUNTIME_SYS_POSIX_FILE_LOCK_H_
#define CATION_RUNTIME_SYS_POSIX_FILE_LOCK_H_

#include <fcntl.h>

namespace cation::sys {

// Both kinds exclude each other between processes. l_pid is 0 where they are set. Errors: those of
// fcntl(); EAGAIN or EACCES where another holds a lock.
#ifdef __linux__
inline constexpr int kGetLock = F_OFD_GETLK;
inline constexpr int kSetLock = F_OFD_SETLK;
#else
inline constexpr int kGetLock = F_GETLK;
inline constexpr int kSetLock = F_SETLK;
#endif

}  // namespace cation::sys

#endif  // CATION_RUNTIME_SYS_POSIX_FILE_LOCK_H_
