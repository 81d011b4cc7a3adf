// SPDX-License-Identifier: MIT
//
// Options as a table: one entry binds an option, spelled as people read it, to a field of the
// utility's options struct and to its help text. Parsing, --help and --version come from the table;
// so do manual pages and completions (documentation.h).
//
//   struct Options {
//     bool all = false;
//     Format format = Format::kColumns;
//     const char* width = nullptr;
//   };
//   constexpr Option kOptions[] = {
//       Flag("-a, --all", offsetof(Options, all), "do not leave out names that begin with ."),
//       Choice("-l", offsetof(Options, format), Format::kLong, "long listing"),
//       Value("-w, --width=COLUMNS", offsetof(Options, width), "lines of COLUMNS characters"),
//   };
#ifndef CATION_COREUTILS_SUPPORT_OPTIONS_H_
#define CATION_COREUTILS_SUPPORT_OPTIONS_H_

#include <stddef.h>
#include <stdint.h>

#include "runtime/core/string.h"
#include "runtime/start/context.h"

namespace cation {

struct Option;

struct Command;

// Stores what `argument` stands for in `field`; otherwise reports what is wrong with it, as
// UsageError() does, and returns false. Part of the table, so that programs without such options do
// not carry it.
using WordParser = bool (*)(const Context& context, const Command& command, const Option& option,
                            StringView argument, char* field);

struct Option {
  enum class Kind : uint8_t {
    kNone,    // the end of a packed table
    kChoice,  // stores `value` in a field of one byte (bool, or an enum of uint8_t)
    kCommon,  // --help where `value` is set, or --version
    kValue,   // stores its argument in a field of type const char*
    kWord,    // its argument is one of `words`; stores the word's index in a field of one byte
    kOptionalWord,  // the same, or without an argument as kChoice; see `spelling` for the short
                    // form
    kExpand,        // stands for the short options in `words`
  };
  enum Flag : uint8_t {
    // `value` is added to the bits that are in the field: see Adding().
    kAdds = 1,
    // The long name is not to be cut short: see InFull().
    kInFull = 2,
    // What follows are operands: see Ending().
    kEndsOptions = 4,
  };

  static constexpr uint16_t kNoField = 0xffff;
  // A value: an optional word that is not there is the parser's, too, with data() nullptr.
  static constexpr uint8_t kAskParser = 0xff;

  // As --help shows it: "-a", "--all", "-a, --all", "-w, --width=COLUMNS", "-w COLUMNS",
  // "--color[=WHEN]", "-I[FMT], --iso-8601[=FMT]": there the short form takes one, too, if it
  // stands behind the letter.
  const char* spelling = "";
  const char* help = "";  // nullptr or empty: --help does not show it
  // kWord: groups of synonyms, "never no none|auto tty if-tty": the index is the group's. kExpand:
  // letters.
  const char* words = nullptr;
  WordParser parse_word = nullptr;
  // Of a packed option: `settings` of Setting.
  const char* packed_settings = nullptr;
  uint16_t field = 0;  // offset in the options struct
  uint8_t value = 0;
  Kind kind = Kind::kChoice;
  uint8_t flags = 0;
  uint8_t settings = 0;  // how many there are
  // Other fields of one byte that the option sets: see Also().
  struct Setting {
    uint16_t field = kNoField;
    uint8_t value = 0;
  };
  static constexpr size_t kMostSettings = 4;
  Setting also[kMostSettings] = {{}, {}, {}, {}};  // with {}, GCC 12 would take no Option in braces

  // The letter, or 0.
  [[nodiscard]] constexpr char short_name() const {
    return spelling[1] == '-' ? '\0' : spelling[1];
  }
  // The name after --, or empty.
  [[nodiscard]] constexpr StringView long_name() const {
    const char* start = spelling;
    while (*start != '\0' && !(start[0] == '-' && start[1] == '-')) ++start;
    if (*start == '\0') return {};
    start += 2;
    const char* end = start;
    while (*end != '\0' && *end != '=' && *end != '[') ++end;
    return {start, static_cast<size_t>(end - start)};
  }
  [[nodiscard]] constexpr bool NeedsArgument() const {
    return kind == Kind::kValue || kind == Kind::kWord;
  }
  [[nodiscard]] constexpr bool HasParser() const {
    return kind == Kind::kWord || kind == Kind::kOptionalWord;
  }
  [[nodiscard]] constexpr bool IsHidden() const { return help == nullptr || *help == '\0'; }
};

// Options as programs carry them, packed: an Option of its own takes 80 bytes besides its texts, and
// most have nothing in most of them. Made by Packed().
//
// For each: field, value, kind, flags and settings, as an Option has them; as many settings, of
// kSettingSize bytes each; spelling, help and words, each terminated. At the end, Kind::kNone with
// as much before it. The parsers of words are in an array of their own, in the same order.
class OptionTable {
 public:
  static constexpr size_t kSettingSize = 3;  // field and value
  static constexpr size_t kEndSize = 4;      // up to the kind

