// SPDX-License-Identifier: MIT
//
// libredox's functions and the POSIX functions of relibc that the suite imports, on Linux system
// calls.
#include "runtime/standin/calls.h"

#include <stddef.h>
#include <stdint.h>

#include "runtime/abi/dirent.h"
#include "runtime/abi/errno.h"
#include "runtime/abi/fcntl.h"
#include "runtime/abi/redox.h"
#include "runtime/abi/unistd.h"
#include "runtime/standin/linux.h"
#include "runtime/standin/manners.h"
#include "runtime/standin/prices.h"
#include "runtime/standin/schemes.h"
#include "runtime/standin/terminal.h"
#include "runtime/standin/trace.h"
#include "runtime/sys/linux/signal_return.h"

namespace {

namespace abi = cation::abi;
namespace standin = cation::standin;
namespace kernel = cation::standin::linux_kernel;
using kernel::Call;
using standin::Charge;
using standin::g_prices;
using standin::Item;
using standin::Manners;
using standin::MannersAt;
using standin::MannersOf;
using standin::OpenRequest;
using standin::PathUse;
using standin::ProcPath;
using standin::Traced;

constexpr size_t kPathMax = 4096;

long Address(const void* pointer) { return reinterpret_cast<long>(pointer); }

// A symbolic link that was opened to be created, and has no target yet: Linux makes links in one
// call.
struct UnwrittenLink {
  bool used;
  long directory;  // also the descriptor that the program has for the link
  char name[256];  // in the directory
};
UnwrittenLink g_links[4];

UnwrittenLink* FindLink(long descriptor) {
  for (UnwrittenLink& link : g_links) {
    if (link.used && link.directory == descriptor) return &link;
  }
  return nullptr;
}

UnwrittenLink* FindFreeLink() {
  for (UnwrittenLink& link : g_links) {
    if (!link.used) return &link;
  }
  return nullptr;
}

// The process's umask as relibc keeps it: the kernel's is 0 from the first use on.
int32_t& ProcessMask() {
  static int32_t mask = static_cast<int32_t>(Call(kernel::kUmask, 0));
  return mask;
}

// A path for the kernel, terminated.
class Path {
 public:
  Path(const char* text, size_t length) : too_long_(length >= kPathMax) {
    if (too_long_) return;
    __builtin_memcpy(text_, text, length);
    text_[length] = '\0';
  }
  bool too_long() const { return too_long_; }
  const char* c_str() const { return text_; }
  char* data() { return text_; }

