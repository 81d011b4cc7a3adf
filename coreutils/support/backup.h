// SPDX-License-Identifier: MIT
//
// Backups of files that are about to be replaced, named as GNU's --backup names them.
#ifndef CATION_COREUTILS_SUPPORT_BACKUP_H_
#define CATION_COREUTILS_SUPPORT_BACKUP_H_

#include "coreutils/support/output.h"
#include "runtime/core/string.h"
#include "runtime/sys/sys.h"

namespace cation {

// How they are named: not at all, "f.~1~" and so on, numbered if there is a numbered one already,
// "f~".
enum class BackupControl : uint8_t { kNone, kNumbered, kExisting, kSimple };
// The same as an option's words.
inline constexpr char kBackupWords[] = "none off|numbered t|existing nil|simple never";

// Out of line: their callers need fewer bytes then. Paths are appended to `path`, which is empty
// before; on an error it may hold anything.
//
// The path that a backup of the file at `location` is to have, in the same directory. `suffix` is
// that of simple backups. Errors: ENOMEM, and those of reading the directory for numbered ones.
[[gnu::noinline]] Result<void> BackupPath(const sys::Location& location, BackupControl control,
                                          StringView suffix, String* path);

// The path of a temporary file in the same directory, for what is to take the place of the file at
// `location`. `number` tells attempts apart. Errors: ENOMEM.
[[gnu::noinline]] Result<void> TemporaryPath(const sys::Location& location, uint64_t number,
                                             String* path);

// An error besides those of the system.
inline constexpr int kBackupIsSource = -1;
// Gives the file at `location` the name of its backup, which becomes `*path`: on an error that is
// as it was, and so is the file. Errors: those of BackupPath(), sys::StatusAt() and sys::Rename();
// kBackupIsSource when that would take the place of `source`, which is to come in its place: "mv -b
// a~ a" would lose it.
[[gnu::noinline]] Result<void> MakeBackup(const sys::Location& source,
                                          const sys::Location& location, BackupControl control,
                                          StringView suffix, String* path);

// "VERB'FROM' -> 'TO'": what -v says; and " (backup: 'PATH')", if it is not empty.
void AnnouncePair(Output& out, const char* verb, StringView from, StringView to);
void AnnounceBackup(Output& out, const String& path);

// `path`, as these give it, relative to the directory that `location` is in. As long as
// `path` lives.
[[nodiscard]] sys::Location Beside(const sys::Location& location, const String& path);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_BACKUP_H_
