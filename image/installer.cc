// SPDX-License-Identifier: MIT
#include "image/installer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"
#include "image/change_plan.h"
#include "image/init_scripts.h"
#include "image/manifest.h"
#include "image/planned_tree.h"
#include "image/record.h"
#include "image/release.h"
#include "image/resolve.h"
#include "image/stamp.h"
#include "image/tree.h"
#include "image/user_initrc.h"
#include "tools/elf_check/elf_check.h"

namespace cation::image {
namespace {

constexpr char kPrograms[] = "usr/bin/";
constexpr char kFlatPrograms[] = "bin/";
constexpr char kFlatStateFolder[] = "lib/cation";
constexpr char kReleaseFile[] = "etc/cation-release";
constexpr char kInitrc[] = "etc/xdg/ion/initrc";

// Where stamps are shown, and in what form.
struct StampedFile {
  const char* path;
  StampPlace place;
};
constexpr StampedFile kStampedFiles[] = {
    {"etc/init.rc", StampPlace::kInitRc},
    {kInitrc, StampPlace::kInitrc},
    {kReleaseFile, StampPlace::kRelease},
};

absl::optional<StampPlace> StampPlaceOf(absl::string_view path) {
  for (const StampedFile& file : kStampedFiles) {
    if (path == file.path) return file.place;
  }
  return absl::nullopt;
}

// What the manifest says of an entry; owners and times are not in it.
State StateOf(const ManifestEntry& entry) {
  State state;
  state.absent = false;
  state.entry = {entry.kind, {.mode = entry.mode}, entry.size, entry.target};
  state.sha256 = entry.sha256;
  return state;
}

// Where an entry of a release goes in a tree; nothing: nowhere.
absl::optional<std::string> PathInTree(bool flat, const std::string& path) {
  if (!flat) return path;
  if (absl::StartsWith(path, kPrograms)) {
    return absl::StrCat(kFlatPrograms, path.substr(sizeof kPrograms - 1));
  }
  if (path == kReleaseFile) return path;
  return absl::nullopt;
}

// The program that a manual page or a completion is of, by its name: ls.1, _ls, ls.fish, ls.
absl::string_view SubjectOf(absl::string_view path) {
  absl::string_view name = NameOf(path);
  absl::ConsumePrefix(&name, "_");
  if (!absl::ConsumeSuffix(&name, ".1")) absl::ConsumeSuffix(&name, ".fish");
  return name;
}

// The entries of the release that are asked for.
absl::StatusOr<std::vector<ManifestEntry>> Select(const Release& release,
                                                  const InstallOptions& options) {
  std::set<std::string> programs;
  for (const ManifestEntry& entry : release.manifest.entries) {
    if (!entry.program.empty()) programs.insert(std::string(NameOf(entry.path)));
  }
  const std::set<std::string> only(options.only.begin(), options.only.end());
  for (const std::string& name : only) {
    if (programs.count(name) == 0) {
      return absl::InvalidArgumentError(absl::StrCat("the release has no program ", name,
                                                     "; it has ", absl::StrJoin(programs, " ")));
    }
  }
  std::vector<ManifestEntry> selected;
  for (const ManifestEntry& entry : release.manifest.entries) {
    if (entry.optional && !options.aliases) continue;
    // An alias belongs to what it leads to.
    const std::string subject(entry.kind == Kind::kLink ? NameOf(entry.target)
                                                        : SubjectOf(entry.path));
    const bool belongs = entry.kind != Kind::kDirectory && programs.count(subject) != 0;
    if (!only.empty() && belongs && only.count(subject) == 0) continue;
    selected.push_back(entry);
    selected.back().optional = false;
  }
  return selected;
}

const RecordedPath* Find(const Record& record, const std::string& path) {
  const auto found = std::lower_bound(
      record.paths.begin(), record.paths.end(), path,
      [](const RecordedPath& one, const std::string& name) { return one.path < name; });
  return found != record.paths.end() && found->path == path ? &*found : nullptr;
}

// What the installer last put at a path; nothing: it never did.
const State* LastPut(const std::vector<Record>& records, const std::string& path) {
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    if (const RecordedPath* recorded = Find(*record, path)) return &recorded->after;
  }
  return nullptr;
}

// Whether what is there is what the installer last put there, and not somebody's own initrc with a
// line of the installer's.
absl::StatusOr<bool> IsAsPut(Tree& tree, const Installed& installed, const std::string& path,
                             const State& there) {
  for (auto record = installed.records.rbegin(); record != installed.records.rend(); ++record) {
    const RecordedPath* recorded = Find(*record, path);
    if (recorded == nullptr) continue;
    if (!SameState(recorded->after, there)) return false;
    const absl::StatusOr<bool> is_edit = HasPutInitrcLineIn(tree, installed.folders, *recorded);
    return is_edit.ok() ? !*is_edit : is_edit;
  }
  return false;
}

// What was at a path before the first installation that changed it.
const State* BeforeAll(const std::vector<Record>& records, const std::string& path) {
  for (const Record& record : records) {
    if (const RecordedPath* recorded = Find(record, path)) return &recorded->before;
  }
  return nullptr;
}

// `path` as it is in this tree: through links above the last component.
absl::StatusOr<std::string> Place(Tree& tree, const std::string& path) {
  return Resolve(tree, path, /*follow_last=*/false);
}

// A file that is there, with a stamp put in; nothing: it is not there, or has the stamp already.
absl::StatusOr<absl::optional<Wanted>> Stamped(Tree& tree, const StampedFile& file,
                                               const Stamp& stamp, bool only_replace) {
  const absl::StatusOr<std::string> path = Resolve(tree, file.path, /*follow_last=*/true);
  // A link that leads out of the image, say into the initfs.
  if (absl::IsFailedPrecondition(path.status())) return absl::optional<Wanted>();
  if (!path.ok()) return path.status();
  const absl::StatusOr<Entry> entry = tree.Look(*path);
  if (absl::IsNotFound(entry.status())) return absl::optional<Wanted>();
  if (!entry.ok()) return entry.status();
  if (entry->kind != Kind::kFile) return absl::optional<Wanted>();
  const absl::StatusOr<std::string> text = tree.Read(*path);
  if (!text.ok()) return text.status();
  absl::StatusOr<StampedText> stamped = PutStamp(*text, file.place, stamp);
  if (!stamped.ok()) return stamped.status();
  if (stamped->result == StampResult::kUnchanged) return absl::optional<Wanted>();
  if (only_replace && stamped->result == StampResult::kAdded) return absl::optional<Wanted>();
  return absl::optional<Wanted>(WantedFile(*path, std::move(stamped->text), entry->attributes));
}

// A user's initrc that an installation does not leave as it is, or leaves for a reason that is
// worth a note.
struct InitrcDecision {
  std::string path;
  std::string why;   // it stays; "": it does not
  std::string text;  // with the line
  Attributes attributes;
};

// Of all but those in `taken`, sorted.
absl::StatusOr<std::vector<InitrcDecision>> DecideInitrcs(Tree& tree, const Installed& installed,
                                                          const std::set<std::string>& taken) {
  std::vector<InitrcDecision> decisions;
  if (installed.flat) return decisions;
  const absl::StatusOr<std::vector<std::string>> paths = FindUserInitrcs(tree);
  if (!paths.ok()) return paths.status();
  for (const std::string& path : *paths) {
    if (taken.count(path) != 0) continue;
    const absl::StatusOr<Entry> entry = tree.Look(path);
    if (!entry.ok()) return entry.status();
    const absl::StatusOr<std::string> text = tree.Read(path);
    if (!text.ok()) return text.status();
    InitrcDecision decision;
    decision.path = path;
    decision.attributes = entry->attributes;
    absl::optional<std::string> with = PutInitrcLineIn(*text, decision.why);
    if (with.has_value() && LastPut(installed.records, path) != nullptr) {
      decision.why =
          "the line that sources /etc/xdg/ion/initrc was taken out of it; `shell-ext enable` puts "
          "it in";
    } else if (with.has_value()) {
      decision.text = *std::move(with);
    } else if (decision.why.empty()) {
      continue;
    }
    decisions.push_back(std::move(decision));
  }
  return decisions;
}

absl::StatusOr<elf::Arch> ChooseArchitecture(Tree& tree, const InstallOptions& options) {
  const absl::StatusOr<absl::optional<TreeArchitecture>> own = ArchitectureOfTree(tree);
  if (!own.ok()) return own.status();
  if (!own->has_value()) {
    if (options.architecture.has_value()) return *options.architecture;
    return absl::FailedPreconditionError(
        "there is no program in the target that would tell its architecture: say --arch=x86_64 or "
        "--arch=aarch64");
  }
  if (options.architecture.has_value() && *options.architecture != (*own)->architecture) {
    return absl::FailedPreconditionError(
        absl::StrCat("--arch=", elf::ArchName(*options.architecture), ", but the target's /",
                     (*own)->path, " is for ", elf::ArchName((*own)->architecture)));
  }
  return (*own)->architecture;
}

// Builds what PlanInstall() is to have.
class Installation {
 public:
  Installation(Tree& tree, const Installed& installed, const Release& release,
               const InstallOptions& options)
      : tree_(tree),
        installed_(installed),
        release_(release),
        options_(options),
        stamp_{options.stamp_prefix.empty() ? absl::StrCat("Cation ", release.manifest.version)
                                            : options.stamp_prefix,
               release.manifest.commit, release.manifest.date},
        attributes_{.mode = 0, .uid = 0, .gid = 0, .mtime = ReleaseTime(release.manifest)} {
    manifest_ = release.manifest;
    manifest_.entries.clear();
  }

