// SPDX-License-Identifier: MIT
//
// The door on POSIX hosts (Linux, macOS): for unit tests and for host builds of the programs.
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runtime/core/allocate.h"
#include "runtime/sys/posix/os.h"
#include "runtime/sys/posix/signals.h"
#include "runtime/sys/posix/stat_time.h"
#include "runtime/sys/spawn.h"
#include "runtime/sys/sys.h"

namespace cation::sys {
namespace {

// The host's errno as a canonical number. On Linux they are the same; elsewhere those that the
// suite names are translated.
Error LastError() {
  const int number = errno;
#ifndef __linux__
  constexpr struct {
    int host;
    abi::Errno canonical;
  } kTranslations[] = {
      {EAGAIN, abi::kEAGAIN},
      {EDEADLK, abi::kEDEADLK},
      {ENAMETOOLONG, abi::kENAMETOOLONG},
      {ENOLCK, abi::kENOLCK},
      {ENOSYS, abi::kENOSYS},
      {ENOTEMPTY, abi::kENOTEMPTY},
      {ELOOP, abi::kELOOP},
      {EOVERFLOW, abi::kEOVERFLOW},
      {EILSEQ, abi::kEILSEQ},
      {ENOTSUP, abi::kEOPNOTSUPP},
      {EOPNOTSUPP, abi::kEOPNOTSUPP},
      {ETIMEDOUT, abi::kETIMEDOUT},
      {ESTALE, abi::kESTALE},
      {EDQUOT, abi::kEDQUOT},
      {ECANCELED, abi::kECANCELED},
      {ENODATA, abi::kENODATA},
  };
  for (const auto& translation : kTranslations) {
    if (number == translation.host) return Error{translation.canonical};
  }
#endif
  return Error{number};
}

// Makes the call, again while a signal interrupts it; it fails with a negative result.
template <typename Call>
auto Retry(Call call) {
  for (;;) {
    const auto result = call();
    if (result >= 0 || errno != EINTR) return result;
  }
}

template <typename Call>
Result<void> RetryStatus(Call call) {
  if (Retry(call) < 0) return LastError();
  return {};
}

int DirectoryOf(const Location& location) {
  return location.directory == kWorkingDirectory ? AT_FDCWD : location.directory;
}

TimePoint FromTimespec(const timespec& time) { return {time.tv_sec, time.tv_nsec}; }

timespec ToTimespec(TimePoint time) {
  timespec result{};
#ifndef __linux__
  if (time == kPresentTime || time == kTimeAsItIs) {
    result.tv_nsec = time == kPresentTime ? UTIME_NOW : UTIME_OMIT;
    return result;
  }
#endif
  result.tv_sec = static_cast<time_t>(time.seconds);
  result.tv_nsec = static_cast<decltype(result.tv_nsec)>(time.nanoseconds);
  return result;
}

FileStatus FromStat(const struct stat& raw) {
  FileStatus status;
  status.device = static_cast<uint64_t>(raw.st_dev);
  status.inode = raw.st_ino;
  status.links = raw.st_nlink;
  status.mode = raw.st_mode;
  status.user = raw.st_uid;
  status.group = raw.st_gid;
  status.special_device = static_cast<uint64_t>(raw.st_rdev);
  status.size = static_cast<uint64_t>(raw.st_size);
  status.blocks = static_cast<uint64_t>(raw.st_blocks);
  status.block_size = static_cast<uint64_t>(raw.st_blksize);
  status.access_time = FromTimespec(AccessTimeOf(raw));
  status.modification_time = FromTimespec(ModificationTimeOf(raw));
  status.change_time = FromTimespec(ChangeTimeOf(raw));
  return status;
}

constexpr int kFirstOwn = 3;  // descriptors before it are the standard streams

// See sys.h: `descriptor` moved above the standard streams.
Result<Descriptor> MoveUp(int descriptor) {
  const int moved = os::duplicate(descriptor, kFirstOwn);
  const Error error = moved < 0 ? LastError() : Error{0};
  (void)os::close(descriptor);
#ifdef O_PATH
  constexpr int kNeither = O_PATH;
#else
  constexpr int kNeither = O_RDONLY;  // of a directory: it cannot be read or written
#endif
  // Into the lowest free place, which is the one just left.
  (void)os::open_at(AT_FDCWD, "/", kNeither | O_CLOEXEC, 0);
  if (moved < 0) return error;
  return moved;
}

}  // namespace

Result<Descriptor> Open(const Location& location, OpenFlags flags, Mode mode) {
  int bits = O_CLOEXEC;
  if ((flags & kRead) != 0 && (flags & kWrite) != 0) {
    bits |= O_RDWR;
  } else {
    bits |= (flags & kWrite) != 0 ? O_WRONLY : O_RDONLY;
  }
  if ((flags & kCreate) != 0) bits |= O_CREAT;
  if ((flags & kExclusive) != 0) bits |= O_EXCL;
  if ((flags & kTruncate) != 0) bits |= O_TRUNC;
  if ((flags & kAppend) != 0) bits |= O_APPEND;
  if ((flags & kNoFollow) != 0) bits |= O_NOFOLLOW;
  if ((flags & kDirectory) != 0) bits |= O_DIRECTORY;
  if ((flags & kNonBlocking) != 0) bits |= O_NONBLOCK;
  const int descriptor = Retry([&] {
    return os::open_at(DirectoryOf(location), location.name, bits, static_cast<mode_t>(mode));
  });
  if (descriptor < 0) return LastError();
  return descriptor < kFirstOwn ? MoveUp(descriptor) : Result<Descriptor>(descriptor);
}

Result<void> Close(Descriptor descriptor) {
  // Not repeated: on Linux the descriptor is gone also after EINTR, and may be another file's by
  // now.
  if (os::close(descriptor) < 0 && errno != EINTR) return LastError();
  return {};
}

Result<size_t> Read(Descriptor descriptor, Span<char> buffer) {
  const ssize_t count = Retry([&] { return os::read(descriptor, buffer.data(), buffer.size()); });
  if (count < 0) return LastError();
  return static_cast<size_t>(count);
}

Result<size_t> Write(Descriptor descriptor, StringView data) {
  const ssize_t count = Retry([&] { return os::write(descriptor, data.data(), data.size()); });
  if (count < 0) return LastError();
  return static_cast<size_t>(count);
}

namespace {

Result<uint64_t> Seek(Descriptor descriptor, off_t offset, int whence) {
  const off_t position = os::lseek(descriptor, offset, whence);
  if (position < 0) return LastError();
  return static_cast<uint64_t>(position);
}

}  // namespace

Result<uint64_t> SeekTo(Descriptor descriptor, uint64_t offset) {
  return Seek(descriptor, static_cast<off_t>(offset), SEEK_SET);
}

Result<uint64_t> Position(Descriptor descriptor) { return Seek(descriptor, 0, SEEK_CUR); }

void PrepareOutput(Descriptor, const FileStatus*) {}

Result<void> Truncate(Descriptor descriptor, uint64_t size) {
  return RetryStatus([&] { return os::ftruncate(descriptor, static_cast<off_t>(size)); });
}

Result<bool> Appends(Descriptor descriptor) {
  const int flags = os::status_flags(descriptor);
  if (flags < 0) return LastError();
  return (flags & O_APPEND) != 0;
}

#ifdef __linux__

namespace {

constexpr uint64_t kPipeHolds = 64 * 1024;
// For much data: the ends of a pipe wait for each other less often, and take half the time. It is
// as much as anybody may have, so that none becomes smaller.
constexpr int kPipeForMuch = 1024 * 1024;

}  // namespace

Transfer::Transfer(Descriptor from, const FileStatus& source, Descriptor to, Mode type_of_target)
    : from_(from),
      to_(to),
      from_pipe_(source.type() == kTypeFifo),
      to_pipe_(type_of_target == kTypeFifo),
      size_(source.size) {
  if (from_pipe_) {
    how_ = How::kSplice;
  } else if (source.IsRegular() && size_ != 0 && !(to_pipe_ && size_ <= kPipeHolds)) {
    // What the pipe takes at once it keeps as it was read; pages that are moved there show what
    // becomes of the file before the reader comes. That saves nothing for so little.
    how_ = type_of_target == kTypeRegular ? How::kCopy : How::kSend;
  }
}

bool Transfer::MoveAll(uint64_t most) {
  // A pipe's size is another reason to move less than asked for.
  const bool short_is_end = !from_pipe_ && !to_pipe_;
  while (possible()) {
    const auto wanted = static_cast<size_t>(Min(uint64_t{kMost}, most - moved_));
    const size_t count = Move(wanted);
    if (moved_ == most) return true;
    // Without the call that would return 0: all that the file was said to hold, and then less than
    // asked for.
    if (possible() && short_is_end && moved_ >= size_ && count < wanted) return true;
    // 0 without that is the end, or a file that is not what it seems: kernels up to 5.18 at least
    // answer so for files of /proc. Read() knows. A pipe's end is one.
    if (count == 0) return how_ == How::kSplice || (possible() && moved_ >= size_);
    if (!enlarged_ && moved_ >= kPipeHolds) {
      enlarged_ = true;
      // Refused where the user's pipes have too many pages: then they stay as they are.
      if (from_pipe_) (void)os::set_pipe_size(from_, kPipeForMuch);
      if (to_pipe_) (void)os::set_pipe_size(to_, kPipeForMuch);
    }
  }
  return false;
}

size_t Transfer::Move(size_t length) {
  for (;;) {
    ssize_t count = -1;
    switch (how_) {
      case How::kNot:
        return 0;
      case How::kCopy:
        count = Retry([&] { return os::copy_file_range(from_, to_, length); });
        break;
      case How::kSend:
        count = Retry([&] { return os::sendfile(from_, to_, length); });
        break;
      case How::kSplice:
        count = Retry([&] { return os::splice(from_, to_, length); });
        break;
    }
    if (count >= 0) {
      moved_ += static_cast<uint64_t>(count);
      return static_cast<size_t>(count);
    }
    // Between file systems (EXDEV), and where a system or its filter does not know the call
    // (ENOSYS, EPERM), the other call may do.
    const bool may_send =
        how_ == How::kCopy && (errno == EXDEV || errno == EINVAL || errno == ENOSYS ||
                               errno == EOPNOTSUPP || errno == EPERM || errno == ETXTBSY);
    how_ = may_send ? How::kSend : How::kNot;
  }
}

#endif

Result<FileStatus> Status(Descriptor descriptor) {
  struct stat raw{};
  CATION_TRY(RetryStatus([&] { return os::fstat(descriptor, &raw); }));
  return FromStat(raw);
}

Result<FileStatus> StatusAt(const Location& location, Follow follow) {
  struct stat raw{};
  const int flags = follow == Follow::kYes ? 0 : AT_SYMLINK_NOFOLLOW;
  CATION_TRY(
      RetryStatus([&] { return os::fstatat(DirectoryOf(location), location.name, &raw, flags); }));
  return FromStat(raw);
}

namespace {

// `where` is a path or a descriptor.
template <typename Where>
Result<FileSystemStatus> FileSystemStatusOf(Where where) {
  struct statfs raw{};
  CATION_TRY(RetryStatus([&] { return os::file_system_status(where, &raw); }));
  FileSystemStatus status;
#ifdef __linux__
  status.block_size = static_cast<uint64_t>(raw.f_frsize != 0 ? raw.f_frsize : raw.f_bsize);
  status.transfer_size = static_cast<uint64_t>(raw.f_bsize);
  status.name_length = static_cast<uint64_t>(raw.f_namelen);
#else
  status.block_size = raw.f_bsize;
  status.transfer_size = static_cast<uint64_t>(raw.f_iosize);
  status.name_length = 255;
#endif
  status.blocks = raw.f_blocks;
  status.free = raw.f_bfree;
  status.available = raw.f_bavail;
  status.files = raw.f_files;
  status.free_files = raw.f_ffree;
  // Two numbers, of which the first is the upper half, as GNU's stat and statvfs() have it.
  uint32_t parts[2];
  static_assert(sizeof(raw.f_fsid) == sizeof(parts));
  __builtin_memcpy(parts, &raw.f_fsid, sizeof(parts));
  status.id = uint64_t{parts[0]} << 32 | parts[1];
  status.type = static_cast<uint64_t>(raw.f_type);
  return status;
}

}  // namespace

Result<FileSystemStatus> StatusOfFileSystem(Descriptor descriptor) {
  return FileSystemStatusOf(descriptor);
}

Result<FileSystemStatus> StatusOfFileSystemAt(const char* path) { return FileSystemStatusOf(path); }

#ifdef __linux__

Result<MemoryStatus> StatusOfMemory() {
  CATION_TRY_ASSIGN(const Descriptor descriptor, Open(At("/proc/meminfo"), kRead));
  const File file(descriptor);
  char text[4096];
  size_t size = 0;
  while (size < sizeof(text)) {
    CATION_TRY_ASSIGN(const size_t count, Read(descriptor, {text + size, sizeof(text) - size}));
    if (count == 0) break;
    size += count;
  }
  // "NAME:   NUMBER kB", a line each.
  const auto value_of = [&](StringView name) {
    StringView rest(text, size);
    while (!rest.empty()) {
      const size_t found = rest.Find('\n');
      const size_t end = found == StringView::kNotFound ? rest.size() : found;
      const StringView line = rest.First(end);
      rest = rest.From(end == rest.size() ? end : end + 1);
      if (!line.StartsWith(name) || line.size() == name.size() || line[name.size()] != ':')
        continue;
      uint64_t number = 0;
      for (const char c : line.From(name.size() + 1)) {
        if (c >= '0' && c <= '9') number = number * 10 + static_cast<uint64_t>(c - '0');
      }
      return number * 1024;
    }
    return uint64_t{0};
  };
  MemoryStatus status;
  status.total = value_of("MemTotal");
  if (status.total == 0) return Error{abi::kEIO};
  status.free = value_of("MemFree");
  status.shared = value_of("Shmem");
  status.buffers = value_of("Buffers");
  status.cache = value_of("Cached") + value_of("SReclaimable");
  status.available = value_of("MemAvailable");
  // As procps has it since 4.0: what is not available.
  status.used = status.total - (status.available > status.total ? status.free : status.available);
  status.swap_total = value_of("SwapTotal");
  status.swap_free = value_of("SwapFree");
  return status;
}

namespace {

// Takes a word of a line of mountinfo, with its terminator, off the front of `line`.
StringView TakeWord(StringView& line) {
  const size_t end = line.Find(' ');
  const StringView word = end == StringView::kNotFound ? line : line.First(end);
  line = line.From(end == StringView::kNotFound ? line.size() : end + 1);
  return word;
}

// Appends `word` terminated, without the \ooo that stand for spaces and their like.
Result<void> AppendUnescaped(String& text, StringView word) {
  const auto is_octal = [&](size_t i) { return word[i] >= '0' && word[i] <= '7'; };
  for (size_t i = 0; i < word.size(); ++i) {
    char c = word[i];
    if (c == '\\' && i + 3 < word.size() && is_octal(i + 1) && is_octal(i + 2) && is_octal(i + 3)) {
      c = static_cast<char>((word[i + 1] - '0') << 6 | (word[i + 2] - '0') << 3 |
                            (word[i + 3] - '0'));
      i += 3;
    }
    CATION_TRY(text.Append(c));
  }
  return text.Append('\0');
}

}  // namespace

Result<void> AppendMounts(String& text) {
  CATION_TRY_ASSIGN(const Descriptor descriptor, Open(At("/proc/self/mountinfo"), kRead));
  const File file(descriptor);
  String lines;
  constexpr size_t kStep = 4096;
  for (;;) {
    const size_t size = lines.size();
    const size_t room = size > kStep ? size : kStep;
    CATION_TRY(lines.Reserve(size + room));
    CATION_TRY_ASSIGN(const size_t count, Read(file.get(), {lines.data() + size, room}));
    if (count == 0) break;
    lines.Truncate(size + count);
  }
  // ID PARENT MAJOR:MINOR ROOT TARGET OPTIONS [FIELD...] - TYPE SOURCE OPTIONS
  StringView rest = lines.view();
  while (!rest.empty()) {
    const size_t end = rest.Find('\n');
    StringView line = end == StringView::kNotFound ? rest : rest.First(end);
    rest = rest.From(end == StringView::kNotFound ? rest.size() : end + 1);
    for (int i = 0; i < 3; ++i) (void)TakeWord(line);
    const StringView root = TakeWord(line);
    const StringView target = TakeWord(line);
    while (!line.empty() && !(TakeWord(line) == "-")) {
    }
    const StringView type = TakeWord(line);
    if (type.empty()) continue;
    CATION_TRY(AppendUnescaped(text, TakeWord(line)));
    CATION_TRY(AppendUnescaped(text, target));
    CATION_TRY(AppendUnescaped(text, type));
    CATION_TRY(AppendUnescaped(text, root));
  }
  return {};
}

#else

Result<void> AppendMounts(String&) { return Error{abi::kENOSYS}; }

Result<MemoryStatus> StatusOfMemory() { return Error{abi::kENOSYS}; }

#endif

Result<void> ChangeMode(Descriptor descriptor, Mode mode) {
  return RetryStatus(
      [&] { return os::fchmod(descriptor, static_cast<mode_t>(mode & kPermissionMask)); });
}

Result<void> ChangeOwner(Descriptor descriptor, uint32_t user, uint32_t group) {
  return RetryStatus([&] { return os::fchown(descriptor, user, group); });
}

Result<void> SetTimes(Descriptor descriptor, TimePoint access, TimePoint modification) {
  const timespec times[2] = {ToTimespec(access), ToTimespec(modification)};
  return RetryStatus([&] { return os::futimens(descriptor, times); });
}

Result<void> ChangeOwnerAt(const Location& location, uint32_t user, uint32_t group, Follow follow,
                           FileStatus* before) {
  if (before != nullptr) *before = {};
  const int flags = follow == Follow::kYes ? 0 : AT_SYMLINK_NOFOLLOW;
  return RetryStatus(
      [&] { return os::fchownat(DirectoryOf(location), location.name, user, group, flags); });
}

Result<void> SetTimesAt(const Location& location, TimePoint access, TimePoint modification,
                        Follow follow) {
  const timespec times[2] = {ToTimespec(access), ToTimespec(modification)};
  const int flags = follow == Follow::kYes ? 0 : AT_SYMLINK_NOFOLLOW;
  return RetryStatus(
      [&] { return os::utimensat(DirectoryOf(location), location.name, times, flags); });
}

Result<void> CopyTimes(Descriptor descriptor, const FileStatus& source) {
  return SetTimes(descriptor, source.access_time, source.modification_time);
}

Result<void> CopyTimesAt(const Location& location, const FileStatus& source) {
  return SetTimesAt(location, source.access_time, source.modification_time);
}

Result<void> ChangeModeAt(const Location& location, Mode mode, Follow) {
  return RetryStatus([&] {
    return os::fchmodat(DirectoryOf(location), location.name,
                        static_cast<mode_t>(mode & kPermissionMask), 0);
  });
}

Result<void> Flush(Descriptor descriptor, bool data_only) {
  return RetryStatus([&] { return data_only ? os::fdatasync(descriptor) : os::fsync(descriptor); });
}

Result<void> FlushFileSystem(Descriptor descriptor) {
  return RetryStatus([&] { return os::syncfs(descriptor); });
}

bool FlushAll(FlushReport, void*) {
  os::sync();
  return true;
}

Result<void> MakeDirectory(const Location& location, Mode mode) {
  return RetryStatus(
      [&] { return os::mkdirat(DirectoryOf(location), location.name, static_cast<mode_t>(mode)); });
}

Result<Descriptor> MakeAndOpenDirectory(const Location& location, Mode mode) {
  // One that its owner may not read could not be opened.
  CATION_TRY(MakeDirectory(location, mode | 0400));
  return Open(location, kRead | kDirectory | kNoFollow);
}

Result<void> RemoveFile(const Location& location) {
  const Result<void> removed =
      RetryStatus([&] { return os::unlinkat(DirectoryOf(location), location.name, 0); });
#ifndef __linux__
  // POSIX lets unlink() of a directory fail with EPERM, as macOS does.
  if (!removed.ok() && removed.error() == abi::kEPERM) {
    const Result<FileStatus> status = StatusAt(location, Follow::kNo);
    if (status.ok() && status.value().IsDirectory()) return Error{abi::kEISDIR};
  }
#endif
  return removed;
}

Result<void> RemoveDirectory(const Location& location) {
  return RetryStatus(
      [&] { return os::unlinkat(DirectoryOf(location), location.name, AT_REMOVEDIR); });
}

Result<void> MakeSymbolicLink(const char* target, const Location& location) {
  return RetryStatus([&] { return os::symlinkat(target, DirectoryOf(location), location.name); });
}

Result<size_t> ReadSymbolicLink(const Location& location, Span<char> buffer) {
  const ssize_t length = Retry([&] {
    return os::readlinkat(DirectoryOf(location), location.name, buffer.data(), buffer.size());
  });
  if (length < 0) return LastError();
  return static_cast<size_t>(length);
}

Result<size_t> ReadSymbolicLinkIfAny(const Location& location, Span<char> buffer) {
  return ReadSymbolicLink(location, buffer);
}

Result<void> MakeHardLink(const Location& existing, const Location& location, Follow follow) {
  return RetryStatus([&] {
    return os::linkat(DirectoryOf(existing), existing.name, DirectoryOf(location), location.name,
                      follow == Follow::kYes ? AT_SYMLINK_FOLLOW : 0);
  });
}

Result<void> MakeFifo(const Location& location, Mode mode) {
  return RetryStatus([&] {
    return os::mkfifoat(DirectoryOf(location), location.name, static_cast<mode_t>(mode));
  });
}

Result<void> MakeNode(const Location& location, Mode mode, uint64_t special_device) {
  return RetryStatus([&] {
    return os::mknodat(DirectoryOf(location), location.name, static_cast<mode_t>(mode),
                       static_cast<dev_t>(special_device));
  });
}

Result<void> Rename(const Location& from, const Location& to) {
  return RetryStatus(
      [&] { return os::renameat(DirectoryOf(from), from.name, DirectoryOf(to), to.name); });
}

Result<void> Relocate(const Location& from, const Location& to) { return Rename(from, to); }

Result<void> ExchangeNames(const Location& one, const Location& other) {
  return RetryStatus([&] {
    return os::exchange_names(DirectoryOf(one), one.name, DirectoryOf(other), other.name);
  });
}

Result<void> Clone(Descriptor from, Descriptor to) {
  return RetryStatus([&] { return os::clone_file(from, to); });
}

Result<uint64_t> FindData(Descriptor descriptor, uint64_t offset) {
  return Seek(descriptor, static_cast<off_t>(offset), SEEK_DATA);
}

Result<uint64_t> FindHole(Descriptor descriptor, uint64_t offset) {
  return Seek(descriptor, static_cast<off_t>(offset), SEEK_HOLE);
}

namespace {

FileType TypeFromDirent(unsigned char type) {
  switch (type) {
    case DT_UNKNOWN:
      return FileType::kUnknown;
    case DT_DIR:
      return FileType::kDirectory;
    case DT_REG:
      return FileType::kRegular;
    case DT_LNK:
      return FileType::kSymbolicLink;
    default:
      return FileType::kOther;
  }
}

bool IsDotOrDotDot(StringView name) { return name == "." || name == ".."; }

}  // namespace

#ifdef __linux__

DirectoryReader::~DirectoryReader() { Release(buffer_); }

void DirectoryReader::Start(Descriptor directory) {
  directory_ = directory;
  used_ = next_ = 0;
}

Result<const DirectoryEntry*> DirectoryReader::Next() {
  constexpr size_t kBufferSize = 64 * 1024;
  // struct linux_dirent64: ino u64, off i64, reclen u16, type u8, name
  constexpr size_t kLengthOffset = 16;
  constexpr size_t kTypeOffset = 18;
  constexpr size_t kNameOffset = 19;
  if (buffer_ == nullptr) {
    buffer_ = static_cast<char*>(Allocate(kBufferSize));
    if (buffer_ == nullptr) return Error{abi::kENOMEM};
  }
  for (;;) {
    if (next_ == used_) {
      const ssize_t count =
          Retry([&] { return os::get_directory_entries(directory_, buffer_, kBufferSize); });
      // ENOENT: the directory has been removed, so nothing is in it.
      if (count < 0 && errno != ENOENT) return LastError();
      if (count <= 0) return static_cast<const DirectoryEntry*>(nullptr);
      next_ = 0;
      used_ = static_cast<size_t>(count);
    }
    const char* const record = buffer_ + next_;
    uint16_t length = 0;
    memcpy(&length, record + kLengthOffset, sizeof(length));
    next_ += length;
    entry_.name = StringView(record + kNameOffset);
    if (IsDotOrDotDot(entry_.name)) continue;
    memcpy(&entry_.inode, record, sizeof(entry_.inode));
    entry_.type = TypeFromDirent(static_cast<unsigned char>(record[kTypeOffset]));
    return &entry_;
  }
}

#else

// The buffer is the C library's: buffer_ holds its DIR.
DirectoryReader::~DirectoryReader() {
  if (buffer_ != nullptr) (void)::closedir(reinterpret_cast<DIR*>(buffer_));
}

void DirectoryReader::Start(Descriptor directory) {
  if (buffer_ != nullptr) (void)::closedir(reinterpret_cast<DIR*>(buffer_));
  buffer_ = nullptr;
  directory_ = directory;
}

Result<const DirectoryEntry*> DirectoryReader::Next() {
  if (buffer_ == nullptr) {
    const int duplicate = ::fcntl(directory_, F_DUPFD_CLOEXEC, 0);
    if (duplicate < 0) return LastError();
    buffer_ = reinterpret_cast<char*>(::fdopendir(duplicate));
    if (buffer_ == nullptr) {
      const Error error = LastError();
      (void)::close(duplicate);
      return error;
    }
  }
  for (;;) {
    errno = 0;
    const dirent* const entry = ::readdir(reinterpret_cast<DIR*>(buffer_));
    if (entry == nullptr) {
      if (errno != 0) return LastError();
      return static_cast<const DirectoryEntry*>(nullptr);
    }
    entry_.name = StringView(entry->d_name);
    if (IsDotOrDotDot(entry_.name)) continue;
    entry_.inode = entry->d_ino;
    entry_.type = TypeFromDirent(entry->d_type);
    return &entry_;
  }
}

#endif

uint32_t EffectiveUser() { return ::geteuid(); }
uint32_t RealUser() { return ::getuid(); }
uint32_t EffectiveGroup() { return ::getegid(); }
uint32_t RealGroup() { return ::getgid(); }

Result<size_t> Groups(Span<uint32_t> groups) {
  static_assert(sizeof(gid_t) == sizeof(uint32_t));
  const int count = os::getgroups(static_cast<int>(groups.size()), groups.data());
  if (count < 0) return LastError();
  return static_cast<size_t>(count);
}

bool MayAccess(const Location& location, Access access, const FileStatus* known) {
  static_assert(static_cast<int>(Access::kExecute) == X_OK &&
                static_cast<int>(Access::kWrite) == W_OK &&
                static_cast<int>(Access::kRead) == R_OK);
  if (known != nullptr && access != Access::kExecute && EffectiveUser() == 0) return true;
  return os::faccessat(DirectoryOf(location), location.name, static_cast<int>(access),
                       AT_EACCESS) == 0;
}

Result<void> WorkingDirectory(String& path) {
  char buffer[4096];
  if (os::getcwd(buffer, sizeof(buffer)) == nullptr) return LastError();
  return path.Append(buffer);
}

size_t SchemeLength(StringView) { return 0; }

Mode SetFileCreationMask(Mode mask) { return ::umask(static_cast<mode_t>(mask)); }

TimePoint Now() {
  timespec time{};
  (void)::clock_gettime(CLOCK_REALTIME, &time);
  return FromTimespec(time);
}

Result<void> SetClock(TimePoint time) {
  const timespec value = ToTimespec(time);
  return RetryStatus([&] { return os::clock_settime(CLOCK_REALTIME, &value); });
}

bool IsTerminal(Descriptor descriptor) { return ::isatty(descriptor) == 1; }

Result<void> TerminalName(Descriptor descriptor, String& path) {
  char buffer[4096];
  if (const int error = os::ttyname_r(descriptor, buffer, sizeof(buffer)); error != 0)
    return Error{error};
  return path.Append(buffer);
}

Result<void> ReadSystemName(SystemName& name, bool) {
  utsname raw;
  if (os::uname(&raw) < 0) return LastError();
  size_t used = 0;
  const auto keep = [&](const char* text) {
    const size_t size = Min(strlen(text), sizeof(name.text) - used);
    memcpy(name.text + used, text, size);
    used += size;
    return StringView(name.text + used - size, size);
  };
  name.system = keep(raw.sysname);
  name.node = keep(raw.nodename);
  name.release = keep(raw.release);
  name.version = keep(raw.version);
  name.machine = keep(raw.machine);
#ifdef __linux__
  name.operating_system = "GNU/Linux";
#else
  name.operating_system = name.system;
#endif
  return {};
}

Result<void> Random(Span<char> bytes) {
  constexpr size_t kMost = 256;
  while (!bytes.empty()) {
    const size_t size = Min(bytes.size(), kMost);
    CATION_TRY(RetryStatus([&] { return os::getentropy(bytes.data(), size); }));
    bytes = bytes.From(size);
  }
  return {};
}

bool HasReader(Descriptor output) {
  pollfd pipe{};
  pipe.fd = output;
  return ::poll(&pipe, 1, 0) <= 0 || (pipe.revents & (POLLERR | POLLHUP)) == 0;
}

unsigned TerminalColumns(Descriptor descriptor) {
  winsize size{};
  return os::window_size(descriptor, &size) == 0 ? size.ws_col : 0;
}

namespace internal {

Result<Process> Fork() {
  const pid_t process = os::fork();
  if (process < 0) return LastError();
  return static_cast<Process>(process);
}

Result<Descriptor> DuplicateAbove(Descriptor descriptor) {
  const int copy = os::duplicate(descriptor, kFirstOwn);
  if (copy < 0) return LastError();
  return copy;
}

Result<void> PutInPlace(Descriptor from, Descriptor place) {
  return RetryStatus([&] { return os::dup2(from, place); });
}

void KeepOpen(Descriptor descriptor) { (void)os::keep_open(descriptor); }

void Leave(int status) { ::_exit(status); }

}  // namespace internal

Error Execute(const char* path, char* const* arguments, char* const* environment) {
  (void)os::execve(path, arguments, environment);
  return LastError();
}

namespace {

Termination FromWaitStatus(int status) {
  if (WIFSIGNALED(status)) return {true, CanonicalSignal(WTERMSIG(status))};
  return {false, WEXITSTATUS(status)};
}

}  // namespace

Result<Termination> Wait(Process process) {
  int status = 0;
  CATION_TRY(RetryStatus([&] { return os::waitpid(process, &status, 0); }));
  return FromWaitStatus(status);
}

Result<bool> HasEnded(Process process, Termination& how) {
  int status = 0;
  const pid_t ended = Retry([&] { return os::waitpid(process, &status, WNOHANG); });
  if (ended < 0) return LastError();
  if (ended == 0) return false;
  how = FromWaitStatus(status);
  return true;
}

Result<Termination> WaitWithUsage(Process process, Usage& usage) {
  int status = 0;
  struct rusage raw{};
  CATION_TRY(RetryStatus([&] { return os::wait4(process, &status, 0, &raw); }));
  constexpr int64_t kPerMicrosecond = 1000;
  usage.known = true;
  usage.user = {raw.ru_utime.tv_sec, raw.ru_utime.tv_usec * kPerMicrosecond};
  usage.system = {raw.ru_stime.tv_sec, raw.ru_stime.tv_usec * kPerMicrosecond};
  constexpr uint64_t kPerMemoryUnit =
#ifdef __APPLE__
      1024;  // bytes
#else
      1;
#endif
  usage.memory = static_cast<uint64_t>(raw.ru_maxrss) / kPerMemoryUnit;
  usage.minor_faults = static_cast<uint64_t>(raw.ru_minflt);
  usage.major_faults = static_cast<uint64_t>(raw.ru_majflt);
  usage.swaps = static_cast<uint64_t>(raw.ru_nswap);
  usage.blocks_read = static_cast<uint64_t>(raw.ru_inblock);
  usage.blocks_written = static_cast<uint64_t>(raw.ru_oublock);
  usage.messages_received = static_cast<uint64_t>(raw.ru_msgrcv);
  usage.messages_sent = static_cast<uint64_t>(raw.ru_msgsnd);
  usage.signals = static_cast<uint64_t>(raw.ru_nsignals);
  usage.waits = static_cast<uint64_t>(raw.ru_nvcsw);
  usage.preemptions = static_cast<uint64_t>(raw.ru_nivcsw);
  return FromWaitStatus(status);
}

Process ThisProcess() { return ::getpid(); }

void EndBySignal(int signal) {
  const struct rlimit no_core{};
  (void)::setrlimit(RLIMIT_CORE, &no_core);
  (void)SetSignalAction(signal, SignalAction::kDefault);
  // Others may be waiting to be taken.
  if (signal > 0) (void)SetBlockedSignals(~(uint64_t{1} << (signal - 1)));
  (void)SendSignal(ThisProcess(), signal);
}

Result<void> SetProcessGroup(Process process, Process group) {
  return RetryStatus([&] { return os::setpgid(process, group); });
}

Result<void> SendSignal(Process process, int signal) {
  return RetryStatus([&] { return os::kill(process, HostSignal(signal)); });
}

Result<void> SetSignalAction(int signal, SignalAction action) {
  struct sigaction raw{};
  raw.sa_handler = action == SignalAction::kIgnore ? SIG_IGN : SIG_DFL;
  return RetryStatus([&] { return os::set_action(HostSignal(signal), &raw, nullptr); });
}

Result<SignalAction> SignalActionOf(int signal) {
  struct sigaction raw{};
  CATION_TRY(RetryStatus([&] { return os::set_action(HostSignal(signal), nullptr, &raw); }));
  return raw.sa_handler == SIG_IGN ? SignalAction::kIgnore : SignalAction::kDefault;
}

constexpr int kMostSignals = 64;

namespace {

sigset_t ToSignalSet(uint64_t signals) {
  sigset_t set{};
  for (int signal = 1; signal <= kMostSignals; ++signal) {
    if ((signals >> (signal - 1) & 1) != 0) (void)sigaddset(&set, HostSignal(signal));
  }
  return set;
}

}  // namespace

Result<void> SetBlockedSignals(uint64_t signals) {
  const sigset_t set = ToSignalSet(signals);
  return RetryStatus([&] { return os::set_mask(SIG_SETMASK, &set, nullptr); });
}

Result<uint64_t> BlockedSignals() {
  sigset_t set{};
  CATION_TRY(RetryStatus([&] { return os::set_mask(SIG_SETMASK, nullptr, &set); }));
  uint64_t signals = 0;
  for (int signal = 1; signal <= kMostSignals; ++signal) {
    if (sigismember(&set, HostSignal(signal)) == 1) signals |= uint64_t{1} << (signal - 1);
  }
  return signals;
}

Result<int> WaitForSignal(uint64_t signals, int64_t nanoseconds) {
  constexpr int64_t kSecond = 1'000'000'000;
  const sigset_t set = ToSignalSet(signals);
  const timespec time = ToTimespec({nanoseconds / kSecond, nanoseconds % kSecond});
  const int signal = os::wait_for_signal(&set, &time);
  if (signal >= 0) return CanonicalSignal(signal);
  const Error error = LastError();
  if (error == abi::kEAGAIN || error == abi::kEINTR) return 0;
  return error;
}

Result<Pipe> MakePipe() {
  int ends[2];
  if (os::make_pipe(ends) < 0) return LastError();
  for (int i = 0; i < 2; ++i) {
    if (ends[i] >= kFirstOwn) continue;
    const Result<Descriptor> moved = MoveUp(ends[i]);
    if (!moved.ok()) {
      (void)os::close(ends[1 - i]);
      return moved.error();
    }
    ends[i] = moved.value();
  }
  return Pipe{ends[0], ends[1]};
}

Result<void> ChangeDirectory(const char* path) {
  return RetryStatus([&] { return os::chdir(path); });
}

void Pause(int64_t nanoseconds) {
  constexpr int64_t kSecond = 1'000'000'000;
  timespec left = ToTimespec({nanoseconds / kSecond, nanoseconds % kSecond});
  while (os::nanosleep(&left, &left) < 0 && errno == EINTR) {
  }
}

TimePoint MonotonicTime() {
  timespec time{};
  (void)::clock_gettime(CLOCK_MONOTONIC, &time);
  return FromTimespec(time);
}

#ifdef __linux__
TimePoint TimeSinceStart() {
  timespec time{};
  (void)::clock_gettime(CLOCK_BOOTTIME, &time);
  return FromTimespec(time);
}

Result<LoadAverages> AverageLoad() {
  CATION_TRY_ASSIGN(const Descriptor descriptor, Open(At("/proc/loadavg"), kRead));
  const File file(descriptor);
  char text[64];
  CATION_TRY_ASSIGN(const size_t size, Read(descriptor, text));
  // "0.25 1.00 0.75 1/234 5678"
  LoadAverages load;
  size_t at = 0;
  for (uint64_t& number : load.hundredths) {
    for (; at < size && text[at] != ' '; ++at) {
      if (text[at] != '.') number = number * 10 + static_cast<uint64_t>(text[at] - '0');
    }
    ++at;
  }
  return load;
}

Result<size_t> LoginCount() {
  // One for each login, terminal and more: struct utmp, whose size is the same for all.
  constexpr size_t kRecordSize = 384;
  constexpr size_t kUser = 44;
  constexpr char kLogin = 7;  // USER_PROCESS
  const Result<Descriptor> opened = Open(At("/run/utmp"), kRead);
  if (!opened.ok() && opened.error() == abi::kENOENT) return size_t{0};
  if (!opened.ok()) return opened.error();
  const File file(opened.value());
  char record[kRecordSize];
  size_t used = 0;
  for (size_t count = 0;;) {
    CATION_TRY_ASSIGN(const size_t size, Read(file.get(), {record + used, kRecordSize - used}));
    if (size == 0) return count;
    used += size;
    if (used < kRecordSize) continue;
    used = 0;
    if (record[0] == kLogin && record[kUser] != '\0') ++count;
  }
}
#else
TimePoint TimeSinceStart() { return MonotonicTime(); }

Result<LoadAverages> AverageLoad() { return Error{abi::kENOSYS}; }

Result<size_t> LoginCount() { return Error{abi::kENOSYS}; }
#endif

}  // namespace cation::sys
