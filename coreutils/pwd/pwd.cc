// SPDX-License-Identifier: MIT
//
// pwd: the path of the working directory. POSIX.1-2024, with GNU's options.
//
// As GNU's it prints the path without symbolic links (-P), unless -L is given or POSIXLY_CORRECT is
// set. With -L, PWD is printed where it is an absolute path without "." and ".." that leads here.
// relibc's own notion of the working directory is the text that chdir() was given: for -P the links
// in it are resolved here.
#include "coreutils/support/canonical_path.h"
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/working_directory.h"

namespace cation {
namespace {

enum class Way : uint8_t { kDefault, kLogical, kPhysical };

struct Options {
  Way way = Way::kDefault;
};

constexpr Option kOptions[] = {
    Choice("-L, --logical", offsetof(Options, way), Way::kLogical,
           "print PWD, with the symbolic links that are in it, if it leads here"),
    Choice("-P, --physical", offsetof(Options, way), Way::kPhysical,
           "print the path without symbolic links (default, without POSIXLY_CORRECT)"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]...",
    .summary = "Prints the path of the working directory.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

// Whether it is absolute, and has no component "." or "..".
bool IsPlain(StringView path) {
  if (path.empty() || path[0] != '/') return false;
  while (!path.empty()) {
    path = path.From(1);
    const StringView name = path.First(Min(path.Find('/'), path.size()));
    if (name == "." || name == "..") return false;
    path = path.From(name.size());
  }
  return true;
}

// Whether `path` leads to the working directory. On a 9p share of Redox other directories have the
// same identity: there only the system's own text does.
bool LeadsHere(const char* path) {
  const Result<sys::FileStatus> named = sys::StatusAt(sys::At(path), sys::Follow::kYes);
  if (!named.ok()) return false;
  const Result<sys::FileStatus> here = sys::StatusAt(sys::At("."), sys::Follow::kYes);
  if (!here.ok() || !(named.value().identity() == here.value().identity())) return false;
  if (here.value().device != 0) return true;
  String text;
  return sys::WorkingDirectory(text).ok() && WithoutSlashes(path) == text.view();
}

Result<String> PhysicalPath() {
  String path;
  CATION_TRY(AppendWorkingDirectory(path));
  if constexpr (sys::kPathsAreTexts) return CanonicalPath(path.view(), Missing::kNothing);
  return path;
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  if (!context.arguments.empty()) Report(context, "ignoring non-option arguments");
  if (options.way == Way::kDefault && Environment(context, "POSIXLY_CORRECT") != nullptr)
    options.way = Way::kLogical;

  Output out(context);
  const char* const logical = options.way == Way::kLogical ? Environment(context, "PWD") : nullptr;
  if (logical != nullptr && IsPlain(logical) && LeadsHere(logical)) {
    out.Write(logical);
  } else {
    const Result<String> path = PhysicalPath();
    if (!path.ok()) {
      Report(context, {nullptr, 0}, "cannot find the working directory", path.error());
      return 1;
    }
    out.Write(path.value().view());
  }
  out.Write('\n');
  return out.Finish(0);
}

}  // namespace cation
