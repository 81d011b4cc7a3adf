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

constexpr Description kDescription = {
    .usage = "[OPTION]... [OWNER][:[GROUP]] FILE...\n[OPTION]... --reference=FILE FILE...",
    .summary = "Changes the user and group of each FILE.",
    .options = kChangeOwnerOptions,
};
constexpr Command kCommand = Packed<kDescription>();

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  ChangeOwnerOptions options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  return OwnerChanger(context, kCommand, options, false).Run(context.arguments);
}

}  // namespace cation
