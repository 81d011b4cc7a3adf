// SPDX-License-Identifier: MIT
//
// The one door to the operating system. Typed calls that return Result; which system answers is
// chosen at link time:
//   sys/redox   relibc on Redox (real, or the stand-in of runtime/standin)
//   sys/posix   Linux and macOS hosts
//   sys/fault   the posix backend with each of its calls counted, traced, and failed on demand, for
//   tests
// Every call that POSIX allows to be interrupted is repeated on EINTR here. Errors are the numbers
// of runtime/abi/errno.h; "any" below stands for EIO, ENOMEM and whatever a file system makes up.
#ifndef CATION_RUNTIME_SYS_SYS_H_
#define CATION_RUNTIME_SYS_SYS_H_

#include <stddef.h>
#include <stdint.h>

#include "runtime/core/result.h"
#include "runtime/core/span.h"
#include "runtime/core/string.h"
#include "runtime/core/string_view.h"

namespace cation::sys {

// An open file, as POSIX numbers them.
using Descriptor = int;
inline constexpr Descriptor kNone = -1;
// Stands for the working directory in a Location.
inline constexpr Descriptor kWorkingDirectory = -100;

// Permission bits 07777, and in FileStatus the file type above them (S_IFMT).
using Mode = uint32_t;
inline constexpr Mode kTypeMask = 0170000;
inline constexpr Mode kTypeSocket = 0140000;
inline constexpr Mode kTypeSymbolicLink = 0120000;
inline constexpr Mode kTypeRegular = 0100000;
inline constexpr Mode kTypeBlockDevice = 0060000;
inline constexpr Mode kTypeDirectory = 0040000;
inline constexpr Mode kTypeCharacterDevice = 0020000;
inline constexpr Mode kTypeFifo = 0010000;
inline constexpr Mode kSetUserId = 04000;
inline constexpr Mode kSetGroupId = 02000;
inline constexpr Mode kSticky = 01000;
inline constexpr Mode kPermissionMask = 07777;

// Where a file is: `name` in an open directory. Utilities walk trees by descriptor, which on Redox
// costs half of a look-up by path and cannot be led astray by a directory that somebody replaces.
struct Location {
  Descriptor directory = kWorkingDirectory;
  // One component without '/', unless `directory` is kWorkingDirectory: then any path. Terminated.
  // (mkdir -p gives several components where the whole path is too long for the system.)
  const char* name = "";
  // The same file as seen from the working directory, terminated. The redox backend goes by it
  // where descriptors do not suffice:
  // - relibc of January 2026 has no unlinkat(); its other *at functions ask the descriptor for its
  // path, and RedoxFS of that time
  //   answers with the last component alone for a directory that was itself opened relative to
  //   another;
  // - the same RedoxFS resolves a symbolic link opened relative to a directory as if it stood in
  // the root.
  const char* path = "";
};
// The file at `path` from the working directory.
[[nodiscard]] constexpr Location At(const char* path) { return {kWorkingDirectory, path, path}; }

enum class Follow : bool { kNo, kYes };

// Bits for Open(). Numbered as relibc's O_ flags are from bit 16 on, so that the redox backend
// translates them with one shift.
enum OpenFlags : uint32_t {
  kRead = 1 << 0,
  kWrite = 1 << 1,
  // Do not wait for the other end of a FIFO.
  kNonBlocking = 1 << 2,
  kAppend = 1 << 3,
  kCreate = 1 << 9,
  kTruncate = 1 << 10,
  kExclusive = 1 << 11,
  // ENOTDIR when it is not a directory.
  kDirectory = 1 << 12,
  // ELOOP when the last component is a symbolic link. Redox's O_NOFOLLOW follows all the same:
  // there, compare the identity of what was opened with what was seen before
  // (coreutils/support/open_verified.h does).
  kNoFollow = 1 << 15,
};
[[nodiscard]] constexpr OpenFlags operator|(OpenFlags a, OpenFlags b) {
  return static_cast<OpenFlags>(static_cast<uint32_t>(a) | static_cast<uint32_t>(b));
}

struct TimePoint {
  int64_t seconds = 0;  // since the Epoch
  int64_t nanoseconds = 0;
  friend constexpr bool operator==(const TimePoint& a, const TimePoint& b) = default;
  friend constexpr bool operator<(const TimePoint& a, const TimePoint& b) {
    return a.seconds != b.seconds ? a.seconds < b.seconds : a.nanoseconds < b.nanoseconds;
  }
};

// Two files are the same file when these are equal. A 9p share of Redox has device 0 for
// everything.
struct Identity {
  uint64_t device = 0;
  uint64_t inode = 0;
  friend constexpr bool operator==(const Identity& a, const Identity& b) = default;
};

struct FileStatus {
  uint64_t device = 0;
  uint64_t inode = 0;
  uint64_t links = 0;
  Mode mode = 0;  // type and permissions
  uint32_t user = 0;
  uint32_t group = 0;
  uint64_t special_device = 0;  // st_rdev; 0 on Redox
  uint64_t size = 0;            // bytes; of a symbolic link, of its target's text
  uint64_t blocks = 0;          // units of 512 bytes
  uint64_t block_size = 0;      // bytes that are best moved at a time, as the system has it
  TimePoint access_time;
  TimePoint modification_time;
  TimePoint change_time;

