// SPDX-License-Identifier: MIT
#ifndef IMAGE_RESOLVE_H_
#define IMAGE_RESOLVE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "image/tree.h"

namespace cation::image {

// The canonical path (tree.h) of what `path` names in the tree: links on the way are followed
// inside the tree, absolute ones from its root, and ".." never leaves it, as after chroot. The last
// component is followed too where `follow_last` is set. What does not exist yet may be named: after
// the first component that is not there the rest is taken as it stands (without links, since there
// are none;
// ".." in it is an error).
//
// Errors: kInvalidArgument (a NUL byte, ".." in what is not there), kFailedPrecondition (a loop,
// more than 40 links, a component that is no directory, a link into a scheme of Redox,
// "/scheme/..." or "name:...", which no image holds), and those of Tree::Look.
absl::StatusOr<std::string> Resolve(Tree& tree, absl::string_view path, bool follow_last);

// Whether `path` leads into a scheme of Redox: "/scheme/file/x", or the older "file:/x".
bool NamesScheme(absl::string_view path);

// Whether `path` is canonical in form; no look at any tree.
bool IsCanonical(absl::string_view path);

// The path of the directory that holds `path` ("" for "a"), and the last component.
absl::string_view ParentOf(absl::string_view path);
absl::string_view NameOf(absl::string_view path);
// "a/b"; `folder` may be "".
std::string JoinPath(absl::string_view folder, absl::string_view name);

}  // namespace cation::image

#endif  // IMAGE_RESOLVE_H_
