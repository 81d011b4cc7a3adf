// SPDX-License-Identifier: MIT
#include "shell-ext/host/watch.h"

#include "coreutils/support/backup.h"
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/judgement.h"
#include "shell-ext/support/has_text.h"

namespace cation::host {
namespace {

// Rounds between two attempts: 2 to the power of this at most.
constexpr uint8_t kMostFailures = 7;

bool IsSharedLibrary(StringView name) {
  return name.EndsWith(".so") || HasText(name, ".so.", false);
}

bool LooksAs(const sys::FileStatus& one, const sys::FileStatus& other) {
  return one.size == other.size && one.modification_time == other.modification_time;
}

}  // namespace

void Watcher::Run() {
  if (!Begin()) return;
  for (bool again = false;; again = true) {
    last_ = options_.once && again;
    Look();
    work_.out.Flush();
    if (last_ || (options_.once && changing_ == 0)) break;
    if (options_.wait && installed_ != 0) {
      // That is what it was to do.
      work_.ok = true;
      break;
    }
    if (!work_.out.ok() || work_.interrupts.Came()) break;
    Wait();
    if (work_.interrupts.Came()) break;
  }
}

bool Watcher::Begin() {
  sys::FileStatus status;
  if (!work_.FindDirectory(options_.target, status)) return false;
  if (!sys::MayWrite(sys::At(options_.target), status)) {
    work_.Fail(options_.target, Error{abi::kEACCES});
    return false;
  }
  target_ = status.identity();
  if (!work_.FindDirectory(options_.directory, status)) return false;
  if (status.identity() == target_) {
    work_.Fail(options_.target, kIsItself);
    return false;
  }
  const Result<uint64_t> blocked = sys::BlockedSignals();
  if (blocked.ok()) blocked_ = blocked.value();
  const StringView line[] = {"watching ", options_.directory, "; installing into ", options_.target,
                             "\n"};
  work_.out.WriteQuoted(line);
  work_.out.Flush();
  return true;
}

// ---- one round
void Watcher::Look() {
  changing_ = installed_ = 0;
  Result<void> entered = work_.from.Begin(options_.directory);
  if (entered.ok()) entered = EnterTop();
  if (!entered.ok()) {
    FailAt(entered.error());
    return;
  }
  if (Exchange(gone_, false)) Report(work_.context, options_.directory, "is there again");
  while (work_.from.depth() > 0 && work_.out.ok() && !work_.interrupts.Came()) {
    const Result<const Descent::Entry*> entry = work_.from.Next();
    Result<void> looked;
    if (!entry.ok()) {
      looked = entry.error();
    } else if (entry.value() == nullptr) {
      looked = work_.from.Leave();
    } else {
      looked = LookAtEntry(*entry.value());
    }
    if (!looked.ok()) FailAt(looked.error());
  }
  (void)work_.from.Begin("");
}

Result<void> Watcher::EnterTop() {
  CATION_TRY_ASSIGN(const sys::Descriptor opened,
                    sys::Open(work_.from.here(), sys::kRead | sys::kDirectory));
  sys::File directory(opened);
  CATION_TRY_ASSIGN(const sys::FileStatus status, sys::Status(opened));
  return work_.from.Enter(Move(directory), status);
}

Result<void> Watcher::Enter(uint64_t inode) {
  OpenedFile directory;
  CATION_TRY(OpenVerified(work_.from.here(), sys::kDirectory, inode, &directory));
  // What is installed is not installed once more.
  if (directory.status.identity() == target_) return {};
  return work_.from.Enter(Move(directory.file), directory.status);
}

Result<void> Watcher::LookAtEntry(const Descent::Entry& entry) {
  // Those of editors and of whoever else has not finished, and .git.
  if (entry.name[0] == '.') return {};
  if (entry.type == sys::FileType::kDirectory && Enter(entry.inode).ok()) return {};
  CATION_TRY_ASSIGN(const sys::FileStatus status,
                    sys::StatusAt(work_.from.here(), sys::Follow::kNo));
  return status.IsDirectory() ? Enter(status.inode) : Consider(status);
}

// What is wrong with what is at hand, or with the whole directory.
void Watcher::FailAt(Error error) {
  if (work_.from.depth() == 0 || IsGone(error)) {
    work_.ok = false;
    if (!Exchange(gone_, true))
      Report(work_.context, options_.directory, "is gone; waiting for it", error);
    (void)work_.from.Begin("");
    return;
  }
  // It went between two calls.
  if (error == abi::kENOENT) return;
  const Result<WatchedFile*> file = files_.Find(RelativePath());
  if (file.ok()) {
    FailAt(*file.value(), work_.from.path(), error);
  } else {
    work_.Fail(work_.from.path(), error);
  }
}

bool Watcher::IsGone(Error error) {
  if (error == abi::kENOENT || error == abi::kENOMEM) return false;
  return !sys::StatusAt(options_.directory, sys::Follow::kYes).ok();
}

void Watcher::FailAt(WatchedFile& file, StringView path, Error error) {
  if (file.failures == 0) work_.Fail(path, error);
  if (file.failures < kMostFailures) ++file.failures;
  file.rounds = 1U << (file.failures - 1);
  file.state = WatchedFile::State::kFailed;
}

Result<void> Watcher::Consider(const sys::FileStatus& status) {
  using State = WatchedFile::State;
  CATION_TRY_ASSIGN(WatchedFile* const found, files_.Find(RelativePath()));
  WatchedFile& file = *found;
  const bool is_new = file.state == State::kNew;
  const bool is_same = file.Takes(status);
  if (is_new && status.IsRegular() && IsAsInstalled(status)) {
    file.state = State::kSettled;
    return {};
  }
  if (!is_same) {
    file.state = State::kChanging;
    file.failures = 0;
    ++changing_;
    if (last_) FailAt(file, work_.from.path(), kChanging);
    return {};
  }
  if (file.state == State::kSettled) return {};
  if (file.state == State::kFailed && --file.rounds != 0) return {};
  const Result<void> installed = status.IsRegular() ? Install(status) : LeaveOut();
  if (installed.ok()) {
    file.state = State::kSettled;
  } else if (installed.error().number <= kIsNotWhole.number) {
    // Until it changes.
    work_.Fail(work_.from.path(), installed.error());
    file.state = State::kSettled;
  } else if (installed.error() == kChanging) {
    file.state = State::kChanging;
    ++changing_;
  } else if (installed.error() == kStopped) {
    return {};
  } else if (writing_) {
    FailAt(file, place_.view(), installed.error());
  } else {
    return installed;
  }
  return {};
}

// ---- one file
StringView Watcher::RelativePath() const {
  const StringView path = work_.from.path();
  const StringView directory(options_.directory);
  const size_t start = directory.size() + (directory.EndsWith("/") ? 0 : 1);
  return path.From(Min(start, path.size()));
}

Result<void> Watcher::NamePlace() {
  place_.Truncate(0);
  CATION_TRY(place_.Append(options_.target));
  return AppendPathComponent(place_, RelativePath());
}

// By what costs no look into it: what has been installed has the times of its source.
bool Watcher::IsAsInstalled(const sys::FileStatus& status) {
  sys::FileStatus existing;
  return NamePlace().ok() && Placer::LookAt(sys::At(place_.c_str()), existing).ok() &&
         existing.IsRegular() && LooksAs(existing, status) && status.modification_time.seconds != 0;
}

// What is not for this, which is no error.
Result<void> Watcher::LeaveOut() {
  const StringView line[] = {"left out ", work_.from.path(), ", which is no regular file\n"};
  work_.out.WriteQuoted(line);
  work_.out.Flush();
  return {};
}

Result<void> Watcher::Install(const sys::FileStatus& status) {
  writing_ = true;
  CATION_TRY(NamePlace());
  sys::FileStatus existing;
  CATION_TRY(Placer::LookAt(sys::At(place_.c_str()), existing));
  writing_ = false;
  OpenedFile source;
  CATION_TRY(OpenVerified(work_.from.here(), sys::OpenFlags{}, status.inode, &source));
  if (!LooksAs(source.status, status)) return kChanging;
  if (existing.IsRegular() && existing.size == status.size) {
    CATION_TRY_ASSIGN(const bool is_there, IsThere(source));
    if (is_there) return {};
    CATION_TRY(sys::SeekTo(source.file.get(), 0));
  }
  if (!options_.force) CATION_TRY(CheckProgram(source));
  if (!options_.dry_run) CATION_TRY(Place(source, existing));
  ++installed_;
  AnnouncePair(work_.out, options_.dry_run ? "would install " : "installed ", work_.from.path(),
               place_.view());
  work_.out.Write('\n');
  work_.out.Flush();
  return {};
}

// Whether what is in its place has the same content: then it gets its times, so that this need not
// be asked again.
Result<bool> Watcher::IsThere(const OpenedFile& source) {
  const Result<sys::Descriptor> opened = sys::Open(sys::At(place_.c_str()), sys::kRead);
  if (!opened.ok()) return false;
  const sys::File existing(opened.value());
  CATION_TRY_ASSIGN(const bool is_same, work_.placer.IsSame(source.file.get(), existing.get()));
  if (is_same && !options_.dry_run) (void)sys::CopyTimes(existing.get(), source.status);
  return is_same;
}

// Whether it would run, if it is a program; what else there is may be installed.
Result<void> Watcher::CheckProgram(const OpenedFile& source) {
  Judgement judgement;
  judgement.status = source.status;
  CATION_TRY(JudgeProgram(work_.context, source.file.get(), judgement));
  CATION_TRY(sys::SeekTo(source.file.get(), 0));
  uint32_t hindrances = judgement.hindrances;
  if (IsSharedLibrary(work_.from.path())) hindrances &= ~uint32_t{kWantsRelocation | kNoEntry};
  if (judgement.kind != FileKind::kProgram || (hindrances & kOfPrograms) == 0) return {};
  if ((hindrances & kIsCut) != 0) return kIsNotWhole;
  return (hindrances & kOtherMachine) != 0 ? kIsForOthers : kCannotRun;
}

Result<void> Watcher::Place(const OpenedFile& source, const sys::FileStatus& existing) {
  const sys::Location place = sys::At(place_.c_str());
  Result<void> placed = work_.placer.Place(source, {}, place, existing);
  if (!placed.ok() && placed.error() == abi::kENOENT && work_.placer.writing()) {
    writing_ = true;
    CATION_TRY(MakeParents());
    writing_ = false;
    CATION_TRY(sys::SeekTo(source.file.get(), 0));
    placed = work_.placer.Place(source, {}, place, existing);
  }
  writing_ = work_.placer.writing();
  return placed;
}

Result<void> Watcher::MakeParents() {
  char* const path = place_.data();
  for (size_t i = StringView(options_.target).size() + 1; i < place_.size(); ++i) {
    if (path[i] != '/') continue;
    path[i] = '\0';
    const Result<void> made = sys::MakeDirectory(sys::At(path), 0755);
    path[i] = '/';
    if (!made.ok() && !(made.error() == abi::kEEXIST)) return made;
  }
  return {};
}

// ---- between rounds
// What comes meanwhile ends the wait: the signals are blocked before it is seen whether one came.
void Watcher::Wait() {
  const uint64_t awaited = work_.interrupts.set();
  if (!sys::SetBlockedSignals(blocked_ | awaited).ok()) {
    sys::Pause(options_.interval);
    return;
  }
  if (!work_.interrupts.Came()) {
    const Result<int> signal = sys::WaitForSignal(awaited, options_.interval);
    if (!signal.ok()) sys::Pause(options_.interval);
    if (signal.ok() && signal.value() != 0) work_.interrupts.Took(signal.value());
  }
  (void)sys::SetBlockedSignals(blocked_);
}

}  // namespace cation::host
