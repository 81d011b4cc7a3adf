// SPDX-License-Identifier: MIT
//
// What a folder holds, kept in memory, and put back.
#ifndef CATION_COREUTILS_SUPPORT_TESTING_SNAPSHOT_H_
#define CATION_COREUTILS_SUPPORT_TESTING_SNAPSHOT_H_

#include <sys/stat.h>

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace cation::testing {

class Snapshot {
 public:
  struct Entry {
    mode_t mode = 0;  // with the type
    uid_t user = 0;
    gid_t group = 0;
    dev_t special_device = 0;
    off_t size = 0;
    blkcnt_t blocks = 0;  // a file with holes has fewer than its size says
    timespec modification_time{};
    std::string content;     // of a regular file; of a symbolic link, its target
    std::string first_name;  // of a file with several names: the first of them below the folder
  };
  using Entries = std::map<std::string, Entry>;  // by path from the folder

  // Reads all that is below `folder`. Nothing when it is too large to be put back again and again
  // (more than a few hundred entries or megabytes, paths beyond PATH_MAX), or cannot be read.
  static std::optional<Snapshot> Take(const std::string& folder);

  // Makes the folder, which is as `now` says, what it was; false when that cannot be done. What is
  // the same already is left alone.
  [[nodiscard]] bool PutBack(const std::string& folder, const Snapshot& now) const;

  // Replaces `from` by `to` in the targets of symbolic links.
  void Rename(const std::string& from, const std::string& to);

  // Modification times from `recent` on become this much older, so that what is written again from
  // now on has another, however coarse the clock.
  void Age(timespec recent, time_t seconds);

  [[nodiscard]] const Entries& entries() const { return entries_; }

  // No time is as recent as this.
  static constexpr timespec kNever{std::numeric_limits<time_t>::max(), 0};

  // Whether two entries are the same, whatever other names the file has; modification times from
  // `recent` on are all alike, being those of the test itself.
  static bool Same(const Entry& a, const Entry& b, timespec recent);
  // The entries that differ so, or are not one file with the same others: one line for each side;
  // "" when none do.
  static std::string Difference(const Snapshot& a, const Snapshot& b, timespec recent);
  // One line, for messages; `entry` is nullptr when there is none.
  static std::string Describe(const std::string& path, const Entry* entry);

 private:
  [[nodiscard]] bool Read(const std::string& folder, const std::string& below);

  Entries entries_;
  std::map<std::pair<dev_t, ino_t>, std::string> first_names_;
  std::size_t bytes_ = 0;
};

}  // namespace cation::testing

#endif  // CATION_COREUTILS_SUPPORT_TESTING_SNAPSHOT_H_
