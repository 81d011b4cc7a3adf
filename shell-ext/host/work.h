// SPDX-License-Identifier: MIT
//
// What get, put and watch have in common: how they report, what ends them, how they go down a tree.
#ifndef CATION_SHELL_EXT_HOST_WORK_H_
#define CATION_SHELL_EXT_HOST_WORK_H_

#include "coreutils/support/descent.h"
#include "coreutils/support/output.h"
#include "shell-ext/host/placement.h"

namespace cation::host {

struct Work {
  Work(const Context& context, Output& out, Purpose purpose)
      : context(context),
        out(out),
        progress(context, purpose != Purpose::kInstall, "files"),
        placer(purpose, progress, interrupts) {}

  // Reports `error` of the file at `path`, behind what was said before on standard output.
  [[gnu::noinline]] void Fail(StringView path, Error error);

  // The status of the directory at `path`; false where there is none, which is reported.
  [[gnu::noinline]] bool FindDirectory(const char* path, sys::FileStatus& status);

  const Context& context;
  Output& out;
  Interrupts interrupts;
  Progress progress;
  Placer placer;
  bool ok = true;  // nothing has failed
  Descent from;
};

}  // namespace cation::host

#endif  // CATION_SHELL_EXT_HOST_WORK_H_
