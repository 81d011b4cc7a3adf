// SPDX-License-Identifier: MIT
#include "coreutils/ps/columns.h"

#include "coreutils/support/quote.h"
#include "runtime/core/format.h"
#include "runtime/core/format_time.h"

namespace cation::ps {
namespace {

using sys::ProcessStatus;

constexpr int64_t kSecond = 1'000'000'000;

constexpr Column kColumns[] = {
    {"pid tgid", "PID", true, Content::kProcess},
    {"lwp tid spid", "LWP", true, Content::kThread},
    {"ppid", "PPID", true, Content::kParent},
    {"pgid pgrp", "PGID", true, Content::kGroup},
    {"sid sess session", "SID", true, Content::kSession},
    {"user euser uname", "USER", false, Content::kUser},
    {"ruser", "RUSER", false, Content::kRealUser},
    {"uid euid", "UID", true, Content::kUserNumber},
    {"ruid", "RUID", true, Content::kRealUserNumber},
    {"group egroup", "GROUP", false, Content::kUserGroup},
    {"rgroup", "RGROUP", false, Content::kRealGroup},
    {"gid egid", "GID", true, Content::kUserGroupNumber},
    {"rgid", "RGID", true, Content::kRealGroupNumber},
    {"tty tt tname", "TT", false, Content::kTerminal},
    {"s state", "S", false, Content::kState},
    {"stat", "STAT", false, Content::kStateText},
    {"nlwp thcount", "NLWP", true, Content::kThreads},
    {"time cputime", "TIME", true, Content::kTime},
    {"bsdtime", "TIME", true, Content::kShortTime},
    {"etime", "ELAPSED", true, Content::kElapsed},
    {"etimes", "ELAPSED", true, Content::kElapsedSeconds},
    {"stime start start_time bsdstart", "STIME", false, Content::kStart},
    {"comm ucmd ucomm", "COMMAND", false, Content::kName},
    {"args cmd command", "COMMAND", false, Content::kArguments},
    {"rss rssize rsz", "RSS", true, Content::kMemory},
    {"vsz vsize", "VSZ", true, Content::kAddressSpace},
    {"sz", "SZ", true, Content::kPages},
    {"pcpu %cpu", "%CPU", true, Content::kPercentOfProcessor},
    {"c", "C", true, Content::kWholePercent},
    {"pmem %mem", "%MEM", true, Content::kPercentOfMemory},
    {"nice ni", "NI", true, Content::kNice},
    {"pri priority", "PRI", true, Content::kPriority},
    {"f flag flags", "F", true, Content::kNothing},
    {"addr", "ADDR", true, Content::kNothing},
    {"wchan", "WCHAN", false, Content::kNothing},
};

Result<void> AppendUnknown(String& text) { return text.Append('-'); }

Result<void> AppendNumber(String& text, int64_t number) {
  if (number < 0) CATION_TRY(text.Append('-'));
  return text.Append(Digits(static_cast<uint64_t>(number < 0 ? -number : number)));
}

// What is below 0 is not known.
Result<void> AppendProcess(String& text, sys::Process process) {
  return process < 0 ? AppendUnknown(text) : AppendNumber(text, process);
}

Result<void> AppendCount(String& text, uint64_t count, uint64_t unit = 1) {
  return count == ProcessStatus::kUnknown ? AppendUnknown(text) : text.Append(Digits(count / unit));
}

Result<void> AppendId(String& text, uint32_t id) {
  return id == ProcessStatus::kUnknownId ? AppendUnknown(text) : text.Append(Digits(id));
}

Result<void> AppendTwo(String& text, int64_t number) {
  return text.Append(Digits(static_cast<uint64_t>(number), 10, 2));
}

// "[[dd-]hh:]mm:ss"; the hours are there in any case where `hours`.
Result<void> AppendDuration(String& text, int64_t nanoseconds, bool hours) {
  if (nanoseconds < 0) return AppendUnknown(text);
  const int64_t seconds = nanoseconds / kSecond;
  constexpr int64_t kDay = 86400;
  if (seconds >= kDay) {
    CATION_TRY(AppendTwo(text, seconds / kDay));
    CATION_TRY(text.Append('-'));
  }
  if (hours || seconds >= 3600) {
    CATION_TRY(AppendTwo(text, seconds % kDay / 3600));
    CATION_TRY(text.Append(':'));
  }
  CATION_TRY(AppendTwo(text, seconds / 60 % 60));
  CATION_TRY(text.Append(':'));
  return AppendTwo(text, seconds % 60);
}

// `part` of `whole` in percent, with a decimal where `decimal`.
Result<void> AppendPercent(String& text, uint64_t part, uint64_t whole, bool decimal) {
  if (whole == 0) return AppendUnknown(text);
  while (part > UINT64_MAX / 1000) {
    part /= 1024;
    whole = Max(whole / 1024, uint64_t{1});
  }
  const uint64_t tenths = part * 1000 / whole;
  CATION_TRY(text.Append(Digits(tenths / 10)));
  if (!decimal) return {};
  CATION_TRY(text.Append('.'));
  return text.Append(Digits(tenths % 10));
}

// What a program says of itself may be anything: what a terminal would act on becomes "?".
Result<void> AppendShown(String& text, StringView name) {
  while (!name.empty()) {
    uint32_t code_point = 0;
    const size_t length = DecodeUtf8(name, &code_point);
    const bool shown = length != 0 && !IsControl(code_point);
    CATION_TRY(text.Append(shown ? name.First(length) : StringView("?")));
    name = name.From(Max(length, size_t{1}));
  }
  return {};
}

Result<void> AppendArguments(String& text, const ProcessStatus& status) {
  StringView rest = status.arguments;
  while (!rest.empty() && rest.back() == '\0') rest = rest.First(rest.size() - 1);
  if (rest.empty()) {
    // The kernel's own, and what has ended: in brackets, where others are not.
    const bool has_path = status.name.StartsWith("/");
    const bool brackets = status.terminal != ProcessStatus::kUnknown && !has_path;
    if (brackets) CATION_TRY(text.Append('['));
    CATION_TRY(AppendShown(text, status.name));
    return brackets ? text.Append(']') : Result<void>();
  }
  while (!rest.empty()) {
    const size_t end = Min(rest.Find('\0'), rest.size());
    CATION_TRY(AppendShown(text, rest.First(end)));
    if (end != rest.size()) CATION_TRY(text.Append(' '));
    rest = rest.From(Min(end + 1, rest.size()));
  }
  return {};
}

}  // namespace

const Column* FindColumn(StringView name) {
  for (const Column& column : kColumns) {
    StringView names = column.names;
    while (!names.empty()) {
      const size_t end = Min(names.Find(' '), names.size());
      if (names.First(end) == name) return &column;
      names = names.From(Min(end + 1, names.size()));
    }
  }
  return nullptr;
}

Result<void> AppendTerminal(String& text, uint64_t terminal) {
  if (terminal == ProcessStatus::kUnknown) return AppendUnknown(text);
  if (terminal == 0) return text.Append('?');
  // Linux's numbers: pseudo-terminals, and the console's.
  const uint64_t major = terminal >> 8 & 0xfff;
  uint64_t minor = (terminal & 0xff) | (terminal >> 12 & 0xfff00);
  constexpr uint64_t kConsole = 4;
  constexpr uint64_t kSerial = 64;
  constexpr uint64_t kPseudo = 136;
  if (major >= kPseudo && major < kPseudo + 8) {
    CATION_TRY(text.Append("pts/"));
    minor += (major - kPseudo) * 256;
  } else if (major == kConsole) {
    CATION_TRY(text.Append(minor < kSerial ? "tty" : "ttyS"));
    if (minor >= kSerial) minor -= kSerial;
  } else {
    CATION_TRY(text.Append(Digits(major)));
    CATION_TRY(text.Append(','));
  }
  return text.Append(Digits(minor));
}

Writer::Writer(const Context& context) : context_(context) {
  const sys::TimePoint since_start = sys::MonotonicTime();
  since_start_ = since_start.seconds * kSecond + since_start.nanoseconds;
  now_ = sys::Now().seconds;
}

Result<void> Writer::AppendName(String& text, Accounts& accounts, uint32_t id) {
  if (id == ProcessStatus::kUnknownId) return AppendUnknown(text);
  const StringView name = accounts.NameOf(id);
  return name.empty() ? AppendId(text, id) : AppendShown(text, name);
}

int64_t Writer::Elapsed(const ProcessStatus& status) const {
  if (status.start < 0) return ProcessStatus::kUnknownTime;
  return Max(since_start_ - status.start, int64_t{0});
}

// The hour of today, the day of this year, or the year.
Result<void> Writer::AppendStart(String& text, int64_t start) {
  if (start < 0) return AppendUnknown(text);
  const int64_t seconds = now_ - (since_start_ - start) / kSecond;
  zone_.Find(context_);
  const LocalTime time(seconds, 0, zone_.zone());
  const LocalTime now(now_, 0, zone_.zone());
  const bool same_year = time.civil.year == now.civil.year;
  const bool same_day = same_year && time.civil.day_of_year == now.civil.day_of_year;
  return AppendTime(text, same_day ? "%H:%M" : same_year ? "%b%d" : "%Y", time);
}

Result<void> Writer::Append(String& text, const ProcessStatus& status, Content content) {
  switch (content) {
    case Content::kProcess:
      return AppendProcess(text, status.id);
    case Content::kThread:
      return AppendProcess(text, status.thread);
    case Content::kParent:
      return AppendProcess(text, status.parent);
    case Content::kGroup:
      return AppendProcess(text, status.group);
    case Content::kSession:
      return AppendProcess(text, status.session);
    case Content::kUser:
      return AppendName(text, users, status.user);
    case Content::kRealUser:
      return AppendName(text, users, status.real_user);
    case Content::kUserNumber:
      return AppendId(text, status.user);
    case Content::kRealUserNumber:
      return AppendId(text, status.real_user);
    case Content::kUserGroup:
      return AppendName(text, groups, status.user_group);
    case Content::kRealGroup:
      return AppendName(text, groups, status.real_group);
    case Content::kUserGroupNumber:
      return AppendId(text, status.user_group);
    case Content::kRealGroupNumber:
      return AppendId(text, status.real_group);
    case Content::kTerminal:
      return AppendTerminal(text, status.terminal);
    case Content::kState:
      return text.Append(status.state);
    case Content::kStateText:
      return text.Append(status.state_text);
    case Content::kThreads:
      return AppendCount(text, status.threads);
    case Content::kTime:
      return AppendDuration(text, status.processor_time, true);
    case Content::kShortTime: {
      if (status.processor_time < 0) return AppendUnknown(text);
      const int64_t seconds = status.processor_time / kSecond;
      CATION_TRY(AppendNumber(text, seconds / 60));
      CATION_TRY(text.Append(':'));
      return AppendTwo(text, seconds % 60);
    }
    case Content::kElapsed:
      return AppendDuration(text, Elapsed(status), false);
    case Content::kElapsedSeconds: {
      const int64_t elapsed = Elapsed(status);
      return elapsed < 0 ? AppendUnknown(text) : AppendNumber(text, elapsed / kSecond);
    }
    case Content::kStart:
      return AppendStart(text, status.start);
    case Content::kName:
      return AppendShown(text, status.name);
    case Content::kArguments:
      return AppendArguments(text, status);
    case Content::kMemory:
      return AppendCount(text, status.memory, 1024);
    case Content::kAddressSpace:
      return AppendCount(text, status.address_space, 1024);
    case Content::kPages:
      return AppendCount(text, status.address_space, 4096);
    case Content::kPercentOfProcessor:
    case Content::kWholePercent: {
      const int64_t elapsed = Elapsed(status);
      if (elapsed < 0 || status.processor_time < 0) return AppendUnknown(text);
      return AppendPercent(text, static_cast<uint64_t>(status.processor_time),
                           Max(static_cast<uint64_t>(elapsed), uint64_t{1}),
                           content == Content::kPercentOfProcessor);
    }
    case Content::kPercentOfMemory:
      if (status.memory == ProcessStatus::kUnknown) return AppendUnknown(text);
      if (memory_ == 0) memory_ = sys::ProcessReader::MemoryOfMachine();
      return memory_ == ProcessStatus::kUnknown ? AppendUnknown(text)
                                                : AppendPercent(text, status.memory, memory_, true);
    case Content::kNice:
      return status.nice == INT64_MIN ? AppendUnknown(text) : AppendNumber(text, status.nice);
    case Content::kPriority:
      return status.priority == INT64_MIN ? AppendUnknown(text)
                                          : AppendNumber(text, status.priority);
    case Content::kNothing:
      break;
  }
  return AppendUnknown(text);
}

}  // namespace cation::ps
