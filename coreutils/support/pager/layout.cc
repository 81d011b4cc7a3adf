// SPDX-License-Identifier: MIT
#include "coreutils/support/pager/layout.h"

#include "coreutils/support/pager/pager.h"
#include "coreutils/support/pager/shown.h"
#include "coreutils/support/quote.h"
#include "runtime/core/display_width.h"
#include "runtime/core/format.h"

namespace cation::pager {
namespace {

// What is between "\033[" and "m".
constexpr char kReverse = '7';
constexpr char kBold = '1';
constexpr char kUnderline = '4';
constexpr char kNormal = '\0';

void Put(String* out, StringView text) {
  if (out != nullptr) (void)out->Append(text);
}

[[gnu::noinline]] void PutLook(String* out, char look) {
  Put(out, "\033[");
  if (look != kNormal) Put(out, {&look, 1});
  Put(out, "m");
}

// The length of a sequence ESC [ ... m that `text` begins with; 0 if it begins with none.
[[gnu::noinline]] size_t ColorSequence(StringView text) {
  if (!text.StartsWith("\033[")) return 0;
  size_t at = 2;
  while (at < text.size() &&
         ((text[at] >= '0' && text[at] <= '9') || text[at] == ';' || text[at] == ':'))
    ++at;
  return at < text.size() && text[at] == 'm' ? at + 1 : 0;
}

constexpr unsigned kNumberWidth = 8;

}  // namespace

[[gnu::noinline]] uint64_t Layout::LineStart(uint64_t at) {
  if (HasLess() && style_.chop) {
    const uint64_t newline = document_->FindNewlineBefore(at, 0);
    return newline == kNowhere ? 0 : newline + 1;
  }
  const uint64_t segment = at / kSegment * kSegment;
  const uint64_t earlier = segment >= kSegment ? segment - kSegment : 0;
  const uint64_t newline = document_->FindNewlineBefore(at, earlier);
  // In the segment or the one before; when there is none, the line is one that is taken in parts.
  if (newline != kNowhere) return newline + 1;
  return segment >= kSegment ? segment : 0;
}

Row Layout::RowAt(uint64_t at) {
  Row row;
  row.at = row.line = LineStart(at);
  for (Row next; Next(row, &next) && next.at <= at && next.at != row.at;) row = next;
  return row;
}

[[gnu::noinline]] bool Layout::IsBlank(uint64_t line) {
  const StringView part = document_->At(line);
  return !part.empty() && part[0] == '\n';
}

bool Layout::Next(const Row& row, Row* next, String* out, Regex* highlight) {
  const bool chop = HasLess() && style_.chop;
  const bool raw = HasLess() && style_.raw;
  const bool colors = HasLess() && style_.colors;
  const bool numbers = HasLess() && style_.numbers;
  const unsigned margin = numbers ? kNumberWidth : 0;
  const unsigned width = style_.width > margin + 1 ? style_.width - margin : 2;
  const bool starts_line = row.at == row.line;
  if (numbers && out != nullptr) {
    const uint64_t lines = starts_line ? document_->LinesBefore(row.at) : kNowhere;
    if (lines == kNowhere) {
      Put(out, "        ");
    } else {
      Put(out, Digits(lines + 1, 10, kNumberWidth - 1, ' '));
      Put(out, " ");
    }
  }
  // Where in the line the row may break in any case.
  uint64_t limit = kNowhere;
  if (!chop) {
    const uint64_t boundary = (row.at / kSegment + 1) * kSegment;
    if (boundary - row.line >= kSegment) limit = boundary;
  }

  // Matches, in the row's text and what is near it.
  String text;
  uint64_t text_at = row.at;
  Regex::Match match;
  bool has_match = false;
  if (HasLess() && out != nullptr && highlight != nullptr && !highlight->empty() && !style_.plain) {
    constexpr uint64_t kNear = 4096;
    if (row.at - row.line <= kNear) text_at = row.line;
    uint64_t end = document_->FindNewline(
        row.at, Min(row.at + 4 * uint64_t{width} + style_.shift + kNear, limit));
    if (end == kNowhere) end = row.at + 4 * uint64_t{width} + style_.shift;
    if (document_->Append(text_at, end, text).ok())
      has_match = highlight->Find(text.view(), 0, &match);
  }

  unsigned column = 0;
  const unsigned first_shown = chop ? style_.shift : 0;
  const unsigned last = first_shown + width;
  uint64_t at = row.at;
  bool ended = false;      // at a newline
  bool ended_all = false;  // at the document's end
  char mark = kNormal;     // how what comes is shown
  bool colored = false;
  if (colors && color_at_ == row.at && !color_.empty() && out != nullptr) {
    Put(out, color_.view());
    colored = true;
  } else if (colors && out != nullptr) {
    color_.Truncate(0);
  }
  while (at < limit) {
    StringView part = document_->At(at);
    String joined;
    // Enough for one character and what may strike it over.
    constexpr size_t kEnough = 48;
    if (!part.empty() && part.size() < kEnough && part.Find('\n') == StringView::kNotFound) {
      if (document_->Append(at, at + kEnough, joined).ok()) part = joined.view();
    }
    if (part.empty()) {
      ended_all = true;
      break;
    }
    if (part[0] == '\n') {
      ended = true;
      break;
    }
    // A carriage return before the newline is part of that.
    if (part[0] == '\r' && part.size() > 1 && part[1] == '\n' && !raw) {
      ++at;
      continue;
    }
    const size_t color = colors || raw ? ColorSequence(part) : 0;
    if (color != 0) {
      if (out != nullptr) {
        Put(out, part.First(color));
        const StringView what = part.First(color);
        const bool resets = what == "\033[m" || what == "\033[0m";
        if (resets) color_.Truncate(0);
        if (!resets && color_.size() < 256) (void)color_.Append(what);
        colored = !resets;
      }
      at += color;
      continue;
    }

    // One character: what is shown for it, in how many columns.
    const Shown character = ShowCharacter(part);
    StringView shown = character.text();
    char look = character.is_special ? kReverse : kNormal;
    size_t length = character.length;
    unsigned columns = character.columns;
    const auto byte = static_cast<uint8_t>(part[0]);
    if (byte == '\t') {
      const unsigned tab = HasLess() ? style_.tab : 8;
      columns = tab - column % tab;
    } else if (!character.is_special) {
      // Struck over: as man pages have what is bold or underlined.
      if (part.size() > length + 1 && part[length] == '\b' && style_.strikes) {
        const StringView over = part.From(length + 1);
        uint32_t other = 0;
        const size_t other_length = DecodeUtf8(over, &other);
        if (other_length != 0 && (other == character.code_point || byte == '_' || other == '_')) {
          look = other == character.code_point ? kBold : kUnderline;
          if (byte == '_') {
            shown = over.First(other_length);
            columns = DisplayWidth(other);
          }
          length += 1 + other_length;
        }
      }
    }
    if (character.is_special && raw) {
      columns = character.size == 4 ? 1 : 0;
      shown = part.First(1);
      look = kNormal;
    }
    if (column + columns > last && column > 0) {
      if (!chop) break;
      // The rest is not shown: on to the newline.
      const uint64_t newline = document_->FindNewline(at, limit);
      ended = newline != kNowhere;
      ended_all = !ended;
      at = ended ? newline : document_->size();
      break;
    }
    if (out != nullptr) {
      // Matches in reverse, or what is special.
      while (has_match && at >= text_at + match.end && match.end > match.start) {
        const size_t from = match.end;
        has_match = highlight->Find(text.view(), from, &match);
        // The empty match is nothing to show.
        if (has_match && match.end == match.start) has_match = false;
      }
      if (has_match && match.end > match.start && at >= text_at + match.start) look = kReverse;
      if (style_.plain) look = kNormal;
      if (look != mark) {
        if (mark != kNormal) {
          PutLook(out, kNormal);
          if (colored) Put(out, color_.view());
        }
        if (look != kNormal) PutLook(out, look);
        mark = look;
      }
      if (column >= first_shown && byte != '\t') {
        Put(out, shown);
      } else if (column + columns > first_shown) {
        const unsigned from = Max(column, first_shown);
        for (unsigned i = from; i < Min(column + columns, last); ++i) Put(out, " ");
      }
    }
    column += columns;
    at += length;
  }
  if (mark != kNormal || colored) PutLook(out, kNormal);

  if (ended) {
    ++at;
    if (style_.squeeze && starts_line && at == row.at + 1) {
      while (IsBlank(at)) ++at;
    }
  }
  if (out != nullptr) color_at_ = at;
  next->at = at;
  const bool is_segment = at == limit && !ended;
  next->line = ended || is_segment ? at : row.line;
  if (ended_all) return false;
  return !document_->At(at).empty();
}

[[gnu::noinline]] bool Layout::Previous(const Row& row, Row* previous) {
  if (row.at == 0) return false;
  uint64_t start = row.line;
  if (row.at == row.line) {
    // The line before; its newline is just before this one, unless a line goes on here.
    start = LineStart(row.at - 1);
    // Of a run of empty lines the first is shown.
    if (style_.squeeze && IsBlank(start)) {
      while (start > 0 && IsBlank(start - 1) && (start == 1 || IsBlank(start - 2))) --start;
    }
  }
  Row at = {start, start};
  for (Row next; Next(at, &next) && next.at < row.at && next.at != at.at;) at = next;
  *previous = at;
  return true;
}

}  // namespace cation::pager
