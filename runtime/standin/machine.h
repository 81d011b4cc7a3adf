// SPDX-License-Identifier: MIT
//
// What the first process of a Linux machine does, and no program of a userland: for the guest whose
// whole userland is linked with the stand-in (tests/guest/init). Redox has other ways, so there is
// no door for it in runtime/sys.
#ifndef CATION_RUNTIME_STANDIN_MACHINE_H_
#define CATION_RUNTIME_STANDIN_MACHINE_H_

#include "runtime/core/result.h"

namespace cation::standin {

// Attaches the file system of `type` on `source` to the directory `target`. `options` as for
// mount(8)'s -o, without those that are its own. Errors: those of mount(2). Source: mount(2).
Result<void> Mount(const char* source, const char* target, const char* type, const char* options);

// Puts the module in the open file into the kernel. Errors: those of finit_module(2), EEXIST when
// it is there. Source: finit_module(2).
Result<void> LoadModule(int file);

// Writes out all that the kernel holds back; the stand-in's sync() does nothing, as relibc's.
// Source: sync(2).
void WriteOut();

// The number of this process. Source: getpid(2).
[[nodiscard]] int ProcessNumber();

enum class End : unsigned char { kPowerOff, kReset };
// Ends the machine at once; nothing is written out before. Does nothing for any process but number
// 1: a slip on a host must not end that. Source: reboot(2).
void EndMachine(End how);

}  // namespace cation::standin

#endif  // CATION_RUNTIME_STANDIN_MACHINE_H_
