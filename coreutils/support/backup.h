// SPDX-License-Identifier: MIT
//
// Backups of files that are about to be replaced, named as GNU's --backup names them.
#ifndef CATION_COREUTILS_SUPPORT_BACKUP_H_
#define CATION_COREUTILS_SUPPORT_BACKUP_H_

#include "runtime/core/string.h"
#include "runtime/sys/sys.h"

namespace cation {

// How they are named: not at all, "f.~1~" and so on, numbered if there is a numbered one already,
// "f~".
enum class BackupControl : uint8_t { kNone, kNumbered, kExisting, kSimple };
// The same as an option's words.
inline constexpr char kBackupWords[] = "none off|numbered t|existing nil|simple never";

// Out of line: their callers need fewer bytes then.
//
// The path that a backup of the file at `location` is to have, in the same directory. `suffix` is
// that of simple backups. Errors: ENOMEM, and those of reading the directory for numbered ones.
[[gnu::noinline]] Result<String> BackupPath(const sys::Location& location, BackupControl control,
                                            StringView suffix);

// The path of a temporary file in the same directory, for what is to take the place of the file at
// `location`. `number` tells attempts apart. Errors: ENOMEM.
[[gnu::noinline]] Result<String> TemporaryPath(const sys::Location& location, uint64_t number);

// `path`, as these give it, relative to the directory that `location` is in. As long as
// `path` lives.
[[nodiscard]] sys::Location Beside(const sys::Location& location, const String& path);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_BACKUP_H_