  absl::StatusOr<ChangePlan> Plan() {
    const absl::StatusOr<std::vector<ManifestEntry>> selected = Select(release_, options_);
    if (!selected.ok()) return selected.status();
    for (const ManifestEntry& entry : *selected) {
      if (absl::Status status = Add(entry); !status.ok()) return status;
    }
    if (absl::Status status = DropOthers(); !status.ok()) return status;
    if (absl::Status status = AddStamps(); !status.ok()) return status;
    if (absl::Status status = AddInitrcLines(); !status.ok()) return status;
    std::sort(manifest_.entries.begin(), manifest_.entries.end(),
              [](const ManifestEntry& a, const ManifestEntry& b) { return a.path < b.path; });
    Attributes attributes = attributes_;
    attributes.mode = 0644;
    wanted_.push_back(
        WantedFile(installed_.folders.manifest, SerializeManifest(manifest_), attributes));
    absl::StatusOr<ChangePlan> plan =
        PlanChange(tree_, installed_.folders, installed_.records, kInstall,
                   absl::StrCat(release_.manifest.date, "-", release_.manifest.commit),
                   DescribeRelease(release_.manifest), std::move(wanted_));
    if (plan.ok()) plan->notes.insert(plan->notes.begin(), notes_.begin(), notes_.end());
    return plan;
  }

