// SPDX-License-Identifier: MIT
//
// What ps can print of a process.
#ifndef CATION_COREUTILS_PS_COLUMNS_H_
#define CATION_COREUTILS_PS_COLUMNS_H_

#include "coreutils/support/accounts.h"
#include "coreutils/support/local_time_zone.h"
#include "runtime/core/string.h"
#include "runtime/sys/processes.h"

namespace cation::ps {

enum class Content : uint8_t {
  kProcess,
  kThread,
  kParent,
  kGroup,
  kSession,
  kUser,
  kRealUser,
  kUserNumber,
  kRealUserNumber,
  kUserGroup,
  kRealGroup,
  kUserGroupNumber,
  kRealGroupNumber,
  kTerminal,
  kState,
  kStateText,
  kThreads,
  kTime,
  kShortTime,
  kElapsed,
  kElapsedSeconds,
  kStart,
  kName,
  kArguments,
  kMemory,
  kAddressSpace,
  kPages,
  kPercentOfProcessor,
  kWholePercent,
  kPercentOfMemory,
  kNice,
  kPriority,
  kNothing,  // what nobody needs, for listings that have it
};

struct Column {
  const char* names;  // for -o, with spaces between them
  StringView header;
  bool right;  // its text stands there
  Content content;
};

// The column that -o calls so; nullptr if none.
const Column* FindColumn(StringView name);

// "pts/3", "tty1"; "?" for a process without one, "-" where that is not known.
Result<void> AppendTerminal(String& text, uint64_t terminal);

// Makes the texts of columns.
class Writer {
 public:
  explicit Writer(const Context& context);
  Result<void> Append(String& text, const sys::ProcessStatus& status, Content content);

  Accounts users{AccountFile::kUsers};
  Accounts groups{AccountFile::kGroups};

 private:
  Result<void> AppendName(String& text, Accounts& accounts, uint32_t id);
  Result<void> AppendStart(String& text, int64_t start);
  [[nodiscard]] int64_t Elapsed(const sys::ProcessStatus& status) const;

  const Context& context_;
  int64_t since_start_;  // nanoseconds that the system runs
  int64_t now_;          // seconds since the Epoch
  uint64_t memory_ = 0;  // of the machine; 0: not asked yet
  LocalTimeZone zone_;
};

}  // namespace cation::ps

#endif  // CATION_COREUTILS_PS_COLUMNS_H_
