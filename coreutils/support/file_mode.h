// SPDX-License-Identifier: MIT
//
// File modes as people write and read them.
#ifndef CATION_COREUTILS_SUPPORT_FILE_MODE_H_
#define CATION_COREUTILS_SUPPORT_FILE_MODE_H_

#include "runtime/sys/sys.h"

namespace cation {

// Applies `text`, an octal number or POSIX chmod's symbolic form such as "u=rwx,go-w" or "a=rwxt"
// (also with a number, "+2000"), to the permission bits of `initial`. `mask` is the umask, which
// counts where no u, g, o or a is given; `is_directory` matters to X and to set-ID bits that a
// symbolic mode does not name. Errors: EINVAL for text that is no mode.
Result<sys::Mode> ApplyMode(StringView text, sys::Mode initial, sys::Mode mask, bool is_directory);

// Ten characters as `ls -l` shows them: "drwxr-xr-x".
struct ModeText {
  explicit ModeText(sys::Mode mode);
  [[nodiscard]] StringView view() const { return {characters, sizeof(characters)}; }
  char characters[10];
};

// What a file is, for questions and messages: "regular file", "regular empty file", "directory",
// "symbolic link", …
[[nodiscard]] StringView TypeName(const sys::FileStatus& status);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_FILE_MODE_H_
