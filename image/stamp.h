// SPDX-License-Identifier: MIT
#ifndef IMAGE_STAMP_H_
#define IMAGE_STAMP_H_

// Build stamps, which say on a running system what it was built from:
//
//   # Cation 0.1.0 | Build: 49be12abcdef | 2026-11-23        in the first line of /etc/init.rc
//   echo "Cation 0.1.0 | Build: 49be12abcdef | 2026-11-23"   the greeting in an initrc of Ion
//   Build: 49be12abcdef | 2026-11-23                         in /etc/cation-release
//
// Pure functions on the text of such a file.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cation::image {

struct Stamp {
  // What comes before "| Build:"; empty: nothing does.
  std::string prefix;
  std::string commit;  // "49be12abcdef", "49be12abcdef-dirty", "unknown"
  std::string date;    // "2026-11-23", "unknown"
};

// Where the stamp is, which decides what a line with one looks like.
enum class StampPlace : uint8_t {
  kInitRc,   // a script of Redox's init: a comment in the first line
  kInitrc,   // an initrc of Ion: a greeting in the first line
  kRelease,  // /etc/cation-release: a line of its own at the end, without prefix
};

enum class StampResult : uint8_t {
  kUnchanged,  // the text has this stamp already
  kReplaced,
  kAdded,
};

struct StampedText {
  std::string text;
  StampResult result = StampResult::kUnchanged;
};

// A stamp found in a text: "Build: COMMIT | DATE" with any blanks, where the date may be written in
// the usual ways, with or without a time and a zone ("2026-11-23", "2026-11-23T12:00:01Z",
// "Mon Nov 23 12:00:01 2026 +0100", "23.11.2026", "unknown").
struct FoundStamp {
  size_t offset = 0;  // of "Build:"
  size_t size = 0;    // up to the date's end
  std::string commit;
  std::string date;
};

// All stamps of the text, in order.
std::vector<FoundStamp> FindStamps(absl::string_view text);

// kInvalidArgument where the stamp could not stand in every place unescaped, or would not be found
// again: a prefix with quotes, $, @, backslashes, control characters, broken UTF-8 (init would
// refuse the whole file) or a stamp of its own; a commit or a date of another form than above.
absl::Status CheckStamp(const Stamp& stamp);

// `text` with the stamp: those that are there become this one, in place, and every other byte is
// kept; only where there is none a line is added (second, after a first line "#!..."), with the
// text's own kind of line ends. What stands before a stamp is its owner's and stays, but for
// a whole "Cation VERSION", which becomes the new prefix. Doing it twice changes nothing.
// Errors: as CheckStamp().
absl::StatusOr<StampedText> PutStamp(absl::string_view text, StampPlace place, const Stamp& stamp);

}  // namespace cation::image

#endif  // IMAGE_STAMP_H_
