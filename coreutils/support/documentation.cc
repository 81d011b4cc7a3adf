// SPDX-License-Identifier: MIT
#include "coreutils/support/documentation.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace cation::documentation {
namespace {

// What shells may put in the place of an argument.
enum class Completes { kNothing, kFiles, kDirectories };

Completes CompletesAs(absl::string_view variable) {
  if (variable == "DIRECTORY") return Completes::kDirectories;
  if (variable == "FILE" || variable == "SOURCE" || variable == "DEST") return Completes::kFiles;
  return Completes::kNothing;
}

// An option as the outputs want it.
struct Entry {
  std::string short_name;  // "a", or empty
  std::string long_name;   // "all", or empty
  std::string variable;    // "WHEN", or empty: no argument
  bool optional = false;   // the argument; then only the long form takes one
  std::string help;
  // The words that its argument can be, synonyms together; empty: something else.
  std::vector<std::vector<std::string>> words;

  [[nodiscard]] bool takes_argument() const { return !variable.empty(); }
  // Whether the short form has an argument.
  [[nodiscard]] bool short_takes_argument() const { return takes_argument() && !optional; }
  [[nodiscard]] Completes completes() const { return CompletesAs(variable); }
  [[nodiscard]] std::vector<std::string> AllWords() const {
    std::vector<std::string> all;
    for (const std::vector<std::string>& group : words) {
      all.insert(all.end(), group.begin(), group.end());
    }
    return all;
  }
};

Entry EntryOf(const Option& option) {
  Entry entry;
  if (option.short_name() != '\0') entry.short_name = std::string(1, option.short_name());
  const StringView long_name = option.long_name();
  entry.long_name = std::string(long_name.data(), long_name.size());
  entry.help = option.help;
  const absl::string_view spelling = option.spelling;
  const size_t equals = spelling.find('=');
  if (equals != absl::string_view::npos) {
    entry.optional = spelling[equals - 1] == '[';
    entry.variable = std::string(spelling.substr(equals + 1));
    if (entry.optional) entry.variable.pop_back();  // ]
  } else if (option.NeedsArgument()) {
    entry.variable = std::string(spelling.substr(spelling.rfind(' ') + 1));  // "-w COLUMNS"
  }
  const bool has_words =
      option.kind == Option::Kind::kWord || option.kind == Option::Kind::kOptionalWord;
  if (has_words && option.words != nullptr) {
    for (const absl::string_view group : absl::StrSplit(option.words, '|')) {
      const std::vector<std::string> synonyms = absl::StrSplit(group, ' ', absl::SkipEmpty());
      if (!synonyms.empty()) entry.words.push_back(synonyms);
    }
  }
  return entry;
}

std::vector<Entry> EntriesOf(const Description& command) {
  std::vector<Entry> entries;
  for (const Span<const Option> options : {command.options, Span<const Option>(kCommonOptions)}) {
    for (const Option& option : options) {
      if (!option.IsHidden()) entries.push_back(EntryOf(option));
    }
    if (command.help == Description::Help::kNowhere) break;
  }
  return entries;
}

// What the operands are: files, unless the usage speaks of directories only.
Completes OperandsOf(const Description& command) {
  bool directories = false;
  for (const absl::string_view word : absl::StrSplit(command.usage, absl::ByAnyChar(" \n[].|"))) {
    if (CompletesAs(word) == Completes::kFiles) return Completes::kFiles;
    if (CompletesAs(word) == Completes::kDirectories) directories = true;
  }
  return directories ? Completes::kDirectories : Completes::kFiles;
}

// Where a completion comes from, after a comment sign.
std::string Origin(const Subject& subject) {
  return absl::StrCat("# SPDX-License-Identifier: MIT\n# ", subject.name, " of Cation ",
                      subject.version, ", made from its table of options.\n");
}

// ------------------------------------------------------------------------------------ manual page

// Text for troff: nothing in it is an escape or another character than is written. Lines() sees to
// the other thing, requests.
std::string Troff(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"\\", "\\(rs"},
                                    {"-", "\\-"},
                                    {"\"", "\\(dq"},
                                    {"'", "\\(aq"},
                                    {"`", "\\(ga"},
                                    {"^", "\\(ha"},
                                    {"~", "\\(ti"}});
}

