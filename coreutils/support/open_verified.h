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
// The same, into `opened`: less code where several errors come back. On an error it is undefined.
Result<void> OpenVerified(const sys::Location& location, sys::OpenFlags flags, uint64_t inode,
                          OpenedFile* opened);

// Opens the directory that `child` is in, for a way back up a tree: `path` is its path from the
// working directory, `identity` what it was on the way down. By ".." where the system has that:
// then no path can be too long. The caller closes it. Errors: those of sys::Open(); ELOOP when it
// is another directory by now.
Result<sys::Descriptor> OpenParent(sys::Descriptor child, const char* path, sys::Identity identity);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_OPEN_VERIFIED_H_
