// SPDX-License-Identifier: MIT
//
// wc: counts newlines, words, characters and bytes of files. POSIX.1-2024, with GNU's options.
//
// Text is taken to be UTF-8 in every locale, as ls takes names: -m counts its characters (bytes
// that are none do not count), -L their columns; white space beyond ASCII and no-break spaces part
// words, as GNU has it in a UTF-8 locale.
//
// Differs from GNU:
// - Words may consist of anything but white space, which is what POSIX says, and GNU from 9.5 on.
// - The lines of output come together at the end where their width depends on all files (always,
//   but for one count of one file, --total=only, and names that come through a pipe): GNU asks for
//   each file's size beforehand, which would be one look-up more for each.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/quote.h"
#include "coreutils/support/read_file.h"
#include "coreutils/wc/counter.h"
#include "runtime/core/allocate.h"
#include "runtime/core/format.h"
#include "runtime/core/vector.h"

namespace cation {
namespace {

using wc::Counter;
using wc::Counts;

enum class Total : uint8_t { kAuto, kAlways, kOnly, kNever };

struct Options {
  wc::Wanted wanted;
  bool bytes = false;
  Total total = Total::kAuto;
  const char* names = nullptr;
};

constexpr size_t kWanted = offsetof(Options, wanted);

constexpr Option kOptions[] = {
    Flag("-c, --bytes", offsetof(Options, bytes), "bytes"),
    Flag("-m, --chars", kWanted + offsetof(wc::Wanted, characters), "characters"),
    Flag("-l, --lines", kWanted + offsetof(wc::Wanted, lines), "newlines"),
    Flag("-w, --words", kWanted + offsetof(wc::Wanted, words), "words"),
    Flag("-L, --max-line-length", kWanted + offsetof(wc::Wanted, length),
         "columns of the longest line"),
    Value("--files0-from=FILE", offsetof(Options, names),
          "read the names, each ended by NUL, from FILE; - is standard input"),
    Word("--total=WHEN", offsetof(Options, total), "auto|always|only|never",
         "a line with totals: auto (with several files), always, only, never"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... [FILE]...\n[OPTION]... --files0-from=FILE",
    .summary =
        "Writes how many newlines, words and bytes each FILE has, and in all; with options, what "
        "they say, in the order\n"
        "newlines, words, characters, bytes, columns. With no FILE, or when FILE is -, reads "
        "standard input.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

// What a size that is a multiple of this may stand for in /sys and the like: anything up to it.
constexpr uint64_t kPage = 4096;
constexpr size_t kSmallestBuffer = 16 * 1024;
constexpr unsigned kWidthOfPipe = 7;

class WordCount {
 public:
  WordCount(Context& context, const Options& options)
      : context_(context), options_(options), out_(context) {
    const wc::Wanted& wanted = options.wanted;
    fields_ = wanted.lines + wanted.words + wanted.characters + wanted.length + options.bytes;
  }
  WordCount(const WordCount&) = delete;
  WordCount& operator=(const WordCount&) = delete;
  ~WordCount() { Release(buffer_); }

  int Run(Span<char*> operands) {
    if (options_.names != nullptr) {
      CountNamed();
    } else {
      holds_ = operands.size() > 1 || fields_ > 1;
      if (operands.empty()) CountOne(nullptr);
      for (const char* const operand : operands) {
        if (*operand != '\0') {
          CountOne(operand);
        } else {
          Fail("invalid zero-length file name");
        }
        if (!out_.ok()) break;
      }
    }
    Finish();
    return out_.Finish(status_);
  }

 private:
  struct Line {
    Counts counts;
    const char* name;  // nullptr: none
  };

  void Fail(StringView reason) {
    Report(context_, reason);
    NoteSize(nullptr);
    ++inputs_;
    status_ = 1;
  }

  // ------------------------------------------------------------------------------------- names
  void CountNamed() {
    sys::File file;
    sys::Descriptor input = context_.input;
    const bool is_shared = StringView(options_.names) == "-";
    if (!is_shared) {
      const Result<sys::Descriptor> opened = sys::Open(sys::At(options_.names), sys::kRead);
      if (!opened.ok()) return FailNames("cannot open for reading", opened.error());
      input = opened.value();
      file = sys::File(input);
    }
    // How wide the columns are depends on all files: their names have to be known.
    const Result<sys::FileStatus> status = sys::Status(input);
    if (!status.ok()) return FailNames("cannot open for reading", status.error());
    holds_ = status.value().IsRegular();
    for (bool is_end = false; !is_end && out_.ok();) {
      Result<void> read;
      if (holds_) {
        read = ReadAll(input, names_);
        is_end = true;
      } else {
        read = ReadSome(input, is_end);
      }
      if (!read.ok()) return FailNames("read error", read.error());
      size_t used = 0;
      while (used < names_.size() && out_.ok()) {
        const StringView rest = names_.view().From(used);
        const size_t size = Min(rest.Find('\0'), rest.size());
        if (size == rest.size() && !is_end) break;
        CountName(rest.data(), is_shared);
        used += size + 1;
      }
      if (is_end) break;
      const size_t left = names_.size() - Min(used, names_.size());
      __builtin_memmove(names_.data(), names_.data() + used, left);
      names_.Truncate(left);
    }
  }

  void FailNames(StringView what, Error error) {
    Report(context_, options_.names, what, error);
    status_ = 1;
  }

  Result<void> ReadSome(sys::Descriptor input, bool& is_end) {
    constexpr size_t kStep = 4096;
    const size_t size = names_.size();
    CATION_TRY(names_.Reserve(size + kStep));
    CATION_TRY_ASSIGN(const size_t count, sys::Read(input, {names_.data() + size, kStep}));
    names_.Truncate(size + count);
    is_end = count == 0;
    return {};
  }

  void CountName(const char* name, bool is_shared) {
    if (*name == '\0') {
      String reason;
      (void)AppendQuoted(reason, options_.names);
      AddText(reason, ":");
      AddText(reason, Digits(inputs_ + 1));
      AddText(reason, ": invalid zero-length file name");
      return Fail(reason.view());
    }
    if (is_shared && StringView(name) == "-")
      return Fail("when reading file names from standard input, no file name of '-' allowed");
    CountOne(name);
  }

  // ---------------------------------------------------------------------------------- counting
  // `name`: nullptr for standard input that nobody has named.
  void CountOne(const char* name) {
    const bool is_shared = name == nullptr || StringView(name) == "-";
    const StringView shown = is_shared ? StringView("standard input") : StringView(name);
    Counts counts;
    Result<void> counted;
    {
      sys::File file;
      sys::Descriptor input = context_.input;
      if (!is_shared) {
        const Result<sys::Descriptor> opened = sys::Open(sys::At(name), sys::kRead);
        if (!opened.ok()) return NotCounted(shown, name, opened.error());
        input = opened.value();
        file = sys::File(input);
      }
      const Result<sys::FileStatus> found = sys::Status(input);
      if (!found.ok()) return NotCounted(shown, nullptr, found.error());
      NoteSize(&found.value());
      ++inputs_;
      counted = Count(input, is_shared, found.value(), counts);
    }
    Add(counts, name);
    if (counted.ok()) return;
    Report(context_, shown, counted.error());
    status_ = 1;
  }

  // `name`: nullptr if its size need not be asked for once more.
  void NotCounted(StringView shown, const char* name, Error error) {
    Report(context_, shown, error);
    status_ = 1;
    NoteUnreadable(name, error);
    ++inputs_;
  }

  Result<void> Count(sys::Descriptor input, bool is_shared, const sys::FileStatus& status,
                     Counts& counts) {
    const wc::Wanted& wanted = options_.wanted;
    // What there is from its start on; 0 when that is not known.
    uint64_t expected = status.IsRegular() && !is_shared ? status.size : 0;
    const bool reads = wanted.lines || wanted.words || wanted.characters || wanted.length;
    if (!reads && status.IsRegular() && status.size != 0) {
      const Result<uint64_t> position = is_shared ? sys::Position(input) : 0;
      const uint64_t size = status.size;
      if (position.ok() && position.value() < size) {
        // The size is right, or what is near it has to be read.
        const uint64_t known = size % kPage != 0 ? size : size - size % (kPage + 1);
        const bool is_all = known == size && !is_shared;
        if (known > position.value() && (is_all || sys::SeekTo(input, known).ok())) {
          counts.bytes = known - position.value();
          if (known == size) return {};
          expected = size - known;
        }
      }
    }
    Counter counter(wanted);
    size_t wish = sys::kBestCallSize;
    if (expected != 0 && expected < wish)
      wish = Max(kSmallestBuffer, static_cast<size_t>(expected) + 1);
    CATION_TRY(ReserveBuffer(wish));
    uint64_t done = 0;
    size_t left = 0;
    Result<void> result;
    for (bool is_end = false; !is_end;) {
      const Result<size_t> read = sys::Read(input, {buffer_ + left, wish});
      if (!read.ok()) result = read.error();
      const size_t count = read.ok() ? read.value() : 0;
      done += count;
      is_end = count == 0 || (expected != 0 && done >= expected && count < wish);
      const StringView text(buffer_, left + count);
      const size_t used = counter.Add(text, is_end);
      left = text.size() - used;
      __builtin_memmove(buffer_, buffer_ + used, left);
    }
    const uint64_t bytes = counts.bytes + done;
    counts = counter.counts();
    counts.bytes = bytes;
    return result;
  }

  Result<void> ReserveBuffer(size_t size) {
    if (size <= buffer_size_) return {};
    Release(Exchange(buffer_, static_cast<char*>(nullptr)));
    buffer_size_ = 0;
    buffer_ = static_cast<char*>(Allocate(size + Counter::kMostLeft));
    if (buffer_ == nullptr) return Error{abi::kENOMEM};
    buffer_size_ = size;
    return {};
  }

  // ------------------------------------------------------------------------------------- width
  // GNU's: that of the sum of all regular files' sizes, at least 7 if another file is there.
  void NoteSize(const sys::FileStatus* status) {
    if (status == nullptr) return;
    if (!status->IsRegular()) {
      least_width_ = kWidthOfPipe;
    } else if (__builtin_add_overflow(sizes_, status->size, &sizes_)) {
      sizes_ = UINT64_MAX;
    }
  }

  // One that is there counts even so.
  void NoteUnreadable(const char* name, Error error) {
    if (!holds_ || name == nullptr || error == abi::kENOENT || error == abi::kENOTDIR)
      return NoteSize(nullptr);
    const Result<sys::FileStatus> status = sys::StatusAt(sys::At(name), sys::Follow::kYes);
    NoteSize(status.ok() ? &status.value() : nullptr);
  }

  // ------------------------------------------------------------------------------------ output
  void Add(const Counts& counts, const char* name) {
    Sum(total_.lines, counts.lines, 0);
    Sum(total_.words, counts.words, 1);
    Sum(total_.characters, counts.characters, 2);
    Sum(total_.bytes, counts.bytes, 3);
    total_.length = Max(total_.length, counts.length);
    if (options_.total == Total::kOnly) return;
    if (!holds_) {
      Write(counts, name);
      return out_.Flush();
    }
    const Result<void> held = lines_.PushBack({counts, name});
    if (held.ok()) return;
    Report(context_, name, held.error());
    status_ = 1;
  }

  void Sum(uint64_t& total, uint64_t count, unsigned which) {
    if (!__builtin_add_overflow(total, count, &total)) return;
    total = UINT64_MAX;
    overflows_ |= 1U << which;
  }

  void Finish() {
    // One count of one file stands alone.
    if (holds_ && (fields_ > 1 || inputs_ > 1)) {
      width_ = Max(static_cast<unsigned>(Digits(sizes_).view().size()), least_width_);
    }
    if (options_.total == Total::kOnly) width_ = 1;
    for (const Line& line : lines_) Write(line.counts, line.name);
    const bool shows_total =
        options_.total == Total::kAuto ? inputs_ > 1 : options_.total != Total::kNever;
    if (!shows_total) return;
    constexpr StringView kNames[] = {"total lines", "total words", "total characters",
                                     "total bytes"};
    for (unsigned i = 0; i < 4; ++i) {
      if ((overflows_ >> i & 1) == 0) continue;
      Report(context_, kNames[i], Error{abi::kEOVERFLOW});
      status_ = 1;
    }
    Write(total_, options_.total == Total::kOnly ? nullptr : "total");
  }

  void Write(const Counts& counts, const char* name) {
    StringView lead = "";
    const wc::Wanted& wanted = options_.wanted;
    const bool shows[] = {wanted.lines, wanted.words, wanted.characters, options_.bytes,
                          wanted.length};
    const uint64_t numbers[] = {counts.lines, counts.words, counts.characters, counts.bytes,
                                counts.length};
    for (size_t i = 0; i < 5; ++i) {
      if (!shows[i]) continue;
      out_.Write(lead);
      out_.Write(Digits(numbers[i], 10, width_, ' '));
      lead = " ";
    }
    if (name != nullptr) {
      out_.Write(' ');
      String quoted;
      const StringView plain = name;
      const bool quotes = plain.Find('\n') != StringView::kNotFound;
      out_.Write(quotes && AppendQuoted(quoted, plain).ok() ? quoted.view() : plain);
    }
    out_.Write('\n');
  }

  Context& context_;
  const Options& options_;
  Output out_;
  int fields_ = 0;
  bool holds_ = false;  // lines are written at the end
  Vector<Line> lines_;
  String names_;
  uint64_t inputs_ = 0;
  Counts total_;
  unsigned overflows_ = 0;
  uint64_t sizes_ = 0;
  unsigned least_width_ = 1;
  unsigned width_ = 1;
  char* buffer_ = nullptr;
  size_t buffer_size_ = 0;
  int status_ = 0;
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const Span<char*> operands = context.arguments;
  if (options.names != nullptr && !operands.empty()) {
    return UsageError(context, kCommand, operands[0],
                      "extra operand: file operands cannot be combined with --files0-from");
  }
  wc::Wanted& wanted = options.wanted;
  if (!(wanted.lines || wanted.words || wanted.characters || wanted.length || options.bytes))
    wanted.lines = wanted.words = options.bytes = true;
  return WordCount(context, options).Run(operands);
}

}  // namespace cation
