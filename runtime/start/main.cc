// SPDX-License-Identifier: MIT
//
// The portable start of every program: called by the C library's start code, on Redox and on hosts.
#include "runtime/start/context.h"

// extern "C": for a freestanding program clang would mangle the name.
extern "C" int main(int argc, char** argv, char** environment) {
  cation::Context context;
  context.program = context.note.Get("name");
  if (argc > 0) context.invoked_as = argv[0];
  if (argc > 1) context.arguments = {argv + 1, static_cast<size_t>(argc - 1)};
  context.environment = environment;
  return cation::Main(context);
}
