// SPDX-License-Identifier: MIT
#include "coreutils/support/pager/pager.h"

#include "coreutils/support/diagnostics.h"
#include "coreutils/support/output.h"
#include "coreutils/support/pager/help.h"
#include "coreutils/support/pager/keyboard.h"
#include "coreutils/support/pager/layout.h"
#include "coreutils/support/quote.h"
#include "coreutils/support/terminal.h"
#include "runtime/core/format.h"

namespace cation::pager {
namespace {

[[gnu::noinline]] void Add(String& line, StringView text) { (void)line.Append(text); }
[[gnu::noinline]] void AddNumber(String& line, StringView before, uint64_t number) {
  Add(line, before);
  Add(line, Digits(number));
}

// Appends `text` with what would command a terminal made visible.
void AppendShown(String& line, StringView text) {
  while (!text.empty()) {
    uint32_t code_point = 0;
    size_t length = DecodeUtf8(text, &code_point);
    if (length == 0) length = 1;
    Add(line, IsControl(code_point) ? "?" : text.First(length));
    text = text.From(length);
  }
}

class Pager {
 public:
  Pager(Context& context, Options& options, Span<char*> files)
      : context_(context), options_(options), files_(files), keyboard_(context) {}

  [[gnu::noinline]] int Run() {
    if (!keyboard_.Find()) return Copy();
    plain_ = !UnderstandsSequences(Environment(context_, "TERM"));
    AskSize();
    if (HasLess()) {
      if (options_.tab != nullptr) style_.tab = Max(NumberOf(options_.tab), 1U);
      style_.chop = options_.chop;
      style_.numbers = options_.numbers;
      style_.raw = options_.raw;
      style_.colors = options_.colors;
    }
    window_ = NumberOf(options_.window);
    style_.squeeze = options_.squeeze;
    style_.plain = plain_;
    style_.strikes = !options_.no_striking;
    // The first file that can be shown; messages are plain until then.
    for (; file_ < FileCount(); ++file_) {
      const Error error = OpenFile(file_);
      if (error.number == 0) break;
      Report(context_, files_[file_], error);
      status_ = 1;
    }
    if (file_ == FileCount()) return 1;
    if ((IsMore() || options_.exit_if_one_screen) && FileCount() == 1 && ShowIfShort())
      return status_;
    Start();
    if (!Write()) return Leave(1);
    if (HasLess() && options_.pattern != nullptr) {
      (void)text_.Append(options_.pattern);
      forward_ = true;
      SetPattern();
      if (!pattern_.empty()) Search(1, true);
    }
    keyboard_.Type(options_.command);
    needs_draw_ = true;
    return Leave(Loop());
  }

  // To what is no terminal, as it is.
  [[gnu::noinline]] int Copy() {
    Output out(context_);
    String buffer;
    if (!buffer.Resize(sys::kBestCallSize).ok() && !buffer.Resize(4096).ok()) {
      Report(context_, "out of memory");
      return 1;
    }
    for (size_t i = 0; i < FileCount() && out.ok(); ++i) {
      sys::File opened;
      if (const Error error = OpenNamed(i, opened); error.number != 0) {
        Report(context_, files_[i], error);
        status_ = 1;
        continue;
      }
      const sys::Descriptor file = IsInput(i) ? context_.input : opened.get();
      unsigned newlines = 1;
      while (out.ok()) {
        const Result<size_t> count = sys::Read(file, {buffer.data(), buffer.size()});
        if (!count.ok()) {
          out.Flush();
          Report(context_, NameOf(i), count.error());
          status_ = 1;
          break;
        }
        if (count.value() == 0) break;
        const StringView text(buffer.data(), count.value());
        if (IsMore() && options_.squeeze) {
          Squeeze(out, text, &newlines);
        } else {
          out.WriteThrough(text);
        }
      }
    }
    return out.Finish(status_);
  }

 private:
  // ---------------------------------------------------------------------------------------- files

  [[nodiscard]] bool IsMore() const { return pager::IsMore(options_); }
  [[nodiscard]] bool KeepsScreen() const { return IsMore() || options_.keep_screen; }

  [[nodiscard]] size_t FileCount() const { return files_.empty() ? 1 : files_.size(); }
  [[nodiscard]] bool IsInput(size_t file) const {
    return files_.empty() || StringView(files_[file]) == "-";
  }
  [[nodiscard]] StringView NameOf(size_t file) const {
    return IsInput(file) ? StringView("standard input") : StringView(files_[file]);
  }

  // Of several empty lines one is written. `*newlines`: how many have come just before.
  [[gnu::noinline]] static void Squeeze(Output& out, StringView text, unsigned* newlines) {
    size_t start = 0;
    for (size_t i = 0; i < text.size(); ++i) {
      *newlines = text[i] == '\n' ? *newlines + 1 : 0;
      if (*newlines <= 2) continue;
      out.Write(text.From(start).First(i - start));
      start = i + 1;
      *newlines = 2;
    }
    out.Write(text.From(start));
  }

