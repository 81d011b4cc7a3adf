// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_ACCOUNTS_H_
#define CATION_COREUTILS_SUPPORT_ACCOUNTS_H_

#include "runtime/core/accounts.h"
#include "runtime/core/string.h"

namespace cation {

// The users or the groups of the system: /etc/passwd or /etc/group, read at the first question.
class Accounts {
 public:
  explicit Accounts(AccountFile file) : file_(file) {}
  Accounts(const Accounts&) = delete;
  Accounts& operator=(const Accounts&) = delete;

  // Empty when there is no name, or the file cannot be read.
  StringView NameOf(uint32_t id);
  // Finds the account with that name, or number; false when there is none. Errors: those of
  // sys::Open() and sys::Read(), but ENOENT: without the file there are no accounts.
  Result<bool> Find(StringView name, Account& account) { return Find(name, kNoAccount, account); }
  Result<bool> Find(uint32_t id, Account& account) { return Find({nullptr, 0}, id, account); }
  // All of them, for TakeAccount(). Errors: as above.
  Result<StringView> Text();
  // Where they stand, for messages.
  [[nodiscard]] const char* path() const {
    return file_ == AccountFile::kUsers ? "/etc/passwd" : "/etc/group";
  }

 private:
  // An answer that was given: files in a directory have few owners.
  struct Answer {
    uint32_t id = 0;
    bool is_set = false;
    StringView name;
  };

  // data() nullptr: by the number.
  Result<bool> Find(StringView name, uint32_t id, Account& account);

  AccountFile file_;
  bool has_read_ = false;
  int error_ = 0;
  String text_;
  Answer answers_[16];
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_ACCOUNTS_H_
