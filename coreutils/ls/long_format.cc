// SPDX-License-Identifier: MIT
#include "coreutils/ls/long_format.h"

#include "coreutils/support/file_mode.h"
#include "runtime/core/format.h"

namespace cation::ls {
namespace {

// Half of a Gregorian year: of older files the year is shown in place of the hour, and of those
// from the future.
constexpr int64_t kRecent = 31556952 / 2;

bool IsDevice(sys::Mode mode) {
  const sys::Mode type = mode & sys::kTypeMask;
  return type == sys::kTypeBlockDevice || type == sys::kTypeCharacterDevice;
}

// As Linux packs them. Redox has no device numbers.
uint64_t MajorOf(uint64_t device) {
  return (device >> 8 & 0xfff) | (device >> 32 & ~uint64_t{0xfff});
}
uint64_t MinorOf(uint64_t device) { return (device & 0xff) | (device >> 12 & 0xffffff00); }

size_t DigitsIn(uint64_t number) { return Digits(number).view().size(); }

bool IsBefore(const sys::TimePoint& a, const sys::TimePoint& b) {
  return a.seconds != b.seconds ? a.seconds < b.seconds : a.nanoseconds < b.nanoseconds;
}

}  // namespace

StringView Accounts::NameOf(uint32_t id) {
  if (has_answer_ && id_ == id) return name_;
  if (!has_read_ && !Read().ok()) text_.Truncate(0);
  has_read_ = true;
  has_answer_ = true;
  id_ = id;
  name_ = AccountName(text_.view(), file_, id);
  return name_;
}

Result<void> Accounts::Read() {
  constexpr size_t kStep = 4096;
  CATION_TRY_ASSIGN(const sys::Descriptor descriptor, sys::Open(sys::At(path_), sys::kRead));
  const sys::File file(descriptor);
  for (;;) {
    const size_t size = text_.size();
    CATION_TRY(text_.Reserve(size + Max(size, kStep)));
    CATION_TRY_ASSIGN(const size_t count,
                      sys::Read(file.get(), {text_.data() + size, Max(size, kStep)}));
    if (count == 0) return {};
    text_.Truncate(size + count);
  }
}

LongFormat::LongFormat(const Context& context, const Options& options, const Listing& listing,
                       Output& out)
    : options_(options),
      listing_(listing),
      out_(out),
      users_(AccountFile::kUsers, "/etc/passwd"),
      groups_(AccountFile::kGroups, "/etc/group"),
      zone_(Environment(context, "TZ")) {}

void LongFormat::Measure(const Listing* others) {
  widths_ = {};
  const Listing* const listings[] = {&listing_, others};
  for (const Listing* const listing : listings) {
    for (size_t i = 0; listing != nullptr && i < listing->size(); ++i) {
      MeasureEntry((*listing)[i], listing->DetailsOf((*listing)[i]));
    }
  }
}

void LongFormat::MeasureEntry(const Entry& entry, const Details& details) {
  const bool known = details.known;
  widths_.links = Max(widths_.links, DigitsIn(details.links));
  if (!options_.hide_owner) MeasureOwner(users_, details.user, known, widths_.user);
  if (!options_.hide_group) MeasureOwner(groups_, details.group, known, widths_.group);
  if (known && IsDevice(entry.mode)) {
    widths_.major = Max(widths_.major, DigitsIn(MajorOf(details.special_device)));
    widths_.minor = Max(widths_.minor, DigitsIn(MinorOf(details.special_device)));
    widths_.size = Max(widths_.size, widths_.major + 2 + widths_.minor);
  } else {
    widths_.size = Max(widths_.size, StringView(SizeText(details.size, options_.units)).size());
  }
}

void LongFormat::MeasureOwner(Accounts& accounts, uint32_t id, bool known, size_t& width) {
  const StringView name = options_.numeric || !known ? "" : accounts.NameOf(id);
  width = Max(width, !known ? 1 : name.empty() ? DigitsIn(id) : name.size());
}

Result<void> LongFormat::WriteLine(const Entry& entry, EntryWriter& writer) {
  const Details& details = listing_.DetailsOf(entry);
  column_ = writer.WritePrefix(entry);
  if (details.known) {
    Put(ModeText(entry.mode).view());
  } else {
    Put(ModeText(entry.mode).view().First(1));
    Put("?????????");
  }
  Put(" ");
  if (details.known) {
    PutNumber(details.links, widths_.links);
  } else {
    PutRight("?", widths_.links);
  }
  Put(" ");
  if (!options_.hide_owner) WriteOwner(users_, details.user, details.known, widths_.user);
  if (!options_.hide_group) WriteOwner(groups_, details.group, details.known, widths_.group);
  WriteSize(entry, details);
  Put(" ");
  WriteDate(details);
  Put(" ");

  CATION_TRY_ASSIGN(const size_t width,
                    writer.names.Write(listing_.View(entry.name), entry.mode, column_));
  if (details.target.size == 0) {
    writer.WriteIndicator(entry.mode);
    return {};
  }
  Put(" -> ");
  CATION_TRY(
      writer.names.Write(listing_.View(details.target), details.target_mode, column_ + width));
  if (details.target_mode != 0) writer.WriteIndicator(details.target_mode);
  return {};
}

// Names at the left of the column, numbers at its right.
void LongFormat::WriteOwner(Accounts& accounts, uint32_t id, bool known, size_t width) {
  const StringView name = !known ? "?" : options_.numeric ? "" : accounts.NameOf(id);
  if (name.empty()) {
    PutNumber(id, width);
  } else {
    Put(name);
    PutRight("", width - name.size());
  }
  Put(" ");
  // Where a coloured name wraps is reckoned from here on, as by GNU.
  column_ = 0;
}

void LongFormat::WriteSize(const Entry& entry, const Details& details) {
  if (!details.known) return PutRight("?", widths_.size);
  if (!IsDevice(entry.mode)) return PutRight(SizeText(details.size, options_.units), widths_.size);
  PutNumber(MajorOf(details.special_device), widths_.size - 2 - widths_.minor);
  Put(", ");
  PutNumber(MinorOf(details.special_device), widths_.minor);
}

void LongFormat::WriteDate(const Details& details) {
  constexpr size_t kStyleWidths[] = {35, 16, 11, 12};
  if (!details.known) return PutRight("?", kStyleWidths[static_cast<size_t>(options_.time_style)]);
  const TimeZone::Offset offset = zone_.At(details.time.seconds);
  const CivilTime civil = ToCivil(TimeZone::ToLocal(details.time.seconds, offset));
  const bool by_age =
      options_.time_style == TimeStyle::kLocale || options_.time_style == TimeStyle::kIso;
  const bool shows_clock = !by_age || IsRecent(details.time);

  if (options_.time_style == TimeStyle::kLocale) {
    Put(MonthName(civil.month));
    Put(" ");
    PutNumber(civil.day, 2);
    Put(shows_clock ? " " : "  ");
  }
  const bool shows_year = !by_age || !shows_clock;
  if (shows_year) {
    if (civil.year < 0) Put("-");
    const uint64_t year = static_cast<uint64_t>(civil.year < 0 ? -civil.year : civil.year);
    Put(Digits(year, 10, options_.time_style == TimeStyle::kLocale ? 1 : 4));
  }
  if (options_.time_style != TimeStyle::kLocale) {
    if (shows_year) Put("-");
    Put(Digits(civil.month, 10, 2));
    PutTwoDigits('-', civil.day);
    Put(" ");
  }
  if (!shows_clock) return;
  Put(Digits(civil.hour, 10, 2));
  PutTwoDigits(':', civil.minute);
  if (options_.time_style != TimeStyle::kFullIso) return;
  PutTwoDigits(':', civil.second);
  Put(".");
  Put(Digits(static_cast<uint64_t>(details.time.nanoseconds), 10, 9));
  const auto minutes =
      static_cast<unsigned>((offset.seconds < 0 ? -offset.seconds : offset.seconds) / 60);
  Put(offset.seconds < 0 ? " -" : " +");
  Put(Digits(minutes / 60, 10, 2));
  Put(Digits(minutes % 60, 10, 2));
}

bool LongFormat::IsRecent(const sys::TimePoint& time) {
  // Of a file younger than the last look at the clock, the clock is asked again: it may have been
  // written meanwhile.
  if (!IsBefore(time, now_)) now_ = sys::Now();
  const sys::TimePoint limit = {now_.seconds - kRecent, now_.nanoseconds};
  return IsBefore(limit, time) && IsBefore(time, now_);
}

void LongFormat::PutNumber(uint64_t number, size_t width) { PutRight(Digits(number), width); }

void LongFormat::PutTwoDigits(char before, unsigned number) {
  Put(StringView(&before, 1));
  Put(Digits(number, 10, 2));
}

}  // namespace cation::ls
