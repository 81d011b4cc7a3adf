// SPDX-License-Identifier: MIT
//
// rm: removes files and, with -r, directories and all that is in them. POSIX.1-2024, with GNU's
// options.
//
// Goes by descriptor: a directory that somebody exchanges for a symbolic link meanwhile is not
// followed (with relibc from before it had unlinkat(), files are removed by path, and only the way
// down is safe). What cannot be removed is reported, and the rest goes on; nothing is called
// removed that is not.
//
// Memory is bounded by the depth and by what stays, not by what is removed: see Descent.
//
// Differs from GNU:
// - `/` is refused by what it is, so also as `//`, `/tmp/..` or `link/`. A last component `.` or
// `..` is refused by its text, as POSIX says: for RedoxFS "name/." is `name`. The working directory
//   by another name is removed, as by every other rm: scripts end with `rm -rf "$dir"` while they
//   are in it.
// - A directory that turns out not to be empty after all was removed from it is listed again, and
//   that goes on while there is anything to remove: GNU leaves what its one listing did not show.
// - --progress.
#include "coreutils/rm/remover.h"
#include "coreutils/support/options.h"

namespace cation {
namespace {

using rm::KeepRoot;
using rm::Options;
using rm::Prompt;

constexpr Option kOptions[] = {
    Also(Choice("-f, --force", offsetof(Options, prompt), Prompt::kNever,
                "ignore what is not there, never ask"),
         offsetof(Options, force), true),
    Also(Choice("-i", offsetof(Options, prompt), Prompt::kAlways, "ask before every removal"),
         offsetof(Options, force), false),
    Also(Choice("-I", offsetof(Options, prompt), Prompt::kOnce,
                "ask once for more than three files or with -r"),
         offsetof(Options, force), false),
    OptionalWord("--interactive[=WHEN]", offsetof(Options, prompt), Prompt::kAlways,
                 "|never no none|once|always yes",
                 "ask never, once (-I) or always (-i; without WHEN)"),
    Flag("--one-file-system", offsetof(Options, one_file_system),
         "with -r, stay on the file system of each operand"),
    InFull(Choice("--no-preserve-root", offsetof(Options, keep_root), KeepRoot::kNo,
                  "treat / like anything else")),
    OptionalWord("--preserve-root[=all]", offsetof(Options, keep_root), KeepRoot::kYes, "||all",
                 "do not remove / (default); all: nor other mounted file systems"),
    Flag("-r, --recursive", offsetof(Options, recursive),
         "remove directories and all that is in them"),
    Flag("-R", offsetof(Options, recursive), "the same as -r"),
    Flag("-d, --dir", offsetof(Options, directories), "remove empty directories"),
    Flag("-v, --verbose", offsetof(Options, verbose), "say what has been removed"),
    Flag("--progress", offsetof(Options, progress), "on a terminal, show how far it is"),
    // For tests that have no terminal, by GNU's name.
    Flag("---presume-input-tty", offsetof(Options, presume_terminal), nullptr),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... [FILE]...",
    .summary = "Removes each FILE; directories only with -r, or with -d when they are empty.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const Span<char*> operands = context.arguments;
  if (operands.empty()) {
    if (options.IgnoresMissing()) return 0;  // POSIX since 2024
    return UsageError(context, kCommand, {nullptr, 0}, "missing operand");
  }
  return rm::Remover(context, options).Run({operands.data(), operands.size()});
}

}  // namespace cation
