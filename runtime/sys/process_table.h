// SPDX-License-Identifier: MIT
//
// The text of Redox's lists of processes, taken apart.
#ifndef CATION_RUNTIME_SYS_PROCESS_TABLE_H_
#define CATION_RUNTIME_SYS_PROCESS_TABLE_H_

#include "runtime/sys/processes.h"

namespace cation::sys {

// Takes the next row of /scheme/sys/context from `table` at `next`, which begins at 0, and moves it
// on; the first line is the header. Returns false at the end. Lines that are not understood are
// passed over. Sets what the row says, of one thread.
//   PID   EUID  EGID  STAT  CPU   AFFINITY   TIME        MEM     NAME
//   1     0     0     UB    #0               00:00:00.12 1 MB    /scheme/initfs/bin/init
// Columns are as wide as there, or as their text, which then runs into the next. Until February
// 2026 there was ENS behind EGID; since April there have been PRIVATE and SHARED in the place of
// MEM.
bool TakeContext(StringView table, size_t& next, ProcessStatus& status);

// The same, and the rows of the same process that follow put together.
bool TakeProcess(StringView table, size_t& next, ProcessStatus& status);

// Adds to `status` what /scheme/proc/ps, of which `table` is the text, says of that process:
// parent, group, session, real user and group, and whether it is stopped.
//   PID   PGID  PPID  SID   RUID  RGID  RNS   EUID  EGID  ENS   NTHRD STATUS  NAME
void AddFromProcessManager(StringView table, ProcessStatus& status);

}  // namespace cation::sys

#endif  // CATION_RUNTIME_SYS_PROCESS_TABLE_H_
