// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_BOX_COMMANDS_H_
#define CATION_COREUTILS_BOX_COMMANDS_H_

#include "runtime/start/context.h"

namespace cation::box {

// A command of the multicall program.
struct Command {
  StringView name;
  int (*main)(Context& context);
};

// All of them, by name in the order of bytes. Written by the build from coreutils/utilities.bzl
// (box.bzl).
[[nodiscard]] Span<const Command> Commands();

}  // namespace cation::box

#endif  // CATION_COREUTILS_BOX_COMMANDS_H_
