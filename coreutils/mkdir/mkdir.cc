// SPDX-License-Identifier: MIT
//
// mkdir: makes directories. POSIX.1-2024, with GNU's options.
//
// The mode is right when the directory appears: none is ever open wider than asked for, not for a
// moment. With -p it does not matter when somebody else makes the same directories, or removes
// empty ones, meanwhile; and paths may be longer than the system takes.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/file_mode.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"

namespace cation {
namespace {

struct Options {
  bool parents = false;
  bool verbose = false;
  bool wants_context = false;
  const char* mode = nullptr;
};

// Any text is a security context, and none is known on Redox.
bool TakeContext(const Context&, const Command&, PackedOption, StringView, char* field) {
  *field = 1;
  return true;
}

constexpr Option kOptions[] = {
    Value("-m, --mode=MODE", offsetof(Options, mode),
          "permissions, as for chmod, instead of a=rwx without the umask"),
    Flag("-p, --parents", offsetof(Options, parents),
         "make missing parents; it is no error if a directory exists"),
    Flag("-v, --verbose", offsetof(Options, verbose), "say what has been made"),
    // As GNU's on a system without SELinux: the first says nothing, the second warns.
    Choice("-Z", offsetof(Options, wants_context), false, "nothing: for scripts from elsewhere"),
    {.spelling = "--context[=CONTEXT]",
     .help = "the same, with a warning for CONTEXT",
     .parse_word = TakeContext,
     .field = offsetof(Options, wants_context),
     .kind = Option::Kind::kOptionalWord},
};

constexpr Description kDescription = {
    .usage = "[OPTION]... DIRECTORY...",
    .summary = "Makes each DIRECTORY.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

// Longer paths are walked in parts. A system takes 4,096 bytes with the one that ends it.
constexpr size_t kLongestPath = 4095;
// How often -p begins again because a parent that was there has gone.
constexpr unsigned kTries = 100;

class Maker {
 public:
  // Beside permission bits: set-ID bits are as they are given.
  static constexpr sys::Mode kExact = sys::kPermissionMask + 1;

  // `mode` is final, with the umask taken off; `exact` says that a set-ID bit that is not in it is
  // not to be there, otherwise the parent may give it; `mask` is what the umask was, for parents
  // and to be put back.
  Maker(Context& context, const Options& options, sys::Mode mode, bool exact, sys::Mode mask)
      : context_(context),
        options_(options),
        mode_(exact ? mode | kExact : mode),
        // POSIX: parents get the umask's mode, and u+wx so that the next one can be made in them.
        parent_mode_((0777 & ~mask) | 0300),
        mask_(mask),
        out_(context) {}

  int Run(Span<const char* const> operands) {
    int status = 0;
    for (const char* const operand : operands) {
      here_ = sys::At(operand);
      const Result<void> made = options_.parents ? MakeWithParents(operand) : Make(mode_);
      if (made.ok()) continue;
      out_.Flush();
      if (made.error() == abi::kEOPNOTSUPP) {
        Report(context_, operand, "the file system makes no directories this way", made.error());
      } else {
        Report(context_, operand, made.error());
      }
      status = 1;
    }
    (void)sys::SetFileCreationMask(mask_);
    return out_.Finish(status);
  }

 private:
  // Makes what here_ names.
  Result<void> Make(sys::Mode mode) {
    Result<void> made;
    // A system may take no more than rwx and the sticky bit for a new directory; the others are set
    // through a descriptor.
    if ((mode & (sys::kSetUserId | sys::kSetGroupId | kExact)) != 0) {
      mode &= sys::kPermissionMask;
      const Result<sys::Descriptor> opened = sys::MakeAndOpenDirectory(here_, mode);
      made = opened.ok() ? Result<void>() : opened.error();
      const sys::File directory(opened.ok() ? opened.value() : sys::kNone);
      if (made.ok()) made = sys::ChangeMode(directory.get(), mode);
    } else {
      made = sys::MakeDirectory(here_, mode);
    }
    if (!made.ok()) {
      if (made.error() == abi::kEOPNOTSUPP) RemoveFileMade();
      return made;
    }
    if (options_.verbose) {
      String words;
      CATION_TRY(words.Append(context_.program));
      CATION_TRY(words.Append(": created directory "));
      const StringView line[] = {words.view(), here_.path, "\n"};
      out_.WriteQuoted(line);
    }
    return {};
  }

  // A 9p share of Redox makes an empty file when it is asked for a directory, and opens the file
  // when there is one: only what is empty and no older than the request can be what it made.
  void RemoveFileMade() {
    const Result<sys::FileStatus> found = sys::StatusAt(here_, sys::Follow::kNo);
    if (found.ok() && found.value().IsRegular() && found.value().size == 0 &&
        found.value().modification_time.seconds + 1 >= sys::Now().seconds) {
      (void)sys::RemoveFile(here_);
    }
  }

  // First the directory itself, which mostly is there or has its parent: one call. Only when a
  // parent is missing, it is looked for.
  Result<void> MakeWithParents(const char* operand) {
    Result<void> made = Error{abi::kENAMETOOLONG};
    const size_t size = StringView(operand).size();
    const bool is_long = size > kLongestPath;
    if (!is_long) {
      const Result<bool> tried = Attempt(mode_, true);
      made = tried.ok() ? Result<void>() : tried.error();
      if (made.ok() || !(made.error() == abi::kENOENT)) return made;
    }
    CATION_TRY_ASSIGN(String path, String::From(operand));
    while (path.view().EndsWith("/")) path.Truncate(path.size() - 1);
    if (path.empty()) return made;
    text_ = path.data();
    start_ = 0;
    base_ = {};
    // Each part that a system takes as a path, relative to the one before.
    while (path.size() - start_ > kLongestPath) {
      const size_t slash = StringView(text_ + start_, kLongestPath).FindLast('/');
      if (slash == StringView::kNotFound || slash == 0) return Error{abi::kENAMETOOLONG};
      const size_t end = start_ + slash;
      CATION_TRY(MakePart(end, parent_mode_));
      CutAt(end);
      // By descriptor, a symbolic link in just this place is not followed.
      const auto no_follow = base_.open() ? sys::kNoFollow : sys::OpenFlags{};
      const Result<sys::Descriptor> opened =
          sys::Open(here_, sys::kRead | sys::kDirectory | no_follow);
      Mend();
      if (!opened.ok()) return opened.error();
      base_ = sys::File(opened.value());
      start_ = end;
      while (text_[start_] == '/') ++start_;
    }
    made = MakePart(path.size(), mode_);
    base_ = {};
    return made;
  }

  // Makes text_[start_, end), and its parents. Others may make or remove some of them meanwhile.
  Result<void> MakePart(size_t end, sys::Mode mode) {
    Result<bool> made = Error{abi::kENOENT};
    for (unsigned tries = 0; tries < kTries; ++tries) {
      CATION_TRY(MakeParents(end, tries > 0));
      made = MakeUpTo(end, mode, true);
      if (made.ok()) return {};
      if (!(made.error() == abi::kENOENT)) break;
    }
    return made.error();
  }

  // Finds the first parent of text_[start_, end) that is missing, by halves since each that exists
  // costs a call, and makes those from there on. `look`: whether those that exist are directories;
  // otherwise the next call will tell. An error is final; that some could not be made since others
  // went, the next call will tell.
  Result<void> MakeParents(size_t end, bool look) {
    const size_t first = EndOfComponent(start_);
    size_t low = start_;  // what ends here exists
    size_t high = end;    // nothing is known of what ends here, or it was missing
    // That nothing of a path is there yet is the most frequent.
    for (size_t at = first; at < end;) {
      const Result<bool> made = MakeUpTo(at, parent_mode_, look);
      if (made.ok()) {
        low = at;
        at = made.value() ? EndOfComponent(at) : Middle(low, high);
      } else {
        if (at == first || !IsMissing(made.error())) return made.error();
        if (at >= high) return {};
        high = at;
        at = Middle(low, high);
      }
    }
    return {};
  }

  // Where a descriptor does not suffice sys goes by the path, which here may be too long for that:
  // what is missing relative to base_ then is ENAMETOOLONG.
  [[nodiscard]] bool IsMissing(Error error) const {
    return error == abi::kENOENT || (base_.open() && error == abi::kENAMETOOLONG);
  }

  [[nodiscard]] size_t EndOfComponent(size_t at) const {
    while (text_[at] == '/') ++at;
    while (text_[at] != '\0' && text_[at] != '/') ++at;
    return at;
  }

  // The end of a component in the first half of what is between `low` and `high`, which ends a
  // component too; that of the component after `low` if there is none.
  [[nodiscard]] size_t Middle(size_t low, size_t high) const {
    // Others have made what was missing.
    if (low >= high) return EndOfComponent(low);
    for (size_t at = low + (high - low) / 2; at > low; --at) {
      if (text_[at] == '/' && text_[at - 1] != '/') return at;
    }
    return EndOfComponent(low);
  }

  // text_[start_, end) in base_ is here_, until Mend().
  void CutAt(size_t end) {
    cut_ = text_ + end;
    cut_byte_ = Exchange(*cut_, '\0');
    here_ = base_.open() ? sys::Location{base_.get(), text_ + start_, text_} : sys::At(text_);
  }
  void Mend() { *cut_ = cut_byte_; }

  Result<bool> MakeUpTo(size_t end, sys::Mode mode, bool look) {
    CutAt(end);
    const Result<bool> made = Attempt(mode, look);
    Mend();
    return made;
  }

  // Makes what here_ names: true if that was needed. What exists already, or was made by somebody
  // else in between, will do if it is a directory; `look` says whether to find that out. Some
  // systems find that a directory is on a read-only file system, or that they may not write there,
  // before they find that it exists.
  Result<bool> Attempt(sys::Mode mode, bool look) {
    const Result<void> made = Make(mode);
    if (made.ok()) return true;
    const int error = made.error().number;
    if (error == abi::kEEXIST && !look) return false;
    if (error != abi::kEEXIST && error != abi::kEROFS && error != abi::kEACCES &&
        error != abi::kEPERM && error != abi::kEISDIR && error != abi::kENOSYS) {
      return made.error();
    }
    // What may be a link is looked at by its path, which must not be too long.
    const auto follow = base_.open() ? sys::Follow::kNo : sys::Follow::kYes;
    const Result<sys::FileStatus> status = sys::StatusAt(here_, follow);
    if (status.ok() && status.value().IsDirectory()) return false;
    if (error == abi::kEEXIST && status.ok()) return Error{abi::kENOTDIR};
    return made.error();
  }

  Context& context_;
  const Options& options_;
  sys::Mode mode_;
  sys::Mode parent_mode_;
  sys::Mode mask_;
  Output out_;
  sys::Location here_;
  // Of an operand with parents to be made: the text, and of a path that is too long for the system
  // the directory up to text_[start_).
  char* text_ = nullptr;
  size_t start_ = 0;
  sys::File base_;
  char* cut_ = nullptr;
  char cut_byte_ = '\0';
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const Span<char*> operands = context.arguments;
  if (operands.empty()) return UsageError(context, kCommand, {nullptr, 0}, "missing operand");

  if (options.wants_context) Report(context, "warning: ignoring --context: there are none here");
  // Modes are final from here on.
  const sys::Mode mask = sys::SetFileCreationMask(0);
  sys::Mode mode = 0777 & ~mask;
  bool exact = false;
  if (options.mode != nullptr) {
    // POSIX: a symbolic mode starts from a=rwx.
    const Result<sys::Mode> given = ApplyMode(options.mode, 0777, mask, true);
    if (!given.ok()) return UsageError(context, kCommand, options.mode, "invalid mode");
    mode = given.value();
    // As GNU: what names the set-ID bits, with a letter or by the place of their digit and one
    // more, means them; anything else leaves to a directory what it has of its parent.
    const StringView text(options.mode);
    exact = text[0] <= '9' && text[0] >= '0' ? text.size() > 4
                                             : text.Find('s') != StringView::kNotFound;
  }
  return Maker(context, options, mode, exact, mask).Run({operands.data(), operands.size()});
}

}  // namespace cation
