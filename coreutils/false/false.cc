// SPDX-License-Identifier: MIT
//
// false: does nothing, with status 1. POSIX.1-2024: whatever its arguments are. As with GNU's,
// --help and --version are answered where they are the only argument, with status 1 all the same.
// Otherwise it makes no OS call.
#include "coreutils/support/options.h"

namespace cation {
namespace {

constexpr Description kDescription = {
    .usage = "[OPTION]\n[ARGUMENT]...",
    .summary = "Does nothing, and ends with status 1.",
    .help = Description::Help::kAlone,
    .statuses = "1 Always.",
};
constexpr Command kCommand = Packed<kDescription>();

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  int status = 0;
  (void)AnswersHelp(context, kCommand, &status);
  return 1;
}

}  // namespace cation
