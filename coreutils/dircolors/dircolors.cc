// SPDX-License-Identifier: MIT
//
// dircolors: makes the value of LS_COLORS, which says how ls colours names, from a database of
// colours. GNU's program in options, format and output; not in POSIX.
//
// Differs from GNU:
// - The database that is built in is a selection of our own (-p shows it). The colours of types are
//   those that ls has without LS_COLORS (coreutils/support/file_colors.h).
// - --ion writes a line for Ion, which cannot evaluate what a Bourne shell can; it is the default
//   when SHELL is Ion.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/file_colors.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/pattern.h"
#include "coreutils/support/read_file.h"
#include "runtime/core/format.h"

namespace cation {
namespace {

enum class Form : uint8_t { kDefault, kBourne, kC, kIon, kDatabase, kColors };

struct Options {
  bool bourne = false;
  bool c = false;
  bool ion = false;
  bool database = false;
  bool colors = false;
};

constexpr Option kOptions[] = {
    Also(Flag("-b, --sh", offsetof(Options, bourne),
              "a command for a Bourne shell: eval \"$(dircolors -b)\""),
         offsetof(Options, c), false),
    Also(Flag("-c, --csh", offsetof(Options, c), "a command for a C shell"),
         offsetof(Options, bourne), false),
    Also(Flag("--bourne-shell", offsetof(Options, bourne), "the same as --sh"),
         offsetof(Options, c), false),
    Also(Flag("--c-shell", offsetof(Options, c), "the same as --csh"), offsetof(Options, bourne),
         false),
    Flag("-i, --ion", offsetof(Options, ion),
         "a line for Ion: dircolors -i > FILE; then, in initrc: source FILE"),
    Flag("-p, --print-database", offsetof(Options, database),
         "print the database that is built in, to be edited"),
    Flag("--print-ls-colors", offsetof(Options, colors), "print the colours, in colour"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... [FILE]",
    .summary =
        "Prints a command that sets LS_COLORS for ls, from the database FILE (- is standard input) "
        "or the one built in.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

// A kind of file in the database: the names that it may have there, the first as -p writes it.
struct Keyword {
  char key[2];
  const char* names;
};

constexpr Keyword kKeywords[] = {
    {{'r', 's'}, "RESET"},
    {{'d', 'i'}, "DIR"},
    {{'l', 'n'}, "LINK LNK SYMLINK"},
    {{'m', 'h'}, "MULTIHARDLINK"},
    {{'p', 'i'}, "FIFO PIPE"},
    {{'s', 'o'}, "SOCK"},
    {{'d', 'o'}, "DOOR"},
    {{'b', 'd'}, "BLK BLOCK"},
    {{'c', 'd'}, "CHR CHAR"},
    {{'o', 'r'}, "ORPHAN"},
    {{'m', 'i'}, "MISSING"},
    {{'s', 'u'}, "SETUID SUID"},
    {{'s', 'g'}, "SETGID SGID"},
    {{'c', 'a'}, "CAPABILITY"},
    {{'t', 'w'}, "STICKY_OTHER_WRITABLE OWT"},
    {{'o', 'w'}, "OTHER_WRITABLE OWR"},
    {{'s', 't'}, "STICKY"},
    {{'e', 'x'}, "EXEC"},
    {{'n', 'o'}, "NORMAL NORM"},
    {{'f', 'i'}, "FILE"},
    {{'l', 'c'}, "LEFT LEFTCODE"},
    {{'r', 'c'}, "RIGHT RIGHTCODE"},
    {{'e', 'c'}, "END ENDCODE"},
    {{'c', 'l'}, "CLRTOEOL"},
};
static_assert(sizeof(kKeywords) / sizeof(kKeywords[0]) == kFileColorCount);

// Files by what their names end in.
struct Suffixes {
  const char* title;
  const char* color;
  const char* names;
};

constexpr Suffixes kSuffixes[] = {
    {"Archives, packages and images of disks", "01;31",
     ".7z .apk .ar .bz2 .cab .cpio .deb .dmg .ear .gz .img .iso .jar .lz .lz4 .lzma .pkgar .qcow2 "
     ".rar .rpm .squashfs .tar .taz .tbz .tbz2 .tgz .txz .tzst .war .whl .xz .zip .zst"},
    {"Pictures and films", "01;35",
     ".avi .avif .bmp .gif .heic .ico .jpeg .jpg .jxl .m4v .mkv .mov .mp4 .mpeg .mpg .ogv .pbm "
     ".pgm "
     ".png .ppm .qoi .svg .tga .tif .tiff .webm .webp .wmv .xcf .xpm"},
    {"Sound", "00;36", ".aac .flac .m4a .mid .midi .mp3 .oga .ogg .opus .wav .weba .wma"},
    {"What may go", "00;90", "*~ .bak .crdownload .old .orig .part .rej .swp .tmp"},
};

constexpr bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Takes the word at the front of a list of words.
StringView TakeWord(StringView& words) {
  const size_t end = Min(words.Find(' '), words.size());
  const StringView word = words.First(end);
  words = words.From(Min(end + 1, words.size()));
  return word;
}

bool EqualsIgnoringCase(StringView a, StringView b) {
  const auto upper = [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  };
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (upper(a[i]) != upper(b[i])) return false;
  }
  return true;
}

const Keyword* FindKeyword(StringView name) {
  for (const Keyword& keyword : kKeywords) {
    for (StringView names = keyword.names; !names.empty();) {
      if (EqualsIgnoringCase(TakeWord(names), name)) return &keyword;
    }
  }
  return nullptr;
}

// A code as the database writes it: an escape character as \e.
Result<void> AppendCode(String& text, StringView code) {
  for (const char c : code) {
    CATION_TRY(c == '\033' ? text.Append("\\e") : text.Append(c));
  }
  return {};
}

Result<void> AppendLine(String& text, StringView name, StringView code) {
  CATION_TRY(text.Append(name));
  CATION_TRY(text.Append(' '));
  CATION_TRY(AppendCode(text, code));
  return text.Append('\n');
}

// The database that is built in, as a file. Errors: ENOMEM.
Result<void> AppendDatabase(String& text) {
  CATION_TRY(text.Append(
      "# Colours of names for ls. Edit this, and make LS_COLORS of it:\n"
      "#   eval \"$(dircolors -b FILE)\"               in Bourne shells\n"
      "#   dircolors --ion FILE > COLORS; source COLORS   in Ion\n"
      "#\n"
      "# What follows a TERM or COLORTERM line counts where one of those directly before\n"
      "# it matches the variable of that name.\n"));
  CATION_TRY(text.Append("COLORTERM ?*\n"));
  for (size_t i = 0; i < kColorTerminalCount; ++i) {
    CATION_TRY(AppendLine(text, "TERM", kColorTerminals[i]));
  }
  CATION_TRY(
      text.Append("\n# Codes: 00 none, 01 bold, 04 underlined, 05 blinking, 07 reverse; 30 to 37 "
                  "black, red,\n# green, yellow, blue, magenta, cyan, white; 40 to 47 the same "
                  "behind the text; 90 to\n# 97 bright ones; 38;5;N one of 256.\n"));
  for (const Keyword& keyword : kKeywords) {
    for (const FileColorDefault& color : kFileColorDefaults) {
      if (__builtin_memcmp(color.key, keyword.key, sizeof(color.key)) != 0) continue;
      const bool is_frame = color.key[1] == 'c' || color.key[0] == 'c';
      StringView names = keyword.names;
      const StringView name = TakeWord(names);
      if (color.code == nullptr) {
        CATION_TRY(text.Append("# "));
        CATION_TRY(AppendLine(text, name, "00"));
      } else if (!is_frame || color.key[1] == 'd') {
        // How codes are framed need not be said: ls knows.
        CATION_TRY(AppendLine(text, name, color.code));
      }
    }
  }
  for (const Suffixes& suffixes : kSuffixes) {
    CATION_TRY(text.Append("\n# "));
    CATION_TRY(text.Append(suffixes.title));
    CATION_TRY(text.Append('\n'));
    for (StringView names = suffixes.names; !names.empty();) {
      const StringView name = TakeWord(names);

      CATION_TRY(AppendLine(text, name, suffixes.color));
    }
  }
  return {};
}

class Reader {
 public:
  Reader(const Context& context, StringView source, Form form)
      : context_(context), source_(source), form_(form) {
    const char* const type = Environment(context, "TERM");
    const char* const color = Environment(context, "COLORTERM");
    type_ = type == nullptr || *type == '\0' ? StringView("none") : StringView(type);
    color_ = color == nullptr ? StringView() : StringView(color);
  }

  // Appends the entries that `database` makes to `value`. Returns false after wrong lines, which
  // have been reported. Errors: ENOMEM.
  Result<bool> Read(StringView database, String& value) {
    bool good = true;
    for (size_t number = 1; !database.empty(); ++number) {
      const size_t end = Min(database.Find('\n'), database.size());
      const StringView line = database.First(end);
      database = database.From(Min(end + 1, database.size()));
      CATION_TRY_ASSIGN(const bool line_is_good, ReadLine(line, number, value));
      good &= line_is_good;
    }
    return good;
  }

 private:
  // Whether what follows counts: so far for all; not for this terminal; for it, and lines for other
  // terminals may follow; for it.
  enum class State : uint8_t { kForAll, kForOthers, kMatched, kForThis };

  Result<bool> ReadLine(StringView line, size_t number, String& value) {
    while (!line.empty() && IsSpace(line[0])) line = line.From(1);
    if (line.empty() || line[0] == '#') return true;
    size_t size = 0;
    while (size < line.size() && !IsSpace(line[size])) ++size;
    const StringView name = line.First(size);
    StringView argument = line.From(size);
    argument = argument.First(Min(argument.Find('#'), argument.size()));
    while (!argument.empty() && IsSpace(argument[0])) argument = argument.From(1);
    while (!argument.empty() && IsSpace(argument.back())) {
      argument = argument.First(argument.size() - 1);
    }
    if (argument.empty()) return Complain(number, "invalid line: missing second token", "");

    const bool is_terminal = EqualsIgnoringCase(name, "TERM");
    if (is_terminal || EqualsIgnoringCase(name, "COLORTERM")) {
      const StringView wanted = is_terminal ? type_ : color_;
      if (state_ != State::kMatched) {
        state_ = MatchesPattern(argument, wanted, LeadingDot::kIsPlain) ? State::kMatched
                                                                        : State::kForOthers;
      }
      return true;
    }
    if (state_ == State::kMatched) state_ = State::kForThis;
    if (state_ == State::kForOthers) return true;
    if (name[0] == '.' || name[0] == '*') {
      CATION_TRY(AppendEntry(value, name[0] == '.' ? "*" : "", name, argument));
      return true;
    }
    constexpr const char* kPassedOver[] = {"OPTIONS", "COLOR", "EIGHTBIT"};
    for (const char* const passed_over : kPassedOver) {
      if (EqualsIgnoringCase(name, passed_over)) return true;
    }
    const Keyword* const keyword = FindKeyword(name);
    if (keyword != nullptr) {
      CATION_TRY(AppendEntry(value, "", {keyword->key, sizeof(keyword->key)}, argument));
      return true;
    }
    // Before the first TERM line, what is not known may be another program's.
    return state_ == State::kForAll ? true : Complain(number, "unrecognized keyword ", name);
  }

  bool Complain(size_t number, StringView reason, StringView name) {
    String place;
    AddText(place, source_);
    AddText(place, ":");
    AddText(place, Digits(number));
    String text;
    AddText(text, reason);
    AddText(text, name);
    Report(context_, place.view(), text.view());
    return false;
  }

  Result<void> AppendEntry(String& value, StringView before, StringView name, StringView code) {
    if (form_ != Form::kColors) {
      CATION_TRY(value.Append(before));
      CATION_TRY(AppendEscaped(value, name));
      CATION_TRY(value.Append('='));
      CATION_TRY(AppendEscaped(value, code));
      return value.Append(':');
    }
    const StringView parts[] = {"\033[", code, "m", before, name, "\t", code, "\033[0m\n"};
    for (const StringView part : parts) CATION_TRY(value.Append(part));
    return {};
  }

  // With what would end an entry escaped, and what would end the quotes around the value.
  Result<void> AppendEscaped(String& value, StringView text) {
    bool is_escaped = false;
    for (const char c : text) {
      if (c == '\'') {
        // There is no quote within quotes in Ion: ls reads it by its number.
        CATION_TRY(value.Append(form_ == Form::kIon ? StringView("\\047") : "'\\''"));
        is_escaped = false;
        continue;
      }
      if ((c == ':' || c == '=') && !is_escaped) CATION_TRY(value.Append('\\'));
      is_escaped = (c == '\\' || c == '^') && !is_escaped;
      CATION_TRY(value.Append(c));
    }
    return {};
  }

  const Context& context_;
  StringView source_;
  Form form_;
  State state_ = State::kForAll;
  StringView type_;
  StringView color_;
};

// kDefault when there is no telling.
Form FormOfShell(const Context& context) {
  const char* const shell = Environment(context, "SHELL");
  if (shell == nullptr || *shell == '\0') return Form::kDefault;
  const StringView name = LastComponent(shell);
  if (name == "csh" || name == "tcsh") return Form::kC;
  return name == "ion" ? Form::kIon : Form::kBourne;
}

Result<void> ReadSource(const Context& context, const char* path, String& text) {
  if (path == nullptr) return AppendDatabase(text);
  return StringView(path) == "-" ? ReadAll(context.input, text) : ReadFile(path, text);
}

void WriteValue(Output& out, Form form, StringView value) {
  StringView before;
  StringView behind;
  switch (form) {
    case Form::kC:
      before = "setenv LS_COLORS '";
      behind = "'\n";
      break;
    case Form::kIon:
      before = "export LS_COLORS='";
      behind = "'\n";
      break;
    case Form::kColors:
      break;
    default:
      before = "LS_COLORS='";
      behind = "';\nexport LS_COLORS\n";
  }
  out.Write(before);
  out.Write(value);
  out.Write(behind);
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  constexpr StringView kNoOperand{nullptr, 0};
  const bool for_shell = options.bourne || options.c || options.ion;
  if (options.database && options.colors) {
    return UsageError(context, kCommand, kNoOperand,
                      "options --print-database and --print-ls-colors are mutually exclusive");
  }
  if (for_shell && (options.database || options.colors)) {
    return UsageError(context, kCommand, kNoOperand,
                      "what is printed, and a shell that it is for, are mutually exclusive");
  }
  const Span<char*> operands = context.arguments;
  if (operands.size() > (options.database ? 0U : 1U)) {
    return UsageError(
        context, kCommand, operands[options.database ? 0 : 1],
        options.database ? "no FILE can be given with --print-database" : "extra operand");
  }
  const Form form = options.ion        ? Form::kIon
                    : options.c        ? Form::kC
                    : options.bourne   ? Form::kBourne
                    : options.database ? Form::kDatabase
                    : options.colors   ? Form::kColors
                                       : FormOfShell(context);
  if (form == Form::kDefault) {
    Report(context,
           "SHELL is not set in the environment, and no option says which shell it is for");
    return 1;
  }

  const char* const path = operands.empty() ? nullptr : operands[0];
  String database;
  if (const Result<void> read = ReadSource(context, path, database); !read.ok()) {
    Report(context, path == nullptr ? kNoOperand : StringView(path), read.error());
    return 1;
  }
  Output out(context);
  if (form == Form::kDatabase) {
    out.Write(database.view());
    return out.Finish(0);
  }
  String value;
  const Result<bool> made =
      Reader(context, path == nullptr ? "built-in" : path, form).Read(database.view(), value);
  if (!made.ok()) {
    Report(context, made.error());
    return 1;
  }
  if (!made.value()) return 1;
  WriteValue(out, form, value.view());
  return out.Finish(0);
}

}  // namespace cation
