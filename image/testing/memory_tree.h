// SPDX-License-Identifier: MIT
#ifndef IMAGE_TESTING_MEMORY_TREE_H_
#define IMAGE_TESTING_MEMORY_TREE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "image/tree.h"

namespace cation::image {

// A tree in memory, for tests of what works on any tree. Strict: what a Tree must refuse is
// refused.
class MemoryTree : public Tree {
 public:
  struct Node {
    Entry entry;
    std::string content;
    friend bool operator==(const Node& a, const Node& b) {
      return a.entry.kind == b.entry.kind && a.entry.attributes == b.entry.attributes &&
             a.entry.target == b.entry.target && a.content == b.content;
    }
  };

  MemoryTree();

  // For setting a test up: makes the parents that are missing.
  void AddFile(const std::string& path, const std::string& content, uint32_t mode = 0644);
  void AddLink(const std::string& path, const std::string& target);
  void AddDirectory(const std::string& path, uint32_t mode = 0755);
  void AddOther(const std::string& path);

  // Everything, by path.
  [[nodiscard]] const std::map<std::string, Node>& nodes() const { return nodes_; }

  void set_free_bytes(uint64_t free_bytes) { free_bytes_ = free_bytes; }
  // Apply() fails with this, and changes nothing, until it is set to OkStatus().
  void set_apply_error(const absl::Status& error) { apply_error_ = error; }
  [[nodiscard]] int applied() const { return applied_; }

  [[nodiscard]] absl::string_view Description() const override { return "memory"; }
  absl::StatusOr<Entry> Look(const std::string& path) override;
  absl::StatusOr<std::string> Read(const std::string& path) override;
  absl::StatusOr<std::vector<std::string>> List(const std::string& path) override;
  absl::StatusOr<Space> GetSpace() override;
  absl::StatusOr<uint64_t> SpaceFor(const std::vector<Change>& changes) override;
  absl::Status Apply(const std::vector<Change>& changes) override;

 private:
  absl::Status CheckWay(const std::string& path) const;
  absl::Status Do(const Change& change);
  [[nodiscard]] bool HasEntries(const std::string& path) const;

  std::map<std::string, Node> nodes_;
  uint64_t free_bytes_ = uint64_t{1} << 30;
  absl::Status apply_error_;
  int applied_ = 0;
};

}  // namespace cation::image

#endif  // IMAGE_TESTING_MEMORY_TREE_H_
