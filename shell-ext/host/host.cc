// SPDX-License-Identifier: MIT
//
// host: the folder that the host shares with Redox (QEMU's virtio-9p). In no standard.
//   host                            whether it is there, and where
//   host get NAME...                copies from it to here, or to -t DIRECTORY
//   host put FILE...                copies to it, or to -t DIRECTORY on it
//   host watch DIR -t /usr/bin      installs what changes there: build outside, run inside
//
// The share is /scheme/9p.hostshare, unless --share or CATION_HOST_SHARE name another place. Names
// on it are relative to it, or absolute and below it; ".." does not lead out of it.
//
// get and put copy trees and keep times. A file is written beside its place and renamed when it is
// whole (placement.h); a regular file that is replaced keeps its mode, and on the way in its owner.
// Nothing on a share has a mode, so what gets in is executable where it begins as a program or a
// script does. Links are copied as links. They never follow one, nor write through one.
//
// watch looks every second (--interval). It is an error if DIR is not there at first; later it is
// waited for. TARGET is never assumed to be /usr/bin: nothing there is replaced that was not meant,
// the working directory is the default as it is get's. A program that cannot run here is said
// (explain's words) and left out, --force installs it all the same; a shared library need not run.
// What begins with '.' is left out, files that vanish stay installed. COMMAND is run, and waited
// for, after a round that has installed something. --once ends after the round that has found all
// files still, or the second one.
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

using host::Interrupts;
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
};

constexpr Description kDescription = {
    .usage =
        "[OPTION]... [status]\n[OPTION]... get NAME...\n[OPTION]... put FILE...\n[OPTION]... watch "
        "DIR [-- COMMAND [ARG]...]",
    .summary =
        "Says where the folder is that the host shares; copies from it and to it; or installs "
        "what\nchanges in DIR there, and runs COMMAND then.",
    .options = kOptions,
    .statuses =
        "0 all was copied, or the share is there\n1 it is not, or something was not copied\n130 "
        "and the like: ended by a signal, as watch is",
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
      return UsageError(context_, kCommand, verb, "-f, -i, -n and -o are for watch");
    if ((options_.copies && !copies) || (options_.target != nullptr && !copies && !watches))
      return UsageError(context_, kCommand, verb, "-t and -v say how it copies");
    if ((copies || watches) == operands.empty())
      return UsageError(context_, kCommand, verb,
                        operands.empty() ? "missing operand" : "takes no operand");
    if (!FindShare()) return 1;
    if (!copies && !watches) {
      out_.Write(share_);
      out_.Write('\n');
      return out_.Finish(0);
    }
    Interrupts interrupts;
    interrupts.Note();
    status = out_.Finish(watches ? Watch(operands, interrupts) : Copy(puts, operands, interrupts));
    return interrupts.Came() ? interrupts.End() : status;
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

  bool Refuse(StringView operand, Error error) {
    Report(context_, operand, error);
    return false;
  }
  bool Refuse(StringView operand, StringView reason) {
    Report(context_, operand, reason);
    return false;
  }

  // Sets `path` to that of `name` on the share; false where it is not on it, which was reported.
  bool OnShare(StringView name, String& path) {
    if (name.empty()) return Refuse(name, Error{abi::kENOENT});
    StringView rest = name;
    if (name[0] == '/') {
      const StringView share = WithoutSlashes(share_);
      rest = name.StartsWith(share) ? name.From(share.size()) : StringView();
      if (!name.StartsWith(share) || (!rest.empty() && rest[0] != '/' && !(share == "/")))
        return Refuse(name, "is not on the share");
      while (rest.StartsWith("/")) rest = rest.From(1);
    }
    size_t depth = 0;
    for (StringView left = rest; !left.empty();) {
      const size_t end = Min(left.Find('/'), left.size());
      const StringView component = left.First(end);
      if (component == "..") {
        if (depth-- == 0) return Refuse(name, "leads out of the share");
      } else if (!component.empty() && !(component == ".")) {
        ++depth;
      }
      left = left.From(Min(end + 1, left.size()));
    }
    Result<void> named = path.Append(share_);
    if (named.ok() && !rest.empty()) named = AppendPathComponent(path, rest);
    return named.ok() || Refuse(name, named.error());
  }

  // ---- get and put
  int Copy(bool puts, Span<char*> operands, Interrupts& interrupts) {
    const char* target = options_.target;
    String on_share;
    if (puts) {
      if (!OnShare(target == nullptr ? "." : target, on_share)) return 1;
      target = on_share.c_str();
    } else if (target == nullptr) {
      target = ".";
    }
    const Result<sys::FileStatus> status = sys::StatusAt(target, sys::Follow::kYes);
    if (!status.ok() || !status.value().IsDirectory()) {
      (void)Refuse(target, status.ok() ? Error{abi::kENOTDIR} : status.error());
      return 1;
    }
    host::TreeCopier copier(context_, puts ? Purpose::kPut : Purpose::kGet, options_.verbose, out_,
                            interrupts);
    bool ok = true;
    for (size_t i = 0; i < operands.size() && out_.ok() && !interrupts.Came(); ++i) {
      String from;
      if (puts ? !IsFirst(operands, i) : !OnShare(operands[i], from) || !IsFirst(operands, i)) {
        ok = false;
        continue;
      }
      const char* const source = puts ? operands[i] : from.c_str();
      const StringView name = LastComponent(puts ? StringView(source) : operands[i]);
      // The share itself has no name here: what is in it is copied.
      const bool is_there = sys::IsFixedName(name) ||
                            (!puts && WithoutSlashes(from.view()) == WithoutSlashes(share_));
      String to;
      Result<void> named = to.Append(target);
      if (named.ok() && !is_there) named = AppendPathComponent(to, name);
      if (!named.ok()) {
        ok = Refuse(operands[i], named.error());
        continue;
      }
      ok &= copier.Copy(source, to.c_str(), is_there);
    }
    return ok ? 0 : 1;
  }

  // Of two files of one name, the first is copied.
  bool IsFirst(Span<char*> operands, size_t index) {
    const StringView name = LastComponent(operands[index]);
    if (sys::IsFixedName(name)) return true;
    for (size_t i = 0; i < index; ++i) {
      if (LastComponent(operands[i]) == name)
        return Refuse(operands[index], "has the name of one before it; not copied");
    }
    return true;
  }

  // ---- watch
  int Watch(Span<char*> operands, Interrupts& interrupts) {
    String directory;
    if (!OnShare(operands[0], directory)) return 1;
    directory.Truncate(WithoutSlashes(directory.view()).size());
    String target;
    const StringView given = WithoutSlashes(options_.target == nullptr ? "." : options_.target);
    if (const Result<void> named = target.Append(given); !named.ok())
      return Refuse(given, named.error()) ? 0 : 1;
    const host::WatchOptions options = {.directory = directory.c_str(),
                                        .target = target.c_str(),
                                        .command = operands.From(1),
                                        .interval = options_.interval,
                                        .dry_run = options_.dry_run,
                                        .force = options_.force,
                                        .once = options_.once};
    return host::Watcher(context_, options, out_, interrupts).Run();
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
