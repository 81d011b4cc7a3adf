// SPDX-License-Identifier: MIT
#include "image/change_plan.h"

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
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "image/record.h"
#include "image/resolve.h"
#include "image/sha256.h"
#include "image/tree.h"
#include "image/user_initrc.h"

namespace cation::image {
namespace {

constexpr uint32_t kFolderMode = 0755;
// Backups may be of files that not everybody may read.
constexpr uint32_t kBackupFolderMode = 0700;
constexpr uint32_t kBackupMode = 0600;
// So many paths are named in a message.
constexpr size_t kMaximumNamed = 5;

std::string NamePaths(const std::vector<std::string>& paths) {
  std::string text;
  for (size_t i = 0; i != std::min(paths.size(), kMaximumNamed); ++i) {
    absl::StrAppend(&text, i == 0 ? "/" : ", /", paths[i]);
  }
  if (paths.size() > kMaximumNamed) {
    absl::StrAppend(&text, " and ", paths.size() - kMaximumNamed, " more");
  }
  return text;
}

// Collects the steps of a change; puts them into an order in which they can be done.
class Steps {
 public:
  void MakeDirectory(const std::string& path, const Attributes& attributes) {
    directories_[path] = {Change::Action::kMakeDirectory, path, attributes, {}, {}};
  }

  // Whatever a tree has: files and links.
  void Write(const std::string& path, const State& state, std::string content) {
    Change change;
    change.action =
        state.entry.kind == Kind::kLink ? Change::Action::kMakeLink : Change::Action::kWriteFile;
    change.path = path;
    change.attributes = state.entry.attributes;
    change.content = std::move(content);
    change.target = state.entry.target;
    writes_.push_back(std::move(change));
  }
  void Remove(const std::string& path) { removed_.insert(path); }
  [[nodiscard]] bool Removes(const std::string& path) const { return removed_.count(path) != 0; }

  std::vector<Change> TakeInOrder() && {
    std::vector<Change> changes;
    changes.reserve(directories_.size() + writes_.size() + removed_.size());
    for (auto& [path, change] : directories_) changes.push_back(std::move(change));
    for (Change& change : writes_) changes.push_back(std::move(change));
    // What is below a directory comes before it.
    for (auto path = removed_.rbegin(); path != removed_.rend(); ++path) {
      changes.push_back({Change::Action::kRemove, *path, {}, {}, {}});
    }
    return changes;
  }

 private:
  std::map<std::string, Change> directories_;
  std::vector<Change> writes_;
  std::set<std::string> removed_;
};

absl::StatusOr<bool> Exists(Tree& tree, const std::string& path) {
  const absl::StatusOr<Entry> entry = tree.Look(path);
  if (absl::IsNotFound(entry.status())) return false;
  if (!entry.ok()) return entry.status();
  return true;
}

// The installer's own folder, where it is missing; not recorded.
absl::Status EnsureOwnFolder(Tree& tree, const std::string& path, Steps& steps) {
  const absl::StatusOr<bool> exists = Exists(tree, path);
  if (!exists.ok()) return exists.status();
  if (!*exists) steps.MakeDirectory(path, {.mode = kBackupFolderMode});
  return absl::OkStatus();
}

absl::Status InTheWay(const std::string& path, const State& there, absl::string_view wanted) {
  return absl::FailedPreconditionError(absl::StrCat(
      "/", path, " is ", DescribeState(there), ", in the way of ", wanted, "; take it away first"));
}

// Adds the directories above `path` that are missing to `wanted`.
absl::Status AddParents(Tree& tree, const std::string& path, const Attributes& attributes,
                        std::map<std::string, Wanted>& wanted) {
  for (std::string above(ParentOf(path)); !above.empty(); above = std::string(ParentOf(above))) {
    const auto known = wanted.find(above);
    if (known != wanted.end()) {
      if (!known->second.state.absent && known->second.state.entry.kind == Kind::kDirectory)
        continue;
      return absl::InvalidArgumentError(
          absl::StrCat("/", above, " is to be no directory, but /", path, " is to be in it"));
    }
    const absl::StatusOr<Entry> entry = tree.Look(above);
    if (entry.ok()) {
      if (entry->kind == Kind::kDirectory) return absl::OkStatus();
      return absl::FailedPreconditionError(
          absl::StrCat("/", above, " is not a directory, but /", path, " is to be in it"));
    }
    if (!absl::IsNotFound(entry.status())) return entry.status();
    Attributes folder = attributes;
    folder.mode = kFolderMode;
    wanted.emplace(above, WantedDirectory(above, folder));
  }
  return absl::OkStatus();
}

// What the chosen records together did to a path.
struct Undone {
  State before;
  State after;
};

absl::StatusOr<std::map<std::string, Undone>> Together(const std::vector<Record>& records,
                                                       const std::set<std::string>& stamps) {
  std::map<std::string, Undone> paths;
  std::vector<std::string> conflicts;
  for (const Record& record : records) {
    const bool chosen = stamps.count(record.stamp) != 0;
    for (const RecordedPath& path : record.paths) {
      const auto known = paths.find(path.path);
      if (!chosen) {
        // A directory that both need goes when it is empty.
        const bool directory = !path.after.absent && path.after.entry.kind == Kind::kDirectory;
        if (known != paths.end() && !directory) {
          conflicts.push_back(absl::StrCat(path.path, " (", record.stamp, ")"));
        }
      } else if (known == paths.end()) {
        paths.emplace(path.path, Undone{path.before, path.after});
      } else {
        known->second.after = path.after;
      }
    }
  }
  if (!conflicts.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "changed again by what came later: ", NamePaths(conflicts), "; roll that back first"));
  }
  return paths;
}

