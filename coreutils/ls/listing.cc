// SPDX-License-Identifier: MIT
#include "coreutils/ls/listing.h"

#include "runtime/core/sort.h"

namespace cation::ls {

Result<Entry*> Listing::Add(StringView name) {
  if (has_details()) CATION_TRY(details_.PushBack({}));
  Entry entry;
  const Result<Text> text = AddText(name);
  entry.name = text.value();
  if (!text.ok() || !entries_.PushBack(entry).ok()) {
    if (has_details()) details_.PopBack();
    return Error{abi::kENOMEM};
  }
  return &entries_.back();
}

void Listing::SetStatus(const sys::FileStatus& status) {
  entries_.back().mode = status.mode;
  entries_.back().inode = status.inode;
  if (!has_details()) return;
  Details& details = details_.back();
  details.links = status.links;
  details.size = status.size;
  details.special_device = status.special_device;
  details.blocks = status.blocks;
  details.time = options_.time == Time::kAccess   ? status.access_time
                 : options_.time == Time::kChange ? status.change_time
                                                  : status.modification_time;
  details.user = status.user;
  details.group = status.group;
  details.known = true;
}

Result<void> Listing::SetTarget(StringView target, sys::Mode mode) {
  CATION_TRY_ASSIGN(details_.back().target, AddText(target));
  details_.back().target_mode = mode;
  return {};
}

Result<void> Listing::Sort() {
  order_.Clear();
  if (options_.sort == Sort::kNone) return {};
  CATION_TRY(order_.Reserve(entries_.size()));
  for (const Entry& entry : entries_) CATION_TRY(order_.PushBack(&entry));
  return SortPointers(order_.data(), order_.size(), Order, this);
}

void Listing::Clear() {
  text_.Truncate(0);
  entries_.Clear();
  details_.Clear();
  order_.Clear();
}

bool Listing::has_details() const {
  return options_.is_long() || options_.blocks || options_.sort == Sort::kTime ||
         options_.sort == Sort::kSize;
}

Result<Text> Listing::AddText(StringView text) {
  const Text added = {text_.size(), text.size()};
  CATION_TRY(text_.Append(text));
  return added;
}

int Listing::Order(const void* a, const void* b, const void* context) {
  const auto& listing = *static_cast<const Listing*>(context);
  const auto* left = static_cast<const Entry*>(a);
  const auto* right = static_cast<const Entry*>(b);
  if (listing.options_.reverse) Swap(left, right);
  // The greater one comes first: the newer or the larger.
  const auto greater_first = [](auto x, auto y) { return x == y ? 0 : x > y ? -1 : 1; };
  int order = 0;
  if (listing.options_.sort == Sort::kTime) {
    const sys::TimePoint& left_time = listing.DetailsOf(*left).time;
    const sys::TimePoint& right_time = listing.DetailsOf(*right).time;
    order = greater_first(left_time.seconds, right_time.seconds);
    if (order == 0) order = greater_first(left_time.nanoseconds, right_time.nanoseconds);
  } else if (listing.options_.sort == Sort::kSize) {
    order = greater_first(listing.DetailsOf(*left).size, listing.DetailsOf(*right).size);
  }
  return order != 0 ? order : Compare(listing.View(left->name), listing.View(right->name));
}

}  // namespace cation::ls
