// SPDX-License-Identifier: MIT
//
// cation-box: all commands in one program, for an initfs and wherever files count more than what is
// read to start one. It acts as the command that it is called by: the last part of argv[0], a
// link's name, or with its own name the first operand. What is no name of a command is an error
// that lists the names: nothing is ever taken for another command. Their code is the same as that
// of the programs of their own, and so are their messages.
//
// Peers: busybox and toybox choose by name too. `--install` makes symbolic links where busybox
// makes hard links, which Redox's file systems do not have.
#include "coreutils/box/commands.h"
#include "coreutils/support/copy_use.h"
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/find_program.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"

namespace cation {
namespace {

struct Options {
  bool force = false;
  bool install = false;
  bool list = false;
};

constexpr Option kOptions[] = {
    Flag("-f, --force", offsetof(Options, force), "with --install: replace files of these names"),
    Flag("--install", offsetof(Options, install),
         "make a symbolic link in DIRECTORY for each command"),
    Flag("--list", offsetof(Options, list), "print the commands' names, one on a line"),
};

// As that of env and of shells.
constexpr int kNotFound = 127;

constexpr cation::Description kDescription = {
    .usage = "[OPTION]...\nCOMMAND [ARGUMENT]...\n--install [-f] DIRECTORY",
    .summary =
        "Runs COMMAND, one of those that --list prints; so does a link to this program that has "
        "its name.",
    .options = kOptions,
    .stops_at_operand = true,
};
constexpr cation::Command kCommand = Packed<kDescription>();

const box::Command* Find(StringView name) {
  for (const box::Command& command : box::Commands()) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

int RunAs(Context& context, const box::Command& command) {
  context.program = command.name;
  return command.main(context);
}

int NoSuchCommand(const Context& context, StringView name) {
  String reason;
  AddText(reason, "there is no such command, but");
  for (const box::Command& command : box::Commands()) {
    AddText(reason, " ");
    AddText(reason, command.name);
  }
  Report(context, name, reason.view());
  return kNotFound;
}

// Appends the absolute path by which this program was called. Errors: ENOENT when that cannot be
// told.
Result<void> FindThisProgram(const Context& context, String& path) {
  const StringView name = context.invoked_as;
  String found;
  const auto look = [&found](const char* file) -> Result<void> {
    CATION_TRY_ASSIGN(const sys::FileStatus status,
                      sys::StatusAt(sys::At(file), sys::Follow::kYes));
    if (!status.IsRegular()) return Error{abi::kEACCES};
    found.Truncate(0);
    return found.Append(file);
  };
  CATION_TRY(ForEachProgram(name, Environment(context, "PATH"), look));
  if (found.view()[0] != '/') {
    CATION_TRY(sys::WorkingDirectory(path));
    return AppendPathComponent(path, found.view());
  }
  return path.Append(found.view());
}

// Whether the directory of the file `path` is the one that is open.
Result<bool> IsIn(sys::Descriptor directory, StringView path) {
  String parent;
  CATION_TRY(AppendParent(parent, path));
  CATION_TRY_ASSIGN(const sys::FileStatus there,
                    sys::StatusAt(sys::At(parent.c_str()), sys::Follow::kYes));
  CATION_TRY_ASSIGN(const sys::FileStatus here, sys::Status(directory));
  return there.identity() == here.identity();
}

// Makes the links; what goes wrong with one is reported, and the others are made.
class Installer {
 public:
  Installer(const Context& context, sys::Descriptor directory, const char* path, StringView target,
            bool force)
      : context_(context), directory_(directory), path_(path), target_(target), force_(force) {}

  [[nodiscard]] bool Install(StringView name) {
    String path;
    const Result<void> made = Make(name, path);
    if (!made.ok()) {
      Report(context_, path.empty() ? name : path.view(), made.error());
      return false;
    }
    return ok_;
  }

 private:
  Result<void> Make(StringView name, String& path) {
    String entry;
    String target;
    CATION_TRY(entry.Append(name));
    CATION_TRY(target.Append(target_));
    CATION_TRY(path.Append(path_));
    CATION_TRY(AppendPathComponent(path, name));
    const sys::Location location{directory_, entry.c_str(), path.c_str()};
    const Result<void> made = sys::MakeSymbolicLink(target.c_str(), location);
    if (made.ok() || made.error() != abi::kEEXIST) return made;
    CATION_TRY_ASSIGN(const bool is_ours, IsOurs(location));
    if (is_ours) return {};
    if (!force_) {
      Report(context_, path.view(), "there is something already, which --force replaces");
      ok_ = false;
      return {};
    }
    return Replace(target.c_str(), location);
  }

  Result<bool> IsOurs(const sys::Location& location) const {
    String text;
    CATION_TRY(text.Resize(target_.size() + 1));
    const Result<size_t> size = sys::ReadSymbolicLink(location, {text.data(), text.size()});
    if (!size.ok()) {
      if (size.error() == abi::kEINVAL) return false;
      return size.error();
    }
    return text.view().First(size.value()) == target_;
  }

  // By a name of its own first: there is the old or the new at any moment.
  Result<void> Replace(const char* target, const sys::Location& location) {
    String name;
    String path;
    CATION_TRY(name.Append(".cation-box.new"));
    CATION_TRY(path.Append(path_));
    CATION_TRY(AppendPathComponent(path, name.view()));
    const sys::Location temporary{directory_, name.c_str(), path.c_str()};
    CATION_TRY(sys::MakeSymbolicLink(target, temporary));
    const Result<void> renamed = sys::Rename(temporary, location);
    if (!renamed.ok()) (void)sys::RemoveFile(temporary);
    return renamed;
  }

  const Context& context_;
  const sys::Descriptor directory_;
  const char* const path_;
  const StringView target_;
  const bool force_;
  bool ok_ = true;
};

int Install(Context& context, const char* path, bool force) {
  String target;
  const Result<void> found = FindThisProgram(context, target);
  if (!found.ok()) {
    Report(context, context.invoked_as, "this program's own file cannot be found", found.error());
    return 1;
  }
  const Result<sys::Descriptor> opened = sys::Open(sys::At(path), sys::kRead | sys::kDirectory);
  if (!opened.ok()) {
    Report(context, path, opened.error());
    return 1;
  }
  const sys::File directory(opened.value());
  const Result<bool> is_there = IsIn(directory.get(), target.view());
  if (!is_there.ok()) {
    Report(context, target.view(), is_there.error());
    return 1;
  }
  // Beside it, links go on to lead there when the whole tree is moved, or seen from elsewhere.
  const StringView text = is_there.value() ? LastComponent(target.view()) : target.view();
  int status = 0;
  for (const box::Command& command : box::Commands()) {
    Installer installer(context, directory.get(), path, text, force);
    if (!installer.Install(command.name)) status = 1;
  }
  return status;
}

}  // namespace

// For cp and mv.
constinit const CopyUse kCopyUse = CopyUse::kBoth;

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  const StringView called = LastComponent(context.invoked_as);
  if (!called.empty() && called != context.program) {
    const box::Command* const command = Find(called);
    return command != nullptr ? RunAs(context, *command) : NoSuchCommand(context, called);
  }
  // A name of a command comes before any option of its own.
  if (!context.arguments.empty() && context.arguments[0][0] != '-') {
    const StringView name = context.arguments[0];
    const box::Command* const command = Find(name);
    if (command == nullptr) return NoSuchCommand(context, name);
    context.arguments = context.arguments.From(1);
    return RunAs(context, *command);
  }

  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const Span<char*> operands = context.arguments;
  const size_t wanted = options.install ? 1 : 0;
  if (operands.size() < wanted || (!options.install && !options.list)) {
    return UsageError(context, kCommand, {nullptr, 0},
                      options.install ? StringView("missing operand") : "missing command");
  }
  if (operands.size() > wanted) {
    return UsageError(context, kCommand, operands[wanted], "extra operand");
  }
  if (options.install) return Install(context, operands[0], options.force);
  Output out(context);
  for (const box::Command& command : box::Commands()) {
    out.Write(command.name);
    out.Write('\n');
  }
  return out.Finish(0);
}

}  // namespace cation
