// SPDX-License-Identifier: MIT
#include "runtime/sys/processes.h"

#include "runtime/core/format.h"

namespace cation::sys {
namespace {

// "/proc/12/NAME", or of a thread "/proc/12/task/13/NAME".
class Path {
 public:
  Path(Process process, Process thread, StringView name) {
    Add("/proc/");
    Add(Digits(static_cast<uint64_t>(process)));
    if (thread != kNoProcess) {
      Add("/task/");
      Add(Digits(static_cast<uint64_t>(thread)));
    }
    Add("/");
    Add(name);
    text_[size_] = '\0';
  }
  [[nodiscard]] const char* c_str() const { return text_; }

 private:
  void Add(StringView text) {
    __builtin_memcpy(text_ + size_, text.data(), text.size());
    size_ += text.size();
  }
  char text_[64];
  size_t size_ = 0;
};

// Gone meanwhile, or not for everybody.
bool IsGone(Error error) {
  constexpr int kNoSuchProcess = 3;
  return error == abi::kENOENT || error == abi::kEACCES || error == Error{kNoSuchProcess};
}

// Appends what can be read from `file`, up to the end, or to `last` where a read stops behind it:
// then nobody is asked whether there is more.
Result<void> ReadInto(Descriptor file, String& text, char last) {
  constexpr size_t kPart = 4096;
  for (;;) {
    const size_t size = text.size();
    CATION_TRY(text.Resize(size + kPart));
    const Result<size_t> read = sys::Read(file, {text.data() + size, kPart});
    text.Truncate(size + (read.ok() ? read.value() : 0));
    if (!read.ok()) return read.error();
    if (read.value() == 0) return {};
    if (read.value() < kPart && text.view().back() == last) return {};
  }
}

// The next of the numbers that follow the name in a stat file; a - before it is taken as well.
int64_t TakeNumber(StringView& rest) {
  while (!rest.empty() && rest[0] == ' ') rest = rest.From(1);
  const size_t end = Min(rest.Find(' '), rest.size());
  const StringView word = rest.First(end);
  rest = rest.From(end);
  const bool negative = word.StartsWith("-");
  const Result<uint64_t> number = ParseNumber(negative ? word.From(1) : word);
  if (!number.ok() || number.value() > INT64_MAX) return 0;
  const auto value = static_cast<int64_t>(number.value());
  return negative ? -value : value;
}

// proc_pid_stat(5).
bool ParseStat(StringView text, ProcessStatus& status) {
  const size_t open = text.Find('(');
  const size_t close = text.FindLast(')');
  if (open == StringView::kNotFound || close == StringView::kNotFound || close + 3 > text.size())
    return false;
  constexpr size_t kMostOfName = 15;
  status.name = text.From(open + 1).First(close - open - 1);
  status.name_may_be_cut = status.name.size() >= kMostOfName;
  status.state = text[close + 2];
  status.state_text = text.From(close + 2).First(1);
  if (status.state == 'I') status.state = 'S';
  if (status.state == 't') status.state = 'T';
  StringView rest = text.From(close + 3);
  const auto skip = [&](int count) {
    while (count-- > 0) (void)TakeNumber(rest);
  };
  constexpr int64_t kPerTick = 10'000'000;  // nanoseconds: there are 100 in a second everywhere
  constexpr uint64_t kPage = 4096;
  status.parent = static_cast<Process>(TakeNumber(rest));
  status.group = static_cast<Process>(TakeNumber(rest));
  status.session = static_cast<Process>(TakeNumber(rest));
  status.terminal = static_cast<uint32_t>(TakeNumber(rest));
  skip(6);  // tpgid flags minflt cminflt majflt cmajflt
  status.processor_time = TakeNumber(rest) * kPerTick;
  status.processor_time += TakeNumber(rest) * kPerTick;
  skip(2);  // cutime cstime
  status.priority = TakeNumber(rest);
  status.nice = TakeNumber(rest);
  status.threads = static_cast<uint64_t>(TakeNumber(rest));
  skip(1);  // itrealvalue
  status.start = TakeNumber(rest) * kPerTick;
  status.address_space = static_cast<uint64_t>(TakeNumber(rest));
  status.memory = static_cast<uint64_t>(TakeNumber(rest)) * kPage;
  return true;
}

Process NumberOf(StringView name) {
  const Result<uint64_t> number = ParseNumber(name);
  return number.ok() && number.value() <= INT32_MAX ? static_cast<Process>(number.value())
                                                    : kNoProcess;
}

}  // namespace

Result<void> ProcessReader::Start(unsigned wanted) {
  wanted_ = wanted;
  CATION_TRY_ASSIGN(const Descriptor directory, Open(At("/proc"), kRead | kDirectory));
  directory_ = File(directory);
  entries_.Start(directory);
  process_ = kNoProcess;
  return {};
}

// Fills status_; false where there is no such process any more.
Result<bool> ProcessReader::Read(Process process, Process thread) {
  status_ = {};
  text_.Truncate(0);
  uint32_t user = ProcessStatus::kUnknownId;
  uint32_t group = ProcessStatus::kUnknownId;
  const Result<Descriptor> opened = Open(At(Path(process, thread, "stat").c_str()), kRead);
  if (!opened.ok() && IsGone(opened.error())) return false;
  if (!opened.ok()) return opened.error();
  {
    const File file(opened.value());
    const Result<void> read = ReadInto(file.get(), text_, '\n');
    if (!read.ok() && IsGone(read.error())) return false;
    CATION_TRY(read);
    // The file is the process's, by effective user and group.
    if ((wanted_ & kOwners) != 0) {
      const Result<FileStatus> owner = Status(file.get());
      if (owner.ok()) {
        user = owner.value().user;
        group = owner.value().group;
      }
    }
  }
  if (!ParseStat(text_.view(), status_)) return false;
  status_.id = process;
  status_.thread = thread;
  // The real ones are in another file: they differ where a set-ID program runs.
  status_.user = status_.real_user = user;
  status_.user_group = status_.real_group = group;
  if ((wanted_ & kArguments) == 0) return true;
  more_.Truncate(0);
  const Result<Descriptor> arguments =
      Open(At(Path(process, kNoProcess, "cmdline").c_str()), kRead);
  if (!arguments.ok()) return true;
  const File file(arguments.value());
  if (ReadInto(file.get(), more_, '\0').ok()) status_.arguments = more_.view();
  return true;
}

Result<const ProcessStatus*> ProcessReader::Next() {
  const bool threads = (wanted_ & kThreads) != 0;
  for (;;) {
    Process thread = kNoProcess;
    if (threads && task_directory_.open()) {
      CATION_TRY_ASSIGN(const DirectoryEntry* const task, tasks_.Next());
      if (task == nullptr) {
        (void)task_directory_.Close();
        continue;
      }
      thread = NumberOf(task->name);
      if (thread == kNoProcess) continue;
    } else {
      CATION_TRY_ASSIGN(const DirectoryEntry* const entry, entries_.Next());
      if (entry == nullptr) return nullptr;
      process_ = NumberOf(entry->name);
      if (process_ == kNoProcess) continue;
      if (threads) {
        const Result<Descriptor> tasks =
            Open(At(Path(process_, kNoProcess, "task").c_str()), kRead | kDirectory);
        if (!tasks.ok() && !IsGone(tasks.error())) return tasks.error();
        if (tasks.ok()) {
          task_directory_ = File(tasks.value());
          tasks_.Start(tasks.value());
        }
        continue;
      }
    }
    CATION_TRY_ASSIGN(const bool read, Read(process_, thread));
    if (read) return &status_;
  }
}

Result<const ProcessStatus*> ProcessReader::Find(Process process) {
  CATION_TRY_ASSIGN(const bool read, Read(process, kNoProcess));
  return read ? &status_ : nullptr;
}

uint64_t ProcessReader::MemoryOfMachine() {
  const Result<Descriptor> opened = Open(At("/proc/meminfo"), kRead);
  if (!opened.ok()) return ProcessStatus::kUnknown;
  const File file(opened.value());
  String text;
  constexpr StringView kFirst = "MemTotal:";
  if (!ReadInto(file.get(), text, '\n').ok() || !text.view().StartsWith(kFirst))
    return ProcessStatus::kUnknown;
  StringView rest = text.view().From(kFirst.size());
  return static_cast<uint64_t>(TakeNumber(rest)) * 1024;
}

Result<void> ProcessReader::AppendProgram(const ProcessStatus& status, String& path) {
  constexpr size_t kMost = 4096;
  const size_t size = path.size();
  CATION_TRY(path.Resize(size + kMost));
  const Path link(status.id, kNoProcess, "exe");
  const Result<size_t> length = ReadSymbolicLink(At(link.c_str()), {path.data() + size, kMost});
  path.Truncate(size + (length.ok() ? length.value() : 0));
  if (!length.ok()) return length.error();
  return {};
}

}  // namespace cation::sys
