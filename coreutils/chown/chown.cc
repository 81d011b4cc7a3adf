// SPDX-License-Identifier: MIT
//
// chown: gives files to another user and group. POSIX.1-2024, with GNU's options.
//
// Names are those of /etc/passwd and /etc/group; what is no name is a number up to 4294967294, and
// always is with a + before it. Set-ID bits of regular files go with the owner, as on Linux, also
// where the system leaves them (RedoxFS). Trees are walked by descriptor: with -R a file that
// somebody exchanges for a symbolic link meanwhile is changed itself and not what the link leads
// to, unless -H or -L asks for that.
//
// A 9p share of Redox takes a change and keeps nothing of it: that is reported. RedoxFS lets each
// user give away what is his, and change its group to any.
//
// Differs from GNU: -R --preserve-root knows / by whatever path it comes.
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
    .usage = "[OPTION]... [OWNER][:[GROUP]] FILE...\n[OPTION]... --reference=FILE FILE...",
    .summary = "Changes the user and group of each FILE.",
    .options = Packed<kOptions>(),
};

}  // namespace

const Command& ThisCommand() { return kCommand; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  return OwnerChanger(context, kCommand, options, false).Run(context.arguments);
}

}  // namespace cation
