// SPDX-License-Identifier: MIT
#include "runtime/standin/manners.h"

#include "runtime/abi/dirent.h"
#include "runtime/abi/errno.h"
#include "runtime/abi/fcntl.h"
#include "runtime/standin/calls.h"
#include "runtime/standin/linux.h"
#include "runtime/standin/trace.h"

namespace cation::standin {

bool g_has_manners = false;

namespace {

using linux_kernel::Call;

constexpr size_t kPathMax = 4096;
constexpr size_t kLongestName = 252;
// msize less the header of an Rread message.
constexpr size_t kLongestShareRead = size_t{128} * 1024 - 24;

struct Name {
  const char* text;
  Manners manners;
};

// The one list of names.
constexpr Name kNames[] = {
    {"fsync-directory", kFsyncDirectory},
    {"colon-scheme", kColonScheme},
    {"utf8", kUtf8},
    {"name-252", kName252},
    {"no-hard-links", kNoHardLinks},
    {"rmdir-dot", kRmdirDot},
    {"slash-accepted", kSlashAccepted},
    {"text-paths", kTextPaths},
    {"no-dotdot-at", kNoDotDotAt},
    {"open-empty", kOpenEmpty},
    {"link-mode", kLinkMode},
    {"disk-busy", kDiskBusy},
    {"listing-shifts", kListingShifts},
    {"no-types", kNoTypes},
    {"rename-into-itself", kRenameIntoItself},
    {"rename-across", kRenameAcross},
    {"rename-over", kRenameOver},
    {"fifo-is-file", kFifoIsFile},
    {"excl-ignored", kExclIgnored},
    {"mkdir-makes-file", kMkdirMakesFile},
    {"symlink-exdev", kSymlinkExdev},
    {"links-hidden", kLinksHidden},
    {"types-wrong", kTypesWrong},
    {"device-0", kDevice0},
    {"errors-are-eio", kErrorsAreEio},
    {"short-reads", kShortReads},
    {"append-overwrites", kAppendOverwrites},
    {"chmod-ignored", kChmodIgnored},
    {"chown-ignored", kChownIgnored},
    {"no-terminal", kNoTerminal},
    {"reads-of-one", kReadsOfOne},
    {"reads-random", kReadsRandom},
    {"writes-random", kWritesRandom},
    {"interrupted", kInterrupted},
    {"reads-again", kReadsAgain},
    {"writes-again", kWritesAgain},
    // Bundles.
    {"redox", kFsyncDirectory | kColonScheme | kUtf8 | kName252 | kNoHardLinks | kRmdirDot |
                  kSlashAccepted | kTextPaths | kNoDotDotAt | kOpenEmpty | kLinkMode |
                  kRenameIntoItself | kRenameAcross | kRenameOver},
    {"9p", kExclIgnored | kMkdirMakesFile | kSymlinkExdev | kLinksHidden | kDevice0 |
               kErrorsAreEio | kShortReads | kAppendOverwrites | kChmodIgnored | kChownIgnored |
               kNoHardLinks},
    {"console", kNoTerminal},
};

struct Scope {
  const char* directory;  // not terminated
  size_t length;          // 0: everywhere
  Manners manners;
};
Scope g_scopes[4];

long Address(const void* pointer) { return reinterpret_cast<long>(pointer); }

size_t EndOfWord(const char* text, const char* ends) {
  size_t size = 0;
  for (; text[size] != '\0'; ++size) {
    for (const char* end = ends; *end != '\0'; ++end) {
      if (text[size] == *end) return size;
    }
  }
  return size;
}

[[noreturn]] void Stop(const char* problem, const char* what, size_t length) {
  constexpr char kStart[] = "stand-in: CATION_MANNERS: ";
  Call(linux_kernel::kWrite, 2, Address(kStart), sizeof(kStart) - 1);
  Call(linux_kernel::kWrite, 2, Address(problem), static_cast<long>(__builtin_strlen(problem)));
  Call(linux_kernel::kWrite, 2, Address(what), static_cast<long>(length));
  Call(linux_kernel::kWrite, 2, Address("\n"), 1);
  for (;;) Call(linux_kernel::kExitGroup, 125);
}

void Add(Manners manners, const char* directory, size_t length) {
  for (Scope& scope : g_scopes) {
    const bool is_new = scope.manners == 0;
    const bool is_same =
        length == scope.length && __builtin_memcmp(directory, scope.directory, length) == 0;
    if (!is_new && !is_same) continue;
    scope.directory = directory;
    scope.length = length;
    scope.manners |= manners;
    return;
  }
  Stop("too many directories: ", directory, length);
}

// The text of `path` without "." and "..", and without slashes that say nothing. A ".." at the
// start of a relative path stays: the working directory's path has no symbolic links.
void NormalizeText(char* path) {
  const bool absolute = path[0] == '/';
  const size_t root = absolute ? 1 : 0;
  size_t out = root;
  size_t floor = root;  // ".." goes no further up than here
  for (size_t in = 0; path[in] != '\0';) {
    if (path[in] == '/') {
      ++in;
      continue;
    }
    const size_t length = EndOfWord(path + in, "/");
    const bool is_dot = length == 1 && path[in] == '.';
    const bool is_dot_dot = length == 2 && path[in] == '.' && path[in + 1] == '.';
    if (is_dot_dot && out > floor) {
      while (out > floor && path[out - 1] != '/') --out;
      if (out > floor) --out;
    } else if (!is_dot && !(is_dot_dot && absolute)) {
      if (out > root) path[out++] = '/';
      for (size_t i = 0; i < length; ++i) path[out++] = path[in + i];
      if (is_dot_dot) floor = out;
    }
    in += length;
  }
  if (out == 0) path[out++] = '.';
  path[out] = '\0';
}

bool IsUtf8(const char* text) {
  const auto* byte = reinterpret_cast<const unsigned char*>(text);
  while (*byte != 0) {
    const unsigned char first = *byte++;
    if (first < 0x80) continue;
    const int rest = first >= 0xc2 && first < 0xe0   ? 1
                     : first >= 0xe0 && first < 0xf0 ? 2
                     : first >= 0xf0 && first < 0xf5 ? 3
                                                     : 0;
    if (rest == 0) return false;
    if ((first == 0xe0 && *byte < 0xa0) || (first == 0xed && *byte >= 0xa0) ||
        (first == 0xf0 && *byte < 0x90) || (first == 0xf4 && *byte >= 0x90))
      return false;
    for (int i = 0; i < rest; ++i, ++byte) {
      if ((*byte & 0xc0) != 0x80) return false;
    }
  }
  return true;
}

// The path of an open file, or of the working directory. Returns its length; 0 if it is not known.
size_t PathOf(long descriptor, char* path) {
  char link[40] = "/proc/self/cwd";
  if (descriptor != linux_kernel::kAT_FDCWD) {
    if (descriptor < 0) return 0;
    (void)ProcPath(descriptor, link);
  }
  const long length = Call(linux_kernel::kReadlinkat, linux_kernel::kAT_FDCWD, Address(link),
                           Address(path), kPathMax - 1);
  return length > 0 ? static_cast<size_t>(length) : 0;
}

// Numbers that are the same in every run.
uint32_t Random() {
  static uint32_t state = 2463534242;
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

size_t Some(size_t size) { return size < 2 ? size : 1 + Random() % size; }

bool IsEvery(unsigned nth, unsigned* count) { return ++*count % nth == 1; }

constexpr uint32_t kTypeLink = 0120000, kTypeDirectory = 0040000, kTypeFile = 0100000,
                   kTypeDisk = 0060000;

// The type bits of what is there; 0 if nothing is.
uint32_t TypeOf(long directory, const char* path) {
  linux_kernel::Stat status{};
  const long result = Call(linux_kernel::kNewfstatat, directory, Address(path), Address(&status),
                           linux_kernel::kAT_SYMLINK_NOFOLLOW);
  return result == 0 ? status.st_mode & 0170000 : 0;
}

}  // namespace

void StartManners() {
  const char* rest = Variable("CATION_MANNERS");
  if (rest == nullptr || *rest == '\0') return;
  g_has_manners = true;
  for (;;) {
    const size_t length = EndOfWord(rest, "=,");
    Manners manners = 0;
    for (const Name& name : kNames) {
      if (__builtin_strlen(name.text) == length && __builtin_memcmp(name.text, rest, length) == 0)
        manners = name.manners;
    }
    if (manners == 0) Stop("no manner is called ", rest, length);
    rest += length;
    if (*rest == '=') {
      const size_t size = EndOfWord(++rest, ",");
      if (*rest != '/') Stop("not an absolute path: ", rest, size);
      Add(manners, rest, size);
      rest += size;
    } else {
      Add(manners, "", 0);
    }
    if (*rest == '\0') return;
    ++rest;
  }
}

Manners LookUpManners(long directory, const char* path) {
  Manners found = 0;
  char text[2 * kPathMax + 2];
  size_t length = 0;  // of text, once it is needed
  for (const Scope& scope : g_scopes) {
    if (scope.manners == 0) break;
    if (scope.length == 0) {
      found |= scope.manners;
      continue;
    }
    if (length == 0) {
      if (path[0] != '/') length = PathOf(directory, text);
      const size_t size = __builtin_strlen(path);
      if (length == 0 && path[0] != '/') continue;
      if (size >= kPathMax) continue;
      text[length++] = '/';
      __builtin_memcpy(text + length, path, size + 1);
      NormalizeText(text);
      length = __builtin_strlen(text);
    }
    const bool is_inside = length >= scope.length &&
                           __builtin_memcmp(text, scope.directory, scope.length) == 0 &&
                           (length == scope.length || text[scope.length] == '/');
    if (is_inside) found |= scope.manners;
  }
  return found;
}

long AdmitPath(Manners manners, PathUse use, long directory, char* path) {
  if (manners == 0) return 0;
  if (*path == '\0') {
    if (use == PathUse::kOpen && (manners & kOpenEmpty) != 0) {
      path[0] = '.';
      path[1] = '\0';
    }
    return 0;
  }
  if ((manners & kUtf8) != 0 && !IsUtf8(path)) return -abi::kEINVAL;
  for (size_t at = 0; path[at] != '\0';) {
    const size_t length = EndOfWord(path + at, "/");
    if ((manners & kColonScheme) != 0 && EndOfWord(path + at, ":/") != length) return -abi::kENODEV;
    if ((manners & kName252) != 0 && length > kLongestName) return -abi::kEINVAL;
    if ((manners & kNoDotDotAt) != 0 && directory != linux_kernel::kAT_FDCWD && length == 2 &&
        path[at] == '.' && path[at + 1] == '.')
      return -abi::kENOENT;
    at += length;
    if (path[at] == '/') ++at;
  }
  size_t end = __builtin_strlen(path);
  if ((manners & kSlashAccepted) != 0) {
    while (end > 1 && path[end - 1] == '/') path[--end] = '\0';
  }
  if ((manners & kRmdirDot) != 0 && use == PathUse::kRemoveDirectory) {
    if (end == 1 && path[0] == '.') return -abi::kENOTEMPTY;
    while (end > 2 && path[end - 1] == '.' && path[end - 2] == '/') {
      path[end -= 2] = '\0';
    }
  }
  if ((manners & kTextPaths) != 0 && directory == linux_kernel::kAT_FDCWD) NormalizeText(path);
  return 0;
}

bool ImitateOpen(Manners manners, OpenRequest* request, long* result) {
  if (manners == 0) return false;
  uint32_t& flags = request->flags;
  if ((manners & kExclIgnored) != 0) flags &= ~abi::kO_EXCL;
  if ((manners & kAppendOverwrites) != 0) flags &= ~abi::kO_APPEND;
  if ((manners & kDiskBusy) != 0 && (flags & abi::kO_PATH) == 0) {
    const uint32_t type = TypeOf(request->directory, request->path);
    *result = -abi::kENOLCK;
    if (type == kTypeFile || type == kTypeDisk) return true;
  }
  constexpr uint32_t kMakesDirectory = abi::kO_CREAT | abi::kO_DIRECTORY;
  if ((manners & kMkdirMakesFile) != 0 && (flags & kMakesDirectory) == kMakesDirectory) {
    long bits = linux_kernel::kO_CREAT | linux_kernel::kO_CLOEXEC;
    if ((flags & abi::kO_EXCL) != 0) bits |= linux_kernel::kO_EXCL;
    const auto open = [&] {
      return Call(linux_kernel::kOpenat, request->directory, Address(request->path), bits,
                  request->mode & 0777);
    };
    *result = open();
    // A directory that is there is opened.
    if (*result == -abi::kEISDIR) {
      bits = linux_kernel::kO_CLOEXEC;
      *result = open();
    }
    *result = Arrives(manners, *result);
    return true;
  }
  if ((manners & kSymlinkExdev) != 0 && (flags & abi::kO_SYMLINK) == 0 &&
      TypeOf(request->directory, request->path) == kTypeLink) {
    *result = -abi::kEXDEV;
    if ((flags & abi::kO_PATH) == 0) return true;
    flags |= abi::kO_NOFOLLOW;
    request->follow = false;
  }
  return false;
}

long ImitateRead(Manners manners, size_t size) {
  static unsigned interrupted = 0, again = 0;
  if ((manners & kInterrupted) != 0 && IsEvery(2, &interrupted)) return -abi::kEINTR;
  if ((manners & kReadsAgain) != 0 && IsEvery(3, &again)) return -abi::kEAGAIN;
  if ((manners & kShortReads) != 0 && size > kLongestShareRead) size = kLongestShareRead;
  if ((manners & kReadsOfOne) != 0 && size > 1) size = 1;
  if ((manners & kReadsRandom) != 0) size = Some(size);
  return static_cast<long>(size);
}

long ImitateWrite(Manners manners, long descriptor, size_t size) {
  static unsigned interrupted = 0, again = 0;
  if ((manners & kInterrupted) != 0 && IsEvery(2, &interrupted)) return -abi::kEINTR;
  // Messages arrive, or nobody would know anything.
  if ((manners & kWritesAgain) != 0 && descriptor != 2 && IsEvery(3, &again)) return -abi::kEAGAIN;
  if ((manners & kAppendOverwrites) != 0) {
    // Opened by somebody else, a shell for >>.
    constexpr long kGetFlags = 3, kSetFlags = 4;
    const long flags = Call(linux_kernel::kFcntl, descriptor, kGetFlags);
    if (flags >= 0 && (flags & linux_kernel::kO_APPEND) != 0)
      Call(linux_kernel::kFcntl, descriptor, kSetFlags, flags & ~linux_kernel::kO_APPEND);
  }
  if ((manners & kWritesRandom) != 0) size = Some(size);
  return static_cast<long>(size);
}

// On Redox a file that is renamed to another scheme ends in the root of its own, under the target's
// last name. Here the root is DIRECTORY of what has this manner, or, for what is outside of that,
// the folder that DIRECTORY is in.
bool ImitateRename(Manners manners, const char* from, const char* to, long* result) {
  const auto rename = [](const char* source, const char* target) {
    return Call(linux_kernel::kRenameat, linux_kernel::kAT_FDCWD, Address(source),
                linux_kernel::kAT_FDCWD, Address(target));
  };
  constexpr long kFolder = linux_kernel::kAT_FDCWD;
  const size_t size = __builtin_strlen(from);
  char path[2 * kPathMax];
  if ((manners & kRenameIntoItself) != 0 && TypeOf(kFolder, from) == kTypeDirectory &&
      __builtin_strncmp(from, to, size) == 0 && to[size] == '/') {
    __builtin_memcpy(path, from, size);
    __builtin_memcpy(path + size, ".gone", 6);
    *result = rename(from, path);
    return true;
  }
  const Manners of_from = LookUpManners(kFolder, from);
  if ((manners & kRenameAcross) != 0 && of_from != LookUpManners(kFolder, to)) {
    for (const Scope& scope : g_scopes) {
      if (scope.length == 0) continue;
      size_t end = scope.length;
      // The one that `from` is in has all its manners.
      if ((of_from & scope.manners) != scope.manners) {
        while (end > 1 && scope.directory[end - 1] != '/') --end;
      }
      __builtin_memcpy(path, scope.directory, end);
      size_t name = __builtin_strlen(to);
      while (name > 0 && to[name - 1] != '/') --name;
      path[end] = '/';
      __builtin_memcpy(path + end + 1, to + name, __builtin_strlen(to + name) + 1);
      *result = rename(from, path);
      return true;
    }
  }
  if ((manners & kRenameOver) != 0 && TypeOf(kFolder, to) == kTypeDirectory &&
      TypeOf(kFolder, from) != kTypeDirectory) {
    *result = -abi::kEACCES;
    return true;
  }
  return false;
}

void ImitateStatus(Manners manners, abi::Stat* status) {
  if ((manners & kDevice0) != 0) status->st_dev = 0;
  if ((manners & kLinkMode) != 0 && (status->st_mode & 0170000) == 0120000)
    status->st_mode = 0120755;
}

uint8_t ImitateType(Manners manners, uint8_t type) {
  if ((manners & kNoTypes) != 0) return abi::kDT_UNKNOWN;
  if ((manners & kTypesWrong) != 0) return type == abi::kDT_DIR ? abi::kDT_REG : abi::kDT_DIR;
  if ((manners & kLinksHidden) != 0 && type == abi::kDT_LNK) return abi::kDT_REG;
  return type;
}

size_t& EntriesGiven(long descriptor) {
  static size_t given[256];
  return given[static_cast<size_t>(descriptor) % 256];
}

}  // namespace cation::standin