 private:
  absl::Status Add(ManifestEntry entry) {
    const absl::optional<std::string> mapped = PathInTree(installed_.flat, entry.path);
    if (!mapped.has_value()) return absl::OkStatus();
    const absl::StatusOr<std::string> path = Place(tree_, *mapped);
    if (!path.ok()) return path.status();
    places_.insert(*mapped);
    Attributes attributes = attributes_;
    attributes.mode = entry.mode;
    if (entry.kind == Kind::kDirectory) {
      // A link to a directory serves as well.
      const absl::StatusOr<std::string> followed = Resolve(tree_, *mapped, /*follow_last=*/true);
      if (!followed.ok()) return followed.status();
      if (directories_.insert(*followed).second) {
        wanted_.push_back(WantedDirectory(*followed, attributes));
      }
    } else if (entry.kind == Kind::kLink) {
      wanted_.push_back(WantedLink(*path, entry.target, attributes));
    } else {
      std::string content = release_.contents.at(entry.path);
      if (const absl::optional<StampPlace> place = StampPlaceOf(entry.path); place.has_value()) {
        absl::StatusOr<StampedText> stamped = PutStamp(content, *place, stamp_);
        if (!stamped.ok()) return stamped.status();
        content = std::move(stamped->text);
      }
      Wanted file = WantedFile(*path, std::move(content), attributes);
      if (entry.config) {
        std::string why;
        const absl::StatusOr<bool> keep = KeepConfig(file, why);
        if (!keep.ok()) return keep.status();
        if (*keep) {
          // Not those of which AddInitrcLines() says more.
          if (entry.path != kRootInitrc || !options_.initrc_lines) {
            notes_.push_back(
                absl::StrCat("/", file.path, " stays: ", why, " (--replace-config replaces it)"));
          }
          return absl::OkStatus();
        }
      }
      entry.size = file.content.size();
      entry.sha256 = file.state.sha256;
      wanted_.push_back(std::move(file));
    }
    entry.path = *mapped;
    manifest_.entries.push_back(std::move(entry));
    return absl::OkStatus();
  }