// The text, parted at blanks into lines of at most 80 bytes, none of which is a request.
std::string Lines(absl::string_view text) {
  constexpr size_t kLineSize = 80;
  std::string lines;
  size_t room = 0;
  for (const absl::string_view word : absl::StrSplit(text, ' ')) {
    const absl::string_view guard = absl::StartsWith(word, ".") ? "\\&" : "";
    if (word.size() < room) {
      absl::StrAppend(&lines, " ", word);
      room -= word.size() + 1;
    } else {
      absl::StrAppend(&lines, lines.empty() ? "" : "\n", guard, word);
      const size_t size = guard.size() + word.size();
      room = size < kLineSize ? kLineSize - size : 0;
    }
  }
  return lines + "\n";
}

std::string Bold(absl::string_view text) { return absl::StrCat("\\fB", Troff(text), "\\fR"); }
std::string Italic(absl::string_view text) { return absl::StrCat("\\fI", Troff(text), "\\fR"); }

// A help text or a summary: variables are italic, options bold.
std::string Prose(absl::string_view text) {
  std::vector<std::string> words;
  for (const absl::string_view word : absl::StrSplit(text, ' ')) {
    size_t start = 0;
    while (start < word.size() && (word[start] == '(' || word[start] == '[')) ++start;
    size_t end = start;
    while (end < word.size() && !absl::StrContains(",;:)].", word.substr(end, 1))) ++end;
    const absl::string_view core = word.substr(start, end - start);
    bool capitals = core.size() > 1;
    for (const char c : core) capitals = capitals && absl::ascii_isupper(c);
    const bool option = core.size() > 1 && core[0] == '-' &&
                        (absl::ascii_isalnum(core[1]) || (core[1] == '-' && core.size() > 2));
    const std::string marked = option ? Bold(core) : capitals ? Italic(core) : Troff(core);
    words.push_back(absl::StrCat(Troff(word.substr(0, start)), marked, Troff(word.substr(end))));
  }
  return absl::StrJoin(words, " ");
}

// One usage line: "[OPTION]... [FILE]..."
std::string UsageLine(absl::string_view name, absl::string_view usage) {
  std::string out = Bold(name);
  out += ' ';
  // Runs of capitals are variables, what begins with - is an option.
  for (size_t i = 0; i < usage.size();) {
    size_t end = i;
    while (end < usage.size() && absl::ascii_isupper(usage[end])) ++end;
    if (end > i) {
      out += Italic(usage.substr(i, end - i));
    } else if (usage[i] == '-') {
      while (end < usage.size() && (usage[end] == '-' || absl::ascii_isalnum(usage[end]))) ++end;
      out += Bold(usage.substr(i, end - i));
    } else {
      out += usage[i];
      ++end;
    }
    i = end;
  }
  return out;
}

// The first sentence's first part, as a line of whatis: "writes each FILE to standard output".
std::string OneLine(absl::string_view summary) {
  size_t end = 0;
  while (end < summary.size() && !absl::StrContains(".;:", summary.substr(end, 1))) ++end;
  std::string line(summary.substr(0, end));
  if (!line.empty()) line[0] = absl::ascii_tolower(line[0]);
  return line;
}

std::string Tag(const Entry& entry) {
  std::vector<std::string> forms;
  if (!entry.short_name.empty()) {
    forms.push_back(Bold("-" + entry.short_name));
    if (entry.long_name.empty() && entry.takes_argument()) {
      forms.back() += " " + Italic(entry.variable);
    }
  }
  if (!entry.long_name.empty()) {
    std::string form = Bold("--" + entry.long_name);
    if (entry.takes_argument()) {
      form += entry.optional ? absl::StrCat("[=", Italic(entry.variable), "]")
                             : absl::StrCat("=", Italic(entry.variable));
    }
    forms.push_back(form);
  }
  return absl::StrJoin(forms, ", ");
}

