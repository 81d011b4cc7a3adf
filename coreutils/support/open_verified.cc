// SPDX-License-Identifier: MIT
#include "coreutils/support/open_verified.h"

namespace cation {

Result<OpenedFile> OpenVerified(const sys::Location& location, sys::OpenFlags flags,
                                uint64_t inode) {
  CATION_TRY_ASSIGN(const sys::Descriptor descriptor,
                    sys::Open(location, flags | sys::kRead | sys::kNoFollow));
  OpenedFile opened{sys::File(descriptor), {}};
  CATION_TRY_ASSIGN(opened.status, sys::Status(descriptor));
  if (inode != 0 && inode == opened.status.inode) return opened;
  // A mount point's entry names another inode than the directory mounted there; some schemes of
  // Redox give none at all.
  CATION_TRY_ASSIGN(const sys::FileStatus named, sys::StatusAt(location, sys::Follow::kNo));
  if (named.identity() == opened.status.identity()) return opened;
  return Error{abi::kELOOP};
}

Result<sys::File> OpenParent(sys::Descriptor child, const char* path, sys::Identity identity) {
  const auto flags = sys::kRead | sys::kDirectory | sys::kNoFollow;
  Result<sys::Descriptor> opened = sys::Open({child, "..", path}, flags);
  // Redox has no ".." relative to a descriptor.
  if (!opened.ok() && opened.error() == abi::kENOENT) opened = sys::Open(sys::At(path), flags);
  if (!opened.ok()) return opened.error();
  sys::File directory(opened.value());
  CATION_TRY_ASSIGN(const sys::FileStatus status, sys::Status(directory.get()));
  if (status.identity() != identity) return Error{abi::kELOOP};
  return directory;
}

}  // namespace cation
