// SPDX-License-Identifier: MIT
//
// true: does nothing, with status 0. POSIX.1-2024: whatever its arguments are. As with GNU's,
// --help and --version are answered where they are the only argument. Otherwise it makes no OS
// call.
#include "coreutils/support/options.h"

namespace cation {
namespace {

constexpr Description kDescription = {
    .usage = "[OPTION]\n[ARGUMENT]...",
    .summary = "Does nothing, and ends with status 0.",
    .help = Description::Help::kAlone,
};
constexpr Command kCommand = Packed<kDescription>();

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  int status = 0;
  return AnswersHelp(context, kCommand, &status) ? status : 0;
}

}  // namespace cation
