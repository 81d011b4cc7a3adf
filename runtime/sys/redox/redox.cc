// SPDX-License-Identifier: MIT
//
// The door on Redox: relibc's libredox functions first, its POSIX functions where there is no
// other.
#include "runtime/abi/redox.h"

#include <stdint.h>

#include "runtime/abi/dirent.h"
#include "runtime/abi/fcntl.h"
#include "runtime/abi/signal.h"
#include "runtime/abi/sys_wait.h"
#include "runtime/abi/unistd.h"
#include "runtime/core/allocate.h"
#include "runtime/sys/spawn.h"
#include "runtime/sys/sys.h"

namespace cation::sys {
namespace {

// A libredox result: a number, or -errno for errno from 1 to 4095.
Result<size_t> FromRaw(size_t raw) {
  if (raw > static_cast<size_t>(-4096)) return Error{static_cast<int>(-raw)};
  return raw;
}

Result<void> FromRawStatus(size_t raw) {
  if (raw > static_cast<size_t>(-4096)) return Error{static_cast<int>(-raw)};
  return {};
}

Error LastError() { return Error{*__errno_location()}; }

Result<void> FromPosix(int result) {
  if (result < 0) return LastError();
  return {};
}

constexpr size_t kFirstOwn = 3;  // descriptors before it are the standard streams

// See sys.h: `descriptor` moved above the standard streams. Takes and returns libredox results.
[[gnu::noinline]] size_t MoveUp(size_t descriptor) {
  size_t moved = redox_dup_v1(descriptor, "", 0);
  if (moved < kFirstOwn) moved = MoveUp(moved);
  (void)redox_close_v1(descriptor);
  (void)redox_open_v1("/", 1, abi::kO_PATH, 0);
  return moved;
}

Result<size_t> FromOpen(size_t raw) { return FromRaw(raw < kFirstOwn ? MoveUp(raw) : raw); }

// Names the file by its path, following symbolic links.
Result<size_t> OpenPath(const char* path, uint32_t flags, Mode mode) {
  if (*path == '\0') return Error{abi::kENOENT};  // Redox would open the working directory
  return FromOpen(redox_open_v1(path, __builtin_strlen(path), flags | abi::kO_CLOEXEC,
                                static_cast<uint16_t>(mode)));
}

// Names the file by directory and name where there is a directory; the last component must not be a
// symbolic link that is to be followed.
Result<size_t> OpenEntry(const Location& location, uint32_t flags, Mode mode) {
  if (location.directory != kWorkingDirectory) {
    const uint32_t bits = flags | abi::kO_CLOEXEC;
    const auto opened = FromOpen(redox_openat_v1(
        static_cast<size_t>(location.directory), location.name, __builtin_strlen(location.name),
        bits | (mode & abi::kOpenModeMask), bits & (abi::kO_APPEND | abi::kO_NONBLOCK)));
    // Not every scheme looks names up relative to a descriptor: /scheme itself answers ENOENT, and
    // all do for "..".
    if (opened.ok() || !(opened.error() == abi::kENOENT || opened.error() == abi::kEINVAL ||
                         opened.error() == abi::kEOPNOTSUPP)) {
      return opened;
    }
  }
  return OpenPath(location.path, flags, mode);
}

// relibc keeps the umask in the process: to look at it costs no message.
Mode Masked(Mode mode) {
  const Mode mask = SetFileCreationMask(0);
  (void)SetFileCreationMask(mask);
  return mode & ~mask & kPermissionMask;
}

// Something to call the f… functions on, without opening what is behind it.
Result<void> OpenForAttributes(const Location& location, Follow follow, File* file) {
  auto descriptor = follow == Follow::kYes
                        ? OpenPath(location.path, abi::kO_PATH, 0)
                        : OpenEntry(location, abi::kO_PATH | abi::kO_NOFOLLOW, 0);
  if (!descriptor.ok()) return descriptor.error();
  *file = File(static_cast<Descriptor>(descriptor.value()));
  return {};
}

TimePoint FromTimespec(const abi::Timespec& time) { return {time.tv_sec, time.tv_nsec}; }

}  // namespace

Result<Descriptor> Open(const Location& location, OpenFlags flags, Mode mode) {
  static_assert(kRead << 16 == abi::kO_RDONLY && kWrite << 16 == abi::kO_WRONLY);
  static_assert(kNonBlocking << 16 == abi::kO_NONBLOCK && kAppend << 16 == abi::kO_APPEND);
  static_assert(kCreate << 16 == abi::kO_CREAT && kTruncate << 16 == abi::kO_TRUNC);
  static_assert(kExclusive << 16 == abi::kO_EXCL && kDirectory << 16 == abi::kO_DIRECTORY);
  static_assert(uint32_t{kNoFollow} << 16 == abi::kO_NOFOLLOW);
  const uint32_t bits = uint32_t{flags} << 16;
  if ((flags & kCreate) != 0) mode = Masked(mode);
  const bool follow = (flags & (kNoFollow | kExclusive)) == 0;
  CATION_TRY_ASSIGN(const size_t descriptor,
                    follow ? OpenPath(location.path, bits, mode) : OpenEntry(location, bits, mode));
  return static_cast<Descriptor>(descriptor);
}

Result<void> Close(Descriptor descriptor) {
  return FromRawStatus(redox_close_v1(static_cast<size_t>(descriptor)));
}

Result<size_t> Read(Descriptor descriptor, Span<char> buffer) {
  for (;;) {
    auto result =
        FromRaw(redox_read_v1(static_cast<size_t>(descriptor), buffer.data(), buffer.size()));
    if (result.ok() || !(result.error() == abi::kEINTR)) return result;
  }
}

Result<size_t> Write(Descriptor descriptor, StringView data) {
  for (;;) {
    auto result =
        FromRaw(redox_write_v1(static_cast<size_t>(descriptor), data.data(), data.size()));
    if (result.ok() || !(result.error() == abi::kEINTR)) return result;
  }
}

namespace {

Result<uint64_t> Seek(Descriptor descriptor, int64_t offset, int whence) {
  const int64_t position = lseek(descriptor, offset, whence);
  if (position < 0) return LastError();
  return static_cast<uint64_t>(position);
}

}  // namespace

Result<uint64_t> SeekTo(Descriptor descriptor, uint64_t offset) {
  return Seek(descriptor, static_cast<int64_t>(offset), abi::kSEEK_SET);
}

Result<uint64_t> Position(Descriptor descriptor) { return Seek(descriptor, 0, abi::kSEEK_CUR); }

void PrepareOutput(Descriptor output, const FileStatus* known) {
  abi::Stat raw;
  if (known != nullptr) {
    raw.st_mode = static_cast<decltype(raw.st_mode)>(known->mode);
    raw.st_dev = known->device;
    raw.st_size = static_cast<decltype(raw.st_size)>(known->size);
  } else if (redox_fstat_v1(static_cast<size_t>(output), &raw) != 0) {
    return;
  }
  const bool is_regular = (static_cast<Mode>(raw.st_mode) & kTypeMask) == kTypeRegular;
  if (!is_regular || raw.st_dev != 0 || raw.st_size == 0) return;
  if (lseek(output, 0, abi::kSEEK_CUR) == 0) (void)lseek(output, 0, abi::kSEEK_END);
}

Result<void> Truncate(Descriptor descriptor, uint64_t size) {
  return FromPosix(ftruncate(descriptor, static_cast<int64_t>(size)));
}

Result<bool> Appends(Descriptor) { return true; }

Result<FileStatus> Status(Descriptor descriptor) {
  abi::Stat raw;  // not set on an error, and then not looked at
  const size_t answer = redox_fstat_v1(static_cast<size_t>(descriptor), &raw);
  // Made once, and returned where it is: it is large.
  Result<FileStatus> result(FromRawStatus(answer));
  if (!result.ok()) return result;
  FileStatus& status = result.value();
  status.device = raw.st_dev;
  status.inode = raw.st_ino;
  status.links = raw.st_nlink;
  status.mode = static_cast<Mode>(raw.st_mode);
  status.user = static_cast<uint32_t>(raw.st_uid);
  status.group = static_cast<uint32_t>(raw.st_gid);
  status.special_device = raw.st_rdev;
  status.size = static_cast<uint64_t>(raw.st_size);
  status.blocks = static_cast<uint64_t>(raw.st_blocks);
  status.block_size = static_cast<uint64_t>(raw.st_blksize);
  status.access_time = FromTimespec(raw.st_atim);
  status.modification_time = FromTimespec(raw.st_mtim);
  status.change_time = FromTimespec(raw.st_ctim);
  return result;
}

namespace {

Result<FileStatus> OpenAndAsk(const Location& location, Follow follow, File* file) {
  CATION_TRY(OpenForAttributes(location, follow, file));
  return Status(file->get());
}

}  // namespace

Result<FileStatus> StatusAt(const Location& location, Follow follow) {
  File file;
  return OpenAndAsk(location, follow, &file);
}

Result<FileSystemStatus> StatusOfFileSystem(Descriptor descriptor) {
  abi::Statvfs raw{};
  CATION_TRY(FromRawStatus(redox_fstatvfs_v1(static_cast<size_t>(descriptor), &raw)));
  FileSystemStatus status;
  status.block_size = raw.f_frsize;
  status.transfer_size = raw.f_bsize;
  status.blocks = raw.f_blocks;
  status.free = raw.f_bfree;
  status.available = raw.f_bavail;
  status.files = raw.f_files;
  status.free_files = raw.f_ffree;
  status.id = raw.f_fsid;
  status.name_length = raw.f_namemax;
  return status;
}

Result<FileSystemStatus> StatusOfFileSystemAt(const char* path) {
  File file;
  CATION_TRY(OpenForAttributes(At(path), Follow::kYes, &file));
  return StatusOfFileSystem(file.get());
}

Result<MemoryStatus> StatusOfMemory() {
  CATION_TRY_ASSIGN(const FileSystemStatus frames, StatusOfFileSystemAt("/scheme/memory"));
  MemoryStatus status;
  status.total = frames.blocks * frames.block_size;
  status.free = frames.free * frames.block_size;
  status.used = status.total - status.free;
  return status;
}

Result<void> ChangeMode(Descriptor descriptor, Mode mode) {
  return FromRawStatus(redox_fchmod_v1(static_cast<size_t>(descriptor),
                                       static_cast<uint16_t>(mode & kPermissionMask)));
}

Result<void> ChangeOwner(Descriptor descriptor, uint32_t user, uint32_t group) {
  // RedoxFS knows -1, ramfs and 9p shares take it for a number.
  if (user == kSameOwner || group == kSameOwner) {
    CATION_TRY_ASSIGN(const FileStatus status, Status(descriptor));
    if (user == kSameOwner) user = status.user;
    if (group == kSameOwner) group = status.group;
  }
  return FromRawStatus(redox_fchown_v1(static_cast<size_t>(descriptor), user, group));
}

namespace {

Result<void> SetTheseTimes(Descriptor descriptor, const TimePoint& access,
                           const TimePoint& modification) {
  const abi::Timespec times[2] = {{access.seconds, access.nanoseconds},
                                  {modification.seconds, modification.nanoseconds}};
  return FromRawStatus(redox_futimens_v1(static_cast<size_t>(descriptor), times));
}

}  // namespace

Result<void> CopyTimes(Descriptor descriptor, const FileStatus& source) {
  return SetTheseTimes(descriptor, source.access_time, source.modification_time);
}

Result<void> SetTimes(Descriptor descriptor, TimePoint access, TimePoint modification) {
  // RedoxFS stores what it gets.
  if (access == kTimeAsItIs || modification == kTimeAsItIs) {
    CATION_TRY_ASSIGN(const FileStatus status, Status(descriptor));
    if (access == kTimeAsItIs) access = status.access_time;
    if (modification == kTimeAsItIs) modification = status.modification_time;
  }
  if (access == kPresentTime || modification == kPresentTime) {
    const TimePoint now = Now();
    if (access == kPresentTime) access = now;
    if (modification == kPresentTime) modification = now;
  }
  return SetTheseTimes(descriptor, access, modification);
}

Result<void> ChangeOwnerAt(const Location& location, uint32_t user, uint32_t group, Follow follow,
                           FileStatus* before) {
  File file;
  CATION_TRY(OpenForAttributes(location, follow, &file));
  CATION_TRY_ASSIGN(const FileStatus status, Status(file.get()));
  if (before != nullptr) *before = status;
  // A 9p share does not follow.
  if (follow == Follow::kYes && status.IsSymbolicLink()) return Error{abi::kEXDEV};
  if (user == kSameOwner) user = status.user;
  if (group == kSameOwner) group = status.group;
  // As Linux has it: a set-group-ID bit without the group's x was mandatory locking. Before the
  // owner changes: later it could not be done by who gives the file away, and never is somebody
  // else's program set-ID by that.
  Mode dangerous = 0;
  if (status.IsRegular()) {
    dangerous = status.mode & kSetUserId;
    if ((status.mode & 0010) != 0) dangerous |= status.mode & kSetGroupId;
  }
  if (dangerous != 0) CATION_TRY(ChangeMode(file.get(), status.mode & ~dangerous));
  const Result<void> changed = ChangeOwner(file.get(), user, group);
  if (!changed.ok() && dangerous != 0) (void)ChangeMode(file.get(), status.mode);
  CATION_TRY(changed);
  if (status.device != 0) return {};
  CATION_TRY_ASSIGN(const FileStatus after, Status(file.get()));
  if (after.user == user && after.group == group) return {};
  return Error{abi::kEOPNOTSUPP};
}

Result<void> SetTimesAt(const Location& location, TimePoint access, TimePoint modification,
                        Follow follow) {
  File file;
  CATION_TRY(OpenForAttributes(location, follow, &file));
  return SetTimes(file.get(), access, modification);
}

Result<void> CopyTimesAt(const Location& location, const FileStatus& source) {
  File file;
  CATION_TRY(OpenForAttributes(location, Follow::kNo, &file));
  return CopyTimes(file.get(), source);
}

Result<void> ChangeModeAt(const Location& location, Mode mode, Follow follow) {
  File file;
  CATION_TRY(OpenForAttributes(location, follow, &file));
  return ChangeMode(file.get(), mode);
}

Result<void> Flush(Descriptor descriptor, bool data_only) {
  const auto file = static_cast<size_t>(descriptor);
  return FromRawStatus(data_only ? redox_fdatasync_v1(file) : redox_fsync_v1(file));
}

Result<void> FlushFileSystem(Descriptor descriptor) { return Flush(descriptor, false); }

bool FlushAll(FlushReport report, void* context) {
  sync();
  bool flushed = true;
  constexpr const char* kPaths[] = {"/", "."};
  for (const char* const path : kPaths) {
    const Result<Descriptor> opened = Open(At(path), kRead | kDirectory);
    Result<void> result;
    if (opened.ok()) {
      const File directory(opened.value());
      result = Flush(directory.get(), false);
    } else {
      result = opened.error();
    }
    // EBADF is RedoxFS's answer for a directory; the others are those of a file system that knows
    // no fsync: nothing is held back.
    if (result.ok() || result.error() == abi::kEBADF || result.error() == abi::kEOPNOTSUPP ||
        result.error() == abi::kENOSYS)
      continue;
    report(context, path, result.error());
    flushed = false;
  }
  return flushed;
}

namespace {

// Beginnings of the names of schemes without files, of the kernel, of relibc's helpers and of
// drivers: 2026's.
constexpr StringView kWithoutFiles =
    "acpi audio bus chan console debug disk display dns drm dtb event fbbootlog fbcon graphics hwd "
    "icmp initfs input ip irq kernel live log namespace net null orbital pci pipe proc ps2 pty "
    "rand rtc serio shm sudo sys tcp thisproc time udp uds usb user vga virtio zero ";

bool MayHoldFiles(StringView scheme) {
  for (StringView names = kWithoutFiles; !names.empty();) {
    const size_t end = names.Find(' ');
    if (scheme.StartsWith(names.First(end))) return false;
    names = names.From(end + 1);
  }
  return true;
}

}  // namespace

Result<void> AppendMounts(String& text) {
  CATION_TRY_ASSIGN(const Descriptor descriptor, Open(At("/scheme"), kRead | kDirectory));
  const File directory(descriptor);
  DirectoryReader reader(directory.get());
  for (;;) {
    CATION_TRY_ASSIGN(const DirectoryEntry* const entry, reader.Next());
    if (entry == nullptr) return {};
    if (!MayHoldFiles(entry->name)) continue;
    const bool is_root = entry->name == "file";
    CATION_TRY(text.Append(entry->name));
    CATION_TRY(text.Append('\0'));
    CATION_TRY(text.Append(is_root ? "/" : "/scheme/"));
    if (!is_root) CATION_TRY(text.Append(entry->name));
    CATION_TRY(text.Append('\0'));
    // Which of several programs serves it, nobody says.
    CATION_TRY(text.Append({"-\0/", 4}));
  }
}

namespace {

// Whether what was opened on a 9p share, which ignores O_EXCL, has just been made: what has been
// there for more than a moment was mostly changed later than it was made, or read.
bool IsNew(const FileStatus& status) {
  constexpr int64_t kMoment = 2;
  const int64_t age = Now().seconds - status.change_time.seconds;
  return status.modification_time == status.change_time &&
         status.access_time == status.change_time && age >= -kMoment && age <= kMoment;
}

}  // namespace

Result<Descriptor> MakeAndOpenDirectory(const Location& location, Mode mode) {
  constexpr uint32_t kFlags = abi::kO_CREAT | abi::kO_EXCL | abi::kO_DIRECTORY | abi::kO_RDONLY;
  CATION_TRY_ASSIGN(const size_t descriptor, OpenEntry(location, kFlags, Masked(mode)));
  File directory(static_cast<Descriptor>(descriptor));
  const Result<FileStatus> result = Status(directory.get());
  if (!result.ok()) return result.error();
  const FileStatus& status = result.value();
  if (status.IsDirectory()) {
    if (status.device != 0 || IsNew(status)) return directory.Release();
    return Error{abi::kEEXIST};
  }
  // A file in its place, which nobody has written to.
  if (status.IsRegular() && status.size == 0 && IsNew(status)) (void)RemoveFile(location);
  return Error{abi::kEOPNOTSUPP};
}

Result<void> MakeDirectory(const Location& location, Mode mode) {
  CATION_TRY_ASSIGN(const Descriptor directory, MakeAndOpenDirectory(location, mode));
  return Close(directory);
}

Result<void> RemoveFile(const Location& location) {
#ifdef CATION_RELIBC_HAS_UNLINKAT
  if (location.directory != kWorkingDirectory)
    return FromPosix(unlinkat(location.directory, location.name, 0));
#endif
  return FromPosix(unlink(location.path));
}

Result<void> RemoveDirectory(const Location& location) {
#ifdef CATION_RELIBC_HAS_UNLINKAT
  if (location.directory != kWorkingDirectory) {
    return FromPosix(unlinkat(location.directory, location.name, abi::kAT_REMOVEDIR));
  }
#endif
  return FromPosix(rmdir(location.path));
}

Result<void> MakeSymbolicLink(const char* target, const Location& location) {
  constexpr uint32_t kFlags = abi::kO_CREAT | abi::kO_EXCL | abi::kO_SYMLINK | abi::kO_WRONLY;
  if (*target == '\0') return Error{abi::kENOENT};
  CATION_TRY_ASSIGN(const size_t descriptor, OpenEntry(location, kFlags, 0777));
  File link(static_cast<Descriptor>(descriptor));
  Result<void> result = WriteAll(link.get(), target);
  if (result.ok()) result = link.Close();
  // A link without its target would be found by whoever comes next.
  if (!result.ok()) (void)RemoveFile(location);
  return result;
}

Result<size_t> ReadSymbolicLink(const Location& location, Span<char> buffer) {
  CATION_TRY_ASSIGN(const size_t descriptor,
                    OpenEntry(location, abi::kO_RDONLY | abi::kO_SYMLINK, 0));
  const File link(static_cast<Descriptor>(descriptor));
  return Read(link.get(), buffer);
}

Result<size_t> ReadSymbolicLinkIfAny(const Location& location, Span<char> buffer) {
  const Result<FileStatus> status = StatusAt(location, Follow::kNo);
  // EINVAL: no file can have that name.
  if (!status.ok()) return status.error() == abi::kEINVAL ? Error{abi::kENOENT} : status.error();
  if (!status.value().IsSymbolicLink()) return Error{abi::kEINVAL};
  return ReadSymbolicLink(location, buffer);
}

Result<void> MakeHardLink(const Location& existing, const Location& location, Follow follow) {
  if (follow == Follow::kNo) return Error{abi::kEOPNOTSUPP};
  return FromPosix(link(existing.path, location.path));
}

Result<void> MakeFifo(const Location& location, Mode mode) {
  // relibc opens it with O_CREAT and no O_EXCL: what is there would be opened, and called made; and
  // RedoxFS of 2026 makes a regular file, whatever the type in the mode.
  const Result<FileStatus> existing = StatusAt(location, Follow::kNo);
  if (existing.ok()) return Error{abi::kEEXIST};
  if (!(existing.error() == abi::kENOENT)) return existing.error();
  CATION_TRY(FromPosix(mkfifo(location.path, static_cast<int32_t>(Masked(mode)))));
  CATION_TRY_ASSIGN(const FileStatus made, StatusAt(location, Follow::kNo));
  if (made.type() == kTypeFifo) return {};
  if (made.IsRegular() && made.size == 0) (void)RemoveFile(location);
  return Error{abi::kEOPNOTSUPP};
}

Result<void> MakeNode(const Location&, Mode, uint64_t) { return Error{abi::kEOPNOTSUPP}; }

Result<void> Rename(const Location& from, const Location& to) {
  return FromPosix(rename(from.path, to.path));
}

namespace {

// The scheme in a path: "/scheme/NAME" or "NAME:"; empty when there is none.
StringView SchemeOf(StringView path) {
  constexpr StringView kFolder = "/scheme/";
  if (!path.StartsWith(kFolder)) {
    const size_t colon = path.Find(':');
    return path.First(colon == StringView::kNotFound ? 0 : colon);
  }
  const size_t end = path.From(kFolder.size()).Find('/');
  return end == StringView::kNotFound ? path : path.First(kFolder.size() + end);
}

// Appends the real path of an open file to `path`.
[[gnu::noinline]] Result<void> AppendRealPath(const File& file, String& path) {
  char buffer[4096];  // relibc's PATH_MAX
  CATION_TRY_ASSIGN(const size_t length, FromRaw(redox_fpath_v1(static_cast<size_t>(file.get()),
                                                                buffer, sizeof(buffer))));
  if (length >= sizeof(buffer)) return Error{abi::kENAMETOOLONG};
  return path.Append(StringView(buffer, length));
}

// What rename() does not find out itself; see Relocate().
[[gnu::noinline]] Result<void> CheckRelocation(const Location& from, const Location& to) {
  const char* const paths[] = {from.path, to.path};
  String parents[2];
  bool has_slash = false;
  for (size_t i = 0; i < 2; ++i) {
    const StringView path(paths[i]);
    const StringView name = LastComponent(path);
    if (name.empty()) return Error{abi::kENOENT};
    if (IsFixedName(name)) return Error{abi::kEBUSY};
    if (path.back() == '/') has_slash = true;
    CATION_TRY(AppendParent(parents[i], path));
  }
  const bool is_beside = parents[0].view() == parents[1].view();
  if (is_beside && !has_slash) return {};

  String& path = parents[0];
  path.Truncate(0);
  CATION_TRY(path.Append(WithoutSlashes(from.path)));
  File source;
  const Result<FileStatus> status = OpenAndAsk(At(path.c_str()), Follow::kNo, &source);
  if (!status.ok()) return status.error();
  const bool is_directory = status.value().IsDirectory();
  if (has_slash && !is_directory) return Error{abi::kENOTDIR};
  if (is_beside) return {};
  File target;
  const Result<FileStatus> above = OpenAndAsk(At(parents[1].c_str()), Follow::kYes, &target);
  if (!above.ok()) return above.error();
  if (!above.value().IsDirectory()) return Error{abi::kENOTDIR};
  if (above.value().device != status.value().device) return Error{abi::kEXDEV};
  String real;
  const bool is_known = AppendRealPath(target, real).ok();
  if (status.value().device == 0 && is_known) {
    path.Truncate(0);
    if (AppendRealPath(source, path).ok() && SchemeOf(path.view()) != SchemeOf(real.view()))
      return Error{abi::kEXDEV};
  }
  if (!is_directory) return {};
  const Result<bool> inside = IsAtOrBelow(is_known ? real : parents[1], above.value().identity(),
                                          status.value().identity());
  if (!inside.ok()) return inside.error();
  if (inside.value()) return Error{abi::kEINVAL};
  return {};
}

}  // namespace

Result<void> Relocate(const Location& from, const Location& to) {
  CATION_TRY(CheckRelocation(from, to));
  return Rename(from, to);
}

Result<void> ExchangeNames(const Location&, const Location&) { return Error{abi::kEOPNOTSUPP}; }

Result<void> Clone(Descriptor, Descriptor) { return Error{abi::kEOPNOTSUPP}; }

Result<uint64_t> FindData(Descriptor, uint64_t) { return Error{abi::kEINVAL}; }

Result<uint64_t> FindHole(Descriptor, uint64_t) { return Error{abi::kEINVAL}; }

DirectoryReader::~DirectoryReader() { cation::Release(buffer_); }

void DirectoryReader::Start(Descriptor directory) {
  directory_ = directory;
  used_ = next_ = 0;
}

Result<const DirectoryEntry*> DirectoryReader::Next() {
  constexpr size_t kBufferSize =
      32 * 1024;  // a listing of 1,000 entries is one call; more gains nothing
  constexpr size_t kHeaderSize = offsetof(abi::Dirent, d_name);
  if (buffer_ == nullptr) {
    buffer_ = static_cast<char*>(Allocate(kBufferSize));
    if (buffer_ == nullptr) return Error{abi::kENOMEM};
  }
  for (;;) {
    if (next_ == used_) {
      const int64_t count = posix_getdents(directory_, buffer_, kBufferSize, 0);
      // ENOENT: the directory has been removed, so nothing is in it.
      if (count < 0 && !(LastError() == abi::kENOENT)) return LastError();
      if (count <= 0) return static_cast<const DirectoryEntry*>(nullptr);
      next_ = 0;
      used_ = static_cast<size_t>(count);
    }
    const char* const record = buffer_ + next_;
    uint16_t length = 0;
    if (used_ - next_ <= kHeaderSize) return Error{abi::kEIO};
    __builtin_memcpy(&length, record + offsetof(abi::Dirent, d_reclen), sizeof(length));
    if (length <= kHeaderSize || length > used_ - next_) return Error{abi::kEIO};
    next_ += length;

    const StringView field(record + kHeaderSize, length - kHeaderSize);
    const size_t terminator = field.Find('\0');
    if (terminator == StringView::kNotFound) return Error{abi::kEIO};
    entry_.name = field.First(terminator);
    if (entry_.name == "." || entry_.name == "..") continue;
    __builtin_memcpy(&entry_.inode, record, sizeof(entry_.inode));
    switch (static_cast<uint8_t>(record[offsetof(abi::Dirent, d_type)])) {
      case abi::kDT_UNKNOWN:
        entry_.type = FileType::kUnknown;
        break;
      case abi::kDT_DIR:
        entry_.type = FileType::kDirectory;
        break;
      case abi::kDT_REG:
        entry_.type = FileType::kRegular;
        break;
      case abi::kDT_LNK:
        entry_.type = FileType::kSymbolicLink;
        break;
      default:
        entry_.type = FileType::kOther;
    }
    return &entry_;
  }
}

uint32_t EffectiveUser() { return static_cast<uint32_t>(redox_get_euid_v1()); }
uint32_t RealUser() { return static_cast<uint32_t>(redox_get_ruid_v1()); }
uint32_t EffectiveGroup() { return static_cast<uint32_t>(redox_get_egid_v1()); }
uint32_t RealGroup() { return static_cast<uint32_t>(redox_get_rgid_v1()); }

// relibc's getgroups() is ENOSYS in January 2026, and reads the group file since.
Result<size_t> Groups(Span<uint32_t>) { return Error{abi::kENOSYS}; }

bool MayAccess(const Location& location, Access access, const FileStatus* known) {
  FileStatus status;
  if (known == nullptr) {
    const Result<FileStatus> found = StatusAt(location, Follow::kYes);
    if (!found.ok()) return false;
    status = found.value();
    known = &status;
  }
  const uint32_t user = EffectiveUser();
  if (user == 0 && (access != Access::kExecute || known->IsDirectory())) return true;
  const unsigned shift = known->user == user ? 6 : known->group == EffectiveGroup() ? 3 : 0;
  return (known->mode & static_cast<Mode>(access) << shift) != 0;
}

Result<void> WorkingDirectory(String& path) {
  char buffer[4096];  // relibc's PATH_MAX
  if (getcwd(buffer, sizeof(buffer)) == nullptr) return LastError();
  return path.Append(buffer);
}

size_t SchemeLength(StringView path) {
  constexpr StringView kSchemes = "/scheme/";
  if (path.StartsWith(kSchemes)) {
    const size_t slash = path.From(kSchemes.size()).Find('/');
    if (slash == StringView::kNotFound || slash == 0) return 0;
    const size_t end = kSchemes.size() + slash;
    return WithoutSlashes(path).size() > end ? end : 0;
  }
  const size_t colon = path.First(Min(path.Find('/'), path.size())).Find(':');
  return colon == StringView::kNotFound || colon == 0 ? 0 : colon + 1;
}

Mode SetFileCreationMask(Mode mask) { return static_cast<Mode>(umask(static_cast<int32_t>(mask))); }

TimePoint Now() {
  abi::Timespec time{};
  (void)redox_clock_gettime_v1(abi::kCLOCK_REALTIME, &time);
  return FromTimespec(time);
}

Result<void> SetClock(TimePoint time) {
  // What the kernel wants is when it was started: nanoseconds since the Epoch, as 128 bits.
  const TimePoint running = MonotonicTime();
  constexpr int64_t kSecond = 1'000'000'000;
  const __int128 start = (static_cast<__int128>(time.seconds) - running.seconds) * kSecond +
                         time.nanoseconds - running.nanoseconds;
  if (start < 0) return Error{abi::kEINVAL};
  CATION_TRY_ASSIGN(const Descriptor descriptor,
                    Open(At("/scheme/sys/update_time_offset"), kWrite));
  File file(descriptor);
  CATION_TRY(WriteAll(file.get(), {reinterpret_cast<const char*>(&start), sizeof(start)}));
  return file.Close();
}

namespace {

Result<File> Duplicate(Descriptor descriptor, StringView name) {
  CATION_TRY_ASSIGN(const size_t duplicate, FromRaw(redox_dup_v1(static_cast<size_t>(descriptor),
                                                                 name.data(), name.size())));
  return File(static_cast<Descriptor>(duplicate));
}

}  // namespace

// Without Duplicate(): what it says of errors, and the File, are code in each program that asks.
bool IsTerminal(Descriptor descriptor) {
  constexpr StringView kTerminal = "termios";
  const Result<size_t> duplicate =
      FromRaw(redox_dup_v1(static_cast<size_t>(descriptor), kTerminal.data(), kTerminal.size()));
  if (duplicate.ok()) (void)redox_close_v1(duplicate.value());
  return duplicate.ok();
}

Result<void> TerminalName(Descriptor descriptor, String& path) {
  if (!IsTerminal(descriptor)) return Error{abi::kENOTTY};
  char buffer[4096];
  CATION_TRY_ASSIGN(const size_t size, FromRaw(redox_fpath_v1(static_cast<size_t>(descriptor),
                                                              buffer, sizeof(buffer))));
  if (size == 0 || size > sizeof(buffer)) return Error{abi::kENODEV};
  return path.Append(StringView(buffer, size));
}

namespace {

// Reads the file at `path` into `buffer`, up to what fits; returns how much.
Result<size_t> ReadInto(const char* path, Span<char> buffer) {
  CATION_TRY_ASSIGN(const Descriptor descriptor, Open(At(path), kRead));
  const File file(descriptor);
  size_t size = 0;
  while (size < buffer.size()) {
    CATION_TRY_ASSIGN(const size_t count, Read(file.get(), buffer.From(size)));
    if (count == 0) break;
    size += count;
  }
  return size;
}

// Takes the first line off `text`.
StringView TakeLine(StringView& text) {
  const size_t end = Min(text.Find('\n'), text.size());
  const StringView line = text.First(end);
  text = text.From(Min(end + 1, text.size()));
  return line;
}

StringView WithoutSpaces(StringView text) {
  while (!text.empty() && text[0] <= ' ') text = text.From(1);
  while (!text.empty() && text.back() <= ' ') text = text.First(text.size() - 1);
  return text;
}

}  // namespace

Result<void> ReadSystemName(SystemName& name, bool wants_node) {
  constexpr size_t kNodeSize = 65;
  const Span<char> text(name.text);
  CATION_TRY_ASSIGN(const size_t size, ReadInto("/scheme/sys/uname", text.From(kNodeSize)));
  StringView rest(name.text + kNodeSize, size);
  name.system = TakeLine(rest);
  const StringView second = TakeLine(rest);
  if (second.empty()) {
    // system, node, release, version, machine: the kernel knows no node
    name.release = TakeLine(rest);
    name.version = TakeLine(rest);
    name.machine = TakeLine(rest);
  } else {
    // system, release, machine, version
    name.release = second;
    name.machine = TakeLine(rest);
    name.version = TakeLine(rest);
  }
  name.operating_system = name.system;
  if (!wants_node) return {};
  const Result<size_t> node = ReadInto("/etc/hostname", text.First(kNodeSize));
  if (!node.ok() && node.error() == abi::kENOENT) return {};
  if (!node.ok()) return node.error();
  StringView lines = WithoutSpaces({name.text, node.value()});
  name.node = WithoutSpaces(TakeLine(lines));
  return {};
}

Result<void> Random(Span<char> bytes) {
  CATION_TRY_ASSIGN(const size_t size, ReadInto("/scheme/rand", bytes));
  if (size != bytes.size()) return Error{abi::kEIO};
  return {};
}

bool HasReader(Descriptor) { return true; }

unsigned TerminalColumns(Descriptor descriptor) {
  const Result<File> window = Duplicate(descriptor, "winsize");
  if (!window.ok()) return 0;
  uint16_t size[4] = {};  // rows, columns, and both in pixels
  const auto read = Read(window.value().get(), {reinterpret_cast<char*>(size), sizeof(size)});
  return read.ok() && read.value() >= 2 * sizeof(uint16_t) ? size[1] : 0;
}

namespace internal {

Result<Process> Fork() {
  const int32_t process = fork();
  if (process < 0) return LastError();
  return process;
}

Result<Descriptor> DuplicateAbove(Descriptor descriptor) {
  CATION_TRY_ASSIGN(const size_t copy,
                    FromOpen(redox_dup_v1(static_cast<size_t>(descriptor), "", 0)));
  return static_cast<Descriptor>(copy);
}

Result<void> PutInPlace(Descriptor from, Descriptor place) {
  return FromRawStatus(redox_dup2_v1(static_cast<size_t>(from), static_cast<size_t>(place), "", 0));
}

// Nothing to do: 0 to 2 came from the parent, so they have survived one exec, and sys puts nothing
// there that would not survive another. That saves two messages for each.
void KeepOpen(Descriptor) {}

void Leave(int status) { _exit(status); }

}  // namespace internal

namespace {

// For reading, and closed before anything else is done: it may be in a standard stream's place,
// which is to be as closed for the program as it is here.
Result<size_t> OpenForMoment(const char* path) {
  return FromRaw(redox_open_v1(path, __builtin_strlen(path), abi::kO_RDONLY | abi::kO_CLOEXEC, 0));
}

#ifndef CATION_RELIBC_HAS_POSIX_SPAWN
// What relibc of January 2026 makes of a script, "#!" in its first line: it hands the script's
// interpreter arguments[0] as it is, where others put the script's path; and it looks for the end
// of `arguments` from the second or third on, beyond that end if there is none. So a script gets
// its path, and all get two more terminators.
Result<bool> IsScript(const char* path) {
  CATION_TRY_ASSIGN(const size_t descriptor, OpenForMoment(path));
  const File file(static_cast<Descriptor>(descriptor));
  char start[2] = {};
  for (size_t size = 0; size < sizeof(start);) {
    const Result<size_t> read = Read(file.get(), {start + size, sizeof(start) - size});
    // Of directories execve() says something itself.
    if (!read.ok() && !(read.error() == abi::kEISDIR)) return read.error();
    if (!read.ok() || read.value() == 0) return false;
    size += read.value();
  }
  return start[0] == '#' && start[1] == '!';
}

Error ExecuteFile(const char* path, char* const* arguments, char* const* environment) {
  const Result<bool> is_script = IsScript(path);
  if (!is_script.ok()) return is_script.error();
  size_t count = 0;
  while (arguments[count] != nullptr) ++count;
  constexpr size_t kTerminators = 3;
  const size_t size = (count + kTerminators) * sizeof(char*);
  auto** const copy = static_cast<char**>(Allocate(size));
  if (copy == nullptr) return Error{abi::kENOMEM};
  __builtin_memset(copy, 0, size);
  __builtin_memcpy(copy, arguments, count * sizeof(char*));
  if (is_script.value()) copy[0] = const_cast<char*>(path);
  (void)execve(path, copy, environment);
  const Error error = LastError();
  cation::Release(copy);
  return error;
}
#else
Error ExecuteFile(const char* path, char* const* arguments, char* const* environment) {
  (void)execve(path, arguments, environment);
  return LastError();
}
#endif

}  // namespace

Error Execute(const char* path, char* const* arguments, char* const* environment) {
  if (*path == '\0') return Error{abi::kENOENT};
  const Error error = ExecuteFile(path, arguments, environment);
  if (error == abi::kEPERM) return Error{abi::kEACCES};
  if (!(error == abi::kENOENT || error == abi::kENOEXEC)) return error;
  // It says so of files that it cannot open for whatever reason, and of directories.
  const Result<size_t> opened = OpenForMoment(path);
  if (!opened.ok()) return opened.error();
  const File file(static_cast<Descriptor>(opened.value()));
  const Result<FileStatus> status = Status(file.get());
  return status.ok() && status.value().IsDirectory() ? Error{abi::kEACCES} : error;
}

namespace {

// The process manager of February 2026 drops a request for which it has the news that the process
// was stopped or goes on, if that is not asked for: nobody would ever be answered. So all is asked
// for, and what is no end is passed over. Returns false when there is nothing yet.
Result<bool> WaitFor(Process process, uint32_t options, Termination& how) {
  for (;;) {
    int status = 0;
    const Result<size_t> ended = FromRaw(redox_waitpid_v1(
        static_cast<size_t>(process), &status, options | abi::kWUNTRACED | abi::kWCONTINUED));
    if (!ended.ok() && ended.error() == abi::kEINTR) continue;
    if (!ended.ok()) return ended.error();
    if (ended.value() == 0) return false;
    constexpr int kNoEnd = 0x7f;
    const int signal = status & 0x7f;
    if (signal == kNoEnd) continue;
    how = signal != 0 ? Termination{true, signal} : Termination{false, status >> 8 & 0xff};
    return true;
  }
}

}  // namespace

Result<Termination> Wait(Process process) {
  Termination how;
  CATION_TRY(WaitFor(process, 0, how));
  return how;
}

Result<bool> HasEnded(Process process, Termination& how) {
  return WaitFor(process, abi::kWNOHANG, how);
}

Result<Termination> WaitWithUsage(Process process, Usage& usage) {
  usage.known = false;
  return Wait(process);
}

Process ThisProcess() { return static_cast<Process>(redox_get_pid_v1()); }

void EndBySignal(int signal) {
  (void)SetSignalAction(signal, SignalAction::kDefault);
  // Others may be waiting to be taken.
  (void)SetBlockedSignals(~(uint64_t{1} << (signal - 1)));
  (void)SendSignal(ThisProcess(), signal);
}

Result<void> SetProcessGroup(Process process, Process group) {
  return FromPosix(setpgid(process, group));
}

Result<void> SendSignal(Process process, int signal) {
  return FromRawStatus(redox_kill_v1(static_cast<size_t>(process), static_cast<uint32_t>(signal)));
}

namespace {

void DoNothing(int) {}

}  // namespace

Result<void> SetSignalAction(int signal, SignalAction action) {
  abi::Sigaction raw{};
  raw.sa_handler = action == SignalAction::kIgnore ? abi::kSIG_IGN : abi::kSIG_DFL;
  if (action == SignalAction::kKeep) raw.sa_handler = reinterpret_cast<size_t>(DoNothing);
  return FromRawStatus(redox_sigaction_v1(static_cast<uint32_t>(signal), &raw, nullptr));
}

Result<SignalAction> SignalActionOf(int signal) {
  abi::Sigaction raw{};
  CATION_TRY(FromRawStatus(redox_sigaction_v1(static_cast<uint32_t>(signal), nullptr, &raw)));
  return raw.sa_handler == abi::kSIG_IGN ? SignalAction::kIgnore : SignalAction::kDefault;
}

Result<void> SetBlockedSignals(uint64_t signals) {
  return FromRawStatus(redox_sigprocmask_v1(abi::kSIG_SETMASK, &signals, nullptr));
}

Result<uint64_t> BlockedSignals() {
  uint64_t signals = 0;
  CATION_TRY(FromRawStatus(redox_sigprocmask_v1(abi::kSIG_SETMASK, nullptr, &signals)));
  return signals;
}

// That of January 2026 returns 0 for every signal: which it was, its structure says.
Result<int> WaitForSignal(uint64_t signals, int64_t nanoseconds) {
  constexpr int64_t kSecond = 1'000'000'000;
  const abi::Timespec time = {nanoseconds / kSecond, nanoseconds % kSecond};
  int32_t information[abi::kSignalInformationSize / sizeof(int32_t)] = {};
  if (sigtimedwait(&signals, information, &time) >= 0) return information[0];
  const Error error = LastError();
  if (error == abi::kEAGAIN || error == abi::kEINTR || error == abi::kETIMEDOUT) return 0;
  return error;
}

Result<Pipe> MakePipe() {
  for (;;) {
    int ends[2];
    CATION_TRY(FromPosix(pipe2(ends, static_cast<int>(abi::kO_CLOEXEC))));
    constexpr auto kFirst = static_cast<int>(kFirstOwn);
    if (ends[0] >= kFirst && ends[1] >= kFirst) return Pipe{ends[0], ends[1]};
    // What is moved by dup is not close-on-exec any more. So the lowest place is filled, and it is
    // made anew.
    (void)Close(ends[0]);
    (void)Close(ends[1]);
    CATION_TRY(FromRaw(redox_open_v1("/", 1, abi::kO_PATH, 0)));
  }
}

Result<void> ChangeDirectory(const char* path) {
  if (*path == '\0') return Error{abi::kENOENT};  // on Redox the working directory
  return FromPosix(chdir(path));
}

void Pause(int64_t nanoseconds) {
  constexpr int64_t kSecond = 1'000'000'000;
  abi::Timespec left = {nanoseconds / kSecond, nanoseconds % kSecond};
  while (nanosleep(&left, &left) < 0 && LastError() == abi::kEINTR) {
  }
}

TimePoint MonotonicTime() {
  abi::Timespec time{};
  (void)redox_clock_gettime_v1(abi::kCLOCK_MONOTONIC, &time);
  return FromTimespec(time);
}

TimePoint TimeSinceStart() { return MonotonicTime(); }

Result<LoadAverages> AverageLoad() { return Error{abi::kENOSYS}; }

Result<size_t> LoginCount() { return Error{abi::kENOSYS}; }

}  // namespace cation::sys
