// SPDX-License-Identifier: MIT
//
// pick: somebody chooses one of the lines on standard input, at the terminal. In no standard; for
// `hist -ru | pick`, `ls | pick`, and Ion's `let file = $(ls | pick)`.
//
// All of standard input is read first. The terminal is found as less finds it, also where all three
// standard streams are pipes: /dev/tty, or what the variable TTY says (Redox's login sets it). What
// is drawn is on the terminal's other screen, and gone at the end, whatever ends it but SIGKILL.
// What is typed is looked for as words: lines that have each of them somewhere stay; letters A to Z
// stand for both cases, unless one that was typed is a capital. Characters that would command the
// terminal, and what is no UTF-8, are shown as less shows them; the line that is printed has its
// bytes.
//
// Keys: Up Down ^P ^N, PgUp PgDn, Home End move, Backspace ^W ^U take back what was typed, Enter
// chooses, Escape ^C ^G ^D give up.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/pager/keyboard.h"
#include "coreutils/support/pager/shown.h"
#include "coreutils/support/read_file.h"
#include "coreutils/support/terminal.h"
#include "runtime/core/format.h"
#include "runtime/core/vector.h"
#include "shell-ext/support/has_text.h"

namespace cation {
namespace {

constexpr int kNothing = 1;
constexpr int kTrouble = 2;
constexpr int kGivenUp = 130;

struct Options {
  const char* query = "";
  const char* prompt = "> ";
  bool null = false;
  bool reverse = false;
  bool select_one = false;
};

constexpr Option kOptions[] = {
    Flag("-0, --null", offsetof(Options, null), "a NUL ends each line, read and printed"),
    Flag("-1, --select-1", offsetof(Options, select_one), "ask only if more than one line is left"),
    Value("-p, --prompt=TEXT", offsetof(Options, prompt), "what is before the typed words"),
    Value("-q, --query=TEXT", offsetof(Options, query), "as if TEXT had been typed"),
    Flag("-r, --reverse", offsetof(Options, reverse), "the last line comes first"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]...",
    .summary =
        "Prints the line of standard input that is chosen at the terminal: Up and Down move, "
        "Enter\n"
        "chooses, Escape gives up, and what is typed leaves the lines with these words.",
    .options = kOptions,
    .usage_status = kTrouble,
    .statuses = "0 a line was chosen\n1 there is none\n2 wrong use, or an error\n130 given up",
};
constexpr Command kCommand = Packed<kDescription>();

[[gnu::noinline]] void Add(String& line, StringView text) { (void)line.Append(text); }

bool IsCapital(char c) { return c >= 'A' && c <= 'Z'; }

class Pick {
 public:
  explicit Pick(Context& context) : context_(context), keyboard_(context) {}

  int Run() {
    int status = 0;
    if (!ParseOptions(context_, kCommand, &options_, &status)) return status;
    if (!context_.arguments.empty())
      return UsageError(context_, kCommand, context_.arguments[0], "extra operand");
    Result<void> done = ReadAll(context_.input, text_);
    if (!done.ok()) {
      Report(context_, {nullptr, 0}, "standard input", done.error());
      return kTrouble;
    }
    done = Split();
    if (done.ok()) done = query_.Append(options_.query);
    if (!done.ok()) {
      Report(context_, done.error());
      return kTrouble;
    }
    if (lines_.empty()) return kNothing;
    Match();
    if (options_.select_one && matches_.size() < 2) return matches_.empty() ? kNothing : Print();
    if (!keyboard_.Find()) {
      Report(context_, "there is no terminal to choose at");
      return kTrouble;
    }
    if (!UnderstandsSequences(Environment(context_, "TERM"))) {
      Report(context_, "the terminal understands no sequences");
      return kTrouble;
    }
    screen_ = keyboard_.Screen();
    return Ask();
  }

 private:
  // ---------------------------------------------------------------------------------------- lines

  Result<void> Split() {
    const char end = options_.null ? '\0' : '\n';
    for (StringView rest = text_.view(); !rest.empty();) {
      const size_t size = Min(rest.Find(end), rest.size());
      CATION_TRY(lines_.PushBack(rest.First(size)));
      rest = rest.From(Min(size + 1, rest.size()));
    }
    for (size_t i = 0; options_.reverse && i < lines_.size() / 2; ++i)
      Swap(lines_[i], lines_[lines_.size() - 1 - i]);
    // Room for all: nothing fails any more while it asks.
    return matches_.Reserve(lines_.size());
  }

