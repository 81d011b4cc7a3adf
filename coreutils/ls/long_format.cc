// SPDX-License-Identifier: MIT
#include "coreutils/ls/long_format.h"

#include "coreutils/support/device_number.h"
#include "coreutils/support/file_mode.h"
#include "runtime/core/format.h"
#include "runtime/core/format_time.h"

namespace cation::ls {
namespace {

// Half of a Gregorian year: of older files the year is shown in place of the hour, and of those
// from the future.
constexpr int64_t kRecent = 31556952 / 2;

bool IsDevice(sys::Mode mode) {
  const sys::Mode type = mode & sys::kTypeMask;
  return type == sys::kTypeBlockDevice || type == sys::kTypeCharacterDevice;
}

size_t DigitsIn(uint64_t number) { return Digits(number).view().size(); }

}  // namespace

LongFormat::LongFormat(const Context& context, const Options& options, const Listing& listing,
                       Output& out)
    : options_(options),
      listing_(listing),
      out_(out),
      users_(AccountFile::kUsers),
      groups_(AccountFile::kGroups),
      context_(context) {}

void LongFormat::Measure(const Listing* others) {
  widths_ = {};
  zone_.Find(context_);
  const Listing* const listings[] = {&listing_, others};
  for (const Listing* const listing : listings) {
    for (size_t i = 0; listing != nullptr && i < listing->size(); ++i) {
      const Entry& entry = (*listing)[i];
      if (entry.is_known) MeasureEntry(entry, listing->DetailsOf(entry));
    }
  }
}

void LongFormat::MeasureEntry(const Entry& entry, const Details& details) {
  widths_.links = Max(widths_.links, DigitsIn(details.links));
  if (!options_.hide_owner || options_.author) MeasureOwner(users_, details.user, widths_.user);
  if (!options_.hide_group) MeasureOwner(groups_, details.group, widths_.group);
  if (IsDevice(entry.mode)) {
    widths_.major = Max(widths_.major, DigitsIn(MajorOf(details.special_device)));
    widths_.minor = Max(widths_.minor, DigitsIn(MinorOf(details.special_device)));
    widths_.size = Max(widths_.size, widths_.major + 2 + widths_.minor);
  } else {
    widths_.size = Max(widths_.size, SizeText(details.size, 1, options_.size_unit).view().size());
  }
}

void LongFormat::MeasureOwner(Accounts& accounts, uint32_t id, size_t& width) {
  const StringView name = options_.numeric ? "" : accounts.NameOf(id);
  width = Max(width, name.empty() ? DigitsIn(id) : WidthOf(name));
}

Result<void> LongFormat::WriteLine(const Entry& entry, EntryWriter& writer) {
  const Details& details = listing_.DetailsOf(entry);
  const bool known = entry.is_known;
  writer.names.BeginText();
  column_ = writer.WritePrefix(entry);
  const ModeText mode(entry.mode);
  Put(known ? mode.view() : mode.view().First(1));
  if (!known) Put("?????????");
  Put(" ");
  PutRight(known ? StringView(Digits(details.links)) : "?", widths_.links);
  Put(" ");
  if (!options_.hide_owner) WriteOwner(users_, details.user, known, widths_.user);
  if (!options_.hide_group) WriteOwner(groups_, details.group, known, widths_.group);
  if (options_.author) WriteOwner(users_, details.user, known, widths_.user);
  if (options_.context) {
    out_.Write("? ");
    column_ = 0;
  }
  WriteSize(entry, details);
  Put(" ");
  CATION_TRY(WriteDate(entry, details));
  Put(" ");

  CATION_TRY_ASSIGN(const size_t width, writer.WriteName(entry, column_));
  if (details.target == nullptr) {
    writer.WriteIndicator(entry.mode);
    return {};
  }
  out_.Write(" -> ");
  const StringView target(details.target, details.target_size);
  CATION_TRY(writer.names.Write(target, ColorOf(options_, entry, target, true), column_ + width + 4,
                                false, writer.last_url()));
  if (entry.leads_somewhere) writer.WriteIndicator(entry.target_mode);
  return {};
}

// Names at the left of the column, numbers at its right.
void LongFormat::WriteOwner(Accounts& accounts, uint32_t id, bool known, size_t width) {
  const StringView name = !known ? "?" : options_.numeric ? "" : accounts.NameOf(id);
  if (name.empty()) {
    WriteRight(out_, Digits(id), width);
  } else {
    out_.Write(name);
    WriteRight(out_, "", width - Min(width, WidthOf(name)));
  }
  out_.Write(' ');
  // Where a coloured name wraps is reckoned from here on, as by GNU.
  column_ = 0;
}

void LongFormat::WriteSize(const Entry& entry, const Details& details) {
  if (!entry.is_known) return PutRight("?", widths_.size);
  if (!IsDevice(entry.mode)) {
    return PutRight(SizeText(details.size, 1, options_.size_unit), widths_.size);
  }
  PutRight(Digits(MajorOf(details.special_device)), widths_.size - 2 - widths_.minor);
  Put(", ");
  PutRight(Digits(MinorOf(details.special_device)), widths_.minor);
}

Result<void> LongFormat::WriteDate(const Entry& entry, const Details& details) {
  date_.Truncate(0);
  if (!entry.is_known || details.nanoseconds < 0) {
    CATION_TRY_ASSIGN(const size_t width, DateWidth());
    PutRight("?", width);
    return {};
  }
  const auto nanoseconds = static_cast<uint32_t>(details.nanoseconds);
  const bool is_recent = IsRecent({details.seconds, details.nanoseconds});
  CATION_TRY(AppendTime(date_, options_.time_formats[is_recent ? 1 : 0],
                        LocalTime(details.seconds, nanoseconds, zone_.zone())));
  Put(date_.view());
  return {};
}

Result<size_t> LongFormat::DateWidth() {
  date_.Truncate(0);
  CATION_TRY(AppendTime(date_, options_.time_formats[0], LocalTime(0, 0, zone_.zone())));
  return WidthOf(date_.view());
}

bool LongFormat::IsRecent(const sys::TimePoint& time) {
  // Of a file younger than the last look at the clock, the clock is asked again: it may have been
  // written meanwhile.
  if (!(time < now_)) now_ = sys::Now();
  const sys::TimePoint limit = {now_.seconds - kRecent, now_.nanoseconds};
  return limit < time && time < now_;
}

}  // namespace cation::ls
