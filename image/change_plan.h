// SPDX-License-Identifier: MIT
#ifndef IMAGE_CHANGE_PLAN_H_
#define IMAGE_CHANGE_PLAN_H_

// What a command is to do to a tree, worked out before anything is touched: the steps of one
// Tree::Apply(), in which the record and the backups that undo them are made too.

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "image/record.h"
#include "image/tree.h"

namespace cation::image {

// How a path is to be. Of a directory that is there nothing is changed.
struct Wanted {
  std::string path;     // canonical
  State state;          // `sha256` and `size` are taken from `content`
  std::string content;  // of a file
};

Wanted WantedFile(const std::string& path, std::string content, const Attributes& attributes);
Wanted WantedLink(const std::string& path, const std::string& target, const Attributes& attributes);
Wanted WantedDirectory(const std::string& path, const Attributes& attributes);
Wanted WantedAbsent(const std::string& path);

struct ChangePlan {
  std::vector<Change> changes;      // empty: all is as wanted
  std::vector<RecordedPath> paths;  // what they change, the installer's own files left out
  std::vector<std::string> notes;   // for people: what was left as it is, and why
};

// The steps to make the tree as wanted, parents that are missing included (mode 0755), and to keep
// what is replaced. `records` are the tree's; `action`, `label` (for the stamp) and `what` make the
// new one.
//   kFailedPrecondition: a directory is in the way of a file, or the other way round; a special
//   file. kInvalidArgument: two of `wanted` have one path.
absl::StatusOr<ChangePlan> PlanChange(Tree& tree, const StateFolders& folders,
                                      const std::vector<Record>& records, const std::string& action,
                                      const std::string& label, const std::string& what,
                                      std::vector<Wanted> wanted);

// What to do with what has been changed since by somebody else.
enum class Modified : uint8_t {
  kRefuse,   // kFailedPrecondition, with the paths
  kKeep,     // leave it as it is
  kReplace,  // restore what was before; the change is lost
};

// Whether what a command did to a file was to put the line in front of it that sources Ion's initrc
// for all (user_initrc.h).
absl::StatusOr<bool> HasPutInitrcLineIn(Tree& tree, const StateFolders& folders,
                                        const RecordedPath& path);

// The steps that undo the records with these stamps, and forget them. They need not be the newest,
// unless a newer one changed the same paths (kFailedPrecondition). From a user's initrc that has
// been changed since only the line is taken out, but for kReplace.
//   kDataLoss: a backup is not what it was.
absl::StatusOr<ChangePlan> PlanUndo(Tree& tree, const StateFolders& folders,
                                    const std::vector<Record>& records,
                                    const std::set<std::string>& stamps, Modified modified);

// Is there room? Then Apply(), then reads back what was changed: kDataLoss when that is not what
// was meant. kResourceExhausted: says how many bytes are needed and free.
absl::Status Carry(Tree& tree, const ChangePlan& plan);

}  // namespace cation::image

#endif  // IMAGE_CHANGE_PLAN_H_
