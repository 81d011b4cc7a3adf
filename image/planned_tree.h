// SPDX-License-Identifier: MIT
#ifndef IMAGE_PLANNED_TREE_H_
#define IMAGE_PLANNED_TREE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "image/tree.h"

namespace cation::image {

// What a tree will be after some changes, before anything is written: looked at only, Apply() gives
// kUnimplemented. The tree beneath has to outlive it and must not change meanwhile; it is asked for
// what the changes do not concern.
class PlannedTree : public Tree {
 public:
  // Errors: those that tree.Apply(changes) would give for what the changes are, and those of
  // reading the tree; not those of writing it.
  static absl::StatusOr<std::unique_ptr<PlannedTree>> Make(Tree& tree,
                                                           const std::vector<Change>& changes);

  [[nodiscard]] absl::string_view Description() const override { return tree_.Description(); }
  absl::StatusOr<Entry> Look(const std::string& path) override;
  absl::StatusOr<std::string> Read(const std::string& path) override;
  absl::StatusOr<std::vector<std::string>> List(const std::string& path) override;
  // Those of the tree beneath, as if nothing were planned.
  absl::StatusOr<Space> GetSpace() override { return tree_.GetSpace(); }
  absl::StatusOr<uint64_t> SpaceFor(const std::vector<Change>& changes) override {
    return tree_.SpaceFor(changes);
  }
  absl::Status Apply(const std::vector<Change>& changes) override;

 private:
  struct Planned {
    bool removed = false;
    // What the tree beneath has at this path is not to be seen, nor, of a directory, what is in it.
    bool made = false;
    Entry entry;
    std::string content;
  };

  explicit PlannedTree(Tree& tree) : tree_(tree) {}
  absl::Status Plan(const Change& change);
  // Whether what is at the path in the tree beneath may show through; an error where the plan says
  // that there is nothing, or no way.
  absl::StatusOr<bool> ShowsThrough(const std::string& path) const;

  Tree& tree_;
  std::map<std::string, Planned> plan_;
};

}  // namespace cation::image

#endif  // IMAGE_PLANNED_TREE_H_
