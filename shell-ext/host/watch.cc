// SPDX-License-Identifier: MIT
#include "shell-ext/host/watch.h"

#include "coreutils/support/backup.h"
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/start_command.h"
#include "runtime/core/format.h"
#include "shell-ext/support/judgement.h"

namespace cation::host {
namespace {

// Rounds between two attempts: 2 to the power of this at most.
constexpr uint8_t kMostFailures = 7;

bool IsSharedLibrary(StringView name) {
  if (name.EndsWith(".so")) return true;
  for (size_t i = 0; i + 4 <= name.size(); ++i) {
    if (name.From(i).StartsWith(".so.")) return true;
  }
  return false;
}

bool LooksAs(const sys::FileStatus& one, const sys::FileStatus& other) {
  return one.size == other.size && one.modification_time == other.modification_time;
}

}  // namespace

int Watcher::Run() {
  if (!Begin()) return 1;
  for (bool again = false;; again = true) {
    last_ = options_.once && again;
    Look();
    out_.Flush();
    if (installed_ != 0 && !options_.command.empty() && !interrupts_.Came()) RunCommand();
    if (!out_.ok() || interrupts_.Came()) break;
    if (last_ || (options_.once && changing_ == 0)) break;
    Wait();
    if (interrupts_.Came()) break;
  }
  return failed_ ? 1 : 0;
}

bool Watcher::Begin() {
  const Result<sys::FileStatus> target = sys::StatusAt(options_.target, sys::Follow::kYes);
  if (!target.ok()) return Refuse(options_.target, target.error());
  if (!target.value().IsDirectory()) return Refuse(options_.target, Error{abi::kENOTDIR});
  if (!sys::MayWrite(sys::At(options_.target), target.value()))
    return Refuse(options_.target, Error{abi::kEACCES});
  target_ = target.value().identity();
  const Result<sys::FileStatus> directory = sys::StatusAt(options_.directory, sys::Follow::kYes);
  if (!directory.ok()) return Refuse(options_.directory, directory.error());
  if (!directory.value().IsDirectory()) return Refuse(options_.directory, Error{abi::kENOTDIR});
  if (directory.value().identity() == target_) {
    Report(context_, options_.target, "is the directory to be watched");
    return false;
  }
  const StringView line[] = {"watching ", options_.directory, "; installing into ", options_.target,
                             "\n"};
  out_.WriteQuoted(line);
  out_.Flush();
  return true;
}

bool Watcher::Refuse(StringView path, Error error) {
  Report(context_, path, error);
  return false;
}

// ---- one round
void Watcher::Look() {
  changing_ = installed_ = 0;
  Result<void> entered = from_.Begin(options_.directory);
  if (entered.ok()) entered = EnterTop();
  if (!entered.ok()) {
    FailAt(entered.error());
    return;
  }
  if (Exchange(gone_, false)) Report(context_, options_.directory, "is there again");
  while (from_.depth() > 0 && out_.ok() && !interrupts_.Came()) {
    const Result<const Descent::Entry*> entry = from_.Next();
    Result<void> looked;
    if (!entry.ok()) {
      looked = entry.error();
    } else if (entry.value() == nullptr) {
      looked = from_.Leave();
    } else {
      looked = LookAtEntry(*entry.value());
    }
    if (!looked.ok()) FailAt(looked.error());
  }
  (void)from_.Begin("");
}

Result<void> Watcher::EnterTop() {
  CATION_TRY_ASSIGN(const sys::Descriptor opened,
                    sys::Open(from_.here(), sys::kRead | sys::kDirectory));
  sys::File directory(opened);
  CATION_TRY_ASSIGN(const sys::FileStatus status, sys::Status(opened));
  return from_.Enter(Move(directory), status);
}

Result<void> Watcher::Enter(uint64_t inode) {
  OpenedFile directory;
  CATION_TRY(OpenVerified(from_.here(), sys::kDirectory, inode, &directory));
  // What is installed is not installed once more.
  if (directory.status.identity() == target_) return {};
  return from_.Enter(Move(directory.file), directory.status);
}

Result<void> Watcher::LookAtEntry(const Descent::Entry& entry) {
  // Those of editors and of whoever else has not finished, and .git.
  if (entry.name[0] == '.') return {};
  if (entry.type == sys::FileType::kDirectory && Enter(entry.inode).ok()) return {};
  CATION_TRY_ASSIGN(const sys::FileStatus status, sys::StatusAt(from_.here(), sys::Follow::kNo));
  return status.IsDirectory() ? Enter(status.inode) : Consider(status);
}

// What is wrong with what is at hand, or with the whole directory.
void Watcher::FailAt(Error error) {
  if (from_.depth() == 0 || IsGone(error)) {
    failed_ = true;
    if (!Exchange(gone_, true))
      Report(context_, options_.directory, "is gone; waiting for it", error);
    (void)from_.Begin("");
    return;
  }
  // It went between two calls.
  if (error == abi::kENOENT) return;
  const Result<WatchedFile*> file = files_.Find(RelativePath());
  if (file.ok()) {
    FailAt(*file.value(), from_.path(), error);
  } else {
    Report(context_, from_.path(), error);
  }
}

bool Watcher::IsGone(Error error) {
  if (error == abi::kENOENT || error == abi::kENOMEM) return false;
  return !sys::StatusAt(options_.directory, sys::Follow::kYes).ok();
}

void Watcher::FailAt(WatchedFile& file, StringView path, Error error) {
  failed_ = true;
  if (file.failures == 0) {
    out_.Flush();
    Fail(context_, path, error);
  }
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
    if (last_) FailAt(file, from_.path(), kChanging);
    return {};
  }
  if (file.state == State::kSettled) return {};
  if (file.state == State::kFailed && --file.rounds != 0) return {};
  Result<void> installed = status.IsRegular() ? Install(status) : kNoFile;
  if (installed.ok()) {
    file.state = State::kSettled;
  } else if (installed.error() == kReported || installed.error() == kNoFile) {
    // Until it changes.
    if (installed.error() == kNoFile) Fail(context_, from_.path(), kNoFile);
    file.state = State::kSettled;
    failed_ = true;
  } else if (installed.error() == kChanging) {
    file.state = State::kChanging;
    ++changing_;
  } else if (writing_) {
    FailAt(file, place_.view(), installed.error());
  } else if (!(installed.error() == kStopped)) {
    return installed;
  }
  return {};
}

