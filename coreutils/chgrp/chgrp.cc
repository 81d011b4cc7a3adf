// SPDX-License-Identifier: MIT
//
// chgrp: gives files to another group. POSIX.1-2024, with GNU's options.
//
// All of it is chown's: see there.
#include "coreutils/support/change_owner.h"

namespace cation {
namespace {

using Options = ChangeOwnerOptions;

constexpr Option kOptions[] = {
    Choice("-c, --changes", offsetof(Options, say), Options::Say::kChanges,
           "say what has been changed"),
    Flag("-f, --silent", offsetof(Options, silent), "say nothing of files that cannot be changed"),
    Flag("--quiet", offsetof(Options, silent), "the same"),
    Choice("-v, --verbose", offsetof(Options, say), Options::Say::kAll,
           "say of each file what has become of it"),
    Choice("--dereference", offsetof(Options, change), Options::Change::kTarget,
           "change what a symbolic link leads to (default without -R)"),
    Choice("-h, --no-dereference", offsetof(Options, change), Options::Change::kLink,
           "change symbolic links themselves"),
    Value("--from=USER:GROUP", offsetof(Options, from),
          "only files that belong to that user and that group; either may be left out"),
    Choice("--no-preserve-root", offsetof(Options, preserve_root), false,
           "treat / like anything else (default)"),
    Flag("--preserve-root", offsetof(Options, preserve_root), "with -R, do not change /"),
    Value("--reference=FILE", offsetof(Options, reference), "to what FILE belongs to"),
    Flag("-R, --recursive", offsetof(Options, recursive), "directories and all that is in them"),
    Choice("-H", offsetof(Options, walk), Options::Walk::kOperands,
           "with -R, go through operands that are symbolic links to directories"),
    Choice("-L", offsetof(Options, walk), Options::Walk::kAllLinks,
           "with -R, go through all symbolic links to directories"),
    Choice("-P", offsetof(Options, walk), Options::Walk::kNoLinks,
           "with -R, go through none (default)"),
};

constexpr Command kCommand = {
    .usage = "[OPTION]... GROUP FILE...\n[OPTION]... --reference=FILE FILE...",
    .summary = "Changes the group of each FILE.",
    .options = Packed<kOptions>(),
};

}  // namespace

const Command& ThisCommand() { return kCommand; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  return OwnerChanger(context, kCommand, options, true).Run(context.arguments);
}

}  // namespace cation
