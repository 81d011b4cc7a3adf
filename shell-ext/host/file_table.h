// SPDX-License-Identifier: MIT
#ifndef CATION_SHELL_EXT_HOST_FILE_TABLE_H_
#define CATION_SHELL_EXT_HOST_FILE_TABLE_H_

#include "runtime/core/result.h"
#include "runtime/core/string_view.h"
#include "runtime/sys/sys.h"

namespace cation::host {

// What is known of a file that is watched.
struct WatchedFile {
  // kNew: not looked at yet. kChanging: it may not be whole. kSettled: nothing is to be done until
  // it changes. kFailed: to be tried again.
  enum class State : uint8_t { kNew, kChanging, kSettled, kFailed };

  uint64_t key = 0;  // of its path; 0: no file
  uint64_t size = 0;
  sys::TimePoint modification_time;
  sys::TimePoint change_time;
  uint32_t rounds = 0;  // until it is tried again
  uint8_t failures = 0;
  State state = State::kNew;

  // Whether it looks as `status` says; it does afterwards.
  [[nodiscard]] bool Takes(const sys::FileStatus& status);
};

// The files by their paths, of which 64 bits are kept: of a million files, one pair has the same
// once in 37 million watches.
class FileTable {
 public:
  FileTable() = default;
  FileTable(const FileTable&) = delete;
  FileTable& operator=(const FileTable&) = delete;
  ~FileTable();

  // The one of `path`, made if there is none; until the next call. Errors: ENOMEM.
  Result<WatchedFile*> Find(StringView path);

 private:
  [[nodiscard]] WatchedFile* Slot(uint64_t key) const;
  Result<void> Grow();

  // Open addressing; a power of two of them, at most half used.
  WatchedFile* slots_ = nullptr;
  size_t slot_count_ = 0;
  size_t used_ = 0;
};

}  // namespace cation::host

#endif  // CATION_SHELL_EXT_HOST_FILE_TABLE_H_
