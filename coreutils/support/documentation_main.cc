// SPDX-License-Identifier: MIT
//
// usage: NAME_documentation MANUAL_PAGE BASH ZSH FISH
// Writes the documentation of the utility that it is linked with into these four files.
#include <cstdio>
#include <fstream>
#include <string>

#include "coreutils/support/documentation.h"
#include "coreutils/support/options.h"
#include "runtime/start/build_note.h"

namespace {

std::string NoteValue(cation::StringView key) {
  const cation::StringView value = cation::ThisProgram().Get(key);
  return {value.data(), value.size()};
}

bool Write(const char* path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file.fail()) return true;
  std::fprintf(stderr, "documentation: %s: cannot be written\n", path);
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  namespace documentation = cation::documentation;
  if (argc != 5) {
    std::fputs("usage: documentation MANUAL_PAGE BASH ZSH FISH\n", stderr);
    return 2;
  }
  const documentation::Subject subject{.command = &cation::ThisCommand(),
                                       .name = NoteValue("name"),
                                       .version = NoteValue("version"),
                                       .date = NoteValue("date")};
  const bool written = Write(argv[1], documentation::ManualPage(subject)) &&
                       Write(argv[2], documentation::BashCompletion(subject)) &&
                       Write(argv[3], documentation::ZshCompletion(subject)) &&
                       Write(argv[4], documentation::FishCompletion(subject));
  return written ? 0 : 1;
}
