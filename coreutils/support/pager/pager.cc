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

constexpr StringView kInvert = "\033[7m";
constexpr StringView kNormal = "\033[m";

unsigned NumberOf(const char* text) {
  if (text == nullptr) return 0;
  const Result<uint64_t> number = ParseNumber(text);
  constexpr uint64_t kMost = 10'000;
  return number.ok() && number.value() <= kMost ? static_cast<unsigned>(number.value()) : 0;
}

// Appends `text` with what would command a terminal made visible.
void AppendShown(String& line, StringView text) {
  while (!text.empty()) {
    uint32_t code_point = 0;
    const size_t length = DecodeUtf8(text, &code_point);
    if (length == 0 || IsControl(code_point)) {
      (void)line.Append('?');
    } else {
      (void)line.Append(text.First(length));
    }
    text = text.From(length == 0 ? 1 : length);
  }
}

class Pager {
 public:
  Pager(Context& context, Options& options, Span<char*> files)
      : context_(context), options_(options), files_(files), keyboard_(context) {}

  int Run() {
    if (!keyboard_.Find()) return Copy();
    plain_ = !UnderstandsSequences(Environment(context_, "TERM"));
    AskSize();
    style_.tab = Max(NumberOf(options_.tab), 1U);
    if (options_.tab == nullptr) style_.tab = 8;
    style_.chop = options_.chop;
    style_.squeeze = options_.squeeze;
    style_.numbers = options_.numbers;
    style_.raw = options_.raw;
    style_.colors = options_.colors;
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
    if (options_.exit_if_one_screen && FileCount() == 1 && ShowIfShort()) return status_;
    Start();
    if (!Write()) return Leave(1);
    if (options_.pattern != nullptr) {
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
  int Copy() {
    Output out(context_);
    String buffer;
    if (!buffer.Resize(sys::kBestCallSize).ok() && !buffer.Resize(4096).ok()) {
      Report(context_, "out of memory");
      return 1;
    }
    for (size_t i = 0; i < FileCount() && out.ok(); ++i) {
      sys::File opened;
      sys::Descriptor file = context_.input;
      if (!IsInput(i)) {
        const Result<sys::Descriptor> result = sys::Open(sys::At(files_[i]), sys::kRead);
        if (!result.ok()) {
          Report(context_, files_[i], result.error());
          status_ = 1;
          continue;
        }
        opened = sys::File(result.value());
        file = opened.get();
      }
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
        if (options_.is_more && options_.squeeze) {
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

  [[nodiscard]] size_t FileCount() const { return files_.empty() ? 1 : files_.size(); }
  [[nodiscard]] bool IsInput(size_t file) const {
    return files_.empty() || StringView(files_[file]) == "-";
  }
  [[nodiscard]] StringView NameOf(size_t file) const {
    return IsInput(file) ? StringView("standard input") : StringView(files_[file]);
  }

  // Of several empty lines one is written. `*newlines`: how many have come just before.
  static void Squeeze(Output& out, StringView text, unsigned* newlines) {
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
      const Result<sys::Descriptor> result = sys::Open(sys::At(files_[file]), sys::kRead);
      if (!result.ok()) return result.error();
      opened = sys::File(result.value());
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
  Error SetFile(size_t file) {
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

  void AskSize() {
    Result<sys::TerminalSize> size = sys::SizeOf(context_.output);
    if (!size.ok()) size = sys::TerminalSize{};
    unsigned rows = size.value().rows;
    unsigned columns = size.value().columns;
    if (rows == 0) rows = NumberOf(Environment(context_, "LINES"));
    if (columns == 0) columns = NumberOf(Environment(context_, "COLUMNS"));
    height_ = Max(rows == 0 ? 24U : rows, 2U);
    if (columns == 0) columns = 80;
    // In its last column a dumb terminal may go on to the next row, or not.
    if (plain_ && columns > 2) --columns;
    if (columns == style_.width) return;
    style_.width = columns;
    top_ = layout_.RowAt(top_.at);
  }

  void Start() {
    static constexpr int kNoted[] = {sys::kSignalHangUp,       sys::kSignalInterrupt,
                                     sys::kSignalTerminate,    sys::kSignalQuit,
                                     sys::kSignalTerminalStop, sys::kSignalWindowSize};
    for (const int signal : kNoted) {
      // What was ignored stays so: by nohup, say.
      const Result<sys::SignalAction> action = sys::SignalActionOf(signal);
      if (action.ok() && action.value() == sys::SignalAction::kDefault)
        (void)sys::NoteSignal(signal);
    }
    Enter();
  }
  void Enter() {
    (void)keyboard_.Prepare();
    if (plain_) return;
    if (!options_.keep_screen) {
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
      MoveTo(height_);
      Put("\033[K");
      if (!options_.keep_screen) Put("\033[?1049l");
    }
    (void)Write();
    keyboard_.Restore();
  }
  int Leave(int status) {
    Exit();
    if (fatal_signal_ != 0) {
      // As if it had not been noted.
      (void)sys::SetSignalAction(fatal_signal_, sys::SignalAction::kDefault);
      (void)sys::SignalOwnProcess(fatal_signal_);
    }
    return status != 0 ? status : status_;
  }

  void Put(StringView text) { (void)out_.Append(text); }
  void MoveTo(unsigned row) {
    Put("\033[");
    Put(Digits(row));
    Put(";1H");
  }
  bool Write() {
    if (!out_.empty() && !sys::WriteAll(context_.output, out_.view()).ok()) failed_ = true;
    out_.Truncate(0);
    return !failed_;
  }

  // Returns false when the program is to end.
  bool HandleSignals(uint64_t signals) {
    constexpr int kFatal[] = {sys::kSignalHangUp, sys::kSignalTerminate, sys::kSignalQuit};
    for (const int signal : kFatal) {
      if ((signals & sys::SignalBit(signal)) == 0) continue;
      fatal_signal_ = signal;
      return false;
    }
    if ((signals & sys::SignalBit(sys::kSignalTerminalStop)) != 0) {
      Exit();
      (void)sys::SetSignalAction(sys::kSignalTerminalStop, sys::SignalAction::kDefault);
      (void)sys::SignalOwnGroup(sys::kSignalTerminalStop);
      (void)sys::NoteSignal(sys::kSignalTerminalStop);
      Enter();
    }
    needs_draw_ = true;
    if ((signals & sys::SignalBit(sys::kSignalInterrupt)) != 0) {
      if (options_.interrupt_exits) {
        status_ = 2;
        return false;
      }
      Say("Interrupted");
    }
    return true;
  }
  // What has come while the document was read.
  bool HandleDocument() {
    if (const int error = document_.TakeError(); error != 0) {
      Say(NameOf(file_), Error{error});
      status_ = 1;
    }
    const uint64_t signals = document_.TakeSignals();
    return signals == 0 || HandleSignals(signals);
  }

  void Say(StringView text) {
    message_.Truncate(0);
    AppendShown(message_, text);
  }
  void Say(StringView name, Error error) {
    Say(name);
    (void)message_.Append(": ");
    (void)message_.Append(ErrorMessage(error));
  }

  // ------------------------------------------------------------------------------------- showing

  [[nodiscard]] unsigned PageRows() const { return height_ - 1; }

  Regex* Highlight() { return highlights_ && !options_.no_highlight ? &pattern_ : nullptr; }

  void PutRow(unsigned number, const Row* row, Row* next, bool* more) {
    if (!plain_) {
      MoveTo(number);
      Put("\033[K");
    }
    if (row != nullptr) {
      *more = layout_.Next(*row, next, &out_, Highlight());
    } else if (!options_.no_tildes && !options_.is_more) {
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
    const bool draws = plain_ ? false : count > PageRows() || options_.from_top || needs_draw_;
    Row first = bottom_;
    Row bottom = bottom_;
    bool more = !document_.At(bottom.at).empty();
    while (moved < count && more) {
      Row next;
      more = layout_.Next(bottom, &next);
      bottom = next;
      ++moved;
      Row top;
      (void)layout_.Next(top_, &top);
      top_ = top;
    }
    at_end_ = !more;
    if (moved == 0) return 0;
    if (draws) {
      needs_draw_ = true;
      return moved;
    }
    if (plain_) {
      if (!Exchange(cursor_at_start_, true)) Put("\n");
    } else {
      MoveTo(height_);
      Put("\033[K");
      for (unsigned i = 0; i < moved; ++i) Put("\n");
    }
    for (unsigned i = 0; i < moved; ++i) {
      Row next;
      bool goes_on = false;
      PutRow(height_ - moved + i, &first, &next, &goes_on);
      first = next;
    }
    bottom_ = bottom;
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
  void GoToEnd() {
    Row row = layout_.RowAt(document_.size());
    row.at = document_.size();
    const StringView last = row.at == 0 ? StringView() : document_.At(row.at - 1);
    row.line = last.empty() || last[0] == '\n' ? row.at : layout_.LineStart(row.at - 1);
    if (row.line != row.at) {
      // The last row of a line without a newline.
      row = layout_.RowAt(row.at - 1);
      top_ = row;
      (void)Back(PageRows() - 1);
    } else {
      top_ = row;
      (void)Back(PageRows());
    }
    needs_draw_ = true;
  }

  void GoTo(Row row) {
    if (row.at != top_.at) last_place_ = top_.at;
    top_ = row;
    needs_draw_ = true;
  }

  // All of it, if that fits on the screen: then nothing else is to be done.
  bool ShowIfShort() {
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
    return static_cast<uint64_t>(static_cast<double>(bottom_.at) * 100 / static_cast<double>(size));
  }

  void AppendName(String& line) {
    AppendShown(line, NameOf(file_));
    if (FileCount() == 1) return;
    (void)line.Append(" (file ");
    (void)line.Append(Digits(file_ + 1));
    (void)line.Append(" of ");
    (void)line.Append(Digits(FileCount()));
    (void)line.Append(")");
  }

  void AppendPosition(String& line, bool all) {
    AppendName(line);
    if (!options_.no_line_numbers) {
      const uint64_t first = document_.LinesBefore(top_.at);
      const uint64_t last = document_.LinesBefore(bottom_.at);
      if (first != kNowhere && last != kNowhere) {
        (void)line.Append(" lines ");
        (void)line.Append(Digits(first + 1));
        (void)line.Append("-");
        (void)line.Append(Digits(Max(last, first + 1)));
        if (document_.complete() && (all || at_end_)) {
          const uint64_t total = document_.LinesBefore(document_.size());
          if (total != kNowhere) {
            (void)line.Append("/");
            (void)line.Append(Digits(total));
          }
        }
      }
    }
    if (all) {
      (void)line.Append(" byte ");
      (void)line.Append(Digits(bottom_.at));
    }
    if (document_.complete()) {
      if (all) {
        (void)line.Append("/");
        (void)line.Append(Digits(document_.size()));
      }
      (void)line.Append(" ");
      (void)line.Append(Digits(Percent()));
      (void)line.Append("%");
    }
  }

  void PutPrompt() {
    String line;
    bool inverted = true;
    const bool was_fresh = Exchange(fresh_, false);
    if (!message_.empty()) {
      (void)line.Append(message_.view());
      message_.Truncate(0);
    } else if (options_.is_more) {
      (void)line.Append("--More--(");
      if (at_end_) {
        (void)line.Append(file_ + 1 < FileCount() ? "Next file: " : "END");
        if (file_ + 1 < FileCount()) AppendShown(line, NameOf(file_ + 1));
      } else if (document_.complete()) {
        (void)line.Append(Digits(Percent()));
        (void)line.Append("%");
      } else {
        AppendShown(line, NameOf(file_));
      }
      (void)line.Append(")");
    } else if (options_.prompt == Prompt::kLong) {
      AppendPosition(line, false);
      if (at_end_) (void)line.Append(" (END)");
    } else if (at_end_ || (was_fresh && !IsInput(file_))) {
      if (was_fresh && !IsInput(file_)) {
        AppendName(line);
        if (at_end_) (void)line.Append(" ");
      }
      if (at_end_) (void)line.Append("(END)");
      if (at_end_ && file_ + 1 < FileCount()) {
        (void)line.Append(" - Next: ");
        AppendShown(line, NameOf(file_ + 1));
      }
    } else if (options_.prompt == Prompt::kMedium && document_.complete()) {
      (void)line.Append(Digits(Percent()));
      (void)line.Append("%");
    } else {
      (void)line.Append(":");
      inverted = false;
    }
    PutAtBottom(line.view(), inverted);
  }

  void PutAtBottom(StringView text, bool inverted) {
    if (plain_) {
      if (!cursor_at_start_) Put("\n");
    } else {
      MoveTo(height_);
      Put("\033[K");
    }
    // As much as there is room for.
    size_t size = 0;
    for (unsigned columns = 1; size < text.size() && columns < style_.width; ++columns) {
      const size_t length = DecodeUtf8(text.From(size), nullptr);
      size += length == 0 ? 1 : length;
    }
    if (inverted && !plain_) Put(kInvert);
    Put(text.First(size));
    if (inverted && !plain_) Put(kNormal);
    cursor_at_start_ = false;
  }

  void Bell() {
    if (!options_.quiet) Put("\a");
  }

  // A line typed at the bottom. Returns false when it was taken back.
  bool ReadLine(StringView prompt, String& line) {
    for (;;) {
      String shown;
      (void)shown.Append(prompt);
      AppendShown(shown, line.view());
      PutAtBottom(shown.view(), false);
      if (!Write()) return false;
      const int key = keyboard_.Read();
      if (key == '\n' || key == '\r') return true;
      if (key == kSignal) {
        if (!HandleSignals(keyboard_.TakeSignals())) ends_ = true;
        return false;
      }
      if (key == kHangUp) {
        ends_ = true;
        return false;
      }
      if (key == '\033' || key == 'G' - 0x40 || key == 'C' - 0x40) return false;
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
  void SetPattern() {
    bool ignores = options_.letters == Case::kIgnore;
    if (options_.letters == Case::kSmart) {
      ignores = true;
      for (const char byte : text_.view()) {
        if (byte >= 'A' && byte <= 'Z') ignores = false;
      }
    }
    const Result<void> made = pattern_.Compile(text_.view(), ignores, literal_);
    if (!made.ok()) Say(made.error() == abi::kENOMEM ? "Pattern is too large" : "Invalid pattern");
    highlights_ = true;
  }

  // Goes to the `count`th line that matches (or, with `!`, does not).
  void Search(uint64_t count, bool forward, bool from_top = false) {
    if (pattern_.empty()) return Say("No previous pattern");
    uint64_t at = top_.line;
    uint64_t found = kNowhere;
    bool first = from_top || (fresh_ && top_.at == 0 && options_.pattern != nullptr);
    String line;
    while (count > 0) {
      if (forward) {
        if (!first) {
          const uint64_t newline = document_.FindNewline(at, at + Layout::kSegment);
          const uint64_t end = at + Layout::kSegment;
          at = newline == kNowhere ? end : newline + 1;
        }
        first = false;
        if (document_.At(at).empty()) break;
      } else {
        if (at == 0) break;
        const uint64_t floor = at > Layout::kSegment ? at - Layout::kSegment : 0;
        const uint64_t newline = document_.FindNewlineBefore(at - 1, floor);
        at = newline == kNowhere ? floor : newline + 1;
      }
      // A line, or what there may be of it.
      uint64_t end = document_.FindNewline(at, at + Layout::kSegment);
      if (end == kNowhere) end = Min(at + Layout::kSegment, document_.size());
      StringView text = document_.At(at);
      if (text.size() >= end - at) {
        text = text.First(static_cast<size_t>(end - at));
      } else {
        line.Truncate(0);
        if (!document_.Append(at, end, line).ok()) break;
        text = line.view();
      }
      if (!text.empty() && text.back() == '\r') text = text.First(text.size() - 1);
      if (document_.interrupted()) break;
      if (pattern_.Matches(text) == inverted_) continue;
      --count;
      found = at;
    }
    if (count > 0) {
      if (!document_.interrupted()) Say("Pattern not found");
      return;
    }
    Row row = {found, layout_.LineStart(found)};
    // In a long line, the row that it is in.
    Regex::Match match;
    line.Truncate(0);
    if (!inverted_ && !style_.chop &&
        document_.Append(found, found + Layout::kSegment, line).ok()) {
      const size_t newline = line.view().Find('\n');
      const StringView text =
          newline == StringView::kNotFound ? line.view() : line.view().First(newline);
      if (pattern_.Find(text, 0, &match) && match.start > style_.width)
        row = layout_.RowAt(found + match.start);
    }
    GoTo(row);
  }

  void AskAndSearch(bool forward, uint64_t count) {
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
      } else if (wanted[0] == 'R' - 0x40) {
        literal_ = true;
      } else if (wanted[0] == 'F' - 0x40) {
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
    String name;
    PutAtBottom("-", false);
    if (!Write()) return;
    const int key = keyboard_.Read();
    needs_draw_ = true;
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

  void ShowHelp() {
    Document help;
    help.Open(kHelp);
    SwapBytes(help, document_);
    const Row top = Exchange(top_, Row{});
    int key = ' ';
    while (key != 'q' && key != kHangUp) {
      if (key == ' ') {
        Draw();
        PutAtBottom(at_end_ ? "HELP -- END -- q goes back" : "HELP -- space for more, q goes back",
                    true);
        if (!Write()) break;
      }
      key = keyboard_.Read();
      if (key == kSignal) {
        if (!HandleSignals(keyboard_.TakeSignals())) {
          ends_ = true;
          break;
        }
        key = ' ';
        continue;
      }
      if (key == ' ' && at_end_) break;
      if (key == ' ') top_ = bottom_;
    }
    SwapBytes(help, document_);
    top_ = top;
    needs_draw_ = true;
    message_.Truncate(0);
  }

  void Mark(bool sets) {
    PutAtBottom(sets ? "mark: " : "goto mark: ", false);
    if (!Write()) return;
    const int key = keyboard_.Read();
    needs_draw_ = true;
    constexpr int kFirst = 'A';
    const bool is_letter = (key >= 'A' && key <= 'Z') || (key >= 'a' && key <= 'z');
    if (!sets && key == '\'') return GoTo(layout_.RowAt(last_place_));
    if (!sets && key == '^') return GoTo(Row{});
    if (!sets && key == '$') return GoToEnd();
    if (!is_letter) return Say("Choose a letter between 'a' and 'z'");
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
  bool Colon(uint64_t count) {
    PutAtBottom(":", false);
    if (!Write()) return false;
    const int key = keyboard_.Read();
    needs_draw_ = true;
    switch (key) {
      case 'n':
        ChangeFile(true, Max(count, uint64_t{1}));
        break;
      case 'p':
        ChangeFile(false, Max(count, uint64_t{1}));
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
      case kSignal:
        return HandleSignals(keyboard_.TakeSignals());
      case kHangUp:
        return false;
      default:
        break;
    }
    return true;
  }
  void AppendInfo() {
    message_.Truncate(0);
    AppendPosition(message_, true);
  }

  // At the end, asked to go on. Returns false when the program is to end.
  bool GoOnAtEnd() {
    if (options_.exit_at_second_end || options_.exit_at_end) {
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
    const uint64_t size = document_.size();
    const uint64_t place = count >= 100 ? size : size / 100 * count + size % 100 * count / 100;
    if (count >= 100) {
      GoToEnd();
    } else {
      GoTo(layout_.RowAt(layout_.LineStart(place)));
    }
  }

  int Loop() {
    uint64_t count = 0;
    bool has_count = false;
    unsigned half = 0;
    const unsigned window = NumberOf(options_.window);
    while (!failed_) {
      if (needs_draw_) Draw();
      if (!HandleDocument()) return 0;
      if (needs_draw_ && !message_.empty()) Draw();
      if (at_end_ && options_.exit_at_end && file_ + 1 == FileCount() && !keyboard_.IsTyped()) {
        // It stays where it was shown.
        if (!options_.keep_screen && !plain_) {
          Put("\033[?1049l");
          options_.keep_screen = true;
          Draw();
        }
        return 0;
      }
      if (!keyboard_.IsTyped()) {
        if (has_count) {
          String shown;
          (void)shown.Append(":");
          (void)shown.Append(Digits(count));
          PutAtBottom(shown.view(), false);
        } else {
          PutPrompt();
        }
      }
      if (!Write()) return 1;
      int key = keyboard_.Read();
      if (key >= '0' && key <= '9') {
        count = Min(count * 10 + static_cast<uint64_t>(key - '0'), uint64_t{1} << 50);
        has_count = true;
        continue;
      }
      const uint64_t number = Exchange(count, uint64_t{0});
      const bool has_number = Exchange(has_count, false);
      const uint64_t times = has_number ? Max(number, uint64_t{1}) : 1;
      const unsigned page = window != 0 ? window : PageRows();
      unsigned moved = 1;
      switch (key) {
        case kSignal:
          if (!HandleSignals(keyboard_.TakeSignals())) return 0;
          break;
        case kHangUp:
          return 1;
        case kTimeout:
        case kUnknown:
          break;
        case 'q':
        case 'Q':
          return 0;
        case 'Z':
          if (keyboard_.Read() == 'Z') return 0;
          break;
        case 'h':
        case 'H':
          ShowHelp();
          break;
        case ' ':
        case 'f':
        case 'F' - 0x40:
        case 'V' - 0x40:
        case kPageDown:
        case 'z':
          moved = Forward(Rows(number, page));
          if (moved == 0 && !GoOnAtEnd()) return 0;
          break;
        case '\r':
        case '\n':
        case 'e':
        case 'j':
        case 'E' - 0x40:
        case 'N' - 0x40:
        case 'J':
        case kDown:
          moved = Forward(Rows(number, 1));
          if (moved == 0 && !GoOnAtEnd()) return 0;
          break;
        case 'd':
        case 'D' - 0x40:
          if (has_number) half = Rows(number, 0);
          moved = Forward(half != 0 ? half : Max(PageRows() / 2, 1U));
          if (moved == 0 && !GoOnAtEnd()) return 0;
          break;
        case 'b':
        case 'B' - 0x40:
        case kMeta + 'v':
        case kPageUp:
        case 'w':
          moved = Back(Rows(number, page));
          if (moved == 0) Bell();
          break;
        case 'k':
        case 'y':
        case 'Y' - 0x40:
        case 'K' - 0x40:
        case 'P' - 0x40:
        case 'K':
        case kUp:
          moved = Back(Rows(number, 1));
          if (moved == 0) Bell();
          break;
        case 'u':
        case 'U' - 0x40:
          if (has_number) half = Rows(number, 0);
          moved = Back(half != 0 ? half : Max(PageRows() / 2, 1U));
          if (moved == 0) Bell();
          break;
        case 's':
          if (options_.is_more) {
            (void)Forward(Rows(number, 1));
          } else {
            Say("Nothing is written to files here");
          }
          break;
        case 'r':
        case 'R':
        case 'R' - 0x40:
        case 'L' - 0x40:
          if (key == 'R') (void)document_.Refresh();
          needs_draw_ = true;
          break;
        case 'F':
          Follow();
          if (ends_) return 0;
          break;
        case 'g':
        case '<':
        case kMeta + '<':
        case kHome: {
          const uint64_t start = document_.StartOfLine(has_number ? number : 1);
          if (start != kNowhere) GoTo({start, start});
          break;
        }
        case 'G':
        case '>':
        case kMeta + '>':
        case kEnd:
          if (has_number) {
            const uint64_t start = document_.StartOfLine(number);
            if (start != kNowhere) GoTo({start, start});
          } else {
            (void)document_.Refresh();
            last_place_ = top_.at;
            if (document_.ReadAll()) GoToEnd();
          }
          break;
        case 'p':
        case '%':
          Percentage(number);
          break;
        case kRight:
        case kMeta + ')':
        case kLeft:
        case kMeta + '(': {
          const bool right = key == kRight || key == kMeta + ')';
          const unsigned configured = NumberOf(options_.shift);
          const unsigned by = has_number        ? Rows(number, 1)
                              : configured != 0 ? configured
                                                : Max(style_.width / 2, 1U);
          // Who looks aside does not want lines folded.
          const bool was_chopped = Exchange(style_.chop, true);
          if (!was_chopped) top_ = layout_.RowAt(top_.at);
          style_.shift = right ? style_.shift + by : style_.shift - Min(by, style_.shift);
          if (style_.shift == 0 && !options_.chop) {
            style_.chop = false;
            top_ = layout_.RowAt(top_.at);
          }
          needs_draw_ = true;
          break;
        }
        case 'm':
          Mark(true);
          break;
        case '\'':
        case 'X' - 0x40:
          Mark(false);
          break;
        case '/':
        case '?':
          AskAndSearch(key == '/', times);
          if (ends_) return 0;
          break;
        case 'n':
          Search(times, forward_);
          break;
        case 'N':
          Search(times, !forward_);
          break;
        case kMeta + 'u':
          highlights_ = !highlights_;
          needs_draw_ = true;
          break;
        case ':':
          if (!Colon(number)) return 0;
          break;
        case '=':
        case 'G' - 0x40:
          AppendInfo();
          break;
        case '-':
        case '_':
          Toggle();
          break;
        case 'v':
          Say("There is no editor to call");
          break;
        case '!':
        case '|':
        case '#':
          Say("Commands are not run from here");
          break;
        case 'V':
          (void)message_.Append(context_.program);
          (void)message_.Append(" (Cation) ");
          (void)message_.Append(context_.note.Get("version"));
          break;
        default:
          Bell();
      }
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

int Show(Context& context, Options& options, Span<char*> files) {
  Pager pager(context, options, files);
  if (!sys::IsTerminal(context.output)) return pager.Copy();
  return pager.Run();
}

}  // namespace cation::pager
