// SPDX-License-Identifier: MIT

// Writes the fuzzer's seed corpus (elf_builder.h) into the folder given:
//   bazel run //tools/elf_check:make_corpus -- "$PWD/tools/elf_check/corpus"

#include <cstdio>
#include <fstream>
#include <string>

#include "tools/elf_check/elf_builder.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    fputs("usage: make_corpus FOLDER\n", stderr);
    return 2;
  }
  for (const auto& [name, bytes] : cation::elf::Corpus()) {
    const std::string path = std::string(argv[1]) + "/" + name;
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (!file) {
      fprintf(stderr, "make_corpus: %s: cannot be written\n", path.c_str());
      return 1;
    }
  }
  return 0;
}
