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
//   constexpr Description kDescription = {... .options = kOptions};
//   constexpr Command kCommand = Packed<kDescription>();
#ifndef CATION_COREUTILS_SUPPORT_OPTIONS_H_
#define CATION_COREUTILS_SUPPORT_OPTIONS_H_

#include <stddef.h>
#include <stdint.h>

#include "coreutils/support/diagnostics.h"
#include "runtime/core/packed_text.h"
#include "runtime/core/span.h"
#include "runtime/core/string.h"
#include "runtime/start/context.h"

namespace cation {

struct Command;
class PackedOption;

// Stores what `argument` stands for in `field`; otherwise reports what is wrong with it, as
// UsageError() does, and returns false. Part of the table, so that programs without such options do
// not carry it.
using WordParser = bool (*)(const Context& context, const Command& command, PackedOption option,
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
  };
  enum Flag : uint8_t {
    // `value` is added to the bits that are in the field: see Adding().
    kAdds = 1,
    // The long name is not to be cut short: see InFull().
    kInFull = 2,
    // What follows are operands: see Ending().
    kEndsOptions = 4,
  };

  // A value: an optional word that is not there is the parser's, too, with data() nullptr.
  static constexpr uint8_t kAskParser = 0xff;

  // As --help shows it: "-a", "--all", "-a, --all", "-w, --width=COLUMNS", "-w COLUMNS",
  // "--color[=WHEN]", "-I[FMT], --iso-8601[=FMT]": there the short form takes one, too, if it
  // stands behind the letter.
  const char* spelling = "";
  const char* help = "";  // nullptr or empty: --help does not show it
  // Groups of synonyms, "never no none|auto tty if-tty": the index is the group's.
  const char* words = nullptr;
  WordParser parse_word = nullptr;
  uint16_t field = 0;  // offset in the options struct
  uint8_t value = 0;
  Kind kind = Kind::kChoice;
  uint8_t flags = 0;
  uint8_t settings = 0;  // how many there are
  // Other fields of one byte that the option sets: see Also().
  struct Setting {
    uint16_t field = 0;
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

// What people read of a utility, and its options. Programs carry the Command that Packed() makes of
// it; its documentation is made from this.
struct Description {
  // What follows the name on the usage lines, one per line: "[OPTION]... SOURCE DEST".
  const char* usage;
  // One sentence or two.
  const char* summary;
  Span<const Option> options = {};
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

// The utility in this program, for its documentation and for tests of the table itself. Defined by
// each utility.
const Description& ThisCommand();

// The options that every utility has.
inline constexpr Option kCommonOptions[] = {
    {.spelling = "--help",
     .help = "print this help and exit",
     .value = 1,
     .kind = Option::Kind::kCommon},
    {.spelling = "--version",
     .help = "print what this program was built from and exit",
     .kind = Option::Kind::kCommon},
};

// What a program carries of its Description, packed: an Option by itself takes 56 bytes besides its
// texts, and most have nothing in most of them. Made by Packed().
struct Command {
  const char* help;           // packed: all that --help prints; see AppendUnpacked()
  const char* options;        // of PackedOption, one behind the other, and a zero byte
  const WordParser* parsers;  // see PackedOption::parser()
  uint8_t usage_status;
  uint8_t output_status;
  bool stops_at_operand;
};

// An option of a Command: kSize bytes, the first of which holds the kind and how many settings
// there are; of each of these the field and the value; the long name and the words, each
// terminated.
class PackedOption {
 public:
  static constexpr size_t kSize = 5;
  static constexpr size_t kSettingSize = 2;
  static constexpr unsigned kKindBits = 3;
  // A flag besides Option's: what stands behind the letter is its argument ("-I[FMT]").
  static constexpr unsigned kTakesRest = 8;
  static constexpr unsigned kFlagBits = 4;

  explicit PackedOption(const char* record) : record_(record) {}

