// SPDX-License-Identifier: MIT
//
// chmod: changes the permissions of files. POSIX.1-2024, with GNU's options.
//
// Symbolic links have no permissions of their own: an operand that is one stands for its target
// (without -h), and those that -R meets are left alone (without -L). What -R finds is named
// relative to its directory, which is open; a directory is changed before it is entered. On a 9p
// share of Redox nothing changes whatever is asked for: -v and -c say so.
//
// A mode may come as an option, as in `chmod -x file`; then, as with GNU's, it is an error if the
// umask keeps bits that it seems to take away.
#include "coreutils/support/descent.h"
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/file_mode.h"
#include "coreutils/support/open_verified.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "runtime/core/format.h"

namespace cation {
namespace {

using sys::Follow;
using sys::Mode;

enum class Verbosity : uint8_t { kQuiet, kChanges, kAll };
// Which symbolic links to directories -R goes through: those among the operands, all, or none.
enum class Through : uint8_t { kOperands, kAll, kNone };
// Whether a link stands for its target: where -R goes through links it does.
enum class Dereference : uint8_t { kDefault, kNo, kYes };

struct Options {
  Verbosity verbosity = Verbosity::kQuiet;
  Through through = Through::kOperands;
  Dereference dereference = Dereference::kDefault;
  bool silent = false;
  bool recursive = false;
  bool preserve_root = false;
  const char* reference = nullptr;
};

constexpr Option kOptions[] = {
    Choice("-c, --changes", offsetof(Options, verbosity), Verbosity::kChanges,
           "say what has been changed"),
    Choice("-v, --verbose", offsetof(Options, verbosity), Verbosity::kAll,
           "say what has become of each file"),
    Flag("-f, --silent", offsetof(Options, silent), "no messages for files: the status tells"),
    Flag("--quiet", offsetof(Options, silent), "the same"),
    Choice("--dereference", offsetof(Options, dereference), Dereference::kYes,
           "change what symbolic links lead to"),
    Choice("-h, --no-dereference", offsetof(Options, dereference), Dereference::kNo,
           "change symbolic links themselves, which is to say nothing"),
    Flag("-R, --recursive", offsetof(Options, recursive), "change what is in directories, too"),
    Choice("-H", offsetof(Options, through), Through::kOperands,
           "with -R: go through links to directories among the operands (default)"),
    Choice("-L", offsetof(Options, through), Through::kAll, "with -R: go through all of them"),
    Choice("-P", offsetof(Options, through), Through::kNone, "with -R: go through none"),
    Flag("--preserve-root", offsetof(Options, preserve_root), "with -R: refuse to work on /"),
    Choice("--no-preserve-root", offsetof(Options, preserve_root), false,
           "do not refuse to (default)"),
    Value("--reference=RFILE", offsetof(Options, reference), "take the mode of RFILE"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... MODE[,MODE]... FILE...\n[OPTION]... --reference=RFILE FILE...",
    .summary =
        "Changes the permissions of each FILE to MODE: octal, or as in u=rwx,g+w,o-x or a=rX.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

// Takes the modes that look like options ("-x") out of the arguments, and appends them to `modes`,
// with commas. Errors: ENOMEM.
Result<void> TakeModes(Context& context, String& modes) {
  const Span<char*> arguments = context.arguments;
  size_t kept = 0;
  size_t i = 0;
  for (; i < arguments.size(); ++i) {
    const StringView argument = arguments[i];
    if (argument == "--") break;
    const bool is_mode =
        argument.size() > 1 && argument[0] == '-' &&
        StringView("rwxXstugoa,+=01234567").Find(argument[1]) != StringView::kNotFound;
    if (!is_mode) {
      arguments[kept++] = arguments[i];
      // Its argument is none.
      const bool is_reference =
          argument.StartsWith("--ref") && StringView("--reference").StartsWith(argument);
      if (is_reference && i + 1 < arguments.size()) arguments[kept++] = arguments[++i];
      continue;
    }
    if (!modes.empty()) CATION_TRY(modes.Append(','));
    CATION_TRY(modes.Append(argument));
  }
  for (; i < arguments.size(); ++i) arguments[kept++] = arguments[i];
  context.arguments = arguments.First(kept);
  return {};
}

// "0644 (rw-r--r--)"
void AddMode(String& text, Mode mode) {
  AddText(text, Digits(mode & sys::kPermissionMask, 8, 4));
  AddText(text, " (");
  AddText(text, ModeText(mode).view().From(1));
  AddText(text, ")");
}

class Changer {
 public:
  // `mask`: the umask. `as_option`: the mode came as one. With `reference`, all files get just that
  // mode.
  Changer(Context& context, const Options& options, StringView mode, Mode mask, bool as_option,
          const sys::FileStatus* reference)
      : context_(context),
        options_(options),
        mode_(mode),
        mask_(mask),
        as_option_(as_option),
        reference_(reference),
        out_(context) {}

  int Run(Span<char*> operands) {
    for (const char* const operand : operands) {
      if (const Result<void> begun = descent_.Begin(operand); !begun.ok()) {
        Fail({}, begun.error());
        continue;
      }
      ChangeHere(StringView(operand).EndsWith("/"));
      while (descent_.depth() > 0) Step();
    }
    return out_.Finish(status_);
  }

 private:
  enum class Outcome : uint8_t { kChanged, kFailed, kIgnored };

  // One entry, or the end, of the innermost directory.
  void Step() {
    const Result<const Descent::Entry*> entry = descent_.Next();
    if (!entry.ok()) return Fail({}, entry.error());
    if (entry.value() != nullptr) return ChangeHere(false);
    if (options_.through == Through::kAll) above_.PopBack();
    if (const Result<void> left = descent_.Leave(); !left.ok()) {
      above_.Clear();
      Fail({}, left.error());
    }
  }

  // Says of what descent_ names that something went wrong.
  void Fail(StringView what, Error error) {
    status_ = 1;
    if (options_.silent) return;
    out_.Flush();
    Report(context_, descent_.path(), what, error);
  }
  void Fail(StringView reason) {
    status_ = 1;
    if (options_.silent) return;
    out_.Flush();
    Report(context_, descent_.path(), reason);
  }

  // Changes what descent_ names, an operand or what was found on the way down, and goes into it. A
  // name with a slash behind it is a directory's, also where the system does not mind.
  void ChangeHere(bool by_slash) {
    const bool is_operand = descent_.depth() == 0;
    const bool goes_through = by_slash || options_.through == Through::kAll ||
                              (is_operand && options_.through == Through::kOperands);
    const bool follows = by_slash || options_.dereference == Dereference::kYes ||
                         (is_operand && options_.dereference == Dereference::kDefault);

    Result<sys::FileStatus> found = Look(follows);
    const bool is_link = found.ok() && found.value().IsSymbolicLink();
    // That a link is not gone through has to be seen before its target is.
    bool may_enter = options_.recursive;
    if (found.ok() && follows && may_enter && !goes_through) {
      const Result<sys::FileStatus> itself = sys::StatusAt(descent_.here(), Follow::kNo);
      may_enter = itself.ok() && !itself.value().IsSymbolicLink();
    }
    if (found.ok() && by_slash && !found.value().IsDirectory()) found = Error{abi::kENOTDIR};
    if (!found.ok()) {
      if (!dangles_) Fail({}, found.error());
      return Say({}, " could not be accessed\n");
    }
    if (is_link) {
      Say("neither symbolic link ", " nor referent has been changed\n");
      // What is in the directory that it leads to is another matter.
      if (!may_enter || !goes_through) return;
      found = sys::StatusAt(descent_.here(), Follow::kYes);
      if (!found.ok()) {
        if (!(found.error() == abi::kENOENT)) Fail({}, found.error());
        return;
      }
    }
    const sys::FileStatus& status = found.value();
    may_enter &= status.IsDirectory();
    if (options_.recursive && options_.preserve_root && IsRoot(status)) return;
    if (!is_link) Change(status, follows ? Follow::kYes : Follow::kNo);
    if (may_enter) Enter(goes_through, status);
  }

  // A link that leads nowhere has been reported when this fails, and dangles_ is set.
  Result<sys::FileStatus> Look(bool follows) {
    dangles_ = false;
    const Result<sys::FileStatus> found =
        sys::StatusAt(descent_.here(), follows ? Follow::kYes : Follow::kNo);
    if (!follows) return found;
    // A 9p share of Redox follows none.
    if (found.ok() && found.value().IsSymbolicLink()) return Error{abi::kEXDEV};
    if (found.ok()) return found;
    if (found.error() == abi::kENOENT || found.error() == abi::kELOOP) {
      const Result<sys::FileStatus> itself = sys::StatusAt(descent_.here(), Follow::kNo);
      dangles_ = itself.ok() && itself.value().IsSymbolicLink();
      if (dangles_) Fail("cannot operate on a dangling symbolic link");
    }
    return found;
  }

  [[nodiscard]] bool IsRoot(const sys::FileStatus& status) {
    if (!root_known_) {
      const Result<sys::FileStatus> root = sys::StatusAt(sys::At("/"), Follow::kNo);
      if (!root.ok()) {
        Fail("cannot look at / (see --no-preserve-root)", root.error());
        return true;
      }
      root_ = root.value().identity();
      root_known_ = true;
    }
    if (root_ != status.identity()) return false;
    Fail("refusing to work on / and all in it (see --no-preserve-root)");
    return true;
  }

  // Its own contents come next. Above it with -L, it is not entered again.
  void Enter(bool goes_through, const sys::FileStatus& status) {
    const bool may_circle = options_.through == Through::kAll;
    for (const sys::Identity& above : above_) {
      if (above == status.identity()) return;
    }
    Result<OpenedFile> opened = Error{abi::kENOMEM};
    if (goes_through) {
      const Result<sys::Descriptor> descriptor =
          sys::Open(descent_.here(), sys::kRead | sys::kDirectory);
      opened = descriptor.ok()
                   ? Result<OpenedFile>(OpenedFile{sys::File(descriptor.value()), status})
                   : descriptor.error();
    } else {
      opened = OpenVerified(descent_.here(), sys::kDirectory, status.inode);
    }
    if (!opened.ok()) return Fail("cannot read directory", opened.error());
    Result<void> entered;
    if (may_circle) entered = above_.PushBack(status.identity());
    if (!entered.ok()) return Fail("cannot read directory", entered.error());
    entered = descent_.Enter(Move(opened.value().file), opened.value().status);
    if (entered.ok()) return;
    if (may_circle) above_.PopBack();
    Fail("cannot read directory", entered.error());
  }

  // What the mode, which is none that is wrong, makes of `status`.
  [[nodiscard]] Mode NewMode(const sys::FileStatus& status, Mode mask) const {
    if (reference_ != nullptr) return reference_->mode & sys::kPermissionMask;
    return ApplyMode(mode_, status.mode, mask, status.IsDirectory()).value();
  }

  void Change(const sys::FileStatus& status, Follow follow) {
    const Mode before = status.mode & sys::kPermissionMask;
    const Mode wanted = NewMode(status, mask_);
    const Result<void> changed = sys::ChangeModeAt(descent_.here(), wanted, follow);
    if (!changed.ok()) {
      Fail("changing permissions", changed.error());
      return SayChange(Outcome::kFailed, before, wanted);
    }
    if (options_.verbosity != Verbosity::kQuiet) SayWhatBecame(status, wanted, follow);
    const Mode naive = as_option_ ? NewMode(status, 0) : wanted;
    if ((wanted & ~naive) == 0) return;
    String reason;
    AddText(reason, "new permissions are ");
    AddText(reason, ModeText(wanted).view().From(1));
    AddText(reason, ", not ");
    AddText(reason, ModeText(naive).view().From(1));
    status_ = 1;
    out_.Flush();
    Report(context_, descent_.path(), reason.view());
  }

  void SayWhatBecame(const sys::FileStatus& status, Mode wanted, Follow follow) {
    const Mode before = status.mode & sys::kPermissionMask;
    Mode now = wanted;
    // A system may clear the special bits without a word; a 9p share leaves all as they are.
    if (before != wanted && (status.device == 0 || wanted > 0777)) {
      const Result<sys::FileStatus> after = sys::StatusAt(descent_.here(), follow);
      if (!after.ok()) return Fail("getting new attributes", after.error());
      now = after.value().mode & sys::kPermissionMask;
      if (now == before && status.device == 0) return SayChange(Outcome::kIgnored, before, wanted);
    }
    if (now != before) return SayChange(Outcome::kChanged, before, wanted);
    String modes;
    AddText(modes, " retained as ");
    AddMode(modes, wanted);
    AddText(modes, "\n");
    Say("mode of ", modes.view());
  }

  void SayChange(Outcome outcome, Mode before, Mode wanted) {
    String modes;
    AddText(modes, outcome == Outcome::kChanged   ? " changed from "
                   : outcome == Outcome::kIgnored ? " could not be changed from "
                                                  : " from ");
    AddMode(modes, before);
    AddText(modes, " to ");
    AddMode(modes, wanted);
    AddText(modes, "\n");
    const bool is_change = outcome != Outcome::kFailed;
    Say(is_change ? "mode of " : "failed to change mode of ", modes.view(), is_change);
  }

  // A line of -v, and of -c if it is of a change.
  void Say(StringView before, StringView behind, bool is_change = false) {
    const bool says = options_.verbosity == Verbosity::kAll ||
                      (options_.verbosity == Verbosity::kChanges && is_change);
    if (!says) return;
    const StringView line[] = {before, descent_.path(), behind};
    out_.WriteQuoted(line);
  }

  Context& context_;
  const Options& options_;
  StringView mode_;
  Mode mask_;
  bool as_option_;
  const sys::FileStatus* reference_;
  Output out_;
  Descent descent_;
  Vector<sys::Identity> above_;  // with -L
  bool dangles_ = false;
  bool root_known_ = false;
  sys::Identity root_;
  int status_ = 0;
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  String modes;
  if (const Result<void> taken = TakeModes(context, modes); !taken.ok()) {
    Report(context, {nullptr, 0}, {}, taken.error());
    return 1;
  }
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  if (options.recursive && options.through == Through::kNone) {
    if (options.dereference == Dereference::kYes) {
      Report(context, "-R --dereference requires either -H or -L");
      return 1;
    }
    options.dereference = Dereference::kNo;
  }
  if (options.dereference == Dereference::kDefault && options.through == Through::kAll)
    options.dereference = Dereference::kYes;

  const StringView nothing{nullptr, 0};
  Span<char*> operands = context.arguments;
  const bool as_option = !modes.empty();
  StringView mode = modes.view();
  if (options.reference != nullptr && as_option)
    return UsageError(context, kCommand, nothing, "cannot combine mode and --reference options");
  const bool takes_operand = options.reference == nullptr && !as_option;
  if (takes_operand && !operands.empty()) {
    mode = operands[0];
    operands = operands.From(1);
  }
  if (operands.empty()) {
    if (!takes_operand || mode.data() == modes.view().data())
      return UsageError(context, kCommand, nothing, "missing operand");
    return UsageError(context, kCommand, mode, "missing operand after it");
  }

  sys::FileStatus reference;
  if (options.reference != nullptr) {
    const Result<sys::FileStatus> found = sys::StatusAt(sys::At(options.reference), Follow::kYes);
    if (!found.ok()) {
      Report(context, options.reference, "failed to get attributes", found.error());
      return 1;
    }
    reference = found.value();
  } else if (!ApplyMode(mode, 0, 0, false).ok()) {
    return UsageError(context, kCommand, mode, "invalid mode");
  }
  // Nothing is made here, so that it need not be put back.
  const Mode mask = sys::SetFileCreationMask(0);
  return Changer(context, options, mode, mask, as_option,
                 options.reference != nullptr ? &reference : nullptr)
      .Run(operands);
}

}  // namespace cation
