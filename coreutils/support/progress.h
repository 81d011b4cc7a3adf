// SPDX-License-Identifier: MIT
//
// Progress: one line on the terminal that says how far a long operation has come, for --progress.
//
//   Progress progress(context, options.progress, "files");
//   progress.SetTotal(files, bytes);             // if that is known, or can be found out
//   progress.Advance(1, status.size, path);      // for each entry, or part of a large one
//   progress.Erase();                            // before anything else goes to the terminal
// It is there only when it was asked for and standard error is a terminal. Otherwise no function
// does anything, or makes any OS call.
#ifndef CATION_COREUTILS_SUPPORT_PROGRESS_H_
#define CATION_COREUTILS_SUPPORT_PROGRESS_H_

#include "runtime/core/string.h"
#include "runtime/start/context.h"

namespace cation {

class Progress {
 public:
  // `entries` says what is counted: "files". It must outlive the object.
  Progress(const Context& context, bool asked, StringView entries)
      : context_(context), entries_name_(entries) {
    if (asked) Start();
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { Erase(); }

  // Whether anything is shown: for what is to be found out for that alone, such as totals.
  [[nodiscard]] bool active() const { return active_; }
  // All that will be done. 0: not known; what bytes are done is shown if there are any. Without
  // totals there is no time left to show.
  void SetTotal(uint64_t entries, uint64_t bytes) {
    total_entries_ = entries;
    total_bytes_ = bytes;
  }
  // Counts what was done since the last call. `name` is what is being worked on; it may be gone
  // after the call. Draws the line a few times a second, and asks for the time little more often.
  void Advance(uint64_t entries, uint64_t bytes, StringView name) {
    if (active_) Count(entries, bytes, name);
  }
  // Takes the line away, for a message, a question, or at the end; it comes back by itself.
  void Erase() {
    if (drawn_) Clear();
  }

 private:
  void Start();
  void Count(uint64_t entries, uint64_t bytes, StringView name);
  void Draw(uint64_t milliseconds, StringView name);
  void Clear();

  const Context& context_;
  StringView entries_name_;
  bool active_ = false;
  bool drawn_ = false;
  uint64_t entries_ = 0;
  uint64_t bytes_ = 0;
  uint64_t total_entries_ = 0;
  uint64_t total_bytes_ = 0;
  sys::TimePoint start_;
  uint64_t asked_at_ = 0;  // milliseconds since start_, as those below
  uint64_t drawn_at_ = 0;
  // Work, in bytes and their like, until the time is asked for; and how much that is each time.
  uint64_t until_asked_ = 0;
  uint64_t step_ = 0;
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_PROGRESS_H_
