// SPDX-License-Identifier: MIT
#ifndef IMAGE_TREE_H_
#define IMAGE_TREE_H_

// What Cation is installed into, whatever it is: a root folder (RootTree), a RedoxFS image
// (RedoxfsTree), an initfs archive (InitfsTree), memory (MemoryTree, for tests). All that reads or
// changes one goes through this interface.
//
// Paths are canonical: relative to the tree's root, components parted by one '/', none of them "."
// or "..", no '/' at either end; "" is the root itself. No component but the last may be a symbolic
// link: Resolve() (resolve.h) makes such a path of what people write. A tree refuses others, with
// kInvalidArgument, and a link that has come in the way meanwhile with kFailedPrecondition; nothing
// outside the tree is ever reached.
//
// Errors, everywhere: kNotFound there is no such entry; kFailedPrecondition it is of another kind
// than the call wants (a directory in the way of a file, say), or the tree is in use;
// kResourceExhausted no space; kPermissionDenied; kDataLoss the tree is damaged; kUnavailable what
// serves the tree died; kUnimplemented the tree cannot hold such a thing. The message is one
// sentence for a user, with the path, without the tree's name.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cation::image {

enum class Kind : uint8_t {
  kFile,
  kDirectory,
  kLink,   // symbolic
  kOther,  // devices, sockets, FIFOs: never read, written or replaced
};

// What is known of an entry besides its content.
struct Attributes {
  uint32_t mode = 0;  // permission bits, 07777; of a link 0777
  uint32_t uid = 0;
  uint32_t gid = 0;
  int64_t mtime = 0;  // seconds since 1970, UTC
  uint32_t mtime_nanoseconds = 0;

  friend bool operator==(const Attributes& a, const Attributes& b) = default;
};

struct Entry {
  Kind kind = Kind::kOther;
  Attributes attributes;
  uint64_t size = 0;   // bytes of a file; else 0
  std::string target;  // of a link
};

// One step of a change. Steps are done in order; each sees what those before it did.
struct Change {
  enum class Action : uint8_t {
    kMakeDirectory,  // nothing may be there
    kWriteFile,      // nothing, a file, or a link, which is replaced and not followed
    kMakeLink,       // the same
    kRemove,         // a file, a link, or an empty directory
    kSetAttributes,  // of a file or a directory
  };
  Action action = Action::kRemove;
  std::string path;
  Attributes attributes = {};  // but for kRemove
  std::string content = {};    // kWriteFile
  std::string target = {};     // kMakeLink
};

struct Space {
  uint64_t total_bytes = 0;
  uint64_t free_bytes = 0;
};

class Tree {
 public:
  Tree() = default;
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;
  virtual ~Tree() = default;

  // What the tree is, for messages: "RedoxFS image", "root folder", "initfs archive".
  [[nodiscard]] virtual absl::string_view Description() const = 0;

  // The entry itself: a link is not followed.
  virtual absl::StatusOr<Entry> Look(const std::string& path) = 0;

  // All bytes of a file; a link is not followed.
  virtual absl::StatusOr<std::string> Read(const std::string& path) = 0;

  // The names in a directory, sorted by bytes, without "." and "..".
  virtual absl::StatusOr<std::vector<std::string>> List(const std::string& path) = 0;

  virtual absl::StatusOr<Space> GetSpace() = 0;

  // How many bytes of GetSpace().free_bytes the changes need at most, what they free not counted.
  virtual absl::StatusOr<uint64_t> SpaceFor(const std::vector<Change>& changes) = 0;

  // All of the changes or, after an error, none of them; they are on the disk when it returns.
  // Killed at any moment, it leaves the tree as it was, as it is to be, or (root folders) in a
  // state that the next opening makes one of these two.
  virtual absl::Status Apply(const std::vector<Change>& changes) = 0;
};

}  // namespace cation::image

#endif  // IMAGE_TREE_H_
