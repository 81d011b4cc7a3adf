// SPDX-License-Identifier: MIT
#include "shell-ext/support/follow_links.h"

#include "runtime/sys/sys.h"

namespace cation {

Result<void> FollowLinks(String& path) {
  constexpr int kMostLinks = 40;
  for (int links = 0; links < kMostLinks; ++links) {
    char text[sys::kLongestPath];
    const Result<size_t> size = sys::ReadSymbolicLinkIfAny(sys::At(path.c_str()), text);
    if (!size.ok()) return size.error() == abi::kEINVAL ? Result<void>() : size.error();
    const StringView target(text, size.value());
    path.Truncate(target.StartsWith("/") ? 0 : path.view().FindLast('/') + 1);
    CATION_TRY(path.Append(target));
  }
  return Error{abi::kELOOP};
}

}  // namespace cation
