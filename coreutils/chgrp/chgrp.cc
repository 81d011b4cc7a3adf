// SPDX-License-Identifier: MIT
//
// chgrp: gives files to another group. POSIX.1-2024, with GNU's options.
//
// All of it is chown's: see there.
#include "coreutils/support/change_owner.h"

namespace cation {
namespace {

constexpr Description kDescription = {
    .usage = "[OPTION]... GROUP FILE...\n[OPTION]... --reference=FILE FILE...",
    .summary = "Changes the group of each FILE.",
    .options = kChangeOwnerOptions,
};
constexpr Command kCommand = Packed<kDescription>();

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  ChangeOwnerOptions options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  return OwnerChanger(context, kCommand, options, true).Run(context.arguments);
}

}  // namespace cation
