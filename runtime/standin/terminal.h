// SPDX-License-Identifier: MIT
//
// A terminal's settings and size as descriptors of their own, which Redox's schemes give for
// "termios" and "winsize".
#ifndef CATION_RUNTIME_STANDIN_TERMINAL_H_
#define CATION_RUNTIME_STANDIN_TERMINAL_H_

#include <stddef.h>

namespace cation::standin {

enum class Aspect : unsigned char { kNone, kSettings, kSize };

// What `descriptor` stands for.
Aspect AspectOf(long descriptor);
// Makes a descriptor for that of `terminal`. Returns it, or an error (negative).
long OpenAspect(long terminal, Aspect aspect);
void ForgetAspect(long descriptor);
// Return the bytes read or written, or an error (negative).
long ReadAspect(long descriptor, void* buffer, size_t size);
long WriteAspect(long descriptor, const void* buffer, size_t size);

}  // namespace cation::standin

#endif  // CATION_RUNTIME_STANDIN_TERMINAL_H_