  absl::StatusOr<bool> KeepConfig(const Wanted& file, std::string& why) {
    const absl::StatusOr<State> there = ReadState(tree_, file.path);
    if (!there.ok()) return there.status();
    if (there->absent || SameState(*there, file.state) || options_.replace_config) return false;
    const State* put = LastPut(installed_.records, file.path);
    const absl::StatusOr<bool> as_put = IsAsPut(tree_, installed_, file.path, *there);
    if (!as_put.ok()) return as_put.status();
    if (*as_put) return false;
    // Nothing is lost of what has nothing; Ion makes an empty initrc where there is none.
    if (put == nullptr && IsEmptyFile(*there)) return false;
    why = put == nullptr ? "it is not Cation's" : "it was changed since";
    return true;
  }

  // What an earlier release brought and this one does not.
  absl::Status DropOthers() {
    if (!installed_.manifest.has_value()) return absl::OkStatus();
    for (const ManifestEntry& entry : installed_.manifest->entries) {
      if (entry.kind == Kind::kDirectory || places_.count(entry.path) != 0) continue;
      const absl::StatusOr<std::string> path = Place(tree_, entry.path);
      if (!path.ok()) return path.status();
      const State* before = BeforeAll(installed_.records, *path);
      const State* put = LastPut(installed_.records, *path);
      const absl::StatusOr<State> there = ReadState(tree_, *path);
      if (!there.ok()) return there.status();
      if (before == nullptr || SameState(*there, *before)) continue;
      if (!SameState(*there, *put)) {
        notes_.push_back(
            absl::StrCat("/", *path, " stays, though the release has it no longer: changed since"));
        continue;
      }
      Wanted original = WantedAbsent(*path);
      original.state = *before;
      if (!before->absent && before->entry.kind == Kind::kFile) {
        absl::StatusOr<std::string> content = ReadBackup(tree_, installed_.folders, before->sha256);
        if (!content.ok()) return content.status();
        original.content = *std::move(content);
      }
      wanted_.push_back(std::move(original));
    }
    return absl::OkStatus();
  }

  absl::Status AddStamps() {
    if (!options_.stamp) return absl::OkStatus();
    for (const StampedFile& file : kStampedFiles) {
      absl::StatusOr<absl::optional<Wanted>> stamped =
          Stamped(tree_, file, stamp_, /*only_replace=*/file.place != StampPlace::kInitRc);
      if (!stamped.ok()) return stamped.status();
      if (!stamped->has_value()) continue;
      const auto same = [&](const Wanted& one) { return one.path == (*stamped)->path; };
      if (std::any_of(wanted_.begin(), wanted_.end(), same)) continue;
      (*stamped)->state.entry.attributes.mtime = attributes_.mtime;
      wanted_.push_back(**std::move(stamped));
    }
    return absl::OkStatus();
  }