  [[nodiscard]] constexpr Mode type() const { return mode & kTypeMask; }
  [[nodiscard]] constexpr bool IsDirectory() const { return type() == kTypeDirectory; }
  [[nodiscard]] constexpr bool IsRegular() const { return type() == kTypeRegular; }
  [[nodiscard]] constexpr bool IsSymbolicLink() const { return type() == kTypeSymbolicLink; }
  [[nodiscard]] constexpr Identity identity() const { return {device, inode}; }
};

// -------------------------------------------------------------------------------------------------
// files

// No call gives a descriptor below 3: a program that was started with descriptor 0, 1 or 2 closed
// would write its messages into the file, or take it for its input. What the system puts there is
// moved up, and the place is taken by something that can neither be read nor written, so that its
// user gets EBADF as before. That costs calls only where it happens.
//
// Whether kExclusive always keeps what is there from being opened. A 9p share of Redox (device 0)
// ignores it: there, look at what was opened.
#ifdef __redox__
inline constexpr bool kExclusiveIsSure = false;
#else
inline constexpr bool kExclusiveIsSure = true;
#endif
// Opens a file; close-on-exec is always set. `mode` is for kCreate and subject to the umask.
// Errors: those of POSIX open(). Source: redox_open_v1, redox_openat_v1; openat().
Result<Descriptor> Open(const Location& location, OpenFlags flags, Mode mode = 0);
// Closes; the descriptor is gone also when an error is reported. Errors: EIO, any. Source:
// redox_close_v1; close().
Result<void> Close(Descriptor descriptor);
// Reads up to buffer.size() bytes; 0 is the end of the file. Fewer bytes than asked for say nothing
// about the end. Errors: EISDIR, any. Source: redox_read_v1; read().
Result<size_t> Read(Descriptor descriptor, Span<char> buffer);
// Writes up to data.size() bytes and returns how many. Errors: ENOSPC, EPIPE, EFBIG, any. Source:
// redox_write_v1; write().
Result<size_t> Write(Descriptor descriptor, StringView data);
// Before the first write to an output that was opened by somebody else, and that may be meant to be
// appended to: a 9p share of Redox writes where the position is and knows no O_APPEND, so `>>`
// would write over what is there. A regular file of device 0 that is not empty and stands at its
// start is moved to its end; others, and hosts, need nothing. `known`: what Status() says of it, if
// that is known. Source: redox_fstat_v1, lseek().
void PrepareOutput(Descriptor output, const FileStatus* known);
// Moves the position to `offset` from the start; returns the new one. Errors: ESPIPE. Source:
// lseek().
Result<uint64_t> SeekTo(Descriptor descriptor, uint64_t offset);
// Where the next read or write goes. Errors: ESPIPE. Source: lseek().
Result<uint64_t> Position(Descriptor descriptor);
// Sets the size in bytes. Errors: EINVAL, EFBIG, any. Source: ftruncate().
Result<void> Truncate(Descriptor descriptor, uint64_t size);
// Whether writes go to the end of the file, wherever its position is. Redox is not asked, since
// relibc's fcntl() is variadic: true there, which is the answer to be careful with. Errors: EBADF.
// Source: fcntl(F_GETFL).
Result<bool> Appends(Descriptor descriptor);

// Whether the system can move data from file to file without a program's buffer. Where it cannot,
// nothing that stands under `if constexpr (kCanTransfer)` is compiled.
#ifdef __linux__
inline constexpr bool kCanTransfer = true;
#else
inline constexpr bool kCanTransfer = false;
#endif
// How many bytes a Read() or Write() of a large file should be given. RedoxFS writes each call as
// one transaction, in records of 128 KiB, and is fastest with 1 MiB and more; a host is with what
// stays in the processor's cache.
inline constexpr size_t kBestCallSize = kCanTransfer ? size_t{128} * 1024 : size_t{1024} * 1024;

// Moves data from one open file to another inside the system. It never takes the place of Read()
// and Write(): what it cannot move, they still have to, and they say what is wrong and with whom.
//   Transfer transfer(from, status_of_from, to, status_of_to.type());
//   if (!transfer.MoveAll()) read and write until Read() returns 0
class Transfer {
 public:
  // More than one call can move.
  static constexpr size_t kMost = 0x7ffff000;

  // Both stay the caller's. Their types choose the call; possible() is false at once for those
  // between which nothing can be moved: a terminal or another device as the source, and a regular
  // file of size 0, which says nothing of what is in it (/proc, /sys). The two must not be the same
  // file. The holes of a sparse source come out as zeros.
  Transfer(Descriptor from, const FileStatus& source, Descriptor to, Mode type_of_target);

