// SPDX-License-Identifier: MIT
//
// Users and groups from the text of /etc/passwd and /etc/group. relibc's getpwuid() and getgrgid()
// would link its formatting code; and they read the file once for each question.
#ifndef CATION_RUNTIME_CORE_ACCOUNTS_H_
#define CATION_RUNTIME_CORE_ACCOUNTS_H_

#include <stdint.h>

#include "runtime/core/string_view.h"

namespace cation {

enum class AccountFile : uint8_t { kUsers, kGroups };

// No user and no group has this number: what chown() leaves as it is.
inline constexpr uint32_t kNoAccount = UINT32_MAX;

struct Account {
  StringView name;  // this and `members` are parts of the file's text
  uint32_t id = kNoAccount;
  uint32_t group = kNoAccount;  // of a user: the group that he has first
  StringView members;           // of a group: the names of its users, with commas between them
};

// Takes the next line that is understood from the front of `text`, the content of the file; false
// when there is none any more. Each line may be in one of two forms, told by its first separator:
//   Redox (redox_users): name;uid;gid;gecos;home;shell and group;password;gid;members
//   POSIX hosts (passwd(5)): name:password:uid:gid:… and group:password:gid:members
[[nodiscard]] bool TakeAccount(StringView& text, AccountFile file, Account& account);

// Whether `members` of a group has `user`.
[[nodiscard]] bool HasMember(StringView members, StringView user);

// The name of the user or group `id`, as a part of `text`, the content of the file; empty when
// there is none. The first line that has the number counts.
[[nodiscard]] StringView AccountName(StringView text, AccountFile file, uint32_t id);

// The home of the user `id`, as a part of `text`; empty when there is none.
[[nodiscard]] StringView AccountHome(StringView text, uint32_t id);

}  // namespace cation

#endif  // CATION_RUNTIME_CORE_ACCOUNTS_H_
