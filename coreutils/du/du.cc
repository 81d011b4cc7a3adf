// SPDX-License-Identifier: MIT
//
// du: how much room files and trees take. POSIX.1-2024, with GNU's options.
//
// Goes by descriptor, and asks for each file once; directories are told from what was opened.
// Apparent sizes are those of regular files and symbolic links, as since GNU 9.2.
//
// On Redox blocks are those of 512 bytes that the file system counts; a 9p share has one device
// number, 0, for everything, so -x does not see its end.
#include "coreutils/support/descent.h"
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/human_size.h"
#include "coreutils/support/link_table.h"
#include "coreutils/support/local_time_zone.h"
#include "coreutils/support/open_verified.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/pattern.h"
#include "coreutils/support/quote.h"
#include "coreutils/support/read_file.h"
#include "runtime/core/format.h"
#include "runtime/core/format_time.h"

namespace cation {
namespace {

enum class Units : uint8_t {
  kEnvironment,
  kBinary,
  kDecimal,
  kKibibytes,
  kMebibytes,
  kBytes,
  kGiven
};
enum class Links : uint8_t { kNone, kOperands, kAll };
enum class Time : uint8_t { kModification, kAccess, kChange };

struct Options {
  bool zero = false;
  bool all = false;
  bool apparent = false;
  bool total = false;
  bool inodes = false;
  bool counts_links = false;
  bool separate = false;
  bool summarize = false;
  bool one_file_system = false;
  bool shows_time = false;
  Links links = Links::kNone;
  Time time = Time::kModification;
  Units units = Units::kEnvironment;
  SizeUnit unit;
  const char* depth = nullptr;
  const char* threshold = nullptr;
  const char* time_style = nullptr;
  const char* files_from = nullptr;
  Vector<const char*> patterns;
  Vector<const char*> pattern_files;
};

bool Append(const Context& context, const Command&, const Option&, StringView argument,
            char* field) {
  // Arguments are terminated.
  if (reinterpret_cast<Vector<const char*>*>(field)->PushBack(argument.data()).ok()) return true;
  Report(context, ErrorMessage(Error{abi::kENOMEM}));
  return false;
}

bool TakeUnit(const Context& context, const Command& command, const Option&, StringView argument,
              char* field) {
  const Result<SizeUnit> unit = ParseBlockSize(argument);
  if (!unit.ok()) {
    const bool too_large = unit.error() == abi::kERANGE;
    (void)UsageError(context, command, argument,
                     too_large ? "block size too large" : "invalid block size");
    return false;
  }
  *reinterpret_cast<SizeUnit*>(field) = unit.value();
  return true;
}

constexpr Option kOptions[] = {
    Flag("-0, --null", offsetof(Options, zero), "end lines with a zero byte"),
    Flag("-a, --all", offsetof(Options, all), "files too, not only directories"),
    Flag("-A, --apparent-size", offsetof(Options, apparent),
         "sizes as files have them, not what they take"),
    Also(Parsed("-B, --block-size=SIZE", offsetof(Options, unit), TakeUnit,
                "in blocks of SIZE bytes: 512, 1K, MB, si"),
         offsetof(Options, units), Units::kGiven),
    Also(Flag("-b, --bytes", offsetof(Options, apparent), "the same as -A -B1"),
         offsetof(Options, units), Units::kBytes),
    Flag("-c, --total", offsetof(Options, total), "and the sum of all"),
    Choice("-D, --dereference-args", offsetof(Options, links), Links::kOperands,
           "follow operands that are symbolic links"),
    Choice("-H", offsetof(Options, links), Links::kOperands, "the same"),
    Value("-d, --max-depth=N", offsetof(Options, depth), "show no more than N levels below"),
    Choice("-h, --human-readable", offsetof(Options, units), Units::kBinary,
           "sizes such as 1.5G, in powers of 1024"),
    Choice("--si", offsetof(Options, units), Units::kDecimal, "the same, in powers of 1000"),
    Flag("--inodes", offsetof(Options, inodes), "how many files there are, not their sizes"),
    Choice("-k", offsetof(Options, units), Units::kKibibytes, "in blocks of 1024 bytes"),
    Choice("-m", offsetof(Options, units), Units::kMebibytes, "in blocks of 1024 * 1024 bytes"),
    Flag("-l, --count-links", offsetof(Options, counts_links),
         "count files with several names as often as they are met"),
    Choice("-L, --dereference", offsetof(Options, links), Links::kAll, "follow all symbolic links"),
    Choice("-P, --no-dereference", offsetof(Options, links), Links::kNone, "follow none (default)"),
    Flag("-S, --separate-dirs", offsetof(Options, separate),
         "directories without those that are in them"),
    Flag("-s, --summarize", offsetof(Options, summarize), "only the sum of each operand"),
    Value("-t, --threshold=SIZE", offsetof(Options, threshold),
          "only what is at least that large; with -SIZE, at most"),
    Also(OptionalWord("--time[=WORD]", offsetof(Options, time), Time::kModification,
                      "|atime access use|ctime status",
                      "and when something below was changed last, or atime, ctime"),
         offsetof(Options, shows_time), true),
    Value("--time-style=STYLE", offsetof(Options, time_style),
          "times as full-iso, long-iso, iso, or +FORMAT of date"),
    Parsed("--exclude=PATTERN", offsetof(Options, patterns), Append,
           "leave out what matches PATTERN"),
    Parsed("-X, --exclude-from=FILE", offsetof(Options, pattern_files), Append,
           "leave out what matches a line of FILE"),
    Value("--files0-from=FILE", offsetof(Options, files_from),
          "operands are in FILE, each with a zero byte behind it"),
    Flag("-x, --one-file-system", offsetof(Options, one_file_system),
         "stay on the file system of each operand"),
};

constexpr Command kCommand = {
    .usage = "[OPTION]... [FILE]...\n[OPTION]... --files0-from=FILE",
    .summary = "Shows how much room each FILE takes, and each directory in it.",
    .options = Packed<kOptions>(),
};

struct Sum {
  uint64_t size = 0;  // bytes, or files
  sys::TimePoint time = {INT64_MIN, 0};

