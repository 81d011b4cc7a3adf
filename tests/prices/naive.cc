// SPDX-License-Identifier: MIT
//
// What a plain translation of POSIX utilities does on Redox, for prices.py to compare with: each
// path looked up anew for each question, readdir() as relibc's with 512 bytes, 8 KiB at a time,
// attributes set by path whether they are right already or not. Errors end it with status 1.
//
//   naive cat FILE | cp FROM TO | cp-r FROM TO | cp-a FROM TO | rm-r PATH | ls DIRECTORY |
//         ls-l DIRECTORY | mkdir-p PATH | sync FILE
#include <stddef.h>
#include <stdint.h>

#include "runtime/abi/dirent.h"
#include "runtime/abi/errno.h"
#include "runtime/abi/fcntl.h"
#include "runtime/abi/redox.h"
#include "runtime/abi/unistd.h"

namespace {

namespace abi = cation::abi;

constexpr size_t kPathMax = 4096;
constexpr int32_t kTypeMask = 0170000, kDirectory = 0040000;

bool g_failed = false;

bool IsError(size_t result) { return result > static_cast<size_t>(-4096); }

size_t Check(size_t result) {
  if (IsError(result)) g_failed = true;
  return result;
}

size_t Open(const char* path, uint32_t flags, uint16_t mode = 0) {
  return redox_open_v1(path, __builtin_strlen(path), flags | abi::kO_CLOEXEC, mode);
}

// lstat()
bool Stat(const char* path, abi::Stat* status) {
  const size_t file = Open(path, abi::kO_PATH | abi::kO_NOFOLLOW);
  if (IsError(file)) return false;
  Check(redox_fstat_v1(file, status));
  Check(redox_close_v1(file));
  return true;
}

// chmod() and utimensat()
void SetAttributes(const char* path, const abi::Stat& status) {
  size_t file = Check(Open(path, abi::kO_PATH));
  Check(redox_fchmod_v1(file, static_cast<uint16_t>(status.st_mode & 07777)));
  Check(redox_close_v1(file));
  const abi::Timespec times[2] = {status.st_atim, status.st_mtim};
  file = Check(Open(path, abi::kO_PATH));
  Check(redox_futimens_v1(file, times));
  Check(redox_close_v1(file));
}

void Join(const char* directory, const char* name, char (&path)[kPathMax]) {
  const size_t length = __builtin_strlen(directory);
  __builtin_memcpy(path, directory, length);
  path[length] = '/';
  __builtin_memcpy(path + length + 1, name, __builtin_strlen(name) + 1);
}

// opendir(), readdir() and closedir(): `visit` is called with each name.
template <typename Visit>
void ForEachEntry(const char* path, const Visit& visit) {
  const size_t directory = Check(Open(path, abi::kO_RDONLY | abi::kO_DIRECTORY));
  char buffer[512];
  for (;;) {
    const int64_t count = posix_getdents(static_cast<int>(directory), buffer, sizeof(buffer), 0);
    if (count < 0) g_failed = true;
    if (count <= 0) break;
    uint16_t length = 0;
    for (int64_t at = 0; at < count; at += length) {
      __builtin_memcpy(&length, buffer + at + offsetof(abi::Dirent, d_reclen), sizeof(length));
      visit(buffer + at + offsetof(abi::Dirent, d_name));
    }
  }
  Check(redox_close_v1(directory));
}

char g_output[4096];
size_t g_output_size = 0;

void FlushOutput() {
  if (g_output_size != 0) Check(redox_write_v1(1, g_output, g_output_size));
  g_output_size = 0;
}

void Print(const char* text) {
  for (; *text != '\0'; ++text) {
    if (g_output_size == sizeof(g_output)) FlushOutput();
    g_output[g_output_size++] = *text;
  }
}

void CopyData(size_t from, size_t to) {
  static char buffer[8192];
  for (;;) {
    const size_t count = Check(redox_read_v1(from, buffer, sizeof(buffer)));
    if (count == 0 || IsError(count)) return;
    Check(redox_write_v1(to, buffer, count));
  }
}

void Cat(const char* path) {
  const size_t file = Check(Open(path, abi::kO_RDONLY));
  CopyData(file, 1);
  Check(redox_close_v1(file));
}

void Copy(const char* from, const char* to, bool preserve) {
  abi::Stat status{};
  abi::Stat existing{};
  if (!Stat(from, &status)) g_failed = true;
  const bool exists = Stat(to, &existing);
  if ((status.st_mode & kTypeMask) == kDirectory) {
    if (!exists) {
      constexpr uint32_t kFlags = abi::kO_CREAT | abi::kO_EXCL | abi::kO_DIRECTORY;
      Check(redox_close_v1(Check(Open(to, kFlags | abi::kO_RDONLY, 0755))));
    }
    ForEachEntry(from, [&](const char* name) {
      char source[kPathMax];
      char target[kPathMax];
      Join(from, name, source);
      Join(to, name, target);
      Copy(source, target, preserve);
    });
  } else {
    const size_t source = Check(Open(from, abi::kO_RDONLY));
    const size_t target = Check(Open(to, abi::kO_WRONLY | abi::kO_CREAT | abi::kO_TRUNC, 0644));
    CopyData(source, target);
    Check(redox_close_v1(source));
    Check(redox_close_v1(target));
  }
  if (preserve) SetAttributes(to, status);
}

void Remove(const char* path) {
  abi::Stat status{};
  if (!Stat(path, &status)) g_failed = true;
  if ((status.st_mode & kTypeMask) != kDirectory) {
    if (unlink(path) != 0) g_failed = true;
    return;
  }
  ForEachEntry(path, [&](const char* name) {
    char entry[kPathMax];
    Join(path, name, entry);
    Remove(entry);
  });
  if (rmdir(path) != 0) g_failed = true;
}

void List(const char* path, bool with_status) {
  ForEachEntry(path, [&](const char* name) {
    if (with_status) {
      char entry[kPathMax];
      Join(path, name, entry);
      abi::Stat status{};
      if (!Stat(entry, &status)) g_failed = true;
      // As long as a line of ls -l.
      Print("-rw-r--r-- 1 root root 12345 Jan 11 11:11 ");
    }
    Print(name);
    Print("\n");
  });
  FlushOutput();
}

void MakeDirectories(const char* path) {
  char prefix[kPathMax];
  for (size_t i = 0;; ++i) {
    prefix[i] = path[i];
    if (i == 0 || (path[i] != '/' && path[i] != '\0')) continue;
    prefix[i] = '\0';
    abi::Stat status{};
    if (!Stat(prefix, &status)) {
      constexpr uint32_t kFlags = abi::kO_CREAT | abi::kO_EXCL | abi::kO_DIRECTORY;
      Check(redox_close_v1(Check(Open(prefix, kFlags | abi::kO_RDONLY, 0755))));
    }
    if (path[i] == '\0') return;
    prefix[i] = '/';
  }
}

void Sync(const char* path) {
  const size_t file = Check(Open(path, abi::kO_RDONLY));
  Check(redox_fsync_v1(file));
  Check(redox_close_v1(file));
}

bool Is(const char* a, const char* b) {
  const size_t size = __builtin_strlen(a);
  return size == __builtin_strlen(b) && __builtin_memcmp(a, b, size) == 0;
}

}  // namespace

extern "C" int main(int argc, char** argv, char**) {
  if (argc < 3) return 2;
  const char* const verb = argv[1];
  const char* const path = argv[2];
  if (Is(verb, "cat")) {
    Cat(path);
  } else if (argc == 4 && (Is(verb, "cp") || Is(verb, "cp-r") || Is(verb, "cp-a"))) {
    Copy(path, argv[3], Is(verb, "cp-a"));
  } else if (Is(verb, "rm-r")) {
    Remove(path);
  } else if (Is(verb, "ls") || Is(verb, "ls-l")) {
    List(path, Is(verb, "ls-l"));
  } else if (Is(verb, "mkdir-p")) {
    MakeDirectories(path);
  } else if (Is(verb, "sync")) {
    Sync(path);
  } else {
    return 2;
  }
  return g_failed ? 1 : 0;
}
