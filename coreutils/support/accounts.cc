// SPDX-License-Identifier: MIT
#include "coreutils/support/accounts.h"

#include "coreutils/support/read_file.h"

namespace cation {

Result<StringView> Accounts::Text() {
  if (!Exchange(has_read_, true)) {
    const Result<void> read = ReadFile(path(), text_);
    if (!read.ok() && !(read.error() == abi::kENOENT)) error_ = read.error().number;
    // Half a file would give a name that is another's.
    if (!read.ok()) text_.Truncate(0);
  }
  if (error_ != 0) return Error{error_};
  return text_.view();
}

StringView Accounts::NameOf(uint32_t id) {
  Answer& answer = answers_[id % (sizeof(answers_) / sizeof(answers_[0]))];
  if (answer.is_set && answer.id == id) return answer.name;
  (void)Text();
  answer = {id, true, AccountName(text_.view(), file_, id)};
  return answer.name;
}

Result<bool> Accounts::Find(StringView name, uint32_t id, Account& account) {
  CATION_TRY_ASSIGN(StringView text, Text());
  while (TakeAccount(text, file_, account)) {
    if (name.data() == nullptr ? account.id == id : account.name == name) return true;
  }
  return false;
}

}  // namespace cation
