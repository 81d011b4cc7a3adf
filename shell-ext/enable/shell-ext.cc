// SPDX-License-Identifier: MIT
//
// shell-ext: switches what is for Ion on and off for one user, and says how it is. In no standard.
//   shell-ext enable
//   shell-ext status
//
// Ion reads one initrc: the user's ($XDG_CONFIG_HOME/ion/initrc, else ~/.config/ion/initrc) where
// it exists, be it empty, else the first that there is for all (in XDG_CONFIG_DIRS, else /etc/xdg).
// Variables count as they do for Ion: an empty one is none, relative directories in the XDG_ ones
// are left out, without HOME the user's home is that of /etc/passwd.
//
// enable puts one line in front of a user's file that sources the one for all; where there is no
// user's file, nothing needs to be done. disable takes that line out, wherever it is by now; where
// there is no user's file, it makes one, which enable takes away again. All else in the file stays
// byte for byte. It is replaced by a new one with the same mode and owner in one step; where it is
// a symbolic link, what that leads to. A file of more than 1 MiB, or with null bytes, is no initrc
// of anybody's, and one that begins with a byte order mark Ion skips: enable leaves these alone.
// The status is that of what was asked for: 0 it is so, 1 it is not (the file for all is not
// there, say), 2 an error.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/find_program.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/quote.h"
#include "coreutils/support/read_file.h"
#include "runtime/core/accounts.h"
#include "runtime/core/format.h"
#include "shell-ext/support/follow_links.h"
#include "shell-ext/support/has_text.h"
#include "shell-ext/support/initrc_text.h"

