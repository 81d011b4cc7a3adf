// SPDX-License-Identifier: MIT
//
// hist: lists, searches, shortens and merges the history of Ion. In no standard.
//
// Ion's history is $XDG_DATA_HOME/ion/history, or ~/.local/share/ion/history: a line for each line
// that was typed, and if it was told to, a line "#1700000000" with the time before it. What Ion
// itself does with it: with `history +inc_append` each session appends its lines as they come, and
// nobody shortens the file, of which Ion reads the last 1000 lines, those before the first line
// that is not UTF-8, and none that begins with #. hist lists all lines that are no times, as they
// are, so that `hist -ru | pick` has them.
//
// With --prune and --merge the file is written anew: see rewrite.h for what that cannot lose. What
// a FILE that is merged has, and the history has not, goes where its time says, if both have
// times: the same line at another time is another line. Without times, it goes behind the line that
// it follows in FILE; what follows none that the history has, is older than all. So merging it once
// more changes nothing.
//
// The last N lines (-n, --prune) are looked for from the end, and plain lists and searches take a
// piece at a time, in as much memory as the longest line; -r, -u, -n with PATTERN or -N, and
// --merge have all of it in memory.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/held_input.h"
#include "coreutils/support/number.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "runtime/core/format.h"
#include "shell-ext/hist/entries.h"
#include "shell-ext/hist/rewrite.h"
#include "shell-ext/support/follow_links.h"
#include "shell-ext/support/has_text.h"

namespace cation {
namespace {

using hist::Entries;
using hist::Limit;

constexpr int kNothing = 1;
constexpr int kTrouble = 2;

struct Options {
  const char* file = nullptr;
  const char* last = nullptr;
  Limit keep;
  bool prune = false;
  bool merge = false;
  bool ignore_case = false;
  bool number = false;
  bool reverse = false;
  bool unique = false;
  bool null = false;
};

bool ParseSize(const Context& context, const Command& command, PackedOption, StringView argument,
               char* field) {
  Limit limit;
  if (argument.data() != nullptr) {
    const Result<Count> count = ParseCount(argument, kUnits);
    if (!count.ok()) {
      (void)UsageError(context, command, argument, "invalid size");
      return false;
    }
    limit.count = count.value().value;
    limit.bytes = static_cast<unsigned char>(argument.back()) - unsigned{'0'} > 9;
  }
  __builtin_memcpy(field, &limit, sizeof(limit));
  return true;
}

constexpr Option kOptions[] = {
    Flag("-0, --null", offsetof(Options, null), "a NUL ends each line that is listed"),
    Value("-f, --file=FILE", offsetof(Options, file), "this history instead of Ion's"),
    Flag("-i, --ignore-case", offsetof(Options, ignore_case),
         "PATTERN's letters A to Z stand for both cases"),
    Flag("-m, --merge", offsetof(Options, merge),
         "add the lines of each FILE, a history, that it has not"),
    Value("-n, --last=N", offsetof(Options, last), "list the last N only"),
    Flag("-N, --number", offsetof(Options, number), "list numbers, too"),
    InFull(Also(OptionalParsed("--prune[=SIZE]", offsetof(Options, keep), ParseSize,
                               "keep only the last SIZE lines, or bytes (10K, 1M), in the file"),
                offsetof(Options, prune), true)),
    Flag("-r, --reverse", offsetof(Options, reverse), "list the newest first"),
    Flag("-u, --unique", offsetof(Options, unique),
         "of the same lines list, or keep (--prune), only the newest"),
};

constexpr Description kDescription = {
    .usage =
        "[OPTION]... [PATTERN]...\n"
        "[OPTION]... --prune[=SIZE]\n"
        "[OPTION]... -m FILE...",
    .summary = "Lists the lines of Ion's history that have all PATTERNs in them, or rewrites it.",
    .options = kOptions,
    .usage_status = kTrouble,
    .statuses =
        "0 something was listed, or all is done\n1 there is no such line\n"
        "2 wrong use, or an error",
};
constexpr Command kCommand = Packed<kDescription>();

// Lines of a file, or of a text, one at a time.
class Lines {
 public:
  explicit Lines(sys::Descriptor file) : file_(file) {}
  explicit Lines(StringView text) : rest_(text) {}

