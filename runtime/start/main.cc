// SPDX-License-Identifier: MIT
//
// The portable start of every program: called by the C library's start code, on Redox and on hosts.
#include "runtime/start/context.h"

// extern "C": for a freestanding program clang would mangle the name.
extern "C" int main(int argc, char** argv, char** environment) {
  cation::Context context;
  context.program = context.note.name();
  const bool has_name = argc > 0;
  if (has_name) context.invoked_as = argv[0];
  context.arguments = {argv + has_name, static_cast<size_t>(argc - has_name)};
  context.environment = environment;
  return cation::Main(context);
}
