// SPDX-License-Identifier: MIT
//
// readlink: what symbolic links say, or what paths name in the end. POSIX.1-2024, with GNU's
// options.
//
// As GNU's it says nothing of what is no link unless -v is given or POSIXLY_CORRECT is set; the
// status tells. Redox takes "." and ".." out of a path's text before it looks: here the links in it
// are followed first, as everywhere else.
#include "coreutils/support/canonical_path.h"
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"

namespace cation {
namespace {

// Those of Missing, whose path is asked for, and the link's target.
enum class Mode : uint8_t { kExisting, kAllButLast, kMissing, kTarget };
static_assert(static_cast<Missing>(Mode::kExisting) == Missing::kNothing &&
              static_cast<Missing>(Mode::kAllButLast) == Missing::kLast &&
              static_cast<Missing>(Mode::kMissing) == Missing::kAny);

struct Options {
  Mode mode = Mode::kTarget;
  bool no_newline = false;
  bool verbose = false;
  bool null = false;
};

constexpr Option kOptions[] = {
    Choice("-f, --canonicalize", offsetof(Options, mode), Mode::kAllButLast,
           "print the absolute path, without links; all but the last component must exist"),
    Choice("-e, --canonicalize-existing", offsetof(Options, mode), Mode::kExisting,
           "the same, and all of it must exist"),
    Choice("-m, --canonicalize-missing", offsetof(Options, mode), Mode::kMissing,
           "the same, and nothing needs to exist"),
    Flag("-n, --no-newline", offsetof(Options, no_newline), "no newline behind a single line"),
    Choice("-q, --quiet", offsetof(Options, verbose), false,
           "no messages (default, without POSIXLY_CORRECT)"),
    Choice("-s, --silent", offsetof(Options, verbose), false, "the same"),
    Flag("-v, --verbose", offsetof(Options, verbose), "messages for what is no link"),
    Flag("-z, --zero", offsetof(Options, null), "end each line of output with NUL, not newline"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... FILE...",
    .summary = "Prints the target of each symbolic link FILE, or with -f, -e or -m its own path.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

Result<String> TargetAt(const char* path) {
  char target[4096];
  CATION_TRY_ASSIGN(const size_t size, sys::ReadSymbolicLinkIfAny(sys::At(path), target));
  if (size == sizeof(target)) return Error{abi::kENAMETOOLONG};
  return String::From({target, size});
}

// Whether `path` has slashes at its end, or a component of dots, or none between slashes.
[[maybe_unused]] bool HasDots(const char* path) {
  bool has_name = *path == '/';
  for (;; ++path) {
    if (*path != '/' && *path != '\0') {
      has_name |= *path != '.';
      continue;
    }
    if (!has_name) return true;
    if (*path == '\0') return false;
    has_name = false;
  }
}

Result<String> Value(const char* path, Mode mode) {
  const bool is_target = mode == Mode::kTarget;
  // A link is where hosts find it: the system goes by the text.
  if (is_target && (!sys::kPathsAreTexts || !HasDots(path))) return TargetAt(path);
  Result<String> place =
      CanonicalPath(path, is_target ? Missing::kNothing : static_cast<Missing>(mode),
                    is_target ? Links::kFollowAllButLast : Links::kFollow);
  if (!is_target || !place.ok()) return place;
  return TargetAt(place.value().c_str());
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const Span<char*> operands = context.arguments;
  if (operands.empty()) return UsageError(context, kCommand, {nullptr, 0}, "missing operand");
  if (options.no_newline && operands.size() > 1) {
    Report(context, "ignoring --no-newline with multiple arguments");
    options.no_newline = false;
  }
  if (Environment(context, "POSIXLY_CORRECT") != nullptr) options.verbose = true;

  Output out(context);
  for (const char* const operand : operands) {
    const Result<String> value = Value(operand, options.mode);
    if (!value.ok()) {
      status = 1;
      if (!options.verbose) continue;
      out.Flush();
      Report(context, operand, value.error());
      continue;
    }
    out.Write(value.value().view());
    if (!options.no_newline) out.Write(options.null ? '\0' : '\n');
  }
  return out.Finish(status);
}

}  // namespace cation
