// SPDX-License-Identifier: MIT
#include "image/copy.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "image/resolve.h"
#include "image/tree.h"

namespace cation::image {
namespace {

absl::Status AddCopy(Tree& source, const std::string& from, Tree& target, const std::string& to,
                     bool new_folder, std::vector<Change>& changes) {
  absl::StatusOr<Entry> entry = source.Look(from);
  if (!entry.ok()) return entry.status();
  if (entry->kind == Kind::kOther) {
    return absl::FailedPreconditionError(
        absl::StrCat("/", from, " is a device or another special file, which is not copied"));
  }
  bool there = false;
  // What is in a folder that is only now made cannot be there.
  if (!new_folder) {
    const absl::StatusOr<Entry> old = target.Look(to);
    if (!old.ok() && !absl::IsNotFound(old.status())) return old.status();
    there = old.ok();
    if (there && (old->kind == Kind::kDirectory) != (entry->kind == Kind::kDirectory)) {
      return absl::FailedPreconditionError(absl::StrCat(
          "/", to, old->kind == Kind::kDirectory ? " is a directory" : " is not a directory",
          ", in the way of the copy"));
    }
  }
  Change change;
  change.path = to;
  change.attributes = entry->attributes;
  if (entry->kind == Kind::kDirectory) {
    if (!there) {
      change.action = Change::Action::kMakeDirectory;
      changes.push_back(std::move(change));
    }
    const absl::StatusOr<std::vector<std::string>> names = source.List(from);
    if (!names.ok()) return names.status();
    for (const std::string& name : *names) {
      if (const absl::Status status =
              AddCopy(source, JoinPath(from, name), target, JoinPath(to, name), !there, changes);
          !status.ok()) {
        return status;
      }
    }
    return absl::OkStatus();
  }
  if (entry->kind == Kind::kLink) {
    change.action = Change::Action::kMakeLink;
    change.target = std::move(entry->target);
  } else {
    absl::StatusOr<std::string> content = source.Read(from);
    if (!content.ok()) return content.status();
    change.action = Change::Action::kWriteFile;
    change.content = *std::move(content);
  }
  changes.push_back(std::move(change));
  return absl::OkStatus();
}

absl::Status AddRemoval(Tree& tree, const std::string& path, std::vector<Change>& changes) {
  const absl::StatusOr<Entry> entry = tree.Look(path);
  if (!entry.ok()) return entry.status();
  if (entry->kind == Kind::kDirectory) {
    const absl::StatusOr<std::vector<std::string>> names = tree.List(path);
    if (!names.ok()) return names.status();
    for (const std::string& name : *names) {
      if (absl::Status status = AddRemoval(tree, JoinPath(path, name), changes); !status.ok()) {
        return status;
      }
    }
  }
  changes.push_back({Change::Action::kRemove, path, {}, {}, {}});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<Change>> PlanCopy(Tree& source, const std::string& from, Tree& target,
                                             const std::string& to) {
  std::vector<Change> changes;
  if (absl::Status status = AddCopy(source, from, target, to, /*new_folder=*/false, changes);
      !status.ok()) {
    return status;
  }
  return changes;
}

absl::StatusOr<std::vector<Change>> PlanRemoval(Tree& tree, const std::string& path) {
  if (path.empty()) return absl::InvalidArgumentError("the root itself is not removed");
  std::vector<Change> changes;
  if (absl::Status status = AddRemoval(tree, path, changes); !status.ok()) return status;
  return changes;
}

absl::StatusOr<std::vector<Change>> PlanDirectories(Tree& tree, const std::string& path) {
  std::vector<Change> changes;
  for (std::string folder = path; !folder.empty(); folder = std::string(ParentOf(folder))) {
    const absl::StatusOr<Entry> entry = tree.Look(folder);
    if (entry.ok()) {
      if (entry->kind == Kind::kDirectory) break;
      return absl::FailedPreconditionError(absl::StrCat("/", folder, " is not a directory"));
    }
    if (!absl::IsNotFound(entry.status())) return entry.status();
    changes.push_back({Change::Action::kMakeDirectory, folder, {.mode = 0755}, {}, {}});
  }
  std::reverse(changes.begin(), changes.end());
  return changes;
}

}  // namespace cation::image
