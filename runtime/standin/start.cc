// SPDX-License-Identifier: MIT
//
// relibc's start protocol: both our crt0 and one built as relibc's come here.
#include "runtime/abi/start.h"

#include <stddef.h>

#include "runtime/abi/unistd.h"
#include "runtime/standin/calls.h"
#include "runtime/standin/linux.h"
#include "runtime/standin/manners.h"
#include "runtime/standin/prices.h"
#include "runtime/standin/trace.h"

namespace {

// relibc hands its programs copies of the strings' array, in memory from its allocator, which so is
// a part of every program.
char** Copy(char** strings, size_t count) {
  auto** const copy = static_cast<char**>(malloc((count + 1) * sizeof(char*)));
  for (size_t i = 0; i < count; ++i) copy[i] = strings[i];
  copy[count] = nullptr;
  return copy;
}

}  // namespace

extern "C" [[noreturn]] void relibc_start_v1(const void* stack, int (*main)(int, char**, char**)) {
  using cation::standin::linux_kernel::Call;
  auto* const words = static_cast<long*>(const_cast<void*>(stack));
  const auto argc = static_cast<size_t>(words[0]);
  char** const argv = reinterpret_cast<char**>(words + 1);
  char** const environment = argv + argc + 1;
  size_t variables = 0;
  while (environment[variables] != nullptr) ++variables;
  cation::standin::StartTrace(environment);
  cation::standin::StartManners();
  cation::standin::StartPrices(reinterpret_cast<const long*>(environment + variables + 1));
  // Every program has all of the stand-in, the empty one too: what programs weigh above that is
  // their own.
  asm volatile("" : : "r"(cation::standin::kCalls), "r"(realloc));
  const int status = main(static_cast<int>(argc), Copy(argv, argc), Copy(environment, variables));
  cation::standin::FinishTrace();
  cation::standin::FinishPrices();
  for (;;) Call(cation::standin::linux_kernel::kExitGroup, status);
}
