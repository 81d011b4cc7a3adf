// SPDX-License-Identifier: MIT
#include "coreutils/ls/columns.h"

namespace cation::ls {
namespace {

// As with GNU: columns are at least this wide, and all but the last end in a gap.
constexpr uint32_t kNarrowestColumn = 3;
constexpr uint32_t kGap = 2;

void Indent(const Options& options, Output& out, size_t from, size_t to) {
  const size_t tab = options.tab;
  while (from < to) {
    const bool uses_tab = tab != 0 && to / tab > (from + 1) / tab;
    out.Write(uses_tab ? '\t' : ' ');
    from += uses_tab ? tab - from % tab : 1;
  }
}

class Table {
 public:
  Table(const Options& options, const Listing& listing) : options_(options), listing_(listing) {}

  // Chooses the most columns that the line has room for. Errors: ENOMEM.
  Result<void> Plan() {
    const size_t most =
        options_.width / kNarrowestColumn + (options_.width % kNarrowestColumn != 0 ? 1 : 0);
    columns_ = Min(most, listing_.size());
    CATION_TRY(widths_.Reserve(columns_));
    while (widths_.size() < columns_) CATION_TRY(widths_.PushBack(0));
    while (columns_ > 1 && !Fits()) --columns_;
    if (columns_ == 1) rows_ = listing_.size();
    return {};
  }

  Result<void> Write(EntryWriter& writer, Output& out) {
    for (size_t row = 0; row < rows_; ++row) {
      size_t start = 0;
      size_t end = 0;  // of what has been written
      for (size_t column = 0; column < columns_; ++column) {
        const size_t index = across() ? row * columns_ + column : column * rows_ + row;
        if (index >= listing_.size()) break;
        Indent(options_, out, end, start);
        CATION_TRY(writer.Write(listing_[index], start));
        end = start + listing_[index].width;
        start += widths_[column];
      }
      out.Write(options_.line_end);
    }
    return {};
  }

 private:
  [[nodiscard]] bool across() const { return options_.format == Format::kAcross; }

  bool Fits() {
    rows_ = (listing_.size() + columns_ - 1) / columns_;
    for (size_t column = 0; column < columns_; ++column) widths_[column] = kNarrowestColumn;
    size_t line = columns_ * kNarrowestColumn;
    for (size_t i = 0; i < listing_.size(); ++i) {
      const size_t column = across() ? i % columns_ : i / rows_;
      const uint32_t width = listing_[i].width + (column + 1 == columns_ ? 0 : kGap);
      if (width <= widths_[column]) continue;
      line += width - widths_[column];
      widths_[column] = width;
      if (line >= options_.width) return false;
    }
    return true;
  }

  const Options& options_;
  const Listing& listing_;
  Vector<uint32_t> widths_;
  size_t columns_ = 1;
  size_t rows_ = 1;
};

// One after the other, in as few lines as it takes.
Result<void> WriteFlowing(const Options& options, const Listing& listing, EntryWriter& writer,
                          Output& out) {
  const char separator = options.format == Format::kCommas ? ',' : ' ';
  size_t column = 0;
  for (size_t i = 0; i < listing.size(); ++i) {
    const size_t width = options.width == 0 ? 0 : listing[i].width;
    if (i != 0) {
      const bool has_room = options.width == 0 || column + width + kGap < options.width;
      column = has_room ? column + kGap : 0;
      out.Write(separator);
      out.Write(has_room ? ' ' : options.line_end);
    }
    CATION_TRY(writer.Write(listing[i], column));
    column += width;
  }
  out.Write(options.line_end);
  return {};
}

}  // namespace

Result<void> WriteTable(const Options& options, Listing& listing, EntryWriter& writer,
                        Output& out) {
  for (size_t i = 0; i < listing.size(); ++i) {
    CATION_TRY_ASSIGN(const size_t width, writer.Width(listing[i]));
    listing[i].width = static_cast<uint32_t>(width);
  }
  if (options.width == 0 || options.format == Format::kCommas)
    return WriteFlowing(options, listing, writer, out);
  Table table(options, listing);
  CATION_TRY(table.Plan());
  return table.Write(writer, out);
}

}  // namespace cation::ls
