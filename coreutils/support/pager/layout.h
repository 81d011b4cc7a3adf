// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_PAGER_LAYOUT_H_
#define CATION_COREUTILS_SUPPORT_PAGER_LAYOUT_H_

#include "coreutils/support/pager/document.h"
#include "coreutils/support/pager/regex.h"

namespace cation::pager {

// How lines become rows of the screen.
struct Style {
  unsigned width = 80;
  unsigned tab = 8;
  // Long lines are cut at the screen's edge, and shown from the column `shift` on.
  bool chop = false;
  unsigned shift = 0;
  bool squeeze = false;  // of several empty lines one is shown
  bool numbers = false;
  bool raw = false;     // control characters go to the terminal
  bool colors = false;  // those that change colours do
  bool strikes = true;  // characters struck over are bold or underlined
  bool plain = false;   // the terminal understands no sequences
};

// A row's beginning: the place in the document, and that of the line that it is part of.
struct Row {
  uint64_t at = 0;
  uint64_t line = 0;
};

// Rows from a document. A line of more than kSegment bytes without a newline is taken in parts of
// that size, so that going back in it needs no look at all of it; when chopping it is not.
class Layout {
 public:
  static constexpr uint64_t kSegment = uint64_t{256} * 1024;

  Layout(Document& document, const Style& style) : document_(&document), style_(style) {}

  // The row that begins at `at`, or holds it.
  Row RowAt(uint64_t at);
  // The row after `row`; false when there is none. `out`, if not nullptr, gets what is to be
  // written for `row`, without a newline; `highlight` may be nullptr.
  bool Next(const Row& row, Row* next, String* out = nullptr, Regex* highlight = nullptr);
  // The row before `row`; false at the start.
  bool Previous(const Row& row, Row* previous);
  // Where the line that holds `at` begins.
  uint64_t LineStart(uint64_t at);
  // Whether a newline is there.
  [[nodiscard]] bool IsBlank(uint64_t line);

 private:
  Document* document_;
  const Style& style_;
  // What changes colours and is in force where the last row ended.
  String color_;
  uint64_t color_at_ = kNowhere;
};

}  // namespace cation::pager

#endif  // CATION_COREUTILS_SUPPORT_PAGER_LAYOUT_H_
