// SPDX-License-Identifier: MIT
//
// realpath: the absolute path of each FILE, without symbolic links. POSIX.1-2024 (-e, -E), with
// GNU's options.
#include "coreutils/support/canonical_path.h"
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"

namespace cation {
namespace {

// kLogical: ".." is taken out of the text first, and links are followed then.
enum class Way : uint8_t { kPhysical, kLogical, kKeepLinks };

struct Options {
  Missing missing = Missing::kLast;
  Way way = Way::kPhysical;
  bool quiet = false;
  bool null = false;
  const char* relative_to = nullptr;
  const char* relative_base = nullptr;
};

constexpr Option kOptions[] = {
    Choice("-E, --canonicalize", offsetof(Options, missing), Missing::kLast,
           "all but the last component must exist (default)"),
    Choice("-e, --canonicalize-existing", offsetof(Options, missing), Missing::kNothing,
           "all components must exist"),
    Choice("-m, --canonicalize-missing", offsetof(Options, missing), Missing::kAny,
           "nothing needs to exist, or be a directory"),
    Choice("-L, --logical", offsetof(Options, way), Way::kLogical,
           "take .. out of the path before links are followed"),
    Choice("-P, --physical", offsetof(Options, way), Way::kPhysical,
           "follow links where they are in the path (default)"),
    Choice("-s, --strip", offsetof(Options, way), Way::kKeepLinks, "do not follow links"),
    Choice("--no-symlinks", offsetof(Options, way), Way::kKeepLinks, "the same"),
    Flag("-q, --quiet", offsetof(Options, quiet), "no messages for what is not there"),
    Value("--relative-to=DIR", offsetof(Options, relative_to), "print paths relative to DIR"),
    Value("--relative-base=DIR", offsetof(Options, relative_base),
          "print relative paths for what is below DIR only"),
    Flag("-z, --zero", offsetof(Options, null), "end each line of output with NUL, not newline"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... FILE...",
    .summary = "Prints the absolute path of each FILE, with all symbolic links followed.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

Result<String> Resolve(StringView path, const Options& options) {
  if (options.way == Way::kPhysical) return CanonicalPath(path, options.missing);
  CATION_TRY_ASSIGN(String text, CanonicalPath(path, options.missing, Links::kKeep));
  if (options.way == Way::kKeepLinks) return text;
  return CanonicalPath(text.view(), options.missing);
}

// For --relative-*: with -e it has to be a directory.
Result<String> ResolveDirectory(const char* path, const Options& options) {
  if (options.missing != Missing::kNothing || *path == '\0') return Resolve(path, options);
  CATION_TRY_ASSIGN(String text, String::From(path));
  CATION_TRY(text.Append('/'));
  return Resolve(text.view(), options);
}

// Appends `path` as it is to be printed. Empty directories: there is none.
Result<void> AppendShown(String& text, StringView path, StringView to, StringView base) {
  if (to.empty() || (!base.empty() && !IsBelow(path, base))) return text.Append(path);
  return AppendRelativePath(text, path, to);
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const Span<char*> operands = context.arguments;
  if (operands.empty()) return UsageError(context, kCommand, {nullptr, 0}, "missing operand");

  String to;
  String base;
  if (options.relative_to == nullptr) options.relative_to = options.relative_base;
  if (options.relative_to != nullptr) {
    Result<String> resolved = ResolveDirectory(options.relative_to, options);
    if (!resolved.ok()) {
      Report(context, options.relative_to, resolved.error());
      return 1;
    }
    to = Move(resolved.value());
  }
  if (options.relative_base != nullptr && options.relative_base != options.relative_to) {
    Result<String> resolved = ResolveDirectory(options.relative_base, options);
    if (!resolved.ok()) {
      Report(context, options.relative_base, resolved.error());
      return 1;
    }
    base = Move(resolved.value());
    // What all paths would be relative to has to be below it.
    if (!IsBelow(to.view(), base.view())) to.Truncate(0);
  }
  const StringView below =
      options.relative_base == options.relative_to && options.relative_base != nullptr
          ? to.view()
          : base.view();

  Output out(context);
  String shown;
  for (const char* const operand : operands) {
    const Result<String> path = Resolve(operand, options);
    shown.Truncate(0);
    const Result<void> made =
        path.ok() ? AppendShown(shown, path.value().view(), to.view(), below) : path.error();
    if (!made.ok()) {
      status = 1;
      if (options.quiet) continue;
      out.Flush();
      Report(context, operand, made.error());
      continue;
    }
    out.Write(shown.view());
    out.Write(options.null ? '\0' : '\n');
  }
  return out.Finish(status);
}

}  // namespace cation
