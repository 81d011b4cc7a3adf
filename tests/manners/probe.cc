// SPDX-License-Identifier: MIT
//
// Makes the calls that it is given, one after the other, and says what each returned: for trying
// the stand-in itself. A line per call: 0 or more, or the negative error; what a call tells follows
// it.
//
//   open PATH FLAGS     FLAGS in hexadecimal, with the mode of a new file in the low 16 bits; the
//                       descriptor is the one for the calls that follow. 0 when it works
//   openat NAME FLAGS   the same, relative to the descriptor, which stays the same
//   read SIZE, write TEXT, list, fstat, fsync, fchmod MODE, fchown, dup NAME      of the descriptor
//   unlink PATH, rmdir PATH, link FROM TO, rename FROM TO
#include <stddef.h>
#include <stdint.h>

#include "runtime/abi/dirent.h"
#include "runtime/abi/redox.h"
#include "runtime/abi/unistd.h"

namespace {

namespace abi = cation::abi;

char g_line[64 * 1024];
size_t g_size = 0;

void Add(const char* text) {
  while (*text != '\0' && g_size < sizeof(g_line)) g_line[g_size++] = *text++;
}

void AddNumber(int64_t value, int base = 10) {
  if (value < 0) Add("-");
  uint64_t rest = value < 0 ? -static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  char digits[25] = {};
  size_t at = sizeof(digits) - 1;
  do {
    digits[--at] = "0123456789abcdef"[rest % static_cast<unsigned>(base)];
    rest /= static_cast<unsigned>(base);
  } while (rest != 0);
  Add(digits + at);
}

uint32_t Number(const char* text, uint32_t base) {
  uint32_t value = 0;
  for (; *text != '\0'; ++text)
    value = value * base + static_cast<uint32_t>(*text <= '9' ? *text - '0' : *text - 'a' + 10);
  return value;
}

bool Is(const char* a, const char* b) {
  const size_t size = __builtin_strlen(a);
  return size == __builtin_strlen(b) && __builtin_memcmp(a, b, size) == 0;
}

int64_t Posix(int64_t result) { return result < 0 ? -*__errno_location() : result; }

size_t g_descriptor = 0;
char g_buffer[256 * 1024];

int64_t Opened(size_t result) {
  if (static_cast<int64_t>(result) < 0) return static_cast<int64_t>(result);
  return 0;
}

int64_t List() {
  const int64_t count = Posix(posix_getdents(static_cast<int>(g_descriptor), g_buffer, 2048, 0));
  uint16_t length = 0;
  for (int64_t at = 0; at < count; at += length) {
    __builtin_memcpy(&length, g_buffer + at + offsetof(abi::Dirent, d_reclen), sizeof(length));
    Add(" ");
    Add(g_buffer + at + offsetof(abi::Dirent, d_name));
    Add(":");
    AddNumber(g_buffer[at + static_cast<int64_t>(offsetof(abi::Dirent, d_type))]);
  }
  return count < 0 ? count : 0;
}

int64_t Status() {
  abi::Stat status{};
  const auto result = static_cast<int64_t>(redox_fstat_v1(g_descriptor, &status));
  Add(" mode ");
  AddNumber(status.st_mode, 8);
  Add(status.st_dev == 0 ? " device 0" : " device");
  return result;
}

// Makes the call at `words`, returns how many words it took; 0 if there is no such call.
int Make(char** words, int count, int64_t* result) {
  const char* const call = words[0];
  if (Is(call, "list")) return *result = List(), 1;
  if (Is(call, "fstat")) return *result = Status(), 1;
  if (Is(call, "fsync")) {
    *result = static_cast<int64_t>(redox_fsync_v1(g_descriptor));
    return 1;
  }
  if (Is(call, "fchown")) {
    *result = static_cast<int64_t>(redox_fchown_v1(g_descriptor, UINT32_MAX, UINT32_MAX));
    return 1;
  }
  if (count < 2) return 0;
  const char* const first = words[1];
  const size_t size = __builtin_strlen(first);
  if (Is(call, "unlink")) return *result = Posix(unlink(first)), 2;
  if (Is(call, "rmdir")) return *result = Posix(rmdir(first)), 2;
  if (Is(call, "mkfifo")) return *result = Posix(mkfifo(first, 0644)), 2;
  size_t raw = 0;
  if (Is(call, "read")) {
    raw = redox_read_v1(g_descriptor, g_buffer, Number(first, 10));
  } else if (Is(call, "write")) {
    raw = redox_write_v1(g_descriptor, first, size);
  } else if (Is(call, "fchmod")) {
    raw = redox_fchmod_v1(g_descriptor, static_cast<uint16_t>(Number(first, 8)));
  } else if (Is(call, "dup")) {
    raw = redox_dup_v1(g_descriptor, first, size);
  } else if (count < 3) {  // NOLINT(bugprone-branch-clone): those below take more words
    return 0;
  } else if (Is(call, "open")) {
    const uint32_t flags = Number(words[2], 16);
    raw = redox_open_v1(first, size, flags & ~uint32_t{0xffff}, flags & 0xffff);
    if (Opened(raw) == 0) g_descriptor = raw;
    return *result = Opened(raw), 3;
  } else if (Is(call, "openat")) {
    raw = redox_openat_v1(g_descriptor, first, size, Number(words[2], 16), 0);
    return *result = Opened(raw), 3;
  } else if (Is(call, "link")) {
    return *result = Posix(link(first, words[2])), 3;
  } else if (Is(call, "rename")) {
    return *result = Posix(rename(first, words[2])), 3;
  } else {
    return 0;
  }
  return *result = static_cast<int64_t>(raw), 2;
}

}  // namespace

extern "C" int main(int argc, char** argv, char**) {
  for (int i = 1; i < argc;) {
    int64_t result = 0;
    const size_t start = g_size;
    const int words = Make(argv + i, argc - i, &result);
    if (words == 0) return 2;
    // What the call tells comes behind its result.
    char told[sizeof(g_line)];
    const size_t told_size = g_size - start;
    __builtin_memcpy(told, g_line + start, told_size);
    told[told_size] = '\0';
    g_size = start;
    AddNumber(result);
    Add(told);
    Add("\n");
    i += words;
  }
  // Again and again: some manners take only a part, or nothing now and then.
  for (size_t done = 0; done < g_size;) {
    const size_t written = redox_write_v1(2, g_line + done, g_size - done);
    if (static_cast<int64_t>(written) > 0) done += written;
  }
  return 0;
}
