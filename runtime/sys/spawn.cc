// SPDX-License-Identifier: MIT
//
// Spawn(), the same on every backend.
#include "runtime/sys/spawn.h"

namespace cation::sys {
namespace {

constexpr Descriptor kStandard = 3;  // streams

// In the new process. Each place is written to once, when nobody needs what was there any more.
Result<void> Arrange(const Streams& streams) {
  // Mostly so, and where that is known when the program is built there is nothing of the rest in
  // it.
  if (streams.input == 0 && streams.output == 1 && streams.errors == 2) {
    for (Descriptor place = 0; place < kStandard; ++place) internal::KeepOpen(place);
    return {};
  }
  Descriptor sources[kStandard] = {streams.input, streams.output, streams.errors};
  bool is_copy[kStandard] = {};
  for (Descriptor place = 0; place < kStandard; ++place) {
    const Descriptor source = sources[place];
    // Another's place, which will be taken: not when it stays there itself.
    if (source < 0 || source >= kStandard || source == place || sources[source] == source) continue;
    CATION_TRY_ASSIGN(sources[place], internal::DuplicateAbove(source));
    is_copy[place] = true;
  }
  for (Descriptor place = 0; place < kStandard; ++place) {
    const Descriptor source = sources[place];
    if (source == kNone) {
      (void)Close(place);
    } else if (source == place) {
      internal::KeepOpen(place);
    } else {
      CATION_TRY(internal::PutInPlace(source, place));
    }
    // On Redox a copy is not close-on-exec.
    if (is_copy[place]) (void)Close(source);
  }
  return {};
}

// What Spawn() is told.
struct Program {
  const char* path;
  char* const* arguments;
  char* const* environment;
  const char* directory;
};

// In the new process.
Error BecomeProgram(void* context) {
  const Program& program = *static_cast<const Program*>(context);
  if (program.directory != nullptr) {
    const Result<void> changed = ChangeDirectory(program.directory);
    if (!changed.ok()) return changed.error();
  }
  return Execute(program.path, program.arguments, program.environment);
}

}  // namespace

Result<Process> Spawn(const char* path, char* const* arguments, char* const* environment,
                      const Streams& streams, const char* directory) {
  Program program = {path, arguments, environment, directory};
  return SpawnBy(BecomeProgram, &program, streams);
}

Result<Process> SpawnBy(Become become, void* context, const Streams& streams) {
  CATION_TRY_ASSIGN(const Pipe pipe, MakePipe());
  const File reading(pipe.read);
  File writing(pipe.write);
  const Result<Process> process = internal::Fork();
  if (!process.ok()) return process.error();
  if (process.value() == 0) {
    const Result<void> arranged = Arrange(streams);
    const Error error = arranged.ok() ? become(context) : arranged.error();
    const auto number = static_cast<char>(error.number);
    (void)Write(writing.get(), {&number, 1});
    constexpr int kNobodySees = 127;
    internal::Leave(kNobodySees);
  }
  // Now the new process alone has this end: exec closes it, and the pipe ends without an error.
  (void)writing.Close();
  unsigned char number = 0;
  const Result<size_t> read = Read(reading.get(), {reinterpret_cast<char*>(&number), 1});
  // When nothing can be read the process is the caller's all the same: one that nobody knows would
  // be worse than one that ends with status 127.
  if (!read.ok() || read.value() == 0) return process;
  (void)Wait(process.value());
  return Error{number};
}

Result<void> Redirect(Descriptor from, Descriptor place) {
  return internal::PutInPlace(from, place);
}

}  // namespace cation::sys
