// SPDX-License-Identifier: MIT
#include "coreutils/ls/entry_writer.h"

#include "runtime/core/format.h"

namespace cation::ls {
namespace {

constexpr StringView kUnknown = "?";
constexpr uint64_t kBlock = 512;

StringView InodeText(const Entry& entry, const Digits& digits) {
  return entry.inode == 0 ? kUnknown : digits.view();
}

}  // namespace

void WriteRight(Output& out, StringView text, size_t width) {
  if (text.size() < width) WriteSpaces(out, width - text.size());
  out.Write(text);
}

void WriteSpaces(Output& out, size_t count) {
  while (count-- > 0) out.Write(' ');
}

void EntryWriter::Measure(const Listing* others) {
  inode_width_ = 0;
  blocks_width_ = 0;
  if (options_.format == Format::kCommas || !(options_.inode || options_.blocks)) return;
  const Listing* const listings[] = {&listing_, others};
  for (const Listing* const listing : listings) {
    for (size_t i = 0; listing != nullptr && i < listing->size(); ++i) {
      const Entry& entry = (*listing)[i];
      inode_width_ = Max(inode_width_, InodeText(entry, Digits(entry.inode)).size());
      if (options_.blocks) blocks_width_ = Max(blocks_width_, BlocksWidth(*listing, entry));
    }
  }
}

size_t EntryWriter::BlocksWidth(const Listing& listing, const Entry& entry) const {
  if (!entry.is_known) return 1;
  return SizeText(listing.DetailsOf(entry).blocks, kBlock, options_.block_unit).view().size();
}

Result<size_t> EntryWriter::Width(const Entry& entry) {
  CATION_TRY_ASSIGN(size_t width, names.Width(listing_.NameOf(entry)));
  if (options_.inode) {
    width += 1 + Max(inode_width_, InodeText(entry, Digits(entry.inode)).size());
  }
  if (options_.blocks) width += 1 + Max(blocks_width_, BlocksWidth(listing_, entry));
  if (options_.context) width += 2;
  return width + (IndicatorOf(entry.mode, options_.indicator) != 0 ? 1 : 0);
}

Result<void> EntryWriter::Write(const Entry& entry, size_t column) {
  names.BeginText();
  WritePrefix(entry);
  if (options_.context) out_.Write("? ");
  CATION_TRY(WriteName(entry, column));
  WriteIndicator(entry.mode);
  return {};
}

size_t EntryWriter::WritePrefix(const Entry& entry) {
  size_t columns = 0;
  const auto write = [&](StringView text, size_t width) {
    WriteRight(out_, text, width);
    out_.Write(' ');
    columns += Max(text.size(), width) + 1;
  };
  if (options_.inode) write(InodeText(entry, Digits(entry.inode)), inode_width_);
  if (options_.blocks) {
    const SizeText blocks(listing_.DetailsOf(entry).blocks, kBlock, options_.block_unit);
    write(entry.is_known ? blocks.view() : kUnknown, blocks_width_);
  }
  return columns;
}

Result<size_t> EntryWriter::WriteName(const Entry& entry, size_t column) {
  const StringView name = listing_.NameOf(entry);
  CATION_TRY_ASSIGN(url_, links_.Of(name));
  return names.Write(name, ColorOf(options_, entry, name, false), column, true, url_);
}

void EntryWriter::WriteIndicator(sys::Mode mode) {
  const char indicator = IndicatorOf(mode, options_.indicator);
  if (indicator != 0) out_.Write(indicator);
}

}  // namespace cation::ls