  // If it is not standard input. Error{0}: it is open.
  [[gnu::noinline]] Error OpenNamed(size_t file, sys::File& opened) {
    if (IsInput(file)) return Error{0};
    const Result<sys::Descriptor> result = sys::Open(sys::At(files_[file]), sys::kRead);
    if (!result.ok()) return result.error();
    opened = sys::File(result.value());
    return Error{0};
  }
  // Error{0}: it is open, and shown from where it was last.
  Error OpenFile(size_t file) {
    sys::File opened;
    if (IsInput(file)) {
      // It may be asked for again.
      if (input_kept_) {
        SwapBytes(document_, input_);
        input_kept_ = false;
        return SetFile(file);
      }
      opened = sys::File(context_.input);
      if (input_taken_) {
        (void)opened.Release();
        return Error{abi::kESPIPE};
      }
      input_taken_ = true;
    } else {
      const Error error = OpenNamed(file, opened);
      if (error.number != 0) return error;
    }
    Document document;
    const Result<void> read = document.Open(Move(opened));
    if (!read.ok()) return read.error();
    if (IsInput(file_) && file != file_ && input_taken_) {
      SwapBytes(input_, document_);
      input_kept_ = true;
    }
    SwapBytes(document_, document);
    return SetFile(file);
  }
  [[gnu::noinline]] Error SetFile(size_t file) {
    if (places_.empty()) {
      for (size_t i = 0; i < FileCount(); ++i) {
        if (!places_.PushBack(0).ok()) return Error{abi::kENOMEM};
      }
    }
    file_ = file;
    top_ = layout_.RowAt(places_[file]);
    fresh_ = true;
    return Error{0};
  }

  // To the file `by` further; says so when there is none.
  void ChangeFile(bool forward, uint64_t by) {
    size_t file = file_;
    Error error = {abi::kENOENT};
    places_[file_] = top_.at;
    while (forward ? file + by < FileCount() : file >= by) {
      file = static_cast<size_t>(forward ? file + by : file - by);
      error = OpenFile(file);
      if (error.number == 0) {
        needs_draw_ = true;
        if (options_.command_in_each) keyboard_.Type(options_.command);
        return;
      }
      Say(files_[file], error);
      status_ = 1;
      by = 1;
    }
    if (message_.empty()) Say(forward ? "No next file" : "No previous file");
  }

  // ------------------------------------------------------------------------------------- terminal

  [[gnu::noinline]] void AskSize() {
    const sys::TerminalSize size = ScreenSize(context_, context_.output);
    unsigned columns = size.columns;
    height_ = Max(size.rows, 2U);
    // In its last column a dumb terminal may go on to the next row, or not.
    if (plain_ && columns > 2) --columns;
    if (columns == style_.width) return;
    style_.width = columns;
    top_ = layout_.RowAt(top_.at);
  }

  [[gnu::noinline]] void Start() {
    NoteSignals();
    Enter();
  }
  [[gnu::noinline]] void Enter() {
    (void)keyboard_.Prepare();
    if (plain_) return;
    if (!KeepsScreen()) {
      Put("\033[?1049h");
    } else {
      // What is there scrolls out, and is not written over.
      for (unsigned i = 1; i < height_; ++i) Put("\n");
    }
  }
  // The terminal as it was.
  void Exit() {
    if (plain_) {
      if (!Exchange(cursor_at_start_, true)) Put("\n");
    } else {
      StartRow(height_);
      if (!KeepsScreen()) Put("\033[?1049l");
    }
    (void)Write();
    keyboard_.Restore();
  }
  [[gnu::noinline]] int Leave(int status) {
    Exit();
    if (fatal_signal_ != 0) EndBy(fatal_signal_);
    return status != 0 ? status : status_;
  }

  void Put(StringView text) { Add(out_, text); }
  // Goes to the row, and clears it.
  void StartRow(unsigned row) {
    AddNumber(out_, "\033[", row);
    Put(";1H\033[K");
  }
  bool Write() {
    if (!out_.empty() && !sys::WriteAll(context_.output, out_.view()).ok()) failed_ = true;
    out_.Truncate(0);
    return !failed_;
  }

  // Returns false when the program is to end.
  bool HandleSignals(uint64_t signals) {
    fatal_signal_ = FatalOf(signals);
    if (fatal_signal_ != 0) return false;
    if ((signals & sys::SignalBit(sys::kSignalTerminalStop)) != 0) {
      Exit();
      Stop();
      Enter();
    }
    needs_draw_ = true;
    if ((signals & sys::SignalBit(sys::kSignalInterrupt)) != 0) {
      if (HasLess() && options_.interrupt_exits) {
        status_ = 2;
        return false;
      }
      Say("Interrupted");
    }
    return true;
  }
  // What has come while the document was read.
  [[gnu::noinline]] bool HandleDocument() {
    if (const int error = document_.TakeError(); error != 0) {
      Say(NameOf(file_), Error{error});
      status_ = 1;
    }
    const uint64_t signals = document_.TakeSignals();
    return signals == 0 || HandleSignals(signals);
  }

  [[gnu::noinline]] void Say(StringView text) {
    message_.Truncate(0);
    AppendShown(message_, text);
  }
  void Say(StringView name, Error error) {
    Say(name);
    Add(message_, ": ");
    (void)AddErrorMessage(message_, error);
  }

  // ------------------------------------------------------------------------------------- showing

  [[nodiscard]] unsigned PageRows() const { return height_ - 1; }

  Regex* Highlight() {
    return HasLess() && highlights_ && !options_.no_highlight ? &pattern_ : nullptr;
  }

