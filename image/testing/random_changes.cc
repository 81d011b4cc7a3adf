// SPDX-License-Identifier: MIT
#include "image/testing/random_changes.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "image/resolve.h"
#include "image/tree.h"

namespace cation::image {

std::string RandomChanges::Path() {
  std::string path;
  for (uint64_t depth = 1 + random_() % 3; depth > 0; --depth) {
    path = JoinPath(path, std::string(1, static_cast<char>('a' + random_() % 3)));
  }
  return random_() % 50 == 0 ? "" : path;
}

std::vector<Change> RandomChanges::Next() {
  std::vector<Change> changes(1 + random_() % 3);
  for (Change& change : changes) {
    change.path = Path();
    change.attributes = {.mode = static_cast<uint32_t>(random_() % 010000),
                         .uid = static_cast<uint32_t>(random_() % 3),
                         .gid = static_cast<uint32_t>(random_() % 3)};
    if (times_) change.attributes.mtime = static_cast<int64_t>(random_() % 1000);
    switch (random_() % 8) {
      case 0:
      case 1:
        change.action = Change::Action::kMakeDirectory;
        break;
      case 2:
      case 3:
        change.action = Change::Action::kWriteFile;
        change.content = std::string(random_() % 5000, static_cast<char>('a' + random_() % 26));
        break;
      case 4:
        change.action = Change::Action::kMakeLink;
        change.target = absl::StrCat("/x/", random_() % 5);
        break;
      case 5:
        change.action = Change::Action::kSetAttributes;
        break;
      default:
        change.action = Change::Action::kRemove;
    }
  }
  return changes;
}

std::vector<std::string> AllOf(Tree& tree) {
  std::vector<std::string> lines;
  std::vector<std::string> to_visit = {""};
  while (!to_visit.empty()) {
    const std::string path = to_visit.back();
    to_visit.pop_back();
    const absl::StatusOr<Entry> entry = tree.Look(path);
    if (!entry.ok()) {
      lines.push_back(absl::StrCat(path, ": ", entry.status().ToString()));
      continue;
    }
    const Attributes& attributes = entry->attributes;
    lines.push_back(absl::StrCat(path, ": ", static_cast<int>(entry->kind), " ", attributes.mode,
                                 " ", attributes.uid, " ", attributes.gid, " ", attributes.mtime,
                                 " ", entry->size, " ", entry->target, " ",
                                 tree.Read(path).value_or("-")));
    const absl::StatusOr<std::vector<std::string>> names = tree.List(path);
    if (names.ok() != (entry->kind == Kind::kDirectory)) lines.push_back("List is wrong");
    if (!names.ok()) continue;
    if (!std::is_sorted(names->begin(), names->end())) lines.push_back("not sorted");
    for (const std::string& name : *names) to_visit.push_back(JoinPath(path, name));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace cation::image
