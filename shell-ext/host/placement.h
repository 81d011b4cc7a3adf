// SPDX-License-Identifier: MIT
//
// Placer: one file to its place, whole or not at all.
//
// It is written beside its place, as ".cation~NUMBER", and gets its name when all of it is there:
// what had that name is replaced in one step, a symbolic link itself and not what it leads to. What
// does not become whole is removed again. A share whose rename() fails is written to under the
// final name, and what does not become whole there is removed, too.
#ifndef CATION_SHELL_EXT_HOST_PLACEMENT_H_
#define CATION_SHELL_EXT_HOST_PLACEMENT_H_

#include "coreutils/support/open_verified.h"
#include "coreutils/support/progress.h"
#include "runtime/core/string.h"
#include "runtime/start/context.h"

namespace cation::host {

// What is wrong besides what the system says; Fail() has the words.
inline constexpr Error kStopped{-1};      // by a signal; no words for that
inline constexpr Error kChanging{-2};     // the source is another already
inline constexpr Error kShortened{-3};    // it has ended before its end
inline constexpr Error kInTheWay{-4};     // at the place is what a file does not replace
inline constexpr Error kNoDirectory{-5};  // or a directory
inline constexpr Error kIsItself{-6};     // the source is the place
inline constexpr Error kGivenTwice{-7};
inline constexpr Error kNotOnShare{-8};
inline constexpr Error kOutOfShare{-9};
inline constexpr Error kNoFile{
    -10};  // the source is neither a regular file nor what is copied as well
// What programs are; nothing but their change changes that.
inline constexpr Error kIsNotWhole{-11};   // cut or damaged
inline constexpr Error kIsForOthers{-12};  // for another machine
inline constexpr Error kCannotRun{-13};    // would not run for other reasons

// Reports what is wrong with `path`.
[[gnu::noinline]] void Fail(const Context& context, StringView path, Error error);

// Signals that would end the program between two steps: they are noted, and asked for where it can
// end.
class Interrupts {
 public:
  Interrupts() = default;
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  // They do what they did.
  ~Interrupts();

  // From now on: of HUP, INT and TERM those that are not ignored.
  void Note();
  [[nodiscard]] uint64_t set() const { return set_; }
  [[nodiscard]] bool Came();
  void Took(int signal);
  // Ends the program by the one that came; returns the status to end with if that fails.
  int End();

 private:
  uint64_t set_ = 0;
  uint64_t came_ = 0;
};

enum class Purpose : uint8_t {
  kGet,      // from the share, where no file has a mode: who begins as a program may be executed
  kPut,      // to the share
  kInstall,  // to be used at once: 0755 or 0644, and flushed
};

class Placer {
 public:
  // From here on the process's umask is 0.
  Placer(Purpose purpose, Progress& progress, Interrupts& interrupts)
      : purpose_(purpose),
        progress_(progress),
        interrupts_(interrupts),
        umask_(sys::SetFileCreationMask(0)) {}
  Placer(const Placer&) = delete;
  Placer& operator=(const Placer&) = delete;
  ~Placer();

  [[nodiscard]] sys::Mode umask() const { return umask_; }
  // What is at `to`: of no type where nothing is. Errors: those of sys::StatusAt(), and kInTheWay
  // for directories and what is neither a regular file nor a symbolic link.
  static Result<void> LookAt(const sys::Location& to, sys::FileStatus& existing);
  // Puts a copy of `source`, with its times, there. `existing` is what LookAt() has found: a
  // regular file's mode and owner stay. `name` is for the progress. Errors: any, and the above.
  Result<void> Place(const OpenedFile& source, StringView name, const sys::Location& to,
                     const sys::FileStatus& existing);
  // The same for a symbolic link that leads to `target`.
  static Result<void> PlaceLink(const char* target, const sys::Location& to);
  // Whether the error was of the place, and not of the source.
  [[nodiscard]] bool writing() const { return writing_; }
  // Whether two files, both at their start, have the same content. Errors: those of sys::Read(),
  // ENOMEM, kStopped.
  Result<bool> IsSame(sys::Descriptor one, sys::Descriptor other);

 private:
  Result<void> Reserve(uint64_t size);
  Result<size_t> Fill();
  [[nodiscard]] sys::Mode ModeOf(const sys::FileStatus& existing, StringView start) const;
  Result<void> Write(sys::File copy, size_t size, const sys::FileStatus& existing);
  Result<void> Settle(sys::Descriptor copy, const sys::FileStatus& existing);
  Result<void> WriteInPlace(const sys::Location& to, sys::Mode mode);

  Purpose purpose_;
  Progress& progress_;
  Interrupts& interrupts_;
  sys::Mode umask_;
  bool writing_ = false;
  bool ended_ = false;
  const OpenedFile* source_ = nullptr;
  StringView name_;
  uint64_t done_ = 0;  // bytes of it that have been read
  char* buffer_ = nullptr;
  size_t capacity_ = 0;
  size_t used_ = 0;  // of the capacity, for this file
};

}  // namespace cation::host

#endif  // CATION_SHELL_EXT_HOST_PLACEMENT_H_
