// SPDX-License-Identifier: MIT
//
// cat: writes files to standard output, one after the other. POSIX.1-2024, with GNU's options.
//
// Differs from GNU:
// - Messages are `cat: operand: reason` without further words.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "runtime/core/allocate.h"
#include "runtime/core/format.h"

namespace cation {
namespace {

struct Options {
  bool number = false;
  bool number_nonblank = false;  // goes before `number`
  bool squeeze = false;
  bool show_ends = false;
  bool show_tabs = false;
  bool show_nonprinting = false;
  bool ignored = false;

  [[nodiscard]] bool ChangesText() const {
    return number || number_nonblank || squeeze || show_ends || show_tabs || show_nonprinting;
  }
};

constexpr Option kOptions[] = {
    Expand("-A, --show-all", "vET", "equivalent to -vET"),
    Flag("-b, --number-nonblank", offsetof(Options, number_nonblank),
         "number lines that are not empty"),
    Expand("-e", "vE", "equivalent to -vE"),
    Flag("-E, --show-ends", offsetof(Options, show_ends), "show $ at the end of each line"),
    Flag("-n, --number", offsetof(Options, number), "number all lines, unless -b is given"),
    Flag("-s, --squeeze-blank", offsetof(Options, squeeze),
         "show one of several empty lines in a row"),
    Expand("-t", "vT", "equivalent to -vT"),
    Flag("-T, --show-tabs", offsetof(Options, show_tabs), "show tabs as ^I"),
    Flag("-u", offsetof(Options, ignored), "no effect: output is never held back from input"),
    Flag("-v, --show-nonprinting", offsetof(Options, show_nonprinting),
         "show control bytes as ^X, bytes from 128 on as M-"),
};

constexpr Command kCommand = {
    .usage = "[OPTION]... [FILE]...",
    .summary =
        "Writes each FILE to standard output. With no FILE, or when FILE is -, reads standard "
        "input.",
    .options = kOptions,
};

// RedoxFS and its kernel copy fastest in calls of 1 MiB and more (87 MiB/s; 16 KiB: 5 MiB/s).
constexpr size_t kLargestBuffer = 1024 * 1024;
constexpr size_t kSmallestBuffer = 16 * 1024;

class Cat {
 public:
  Cat(Context& context, const Options& options)
      : context_(context), options_(options), out_(context) {}
  Cat(const Cat&) = delete;
  Cat& operator=(const Cat&) = delete;
  ~Cat() { Release(buffer_); }

  int Run(Span<const char* const> operands) {
    for (const char* const operand : operands) {
      if (!out_.ok()) break;
      CatOperand(operand);
    }
    ShowHeldReturn();
    return out_.Finish(status_);
  }

 private:
  void CatOperand(const char* operand) {
    sys::File file;
    sys::Descriptor input = context_.input;
    if (StringView(operand) != "-") {
      const Result<sys::Descriptor> opened = sys::Open(sys::At(operand), sys::kRead);
      if (!opened.ok()) return Fail(operand, opened.error());
      file = sys::File(opened.value());
      input = opened.value();
    }
    const Result<sys::FileStatus> status = sys::Status(input);
    if (!status.ok()) return Fail(operand, status.error());
    const Result<bool> is_output = IsOutput(input, status.value());
    if (!is_output.ok()) return Fail(operand, is_output.error());
    if (is_output.value()) {
      Report(context_, operand, "input file is output file");
      status_ = 1;
      return;
    }
    const Result<void> copied =
        ReserveBuffer(status.value()).ok() ? Copy(input, status.value()) : Error{abi::kENOMEM};
    if (!copied.ok()) Fail(operand, copied.error());
  }

  void Fail(const char* operand, Error error) {
    out_.Flush();  // the message belongs behind what was read before
    Report(context_, operand, error);
    status_ = 1;
  }

  // Copying a file to its own end would not stop before the disk is full.
  Result<bool> IsOutput(sys::Descriptor input, const sys::FileStatus& status) {
    if (!status.IsRegular()) return false;
    if (!output_known_) {
      CATION_TRY_ASSIGN(output_, sys::Status(context_.output));
      output_known_ = true;
    }
    if (!output_.IsRegular() || output_.identity() != status.identity()) return false;
    // On a 9p share all files may look the same.
    if (status.device == 0 && status.size != output_.size) return false;
    // At its end already, there is nothing to be read but what others add.
    const Result<uint64_t> position = sys::Position(input);
    return position.ok() && position.value() < status.size;
  }

