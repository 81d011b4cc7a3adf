// SPDX-License-Identifier: MIT
//
// relibc's start protocol: both our crt0 and one built as relibc's come here.
#include "runtime/abi/start.h"
#include "runtime/standin/linux.h"
#include "runtime/standin/trace.h"

extern "C" [[noreturn]] void relibc_start_v1(const void* stack, int (*main)(int, char**, char**)) {
  using cation::standin::linux_kernel::Call;
  auto* const words = static_cast<long*>(const_cast<void*>(stack));
  const int argc = static_cast<int>(words[0]);
  char** const argv = reinterpret_cast<char**>(words + 1);
  char** const environment = argv + argc + 1;
  cation::standin::StartTrace(environment);
  const int status = main(argc, argv, environment);
  cation::standin::FinishTrace();
  for (;;) Call(cation::standin::linux_kernel::kExitGroup, status);
}
