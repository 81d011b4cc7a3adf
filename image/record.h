// SPDX-License-Identifier: MIT
#ifndef IMAGE_RECORD_H_
#define IMAGE_RECORD_H_

// What one command changed in a tree, so that it can be undone: STATE/backup/STAMP/record, where
// STATE is /usr/lib/cation (in an initfs /lib/cation). STAMP is "NNNN-DATE-COMMIT" or "NNNN-WHAT",
// numbered from 0001 on in the order of the commands. The bytes of files that were replaced are in
// STATE/backup/objects/SHA256, each content once.
//
// A record is a sealed text (sealed_text.h), "cation-record 1":
//
//   action install|stamp|repair
//   what TEXT                        for people
//   path PATH
//   before STATE...                  what was there
//   after STATE...                   what the command put there
//   (path, before, after: for each path, sorted by path, by bytes)
//
// with STATE one of
//
//   absent
//   directory MODE UID GID MTIME NANOSECONDS
//   file MODE UID GID MTIME NANOSECONDS SIZE SHA256
//   link MODE UID GID MTIME NANOSECONDS TARGET

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "image/tree.h"

namespace cation::image {

// An entry, or that there is none.
struct State {
  bool absent = true;
  Entry entry;         // never kOther
  std::string sha256;  // of a file
};

// Whether what can be seen by programs is the same: kind, content, permissions (of files and
// directories) and target. Not owners and times, which some trees cannot hold.
bool SameState(const State& a, const State& b);

// Whether it is a file with nothing in it.
bool IsEmptyFile(const State& state);

// "a file of 27392 bytes, mode 0755", "a link to coreutils", "nothing".
std::string DescribeState(const State& state);

struct RecordedPath {
  std::string path;
  State before;
  State after;
};

struct Record {
  std::string stamp;   // the folder's name
  std::string action;  // kInstall, kStamp or kRepair
  std::string what;
  std::vector<RecordedPath> paths;
};

inline constexpr char kInstall[] = "install";
inline constexpr char kStamp[] = "stamp";
inline constexpr char kRepair[] = "repair";

// Without the stamp, which is the folder's name.
std::string SerializeRecord(const Record& record);

// Any bytes may be given. kInvalidArgument, kDataLoss as ReadSealed().
absl::StatusOr<Record> ParseRecord(absl::string_view text, absl::string_view stamp);

// The number at the front of a stamp; 0: it is none.
uint64_t StampNumber(absl::string_view stamp);
// What follows `number` is made of `label`, cut to what any tree takes as a name.
std::string MakeStamp(uint64_t number, absl::string_view label);

// The state of a canonical path of the tree; reads a file to know its digest. kFailedPrecondition:
// a device or another special file.
absl::StatusOr<State> ReadState(Tree& tree, const std::string& path);

// Where a tree keeps the installer's things.
struct StateFolders {
  explicit StateFolders(absl::string_view state);
  [[nodiscard]] std::string Object(absl::string_view sha256) const;
  [[nodiscard]] std::string RecordFolder(absl::string_view stamp) const;
  [[nodiscard]] std::string RecordFile(absl::string_view stamp) const;

  std::string state;     // usr/lib/cation
  std::string manifest;  // usr/lib/cation/manifest
  std::string backup;    // usr/lib/cation/backup
  std::string objects;   // usr/lib/cation/backup/objects
};

// The bytes of a file that was replaced. kDataLoss: the backup is missing or damaged.
absl::StatusOr<std::string> ReadBackup(Tree& tree, const StateFolders& folders,
                                       const std::string& sha256);

// All records of the tree, oldest first; none where nothing was ever installed.
absl::StatusOr<std::vector<Record>> ReadRecords(Tree& tree, const StateFolders& folders);

}  // namespace cation::image

#endif  // IMAGE_RECORD_H_
