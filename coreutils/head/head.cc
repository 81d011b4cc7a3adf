// SPDX-License-Identifier: MIT
//
// head: writes the first lines or bytes of files. POSIX.1-2024, with GNU's options and the older
// forms -5 and -5c.
//
// An input that can be positioned is left behind the last line that was written, as POSIX asks for:
// `(head -n 1; cat) <file` shows all of it.
//
// Differs from GNU:
// - Messages are `head: operand: reason`.
// - Names in headers are as they are, unless they have control characters: those are in quotes, as
//   in messages.
// - Numbers that are too large for 64 bits are as large as can be, as GNU has it from 9.6 on.
#include "coreutils/support/copy_stream.h"
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/held_input.h"
#include "coreutils/support/lines.h"
#include "coreutils/support/number.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/stream_header.h"

namespace cation {
namespace {

struct Options {
  Amount amount;
  bool all_but = false;  // the last `amount`
  Headers headers = Headers::kForSeveral;
};

bool ParseAmount(const Context& context, const Command&, PackedOption option, StringView argument,
                 char* field) {
  auto& options = *reinterpret_cast<Options*>(field);
  options.amount.bytes = option.short_name() == 'c';
  options.all_but = argument.StartsWith("-");
  const StringView number = argument.From(options.all_but ? 1 : 0);
  const Result<Count> count = ParseCount(number, kUnits);
  if (count.ok()) {
    options.amount.count = count.value().value;
  } else {
    Report(context, argument, InvalidAmount(options.amount));
  }
  return count.ok();
}

constexpr Option kOptions[] = {
    Parsed("-c, --bytes=[-]NUMBER", 0, ParseAmount,
           "the first NUMBER bytes; with -, all but the last"),
    Parsed("-n, --lines=[-]NUMBER", 0, ParseAmount,
           "the first NUMBER lines, not 10; with -, all but the last"),
    Choice("-q, --quiet", offsetof(Options, headers), Headers::kNever,
           "no headers with the files' names"),
    Choice("--silent", offsetof(Options, headers), Headers::kNever, "the same"),
    Choice("-v, --verbose", offsetof(Options, headers), Headers::kAlways,
           "a header for one file, too"),
    Choice("-z, --zero-terminated", offsetof(Options, amount) + offsetof(Amount, end), '\0',
           "lines end with NUL, not newline"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... [FILE]...",
    .summary =
        "Writes the first 10 lines of each FILE, with a header if there are several. With no FILE, "
        "or when FILE is\n"
        "-, reads standard input. A NUMBER may have a unit: b 512, kB 1000, K 1024, MB, M and so "
        "on.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

// The first piece that is read where lines are wanted, which mostly are few.
constexpr size_t kFirstRead = 16 * 1024;
// A smaller file is not read from its end: its size may be what /sys makes up.
constexpr uint64_t kSmall = 64 * 1024;

class Head {
 public:
  Head(Context& context, const Options& options)
      : context_(context), options_(options), out_(context), copy_(context, out_) {}

  int Run(Span<const char* const> operands) {
    shows_headers_ = ShowsHeaders(options_.headers, operands.size());
    for (const char* const operand : operands) {
      if (!out_.ok()) break;
      const Result<void> done = HeadOf(operand);
      if (done.ok()) continue;
      out_.Flush();
      Report(context_, NameOfInput(operand), done.error());
      status_ = 1;
    }
    return out_.Finish(status_);
  }

 private:
  Result<void> HeadOf(const char* operand) {
    sys::File file;
    sys::Descriptor input = context_.input;
    is_shared_ = StringView(operand) == "-";
    if (!is_shared_) {
      CATION_TRY_ASSIGN(input, sys::Open(sys::At(operand), sys::kRead));
      file = sys::File(input);
    }
    if (shows_headers_) WriteHeader(out_, NameOfInput(operand), is_first_);
    is_first_ = false;
    const bool bytes = options_.amount.bytes;
    if (options_.all_but) return AllBut(input);
    return bytes ? Bytes(input, options_.amount.count) : Lines(input);
  }

  // Behind a header it need not be written at once.
  void Write(StringView text) {
    if (shows_headers_ && !is_shared_) return out_.Write(text);
    out_.WriteThrough(text);
  }

  Result<void> Lines(sys::Descriptor input) {
    uint64_t left = options_.amount.count;
    for (size_t size = kFirstRead; left != 0 && out_.ok(); size = sys::kBestCallSize) {
      CATION_TRY_ASSIGN(const Span<char> buffer, copy_.Buffer(size));
      CATION_TRY_ASSIGN(const size_t count, sys::Read(input, buffer));
      if (count == 0) break;
      const StringView text(buffer.data(), count);
      const size_t used = SkipLines(text, options_.amount.end, left);
      Write(text.First(used));
      if (used != count && is_shared_) GoBack(input, count - used);
    }
    return {};
  }

  // What was read too much is left to who reads on, if that can be.
  static void GoBack(sys::Descriptor input, uint64_t bytes) {
    const Result<uint64_t> position = sys::Position(input);
    if (position.ok()) (void)sys::SeekTo(input, position.value() - bytes);
  }

  Result<void> Bytes(sys::Descriptor input, uint64_t count) {
    if (count == 0) return {};
    constexpr uint64_t kLittle = sys::kBestCallSize;
    if (count <= kLittle) return Copy(input, nullptr, 0, count);
    CATION_TRY_ASSIGN(const sys::FileStatus status, sys::Status(input));
    return Copy(input, &status, status.IsRegular() ? status.size : 0, count);
  }

  Result<void> Copy(sys::Descriptor input, const sys::FileStatus* status, uint64_t expected,
                    uint64_t most) {
    CATION_TRY(copy_.Copy(input, status, expected, most));
    return {};
  }

  Result<void> AllBut(sys::Descriptor input) {
    if (options_.amount.count == 0) return Bytes(input, UINT64_MAX);
    CATION_TRY_ASSIGN(const sys::FileStatus status, sys::Status(input));
    if (status.IsRegular() && status.size > kSmall) {
      const Result<uint64_t> position = is_shared_ ? sys::Position(input) : 0;
      if (position.ok()) return AllButOfFile(input, status, position.value());
    }
    HeldInput held(options_.amount);
    while (out_.ok()) {
      CATION_TRY_ASSIGN(const Span<char> room, held.Room());
      CATION_TRY_ASSIGN(const size_t count, sys::Read(input, room));
      if (count == 0) break;
      held.Added(count);
      for (; held.FrontIsFree() && out_.ok(); held.DropFront()) Write(held.Front());
    }
    uint64_t left = held.BytesBefore();
    const uint64_t kept = held.size() - left;
    for (; left != 0 && out_.ok(); held.DropFront()) {
      const StringView front = held.Front();
      const auto count = static_cast<size_t>(Min(left, uint64_t{front.size()}));
      Write(front.First(count));
      left -= count;
    }
    if (is_shared_ && kept != 0) GoBack(input, kept);
    return {};
  }

  Result<void> AllButOfFile(sys::Descriptor input, const sys::FileStatus& status,
                            uint64_t position) {
    CATION_TRY_ASSIGN(const Span<char> buffer, copy_.Buffer(sys::kBestCallSize));
    StringView tail;
    CATION_TRY_ASSIGN(const uint64_t end,
                      FindLast(input, position, status.size, options_.amount, buffer, tail));
    if (!options_.amount.bytes) CATION_TRY(sys::SeekTo(input, position));
    if (end <= position) return {};
    return Copy(input, &status, end - position, end - position);
  }

  Context& context_;
  const Options& options_;
  Output out_;
  StreamCopy copy_;
  bool shows_headers_ = false;
  bool is_first_ = true;
  bool is_shared_ = false;  // the input is standard input
  int status_ = 0;
};

// -5, -5c and their like, which are only known as the first argument; takes it away. Returns false
// if it is wrong, and has been reported.
bool ParseFirst(Context& context, Options& options) {
  if (context.arguments.empty()) return true;
  const StringView argument = context.arguments[0];
  const auto is_digit = [&](size_t at) {
    return at < argument.size() && argument[at] >= '0' && argument[at] <= '9';
  };
  if (!argument.StartsWith("-") || !is_digit(1)) return true;
  size_t digits = 1;
  while (is_digit(digits)) ++digits;
  uint64_t factor = 1;
  for (const char letter : argument.From(digits)) {
    switch (letter) {
      case 'b':
        factor = 512;
        options.amount.bytes = true;
        break;
      case 'k':
        factor = 1024;
        options.amount.bytes = true;
        break;
      case 'm':
        factor = uint64_t{1024} * 1024;
        options.amount.bytes = true;
        break;
      case 'c':
        factor = 1;
        options.amount.bytes = true;
        break;
      case 'l':
        options.amount.bytes = false;
        break;
      case 'q':
        options.headers = Headers::kNever;
        break;
      case 'v':
        options.headers = Headers::kAlways;
        break;
      case 'z':
        options.amount.end = '\0';
        break;
      default: {
        String reason;
        AddText(reason, "invalid trailing option -- ");
        AddText(reason, StringView(&letter, 1));
        (void)UsageError(context, kCommand, {nullptr, 0}, reason.view());
        return false;
      }
    }
  }
  uint64_t count = ParseCount(argument.First(digits).From(1), "").value().value;
  if (__builtin_mul_overflow(count, factor, &count)) count = UINT64_MAX;
  options.amount.count = count;
  context.arguments = context.arguments.From(1);
  return true;
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseFirst(context, options)) return kCommand.usage_status;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  constexpr const char* kStandardInput[] = {"-"};
  const Span<char*> operands = context.arguments;
  const Span<const char* const> files =
      operands.empty() ? Span<const char* const>(kStandardInput)
                       : Span<const char* const>(operands.data(), operands.size());
  return Head(context, options).Run(files);
}

}  // namespace cation
