// SPDX-License-Identifier: MIT
//
// Runner: carries out a script of cases and prints what came of each (README.md).
#ifndef CATION_TESTS_GUEST_RUNNER_RUNNER_H_
#define CATION_TESTS_GUEST_RUNNER_RUNNER_H_

#include "runtime/core/string.h"
#include "runtime/core/vector.h"
#include "runtime/start/context.h"
#include "runtime/sys/sys.h"
#include "tests/guest/runner/script.h"

namespace cation::guest {

struct Places {
  StringView programs;          // the folder of programs that are named without '/'
  StringView work;              // the folder that the cases' folders are made in
  sys::Descriptor console = 1;  // where markers go
};

class Runner {
 public:
  Runner(const Context& context, const Places& places) : context_(context), places_(places) {}
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  // Runs the script that the file at `path` holds. Returns the exit status.
  int Run(const char* path);

 private:
  // What follows a step's name. Words are terminated.
  using Words = Span<const Word>;
  // Does what a step says; false when the case is not to go on.
  using Work = bool (Runner::*)(Words words);
  struct Verb {
    StringView name;
    // How many words follow.
    uint8_t least;
    uint8_t most;
    Work work;
    // Of the words from the first on, which are numbers: 'o' octal, 'd' decimal, 'm' octal or "-",
    // 'x' hexadecimal; anything else is text. What stands in brackets repeats.
    StringView numbers = "";
    bool everywhere = false;  // also before the first case
  };
  static const Verb kVerbs[];
  static const Verb* FindVerb(StringView name);

  // ---- the script
  [[nodiscard]] bool Check(Span<const Step> steps, size_t* cases, String& problem);
  void CarryOut(const Step& step);
  void BeginCase(Words words);
  void EndCase();
  // Prepares the folder of cases, and the files that keep what programs read and print.
  Result<void> Prepare();
  Result<sys::File> MakeScratch(StringView name);
  Result<void> AppendCasePath(String& path);
  void Print(StringView what, StringView name, StringView rest = {});

  // ---- outcomes; all return false, for steps to end with
  // Of the parts the second, fourth, … are shown quoted and cut, the others as they are.
  bool Fail(Span<const StringView> parts);
  bool Fail(StringView what, Error error);
  bool FailAt(StringView path, StringView what);
  bool FailAt(StringView path, Error error);
  bool Skip(StringView why, StringView what);
  // "is ..., not ..." of two texts, from where they differ.
  bool Differ(StringView what, StringView found, StringView expected);
  bool DifferByNumber(StringView what, uint64_t found, uint64_t expected, unsigned base);

  // ---- steps: the ground
  bool Set(Words words);
  bool Unset(Words words);
  bool NeedsPath(Words words);
  bool NeedsProgram(Words words);
  bool NeedsData(Words words);
  bool NeedsFeature(Words words);
  bool WorkIn(Words words);
  bool Mark(Words words);
  // ---- steps: files
  bool MakeDirectory(Words words);
  bool MakeFile(Words words);
  bool MakeData(Words words);
  bool MakeLink(Words words);
  bool MakeHardLink(Words words);
  bool MakeFifo(Words words);
  bool SetModified(Words words);
  bool SetMode(Words words);
  bool Rename(Words words);
  bool Remove(Words words);
  // ---- steps: programs
  bool SetUmask(Words words);
  bool Input(Words words);
  bool InputFrom(Words words);
  bool OutputTo(Words words);
  bool AppendTo(Words words);
  bool RunPrograms(Words words);
  bool StartTime(Words words);
  // ---- steps: what a run left
  bool Status(Words words);
  bool Signal(Words words);
  bool Output(Words words);
  bool Errors(Words words);
  bool OutputCrc(Words words);
  bool OutputData(Words words);
  bool OutputLines(Words words);
  bool OutputLike(Words words);
  bool OutputHas(Words words);
  bool ErrorsHave(Words words);
  bool Complaints(Words words);
  bool Reasons(Words words);
  // ---- steps: what is there
  bool FileIs(Words words);
  bool DataIs(Words words);
  bool CrcIs(Words words);
  bool DirectoryIs(Words words);
  bool LinkIs(Words words);
  bool FifoIs(Words words);
  bool Absent(Words words);
  bool Entries(Words words);
  bool ModifiedIs(Words words);
  bool SameFile(Words words);
  bool OtherFile(Words words);
  bool OneOf(Words words);
  bool PrefixOfOne(Words words);
  bool WholeOrPrefix(Words words);

