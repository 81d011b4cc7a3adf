// SPDX-License-Identifier: MIT
#include "image/init_scripts.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "image/resolve.h"
#include "image/toml.h"
#include "image/tree.h"

namespace cation::image {
namespace {

using Outcome = Resolution::Outcome;

constexpr absl::string_view kInitfs = "/scheme/initfs";
constexpr absl::string_view kElf =
    "\x7f"
    "ELF";
// Scripts run scripts; and an interpreter may be a script.
constexpr int kMaximumDepth = 16;
// As many as Resolve() follows.
constexpr int kMaximumLinks = 40;

// The path in the tree of one that a script names; false where that is not in the tree.
bool InTree(absl::string_view path, const InitView& view, std::string& in_tree) {
  const auto under = [&path](absl::string_view root) {
    return path == root || absl::StartsWith(path, absl::StrCat(root, "/"));
  };
  if (view.initfs) {
    // The directory in which init begins is the initfs.
    if (absl::ConsumePrefix(&path, "initfs:") || !absl::StartsWith(path, "/")) {
      in_tree = std::string(path);
      return !NamesScheme(path);
    }
    if (!under(kInitfs)) return false;
    in_tree = std::string(path.substr(kInitfs.size()));
    return true;
  }
  if (under("/scheme/file")) path.remove_prefix(absl::string_view("/scheme/file").size());
  absl::ConsumePrefix(&path, "file:");
  in_tree = std::string(path);
  return !NamesScheme(path) && path != "/scheme";
}

// What a path of the tree is called in it.
std::string Shown(const std::string& path, const InitView& view) {
  return absl::Utf8SafeCEscape(
      absl::StrCat(view.initfs ? kInitfs : absl::string_view(), "/", path));
}

uint64_t Number(absl::string_view bytes, uint64_t at, int width) {
  uint64_t value = 0;
  for (int i = width - 1; i >= 0; --i) {
    value = value << 8 | static_cast<uint8_t>(bytes[at + static_cast<uint64_t>(i)]);
  }
  return value;
}

// The program that an ELF of 64 bits names to load it; empty where there is none.
std::string InterpreterOfElf(absl::string_view file) {
  if (file.size() < 64 || file[4] != 2 || file[5] != 1) return "";
  const uint64_t table = Number(file, 32, 8);
  const uint64_t count = Number(file, 56, 2);
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t at = table + i * 56;
    if (table > file.size() || file.size() - table < (i + 1) * 56) return "";
    constexpr uint64_t kInterpreter = 3;
    if (Number(file, at, 4) != kInterpreter) continue;
    const uint64_t offset = Number(file, at + 8, 8);
    const uint64_t size = Number(file, at + 32, 8);
    if (offset > file.size() || size > file.size() - offset) return "";
    const absl::string_view name = file.substr(offset, size);
    return std::string(name.substr(0, name.find('\0')));
  }
  return "";
}

// The words after "#!".
std::vector<std::string> WordsOfFirstLine(absl::string_view file) {
  const absl::string_view line = file.substr(2, std::min(file.find('\n'), file.size()) - 2);
  return absl::StrSplit(line, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
}

// What `env` runs: its first word that is neither an option nor NAME=VALUE; empty where none is.
std::string RunByEnv(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (absl::StartsWith(word, "-") || absl::StrContains(word, '=')) continue;
    return word;
  }
  return "";
}

bool IsEnv(absl::string_view command) { return NameOf(command) == "env"; }

// Of PATH. The colon of "file:/bin", as older systems have it, parts nothing.
std::vector<std::string> Folders(absl::string_view path_value) {
  std::vector<std::string> folders;
  std::string scheme;
  for (const absl::string_view part : absl::StrSplit(path_value, ':')) {
    if (part == "file" || part == "initfs") {
      scheme = absl::StrCat(part, ":");
      continue;
    }
    folders.push_back(absl::StrCat(scheme, part));
    scheme.clear();
  }
  return folders;
}

// What is to be known of a file that is run.
struct Facts {
  bool script = false;
  std::vector<std::string> words;  // after "#!"
  bool elf = false;
  uint64_t machine = 0;
  std::string loader;
};

class Resolver {
 public:
  Resolver(Tree& tree, const InitView& view) : tree_(tree), view_(view) {}