  void PutRow(unsigned number, const Row* row, Row* next, bool* more) {
    if (!plain_) StartRow(number);
    if (row != nullptr) {
      *more = layout_.Next(*row, next, &out_, Highlight());
    } else if (!IsMore() && !options_.no_tildes) {
      Put("~");
    }
    if (plain_) Put("\n");
  }

  // The screen from top_ on.
  void Draw() {
    AskSize();
    Row row = top_;
    bool more = !document_.At(row.at).empty();
    if (plain_ && !Exchange(cursor_at_start_, true)) Put("\n");
    for (unsigned i = 1; i < height_; ++i) {
      Row next = row;
      if (!more && plain_) break;
      bool goes_on = more;
      PutRow(i, more ? &row : nullptr, &next, &goes_on);
      if (more) row = next;
      more = goes_on;
    }
    bottom_ = row;
    at_end_ = !more;
    needs_draw_ = false;
  }

  // Moves up to `count` rows on, and writes what is new. Returns how many it were.
  unsigned Forward(unsigned count) {
    unsigned moved = 0;
    (void)document_.Refresh();
    // Many are drawn as a screen of their own.
    const bool draws = !plain_ && (count > PageRows() || options_.from_top || needs_draw_);
    bool more = !document_.At(bottom_.at).empty();
    for (; moved < count && more; ++moved) {
      Row next;
      if (draws) {
        more = layout_.Next(bottom_, &next);
      } else {
        if (!plain_) {
          StartRow(height_);
          Put("\n");
        } else if (!Exchange(cursor_at_start_, true)) {
          Put("\n");
        }
        PutRow(height_ - 1, &bottom_, &next, &more);
      }
      bottom_ = next;
      (void)layout_.Next(top_, &next);
      top_ = next;
    }
    at_end_ = !more;
    if (moved != 0 && draws) needs_draw_ = true;
    return moved;
  }

  unsigned Back(unsigned count) {
    unsigned moved = 0;
    Row previous;
    while (moved < count && layout_.Previous(top_, &previous)) {
      top_ = previous;
      ++moved;
    }
    if (moved != 0) needs_draw_ = true;
    return moved;
  }

  // So that the last row is the last on the screen.
  [[gnu::noinline]] void GoToEnd() {
    const uint64_t size = document_.size();
    unsigned rows = PageRows();
    top_ = {size, size};
    if (size != 0 && !layout_.IsBlank(size - 1)) {
      // The last row of a line without a newline.
      top_ = layout_.RowAt(size - 1);
      --rows;
    }
    (void)Back(rows);
    needs_draw_ = true;
  }

  [[gnu::noinline]] void GoTo(Row row) {
    if (row.at != top_.at) last_place_ = top_.at;
    top_ = row;
    needs_draw_ = true;
  }

  // All of it, if that fits on the screen: then nothing else is to be done.
  [[gnu::noinline]] bool ShowIfShort() {
    Row row = top_;
    bool more = !document_.At(0).empty();
    for (unsigned i = 1; i < height_ && more; ++i) {
      Row next;
      more = layout_.Next(row, &next, &out_);
      Put("\n");
      row = next;
    }
    if (more || !document_.complete()) {
      out_.Truncate(0);
      return false;
    }
    if (!Write()) status_ = 1;
    return true;
  }

  // ------------------------------------------------------------------------------------- prompts

  [[nodiscard]] uint64_t Percent() const {
    const uint64_t size = document_.size();
    if (size == 0) return 100;
    // What is too large to be multiplied is large enough to be divided first.
    return size >> 56 == 0 ? bottom_.at * 100 / size : bottom_.at / (size / 100);
  }

  void AddPercent(String& line, StringView before) {
    AddNumber(line, before, Percent());
    Add(line, "%");
  }

  void AppendName(String& line) {
    AppendShown(line, NameOf(file_));
    if (FileCount() == 1) return;
    AddNumber(line, " (file ", file_ + 1);
    AddNumber(line, " of ", FileCount());
    Add(line, ")");
  }

  void AppendPosition(String& line, bool all) {
    AppendName(line);
    if (IsMore()) {
      const uint64_t lines = document_.LinesBefore(bottom_.at);
      if (lines != kNowhere) AddNumber(line, " line ", lines);
    } else if (!options_.no_line_numbers) {
      const uint64_t first = document_.LinesBefore(top_.at);
      const uint64_t last = document_.LinesBefore(bottom_.at);
      if (first != kNowhere && last != kNowhere) {
        AddNumber(line, " lines ", first + 1);
        AddNumber(line, "-", Max(last, first + 1));
        if (document_.complete() && (all || at_end_)) {
          const uint64_t total = document_.LinesBefore(document_.size());
          if (total != kNowhere) AddNumber(line, "/", total);
        }
      }
    }
    if (all) AddNumber(line, " byte ", bottom_.at);
    if (document_.complete()) {
      if (all) AddNumber(line, "/", document_.size());
      AddPercent(line, " ");
    }
  }