  constexpr OptionTable() = default;
  constexpr OptionTable(const char* records, const WordParser* parsers)
      : records_(records), parsers_(parsers) {}

  // Takes the first one off the table into `option`, whose texts stay in the table. Returns false
  // when there is none.
  bool Take(Option& option);

  class Iterator;
  [[nodiscard]] Iterator begin() const;
  [[nodiscard]] static decltype(nullptr) end() { return nullptr; }

 private:
  const char* records_ = "\0\0\0";
  const WordParser* parsers_ = nullptr;
};

class OptionTable::Iterator {
 public:
  explicit Iterator(OptionTable rest) : rest_(rest) { ++*this; }
  const Option& operator*() const { return option_; }
  Iterator& operator++() {
    at_end_ = !rest_.Take(option_);
    return *this;
  }
  friend bool operator!=(const Iterator& iterator, decltype(nullptr)) {
    return !iterator.at_end_;
  }

 private:
  OptionTable rest_;
  Option option_;
  bool at_end_ = false;
};

inline OptionTable::Iterator OptionTable::begin() const { return Iterator(*this); }

// Packs the array `kTable` of Option; see Packed().
template <const auto& kTable>
class OptionPacker {
 public:
  static consteval OptionTable Table() {
    return {kRecords.bytes, kParserCount == 0 ? nullptr : kParsers.functions};
  }

 private:
  // Puts bytes one after the other, or only counts them.
  struct Writer {
    char* bytes;
    size_t size = 0;

    consteval void Byte(uint8_t byte) {
      if (bytes != nullptr) bytes[size] = static_cast<char>(byte);
      ++size;
    }
    consteval void Text(const char* text) {
      for (; text != nullptr && *text != '\0'; ++text) Byte(static_cast<uint8_t>(*text));
      Byte(0);
    }
    consteval void Field(uint16_t field) {
      Byte(field & 0xff);
      Byte(field >> 8);
    }
  };

  static consteval size_t Write(char* bytes) {
    Writer writer{bytes};
    for (const Option& option : kTable) {
      writer.Field(option.field);
      writer.Byte(option.value);
      writer.Byte(static_cast<uint8_t>(option.kind));
      writer.Byte(option.flags);
      writer.Byte(option.settings);
      for (size_t i = 0; i < option.settings; ++i) {
        writer.Field(option.also[i].field);
        writer.Byte(option.also[i].value);
      }
      writer.Text(option.spelling);
      writer.Text(option.help);
      writer.Text(option.words);
    }
    for (size_t i = 0; i < OptionTable::kEndSize; ++i) writer.Byte(0);
    return writer.size;
  }
  static consteval size_t CountParsers() {
    size_t count = 0;
    for (const Option& option : kTable) count += option.HasParser() ? 1 : 0;
    return count;
  }

