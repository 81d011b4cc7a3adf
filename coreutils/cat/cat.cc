// SPDX-License-Identifier: MIT
//
// cat: writes files to standard output, one after the other. POSIX.1-2024, with GNU's options.
//
// Differs from GNU:
// - Messages are `cat: operand: reason` without further words.
// - On Redox a file that is also the output is refused where GNU (9.6 on) sees that copying it
//   would end, in `cat f 1<>f`: whether the output appends cannot be asked there (sys::Appends).
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "runtime/core/allocate.h"

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

// -v besides.
constexpr Option AndNonprinting(Option option) {
  return Also(option, offsetof(Options, show_nonprinting), true);
}

constexpr Option kOptions[] = {
    Also(AndNonprinting(Flag("-A, --show-all", offsetof(Options, show_ends), "equivalent to -vET")),
         offsetof(Options, show_tabs), true),
    Flag("-b, --number-nonblank", offsetof(Options, number_nonblank),
         "number lines that are not empty"),
    AndNonprinting(Flag("-e", offsetof(Options, show_ends), "equivalent to -vE")),
    Flag("-E, --show-ends", offsetof(Options, show_ends), "show $ at the end of each line"),
    Flag("-n, --number", offsetof(Options, number), "number all lines, unless -b is given"),
    Flag("-s, --squeeze-blank", offsetof(Options, squeeze),
         "show one of several empty lines in a row"),
    AndNonprinting(Flag("-t", offsetof(Options, show_tabs), "equivalent to -vT")),
    Flag("-T, --show-tabs", offsetof(Options, show_tabs), "show tabs as ^I"),
    Flag("-u", offsetof(Options, ignored), "no effect: output is never held back from input"),
    Flag("-v, --show-nonprinting", offsetof(Options, show_nonprinting),
         "show control bytes as ^X, bytes from 128 on as M-"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... [FILE]...",
    .summary =
        "Writes each FILE to standard output. With no FILE, or when FILE is -, reads standard "
        "input.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

// A file that is smaller is read into less.
constexpr size_t kSmallestBuffer = 16 * 1024;
// What is shown of the text is gathered in this much.
constexpr size_t kShownSize = 64 * 1024;

using Bytes = unsigned char __attribute__((vector_size(16)));

// How many of the first bytes are at least `lowest` and at most `highest`.
size_t FirstOutside(Bytes bytes, unsigned char lowest, unsigned char highest) {
  const auto outside = (bytes < lowest) | (bytes > highest);
  uint64_t halves[2];
  static_assert(sizeof(halves) == sizeof(outside) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
  __builtin_memcpy(halves, &outside, sizeof(halves));
  if (halves[0] != 0) return static_cast<size_t>(__builtin_ctzll(halves[0])) / 8;
  if (halves[1] != 0) return 8 + static_cast<size_t>(__builtin_ctzll(halves[1])) / 8;
  return sizeof(halves);
}

class Cat {
 public:
  Cat(Context& context, const Options& options)
      : context_(context), options_(options), out_(context) {}
  Cat(const Cat&) = delete;
  Cat& operator=(const Cat&) = delete;
  ~Cat() {
    Release(buffer_);
    Release(shown_);
  }

  int Run(Span<const char* const> operands) {
    // Before anything is opened that could take the place of an output that is closed.
    const Result<sys::FileStatus> output = sys::Status(context_.output);
    if (!output.ok()) {
      Report(context_, {nullptr, 0}, "standard output", output.error());
      return 1;
    }
    output_ = output.value();
    out_.SetStatus(output_);
    if (options_.ChangesText() && !PrepareToShow()) {
      Report(context_, {nullptr, 0}, "standard output", Error{abi::kENOMEM});
      return 1;
    }
    for (const char* const operand : operands) {
      if (!out_.ok()) break;
      CatOperand(operand);
    }
    if (held_return_) Put('\r');
    FlushShown();
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
    const bool is_output = IsOutput(status.value());
    if (is_output && WouldNotEnd(input, status.value())) {
      FlushShown();
      Report(context_, operand, "input file is output file");
      status_ = 1;
      return;
    }
    if constexpr (sys::kCanTransfer) {
      if (!options_.ChangesText() && !is_output && MoveAll(input, status.value())) return;
    }
    const Result<void> copied = Copy(input, status.value());
    if (!copied.ok()) Fail(operand, copied.error());
  }

  void Fail(const char* operand, Error error) {
    FlushShown();  // the message belongs behind what was read before
    Report(context_, operand, error);
    status_ = 1;
  }

  [[nodiscard]] bool IsOutput(const sys::FileStatus& status) const {
    return status.type() == output_.type() &&
           (status.IsRegular() || status.type() == sys::kTypeBlockDevice) &&
           status.identity() == output_.identity() &&
           // On a 9p share all files may look the same.
           (status.device != 0 || status.size == output_.size);
  }

  // A file that is copied behind the place where it is read would never end. What is written where
  // it has been read already does no harm, and is what `cat f 1<>f` asks for.
  [[nodiscard]] bool WouldNotEnd(sys::Descriptor input, const sys::FileStatus& status) const {
    const Result<uint64_t> reads = sys::Position(input);
    if (!reads.ok()) return false;
    const Result<bool> appends = sys::Appends(context_.output);
    if (!appends.ok() || appends.value()) return reads.value() < status.size;
    const Result<uint64_t> writes = sys::Position(context_.output);
    return !writes.ok() || reads.value() < writes.value();
  }

  // Returns true when the system has moved all of the input to the output.
  bool MoveAll(sys::Descriptor input, const sys::FileStatus& status) {
    sys::Transfer transfer(input, status, context_.output, output_.type());
    if (refuses_transfer_ || !transfer.possible()) return false;
    if (transfer.MoveAll()) return true;
    // An output that takes nothing so (one that appends) will not take it of the next file either.
    if (transfer.moved() == 0) refuses_transfer_ = true;
    return false;
  }

  Result<void> ReserveBuffer(const sys::FileStatus& status) {
    size_t wanted = sys::kBestCallSize;
    // One byte more than the file, so that all of it, and no more, comes with one read.
    if (status.IsRegular() && status.size != 0 && status.size <= wanted) {
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
    CATION_TRY(ReserveBuffer(status));
    uint64_t done = 0;
    for (;;) {
      // What was made of the input so far is shown before more is waited for.
      FlushShown();
      CATION_TRY_ASSIGN(const size_t count, sys::Read(input, {buffer_, buffer_size_}));
      if (count == 0) return {};
      if (options_.ChangesText()) {
        Show({buffer_, count});
      } else {
        out_.WriteThrough({buffer_, count});
      }
      done += count;
      // A file that has given all it was said to hold, and then less than asked for, has ended: the
      // read that would return 0 is saved. A size of 0 says nothing (/proc, Redox's schemes).
      const bool is_whole = status.IsRegular() && status.size != 0 && done >= status.size;
      if (!out_.ok() || (is_whole && count < buffer_size_)) return {};
    }
  }

  bool PrepareToShow() {
    shown_ = static_cast<char*>(Allocate(kShownSize));
    if (shown_ == nullptr) return false;
    for (unsigned byte = 0; byte < sizeof(plain_); ++byte) {
      bool plain = byte != '\n';
      if (byte == '\r' && options_.show_ends) plain = false;
      if (byte == '\t' && options_.show_tabs) plain = false;
      if (options_.show_nonprinting && byte != '\t' && (byte < 32 || byte >= 127)) plain = false;
      plain_[byte] = plain;
    }
    lowest_ = options_.show_nonprinting ? 32 : '\r' + 1;
    highest_ = options_.show_nonprinting ? 126 : 255;
    return true;
  }

  // Lines go on from one file to the next: numbers, blank lines and a last line without a newline.
  void Show(StringView text) {
    const char* next = text.begin();
    const char* const end = text.end();
    while (next != end && out_.ok()) {
      if (*next == '\n') {
        ShowNewline();
        ++next;
        continue;
      }
      if (held_return_) Put('\r');
      held_return_ = false;
      if (at_line_start_) {
        blank_lines_ = false;
        if (options_.number || options_.number_nonblank) ShowNumber();
        at_line_start_ = false;
      }
      next = ShowPlain(next, end);
      if (next != end && *next != '\n') ShowByte(*next++);
    }
  }

  [[nodiscard]] bool IsPlain(char byte) const { return plain_[static_cast<unsigned char>(byte)]; }

  // Shows what is plain up to the first byte that is not, and returns where that is. Sixteen at a
  // time, copied before it is known how many of them are wanted.
  const char* ShowPlain(const char* next, const char* end) {
    while (end - next >= static_cast<ptrdiff_t>(sizeof(Bytes))) {
      char* const to = Room(sizeof(Bytes));
      Bytes bytes;
      __builtin_memcpy(&bytes, next, sizeof(bytes));
      __builtin_memcpy(to, &bytes, sizeof(bytes));
      const size_t count = FirstOutside(bytes, lowest_, highest_);
      next += count;
      shown_used_ += count;
      if (count == sizeof(Bytes)) continue;
      if (!IsPlain(*next)) return next;
      Put(*next++);
    }
    while (next != end && IsPlain(*next)) Put(*next++);
    return next;
  }

  void ShowNewline() {
    if (at_line_start_) {
      if (options_.squeeze && blank_lines_) return;
      blank_lines_ = true;
      if (options_.number && !options_.number_nonblank) ShowNumber();
    }
    // Before the end of a line -E shows it as ^M: otherwise the terminal would write $ over the
    // line's first character. A carriage return in other places stays as it is.
    if (held_return_) Put("^M");
    held_return_ = false;
    if (options_.show_ends) Put('$');
    Put('\n');
    at_line_start_ = true;
  }

  // The number is counted up as text: most of the time one digit changes.
  void ShowNumber() {
    size_t digit = sizeof(number_) - 2;
    while (number_[digit] == '9') number_[digit--] = '0';
    number_[digit] = number_[digit] == ' ' ? '1' : static_cast<char>(number_[digit] + 1);
    if (digit < number_start_) number_start_ = digit;
    Put({number_ + number_start_, sizeof(number_) - number_start_});
  }

  // One that is not plain.
  void ShowByte(char c) {
    if (c == '\r' && options_.show_ends && !options_.show_nonprinting) {
      held_return_ = true;
      return;
    }
    auto byte = static_cast<unsigned char>(c);
    char* const text = Room(4);
    size_t size = 0;
    if (byte >= 128) {
      text[size++] = 'M';
      text[size++] = '-';
      byte -= 128;
    }
    if (byte < 32 || byte == 127) {
      text[size++] = '^';
      byte ^= 64;
    }
    text[size++] = static_cast<char>(byte);
    shown_used_ += size;
  }

  // Where the next `size` bytes go, at most 32.
  char* Room(size_t size) {
    if (size > kShownSize - shown_used_) FlushShown();
    return shown_ + shown_used_;
  }

  void Put(char byte) {
    *Room(1) = byte;
    ++shown_used_;
  }

  // Of at most 32 bytes.
  void Put(StringView text) {
    __builtin_memcpy(Room(text.size()), text.data(), text.size());
    shown_used_ += text.size();
  }

  void FlushShown() {
    if (shown_used_ != 0) out_.WriteThrough({shown_, Exchange(shown_used_, size_t{0})});
  }

  Context& context_;
  const Options& options_;
  Output out_;
  sys::FileStatus output_;
  bool refuses_transfer_ = false;
  char* buffer_ = nullptr;
  size_t buffer_size_ = 0;
  int status_ = 0;
  char* shown_ = nullptr;
  size_t shown_used_ = 0;
  bool plain_[256];  // bytes that are shown as they are: all from lowest_ to highest_, and others
  unsigned char lowest_ = 0;
  unsigned char highest_ = 0;
  // The number of the last line that has one, on the right, and a tab; from number_start_ on.
  char number_[21] = {' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ',
                      ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', '0', '\t'};
  size_t number_start_ = sizeof(number_) - 7;
  bool at_line_start_ = true;
  bool blank_lines_ = false;
  bool held_return_ = false;
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

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
