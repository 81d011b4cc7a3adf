// SPDX-License-Identifier: MIT
//
// init: the first process of the embedded guest, a Linux kernel whose whole userland is ours,
// linked with the stand-in. It makes the machine look as a Redox image does where cases need it
// (the share at /scheme/9p.hostshare, /scheme/sys/kstop), starts what the kernel's command line
// asks for, and ends the machine.
//
// Words of the kernel's command line, all optional:
//   cation.disk=PATH     mount the first disk, an ext4, there
//   cation.share=no      do without the share
//   cation.start=WHAT    script: run-cases with the share's file "cases" (the default);
//                        console: a prompt; login: one behind a login (root, password "password")
//   cation.shell=PATH    the program behind login and console, instead of our own
//
// Ours is a prompt for trying things, no shell: words, quotes as in scripts of cases, `|`, `<`,
// `>`,
// `>>`, `cd` and `exit`.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/read_file.h"
#include "runtime/core/format.h"
#include "runtime/standin/machine.h"
#include "tests/guest/runner/script.h"

namespace cation {
namespace {

constexpr const char* kShare = "/scheme/9p.hostshare";
constexpr const char* kStopFile = "/scheme/sys/kstop";
constexpr const char* kScript = "/scheme/9p.hostshare/cases";
constexpr const char* kRunCases = "/usr/libexec/cation/run-cases";
constexpr const char* kModules = "/lib/modules/";
constexpr const char* kDisk = "/dev/vda";

constexpr char* kEnvironment[] = {const_cast<char*>("PATH=/usr/bin"),
                                  const_cast<char*>("HOME=/root"), const_cast<char*>("USER=root"),
                                  const_cast<char*>("TERM=dumb"), nullptr};

void Say(const Context& context, StringView what) { Report(context, what); }

// ------------------------------------------------------------------------------------ the machine
struct Wishes {
  String disk;
  String start;
  String shell;
  bool share = true;
};

Result<void> ReadWishes(Wishes& wishes) {
  String line;
  CATION_TRY(ReadFile("/proc/cmdline", line));
  StringView rest = line.view();
  while (!rest.empty()) {
    size_t end = 0;
    while (end < rest.size() && rest[end] != ' ' && rest[end] != '\n') ++end;
    const StringView word = rest.First(end);
    rest = rest.From(end == rest.size() ? end : end + 1);
    const size_t equals = word.Find('=');
    if (equals == StringView::kNotFound) continue;
    const StringView name = word.First(equals);
    const StringView value = word.From(equals + 1);
    if (name == "cation.disk") CATION_TRY(wishes.disk.Append(value));
    if (name == "cation.start") CATION_TRY(wishes.start.Append(value));
    if (name == "cation.shell") CATION_TRY(wishes.shell.Append(value));
    if (name == "cation.share") wishes.share = !(value == "no");
  }
  return {};
}

// Loads the modules that the file "order" names.
Result<void> LoadModules(const Context& context) {
  String order;
  CATION_TRY_ASSIGN(String path, String::From(kModules));
  CATION_TRY(path.Append("order"));
  CATION_TRY(ReadFile(path.c_str(), order));
  for (StringView rest = order.view(); !rest.empty();) {
    const size_t end = Min(rest.Find('\n'), rest.size());
    path.Truncate(StringView(kModules).size());
    CATION_TRY(path.Append(rest.First(end)));
    rest = rest.From(Min(end + 1, rest.size()));
    const Result<sys::Descriptor> opened = sys::Open(sys::At(path.c_str()), sys::kRead);
    Result<void> loaded;
    if (opened.ok()) {
      const sys::File file(opened.value());
      loaded = standin::LoadModule(file.get());
    } else {
      loaded = opened.error();
    }
    if (!loaded.ok()) Report(context, path.view(), loaded.error());
  }
  return {};
}

// The disk appears when its driver has found it, not when the driver has been loaded.
Result<void> AwaitDisk() {
  constexpr int64_t kPause = 10'000'000;
  constexpr int kTries = 1000;
  Result<sys::FileStatus> status = Error{abi::kENOENT};
  for (int i = 0; i < kTries && !status.ok(); ++i) {
    if (i > 0) sys::Pause(kPause);
    status = sys::StatusAt(sys::At(kDisk), sys::Follow::kNo);
  }
  CATION_TRY(status);
  return {};
}

void Attach(const Context& context, const char* source, const char* target, const char* type,
            const char* options) {
  const Result<void> mounted = standin::Mount(source, target, type, options);
  if (!mounted.ok()) Report(context, target, type, mounted.error());
}

// ------------------------------------------------------------------------------------ the session
// Starts a program. An error has been reported.
Result<sys::Process> StartProgram(const Context& context, const char* path, Span<char*> arguments,
                                  const sys::Streams& streams) {
  const Result<sys::Process> started = sys::Spawn(path, arguments.data(), kEnvironment, streams);
  if (!started.ok()) Report(context, path, started.error());
  return started;
}

// The exit status as shells give it, of a program that has been started or could not be.
int StatusOf(const Result<sys::Process>& started) {
  if (!started.ok()) return started.error() == abi::kENOENT ? 127 : 126;
  const Result<sys::Termination> ended = sys::Wait(started.value());
  if (!ended.ok()) return 126;
  return ended.value().by_signal ? 128 + ended.value().number : ended.value().number;
}

// A line from standard input, without its end. False at the end of the input.
bool ReadLine(String& line) {
  line.Truncate(0);
  for (;;) {
    char byte = 0;
    const Result<size_t> count = sys::Read(0, {&byte, 1});
    if (!count.ok() || count.value() == 0) return false;
    if (byte == '\n') return true;
    if (!line.Append(byte).ok()) return false;
  }
}

void Write(StringView text) { (void)sys::WriteAll(1, text); }

class Prompt {
 public:
  explicit Prompt(const Context& context) : context_(context) {}