namespace cation {
namespace {

constexpr int kIsNot = 1;
constexpr int kTrouble = 2;

struct Options {
  bool dry_run = false;
  const char* file = nullptr;
};

constexpr Option kOptions[] = {
    Flag("-n, --dry-run", offsetof(Options, dry_run), "change nothing, but say what would be done"),
    Value("-f, --file=FILE", offsetof(Options, file), "FILE is the user's initrc"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... enable|disable|status",
    .summary = "Has Ion read the initrc for all, or not, or says whether it does.",
    .options = kOptions,
    .usage_status = kTrouble,
    .statuses =
        "0 it is as was asked for; with status, what is for Ion is on\n1 it is not\n2 "
        "wrong use, or an error",
};
constexpr Command kCommand = Packed<kDescription>();

// The commands for Ion, as coreutils/utilities.bzl has them.
constexpr const char kCommands[] =
    "both capture explain hist host pick run shell-ext suggest with-stderr";

constexpr StringView kBelowConfiguration = "ion/initrc";

struct Initrc {
  bool exists = false;
  sys::FileStatus status;
  String text;
};

bool IsAbsent(Error error) { return error == abi::kENOENT || error == abi::kENOTDIR; }

class Switch {
 public:
  Switch(const Context& context, const Options& options)
      : context_(context), options_(options), out_(context) {}

  int Run(StringView verb) {
    const Result<bool> found = FindPaths();
    if (!found.ok()) return Fail({nullptr, 0}, found.error());
    if (!found.value()) return kTrouble;
    if (!Load(user_, mine_)) return kTrouble;
    // What is enabled does not depend on what is in the file for all.
    if (verb == "status" ? !Load(system_, all_) : !Look(system_, all_)) return kTrouble;
    sourcing_ = FindSourcing(mine_.text.view(), system_.view());
    is_same_ = mine_.exists && all_.exists && mine_.status.identity() == all_.status.identity();
    const int status = verb == "enable" ? Enable() : verb == "disable" ? Disable() : Status();
    return out_.Finish(is_short_of_memory_ ? Fail({nullptr, 0}, Error{abi::kENOMEM}) : status,
                       kTrouble);
  }

 private:
  // ---- where the files are
  // False: it has reported why not.
  Result<bool> FindPaths() {
    if (options_.file != nullptr) {
      CATION_TRY(user_.Append(options_.file));
    } else {
      const StringView folder = Variable("XDG_CONFIG_HOME");
      if (folder.StartsWith("/")) {
        CATION_TRY(user_.Append(folder));
      } else {
        CATION_TRY_ASSIGN(const bool found, AppendHome());
        if (!found) return false;
        CATION_TRY(AppendPathComponent(user_, ".config"));
      }
      CATION_TRY(AppendPathComponent(user_, kBelowConfiguration));
    }
    for (StringView rest = Variable("XDG_CONFIG_DIRS"); !rest.empty();) {
      const size_t size = Min(rest.Find(':'), rest.size());
      const StringView folder = rest.First(size);
      rest = rest.From(Min(size + 1, rest.size()));
      if (!folder.StartsWith("/")) continue;
      // If there is none at all, it is the first that is missing.
      String path;
      CATION_TRY(path.Append(folder));
      CATION_TRY(AppendPathComponent(path, kBelowConfiguration));
      const Result<sys::FileStatus> status = sys::StatusAt(path.c_str(), sys::Follow::kYes);
      if (!status.ok() && !IsAbsent(status.error())) {
        Report(context_, path.view(), status.error());
        return false;
      }
      if (status.ok() || system_.empty()) system_ = Move(path);
      if (status.ok()) break;
    }
    if (system_.empty()) CATION_TRY(system_.Append(kSystemInitrc));
    return true;
  }

  [[nodiscard]] StringView Variable(StringView name) const {
    const char* const value = Environment(context_, name);
    return value != nullptr ? StringView(value) : StringView();
  }

  Result<bool> AppendHome() {
    const StringView home = Variable("HOME");
    if (!home.empty()) {
      CATION_TRY(user_.Append(home));
      return true;
    }
    constexpr const char* kUsers = "/etc/passwd";
    String users;
    const Result<void> read = ReadFile(kUsers, users);
    if (!read.ok() && !IsAbsent(read.error())) {
      Report(context_, kUsers, read.error());
      return false;
    }
    const StringView found = AccountHome(users.view(), sys::RealUser());
    if (found.empty()) {
      Report(context_, "HOME", "it is not set, and /etc/passwd has no home for this user");
      return false;
    }
    CATION_TRY(user_.Append(found));
    return true;
  }

  // ---- what is in them
  // Both return false when there was an error, which has been reported.
  bool Look(const String& path, Initrc& initrc) {
    const Result<sys::FileStatus> status = sys::StatusAt(path.c_str(), sys::Follow::kYes);
    if (!status.ok()) return IsAbsent(status.error()) || !Fail(path.view(), status.error());
    initrc.exists = true;
    initrc.status = status.value();
    return true;
  }

  bool Load(const String& path, Initrc& initrc) {
    // It may be a FIFO.
    const Result<sys::Descriptor> opened =
        sys::Open(sys::At(path.c_str()), sys::kRead | sys::kNonBlocking);
    if (!opened.ok()) return IsAbsent(opened.error()) || !Fail(path.view(), opened.error());
    const sys::File file(opened.value());
    const Result<sys::FileStatus> status = sys::Status(file.get());
    if (!status.ok()) return !Fail(path.view(), status.error());
    initrc.exists = true;
    initrc.status = status.value();
    if (initrc.status.IsDirectory()) return !Fail(path.view(), Error{abi::kEISDIR});
    if (!initrc.status.IsRegular()) return !Refuse("is no regular file", path);
    if (initrc.status.size > kLargestInitrc) return !Refuse("is too large for an initrc", path);
    const Result<void> read = ReadAll(file.get(), initrc.text);
    return read.ok() || !Fail(path.view(), read.error());
  }

  [[nodiscard]] bool IsOff() const { return mine_.text.view() == kOffInitrc; }
  [[nodiscard]] bool IsMarked() const { return mine_.text.view().StartsWith(kUtf8Mark); }

  // ---- what is done
  int Enable() {
    if (is_same_) {
      Say("@ is the same file as %: nothing to do");
    } else if (!mine_.exists && all_.exists) {
      Say("% is what Ion reads: nothing to do");
    } else if (IsMarked()) {
      return Refuse("begins with a byte order mark, at which Ion skips it; save it without one",
                    user_);
    } else if (sourcing_.sourcing != Sourcing::kNot) {
      Say("@ sources % in line #: nothing to do");
    } else if (mine_.text.view().Find('\0') != StringView::kNotFound) {
      return Refuse("has null bytes, and is no initrc", user_);
    } else if (!IsPlain(system_.view())) {
      return Refuse("cannot be written in a line for Ion as it is", system_);
    } else {
      const int status = PutIn();
      if (status != 0) return status;
    }
    if (all_.exists) return 0;
    Report(context_, system_.view(), "it is not there, so nothing is on until it is");
    return kIsNot;
  }

  int PutIn() {
    const bool was_off = IsOff();
    if (was_off && all_.exists) {
      // A link stays, and what it leads to is written.
      const Result<sys::FileStatus> own = sys::StatusAt(user_.c_str(), sys::Follow::kNo);
      if (!own.ok()) return Fail(user_.view(), own.error());
      if (!own.value().IsSymbolicLink()) {
        if (!options_.dry_run) {
          const Result<void> removed = sys::RemoveFile(sys::At(user_.c_str()));
          if (!removed.ok()) return Fail(user_.view(), removed.error());
        }
        SayDone("@ is gone, and Ion reads %");
        return 0;
      }
    }
    const StringView rest = was_off ? StringView() : mine_.text.view();
    const StringView pieces[] = {kTestWords,     system_.view(),  kSourceWords,
                                 system_.view(), LineEndOf(rest), rest};
    if (!Replace(pieces)) return kTrouble;
    SayDone("@ sources % in its first line");
    return 0;
  }

  int Disable() {
    if (is_same_) return Refuse("is the file for all itself; take the link away", user_);
    if (!mine_.exists) {
      if (!all_.exists) {
        Say("% is not there: nothing to do");
        return 0;
      }
      const StringView pieces[] = {kOffInitrc};
      if (!Replace(pieces)) return kTrouble;
      SayDone("@ is there, and Ion reads it instead of %");
      return 0;
    }
    String rest;
    for (InitrcLine line; NextLine(mine_.text.view(), line);) {
      const Sourcing sourcing = SourcingOf(line.text, system_.view());
      if (sourcing == Sourcing::kOtherwise) {
        return Refuse("it sources the file for all in a way of its own; take that out by hand",
                      user_);
      }
      if (sourcing == Sourcing::kOurs) continue;
      if (!rest.Append(mine_.text.view().From(line.begin).First(line.end - line.begin)).ok())
        return Fail(user_.view(), Error{abi::kENOMEM});
    }
    if (sourcing_.sourcing == Sourcing::kNot) {
      Say("@ does not source %: nothing to do");
      return 0;
    }
    const StringView pieces[] = {rest.view()};
    if (!Replace(pieces)) return kTrouble;
    SayDone("@ does not source % any more");
    return 0;
  }

  // Whether Ion takes it for a word as it is.
  static bool IsPlain(StringView path) {
    for (const char byte : path) {
      const bool is_plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                            (byte >= '0' && byte <= '9') || byte == '/' || byte == '.' ||
                            byte == '_' || byte == '-' || byte == '+';
      if (!is_plain) return false;
    }
    return true;
  }

  // ---- how it is written
  // Makes the user's file have these bytes. False: it has not, and that has been reported.
  bool Replace(Span<const StringView> pieces) {
    if (options_.dry_run) return true;
    const Result<void> replaced = TryReplace(pieces);
    return replaced.ok() || !Fail(user_.view(), replaced.error());
  }

  // The file that the user's is in the end, through links.
  Result<String> Target() {
    CATION_TRY_ASSIGN(String target, String::From(user_.view()));
    const Result<void> followed = FollowLinks(target);
    if (!followed.ok() && !IsAbsent(followed.error())) return followed.error();
    if (target.view() == user_.view() || !mine_.exists) return target;
    CATION_TRY_ASSIGN(const sys::FileStatus status,
                      sys::StatusAt(target.c_str(), sys::Follow::kNo));
    if (status.identity() == mine_.status.identity()) return target;
    return Error{abi::kESTALE};
  }

  Result<void> TryReplace(Span<const StringView> pieces) {
    CATION_TRY_ASSIGN(const String target, Target());
    String text;
    for (const StringView piece : pieces) CATION_TRY(text.Append(piece));
    String name;
    // What it is to be in the end, it is not before it is whole. What is not there is made: it is
    // not replaced if it is there all the same.
    const sys::Mode mode = mine_.exists ? 0600 : 0644;
    constexpr sys::OpenFlags kNew = sys::kWrite | sys::kCreate | sys::kExclusive;
    Result<sys::Descriptor> opened = Error{abi::kEEXIST};
    constexpr uint64_t kTries = 100;
    uint64_t number = static_cast<uint64_t>(sys::ThisProcess());
    for (const uint64_t last = number + kTries; number < last; ++number) {
      name.Truncate(0);
      CATION_TRY(name.Append(target.view()));
      if (mine_.exists) {
        CATION_TRY(name.Append('.'));
        CATION_TRY(name.Append(Digits(number)));
      }
      opened = sys::Open(sys::At(name.c_str()), kNew, mode);
      if (opened.ok() || !mine_.exists || !(opened.error() == abi::kEEXIST)) break;
    }
    const sys::Location here = sys::At(name.c_str());
    if (!opened.ok() && opened.error() == abi::kENOENT && options_.file == nullptr) {
      constexpr int kOurFolders = 2;  // .config/ion
      CATION_TRY(MakeParent(target.view(), kOurFolders));
      opened = sys::Open(here, kNew, mode);
    }
    if (!opened.ok()) return opened.error();
    sys::File file(opened.value());
    if constexpr (!sys::kExclusiveIsSure) {
      CATION_TRY_ASSIGN(const sys::FileStatus status, sys::Status(file.get()));
      if (status.size != 0) return Error{abi::kEEXIST};
    }
    Result<void> done = Fill(file.get(), text.view());
    const Result<void> closed = file.Close();
    if (done.ok()) done = closed;
    if (done.ok() && mine_.exists) done = sys::Rename(here, sys::At(target.c_str()));
    if (!done.ok()) (void)sys::RemoveFile(here);
    return done;
  }

  Result<void> MakeParent(StringView path, int levels) {
    String parent;
    CATION_TRY(AppendParent(parent, path));
    parent.Truncate(WithoutSlashes(parent.view()).size());
    const sys::Location here = sys::At(parent.c_str());
    constexpr sys::Mode kPrivate = 0700;
    Result<void> made = sys::MakeDirectory(here, kPrivate);
    if (!made.ok() && made.error() == abi::kENOENT && levels > 1) {
      CATION_TRY(MakeParent(parent.view(), levels - 1));
      made = sys::MakeDirectory(here, kPrivate);
    }
    if (!made.ok() && made.error() == abi::kEEXIST) return {};
    return made;
  }

  Result<void> Fill(sys::Descriptor file, StringView text) const {
    CATION_TRY(sys::WriteAll(file, text));
    if (mine_.exists) {
      CATION_TRY_ASSIGN(const sys::FileStatus made, sys::Status(file));
      // A 9p share of Redox keeps neither, of any file.
      const bool is_share = made.device == 0;
      if (made.user != mine_.status.user || made.group != mine_.status.group) {
        const Result<void> given = sys::ChangeOwner(file, mine_.status.user, mine_.status.group);
        if (!given.ok() && !is_share) return given;
      }
      const Result<void> changed = sys::ChangeMode(file, mine_.status.mode & sys::kPermissionMask);
      if (!changed.ok() && !is_share) return changed;
    }
    const Result<void> flushed = sys::Flush(file, false);
    const bool cannot =
        !flushed.ok() && (flushed.error() == abi::kEBADF || flushed.error() == abi::kEINVAL);
    return cannot ? Result<void>() : flushed;
  }

  // ---- what is said
  int Status() {
    const bool sources =
        !mine_.exists || is_same_ || (sourcing_.sourcing != Sourcing::kNot && !IsMarked());
    const bool is_on = sources && all_.exists;
    Say(is_on          ? "enabled"
        : !all_.exists ? "disabled: % is not there"
        : IsMarked()   ? "disabled: @ begins with a byte order mark, and Ion skips it"
        : IsOff()      ? "disabled: @ is there to be read instead of %"
                       : "disabled: @ does not source %");
    Say(!mine_.exists                          ? (all_.exists ? "initrc: %" : "initrc: none")
        : sourcing_.sourcing == Sourcing::kNot ? "initrc: @"
                                               : "initrc: @, which sources % in line #");
    if (all_.exists) SayStamp();
    LookForHistory(mine_.exists ? mine_ : all_);
    Say(share_    ? "history: each line at once, and others' lines (+share)"
        : append_ ? "history: each line at once (+inc_append)"
                  : "history: at exit only, over what others have written");
    SayCommands();
    return is_on ? 0 : kIsNot;
  }

  // The installer's greeting: echo "PREFIX | Build: COMMIT | DATE".
  void SayStamp() {
    constexpr StringView kMark = " | Build: ";
    for (InitrcLine line; NextLine(all_.text.view(), line);) {
      StringView text = line.text;
      if (!HasText(text, kMark, false)) continue;
      const size_t begin = text.Find('"');
      if (begin != StringView::kNotFound) text = text.From(begin + 1);
      text = text.First(Min(text.FindLast('"'), text.size()));
      out_.Write("stamp: ");
      String quoted;
      Check(AppendQuoted(quoted, text));
      out_.Write(quoted.view());
      out_.Write('\n');
      return;
    }
    Say("stamp: none");
  }

  // What the lines of `initrc` and of what it sources leave it as.
  void LookForHistory(const Initrc& initrc) {
    for (InitrcLine line; NextLine(initrc.text.view(), line);) {
      if (&initrc == &mine_ && SourcingOf(line.text, system_.view()) != Sourcing::kNot)
        LookForHistory(all_);
      StringView rest = line.text;
      if (!(NextWord(rest) == "history")) continue;
      const StringView word = NextWord(rest);
      if (word.empty()) continue;
      const bool on = word[0] == '+';
      if (word.From(1) == "inc_append") append_ = on;
      if (word.From(1) == "share") share_ = on;
    }
  }

  void SayCommands() {
    // NOLINTBEGIN(misc-const-correctness): `names` below is one of them.
    String found;
    String missing;
    // NOLINTEND(misc-const-correctness)
    const char* const path = Environment(context_, "PATH");
    for (StringView rest = kCommands;;) {
      const StringView name = NextWord(rest);
      if (name.empty()) break;
      const auto look = [](const char* file) -> Result<void> {
        CATION_TRY_ASSIGN(const sys::FileStatus status, sys::StatusAt(file, sys::Follow::kYes));
        const bool runs =
            status.IsRegular() && sys::MayAccess(sys::At(file), sys::Access::kExecute, &status);
        return runs ? Result<void>() : Error{abi::kENOENT};
      };
      String& names = ForEachProgram(name, path, look).ok() ? found : missing;
      Check(names.Append(' '));
      Check(names.Append(name));
    }
    out_.Write("commands:");
    out_.Write(found.empty() ? StringView(" none") : found.view());
    if (!missing.empty()) out_.Write("\nnot in PATH:");
    out_.Write(missing.view());
    out_.Write('\n');
  }

  // A line: @ stands for the user's file, % for the one for all, # for the line that sources it.
  void Say(const char* text) {
    String line;
    for (; *text != '\0'; ++text) {
      Check(*text == '@'   ? AppendQuoted(line, user_.view())
            : *text == '%' ? AppendQuoted(line, system_.view())
            : *text == '#' ? line.Append(Digits(sourcing_.number))
                           : line.Append(*text));
    }
    out_.Write(line.view());
    out_.Write('\n');
  }
  void SayDone(const char* text) {
    if (options_.dry_run) out_.Write("not done: ");
    Say(text);
  }
  void Check(const Result<void>& appended) { is_short_of_memory_ |= !appended.ok(); }

  int Fail(StringView operand, Error error) {
    Report(context_, operand, {}, error);
    return kTrouble;
  }
  int Refuse(StringView reason, const String& path) {
    Report(context_, path.view(), reason);
    return kTrouble;
  }

  const Context& context_;
  const Options& options_;
  Output out_;
  String user_;
  String system_;
  Initrc mine_;
  Initrc all_;
  SourcingLine sourcing_;
  bool is_same_ = false;
  bool append_ = false;
  bool share_ = false;
  bool is_short_of_memory_ = false;
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const Span<char*> operands = context.arguments;
  if (operands.empty()) return UsageError(context, kCommand, {nullptr, 0}, "missing operand");
  if (operands.size() > 1) return UsageError(context, kCommand, operands[1], "extra operand");
  const StringView verb = operands[0];
  if (!(verb == "enable") && !(verb == "disable") && !(verb == "status"))
    return UsageError(context, kCommand, verb, "it is none of enable, disable and status");
  return Switch(context, options).Run(verb);
}

}  // namespace cation
