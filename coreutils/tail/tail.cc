// SPDX-License-Identifier: MIT
//
// tail: writes the last lines or bytes of files, and what is added to them. POSIX.1-2024, with
// GNU's options and the older forms -5, +5, -5f and their like.
//
// Large files are read from their end; of a pipe, what is asked for is kept, and not more. What has
// no size that says anything (/proc, /scheme) is read to its end.
//
// -f and -F look at the files again and again (-s); by name they look at the name each time, so
// that a file that takes the place of another is seen at once, and --max-unchanged-stats, which is
// about that, changes nothing. The rest of the old file is shown before the new one. Linux's
// inotify is not used: Redox has none.
//
// Differs from GNU:
// - Messages are `tail: operand: reason`, but for those of -f and -F, which are GNU's to the
// letter.
// - Names in headers are as they are, unless they have control characters: those are in quotes, as
//   in messages.
// - Of several -n and -c the last one counts as a whole; GNU keeps an earlier +.
// - That nobody reads the output any more ends it with status 1, at once on hosts; on Redox, which
//   is not asked for that, when there is something to write.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/duration.h"
#include "coreutils/support/number.h"
#include "coreutils/support/options.h"
#include "coreutils/support/quote.h"
#include "coreutils/tail/follow.h"
#include "coreutils/tail/input.h"
#include "runtime/core/format.h"

