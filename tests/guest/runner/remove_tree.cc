// SPDX-License-Identifier: MIT
#include "coreutils/support/descent.h"
#include "tests/guest/runner/runner.h"

namespace cation::guest {
namespace {

// Goes into the directory that descent.here() names; one that cannot be read is given the
// permissions for it first.
Result<void> Enter(Descent& descent) {
  constexpr auto kFlags = sys::kRead | sys::kDirectory | sys::kNoFollow;
  Result<sys::Descriptor> opened = sys::Open(descent.here(), kFlags);
  sys::File directory(opened.ok() ? opened.value() : sys::kNone);
  Result<sys::FileStatus> status = Error{abi::kEACCES};
  if (opened.ok()) status = sys::Status(directory.get());
  constexpr sys::Mode kAll = 0700;
  if (!status.ok() || (status.value().mode & kAll) != kAll) {
    // Where that has no effect the rest will tell.
    (void)sys::ChangeModeAt(descent.here(), kAll);
    CATION_TRY_ASSIGN(const sys::Descriptor again, sys::Open(descent.here(), kFlags));
    directory = sys::File(again);
    status = sys::Status(directory.get());
  }
  CATION_TRY(status);
  CATION_TRY(descent.Enter(Move(directory), status.value()));
  descent.ReadToEnd();
  return {};
}

}  // namespace

Result<void> RemoveTree(const char* path) {
  const Result<sys::FileStatus> top = sys::StatusAt(sys::At(path), sys::Follow::kNo);
  if (!top.ok()) {
    if (top.error() == abi::kENOENT) return {};
    return top.error();
  }
  if (!top.value().IsDirectory()) return sys::RemoveFile(sys::At(path));
  Descent descent(Descent::Purpose::kRemove);
  CATION_TRY(descent.Begin(path));
  CATION_TRY(Enter(descent));
  while (descent.depth() > 0) {
    CATION_TRY_ASSIGN(const Descent::Entry* const entry, descent.Next());
    if (entry != nullptr) {
      // Types in listings may be wrong.
      CATION_TRY_ASSIGN(const sys::FileStatus status,
                        sys::StatusAt(descent.here(), sys::Follow::kNo));
      if (status.IsDirectory()) {
        CATION_TRY(Enter(descent));
      } else {
        CATION_TRY(sys::RemoveFile(descent.here()));
        descent.Gone();
      }
      continue;
    }
    if (descent.MayHoldMore()) {
      CATION_TRY(descent.Rewind());
      continue;
    }
    CATION_TRY(descent.Leave());
    CATION_TRY(sys::RemoveDirectory(descent.here()));
    if (descent.depth() > 0) descent.Gone();
  }
  return {};
}

}  // namespace cation::guest
