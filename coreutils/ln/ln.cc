// SPDX-License-Identifier: MIT
//
// ln: makes further names for files, and symbolic links. POSIX.1-2024, with GNU's options.
//
// What -f replaces is there until the moment when it is replaced: the link is made under a
// temporary name beside it and renamed over it, also where GNU (before 8.28) and others remove it
// first. So a link that cannot be made costs nothing.
//
// Differs from GNU:
// - A symbolic link that would lead to the very file that it replaces is refused with -i too.
// - A question answered with no makes the status 1, as POSIX has it since 2024 and GNU since 9.2.
// - A hard link to a file that the new name stands for already is made by doing nothing.
//
// Redox: RedoxFS of 2026 makes no hard links (link() is EINVAL there), and link() of relibc of
// January 2026 follows symbolic links, so -P of one is refused; both are said. There is no
// O_EXCL on its 9p share: there what is at the new name is looked for first.
#include "coreutils/support/canonical_path.h"
#include "coreutils/support/confirm.h"
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/output.h"
#include "coreutils/support/target_options.h"

namespace cation {
namespace {

// The way to `source` from the directory that `link` is (to be) in: both as they really are, all
// symbolic links followed; what does not exist is taken by its text.
Result<String> RelativeTarget(const char* source, const char* link) {
  String parent;
  CATION_TRY(AppendParent(parent, link));
  CATION_TRY_ASSIGN(const String from, CanonicalPath(parent.view(), Missing::kAny));
  CATION_TRY_ASSIGN(const String to, CanonicalPath(source, Missing::kAny));
  String relative;
  CATION_TRY(AppendRelativePath(relative, to.view(), from.view()));
  return relative;
}

enum class Existing : uint8_t { kFail, kReplace, kAsk };

struct Options {
  TargetOptions target;
  Existing existing = Existing::kFail;
  sys::Follow follow = sys::Follow::kNo;
  bool symbolic = false;
  bool relative = false;
  bool directories = false;
  bool no_dereference = false;
  bool verbose = false;
};

constexpr Option kOptions[] = {
    BackupFlagOption(offsetof(Options, target)),
    BackupOption(offsetof(Options, target)),
    Flag("-d, --directory", offsetof(Options, directories),
         "try hard links to directories, which most systems refuse"),
    Flag("-F", offsetof(Options, directories), "equivalent to -d"),
    Choice("-f, --force", offsetof(Options, existing), Existing::kReplace,
           "replace files that are there"),
    Choice("-i, --interactive", offsetof(Options, existing), Existing::kAsk,
           "ask before replacing a file"),
    Choice("-L, --logical", offsetof(Options, follow), sys::Follow::kYes,
           "link to what a TARGET that is a symbolic link leads to"),
    Flag("-n, --no-dereference", offsetof(Options, no_dereference),
         "take LINK_NAME for a file when it is a symbolic link to a directory"),
    Choice("-P, --physical", offsetof(Options, follow), sys::Follow::kNo,
           "link to a TARGET that is a symbolic link itself"),
    Flag("-r, --relative", offsetof(Options, relative),
         "with -s, make the text relative to where the link is"),
    Flag("-s, --symbolic", offsetof(Options, symbolic), "make symbolic links, not hard links"),
    SuffixOption(offsetof(Options, target)),
    NoTargetDirectoryOption(offsetof(Options, target),
                            "take LINK_NAME for a file also when it is a directory"),
    TargetDirectoryOption(offsetof(Options, target), "make the links in DIRECTORY"),
    Flag("-v, --verbose", offsetof(Options, verbose), "say what has been made"),
};

constexpr Description kDescription = {
    .usage =
        "[OPTION]... [-T] TARGET LINK_NAME\n[OPTION]... TARGET\n[OPTION]... TARGET... "
        "DIRECTORY\n[OPTION]... -t DIRECTORY TARGET...",
    .summary = "Makes a further name for each TARGET, or with -s a symbolic link to it.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

class Linker {
 public:
  Linker(const Context& context, const Options& options, BackupControl backup, StringView suffix)
      : context_(context),
        options_(options),
        backup_(backup),
        suffix_(suffix),
        out_(context),
        confirm_(context) {}

  int Run(Span<char*> operands) {
    const char* directory = options_.target.target_directory;
    const bool has_target = directory == nullptr && operands.size() > 1;
    if (has_target) {
      directory = operands[operands.size() - 1];
      operands = operands.First(operands.size() - 1);
    } else if (directory == nullptr) {
      directory = ".";
    }
    const bool is_file = options_.target.no_target_directory;
    const bool must_be_directory = !has_target || operands.size() > 1;
    Result<sys::FileStatus> status = sys::StatusAt(sys::At(directory), sys::Follow::kNo);
    const bool is_link = status.ok() && status.value().IsSymbolicLink();
    if (is_link && !is_file && !options_.no_dereference) {
      const Result<sys::FileStatus> target = sys::StatusAt(sys::At(directory), sys::Follow::kYes);
      // What it leads to decides where the link goes: that is not guessed.
      if (!target.ok() &&
          !(target.error() == abi::kENOENT || target.error() == abi::kELOOP ||
            target.error() == abi::kENOTDIR || target.error() == abi::kENAMETOOLONG)) {
        Report(context_, directory, target.error());
        return 1;
      }
      if (target.ok() && target.value().IsDirectory()) status = target;
    }
    const bool is_directory = !is_file && status.ok() && status.value().IsDirectory();
    if (must_be_directory && !is_directory) {
      Report(context_, directory, status.ok() ? Error{abi::kENOTDIR} : status.error());
      return 1;
    }
    bool ok = true;
    if (is_directory) {
      ok = MakeIn(directory, status.value(), operands);
    } else {
      ok = Make(operands[0], sys::At(directory), &status);
    }
    return out_.Finish(ok ? 0 : 1);
  }

 private:
  bool MakeIn(const char* path, const sys::FileStatus& status, Span<char*> operands) {
    TargetDirectory directory(path);
    if (operands.size() > 1) directory.Open();
    // A hard link that replaced what was just made could be the last of that. Symbolic links lose
    // nothing.
    const bool remembers = operands.size() > 1 && !options_.symbolic &&
                           options_.existing != Existing::kFail &&
                           backup_ != BackupControl::kNumbered;
    bool ok = true;
    for (const char* const operand : operands) {
      const StringView name = LastComponent(operand);
      const Result<sys::Location> place = directory.Place(name);
      if (!place.ok()) {
        ok = Fail(operand, place.error());
        continue;
      }
      const char* const earlier = remembers ? directory.MadeFrom(name) : nullptr;
      if (earlier != nullptr) {
        ok = Refuse(place.value().path, "was just made from another operand; will not replace it");
        continue;
      }
      // Without O_EXCL, as on a 9p share, what is there has to be looked for.
      Result<sys::FileStatus> existing = Error{abi::kENOENT};
      const bool looks = status.device == 0 || name == "/" ||
                         options_.existing != Existing::kFail || backup_ != BackupControl::kNone;
      if (looks) existing = sys::StatusAt(place.value(), sys::Follow::kNo);
      if (!Make(operand, place.value(), &existing)) {
        ok = false;
      } else if (remembers) {
        directory.SetMade(name, operand);
      }
    }
    return ok;
  }

  // `existing`: what is at the new name, as far as that is known.
  bool Make(const char* source, const sys::Location& to, const Result<sys::FileStatus>* existing) {
    if (!existing->ok() && !(existing->error() == abi::kENOENT))
      return Fail(to.path, existing->error());
    // Redox would drop the slash.
    if (StringView(to.path).EndsWith("/") && !(existing->ok() && existing->value().IsDirectory()))
      return Fail(to.path, Error{existing->ok() ? abi::kENOTDIR : abi::kENOENT});
    sys::FileStatus from;
    bool has_from = false;
    if (!options_.symbolic) {
      const Result<sys::FileStatus> found = sys::StatusAt(sys::At(source), options_.follow);
      if (!found.ok()) return Fail(source, found.error());
      from = found.value();
      has_from = true;
      if (from.IsDirectory() && !options_.directories)
        return Refuse(source, "is a directory; no hard links are made to directories");
      if (StringView(source).EndsWith("/") && !from.IsDirectory())
        return Fail(source, Error{abi::kENOTDIR});
    }
    String relative;
    target_ = source;
    if (options_.relative && *source != '\0') {
      Result<String> found = RelativeTarget(source, to.path);
      if (!found.ok()) return Fail(source, found.error());
      relative = Move(found).value();
      target_ = relative.c_str();
    }
    String backup;
    Result<void> made;
    if (!existing->ok()) {
      made = MakeAt(source, from, to);
    } else {
      const bool replaces = options_.existing != Existing::kFail || backup_ != BackupControl::kNone;
      if (!replaces) return Fail(to.path, Error{abi::kEEXIST});
      if (!MayReplace(source, to, existing->value(), from, has_from)) return false;
      if (backup_ != BackupControl::kNone) {
        made = MakeWithBackup(source, from, to, existing->value(), &backup);
      } else if (!options_.symbolic && existing->value().identity() == from.identity()) {
        // Another name of the same file already. To rename a third name over it would do nothing.
      } else {
        made = Replace(source, from, to, existing->value());
      }
    }
    if (!made.ok()) return FailToMake(to.path, made.error());
    if (options_.verbose) {
      const StringView line[] = {
          "",      backup.view(), " ~ ", to.path, options_.symbolic ? StringView(" -> ") : " => ",
          target_, "\n"};
      const Span<const StringView> whole(line);
      const StringView plain[] = {"", to.path, line[4], target_, "\n"};
      out_.WriteQuoted(backup.empty() ? Span<const StringView>(plain) : whole);
    }
    return true;
  }

  Result<void> MakeAt(const char* source, const sys::FileStatus& from, const sys::Location& to) {
    if (options_.symbolic) return sys::MakeSymbolicLink(target_, to);
    // Only for a symbolic link does it matter which of the two is asked for.
    const auto follow = from.IsSymbolicLink() ? sys::Follow::kNo : sys::Follow::kYes;
    return sys::MakeHardLink(sys::At(source), to, follow);
  }

  // False, and reported, when what is there is to stay.
  bool MayReplace(const char* source, const sys::Location& to, const sys::FileStatus& existing,
                  const sys::FileStatus& known, bool has_source) {
    // A symbolic link with a backup may well lead to its own name.
    if (!(options_.symbolic && backup_ != BackupControl::kNone) &&
        options_.existing != Existing::kAsk && IsSource(source, to, existing, known, has_source))
      return Refuse(to.path, "is the same file as its source");
    if (existing.IsDirectory()) return Refuse(to.path, "cannot overwrite a directory");
    if (options_.existing != Existing::kAsk) return true;
    out_.Flush();
    constexpr StringView kQuestion[] = {"replace"};
    if (!confirm_.Ask(kQuestion, to.path)) return false;
    // Now it is as with -f.
    if (backup_ == BackupControl::kNone && IsSource(source, to, existing, known, has_source))
      return Refuse(to.path, "is the same file as its source");
    return true;
  }

  // Whether to replace `existing` would remove the very name that the link is to lead to.
  bool IsSource(const char* source, const sys::Location& to, const sys::FileStatus& existing,
                const sys::FileStatus& known, bool has_source) {
    sys::FileStatus from = known;
    if (!has_source) {
      // A link is never what a link leads to.
      if (existing.IsSymbolicLink()) return false;
      const Result<sys::FileStatus> found = sys::StatusAt(sys::At(source), sys::Follow::kYes);
      if (!found.ok()) {
        // What is not there cannot be removed. What cannot be looked at is not, unless it has the
        // same name and may be the same file.
        const bool is_absent = found.error() == abi::kENOENT || found.error() == abi::kENOTDIR ||
                               found.error() == abi::kELOOP;
        return !is_absent && LastComponent(source) == LastComponent(to.path);
      }
      from = found.value();
    }
    if (from.identity() != existing.identity()) return false;
    if (existing.links == 1) return true;
    return IsSameName(source, to.path);
  }

  Result<void> Replace(const char* source, const sys::FileStatus& from, const sys::Location& to,
                       const sys::FileStatus& existing) {
    constexpr unsigned kTries = 10;
    Result<void> made;
    for (unsigned n = 0; n < kTries; ++n) {
      String path;
      CATION_TRY(TemporaryPath(to, existing.inode + n, &path));
      const sys::Location temporary = Beside(to, path);
      made = MakeAt(source, from, temporary);
      if (!made.ok() && made.error() == abi::kEEXIST) continue;
      if (!made.ok()) return made;
      made = sys::Rename(temporary, to);
      if (!made.ok()) (void)sys::RemoveFile(temporary);
      return made;
    }
    return made;
  }

  Result<void> MakeWithBackup(const char* source, const sys::FileStatus& from,
                              const sys::Location& to, const sys::FileStatus& existing,
                              String* backup) {
    CATION_TRY(BackupPath(to, backup_, suffix_, backup));
    const sys::Location aside = Beside(to, *backup);
    CATION_TRY(sys::Rename(to, aside));
    Result<void> made = MakeAt(source, from, to);
    // A rename to another name of the same file does nothing, and it is a backup already.
    if (!made.ok() && made.error() == abi::kEEXIST && existing.links > 1)
      made = Replace(source, from, to, existing);
    if (made.ok()) return made;
    if (const Result<void> back = sys::Rename(aside, to); !back.ok())
      Fail(backup->view(), "cannot be renamed back", back.error());
    return made;
  }

  bool FailToMake(StringView path, Error error) {
    if (options_.symbolic) return Fail(path, error);
    switch (error.number) {
      case abi::kEEXIST:
        return Fail(path, error);
      case abi::kEINVAL:  // RedoxFS of January 2026
      case abi::kEOPNOTSUPP:
      case abi::kENOSYS:
        return Fail(path, "hard links are not possible on this file system", error);
      default:
        return Fail(path, "cannot make a hard link", error);
    }
  }

  // These return false.
  bool Fail(StringView path, Error error) {
    out_.Flush();
    Report(context_, path, error);
    return false;
  }
  bool Fail(StringView path, StringView what, Error error) {
    out_.Flush();
    Report(context_, path, what, error);
    return false;
  }
  bool Refuse(StringView path, StringView reason) {
    out_.Flush();
    Report(context_, path, reason);
    return false;
  }

  const Context& context_;
  const Options& options_;
  BackupControl backup_;
  StringView suffix_;
  Output out_;
  Confirm confirm_;
  const char* target_ = "";  // the text of a symbolic link
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  BackupControl backup = BackupControl::kNone;
  StringView suffix = "~";
  if (!SettleBackup(context, options.target, &backup, &suffix)) return kCommand.usage_status;
  const Span<char*> operands = context.arguments;
  // A single operand is a new name's target in the working directory.
  const bool is_one = operands.size() == 1 && !options.target.no_target_directory;
  if (!is_one && !CheckTargetOperands(context, kCommand, options.target, operands))
    return kCommand.usage_status;
  if (options.relative && !options.symbolic)
    return UsageError(context, kCommand, {nullptr, 0}, "-r is for symbolic links: with -s");
  return Linker(context, options, backup, suffix).Run(operands);
}

}  // namespace cation
