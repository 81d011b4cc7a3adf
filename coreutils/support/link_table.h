// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_LINK_TABLE_H_
#define CATION_COREUTILS_SUPPORT_LINK_TABLE_H_

#include "runtime/core/string.h"
#include "runtime/core/vector.h"
#include "runtime/sys/sys.h"

namespace cation {

// Which file was copied to where, so that its further names become links to the copy.
class LinkTable {
 public:
  LinkTable() = default;
  LinkTable(const LinkTable&) = delete;
  LinkTable& operator=(const LinkTable&) = delete;
  ~LinkTable();

  // Errors: ENOMEM, and the table is as it was.
  Result<void> Add(const sys::Identity& file, const char* path);
  // The path of its copy, terminated, until the next Add(); nullptr if there is none.
  [[nodiscard]] const char* Find(const sys::Identity& file) const;

 private:
  struct Entry {
    sys::Identity file;
    size_t path = 0;  // in paths_
  };
  [[nodiscard]] uint32_t* Slot(const sys::Identity& file) const;
  Result<void> Grow();

  String paths_;
  Vector<Entry> entries_;
  // Open addressing: index of an entry + 1, or 0; a power of two of them, at most half used.
  uint32_t* slots_ = nullptr;
  size_t slot_count_ = 0;
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_LINK_TABLE_H_