  [[nodiscard]] Option::Kind kind() const {
    return static_cast<Option::Kind>(record_[0] & ((1 << kKindBits) - 1));
  }
  // False behind the last.
  [[nodiscard]] bool is_option() const { return record_[0] != 0; }
  [[nodiscard]] size_t settings() const { return static_cast<uint8_t>(record_[0]) >> kKindBits; }
  [[nodiscard]] bool has(unsigned flag) const { return (record_[1] & flag) != 0; }
  // Which of Command::parsers parses its argument, where words do.
  [[nodiscard]] size_t parser() const { return static_cast<uint8_t>(record_[1]) >> kFlagBits; }
  // The letter, or 0.
  [[nodiscard]] char short_name() const { return record_[2]; }
  [[nodiscard]] uint8_t field() const { return static_cast<uint8_t>(record_[3]); }
  [[nodiscard]] uint8_t value() const { return static_cast<uint8_t>(record_[4]); }
  [[nodiscard]] uint8_t SettingField(size_t i) const {
    return static_cast<uint8_t>(record_[kSize + i * kSettingSize]);
  }
  [[nodiscard]] char SettingValue(size_t i) const { return record_[kSize + i * kSettingSize + 1]; }
  // The name after --, or empty.
  [[nodiscard]] StringView long_name() const {
    return {record_ + kSize + settings() * kSettingSize};
  }
  [[nodiscard]] const char* words() const { return long_name().end() + 1; }
  [[nodiscard]] bool NeedsArgument() const {
    return kind() == Option::Kind::kValue || kind() == Option::Kind::kWord;
  }
  // The one behind it.
  [[nodiscard]] PackedOption Next() const {
    const char* const words = this->words();
    return PackedOption(words + __builtin_strlen(words) + 1);
  }

 private:
  const char* record_;
};

// Nowhere defined: to call it when compiling is an error that shows its name.
void TheFieldIsNotOfTheFirst256Bytes();

// Packs `kDescription`; see Packed().
template <const auto& kDescription>
class CommandPacker {
 public:
  static consteval Command Get() {
    return {.help = packing::Packer<kHelp>::Get(),
            .options = kRecords.bytes,
            .parsers = kParserCount == 0 ? nullptr : kParsers.functions,
            .usage_status = static_cast<uint8_t>(kDescription.usage_status),
            .output_status =
                static_cast<uint8_t>(kDescription.output_status != 0 ? kDescription.output_status
                                                                     : kDescription.usage_status),
            .stops_at_operand = kDescription.stops_at_operand};
  }

 private:
  // Where the help texts begin, unless the option's spelling needs more room.
  static constexpr size_t kHelpColumn = 26;

  // Puts bytes one after the other, or only counts them.
  struct Writer {
    char* bytes;
    size_t size = 0;

    consteval void Byte(unsigned byte) {
      if (byte > 0xff) TheFieldIsNotOfTheFirst256Bytes();
      if (bytes != nullptr) bytes[size] = static_cast<char>(byte);
      ++size;
    }
    consteval void Text(StringView text) {
      for (const char c : text) Byte(static_cast<uint8_t>(c));
    }
  };

  static consteval void WriteHelp(const Option& option, Writer& writer) {
    if (option.IsHidden()) return;
    const size_t start = writer.size;
    // Long names stand below each other.
    writer.Text(option.short_name() == '\0' ? "      " : "  ");
    writer.Text(option.spelling);
    do {
      writer.Byte(' ');
    } while (writer.size < start + kHelpColumn);
    writer.Text(option.help);
    writer.Byte('\n');
  }

  static consteval size_t WriteHelp(char* bytes) {
    Writer writer{bytes};
    writer.Text("Usage: \1 ");
    for (const char* c = kDescription.usage; *c != '\0'; ++c) {
      writer.Byte(static_cast<uint8_t>(*c));
      if (*c == '\n') writer.Text("   or: \1 ");
    }
    writer.Byte('\n');
    writer.Text(kDescription.summary);
    writer.Text("\n\n");
    for (const Option& option : kDescription.options) WriteHelp(option, writer);
    for (const Option& option : kCommonOptions) WriteHelp(option, writer);
    writer.Byte(0);
    return writer.size;
  }

