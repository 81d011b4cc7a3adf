// SPDX-License-Identifier: MIT
//
// What is listed together: the entries of one directory, or the operands.
#ifndef CATION_COREUTILS_LS_LISTING_H_
#define CATION_COREUTILS_LS_LISTING_H_

#include "coreutils/ls/options.h"
#include "runtime/core/string.h"
#include "runtime/core/vector.h"
#include "runtime/sys/sys.h"

namespace cation::ls {

// A part of Listing's text.
struct Text {
  size_t start = 0;
  size_t size = 0;
};

// What every listing keeps of a file: little, as there may be a million of them.
struct Entry {
  Text name;
  uint64_t inode = 0;
  sys::Mode mode = 0;  // the type alone, when that was all there was to be known; 0: not even that
  uint32_t width = 0;  // columns that it takes in a table of names
};

// What is kept in addition when a format or an order needs it.
struct Details {
  uint64_t links = 0;
  uint64_t size = 0;
  uint64_t special_device = 0;
  uint64_t blocks = 0;  // of 512 bytes
  sys::TimePoint time;  // the one that the options ask for
  uint32_t user = 0;
  uint32_t group = 0;
  Text target;                // of a symbolic link; empty when it is none
  sys::Mode target_mode = 0;  // of what it leads to; 0: not known
  bool known =
      false;  // false: the file's status could not be had, and nothing of the above is true
};

class Listing {
 public:
  explicit Listing(const Options& options) : options_(options) {}

  // Adds a file, of which no more is known, and returns it, valid until the next is added. Errors:
  // ENOMEM, and nothing was added.
  Result<Entry*> Add(StringView name);
  // Takes over what `status` says of the entry added last.
  void SetStatus(const sys::FileStatus& status);
  // The target of the entry added last, and the mode of what it leads to. Errors: ENOMEM.
  Result<void> SetTarget(StringView target, sys::Mode mode);
  // Puts the entries in the order that the options ask for. Errors: ENOMEM, and they stay as they
  // were added.
  Result<void> Sort();
  // Forgets all entries.
  void Clear();

  // Whether Details are kept: whether each entry needs its status.
  [[nodiscard]] bool has_details() const;
  [[nodiscard]] size_t size() const { return entries_.size(); }
  // In the order of Sort().
  [[nodiscard]] const Entry& operator[](size_t index) const {
    return order_.empty() ? entries_[index] : *static_cast<const Entry*>(order_[index]);
  }
  void SetWidth(const Entry& entry, uint32_t width) { entries_[IndexOf(entry)].width = width; }
  // In which place the entry was added.
  [[nodiscard]] size_t IndexOf(const Entry& entry) const {
    return static_cast<size_t>(&entry - entries_.data());
  }
  // Only when has_details().
  [[nodiscard]] const Details& DetailsOf(const Entry& entry) const {
    return details_[IndexOf(entry)];
  }
  [[nodiscard]] StringView View(Text text) const {
    return text_.view().From(text.start).First(text.size);
  }

 private:
  Result<Text> AddText(StringView text);
  static int Order(const void* a, const void* b, const void* listing);

  const Options& options_;
  String text_;
  Vector<Entry> entries_;
  Vector<Details> details_;
  Vector<const void*> order_;
};

}  // namespace cation::ls

#endif  // CATION_COREUTILS_LS_LISTING_H_