  absl::StatusOr<Resolution> Command(absl::string_view command,  // NOLINT(misc-no-recursion)
                                     absl::string_view path_value, int depth) {
    if (command.empty()) return Failed(Outcome::kNotThere, "", "a command without a name");
    if (absl::StrContains(command, '/') || NamesScheme(command)) {
      return File(command, path_value, depth);
    }
    Resolution best = Failed(Outcome::kNotThere, "",
                             absl::StrCat("there is no ", command, " in ",
                                          path_value.empty() ? "an empty PATH" : path_value));
    for (const std::string& folder : Folders(path_value)) {
      absl::StatusOr<Resolution> here =
          File(absl::StrCat(folder.empty() ? "." : folder, "/", command), path_value, depth);
      if (!here.ok() || here->outcome == Outcome::kFound) return here;
      // The first that says more than that nothing is there.
      if (best.outcome == Outcome::kNotThere && here->outcome != Outcome::kNotThere) {
        best = *std::move(here);
      }
    }
    return best;
  }

  // Of a file, canonical. Programs are read whole, and one may have a hundred names: once each.
  absl::StatusOr<Facts> FactsOf(const std::string& path) {
    if (const auto known = facts_.find(path); known != facts_.end()) return known->second;
    const absl::StatusOr<std::string> file = tree_.Read(path);
    if (!file.ok()) return file.status();
    Facts facts;
    facts.script = absl::StartsWith(*file, "#!");
    if (facts.script) facts.words = WordsOfFirstLine(*file);
    facts.elf = file->size() >= 20 && absl::StartsWith(*file, kElf);
    if (facts.elf) {
      facts.machine = Number(*file, 18, 2);
      facts.loader = InterpreterOfElf(*file);
    }
    facts_[path] = facts;
    return facts;
  }

 private:
  static Resolution Failed(Outcome outcome, absl::string_view path, absl::string_view why) {
    return {outcome, std::string(path), std::string(why)};
  }

  // Something that is named by its path.
  absl::StatusOr<Resolution> File(absl::string_view name,  // NOLINT(misc-no-recursion)
                                  absl::string_view path_value, int depth) {
    std::string path;
    const auto elsewhere = [&name](absl::string_view through) {
      return Failed(Outcome::kElsewhere, name,
                    absl::StrCat(through.empty() ? name : through, " is not in this tree"));
    };
    if (!InTree(name, view_, path)) return elsewhere("");
    bool linked = false;
    Entry entry;
    for (int links = 0;; ++links) {
      const absl::StatusOr<std::string> way = Resolve(tree_, path, false);
      if (IsTreesFault(way.status())) return way.status();
      // A folder on the way that is a loop, no folder, or leads out of the tree.
      if (!way.ok()) return Failed(Outcome::kDangling, path, way.status().message());
      path = *way;
      const absl::StatusOr<Entry> there = tree_.Look(path);
      if (absl::IsNotFound(there.status())) {
        return linked ? Failed(Outcome::kDangling, path,
                               absl::StrCat(name, " is a link to /", path, ", which is not there"))
                      : Failed(Outcome::kNotThere, path,
                               absl::StrCat(Shown(path, view_), " is not there"));
      }
      if (!there.ok()) return there.status();
      entry = *there;
      if (entry.kind != Kind::kLink) break;
      if (links == kMaximumLinks) {
        return Failed(Outcome::kDangling, path, absl::StrCat(name, " is a loop of links"));
      }
      linked = true;
      if (NamesScheme(entry.target)) {
        if (!InTree(entry.target, view_, path)) {
          return elsewhere(absl::StrCat(name, ", a link to ", entry.target, ","));
        }
        continue;
      }
      path = absl::StartsWith(entry.target, "/") ? entry.target
                                                 : absl::StrCat(ParentOf(path), "/", entry.target);
    }
    const std::string shown = Shown(path, view_);
    if (entry.kind != Kind::kFile) {
      return Failed(Outcome::kNoProgram, path, absl::StrCat(shown, " is not a file"));
    }
    const Attributes& attributes = entry.attributes;
    const uint32_t bit = attributes.uid == 0 ? 0100 : attributes.gid == 0 ? 010 : 01;
    if ((attributes.mode & bit) == 0) {
      return Failed(Outcome::kNotExecutable, path, absl::StrCat(shown, " is not executable"));
    }
    return Content(path, path_value, depth);
  }

  // Whether an error is one of reading the tree, not of what is in it.
  static bool IsTreesFault(const absl::Status& status) {
    return !status.ok() && !absl::IsNotFound(status) && !absl::IsFailedPrecondition(status) &&
           !absl::IsInvalidArgument(status);
  }

