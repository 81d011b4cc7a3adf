// SPDX-License-Identifier: MIT
#include "runtime/sys/processes.h"

#include "runtime/sys/process_table.h"

namespace cation::sys {
namespace {

// Appends the file's text. A read that does not fill what it is given has come to the end: to read
// on would make some of these files wait for something new.
Result<void> ReadTable(const char* path, String& text) {
  CATION_TRY_ASSIGN(const Descriptor descriptor, Open(At(path), kRead));
  const File file(descriptor);
  constexpr size_t kPart = size_t{64} * 1024;
  for (;;) {
    const size_t size = text.size();
    CATION_TRY(text.Resize(size + kPart));
    const Result<size_t> read = sys::Read(descriptor, {text.data() + size, kPart});
    text.Truncate(size + (read.ok() ? read.value() : 0));
    if (!read.ok()) return read.error();
    if (read.value() < kPart) return {};
  }
}

}  // namespace

Result<void> ProcessReader::Start(unsigned wanted) {
  wanted_ = wanted;
  next_ = 0;
  text_.Truncate(0);
  more_.Truncate(0);
  CATION_TRY(ReadTable("/scheme/sys/context", text_));
  // Where that cannot be had, it is not known.
  if ((wanted & kParents) != 0) (void)ReadTable("/scheme/proc/ps", more_);
  return {};
}

Result<const ProcessStatus*> ProcessReader::Next() {
  const bool threads = (wanted_ & kThreads) != 0;
  const bool found = threads ? TakeContext(text_.view(), next_, status_)
                             : TakeProcess(text_.view(), next_, status_);
  if (!found) return nullptr;
  if (!more_.empty()) AddFromProcessManager(more_.view(), status_);
  return &status_;
}

Result<const ProcessStatus*> ProcessReader::Find(Process process) {
  size_t next = 0;
  while (TakeProcess(text_.view(), next, status_)) {
    if (status_.id != process) continue;
    if (!more_.empty()) AddFromProcessManager(more_.view(), status_);
    return &status_;
  }
  return nullptr;
}

uint64_t ProcessReader::MemoryOfMachine() { return ProcessStatus::kUnknown; }

Result<void> ProcessReader::AppendProgram(const ProcessStatus& status, String& path) {
  if (status.name_may_be_cut || !status.name.StartsWith("/")) return Error{abi::kENOENT};
  return path.Append(status.name);
}

}  // namespace cation::sys
