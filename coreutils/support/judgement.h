// SPDX-License-Identifier: MIT
//
// Why a file would not run on Redox: what explain and which -a say, and run goes round.
#ifndef CATION_COREUTILS_SUPPORT_JUDGEMENT_H_
#define CATION_COREUTILS_SUPPORT_JUDGEMENT_H_

#include "runtime/core/string.h"
#include "runtime/start/context.h"

namespace cation {

// What hinders, each a bit; AppendAdvice() has the words.
enum Hindrance : uint32_t {
  // Of any file.
  kIsDirectory = 1 << 0,
  kIsNoFile = 1 << 1,  // a device, say
  kMayNotBeRead = 1 << 2,
  kMayNotBeExecuted = 1 << 3,
  kCannotBeMapped = 1 << 4,  // on a 9p share, of which nothing can be mapped
  kIsEmpty = 1 << 5,
  // Of text.
  kByteOrderMark = 1 << 6,  // of UTF-8
  kNoInterpreterLine = 1 << 7,
  kIsBinary = 1 << 8,  // and nothing that is known
  kCarriageReturn = 1 << 9,
  kNamesNoInterpreter = 1 << 10,
  kInterpreterMissing = 1 << 11,
  kInterpreterRefused = 1 << 12,  // it may not be executed
  kNotInPath = 1 << 13,           // what env is to look for
  // Of programs; as tools/elf_check has them.
  kIsCut = 1 << 14,
  kIsNo64Bit = 1 << 15,
  kOtherMachine = 1 << 16,
  kIsNoProgram = 1 << 17,  // an object file, a core
  kWantsRelocation = 1 << 18,
  kLinkerMissing = 1 << 19,  // the run-time linker
  kNoEntry = 1 << 20,
  kMapsNothing = 1 << 21,
  kSharesPage = 1 << 22,
  kOtherLibrary = 1 << 23,  // linked for another system, by its note
};
// With these, what is loaded would not get to its first instruction, or fault there.
inline constexpr uint32_t kOfPrograms = 0xffc000;
// Those that do not matter to an interpreter that is given the file.
inline constexpr uint32_t kOnlyToExec = kMayNotBeExecuted | kCannotBeMapped;

enum class FileKind : uint8_t { kNone, kProgram, kScript, kText };

struct Judgement {
  FileKind kind = FileKind::kNone;
  uint32_t hindrances = 0;
  sys::FileStatus status;
  // What the "#!" line says: the interpreter, and all that comes behind it; of a program, its
  // run-time linker.
  String interpreter;
  String argument;
};

// Looks at the file at `path`. Errors: those of sys::StatusAt(), sys::Open() but EACCES of a file
// that is there, sys::Read(); ENOMEM.
Result<void> Judge(const Context& context, const char* path, Judgement& judgement);
// The same for who only asks for kOfPrograms, of the regular file that `file` is open to, at its
// start, where it need not be afterwards; `judgement` has its status already. What is no program
// gets no kind.
Result<void> JudgeProgram(const Context& context, sys::Descriptor file, Judgement& judgement);

// Appends `lead` and "FILE: reason; what to do\n" for each of `hindrances`. Errors: ENOMEM.
Result<void> AppendAdvice(String& text, StringView lead, StringView file,
                          const Judgement& judgement, uint32_t hindrances);

// Writes the same to standard error, each line behind the program's name. Errors: ENOMEM.
Result<void> ReportAdvice(const Context& context, StringView file, const Judgement& judgement,
                          uint32_t hindrances);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_JUDGEMENT_H_