  // In structs: an array by itself would be aligned to 16 bytes.
  struct Records {
    char bytes[Write(nullptr)] = {};
  };
  static consteval Records MakeRecords() {
    Records records;
    Write(records.bytes);
    return records;
  }
  static constexpr size_t kParserCount = CountParsers();
  struct Parsers {
    WordParser functions[kParserCount + (kParserCount == 0 ? 1 : 0)] = {};
  };
  static consteval Parsers MakeParsers() {
    Parsers parsers;
    size_t count = 0;
    for (const Option& option : kTable) {
      if (option.HasParser()) parsers.functions[count++] = option.parse_word;
    }
    return parsers;
  }
  static constexpr Records kRecords = MakeRecords();
  static constexpr Parsers kParsers = MakeParsers();
};

// The array `kTable` of Option, for Command::options.
template <const auto& kTable>
consteval OptionTable Packed() {
  return OptionPacker<kTable>::Table();
}

// Which group of `words` (see Option::words) has `text`, or words that begin with it; kNoWord when
// there is none, kManyWords when several have.
inline constexpr int kNoWord = -1;
inline constexpr int kManyWords = -2;
[[nodiscard]] int FindWord(const char* words, StringView text);

// Unambiguous beginnings of words are words too.
bool ParseWord(const Context& context, const Command& command, const Option& option,
               StringView argument, char* field);

constexpr Option Flag(const char* spelling, size_t field, const char* help) {
  return {.spelling = spelling, .help = help, .field = static_cast<uint16_t>(field), .value = 1};
}

// Any byte-sized value; also for a flag that takes another back.
template <typename T>
constexpr Option Choice(const char* spelling, size_t field, T value, const char* help) {
  static_assert(sizeof(T) == 1);
  return {.spelling = spelling,
          .help = help,
          .field = static_cast<uint16_t>(field),
          .value = static_cast<uint8_t>(value)};
}

constexpr Option Value(const char* spelling, size_t field, const char* help) {
  return {.spelling = spelling,
          .help = help,
          .field = static_cast<uint16_t>(field),
          .kind = Option::Kind::kValue};
}

constexpr Option Word(const char* spelling, size_t field, const char* words, const char* help) {
  return {.spelling = spelling,
          .help = help,
          .words = words,
          .parse_word = ParseWord,
          .field = static_cast<uint16_t>(field),
          .kind = Option::Kind::kWord};
}

// "--long[=WORD]"; without WORD, `value` is stored.
template <typename T>
constexpr Option OptionalWord(const char* spelling, size_t field, T value, const char* words,
                              const char* help) {
  static_assert(sizeof(T) == 1);
  return {.spelling = spelling,
          .help = help,
          .words = words,
          .parse_word = ParseWord,
          .field = static_cast<uint16_t>(field),
          .value = static_cast<uint8_t>(value),
          .kind = Option::Kind::kOptionalWord};
}

// Its argument is what `parse` makes of it.
constexpr Option Parsed(const char* spelling, size_t field, WordParser parse, const char* help) {
  return {.spelling = spelling,
          .help = help,
          .words = "",
          .parse_word = parse,
          .field = static_cast<uint16_t>(field),
          .kind = Option::Kind::kWord};
}

// The same for "--long[=WORD]"; without WORD, `parse` gets a text with data() nullptr.
constexpr Option OptionalParsed(const char* spelling, size_t field, WordParser parse,
                                const char* help) {
  return {.spelling = spelling,
          .help = help,
          .words = "",
          .parse_word = parse,
          .field = static_cast<uint16_t>(field),
          .value = Option::kAskParser,
          .kind = Option::Kind::kOptionalWord};
}

// `option`, which stores `value` in `field` besides; up to four times.
template <typename T>
constexpr Option Also(Option option, size_t field, T value) {
  static_assert(sizeof(T) == 1);
  option.also[option.settings++] = {.field = static_cast<uint16_t>(field), .value = static_cast<uint8_t>(value)};
  return option;
}

// `option`, which sets the bits of its value in its field, and leaves the others.
constexpr Option Adding(Option option) {
  option.flags |= Option::kAdds;
  return option;
}

// `option`, which takes effect only by its whole name: for what should not happen by a slip.
constexpr Option InFull(Option option) {
  option.flags |= Option::kInFull;
  return option;
}

// `option`, behind which there are only operands.
constexpr Option Ending(Option option) {
  option.flags |= Option::kEndsOptions;
  return option;
}

constexpr Option Expand(const char* spelling, const char* letters, const char* help) {
  return {.spelling = spelling, .help = help, .words = letters, .kind = Option::Kind::kExpand};
}

struct Command {
  // What follows the name on the usage lines, one per line: "[OPTION]... SOURCE DEST".
  const char* usage;
  // One sentence or two.
  const char* summary;
  OptionTable options = {};  // Packed<kOptions>()
  // Exit status after a wrong option.
  int usage_status = 1;
  // Options come before the first operand: what follows belongs to a command that is run, say.
  bool stops_at_operand = false;
  // Where --help and --version are understood: as other options, alone (see AnswersHelp()),
  // nowhere.
  enum class Help : uint8_t { kAnywhere, kAlone, kNowhere };
  Help help = Help::kAnywhere;
  // For the manual page, where the statuses are not the usual ones: "0 meaning\n1 meaning".
  const char* statuses = nullptr;
  // Exit status when --help cannot be written; 0: usage_status.
  int output_status = 0;
};

// The command of the utility in this program, for tests of the table itself. Defined by each
// utility.
const Command& ThisCommand();

// The options that every utility has: --help and --version.
OptionTable CommonOptions();

// Reads context.arguments: options into the struct at `options`; what remains in context.arguments
// are the operands, in order. Options may come after operands (unless stops_at_operand), and
// everything after `--` is an operand; clusters, --long=value, and unambiguous beginnings of long
// names are understood. Answers
// --help and
// --version. Returns true when the utility is to go on; otherwise `status` is what it ends with.
[[nodiscard]] bool ParseOptions(Context& context, const Command& command, void* options,
                                int* status);

// For utilities whose operands may look like options: answers --help or --version when that is all
// there is. Returns whether it was; then `status` is what the utility ends with.
[[nodiscard]] bool AnswersHelp(const Context& context, const Command& command, int* status);

// "program: operand: reason" (data() nullptr: no operand) and where help is to be found, as after a
// wrong option. Returns command.usage_status.
int UsageError(const Context& context, const Command& command, StringView operand,
               StringView reason);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_OPTIONS_H_