  // The next one, with its newline if it has one, as long as it is the last that was asked for;
  // empty at the end. Errors: those of sys::Read(), ENOMEM.
  Result<StringView> Next() {
    for (;;) {
      const StringView line = hist::TakeLine(rest_);
      if (file_ == sys::kNone || line.EndsWith("\n")) return line;
      // What is left of the last piece goes to the front, and as much again comes behind it.
      const size_t size = line.size();
      if (size != 0) __builtin_memmove(buffer_.data(), line.data(), size);
      const size_t room = Max(size, size_t{64} * 1024);
      CATION_TRY(buffer_.Resize(size + room));
      CATION_TRY_ASSIGN(const size_t count, sys::Read(file_, {buffer_.data() + size, room}));
      rest_ = {buffer_.data(), size + count};
      if (count == 0) file_ = sys::kNone;
    }
  }

 private:
  sys::Descriptor file_ = sys::kNone;
  String buffer_;
  StringView rest_;
};

class Hist {
 public:
  explicit Hist(Context& context) : context_(context) {}

  int Run() {
    int status = 0;
    if (!ParseOptions(context_, kCommand, &options_, &status)) return status;
    if (options_.last != nullptr) {
      const Result<Count> count = ParseCount(options_.last, "");
      if (!count.ok())
        return UsageError(context_, kCommand, options_.last, "invalid number of lines");
      last_.count = count.value().value;
    }
    operands_ = context_.arguments;
    if (options_.merge && operands_.empty())
      return UsageError(context_, kCommand, {nullptr, 0}, "missing operand");
    if (options_.prune && !options_.merge && !operands_.empty())
      return UsageError(context_, kCommand, operands_[0], "extra operand");
    if (!FindFile(&status)) return status;
    Result<void> opened = Open(path_.c_str(), file_, status_);
    if (opened.ok() && (options_.merge || options_.prune)) opened = Change(&status);
    if (!opened.ok()) return Fail({}, opened.error());
    return options_.merge || options_.prune ? status : List();
  }

 private:
  // ---------------------------------------------------------------------------------- the history

  bool FindFile(int* status) {
    StringView folder;
    StringView name;
    if (options_.file != nullptr) {
      folder = options_.file;
    } else {
      // As Ion's library has it, one that is not absolute is not there.
      const char* directory = Environment(context_, "XDG_DATA_HOME");
      name = "/ion/history";
      if (directory == nullptr || *directory != '/') {
        directory = Environment(context_, "HOME");
        name = "/.local/share/ion/history";
      }
      if (directory == nullptr || *directory == '\0') {
        *status = UsageError(context_, kCommand, {nullptr, 0}, "HOME is not set, and no -f FILE");
        return false;
      }
      folder = directory;
    }
    Result<void> found = path_.Append(folder);
    if (found.ok()) found = path_.Append(name);
    if (!found.ok()) *status = Fail({}, found.error());
    return found.ok();
  }

  static Result<void> Open(const char* path, sys::File& file, sys::FileStatus& status) {
    CATION_TRY_ASSIGN(const sys::Descriptor opened, sys::Open(sys::At(path), sys::kRead));
    file = sys::File(opened);
    CATION_TRY_ASSIGN(status, sys::Status(opened));
    return {};
  }

  // Appends the file from where it is on, of which there seem to be `size` bytes.
  static Result<void> Read(sys::Descriptor file, uint64_t size, String& text) {
    for (uint64_t room = size + 1;; room = Max(text.size(), size_t{4096})) {
      const size_t before = text.size();
      if (room > SIZE_MAX / 2) return Error{abi::kENOMEM};
      CATION_TRY(text.Resize(before + static_cast<size_t>(room)));
      const Result<size_t> count =
          sys::Read(file, {text.data() + before, static_cast<size_t>(room)});
      text.Truncate(before + (count.ok() ? count.value() : 0));
      if (!count.ok()) return count.error();
      if (count.value() == 0) return {};
    }
  }

  int Fail(StringView what, Error error) {
    Report(context_, path_.view(), what, error);
    return kTrouble;
  }

