// SPDX-License-Identifier: MIT
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "image/command_line/target.h"
#include "image/command_line/verb.h"
#include "image/copy.h"
#include "image/init_scripts.h"
#include "image/qcow2.h"
#include "image/release.h"
#include "image/resolve.h"
#include "image/root_tree.h"
#include "image/sealed_text.h"
#include "image/tree.h"
#include "tools/elf_check/elf_check.h"

namespace cation::image {
namespace {

// Checks that there is room, and applies.
absl::Status Apply(Tree& tree, std::vector<Change> changes) {
  ChangePlan plan;
  plan.changes = std::move(changes);
  return Carry(tree, plan);
}

// What is put into an image is the superuser's there, whoever has it here.
void OwnByRoot(std::vector<Change>& changes) {
  for (Change& change : changes) change.attributes.uid = change.attributes.gid = 0;
}

std::string ModeText(const Entry& entry) {
  std::string text = entry.kind == Kind::kDirectory ? "d"
                     : entry.kind == Kind::kLink    ? "l"
                     : entry.kind == Kind::kFile    ? "-"
                                                    : "?";
  for (int shift = 6; shift >= 0; shift -= 3) {
    const uint32_t bits = entry.attributes.mode >> static_cast<unsigned>(shift);
    text += (bits & 4U) != 0 ? 'r' : '-';
    text += (bits & 2U) != 0 ? 'w' : '-';
    text += (bits & 1U) != 0 ? 'x' : '-';
  }
  // setuid, setgid and sticky, at the execute bits of owner, group and others.
  const struct {
    uint32_t bit;
    size_t at;
    char with;
    char without;
  } specials[] = {{04000, 3, 's', 'S'}, {02000, 6, 's', 'S'}, {01000, 9, 't', 'T'}};
  for (const auto& special : specials) {
    if ((entry.attributes.mode & special.bit) == 0) continue;
    text[special.at] = text[special.at] == 'x' ? special.with : special.without;
  }
  return text;
}

std::string TimeText(int64_t seconds) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", absl::FromUnixSeconds(seconds), absl::UTCTimeZone());
}

void PrintLine(const Entry& entry, absl::string_view name) {
  std::string line;
  if (absl::GetFlag(FLAGS_long_listing)) {
    absl::StrAppendFormat(&line, "%s %5u %5u %10u %s ", ModeText(entry), entry.attributes.uid,
                          entry.attributes.gid, entry.size, TimeText(entry.attributes.mtime));
  }
  absl::StrAppend(&line, Printable(name));
  if (entry.kind == Kind::kLink && absl::GetFlag(FLAGS_long_listing)) {
    absl::StrAppend(&line, " -> ", Printable(entry.target));
  }
  std::printf("%s\n", line.c_str());
}

absl::Status ListFolder(Tree& tree, const std::string& folder, const std::string& shown) {
  const absl::StatusOr<std::vector<std::string>> names = tree.List(folder);
  if (!names.ok()) return names.status();
  for (const std::string& name : *names) {
    const absl::StatusOr<Entry> entry = tree.Look(JoinPath(folder, name));
    if (!entry.ok()) return entry.status();
    PrintLine(*entry, absl::StrCat(shown, name));
    if (entry->kind == Kind::kDirectory && absl::GetFlag(FLAGS_recursive)) {
      const absl::Status status =
          ListFolder(tree, JoinPath(folder, name), absl::StrCat(shown, name, "/"));
      if (!status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

absl::Status RunLs(const Operands& operands) {
  return WithTarget(operands[0], OptionsFor(/*read_only=*/true), [&](Target& target) {
    const std::string given = operands.size() > 1 ? operands[1] : "/";
    const absl::StatusOr<std::string> path = Resolve(*target.tree, given, /*follow_last=*/false);
    if (!path.ok()) return path.status();
    absl::StatusOr<Entry> entry = target.tree->Look(*path);
    if (!entry.ok()) return entry.status();
    // A link to a directory shows what is in it, as ls does without -l.
    if (entry->kind == Kind::kLink && !absl::GetFlag(FLAGS_long_listing)) {
      const absl::StatusOr<std::string> followed =
          Resolve(*target.tree, given, /*follow_last=*/true);
      if (followed.ok() && target.tree->Look(*followed).ok() &&
          target.tree->Look(*followed)->kind == Kind::kDirectory) {
        return ListFolder(*target.tree, *followed, "");
      }
    }
    if (entry->kind == Kind::kDirectory) return ListFolder(*target.tree, *path, "");
    PrintLine(*entry, *path);
    return absl::OkStatus();
  });
}

absl::Status RunStat(const Operands& operands) {
  return WithTarget(operands[0], OptionsFor(/*read_only=*/true), [&](Target& target) {
    const absl::StatusOr<std::string> path =
        Resolve(*target.tree, operands[1], /*follow_last=*/false);
    if (!path.ok()) return path.status();
    const absl::StatusOr<Entry> entry = target.tree->Look(*path);
    if (!entry.ok()) return entry.status();
    std::printf("path: /%s\n", Printable(*path).c_str());
    std::printf("kind: %s\n", entry->kind == Kind::kDirectory ? "directory"
                              : entry->kind == Kind::kLink    ? "symbolic link"
                              : entry->kind == Kind::kFile    ? "file"
                                                              : "special file");
    if (entry->kind == Kind::kLink) std::printf("target: %s\n", Printable(entry->target).c_str());
    std::printf("mode: %s\nuid: %u\ngid: %u\nsize: %llu\nmtime: %s.%09u\n",
                FormatMode(entry->attributes.mode).c_str(), entry->attributes.uid,
                entry->attributes.gid, static_cast<unsigned long long>(entry->size),
                TimeText(entry->attributes.mtime).c_str(), entry->attributes.mtime_nanoseconds);
    return absl::OkStatus();
  });
}

absl::Status WriteAll(absl::string_view content) {
  if (std::fwrite(content.data(), 1, content.size(), stdout) != content.size() ||
      std::fflush(stdout) != 0) {
    return absl::UnknownError("cannot write to standard output");
  }
  return absl::OkStatus();
}

// A path of the host as the folder that holds it, and its name there; "" is the folder itself, for
// the root of a target.
struct HostPlace {
  std::string folder;
  std::string name;
};

absl::StatusOr<HostPlace> PlaceOnHost(const std::string& path, absl::string_view name_in_folder) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  if (error) return absl::InvalidArgumentError(absl::StrCat(path, ": ", error.message()));
  if (std::filesystem::is_directory(absolute, error)) {
    return HostPlace{absolute.string(), std::string(name_in_folder)};
  }
  if (!absolute.has_filename()) {
    return absl::NotFoundError(absl::StrCat(path, ": there is no such folder"));
  }
  return HostPlace{absolute.parent_path().string(), absolute.filename().string()};
}

absl::Status RunGet(const Operands& operands) {
  return WithTarget(operands[0], OptionsFor(/*read_only=*/true), [&](Target& target) {
    const absl::StatusOr<std::string> path =
        Resolve(*target.tree, operands[1], /*follow_last=*/true);
    if (!path.ok()) return path.status();
    const absl::StatusOr<Entry> entry = target.tree->Look(*path);
    if (!entry.ok()) return entry.status();
    if (operands.size() == 2) {
      if (entry->kind == Kind::kDirectory) {
        return absl::InvalidArgumentError(
            absl::StrCat("/", *path, " is a directory: say where it is to go"));
      }
      const absl::StatusOr<std::string> content = target.tree->Read(*path);
      return content.ok() ? WriteAll(*content) : content.status();
    }
    const absl::StatusOr<HostPlace> place = PlaceOnHost(operands[2], NameOf(*path));
    if (!place.ok()) return place.status();
    RootTree::Options options;
    options.allow_host_root = true;
    const absl::StatusOr<std::unique_ptr<RootTree>> host = RootTree::Open(place->folder, options);
    if (!host.ok()) return host.status();
    absl::StatusOr<std::vector<Change>> changes =
        PlanCopy(*target.tree, *path, **host, place->name);
    if (!changes.ok()) return changes.status();
    for (Change& change : *changes) {
      // Whoever gets it has it; and nothing from an image runs as somebody else here.
      change.attributes.uid = geteuid();
      change.attributes.gid = getegid();
      change.attributes.mode &= 0777U;
    }
    return Apply(**host, *std::move(changes));
  });
}

absl::Status RunPut(const Operands& operands) {
  const std::string& source = operands[1];
  absl::optional<uint32_t> mode;
  if (const std::string text = absl::GetFlag(FLAGS_mode); !text.empty()) {
    const absl::StatusOr<uint32_t> parsed =
        ParseMode(absl::StrCat(text.size() == 3 ? "0" : "", text));
    if (!parsed.ok()) return parsed.status();
    mode = *parsed;
  }
  return WithTarget(operands[0], OptionsFor(/*read_only=*/false), [&](Target& target) {
    Tree& tree = *target.tree;
    std::error_code error;
    const bool is_folder = source != "-" && std::filesystem::is_directory(source, error);
    absl::StatusOr<std::string> path = Resolve(tree, operands[2], /*follow_last=*/true);
    if (!path.ok()) return path.status();
    absl::StatusOr<Entry> there = tree.Look(*path);
    if (there.ok() && there->kind == Kind::kDirectory) {
      const std::string name =
          std::filesystem::absolute(source, error).lexically_normal().filename().string();
      if (source == "-" || name.empty()) {
        return absl::FailedPreconditionError(
            absl::StrCat("/", *path, " is a directory: say the name"));
      }
      path = Resolve(tree, absl::StrCat("/", *path, "/", name), /*follow_last=*/true);
      if (!path.ok()) return path.status();
      there = tree.Look(*path);
    }
    if (!there.ok() && !absl::IsNotFound(there.status())) return there.status();

    std::vector<Change> changes;
    if (is_folder) {
      RootTree::Options options;
      options.read_only = true;
      options.allow_host_root = true;
      const absl::StatusOr<std::unique_ptr<RootTree>> host = RootTree::Open(source, options);
      if (!host.ok()) return host.status();
      absl::StatusOr<std::vector<Change>> copy = PlanCopy(**host, "", tree, *path);
      if (!copy.ok()) return copy.status();
      changes = *std::move(copy);
      OwnByRoot(changes);
    } else {
      absl::StatusOr<HostFile> file = ReadHostFile(source);
      if (!file.ok()) return file.status();
      Change change;
      change.action = Change::Action::kWriteFile;
      change.path = *path;
      change.content = std::move(file->content);
      // What is there keeps its owner and permissions.
      if (there.ok()) {
        change.attributes = there->attributes;
      } else {
        change.attributes.mode = file->mode;
      }
      if (mode.has_value()) change.attributes.mode = *mode;
      change.attributes.mtime = absl::ToUnixSeconds(absl::Now());
      changes.push_back(std::move(change));
    }
    return Apply(tree, std::move(changes));
  });
}

absl::Status RunRm(const Operands& operands) {
  return WithTarget(operands[0], OptionsFor(/*read_only=*/false), [&](Target& target) {
    std::vector<Change> changes;
    for (size_t i = 1; i != operands.size(); ++i) {
      const absl::StatusOr<std::string> path =
          Resolve(*target.tree, operands[i], /*follow_last=*/false);
      if (!path.ok()) return path.status();
      const absl::StatusOr<Entry> entry = target.tree->Look(*path);
      if (!entry.ok()) return entry.status();
      if (entry->kind == Kind::kDirectory && !absl::GetFlag(FLAGS_recursive)) {
        return absl::FailedPreconditionError(
            absl::StrCat("/", *path, " is a directory: -r removes it with all that is in it"));
      }
      absl::StatusOr<std::vector<Change>> removal = PlanRemoval(*target.tree, *path);
      if (!removal.ok()) return removal.status();
      for (Change& change : *removal) changes.push_back(std::move(change));
    }
    return Apply(*target.tree, std::move(changes));
  });
}

absl::Status RunMkdir(const Operands& operands) {
  return WithTarget(operands[0], OptionsFor(/*read_only=*/false), [&](Target& target) {
    const absl::StatusOr<std::string> path =
        Resolve(*target.tree, operands[1], /*follow_last=*/false);
    if (!path.ok()) return path.status();
    const bool parents = absl::GetFlag(FLAGS_parents);
    absl::StatusOr<std::vector<Change>> changes = PlanDirectories(*target.tree, *path);
    if (!changes.ok()) return changes.status();
    if (changes->empty() && !parents) {
      return absl::FailedPreconditionError(absl::StrCat("/", *path, " exists"));
    }
    if (changes->size() > 1 && !parents) {
      return absl::NotFoundError(
          absl::StrCat("/", ParentOf(*path), " is not there; -p makes it too"));
    }
    for (Change& change : *changes) change.attributes.mtime = absl::ToUnixSeconds(absl::Now());
    return Apply(*target.tree, *std::move(changes));
  });
}

absl::Status RunLn(const Operands& operands) {
  if (!absl::GetFlag(FLAGS_symbolic)) {
    return absl::UnimplementedError("symbolic links only: ln -s IMAGE LINK PATH");
  }
  return WithTarget(operands[0], OptionsFor(/*read_only=*/false), [&](Target& target) {
    const absl::StatusOr<std::string> path =
        Resolve(*target.tree, operands[2], /*follow_last=*/false);
    if (!path.ok()) return path.status();
    const absl::StatusOr<Entry> entry = target.tree->Look(*path);
    if (entry.ok()) {
      return absl::FailedPreconditionError(absl::StrCat("/", *path, " exists; remove it first"));
    }
    if (!absl::IsNotFound(entry.status())) return entry.status();
    Change change;
    change.action = Change::Action::kMakeLink;
    change.path = *path;
    change.target = operands[1];
    change.attributes = {.mode = 0777, .mtime = absl::ToUnixSeconds(absl::Now())};
    return Apply(*target.tree, {std::move(change)});
  });
}

absl::Status RunChmod(const Operands& operands) {
  const absl::StatusOr<uint32_t> mode =
      ParseMode(absl::StrCat(operands[1].size() == 3 ? "0" : "", operands[1]));
  if (!mode.ok())
    return absl::InvalidArgumentError(absl::StrCat(operands[1], ": ", mode.status().message()));
  return WithTarget(operands[0], OptionsFor(/*read_only=*/false), [&](Target& target) {
    const absl::StatusOr<std::string> path =
        Resolve(*target.tree, operands[2], /*follow_last=*/true);
    if (!path.ok()) return path.status();
    const absl::StatusOr<Entry> entry = target.tree->Look(*path);
    if (!entry.ok()) return entry.status();
    Change change;
    change.action = Change::Action::kSetAttributes;
    change.path = *path;
    change.attributes = entry->attributes;
    change.attributes.mode = *mode;
    return Apply(*target.tree, {std::move(change)});
  });
}

absl::Status RunCheck(const Operands& operands) {
  return WithTarget(operands[0], OptionsFor(/*read_only=*/true), [](Target& target) {
    if (target.redoxfs != nullptr) {
      const absl::StatusOr<RedoxfsTree::CheckReport> report = target.redoxfs->Check();
      if (!report.ok()) return report.status();
      const auto count = [](uint64_t number) { return static_cast<unsigned long long>(number); };
      std::printf("%llu directories, %llu files, %llu links, %llu other entries\n",
                  count(report->directories), count(report->files), count(report->links),
                  count(report->others));
      std::printf("%llu blocks, %llu free, %llu lost; %llu files without a name\n",
                  count(report->blocks), count(report->free_blocks), count(report->leaked_blocks),
                  count(report->nameless_nodes));
    }
    const absl::StatusOr<Space> space = target.tree->GetSpace();
    if (!space.ok()) return space.status();
    std::printf("%s: sound, %llu of %llu bytes free\n",
                std::string(target.tree->Description()).c_str(),
                static_cast<unsigned long long>(space->free_bytes),
                static_cast<unsigned long long>(space->total_bytes));
    return absl::OkStatus();
  });
}

absl::Status RunArchitecture(const Operands& operands) {
  return WithTarget(operands[0], OptionsFor(/*read_only=*/true), [](Target& target) {
    const absl::StatusOr<absl::optional<TreeArchitecture>> own = ArchitectureOfTree(*target.tree);
    if (!own.ok()) return own.status();
    if (!own->has_value()) {
      return absl::NotFoundError("there is no program in it that would tell its architecture");
    }
    std::printf("%s\n", std::string(elf::ArchName((*own)->architecture)).c_str());
    return absl::OkStatus();
  });
}

absl::Status RunInit(const Operands& operands) {
  return WithTarget(operands[0], OptionsFor(/*read_only=*/true), [](Target& target) {
    InitView view;
    view.initfs = target.initfs != nullptr;
    const absl::StatusOr<InitCommands> commands = CommandsOfInitScripts(*target.tree, view);
    if (!commands.ok()) return commands.status();
    for (const CommandUse& use : commands->uses) {
      std::printf("/%s:%zu: %s\n", Printable(use.script).c_str(), use.line,
                  Printable(use.command).c_str());
    }
    for (const std::string& note : commands->notes) {
      std::printf("note: %s\n", Printable(note).c_str());
    }
    return absl::OkStatus();
  });
}

absl::Status RunGrow(const Operands& operands) {
  return WithTarget(operands[0], OptionsFor(/*read_only=*/false),
                    [&](Target& target) { return Grow(target, operands[1]); });
}

absl::Status RunMake(const Operands& operands) {
  const absl::StatusOr<uint64_t> size = ParseSize(operands[1]);
  if (!size.ok()) return size.status();
  return RedoxfsTree::Make(
      OptionsFor(/*read_only=*/false).redoxfs_helper, operands[0], *size,
      absl::GetFlag(FLAGS_gpt) ? RedoxfsTree::Layout::kGpt : RedoxfsTree::Layout::kBare);
}

absl::Status RunOverlay(const Operands& operands) { return MakeOverlay(operands[0], operands[1]); }

absl::Status RunRebuild(const Operands& operands) {
  return WithTarget(operands[0], OptionsFor(/*read_only=*/false), [](Target& target) {
    if (target.initfs == nullptr) {
      return absl::FailedPreconditionError("only initfs archives are rebuilt");
    }
    return target.initfs->Rebuild();
  });
}

constexpr Verb kVerbs[] = {
    {"image ls", "TARGET [PATH]", 1, 2, "long-listing recursive allow-host-root redoxfs-helper",
     "what is in it; -l with owners, sizes and times, -R with all below", RunLs},
    {"image stat", "TARGET PATH", 2, 2, "allow-host-root redoxfs-helper", "one entry in full",
     RunStat},
    {"image get", "TARGET PATH [FILE]", 2, 3, "allow-host-root redoxfs-helper",
     "copy a file or a directory out of it; without FILE to standard output", RunGet},
    {"image put", "TARGET FILE PATH", 3, 3, "mode qcow2 allow-host-root redoxfs-helper",
     "copy a file (- is standard input) or a directory into it", RunPut},
    {"image rm", "TARGET PATH...", 2, SIZE_MAX, "recursive qcow2 allow-host-root redoxfs-helper",
     "remove files, with -r directories too", RunRm},
    {"image mkdir", "TARGET PATH", 2, 2, "parents qcow2 allow-host-root redoxfs-helper",
     "make a directory, with -p those above it too", RunMkdir},
    {"image ln", "TARGET LINK PATH", 3, 3, "symbolic qcow2 allow-host-root redoxfs-helper",
     "with -s: make PATH a symbolic link to LINK", RunLn},
    {"image chmod", "TARGET MODE PATH", 3, 3, "qcow2 allow-host-root redoxfs-helper",
     "set permissions, as octal digits", RunChmod},
    {"image check", "TARGET", 1, 1, "allow-host-root redoxfs-helper",
     "read all of it, and say whether it is sound", RunCheck},
    {"image architecture", "TARGET", 1, 1, "allow-host-root redoxfs-helper",
     "what its own programs are for: x86_64 or aarch64", RunArchitecture},
    {"image init", "TARGET", 1, 1, "allow-host-root redoxfs-helper",
     "the commands that init runs when it starts, in order, as SCRIPT:LINE: COMMAND", RunInit},
    {"image grow", "TARGET SIZE", 2, 2, "qcow2 redoxfs-helper", "make a RedoxFS image larger",
     RunGrow},
    {"image make", "FILE SIZE", 2, 2, "gpt redoxfs-helper",
     "make a new image with an empty RedoxFS, with --gpt in a partition", RunMake},
    {"image overlay", "BASE FILE", 2, 2, "", "make a new qcow2 overlay on BASE", RunOverlay},
    {"image rebuild", "TARGET", 1, 1, "", "write an initfs archive anew, without gaps", RunRebuild},
};

}  // namespace

absl::Span<const Verb> ImageVerbs() { return kVerbs; }

}  // namespace cation::image