 private:
  char text_[kPathMax];
  bool too_long_;
};

int LinuxFlags(uint32_t flags) {
  int bits = kernel::kO_NOCTTY;
  const uint32_t access = flags & abi::kO_RDWR;
  if (access == abi::kO_WRONLY) bits |= kernel::kO_WRONLY;
  if (access == abi::kO_RDWR) bits |= kernel::kO_RDWR;
  if ((flags & abi::kO_CREAT) != 0) bits |= kernel::kO_CREAT;
  if ((flags & abi::kO_EXCL) != 0) bits |= kernel::kO_EXCL;
  if ((flags & abi::kO_TRUNC) != 0) bits |= kernel::kO_TRUNC;
  if ((flags & abi::kO_APPEND) != 0) bits |= kernel::kO_APPEND;
  if ((flags & abi::kO_NONBLOCK) != 0) bits |= kernel::kO_NONBLOCK;
  if ((flags & abi::kO_CLOEXEC) != 0) bits |= kernel::kO_CLOEXEC;
  if ((flags & abi::kO_DIRECTORY) != 0) bits |= kernel::kO_DIRECTORY;
  if ((flags & abi::kO_PATH) != 0) {
    bits |= kernel::kO_PATH;
    // By itself O_NOFOLLOW follows, as on Redox.
    if ((flags & abi::kO_NOFOLLOW) != 0) bits |= kernel::kO_NOFOLLOW;
  }
  return bits;
}

long StatusOf(long directory, const char* path, int flags, kernel::Stat* status) {
  return Call(kernel::kNewfstatat, directory, Address(path), Address(status), flags);
}

// Opens the directory that `path` lies in, and finds the last component.
long OpenParent(long directory, const char* path, const char** name) {
  size_t end = __builtin_strlen(path);
  while (end > 0 && path[end - 1] != '/') --end;
  *name = path + end;
  char parent[kPathMax];
  __builtin_memcpy(parent, path, end);
  parent[end] = '\0';
  return Call(kernel::kOpenat, directory, Address(end == 0 ? "." : parent),
              kernel::kO_PATH | kernel::kO_DIRECTORY | kernel::kO_CLOEXEC);
}

// O_CREAT|O_SYMLINK: the link appears when its target is written.
long CreateLink(long directory, const char* path, uint32_t flags) {
  kernel::Stat status{};
  const bool exists = StatusOf(directory, path, kernel::kAT_SYMLINK_NOFOLLOW, &status) == 0;
  if (exists && (flags & abi::kO_EXCL) != 0) return -abi::kEEXIST;
  if (exists) return -abi::kEINVAL;
  UnwrittenLink* const link = FindFreeLink();
  if (link == nullptr) return -abi::kEMFILE;
  const char* name = nullptr;
  const long parent = OpenParent(directory, path, &name);
  if (parent < 0) return parent;
  const size_t name_size = __builtin_strlen(name) + 1;
  if (name_size > sizeof(link->name)) {
    Call(kernel::kClose, parent);
    return -abi::kENAMETOOLONG;
  }
  link->used = true;
  link->directory = parent;
  __builtin_memcpy(link->name, name, name_size);
  return parent;
}

// O_CREAT|O_DIRECTORY makes a directory.
long CreateDirectory(long directory, const char* path, uint32_t flags, uint32_t mode) {
  const long made = Call(kernel::kMkdirat, directory, Address(path), mode & 01777);
  if (made < 0 && (made != -abi::kEEXIST || (flags & abi::kO_EXCL) != 0)) return made;
  const long bits =
      kernel::kO_DIRECTORY | ((flags & abi::kO_CLOEXEC) != 0 ? kernel::kO_CLOEXEC : 0);
  long descriptor = Call(kernel::kOpenat, directory, Address(path), bits);
  // Who creates a directory gets a descriptor of it, also where the mode gives no right to read.
  if (descriptor == -abi::kEACCES && made == 0) {
    descriptor = Call(kernel::kOpenat, directory, Address(path), bits | kernel::kO_PATH);
  }
  // Linux's mkdir() takes no more than the sticky bit; RedoxFS takes all bits.
  if (descriptor >= 0 && made == 0 && (mode & 06000) != 0)
    Call(kernel::kFchmod, descriptor, mode & 07777);
  return descriptor;
}

// RedoxFS of January 2026 resolves a symbolic link that is opened relative to a directory as if it
// stood in the root: a program that counts on more than an error is wrong.
#ifdef CATION_RELIBC_HAS_UNLINKAT
constexpr bool kFollowsRelativeToDirectory = true;
#else
constexpr bool kFollowsRelativeToDirectory = false;
#endif

long OpenAdmitted(const OpenRequest& request) {
  const auto [directory, path, flags, mode, follow] = request;
  if ((flags & abi::kO_CREAT) != 0) {
    if ((flags & abi::kO_SYMLINK) != 0) return CreateLink(directory, path, flags);
    if ((flags & abi::kO_DIRECTORY) != 0) return CreateDirectory(directory, path, flags, mode);
  }
  if ((flags & abi::kO_SYMLINK) != 0) {
    kernel::Stat status{};
    const long result = StatusOf(directory, path, kernel::kAT_SYMLINK_NOFOLLOW, &status);
    if (result < 0) return result;
    if ((status.st_mode & 0170000) != 0120000) return -abi::kEINVAL;
    return Call(kernel::kOpenat, directory, Address(path),
                kernel::kO_PATH | kernel::kO_NOFOLLOW | kernel::kO_CLOEXEC);
  }
  return Call(kernel::kOpenat, directory, Address(path),
              LinuxFlags(flags) | (follow ? 0 : kernel::kO_NOFOLLOW), mode);
}

// Whether something is there, for what it costs to open it; false when nobody asks.
bool IsThere(const OpenRequest& request) {
  kernel::Stat status{};
  return g_prices && StatusOf(request.directory, request.path, 0, &status) == 0;
}

void ChargeOpen(const OpenRequest& request, bool was_there, long result) {
  const bool is_relative = request.directory != kernel::kAT_FDCWD;
  const bool creates = (request.flags & abi::kO_CREAT) != 0 && !was_there;
  Item item = is_relative ? Item::kOpenAt : Item::kOpen;
  if (result < 0) {
    item = is_relative ? Item::kOpenAtFailed : Item::kOpenFailed;
  } else if (creates) {
    const bool makes_directory = (request.flags & abi::kO_DIRECTORY) != 0;
    const bool makes_link = (request.flags & abi::kO_SYMLINK) != 0;
    item = makes_directory ? Item::kMakeDirectory : makes_link ? Item::kMakeLink : Item::kCreate;
  } else if ((request.flags & abi::kO_TRUNC) != 0) {
    Charge(Item::kTruncateAtOpen);
  }
  Charge(item);
}

long OpenAt(long directory, const char* text, size_t length, uint32_t flags, uint32_t mode,
            bool follow) {
  Path path(text, length);
  if (path.too_long()) return -abi::kENAMETOOLONG;
  const Manners manners = MannersAt(directory, path.c_str());
  const long refused = standin::AdmitPath(manners, PathUse::kOpen, directory, path.data());
  if (refused != 0) return refused;
  // The mode is final: no umask of the kernel's.
  if ((flags & abi::kO_CREAT) != 0) (void)ProcessMask();
  OpenRequest request = {directory, path.c_str(), flags, mode, follow};
  const bool was_there = IsThere(request);
  // The schemes of a test.
  constexpr char kSchemes[] = "/scheme";
  constexpr size_t kPrefix = sizeof(kSchemes) - 1;
  static const char* const folder = standin::Variable("CATION_SCHEMES");
  char moved[kPathMax];
  const size_t folder_size = folder == nullptr ? 0 : __builtin_strlen(folder);
  const char* const asked = path.c_str();
  if (folder_size != 0 && length + folder_size < kPathMax &&
      __builtin_strncmp(asked, kSchemes, kPrefix) == 0 &&
      (asked[kPrefix] == '/' || asked[kPrefix] == '\0')) {
    __builtin_memcpy(moved, folder, folder_size);
    __builtin_memcpy(moved + folder_size, asked + kPrefix, length - kPrefix + 1);
    request.path = moved;
  }
  long result = 0;
  if (!standin::OpenOfScheme(path.c_str(), &result) &&
      !standin::ImitateOpen(manners, &request, &result))
    result = standin::Arrives(manners, OpenAdmitted(request));
  ChargeOpen(request, was_there, result);
  return result;
}

// The two paths of link() and rename().
class PathPair {
 public:
  PathPair(const char* from, const char* to)
      : from_(from, __builtin_strlen(from)), to_(to, __builtin_strlen(to)) {
    if (from_.too_long() || to_.too_long()) {
      refused_ = -abi::kENAMETOOLONG;
      return;
    }
    manners_ =
        MannersAt(kernel::kAT_FDCWD, from_.c_str()) | MannersAt(kernel::kAT_FDCWD, to_.c_str());
    for (Path* path = &from_;; path = &to_) {
      refused_ = standin::AdmitPath(manners_, PathUse::kName, kernel::kAT_FDCWD, path->data());
      if (refused_ != 0 || path == &to_) return;
    }
  }
  // 0, or the error (negative) with which it ends.
  long refused() const { return refused_; }
  Manners manners() const { return manners_; }
  const char* from() const { return from_.c_str(); }
  const char* to() const { return to_.c_str(); }

