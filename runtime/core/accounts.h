// SPDX-License-Identifier: MIT
//
// Names of users and groups from the text of /etc/passwd and /etc/group. relibc's getpwuid() and
// getgrgid() would link its formatting code; and they read the file once for each question.
#ifndef CATION_RUNTIME_CORE_ACCOUNTS_H_
#define CATION_RUNTIME_CORE_ACCOUNTS_H_

#include <stdint.h>

#include "runtime/core/string_view.h"

namespace cation {

enum class AccountFile : uint8_t { kUsers, kGroups };

// The name of the user or group `id`, as a part of `text`, the content of the file; empty when
// there is none. The first line that has the number counts; lines that are not understood are
// passed over. Each line may be in one of two forms, told by its first separator:
//   Redox (redox_users): name;uid;gid;gecos;home;shell and group;password;gid;members
//   POSIX hosts (passwd(5)): name:password:uid:… and group:password:gid:members
[[nodiscard]] StringView AccountName(StringView text, AccountFile file, uint32_t id);

}  // namespace cation

#endif  // CATION_RUNTIME_CORE_ACCOUNTS_H_
