// SPDX-License-Identifier: MIT
#include "coreutils/support/start_command.h"

#include "coreutils/support/diagnostics.h"
#include "coreutils/support/find_program.h"
#include "runtime/sys/terminal.h"

namespace cation {
namespace {

struct Start {
  const Context& context;
  StringView name;
  char* const* arguments;
  const uint64_t* blocked;
};

// In the new process.
Error Become(void* context) {
  const Start& start = *static_cast<const Start*>(context);
  if (start.blocked != nullptr) {
    const Result<void> set = sys::SetBlockedSignals(*start.blocked);
    if (!set.ok()) return set.error();
  }
  const auto execute = [&](const char* file) {
    return Result<void>(sys::Execute(file, start.arguments, start.context.environment));
  };
  return ForEachProgram(start.name, Environment(start.context, "PATH"), execute).error();
}

}  // namespace

sys::Process StartCommand(const Context& context, Span<char*> words, const sys::Streams& streams,
                          const uint64_t* blocked, int* status) {
  words.data()[words.size()] = nullptr;
  Start start = {context, words[0], words.data(), blocked};
  const Result<sys::Process> process = sys::SpawnBy(Become, &start, streams);
  if (process.ok()) return process.value();
  const Error error = process.error();
  Report(context, words[0], error);
  const bool not_even_that =
      error == abi::kEAGAIN || error == abi::kEMFILE || error == abi::kENFILE;
  *status = error == abi::kENOENT ? kNotFound : not_even_that ? kCannotStart : kCannotInvoke;
  return sys::kNoProcess;
}

void IgnoreTerminalSignals() {
  (void)sys::SetSignalAction(sys::kSignalInterrupt, sys::SignalAction::kIgnore);
  (void)sys::SetSignalAction(sys::kSignalQuit, sys::SignalAction::kIgnore);
}

int WaitForCommand(const Context& context, StringView name, sys::Process process) {
  const Result<sys::Termination> how = sys::Wait(process);
  if (!how.ok()) {
    Report(context, name, "cannot wait for it", how.error());
    return kCannotStart;
  }
  return how.value().by_signal ? kBySignal + how.value().number : how.value().number;
}

}  // namespace cation
