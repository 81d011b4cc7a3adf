// SPDX-License-Identifier: MIT
//
// The entry point of a Redox program. It does what relibc's own crt0.o does, so that either may be
// linked: the kernel leaves argc, argv, the environment and the auxiliary vector on the stack;
// relibc's start code reads them there, and calls main().
#include "runtime/abi/start.h"
#include "runtime/start/entry_point.h"

extern "C" int main(int argc, char** argv, char** environment);

extern "C" [[noreturn, gnu::used]] void cation_start(const void* stack) {
  relibc_start_v1(stack, main);
}

CATION_ENTRY_POINT("cation_start");
