// SPDX-License-Identifier: MIT
//
// mkdir: makes directories. POSIX.1-2024, with GNU's options.
//
// The mode is right when the directory appears: none is ever open wider than asked for, not for a
// moment. With -p it does not matter when somebody else makes the same directories meanwhile.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/file_mode.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/quote.h"

namespace cation {
namespace {

struct Options {
  bool parents = false;
  bool verbose = false;
  const char* mode = nullptr;
};

constexpr Option kOptions[] = {
    Value("-m, --mode=MODE", offsetof(Options, mode),
          "permissions, as for chmod, instead of a=rwx without the umask"),
    Flag("-p, --parents", offsetof(Options, parents),
         "make missing parents; it is no error if a directory exists"),
    Flag("-v, --verbose", offsetof(Options, verbose), "say what has been made"),
};

constexpr Command kCommand = {
    .usage = "[OPTION]... DIRECTORY...",
    .summary = "Makes each DIRECTORY.",
    .options = kOptions,
};

class Maker {
 public:
  // `mode` is final, with the umask taken off; `mask` is the umask, for parents.
  Maker(Context& context, const Options& options, sys::Mode mode, sys::Mode mask)
      : context_(context), options_(options), mode_(mode), mask_(mask), out_(context) {}

  int Run(Span<const char* const> operands) {
    int status = 0;
    // Modes are final from here on.
    sys::SetFileCreationMask(0);
    for (const char* const operand : operands) {
      const Result<void> made = options_.parents ? MakeWithParents(operand) : Make(operand, mode_);
      if (made.ok()) continue;
      Report(context_, operand, made.error());
      status = 1;
    }
    sys::SetFileCreationMask(mask_);
    return out_.Finish(status);
  }

 private:
  Result<void> Make(const char* path, sys::Mode mode) {
    // A system may take no more than rwx and the sticky bit for a new directory; the others are set
    // through a descriptor.
    if ((mode & (sys::kSetUserId | sys::kSetGroupId)) != 0) {
      CATION_TRY_ASSIGN(const sys::Descriptor descriptor,
                        sys::MakeAndOpenDirectory(sys::At(path), mode));
      const sys::File directory(descriptor);
      CATION_TRY(sys::ChangeMode(descriptor, mode));
    } else {
      CATION_TRY(sys::MakeDirectory(sys::At(path), mode));
    }
    return Made(path);
  }

  Result<void> Made(StringView path) {
    if (!options_.verbose) return {};
    String line;
    CATION_TRY(line.Append(context_.program));
    CATION_TRY(line.Append(": created directory "));
    CATION_TRY(AppendInQuotes(line, path));
    CATION_TRY(line.Append('\n'));
    out_.Write(line.view());
    out_.Flush();  // in order with messages
    return {};
  }

  // First the directory itself, which mostly is there or has its parent: one call. Only when a
  // parent is missing, the way is made from the first component on.
  Result<void> MakeWithParents(const char* operand) {
    const Result<void> made = Make(operand, mode_);
    if (made.ok() || !(made.error() == abi::kENOENT)) return AcceptDirectory(operand, made);

    CATION_TRY_ASSIGN(String path, String::From(operand));
    size_t end = path.size();
    while (end > 0 && path.c_str()[end - 1] == '/') --end;
    path.Truncate(end);
    if (end == 0) return made;  // an empty operand
    char* const text = path.data();
    // POSIX: parents get the umask's mode, and u+wx so that the next one can be made in them.
    const sys::Mode parent_mode = (0777 & ~mask_) | 0300;
    for (size_t i = 1; i < end; ++i) {
      if (text[i] != '/' || text[i - 1] == '/') continue;
      text[i] = '\0';
      CATION_TRY(AcceptDirectory(text, Make(text, parent_mode)));
      text[i] = '/';
    }
    return AcceptDirectory(text, Make(text, mode_));
  }

  // What exists already, or was made by somebody else in between, will do if it is a directory.
  // Some systems find that a directory is on a read-only file system, or that they may not write
  // there, before they find that it exists.
  static Result<void> AcceptDirectory(const char* path, Result<void> made) {
    if (made.ok()) return made;
    const int error = made.error().number;
    if (error != abi::kEEXIST && error != abi::kEROFS && error != abi::kEACCES &&
        error != abi::kEPERM && error != abi::kEISDIR && error != abi::kENOSYS) {
      return made;
    }
    const Result<sys::FileStatus> status = sys::StatusAt(sys::At(path), sys::Follow::kYes);
    if (status.ok() && status.value().IsDirectory()) return {};
    if (error == abi::kEEXIST && status.ok()) return Error{abi::kENOTDIR};
    return made;
  }

  Context& context_;
  const Options& options_;
  sys::Mode mode_;
  sys::Mode mask_;
  Output out_;
};

}  // namespace

const Command& ThisCommand() { return kCommand; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const Span<char*> operands = context.arguments;
  if (operands.empty()) return UsageError(context, kCommand, {nullptr, 0}, "missing operand");

  const sys::Mode mask = sys::FileCreationMask();
  sys::Mode mode = 0777 & ~mask;
  if (options.mode != nullptr) {
    // POSIX: a symbolic mode starts from a=rwx.
    const Result<sys::Mode> given = ApplyMode(options.mode, 0777, mask, true);
    if (!given.ok()) return UsageError(context, kCommand, options.mode, "invalid mode");
    mode = given.value();
  }
  return Maker(context, options, mode, mask).Run({operands.data(), operands.size()});
}

}  // namespace cation
