// SPDX-License-Identifier: MIT
//
// tee: copies standard input to standard output and to files. POSIX.1-2024, with GNU's options.
//
// Nothing is held back: what a read brings is written before the next one. An output that fails is
// reported and left alone from then on; the others go on, and the status says so. "-" is a file of
// that name, as POSIX and GNU have it. An output that can take nothing just now (EAGAIN) is waited
// for.
//
// Differs from GNU:
// - Messages are `tee: operand: reason`.
// - A closed pipe, where SIGPIPE is ignored, makes the status 1 without -p, as POSIX has it for any
//   output that fails; nothing is said of it.
// - That an output is closed is noticed when something is written to it, not before.
// With -a on Redox: a 9p share does not append by itself, so tee goes to the end of each file
// first.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "runtime/core/allocate.h"
#include "runtime/core/vector.h"

namespace cation {
namespace {

// What an output that fails leads to, beyond a status of 1.
enum class OnError : uint8_t {
  // A closed pipe ends the program, by its signal; others are reported.
  kDefault,
  // As in kOnErrors.
  kWarn,
  kWarnNoPipe,
  kExit,
  kExitNoPipe,
};
constexpr char kOnErrors[] = "warn|warn-nopipe|exit|exit-nopipe";

struct Options {
  bool append = false;
  bool ignore_interrupts = false;
  OnError on_error = OnError::kDefault;
};

bool ParseOnError(const Context& context, const Command&, PackedOption, StringView argument,
                  char* field) {
  if (argument.data() == nullptr) argument = "warn-nopipe";
  if (!TakeWord(context, "--output-error", kOnErrors, argument, field)) return false;
  ++*field;  // behind kDefault
  return true;
}

constexpr Option kOptions[] = {
    Flag("-a, --append", offsetof(Options, append), "write behind what is in the files"),
    Flag("-i, --ignore-interrupts", offsetof(Options, ignore_interrupts), "ignore interrupts"),
    Choice("-p", offsetof(Options, on_error), OnError::kWarnNoPipe,
           "the same as --output-error=warn-nopipe"),
    OptionalParsed("--output-error[=MODE]", offsetof(Options, on_error), ParseOnError,
                   "about an output that fails: warn, warn-nopipe, exit, exit-nopipe"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... [FILE]...",
    .summary = "Copies standard input to standard output, and to each FILE.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

constexpr int kInterrupt = 2;
constexpr int kBrokenPipe = 13;
constexpr int64_t kMoment = 1'000'000;  // nanoseconds

class Tee {
 public:
  Tee(Context& context, const Options& options) : context_(context), options_(options) {}
  Tee(const Tee&) = delete;
  Tee& operator=(const Tee&) = delete;
  ~Tee() { Release(buffer_); }

  int Run() {
    if (options_.ignore_interrupts) Ignore(kInterrupt);
    if (options_.on_error != OnError::kDefault) Ignore(kBrokenPipe);
    Result<void> result = Add(context_.output, "standard output");
    if (result.ok()) result = ReserveBuffer();
    if (result.ok()) result = OpenAll();
    if (result.ok()) result = Copy();
    if (!result.ok()) {
      Report(context_, {nullptr, 0}, "read error", result.error());
      status_ = 1;
    }
    for (size_t i = 1; i < outputs_.size(); ++i) {
      if (outputs_[i].descriptor == sys::kNone) continue;
      const Result<void> closed = sys::Close(outputs_[i].descriptor);
      if (!closed.ok()) Fail(outputs_[i], closed.error());
    }
    return status_;
  }

 private:
  struct Destination {
    sys::Descriptor descriptor;
    const char* name;
  };

  // What cannot be ignored is left as it is.
  static void Ignore(int signal) { (void)sys::SetSignalAction(signal, sys::SignalAction::kIgnore); }

  [[nodiscard]] bool StopsAtError() const {
    return options_.on_error == OnError::kExit || options_.on_error == OnError::kExitNoPipe;
  }

  Result<void> ReserveBuffer() {
    buffer_ = static_cast<char*>(Allocate(sys::kBestCallSize));
    if (buffer_ == nullptr) return Error{abi::kENOMEM};
    return {};
  }

  Result<void> Add(sys::Descriptor descriptor, const char* name) {
    const Result<void> added = outputs_.PushBack({descriptor, name});
    if (added.ok()) ++working_;
    return added;
  }

  Result<void> OpenAll() {
    const sys::OpenFlags how =
        sys::kWrite | sys::kCreate | (options_.append ? sys::kAppend : sys::kTruncate);
    CATION_TRY(outputs_.Reserve(1 + context_.arguments.size()));
    sys::PrepareOutput(context_.output, nullptr);
    // Whatever device it is on, it is gone to the end of.
    sys::FileStatus appended;
    appended.mode = sys::kTypeRegular;
    appended.size = 1;
    for (const char* const operand : context_.arguments) {
      const Result<sys::Descriptor> opened = sys::Open(sys::At(operand), how, 0666);
      if (opened.ok()) {
        if (options_.append) sys::PrepareOutput(opened.value(), &appended);
        CATION_TRY(Add(opened.value(), operand));
        continue;
      }
      Report(context_, operand, opened.error());
      status_ = 1;
      stopped_ |= StopsAtError();
      if (stopped_) break;
    }
    return {};
  }

  // Errors are those of the input.
  Result<void> Copy() {
    while (working_ != 0 && !stopped_) {
      const Result<size_t> read = sys::Read(context_.input, {buffer_, sys::kBestCallSize});
      if (!read.ok() && read.error() == abi::kEAGAIN) {
        sys::Pause(kMoment);
        continue;
      }
      if (!read.ok()) return read.error();
      if (read.value() == 0) break;
      for (Destination& output : outputs_) {
        if (output.descriptor == sys::kNone) continue;
        const Result<void> written = Write(output.descriptor, {buffer_, read.value()});
        if (!written.ok()) Fail(output, written.error());
        if (stopped_) break;
      }
    }
    return {};
  }

  static Result<void> Write(sys::Descriptor output, StringView text) {
    while (!text.empty()) {
      const Result<size_t> written = sys::Write(output, text);
      if (!written.ok() && written.error() == abi::kEAGAIN) {
        sys::Pause(kMoment);
        continue;
      }
      if (!written.ok()) return written.error();
      if (written.value() == 0) return Error{abi::kEIO};
      text = text.From(written.value());
    }
    return {};
  }

  void Fail(Destination& output, Error error) {
    const bool is_pipe = error == abi::kEPIPE;
    const bool spares_pipes =
        options_.on_error == OnError::kWarnNoPipe || options_.on_error == OnError::kExitNoPipe;
    if (!is_pipe || (!spares_pipes && options_.on_error != OnError::kDefault))
      Report(context_, output.name, error);
    if (!(is_pipe && spares_pipes)) {
      status_ = 1;
      stopped_ |= StopsAtError();
    }
    // Standard output is not closed here.
    if (&output != &outputs_[0]) (void)sys::Close(output.descriptor);
    output.descriptor = sys::kNone;
    --working_;
  }

  Context& context_;
  const Options& options_;
  Vector<Destination> outputs_;
  size_t working_ = 0;
  char* buffer_ = nullptr;
  bool stopped_ = false;
  int status_ = 0;
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  return Tee(context, options).Run();
}

}  // namespace cation
