// SPDX-License-Identifier: MIT
//
// suggest: which command somebody may have meant who typed one that there is not. In no standard;
// for Ion's function COMMAND_NOT_FOUND:
//   fn COMMAND_NOT_FOUND command
//       suggest -- $command > /dev/stderr
//       return 127
//   end
//
// Near is what takes few steps: a byte more, less or another, or two neighbours in the other's
// place; one step for names of up to three bytes, two up to seven, three for longer ones; the
// nearest are printed, five at most. The directories of PATH are read once each, and nothing in
// them is looked at: what is there may be no program. Ion's builtins are names, too. If the file of
// packages (lines "COMMAND PACKAGE") has the name, its package is named as well. Directories that
// cannot be read have nothing to suggest. The status is 0 if there was something to print, 1 if
// not.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/find_program.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/quote.h"
#include "coreutils/support/read_file.h"

namespace cation {
namespace {

constexpr int kTrouble = 2;
// Longer names are compared with nothing.
constexpr size_t kLongestName = 64;
constexpr size_t kMostSuggestions = 5;
constexpr const char* kPackages = "/usr/share/cation/packages";

struct Options {
  const char* packages = kPackages;
};

constexpr Option kOptions[] = {
    Value("-p, --packages=FILE", offsetof(Options, packages),
          "which package has a command, in lines COMMAND PACKAGE; /usr/share/cation/packages"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... NAME",
    .summary = "Prints which commands have a name that is near to NAME, if there are any.",
    .options = kOptions,
    .usage_status = kTrouble,
    .statuses = "0 something was printed\n1 nothing is near\n2 wrong use, or an error",
};
constexpr Command kCommand = Packed<kDescription>();

constexpr const char kBuiltins[] =
    "alias bg bool cd contains debug dirs disown drop echo ends-with eq eval exec exists exit "
    "export "
    "false fg fn for help history if is isatty jobs keybindings let mapfile match matches math "
    "popd "
    "pushd random read return set source starts-with status suspend test true type unalias wait "
    "which while";

// Steps from one name to the other, each byte taking part in one at most; `limit` + 1 for all that
// is more than `limit`. (Optimal string alignment.)
size_t Distance(StringView from, StringView to, size_t limit) {
  const size_t longer = Max(from.size(), to.size());
  if (longer - Min(from.size(), to.size()) > limit || longer > kLongestName) return limit + 1;
  uint8_t rows[3][kLongestName + 1] = {};
  uint8_t* before_last = rows[0];
  uint8_t* last = rows[1];
  uint8_t* row = rows[2];
  for (size_t i = 0; i <= to.size(); ++i) last[i] = static_cast<uint8_t>(i);
  for (size_t i = 1; i <= from.size(); ++i) {
    row[0] = static_cast<uint8_t>(i);
    size_t least = row[0];
    for (size_t j = 1; j <= to.size(); ++j) {
      const bool same = from[i - 1] == to[j - 1];
      size_t steps = last[j - 1] + (same ? 0U : 1U);
      steps = Min(steps, Min(last[j], row[j - 1]) + size_t{1});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
        steps = Min(steps, before_last[j - 2] + size_t{1});
      row[j] = static_cast<uint8_t>(steps);
      least = Min(least, steps);
    }
    // The next row may come from the one before by two neighbours.
    if (least > limit + 1) return limit + 1;
    uint8_t* const free = before_last;
    before_last = last;
    last = row;
    row = free;
  }
  return Min(size_t{last[to.size()]}, limit + 1);
}

class Suggest {
 public:
  Suggest(const Context& context, const Options& options, StringView name)
      : context_(context),
        options_(options),
        name_(name),
        limit_(name.size() <= 3   ? 1
               : name.size() <= 7 ? 2
                                  : 3) {}

  Result<void> Look() {
    if (name_.empty() || name_.size() > kLongestName || name_.Find('/') != StringView::kNotFound)
      return {};
    for (StringView rest(kBuiltins); !rest.empty();) CATION_TRY(Offer(Word(rest, ' ')));
    const char* const path = Environment(context_, "PATH");
    String directory;
    for (StringView rest(path != nullptr ? path : kDefaultPath); !rest.empty();) {
      const StringView folder = Word(rest, ':');
      directory.Truncate(0);
      CATION_TRY(directory.Append(folder.empty() ? StringView(".") : folder));
      const Result<void> read = ReadDirectory(directory.c_str());
      if (!read.ok() && read.error() == abi::kENOMEM) return read;
    }
    const Result<void> asked = AskPackages();
    if (!asked.ok() && asked.error() == abi::kENOMEM) return asked;
    return {};
  }

  // Returns whether there is anything.
  Result<bool> Print(Output& out) {
    String line;
    for (size_t i = 0; i < count_ && found_[i].distance == found_[0].distance; ++i) {
      CATION_TRY(line.Append(i == 0 ? "did you mean: " : ", "));
      CATION_TRY(AppendQuoted(line, found_[i].name.view()));
    }
    if (count_ != 0) CATION_TRY(line.Append("?\n"));
    if (!package_.empty()) {
      CATION_TRY(AppendQuoted(line, name_));
      CATION_TRY(line.Append(" is in the package "));
      CATION_TRY(AppendQuoted(line, package_.view()));
      CATION_TRY(line.Append('\n'));
    }
    out.Write(line.view());
    return !line.empty();
  }

 private:
  struct Suggestion {
    String name;
    size_t distance = 0;
  };

  // Takes what is before the next `end` from the front.
  static StringView Word(StringView& rest, char end) {
    const size_t size = Min(rest.Find(end), rest.size());
    const StringView word = rest.First(size);
    rest = rest.From(Min(size + 1, rest.size()));
    return word;
  }

  Result<void> ReadDirectory(const char* path) {
    CATION_TRY_ASSIGN(const sys::Descriptor opened,
                      sys::Open(sys::At(path), sys::kRead | sys::kDirectory));
    const sys::File directory(opened);
    sys::DirectoryReader reader(opened);
    for (;;) {
      CATION_TRY_ASSIGN(const sys::DirectoryEntry* const entry, reader.Next());
      if (entry == nullptr) return {};
      if (entry->type != sys::FileType::kDirectory) CATION_TRY(Offer(entry->name));
    }
  }

  // Keeps the nearest, each once; of the same distance in the order of bytes.
  Result<void> Offer(StringView name) {
    const size_t distance = Distance(name_, name, limit_);
    // What is there by that very name cannot be run: explain says why.
    if (distance > limit_ || distance == 0) return {};
    // As good as all others that are as long: nothing is left of the name.
    if (distance >= name_.size()) return {};
    size_t place = 0;
    for (; place < count_; ++place) {
      const Suggestion& other = found_[place];
      if (other.name.view() == name) return {};
      if (distance < other.distance ||
          (distance == other.distance && IsBefore(name, other.name.view())))
        break;
    }
    if (place == kMostSuggestions) return {};
    CATION_TRY_ASSIGN(String copy, String::From(name));
    if (count_ < kMostSuggestions) ++count_;
    for (size_t i = count_ - 1; i > place; --i) Swap(found_[i], found_[i - 1]);
    found_[place].name = Move(copy);
    found_[place].distance = distance;
    return {};
  }

  static bool IsBefore(StringView a, StringView b) {
    const int order = __builtin_memcmp(a.data(), b.data(), Min(a.size(), b.size()));
    return order != 0 ? order < 0 : a.size() < b.size();
  }

  Result<void> AskPackages() {
    String text;
    CATION_TRY(ReadFile(options_.packages, text));
    for (StringView rest = text.view(); !rest.empty();) {
      StringView line = Word(rest, '\n');
      if (!(Word(line, ' ') == name_)) continue;
      if (line.EndsWith("\r")) line = line.First(line.size() - 1);
      return package_.Append(line);
    }
    return {};
  }

  const Context& context_;
  const Options& options_;
  StringView name_;
  size_t limit_;
  Suggestion found_[kMostSuggestions];
  size_t count_ = 0;
  String package_;
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const Span<char*> names = context.arguments;
  if (names.empty()) return UsageError(context, kCommand, {nullptr, 0}, "missing operand");
  if (names.size() > 1) return UsageError(context, kCommand, names[1], "extra operand");
  Suggest suggest(context, options, names[0]);
  Output out(context);
  const Result<void> looked = suggest.Look();
  const Result<bool> printed = looked.ok() ? suggest.Print(out) : looked.error();
  if (!printed.ok()) {
    Report(context, names[0], printed.error());
    return kTrouble;
  }
  return out.Finish(printed.value() ? 0 : 1, kTrouble);
}

}  // namespace cation