  // False when the system has refused: the rest is up to Read() and Write().
  [[nodiscard]] bool possible() const { return how_ != How::kNot; }
  // Moves up to `length` bytes from where `from` stands to where `to` stands, and both forward by
  // as many as it returns. Fewer than asked for say nothing about the end. 0: the end of `from`, or
  // not possible (an error of either file, too: the next Read() or Write() meets it). Source:
  // copy_file_range(), sendfile(), splice() of Linux.
  [[nodiscard]] size_t Move(size_t length);
  // Moves all that comes, up to `most` bytes. Returns false when there may be more that has to be
  // read and written.
  [[nodiscard]] bool MoveAll(uint64_t most = UINT64_MAX);
  // How many bytes have been moved so far.
  [[nodiscard]] uint64_t moved() const { return moved_; }

 private:
  enum class How : uint8_t { kNot, kCopy, kSend, kSplice };

  Descriptor from_;
  Descriptor to_;
  bool from_pipe_;
  bool to_pipe_;
  bool enlarged_ = false;
  How how_ = How::kNot;
  uint64_t size_;
  uint64_t moved_ = 0;
};

// Errors: any. Source: redox_fstat_v1; fstat().
Result<FileStatus> Status(Descriptor descriptor);
// Errors: those of POSIX stat(). Source: redox_openat_v1(O_PATH) and redox_fstat_v1, which cost
// half of relibc's stat(); fstatat().
Result<FileStatus> StatusAt(const Location& location, Follow follow);
// Of the file at `path` from the working directory.
[[gnu::noinline]] Result<FileStatus> StatusAt(const char* path, Follow follow);

// Whether file systems say how many files they have room for.
#ifdef __linux__
inline constexpr bool kCountsFiles = true;
#else
inline constexpr bool kCountsFiles = false;
#endif
// What a file system holds. Sizes are in blocks of `block_size` bytes. On Redox a scheme says
// nothing of files, names, identity and type: those are 0 there, which is to be shown as not known.
struct FileSystemStatus {
  uint64_t block_size = 0;     // bytes
  uint64_t transfer_size = 0;  // bytes that are best moved at a time, as the system has it
  uint64_t blocks = 0;
  uint64_t free = 0;
  uint64_t available = 0;  // of the free ones, to users without privileges
  uint64_t files = 0;      // that there may be; 0 also where there is no limit
  uint64_t free_files = 0;
  uint64_t id = 0;
  uint64_t name_length = 0;  // bytes of the longest name
  uint64_t type = 0;         // Linux's number for its kind
};
// Of the file system that holds the file; symbolic links are followed. Errors: EOPNOTSUPP, EBADF,
// EINVAL, ENOSYS where a scheme of Redox has no answer; those of POSIX stat(), any. Source:
// redox_fstatvfs_v1 (of an O_PATH descriptor); fstatfs(), statfs().
Result<FileSystemStatus> StatusOfFileSystem(Descriptor descriptor);
Result<FileSystemStatus> StatusOfFileSystemAt(const char* path);

// Appends the file systems that there are to `text`, each as four terminated parts: what is
// mounted, where, of which type, and which directory of it ("/" mostly). On Redox, each scheme that
// may hold files, in the order of /scheme, the first part being its name; those that belong to the
// kernel and to devices are left out, since some of them act when they are opened. Errors: ENOSYS
// where the system does not tell, ENOMEM, any. Source: /scheme; /proc/self/mountinfo on Linux.
Result<void> AppendMounts(String& text);

// The machine's memory, in bytes; kUnknown where the system does not tell.
struct MemoryStatus {
  static constexpr uint64_t kUnknown = UINT64_MAX;
  uint64_t total = kUnknown;
  uint64_t used = kUnknown;
  uint64_t free = kUnknown;
  uint64_t shared = kUnknown;
  uint64_t buffers = kUnknown;
  uint64_t cache = kUnknown;      // with what of the kernel's can be given back
  uint64_t available = kUnknown;  // to new programs, without swapping
  uint64_t swap_total = kUnknown;
  uint64_t swap_free = kUnknown;
};
// Errors: ENOSYS where the system has no way to ask, any. Source: redox_fstatvfs_v1 of
// /scheme/memory; /proc/meminfo on Linux.
Result<MemoryStatus> StatusOfMemory();

// Errors: EPERM, EROFS, any. Source: redox_fchmod_v1; fchmod().
Result<void> ChangeMode(Descriptor descriptor, Mode mode);
// Errors: EPERM, EROFS, any. Source: redox_fchown_v1; fchown().
Result<void> ChangeOwner(Descriptor descriptor, uint32_t user, uint32_t group);
// What ChangeOwner() and ChangeOwnerAt() leave as it is, in place of a user or a group.
inline constexpr uint32_t kSameOwner = UINT32_MAX;
// In the place of a time: what the clock shows, which also somebody may ask for who may write to
// the file and does not own it (not on RedoxFS); and what the file has. RedoxFS knows neither:
// there both are looked up first. The values are those of relibc and Linux.
inline constexpr TimePoint kPresentTime = {0, 0x3fffffff};
inline constexpr TimePoint kTimeAsItIs = {0, 0x3ffffffe};
// Errors: EACCES, EPERM, EROFS, any. Source: redox_futimens_v1; futimens().
Result<void> SetTimes(Descriptor descriptor, TimePoint access, TimePoint modification);
// The same with the times of access and modification of `source`, which are no such values: less
// code.
Result<void> CopyTimes(Descriptor descriptor, const FileStatus& source);
// The same as ChangeOwner() for what is at `location`, which is not opened otherwise. Set-ID bits
// of a regular file go with its owner. `before` (unless nullptr) is what the file was, where the
// system had to be asked for that anyway; of no type where not. Errors: as above; EOPNOTSUPP where
// a 9p share has changed nothing. Source: redox_fchown_v1 of an O_PATH descriptor, since RedoxFS
// keeps set-ID bits and ramfs takes kSameOwner for a number, with what that takes; fchownat().
Result<void> ChangeOwnerAt(const Location& location, uint32_t user, uint32_t group,
                           Follow follow = Follow::kNo, FileStatus* before = nullptr);
// The same as their namesakes for a symbolic link itself, and for special files that must not be
// opened. A link's mode means nothing: Follow::kNo is for what is none. Source: an O_PATH
// descriptor on Redox; utimensat(), fchmodat().
Result<void> SetTimesAt(const Location& location, TimePoint access, TimePoint modification,
                        Follow follow = Follow::kNo);
Result<void> ChangeModeAt(const Location& location, Mode mode, Follow follow = Follow::kNo);
Result<void> CopyTimesAt(const Location& location, const FileStatus& source);

// Waits until the file's data (and its attributes, unless `data_only`) are with the file system's
// storage. Errors: EIO, ENOSPC, EBADF and EINVAL where there is nothing to flush (a directory on
// Redox). Source: redox_fsync_v1, redox_fdatasync_v1; fsync(), fdatasync().
Result<void> Flush(Descriptor descriptor, bool data_only);
// The same for the whole file system that holds the file. Redox has no syncfs(): there it flushes
// the file, and every change of the tree was committed by the call that made it. Source:
// redox_fsync_v1; syncfs().
Result<void> FlushFileSystem(Descriptor descriptor);
// All that the system has not yet written. On Redox nothing is held back that a program could
// reach: RedoxFS commits each change with the call that makes it, block drivers refuse to open a
// disk that is in use (ENOLCK) and have no flush, and relibc's sync() is empty (up to August 2026
// at least). So there it is called for the day when it is not, and the file systems of / and of the
// working directory are asked to flush, which shows whether they still answer; `report` is called
// for each that fails. Returns false if any did. Source: sync(); redox_fsync_v1.
using FlushReport = void (*)(void* context, StringView what, Error error);
[[nodiscard]] bool FlushAll(FlushReport report, void* context);

// -------------------------------------------------------------------------------------------------
// directories

// Makes a directory with `mode`, subject to the umask, in one step. Errors: those of POSIX mkdir();
// EOPNOTSUPP where the file system made something else (a 9p share). Source:
// redox_openat_v1(O_CREAT|O_DIRECTORY), since relibc's mkdir() ignores its mode; mkdirat().
Result<void> MakeDirectory(const Location& location, Mode mode);
// The same, and opens it for reading; hosts let its owner read it, whatever `mode` says. Source: as
// above, one call on Redox; mkdirat() and openat().
Result<Descriptor> MakeAndOpenDirectory(const Location& location, Mode mode);
// Errors: those of POSIX unlink(); EISDIR for a directory on every backend. Source: unlinkat(), or
// unlink() where relibc has no unlinkat().
Result<void> RemoveFile(const Location& location);
// `name` must not end in "." (RedoxFS would remove what is before it). Errors: those of POSIX
// rmdir(). Source: unlinkat(), rmdir().
Result<void> RemoveDirectory(const Location& location);

// Errors: those of POSIX symlink(). Source: redox_openat_v1(O_CREAT|O_EXCL|O_SYMLINK); symlinkat().
Result<void> MakeSymbolicLink(const char* target, const Location& location);
// Fills `buffer` with the target and returns its length; a result equal to buffer.size() may be
// cut. Errors: EINVAL when it is not a symbolic link. Source: redox_openat_v1(O_SYMLINK);
// readlinkat().
Result<size_t> ReadSymbolicLink(const Location& location, Span<char> buffer);
// The same where it is not known that a link is there: EINVAL for anything else, which is not
// opened (a device, say: not every scheme refuses O_SYMLINK for what is no link). Source: fstat of
// an O_PATH descriptor first on Redox; readlinkat().
Result<size_t> ReadSymbolicLinkIfAny(const Location& location, Span<char> buffer);
// A second name for the file `existing`. With Follow::kNo `existing` is a symbolic link, and the
// name is for the link. Errors: those of POSIX link(); EINVAL on Redox systems without hard links;
// EOPNOTSUPP for Follow::kNo on Redox, whose link() follows. Source: link(); linkat().
Result<void> MakeHardLink(const Location& existing, const Location& location,
                          Follow follow = Follow::kYes);
// Errors: those of POSIX mkfifo(); EOPNOTSUPP where the file system made something else, which has
// been removed (RedoxFS of 2026, as relibc's mkfifo() asks it). Source: mkfifo(); mkfifoat().
Result<void> MakeFifo(const Location& location, Mode mode);
// A socket's name, or a device with the number `special_device`: `mode` with the type. Errors:
// those of POSIX mknod(); EOPNOTSUPP on Redox, where relibc's mknod() makes a regular file. Source:
// mknodat().
Result<void> MakeNode(const Location& location, Mode mode, uint64_t special_device);
// Gives the file `from` the name `to`, in the same directory; what has that name is replaced.
// Errors: those of POSIX rename(). Source: rename(); renameat().
Result<void> Rename(const Location& from, const Location& to);
// The same to any directory; both are paths from the working directory. A directory is not moved
// into itself, nothing to another file system, and neither "." and ".." nor, with slashes at an
// end, anything but a directory: of all that Redox's rename() says that it has been done, and files
// are lost. So there it is found out before: only for a new name in the same directory without
// slashes that takes nothing but the call. Two 9p shares, whose files all have device 0, are told
// apart by the schemes in their paths. Errors: those of POSIX rename(); EXDEV and EINVAL so.
// Source: redox_fpath_v1, redox_fstat_v1 and rename(); renameat().
Result<void> Relocate(const Location& from, const Location& to);
// Exchanges the names of two files in one step. Errors: EOPNOTSUPP where the system cannot (Redox,
// and hosts other than Linux), EINVAL where the file system cannot, and those of POSIX rename().
// Source: none on Redox; renameat2().
Result<void> ExchangeNames(const Location& one, const Location& other);
// Makes the regular file `to` share all data of `from`, which is copied when either is written to.
// Errors: EOPNOTSUPP, EXDEV, EINVAL and others where the file system cannot. Source: none on Redox;
// ioctl(FICLONE) on Linux.
Result<void> Clone(Descriptor from, Descriptor to);
// Where data begins at or after `offset`, or where the hole begins that follows it; the position is
// then there. Errors: ENXIO when there is no data any more; EINVAL where a file system cannot say.
// Source: none on Redox; lseek() with SEEK_DATA and SEEK_HOLE.
Result<uint64_t> FindData(Descriptor descriptor, uint64_t offset);
Result<uint64_t> FindHole(Descriptor descriptor, uint64_t offset);

enum class FileType : uint8_t { kUnknown, kRegular, kDirectory, kSymbolicLink, kOther };

struct DirectoryEntry {
  StringView name;     // terminated; never "." or ".."
  uint64_t inode = 0;  // 0 when not known
  FileType type = FileType::kUnknown;
};

// Reads the entries of an open directory in the order in which the file system gives them.
//   DirectoryReader reader(directory);
//   for (;;) {
//     CATION_TRY_ASSIGN(const DirectoryEntry* const entry, reader.Next());
//     if (entry == nullptr) break;
class DirectoryReader {
 public:
  // Start() comes before anything else.
  DirectoryReader() = default;
  // `directory` stays the caller's, open until the reader is gone, and at its start.
  explicit DirectoryReader(Descriptor directory) : directory_(directory) {}
  DirectoryReader(const DirectoryReader&) = delete;
  DirectoryReader& operator=(const DirectoryReader&) = delete;
  ~DirectoryReader();

