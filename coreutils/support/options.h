// SPDX-License-Identifier: MIT
//
// Options as a table: one entry binds an option's spellings to a field of the utility's options struct and to its help text. Parsing, --help and --version come
// from the table; so will man pages and completions.
//
//   struct Options { bool all = false; Format format = Format::kColumns; const char* width = nullptr; };
//   constexpr Option kOptions[] = {
//       Flag('a', "all", offsetof(Options, all), "do not leave out names that begin with ."),
//       Choice('l', nullptr, offsetof(Options, format), Format::kLong, "long listing"),
//       Value('w', "width", offsetof(Options, width), "COLUMNS", "lines of COLUMNS characters"),
//   };
#ifndef CATION_COREUTILS_SUPPORT_OPTIONS_H_
#define CATION_COREUTILS_SUPPORT_OPTIONS_H_

#include <stddef.h>
#include <stdint.h>

#include "runtime/core/vector.h"
#include "runtime/start/context.h"

namespace cation {

struct Option {
  enum class Kind : uint8_t {
    kChoice,   // stores `value` in a field of one byte (bool, or an enum of uint8_t)
    kValue,    // stores its argument in a field of type const char*
    kWord,     // its argument is one of `words`; stores the word's index in a field of one byte
    kExpand,   // stands for the short options in `words`
  };

  char short_name = 0;              // 0: none
  const char* long_name = nullptr;  // nullptr: none
  Kind kind = Kind::kChoice;
  bool argument_is_optional = false;  // for kWord: without an argument `value` is stored, as by kChoice; the short form takes none
  uint8_t value = 0;
  uint16_t field = 0;                 // offset in the options struct
  const char* argument = nullptr;     // what --help calls the argument
  // kWord: groups of synonyms, "never no none|auto tty if-tty": the index is the group's. kExpand: letters.
  const char* words = nullptr;
  const char* help = "";
};

constexpr Option Flag(char short_name, const char* long_name, size_t field, const char* help) {
  return {.short_name = short_name, .long_name = long_name, .value = 1, .field = static_cast<uint16_t>(field), .help = help};
}

// Any byte-sized value; also for a flag that takes another back.
template <typename T>
constexpr Option Choice(char short_name, const char* long_name, size_t field, T value, const char* help) {
  static_assert(sizeof(T) == 1);
  return {.short_name = short_name,
          .long_name = long_name,
          .value = static_cast<uint8_t>(value),
          .field = static_cast<uint16_t>(field),
          .help = help};
}

constexpr Option Value(char short_name, const char* long_name, size_t field, const char* argument, const char* help) {
  return {.short_name = short_name,
          .long_name = long_name,
          .kind = Option::Kind::kValue,
          .field = static_cast<uint16_t>(field),
          .argument = argument,
          .help = help};
}

constexpr Option Word(char short_name, const char* long_name, size_t field, const char* argument, const char* words,
                      const char* help) {
  return {.short_name = short_name,
          .long_name = long_name,
          .kind = Option::Kind::kWord,
          .field = static_cast<uint16_t>(field),
          .argument = argument,
          .words = words,
          .help = help};
}

// --long[=WORD]; without WORD, `value` is stored.
template <typename T>
constexpr Option OptionalWord(char short_name, const char* long_name, size_t field, T value, const char* argument,
                              const char* words, const char* help) {
  static_assert(sizeof(T) == 1);
  return {.short_name = short_name,
          .long_name = long_name,
          .kind = Option::Kind::kWord,
          .argument_is_optional = true,
          .value = static_cast<uint8_t>(value),
          .field = static_cast<uint16_t>(field),
          .argument = argument,
          .words = words,
          .help = help};
}

constexpr Option Expand(char short_name, const char* long_name, const char* letters, const char* help) {
  return {.short_name = short_name, .long_name = long_name, .kind = Option::Kind::kExpand, .words = letters, .help = help};
}

struct Command {
  // What follows the name on the usage lines, one per line: "[OPTION]... SOURCE DEST".
  const char* usage;
  // One sentence or two.
  const char* summary;
  Span<const Option> options;
  // Exit status after a wrong option.
  int usage_status = 1;
};

// The command of the utility in this program, for tests of the table itself. Defined by each utility.
const Command& ThisCommand();

// Reads context.arguments: options into the struct at `options`, the rest into `operands`, in order. Options may come after operands, and everything after
// `--` is an operand; clusters, --long=value, and unambiguous beginnings of long names are understood. Answers --help and --version.
// Returns true when the utility is to go on; otherwise `status` is what it ends with.
[[nodiscard]] bool ParseOptions(Context& context, const Command& command, void* options, Vector<const char*>& operands, int* status);

// "program: reason" and where help is to be found, as after a wrong option. Returns command.usage_status.
int UsageError(const Context& context, const Command& command, StringView operand, StringView reason);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_OPTIONS_H_