// Removes the records, and the backups that only they needed.
absl::Status Forget(Tree& tree, const StateFolders& folders, const std::vector<Record>& records,
                    const std::set<std::string>& stamps, Steps& steps) {
  std::set<std::string> needed;
  bool others = false;
  for (const Record& record : records) {
    if (stamps.count(record.stamp) != 0) {
      steps.Remove(folders.RecordFile(record.stamp));
      steps.Remove(folders.RecordFolder(record.stamp));
      continue;
    }
    others = true;
    for (const RecordedPath& path : record.paths) needed.insert(path.before.sha256);
  }
  absl::StatusOr<std::vector<std::string>> objects = tree.List(folders.objects);
  if (absl::IsNotFound(objects.status())) objects = std::vector<std::string>();
  if (!objects.ok()) return objects.status();
  for (const std::string& object : *objects) {
    if (needed.count(object) == 0) steps.Remove(folders.Object(object));
  }
  if (!others) {
    const absl::StatusOr<bool> exists = Exists(tree, folders.objects);
    if (!exists.ok()) return exists.status();
    if (*exists) steps.Remove(folders.objects);
    steps.Remove(folders.backup);
  }
  return absl::OkStatus();
}

// Directories that were made by what is undone, but have something in them: what is left of the
// records takes them over, so that the last one to go takes them along.
void PassOn(const StateFolders& folders, const std::vector<Record>& records,
            const std::set<std::string>& stamps, std::vector<RecordedPath> staying, Steps& steps,
            ChangePlan& plan) {
  if (staying.empty()) return;
  const auto heir = std::find_if(records.begin(), records.end(), [&stamps](const Record& record) {
    return stamps.count(record.stamp) == 0;
  });
  if (heir == records.end()) {
    for (const RecordedPath& path : staying) {
      plan.notes.push_back(absl::StrCat("/", path.path, " stays: something else is in it"));
    }
    return;
  }
  Record record = *heir;
  const auto by_path = [](const RecordedPath& a, const RecordedPath& b) { return a.path < b.path; };
  for (RecordedPath& path : staying) {
    if (!std::binary_search(heir->paths.begin(), heir->paths.end(), path, by_path)) {
      record.paths.push_back(std::move(path));
    }
  }
  std::sort(record.paths.begin(), record.paths.end(), by_path);
  Wanted file =
      WantedFile(folders.RecordFile(record.stamp), SerializeRecord(record), {.mode = kBackupMode});
  steps.Write(file.path, file.state, std::move(file.content));
}

