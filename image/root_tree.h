// SPDX-License-Identifier: MIT
#ifndef IMAGE_ROOT_TREE_H_
#define IMAGE_ROOT_TREE_H_

// A folder of the host as a Tree: a mounted image, the folder of a 9p share, a cookbook's stage.
//
// The folder is hostile: somebody else may have made what is in it, and may change it while we
// work, and we may be root. All access is relative to one descriptor of the folder, no link on the
// way is followed (beneath.h), devices, FIFOs and sockets are not opened, and nothing is written in
// place: a file is always a new inode that is renamed over the old name, so that a hard link to a
// file outside is never written through. That holds for kSetAttributes of a file too: it becomes a
// copy with these attributes (extended attributes and hard links are not kept).
//
// Mounts: what is mounted inside the folder (/dev, /proc) can be looked at, as people who list a
// running root expect; changes stay on the folder's own filesystem, and are refused elsewhere
// (kFailedPrecondition), since no rename reaches there.
//
// Owners: applied when this process is root, and an error where the filesystem cannot keep them.
// Otherwise what is made belongs to whoever makes it, as with tar; Look() tells what is, so
// attributes taken from Look() compare equal later, while those of a manifest have to be compared
// without owners where !KeepsOwners(). Modes are kept exactly, or it is an error
// (kUnimplemented: a filesystem without modes).
//
// Apply: all that is to come is written into the folder ".cation-journal" of the root (0700; the
// root is there, is no link, and is on the right filesystem, which is not sure of any other
// folder), together with a journal, and synced. Renaming the journal to its committed name is the
// moment of truth. Then names are exchanged: what was there is moved into the journal's folder,
// what is to be comes out of it. An error after that moment takes everything back, from the kept
// originals. Killed before it, the next Open() removes what is left; after it, the next Open()
// finishes the work, or takes it back where it cannot be finished. Nothing of the journal is left
// in either case. A journal is believed only if it and its folder belong to this process' user and
// nobody else can write there: somebody else's cannot make root set a bit or move a file.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "image/beneath.h"
#include "image/root_journal.h"
#include "image/tree.h"

namespace cation::image {

class RootTree : public Tree {
 public:
  struct Options {
    bool read_only = false;
    bool allow_host_root = false;  // "/" of the host itself
    // For tests. Directories are opened component by component, as where openat2 is missing.
    bool force_walk = false;
    // For tests. Called with its name before each system call that changes something; what it
    // returns, if not 0, is the errno the call fails with, without being made.
    std::function<int(absl::string_view call)> before_call = nullptr;
  };

  // The folder as it is, after an interrupted change has been finished (see above). It is locked,
  // for this object's life: against all others, or, read-only, against those that write.
  //
  // Errors: kNotFound; kFailedPrecondition it is no directory, in use, the host's own root, or, for
  // read-only opening, a change has been interrupted in it; kDataLoss the journal is damaged; and
  // those of Apply.
  static absl::StatusOr<std::unique_ptr<RootTree>> Open(const std::string& folder,
                                                        const Options& options);

  // Whether Attributes' uid and gid are what they were asked to be (see above).
  [[nodiscard]] bool KeepsOwners() const { return is_root_; }

  [[nodiscard]] absl::string_view Description() const override { return "root folder"; }
  absl::StatusOr<Entry> Look(const std::string& path) override;
  // kResourceExhausted too: a file of more than 1 GiB.
  absl::StatusOr<std::string> Read(const std::string& path) override;
  absl::StatusOr<std::vector<std::string>> List(const std::string& path) override;
  absl::StatusOr<Space> GetSpace() override;
  absl::StatusOr<uint64_t> SpaceFor(const std::vector<Change>& changes) override;
  absl::Status Apply(const std::vector<Change>& changes) override;

 private:
  struct Planned;
  using Plan = std::map<std::string, Planned>;
  enum class For : uint8_t { kReach, kList, kChange };

  explicit RootTree(Options options);

  // `path`: what a message is about.
  absl::StatusOr<Descriptor> Reach(const std::string& folder, For purpose, const std::string& path);
  absl::StatusOr<Descriptor> OpenDirectory(const std::string& path, For purpose);
  absl::StatusOr<Descriptor> OpenParent(const std::string& path, For purpose);
  absl::Status CheckPath(const std::string& path) const;

  // What the changes come to, in all; checks that each can be done.
  absl::Status MakePlan(const std::vector<Change>& changes, Plan& plan);
  absl::StatusOr<Planned*> At(Plan& plan, const std::string& path);
  absl::Status CheckWay(Plan& plan, const std::string& path);
  absl::StatusOr<bool> IsEmpty(Plan& plan, const std::string& path);
  absl::Status PlanChange(const Change& change, Plan& plan);
  absl::Status CheckPermissions(const Plan& plan);
  absl::Status CheckSpace(const Plan& plan);
  absl::StatusOr<uint64_t> SpaceOf(const Plan& plan);

  absl::Status OpenJournal(bool make);
  absl::Status Stage(const Planned& planned, const std::string& path, const std::string& slot);
  absl::Status StageAll(const Plan& plan, Journal& journal);
  absl::Status SetAttributes(int descriptor, const Attributes& attributes, const std::string& path);
  absl::Status SetDirectory(const std::string& path, const Attributes& attributes);
  absl::Status WriteStaged(const std::string& name, const std::string& content,
                           const Attributes& attributes, const std::string& path);
  absl::Status Commit(const Journal& journal);

  // Each does again what was done before, without harm.
  absl::Status Redo(const Journal& journal);
  absl::Status Undo(const Journal& journal);
  absl::Status MoveOut(const JournalStep& step, const std::string& old_slot);
  absl::Status MoveIn(const JournalStep& step, const std::string& old_slot,
                      const std::string& new_slot);
  absl::Status TakeOut(const JournalStep& step, const std::string& old_slot,
                       const std::string& new_slot);
  absl::Status PutBack(const JournalStep& step, const std::string& old_slot);
  absl::Status SyncParents(const Journal& journal);
  int Move(int from_directory, const std::string& from, int to_directory, const std::string& to,
           bool replace);
  // Finishes what is committed, or takes it back; `status` is how finishing it went.
  absl::Status TakeBack(const Journal& journal, const absl::Status& status);
  absl::Status Recover();
  absl::StatusOr<Journal> ReadJournal(const std::string& name);
  absl::Status RemoveJournal(const Journal* journal);

  [[nodiscard]] Holding HoldingOf(int directory, const std::string& name) const;
  [[nodiscard]] bool HasSlot(const std::string& slot) const;
  template <typename Function>
  int Call(absl::string_view name, Function function);

  Options options_;
  Descriptor root_;
  Descriptor journal_;  // while there is one
  bool is_root_ = false;
  long longest_name_ = 255;
};

}  // namespace cation::image

#endif  // IMAGE_ROOT_TREE_H_