  [[gnu::noinline]] void PutPrompt() {
    String line;
    bool inverted = true;
    const bool was_fresh = Exchange(fresh_, false);
    if (!message_.empty()) {
      Add(line, message_.view());
      message_.Truncate(0);
    } else if (IsMore()) {
      Add(line, "--More--(");
      if (!at_end_ && document_.complete()) {
        AddPercent(line, {});
      } else if (!at_end_) {
        AppendShown(line, NameOf(file_));
      } else if (file_ + 1 < FileCount()) {
        Add(line, "Next file: ");
        AppendShown(line, NameOf(file_ + 1));
      } else {
        Add(line, "END");
      }
      Add(line, ")");
    } else if (options_.prompt == Prompt::kLong) {
      AppendPosition(line, false);
      if (at_end_) Add(line, " (END)");
    } else if (at_end_ || (was_fresh && !IsInput(file_))) {
      if (was_fresh && !IsInput(file_)) {
        AppendName(line);
        if (at_end_) Add(line, " ");
      }
      if (at_end_) Add(line, "(END)");
      if (at_end_ && file_ + 1 < FileCount()) {
        Add(line, " - Next: ");
        AppendShown(line, NameOf(file_ + 1));
      }
    } else if (options_.prompt == Prompt::kMedium && document_.complete()) {
      AddPercent(line, {});
    } else {
      Add(line, ":");
      inverted = false;
    }
    PutAtBottom(line.view(), inverted);
  }

  void PutAtBottom(StringView text, bool inverted) {
    if (plain_) {
      if (!cursor_at_start_) Put("\n");
    } else {
      StartRow(height_);
    }
    // As much as there is room for.
    size_t size = 0;
    for (unsigned columns = 1; size < text.size() && columns < style_.width; ++columns) {
      const size_t length = DecodeUtf8(text.From(size), nullptr);
      size += length == 0 ? 1 : length;
    }
    if (plain_) inverted = false;
    if (inverted) Put("\033[7m");
    Put(text.First(size));
    if (inverted) Put("\033[m");
    cursor_at_start_ = false;
  }

  [[gnu::noinline]] void Bell() {
    if (IsMore() || !options_.quiet) Put("\a");
  }

  // The next key, with signals handled: they come as kSignal then, as does the terminal's end.
  int ReadKey() {
    const int key = keyboard_.Read();
    if (key == kHangUp || (key == kSignal && !HandleSignals(keyboard_.TakeSignals()))) ends_ = true;
    return key == kHangUp ? kSignal : key;
  }
  // A key asked for at the bottom.
  int AskKey(StringView prompt) {
    PutAtBottom(prompt, false);
    needs_draw_ = true;
    return Write() ? ReadKey() : kSignal;
  }

  // A line typed at the bottom. Returns false when it was taken back.
  [[gnu::noinline]] bool ReadLine(StringView prompt, String& line) {
    for (;;) {
      String shown;
      Add(shown, prompt);
      AppendShown(shown, line.view());
      PutAtBottom(shown.view(), false);
      if (!Write()) return false;
      const int key = ReadKey();
      if (key == '\n' || key == '\r') return true;
      if (key == kSignal || key == '\033' || key == 'G' - 0x40 || key == 'C' - 0x40) return false;
      if (key == kDelete || key == '\b' || key == 0x7f || key == keyboard_.erase()) {
        if (line.empty()) return false;
        size_t size = line.size() - 1;
        while (size > 0 && (static_cast<uint8_t>(line.c_str()[size]) & 0xc0) == 0x80) --size;
        line.Truncate(size);
      } else if (key == keyboard_.kill()) {
        line.Truncate(0);
      } else if (key < kMeta) {
        (void)line.Append(static_cast<char>(key));
      }
    }
  }

  // ---------------------------------------------------------------------------------------- search

  // Makes what has been typed the pattern.
  [[gnu::noinline]] void SetPattern() {
    bool ignores = options_.letters == Case::kIgnore;
    if (HasLess() && options_.letters == Case::kSmart) {
      ignores = true;
      for (const char byte : text_.view()) {
        if (byte >= 'A' && byte <= 'Z') ignores = false;
      }
    }
    const Result<void> made = pattern_.Compile(text_.view(), ignores,
                                               IsMore()   ? Regex::Syntax::kBasic
                                               : literal_ ? Regex::Syntax::kLiteral
                                                          : Regex::Syntax::kExtended);
    if (!made.ok()) Say(made.error() == abi::kENOMEM ? "Pattern is too large" : "Invalid pattern");
    highlights_ = true;
  }

  // Where the line at `at` ends, or what is taken of it.
  uint64_t LineEnd(uint64_t at) {
    const uint64_t end = document_.FindNewline(at, at + Layout::kSegment);
    return end == kNowhere ? Min(at + Layout::kSegment, document_.size()) : end;
  }

  // Goes to the `count`th line that matches (or, with `!`, does not).
  void Search(uint64_t count, bool forward, bool from_top = false) {
    if (pattern_.empty()) return Say("No previous pattern");
    uint64_t at = top_.line;
    from_top = HasLess() && (from_top || (fresh_ && top_.at == 0 && options_.pattern != nullptr));
    uint64_t end = from_top || !forward ? at : LineEnd(at);
    String line;
    for (;;) {
      if (!forward) {
        if (at == 0) break;
        const uint64_t floor = at > Layout::kSegment ? at - Layout::kSegment : 0;
        const uint64_t newline = document_.FindNewlineBefore(at - 1, floor);
        at = newline == kNowhere ? floor : newline + 1;
      } else {
        at = end;
        if (!Exchange(from_top, false) && layout_.IsBlank(at)) ++at;
      }
      end = LineEnd(at);
      StringView text = document_.Part(at, end);
      if (text.empty() && document_.At(at).empty()) break;
      if (text.size() < end - at) {
        line.Truncate(0);
        if (!document_.Append(at, end, line).ok()) break;
        text = line.view();
      }
      if (!text.empty() && text.back() == '\r') text = text.First(text.size() - 1);
      if (document_.interrupted()) return;
      if (pattern_.Matches(text) == inverted_ || --count != 0) continue;
      // In a long line, the row that it is in.
      Regex::Match match;
      if (!inverted_ && !(HasLess() && style_.chop)) (void)pattern_.Find(text, 0, &match);
      return GoTo(match.start > style_.width ? layout_.RowAt(at + match.start)
                                             : Row{at, layout_.LineStart(at)});
    }
    if (!document_.interrupted()) Say("Pattern not found");
  }

