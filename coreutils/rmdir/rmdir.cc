// SPDX-License-Identifier: MIT
//
// rmdir: removes empty directories. POSIX.1-2024, with GNU's options.
//
// Differs from GNU: -v tells of a directory when it has been removed, not before.
//
// Redox takes "." and ".." out of a path by its text, so that rmdir("d/.") removes d, and
// "nosuch/.." is a directory: a last component of these is refused before the system is asked, with
// the error that POSIX has for it.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"

namespace cation {
namespace {

struct Options {
  bool ignore_non_empty = false;
  bool parents = false;
  bool verbose = false;
};

constexpr Option kOptions[] = {
    Flag("--ignore-fail-on-non-empty", offsetof(Options, ignore_non_empty),
         "leave a directory that is not empty, and say nothing"),
    Flag("-p, --parents", offsetof(Options, parents),
         "then remove the directories that DIRECTORY leads through"),
    Flag("-v, --verbose", offsetof(Options, verbose), "say what has been removed"),
    // GNU's earlier name.
    Flag("--path", offsetof(Options, parents), nullptr),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... DIRECTORY...",
    .summary = "Removes each DIRECTORY, if it is empty.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

bool HoldsSomething(const char* path) {
  const Result<sys::Descriptor> opened = sys::Open(sys::At(path), sys::kRead | sys::kDirectory);
  if (!opened.ok()) return false;
  const sys::File directory(opened.value());
  sys::DirectoryReader reader(opened.value());
  const Result<const sys::DirectoryEntry*> entry = reader.Next();
  return entry.ok() && entry.value() != nullptr;
}

// Whether a directory was left since it is not empty. Some systems find other reasons first, and a
// 9p share of Redox has no other error than EIO.
bool IsNotEmpty(const char* path, Error error) {
  switch (error.number) {
    case abi::kENOTEMPTY:
    case abi::kEEXIST:
      return true;
    case abi::kEACCES:
    case abi::kEPERM:
    case abi::kEROFS:
    case abi::kEBUSY:
    case abi::kEIO:
      return HoldsSomething(path);
    default:
      return false;
  }
}

Result<void> Remove(const char* path) {
  const StringView last = LastComponent(path);
  if (last == ".") return Error{abi::kEINVAL};
  if (last == "..") {
    const Result<sys::FileStatus> found = sys::StatusAt(sys::At(path), sys::Follow::kYes);
    return found.ok() ? Error{abi::kENOTEMPTY} : found.error();
  }
  return sys::RemoveDirectory(sys::At(path));
}

// Removes what `path` names, and with -p what it leads through, which cuts it. Returns false, and
// has reported it, when that could not be done.
bool RemoveOperand(const Context& context, const Options& options, char* path, Output& out) {
  for (;;) {
    const Result<void> removed = Remove(path);
    if (!removed.ok()) {
      if (options.ignore_non_empty && IsNotEmpty(path, removed.error())) return true;
      out.Flush();
      Report(context, path, removed.error());
      return false;
    }
    if (options.verbose) {
      const StringView line[] = {"rmdir: removing directory, ", path, "\n"};
      out.WriteQuoted(line);
    }
    if (!options.parents) return true;
    size_t end = WithoutSlashes(path).size();
    while (end > 0 && path[end - 1] != '/') --end;
    if (end == 0) return true;
    while (end > 1 && path[end - 1] == '/') --end;
    path[end] = '\0';
  }
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const Span<char*> operands = context.arguments;
  if (operands.empty()) return UsageError(context, kCommand, {nullptr, 0}, "missing operand");
  Output out(context);
  for (char* const operand : operands) {
    if (!RemoveOperand(context, options, operand, out)) status = 1;
  }
  return out.Finish(status);
}

}  // namespace cation
