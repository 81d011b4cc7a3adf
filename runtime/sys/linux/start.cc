// SPDX-License-Identifier: MIT
//
// The start of programs for Linux hosts. They are linked without the C library: of its fifteen
// system calls before main() (memory, threads, its own place in the file system, random numbers)
// the suite needs none, and half a millisecond at each start would be theirs. What sys/posix calls
// is in calls.cc, what the compiler calls in memory.cc, malloc() in allocate.cc. Tests are linked
// with the host's C library, as are programs on other hosts.
#include "runtime/start/entry_point.h"
#include "runtime/sys/linux/kernel.h"

extern "C" {

int main(int argc, char** argv, char** environment);

// As the C library's: where errno is.
int g_cation_errno = 0;
int* __errno_location() { return &g_cation_errno; }

// The users and groups as the kernel told them at the start, which saves asking: real user,
// effective user, real group, effective group.
unsigned g_cation_identities[4];
unsigned getuid() { return g_cation_identities[0]; }
unsigned geteuid() { return g_cation_identities[1]; }
unsigned getgid() { return g_cation_identities[2]; }
unsigned getegid() { return g_cation_identities[3]; }

[[noreturn, gnu::used]] void cation_linux_start(const long* stack) {
  const long argc = stack[0];
  auto** const argv = reinterpret_cast<char**>(const_cast<long*>(stack + 1));
  char** const environment = argv + argc + 1;
  char** end = environment;
  while (*end != nullptr) ++end;
  constexpr long kRealUser = 11;  // AT_UID, AT_EUID, AT_GID, AT_EGID
  for (auto* vector = reinterpret_cast<const long*>(end + 1); vector[0] != 0; vector += 2) {
    const auto which = static_cast<unsigned long>(vector[0] - kRealUser);
    if (which < 4) g_cation_identities[which] = static_cast<unsigned>(vector[1]);
  }
  const int status = main(static_cast<int>(argc), argv, environment);
  for (;;) cation::linux_kernel::Call(SYS_exit_group, status);
}

}  // extern "C"

CATION_ENTRY_POINT("cation_linux_start");