 private:
  Path from_;
  Path to_;
  Manners manners_ = 0;
  long refused_ = 0;
};

// unlink(), rmdir() and unlinkat().
long Remove(long directory, const char* text, bool is_directory) {
  Path path(text, __builtin_strlen(text));
  if (path.too_long()) return -abi::kENAMETOOLONG;
  const Manners manners = MannersAt(directory, path.c_str());
  const PathUse use = is_directory ? PathUse::kRemoveDirectory : PathUse::kName;
  long result = standin::AdmitPath(manners, use, directory, path.data());
  if (result == 0) {
    result = standin::Arrives(manners, Call(kernel::kUnlinkat, directory, Address(path.c_str()),
                                            is_directory ? kernel::kAT_REMOVEDIR : 0));
  }
  const Item item = is_directory ? Item::kRemoveDirectory : Item::kUnlink;
  Charge(result == 0 ? item : Item::kRemoveFailed);
  return result;
}

void Convert(const kernel::Stat& from, abi::Stat* to) {
  *to = {};
  to->st_dev = from.st_dev;
  to->st_ino = from.st_ino;
  to->st_nlink = from.st_nlink;
  to->st_mode = static_cast<int32_t>(from.st_mode);
  to->st_uid = static_cast<int32_t>(from.st_uid);
  to->st_gid = static_cast<int32_t>(from.st_gid);
  to->st_size = from.st_size;
  to->st_blksize = 512;
  to->st_blocks = from.st_blocks;
  to->st_atim = {from.st_atim[0], from.st_atim[1]};
  to->st_mtim = {from.st_mtim[0], from.st_mtim[1]};
  to->st_ctim = {from.st_ctim[0], from.st_ctim[1]};
}

long Flush(long file, long call) {
  const Manners manners = MannersOf(file);
  Charge(Item::kSync);
  kernel::Stat status{};
  if ((manners & standin::kFsyncDirectory) != 0 &&
      StatusOf(file, "", kernel::kAT_EMPTY_PATH, &status) == 0 &&
      (status.st_mode & 0170000) == 0040000)
    return -abi::kEBADF;
  return standin::Arrives(manners, Call(call, file));
}

int g_errno;

// A POSIX function's way to return: -1 and errno.
long Posix(size_t result) {
  const auto value = static_cast<long>(result);
  if (value < 0 && value > -4096) {
    g_errno = static_cast<int>(-value);
    return -1;
  }
  return value;
}

size_t Result(long value) { return static_cast<size_t>(value); }

size_t TracedFile(const char* name, long descriptor, long result) {
  return Traced(name, nullptr, 0, descriptor, Result(result));
}

size_t TracedPath(const char* name, const char* path, long result) {
  return Traced(name, path, __builtin_strlen(path), -1, Result(result));
}

// The program at `path`, or the interpreter of the script there. Returns an error (negative).
long Become(const char* path, char* const* arguments, char* const* environment) {
  Charge(Item::kExecute);
  (void)TracedPath("execve", path, 0);
  // Nothing comes back to report later.
  standin::FinishTrace();
  standin::FinishPrices();
  // relibc hands its umask to the program; here that is the kernel's, which is 0 meanwhile.
  Call(kernel::kUmask, ProcessMask());
  const long failed =
      Call(kernel::kExecve, Address(path), Address(arguments), Address(environment));
  Call(kernel::kUmask, 0);
  return failed;
}

// Where the word ends that begins at `text`: at a space or the end of the line.
char* EndOfWord(char* text) {
  while (*text != '\0' && *text != ' ' && *text != '\n') ++text;
  return text;
}

// `line` is what follows "#!". relibc finds interpreters itself; that of January 2026 hands them
// arguments[0] as it is, later ones the script's path.
long BecomeInterpreter(char* line, const char* path, char* const* arguments,
                       char* const* environment) {
  while (*line == ' ') ++line;
  char* const end = EndOfWord(line);
  if (*end == '\0' || end == line) return -abi::kENOEXEC;
  char* argument = nullptr;
  if (*end == ' ') {
    argument = end + 1;
    while (*argument == ' ') ++argument;
    char* rest = argument;
    while (*rest != '\0' && *rest != '\n') ++rest;
    *rest = '\0';
    if (*argument == '\0') argument = nullptr;
  }
  *end = '\0';
  size_t count = 0;
  while (arguments[count] != nullptr) ++count;
  auto** const all = static_cast<char**>(malloc((count + 4) * sizeof(char*)));
  if (all == nullptr) return -abi::kENOMEM;
  size_t used = 0;
  all[used++] = line;
  if (argument != nullptr) all[used++] = argument;
#ifdef CATION_RELIBC_HAS_POSIX_SPAWN
  all[used++] = const_cast<char*>(path);
  constexpr size_t kFirst = 1;
#else
  (void)path;
  constexpr size_t kFirst = 0;
#endif
  for (size_t i = kFirst; i < count; ++i) all[used++] = arguments[i];
  all[used] = nullptr;
  const long result = Become(line, all, environment);
  free(all);
  return result;
}

// execve() as relibc's; `path` is what the file system sees of `name`. Returns an error (negative).
long ExecuteAsRedox(const char* path, const char* name, char* const* arguments,
                    char* const* environment) {
  const long file = Call(kernel::kOpenat, kernel::kAT_FDCWD, Address(path), kernel::kO_CLOEXEC);
  if (file < 0) return -abi::kENOENT;
  kernel::Stat status{};
  (void)StatusOf(file, "", kernel::kAT_EMPTY_PATH, &status);
  char line[kPathMax];
  const long size = Call(kernel::kRead, file, Address(line), sizeof(line) - 1);
  Call(kernel::kClose, file);
  // By the bits, root too.
  uint32_t mode = status.st_mode;
  if (static_cast<long>(status.st_uid) == Call(kernel::kGeteuid)) {
    mode >>= 6;
  } else if (static_cast<long>(status.st_gid) == Call(kernel::kGetegid)) {
    mode >>= 3;
  }
  if ((mode & 1) == 0) return -abi::kEPERM;
  if (size < 0) return -abi::kENOEXEC;  // a directory, say
  line[size] = '\0';
  if (size >= 2 && line[0] == '#' && line[1] == '!')
    return BecomeInterpreter(line + 2, name, arguments, environment);
  return Become(path, arguments, environment);
}

}  // namespace

