// SPDX-License-Identifier: MIT
//
// Steps that make and change files, and what a file system can do.
#include "runtime/core/format.h"
#include "tests/guest/runner/data.h"
#include "tests/guest/runner/runner.h"

namespace cation::guest {
namespace {

sys::Mode ModeOf(const Word& word) {
  return static_cast<sys::Mode>(ParseNumber(word.text, 8).value());
}

sys::Location At(const Word& word) { return sys::At(word.text.data()); }

constexpr auto kNewFile = sys::kWrite | sys::kCreate | sys::kTruncate;

Result<sys::File> Create(const char* path) {
  CATION_TRY_ASSIGN(const sys::Descriptor opened, sys::Open(sys::At(path), kNewFile, 0600));
  return sys::File(opened);
}

// The mode is set where the new file has another, which it has without a fault of the file system.
Result<void> Finish(sys::File& file, sys::Mode mode) {
  CATION_TRY_ASSIGN(const sys::FileStatus status, sys::Status(file.get()));
  if ((status.mode & sys::kPermissionMask) != mode) {
    CATION_TRY(sys::ChangeMode(file.get(), mode));
  }
  return file.Close();
}

Result<void> WriteFile(const Word& path, sys::Mode mode, StringView content) {
  CATION_TRY_ASSIGN(sys::File file, Create(path.text.data()));
  CATION_TRY(sys::WriteAll(file.get(), content));
  return Finish(file, mode);
}

Result<void> WriteData(const Word& path, sys::Mode mode, uint64_t size, uint64_t seed) {
  constexpr size_t kMebibyte = size_t{1024} * 1024;
  CATION_TRY_ASSIGN(sys::File file, Create(path.text.data()));
  String buffer;
  CATION_TRY(buffer.Resize(static_cast<size_t>(Min(size, uint64_t{kMebibyte}))));
  Data data(size, seed);
  while (data.left() > 0) {
    const size_t filled = data.Next({buffer.data(), buffer.size()});
    CATION_TRY(sys::WriteAll(file.get(), {buffer.data(), filled}));
  }
  return Finish(file, mode);
}

}  // namespace

bool Runner::MakeDirectory(Words words) {
  const sys::Mode mode = ModeOf(words[1]);
  // Some systems take no more than rwx and the sticky bit for a new directory.
  Result<sys::Descriptor> made = sys::MakeAndOpenDirectory(At(words[0]), mode & 01777);
  if (!made.ok()) return FailAt(words[0].text, made.error());
  sys::File directory(made.value());
  const Result<void> finished = Finish(directory, mode);
  return finished.ok() || FailAt(words[0].text, finished.error());
}

bool Runner::MakeFile(Words words) {
  const Result<void> made = WriteFile(words[0], ModeOf(words[1]), words[2].text);
  return made.ok() || FailAt(words[0].text, made.error());
}

bool Runner::MakeData(Words words) {
  const Result<void> made =
      WriteData(words[0], ModeOf(words[1]), ParseNumber(words[2].text).value(),
                ParseNumber(words[3].text).value());
  return made.ok() || FailAt(words[0].text, made.error());
}

bool Runner::MakeLink(Words words) {
  const Result<void> made = sys::MakeSymbolicLink(words[0].text.data(), At(words[1]));
  return made.ok() || FailAt(words[1].text, made.error());
}

bool Runner::MakeHardLink(Words words) {
  const Result<void> made = sys::MakeHardLink(At(words[0]), At(words[1]));
  return made.ok() || FailAt(words[1].text, made.error());
}

bool Runner::MakeFifo(Words words) {
  const Result<void> made = sys::MakeFifo(At(words[0]), ModeOf(words[1]));
  return made.ok() || FailAt(words[0].text, made.error());
}

bool Runner::SetModified(Words words) {
  const sys::TimePoint time = {static_cast<int64_t>(ParseNumber(words[1].text).value()),
                               static_cast<int64_t>(ParseNumber(words[2].text).value())};
  const Result<void> set = sys::SetTimesAt(At(words[0]), time, time);
  return set.ok() || FailAt(words[0].text, set.error());
}

bool Runner::SetMode(Words words) {
  const Result<void> set = sys::ChangeModeAt(At(words[0]), ModeOf(words[1]));
  return set.ok() || FailAt(words[0].text, set.error());
}

bool Runner::Rename(Words words) {
  const Result<void> renamed = sys::Rename(At(words[0]), At(words[1]));
  return renamed.ok() || FailAt(words[0].text, renamed.error());
}

bool Runner::Remove(Words words) {
  const Result<void> removed = RemoveTree(words[0].text.data());
  return removed.ok() || FailAt(words[0].text, removed.error());
}

// ---------------------------------------------------------------------------------------- features
namespace {

constexpr const char* kProbe = ".feature";

bool CanCreate(const char* name) {
  const bool made = Create(name).ok();
  if (made) (void)sys::RemoveFile(sys::At(name));
  return made;
}

bool HasLongNames() {
  char name[256];
  __builtin_memset(name, 'n', sizeof(name));
  name[sizeof(name) - 1] = '\0';
  return CanCreate(name);
}

bool HasSymbolicLinks() {
  constexpr StringView kTarget = "target";
  char target[16];
  if (!sys::MakeSymbolicLink(kTarget.data(), sys::At(kProbe)).ok()) return false;
  const Result<size_t> size = sys::ReadSymbolicLink(sys::At(kProbe), target);
  return size.ok() && StringView(target, size.value()) == kTarget;
}

Result<bool> HasHardLinks() {
  constexpr const char* kOther = ".feature2";
  CATION_TRY(Create(kProbe));
  if (!sys::MakeHardLink(sys::At(kProbe), sys::At(kOther)).ok()) return false;
  const Result<sys::FileStatus> one = sys::StatusAt(sys::At(kProbe), sys::Follow::kNo);
  const Result<sys::FileStatus> other = sys::StatusAt(sys::At(kOther), sys::Follow::kNo);
  CATION_TRY(sys::RemoveFile(sys::At(kOther)));
  return one.ok() && other.ok() && one.value().identity() == other.value().identity() &&
         one.value().links == 2;
}

Result<bool> Appends() {
  {
    CATION_TRY_ASSIGN(const sys::File file, Create(kProbe));
    CATION_TRY(sys::WriteAll(file.get(), "one"));
  }
  CATION_TRY_ASSIGN(const sys::Descriptor opened,
                    sys::Open(sys::At(kProbe), sys::kWrite | sys::kAppend));
  const sys::File file(opened);
  CATION_TRY(sys::WriteAll(file.get(), "two"));
  CATION_TRY_ASSIGN(const sys::FileStatus status, sys::Status(file.get()));
  return status.size == 6;
}

Result<bool> KeepsNanoseconds() {
  CATION_TRY_ASSIGN(const sys::File file, Create(kProbe));
  constexpr sys::TimePoint kTime = {1234567890, 123456789};
  CATION_TRY(sys::SetTimes(file.get(), kTime, kTime));
  CATION_TRY_ASSIGN(const sys::FileStatus status, sys::Status(file.get()));
  return status.modification_time == kTime;
}

Result<bool> KeepsPermissions() {
  CATION_TRY_ASSIGN(const sys::File file, Create(kProbe));
  constexpr sys::Mode kModes[] = {0600, 0751};
  for (const sys::Mode mode : kModes) {
    CATION_TRY(sys::ChangeMode(file.get(), mode));
    CATION_TRY_ASSIGN(const sys::FileStatus status, sys::Status(file.get()));
    if ((status.mode & sys::kPermissionMask) != mode) return false;
  }
  return true;
}

// Something may say that it makes a directory, and make a file.
bool HasDirectories() {
  if (!sys::MakeDirectory(sys::At(kProbe), 0700).ok()) return false;
  const Result<sys::FileStatus> status = sys::StatusAt(sys::At(kProbe), sys::Follow::kNo);
  return status.ok() && status.value().IsDirectory();
}

Result<bool> RefusesTrailingSlashes() {
  CATION_TRY(Create(kProbe));
  const Result<sys::Descriptor> opened = sys::Open(sys::At(".feature/"), sys::kRead);
  if (opened.ok()) sys::File(opened.value());
  return !opened.ok();
}

// Redox takes a name and a ".." behind it out of a path, and does not ask what that name is.
bool LooksUpDotDot() { return !sys::StatusAt(sys::At(".feature/.."), sys::Follow::kNo).ok(); }

Result<bool> InheritsSetGroupId() {
  constexpr const char* kInner = ".feature/inner";
  constexpr sys::Mode kSetGroupId = 02000;
  CATION_TRY(sys::MakeDirectory(sys::At(kProbe), 0700));
  CATION_TRY(sys::ChangeModeAt(sys::At(kProbe), kSetGroupId | 0700));
  CATION_TRY(sys::MakeDirectory(sys::At(kInner), 0700));
  CATION_TRY_ASSIGN(const sys::FileStatus status, sys::StatusAt(sys::At(kInner), sys::Follow::kNo));
  return (status.mode & kSetGroupId) != 0;
}

bool KeepsLinkTimes() {
  constexpr sys::TimePoint kTime = {1234567890, 0};
  if (!sys::MakeSymbolicLink("target", sys::At(kProbe)).ok() ||
      !sys::SetTimesAt(sys::At(kProbe), kTime, kTime).ok())
    return false;
  const Result<sys::FileStatus> status = sys::StatusAt(sys::At(kProbe), sys::Follow::kNo);
  return status.ok() && status.value().modification_time == kTime;
}

}  // namespace

Result<void> Runner::ProbeFeature(StringView name, bool* has) {
  Result<bool> probed = Error{abi::kEINVAL};
  if (name == "symbolic-links") probed = HasSymbolicLinks();
  if (name == "hard-links") probed = HasHardLinks();
  if (name == "fifos") probed = sys::MakeFifo(sys::At(kProbe), 0600).ok();
  if (name == "names-with-colon") probed = CanCreate(".feature:x");
  if (name == "any-bytes") probed = CanCreate(".feature\xff");
  if (name == "names-of-255") probed = HasLongNames();
  if (name == "append") probed = Appends();
  if (name == "nanoseconds") probed = KeepsNanoseconds();
  if (name == "permissions") probed = KeepsPermissions();
  if (name == "directories") probed = HasDirectories();
  if (name == "trailing-slashes") probed = RefusesTrailingSlashes();
  if (name == "dot-dot") probed = LooksUpDotDot();
  if (name == "set-group-id") probed = InheritsSetGroupId();
  if (name == "link-times") probed = KeepsLinkTimes();
  CATION_TRY(RemoveTree(kProbe));
  CATION_TRY(probed);
  *has = probed.value();
  return {};
}

}  // namespace cation::guest
