// SPDX-License-Identifier: MIT
//
// whoami: prints the name of the effective user, as `id -un` does. GNU's; POSIX has it not.
//
// Names are those of /etc/passwd, on Redox and elsewhere.
#include "coreutils/support/accounts.h"
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "runtime/core/format.h"

namespace cation {
namespace {

constexpr Description kDescription = {
    .usage = "[OPTION]",
    .summary = "Prints the name of the effective user.",
    .options = {},
};
constexpr Command kCommand = Packed<kDescription>();

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  int status = 0;
  if (!ParseOptions(context, kCommand, nullptr, &status)) return status;
  if (!context.arguments.empty())
    return UsageError(context, kCommand, context.arguments[0], "extra operand");
  Accounts users(AccountFile::kUsers);
  const uint32_t user = sys::EffectiveUser();
  Account account;
  const Result<bool> found = users.Find(user, account);
  if (!found.ok()) {
    Report(context, users.path(), found.error());
    return 1;
  }
  if (!found.value()) {
    String line;
    AddText(line, "cannot find name for user ID ");
    AddText(line, Digits(user));
    Report(context, line.view());
    return 1;
  }
  Output out(context);
  out.Write(account.name);
  out.Write('\n');
  return out.Finish(0);
}

}  // namespace cation
