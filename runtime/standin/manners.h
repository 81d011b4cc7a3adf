// SPDX-License-Identifier: MIT
//
// The manners in which Redox, and its 9p share, differ from the Linux beneath the stand-in. Each
// has a name and can be had alone, so that a test that fails says which one a program does not
// stand.
//
//   CATION_MANNERS=NAME[=DIRECTORY],...
//
// NAME is a manner or a bundle of them (`redox`, `9p`, `console`; kNames in manners.cc). Without
// DIRECTORY it holds everywhere; with one (an absolute path without symbolic links or commas) for
// what is in it: `redox,9p=/tmp/share` is a RedoxFS with a share in it. A name that is none ends
// the program with status 125.
//
// Real programs have none of this: it is the stand-in's alone, and costs a look at a variable per
// call when nobody asks for it.
#ifndef CATION_RUNTIME_STANDIN_MANNERS_H_
#define CATION_RUNTIME_STANDIN_MANNERS_H_

#include <stddef.h>
#include <stdint.h>

#include "runtime/abi/sys_stat.h"

namespace cation::standin {

// A set of the bits below.
using Manners = uint64_t;

enum Manner : Manners {
  // ---- RedoxFS, its kernel, and relibc
  kFsyncDirectory = Manners{1} << 0,  // fsync and fdatasync of a directory: EBADF
  kColonScheme = Manners{1} << 1,     // ':' in a path names a scheme that is not there: ENODEV
  kUtf8 = Manners{1} << 2,            // a path that is not UTF-8: EINVAL
  kName252 = Manners{1} << 3,         // a component of 253 bytes and more: EINVAL, not ENAMETOOLONG
  kNoHardLinks = Manners{1} << 4,     // link(): EINVAL
  kRmdirDot = Manners{1} << 5,        // rmdir("d/.") removes d; rmdir("."): ENOTEMPTY
  kSlashAccepted = Manners{1} << 6,   // slashes at the end of a file's or a link's path are dropped
  kTextPaths =
      Manners{1} << 7,  // "." and ".." are taken out of a path before anything is looked up
  kNoDotDotAt = Manners{1} << 8,  // redox_openat_v1 with "..": ENOENT
  kOpenEmpty = Manners{1} << 9,   // open("") is the working directory
  kLinkMode = Manners{1} << 10,   // a symbolic link's mode is 0120755
  kDiskBusy = Manners{1} << 11,   // opening a file, as a disk that a file system uses: ENOLCK
  kListingShifts =
      Manners{1} << 12,  // a listing goes on by position: entries that went meanwhile shift it
  kNoTypes = Manners{1} << 13,           // d_type is 0
  kRenameIntoItself = Manners{1} << 31,  // rename of a directory into itself succeeds: it is gone
  kRenameAcross = Manners{1} << 32,  // rename from or to a DIRECTORY below succeeds: see manners.cc
  kRenameOver = Manners{1} << 33,    // rename of a file over a directory: EACCES
  kFifoIsFile = Manners{1} << 34,    // mkfifo() makes a regular file, or opens what is there
  // ---- the 9p share
  kExclIgnored = Manners{1} << 14,     // O_EXCL has no effect
  kMkdirMakesFile = Manners{1} << 15,  // O_CREAT|O_DIRECTORY makes a regular file and succeeds
  kSymlinkExdev = Manners{1} << 16,  // opening a symbolic link: EXDEV; O_PATH opens the link itself
  kLinksHidden = Manners{1} << 17,   // d_type of a symbolic link is that of a file
  kTypesWrong =
      Manners{1} << 18,  // d_type is always wrong: directories are files, all others directories
  kDevice0 = Manners{1} << 19,       // st_dev is 0
  kErrorsAreEio = Manners{1} << 20,  // what Linux refuses arrives as EIO, but for ENOENT
  kShortReads = Manners{1} << 21,    // a read gives at most 128 KiB less a header
  kAppendOverwrites =
      Manners{1} << 22,  // O_APPEND has no effect: writes go where the descriptor stands
  kChmodIgnored = Manners{1} << 23,  // fchmod succeeds and changes nothing
  kChownIgnored = Manners{1} << 35,  // fchown too
  // ---- the debug console
  kNoTerminal = Manners{1} << 24,  // "termios": ENOTTY; "winsize": EOPNOTSUPP
  // ---- what any scheme may do
  kReadsOfOne = Manners{1} << 25,    // a read gives one byte
  kReadsRandom = Manners{1} << 26,   // a read gives some of what is there, never the same
  kWritesRandom = Manners{1} << 27,  // a write takes some of what it is given
  kInterrupted = Manners{1} << 28,   // every second read or write: EINTR
  kReadsAgain = Manners{1} << 29,    // every third read: EAGAIN
  kWritesAgain = Manners{1} << 30,   // every third write: EAGAIN
};

// Reads CATION_MANNERS; after StartTrace().
void StartManners();

extern bool g_has_manners;
Manners LookUpManners(long directory, const char* path);

// The manners that hold for `path`, seen from `directory` where it is not absolute.
inline Manners MannersAt(long directory, const char* path) {
  return g_has_manners ? LookUpManners(directory, path) : 0;
}
// The manners that hold for an open file.
inline Manners MannersOf(long descriptor) { return MannersAt(descriptor, ""); }

enum class PathUse : uint8_t { kOpen, kName, kRemoveDirectory };

// What happens to a path before a file system sees it: changes `path` to what it will see, and
// returns 0 or the error (negative) with which it is refused. `directory` is kAT_FDCWD or what the
// path is relative to.
long AdmitPath(Manners manners, PathUse use, long directory, char* path);

struct OpenRequest {
  long directory;
  const char* path;
  uint32_t flags;  // Redox's
  uint32_t mode;
  bool follow;  // a symbolic link at the end of the path
};
// Changes an open to what the scheme makes of it. Returns true when it has ended already, with
// `*result`, a descriptor or an error (negative).
bool ImitateOpen(Manners manners, OpenRequest* request, long* result);

// The size with which a read or a write goes on; an error (negative) to end with.
long ImitateRead(Manners manners, size_t size);
long ImitateWrite(Manners manners, long descriptor, size_t size);

void ImitateStatus(Manners manners, abi::Stat* status);
// A record's d_type.
uint8_t ImitateType(Manners manners, uint8_t type);

// How many entries of an open directory have been given: kListingShifts.
size_t& EntriesGiven(long descriptor);

// Renames where a manner has it go otherwise, both paths admitted. Returns true when that is so,
// with
// `*result`.
bool ImitateRename(Manners manners, const char* from, const char* to, long* result);

// A result as it arrives at the program.
inline long Arrives(Manners manners, long result) {
  constexpr long kENOENT = 2, kEIO = 5;
  return (manners & kErrorsAreEio) != 0 && result < 0 && result != -kENOENT ? -kEIO : result;
}

}  // namespace cation::standin

#endif  // CATION_RUNTIME_STANDIN_MANNERS_H_