  [[gnu::noinline]] void AskAndSearch(bool forward, uint64_t count) {
    String text;
    if (!ReadLine(forward ? StringView("/") : "?", text)) {
      needs_draw_ = true;
      return;
    }
    StringView wanted = text.view();
    inverted_ = literal_ = false;
    bool from_top = false;
    // "!" and what less calls control keys: ^N, ^R, ^F.
    for (; !wanted.empty(); wanted = wanted.From(1)) {
      if (wanted[0] == '!' || wanted[0] == 'N' - 0x40) {
        inverted_ = true;
      } else if (!IsMore() && wanted[0] == 'R' - 0x40) {
        literal_ = true;
      } else if (!IsMore() && wanted[0] == 'F' - 0x40) {
        from_top = true;
      } else {
        break;
      }
    }
    forward_ = forward;
    needs_draw_ = true;
    if (!wanted.empty()) {
      text_.Truncate(0);
      (void)text_.Append(wanted);
      SetPattern();
      if (!message_.empty()) return;
    }
    if (from_top) top_ = {};
    Search(count, forward, from_top);
  }

  // ---------------------------------------------------------------------------------------- follow

  // The end, and what comes to it, until a key is pressed.
  void Follow() {
    constexpr unsigned kWait = 5;
    constexpr unsigned kMostAtOnce = 100;
    constexpr int64_t kAtOnce = 20'000'000;
    unsigned at_once = 0;
    (void)document_.ReadAll();
    for (bool draws = true;;) {
      if (document_.interrupted()) return;
      if (draws) {
        GoToEnd();
        Draw();
        PutAtBottom("Waiting for data... (interrupt to abort)", true);
        if (!Write()) return;
      }
      draws = true;
      if (!document_.complete()) {
        // A pipe is waited for itself.
        (void)document_.ReadMore();
        continue;
      }
      const sys::TimePoint before = sys::MonotonicTime();
      const int key = document_.is_file() ? keyboard_.Read(kWait) : keyboard_.Read();
      if (key == kSignal) {
        const uint64_t signals = keyboard_.TakeSignals();
        if (!HandleSignals(signals)) ends_ = true;
        constexpr uint64_t kGoesOn =
            sys::SignalBit(sys::kSignalWindowSize) | sys::SignalBit(sys::kSignalTerminalStop);
        if (ends_ || (signals & ~kGoesOn) != 0) return;
        continue;
      }
      if (key == kHangUp) ends_ = true;
      if (key != kTimeout) {
        needs_draw_ = true;
        return;
      }
      // A terminal that is gone answers at once.
      const sys::TimePoint after = sys::MonotonicTime();
      const int64_t waited = (after.seconds - before.seconds) * 1'000'000'000 +
                             (after.nanoseconds - before.nanoseconds);
      at_once = waited < kAtOnce ? at_once + 1 : 0;
      if (at_once > kMostAtOnce) {
        ends_ = true;
        return;
      }
      const uint64_t size = document_.size();
      if (!document_.Refresh()) {
        top_ = bottom_ = {};
        last_place_ = 0;
      }
      draws = document_.size() != size;
    }
  }

  // ---------------------------------------------------------------------------------------- others

  void Toggle() {
    const int key = AskKey("-");
    const auto flip = [&](bool& flag, const char* on, const char* off) {
      flag = !flag;
      Say(flag ? on : off);
    };
    switch (key) {
      case 'N':
        flip(style_.numbers, "Line numbers", "No line numbers");
        break;
      case 'S':
        flip(style_.chop, "Long lines are cut", "Long lines are folded");
        options_.chop = style_.chop;
        if (!style_.chop) style_.shift = 0;
        break;
      case 's':
        flip(style_.squeeze, "Empty lines are squeezed", "All empty lines are shown");
        break;
      case 'r':
        flip(style_.raw, "Control characters go to the terminal", "Control characters are shown");
        break;
      case 'R':
        flip(style_.colors, "Colours go to the terminal", "Colours are shown as text");
        break;
      case 'G':
        flip(options_.no_highlight, "Matches are not highlighted", "Matches are highlighted");
        break;
      case 'q':
        flip(options_.quiet, "No bell", "Bell");
        break;
      case 'e':
        flip(options_.exit_at_second_end, "Ends when it is asked to go on at the end",
             "Does not end by itself");
        break;
      case 'E':
        flip(options_.exit_at_end, "Ends at the end", "Does not end at the end");
        break;
      case 'i':
      case 'I': {
        const Case wanted = key == 'i' ? Case::kSmart : Case::kIgnore;
        options_.letters = options_.letters == wanted ? Case::kExact : wanted;
        Say(options_.letters == Case::kExact ? "Case matters in searches"
            : options_.letters == Case::kIgnore
                ? "Case does not matter in searches"
                : "Case does not matter where there are no capitals");
        if (!pattern_.empty()) {
          const String said = Move(message_);
          SetPattern();
          Say(said.view());
        }
        break;
      }
      case 'm':
      case 'M': {
        const Prompt wanted = key == 'm' ? Prompt::kMedium : Prompt::kLong;
        options_.prompt = options_.prompt == wanted ? Prompt::kShort : wanted;
        break;
      }
      default:
        Say("There is no such option to change");
    }
    top_ = layout_.RowAt(top_.at);
  }