  absl::StatusOr<Resolution> Content(const std::string& path,  // NOLINT(misc-no-recursion)
                                     absl::string_view path_value, int depth) {
    const absl::StatusOr<Facts> facts = FactsOf(path);
    if (!facts.ok()) return facts.status();
    const std::string shown = Shown(path, view_);
    if (facts->script) {
      const std::vector<std::string>& words = facts->words;
      if (words.empty()) {
        return Failed(Outcome::kNoProgram, path, absl::StrCat(shown, " has an empty #! line"));
      }
      std::vector<std::string> needed = {words[0]};
      if (IsEnv(words[0])) needed.push_back(RunByEnv({words.begin() + 1, words.end()}));
      return Interpreters(path, needed, path_value, depth);
    }
    if (!facts->elf) {
      return Failed(Outcome::kNoProgram, path,
                    absl::StrCat(shown, " is neither a program nor a script"));
    }
    if (view_.machine != 0 && facts->machine != view_.machine) {
      return Failed(Outcome::kOtherArchitecture, path,
                    absl::StrCat(shown, " is for another architecture (", facts->machine, ", not ",
                                 view_.machine, ")"));
    }
    if (facts->loader.empty()) return Resolution{Outcome::kFound, path, ""};
    return Interpreters(path, {facts->loader}, path_value, depth);
  }

  // What is at `path` runs if all of these do.
  absl::StatusOr<Resolution> Interpreters(const std::string& path,  // NOLINT(misc-no-recursion)
                                          const std::vector<std::string>& needed,
                                          absl::string_view path_value, int depth) {
    if (depth > kMaximumDepth) {
      return Failed(Outcome::kInterpreterMissing, path,
                    absl::StrCat(Shown(path, view_), " is run by itself"));
    }
    for (const std::string& interpreter : needed) {
      const absl::StatusOr<Resolution> resolution = Command(interpreter, path_value, depth + 1);
      if (!resolution.ok()) return resolution.status();
      if (resolution->outcome == Outcome::kFound) continue;
      return Failed(
          resolution->outcome == Outcome::kElsewhere ? Outcome::kElsewhere
                                                     : Outcome::kInterpreterMissing,
          path,
          absl::StrCat(Shown(path, view_), " needs ", interpreter, ", but ", resolution->why));
    }
    return Resolution{Outcome::kFound, path, ""};
  }

  Tree& tree_;
  const InitView& view_;
  std::map<std::string, Facts> facts_;
};

// Goes through scripts as init does.
class Scripts {
 public:
  Scripts(Tree& tree, const InitView& view, Resolver& resolver)
      : tree_(tree), view_(view), resolver_(resolver) {}

  absl::StatusOr<InitCommands> Read() {
    const absl::StatusOr<Entry> usr_bin = tree_.Look("usr/bin");
    variables_["PATH"] = view_.initfs                                        ? "/scheme/initfs/bin"
                         : usr_bin.ok() && usr_bin->kind == Kind::kDirectory ? "/usr/bin"
                                                                             : "/bin";
    const std::string default_path = variables_["PATH"];
    if (absl::Status status = Run("etc/init.rc", 0, ""); !status.ok()) return status;
    // init.rc of an initfs ends with the PATH of the root filesystem.
    variables_["PATH"] = default_path;
    absl::Status status =
        RunFolders({view_.initfs ? "lib/init.d" : "usr/lib/init.d", "etc/init.d"}, 0, "");
    if (!status.ok()) return status;
    return std::move(commands_);
  }

 private:
  // Errors of this kind say something of the tree's entries, not of the tree.
  static bool IsMissing(const absl::Status& status) {
    return absl::IsNotFound(status) || absl::IsFailedPrecondition(status) ||
           absl::IsInvalidArgument(status);
  }

  void Note(const std::string& where, absl::string_view what) {
    commands_.notes.push_back(absl::StrCat(where, where.empty() ? "" : ": ", what));
  }

