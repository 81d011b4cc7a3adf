// SPDX-License-Identifier: MIT
//
// host: the folder that the host shares with Redox (QEMU's virtio-9p). In no standard.
//   host                            whether it is there, and where
//   host get NAME...                copies from it to here, or to -t DIRECTORY
//   host put FILE...                copies to it, or to -t DIRECTORY on it
//   host watch DIR -t /usr/bin      installs what changes there: build outside, run inside
//   while host watch -w DIR -t /usr/bin; test; end      (Ion) and runs something each time
//
// The share is /scheme/9p.hostshare, unless --share or CATION_HOST_SHARE name another place. Names
// on it are relative to it, or absolute and below it; ".." does not lead out of it.
//
// get and put copy trees and keep times. A file is written beside its place and renamed when it is
// whole (placement.h); a regular file that is replaced keeps its mode, and on the way in its owner.
// Nothing on a share has a mode, so what gets in is executable where it begins as a program or a
// script does. Links are copied as links; none is followed, or written through.
//
// watch looks every second (--interval). It is an error if DIR is not there at first; later it is
// waited for. Where nothing else is said it installs into the working directory, as get does: so
// nothing in /usr/bin is replaced that was not meant. A program that cannot run here is said once
// and left out, --force installs it all the same; a shared library need not run. What begins with
// '.' is left out, files that vanish stay installed. --once ends after the second round, or the
// first if nothing is to be done; --wait after the one that has installed something.
//
// Redox: nothing of a share can be executed or mapped, which is why there is this command. It makes
// no directories there (it would make regular files): put fills those that are there.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/duration.h"
#include "coreutils/support/options.h"
#include "shell-ext/host/tree.h"
#include "shell-ext/host/watch.h"

