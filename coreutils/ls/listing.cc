// SPDX-License-Identifier: MIT
#include "coreutils/ls/listing.h"

#include "runtime/core/sort.h"
#include "runtime/core/version_order.h"

namespace cation::ls {
namespace {

constexpr size_t kSmallestChunk = 4096;
constexpr size_t kLargestChunk = 256 * 1024;

// What follows the last dot, with the dot.
StringView ExtensionOf(StringView name) {
  const size_t dot = name.FindLast('.');
  return dot == StringView::kNotFound ? StringView() : name.From(dot);
}

// The greater one comes first: the newer, or the larger.
template <typename T>
int GreaterFirst(T a, T b) {
  return a == b ? 0 : a > b ? -1 : 1;
}

}  // namespace

char* Listing::Take(size_t size) {
  size = (size + 7) & ~size_t{7};
  if (size > left_) {
    const size_t chunk_size =
        Max(size, Min(Max(chunk_size_ * 2, kSmallestChunk), kLargestChunk) - sizeof(Chunk));
    // One that cannot be had may be smaller.
    auto* const chunk = static_cast<Chunk*>(Allocate(sizeof(Chunk) + chunk_size));
    if (chunk == nullptr) return nullptr;
    chunk->next = chunks_;
    chunks_ = chunk;
    chunk_size_ = chunk_size;
    next_ = reinterpret_cast<char*>(chunk + 1);
    left_ = chunk_size;
  }
  char* const taken = next_;
  next_ += size;
  left_ -= size;
  return taken;
}

void Listing::FreeChunks(Chunk* last) {
  while (chunks_ != last) {
    Chunk* const next = chunks_->next;
    Release(chunks_);
    chunks_ = next;
  }
}

Result<Entry*> Listing::Add(StringView name) {
  const size_t size = sizeof(Entry) + details_size() + name.size() + 1;
  const size_t padded = (size + 7) & ~size_t{7};
  char* const memory = Take(padded);
  if (memory == nullptr) return Error{abi::kENOMEM};
  CATION_TRY(order_.PushBack(memory));
  __builtin_memset(memory, 0, sizeof(Entry) + details_size());
  constexpr uint64_t kZero = 0;
  __builtin_memcpy(memory + padded - sizeof(kZero), &kZero, sizeof(kZero));
  __builtin_memcpy(memory + sizeof(Entry) + details_size(), name.data(), name.size());
  auto* const entry = reinterpret_cast<Entry*>(memory);
  entry->name_size = static_cast<uint32_t>(name.size());
  return entry;
}

void Listing::SetStatus(Entry& entry, const sys::FileStatus& status) {
  entry.mode = status.mode;
  entry.inode = status.inode;
  entry.is_known = true;
  entry.has_links = status.links > 1;
  if (!options_.needs_status) return;
  Details& details = MutableDetails(entry);
  details.links = status.links;
  details.size = status.size;
  details.special_device = status.special_device;
  details.blocks = status.blocks;
  // The time of a file's birth is in no status that the runtime knows.
  const sys::TimePoint time = options_.time == Time::kAccess   ? status.access_time
                              : options_.time == Time::kChange ? status.change_time
                              : options_.time == Time::kBirth  ? sys::TimePoint{-1, -1}
                                                               : status.modification_time;
  details.seconds = time.seconds;
  details.nanoseconds = static_cast<int32_t>(time.nanoseconds);
  details.user = status.user;
  details.group = status.group;
}

Result<void> Listing::SetTarget(Entry& entry, StringView target) {
  char* const text = Take(target.size() + 1);
  if (text == nullptr) return Error{abi::kENOMEM};
  __builtin_memcpy(text, target.data(), target.size());
  text[target.size()] = '\0';
  MutableDetails(entry).target = text;
  MutableDetails(entry).target_size = static_cast<uint32_t>(target.size());
  return {};
}

Result<void> Listing::Sort() {
  if (options_.sort == Sort::kNone) return {};
  return SortPointers(order_.data(), order_.size(), Order, this);
}

void Listing::Clear() {
  order_.Clear();
  // One piece is kept for the next directory.
  if (chunks_ == nullptr) return;
  FreeChunks(chunks_->next == nullptr ? chunks_ : nullptr);
  if (chunks_ == nullptr) {
    next_ = nullptr;
    left_ = 0;
    chunk_size_ = 0;
  } else {
    next_ = reinterpret_cast<char*>(chunks_ + 1);
    left_ = chunk_size_;
  }
}

// By bytes, eight at a time: names are padded with zeros, and hold none.
int Listing::CompareNames(const Entry& a, const Entry& b) const {
  const char* left = NameOf(a).data();
  const char* right = NameOf(b).data();
  const size_t words = Min(a.name_size, b.name_size) / sizeof(uint64_t) + 1;
  for (size_t i = 0; i < words; ++i, left += sizeof(uint64_t), right += sizeof(uint64_t)) {
    uint64_t x = 0;
    uint64_t y = 0;
    __builtin_memcpy(&x, left, sizeof(x));
    __builtin_memcpy(&y, right, sizeof(y));
    if (x == y) continue;
    return __builtin_bswap64(x) < __builtin_bswap64(y) ? -1 : 1;
  }
  return 0;
}

int Listing::Compare(const Entry& a, const Entry& b) const {
  int order = 0;
  switch (options_.sort) {
    case Sort::kTime: {
      const Details& left = DetailsOf(a);
      const Details& right = DetailsOf(b);
      order = GreaterFirst(left.seconds, right.seconds);
      if (order == 0) order = GreaterFirst(left.nanoseconds, right.nanoseconds);
      break;
    }
    case Sort::kSize:
      order = GreaterFirst(DetailsOf(a).size, DetailsOf(b).size);
      break;
    case Sort::kExtension:
      order = cation::Compare(ExtensionOf(NameOf(a)), ExtensionOf(NameOf(b)));
      break;
    case Sort::kVersion:
      order = CompareVersions(NameOf(a), NameOf(b));
      break;
    case Sort::kWidth:
      order = GreaterFirst(b.width, a.width);
      break;
    default:
      break;
  }
  return order != 0 ? order : CompareNames(a, b);
}

int Listing::Order(const void* a, const void* b, const void* context) {
  const auto& listing = *static_cast<const Listing*>(context);
  const auto& left = *static_cast<const Entry*>(a);
  const auto& right = *static_cast<const Entry*>(b);
  if (listing.options_.directories_first && IsDirectory(left) != IsDirectory(right)) {
    return IsDirectory(left) ? -1 : 1;
  }
  return listing.options_.reverse ? listing.Compare(right, left) : listing.Compare(left, right);
}

}  // namespace cation::ls