  // Those that have all words.
  void Match() {
    matches_.Clear();
    top_ = chosen_ = 0;
    exact_ = false;
    for (const char c : query_.view()) exact_ |= IsCapital(c);
    for (const StringView& line : lines_) {
      if (Matches(line)) (void)matches_.PushBack(&line);
    }
  }
  // The same after more was typed: of those that are left.
  void MatchMore(char added) {
    if (IsCapital(added)) exact_ = true;
    top_ = chosen_ = 0;
    size_t kept = 0;
    for (const StringView* const line : matches_) {
      if (Matches(*line)) matches_[kept++] = line;
    }
    while (matches_.size() > kept) matches_.PopBack();
  }
  [[nodiscard]] bool Matches(StringView line) const {
    for (StringView rest = query_.view(); !rest.empty();) {
      const size_t size = Min(rest.Find(' '), rest.size());
      if (!HasText(line, rest.First(size), !exact_)) return false;
      rest = rest.From(Min(size + 1, rest.size()));
    }
    return true;
  }
  int Print() {
    Output out(context_);
    out.Write(*matches_[chosen_]);
    out.Write(options_.null ? '\0' : '\n');
    return out.Finish(0, kTrouble);
  }

  // ------------------------------------------------------------------------------------- terminal

  int Ask() {
    pager::NoteSignals();
    Enter();
    int status = kTrouble;
    bool goes_on = true;
    while (goes_on) {
      Draw();
      goes_on = Write() && Act(keyboard_.Read(), &status);
    }
    Exit();
    if (fatal_signal_ != 0) pager::EndBy(fatal_signal_);
    if (status == 0) return Print();
    if (failure_ != 0) Report(context_, {nullptr, 0}, "the terminal", Error{failure_});
    return status;
  }

  void Enter() {
    if (const Result<void> prepared = keyboard_.Prepare(); !prepared.ok())
      failure_ = prepared.error().number;
    Add(out_, "\033[?1049h");
  }
  // Where there is no other screen, nothing is left on the one that there is.
  void Exit() {
    out_.Truncate(0);
    Add(out_, "\033[H\033[J\033[?1049l");
    (void)sys::WriteAll(screen_, out_.view());
    out_.Truncate(0);
    keyboard_.Restore();
  }
  bool Write() {
    if (failure_ != 0) return false;
    const Result<void> written = sys::WriteAll(screen_, out_.view());
    if (!written.ok()) failure_ = written.error().number;
    out_.Truncate(0);
    return written.ok();
  }

  // To the row and the column, from 0.
  void GoTo(size_t row, size_t column) {
    Add(out_, "\033[");
    Add(out_, Digits(row + 1));
    Add(out_, ";");
    Add(out_, Digits(column + 1));
    Add(out_, "H");
  }

  // As much of `text` as there are columns for; returns how many it takes. `plainly`: what is not
  // the text itself looks like the rest.
  size_t PutText(StringView text, size_t columns, bool plainly) {
    size_t used = 0;
    while (!text.empty()) {
      const pager::Shown shown = pager::ShowCharacter(text);
      if (used + shown.columns > columns) break;
      const bool marks = shown.is_special && !plainly;
      if (marks) Add(out_, "\033[7m");
      Add(out_, shown.text());
      if (marks) Add(out_, "\033[m");
      used += shown.columns;
      text = text.From(shown.length);
    }
    return used;
  }

  // Of the last row's last column, terminals make what they want: it stays free.
  void Draw() {
    const sys::TerminalSize size = pager::ScreenSize(context_, screen_);
    const size_t width = Max(size.columns - 1, 1U);
    rows_ = size.rows - 1;
    if (chosen_ < top_) top_ = chosen_;
    if (rows_ != 0 && chosen_ >= top_ + rows_) top_ = chosen_ - rows_ + 1;
    // A longer screen has room for what was above.
    if (top_ + rows_ > matches_.size()) top_ = matches_.size() - Min(matches_.size(), rows_);
    for (size_t row = 0; row < rows_; ++row) {
      GoTo(row + 1, 0);
      Add(out_, "\033[K");
      if (top_ + row < matches_.size()) PutLine(top_ + row, width);
    }
    GoTo(0, 0);
    Add(out_, "\033[K");
    size_t column = PutText(options_.prompt, width / 2, true);
    // Of what is longer than the row, the end.
    StringView typed = query_.view();
    while (WidthOf(typed) + column + 1 > width && !typed.empty())
      typed = typed.From(pager::ShowCharacter(typed).length);
    column += PutText(typed, width - column, true);
    if (rows_ == 0 && !matches_.empty() && column + 2 < width) {
      Add(out_, "  ");
      PutLine(chosen_, width - column - 2);
    } else if (rows_ != 0) {
      const Digits left(matches_.size());
      const Digits all(lines_.size());
      if (column + 3 + left.view().size() + all.view().size() <= width) {
        Add(out_, "  ");
        Add(out_, left);
        Add(out_, "/");
        Add(out_, all);
      }
    }
    GoTo(0, column);
  }
  void PutLine(size_t match, size_t width) {
    const bool is_chosen = match == chosen_;
    if (rows_ != 0 && width > 2) {
      Add(out_, is_chosen ? "> " : "  ");
      width -= 2;
    }
    if (is_chosen) Add(out_, "\033[7m");
    PutText(*matches_[match], width, is_chosen);
    if (is_chosen) Add(out_, "\033[m");
  }
  static size_t WidthOf(StringView text) {
    size_t width = 0;
    while (!text.empty()) {
      const pager::Shown shown = pager::ShowCharacter(text);
      width += shown.columns;
      text = text.From(shown.length);
    }
    return width;
  }