  // ---- beneath them
  // The environment of programs, a null-terminated array that lives until the next call.
  Result<char* const*> ProgramEnvironment();
  // The path of a program by its word in a script.
  Result<String> ProgramPath(const Word& word);
  struct Stage;
  // Starts a part of a pipeline; what cannot be started counts as ended, as a shell would say it.
  void Start(Stage& stage, Words words, const sys::Streams& streams);
  // Waits for all, until the case's time is up: then they are killed, and it is false.
  [[nodiscard]] bool Await(Span<Stage> stages);
  [[nodiscard]] bool NeedsRun();
  [[nodiscard]] bool NeedsOutput();
  // All that a file of Prepare() holds.
  [[nodiscard]] bool Captured(const sys::File& file, String& text);
  bool HasText(StringView what, const sys::File& file, StringView wanted);
  bool Reopen(const sys::File& file);
  // Whether the rest of `file` is the beginning of that data, or with `whole` all of it; `at` is
  // where it differs.
  [[nodiscard]] Result<bool> Holds(sys::Descriptor file, uint64_t size, uint64_t seed, bool whole,
                                   uint64_t* at);
  bool CheckCrc(StringView what, sys::Descriptor file, const Word& size, const Word& crc);
  bool CheckData(StringView what, sys::Descriptor file, const Word& size, const Word& seed);
  // Whether `path` is of that type and, unless `mode` is "-", has these permissions.
  [[nodiscard]] bool IsOfType(const Word& path, sys::Mode type, StringView kind, const Word* mode,
                              sys::FileStatus* status = nullptr);
  [[nodiscard]] bool OpenRegular(const Word& path, const Word* mode, sys::File& file);
  bool CheckIdentity(Words words, bool same);
  // Whether one of the data holds; of the first so many all of it, of the others their beginning.
  bool CheckCandidates(Words words, size_t wholes);
  Result<void> ProbeFeature(StringView name, bool* has);

  const Context& context_;
  const Places places_;

  // The case at work.
  StringView name_;
  bool in_case_ = false;
  bool over_ = false;  // what is left of it is passed over
  sys::TimePoint started_;
  sys::TimePoint deadline_;
  sys::Mode umask_ = 022;
  unsigned line_ = 0;
  String outcome_;  // "FAIL" or "SKIP" and why; empty: nothing is wrong
  bool skipped_ = false;

  // Variables as NAME=VALUE, or NAME where there is to be none; those of the case are behind those
  // of all.
  Vector<String> variables_;
  size_t common_variables_ = 0;
  Vector<char*> environment_;

  // The last run, and the next one's input and output.
  bool has_run_ = false;
  bool output_kept_ = false;
  sys::Termination termination_;
  sys::File input_file_;
  sys::File output_file_;
  sys::File errors_file_;
  sys::File given_input_;   // instead of input_file_
  sys::File given_output_;  // instead of output_file_

  String buffer_;    // of kBufferSize
  String expected_;  // the same
  unsigned results_ = 0;
  bool any_failed_ = false;
};

// Removes what is at `path`, whatever it is; that nothing is there is fine. Errors: those of
// sys::RemoveFile(), sys::RemoveDirectory(), sys::Open().
Result<void> RemoveTree(const char* path);

}  // namespace cation::guest

#endif  // CATION_TESTS_GUEST_RUNNER_RUNNER_H_
