// SPDX-License-Identifier: MIT
//
// free: how much memory there is, and how much of it is used. As that of procps 4; POSIX has it
// not.
//
// Redox tells how much memory there is and how much is free, by its `memory` scheme: the other
// columns, and swap, which there is none of, are shown as -.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "runtime/core/format.h"
#include "runtime/sys/sys.h"

namespace cation {
namespace {

enum class Unit : uint8_t { kKibi, kBytes, kMebi, kGibi, kHuman };

struct Options {
  Unit unit = Unit::kKibi;
  bool si = false;
  bool total = false;
  bool wide = false;
  const char* seconds = nullptr;
  const char* count = nullptr;
};

constexpr Option kOptions[] = {
    Choice("-b, --bytes", offsetof(Options, unit), Unit::kBytes, "in bytes"),
    Choice("-k, --kibi", offsetof(Options, unit), Unit::kKibi, "in units of 1024 bytes (default)"),
    Choice("-m, --mebi", offsetof(Options, unit), Unit::kMebi, "in units of 1024 * 1024 bytes"),
    Choice("-g, --gibi", offsetof(Options, unit), Unit::kGibi, "in units of 1024^3 bytes"),
    Choice("-h, --human", offsetof(Options, unit), Unit::kHuman, "with the unit that suits"),
    Flag("--si", offsetof(Options, si), "powers of 1000 in place of 1024"),
    Flag("-t, --total", offsetof(Options, total), "and the sum of memory and swap"),
    Flag("-w, --wide", offsetof(Options, wide), "buffers and cache apart"),
    Value("-s, --seconds=N", offsetof(Options, seconds), "again every N seconds"),
    Value("-c, --count=N", offsetof(Options, count), "N times"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]...",
    .summary = "Shows how much memory there is, and how much is used.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

constexpr size_t kWidth = 11;
constexpr uint64_t kUnknown = sys::MemoryStatus::kUnknown;

class Table {
 public:
  Table(const Options& options, Output& out) : options_(options), out_(out) {}

  void Write(const sys::MemoryStatus& memory) {
    out_.Write("               total        used        free      shared ");
    out_.Write(options_.wide ? "    buffers       cache   available\n"
                             : " buff/cache   available\n");
    const uint64_t cache = memory.cache;
    WriteRow("Mem:", memory.total, memory.used, memory.free);
    WriteNumber(memory.shared);
    if (options_.wide) WriteNumber(memory.buffers);
    WriteNumber(options_.wide ? cache : Sum(memory.buffers, cache));
    WriteNumber(memory.available);
    out_.Write('\n');
    const uint64_t swap_used = memory.swap_total == kUnknown || memory.swap_free == kUnknown
                                   ? kUnknown
                                   : memory.swap_total - memory.swap_free;
    WriteRow("Swap:", memory.swap_total, swap_used, memory.swap_free);
    out_.Write('\n');
    if (!options_.total) return;
    WriteRow("Total:", Sum(memory.total, memory.swap_total), Sum(memory.used, swap_used),
             Sum(memory.free, memory.swap_free));
    out_.Write('\n');
  }

 private:
  // What is not known does not count.
  static uint64_t Sum(uint64_t a, uint64_t b) {
    if (a == kUnknown) return b;
    return b == kUnknown ? a : a + b;
  }

  void WriteRight(StringView text, size_t width) {
    for (size_t i = text.size(); i < width; ++i) out_.Write(' ');
    out_.Write(text);
  }

  void WriteRow(StringView label, uint64_t total, uint64_t used, uint64_t free) {
    out_.Write(label);
    for (size_t i = label.size(); i < 9; ++i) out_.Write(' ');
    first_ = true;
    WriteNumber(total);
    WriteNumber(used);
    WriteNumber(free);
  }

  void WriteNumber(uint64_t bytes) {
    if (!Exchange(first_, false)) out_.Write(' ');
    if (bytes == kUnknown) return WriteRight("-", kWidth);
    const uint64_t base = options_.si ? 1000 : 1024;
    if (options_.unit == Unit::kHuman) return WriteHuman(bytes, base);
    uint64_t unit = 1;
    const unsigned powers = options_.unit == Unit::kBytes  ? 0
                            : options_.unit == Unit::kKibi ? 1
                            : options_.unit == Unit::kMebi ? 2
                                                           : 3;
    for (unsigned i = 0; i < powers; ++i) unit *= base;
    WriteRight(Digits(bytes / unit), kWidth);
  }

  // At most four characters and a unit: "1.5Gi", "15Gi", "0B".
  void WriteHuman(uint64_t bytes, uint64_t base) {
    constexpr StringView kUnits = "BKMGTPE";
    String text;
    uint64_t unit = 1;
    for (size_t power = 0;; ++power, unit *= base) {
      const uint64_t whole = bytes / unit;
      if (whole >= base && power + 1 < kUnits.size()) continue;
      const uint64_t tenths = (bytes % unit * 10 + unit / 2) / unit;
      if (power > 0 && whole < 10 && tenths < 10) {
        AddText(text, Digits(whole));
        AddText(text, ".");
        AddText(text, Digits(tenths));
      } else {
        AddText(text, Digits(whole));
      }
      AddText(text, kUnits.From(power).First(1));
      if (power > 0 && !options_.si) AddText(text, "i");
      break;
    }
    WriteRight(text.view(), kWidth);
  }

  const Options& options_;
  Output& out_;
  bool first_ = true;
};

// Seconds, with decimals, as nanoseconds. Errors: EINVAL.
Result<int64_t> ParseSeconds(StringView text) {
  const size_t point = Min(text.Find('.'), text.size());
  uint64_t seconds = 0;
  if (point != 0) {
    CATION_TRY_ASSIGN(seconds, ParseNumber(text.First(point)));
  }
  uint64_t nanoseconds = 0;
  uint64_t unit = 1'000'000'000;
  for (const char c : text.From(Min(point + 1, text.size()))) {
    if (c < '0' || c > '9') return Error{abi::kEINVAL};
    unit /= 10;
    nanoseconds += static_cast<uint64_t>(c - '0') * unit;
  }
  constexpr uint64_t kMost = 4'000'000'000;
  if (seconds > kMost || (seconds == 0 && nanoseconds == 0)) return Error{abi::kEINVAL};
  return static_cast<int64_t>(seconds * 1'000'000'000 + nanoseconds);
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  if (!context.arguments.empty())
    return UsageError(context, kCommand, context.arguments[0], "extra operand");
  int64_t pause = 1'000'000'000;
  if (options.seconds != nullptr) {
    const Result<int64_t> seconds = ParseSeconds(options.seconds);
    if (!seconds.ok())
      return UsageError(context, kCommand, options.seconds, "invalid number of seconds");
    pause = seconds.value();
  }
  uint64_t count = options.seconds != nullptr ? UINT64_MAX : 1;
  if (options.count != nullptr) {
    const Result<uint64_t> given = ParseNumber(options.count);
    if (!given.ok() || given.value() == 0)
      return UsageError(context, kCommand, options.count, "invalid count");
    count = given.value();
  }
  Output out(context);
  for (;;) {
    const Result<sys::MemoryStatus> memory = sys::StatusOfMemory();
    if (!memory.ok()) {
      Report(context, {nullptr, 0}, "cannot find out about memory", memory.error());
      return out.Finish(1);
    }
    Table(options, out).Write(memory.value());
    if (--count == 0) break;
    out.Write('\n');
    // Somebody may watch.
    out.Flush();
    if (!out.ok()) break;
    sys::Pause(pause);
  }
  return out.Finish(0);
}

}  // namespace cation