  // ----------------------------------------------------------------------------------------- keys

  // Returns false at the end; `*status` is what it ends with then.
  bool Act(int key, int* status) {
    constexpr int kControl = 0x1f;
    const size_t page = Max(rows_, size_t{1});
    switch (key) {
      case pager::kSignal:
        return FollowSignals(keyboard_.TakeSignals(), status);
      case pager::kHangUp:
        failure_ = abi::kEIO;
        return false;
      case '\r':
      case '\n':
        if (matches_.empty()) return true;
        *status = 0;
        return false;
      case '\033':
      case 'C' & kControl:
      case 'D' & kControl:
      case 'G' & kControl:
        *status = kGivenUp;
        return false;
      case pager::kUp:
      case 'P' & kControl:
        Move(1, false);
        return true;
      case pager::kDown:
      case 'N' & kControl:
        Move(1, true);
        return true;
      case pager::kPageUp:
        Move(page, false);
        return true;
      case pager::kPageDown:
        Move(page, true);
        return true;
      case pager::kHome:
        Move(matches_.size(), false);
        return true;
      case pager::kEnd:
        Move(matches_.size(), true);
        return true;
      default:
        Edit(key);
        return true;
    }
  }
  void Move(size_t by, bool down) {
    if (matches_.empty()) return;
    chosen_ = down ? Min(chosen_ + by, matches_.size() - 1) : chosen_ - Min(by, chosen_);
  }

  void Edit(int key) {
    constexpr int kControl = 0x1f;
    size_t size = query_.size();
    if (key == '\b' || key == 0x7f || key == keyboard_.erase()) {
      // All bytes of a character.
      while (size != 0) {
        --size;
        if ((query_.view()[size] & 0xc0) != 0x80) break;
      }
    } else if (key == ('U' & kControl) || key == keyboard_.kill()) {
      size = 0;
    } else if (key == ('W' & kControl)) {
      while (size != 0 && query_.view()[size - 1] == ' ') --size;
      while (size != 0 && query_.view()[size - 1] != ' ') --size;
    } else if (key >= ' ' && key < pager::kMeta) {
      const char typed = static_cast<char>(key);
      if (query_.Append(typed).ok()) MatchMore(typed);
      return;
    }
    if (size == query_.size()) return;
    query_.Truncate(size);
    Match();
  }

  bool FollowSignals(uint64_t signals, int* status) {
    fatal_signal_ = pager::FatalOf(signals);
    if (fatal_signal_ != 0) return false;
    if ((signals & sys::SignalBit(sys::kSignalInterrupt)) != 0) {
      *status = kGivenUp;
      return false;
    }
    if ((signals & sys::SignalBit(sys::kSignalTerminalStop)) != 0) {
      Exit();
      pager::Stop();
      Enter();
    }
    return true;
  }

  Context& context_;
  Options options_;
  pager::Keyboard keyboard_;
  sys::Descriptor screen_ = sys::kNone;
  String text_;
  Vector<StringView> lines_;
  Vector<const StringView*> matches_;
  String query_;
  bool exact_ = false;
  size_t chosen_ = 0;  // of matches_
  size_t top_ = 0;     // the first that is shown
  size_t rows_ = 0;    // for lines; 0: the one row is for all
  String out_;
  int fatal_signal_ = 0;
  int failure_ = 0;
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) { return Pick(context).Run(); }

}  // namespace cation
