// SPDX-License-Identifier: MIT
//
// What Spawn() is made of: each backend has these, and spawn.cc and they alone include this.
#ifndef CATION_RUNTIME_SYS_SPAWN_H_
#define CATION_RUNTIME_SYS_SPAWN_H_

#include "runtime/sys/sys.h"

namespace cation::sys::internal {

// Splits the process in two: returns the new one's number, and 0 in the new one.
Result<Process> Fork();
// Another descriptor of the same file, 3 or more.
Result<Descriptor> DuplicateAbove(Descriptor descriptor);
// Makes `place` another descriptor of what `from` is, which stays open in programs that are
// executed. They are not equal.
Result<void> PutInPlace(Descriptor from, Descriptor place);
// Has `descriptor`, if it is open at all, stay open in programs that are executed.
void KeepOpen(Descriptor descriptor);
// Ends the process without anything that is done at an exit.
[[noreturn]] void Leave(int status);

}  // namespace cation::sys::internal

#endif  // CATION_RUNTIME_SYS_SPAWN_H_