  // What Ion would read instead of the release's initrc.
  absl::Status AddInitrcLines() {
    if (!options_.initrc_lines || places_.count(kInitrc) == 0) return absl::OkStatus();
    std::set<std::string> taken;
    for (const Wanted& one : wanted_) taken.insert(one.path);
    absl::StatusOr<std::vector<InitrcDecision>> decisions = DecideInitrcs(tree_, installed_, taken);
    if (!decisions.ok()) return decisions.status();
    for (InitrcDecision& decision : *decisions) {
      if (!decision.why.empty()) {
        notes_.push_back(absl::StrCat("/", decision.path, " stays: ", decision.why));
        continue;
      }
      decision.attributes.mtime = attributes_.mtime;
      wanted_.push_back(WantedFile(decision.path, std::move(decision.text), decision.attributes));
    }
    return absl::OkStatus();
  }

  Tree& tree_;
  const Installed& installed_;
  const Release& release_;
  const InstallOptions& options_;
  const Stamp stamp_;
  const Attributes attributes_;  // of all files, but for the mode
  Manifest manifest_;            // what will be in the tree
  std::vector<Wanted> wanted_;
  std::vector<std::string> notes_;
  std::set<std::string> directories_;
  std::set<std::string> places_;  // of the release's entries, in the tree
};

}  // namespace

absl::StatusOr<Installed> ReadInstalled(Tree& tree) {
  const absl::StatusOr<Entry> usr = tree.Look("usr");
  const absl::StatusOr<Entry> bin = tree.Look("bin");
  if (!usr.ok() && !absl::IsNotFound(usr.status())) return usr.status();
  if (!bin.ok() && !absl::IsNotFound(bin.status())) return bin.status();
  const bool flat = !usr.ok() && bin.ok() && bin->kind == Kind::kDirectory;
  const absl::StatusOr<std::string> state =
      Resolve(tree, flat ? kFlatStateFolder : kStateFolder, /*follow_last=*/true);
  if (!state.ok()) return state.status();

  Installed installed{flat, StateFolders(*state), {}, {}};
  absl::StatusOr<std::vector<Record>> records = ReadRecords(tree, installed.folders);
  if (!records.ok()) return records.status();
  installed.records = *std::move(records);
  const absl::StatusOr<std::string> text = tree.Read(installed.folders.manifest);
  if (absl::IsNotFound(text.status())) return installed;
  if (!text.ok()) return text.status();
  absl::StatusOr<Manifest> manifest = ParseManifest(*text);
  if (!manifest.ok()) return manifest.status();
  installed.manifest = *std::move(manifest);
  return installed;
}

