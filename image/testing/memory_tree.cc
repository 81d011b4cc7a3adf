// SPDX-License-Identifier: MIT
#include "image/testing/memory_tree.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "image/resolve.h"

namespace cation::image {

MemoryTree::MemoryTree() { nodes_[""] = {{Kind::kDirectory, {.mode = 0755}, 0, ""}, ""}; }

void MemoryTree::AddDirectory(const std::string& path, uint32_t mode) {
  if (nodes_.count(path) != 0) return;
  AddDirectory(std::string(ParentOf(path)));
  nodes_[path] = {{Kind::kDirectory, {.mode = mode}, 0, ""}, ""};
}

void MemoryTree::AddFile(const std::string& path, const std::string& content, uint32_t mode) {
  AddDirectory(std::string(ParentOf(path)));
  nodes_[path] = {{Kind::kFile, {.mode = mode, .mtime = 1000000000}, content.size(), ""}, content};
}

void MemoryTree::AddLink(const std::string& path, const std::string& target) {
  AddDirectory(std::string(ParentOf(path)));
  nodes_[path] = {{Kind::kLink, {.mode = 0777, .mtime = 1000000000}, 0, target}, ""};
}

void MemoryTree::AddOther(const std::string& path) {
  AddDirectory(std::string(ParentOf(path)));
  nodes_[path] = {{Kind::kOther, {.mode = 0600}, 0, ""}, ""};
}

absl::Status MemoryTree::CheckWay(const std::string& path) const {
  if (!IsCanonical(path)) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": not a canonical path"));
  }
  for (size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const auto node = nodes_.find(path.substr(0, slash));
    if (node == nodes_.end()) return absl::NotFoundError(absl::StrCat(path, ": no such entry"));
    if (node->second.entry.kind != Kind::kDirectory) {
      return absl::FailedPreconditionError(
          absl::StrCat(path, ": ", node->first, " is not a directory"));
    }
  }
  return absl::OkStatus();
}

bool MemoryTree::HasEntries(const std::string& path) const {
  const auto next = nodes_.upper_bound(path + "/");
  return next != nodes_.end() && absl::StartsWith(next->first, path + "/");
}

absl::StatusOr<Entry> MemoryTree::Look(const std::string& path) {
  if (absl::Status status = CheckWay(path); !status.ok()) return status;
  const auto node = nodes_.find(path);
  if (node == nodes_.end()) return absl::NotFoundError(absl::StrCat(path, ": no such entry"));
  return node->second.entry;
}

absl::StatusOr<std::string> MemoryTree::Read(const std::string& path) {
  const absl::StatusOr<Entry> entry = Look(path);
  if (!entry.ok()) return entry.status();
  if (entry->kind != Kind::kFile) {
    return absl::FailedPreconditionError(absl::StrCat(path, ": not a file"));
  }
  return nodes_.at(path).content;
}

absl::StatusOr<std::vector<std::string>> MemoryTree::List(const std::string& path) {
  const absl::StatusOr<Entry> entry = Look(path);
  if (!entry.ok()) return entry.status();
  if (entry->kind != Kind::kDirectory) {
    return absl::FailedPreconditionError(absl::StrCat(path, ": not a directory"));
  }
  std::vector<std::string> names;
  for (const auto& [key, node] : nodes_) {
    if (!key.empty() && ParentOf(key) == path) names.emplace_back(NameOf(key));
  }
  return names;
}

absl::StatusOr<Space> MemoryTree::GetSpace() { return Space{free_bytes_ * 2, free_bytes_}; }

absl::StatusOr<uint64_t> MemoryTree::SpaceFor(const std::vector<Change>& changes) {
  uint64_t bytes = 0;
  for (const Change& change : changes) bytes += change.content.size();
  return bytes;
}

absl::Status MemoryTree::Do(const Change& change) {
  const std::string& path = change.path;
  if (absl::Status status = CheckWay(path); !status.ok()) return status;
  const auto node = nodes_.find(path);
  const bool there = node != nodes_.end();
  const auto wrong = [&path](absl::string_view what) {
    return absl::FailedPreconditionError(absl::StrCat(path, ": ", what));
  };
  switch (change.action) {
    case Change::Action::kMakeDirectory:
      if (there) return wrong("exists");
      nodes_[path] = {{Kind::kDirectory, change.attributes, 0, ""}, ""};
      return absl::OkStatus();
    case Change::Action::kWriteFile:
    case Change::Action::kMakeLink: {
      if (there && node->second.entry.kind == Kind::kDirectory) return wrong("is a directory");
      if (there && node->second.entry.kind == Kind::kOther) return wrong("is a special file");
      const bool file = change.action == Change::Action::kWriteFile;
      nodes_[path] = {{file ? Kind::kFile : Kind::kLink, change.attributes,
                       file ? change.content.size() : 0, file ? "" : change.target},
                      file ? change.content : ""};
      if (!file) nodes_[path].entry.attributes.mode = 0777;
      return absl::OkStatus();
    }
    case Change::Action::kRemove:
      if (!there) return absl::NotFoundError(absl::StrCat(path, ": no such entry"));
      if (path.empty() || HasEntries(path)) return wrong("directory not empty");
      if (node->second.entry.kind == Kind::kOther) return wrong("is a special file");
      nodes_.erase(node);
      return absl::OkStatus();
    case Change::Action::kSetAttributes:
      if (!there) return absl::NotFoundError(absl::StrCat(path, ": no such entry"));
      if (node->second.entry.kind != Kind::kFile && node->second.entry.kind != Kind::kDirectory) {
        return wrong("neither a file nor a directory");
      }
      node->second.entry.attributes = change.attributes;
      return absl::OkStatus();
  }
  return absl::InternalError("no such action");
}

absl::Status MemoryTree::Apply(const std::vector<Change>& changes) {
  if (!apply_error_.ok()) return apply_error_;
  const std::map<std::string, Node> before = nodes_;
  for (const Change& change : changes) {
    if (absl::Status status = Do(change); !status.ok()) {
      nodes_ = before;
      return status;
    }
  }
  ++applied_;
  return absl::OkStatus();
}

}  // namespace cation::image
