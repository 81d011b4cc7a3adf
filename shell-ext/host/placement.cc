// SPDX-License-Identifier: MIT
#include "shell-ext/host/placement.h"

#include "coreutils/support/backup.h"
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/quote.h"
#include "runtime/core/allocate.h"
#include "runtime/sys/terminal.h"

namespace cation::host {
namespace {

constexpr sys::Mode kForOwner = 0777;
constexpr size_t kPage = 4096;
// RedoxFS refuses longer names.
constexpr size_t kLongestName = 252;

constexpr int kSignals[] = {sys::kSignalHangUp, sys::kSignalInterrupt, sys::kSignalTerminate};

bool IsUtf8(StringView text) {
  while (!text.empty()) {
    const size_t length = DecodeUtf8(text, nullptr);
    if (length == 0) return false;
    text = text.From(length);
  }
  return true;
}

// Why RedoxFS does not take a name; it says EINVAL, or takes it for a scheme's.
StringView RefusalOf(StringView name, Error error) {
  if (error == abi::kENODEV && name.Find(':') != StringView::kNotFound)
    return "names with ':' are those of schemes here";
  if (!(error == abi::kEINVAL)) return {};
  if (name.size() > kLongestName) return "its name has more than 252 bytes";
  return IsUtf8(name) ? StringView() : "its name is no UTF-8";
}

// Fills `buffer` as far as the file goes; `left` bytes of it are expected.
Result<size_t> ReadFully(sys::Descriptor file, Span<char> buffer, uint64_t left) {
  size_t size = 0;
  while (size < buffer.size()) {
    CATION_TRY_ASSIGN(const size_t count, sys::Read(file, buffer.From(size)));
    const bool is_short = count < buffer.size() - size;
    size += count;
    // Short reads are usual on a 9p share; but the end of the file is known.
    if (count == 0 || (is_short && left != 0 && size >= left)) break;
  }
  return size;
}

Result<void> NameTemporary(const sys::Location& to, String& path) {
  // As no inode is numbered, after which others call theirs.
  return TemporaryPath(to, UINT64_MAX - static_cast<uint64_t>(sys::ThisProcess()), &path);
}

}  // namespace

void Fail(const Context& context, StringView path, Error error) {
  // From kChanging downwards.
  static constexpr const char kReasons[] =
      "has changed meanwhile\0"
      "has ended before its end\0"
      "is a directory or the like; will not replace it with a file\0"
      "is not a directory; will not replace it with one\0"
      "is copied or installed into itself; left out\0"
      "has the name of one before it; left out\0"
      "is not on the share\0"
      "leads out of the share\0"
      "is no regular file; left out\0"
      "is cut or damaged; left out\0"
      "is for another machine; left out\0"
      "would not run here; left out: explain says why";
  StringView reason = RefusalOf(LastComponent(path), error);
  if (error.number <= kChanging.number) {
    reason = kReasons;
    for (int number = kChanging.number; number != error.number; --number) reason = reason.end() + 1;
  }
  if (reason.empty()) {
    Report(context, path, error);
  } else {
    Report(context, path, reason);
  }
}

// ---- signals
Interrupts::~Interrupts() {
  for (const int signal : kSignals) {
    if ((set_ & sys::SignalBit(signal)) != 0)
      (void)sys::SetSignalAction(signal, sys::SignalAction::kDefault);
  }
}

void Interrupts::Note() {
  for (const int signal : kSignals) {
    const Result<sys::SignalAction> action = sys::SignalActionOf(signal);
    if (action.ok() && action.value() == sys::SignalAction::kIgnore) continue;
    if (sys::NoteSignal(signal).ok()) set_ |= sys::SignalBit(signal);
  }
}

bool Interrupts::Came() {
  if (set_ != 0) came_ |= sys::NotedSignals() & set_;
  return came_ != 0;
}

void Interrupts::Took(int signal) { came_ |= sys::SignalBit(signal); }

int Interrupts::End() {
  constexpr int kBySignal = 128;
  const int signal = __builtin_ctzll(came_) + 1;
  sys::EndBySignal(signal);
  return kBySignal + signal;
}

// ---- files
Placer::~Placer() { Release(buffer_); }

Result<void> Placer::LookAt(const sys::Location& to, sys::FileStatus& existing) {
  existing = {};
  const Result<sys::FileStatus> status = sys::StatusAt(to, sys::Follow::kNo);
  if (!status.ok()) return status.error() == abi::kENOENT ? Result<void>() : status.error();
  existing = status.value();
  if (existing.IsRegular() || existing.IsSymbolicLink()) return {};
  return kInTheWay;
}

Result<void> Placer::Reserve(uint64_t size) {
  // One byte more than there are, so that the read that brings the last comes back short.
  const uint64_t wanted = (size + kPage) & ~uint64_t{kPage - 1};
  used_ = size < sys::kBestCallSize ? static_cast<size_t>(wanted) : sys::kBestCallSize;
  if (used_ <= capacity_) return {};
  Release(Exchange(buffer_, static_cast<char*>(nullptr)));
  capacity_ = 0;
  buffer_ = static_cast<char*>(Allocate(used_));
  if (buffer_ == nullptr) return Error{abi::kENOMEM};
  capacity_ = used_;
  return {};
}

Result<size_t> Placer::Fill() {
  writing_ = false;
  const uint64_t size = source_->status.size;
  CATION_TRY_ASSIGN(const size_t count, ReadFully(source_->file.get(), {buffer_, used_},
                                                  size > done_ ? size - done_ : 0));
  done_ += count;
  ended_ = count < used_;
  return count;
}

Result<bool> Placer::IsSame(sys::Descriptor one, sys::Descriptor other) {
  CATION_TRY(Reserve(sys::kBestCallSize));
  const size_t half = used_ / 2;
  for (;;) {
    CATION_TRY_ASSIGN(const size_t size, ReadFully(one, {buffer_, half}, 0));
    CATION_TRY_ASSIGN(const size_t others, ReadFully(other, {buffer_ + half, half}, 0));
    if (size != others || __builtin_memcmp(buffer_, buffer_ + half, size) != 0) return false;
    if (size < half) return true;
    if (interrupts_.Came()) return kStopped;
  }
}

sys::Mode Placer::ModeOf(const sys::FileStatus& existing, StringView start) const {
  if (existing.IsRegular()) return existing.mode & sys::kPermissionMask;
  if (purpose_ == Purpose::kPut) return source_->status.mode & kForOwner & ~umask_;
  const bool is_program = start.StartsWith("#!") || start.StartsWith(
                                                        "\x7f"
                                                        "ELF");
  if (purpose_ == Purpose::kInstall) return is_program ? 0755 : 0644;
  return (is_program ? 0777 : 0666) & ~umask_;
}

Result<void> Placer::Place(const OpenedFile& source, StringView name, const sys::Location& to,
                           const sys::FileStatus& existing) {
  source_ = &source;
  name_ = name;
  done_ = 0;
  writing_ = false;
  CATION_TRY(Reserve(source.status.size));
  CATION_TRY_ASSIGN(const size_t size, Fill());
  writing_ = true;
  const sys::Mode mode = ModeOf(existing, {buffer_, size});
  String path;
  CATION_TRY(NameTemporary(to, path));
  const sys::Location temporary = Beside(to, path);
  const auto create = [&] {
    // A share ignores kExclusive, and would keep what is behind the end.
    return sys::Open(temporary, sys::kWrite | sys::kCreate | sys::kExclusive | sys::kTruncate,
                     mode & kForOwner);
  };
  Result<sys::Descriptor> created = create();
  if (!created.ok() && created.error() == abi::kEEXIST) {
    // Of a process that had this one's number, and was killed.
    CATION_TRY(sys::RemoveFile(temporary));
    created = create();
  }
  if (!created.ok()) return created.error();
  const Result<void> written = Write(sys::File(created.value()), size, existing);
  Result<void> placed = written;
  if (placed.ok()) placed = sys::Rename(temporary, to);
  if (placed.ok()) return {};
  (void)sys::RemoveFile(temporary);
  if (written.ok() && purpose_ == Purpose::kPut) return WriteInPlace(to, mode);
  return placed;
}

Result<void> Placer::PlaceLink(const char* target, const sys::Location& to) {
  String path;
  CATION_TRY(NameTemporary(to, path));
  const sys::Location temporary = Beside(to, path);
  Result<void> placed = sys::MakeSymbolicLink(target, temporary);
  if (!placed.ok() && placed.error() == abi::kEEXIST) {
    CATION_TRY(sys::RemoveFile(temporary));
    placed = sys::MakeSymbolicLink(target, temporary);
  }
  if (!placed.ok()) return placed;
  placed = sys::Rename(temporary, to);
  if (!placed.ok()) (void)sys::RemoveFile(temporary);
  return placed;
}

// The bytes that have been read, and the rest.
Result<void> Placer::Write(sys::File copy, size_t size, const sys::FileStatus& existing) {
  for (;;) {
    writing_ = true;
    CATION_TRY(sys::WriteAll(copy.get(), {buffer_, size}));
    progress_.Advance(0, size, name_);
    if (ended_) break;
    if (interrupts_.Came()) return kStopped;
    CATION_TRY_ASSIGN(size, Fill());
  }
  writing_ = false;
  if (done_ < source_->status.size) return kShortened;
  if (purpose_ == Purpose::kInstall) {
    CATION_TRY_ASSIGN(const sys::FileStatus now, sys::Status(source_->file.get()));
    const sys::FileStatus& before = source_->status;
    if (done_ != before.size || now.size != before.size ||
        now.modification_time != before.modification_time)
      return kChanging;
  }
  writing_ = true;
  const Result<void> settled = Settle(copy.get(), existing);
  // A share keeps next to nothing.
  if (!settled.ok() && purpose_ != Purpose::kPut) return settled;
  // Some file systems say only now that there was no room.
  return copy.Close();
}

Result<void> Placer::Settle(sys::Descriptor copy, const sys::FileStatus& existing) {
  if (purpose_ != Purpose::kPut && existing.IsRegular()) {
    bool is_owners = existing.user == sys::EffectiveUser();
    if (!is_owners) is_owners = sys::ChangeOwner(copy, existing.user, existing.group).ok();
    // What is executed as its owner is executed so as nobody else.
    const sys::Mode mode = existing.mode & sys::kPermissionMask;
    if (is_owners && (mode & ~kForOwner) != 0) CATION_TRY(sys::ChangeMode(copy, mode));
  }
  CATION_TRY(sys::CopyTimes(copy, source_->status));
  if (purpose_ == Purpose::kInstall) CATION_TRY(sys::Flush(copy, false));
  return {};
}

// Where the share renames nothing: `mode` is for a new file.
Result<void> Placer::WriteInPlace(const sys::Location& to, sys::Mode mode) {
  writing_ = false;
  CATION_TRY(sys::SeekTo(source_->file.get(), 0));
  done_ = 0;
  CATION_TRY_ASSIGN(const size_t size, Fill());
  writing_ = true;
  CATION_TRY_ASSIGN(
      const sys::Descriptor opened,
      sys::Open(to, sys::kWrite | sys::kCreate | sys::kTruncate | sys::kNoFollow, mode));
  const Result<void> written = Write(sys::File(opened), size, {});
  if (!written.ok()) (void)sys::RemoveFile(to);
  return written;
}

}  // namespace cation::host
