// SPDX-License-Identifier: MIT
#ifndef CATION_SHELL_EXT_SUPPORT_FOLLOW_LINKS_H_
#define CATION_SHELL_EXT_SUPPORT_FOLLOW_LINKS_H_

#include "runtime/core/string.h"

namespace cation {

// Goes on from `path`, by the texts of symbolic links, to what they lead to in the end: what is to
// be replaced by a new file, and not the link. On Redox ".." leads elsewhere behind a link: whether
// it is the right file, its identity says. Errors: ELOOP after 40 links; ENOMEM; those of
// sys::ReadSymbolicLinkIfAny() but EINVAL, and `path` is then the one that it was asked of.
Result<void> FollowLinks(String& path);

}  // namespace cation

#endif  // CATION_SHELL_EXT_SUPPORT_FOLLOW_LINKS_H_
