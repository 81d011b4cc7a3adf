// SPDX-License-Identifier: MIT
//
// sync: has what was written put on the disk. POSIX sync utility, with GNU's FILE operands and
// options.
//
// What Redox can promise: RedoxFS commits every call that changes something before the call
// returns, as one transaction, and hands it to the block driver; an fsync of a file flushes what
// was written through memory mappings. Nothing reaches further: block drivers (of 2026) have no
// flush, and refuse to be opened while a file system uses the disk, so what the device keeps in a
// cache of its own stays there. relibc's sync() is empty. So:
// - `sync FILE...` flushes each file (fsync), and reports each that could not be flushed. A
// directory has nothing of its own to flush there (fsync answers EBADF): what
//   made its entries has been committed.
// - `sync` calls relibc's sync(), and asks the file systems of / and of the working directory to
// flush: one that does not answer, or answers with an error, is reported. The status is 0 only if
// nothing that was asked for failed.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"

namespace cation {
namespace {

struct Options {
  bool data = false;
  bool file_system = false;
};

constexpr Option kOptions[] = {
    Flag("-d, --data", offsetof(Options, data),
         "only the files' data, and the attributes needed to read it back"),
    Flag("-f, --file-system", offsetof(Options, file_system),
         "the file systems that hold the files"),
};

constexpr Description kDescription = {
    .usage = "[OPTION] [FILE]...",
    .summary = "Puts written data on the disk: that of each FILE, or without FILE, all of it.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

void ReportFailure(void* context, StringView what, Error error) {
  Report(*static_cast<const Context*>(context), what, error);
}

Result<void> Flush(const char* path, const Options& options) {
  // A file that may only be written to can be flushed all the same. Non-blocking: a FIFO without a
  // writer is not waited for.
  Result<sys::Descriptor> opened = sys::Open(sys::At(path), sys::kRead | sys::kNonBlocking);
  if (!opened.ok() && opened.error() == abi::kEACCES) {
    const Result<sys::Descriptor> writable =
        sys::Open(sys::At(path), sys::kWrite | sys::kNonBlocking);
    if (writable.ok()) opened = writable;
  }
  if (!opened.ok()) return opened.error();
  sys::File file(opened.value());
  Result<void> flushed =
      options.file_system ? sys::FlushFileSystem(file.get()) : sys::Flush(file.get(), options.data);
  if (!flushed.ok() && flushed.error() == abi::kEBADF) {
    const Result<sys::FileStatus> status = sys::Status(file.get());
    if (status.ok() && status.value().IsDirectory()) flushed = {};
  }
  CATION_TRY(flushed);
  return file.Close();
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const Span<char*> operands = context.arguments;
  if (options.data && options.file_system) {
    return UsageError(context, kCommand, {nullptr, 0},
                      "cannot specify both --data and --file-system");
  }
  if (operands.empty()) {
    if (options.data)
      return UsageError(context, kCommand, {nullptr, 0}, "--data needs at least one argument");
    return sys::FlushAll(ReportFailure, &context) ? 0 : 1;
  }
  for (const char* const operand : operands) {
    const Result<void> flushed = Flush(operand, options);
    if (flushed.ok()) continue;
    Report(context, operand, flushed.error());
    status = 1;
  }
  return status;
}

}  // namespace cation