  [[gnu::noinline]] void ShowHelp() {
    Document help;
    help.Open(IsMore() ? kHelpOfMore : kHelp);
    SwapBytes(help, document_);
    const Row top = Exchange(top_, Row{});
    int key = ' ';
    while (key != 'q' && !ends_) {
      if (key == ' ') {
        Draw();
        PutAtBottom("HELP -- space goes on, q back", true);
        if (!Write()) break;
      }
      key = ReadKey();
      if (key == ' ' && at_end_) break;
      if (key == ' ') top_ = bottom_;
      if (key == kSignal) key = ' ';
    }
    SwapBytes(help, document_);
    top_ = top;
    needs_draw_ = true;
    message_.Truncate(0);
  }

  [[gnu::noinline]] void Mark(bool sets) {
    const int key = AskKey(sets ? "mark: " : "goto mark: ");
    constexpr int kFirst = 'A';
    const bool is_letter = (key >= 'A' && key <= 'Z') || (key >= 'a' && key <= 'z');
    if (!sets && key == '\'') return GoTo(layout_.RowAt(last_place_));
    if (HasLess() && !sets && key == '^') return GoTo(Row{});
    if (HasLess() && !sets && key == '$') return GoToEnd();
    if (!is_letter) return Say("Choose a letter");
    PlaceMark& mark = marks_[key - kFirst];
    if (sets) {
      mark = {file_ + 1, top_.at};
      return;
    }
    if (mark.file == 0) return Say("Mark not set");
    if (mark.file - 1 != file_) {
      places_[file_] = top_.at;
      const Error error = OpenFile(mark.file - 1);
      if (error.number != 0) return Say(files_[mark.file - 1], error);
    }
    GoTo(layout_.RowAt(mark.at));
  }

  // What follows ":". Returns false when the program is to end.
  [[gnu::noinline]] bool Colon(uint64_t count) {
    switch (AskKey(":")) {
      case 'n':
        ChangeFile(true, count);
        break;
      case 'p':
        ChangeFile(false, count);
        break;
      case 'x':
        if (file_ != 0) ChangeFile(false, file_);
        break;
      case 'f':
        AppendInfo();
        break;
      case 'q':
      case 'Q':
        return false;
      default:
        break;
    }
    return !ends_;
  }
  void AppendInfo() {
    message_.Truncate(0);
    AppendPosition(message_, true);
  }

  // At the end, asked to go on. Returns false when the program is to end.
  bool GoOnAtEnd() {
    if (IsMore() || options_.exit_at_second_end || options_.exit_at_end) {
      if (file_ + 1 == FileCount()) return false;
      ChangeFile(true, 1);
      return true;
    }
    Bell();
    return true;
  }

  [[nodiscard]] static unsigned Rows(uint64_t count, unsigned usual) {
    constexpr uint64_t kMost = 1'000'000;
    return count == 0 ? usual : static_cast<unsigned>(Min(count, kMost));
  }

  void Percentage(uint64_t count) {
    if (!document_.ReadAll()) return;
    if (count >= 100) return GoToEnd();
    const uint64_t size = document_.size();
    const uint64_t place = size / 100 * count + size % 100 * count / 100;
    GoTo(layout_.RowAt(layout_.LineStart(place)));
  }

  // Aside, by `count` columns if that is not 0.
  void LookAside(bool right, uint64_t count) {
    const unsigned configured = NumberOf(options_.shift);
    const unsigned by = Rows(count, configured != 0 ? configured : Max(style_.width / 2, 1U));
    // Who looks aside does not want lines folded.
    const bool was_chopped = Exchange(style_.chop, true);
    if (!was_chopped) top_ = layout_.RowAt(top_.at);
    style_.shift = right ? style_.shift + by : style_.shift - Min(by, style_.shift);
    if (style_.shift == 0 && !options_.chop) {
      style_.chop = false;
      top_ = layout_.RowAt(top_.at);
    }
    needs_draw_ = true;
  }

  [[gnu::noinline]] void GoToLine(uint64_t number) {
    const uint64_t start = document_.StartOfLine(number);
    if (start != kNowhere) GoTo({start, start});
  }