// Of a path that has been changed since: how it is to be if all that the command did to it was to
// have a user's initrc source the one for all. Nothing: it did something else.
absl::StatusOr<absl::optional<Wanted>> WithoutInitrcLine(Tree& tree, const StateFolders& folders,
                                                         const RecordedPath& path,
                                                         const State& now) {
  if (!now.absent && now.entry.kind != Kind::kFile) return absl::optional<Wanted>();
  // Where there was nothing before, the release's own went there.
  const bool is_own = absl::EndsWith(absl::StrCat("/", path.path), "/.config/ion/initrc") &&
                      (path.before.absent || IsEmptyFile(path.before));
  const absl::StatusOr<bool> is_edit = HasPutInitrcLineIn(tree, folders, path);
  if (!is_edit.ok()) return is_edit.status();
  if (!*is_edit && !is_own) return absl::optional<Wanted>();
  Wanted wanted{path.path, now, {}};
  if (now.absent) return absl::optional<Wanted>(wanted);
  const absl::StatusOr<std::string> text = tree.Read(path.path);
  if (!text.ok()) return text.status();
  absl::optional<std::string> rest = TakeInitrcLineOut(*text);
  if (!rest.has_value()) return absl::optional<Wanted>(wanted);
  return absl::optional<Wanted>(WantedFile(path.path, *std::move(rest), now.entry.attributes));
}

}  // namespace

absl::StatusOr<bool> HasPutInitrcLineIn(Tree& tree, const StateFolders& folders,
                                        const RecordedPath& path) {
  if (path.before.absent || path.before.entry.kind != Kind::kFile || path.after.absent ||
      path.after.entry.kind != Kind::kFile) {
    return false;
  }
  // Only so much larger: what is not read is most of what there is.
  const uint64_t grown = path.after.entry.size - path.before.entry.size;
  if (grown < InitrcLineText().size() + 1 || grown > InitrcLineText().size() + 2) return false;
  const absl::StatusOr<std::string> before = ReadBackup(tree, folders, path.before.sha256);
  if (!before.ok()) return before.status();
  std::string why;
  const absl::optional<std::string> after = PutInitrcLineIn(*before, why);
  return after.has_value() && Sha256(*after) == path.after.sha256;
}

Wanted WantedFile(const std::string& path, std::string content, const Attributes& attributes) {
  Wanted wanted{path, {}, std::move(content)};
  wanted.state.absent = false;
  wanted.state.entry = {Kind::kFile, attributes, wanted.content.size(), {}};
  wanted.state.sha256 = Sha256(wanted.content);
  return wanted;
}

Wanted WantedLink(const std::string& path, const std::string& target,
                  const Attributes& attributes) {
  Wanted wanted{path, {}, {}};
  wanted.state.absent = false;
  wanted.state.entry = {Kind::kLink, attributes, 0, target};
  wanted.state.entry.attributes.mode = 0777;
  return wanted;
}

Wanted WantedDirectory(const std::string& path, const Attributes& attributes) {
  Wanted wanted{path, {}, {}};
  wanted.state.absent = false;
  wanted.state.entry = {Kind::kDirectory, attributes, 0, {}};
  return wanted;
}

Wanted WantedAbsent(const std::string& path) { return {path, {}, {}}; }