namespace cation {
namespace {

using tail::By;
using tail::Input;
using tail::Options;

bool Complain(const Context& context, StringView argument, StringView reason) {
  Report(context, argument, reason);
  return false;
}

bool ParseAmount(const Context& context, const Command&, PackedOption option, StringView argument,
                 char* field) {
  auto& options = *reinterpret_cast<Options*>(field);
  options.amount.bytes = option.short_name() == 'c';
  options.from_start = argument.StartsWith("+");
  const StringView number = argument.From(argument.StartsWith("-") ? 1 : 0);
  const Result<Count> count = ParseCount(number, kUnits);
  if (!count.ok()) return Complain(context, argument, InvalidAmount(options.amount));
  options.amount.count = count.value().value;
  return true;
}

bool ParseInterval(const Context& context, const Command&, PackedOption, StringView argument,
                   char* field) {
  // Here it has no unit.
  const bool has_unit =
      !argument.empty() && StringView("smhd").Find(argument.back()) != StringView::kNotFound;
  const Result<int64_t> interval = ParseDuration(argument);
  if (!interval.ok() || has_unit) return Complain(context, argument, "invalid number of seconds");
  *reinterpret_cast<int64_t*>(field) = interval.value();
  return true;
}

bool ParseProcess(const Context& context, const Command&, PackedOption, StringView argument,
                  char* field) {
  constexpr uint64_t kMost = INT32_MAX;
  const Result<Count> number = ParseCount(argument, "");
  if (!number.ok() || number.value().value > kMost)
    return Complain(context, argument, "invalid PID");
  const Result<void> added = reinterpret_cast<Vector<sys::Process>*>(field)->PushBack(
      static_cast<sys::Process>(number.value().value));
  if (!added.ok()) Report(context, argument, added.error());
  return added.ok();
}

bool ParseUnchanged(const Context& context, const Command&, PackedOption, StringView argument,
                    char*) {
  if (ParseCount(argument, "").ok()) return true;
  return Complain(context, argument, "invalid maximum number of unchanged stats between opens");
}

constexpr Option kOptions[] = {
    Parsed("-c, --bytes=[+]NUMBER", 0, ParseAmount,
           "the last NUMBER bytes; with +, those from byte NUMBER on"),
    Flag("--debug", offsetof(Options, debug), "say how files are followed"),
    Also(Choice("-f", offsetof(Options, by), By::kDescriptor,
                "write what is added to the files, too: --follow=descriptor"),
         offsetof(Options, follow), true),
    Also(OptionalWord(
             "--follow[=HOW]", offsetof(Options, by), By::kDescriptor, "descriptor|name",
             "the same, of the file that is there now (descriptor), or of what has its name"),
         offsetof(Options, follow), true),
    Also(Also(Choice("-F", offsetof(Options, by), By::kName, "the same as --follow=name --retry"),
              offsetof(Options, follow), true),
         offsetof(Options, retry), true),
    Parsed("-n, --lines=[+]NUMBER", 0, ParseAmount,
           "the last NUMBER lines, not 10; with +, those from line NUMBER on"),
    Parsed("--max-unchanged-stats=N", 0, ParseUnchanged,
           "no effect: a name is looked at each time"),
    Parsed("--pid=PID", offsetof(Options, processes), ParseProcess,
           "with -f, end after the process has"),
    Choice("-q, --quiet", offsetof(Options, headers), Headers::kNever,
           "no headers with the files' names"),
    Choice("--silent", offsetof(Options, headers), Headers::kNever, "the same"),
    Flag("--retry", offsetof(Options, retry), "wait for files that cannot be opened"),
    Parsed("-s, --sleep-interval=N", offsetof(Options, interval), ParseInterval,
           "with -f, look each N seconds (1)"),
    Choice("-v, --verbose", offsetof(Options, headers), Headers::kAlways,
           "a header for one file, too"),
    Choice("-z, --zero-terminated", offsetof(Options, amount) + offsetof(Amount, end), '\0',
           "lines end with NUL, not newline"),
    // What tests of others use.
    Flag("---disable-inotify", offsetof(Options, ignored), nullptr),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... [FILE]...",
    .summary =
        "Writes the last 10 lines of each FILE, with a header if there are several. With no FILE, "
        "or when FILE is\n"
        "-, reads standard input. A NUMBER may have a unit: b 512, kB 1000, K 1024, MB, M and so "
        "on.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

class Tail {
 public:
  Tail(Context& context, Options& options) : context_(context), options_(options) {}
  Tail(const Tail&) = delete;
  Tail& operator=(const Tail&) = delete;
  ~Tail() {
    for (Input& input : inputs_) input.Close();
  }

  int Run(Span<const char* const> operands) {
    CheckOptions();
    const Amount& amount = options_.amount;
    const bool is_nothing = options_.from_start ? amount.count == UINT64_MAX : amount.count == 0;
    if (is_nothing && !options_.follow) return 0;
    if (!inputs_.Reserve(operands.size()).ok()) return Fail({nullptr, 0}, Error{abi::kENOMEM});
    for (const char* const operand : operands) {
      Input input;
      input.operand = operand;
      (void)inputs_.PushBack(input);
      if (options_.by == By::kName && options_.follow && input.is_shared()) {
        Report(context_, "cannot follow '-' by name");
        return 1;
      }
    }
    bool output_is_pipe = false;
    if (options_.follow) {
      // Before anything is opened, which would take its place if it is closed.
      const Result<sys::FileStatus> output = sys::Status(context_.output);
      if (!output.ok()) return Fail("standard output", output.error());
      output_is_pipe = output.value().type() == sys::kTypeFifo;
    }
    tail::Shower shower(context_, options_, operands.size());
    for (Input& input : inputs_) {
      if (!shower.out().ok()) break;
      ShowEnd(input, shower);
      if (!options_.follow) input.Close();
    }
    if (options_.follow && shower.out().ok() && AnyToFollow()) {
      status_ = tail::Follow(context_, options_, inputs_.span(), shower, output_is_pipe, status_);
    }
    return shower.out().Finish(status_);
  }

 private:
  int Fail(StringView operand, Error error) {
    Report(context_, operand, error);
    return 1;
  }

  void CheckOptions() {
    if (options_.retry && !options_.follow) {
      Report(context_, "warning: --retry ignored; --retry is useful only when following");
      options_.retry = false;
    } else if (options_.retry && options_.by == By::kDescriptor) {
      Report(context_, "warning: --retry only effective for the initial open");
    }
    if (!options_.processes.empty() && !options_.follow) {
      Report(context_, "warning: PID ignored; --pid=PID is useful only when following");
      options_.processes.Clear();
    }
  }

  void ShowEnd(Input& input, tail::Shower& shower) {
    Result<void> shown = Open(input);
    if (!shown.ok()) {
      shower.out().Flush();
      if (options_.follow) {
        // As GNU has it: scripts look for it.
        String line;
        AddText(line, input.is_shared() ? "cannot fstat " : "cannot open ");
        (void)AppendInQuotes(line, NameOfInput(input.operand));
        AddText(line, input.is_shared() ? ": " : " for reading: ");
        (void)AddErrorMessage(line, shown.error());
        Report(context_, line.view());
      } else {
        Report(context_, NameOfInput(input.operand), shown.error());
      }
      return GiveUp(input, shown.error().number);
    }
    shower.Head(input);
    shown = shower.ShowEnd(input);
    if (!shown.ok()) {
      shower.out().Flush();
      Report(context_, NameOfInput(input.operand), shown.error());
      status_ = 1;
    }
    if (!options_.follow) return;
    if (tail::MayBeFollowed(input.status)) {
      if (!shown.ok()) return GiveUp(input, shown.error().number);
      input.followable = true;
      LookAtSize(input);
      return;
    }
    shower.out().Flush();
    Report(context_, NameOfInput(input.operand),
           options_.retry ? "cannot follow end of this type of file"
                          : "cannot follow end of this type of file; giving up on this name");
    GiveUp(input, Input::kOther);
  }

  Result<void> Open(Input& input) {
    // Who is not waited for alone must not hold up the others.
    const bool waits = !options_.follow || (options_.processes.empty() && inputs_.size() == 1);
    if (input.is_shared()) {
      input.descriptor = context_.input;
    } else {
      CATION_TRY_ASSIGN(
          input.descriptor,
          sys::Open(sys::At(input.operand), waits ? sys::kRead : sys::kRead | sys::kNonBlocking));
    }
    const Result<sys::FileStatus> status = sys::Status(input.descriptor);
    if (status.ok()) {
      input.status = status.value();
      return {};
    }
    input.Close();
    return status.error();
  }

  void GiveUp(Input& input, int error) {
    status_ = 1;
    input.error = error;
    input.gave_up = !options_.retry;
    input.Close();
  }

  // Whether it says that it is empty, and is not.
  static void LookAtSize(Input& input) {
    if (!input.status.IsRegular() || input.status.size != 0 || input.position == 0) return;
    const Result<sys::FileStatus> status = sys::Status(input.descriptor);
    input.has_no_size = status.ok() && status.value().size == 0;
  }

  // A pipe that is standard input ends with its writers, as POSIX has it. For a terminal the others
  // would wait.
  bool AnyToFollow() {
    bool any = false;
    for (Input& input : inputs_) {
      const sys::Mode type = input.status.type();
      const bool is_shared = input.is_shared() && input.is_open();
      const bool waits = is_shared && type == sys::kTypeCharacterDevice &&
                         (inputs_.size() > 1 || !options_.processes.empty()) &&
                         sys::IsTerminal(context_.input);
      if (waits) {
        Report(context_, "warning: following standard input indefinitely is ineffective");
      }
      if (waits || (is_shared && type == sys::kTypeFifo)) {
        input.gave_up = true;
        input.descriptor = sys::kNone;
      } else {
        any = true;
      }
    }
    return any;
  }

  Context& context_;
  Options& options_;
  Vector<Input> inputs_;
  int status_ = 0;
};

// -5, +5c, -5f and their like: the first argument, if there is at most one file besides. Takes it
// away. What it does not understand is an option, or a file.
void ParseFirst(Context& context, Options& options) {
  const Span<char*> arguments = context.arguments;
  if (arguments.empty() || arguments.size() > 3) return;
  const auto is = [&](size_t which, StringView text) {
    return StringView(arguments[which]) == text;
  };
  const bool one_file = arguments.size() == 1 ||
                        (arguments.size() == 2 && (arguments[1][0] != '-' || is(1, "-"))) ||
                        is(1, "--");
  if (!one_file) return;
  const char* next = arguments[0];
  const char sign = *next++;
  if (sign != '+' && sign != '-') return;
  // - alone is standard input, and -c has an argument.
  if (sign == '-' && next[*next == 'c' ? 1 : 0] == '\0') return;
  const char* const digits = next;
  while (*next >= '0' && *next <= '9') ++next;
  Amount amount;
  if (next != digits) {
    const StringView number(digits, static_cast<size_t>(next - digits));
    amount.count = ParseCount(number, "").value().value;
  }
  amount.bytes = *next == 'b' || *next == 'c';
  if (*next == 'b' && __builtin_mul_overflow(amount.count, uint64_t{512}, &amount.count))
    amount.count = UINT64_MAX;
  if (amount.bytes || *next == 'l') ++next;
  const bool follows = *next == 'f';
  if (follows) ++next;
  if (*next != '\0') return;
  options.amount = amount;
  options.from_start = sign == '+';
  options.follow = follows;
  context.arguments = arguments.From(1);
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  ParseFirst(context, options);
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  constexpr const char* kStandardInput[] = {"-"};
  const Span<char*> operands = context.arguments;
  const Span<const char* const> files =
      operands.empty() ? Span<const char* const>(kStandardInput)
                       : Span<const char* const>(operands.data(), operands.size());
  return Tail(context, options).Run(files);
}

}  // namespace cation
