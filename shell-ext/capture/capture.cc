// SPDX-License-Identifier: MIT
//
// capture: a command's output into a file, or the end of it on standard output. In no standard.
// Ion's
// $(COMMAND) never returns when COMMAND prints more than the 64 KiB that a pipe holds:
//   capture out.txt make all             all of it, in a file
//   let last = $(capture -t 32k make)    what fits into a pipe
//
// The command writes into the file itself: nothing is read. With -t, its output comes through a
// pipe, of which the last BYTES are kept in memory, and printed when it has closed the pipe. FILE
// is made or emptied before the command runs, with -a added to. The status is the command's, 128
// and more for a signal; 125 when capture fails itself, 126 and 127 for a command that cannot be
// run or is not there. What the terminal sends ends the command, and not capture.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/held_input.h"
#include "coreutils/support/number.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/start_command.h"

namespace cation {
namespace {

struct Options {
  bool append = false;
  bool errors = false;
  bool tail = false;
  uint64_t bytes = 0;
};

bool ParseBytes(const Context& context, const Command& command, PackedOption, StringView argument,
                char* field) {
  const Result<Count> count = ParseCount(argument, kUnits);
  if (!count.ok()) {
    (void)UsageError(context, command, argument, "invalid number of bytes");
    return false;
  }
  *reinterpret_cast<uint64_t*>(field) = count.value().value;
  return true;
}

constexpr Option kOptions[] = {
    Flag("-a, --append", offsetof(Options, append), "add to FILE"),
    Flag("-e, --errors", offsetof(Options, errors), "take standard error, too"),
    Also(Parsed("-t, --tail=BYTES", offsetof(Options, bytes), ParseBytes,
                "no FILE: print the last BYTES of the output when it has come to its end"),
         offsetof(Options, tail), true),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... FILE COMMAND [ARG]...\n[OPTION]... --tail=BYTES COMMAND [ARG]...",
    .summary = "Runs COMMAND with its output going into FILE, or prints the end of its output.",
    .options = kOptions,
    .usage_status = kCannotStart,
    .stops_at_operand = true,
    .statuses =
        "125 it failed itself\n126 COMMAND cannot be run\n127 there is no COMMAND\nother "
        "that of COMMAND",
};
constexpr Command kCommand = Packed<kDescription>();

class Capture {
 public:
  explicit Capture(Context& context) : context_(context) {}

  int Run() {
    int status = 0;
    if (!ParseOptions(context_, kCommand, &options_, &status)) return status;
    const Span<char*> words = context_.arguments;
    const size_t needed = options_.tail ? 1 : 2;
    if (options_.tail && options_.append)
      return UsageError(context_, kCommand, {nullptr, 0}, "-a is for a FILE, and -t has none");
    if (words.size() < needed)
      return UsageError(context_, kCommand, {nullptr, 0}, "missing operand");
    words_ = words.From(needed - 1);
    return options_.tail ? Tail() : IntoFile(words[0]);
  }

 private:
  int IntoFile(const char* name) {
    constexpr sys::Mode kMode = 0666;
    const Result<sys::Descriptor> opened = sys::Open(
        sys::At(name),
        sys::kWrite | sys::kCreate | (options_.append ? sys::kAppend : sys::kTruncate), kMode);
    if (!opened.ok()) return Fail(name, opened.error());
    sys::File file(opened.value());
    if (options_.append) {
      // Whatever device it is on, it is gone to the end of.
      sys::FileStatus appended;
      appended.mode = sys::kTypeRegular;
      appended.size = 1;
      sys::PrepareOutput(file.get(), &appended);
    }
    int status = 0;
    const sys::Process command = Start(file.get(), &status);
    if (command == sys::kNoProcess) return status;
    status = WaitForCommand(context_, words_[0], command);
    const Result<void> closed = file.Close();
    return closed.ok() || status != 0 ? status : Fail(name, closed.error());
  }

  int Tail() {
    const Result<sys::Pipe> made = sys::MakePipe();
    if (!made.ok()) return Fail({nullptr, 0}, made.error());
    sys::File reading(made.value().read);
    sys::File writing(made.value().write);
    int status = 0;
    const sys::Process command = Start(writing.get(), &status);
    if (command == sys::kNoProcess) return status;
    // Else the pipe would never end.
    (void)writing.Close();
    HeldInput held({.count = options_.bytes, .bytes = true});
    const Result<void> read = Read(reading.get(), held);
    // Who writes on gets to know that nobody reads.
    (void)reading.Close();
    status = WaitForCommand(context_, words_[0], command);
    if (!read.ok()) return Fail(words_[0], read.error());
    Output out(context_);
    uint64_t skipped = held.BytesBefore();
    for (; held.size() != 0 && out.ok(); held.DropFront()) {
      const StringView front = held.Front();
      const auto skip = static_cast<size_t>(Min(skipped, uint64_t{front.size()}));
      out.Write(front.From(skip));
      skipped -= skip;
    }
    return out.Finish(status, kCannotStart);
  }

  static Result<void> Read(sys::Descriptor pipe, HeldInput& held) {
    for (;;) {
      CATION_TRY_ASSIGN(const Span<char> room, held.Room());
      CATION_TRY_ASSIGN(const size_t count, sys::Read(pipe, room));
      if (count == 0) return {};
      held.Added(count);
      while (held.FrontIsFree()) held.DropFront();
    }
  }

  sys::Process Start(sys::Descriptor output, int* status) {
    const sys::Streams streams = {context_.input, output,
                                  options_.errors ? output : context_.errors};
    const sys::Process command = StartCommand(context_, words_, streams, nullptr, status);
    if (command != sys::kNoProcess) IgnoreTerminalSignals();
    return command;
  }

  int Fail(StringView operand, Error error) {
    Report(context_, operand, {}, error);
    return kCannotStart;
  }

  Context& context_;
  Options options_;
  Span<char*> words_;
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) { return Capture(context).Run(); }

}  // namespace cation
