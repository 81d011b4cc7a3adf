// SPDX-License-Identifier: MIT
//
// What a program gets, and the function that it defines.
#ifndef CATION_RUNTIME_START_CONTEXT_H_
#define CATION_RUNTIME_START_CONTEXT_H_

#include "runtime/core/span.h"
#include "runtime/core/string_view.h"
#include "runtime/start/build_note.h"
#include "runtime/sys/sys.h"

namespace cation {

struct Context {
  // The command's own name, first in all its messages. From the build note, not from argv[0]: a
  // link or a long path does not change it.
  StringView program;
  // argv[0] as it was given, a path perhaps; empty when there is none. Only for who acts by it.
  const char* invoked_as = "";
  // Everything after argv[0]; once options are parsed, the operands. There is a place behind the
  // last, for nullptr.
  Span<char*> arguments;
  // NAME=value strings, nullptr at the end.
  char* const* environment = nullptr;
  BuildNote note = ThisProgram();
#ifdef __redox__
  // As constants they take no code. NOLINTBEGIN(readability-identifier-naming): tests' names
  static constexpr sys::Descriptor input = 0;
  static constexpr sys::Descriptor output = 1;
  static constexpr sys::Descriptor errors = 2;
  // NOLINTEND(readability-identifier-naming)
#else
  // Tests run utilities in their own process and put other descriptors here.
  sys::Descriptor input = 0;
  sys::Descriptor output = 1;
  sys::Descriptor errors = 2;
#endif
};

// The value of the environment variable `name`, or nullptr when it is not set.
[[nodiscard]] const char* Environment(const Context& context, StringView name);

// The program. Defined once in each; the result is the exit status.
int Main(Context& context);

}  // namespace cation

#endif  // CATION_RUNTIME_START_CONTEXT_H_