  // Where the last `count` entries begin. If what is from there on is in buffer_, `tail` is that.
  // The position is anywhere then.
  Result<uint64_t> FindStart(uint64_t count, StringView* tail) {
    CATION_TRY(buffer_.Resize(size_t{64} * 1024));
    const uint64_t size = status_.size;
    // One line more than would be needed without times; where there are times, twice as many do.
    for (uint64_t lines = count;; lines *= 2) {
      if (lines <= UINT64_MAX / 4) ++lines;
      *tail = {nullptr, 0};
      CATION_TRY_ASSIGN(const uint64_t start, FindLast(file_.get(), 0, size, {.count = lines},
                                                       {buffer_.data(), buffer_.size()}, *tail));
      if (lines > UINT64_MAX / 4) return start;
      uint64_t end = start;
      CATION_TRY_ASSIGN(const uint64_t entries, CountEntries(&end, *tail, UINT64_MAX));
      // A time may be before what has been found.
      if (entries <= count && start != 0) continue;
      end = start;
      if (entries > count) CATION_TRY(CountEntries(&end, *tail, entries - count));
      if (tail->data() != nullptr) *tail = tail->From(static_cast<size_t>(end - start));
      return end;
    }
  }

  // How many entries there are from `*place` on, up to `most`; it is where the last one ends then.
  // `tail` is as FindStart() has it.
  Result<uint64_t> CountEntries(uint64_t* place, StringView tail, uint64_t most) {
    if (tail.data() == nullptr) CATION_TRY(sys::SeekTo(file_.get(), *place));
    Lines lines = tail.data() == nullptr ? Lines(file_.get()) : Lines(tail);
    uint64_t count = 0;
    while (count != most) {
      CATION_TRY_ASSIGN(const StringView line, lines.Next());
      if (line.empty()) break;
      *place += line.size();
      if (!IsTime(line)) ++count;
    }
    return count;
  }

  static StringView WithoutEnd(StringView line) {
    return line.EndsWith("\n") ? line.First(line.size() - 1) : line;
  }
  static bool IsTime(StringView line) { return hist::TimeOf(WithoutEnd(line)) != 0; }

  // ----------------------------------------------------------------------------------------- list

  int List() {
    Output out(context_);
    const Result<void> listed = List(out);
    if (!listed.ok()) {
      out.Flush();
      status_of_output_ = Fail({}, listed.error());
    } else if (!has_any_) {
      status_of_output_ = kNothing;
    }
    return out.Finish(status_of_output_, kTrouble);
  }

  Result<void> List(Output& out) {
    uint64_t start = 0;
    StringView tail(nullptr, 0);
    const bool is_last = options_.last != nullptr;
    const bool finds_start =
        is_last && status_.IsRegular() && operands_.empty() && !options_.unique && !options_.number;
    if (finds_start) {
      CATION_TRY_ASSIGN(start, FindStart(last_.count, &tail));
      if (tail.data() == nullptr) CATION_TRY(sys::SeekTo(file_.get(), start));
    }
    if (!options_.reverse && !options_.unique && is_last == finds_start) {
      Lines lines = tail.data() == nullptr ? Lines(file_.get()) : Lines(tail);
      while (out.ok()) {
        CATION_TRY_ASSIGN(const StringView line, lines.Next());
        if (line.empty()) break;
        if (IsTime(line)) continue;
        ++number_;
        if (Matches(WithoutEnd(line))) Put(out, WithoutEnd(line), number_);
      }
      return {};
    }
    if (tail.data() == nullptr) CATION_TRY(Read(file_.get(), status_.size - start, text_));
    Entries entries;
    CATION_TRY(entries.Add(tail.data() == nullptr ? text_.view() : tail));
    if (options_.unique) CATION_TRY(entries.MakeUnique());
    size_t first = entries.size();
    for (uint64_t left = last_.count; first != 0 && left != 0;) {
      if (!Matches(entries[--first].line)) continue;
      --left;
      if (options_.reverse) Put(out, entries, first);
    }
    for (; first < entries.size() && !options_.reverse; ++first) {
      if (Matches(entries[first].line)) Put(out, entries, first);
    }
    return {};
  }

  void Put(Output& out, const Entries& entries, size_t place) {
    Put(out, entries[place].line, entries.NumberOf(entries[place]) + 1);
  }
  void Put(Output& out, StringView line, uint64_t number) {
    constexpr size_t kWidth = 5;
    if (options_.number) {
      out.Write(Digits(number, 10, kWidth, ' '));
      out.Write("  ");
    }
    out.Write(line);
    out.Write(options_.null ? '\0' : '\n');
    has_any_ = true;
  }

