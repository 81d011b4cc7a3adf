// SPDX-License-Identifier: MIT
//
// cp: copies files and directories. POSIX.1-2024, with GNU's options.
//
// Differs from GNU:
// - A directory that would be copied into itself is refused before anything is made of it.
// - -v tells of a file when it has been copied, not before; of what -f removes it does not tell.
// - Sockets and devices of a tree are reported, and not made: Redox has no mknod().
// - Where there are no hard links, -d and -a copy a file once more, and say so with -v.
// - `SOURCE/.` is copied to DIRECTORY itself, not to DIRECTORY/. .
#include "coreutils/support/copy.h"
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"

namespace cation {
namespace {

using Dereference = CopyOptions::Dereference;
using Existing = CopyOptions::Existing;

struct Options {
  CopyOptions copy;
  const char* target_directory = nullptr;
  bool no_target_directory = false;
};

constexpr Option kOptions[] = {
    Expand("-a, --archive", "dRp", "all of it as it is: equivalent to -dRp"),
    Also(Flag("-d", offsetof(Options, copy.preserve_links),
              "copy links as links: -P, and names of one file become names of one copy"),
         offsetof(Options, copy.dereference), Dereference::kNever),
    Flag("-f, --force", offsetof(Options, copy.force),
         "remove a target that cannot be opened, and try again"),
    Choice("-H", offsetof(Options, copy.dereference), Dereference::kOperands,
           "follow symbolic links that are operands"),
    Choice("-i, --interactive", offsetof(Options, copy.existing), Existing::kAsk,
           "ask before overwriting a file"),
    Choice("-L, --dereference", offsetof(Options, copy.dereference), Dereference::kAlways,
           "follow all symbolic links"),
    Choice("-n, --no-clobber", offsetof(Options, copy.existing), Existing::kKeep,
           "leave files alone that are there already"),
    Choice("-P, --no-dereference", offsetof(Options, copy.dereference), Dereference::kNever,
           "copy symbolic links as such (with -r, unless told otherwise)"),
    Flag("-p", offsetof(Options, copy.preserve), "keep ownership, permissions and times"),
    Flag("-R, --recursive", offsetof(Options, copy.recursive),
         "copy directories with all that is in them"),
    Flag("-r", offsetof(Options, copy.recursive), "equivalent to -R"),
    Value("-t, --target-directory=DIRECTORY", offsetof(Options, target_directory),
          "copy all operands into DIRECTORY"),
    Flag("-T, --no-target-directory", offsetof(Options, no_target_directory),
         "take DEST as the copy's name, also when it is a directory"),
    Flag("-u, --update", offsetof(Options, copy.update),
         "leave files alone that are as new as their source"),
    Flag("-v, --verbose", offsetof(Options, copy.verbose), "say what has been copied"),
};

constexpr Command kCommand = {
    .usage =
        "[OPTION]... [-T] SOURCE DEST\n[OPTION]... SOURCE... DIRECTORY\n[OPTION]... -t DIRECTORY "
        "SOURCE...",
    .summary = "Copies SOURCE to DEST, or each SOURCE into DIRECTORY.",
    .options = kOptions,
};

class Cp {
 public:
  Cp(const Context& context, const Options& options)
      : context_(context), options_(options), out_(context), copier_(context, options.copy, out_) {}

  // The last operand is the target, unless -t has named one.
  int Run(Span<char*> sources) {
    const char* target = options_.target_directory;
    if (target == nullptr) {
      target = sources[sources.size() - 1];
      sources = sources.First(sources.size() - 1);
    }
    const Result<sys::FileStatus> status = sys::StatusAt(sys::At(target), sys::Follow::kYes);
    const bool is_directory = status.ok() && status.value().IsDirectory();
    const bool must_be_directory = options_.target_directory != nullptr || sources.size() > 1;
    if (must_be_directory && !is_directory) {
      Report(context_, target, status.ok() ? Error{abi::kENOTDIR} : status.error());
      return 1;
    }
    bool ok = true;
    if (is_directory && !options_.no_target_directory) {
      ok = CopyInto(target, status.value(), sources);
    } else {
      CopyPlace place{.location = sys::At(target)};
      place.free = !status.ok() && status.error() == abi::kENOENT;
      if (status.ok()) place.status = &status.value();
      ok = copier_.Copy(sources[0], place);
    }
    return out_.Finish(ok ? 0 : 1);
  }

 private:
  bool CopyInto(const char* target, const sys::FileStatus& status, Span<char*> sources) {
    // With several operands it pays to open the directory; one that may be written to and searched
    // but not read does without.
    sys::File directory;
    if (sources.size() > 1) {
      const Result<sys::Descriptor> opened =
          sys::Open(sys::At(target), sys::kRead | sys::kDirectory);
      if (opened.ok()) directory = sys::File(opened.value());
    }
    Vector<const char*> copied;
    String path;
    bool ok = true;
    for (const char* const source : sources) {
      CopyPlace place{.location = sys::At(target)};
      place.exclusive = status.device != 0;
      place.earlier = {copied.data(), copied.size()};
      Result<void> result;
      const StringView name = LastComponent(source);
      if (name == "." || name == ".." || name == "/") {
        place.follow = true;
      } else {
        path.Truncate(0);
        result = path.Append(target);
        if (result.ok()) result = AppendPathComponent(path, name);
        place.location = sys::At(path.c_str());
        if (directory.open()) {
          const char* const end = path.c_str() + path.size();
          place.location = {directory.get(), end - name.size(), path.c_str()};
        }
      }
      if (!result.ok()) {
        Report(context_, source, result.error());
        ok = false;
        continue;
      }
      ok &= copier_.Copy(source, place);
      // Without memory for it, the next one of the same name is not recognized.
      if (copier_.made() && sources.size() > 1) (void)copied.PushBack(source);
    }
    return ok;
  }

  const Context& context_;
  const Options& options_;
  Output out_;
  Copier copier_;
};

}  // namespace

const Command& ThisCommand() { return kCommand; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const Span<char*> operands = context.arguments;
  const StringView none{nullptr, 0};
  if (operands.empty()) return UsageError(context, kCommand, none, "missing file operand");
  if (options.target_directory != nullptr) {
    if (options.no_target_directory)
      return UsageError(context, kCommand, none, "-t and -T exclude each other");
  } else if (operands.size() == 1) {
    return UsageError(context, kCommand, operands[0], "missing destination operand after it");
  } else if (options.no_target_directory && operands.size() > 2) {
    return UsageError(context, kCommand, operands[2], "extra operand");
  }
  Cp cp(context, options);
  return cp.Run(operands);
}

}  // namespace cation