absl::Status CheckInit(Tree& tree, const Installed& installed, const ChangePlan& plan) {
  if (plan.changes.empty()) return absl::OkStatus();
  InitView view;
  view.initfs = installed.flat;
  const absl::StatusOr<std::vector<CheckedUse>> before = CheckInitScripts(tree, view);
  if (!before.ok()) return before.status();
  const absl::StatusOr<std::unique_ptr<PlannedTree>> planned =
      PlannedTree::Make(tree, plan.changes);
  if (!planned.ok()) return planned.status();
  const absl::StatusOr<std::vector<CheckedUse>> after = CheckInitScripts(**planned, view);
  if (!after.ok()) return after.status();
  const std::vector<std::string> broken = BrokenBy(*before, *after);
  if (broken.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the system's init would no longer work: ", absl::StrJoin(broken, "; ")));
}

absl::StatusOr<ChangePlan> PlanInstall(Tree& tree, const Installed& installed,
                                       const Release& release, const InstallOptions& options) {
  const absl::StatusOr<elf::Arch> architecture = ChooseArchitecture(tree, options);
  if (!architecture.ok()) return architecture.status();
  if (absl::Status status = CheckPrograms(release, *architecture, options.allow_standin);
      !status.ok()) {
    return status;
  }
  return Installation(tree, installed, release, options).Plan();
}

absl::StatusOr<ChangePlan> PlanStamp(Tree& tree, const Installed& installed, const Stamp& stamp) {
  std::vector<Wanted> wanted;
  bool any = false;
  for (const StampedFile& file : kStampedFiles) {
    const absl::StatusOr<std::string> path = Resolve(tree, file.path, /*follow_last=*/true);
    if (path.ok() && tree.Look(*path).ok()) any = true;
    absl::StatusOr<absl::optional<Wanted>> stamped =
        Stamped(tree, file, stamp, /*only_replace=*/false);
    if (!stamped.ok()) return stamped.status();
    if (stamped->has_value()) wanted.push_back(**std::move(stamped));
  }
  if (!any) {
    return absl::NotFoundError(
        "none of /etc/init.rc, /etc/xdg/ion/initrc and /etc/cation-release is there to be stamped");
  }
  return PlanChange(tree, installed.folders, installed.records, kStamp,
                    absl::StrCat("stamp-", stamp.commit),
                    absl::StrCat("stamp ", stamp.commit, ", ", stamp.date), std::move(wanted));
}

absl::StatusOr<ChangePlan> PlanRollback(Tree& tree, const Installed& installed,
                                        const std::string& stamp, Modified modified) {
  if (installed.records.empty()) {
    return absl::NotFoundError("nothing that Cation did is recorded in it");
  }
  if (stamp.empty()) {
    return PlanUndo(tree, installed.folders, installed.records, {installed.records.back().stamp},
                    modified);
  }
  for (const Record& record : installed.records) {
    if (record.stamp == stamp) {
      return PlanUndo(tree, installed.folders, installed.records, {stamp}, modified);
    }
  }
  return absl::NotFoundError(absl::StrCat("there is no record ", stamp, "; `list` shows them"));
}

absl::StatusOr<ChangePlan> PlanUninstall(Tree& tree, const Installed& installed,
                                         Modified modified) {
  std::set<std::string> stamps;
  for (const Record& record : installed.records) {
    if (record.action != kRepair) stamps.insert(record.stamp);
  }
  if (stamps.empty()) return absl::NotFoundError("Cation is not installed in it");
  return PlanUndo(tree, installed.folders, installed.records, stamps, modified);
}

absl::StatusOr<ChangePlan> PlanRepair(Tree& tree, const Installed& installed,
                                      const std::string& label, const std::string& what,
                                      std::vector<Wanted> wanted) {
  return PlanChange(tree, installed.folders, installed.records, kRepair, label, what,
                    std::move(wanted));
}

absl::StatusOr<std::vector<InitrcWithLine>> InitrcsWithLine(Tree& tree,
                                                            const Installed& installed) {
  std::map<std::string, InitrcWithLine> initrcs;
  for (const Record& record : installed.records) {
    if (record.action != kInstall) continue;
    for (const RecordedPath& path : record.paths) {
      const absl::StatusOr<bool> has_put = HasPutInitrcLineIn(tree, installed.folders, path);
      // Verify() finds what is wrong with backups.
      if (!has_put.ok() || !*has_put) continue;
      InitrcWithLine initrc{path.path, false};
      const absl::StatusOr<std::string> text = tree.Read(path.path);
      if (text.ok()) initrc.has_line = SourcesSystemInitrc(*text);
      initrcs[path.path] = std::move(initrc);
    }
  }
  std::vector<InitrcWithLine> sorted;
  sorted.reserve(initrcs.size());
  for (auto& [path, initrc] : initrcs) sorted.push_back(std::move(initrc));
  return sorted;
}

absl::StatusOr<Inspection> Verify(Tree& tree, const Installed& installed) {
  if (!installed.manifest.has_value()) {
    return absl::NotFoundError("Cation is not installed in it");
  }
  Inspection inspection;
  for (const ManifestEntry& entry : installed.manifest->entries) {
    ++inspection.checked;
    const absl::StatusOr<std::string> path =
        Resolve(tree, entry.path, /*follow_last=*/entry.kind == Kind::kDirectory);
    if (!path.ok()) {
      inspection.findings.emplace_back(path.status().message());
      continue;
    }
    const absl::StatusOr<State> there = ReadState(tree, *path);
    if (!there.ok()) {
      inspection.findings.emplace_back(there.status().message());
      continue;
    }
    const State should = StateOf(entry);
    // A directory that was there before keeps its mode.
    const bool same = entry.kind == Kind::kDirectory
                          ? !there->absent && there->entry.kind == Kind::kDirectory
                          : SameState(*there, should);
    if (same) continue;
    const bool other_content = !there->absent && there->entry.kind == entry.kind &&
                               there->sha256 != should.sha256 &&
                               there->entry.size == should.entry.size;
    std::string finding =
        absl::StrCat("/", entry.path, " is ", DescribeState(*there),
                     other_content ? " of other content" : "", ", not ", DescribeState(should));
    if (entry.config && !there->absent) {
      inspection.notes.push_back(absl::StrCat("/", entry.path, " was changed since"));
    } else {
      inspection.findings.push_back(std::move(finding));
    }
  }
  const absl::StatusOr<std::vector<InitrcWithLine>> initrcs = InitrcsWithLine(tree, installed);
  if (!initrcs.ok()) return initrcs.status();
  for (const InitrcWithLine& initrc : *initrcs) {
    ++inspection.checked;
    if (initrc.has_line) continue;
    inspection.notes.push_back(
        absl::StrCat("/", initrc.path, " does not source /etc/xdg/ion/initrc any more"));
  }
  std::set<std::string> seen;
  for (const Record& record : installed.records) {
    for (const RecordedPath& path : record.paths) {
      if (path.before.sha256.empty() || !seen.insert(path.before.sha256).second) continue;
      ++inspection.checked;
      const absl::StatusOr<std::string> backup =
          ReadBackup(tree, installed.folders, path.before.sha256);
      if (!backup.ok()) {
        inspection.findings.push_back(
            absl::StrCat("/", path.path, " (", record.stamp, "): ", backup.status().message()));
      }
    }
  }
  return inspection;
}

absl::StatusOr<Inspection> Compare(Tree& tree, const Installed& installed, const Release& release) {
  Inspection inspection;
  std::set<std::string> entries;
  std::set<std::string> taken;
  for (const ManifestEntry& entry : release.manifest.entries) {
    const absl::optional<std::string> mapped = PathInTree(installed.flat, entry.path);
    if (entry.optional || entry.kind == Kind::kDirectory || !mapped.has_value()) continue;
    entries.insert(*mapped);
    ++inspection.checked;
    const absl::StatusOr<std::string> path = Place(tree, *mapped);
    if (!path.ok()) return path.status();
    const absl::StatusOr<State> there = ReadState(tree, *path);
    if (!there.ok()) return there.status();
    const State should = StateOf(entry);
    if (SameState(*there, should)) continue;
    if (entry.path == kRootInitrc && !there->absent && there->entry.kind != Kind::kDirectory) {
      const bool is_empty = IsEmptyFile(*there) && LastPut(installed.records, *path) == nullptr;
      const absl::StatusOr<bool> as_put = IsAsPut(tree, installed, *path, *there);
      if (!as_put.ok()) return as_put.status();
      // A user's own, which gets a line at most.
      if (!is_empty && !*as_put) continue;
      taken.insert(*path);
    }
    if (there->absent) {
      inspection.findings.push_back(absl::StrCat("+ /", *mapped, "  ", DescribeState(should)));
    } else {
      inspection.findings.push_back(
          absl::StrCat("~ /", *mapped, "  ", DescribeState(*there), " -> ", DescribeState(should)));
    }
  }
  if (entries.count(kInitrc) != 0) {
    const absl::StatusOr<std::vector<InitrcDecision>> decisions =
        DecideInitrcs(tree, installed, taken);
    if (!decisions.ok()) return decisions.status();
    for (const InitrcDecision& decision : *decisions) {
      if (decision.why.empty()) {
        inspection.findings.push_back(
            absl::StrCat("~ /", decision.path,
                         "  without the line that sources /etc/xdg/ion/initrc -> with it"));
      } else {
        inspection.notes.push_back(absl::StrCat("/", decision.path, " stays: ", decision.why));
      }
    }
  }
  if (installed.manifest.has_value()) {
    for (const ManifestEntry& entry : installed.manifest->entries) {
      if (entry.kind != Kind::kDirectory && entries.count(entry.path) == 0) {
        inspection.findings.push_back(absl::StrCat("- /", entry.path, "  not in the release"));
      }
    }
  }
  return inspection;
}

}  // namespace cation::image
