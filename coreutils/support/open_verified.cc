// SPDX-License-Identifier: MIT
#include "coreutils/support/open_verified.h"

namespace cation {

Result<OpenedFile> OpenVerified(const sys::Location& location, sys::OpenFlags flags,
                                uint64_t inode) {
  OpenedFile opened;
  CATION_TRY(OpenVerified(location, flags, inode, &opened));
  return opened;
}

Result<void> OpenVerified(const sys::Location& location, sys::OpenFlags flags, uint64_t inode,
                          OpenedFile* opened) {
  CATION_TRY_ASSIGN(const sys::Descriptor descriptor,
                    sys::Open(location, flags | sys::kRead | sys::kNoFollow));
  opened->file = sys::File(descriptor);
  CATION_TRY_ASSIGN(opened->status, sys::Status(descriptor));
  if (inode != 0 && inode == opened->status.inode) return {};
  // A mount point's entry names another inode than the directory mounted there; some schemes of
  // Redox give none at all.
  CATION_TRY_ASSIGN(const sys::FileStatus named, sys::StatusAt(location, sys::Follow::kNo));
  if (named.identity() == opened->status.identity()) return {};
  return Error{abi::kELOOP};
}

Result<sys::Descriptor> OpenParent(sys::Descriptor child, const char* path,
                                   sys::Identity identity) {
  const auto flags = sys::kRead | sys::kDirectory | sys::kNoFollow;
  CATION_TRY_ASSIGN(const sys::Descriptor opened, sys::Open({child, "..", path}, flags));
  sys::File directory(opened);
  const Result<sys::FileStatus> status = sys::Status(opened);
  if (!status.ok()) return status.error();
  if (status.value().identity() != identity) return Error{abi::kELOOP};
  return directory.Release();
}

}  // namespace cation
