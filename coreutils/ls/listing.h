// SPDX-License-Identifier: MIT
//
// What is listed together: the entries of one directory, or the operands.
#ifndef CATION_COREUTILS_LS_LISTING_H_
#define CATION_COREUTILS_LS_LISTING_H_

#include "coreutils/ls/options.h"
#include "runtime/core/vector.h"
#include "runtime/sys/sys.h"

namespace cation::ls {

// What every listing keeps of a file: little, as there may be a million of them. Details follow it
// in memory if the listing keeps them, and then its name.
struct Entry {
  uint64_t inode;
  sys::Mode mode;  // the type alone, when that was all there was to be known; 0: not even that
  uint32_t name_size;
  uint32_t width;            // columns that it takes in a table of names
  uint16_t target_mode;      // of what a symbolic link leads to
  bool is_known : 1;         // its status is; otherwise Details are all zero
  bool leads_somewhere : 1;  // target_mode is known
  bool has_links : 1;        // it has more names than one
};

// What is kept in addition when a format or an order needs it.
struct Details {
  uint64_t links;
  uint64_t size;
  uint64_t special_device;
  uint64_t blocks;      // of 512 bytes
  int64_t seconds;      // of the time that the options ask for
  const char* target;   // of a symbolic link; nullptr when it is none
  int32_t nanoseconds;  // -1: the file system does not know that time
  uint32_t target_size;
  uint32_t user;
  uint32_t group;
};

class Listing {
 public:
  explicit Listing(const Options& options) : options_(options) {}
  Listing(const Listing&) = delete;
  Listing& operator=(const Listing&) = delete;
  ~Listing() { FreeChunks(nullptr); }

  // Adds a file, of which no more is known, and returns it. Errors: ENOMEM, and nothing was added.
  Result<Entry*> Add(StringView name);
  // Takes over what `status` says of the entry.
  void SetStatus(Entry& entry, const sys::FileStatus& status);
  // The target of the entry, a symbolic link. Only when details are kept. Errors: ENOMEM.
  Result<void> SetTarget(Entry& entry, StringView target);
  // Puts the entries in the order that the options ask for. Errors: ENOMEM, and they stay as they
  // were added.
  Result<void> Sort();
  // Forgets all entries.
  void Clear();

  [[nodiscard]] size_t size() const { return order_.size(); }
  // In the order of Sort().
  [[nodiscard]] Entry& operator[](size_t index) const {
    return *const_cast<Entry*>(static_cast<const Entry*>(order_[index]));
  }
  // Only when options.needs_status.
  [[nodiscard]] const Details& DetailsOf(const Entry& entry) const {
    return *reinterpret_cast<const Details*>(&entry + 1);
  }
  // Terminated, and then zeros up to a multiple of eight bytes.
  [[nodiscard]] StringView NameOf(const Entry& entry) const {
    return {reinterpret_cast<const char*>(&entry + 1) + details_size(), entry.name_size};
  }
  // Whether it is a directory, or a link to one where that is known.
  [[nodiscard]] static bool IsDirectory(const Entry& entry) {
    const sys::Mode mode = entry.leads_somewhere ? entry.target_mode : entry.mode;
    return (mode & sys::kTypeMask) == sys::kTypeDirectory;
  }

 private:
  // Memory in large pieces, for entries that all go at once.
  struct Chunk {
    Chunk* next;
  };

  [[nodiscard]] size_t details_size() const { return options_.needs_status ? sizeof(Details) : 0; }
  Details& MutableDetails(Entry& entry) { return *reinterpret_cast<Details*>(&entry + 1); }
  // `size` bytes, aligned to eight; nullptr without memory.
  char* Take(size_t size);
  // All down to `last`, which stays.
  void FreeChunks(Chunk* last);
  int CompareNames(const Entry& a, const Entry& b) const;
  int Compare(const Entry& a, const Entry& b) const;
  static int Order(const void* a, const void* b, const void* listing);

  const Options& options_;
  Chunk* chunks_ = nullptr;
  char* next_ = nullptr;
  size_t left_ = 0;
  size_t chunk_size_ = 0;
  Vector<const void*> order_;
};

}  // namespace cation::ls

#endif  // CATION_COREUTILS_LS_LISTING_H_