  int Run() {
    String line;
    for (;;) {
      String prompt;
      AddText(prompt, "cation:");
      if (!sys::WorkingDirectory(prompt).ok()) AddText(prompt, "?");
      AddText(prompt, "# ");
      Write(prompt.view());
      if (!ReadLine(line)) return status_;
      if (!Do(line.view())) return status_;
    }
  }

 private:
  bool Do(StringView line) {
    String problem;
    Result<String> text = String::From(line);
    guest::Script script;
    if (!text.ok() || !script.Parse(Move(text).value(), problem).ok()) {
      Report(context_, problem.view());
      return true;
    }
    if (script.steps().empty()) return true;
    const Span<const guest::Word> words = script.steps()[0].words;
    if (words[0].text == "exit") return false;
    if (words[0].text == "cd") {
      const char* const where = words.size() > 1 ? words[1].text.data() : "/";
      const Result<void> changed = sys::ChangeDirectory(where);
      if (!changed.ok()) Report(context_, where, changed.error());
      return true;
    }
    if (!RunPipeline(words)) status_ = 2;
    return true;
  }

  static bool Is(const guest::Word& word, StringView text) {
    return !word.quoted && word.text == text;
  }

  // False when it has not been run; that has been said.
  bool RunPipeline(Span<const guest::Word> words) {
    sys::File from_before;
    for (size_t first = 0; first <= words.size();) {
      size_t end = first;
      while (end < words.size() && !Is(words[end], "|")) ++end;
      sys::File to_next;
      sys::File next_input;
      const bool last = end >= words.size();
      if (!last) {
        const Result<sys::Pipe> pipe = sys::MakePipe();
        if (!pipe.ok()) return Refuse("pipe", pipe.error());
        next_input = sys::File(pipe.value().read);
        to_next = sys::File(pipe.value().write);
      }
      if (!RunPart({words.data() + first, end - first}, from_before, to_next, last)) return false;
      from_before = Move(next_input);
      first = end + 1;
    }
    return true;
  }

  bool RunPart(Span<const guest::Word> words, const sys::File& input, const sys::File& output,
               bool last) {
    sys::Streams streams = {input.open() ? input.get() : 0, output.open() ? output.get() : 1, 2};
    sys::File files[2];
    Vector<char*> arguments;
    for (size_t i = 0; i < words.size(); ++i) {
      const bool reads = Is(words[i], "<");
      const bool appends = Is(words[i], ">>");
      if (!reads && !appends && !Is(words[i], ">")) {
        if (!arguments.PushBack(const_cast<char*>(words[i].text.data())).ok())
          return Refuse("", Error{abi::kENOMEM});
        continue;
      }
      if (++i == words.size()) {
        Report(context_, words[i - 1].text, "no file behind it");
        return false;
      }
      const auto how = reads     ? sys::kRead
                       : appends ? sys::kWrite | sys::kCreate | sys::kAppend
                                 : sys::kWrite | sys::kCreate | sys::kTruncate;
      const Result<sys::Descriptor> opened = sys::Open(sys::At(words[i].text.data()), how, 0666);
      if (!opened.ok()) return Refuse(words[i].text, opened.error());
      files[reads ? 0 : 1] = sys::File(opened.value());
      (reads ? streams.input : streams.output) = opened.value();
    }
    if (arguments.empty()) {
      Report(context_, "no program is named");
      return false;
    }
    String path;
    if (StringView(arguments[0]).Find('/') == StringView::kNotFound) AddText(path, "/usr/bin/");
    AddText(path, arguments[0]);
    if (!arguments.PushBack(nullptr).ok()) return Refuse("", Error{abi::kENOMEM});
    const Result<sys::Process> started =
        StartProgram(context_, path.c_str(), arguments.span(), streams);
    // Those before it end with it.
    if (last) status_ = StatusOf(started);
    return true;
  }

