// SPDX-License-Identifier: MIT
//
// mv: moves and renames files and directories. POSIX.1-2024, with GNU's options.
//
// A rename is one call. What is on another file system is copied as cp -a does it, and the source
// removed when the copy is whole: whatever fails before that leaves the source as it is, and says
// where an incomplete copy is. A file that was at the target is put aside meanwhile, and comes back
// when the copy fails.
//
// Where GNU's releases differ, the newer ones are followed: a question answered with no makes the
// status 1 (since 9.2), -n and --update=none do not (since 9.5).
//
// Differs from GNU:
// - -v tells of a directory that was copied as of a file.
// - Extended attributes are not kept across file systems. There is no -Z.
// - Attributes that cannot be kept, but ownership by who may not give files away, keep the source.
//
// Redox: rename() of a directory into itself and of anything to another file system says there that
// it is done, and files are lost; sys::Relocate() finds out before. RedoxFS has no hard links, so
// names of one file become files of their own on the way to another file system. There is no
// --exchange.
#include "coreutils/mv/mover.h"
#include "coreutils/support/diagnostics.h"

namespace cation {
namespace {

using mv::Existing;
using mv::Options;
using mv::Update;

constexpr Option kOptions[] = {
    BackupFlagOption(offsetof(Options, target)),
    BackupOption(offsetof(Options, target)),
    Also(Flag("--debug", offsetof(Options, copy.debug), "-v, and how a file was copied"),
         offsetof(Options, copy.verbose), true),
    Flag("--exchange", offsetof(Options, exchange), "exchange the names SOURCE and DEST"),
    Choice("-f, --force", offsetof(Options, existing), Existing::kReplace,
           "do not ask before overwriting a file"),
    Choice("-i, --interactive", offsetof(Options, existing), Existing::kAsk,
           "ask before overwriting a file"),
    Choice("-n, --no-clobber", offsetof(Options, existing), Existing::kSkip,
           "leave files alone that are there already"),
    Flag("--no-copy", offsetof(Options, no_copy), "do not copy to another file system"),
    Flag("--strip-trailing-slashes", offsetof(Options, strip_trailing_slashes),
         "take slashes off the end of each SOURCE"),
    SuffixOption(offsetof(Options, target)),
    NoTargetDirectoryOption(offsetof(Options, target),
                            "take DEST as the new name, also when it is a directory"),
    TargetDirectoryOption(offsetof(Options, target), "move all operands into DIRECTORY"),
    OptionalWord("-u, --update[=WHICH]", offsetof(Options, copy.update), Update::kOlder,
                 "all|none|none-fail|older",
                 "replace older files only; or all, none, or none and fail (none-fail)"),
    Flag("-v, --verbose", offsetof(Options, copy.verbose), "say what has been moved"),
};

constexpr Description kDescription = {
    .usage =
        "[OPTION]... [-T] SOURCE DEST\n[OPTION]... SOURCE... DIRECTORY\n[OPTION]... -t DIRECTORY "
        "SOURCE...",
    .summary = "Renames SOURCE to DEST, or moves each SOURCE into DIRECTORY.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

}  // namespace

constinit const CopyUse kCopyUse = CopyUse::kMoves;

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  CopyOptions& copy = options.copy;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const auto refuse = [&](StringView reason) {
    return UsageError(context, kCommand, {nullptr, 0}, reason);
  };
  if (options.existing == Existing::kSkip) copy.update = Update::kNone;
  const bool replaces_none = copy.update == Update::kNone || copy.update == Update::kNoneFail;
  if (options.target.backup && replaces_none)
    return refuse("--backup excludes -n and --update=none");
  if (options.target.backup && options.exchange) return refuse("--backup excludes --exchange");
  if (!SettleBackup(context, options.target, &copy.backup, &copy.suffix) ||
      !CheckTargetOperands(context, kCommand, options.target, context.arguments))
    return kCommand.usage_status;
  mv::Mover mover(context, options);
  return mover.Run(context.arguments);
}

}  // namespace cation
