// SPDX-License-Identifier: MIT
//
// Steps that run programs.
#include "tests/guest/runner/runner.h"
#include "tests/guest/runner/text.h"

namespace cation::guest {
namespace {

constexpr int kKill = 9;  // SIGKILL
// What a shell says of a program that cannot be started, and of one that is not there.
constexpr int kCannotStart = 126;
constexpr int kNotThere = 127;

bool IsPipe(const Word& word) { return !word.quoted && word.text == "|"; }

bool IsBefore(const sys::TimePoint& one, const sys::TimePoint& other) {
  if (one.seconds != other.seconds) return one.seconds < other.seconds;
  return one.nanoseconds < other.nanoseconds;
}

// The name of a variable NAME=VALUE, or of one that is not to be: NAME.
StringView NameOf(StringView variable) {
  return variable.First(Min(variable.Find('='), variable.size()));
}

// Programs' words as main() gets them.
Result<void> MakeArguments(Span<const Word> words, Vector<char*>& arguments) {
  arguments.Clear();
  for (const Word& word : words) {
    CATION_TRY(arguments.PushBack(const_cast<char*>(word.text.data())));
  }
  return arguments.PushBack(nullptr);
}

}  // namespace

// A part of a pipeline.
struct Runner::Stage {
  sys::Process process = 0;
  StringView program;
  bool ended = false;
  sys::Termination termination;
};

Result<char* const*> Runner::ProgramEnvironment() {
  environment_.Clear();
  for (size_t i = 0; i < variables_.size(); ++i) {
    const StringView name = NameOf(variables_[i].view());
    // The last that was set is what counts.
    bool again = name.size() == variables_[i].size();
    for (size_t later = i + 1; later < variables_.size(); ++later)
      again = again || NameOf(variables_[later].view()) == name;
    if (!again) CATION_TRY(environment_.PushBack(variables_[i].data()));
  }
  CATION_TRY(environment_.PushBack(nullptr));
  return static_cast<char* const*>(environment_.data());
}

Result<String> Runner::ProgramPath(const Word& word) {
  if (word.text.Find('/') != StringView::kNotFound) return String::From(word.text);
  CATION_TRY_ASSIGN(String path, String::From(places_.programs));
  CATION_TRY(AppendPathComponent(path, word.text));
  return path;
}

void Runner::Start(Stage& stage, Words words, const sys::Streams& streams) {
  stage.program = words[0].text;
  Result<sys::Process> started = Error{abi::kENOMEM};
  Vector<char*> arguments;
  const Result<String> path = ProgramPath(words[0]);
  const Result<char* const*> environment = ProgramEnvironment();
  if (path.ok() && environment.ok() && MakeArguments(words, arguments).ok()) {
    (void)sys::SetFileCreationMask(umask_);
    started = sys::Spawn(path.value().c_str(), arguments.data(), environment.value(), streams);
    (void)sys::SetFileCreationMask(0);
  }
  if (started.ok()) {
    stage.process = started.value();
    return;
  }
  stage.ended = true;
  stage.termination.number = started.error() == abi::kENOENT ? kNotThere : kCannotStart;
  String line;
  AddTexts(line, context_.program, ": ", stage.program, ": ");
  (void)AddErrorMessage(line, started.error());
  AddText(line, "\n");
  (void)sys::WriteAll(streams.errors, line.view());
}

bool Runner::Await(Span<Stage> stages) {
  // Short programs are over in a few of these.
  constexpr int64_t kShortest = 200'000;
  constexpr int64_t kLongest = 20'000'000;
  int64_t pause = kShortest;
  for (Stage& stage : stages) {
    while (!stage.ended) {
      const Result<bool> ended = sys::HasEnded(stage.process, stage.termination);
      if (!ended.ok()) {
        stage.ended = true;
        return FailAt(stage.program, ended.error());
      }
      stage.ended = ended.value();
      if (stage.ended) break;
      if (!IsBefore(sys::MonotonicTime(), deadline_)) {
        for (Stage& other : stages) {
          if (other.ended) continue;
          (void)sys::SendSignal(other.process, kKill);
          (void)sys::Wait(other.process);
          other.ended = true;
        }
        return FailAt(stage.program, " was still running when the case's time was up");
      }
      sys::Pause(pause);
      pause = Min(pause * 2, kLongest);
    }
  }
  return true;
}

bool Runner::Reopen(const sys::File& file) {
  const Result<void> cut = sys::Truncate(file.get(), 0);
  if (!cut.ok()) return Fail("the file for what is printed", cut.error());
  const Result<uint64_t> at = sys::SeekTo(file.get(), 0);
  return at.ok() || Fail("the file for what is printed", at.error());
}

bool Runner::SetUmask(Words words) {
  umask_ = static_cast<sys::Mode>(ParseNumber(words[0].text, 8).value()) & 0777;
  return true;
}

bool Runner::Input(Words words) {
  if (!Reopen(input_file_)) return false;
  const Result<void> written = sys::WriteAll(input_file_.get(), words[0].text);
  if (!written.ok()) return Fail("input", written.error());
  const Result<uint64_t> at = sys::SeekTo(input_file_.get(), 0);
  return at.ok() || Fail("input", at.error());
}

bool Runner::InputFrom(Words words) {
  const Result<sys::Descriptor> opened = sys::Open(sys::At(words[0].text.data()), sys::kRead);
  if (!opened.ok()) return FailAt(words[0].text, opened.error());
  given_input_ = sys::File(opened.value());
  return true;
}

bool Runner::OutputTo(Words words) {
  const Result<sys::Descriptor> opened = sys::Open(
      sys::At(words[0].text.data()), sys::kWrite | sys::kCreate | sys::kTruncate, 0666 & ~umask_);
  if (!opened.ok()) return FailAt(words[0].text, opened.error());
  given_output_ = sys::File(opened.value());
  return true;
}

bool Runner::AppendTo(Words words) {
  const Result<sys::Descriptor> opened = sys::Open(
      sys::At(words[0].text.data()), sys::kWrite | sys::kCreate | sys::kAppend, 0666 & ~umask_);
  if (!opened.ok()) return FailAt(words[0].text, opened.error());
  given_output_ = sys::File(opened.value());
  return true;
}

bool Runner::RunPrograms(Words words) {
  constexpr size_t kMostStages = 8;
  Stage stages[kMostStages];
  if (!Reopen(output_file_) || !Reopen(errors_file_)) return false;
  output_kept_ = !given_output_.open();
  const sys::Descriptor last_output = output_kept_ ? output_file_.get() : given_output_.get();

  size_t count = 0;
  sys::File from_before;  // the reading end of the pipe from the part before
  for (size_t first = 0; first <= words.size();) {
    size_t end = first;
    while (end < words.size() && !IsPipe(words[end])) ++end;
    if (end == first) return Fail("a pipeline with nothing in one of its parts", {abi::kEINVAL});
    if (count == kMostStages) return Fail("a pipeline of too many parts", {abi::kEINVAL});
    sys::Streams streams = {given_input_.open() ? given_input_.get() : input_file_.get(),
                            last_output, errors_file_.get()};
    if (count > 0) streams.input = from_before.get();
    sys::File to_next;
    sys::File next_input;
    if (end < words.size()) {
      const Result<sys::Pipe> pipe = sys::MakePipe();
      if (!pipe.ok()) return Fail("pipe", pipe.error());
      next_input = sys::File(pipe.value().read);
      to_next = sys::File(pipe.value().write);
      streams.output = to_next.get();
    }
    Start(stages[count++], {words.data() + first, end - first}, streams);
    from_before = Move(next_input);
    first = end + 1;
  }
  from_before = sys::File();
  given_input_ = sys::File();
  given_output_ = sys::File();
  const bool in_time = Await({stages, count});
  // The next run has no input unless it is given one.
  if (!Reopen(input_file_)) return false;
  has_run_ = true;
  termination_ = stages[count - 1].termination;
  return in_time;
}

bool Runner::StartTime(Words words) {
  const Words command = words.From(2);
  const uint64_t count = ParseNumber(words[1].text).value();
  const Result<String> path = ProgramPath(command[0]);
  if (!path.ok()) return Fail("start-time", path.error());
  const Result<sys::FileStatus> status =
      sys::StatusAt(sys::At(path.value().c_str()), sys::Follow::kYes);
  if (!status.ok()) return FailAt(path.value().view(), status.error());
  const Result<char* const*> environment = ProgramEnvironment();
  Vector<char*> arguments;
  if (!environment.ok() || !MakeArguments(command, arguments).ok() || !Reopen(output_file_) ||
      !Reopen(errors_file_))
    return Fail("start-time", Error{abi::kENOMEM});
  const sys::Streams streams = {input_file_.get(), output_file_.get(), errors_file_.get()};
  const sys::TimePoint begun = sys::MonotonicTime();
  for (uint64_t i = 0; i < count; ++i) {
    const Result<sys::Process> started =
        sys::Spawn(path.value().c_str(), arguments.data(), environment.value(), streams);
    if (!started.ok()) return FailAt(path.value().view(), started.error());
    // To wait without looking at the clock in between is what is measured.
    const Result<sys::Termination> ended = sys::Wait(started.value());
    if (!ended.ok()) return FailAt(path.value().view(), ended.error());
    if (ended.value().by_signal || ended.value().number != 0)
      return FailAt(path.value().view(), " did not end with status 0");
  }
  const sys::TimePoint now = sys::MonotonicTime();
  const int64_t nanoseconds =
      (now.seconds - begun.seconds) * 1'000'000'000 + now.nanoseconds - begun.nanoseconds;
  String rest;
  AddTexts(rest, " ", Digits(count).view(), " ", Digits(static_cast<uint64_t>(nanoseconds)).view(),
           " ", Digits(status.value().size).view());
  Print("TIME", words[0].text, rest.view());
  return true;
}

}  // namespace cation::guest
