// SPDX-License-Identifier: MIT
#include "runtime/core/accounts.h"

#include "runtime/core/format.h"
#include "runtime/core/utility.h"

namespace cation {
namespace {

// Takes what comes before `separator`, or all, from the front of `text`.
StringView TakeUntil(StringView& text, char separator) {
  const size_t end = Min(text.Find(separator), text.size());
  const StringView part = text.First(end);
  text = text.From(Min(end + 1, text.size()));
  return part;
}

// Takes the number before the next separator; false, and kNoAccount, when there is none.
bool TakeId(StringView& line, char separator, uint32_t& id) {
  const Result<uint64_t> number = ParseNumber(TakeUntil(line, separator));
  const bool is_id = number.ok() && number.value() <= UINT32_MAX;
  id = is_id ? static_cast<uint32_t>(number.value()) : kNoAccount;
  return is_id;
}

}  // namespace

bool TakeAccount(StringView& text, AccountFile file, Account& account) {
  while (!text.empty()) {
    StringView line = TakeUntil(text, '\n');
    const bool is_redox = line.Find(';') < line.Find(':');
    const char separator = is_redox ? ';' : ':';
    account.name = TakeUntil(line, separator);
    // Redox keeps passwords elsewhere, and only its groups still have the field.
    if (!is_redox || file == AccountFile::kGroups) TakeUntil(line, separator);
    if (!TakeId(line, separator, account.id) || account.name.empty()) continue;
    if (file == AccountFile::kUsers) {
      (void)TakeId(line, separator, account.group);
    } else {
      account.members = TakeUntil(line, separator);
    }
    return true;
  }
  return false;
}

bool HasMember(StringView members, StringView user) {
  while (!members.empty()) {
    if (TakeUntil(members, ',') == user) return true;
  }
  return false;
}

StringView AccountName(StringView text, AccountFile file, uint32_t id) {
  Account account;
  while (TakeAccount(text, file, account)) {
    if (account.id == id) return account.name;
  }
  return "";
}

StringView AccountHome(StringView text, uint32_t id) {
  Account account;
  while (TakeAccount(text, AccountFile::kUsers, account)) {
    if (account.id != id) continue;
    // The whole line: what comes behind it begins where `text` does by now.
    StringView line(account.name.data(), static_cast<size_t>(text.data() - account.name.data()));
    line = TakeUntil(line, '\n');
    const char separator = account.name.end()[0];
    constexpr int kBeforeOnRedox = 4;  // name;uid;gid;gecos
    constexpr int kBefore = 5;         // name:password:uid:gid:gecos
    for (int left = separator == ';' ? kBeforeOnRedox : kBefore; left > 0; --left)
      (void)TakeUntil(line, separator);
    return TakeUntil(line, separator);
  }
  return "";
}

}  // namespace cation
