// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_OPEN_VERIFIED_H_
#define CATION_COREUTILS_SUPPORT_OPEN_VERIFIED_H_

#include "runtime/sys/sys.h"

namespace cation {

struct OpenedFile {
  sys::File file;
  sys::FileStatus status;
};

// Opens `location` for reading (plus `flags`), never through a symbolic link, and tells what was
// opened. `inode` is the one that the directory entry gave, 0 if it is not known: with it, a Redox
// system, whose O_NOFOLLOW follows, needs no further call to see that nobody has put a link there.
// Errors: those of sys::Open(); ELOOP when it is a symbolic link, or has become one.
Result<OpenedFile> OpenVerified(const sys::Location& location, sys::OpenFlags flags,
                                uint64_t inode);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_OPEN_VERIFIED_H_