absl::StatusOr<ChangePlan> PlanChange(Tree& tree, const StateFolders& folders,
                                      const std::vector<Record>& records, const std::string& action,
                                      const std::string& label, const std::string& what,
                                      std::vector<Wanted> wanted) {
  std::map<std::string, Wanted> by_path;
  for (Wanted& one : wanted) {
    const std::string path = one.path;
    if (!by_path.emplace(path, std::move(one)).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("two names for one place in this tree: /", path));
    }
  }
  // Only what is not so already; parents only for that.
  std::map<std::string, Wanted> missing;
  std::map<std::string, State> before;
  for (auto& [path, one] : by_path) {
    absl::StatusOr<State> there = ReadState(tree, path);
    if (!there.ok()) return there.status();
    const bool is_directory = !there->absent && there->entry.kind == Kind::kDirectory;
    const bool wants_directory = !one.state.absent && one.state.entry.kind == Kind::kDirectory;
    if (SameState(*there, one.state) || (is_directory && wants_directory)) continue;
    if (is_directory || (wants_directory && !there->absent)) {
      return InTheWay(path, *there, wants_directory ? "a directory" : "a file");
    }
    before.emplace(path, *std::move(there));
    missing.emplace(path, std::move(one));
  }
  ChangePlan plan;
  if (missing.empty()) return plan;

  // All are as old as the change's files.
  Attributes attributes;
  for (const auto& [path, one] : missing) {
    attributes.mtime = std::max(attributes.mtime, one.state.entry.attributes.mtime);
  }
  std::vector<std::string> needing_parents = {folders.manifest};
  for (const auto& [path, one] : missing) {
    if (!one.state.absent) needing_parents.push_back(path);
  }
  for (const std::string& path : needing_parents) {
    if (absl::Status status = AddParents(tree, path, attributes, missing); !status.ok()) {
      return status;
    }
  }

  Record record;
  record.stamp = MakeStamp(records.empty() ? 1 : StampNumber(records.back().stamp) + 1, label);
  record.action = action;
  record.what = what;
  Steps steps;
  for (auto& [path, one] : missing) {
    RecordedPath recorded;
    recorded.path = path;
    if (const auto there = before.find(path); there != before.end())
      recorded.before = there->second;
    recorded.after = one.state;
    record.paths.push_back(std::move(recorded));
    if (!one.state.absent && one.state.entry.kind == Kind::kDirectory) {
      steps.MakeDirectory(path, one.state.entry.attributes);
    }
  }
  for (const std::string& folder : {folders.backup, folders.objects}) {
    if (absl::Status status = EnsureOwnFolder(tree, folder, steps); !status.ok()) {
      return status;
    }
  }
  steps.MakeDirectory(folders.RecordFolder(record.stamp), {.mode = kBackupFolderMode});

  const Attributes backup = {.mode = kBackupMode, .mtime = attributes.mtime};
  std::set<std::string> kept;
  for (const auto& [path, there] : before) {
    if (there.sha256.empty() || !kept.insert(there.sha256).second) continue;
    const std::string object = folders.Object(there.sha256);
    const absl::StatusOr<bool> exists = Exists(tree, object);
    if (!exists.ok()) return exists.status();
    if (*exists) {
      // Content-addressed, but not to be trusted blindly: it is the only copy there will be.
      if (const absl::StatusOr<std::string> content = ReadBackup(tree, folders, there.sha256);
          content.ok()) {
        continue;
      }
    }
    absl::StatusOr<std::string> content = tree.Read(path);
    if (!content.ok()) return content.status();
    if (Sha256(*content) != there.sha256) {
      return absl::AbortedError(absl::StrCat("/", path, " changed while it was read; try again"));
    }
    Wanted file = WantedFile(object, *std::move(content), backup);
    steps.Write(object, file.state, std::move(file.content));
  }
  Wanted record_file =
      WantedFile(folders.RecordFile(record.stamp), SerializeRecord(record), backup);
  steps.Write(record_file.path, record_file.state, std::move(record_file.content));
  for (auto& [path, one] : missing) {
    if (one.state.absent) {
      steps.Remove(path);
    } else if (one.state.entry.kind != Kind::kDirectory) {
      steps.Write(path, one.state, std::move(one.content));
    }
  }
  plan.changes = std::move(steps).TakeInOrder();
  plan.paths = std::move(record.paths);
  return plan;
}