  static consteval void WriteRecord(const Option& option, Writer& writer) {
    const bool takes_rest = option.short_name() != '\0' && option.spelling[2] == '[';
    size_t parser = 0;
    while (option.HasParser() && kParsers.functions[parser] != option.parse_word) ++parser;
    writer.Byte(static_cast<unsigned>(option.kind) | static_cast<unsigned>(option.settings)
                                                         << PackedOption::kKindBits);
    writer.Byte(option.flags | (takes_rest ? PackedOption::kTakesRest : 0U) |
                static_cast<unsigned>(parser) << PackedOption::kFlagBits);
    writer.Byte(static_cast<uint8_t>(option.short_name()));
    writer.Byte(option.field);
    writer.Byte(option.value);
    for (size_t i = 0; i < option.settings; ++i) {
      writer.Byte(option.also[i].field);
      writer.Byte(option.also[i].value);
    }
    writer.Text(option.long_name());
    writer.Byte(0);
    writer.Text(option.words == nullptr ? "" : option.words);
    writer.Byte(0);
  }

  // Where options are the documentation's alone, there are none to be parsed.
  static constexpr bool kParses = kDescription.help == Description::Help::kAnywhere;

  static consteval size_t WriteRecords(char* bytes) {
    Writer writer{bytes};
    if constexpr (kParses) {
      for (const Option& option : kDescription.options) WriteRecord(option, writer);
      for (const Option& option : kCommonOptions) WriteRecord(option, writer);
    }
    writer.Byte(0);
    return writer.size;
  }

  // Each parser once.
  static consteval size_t WriteParsers(WordParser* functions) {
    size_t count = 0;
    for (size_t i = 0; i < kDescription.options.size(); ++i) {
      const WordParser parser = kDescription.options[i].parse_word;
      if (!kDescription.options[i].HasParser()) continue;
      bool is_new = true;
      for (size_t j = 0; j < i; ++j) {
        is_new &=
            !(kDescription.options[j].HasParser() && kDescription.options[j].parse_word == parser);
      }
      if (!is_new) continue;
      if (functions != nullptr) functions[count] = parser;
      ++count;
    }
    return count;
  }
  static constexpr size_t kParserCount = kParses ? WriteParsers(nullptr) : 0;
  // In structs: an array by itself would be aligned to 16 bytes.
  struct Parsers {
    WordParser functions[Max(kParserCount, size_t{1})] = {};
    consteval Parsers() {
      if (kParses) WriteParsers(functions);
    }
  };
  static constexpr Parsers kParsers{};

  struct Records {
    char bytes[WriteRecords(nullptr)] = {};
    consteval Records() { WriteRecords(bytes); }
  };
  static constexpr Records kRecords{};

  struct Help {
    char bytes[WriteHelp(nullptr)] = {};
    consteval Help() { WriteHelp(bytes); }
  };
  static constexpr Help kHelp{};
};

// What programs carry of `kDescription`.
template <const auto& kDescription>
consteval Command Packed() {
  return CommandPacker<kDescription>::Get();
}

// Which group of `words` (see Option::words) has `text`, or words that begin with it; kNoWord when
// there is none, kManyWords when several have.
inline constexpr int kNoWord = -1;
inline constexpr int kManyWords = -2;
[[nodiscard]] int FindWord(const char* words, StringView text);

// Stores in `field` which group of `words` has `argument`, or one word that begins with it. If none
// has, reports that as wrong for `option` ("--name", or "-x") and returns false.
bool TakeWord(const Context& context, StringView option, const char* words, StringView argument,
              char* field);
// The WordParser of Word() and OptionalWord().
bool ParseWord(const Context& context, const Command& command, PackedOption option,
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
  option.also[option.settings++] = {.field = static_cast<uint16_t>(field),
                                    .value = static_cast<uint8_t>(value)};
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

// Reads context.arguments: options into the struct at `options`; what remains in context.arguments
// are the operands, in order. Options may come after operands (unless stops_at_operand), and
// everything after `--` is an operand; clusters, --long=value, and unambiguous beginnings of long
// names are understood. Answers --help and --version. Returns true when the utility is to go on;
// otherwise `status` is what it ends with.
[[nodiscard]] bool ParseOptions(Context& context, const Command& command, void* options,
                                int* status);

// For utilities whose operands may look like options: answers --help or --version when that is all
// there is. Returns whether it was; then `status` is what the utility ends with.
[[nodiscard]] bool AnswersHelp(const Context& context, const Command& command, int* status);

// "program: operand: reason" (data() nullptr: no operand) and where help is to be found, as after a
// wrong option. Returns command.usage_status.
inline int UsageError(const Context& context, const Command& command, StringView operand,
                      StringView reason) {
  ReportUsage(context, operand, reason);
  return command.usage_status;
}

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_OPTIONS_H_
