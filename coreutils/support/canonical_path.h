// SPDX-License-Identifier: MIT
//
// Which file a path names in the end: its absolute path without ".", ".." and symbolic links.
//
// The way goes component by component, and what the system is asked for has none of these any more.
// So it is right where the kernel resolves paths (hosts) and where ".." is taken out of the text
// before anything is looked up (Redox), and paths may be longer than a system takes.
#ifndef CATION_COREUTILS_SUPPORT_CANONICAL_PATH_H_
#define CATION_COREUTILS_SUPPORT_CANONICAL_PATH_H_

#include "runtime/core/string.h"
#include "runtime/sys/sys.h"

namespace cation {

// What of a path need not exist.
enum class Missing : uint8_t {
  kNothing,
  // The last component; what a symbolic link there leads to need not, either. With Links::kKeep
  // its parents need not exist then, too.
  kLast,
  kAny,  // nothing needs to exist, or be a directory
};
// kKeep: symbolic links are like any other file, and ".." takes a component off the text.
// kFollowAllButLast: what the last component is, is not looked at; it may be "." or "..", though,
// or have slashes behind it.
enum class Links : uint8_t { kFollow, kKeep, kFollowAllButLast };

// The path of what `path` names: absolute, with one slash between components and none at the end
// ("/" is the root). On Redox an absolute path may begin with a scheme ("/scheme/NAME"), also in
// its old form ("NAME:"), which comes out in the new one. Errors: ENOENT for "", and as `missing`
// says; ENOTDIR when something goes on behind what is no directory; ELOOP for links that lead round
// in a circle (with Missing::kAny the link is taken as a name there); EACCES, ENOMEM, any.
Result<String> CanonicalPath(StringView path, Missing missing, Links links = Links::kFollow);

// Appends how to get from the directory `from` to `path`, both as CanonicalPath() gives them:
// "../b", or "." for the same. Errors: ENOMEM.
Result<void> AppendRelativePath(String& text, StringView path, StringView from);

// Whether `path` is `directory` or below it, both as CanonicalPath() gives them.
[[nodiscard]] bool IsBelow(StringView path, StringView directory);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_CANONICAL_PATH_H_
