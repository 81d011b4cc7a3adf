// SPDX-License-Identifier: MIT
#include "coreutils/ls/entry_writer.h"

#include "runtime/core/format.h"

namespace cation::ls {
namespace {

constexpr StringView kUnknown = "?";

}  // namespace

SizeText::SizeText(uint64_t bytes, Units units) {
  const uint64_t base = units == Units::kDecimal ? 1000 : 1024;
  if (units == Units::kPlain || bytes < base) {
    PrependNumber(bytes);
    return;
  }
  uint64_t unit = base;
  size_t power = 0;
  // 999.1 of a unit would be rounded up to 1000 of it; as 1.0 of the next it takes less room.
  while (bytes / unit >= base || (bytes / unit == base - 1 && bytes % unit != 0)) {
    unit *= base;
    ++power;
  }
  const uint64_t whole = bytes / unit;
  const uint64_t rest = bytes % unit;
  // This does not leave 64 bits: the largest unit is 2^60.
  const uint64_t tenths = whole * 10 + (rest * 10 + unit - 1) / unit;
  Prepend(units == Units::kDecimal ? "kMGTPE"[power] : "KMGTPE"[power]);
  if (tenths >= 100) {
    PrependNumber(whole + (rest != 0 ? 1 : 0));
    return;
  }
  Prepend(static_cast<char>('0' + tenths % 10));
  Prepend('.');
  Prepend(static_cast<char>('0' + tenths / 10));
}

void SizeText::PrependNumber(uint64_t number) {
  do {
    Prepend(static_cast<char>('0' + number % 10));
    number /= 10;
  } while (number != 0);
}

SizeText BlocksText(uint64_t blocks, Units units) {
  return units == Units::kPlain ? SizeText(blocks / 2 + blocks % 2, units)
                                : SizeText(blocks * 512, units);
}

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
  if (options_.format == Format::kCommas) return;
  const Listing* const listings[] = {&listing_, others};
  for (const Listing* const listing : listings) {
    for (size_t i = 0; listing != nullptr && i < listing->size(); ++i) {
      const Entry& entry = (*listing)[i];
      inode_width_ = Max(inode_width_, Digits(entry.inode).view().size());
      if (!options_.blocks) continue;
      blocks_width_ = Max(blocks_width_, BlocksWidth(listing->DetailsOf(entry)));
    }
  }
}

size_t EntryWriter::BlocksWidth(const Details& details) const {
  return details.known ? StringView(BlocksText(details.blocks, options_.units)).size() : 1;
}

Result<size_t> EntryWriter::Width(const Entry& entry) {
  CATION_TRY_ASSIGN(size_t width, names.Width(listing_.View(entry.name)));
  if (options_.inode) width += 1 + Max(inode_width_, Digits(entry.inode).view().size());
  if (options_.blocks) width += 1 + Max(blocks_width_, BlocksWidth(listing_.DetailsOf(entry)));
  return width + (IndicatorOf(entry.mode, options_.indicator) != 0 ? 1 : 0);
}

Result<void> EntryWriter::Write(const Entry& entry, size_t column) {
  WritePrefix(entry);
  CATION_TRY(names.Write(listing_.View(entry.name), entry.mode, column));
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
  if (options_.inode) {
    const Digits inode(entry.inode);
    write(entry.inode == 0 ? kUnknown : inode.view(), inode_width_);
  }
  if (options_.blocks) {
    const Details& details = listing_.DetailsOf(entry);
    const SizeText blocks = BlocksText(details.blocks, options_.units);
    write(details.known ? StringView(blocks) : kUnknown, blocks_width_);
  }
  return columns;
}

void EntryWriter::WriteIndicator(sys::Mode mode) {
  const char indicator = IndicatorOf(mode, options_.indicator);
  if (indicator != 0) out_.Write(indicator);
}

}  // namespace cation::ls