namespace cation::standin {

const char* ProcPath(long descriptor, char (&buffer)[40]) {
  char digits[20];
  size_t count = 0;
  do {
    digits[count++] = static_cast<char>('0' + descriptor % 10);
    descriptor /= 10;
  } while (descriptor != 0);
  constexpr char kPrefix[] = "/proc/self/fd/";
  size_t size = sizeof(kPrefix) - 1;
  __builtin_memcpy(buffer, kPrefix, size);
  while (count > 0) buffer[size++] = digits[--count];
  buffer[size] = '\0';
  return buffer;
}

}  // namespace cation::standin

extern "C" {

int* __errno_location() { return &g_errno; }

size_t redox_open_v1(const char* path, size_t length, uint32_t flags, uint16_t mode) {
  return Traced("redox_open_v1", path, length, -1,
                Result(OpenAt(kernel::kAT_FDCWD, path, length, flags, mode, true)));
}

size_t redox_openat_v1(size_t directory, const char* path, size_t length, uint32_t flags,
                       uint32_t) {
  const auto base = static_cast<long>(directory);
  const long result =
      OpenAt(base, path, length, flags, flags & abi::kOpenModeMask, kFollowsRelativeToDirectory);
  return Traced("redox_openat_v1", path, length, base, Result(result));
}

size_t redox_close_v1(size_t descriptor) {
  const auto file = static_cast<long>(descriptor);
  if (UnwrittenLink* const link = FindLink(file); link != nullptr) link->used = false;
  standin::EntriesGiven(file) = 0;
  standin::ForgetAspect(file);
  Charge(Item::kClose);
  return TracedFile("redox_close_v1", file, Call(kernel::kClose, file));
}

size_t redox_read_v1(size_t descriptor, void* buffer, size_t size) {
  const auto file = static_cast<long>(descriptor);
  const Manners manners = MannersOf(file);
  const long wanted = standin::ImitateRead(manners, size);
  if (wanted < 0) return TracedFile("redox_read_v1", file, wanted);
  long result = standin::AspectOf(file) == standin::Aspect::kNone
                    ? Call(kernel::kRead, file, Address(buffer), wanted)
                    : standin::ReadAspect(file, buffer, size);
  // A symbolic link that was opened itself reads as its target, which comes whole.
  if (result == -abi::kEBADF) {
    const long target =
        Call(kernel::kReadlinkat, file, Address(""), Address(buffer), static_cast<long>(size));
    if (target >= 0 || target == -abi::kEACCES) result = target;
  }
  Charge(Item::kRead, result > 0 ? static_cast<size_t>(result) : 0);
  return TracedFile("redox_read_v1", file, standin::Arrives(manners, result));
}

size_t redox_write_v1(size_t descriptor, const void* buffer, size_t size) {
  const auto file = static_cast<long>(descriptor);
  const Manners manners = MannersOf(file);
  long result = 0;
  if (const UnwrittenLink* const link = FindLink(file); link != nullptr) {
    const Path target(static_cast<const char*>(buffer), size);
    result = target.too_long()
                 ? -abi::kENAMETOOLONG
                 : Call(kernel::kSymlinkat, Address(target.c_str()), file, Address(link->name));
    if (result == 0) result = static_cast<long>(size);
  } else if (standin::AspectOf(file) != standin::Aspect::kNone) {
    result = standin::WriteAspect(file, buffer, size);
  } else {
    const long wanted = standin::ImitateWrite(manners, file, size);
    if (wanted < 0) return TracedFile("redox_write_v1", file, wanted);
    result = Call(kernel::kWrite, file, Address(buffer), wanted);
  }
  Charge(Item::kWrite, result > 0 ? static_cast<size_t>(result) : 0);
  return TracedFile("redox_write_v1", file, standin::Arrives(manners, result));
}

size_t redox_dup_v1(size_t descriptor, const char* name, size_t length) {
  const auto file = static_cast<long>(descriptor);
  const auto is = [&](const char* other) {
    return length == __builtin_strlen(other) && __builtin_memcmp(name, other, length) == 0;
  };
  const bool has_terminal = (MannersOf(file) & standin::kNoTerminal) == 0;
  long result = -abi::kEINVAL;
  if (length == 0) {
    result = Call(kernel::kDup, file);
    // A link without its target yet is the copy's as well.
    UnwrittenLink* const link = result >= 0 ? FindLink(file) : nullptr;
    UnwrittenLink* const copy = link != nullptr ? FindFreeLink() : nullptr;
    if (copy != nullptr) {
      *copy = *link;
      copy->directory = result;
    }
  } else if (!has_terminal && (is("termios") || is("winsize"))) {
    result = is("termios") ? -abi::kENOTTY : -abi::kEOPNOTSUPP;
  } else if (is("termios")) {
    result = standin::OpenAspect(file, standin::Aspect::kSettings);
  } else if (is("winsize")) {
    result = standin::OpenAspect(file, standin::Aspect::kSize);
  }
  Charge(Item::kDuplicate);
  return Traced("redox_dup_v1", name, length, file, Result(result));
}

size_t redox_dup2_v1(size_t old_descriptor, size_t new_descriptor, const char*, size_t length) {
  const auto place = static_cast<long>(new_descriptor);
  // dup3() refuses equal ones: nobody is to rely on what Redox does with them.
  const long result =
      length != 0 ? -abi::kEINVAL : Call(kernel::kDup3, static_cast<long>(old_descriptor), place);
  standin::EntriesGiven(place) = 0;
  Charge(Item::kDuplicate);
  return TracedFile("redox_dup2_v1", static_cast<long>(old_descriptor), result);
}

size_t redox_fsync_v1(size_t descriptor) {
  const auto file = static_cast<long>(descriptor);
  return TracedFile("redox_fsync_v1", file, Flush(file, kernel::kFsync));
}

size_t redox_fdatasync_v1(size_t descriptor) {
  const auto file = static_cast<long>(descriptor);
  return TracedFile("redox_fdatasync_v1", file, Flush(file, kernel::kFdatasync));
}

size_t redox_fchmod_v1(size_t descriptor, uint16_t mode) {
  const auto file = static_cast<long>(descriptor);
  const Manners manners = MannersOf(file);
  kernel::Stat status{};
  if (g_prices) {
    (void)StatusOf(file, "", kernel::kAT_EMPTY_PATH, &status);
    Charge((status.st_mode & 07777) == mode ? Item::kSameMode : Item::kChangeMode);
  }
  if ((manners & standin::kChmodIgnored) != 0) return TracedFile("redox_fchmod_v1", file, 0);
  long result = Call(kernel::kFchmod, file, mode);
  if (result == -abi::kEBADF) {
    // An O_PATH descriptor. Of a symbolic link the mode cannot be changed.
    result = StatusOf(file, "", kernel::kAT_EMPTY_PATH, &status);
    char path[40];
    constexpr long kFchmodat =
#if defined(__x86_64__)
        268;
#else
        53;
#endif
    if (result == 0) {
      result = (status.st_mode & 0170000) == 0120000
                   ? -abi::kEOPNOTSUPP
                   : Call(kFchmodat, kernel::kAT_FDCWD, Address(ProcPath(file, path)), mode);
    }
  }
  return TracedFile("redox_fchmod_v1", file, standin::Arrives(manners, result));
}

size_t redox_fchown_v1(size_t descriptor, uint32_t user, uint32_t group) {
  const auto file = static_cast<long>(descriptor);
  constexpr long kFchownat =
#if defined(__x86_64__)
      260;
#else
      54;
#endif
  if (g_prices) {
    kernel::Stat status{};
    (void)StatusOf(file, "", kernel::kAT_EMPTY_PATH, &status);
    const bool is_same = status.st_uid == user && status.st_gid == group;
    Charge(is_same ? Item::kSameOwner : Item::kChangeOwner);
  }
  if ((MannersOf(file) & standin::kChownIgnored) != 0)
    return TracedFile("redox_fchown_v1", file, 0);
  return TracedFile("redox_fchown_v1", file,
                    standin::Arrives(MannersOf(file), Call(kFchownat, file, Address(""), user,
                                                           group, kernel::kAT_EMPTY_PATH)));
}

size_t redox_fstat_v1(size_t descriptor, abi::Stat* status) {
  const auto file = static_cast<long>(descriptor);
  kernel::Stat found{};
  const long result = Call(kernel::kFstat, file, Address(&found));
  const Manners manners = MannersOf(file);
  if (result == 0) {
    Convert(found, status);
    standin::ImitateStatus(manners, status);
  }
  Charge(Item::kStatus);
  return TracedFile("redox_fstat_v1", file, standin::Arrives(manners, result));
}

size_t redox_fpath_v1(size_t descriptor, void* buffer, size_t size) {
  const auto file = static_cast<long>(descriptor);
  char link[40];
  Charge(Item::kStatus);
  return TracedFile(
      "redox_fpath_v1", file,
      standin::Arrives(MannersOf(file),
                       Call(kernel::kReadlinkat, kernel::kAT_FDCWD, Address(ProcPath(file, link)),
                            Address(buffer), static_cast<long>(size))));
}

size_t redox_fstatvfs_v1(size_t descriptor, abi::Statvfs* status) {
  const auto file = static_cast<long>(descriptor);
  kernel::Statfs found{};
  const long result = Call(kernel::kFstatfs, file, Address(&found));
  if (result == 0) {
    *status = {};
    const int64_t unit = found.f_frsize != 0 ? found.f_frsize : found.f_bsize;
    status->f_bsize = status->f_frsize = static_cast<uint64_t>(unit);
    status->f_blocks = found.f_blocks;
    status->f_bfree = found.f_bfree;
    status->f_bavail = found.f_bavail;
  }
  Charge(Item::kStatus);
  return TracedFile("redox_fstatvfs_v1", file, standin::Arrives(MannersOf(file), result));
}

size_t redox_futimens_v1(size_t descriptor, const abi::Timespec times[2]) {
  const auto file = static_cast<long>(descriptor);
  Charge(Item::kSetTimes);
  return TracedFile(
      "redox_futimens_v1", file,
      standin::Arrives(MannersOf(file), Call(kernel::kUtimensat, file, Address(""), Address(times),
                                             kernel::kAT_EMPTY_PATH)));
}

// Known to the process: no message to anybody, and not counted.
size_t redox_get_euid_v1() { return Result(Call(kernel::kGeteuid)); }
size_t redox_get_pid_v1() { return Result(Call(kernel::kGetpid)); }
size_t redox_get_egid_v1() { return Result(Call(kernel::kGetegid)); }
size_t redox_get_ruid_v1() { return Result(Call(kernel::kGetuid)); }
size_t redox_get_rgid_v1() { return Result(Call(kernel::kGetgid)); }

size_t redox_clock_gettime_v1(size_t clock, abi::Timespec* time) {
  const long id = clock == abi::kCLOCK_REALTIME ? 0 : 1;
  return TracedFile("redox_clock_gettime_v1", -1, Call(kernel::kClockGettime, id, Address(time)));
}

size_t redox_waitpid_v1(size_t process, int* status, uint32_t options) {
  Charge(Item::kWait);
  return TracedFile("redox_waitpid_v1", static_cast<long>(process),
                    Call(kernel::kWait4, static_cast<int32_t>(process), Address(status), options));
}

size_t redox_kill_v1(size_t process, uint32_t signal) {
  Charge(Item::kSendSignal);
  return TracedFile("redox_kill_v1", static_cast<long>(process),
                    Call(kernel::kKill, static_cast<int32_t>(process), signal));
}

// Of the process itself on Redox, and not counted. Its action has the kernel's layout, but for
// flags that differ: no handler of the suite has any.
size_t redox_sigaction_v1(uint32_t signal, const abi::Sigaction* action, abi::Sigaction* before) {
  constexpr long kSetSize = 8;
  abi::Sigaction handled{};
  if (action != nullptr && action->sa_handler > abi::kSIG_IGN) {
    handled = *action;
    handled.sa_flags = cation::linux_kernel::kHasRestorer;
    handled.sa_restorer = reinterpret_cast<size_t>(cation::linux_kernel::SignalReturn());
    action = &handled;
  }
  return Result(Call(kernel::kSigaction, signal, Address(action), Address(before), kSetSize));
}

size_t redox_sigprocmask_v1(uint32_t how, const uint64_t* set, uint64_t* before) {
  constexpr long kSetSize = 8;
  return Result(Call(kernel::kSigprocmask, how, Address(set), Address(before), kSetSize));
}

int64_t posix_getdents(int descriptor, void* buffer, size_t size, int) {
  constexpr size_t kNameOffset = offsetof(abi::Dirent, d_name);
  auto* const bytes = static_cast<char*>(buffer);
  const Manners manners = MannersOf(descriptor);
  size_t skipped = 0;
  if ((manners & standin::kListingShifts) != 0) {
    skipped = standin::EntriesGiven(descriptor);
    Call(kernel::kLseek, descriptor, 0, abi::kSEEK_SET);
  }
  Charge(size < 4096 ? Item::kListSmall : Item::kList);
  for (;;) {
    const long count =
        Call(kernel::kGetdents64, descriptor, Address(buffer), static_cast<long>(size));
    if (count <= 0)
      return Posix(TracedFile("posix_getdents", descriptor, standin::Arrives(manners, count)));
    // Packed to Redox's way, which only shortens records: the same buffer will do.
    size_t out = 0;
    size_t entries = 0;
    for (size_t in = 0; in < static_cast<size_t>(count);) {
      uint16_t length = 0;
      __builtin_memcpy(&length, bytes + in + offsetof(abi::Dirent, d_reclen), sizeof(length));
      const char* const name = bytes + in + kNameOffset;
      const size_t name_size = __builtin_strlen(name);
      const bool is_dot = name[0] == '.' && (name_size == 1 || (name_size == 2 && name[1] == '.'));
      if (!is_dot && skipped != 0) {
        --skipped;
      } else if (!is_dot) {
        const auto packed = static_cast<uint16_t>(kNameOffset + name_size + 1);
        __builtin_memmove(bytes + out, bytes + in, packed);
        __builtin_memcpy(bytes + out + offsetof(abi::Dirent, d_reclen), &packed, sizeof(packed));
        auto type = static_cast<uint8_t>(bytes[out + offsetof(abi::Dirent, d_type)]);
        if (type != abi::kDT_DIR && type != abi::kDT_REG && type != abi::kDT_LNK)
          type = abi::kDT_UNKNOWN;
        bytes[out + offsetof(abi::Dirent, d_type)] =
            static_cast<char>(standin::ImitateType(manners, type));
        out += packed;
        ++entries;
      }
      in += length;
    }
    if (out != 0) {
      standin::EntriesGiven(descriptor) += entries;
      Charge(Item::kEntries, entries);
      return Posix(TracedFile("posix_getdents", descriptor, static_cast<long>(out)));
    }
  }
}

int64_t lseek(int descriptor, int64_t offset, int whence) {
  if (offset == 0 && whence == abi::kSEEK_SET) standin::EntriesGiven(descriptor) = 0;
  Charge(Item::kSeek);
  return Posix(TracedFile(
      "lseek", descriptor,
      standin::Arrives(MannersOf(descriptor), Call(kernel::kLseek, descriptor, offset, whence))));
}

int ftruncate(int descriptor, int64_t length) {
  Charge(Item::kTruncate);
  return static_cast<int>(Posix(TracedFile(
      "ftruncate", descriptor,
      standin::Arrives(MannersOf(descriptor), Call(kernel::kFtruncate, descriptor, length)))));
}

int unlink(const char* path) {
  return static_cast<int>(
      Posix(TracedPath("unlink", path, Remove(kernel::kAT_FDCWD, path, false))));
}

int rmdir(const char* path) {
  return static_cast<int>(Posix(TracedPath("rmdir", path, Remove(kernel::kAT_FDCWD, path, true))));
}

#ifdef CATION_RELIBC_HAS_UNLINKAT
int unlinkat(int directory, const char* name, int flags) {
  const bool is_directory = (flags & abi::kAT_REMOVEDIR) != 0;
  return static_cast<int>(Posix(Traced("unlinkat", name, __builtin_strlen(name), directory,
                                       Result(Remove(directory, name, is_directory)))));
}
#endif

// Follows a symbolic link, as relibc's does.
int link(const char* existing, const char* name) {
  const PathPair pair(existing, name);
  long result = pair.refused();
  if (result == 0 && (pair.manners() & standin::kNoHardLinks) != 0) {
    result = -abi::kEINVAL;
  } else if (result == 0) {
    result = standin::Arrives(
        pair.manners(), Call(kernel::kLinkat, kernel::kAT_FDCWD, Address(pair.from()),
                             kernel::kAT_FDCWD, Address(pair.to()), kernel::kAT_SYMLINK_FOLLOW));
  }
  // Redox refuses: it has no other price.
  Charge(Item::kRemoveFailed);
  return static_cast<int>(Posix(TracedPath("link", name, result)));
}

int rename(const char* from, const char* to) {
  const PathPair pair(from, to);
  long result = pair.refused();
  if (result == 0 && !(standin::g_has_manners &&
                       standin::ImitateRename(pair.manners(), pair.from(), pair.to(), &result))) {
    result = standin::Arrives(pair.manners(),
                              Call(kernel::kRenameat, kernel::kAT_FDCWD, Address(pair.from()),
                                   kernel::kAT_FDCWD, Address(pair.to())));
  }
  Charge(result == 0 ? Item::kRename : Item::kRemoveFailed);
  return static_cast<int>(Posix(TracedPath("rename", to, result)));
}

int mkfifo(const char* name, int32_t mode) {
  Path path(name, __builtin_strlen(name));
  long bits = 0010000 | (mode & ~ProcessMask() & 0777);
  long result = path.too_long() ? -abi::kENAMETOOLONG : 0;
  if (result == 0) {
    const Manners manners = MannersAt(kernel::kAT_FDCWD, path.c_str());
    result = standin::AdmitPath(manners, PathUse::kOpen, kernel::kAT_FDCWD, path.data());
    if (result == 0) {
      if ((manners & standin::kFifoIsFile) != 0) bits ^= 0110000;
      result = Call(kernel::kMknodat, kernel::kAT_FDCWD, Address(path.c_str()), bits, 0);
      if ((manners & standin::kFifoIsFile) != 0 && result == -abi::kEEXIST) result = 0;
      result = standin::Arrives(manners, result);
    }
  }
  Charge(Item::kMakeFifo);
  return static_cast<int>(Posix(TracedPath("mkfifo", name, result)));
}

int chdir(const char* name) {
  Path path(name, __builtin_strlen(name));
  long result = path.too_long() ? -abi::kENAMETOOLONG : 0;
  if (result == 0) {
    const Manners manners = MannersAt(kernel::kAT_FDCWD, path.c_str());
    result = standin::AdmitPath(manners, PathUse::kOpen, kernel::kAT_FDCWD, path.data());
    if (result == 0)
      result = standin::Arrives(manners, Call(kernel::kChdir, Address(path.c_str())));
  }
  Charge(Item::kChangeDirectory);
  return static_cast<int>(Posix(TracedPath("chdir", name, result)));
}

int pipe2(int* ends, int flags) {
  Charge(Item::kMakePipe);
  const int bits =
      LinuxFlags(static_cast<uint32_t>(flags)) & (kernel::kO_CLOEXEC | kernel::kO_NONBLOCK);
  return static_cast<int>(
      Posix(TracedFile("pipe2", -1, Call(kernel::kPipe2, Address(ends), bits))));
}

int32_t fork() {
  Charge(Item::kFork);
  constexpr long kSigchld = 17;
  const long process = Call(kernel::kClone, kSigchld);
  if (process == 0) {
    standin::ResetTrace();
    standin::ResetPrices();
    return 0;
  }
  return static_cast<int32_t>(Posix(TracedFile("fork", -1, process)));
}

int execve(const char* name, char* const* arguments, char* const* environment) {
  Path path(name, __builtin_strlen(name));
  long result = path.too_long() ? -abi::kENOENT : 0;
  if (result == 0) {
    const Manners manners = MannersAt(kernel::kAT_FDCWD, path.c_str());
    result = standin::AdmitPath(manners, PathUse::kOpen, kernel::kAT_FDCWD, path.data());
  }
  if (result != 0) result = -abi::kENOENT;
  if (result == 0) result = ExecuteAsRedox(path.c_str(), name, arguments, environment);
  Charge(Item::kOpenFailed);
  return static_cast<int>(Posix(TracedPath("execve", name, result)));
}

void _exit(int status) {
  standin::FinishTrace();
  standin::FinishPrices();
  for (;;) Call(kernel::kExitGroup, status);
}

// January's returns 0 for every signal.
int sigtimedwait(const uint64_t* set, void* information, const abi::Timespec* time) {
  constexpr long kSetSize = 8;
  int32_t raw[32] = {};  // Linux's is larger
  const long result =
      Call(kernel::kSigtimedwait, Address(set), Address(raw), Address(time), kSetSize);
  if (result > 0) {
    __builtin_memset(information, 0, abi::kSignalInformationSize);
    __builtin_memcpy(information, raw, sizeof(raw[0]));
  }
#ifdef CATION_RELIBC_HAS_POSIX_SPAWN
  const long answer = result;
#else
  const long answer = result > 0 ? 0 : result;
#endif
  return static_cast<int>(Posix(TracedFile("sigtimedwait", -1, answer)));
}

int setpgid(int32_t process, int32_t group) {
  Charge(Item::kSendSignal);
  return static_cast<int>(
      Posix(TracedFile("setpgid", process, Call(kernel::kSetpgid, process, group))));
}

int nanosleep(const abi::Timespec* time, abi::Timespec* left) {
  return static_cast<int>(
      Posix(TracedFile("nanosleep", -1, Call(kernel::kNanosleep, Address(time), Address(left)))));
}

char* getcwd(char* buffer, size_t size) {
  const long length = TracedFile(
      "getcwd", -1, Result(Call(kernel::kGetcwd, Address(buffer), static_cast<long>(size))));
  return Posix(length) < 0 ? nullptr : buffer;
}

void sync() { (void)TracedFile("sync", -1, 0); }

int32_t umask(int32_t mask) {
  const int32_t before = ProcessMask();
  ProcessMask() = mask & 0777;
  return before;
}

}  // extern "C"

