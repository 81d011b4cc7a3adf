// SPDX-License-Identifier: MIT
//
// What processes there are. Linux: /proc. Redox: /scheme/sys/context, the kernel's table, which has
// a row per thread; and /scheme/proc/ps of the process manager for what it alone knows (parents,
// groups, sessions).
#ifndef CATION_RUNTIME_SYS_PROCESSES_H_
#define CATION_RUNTIME_SYS_PROCESSES_H_

#include "runtime/sys/sys.h"

namespace cation::sys {

// A process, or a thread. What the system does not say is kUnknown, kNoProcess or kUnknownTime.
struct ProcessStatus {
  static constexpr uint64_t kUnknown = UINT64_MAX;
  static constexpr int64_t kUnknownTime = -1;
  static constexpr uint32_t kUnknownId = UINT32_MAX;

  Process id = kNoProcess;
  Process thread = kNoProcess;  // of a thread: its number
  Process parent = kNoProcess;
  Process group = kNoProcess;
  Process session = kNoProcess;
  uint32_t user = kUnknownId;  // effective
  uint32_t user_group = kUnknownId;
  uint32_t real_user = kUnknownId;
  uint32_t real_group = kUnknownId;
  char state = '?';  // R runs or may, S sleeps, D waits for a device, T is stopped, Z has ended
  StringView state_text;  // as the system has it
  uint64_t threads = kUnknown;
  int64_t processor_time = kUnknownTime;  // nanoseconds
  int64_t start = kUnknownTime;           // nanoseconds since the system's start
  uint64_t memory = kUnknown;             // bytes that are present
  uint64_t address_space = kUnknown;      // bytes
  uint64_t terminal = kUnknown;           // number of its device; 0: it has none
  int64_t priority = INT64_MIN;
  int64_t nice = INT64_MIN;
  // Linux: what the process calls itself, usually the last component of its program's or script's
  // name. Redox: the path of what it was started from, or what it says instead. Each is cut, to 15
  // and 32 bytes.
  StringView name;
  bool name_may_be_cut = false;
  // Its arguments, each ended by a NUL; empty where they are not known, and for what has none.
  StringView arguments;
};

class ProcessReader {
 public:
  enum Wanted : uint8_t {
    kProcesses = 0,
    kArguments = 1,
    kThreads = 2,  // each thread in the place of its process
    kParents = 4,  // on Redox: what the process manager knows
    kOwners = 8,   // users and groups, which on Linux cost a call
  };

  ProcessReader() = default;
  ProcessReader(const ProcessReader&) = delete;
  ProcessReader& operator=(const ProcessReader&) = delete;

  // `wanted`: the sum of those. Comes first. Errors: those of Open() and Read() for the system's
  // list of processes.
  Result<void> Start(unsigned wanted);
  // The next, by rising numbers mostly; nullptr after the last. Valid until the next call of any of
  // these. Those that go away meanwhile are left out. Errors: those of Read() for the list, ENOMEM.
  Result<const ProcessStatus*> Next();
  // A process by its number, not a thread; nullptr where there is none. Does not disturb Next().
  // Errors: ENOMEM.
  Result<const ProcessStatus*> Find(Process process);
  // Appends the path of the program that `status` runs. Errors: EACCES, ENOENT and others where
  // that is not known.
  static Result<void> AppendProgram(const ProcessStatus& status, String& path);

  // Bytes of memory that the machine has; kUnknown where nobody says.
  static uint64_t MemoryOfMachine();

 private:
  Result<bool> Read(Process process, Process thread);  // Linux

  unsigned wanted_ = 0;
  ProcessStatus status_;
  String text_;                       // Linux: of one process. Redox: the kernel's table
  String more_;                       // Linux: arguments. Redox: the process manager's
  [[maybe_unused]] size_t next_ = 0;  // where the next row begins
  [[maybe_unused]] File directory_;   // Linux: /proc, and a process's threads
  [[maybe_unused]] DirectoryReader entries_;
  [[maybe_unused]] File task_directory_;
  [[maybe_unused]] DirectoryReader tasks_;
  [[maybe_unused]] Process process_ = kNoProcess;
};

}  // namespace cation::sys

#endif  // CATION_RUNTIME_SYS_PROCESSES_H_
