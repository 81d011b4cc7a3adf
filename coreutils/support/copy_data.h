// SPDX-License-Identifier: MIT
//
// The bytes of one file into another, in as few and as large calls as the file deserves.
#ifndef CATION_COREUTILS_SUPPORT_COPY_DATA_H_
#define CATION_COREUTILS_SUPPORT_COPY_DATA_H_

#include "coreutils/support/output.h"
#include "coreutils/support/progress.h"
#include "runtime/sys/sys.h"

namespace cation {

// What went wrong, and on which side: the message names that file.
struct CopyDataFailure {
  int error = 0;  // 0: nothing
  bool writing = false;
};

enum class CopyWhen : uint8_t { kAuto, kAlways, kNever };

// Keeps its buffer from file to file.
class DataCopier {
 public:
  // `sparse`: kAuto keeps holes of sources that have any, kAlways makes one of any zeros, kNever
  // none. With `reflink` or `sparse` kNever the system is not asked to do the copying, which might
  // share data or make holes. `progress` is nullptr where none is shown.
  DataCopier(CopyWhen sparse, CopyWhen reflink, Progress* progress)
      : sparse_(sparse),
        may_offload_(sparse != CopyWhen::kNever && reflink != CopyWhen::kNever),
        progress_(progress) {}
  DataCopier(const DataCopier&) = delete;
  DataCopier& operator=(const DataCopier&) = delete;
  ~DataCopier();

  // Copies all of `from`, of which sys::Status() says `status`, to `to`, both at their start. When
  // `to` is an empty regular file
  // (`may_seek`), a sparse source makes a sparse copy. `name` is for the progress.
  [[nodiscard]] CopyDataFailure Copy(sys::Descriptor from, const sys::FileStatus& status,
                                     sys::Descriptor to, bool may_seek, StringView name);
  // Writes a line for --debug: how the last file was copied.
  void Explain(Output& out) const;

 private:
  [[nodiscard]] CopyWhen Sparse() const;
  [[nodiscard]] bool MayOffload() const;
  [[nodiscard]] bool ShowsProgress() const;

  struct Chunk {
    size_t size = 0;
    bool last = false;
  };
  Result<void> Reserve(const sys::FileStatus& status);
  [[nodiscard]] CopyDataFailure CopyRange(sys::Descriptor from, const sys::FileStatus& status,
                                          sys::Descriptor to, uint64_t size);
  [[nodiscard]] bool CopyData(sys::Descriptor from, const sys::FileStatus& status,
                              sys::Descriptor to, CopyDataFailure* failure);
  Result<bool> Move(sys::Descriptor from, const sys::FileStatus& status, sys::Descriptor to);
  Result<Chunk> Fill(sys::Descriptor from, const sys::FileStatus& status);
  Result<void> WriteSparse(sys::Descriptor to, StringView data);

  enum class Holes : uint8_t { kNone, kZeros, kFound };
  enum class Offload : uint8_t { kNo, kYes, kAvoided };

  CopyWhen sparse_;
  bool may_offload_;
  bool may_seek_ = false;           // in this copy
  Offload offload_ = Offload::kNo;  // of this file
  Progress* progress_;
  StringView name_;
  Holes holes_ = Holes::kNone;  // how they are found in this file
  char* buffer_ = nullptr;
  size_t capacity_ = 0;
  size_t used_ = 0;        // of the capacity, for this file
  uint64_t done_ = 0;      // bytes read of this file, or passed over
  uint64_t left_ = 0;      // bytes to be read of the range at hand
  uint64_t position_ = 0;  // in the copy, of what WriteSparse() gets next
  bool hole_ = false;      // the copy's file position is before `position_`
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_COPY_DATA_H_
