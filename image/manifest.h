// SPDX-License-Identifier: MIT
#ifndef IMAGE_MANIFEST_H_
#define IMAGE_MANIFEST_H_

// What a release consists of, as /usr/lib/cation/manifest of the release and, after an
// installation, of the tree. A sealed text (sealed_text.h), "cation-manifest 1":
//
//   version VERSION          of all programs; so also:
//   commit COMMIT
//   date YYYY-MM-DD          or unknown
//   architecture ARCH        x86_64 or aarch64
//   libc LIBC                relibc or standin
//   directory MODE PATH
//   file MODE SIZE SHA256 PATH
//   config MODE SIZE SHA256 PATH     a file that people may change: an upgrade leaves it then
//   link PATH TARGET                 symbolic
//   alias PATH TARGET                the same, only for those who ask for it
//   program PATH NAME                what the build note of this file says it is
//
// The first five each once, in this order; the entries sorted by path, by bytes, each path once, no
// entry below one that is no directory; the programs last, in the order of their files.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "image/tree.h"

namespace cation::image {

// Where the manifest is in a release and in a tree, and all else that Cation keeps there.
inline constexpr char kStateFolder[] = "usr/lib/cation";
inline constexpr char kManifestPath[] = "usr/lib/cation/manifest";

struct ManifestEntry {
  Kind kind = Kind::kFile;
  bool config = false;    // a file that people may change
  bool optional = false;  // a link that is installed on request only
  uint32_t mode = 0;
  uint64_t size = 0;         // bytes
  std::string sha256 = {};   // of a file
  std::string path = {};     // canonical
  std::string target = {};   // of a link
  std::string program = {};  // the name in the file's build note; empty: no program of Cation
};

struct Manifest {
  std::string version;
  std::string commit;
  std::string date;  // YYYY-MM-DD, UTC, or "unknown"
  std::string architecture;
  std::string libc;
  std::vector<ManifestEntry> entries;
};

std::string SerializeManifest(const Manifest& manifest);

// Any bytes may be given. kInvalidArgument: not a manifest of this version; kDataLoss: damaged or
// tampered with.
absl::StatusOr<Manifest> ParseManifest(absl::string_view text);

// Seconds since 1970 of the manifest's date, midnight UTC: the time of all files of a release. 0
// where it is unknown.
int64_t ReleaseTime(const Manifest& manifest);

// "0.1.0 (commit, date, architecture, libc)".
std::string DescribeRelease(const Manifest& manifest);

}  // namespace cation::image

#endif  // IMAGE_MANIFEST_H_