// The words of an argument, synonyms together.
std::string Words(const Entry& entry) {
  std::vector<std::string> groups;
  groups.reserve(entry.words.size());
  for (const std::vector<std::string>& group : entry.words) {
    const auto bold = [](std::string* out, const std::string& word) { *out += Bold(word); };
    groups.push_back(absl::StrJoin(group, " or ", bold));
  }
  return absl::StrCat(Italic(entry.variable), " is ", absl::StrJoin(groups, "; "), ".");
}

// ---------------------------------------------------------------------------------------- shells

// Between single quotes of a POSIX shell.
std::string ShellQuoted(absl::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

// Between single quotes of fish.
std::string FishQuoted(absl::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
}

// Inside a specification of zsh's _arguments, which parts it at these.
std::string ZshText(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"\\", "\\\\"}, {":", "\\:"}, {"[", "\\["}, {"]", "\\]"}});
}

// What follows the option's help in such a specification.
std::string ZshArgument(const Entry& entry) {
  std::string action = " ";
  if (!entry.words.empty()) {
    action = absl::StrCat("(", absl::StrJoin(entry.AllWords(), " "), ")");
  } else if (entry.completes() == Completes::kFiles) {
    action = "_files";
  } else if (entry.completes() == Completes::kDirectories) {
    action = "_files -/";
  }
  return absl::StrCat(entry.optional ? "::" : ":", entry.variable, ":", action);
}

}  // namespace

std::string ManualPage(const Subject& subject) {
  const Description& command = *subject.command;
  const std::string date = subject.date == "unknown" ? "" : subject.date;
  std::string page =
      absl::StrCat(".\\\" SPDX-License-Identifier: MIT\n.\\\" Made from the table of ",
                   subject.name, "'s options.\n.TH ", absl::AsciiStrToUpper(subject.name), " 1 \"",
                   date, "\" \"Cation ", subject.version, "\" \"User Commands\"\n.SH NAME\n",
                   Lines(absl::StrCat(subject.name, " \\- ", Troff(OneLine(command.summary)))),
                   ".SH SYNOPSIS\n");
  absl::string_view between;
  for (const absl::string_view usage : absl::StrSplit(command.usage, '\n')) {
    absl::StrAppend(&page, between, Lines(UsageLine(subject.name, usage)));
    between = ".br\n";
  }
  absl::StrAppend(&page, ".SH DESCRIPTION\n", Lines(Prose(command.summary)));
  if (command.help == Description::Help::kAnywhere) {
    absl::StrAppend(
        &page, ".SH OPTIONS\n",
        Lines(Prose("Options may come after operands; all that follows -- is an operand. The "
                    "beginning of a long name or of a word is enough where it is the only one that "
                    "begins so. What a long option needs as its argument, its short form needs "
                    "too.")));
  } else if (command.help == Description::Help::kAlone) {
    absl::StrAppend(&page, ".SH OPTIONS\n",
                    Lines(Prose("Options come before operands; --help and --version are options "
                                "where there is no other argument.")));
  }
  for (const Entry& entry : EntriesOf(command)) {
    absl::StrAppend(&page, ".TP\n", Lines(Tag(entry)), Lines(Prose(entry.help)));
    // Not of --preserve-root[=all].
    const std::vector<std::string> words = entry.AllWords();
    const bool says_itself = words.size() == 1 && words[0] == entry.variable;
    if (!words.empty() && !says_itself) absl::StrAppend(&page, ".br\n", Lines(Words(entry)));
  }
  const auto add_status = [&page](int status, absl::string_view meaning) {
    absl::StrAppend(&page, ".TP\n.B ", status, "\n", Lines(meaning));
  };
  page += ".SH EXIT STATUS\n";
  if (command.statuses != nullptr) {
    for (const absl::string_view line : absl::StrSplit(command.statuses, '\n')) {
      const std::pair<absl::string_view, absl::string_view> parts =
          absl::StrSplit(line, absl::MaxSplits(' ', 1));
      absl::StrAppend(&page, ".TP\n.B ", parts.first, "\n", Lines(Prose(parts.second)));
    }
    return page;
  }
  add_status(0, "All that was asked for has been done.");
  if (command.usage_status == 1) {
    add_status(1,
               "Something was not done, or an option was wrong; messages on standard error say "
               "what.");
  } else {
    add_status(1, "A part could not be done; messages on standard error say what.");
    add_status(command.usage_status,
               "An option was wrong, or an operand could not be reached; messages on standard "
               "error say what.");
  }
  return page;
}