absl::StatusOr<ChangePlan> PlanUndo(Tree& tree, const StateFolders& folders,
                                    const std::vector<Record>& records,
                                    const std::set<std::string>& stamps, Modified modified) {
  const absl::StatusOr<std::map<std::string, Undone>> paths = Together(records, stamps);
  if (!paths.ok()) return paths.status();

  ChangePlan plan;
  Steps steps;
  if (absl::Status status = Forget(tree, folders, records, stamps, steps); !status.ok()) {
    return status;
  }
  std::vector<std::string> changed;
  std::vector<RecordedPath> staying;
  // Backwards: what is in a directory comes before it.
  for (auto path = paths->rbegin(); path != paths->rend(); ++path) {
    const std::string& name = path->first;
    const Undone& undone = path->second;
    absl::StatusOr<State> now = ReadState(tree, name);
    if (!now.ok()) return now.status();
    if (SameState(*now, undone.before)) continue;
    if (!undone.after.absent && undone.after.entry.kind == Kind::kDirectory && !now->absent &&
        now->entry.kind == Kind::kDirectory && undone.before.absent) {
      const absl::StatusOr<std::vector<std::string>> entries = tree.List(name);
      if (!entries.ok()) return entries.status();
      const bool goes = std::all_of(
          entries->begin(), entries->end(),
          [&](const std::string& entry) { return steps.Removes(JoinPath(name, entry)); });
      if (goes) {
        steps.Remove(name);
        plan.paths.push_back({name, *std::move(now), undone.before});
      } else {
        staying.push_back({name, undone.before, undone.after});
      }
      continue;
    }
    if (!SameState(*now, undone.after) && modified != Modified::kReplace) {
      absl::StatusOr<absl::optional<Wanted>> without =
          WithoutInitrcLine(tree, folders, {name, undone.before, undone.after}, *now);
      if (!without.ok()) return without.status();
      if (without->has_value()) {
        Wanted& rest = **without;
        const bool has_line = !SameState(*now, rest.state);
        plan.notes.push_back(absl::StrCat("/", name, " stays as it is: changed since",
                                          has_line ? "; only the line goes that was put in" : ""));
        if (!has_line) continue;
        steps.Write(name, rest.state, std::move(rest.content));
        plan.paths.push_back({name, *std::move(now), rest.state});
        continue;
      }
      if (modified == Modified::kKeep) {
        plan.notes.push_back(absl::StrCat("/", name, " stays as it is: changed since"));
      }
      changed.push_back(name);
      continue;
    }
    if (undone.before.absent) {
      if (now->entry.kind == Kind::kDirectory) {
        return InTheWay(name, *now, "what was there before, nothing");
      }
      steps.Remove(name);
    } else if (undone.before.entry.kind == Kind::kDirectory) {
      if (!now->absent) return InTheWay(name, *now, "the directory that was there before");
      steps.MakeDirectory(name, undone.before.entry.attributes);
    } else {
      if (!now->absent && now->entry.kind == Kind::kDirectory) {
        return InTheWay(name, *now, "the file that was there before");
      }
      std::string content;
      if (undone.before.entry.kind == Kind::kFile) {
        absl::StatusOr<std::string> object = ReadBackup(tree, folders, undone.before.sha256);
        if (!object.ok()) return object.status();
        content = *std::move(object);
      }
      steps.Write(name, undone.before, std::move(content));
    }
    plan.paths.push_back({name, *std::move(now), undone.before});
  }
  if (!changed.empty() && modified == Modified::kRefuse) {
    std::reverse(changed.begin(), changed.end());
    return absl::FailedPreconditionError(
        absl::StrCat("changed since by somebody else: ", NamePaths(changed),
                     "; --keep leaves that as it is, --force puts back what was there before"));
  }
  PassOn(folders, records, stamps, std::move(staying), steps, plan);
  std::reverse(plan.paths.begin(), plan.paths.end());
  plan.changes = std::move(steps).TakeInOrder();
  return plan;
}

absl::Status Carry(Tree& tree, const ChangePlan& plan) {
  if (plan.changes.empty()) return absl::OkStatus();
  const absl::StatusOr<uint64_t> needed = tree.SpaceFor(plan.changes);
  if (!needed.ok()) return needed.status();
  const absl::StatusOr<Space> space = tree.GetSpace();
  if (!space.ok()) return space.status();
  if (*needed > space->free_bytes) {
    return absl::ResourceExhaustedError(absl::StrCat("not enough space in the ", tree.Description(),
                                                     ": ", *needed, " bytes are needed, ",
                                                     space->free_bytes, " are free"));
  }
  if (absl::Status status = tree.Apply(plan.changes); !status.ok()) return status;
  for (const RecordedPath& path : plan.paths) {
    const absl::StatusOr<State> now = ReadState(tree, path.path);
    if (!now.ok()) return now.status();
    if (!SameState(*now, path.after)) {
      return absl::DataLossError(absl::StrCat("/", path.path, " is ", DescribeState(*now),
                                              " after the change, but should be ",
                                              DescribeState(path.after)));
    }
  }
  return absl::OkStatus();
}

}  // namespace cation::image