  // The next entry, valid until the next call; nullptr at the end, and for a directory that has
  // been removed. Errors: ENOTDIR, ENOMEM, any. Source: posix_getdents() with 32 KiB at a time
  // (relibc's readdir() takes 512 bytes); getdents64(), readdir().
  Result<const DirectoryEntry*> Next();

  // Reads `directory` from now on, from where it is; memory is kept for it.
  void Start(Descriptor directory);
  // Whether Next() would have to ask the system, and the last answer left so much room that there
  // most likely is nothing more. False before the first entry, and where the backend cannot tell.
  [[nodiscard]] bool SeemsAtEnd() const {
    constexpr size_t kClearlyNotFull = 30 * 1024;  // of at least 32 KiB, and no record takes 2
    return used_ != 0 && next_ == used_ && used_ <= kClearlyNotFull;
  }

 private:
  Descriptor directory_ = kNone;
  char* buffer_ = nullptr;  // what it points to is the backend's business
  size_t used_ = 0;
  size_t next_ = 0;
  DirectoryEntry entry_;
};

// -------------------------------------------------------------------------------------------------
// process, terminal

// The effective user; 0 may do everything.
[[nodiscard]] uint32_t EffectiveUser();
[[nodiscard]] uint32_t RealUser();
[[nodiscard]] uint32_t EffectiveGroup();
[[nodiscard]] uint32_t RealGroup();
// Fills `groups` with the supplementary groups of the process, and returns how many there are. At
// most kMostGroups. Errors: EINVAL when there is no room for all; ENOSYS on Redox, where a process
// has none: what a user's groups are is in the file alone. Source: getgroups().
inline constexpr size_t kMostGroups = 65536;
Result<size_t> Groups(Span<uint32_t> groups);
// What may be done to a file; numbered as the bits of its mode for others are.
enum class Access : uint8_t { kExecute = 1, kWrite = 2, kRead = 4 };
// Whether the process, by its effective user and group, may do that to the file at `location`, or
// search it if it is a directory; false also when there is none. `known`: what StatusAt() with
// Follow::kYes says of it, if that is known. The user 0 may do everything, but execute a file only
// as the class that applies to it may on Redox (execve() there is so), and only what somebody may
// elsewhere. Source: the permission bits on Redox (access() there answers by them too, with the
// wrong error); faccessat().
[[nodiscard]] bool MayAccess(const Location& location, Access access,
                             const FileStatus* known = nullptr);
// Whether the process may write to what `status` describes at `location`.
[[nodiscard]] inline bool MayWrite(const Location& location, const FileStatus& status) {
  return MayAccess(location, Access::kWrite, &status);
}
// Appends the path of the working directory to `path`. Errors: ENOENT when it has been removed,
// ENAMETOOLONG, ENOMEM. Source: getcwd().
Result<void> WorkingDirectory(String& path);
// Whether "." and "..", and slashes at the end, are taken out of a path's text before anything is
// looked up, as relibc does: "link/.." is the link's own parent, "file/" the file, and the path of
// the working directory what chdir() was given, with the symbolic links that were in it.
#ifdef __redox__
inline constexpr bool kPathsAreTexts = true;
#else
inline constexpr bool kPathsAreTexts = false;
#endif
// Whether there is a way to what has a path of more than kLongestPath bytes: from one directory to
// the next. On Redox a directory opened so is known by its path all the same, and that has an end.
#ifdef __redox__
inline constexpr bool kPathsMayBeLong = false;
#else
inline constexpr bool kPathsMayBeLong = true;
#endif
// Longer ones are refused by a call. A system takes 4,096 bytes with the one that ends it.
inline constexpr size_t kLongestPath = 4095;
// How many bytes of `path` name the scheme that it begins in: of "/scheme/NAME/..." those before
// the last slash, if something comes after it, and of its old form "NAME:..." those with the colon.
// Beneath that names are the scheme's own, and above it there is nothing to look up. 0 for all
// other paths, and for all of them on hosts.
[[nodiscard]] size_t SchemeLength(StringView path);
// Sets the umask and returns what it was. Source: umask().
Mode SetFileCreationMask(Mode mask);
// Source: redox_clock_gettime_v1; clock_gettime().
[[nodiscard]] TimePoint Now();
// Sets the clock that Now() reads, not the one that goes on while the machine is off. Errors:
// EPERM, EINVAL for a time before the machine was started on Redox, ENOENT there without
// /scheme/sys. Source: the kernel's /scheme/sys/update_time_offset, since relibc's clock_settime()
// is ENOSYS; clock_settime().
Result<void> SetClock(TimePoint time);
// Source: redox_dup_v1(descriptor, "termios"), which is what relibc's isatty() does with 12 KB
// around it; isatty().
[[nodiscard]] bool IsTerminal(Descriptor descriptor);
// Whether anybody may still read what is written to the pipe `output`. Redox is not asked: true.
// Source: poll().
[[nodiscard]] bool HasReader(Descriptor output);
// Columns of the terminal; 0 when not known. Source: redox_dup_v1(descriptor, "winsize");
// ioctl(TIOCGWINSZ).
[[nodiscard]] unsigned TerminalColumns(Descriptor descriptor);

// Appends the path of the terminal that `descriptor` is open to. Errors: ENOTTY, ENODEV when it has
// no name, ENOMEM. Source: redox_fpath_v1; /proc/self/fd and /dev/console on Linux, ttyname_r().
Result<void> TerminalName(Descriptor descriptor, String& path);

// What the system says of itself; empty where it says nothing. The texts are in `text`.
struct SystemName {
  StringView system;
  StringView node;
  StringView release;
  StringView version;
  StringView machine;
  StringView operating_system;
  char text[6 * 65];
};
// `wants_node`: whether `node` is asked for, which is a file of its own on Redox; where that is not
// there, `node` is empty. Errors: any. Source: /scheme/sys/uname, with four lines since March 2026
// and five before, and /etc/hostname, which is what relibc's uname() reads with 19 KB around it;
// uname().
Result<void> ReadSystemName(SystemName& name, bool wants_node);
// Fills `bytes` with what nobody can foresee. Errors: any; there is no such source then. Source:
// /scheme/rand, which is what relibc's getrandom() opens each time; getentropy().
Result<void> Random(Span<char> bytes);

// -------------------------------------------------------------------------------------------------
// other processes

// A process, by its number.
using Process = int32_t;
inline constexpr Process kNoProcess = -1;

// What a program that is started has as its descriptors 0, 1 and 2: any open descriptors, each as
// often as wanted, also one of 0 to 2 in another's place. kNone: closed there.
struct Streams {
  Descriptor input = 0;
  Descriptor output = 1;
  Descriptor errors = 2;
};

// How a process ended: with an exit status from 0 to 255, or by a signal.
struct Termination {
  bool by_signal = false;
  int number = 0;  // the exit status, or the signal
  friend constexpr bool operator==(const Termination& a, const Termination& b) = default;
};

// What is written to one end comes out of the other.
struct Pipe {
  Descriptor read = kNone;
  Descriptor write = kNone;
};

// Starts the program in the file `path`, which is not searched for. `arguments`, the name first,
// and `environment` end in nullptr. Of the descriptors that come from sys, it has those of
// `streams` alone; what this program got from its own parent above 2 goes on, as POSIX has it.
// `directory`, if not nullptr, becomes its working directory before `path` is looked up, relative
// to it. When this returns a process, the program runs: an error on the way there, of exec too, is
// returned here, and nothing is left to wait for. The caller calls Wait() or HasEnded() in the end.
// Redox: a signal other than SIGKILL that comes before the program's own start code has run may be
// lost; who has to end it sends it again.
// Errors: EAGAIN, ENOMEM, EMFILE, ENFILE; EBADF for a stream; those of ChangeDirectory() and
// Execute(). Source: fork(), redox_dup2_v1 and execve(), with a close-on-exec pipe for the error
// (posix_spawn() is not in relibc of January 2026, and takes a working directory on few hosts).
Result<Process> Spawn(const char* path, char* const* arguments, char* const* environment,
                      const Streams& streams, const char* directory = nullptr);
// The same where the new process itself finds out what to become, which spares the parent looking
// for it, and a process for each file that it may be: `become` is called there with `context`, ends
// in Execute(), and returns only with that error. What it changes is the new process's alone.
using Become = Error (*)(void* context);
Result<Process> SpawnBy(Become become, void* context, const Streams& streams);
// Becomes the program in the file `path`, with the descriptors that this one got from its parent;
// what else is there as with Spawn(). Returns only when that fails. Errors: those of POSIX
// execve(); EACCES also for a directory and what has no execute permission, where relibc says
// ENOEXEC and EPERM. Source: execve(), with what relibc of January 2026 gets wrong in scripts put
// right.
Error Execute(const char* path, char* const* arguments, char* const* environment);
// Makes `place` another descriptor of what `from` is open to, which programs that are executed get,
// too; what it was is closed. They are not equal. Errors: EBADF, EMFILE. Source: redox_dup2_v1;
// dup2().
Result<void> Redirect(Descriptor from, Descriptor place);
// Waits until the process, which Spawn() has returned, ends; afterwards its number may be
// another's. Errors: ECHILD. Source: redox_waitpid_v1; waitpid().
Result<Termination> Wait(Process process);
// Whether it has ended, without waiting: true sets `how`, and is as good as Wait(). Errors: ECHILD.
// Source: as Wait().
Result<bool> HasEnded(Process process, Termination& how);
// Whether anybody counts what processes use: on Redox, relibc has neither wait4() nor a getrusage()
// that answers.
#ifdef __redox__
inline constexpr bool kCountsUsage = false;
#else
inline constexpr bool kCountsUsage = true;
#endif
// What a process and its children that it has waited for have used.
struct Usage {
  bool known = false;
  TimePoint user;  // for how long the processor worked for it
  TimePoint system;
  uint64_t memory = 0;  // the most it had at a time, in KiB
  uint64_t minor_faults = 0;
  uint64_t major_faults = 0;
  uint64_t swaps = 0;
  uint64_t blocks_read = 0;  // of 512 bytes
  uint64_t blocks_written = 0;
  uint64_t messages_received = 0;
  uint64_t messages_sent = 0;
  uint64_t signals = 0;
  uint64_t waits = 0;        // times that it gave the processor away
  uint64_t preemptions = 0;  // and that it was taken
};
// Wait(), and sets `usage`. Source: redox_waitpid_v1; wait4().
Result<Termination> WaitWithUsage(Process process, Usage& usage);
// Moves a process into a process group; 0 for either is this process itself. Errors: those of POSIX
// setpgid(). Source: setpgid().
Result<void> SetProcessGroup(Process process, Process group);
// Sends a signal: relibc has Linux's numbers. 0 only asks whether that could be done. 0 as the
// process is the own process group, -1 everything, another negative number a process group. Errors:
// ESRCH, EPERM, EINVAL. Source: redox_kill_v1; kill().
Result<void> SendSignal(Process process, int signal);
// This process.
[[nodiscard]] Process ThisProcess();
// Ends this process by `signal`, as it has ended another, and without a core file: so that who
// waits for it sees how. Returns only when that fails. Source: as SendSignal().
void EndBySignal(int signal);
// Whether a signal that a process is sent before its own start code has run may be lost without a
// word: Redox's process manager drops what comes before there is somebody to take it.
inline constexpr bool kLosesEarlySignals = !kCanTransfer;
// What a signal does to this process, unless it has a handler, and to what it executes and starts.
enum class SignalAction : uint8_t {
  kDefault,
  kIgnore,
  // For a blocked signal that WaitForSignal() is to take: nothing, but it is not thrown away, as
  // Redox does with blocked signals that do nothing by default (SIGCHLD). In what is executed, it
  // is kDefault.
  kKeep,
};
// Errors: EINVAL for a number that is none, and where it cannot be changed (9, 19). Source:
// redox_sigaction_v1; sigaction().
Result<void> SetSignalAction(int signal, SignalAction action);
Result<SignalAction> SignalActionOf(int signal);
// Signals that wait until they are taken out of the set, also in what is executed and started: the
// bit N - 1 for signal N. Errors: any. Source: redox_sigprocmask_v1; sigprocmask().
Result<void> SetBlockedSignals(uint64_t signals);
Result<uint64_t> BlockedSignals();
// Takes one of `signals` (a set as above; all of them are blocked) that has been sent, or waits for
// one, but no longer than `nanoseconds`: returns the signal, or 0 when there was none, or something
// else interrupted. Errors: EINVAL. Source: sigtimedwait().
Result<int> WaitForSignal(uint64_t signals, int64_t nanoseconds);
// A new pipe. Both ends are closed in programs that are started, unless they are one's stream.
// Errors: EMFILE, ENFILE. Source: pipe2().
Result<Pipe> MakePipe();
// Errors: those of POSIX chdir(). Source: chdir().
Result<void> ChangeDirectory(const char* path);
// Waits for that long at least; signals do not shorten it. Source: nanosleep().
void Pause(int64_t nanoseconds);
// How long the machine has been running. Source: the monotonic clock, which counts from there on
// Redox; CLOCK_BOOTTIME on Linux.
[[nodiscard]] TimePoint TimeSinceStart();
// How many programs want to run, in hundredths, on the average of 1, 5 and 15 minutes.
struct LoadAverages {
  uint64_t hundredths[3] = {};
};
// Errors: ENOSYS where nobody counts, as on Redox; those of Open() and Read(). Source:
// /proc/loadavg.
Result<LoadAverages> AverageLoad();
// How many users have logged in, each as often as they have. Errors: ENOSYS where no record is
// kept, as on Redox; those of Open() and Read(). Source: /run/utmp of Linux.
Result<size_t> LoginCount();
// The time since some moment, which nobody sets: for how long something takes. Source:
// redox_clock_gettime_v1; clock_gettime().
[[nodiscard]] TimePoint MonotonicTime();

// ------------------------------------------------------------------------------------------- on
// top of the above, shared

// Whether a directory, `path` with the identity `here`, is `directory` or somewhere below it. Goes
// up by "/..", which the kernel takes as it is and Redox as text: there it should be a real path,
// without symbolic links. Errors: those of StatusAt(), ENOMEM.
Result<bool> IsAtOrBelow(String& path, Identity here, const Identity& directory);

// Whether a last component, as LastComponent() gives it, is no name that could be given to
// something else: ".", ".." or "/".
[[nodiscard]] bool IsFixedName(StringView name);

// Writes all of `data`. Errors: as Write().
Result<void> WriteAll(Descriptor descriptor, StringView data);

// Owns a descriptor.
class File {
 public:
  File() = default;
  explicit File(Descriptor descriptor) : descriptor_(descriptor) {}
  File(File&& other) noexcept : descriptor_(Exchange(other.descriptor_, kNone)) {}
  File& operator=(File&& other) noexcept {
    Swap(descriptor_, other.descriptor_);
    return *this;
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { (void)Close(); }

  [[nodiscard]] Descriptor get() const { return descriptor_; }
  [[nodiscard]] bool open() const { return descriptor_ != kNone; }
  // Closes now, when it matters whether that worked. Nothing happens if it is closed already.
  // Errors: as sys::Close().
  Result<void> Close();
  // Gives the descriptor to the caller, who closes it from now on.
  [[nodiscard]] Descriptor Release() { return Exchange(descriptor_, kNone); }

 private:
  Descriptor descriptor_ = kNone;
};

}  // namespace cation::sys

#endif  // CATION_RUNTIME_SYS_SYS_H_
