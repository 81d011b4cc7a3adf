// SPDX-License-Identifier: MIT
//
// Does wrong, as its argument says, what a sanitizer must catch; and exits with 0 when nobody did.
#include <cstdio>
#include <cstring>

namespace {

// volatile: clang would see that nobody uses the memory, and drop it and the error with it.
int WriteBehindTheEnd(int past) {
  char* volatile memory = new char[4];
  memory[4 + past] = 1;
  const int read = memory[4 + past];
  delete[] memory;
  return read;
}

int Overflow(int summand) {
  volatile int number = 0x7fffffff;
  number = number + summand;
  return number;
}

}  // namespace

int main(int argc, char** argv) {
  const char* const fault = argc > 1 ? argv[1] : "";
  if (std::strcmp(fault, "asan") == 0) {
    std::printf("survived %d\n", WriteBehindTheEnd(argc - 2));
  } else if (std::strcmp(fault, "ubsan") == 0) {
    std::printf("survived %d\n", Overflow(argc - 1));
  } else {
    return 2;
  }
  return 0;
}