  Result<void> ReserveBuffer(const sys::FileStatus& status) {
    size_t wanted = kLargestBuffer;
    // One byte more than the file, so that all of it, and no more, comes with one read.
    if (status.IsRegular() && status.size != 0 && status.size < kLargestBuffer) {
      wanted = Max(kSmallestBuffer, static_cast<size_t>(status.size) + 1);
    }
    if (wanted <= buffer_size_) return {};
    Release(Exchange(buffer_, static_cast<char*>(nullptr)));
    buffer_size_ = 0;
    buffer_ = static_cast<char*>(Allocate(wanted));
    if (buffer_ == nullptr) return Error{abi::kENOMEM};
    buffer_size_ = wanted;
    return {};
  }

  // Output errors are out_'s business; what comes back is about the input.
  Result<void> Copy(sys::Descriptor input, const sys::FileStatus& status) {
    uint64_t done = 0;
    for (;;) {
      // What was made of the input so far is shown before more is waited for.
      if (options_.ChangesText()) out_.Flush();
      CATION_TRY_ASSIGN(const size_t count, sys::Read(input, {buffer_, buffer_size_}));
      if (count == 0) return {};
      if (options_.ChangesText()) {
        Show({buffer_, count});
      } else {
        out_.Write({buffer_, count});
        out_.Flush();
      }
      done += count;
      // A file that has given all it was said to hold, and then less than asked for, has ended: the
      // read that would return 0 is saved. A size of 0 says nothing (/proc, Redox's schemes).
      const bool is_whole = status.IsRegular() && status.size != 0 && done >= status.size;
      if (!out_.ok() || (is_whole && count < buffer_size_)) return {};
    }
  }

  // Lines go on from one file to the next: numbers, blank lines and a last line without a newline.
  void Show(StringView text) {
    for (const char c : text) {
      if (c == '\n') {
        ShowNewline();
        continue;
      }
      ShowHeldReturn();
      if (at_line_start_) {
        blank_lines_ = 0;
        if (options_.number || options_.number_nonblank) ShowNumber();
        at_line_start_ = false;
      }
      ShowByte(c);
    }
  }

  void ShowNewline() {
    if (at_line_start_) {
      if (options_.squeeze && blank_lines_ != 0) return;
      ++blank_lines_;
      if (options_.number && !options_.number_nonblank) ShowNumber();
    }
    if (held_return_) out_.Write("^M");
    held_return_ = false;
    if (options_.show_ends) out_.Write('$');
    out_.Write('\n');
    at_line_start_ = true;
  }

  void ShowNumber() {
    out_.Write(Digits(++line_, 10, 6, ' '));
    out_.Write('\t');
  }

  // A carriage return in other places stays as it is.
  void ShowHeldReturn() {
    if (held_return_) out_.Write('\r');
    held_return_ = false;
  }

  void ShowByte(char c) {
    // Before the end of a line -E shows it as ^M: otherwise the terminal would write $ over the
    // line's first character.
    if (c == '\r' && options_.show_ends && !options_.show_nonprinting) {
      held_return_ = true;
      return;
    }
    auto byte = static_cast<unsigned char>(c);
    if (byte == '\t') return out_.Write(options_.show_tabs ? StringView("^I") : StringView("\t"));
    if (!options_.show_nonprinting) return out_.Write(c);
    if (byte >= 128) {
      out_.Write("M-");
      byte -= 128;
    }
    if (byte < 32) {
      out_.Write('^');
      byte += 64;
    } else if (byte == 127) {
      out_.Write('^');
      byte = '?';
    }
    out_.Write(static_cast<char>(byte));
  }

  Context& context_;
  const Options& options_;
  Output out_;
  char* buffer_ = nullptr;
  size_t buffer_size_ = 0;
  int status_ = 0;
  bool output_known_ = false;
  sys::FileStatus output_;
  bool at_line_start_ = true;
  uint64_t blank_lines_ = 0;
  uint64_t line_ = 0;
  bool held_return_ = false;
};

}  // namespace

const Command& ThisCommand() { return kCommand; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const Span<char*> operands = context.arguments;
  constexpr const char* kStandardInput[] = {"-"};
  Cat cat(context, options);
  if (operands.empty()) return cat.Run(kStandardInput);
  return cat.Run({operands.data(), operands.size()});
}

}  // namespace cation
