// SPDX-License-Identifier: MIT
//
// The times of a struct stat with nanoseconds, which macOS has by other names than POSIX.
#ifndef CATION_RUNTIME_SYS_POSIX_STAT_TIME_H_
#define CATION_RUNTIME_SYS_POSIX_STAT_TIME_H_

#include <sys/stat.h>

namespace cation::sys {

#ifdef __APPLE__
inline timespec AccessTimeOf(const struct stat& status) { return status.st_atimespec; }
inline timespec ModificationTimeOf(const struct stat& status) { return status.st_mtimespec; }
inline timespec ChangeTimeOf(const struct stat& status) { return status.st_ctimespec; }
#else
inline timespec AccessTimeOf(const struct stat& status) { return status.st_atim; }
inline timespec ModificationTimeOf(const struct stat& status) { return status.st_mtim; }
inline timespec ChangeTimeOf(const struct stat& status) { return status.st_ctim; }
#endif

}  // namespace cation::sys

#endif  // CATION_RUNTIME_SYS_POSIX_STAT_TIME_H_