cation::standin::AnyFunction* const cation::standin::kCalls[] = {
    reinterpret_cast<AnyFunction*>(redox_open_v1),
    reinterpret_cast<AnyFunction*>(redox_openat_v1),
    reinterpret_cast<AnyFunction*>(redox_close_v1),
    reinterpret_cast<AnyFunction*>(redox_read_v1),
    reinterpret_cast<AnyFunction*>(redox_write_v1),
    reinterpret_cast<AnyFunction*>(redox_dup_v1),
    reinterpret_cast<AnyFunction*>(redox_dup2_v1),
    reinterpret_cast<AnyFunction*>(redox_fpath_v1),
    reinterpret_cast<AnyFunction*>(redox_fsync_v1),
    reinterpret_cast<AnyFunction*>(redox_fdatasync_v1),
    reinterpret_cast<AnyFunction*>(redox_fchmod_v1),
    reinterpret_cast<AnyFunction*>(redox_fchown_v1),
    reinterpret_cast<AnyFunction*>(redox_fpath_v1),
    reinterpret_cast<AnyFunction*>(redox_fstat_v1),
    reinterpret_cast<AnyFunction*>(redox_fstatvfs_v1),
    reinterpret_cast<AnyFunction*>(redox_futimens_v1),
    reinterpret_cast<AnyFunction*>(redox_get_euid_v1),
    reinterpret_cast<AnyFunction*>(redox_get_egid_v1),
    reinterpret_cast<AnyFunction*>(redox_get_pid_v1),
    reinterpret_cast<AnyFunction*>(redox_get_ruid_v1),
    reinterpret_cast<AnyFunction*>(redox_get_rgid_v1),
    reinterpret_cast<AnyFunction*>(redox_clock_gettime_v1),
    reinterpret_cast<AnyFunction*>(redox_waitpid_v1),
    reinterpret_cast<AnyFunction*>(redox_kill_v1),
    reinterpret_cast<AnyFunction*>(redox_sigaction_v1),
    reinterpret_cast<AnyFunction*>(redox_sigprocmask_v1),
    reinterpret_cast<AnyFunction*>(posix_getdents),
    reinterpret_cast<AnyFunction*>(lseek),
    reinterpret_cast<AnyFunction*>(ftruncate),
    reinterpret_cast<AnyFunction*>(unlink),
    reinterpret_cast<AnyFunction*>(rmdir),
    reinterpret_cast<AnyFunction*>(link),
    reinterpret_cast<AnyFunction*>(rename),
    reinterpret_cast<AnyFunction*>(mkfifo),
    reinterpret_cast<AnyFunction*>(chdir),
    reinterpret_cast<AnyFunction*>(pipe2),
    reinterpret_cast<AnyFunction*>(fork),
    reinterpret_cast<AnyFunction*>(execve),
    reinterpret_cast<AnyFunction*>(_exit),
    reinterpret_cast<AnyFunction*>(nanosleep),
    reinterpret_cast<AnyFunction*>(sigtimedwait),
    reinterpret_cast<AnyFunction*>(setpgid),
    reinterpret_cast<AnyFunction*>(sync),
    reinterpret_cast<AnyFunction*>(umask),
    reinterpret_cast<AnyFunction*>(__errno_location),
#ifdef CATION_RELIBC_HAS_UNLINKAT
    reinterpret_cast<AnyFunction*>(unlinkat),
#endif
};
