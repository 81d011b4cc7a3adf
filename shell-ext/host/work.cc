// SPDX-License-Identifier: MIT
#include "shell-ext/host/work.h"

#include "coreutils/support/diagnostics.h"

namespace cation::host {

void Work::Fail(StringView path, Error error) {
  progress.Erase();
  out.Flush();
  host::Fail(context, path, error);
  ok = false;
}

bool Work::FindDirectory(const char* path, sys::FileStatus& status) {
  const Result<sys::FileStatus> found = sys::StatusAt(path, sys::Follow::kYes);
  if (found.ok()) status = found.value();
  if (found.ok() && status.IsDirectory()) return true;
  Fail(path, found.ok() ? Error{abi::kENOTDIR} : found.error());
  return false;
}

}  // namespace cation::host