namespace cation {
namespace {

using host::Purpose;

constexpr char kShare[] = "/scheme/9p.hostshare";

struct Options {
  int64_t interval = kNanosecondsPerSecond;
  const char* share = nullptr;
  const char* target = nullptr;
  bool dry_run = false;
  bool force = false;
  bool once = false;
  bool verbose = false;
  bool wait = false;
  bool watches = false;  // one was given that is for watch
  bool copies = false;   // for get and put
};

bool SetInterval(const Context& context, const Command& command, PackedOption, StringView argument,
                 char* field) {
  const Result<int64_t> interval = ParseDuration(argument);
  if (!interval.ok() || interval.value() == 0) {
    (void)UsageError(context, command, argument, "invalid time interval");
    return false;
  }
  *reinterpret_cast<int64_t*>(field) = interval.value();
  return true;
}

constexpr Option ForWatch(Option option) { return Also(option, offsetof(Options, watches), true); }

constexpr Option kOptions[] = {
    ForWatch(Flag("-f, --force", offsetof(Options, force), "watch: install what cannot run, too")),
    ForWatch(Parsed("-i, --interval=SECONDS", offsetof(Options, interval), SetInterval,
                    "watch: look so often; every second if not given")),
    ForWatch(Flag("-n, --dry-run", offsetof(Options, dry_run),
                  "watch: only say what would be installed")),
    ForWatch(Flag("-o, --once", offsetof(Options, once),
                  "watch: end when what is there now has been installed")),
    Value("-s, --share=DIRECTORY", offsetof(Options, share),
          "where the share is, if not CATION_HOST_SHARE or /scheme/9p.hostshare"),
    Value("-t, --target-directory=DIRECTORY", offsetof(Options, target),
          "copy to DIRECTORY, not to the working directory or the top of the share"),
    Also(Flag("-v, --verbose", offsetof(Options, verbose), "get, put: say what has been copied"),
         offsetof(Options, copies), true),
    ForWatch(Flag("-w, --wait", offsetof(Options, wait),
                  "watch: end when something has been installed")),
};

constexpr Description kDescription = {
    .usage =
        "[OPTION]... [status]\n[OPTION]... get NAME...\n[OPTION]... put FILE...\n[OPTION]... watch "
        "DIR",
    .summary =
        "Says where the folder is that the host shares; copies from it and to it; or installs "
        "what\nchanges in DIR there.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

class Host {
 public:
  explicit Host(Context& context) : context_(context), out_(context) {}

  int Run() {
    int status = 0;
    if (!ParseOptions(context_, kCommand, &options_, &status)) return status;
    Span<char*> operands = context_.arguments;
    const StringView verb = operands.empty() ? "status" : operands[0];
    if (!operands.empty()) operands = operands.From(1);
    const bool puts = verb == "put";
    const bool copies = puts || verb == "get";
    const bool watches = verb == "watch";
    if (!copies && !watches && !(verb == "status"))
      return UsageError(context_, kCommand, verb, "is none of status, get, put and watch");
    if (options_.watches && !watches)
      return UsageError(context_, kCommand, verb, "-f, -i, -n, -o and -w are for watch");
    if ((options_.copies && !copies) || (options_.target != nullptr && !copies && !watches))
      return UsageError(context_, kCommand, verb, "-t and -v say how it copies");
    if ((copies || watches) == operands.empty() || (watches && operands.size() > 1)) {
      return UsageError(context_, kCommand, verb,
                        operands.empty() ? "missing operand" : "too many operands");
    }
    if (!FindShare()) return 1;
    if (!copies && !watches) {
      out_.Write(share_);
      out_.Write('\n');
      return out_.Finish(0);
    }
    host::Work work(context_, out_,
                    puts     ? Purpose::kPut
                    : copies ? Purpose::kGet
                             : Purpose::kInstall);
    work.interrupts.Note();
    if (watches) {
      Watch(work, operands[0]);
    } else {
      Copy(work, puts, operands);
    }
    work.progress.Erase();
    status = out_.Finish(work.ok ? 0 : 1);
    return work.interrupts.Came() ? work.interrupts.End() : status;
  }

 private:
  bool FindShare() {
    const char* const variable = Environment(context_, "CATION_HOST_SHARE");
    share_ = options_.share != nullptr                  ? options_.share
             : variable != nullptr && *variable != '\0' ? variable
                                                        : kShare;
    const Result<sys::FileStatus> found = sys::StatusAt(share_, sys::Follow::kYes);
    if (found.ok() && found.value().IsDirectory()) return true;
    Report(context_, share_, "the host shares no folder here",
           found.ok() ? Error{abi::kENOTDIR} : found.error());
    return false;
  }

  // Sets `path` to that of `name` on the share. Errors: ENOENT, ENOMEM; kNotOnShare, kOutOfShare.
  Result<void> FindOnShare(StringView name, String& path) {
    if (name.empty()) return Error{abi::kENOENT};
    if (name[0] == '/') {
      const StringView share = WithoutSlashes(share_);
      if (!name.StartsWith(share)) return host::kNotOnShare;
      name = name.From(share.size());
      if (!name.empty() && name[0] != '/' && !(share == "/")) return host::kNotOnShare;
      while (name.StartsWith("/")) name = name.From(1);
    }
    while (name.StartsWith("./")) name = name.From(2);
    if (name == ".") name = {};
    size_t depth = 0;
    for (StringView rest = name; !rest.empty();) {
      const size_t end = Min(rest.Find('/'), rest.size());
      const StringView component = rest.First(end);
      if (component == "..") {
        if (depth-- == 0) return host::kOutOfShare;
      } else if (!component.empty() && !(component == ".")) {
        ++depth;
      }
      rest = rest.From(Min(end + 1, rest.size()));
    }
    CATION_TRY(path.Append(share_));
    return name.empty() ? Result<void>() : AppendPathComponent(path, name);
  }

  // ---- get and put
  void Copy(host::Work& work, bool puts, Span<char*> operands) {
    const char* target = options_.target == nullptr ? "." : options_.target;
    String on_share;
    if (puts) {
      const Result<void> found = FindOnShare(target, on_share);
      if (!found.ok()) return work.Fail(target, found.error());
      target = on_share.c_str();
    }
    sys::FileStatus status;
    if (!work.FindDirectory(target, status)) return;
    host::TreeCopier copier(work, puts, options_.verbose, operands.size() == 1);
    for (size_t i = 0; i < operands.size() && out_.ok() && !work.interrupts.Came(); ++i) {
      const Result<void> copied = CopyOperand(copier, puts, target, operands, i);
      if (!copied.ok()) work.Fail(operands[i], copied.error());
    }
  }

  Result<void> CopyOperand(host::TreeCopier& copier, bool puts, const char* target,
                           Span<char*> operands, size_t index) {
    String from;
    CATION_TRY(puts ? from.Append(operands[index]) : FindOnShare(operands[index], from));
    // The share itself has no name here: what is in it is copied.
    const bool is_share = !puts && WithoutSlashes(from.view()) == WithoutSlashes(share_);
    const StringView name = LastComponent(from.view());
    const bool is_there = is_share || sys::IsFixedName(name);
    for (size_t i = 0; i < index && !is_there; ++i) {
      if (LastComponent(operands[i]) == name) return host::kGivenTwice;
    }
    String to;
    CATION_TRY(to.Append(target));
    if (!is_there) CATION_TRY(AppendPathComponent(to, name));
    copier.Copy(from.c_str(), to.c_str(), is_there);
    return {};
  }

  // ---- watch
  void Watch(host::Work& work, const char* name) {
    String directory;
    const Result<void> found = FindOnShare(name, directory);
    if (!found.ok()) return work.Fail(name, found.error());
    directory.Truncate(WithoutSlashes(directory.view()).size());
    const host::WatchOptions options = {
        .directory = directory.c_str(),
        .target = options_.target == nullptr ? "." : options_.target,
        .interval = options_.interval,
        .dry_run = options_.dry_run,
        .force = options_.force,
        .once = options_.once,
        .wait = options_.wait};
    host::Watcher(work, options).Run();
  }

  Context& context_;
  Options options_;
  Output out_;
  const char* share_ = nullptr;
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) { return Host(context).Run(); }

}  // namespace cation