// ---- one file
StringView Watcher::RelativePath() const {
  const StringView path = from_.path();
  return path.From(Min(StringView(options_.directory).size() + 1, path.size()));
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

Result<void> Watcher::Install(const sys::FileStatus& status) {
  writing_ = true;
  CATION_TRY(NamePlace());
  sys::FileStatus existing;
  CATION_TRY(Placer::LookAt(sys::At(place_.c_str()), existing));
  writing_ = false;
  OpenedFile source;
  CATION_TRY(OpenVerified(from_.here(), sys::OpenFlags{}, status.inode, &source));
  if (!LooksAs(source.status, status)) return kChanging;
  if (existing.IsRegular() && existing.size == status.size) {
    CATION_TRY_ASSIGN(const bool is_there, IsThere(source));
    if (is_there) return {};
    CATION_TRY(sys::SeekTo(source.file.get(), 0));
  }
  if (!options_.force) CATION_TRY(CheckProgram());
  if (!options_.dry_run) CATION_TRY(Place(source, existing));
  ++installed_;
  AnnouncePair(out_, options_.dry_run ? "would install " : "installed ", from_.path(),
               place_.view());
  out_.Write('\n');
  out_.Flush();
  return {};
}

// Whether what is in its place has the same content: then it gets its times, so that this need not
// be asked again.
Result<bool> Watcher::IsThere(const OpenedFile& source) {
  const Result<sys::Descriptor> opened = sys::Open(sys::At(place_.c_str()), sys::kRead);
  if (!opened.ok()) return false;
  const sys::File existing(opened.value());
  CATION_TRY_ASSIGN(const bool is_same, placer_.IsSame(source.file.get(), existing.get()));
  if (is_same && !options_.dry_run) (void)sys::CopyTimes(existing.get(), source.status);
  return is_same;
}

// Whether it would run if it is a program; what else there is may be installed.
Result<void> Watcher::CheckProgram() {
  Judgement judgement;
  const StringView path = from_.path();
  CATION_TRY(Judge(context_, from_.here().path, judgement));
  uint32_t hindrances = judgement.hindrances & kOfPrograms;
  if (IsSharedLibrary(path)) hindrances &= ~uint32_t{kWantsRelocation | kNoEntry};
  if (judgement.kind != FileKind::kProgram || hindrances == 0) return {};
  String text;
  String lead;
  CATION_TRY(lead.Append(context_.program));
  CATION_TRY(lead.Append(": "));
  CATION_TRY(AppendAdvice(text, lead.view(), path, judgement, hindrances));
  out_.Flush();
  (void)sys::WriteAll(context_.errors, text.view());
  return kReported;
}

Result<void> Watcher::Place(const OpenedFile& source, const sys::FileStatus& existing) {
  const sys::Location place = sys::At(place_.c_str());
  Result<void> placed = placer_.Place(source, {}, place, existing);
  if (!placed.ok() && placed.error() == abi::kENOENT && placer_.writing()) {
    writing_ = true;
    CATION_TRY(MakeParents());
    writing_ = false;
    CATION_TRY(sys::SeekTo(source.file.get(), 0));
    placed = placer_.Place(source, {}, place, existing);
  }
  writing_ = placer_.writing();
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
void Watcher::RunCommand() {
  if (options_.dry_run) return;
  int status = 0;
  // Its files get the modes that they would get otherwise.
  (void)sys::SetFileCreationMask(placer_.umask());
  const sys::Process process = StartCommand(context_, options_.command, nullptr, &status);
  (void)sys::SetFileCreationMask(0);
  if (process != sys::kNoProcess) {
    const Result<sys::Termination> how = sys::Wait(process);
    if (!how.ok()) {
      Report(context_, options_.command[0], "cannot wait for it", how.error());
      status = 1;
    } else if (how.value().by_signal || how.value().number != 0) {
      status = 1;
      String reason;
      AddText(reason, how.value().by_signal ? "ended by signal " : "ended with status ");
      AddText(reason, Digits(static_cast<uint64_t>(how.value().number)));
      if (!interrupts_.Came()) Report(context_, options_.command[0], reason.view());
    }
  }
  if (status != 0) failed_ = true;
}

// What comes meanwhile ends the wait: the signals are blocked before it is seen whether one came.
void Watcher::Wait() {
  const Result<uint64_t> before = sys::BlockedSignals();
  if (!before.ok() || !sys::SetBlockedSignals(before.value() | interrupts_.set()).ok()) {
    sys::Pause(options_.interval);
    return;
  }
  if (!interrupts_.Came()) {
    const Result<int> signal = sys::WaitForSignal(interrupts_.set(), options_.interval);
    if (!signal.ok()) sys::Pause(options_.interval);
    if (signal.ok() && signal.value() != 0) interrupts_.Took(signal.value());
  }
  (void)sys::SetBlockedSignals(before.value());
}

}  // namespace cation::host