  // What keys do. Those of movement are first, in threes: forward, then back.
  enum class Action : uint8_t {
    kForwardPage,
    kForwardRow,
    kForwardHalf,
    kBackPage,
    kBackRow,
    kBackHalf,
    kSignals,
    kEnds,
    kHangsUp,
    kEndsDoubled,
    kHelps,
    kSkips,
    kRedraws,
    kStart,
    kEnd,
    kMark,
    kToMark,
    kSearch,
    kSearchBack,
    kAgain,
    kAgainBack,
    kColon,
    kTells,
    kEditor,
    kNothing,
    // Of less alone.
    kShell,
    kFollow,
    kPercent,
    kRightward,
    kLeftward,
    kHighlights,
    kToggles,
    kVersion,
    kOther,
  };
  static constexpr unsigned kKeyBits = 10;
  static constexpr uint16_t On(int key, Action action) {
    return static_cast<uint16_t>(key | static_cast<int>(action) << kKeyBits);
  }
  static constexpr int Control(char letter) { return letter - 0x40; }

  [[gnu::noinline]] [[nodiscard]] Action ActionOf(int key) const {
    static constexpr uint16_t kKeys[] = {
        On(' ', Action::kForwardPage),
        On('f', Action::kForwardPage),
        On(Control('F'), Action::kForwardPage),
        On(Control('V'), Action::kForwardPage),
        On(kPageDown, Action::kForwardPage),
        On('z', Action::kForwardPage),
        On('\r', Action::kForwardRow),
        On('\n', Action::kForwardRow),
        On('e', Action::kForwardRow),
        On('j', Action::kForwardRow),
        On('J', Action::kForwardRow),
        On(Control('E'), Action::kForwardRow),
        On(Control('N'), Action::kForwardRow),
        On(kDown, Action::kForwardRow),
        On('d', Action::kForwardHalf),
        On(Control('D'), Action::kForwardHalf),
        On('b', Action::kBackPage),
        On(Control('B'), Action::kBackPage),
        On(kMeta + 'v', Action::kBackPage),
        On(kPageUp, Action::kBackPage),
        On('w', Action::kBackPage),
        On('k', Action::kBackRow),
        On('y', Action::kBackRow),
        On('K', Action::kBackRow),
        On(Control('Y'), Action::kBackRow),
        On(Control('K'), Action::kBackRow),
        On(Control('P'), Action::kBackRow),
        On(kUp, Action::kBackRow),
        On('u', Action::kBackHalf),
        On(Control('U'), Action::kBackHalf),
        On(kSignal, Action::kSignals),
        On(kHangUp, Action::kHangsUp),
        On('q', Action::kEnds),
        On('Q', Action::kEnds),
        On('Z', Action::kEndsDoubled),
        On('h', Action::kHelps),
        On('H', Action::kHelps),
        On('s', Action::kSkips),
        On('r', Action::kRedraws),
        On('R', Action::kRedraws),
        On(Control('R'), Action::kRedraws),
        On(Control('L'), Action::kRedraws),
        On('g', Action::kStart),
        On('<', Action::kStart),
        On(kMeta + '<', Action::kStart),
        On(kHome, Action::kStart),
        On('G', Action::kEnd),
        On('>', Action::kEnd),
        On(kMeta + '>', Action::kEnd),
        On(Key::kEnd, Action::kEnd),
        On('m', Action::kMark),
        On('\'', Action::kToMark),
        On(Control('X'), Action::kToMark),
        On('/', Action::kSearch),
        On('?', Action::kSearchBack),
        On('n', Action::kAgain),
        On('N', Action::kAgainBack),
        On(':', Action::kColon),
        On('=', Action::kTells),
        On(Control('G'), Action::kTells),
        On('v', Action::kEditor),
        On(kUnknown, Action::kNothing),
        On(kTimeout, Action::kNothing),
    };
    static constexpr uint16_t kOfLess[] = {
        On('F', Action::kFollow),
        On('p', Action::kPercent),
        On('%', Action::kPercent),
        On(kRight, Action::kRightward),
        On(kMeta + ')', Action::kRightward),
        On(kLeft, Action::kLeftward),
        On(kMeta + '(', Action::kLeftward),
        On(kMeta + 'u', Action::kHighlights),
        On('-', Action::kToggles),
        On('_', Action::kToggles),
        On('V', Action::kVersion),
        On('!', Action::kShell),
        On('|', Action::kShell),
        On('#', Action::kShell),
    };
    const auto find = [key](Span<const uint16_t> keys) {
      for (const uint16_t one : keys) {
        if ((one & ((1U << kKeyBits) - 1)) == static_cast<unsigned>(key))
          return static_cast<Action>(one >> kKeyBits);
      }
      return Action::kOther;
    };
    const Action action = find(kKeys);
    return action == Action::kOther && !IsMore() ? find(kOfLess) : action;
  }

  // Returns false when the program is to end.
  [[gnu::noinline]] bool MoveBy(unsigned action, uint64_t number) {
    const unsigned distance = action % 3;
    unsigned rows = PageRows();
    if (distance == 0 && window_ != 0) rows = window_;
    if (distance == 1) rows = 1;
    if (distance == 2) {
      if (number != 0) half_ = Rows(number, 0);
      rows = half_ != 0 ? half_ : Max(rows / 2, 1U);
    }
    rows = Rows(number, rows);
    if (action < static_cast<unsigned>(Action::kBackPage)) return Forward(rows) != 0 || GoOnAtEnd();
    if (Back(rows) == 0) Bell();
    return true;
  }