  bool Refuse(StringView what, Error error) {
    Report(context_, what, error);
    return false;
  }

  const Context& context_;
  int status_ = 0;
};

void LogIn() {
  String name;
  String password;
  for (;;) {
    Write("\ncation login: ");
    if (!ReadLine(name)) return;
    Write("Password: ");
    if (!ReadLine(password)) return;
    if (name.view() == "root" && password.view() == "password") return;
    Write("Login incorrect\n");
  }
}

// What init starts as a process of its own: "console" or "login", and perhaps the shell.
int RunSession(const Context& context, StringView what, Span<char*> rest) {
  if (what == "login") LogIn();
  if (rest.empty()) return Prompt(context).Run();
  char* const arguments[] = {rest[0], nullptr};
  const Error failed = sys::Execute(rest[0], arguments, kEnvironment);
  Report(context, rest[0], failed);
  return 126;
}

// ---------------------------------------------------------------------------------------- process
// 1
sys::Process StartSession(const Context& context, Wishes& wishes) {
  char* arguments[5] = {};
  const char* path = "/init";
  if (wishes.start.empty() || wishes.start.view() == "script") {
    path = kRunCases;
    arguments[0] = const_cast<char*>("run-cases");
    arguments[1] = const_cast<char*>("--power-off");
    arguments[2] = const_cast<char*>(kScript);
  } else {
    arguments[0] = const_cast<char*>("init");
    arguments[1] = wishes.start.data();
    if (!wishes.shell.empty()) arguments[2] = wishes.shell.data();
  }
  const Result<sys::Process> started = StartProgram(context, path, arguments, {});
  return started.ok() ? started.value() : 0;
}

// Reaps what ends, until the session does or somebody writes to kStopFile.
standin::End AwaitEnd(const Context& context, sys::Process session, sys::Descriptor stop) {
  constexpr int64_t kPause = 10'000'000;
  for (bool running = session != 0;;) {
    char word[16];
    const Result<size_t> count = sys::Read(stop, word);
    if (count.ok() && count.value() > 0) {
      const StringView wish(word, count.value());
      if (wish.StartsWith("shutdown")) return standin::End::kPowerOff;
      if (wish.StartsWith("reset")) return standin::End::kReset;
    }
    if (!running) {
      Say(context, "the session has ended");
      return standin::End::kPowerOff;
    }
    // Any child: nobody else waits for those whose parent has ended.
    sys::Termination how;
    const Result<bool> session_ended = sys::HasEnded(session, how);
    running = session_ended.ok() && !session_ended.value();
    // Once more around: what it wrote last counts.
    if (running) sys::Pause(kPause);
  }
}

void RunMachine(const Context& context) {
  Wishes wishes;
  Attach(context, "none", "/dev", "devtmpfs", "");
  Attach(context, "none", "/proc", "proc", "");
  if (const Result<void> read = ReadWishes(wishes); !read.ok())
    Report(context, "/proc/cmdline", read.error());
  if (const Result<void> loaded = LoadModules(context); !loaded.ok())
    Report(context, kModules, loaded.error());
  if (!wishes.disk.empty()) {
    if (const Result<void> there = AwaitDisk(); !there.ok()) Report(context, kDisk, there.error());
    (void)sys::MakeDirectory(sys::At(wishes.disk.c_str()), 0755);
    Attach(context, kDisk, wishes.disk.c_str(), "ext4", "");
  }
  if (wishes.share)
    Attach(context, "hostshare", kShare, "9p", "trans=virtio,version=9p2000.L,msize=131072");

  const Result<void> made = sys::MakeFifo(sys::At(kStopFile), 0600);
  // Open for both, so that it never is at its end.
  const Result<sys::Descriptor> stop =
      sys::Open(sys::At(kStopFile), sys::kRead | sys::kWrite | sys::kNonBlocking);
  if (!made.ok() || !stop.ok()) Report(context, kStopFile, made.ok() ? stop.error() : made.error());

  const sys::Process session = StartSession(context, wishes);
  const standin::End how = AwaitEnd(context, session, stop.ok() ? stop.value() : sys::kNone);
  standin::WriteOut();
  standin::EndMachine(how);
}

}  // namespace

int Main(Context& context) {
  const Span<char*> arguments = context.arguments;
  if (standin::ProcessNumber() == 1) {
    RunMachine(context);
    Say(context, "the machine would not end");
    // A first process that ends is a kernel panic, which is what there is to say.
    return 1;
  }
  if (!arguments.empty()) return RunSession(context, arguments[0], arguments.From(1));
  Say(context, "for process 1 of a guest only");
  return 2;
}

}  // namespace cation
