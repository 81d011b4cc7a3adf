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
// Differs from GNU:
// - `/`, `.` and `..` are refused by what they are, so also as `//`, `/tmp/..`, `../here` or
// `link/`:
//   the root, the working directory and its parent are never removed. A last component `.` or `..`
//   is refused besides, as POSIX says: for RedoxFS "name/." is `name`.
#include "coreutils/rm/remover.h"
#include "coreutils/support/options.h"

namespace cation {
namespace {

using rm::Options;
using rm::Prompt;

constexpr Option kOptions[] = {
    Choice("-f, --force", offsetof(Options, prompt), Prompt::kForce,
           "ignore what is not there, never ask"),
    Choice("-i", offsetof(Options, prompt), Prompt::kAlways, "ask before every removal"),
    Choice("-I", offsetof(Options, prompt), Prompt::kOnce,
           "ask once for more than three files or with -r"),
    OptionalWord("--interactive[=WHEN]", offsetof(Options, prompt), Prompt::kAlways,
                 "|never no none|once|always yes",
                 "ask never, once (-I) or always (-i; without WHEN)"),
    Flag("--one-file-system", offsetof(Options, one_file_system),
         "with -r, stay on the file system of each operand"),
    InFull(Choice("--no-preserve-root", offsetof(Options, keep_root), false,
                  "treat / like anything else")),
    Choice("--preserve-root", offsetof(Options, keep_root), true, "do not remove / (default)"),
    Flag("-r, --recursive", offsetof(Options, recursive),
         "remove directories and all that is in them"),
    Flag("-R", offsetof(Options, recursive), "the same as -r"),
    Flag("-d, --dir", offsetof(Options, directories), "remove empty directories"),
    Flag("-v, --verbose", offsetof(Options, verbose), "say what has been removed"),
};

constexpr Command kCommand = {
    .usage = "[OPTION]... [FILE]...",
    .summary = "Removes each FILE; directories only with -r, or with -d when they are empty.",
    .options = kOptions,
};

}  // namespace

const Command& ThisCommand() { return kCommand; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const Span<char*> operands = context.arguments;
  if (operands.empty()) {
    if (options.prompt == Prompt::kForce) return 0;  // POSIX since 2024
    return UsageError(context, kCommand, {nullptr, 0}, "missing operand");
  }
  return rm::Remover(context, options).Run({operands.data(), operands.size()});
}

}  // namespace cation
