// SPDX-License-Identifier: MIT
#include "coreutils/support/progress.h"

#include "coreutils/support/diagnostics.h"
#include "coreutils/support/quote.h"
#include "runtime/core/display_width.h"
#include "runtime/core/format.h"

namespace cation {
namespace {

constexpr uint64_t kBetweenDrawings = 200;  // milliseconds
// What an entry is worth in bytes: about as much time as its making takes.
constexpr uint64_t kEntryWork = uint64_t{64} * 1024;
constexpr uint64_t kFirstStep = 16 * kEntryWork;
constexpr unsigned kUsualColumns = 80;

// "12.3 MiB"
void AddBytes(String& line, uint64_t bytes) {
  constexpr StringView kUnits = "KMGTPE";
  if (bytes < 1024) {
    AddText(line, Digits(bytes));
    AddText(line, " B");
    return;
  }
  size_t unit = 0;
  for (; bytes >= uint64_t{1024} * 1024; bytes >>= 10) ++unit;
  AddText(line, Digits(bytes >> 10));
  AddText(line, ".");
  AddText(line, Digits((bytes & 1023) * 10 >> 10));
  AddText(line, " ");
  AddText(line, kUnits.From(unit).First(1));
  AddText(line, "iB");
}

// "1:02:03", or "2:03"
void AddDuration(String& line, uint64_t seconds) {
  if (seconds >= 3600) {
    AddText(line, Digits(seconds / 3600));
    AddText(line, ":");
  }
  AddText(line, Digits(seconds / 60 % 60, 10, seconds >= 3600 ? 2 : 1));
  AddText(line, ":");
  AddText(line, Digits(seconds % 60, 10, 2));
}

// As much of `text` as fits into `columns`, which are counted down; what would send commands to the
// terminal, or is no UTF-8, becomes a question mark.
void AddFitting(String& line, StringView text, unsigned* columns) {
  while (!text.empty()) {
    uint32_t code_point = 0;
    const size_t length = DecodeUtf8(text, &code_point);
    const bool shown = length != 0 && !IsControl(code_point);
    const unsigned width = shown ? DisplayWidth(code_point) : 1;
    if (width > *columns) break;
    *columns -= width;
    AddText(line, shown ? text.First(length) : StringView("?"));
    text = text.From(Max(length, size_t{1}));
  }
}

// `part` per second, from what was done in `milliseconds`.
uint64_t PerSecond(uint64_t part, uint64_t milliseconds) {
  milliseconds = Max(milliseconds, uint64_t{1});
  // In an order that does not overflow.
  return part < UINT64_MAX / 1000 ? part * 1000 / milliseconds : part / milliseconds * 1000;
}

}  // namespace

void Progress::Start() {
  active_ = sys::IsTerminal(context_.errors);
  if (!active_) return;
  start_ = sys::Now();
  step_ = until_asked_ = kFirstStep;
}

void Progress::Count(uint64_t entries, uint64_t bytes, StringView name) {
  entries_ += entries;
  bytes_ += bytes;
  const uint64_t work = entries * kEntryWork + bytes;
  if (work < until_asked_) {
    until_asked_ -= work;
    return;
  }
  const sys::TimePoint now = sys::Now();
  const int64_t since =
      (now.seconds - start_.seconds) * 1000 + (now.nanoseconds - start_.nanoseconds) / 1'000'000;
  // Somebody may set the clock.
  const uint64_t milliseconds = Max(since > 0 ? static_cast<uint64_t>(since) : 0, asked_at_);
  // Two to eight times as often as there is something to draw.
  const uint64_t passed = milliseconds - asked_at_;
  if (passed < kBetweenDrawings / 8) {
    step_ *= 2;
  } else if (passed > kBetweenDrawings / 2 && step_ > 1) {
    step_ /= 2;
  }
  until_asked_ = step_;
  asked_at_ = milliseconds;
  if (milliseconds - drawn_at_ < kBetweenDrawings) return;
  drawn_at_ = milliseconds;
  Draw(milliseconds, name);
}

void Progress::Draw(uint64_t milliseconds, StringView name) {
  const bool knows_bytes = bytes_ != 0 || total_bytes_ != 0;
  const bool knows_all_bytes = total_bytes_ >= bytes_ && total_bytes_ != 0;
  const bool knows_all_entries = total_entries_ >= entries_ && total_entries_ != 0;
  String text;
  if (knows_bytes) {
    AddBytes(text, bytes_);
    if (knows_all_bytes) {
      AddText(text, " of ");
      AddBytes(text, total_bytes_);
    }
    AddText(text, ", ");
  }
  AddText(text, Digits(entries_));
  if (knows_all_entries) {
    AddText(text, " of ");
    AddText(text, Digits(total_entries_));
  }
  AddText(text, " ");
  AddText(text, entries_name_);
  AddText(text, ", ");
  const uint64_t done = knows_bytes ? bytes_ : entries_;
  const uint64_t rate = PerSecond(done, milliseconds);
  if (knows_bytes) {
    AddBytes(text, rate);
  } else {
    AddText(text, Digits(rate));
  }
  AddText(text, "/s");
  if (rate != 0 && (knows_bytes ? knows_all_bytes : knows_all_entries)) {
    AddText(text, ", ");
    AddDuration(text, ((knows_bytes ? total_bytes_ : total_entries_) - done) / rate);
    AddText(text, " left");
  }
  AddText(text, "  ");
  AddText(text, name);

  // The last column stays free: many terminals go to the next line when it is written to.
  unsigned columns = sys::TerminalColumns(context_.errors);
  columns = (columns == 0 ? kUsualColumns : columns) - 1;
  String line;
  AddText(line, "\r");
  AddFitting(line, text.view(), &columns);
  AddText(line, "\033[K");
  drawn_ = sys::WriteAll(context_.errors, line.view()).ok();
  // A terminal that is gone needs no progress.
  active_ = drawn_;
}

void Progress::Clear() {
  drawn_ = false;
  (void)sys::WriteAll(context_.errors, "\r\033[K");
}

}  // namespace cation