  [[nodiscard]] bool Matches(StringView line) const {
    for (const char* const pattern : operands_) {
      if (!HasText(line, pattern, options_.ignore_case)) return false;
    }
    return true;
  }

  // --------------------------------------------------------------------------------------- change

  Result<void> Change(int* status) {
    if (!status_.IsRegular()) {
      *status = kTrouble;
      if (status_.IsDirectory()) return Error{abi::kEISDIR};
      Report(context_, path_.view(), "not a regular file");
      return {};
    }
    uint64_t start = 0;
    Entries entries;
    size_t first = 0;
    const bool in_memory = options_.merge || options_.unique;
    if (in_memory) {
      CATION_TRY(Read(file_.get(), status_.size, text_));
      CATION_TRY(entries.Add(text_.view()));
      bool is_new = false;
      for (const char* const name : operands_) {
        if (!options_.merge) break;
        CATION_TRY_ASSIGN(const bool brought, MergeFile(entries, name, status));
        is_new |= brought;
      }
      if (options_.unique) {
        CATION_TRY_ASSIGN(const bool had_any, entries.MakeUnique());
        is_new |= had_any;
      }
      first = options_.prune ? entries.First(options_.keep) : 0;
      if (!is_new && first == 0) return {};
    } else {
      CATION_TRY_ASSIGN(start, FindStartOfKept());
      if (start == 0) return {};
    }
    CATION_TRY(FollowLinks(path_));
    hist::Rewrite rewrite(file_.get(), status_, path_);
    const Result<void> rewritten = Fill(rewrite, entries, in_memory, first, start);
    if (rewritten.ok()) return {};
    if (rewritten.error() == abi::kEBUSY) {
      Report(context_, path_.view(), "not changed: another has rewritten it meanwhile");
      *status = kTrouble;
      return {};
    }
    *status = Fail(rewrite.is_there() ? "lines that came meanwhile may be missing" : "not changed",
                   rewritten.error());
    return {};
  }

  Result<void> Fill(hist::Rewrite& rewrite, const Entries& entries, bool in_memory, size_t first,
                    uint64_t start) {
    CATION_TRY(rewrite.Start());
    if (!in_memory) {
      CATION_TRY(sys::SeekTo(file_.get(), start));
      return rewrite.Finish();
    }
    for (size_t i = first; i < entries.size(); ++i) {
      // One without an end is the last, and may be written on.
      CATION_TRY(rewrite.Put(entries[i].whole()));
    }
    CATION_TRY(rewrite.Put(entries.rest()));
    return rewrite.Finish();
  }

  Result<uint64_t> FindStartOfKept() {
    StringView tail;
    const Limit& keep = options_.keep;
    if (keep.count == Limit::kAll) return uint64_t{0};
    if (!keep.bytes) return FindStart(keep.count, &tail);
    if (keep.count >= status_.size) return uint64_t{0};
    // From the first line on that begins there.
    const uint64_t before = status_.size - keep.count - 1;
    CATION_TRY(sys::SeekTo(file_.get(), before));
    Lines lines(file_.get());
    CATION_TRY_ASSIGN(const StringView line, lines.Next());
    return before + line.size();
  }

  Result<bool> MergeFile(Entries& entries, const char* name, int* status) {
    String text;
    sys::File file;
    sys::FileStatus file_status;
    Result<void> read = Open(name, file, file_status);
    if (read.ok()) read = Read(file.get(), file_status.size, text);
    if (read.ok() && !text.empty() && text.view().back() != '\n') read = text.Append('\n');
    if (!read.ok()) {
      Report(context_, name, read.error());
      *status = kTrouble;
      return false;
    }
    // Entries point into it.
    CATION_TRY(merged_.PushBack(Move(text)));
    return entries.Merge(merged_.back().view());
  }

  Context& context_;
  Options options_;
  Limit last_;
  Span<char*> operands_;
  String path_;
  sys::File file_;
  sys::FileStatus status_;
  String buffer_;
  String text_;
  Vector<String> merged_;
  uint64_t number_ = 0;
  bool has_any_ = false;
  int status_of_output_ = 0;
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) { return Hist(context).Run(); }

}  // namespace cation
