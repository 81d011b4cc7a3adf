// SPDX-License-Identifier: MIT
#include "runtime/standin/schemes.h"

#include <stdint.h>

#include "runtime/standin/linux.h"

namespace cation::standin {
namespace {

using linux_kernel::Call;

long Address(const void* pointer) { return reinterpret_cast<long>(pointer); }

// The kernel's sys scheme: system, node, release, version, machine; it knows no node and no
// version.
void Uname(SchemeText& text) {
  text.Add("Redox\n\n0.5.12\n\n");
#if defined(__x86_64__)
  text.Add("x86_64\n");
#else
  text.Add("aarch64\n");
#endif
}

// A number that follows `*text`, which is moved behind it.
unsigned long TakeNumber(const char** text) {
  while (**text == ' ') ++*text;
  if (**text == '-') ++*text;
  unsigned long value = 0;
  for (; **text >= '0' && **text <= '9'; ++*text)
    value = value * 10 + static_cast<unsigned long>(**text - '0');
  return value;
}

// A number or a text in a column.
void AddColumn(SchemeText& text, const char* content, size_t width) {
  text.Add(content);
  for (size_t i = __builtin_strlen(content); i < width; ++i) text.Add(" ", 1);
}
void AddColumn(SchemeText& text, unsigned long number, size_t width) {
  const size_t before = text.size();
  text.AddNumber(number);
  while (text.size() - before < width) text.Add(" ", 1);
}
void AddTwo(SchemeText& text, unsigned long number) {
  if (number < 10) text.Add("0");
  text.AddNumber(number);
}

// The host's processes.
struct HostThread {
  char text[1024];  // its stat file, cut into name and what follows
  const char* name;
  const char* numbers;  // from the state on
  unsigned user;
  unsigned group;
};

// "DIRECTORY/stat"; false when that cannot be read.
bool ReadThread(const char* directory, HostThread& thread) {
  char path[64];
  const size_t length = __builtin_strlen(directory);
  __builtin_memcpy(path, directory, length);
  __builtin_memcpy(path + length, "/stat", sizeof("/stat"));
  const long file =
      Call(linux_kernel::kOpenat, linux_kernel::kAT_FDCWD, Address(path), linux_kernel::kO_CLOEXEC);
  if (file < 0) return false;
  linux_kernel::Stat owner{};
  const long known = Call(linux_kernel::kFstat, file, Address(&owner));
  const long size = Call(linux_kernel::kRead, file, Address(thread.text), sizeof(thread.text) - 1);
  Call(linux_kernel::kClose, file);
  if (size <= 0 || known < 0) return false;
  thread.text[size] = '\0';
  thread.user = owner.st_uid;
  thread.group = owner.st_gid;
  char* close = nullptr;
  thread.name = nullptr;
  for (char* byte = thread.text; *byte != '\0'; ++byte) {
    if (*byte == '(' && thread.name == nullptr) thread.name = byte + 1;
    if (*byte == ')') close = byte;
  }
  if (close == nullptr || thread.name == nullptr) return false;
  *close = '\0';
  thread.numbers = close + 2;
  return true;
}

// Calls `each` with the numbers that a directory of /proc lists.
template <typename Each>
void ForEachNumber(const char* directory, const Each& each) {
  const long file = Call(linux_kernel::kOpenat, linux_kernel::kAT_FDCWD, Address(directory),
                         linux_kernel::kO_CLOEXEC | linux_kernel::kO_DIRECTORY);
  if (file < 0) return;
  alignas(8) char entries[4096];
  for (;;) {
    const long size =
        Call(linux_kernel::kGetdents64, file, Address(entries), static_cast<long>(sizeof(entries)));
    if (size <= 0) break;
    constexpr long kLength = 16;
    constexpr long kName = 19;
    for (long at = 0; at < size;) {
      const char* const name = entries + at + kName;
      // The kernel wrote it. NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult)
      if (*name >= '0' && *name <= '9') each(name);
      uint16_t length = 0;
      __builtin_memcpy(&length, entries + at + kLength, sizeof(length));
      at += length;
    }
  }
  Call(linux_kernel::kClose, file);
}

// A row of the kernel's table; its name is the path of the program, or the name it has.
void AddContext(SchemeText& text, const char* process, const char* process_folder,
                HostThread& thread) {
  AddColumn(text, process, 6);
  AddColumn(text, thread.user, 6);
  AddColumn(text, thread.group, 6);
  const char state = *thread.numbers;
  const char* const states = state == 'R' ? "UR+" : state == 'Z' || state == 'X' ? "UZ" : "UB";
  AddColumn(text, states, 6);
  AddColumn(text, "#0", 6 + 11);
  const char* rest = thread.numbers + 1;
  for (int skipped = 0; skipped < 10; ++skipped) (void)TakeNumber(&rest);
  unsigned long ticks = TakeNumber(&rest);
  ticks += TakeNumber(&rest);
  for (int skipped = 0; skipped < 8; ++skipped) (void)TakeNumber(&rest);
  const unsigned long pages = TakeNumber(&rest);
  const size_t before = text.size();
  AddTwo(text, ticks / 360000);
  text.Add(":");
  AddTwo(text, ticks / 6000 % 60);
  text.Add(":");
  AddTwo(text, ticks / 100 % 60);
  text.Add(".");
  AddTwo(text, ticks % 100);
  while (text.size() - before < 12) text.Add(" ");
  const size_t memory = text.size();
  text.AddNumber(pages >= 256 ? pages / 256 : pages * 4);
  text.Add(pages >= 256 ? " MB" : " KB");
  while (text.size() - memory < 8) text.Add(" ");
  char link[64];
  const size_t length = __builtin_strlen(process_folder);
  __builtin_memcpy(link, process_folder, length);
  __builtin_memcpy(link + length, "/exe", sizeof("/exe"));
  char program[256];
  const long size = Call(linux_kernel::kReadlinkat, linux_kernel::kAT_FDCWD, Address(link),
                         Address(program), static_cast<long>(sizeof(program)));
  constexpr size_t kMostOfName = 32;
  if (size > 0) {
    text.Add(program,
             static_cast<size_t>(size) < kMostOfName ? static_cast<size_t>(size) : kMostOfName);
  } else {
    text.Add(thread.name);
  }
  text.Add("\n");
}

// As of February 2026: a row per thread.
void Contexts(SchemeText& text) {
  text.Add("PID   EUID  EGID  STAT  CPU   AFFINITY   TIME        MEM     NAME\n");
  text.Add("0     0     0     KR+   #0               00:00:00.00 0 B     [kmain]\n");
  ForEachNumber("/proc", [&](const char* process) {
    char folder[64] = "/proc/";
    __builtin_memcpy(folder + 6, process, __builtin_strlen(process) + 1);
    char tasks[64];
    const size_t length = __builtin_strlen(folder);
    __builtin_memcpy(tasks, folder, length);
    __builtin_memcpy(tasks + length, "/task", sizeof("/task"));
    ForEachNumber(tasks, [&](const char* number) {
      char task[64];
      const size_t start = __builtin_strlen(tasks);
      __builtin_memcpy(task, tasks, start);
      task[start] = '/';
      __builtin_memcpy(task + start + 1, number, __builtin_strlen(number) + 1);
      HostThread thread;
      if (ReadThread(task, thread)) AddContext(text, process, folder, thread);
    });
  });
}

// The process manager's: a row per process.
void ProcessManager(SchemeText& text) {
  text.Add(
      "PID   PGID  PPID  SID   RUID  RGID  RNS   EUID  EGID  ENS   NTHRD STATUS  NAME            "
      "\n");
  ForEachNumber("/proc", [&](const char* process) {
    char folder[64] = "/proc/";
    __builtin_memcpy(folder + 6, process, __builtin_strlen(process) + 1);
    HostThread thread;
    if (!ReadThread(folder, thread)) return;
    const char state = *thread.numbers;
    const char* rest = thread.numbers + 1;
    const unsigned long parent = TakeNumber(&rest);
    const unsigned long group = TakeNumber(&rest);
    const unsigned long session = TakeNumber(&rest);
    for (int skipped = 0; skipped < 13; ++skipped) (void)TakeNumber(&rest);
    const unsigned long threads = TakeNumber(&rest);
    AddColumn(text, process, 6);
    AddColumn(text, group, 6);
    AddColumn(text, parent, 6);
    AddColumn(text, session, 6);
    AddColumn(text, thread.user, 6);
    AddColumn(text, thread.group, 6);
    AddColumn(text, "2", 6);
    AddColumn(text, thread.user, 6);
    AddColumn(text, thread.group, 6);
    AddColumn(text, "2", 6);
    AddColumn(text, threads, 6);
    AddColumn(text, state == 'T' ? "S" : state == 'Z' ? "X" : "R", 8);
    AddColumn(text, thread.name, 16);
    text.Add("\n");
  });
}

struct SchemeFile {
  const char* path;
  // Either what writes the text that the file holds, or the file of the host that is opened in its
  // place.
  void (*generate)(SchemeText& text);
  const char* host_path;
};

// The one list of them.
constexpr SchemeFile kFiles[] = {
    {"/scheme/rand", nullptr, "/dev/urandom"},
    {"/scheme/proc/ps", ProcessManager, nullptr},
    {"/scheme/sys/context", Contexts, nullptr},
    {"/scheme/sys/uname", Uname, nullptr},
};

long OpenText(const SchemeFile& file) {
  static SchemeText text;  // too large for the stack of a small program
  text.Clear();
  file.generate(text);
  constexpr long kCloseOnExec = 1;
  const long descriptor = Call(linux_kernel::kMemfdCreate, Address("scheme"), kCloseOnExec);
  if (descriptor < 0) return descriptor;
  Call(linux_kernel::kWrite, descriptor, Address(text.data()), static_cast<long>(text.size()));
  Call(linux_kernel::kLseek, descriptor, 0, 0);
  return descriptor;
}

}  // namespace

void SchemeText::Add(const char* text, size_t length) {
  if (length > sizeof(text_) - size_) length = sizeof(text_) - size_;
  __builtin_memcpy(text_ + size_, text, length);
  size_ += length;
}

void SchemeText::AddNumber(unsigned long value) {
  char digits[20];
  size_t first = sizeof(digits);
  do {
    digits[--first] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  Add(digits + first, sizeof(digits) - first);
}

bool OpenOfScheme(const char* path, long* result) {
  const size_t length = __builtin_strlen(path);
  for (const SchemeFile& file : kFiles) {
    if (__builtin_strlen(file.path) != length || __builtin_memcmp(path, file.path, length) != 0)
      continue;
    *result = file.generate != nullptr ? OpenText(file)
                                       : Call(linux_kernel::kOpenat, linux_kernel::kAT_FDCWD,
                                              Address(file.host_path), linux_kernel::kO_CLOEXEC);
    return true;
  }
  return false;
}

}  // namespace cation::standin
