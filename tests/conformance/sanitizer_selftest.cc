// SPDX-License-Identifier: MIT
//
// Does what AddressSanitizer and UndefinedBehaviorSanitizer must stop, by the word given.
// Everything is volatile: otherwise the compiler removes the memory, and the error with it.
#include <cstdio>
#include <cstring>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  if (std::strcmp(argv[1], "heap") == 0) {
    char* volatile memory = new char[4];
    const volatile int index = 3 + argc - 1;
    memory[index] = 1;
    delete[] memory;
  } else if (std::strcmp(argv[1], "overflow") == 0) {
    volatile int number = 0x7fffffff;
    number = number + argc;
  } else if (std::strcmp(argv[1], "truncation") == 0) {
    const volatile int number = 1000 + argc;
    const volatile unsigned char byte = number;
    (void)byte;
  } else {
    return 2;
  }
  std::puts("survived");
  return 0;
}
