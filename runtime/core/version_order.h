// SPDX-License-Identifier: MIT
#ifndef CATION_RUNTIME_CORE_VERSION_ORDER_H_
#define CATION_RUNTIME_CORE_VERSION_ORDER_H_

#include "runtime/core/string_view.h"

namespace cation {

// Compares two file names so that numbers in them count as numbers: "a9" comes before "a10".
// Negative, 0 or positive; 0 also for names that differ in leading zeros alone ("a1", "a01").
// Source: the order of GNU's `ls -v` and `sort -V`, which is Debian's order of versions with these
// additions: "." and ".." and then names that begin with a dot come first; suffixes such as
// ".tar.gz" count only where the rest is equal.
[[nodiscard]] int CompareVersions(StringView a, StringView b);

}  // namespace cation

#endif  // CATION_RUNTIME_CORE_VERSION_ORDER_H_