  void Add(const Sum& other) {
    if (__builtin_add_overflow(size, other.size, &size)) size = UINT64_MAX;
    const bool later =
        other.time.seconds > time.seconds ||
        (other.time.seconds == time.seconds && other.time.nanoseconds > time.nanoseconds);
    if (later) time = other.time;
  }
};

struct Level {
  sys::Identity identity;
  Sum files;  // with the directory itself
  Sum below;
};

class Counter {
 public:
  Counter(const Context& context, const Options& options)
      : context_(context), options_(options), out_(context) {}

  int Run(Span<char*> operands);

 private:
  bool Settle(size_t operands);
  bool SettleTime();
  bool ReadPatterns();
  bool CountListed();
  void Count(const char* operand);
  void Visit(sys::FileType type, uint64_t inode);
  bool IsExcluded() const;
  bool IsAbove(const sys::Identity& identity) const;
  bool IsNew(const sys::FileStatus& status);
  void Ascend();
  [[nodiscard]] Sum SumOf(const sys::FileStatus& status) const;
  void Show(const Sum& sum, StringView path);
  void Fail(StringView operand, Error error) {
    out_.Flush();
    Report(context_, operand, error);
    status_ = 1;
  }

  const Context& context_;
  const Options& options_;
  Output out_;
  int status_ = 0;
  SizeUnit unit_;
  uint64_t depth_ = UINT64_MAX;
  uint64_t threshold_ = 0;
  bool at_most_ = false;
  StringView time_format_ = "%Y-%m-%d %H:%M";
  LocalTimeZone zone_;
  String patterns_;  // of files, one a line
  bool remembers_all_ = false;
  LinkTable seen_;
  Descent descent_;
  Vector<Level> levels_;
  uint64_t device_ = 0;
  Sum total_;
};

// What the options say. Returns false after a message.
bool Counter::Settle(size_t operands) {
  unit_.block_size = 1;
  switch (options_.units) {
    case Units::kGiven:
      unit_ = options_.unit;
      break;
    case Units::kBinary:
      unit_.kind = SizeUnit::Kind::kBinary;
      break;
    case Units::kDecimal:
      unit_.kind = SizeUnit::Kind::kDecimal;
      break;
    case Units::kKibibytes:
      unit_.block_size = 1024;
      break;
    case Units::kMebibytes:
      unit_.block_size = uint64_t{1024} * 1024;
      break;
    case Units::kBytes:
      break;
    case Units::kEnvironment:
      unit_ = BlockSizeOfEnvironment(context_, "DU_BLOCK_SIZE");
      break;
  }
  if (options_.inodes && unit_.kind == SizeUnit::Kind::kBlocks) {
    unit_ = {};
  }
  if (options_.depth != nullptr) {
    const Result<uint64_t> depth = ParseNumber(options_.depth);
    if (!depth.ok()) {
      (void)UsageError(context_, kCommand, options_.depth, "invalid maximum depth");
      return false;
    }
    depth_ = depth.value();
  }
  if (options_.summarize) {
    StringView wrong;
    if (options_.all) wrong = "cannot both summarize and show all entries";
    if (options_.depth != nullptr && depth_ != 0) wrong = "summarizing conflicts with --max-depth";
    if (!wrong.empty()) {
      (void)UsageError(context_, kCommand, {nullptr, 0}, wrong);
      return false;
    }
    if (options_.depth != nullptr)
      Report(context_, "warning: summarizing is the same as using --max-depth=0");
    depth_ = 0;
  }
  if (options_.threshold != nullptr) {
    StringView text = options_.threshold;
    at_most_ = text.StartsWith("-");
    if (at_most_) text = text.From(1);
    // As a block size, but for words and for 0.
    const bool is_number = !text.empty() && text[0] >= '0' && text[0] <= '9';
    const Result<uint64_t> plain = ParseNumber(text);
    Result<SizeUnit> size = Error{abi::kEINVAL};
    if (is_number) size = ParseBlockSize(text);
    if (plain.ok()) {
      threshold_ = plain.value();
    } else if (size.ok()) {
      threshold_ = size.value().block_size;
    }
    if ((!plain.ok() && !size.ok()) || (at_most_ && threshold_ == 0)) {
      (void)UsageError(context_, kCommand, options_.threshold, "invalid --threshold argument");
      return false;
    }
  }
  if (options_.inodes && options_.apparent)
    Report(context_, "warning: options --apparent-size and -b are ineffective with --inodes");
  remembers_all_ = operands > 1 || options_.links == Links::kAll || options_.files_from != nullptr;
  return SettleTime() && ReadPatterns();
}

bool Counter::SettleTime() {
  if (!options_.shows_time) return true;
  zone_.Find(context_);
  StringView style = options_.time_style == nullptr ? StringView() : options_.time_style;
  const bool is_given = options_.time_style != nullptr;
  if (!is_given) {
    const char* const text = Environment(context_, "TIME_STYLE");
    if (text != nullptr) style = text;
    while (style.StartsWith("posix-")) style = style.From(6);
    // That of ls may have a second line, for recent files.
    style = style.First(Min(style.Find('\n'), style.size()));
  }
  if (style.StartsWith("+")) {
    time_format_ = style.From(1);
  } else {
    switch (FindWord("full-iso|long-iso|iso", style)) {
      case 0:
        time_format_ = "%Y-%m-%d %H:%M:%S.%N %z";
        break;
      case 2:
        time_format_ = "%Y-%m-%d";
        break;
      case 1:
        break;
      default:
        if (!is_given) break;
        (void)UsageError(context_, kCommand, style, "invalid --time-style argument");
        return false;
    }
  }
  return true;
}

bool Counter::ReadPatterns() {
  for (const char* const path : options_.pattern_files) {
    const Result<void> read =
        StringView(path) == "-" ? ReadAll(context_.input, patterns_) : ReadFile(path, patterns_);
    Result<void> ended;
    if (read.ok() && !patterns_.empty() && patterns_.view().back() != '\n')
      ended = patterns_.Append('\n');
    if (read.ok() && ended.ok()) continue;
    Fail(path, read.ok() ? ended.error() : read.error());
    return false;
  }
  return true;
}

// Whether all of `path`, or what is behind a slash in it, matches.
bool Matches(StringView pattern, StringView path) {
  if (MatchesPattern(pattern, path, LeadingDot::kIsPlain)) return true;
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    if (path[i] == '/' && path[i + 1] != '/' &&
        MatchesPattern(pattern, path.From(i + 1), LeadingDot::kIsPlain))
      return true;
  }
  return false;
}

bool Counter::IsExcluded() const {
  const StringView path = descent_.path();
  for (const char* const pattern : options_.patterns) {
    if (Matches(pattern, path)) return true;
  }
  for (StringView rest = patterns_.view(); !rest.empty();) {
    const size_t end = rest.Find('\n');
    if (end != 0 && Matches(rest.First(end), path)) return true;
    rest = rest.From(end + 1);
  }
  return false;
}

bool Counter::IsAbove(const sys::Identity& identity) const {
  for (const Level& level : levels_) {
    if (level.identity == identity) return true;
  }
  return false;
}

// Whether it is to be counted: each file once.
bool Counter::IsNew(const sys::FileStatus& status) {
  if (options_.counts_links) return true;
  if (!remembers_all_ && (status.IsDirectory() || status.links <= 1)) return true;
  if (seen_.Find(status.identity()) != nullptr) return false;
  const Result<void> added = seen_.Add(status.identity(), {});
  if (!added.ok()) Fail(descent_.path(), added.error());
  return true;
}

Sum Counter::SumOf(const sys::FileStatus& status) const {
  Sum sum;
  if (options_.inodes) {
    sum.size = 1;
  } else if (options_.apparent) {
    if (status.IsRegular() || status.IsSymbolicLink()) sum.size = status.size;
  } else {
    sum.size = status.blocks * 512;
  }
  sum.time = options_.time == Time::kAccess   ? status.access_time
             : options_.time == Time::kChange ? status.change_time
                                              : status.modification_time;
  return sum;
}

void Counter::Show(const Sum& sum, StringView path) {
  if (at_most_ ? sum.size > threshold_ : sum.size < threshold_) return;
  out_.Write(SizeText(sum.size, 1, unit_));
  out_.Write('\t');
  if (options_.shows_time) {
    const bool is_known = sum.time.seconds != INT64_MIN;
    const LocalTime time(is_known ? sum.time.seconds : 0,
                         is_known ? static_cast<uint32_t>(sum.time.nanoseconds) : 0, zone_.zone());
    String text;
    const Result<void> written = AppendTime(text, time_format_, time);
    if (!written.ok()) Fail(path, written.error());
    out_.Write(text.view());
    out_.Write('\t');
  }
  out_.Write(path);
  out_.Write(options_.zero ? '\0' : '\n');
}

void Counter::Count(const char* operand) {
  levels_.Clear();
  if (const Result<void> begun = descent_.Begin(operand); !begun.ok())
    return Fail(operand, begun.error());
  Visit(sys::FileType::kUnknown, 0);
  while (descent_.depth() > 0 && out_.ok()) {
    const Result<const Descent::Entry*> entry = descent_.Next();
    if (!entry.ok()) {
      Fail(descent_.path(), entry.error());
    } else if (entry.value() != nullptr) {
      Visit(entry.value()->type, entry.value()->inode);
    } else {
      Ascend();
    }
  }
}

void Counter::Visit(sys::FileType type, uint64_t inode) {
  if (IsExcluded()) return;
  const bool is_operand = descent_.depth() == 0;
  const bool follows =
      options_.links == Links::kAll || (is_operand && options_.links == Links::kOperands);
  const sys::Follow follow = follows ? sys::Follow::kYes : sys::Follow::kNo;
  OpenedFile opened;
  Error not_opened = {0};
  bool is_known = false;
  // A directory's own status comes with opening it.
  if (type == sys::FileType::kDirectory && !follows && !options_.one_file_system) {
    Result<OpenedFile> directory = OpenVerified(descent_.here(), sys::kDirectory, inode);
    is_known = directory.ok();
    if (is_known) {
      opened = Move(directory).value();
    } else {
      not_opened = directory.error();
    }
  }
  if (!is_known) {
    const Result<sys::FileStatus> status = sys::StatusAt(descent_.here(), follow);
    if (!status.ok()) return Fail(descent_.path(), status.error());
    opened.status = status.value();
  }
  const sys::FileStatus status = opened.status;
  if (is_operand) device_ = status.device;
  if (options_.one_file_system && status.device != device_) return;
  if (!IsNew(status)) return;
  const Sum sum = SumOf(status);
  const size_t depth = descent_.depth();
  if (!status.IsDirectory()) {
    total_.Add(sum);
    if (!levels_.empty()) levels_.back().files.Add(sum);
    if ((options_.all && depth <= depth_) || depth == 0) Show(sum, descent_.path());
    return;
  }
  // A link that leads up the tree.
  if (follows && IsAbove(status.identity())) return;
  if (!opened.file.open() && not_opened.number == 0) {
    const auto no_follow = follows ? sys::OpenFlags{} : sys::kNoFollow;
    const Result<sys::Descriptor> directory =
        sys::Open(descent_.here(), sys::kRead | sys::kDirectory | no_follow);
    if (directory.ok()) {
      opened.file = sys::File(directory.value());
      const Result<sys::FileStatus> found = sys::Status(directory.value());
      if (!found.ok()) {
        not_opened = found.error();
      } else if (found.value().identity() != status.identity()) {
        not_opened = Error{abi::kELOOP};  // somebody has put another in its place
      }
    } else {
      not_opened = directory.error();
    }
  }
  total_.Add(sum);
  Result<void> entered = levels_.PushBack({status.identity(), sum, {}});
  if (!entered.ok()) return Fail(descent_.path(), entered.error());
  entered =
      not_opened.number != 0 ? Result<void>(not_opened) : descent_.Enter(Move(opened.file), status);
  if (entered.ok()) return;
  // Its own size is known.
  Fail(descent_.path(), entered.error());
  levels_.PopBack();
  if (!levels_.empty()) levels_.back().below.Add(sum);
  if (depth <= depth_) Show(sum, descent_.path());
}

// After all that is in a directory.
void Counter::Ascend() {
  Sum sum = levels_.back().files;
  Sum all = sum;
  all.Add(levels_.back().below);
  if (!options_.separate) sum = all;
  levels_.PopBack();
  const Result<void> left = descent_.Leave();
  if (!levels_.empty()) levels_.back().below.Add(all);
  if (levels_.size() <= depth_) Show(sum, descent_.path());
  if (!left.ok()) Fail(descent_.path(), left.error());
}

// Those of --files0-from. Returns false when they cannot be read.
bool Counter::CountListed() {
  String names;
  const StringView path = options_.files_from;
  const bool is_input = path == "-";
  const Result<void> read =
      is_input ? ReadAll(context_.input, names) : ReadFile(options_.files_from, names);
  if (!read.ok()) {
    Fail(path, read.error());
    return false;
  }
  size_t number = 0;
  for (size_t at = 0; at < names.size() && out_.ok(); ++number) {
    const char* const name = names.c_str() + at;
    at += StringView(name).size() + 1;
    StringView wrong;
    if (*name == '\0') wrong = "invalid zero-length file name";
    if (is_input && StringView(name) == "-")
      wrong = "when reading file names from standard input, no file name of '-' allowed";
    if (wrong.empty()) {
      Count(name);
      continue;
    }
    String where;
    AddText(where, path);
    AddText(where, ":");
    AddText(where, Digits(number + 1));
    out_.Flush();
    Report(context_, where.view(), wrong);
    status_ = 1;
  }
  return true;
}

int Counter::Run(Span<char*> operands) {
  if (options_.files_from != nullptr && !operands.empty()) {
    return UsageError(context_, kCommand, operands[0],
                      "extra operand: file operands cannot be combined with --files0-from");
  }
  if (!Settle(operands.size())) return 1;
  if (options_.files_from != nullptr) {
    if (!CountListed()) return 1;
  } else if (operands.empty()) {
    Count(".");
  }
  for (const char* const operand : operands) {
    if (*operand == '\0') {
      out_.Flush();
      Report(context_, operand, "invalid zero-length file name");
      status_ = 1;
    } else if (out_.ok()) {
      Count(operand);
    }
  }
  if (options_.total) {
    threshold_ = 0;
    at_most_ = false;
    Show(total_, "total");
  }
  return out_.Finish(status_);
}

}  // namespace

const Command& ThisCommand() { return kCommand; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  return Counter(context, options).Run(context.arguments);
}

}  // namespace cation
