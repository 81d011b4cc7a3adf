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
