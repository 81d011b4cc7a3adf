// SPDX-License-Identifier: MIT
//
// Watcher: what changes in a directory is installed into another, again and again.
//
// A round lists the directory and those below it, and asks for the status of each file; nothing
// else, as long as nothing changes. A file is looked at once two rounds in a row have found the
// same size and times: then it is compared with what is in its place, judged, and put there. What
// fails is tried again after 1, 2, 4, ... 64 rounds, and said once.
#ifndef CATION_SHELL_EXT_HOST_WATCH_H_
#define CATION_SHELL_EXT_HOST_WATCH_H_

#include "shell-ext/host/file_table.h"
#include "shell-ext/host/work.h"

namespace cation::host {

struct WatchOptions {
  const char* directory = nullptr;
  const char* target = nullptr;
  int64_t interval = 0;
  bool dry_run = false;
  bool force = false;
  bool once = false;
  bool wait = false;  // end after a round that has installed something
};

class Watcher {
 public:
  Watcher(Work& work, const WatchOptions& options) : work_(work), options_(options) {}
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  // Returns when a signal came, as `options` say, or where the directories are not right, which was
  // reported.
  void Run();

 private:
  [[nodiscard]] bool Begin();
  void Look();
  Result<void> EnterTop();
  Result<void> Enter(uint64_t inode);
  Result<void> LookAtEntry(const Descent::Entry& entry);
  void FailAt(Error error);
  void FailAt(WatchedFile& file, StringView path, Error error);
  [[nodiscard]] bool IsGone(Error error);
  Result<void> Consider(const sys::FileStatus& status);
  [[nodiscard]] bool IsAsInstalled(const sys::FileStatus& status);
  Result<void> LeaveOut();
  // Out of line: that takes fewer bytes.
  [[gnu::noinline]] Result<void> Install(const sys::FileStatus& status);
  Result<bool> IsThere(const OpenedFile& source);
  Result<void> CheckProgram(const OpenedFile& source);
  Result<void> Place(const OpenedFile& source, const sys::FileStatus& existing);
  Result<void> MakeParents();
  Result<void> NamePlace();
  [[nodiscard]] StringView RelativePath() const;
  void Wait();

  Work& work_;
  const WatchOptions& options_;
  uint64_t blocked_ = 0;  // signals, but while it waits
  sys::Identity target_;
  String place_;          // of the file at hand
  bool gone_ = false;     // the directory
  bool last_ = false;     // no round comes after this one
  bool writing_ = false;  // whether an error was of the place
  size_t changing_ = 0;   // files of this round that may not be whole
  size_t installed_ = 0;  // in this round
  FileTable files_;
};

}  // namespace cation::host

#endif  // CATION_SHELL_EXT_HOST_WATCH_H_