  // Runs a script or a unit. `from` says where it is named, if anywhere.
  absl::Status Run(const std::string& name, int depth, const std::string& from) {  // NOLINT
    const absl::StatusOr<std::string> path = Resolve(tree_, name, true);
    if (!path.ok() && !IsMissing(path.status())) return path.status();
    const absl::StatusOr<std::string> text =
        path.ok() ? tree_.Read(*path) : absl::StatusOr<std::string>(path.status());
    if (!text.ok()) {
      if (!IsMissing(text.status())) return text.status();
      if (!from.empty()) {
        const std::string shown = Shown(std::string(absl::StripPrefix(name, "/")), view_);
        Note(from, absl::StrCat("runs ", shown, ", which is not there"));
      }
      return absl::OkStatus();
    }
    if (!done_.insert(*path).second) return absl::OkStatus();
    if (depth > kMaximumDepth) {
      Note(from, "scripts run scripts too deep");
      return absl::OkStatus();
    }
    // The name, not what it leads to: that is what init looks at.
    const absl::string_view file = NameOf(name);
    if (absl::EndsWith(file, ".service")) return RunUnit(*path, *text);
    if (absl::EndsWith(file, ".target")) return absl::OkStatus();
    if (absl::StrContains(file, '.') && !absl::EndsWith(file, ".rc") &&
        !absl::EndsWith(file, ".sh")) {
      Note(absl::StrCat("/", *path), "a kind of unit that is not understood");
      return absl::OkStatus();
    }
    size_t number = 0;
    for (const absl::string_view raw : absl::StrSplit(*text, '\n')) {
      ++number;
      const absl::string_view line = absl::StripAsciiWhitespace(raw);
      if (line.empty() || absl::StartsWith(line, "#")) continue;
      if (absl::Status status = RunLine(*path, number, line, depth); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status RunFolders(const std::vector<std::string>& folders, int depth,  // NOLINT
                          const std::string& from) {
    std::map<std::string, std::string> scripts;
    for (const std::string& folder : folders) {
      const absl::StatusOr<std::string> path = Resolve(tree_, folder, true);
      const absl::StatusOr<std::vector<std::string>> names =
          path.ok() ? tree_.List(*path) : absl::StatusOr<std::vector<std::string>>(path.status());
      if (!names.ok() && !IsMissing(names.status())) return names.status();
      if (!names.ok()) continue;
      for (const std::string& name : *names) scripts[name] = JoinPath(*path, name);
    }
    for (const auto& [name, path] : scripts) {
      absl::Status status =
          Run(path, depth + 1, from.empty() ? absl::StrCat("/", ParentOf(path)) : from);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status RunLine(const std::string& script, size_t number, absl::string_view line,  // NOLINT
                       int depth) {
    const std::string where = absl::StrCat("/", script, " line ", number);
    std::vector<std::string> words = absl::StrSplit(line, ' ');
    for (std::string& word : words) {
      if (!absl::StartsWith(word, "$")) continue;
      const auto variable = variables_.find(word.substr(1));
      word = variable == variables_.end() ? "" : variable->second;
    }
    const std::string& first = words[0];
    if (first == "cd" || first == "echo" || first == "stdio" || first == "requires_weak") {
      return absl::OkStatus();
    }
    if (first == "export") {
      if (words.size() > 1) {
        variables_[words[1]] = absl::StrJoin(words.begin() + 2, words.end(), " ");
      }
      return absl::OkStatus();
    }
    if (first == "unset") {
      for (const std::string& word : words) variables_.erase(word);
      return absl::OkStatus();
    }
    if (first == "run" || first == "run.d") {
      std::vector<std::string> in_tree;
      for (size_t i = 1; i < words.size(); ++i) {
        std::string path;
        if (InTree(words[i], view_, path)) in_tree.push_back(path);
        if (first == "run") break;
      }
      if (first == "run.d") return RunFolders(in_tree, depth, where);
      return in_tree.empty() ? absl::OkStatus() : Run(in_tree[0], depth + 1, where);
    }
    size_t at = 0;
    if (first == "nowait" || first == "notify") at = 1;
    if (first == "scheme") at = 2;
    std::string path = variables_["PATH"];
    for (; at < words.size() && absl::StrContains(words[at], '='); ++at) {
      absl::string_view value = words[at];
      if (absl::ConsumePrefix(&value, "PATH=")) path = std::string(value);
    }
    if (at >= words.size() || words[at].empty()) {
      Note(where, "a command that is not known before it runs, or none");
      return absl::OkStatus();
    }
    return Use({script, number, words[at], path},
               {words.begin() + static_cast<std::ptrdiff_t>(at) + 1, words.end()}, 0);
  }

  absl::Status RunUnit(const std::string& script, const std::string& text) {
    const absl::StatusOr<std::vector<TomlStatement>> statements = ReadToml(text);
    if (!statements.ok()) {
      Note(absl::StrCat("/", script),
           absl::StrCat("not understood: ", statements.status().message()));
      return absl::OkStatus();
    }
    CommandUse use = {script, 0, "", variables_["PATH"]};
    std::vector<std::string> arguments;
    std::string table;
    for (const TomlStatement& statement : *statements) {
      if (statement.kind == TomlStatement::Kind::kTable) table = absl::StrJoin(statement.key, ".");
      if (statement.kind != TomlStatement::Kind::kKeyValue) continue;
      const TomlValue& value = statement.value;
      const std::string key =
          absl::StrCat(table, table.empty() ? "" : ".", absl::StrJoin(statement.key, "."));
      if (key == "service.cmd") {
        use.command = value.text;
        use.line = statement.line;
      } else if (key == "service.args") {
        for (const TomlValue& item : value.items) arguments.push_back(item.text);
      } else if (key == "service.envs.PATH") {
        use.path = value.text;
      } else if (key == "service.envs") {
        for (size_t i = 0; i < value.items.size(); ++i) {
          if (value.keys[i] == "PATH") use.path = value.items[i].text;
        }
      }
    }
    if (use.command.empty()) {
      Note(absl::StrCat("/", script), "a service without a cmd");
      return absl::OkStatus();
    }
    return Use(use, arguments, 0);
  }

  // A command, and what that needs.
  absl::Status Use(const CommandUse& use, const std::vector<std::string>& arguments,  // NOLINT
                   int depth) {
    commands_.uses.push_back(use);
    if (depth > kMaximumDepth) return absl::OkStatus();
    if (IsEnv(use.command)) {
      CommandUse run = use;
      run.command = RunByEnv(arguments);
      if (!run.command.empty()) return Use(run, {}, depth + 1);
    }
    const absl::StatusOr<Resolution> resolution = resolver_.Command(use.command, use.path, 0);
    if (!resolution.ok()) return resolution.status();
    if (resolution->outcome != Outcome::kFound &&
        resolution->outcome != Outcome::kInterpreterMissing) {
      return absl::OkStatus();
    }
    const absl::StatusOr<Facts> facts = resolver_.FactsOf(resolution->path);
    if (!facts.ok()) return facts.status();
    if (!facts->script) return absl::OkStatus();
    const std::vector<std::string>& words = facts->words;
    if (words.empty() || !interpreted_.insert({resolution->path, use.path}).second) {
      return absl::OkStatus();
    }
    return Use({resolution->path, 1, words[0], use.path}, {words.begin() + 1, words.end()},
               depth + 1);
  }

  Tree& tree_;
  const InitView& view_;
  Resolver& resolver_;
  std::map<std::string, std::string> variables_;
  std::set<std::string> done_;
  std::set<std::pair<std::string, std::string>> interpreted_;
  InitCommands commands_;
};

}  // namespace

absl::StatusOr<Resolution> ResolveCommand(Tree& tree, absl::string_view command,
                                          absl::string_view path_value, const InitView& view) {
  return Resolver(tree, view).Command(command, path_value, 0);
}

absl::StatusOr<InitCommands> CommandsOfInitScripts(Tree& tree, const InitView& view) {
  Resolver resolver(tree, view);
  return Scripts(tree, view, resolver).Read();
}

absl::StatusOr<std::vector<CheckedUse>> CheckInitScripts(Tree& tree, const InitView& view) {
  Resolver resolver(tree, view);
  absl::StatusOr<InitCommands> commands = Scripts(tree, view, resolver).Read();
  if (!commands.ok()) return commands.status();
  std::map<std::pair<std::string, std::string>, Resolution> known;
  std::vector<CheckedUse> checked;
  for (CommandUse& use : commands->uses) {
    const auto [entry, is_new] = known.insert({{use.command, use.path}, {}});
    if (is_new) {
      absl::StatusOr<Resolution> resolution = resolver.Command(use.command, use.path, 0);
      if (!resolution.ok()) return resolution.status();
      entry->second = *std::move(resolution);
    }
    checked.push_back({std::move(use), entry->second});
  }
  return checked;
}

std::vector<std::string> BrokenBy(const std::vector<CheckedUse>& before,
                                  const std::vector<CheckedUse>& after) {
  std::vector<std::string> broken;
  for (const CheckedUse& now : after) {
    if (now.resolution.outcome == Outcome::kFound) continue;
    // Lines may have moved.
    const auto then = std::find_if(before.begin(), before.end(), [&now](const CheckedUse& use) {
      return use.use.script == now.use.script && use.use.command == now.use.command &&
             use.use.path == now.use.path;
    });
    const std::string what =
        absl::StrCat(now.use.command, " (/", now.use.script, " line ", now.use.line, ") ");
    if (then == before.end()) {
      if (now.resolution.outcome == Outcome::kElsewhere) continue;
      broken.push_back(absl::StrCat(what, "is new, and ", now.resolution.why));
    } else if (then->resolution.outcome == Outcome::kFound) {
      broken.push_back(absl::StrCat(what, "is /", then->resolution.path,
                                    " now, and then: ", now.resolution.why));
    }
  }
  return broken;
}

}  // namespace cation::image
