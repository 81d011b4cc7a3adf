// SPDX-License-Identifier: MIT
//
// The bytes of one file into another, in as few and as large calls as the file deserves.
#ifndef CATION_COREUTILS_SUPPORT_COPY_DATA_H_
#define CATION_COREUTILS_SUPPORT_COPY_DATA_H_

#include "runtime/sys/sys.h"

namespace cation {

// What went wrong, and on which side: the message names that file.
struct CopyDataFailure {
  int error = 0;  // 0: nothing
  bool writing = false;
};

// Keeps its buffer from file to file.
class DataCopier {
 public:
  DataCopier() = default;
  DataCopier(const DataCopier&) = delete;
  DataCopier& operator=(const DataCopier&) = delete;
  ~DataCopier();

  // Copies all of `from`, of which sys::Status() says `status`, to `to`, both at their start. When
  // `to` is an empty regular file
  // (`may_seek`), a sparse source makes a sparse copy.
  [[nodiscard]] CopyDataFailure Copy(sys::Descriptor from, const sys::FileStatus& status,
                                     sys::Descriptor to, bool may_seek);

 private:
  struct Chunk {
    size_t size = 0;
    bool last = false;
  };
  Result<void> Reserve(const sys::FileStatus& status);
  Result<Chunk> Fill(sys::Descriptor from, const sys::FileStatus& status);
  Result<void> WriteSparse(sys::Descriptor to, StringView data);

  char* buffer_ = nullptr;
  size_t capacity_ = 0;
  size_t used_ = 0;        // of the capacity, for this file
  uint64_t done_ = 0;      // bytes read of this file
  uint64_t position_ = 0;  // in the copy, of what WriteSparse() gets next
  bool hole_ = false;      // the copy's file position is before `position_`
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_COPY_DATA_H_