std::string BashCompletion(const Subject& subject) {
  const std::vector<Entry> entries = EntriesOf(*subject.command);
  std::vector<std::string> offered;
  std::string letters;           // short options without an argument
  std::string letters_argument;  // and those with one
  std::string cases;
  for (const Entry& entry : entries) {
    std::vector<std::string> patterns;
    if (!entry.short_name.empty()) {
      offered.push_back("-" + entry.short_name);
      if (entry.short_takes_argument()) {
        letters_argument += entry.short_name;
        patterns.push_back("-" + entry.short_name);
      } else {
        letters += entry.short_name;
      }
    }
    if (!entry.long_name.empty()) {
      offered.push_back(
          absl::StrCat("--", entry.long_name, entry.short_takes_argument() ? "=" : ""));
      if (entry.takes_argument()) patterns.push_back("--" + entry.long_name);
    }
    if (patterns.empty()) continue;
    std::string what = ":";
    if (!entry.words.empty()) {
      what = absl::StrCat("words=", ShellQuoted(absl::StrJoin(entry.AllWords(), " ")));
    } else if (entry.completes() == Completes::kFiles) {
      what = "files=-f";
    } else if (entry.completes() == Completes::kDirectories) {
      what = "files=-d";
    }
    absl::StrAppend(&cases, "      ", absl::StrJoin(patterns, " | "), ") ", what, " ;;\n");
  }
  std::vector<std::string> separate;  // long options whose argument may be the next word
  for (const Entry& entry : entries) {
    if (!entry.long_name.empty() && entry.short_takes_argument()) {
      separate.push_back("--" + entry.long_name);
    }
  }

  std::string out = Origin(subject);
  // [ would not do for a function.
  const bool is_word = absl::ascii_isalnum(subject.name[0]);
  const std::string function = absl::StrCat("_cation_", is_word ? subject.name : "bracket");
  absl::StrAppend(&out, function, R"(() {
  local word=${COMP_WORDS[COMP_CWORD]} before= option= prefix= words= files= i
  ((COMP_CWORD < 1)) || before=${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  # Readline parts words at =, unless COMP_WORDBREAKS is without it.
  if [[ $word == '=' ]]; then
    option=$before word=
  elif [[ $before == '=' ]] && ((COMP_CWORD > 2)); then
    option=${COMP_WORDS[COMP_CWORD - 2]}
    [[ $option == --* ]] || option=
  elif [[ $word == --*=* ]]; then
    option=${word%%=*} prefix=${word%%=*}= word=${word#*=}
)");
  if (!letters_argument.empty()) {
    // -w, and -lw: the last of a cluster.
    absl::StrAppend(&out, "  elif [[ $before =~ ^-",
                    letters.empty() ? "" : absl::StrCat("[", letters, "]*"), "([", letters_argument,
                    "])$ ]]; then\n    option=-${BASH_REMATCH[1]}\n");
  }
  if (!separate.empty()) {
    absl::StrAppend(&out, "  elif [[ ' ", absl::StrJoin(separate, " "),
                    " ' == *\" $before \"* && -n $before ]]; then\n    option=$before\n");
  }
  absl::StrAppend(&out, R"(  fi
  # After -- there are operands only.
  for ((i = 1; i < COMP_CWORD; ++i)); do
    [[ ${COMP_WORDS[i]} != -- ]] || option=--
  done
  if [[ $option == -- || ( -z $option && $word != -* ) ]]; then
    files=)",
                  OperandsOf(*subject.command) == Completes::kDirectories ? "-d" : "-f", R"(
  elif [[ -n $option ]]; then
    case $option in
)",
                  cases, R"(      *) ;;
    esac
  else
    words=)",
                  ShellQuoted(absl::StrJoin(offered, " ")), R"(
  fi
  if [[ -n $files ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen "$files" -- "$word")
  elif [[ -n $words ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
    [[ ${#COMPREPLY[@]} != 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null
  fi
  [[ -z $prefix || -n $files ]] || COMPREPLY=("${COMPREPLY[@]/#/$prefix}")
}
complete -F )",
                  function, " ", subject.name, "\n");
  return out;
}

std::string ZshCompletion(const Subject& subject) {
  std::string out =
      absl::StrCat("#compdef ", subject.name, "\n", Origin(subject), "_arguments -s -S");
  const auto add = [&out](const std::string& specification) {
    absl::StrAppend(&out, " \\\n  ", ShellQuoted(specification));
  };
  for (const Entry& entry : EntriesOf(*subject.command)) {
    const std::string help = absl::StrCat("[", ZshText(entry.help), "]");
    // One form is enough, but for those with arguments, which may come again.
    std::vector<std::string> forms;
    if (!entry.short_name.empty()) forms.push_back("-" + entry.short_name);
    if (!entry.long_name.empty()) forms.push_back("--" + entry.long_name);
    const std::string before =
        entry.takes_argument() ? "*" : absl::StrCat("(", absl::StrJoin(forms, " "), ")");
    if (!entry.short_name.empty()) {
      const bool argument = entry.short_takes_argument();
      add(absl::StrCat(before, "-", entry.short_name, argument ? "+" : "", help,
                       argument ? ZshArgument(entry) : ""));
    }
    if (!entry.long_name.empty()) {
      const absl::string_view joint = !entry.takes_argument() ? "" : entry.optional ? "=-" : "=";
      add(absl::StrCat(before, "--", entry.long_name, joint, help,
                       entry.takes_argument() ? ZshArgument(entry) : ""));
    }
  }
  add(OperandsOf(*subject.command) == Completes::kDirectories ? "*:directory:_files -/"
                                                              : "*:file:_files");
  absl::StrAppend(&out, "\n");
  return out;
}

std::string FishCompletion(const Subject& subject) {
  std::string out = Origin(subject);
  const std::string start = absl::StrCat("complete -c ", subject.name);
  if (OperandsOf(*subject.command) == Completes::kDirectories) {
    absl::StrAppend(&out, start, " -f -a '(__fish_complete_directories)'\n");
  }
  for (const Entry& entry : EntriesOf(*subject.command)) {
    const std::string help = absl::StrCat(" -d ", FishQuoted(entry.help), "\n");
    const std::string short_form =
        entry.short_name.empty() ? "" : absl::StrCat(" -s ", entry.short_name);
    const std::string long_form =
        entry.long_name.empty() ? "" : absl::StrCat(" -l ", entry.long_name);
    if (!entry.takes_argument()) {
      absl::StrAppend(&out, start, short_form, long_form, help);
      continue;
    }
    // -r: it needs its argument; -f: which is no file.
    std::string argument = entry.optional ? "" : " -r";
    if (!entry.words.empty()) {
      absl::StrAppend(&argument, " -f -a ", FishQuoted(absl::StrJoin(entry.AllWords(), " ")));
    } else if (entry.completes() == Completes::kDirectories) {
      argument += " -f -a '(__fish_complete_directories)'";
    } else if (entry.completes() == Completes::kFiles) {
      argument += " -F";
    } else {
      argument += " -f";
    }
    if (entry.optional && !short_form.empty()) {
      absl::StrAppend(&out, start, short_form, help, start, long_form, argument, help);
    } else {
      absl::StrAppend(&out, start, short_form, long_form, argument, help);
    }
  }
  return out;
}

}  // namespace cation::documentation
