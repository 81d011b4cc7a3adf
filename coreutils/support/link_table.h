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
  // Errors: ENOMEM, and the table is as it was.
  Result<void> Add(const sys::Identity& file, const char* path);
  // The path of its copy, terminated, until the next Add(); nullptr if there is none.
  [[nodiscard]] const char* Find(const sys::Identity& file) const;

 private:
  struct Entry {
    sys::Identity file;
    size_t path = 0;  // in paths_
  };
  [[nodiscard]] size_t Slot(const sys::Identity& file) const;
  Result<void> Grow();

  String paths_;
  Vector<Entry> entries_;
  Vector<uint32_t> slots_;  // open addressing: index of an entry + 1, or 0; a power of two of them,
                            // at most half used
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_LINK_TABLE_H_
