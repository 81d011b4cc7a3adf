// SPDX-License-Identifier: MIT
//
// mkfifo: makes FIFOs. POSIX.1-2024, with GNU's options.
//
// The mode is right when the FIFO appears: the umask is out of the way for it, so that nobody can
// open it in between who is not to.
//
// Redox: relibc's mkfifo() opens a file with O_CREAT and a FIFO's mode, of which RedoxFS of 2026
// makes an empty regular file. That is noticed, removed, and said.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/file_mode.h"
#include "coreutils/support/options.h"

namespace cation {
namespace {

struct Options {
  const char* mode = nullptr;
  bool wants_context = false;
};

// Any text is a security context, and none is known here.
bool TakeContext(const Context&, const Command&, PackedOption, StringView, char* field) {
  *field = 1;
  return true;
}

constexpr Option kOptions[] = {
    Value("-m, --mode=MODE", offsetof(Options, mode),
          "permissions, as for chmod, instead of a=rw without the umask"),
    // As GNU's on a system without SELinux: the first says nothing, the second warns.
    Choice("-Z", offsetof(Options, wants_context), false, "nothing: for scripts from elsewhere"),
    OptionalParsed("--context[=CONTEXT]", offsetof(Options, wants_context), TakeContext,
                   "the same, with a warning for CONTEXT"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... NAME...",
    .summary = "Makes FIFOs (named pipes) with the given NAMEs.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

Result<void> Make(const char* path, sys::Mode mode) {
  if (StringView(path).EndsWith("/")) {
    // Redox would drop the slash.
    const Result<sys::FileStatus> found = sys::StatusAt(sys::At(path), sys::Follow::kYes);
    return found.ok() ? Error{abi::kEEXIST} : found.error();
  }
  return sys::MakeFifo(sys::At(path), mode);
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const Span<char*> operands = context.arguments;
  if (operands.empty()) return UsageError(context, kCommand, {nullptr, 0}, "missing operand");
  if (options.wants_context) Report(context, "warning: ignoring --context: there are none here");

  sys::Mode mode = 0666;
  if (options.mode != nullptr) {
    // The mode is final: the umask has no part in it any more.
    const sys::Mode mask = sys::SetFileCreationMask(0);
    const Result<sys::Mode> given = ApplyMode(options.mode, 0666, mask, false);
    if (!given.ok()) return UsageError(context, kCommand, options.mode, "invalid mode");
    if ((given.value() & ~sys::Mode{0777}) != 0) {
      Report(context, options.mode, "the mode of a FIFO has permission bits only");
      return 1;
    }
    mode = given.value();
  }
  for (const char* const operand : operands) {
    const Result<void> made = Make(operand, mode);
    if (made.ok()) continue;
    if (made.error() == abi::kEOPNOTSUPP) {
      Report(context, operand, "the file system makes no FIFOs", made.error());
    } else {
      Report(context, operand, made.error());
    }
    status = 1;
  }
  return status;
}

}  // namespace cation
