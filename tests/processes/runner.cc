// SPDX-License-Identifier: MIT
//
// Does with other processes what it is told to, through runtime/sys, and writes what came of it
// into the file that its first argument names: a line per order, with the error (negative) where
// there is one.
//
//   open PATH            for reading and writing, made if it is not there: its descriptor
//   pipe                 the ends for reading and writing
//   read D, close D      what is there until the end; nothing
//   streams I O E        of programs that are started from now on; -1: none
//   directory PATH       of the same
//   start PATH N ARG...  N arguments, the first of which is the name; with the variable A=b
//   become PATH N ARG... this program, after its report
//   wait, ended          for the one that was started first and not waited for yet: `exit N`,
//   `signal
//                        N`, `no`
//   signal N             to the same
//   pause MILLISECONDS   whether it took as long
//   chdir PATH
#include <stdint.h>

#include "runtime/core/string.h"
#include "runtime/sys/sys.h"

namespace {

using cation::Error;
using cation::Result;
using cation::String;
using cation::StringView;
using cation::sys::At;
using cation::sys::Process;
using cation::sys::Termination;

class Runner {
 public:
  Runner(char** words, const char* report) : words_(words), report_(report) {}
  void Run() {
    while (*words_ != nullptr) {
      Carry(Next());
      Add("\n");
    }
    Report();
  }

 private:
  static constexpr size_t kMost = 200;

  const char* Next() { return *words_++; }
  int64_t NextNumber() {
    const char* text = Next();
    const bool is_negative = *text == '-';
    if (is_negative) ++text;
    int64_t value = 0;
    for (; *text != '\0'; ++text) value = value * 10 + (*text - '0');
    return is_negative ? -value : value;
  }
  // The arguments of a program: their number, and they.
  char** NextArguments() {
    const int64_t count = NextNumber();
    for (int64_t i = 0; i < count; ++i) arguments_[i] = *words_++;
    arguments_[count] = nullptr;
    return arguments_;
  }

  void Add(StringView text) { (void)text_.Append(text); }
  void AddNumber(int64_t number) {
    if (number < 0) Add("-");
    uint64_t rest = number < 0 ? -static_cast<uint64_t>(number) : static_cast<uint64_t>(number);
    char digits[24];
    size_t at = sizeof(digits);
    do {
      digits[--at] = static_cast<char>('0' + rest % 10);
      rest /= 10;
    } while (rest != 0);
    Add(StringView{digits + at, sizeof(digits) - at});
  }
  void Add(Error error) { AddNumber(-error.number); }
  template <typename T>
  void Add(const Result<T>& result) {
    if (result.ok()) return Add("0");
    Add(result.error());
  }
  void Add(const Termination& how) {
    Add(how.by_signal ? "signal " : "exit ");
    AddNumber(how.number);
  }

  void Read(int descriptor) {
    for (;;) {
      char buffer[1000];
      const Result<size_t> read = cation::sys::Read(descriptor, buffer);
      if (!read.ok()) return Add(read.error());
      if (read.value() == 0) return;
      Add(StringView{buffer, read.value()});
    }
  }

  Process ToWaitFor() {
    if (has_ended_ && current_ + 1 < count_) {
      ++current_;
      has_ended_ = false;
    }
    return processes_[current_];
  }

  void Carry(StringView order) {
    if (order == "open") {
      const auto flags = cation::sys::kRead | cation::sys::kWrite | cation::sys::kCreate;
      const auto opened = cation::sys::Open(At(Next()), flags, 0644);
      if (!opened.ok()) return Add(opened.error());
      AddNumber(opened.value());
    } else if (order == "pipe") {
      const auto pipe = cation::sys::MakePipe();
      if (!pipe.ok()) return Add(pipe.error());
      AddNumber(pipe.value().read);
      Add(" ");
      AddNumber(pipe.value().write);
    } else if (order == "read") {
      Read(static_cast<int>(NextNumber()));
    } else if (order == "close") {
      Add(cation::sys::Close(static_cast<int>(NextNumber())));
    } else if (order == "streams") {
      streams_.input = static_cast<int>(NextNumber());
      streams_.output = static_cast<int>(NextNumber());
      streams_.errors = static_cast<int>(NextNumber());
    } else if (order == "directory") {
      directory_ = Next();
    } else if (order == "start") {
      const char* const path = Next();
      const auto process =
          cation::sys::Spawn(path, NextArguments(), environment_, streams_, directory_);
      if (process.ok()) processes_[count_++] = process.value();
      Add(process);
    } else if (order == "become") {
      const char* const path = Next();
      char** const arguments = NextArguments();
      Report();
      text_.Truncate(0);
      Add(cation::sys::Execute(path, arguments, environment_));
    } else if (order == "wait") {
      const auto how = cation::sys::Wait(ToWaitFor());
      if (!how.ok()) return Add(how.error());
      has_ended_ = true;
      Add(how.value());
    } else if (order == "ended") {
      Termination how;
      const auto ended = cation::sys::HasEnded(ToWaitFor(), how);
      if (!ended.ok()) return Add(ended.error());
      if (!ended.value()) return Add("no");
      has_ended_ = true;
      Add(how);
    } else if (order == "signal") {
      Add(cation::sys::SendSignal(processes_[current_], static_cast<int>(NextNumber())));
    } else if (order == "pause") {
      const int64_t milliseconds = NextNumber();
      const auto start = cation::sys::MonotonicTime();
      cation::sys::Pause(milliseconds * 1'000'000);
      const auto end = cation::sys::MonotonicTime();
      const int64_t took =
          (end.seconds - start.seconds) * 1'000 + (end.nanoseconds - start.nanoseconds) / 1'000'000;
      Add(took >= milliseconds - 1 ? "0" : "too short");
    } else if (order == "chdir") {
      Add(cation::sys::ChangeDirectory(Next()));
    } else {
      Add("no such order: ");
      Add(order);
    }
  }

  void Report() {
    const auto flags = cation::sys::kWrite | cation::sys::kCreate | cation::sys::kAppend;
    const auto opened = cation::sys::Open(At(report_), flags, 0644);
    if (!opened.ok()) return;
    (void)cation::sys::WriteAll(opened.value(), text_.view());
    (void)cation::sys::Close(opened.value());
  }

  char** words_;
  const char* report_;
  String text_;
  char variable_[4] = "A=b";
  char* environment_[2] = {variable_, nullptr};
  char* arguments_[kMost] = {};
  cation::sys::Streams streams_;
  const char* directory_ = nullptr;
  Process processes_[kMost] = {};
  size_t count_ = 0;
  size_t current_ = 0;
  bool has_ended_ = false;
};

}  // namespace

extern "C" int main(int argc, char** argv, char**) {
  if (argc < 2) return 2;
  Runner(argv + 2, argv[1]).Run();
  return 0;
}