  // Returns false when the program is to end.
  [[gnu::noinline]] bool Do(int key, uint64_t number, bool has_number) {
    const uint64_t times = Max(number, uint64_t{1});
    const Action action = ActionOf(key);
    switch (action) {
      case Action::kSignals:
        return HandleSignals(keyboard_.TakeSignals());
      case Action::kEnds:
        return false;
      case Action::kHangsUp:
        status_ = 1;
        return false;
      case Action::kEndsDoubled:
        return keyboard_.Read() != 'Z';
      case Action::kHelps:
        ShowHelp();
        break;
      case Action::kSkips:
        if (IsMore()) {
          (void)Forward(Rows(number, 1));
        } else {
          Say("Nothing is written to files here");
        }
        break;
      case Action::kRedraws:
        if (key == 'R') (void)document_.Refresh();
        needs_draw_ = true;
        break;
      case Action::kEnd:
        if (!has_number) {
          (void)document_.Refresh();
          last_place_ = top_.at;
          if (document_.ReadAll()) GoToEnd();
          break;
        }
        [[fallthrough]];
      case Action::kStart:
        GoToLine(number);
        break;
      case Action::kMark:
      case Action::kToMark:
        Mark(action == Action::kMark);
        break;
      case Action::kSearch:
      case Action::kSearchBack:
        AskAndSearch(action == Action::kSearch, times);
        break;
      case Action::kAgain:
      case Action::kAgainBack:
        Search(times, forward_ == (action == Action::kAgain));
        break;
      case Action::kColon:
        return Colon(times);
      case Action::kTells:
        AppendInfo();
        break;
      case Action::kEditor:
        Say("There is no editor to call");
        break;
      case Action::kNothing:
        break;
      case Action::kOther:
        Bell();
        break;
      default:
        if (action <= Action::kBackHalf) return MoveBy(static_cast<unsigned>(action), number);
        if (HasLess()) DoOfLess(action, number);
    }
    return !ends_;
  }

  void DoOfLess(Action action, uint64_t number) {
    switch (action) {
      case Action::kFollow:
        Follow();
        break;
      case Action::kPercent:
        Percentage(number);
        break;
      case Action::kRightward:
      case Action::kLeftward:
        LookAside(action == Action::kRightward, number);
        break;
      case Action::kHighlights:
        highlights_ = !highlights_;
        needs_draw_ = true;
        break;
      case Action::kToggles:
        Toggle();
        break;
      case Action::kShell:
        Say("Commands are not run from here");
        break;
      default:
        Add(message_, context_.program);
        Add(message_, " (Cation) ");
        Add(message_, context_.note.Get("version"));
    }
  }

  [[gnu::noinline]] int Loop() {
    uint64_t count = 0;
    bool has_count = false;
    while (!failed_) {
      if (needs_draw_) Draw();
      if (!HandleDocument()) return 0;
      if (needs_draw_ && !message_.empty()) Draw();
      if (at_end_ && options_.exit_at_end && file_ + 1 == FileCount() && !keyboard_.IsTyped()) {
        // It stays where it was shown.
        if (HasLess() && !KeepsScreen() && !plain_) {
          Put("\033[?1049l");
          options_.keep_screen = true;
          Draw();
        }
        return 0;
      }
      if (!keyboard_.IsTyped()) {
        if (has_count) {
          String shown;
          AddNumber(shown, ":", count);
          PutAtBottom(shown.view(), false);
        } else {
          PutPrompt();
        }
      }
      if (!Write()) return 1;
      const int key = keyboard_.Read();
      if (key >= '0' && key <= '9') {
        count = Min(count * 10 + static_cast<uint64_t>(key - '0'), uint64_t{1} << 50);
        has_count = true;
        continue;
      }
      const uint64_t number = Exchange(count, uint64_t{0});
      if (!Do(key, number, Exchange(has_count, false))) return 0;
    }
    return 1;
  }

  struct PlaceMark {
    size_t file = 0;  // from 1; 0: none
    uint64_t at = 0;
  };

  Context& context_;
  Options& options_;
  Span<char*> files_;
  Keyboard keyboard_;
  Document document_;
  // Standard input, while another file is shown.
  Document input_;
  bool input_taken_ = false;
  bool input_kept_ = false;
  Style style_;
  Layout layout_{document_, style_};
  Vector<uint64_t> places_;
  size_t file_ = 0;
  unsigned height_ = 24;
  unsigned window_ = 0;  // rows of a screen, if not all
  unsigned half_ = 0;    // rows of half a screen, if something else
  Row top_;
  Row bottom_;  // the first that is not on the screen
  bool at_end_ = false;
  bool needs_draw_ = false;
  bool fresh_ = true;  // nothing has been done in this file
  bool plain_ = false;
  bool cursor_at_start_ = true;
  bool failed_ = false;
  bool ends_ = false;
  int fatal_signal_ = 0;
  int status_ = 0;
  String out_;
  String message_;
  Regex pattern_;
  String text_;  // of the pattern
  bool forward_ = true;
  bool inverted_ = false;
  bool literal_ = false;
  bool highlights_ = true;
  uint64_t last_place_ = 0;
  PlaceMark marks_['z' - 'A' + 1];
};

}  // namespace

[[gnu::noinline]] int Show(Context& context, Options& options, Span<char*> files) {
  Pager pager(context, options, files);
  if (!sys::IsTerminal(context.output)) return pager.Copy();
  return pager.Run();
}

}  // namespace cation::pager
