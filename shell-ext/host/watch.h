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

#include "coreutils/support/descent.h"
#include "coreutils/support/output.h"
#include "shell-ext/host/file_table.h"
#include "shell-ext/host/placement.h"

namespace cation::host {

struct WatchOptions {
  const char* directory = nullptr;
  const char* target = nullptr;
  Span<char*> command;  // started after a round that has installed something
  int64_t interval = 0;
  bool dry_run = false;
  bool force = false;
  bool once = false;
};

class Watcher {
 public:
  Watcher(const Context& context, const WatchOptions& options, Output& out, Interrupts& interrupts)
      : context_(context),
        options_(options),
        out_(out),
        interrupts_(interrupts),
        progress_(context, false, {}),
        placer_(Purpose::kInstall, progress_, interrupts) {}
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  // Returns the exit status: with `once`, or when there is nothing to be done at all.
  int Run();

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
  Result<void> Install(const sys::FileStatus& status);
  Result<bool> IsThere(const OpenedFile& source);
  Result<void> CheckProgram();
  Result<void> Place(const OpenedFile& source, const sys::FileStatus& existing);
  Result<void> MakeParents();
  Result<void> NamePlace();
  [[nodiscard]] StringView RelativePath() const;
  void RunCommand();
  void Wait();
  bool Refuse(StringView path, Error error);

  const Context& context_;
  const WatchOptions& options_;
  Output& out_;
  Interrupts& interrupts_;
  Progress progress_;
  Placer placer_;
  sys::Identity target_;
  String place_;          // of the file at hand
  bool gone_ = false;     // the directory
  bool failed_ = false;   // something is not as it should be
  bool last_ = false;     // no round comes after this one
  bool writing_ = false;  // whether an error was of the place
  size_t changing_ = 0;   // files of this round that may not be whole
  size_t installed_ = 0;  // in this round
  FileTable files_;
  Descent from_;
};

}  // namespace cation::host

#endif  // CATION_SHELL_EXT_HOST_WATCH_H_
