// SPDX-License-Identifier: MIT
#ifndef IMAGE_USER_INITRC_H_
#define IMAGE_USER_INITRC_H_

// The initrcs of Ion that users of a tree have of their own. Ion reads such a one instead of the
// one for all, so a line that sources that goes in front of it (shell-ext/support/initrc_text.h),
// and is taken out again. All other bytes stay as they are.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "image/tree.h"

namespace cation::image {

// Of the user root; the release has one for him.
inline constexpr char kRootInitrc[] = "root/.config/ion/initrc";

// "test -f /etc/xdg/ion/initrc && source /etc/xdg/ion/initrc".
std::string InitrcLineText();

// Those of root and of whoever has a home in /home, where links lead in the end, sorted, each once;
// without the one for all, to which a link may lead. What leads out of the tree, or is no file, is
// nobody's initrc here.
absl::StatusOr<std::vector<std::string>> FindUserInitrcs(Tree& tree);

// The text with the line in front; nothing: it is left alone, and `why` says why: "" if it sources
// the initrc for all already.
absl::optional<std::string> PutInitrcLineIn(absl::string_view text, std::string& why);

// The text without the line, wherever that is by now; nothing: it is not in it.
absl::optional<std::string> TakeInitrcLineOut(absl::string_view text);

// Whether a text sources the initrc for all, by that line or otherwise.
bool SourcesSystemInitrc(absl::string_view text);

}  // namespace cation::image

#endif  // IMAGE_USER_INITRC_H_
