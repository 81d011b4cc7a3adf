// SPDX-License-Identifier: MIT
#include "image/planned_tree.h"

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "image/resolve.h"
#include "image/tree.h"

namespace cation::image {
namespace {

absl::Status NotThere(absl::string_view path) {
  return absl::NotFoundError(absl::StrCat(path, ": no such entry"));
}

absl::Status Wrong(absl::string_view path, absl::string_view what) {
  return absl::FailedPreconditionError(absl::StrCat(path, ": ", what));
}

}  // namespace

absl::StatusOr<std::unique_ptr<PlannedTree>> PlannedTree::Make(Tree& tree,
                                                               const std::vector<Change>& changes) {
  std::unique_ptr<PlannedTree> planned(new PlannedTree(tree));
  for (const Change& change : changes) {
    if (absl::Status status = planned->Plan(change); !status.ok()) return status;
  }
  return planned;
}

absl::StatusOr<bool> PlannedTree::ShowsThrough(const std::string& path) const {
  if (!IsCanonical(path)) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": not a canonical path"));
  }
  for (size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const auto above = plan_.find(path.substr(0, slash));
    if (above == plan_.end()) continue;
    if (above->second.removed) return NotThere(path);
    if (above->second.entry.kind != Kind::kDirectory) {
      return Wrong(path, absl::StrCat(above->first, " is not a directory"));
    }
    if (above->second.made) {
      // From here on, there is only what is planned.
      for (slash = path.find('/', slash + 1); slash != std::string::npos;
           slash = path.find('/', slash + 1)) {
        const auto next = plan_.find(path.substr(0, slash));
        if (next == plan_.end() || next->second.removed) return NotThere(path);
        if (next->second.entry.kind != Kind::kDirectory) {
          return Wrong(path, absl::StrCat(next->first, " is not a directory"));
        }
      }
      return false;
    }
  }
  return true;
}

absl::StatusOr<Entry> PlannedTree::Look(const std::string& path) {
  const absl::StatusOr<bool> shows_through = ShowsThrough(path);
  if (!shows_through.ok()) return shows_through.status();
  if (const auto planned = plan_.find(path); planned != plan_.end()) {
    if (planned->second.removed) return NotThere(path);
    return planned->second.entry;
  }
  if (!*shows_through) return NotThere(path);
  return tree_.Look(path);
}

absl::StatusOr<std::string> PlannedTree::Read(const std::string& path) {
  const absl::StatusOr<Entry> entry = Look(path);
  if (!entry.ok()) return entry.status();
  if (entry->kind != Kind::kFile) return Wrong(path, "not a file");
  if (const auto planned = plan_.find(path); planned != plan_.end() && planned->second.made) {
    return planned->second.content;
  }
  return tree_.Read(path);
}

absl::StatusOr<std::vector<std::string>> PlannedTree::List(const std::string& path) {
  const absl::StatusOr<Entry> entry = Look(path);
  if (!entry.ok()) return entry.status();
  if (entry->kind != Kind::kDirectory) return Wrong(path, "not a directory");
  std::set<std::string> names;
  const auto planned = plan_.find(path);
  const absl::StatusOr<bool> shows_through = ShowsThrough(path);
  if (*shows_through && (planned == plan_.end() || !planned->second.made)) {
    const absl::StatusOr<std::vector<std::string>> beneath = tree_.List(path);
    if (!beneath.ok()) return beneath.status();
    names.insert(beneath->begin(), beneath->end());
  }
  const std::string prefix = path.empty() ? "" : path + "/";
  for (auto child = plan_.lower_bound(prefix);
       child != plan_.end() && absl::StartsWith(child->first, prefix); ++child) {
    const std::string name = child->first.substr(prefix.size());
    if (name.empty() || absl::StrContains(name, '/')) continue;
    if (child->second.removed) {
      names.erase(name);
    } else {
      names.insert(name);
    }
  }
  return std::vector<std::string>(names.begin(), names.end());
}

absl::Status PlannedTree::Plan(const Change& change) {
  const std::string& path = change.path;
  const absl::StatusOr<Entry> there = Look(path);
  if (!there.ok() && !absl::IsNotFound(there.status())) return there.status();
  if (!there.ok()) {
    // What is not there can be made only where its directory is.
    const absl::StatusOr<Entry> parent = Look(std::string(ParentOf(path)));
    if (!parent.ok()) return parent.status();
  }
  const auto plan = [this, &path, &change](Kind kind) {
    Planned planned;
    planned.made = true;
    planned.entry.kind = kind;
    planned.entry.attributes = change.attributes;
    plan_[path] = std::move(planned);
  };
  switch (change.action) {
    case Change::Action::kMakeDirectory:
      if (there.ok()) return Wrong(path, "exists");
      plan(Kind::kDirectory);
      return absl::OkStatus();
    case Change::Action::kWriteFile:
    case Change::Action::kMakeLink:
      if (there.ok() && there->kind == Kind::kDirectory) return Wrong(path, "is a directory");
      if (there.ok() && there->kind == Kind::kOther) return Wrong(path, "is a special file");
      if (change.action == Change::Action::kWriteFile) {
        plan(Kind::kFile);
        plan_[path].content = change.content;
        plan_[path].entry.size = change.content.size();
      } else {
        plan(Kind::kLink);
        plan_[path].entry.target = change.target;
        plan_[path].entry.attributes.mode = 0777;
      }
      return absl::OkStatus();
    case Change::Action::kRemove: {
      if (!there.ok()) return there.status();
      if (there->kind == Kind::kOther) return Wrong(path, "is a special file");
      if (there->kind == Kind::kDirectory) {
        const absl::StatusOr<std::vector<std::string>> names = List(path);
        if (!names.ok()) return names.status();
        if (path.empty() || !names->empty()) return Wrong(path, "directory not empty");
      }
      Planned removed;
      removed.removed = true;
      plan_[path] = std::move(removed);
      return absl::OkStatus();
    }
    case Change::Action::kSetAttributes:
      if (!there.ok()) return there.status();
      if (there->kind != Kind::kFile && there->kind != Kind::kDirectory) {
        return Wrong(path, "neither a file nor a directory");
      }
      // Of what is not planned yet, only this is.
      plan_[path].entry = *there;
      plan_[path].entry.attributes = change.attributes;
      return absl::OkStatus();
  }
  return absl::InternalError("no such action");
}

absl::Status PlannedTree::Apply(const std::vector<Change>& /*changes*/) {
  return absl::UnimplementedError("a plan is only looked at");
}

}  // namespace cation::image
