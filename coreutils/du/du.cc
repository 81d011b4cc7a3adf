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
#include "coreutils/support/local_time_zone.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/pattern.h"
#include "coreutils/support/quote.h"
#include "coreutils/support/read_file.h"
#include "runtime/core/allocate.h"
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
  // Each with its zero byte.
  String patterns;
  String pattern_files;
};

bool Append(const Context& context, const Command&, PackedOption, StringView argument,
            char* field) {
  // Arguments are terminated.
  const StringView text(argument.data(), argument.size() + 1);
  if (reinterpret_cast<String*>(field)->Append(text).ok()) return true;
  Report(context, Error{abi::kENOMEM});
  return false;
}

bool TakeUnit(const Context& context, const Command& command, PackedOption, StringView argument,
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

constexpr Description kDescription = {
    .usage = "[OPTION]... [FILE]...\n[OPTION]... --files0-from=FILE",
    .summary = "Shows how much room each FILE takes, and each directory in it.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

struct Sum {
  uint64_t size = 0;  // bytes, or files
  sys::TimePoint time = {INT64_MIN, 0};

  void Add(const Sum& other) {
    if (__builtin_add_overflow(size, other.size, &size)) size = UINT64_MAX;
    if (time < other.time) time = other.time;
  }
};

// Files by their identity: a table with open addressing, of which at most three quarters are used.
class FileSet {
 public:
  FileSet() = default;
  FileSet(const FileSet&) = delete;
  FileSet& operator=(const FileSet&) = delete;
  ~FileSet() { Release(slots_); }

  // Returns whether `file` was not in it. Errors: ENOMEM.
  Result<bool> Add(const sys::Identity& file) {
    // What an unused slot is.
    if (file == sys::Identity()) return !Exchange(has_zero_, true);
    if (count_ >= size_ / 4 * 3) CATION_TRY(Grow());
    sys::Identity* const slot = Find(file);
    if (*slot == file) return false;
    *slot = file;
    ++count_;
    return true;
  }

 private:
  // Where it is, or would be put.
  [[nodiscard]] sys::Identity* Find(const sys::Identity& file) const {
    // Fibonacci hashing: inode numbers of one tree follow each other.
    const uint64_t hash = (file.inode ^ file.device << 32) * 0x9e3779b97f4a7c15ULL;
    for (size_t at = static_cast<size_t>(hash >> 32);; ++at) {
      sys::Identity* const slot = slots_ + (at & (size_ - 1));
      if (*slot == file || *slot == sys::Identity()) return slot;
    }
  }

  Result<void> Grow() {
    const size_t size = size_ == 0 ? 64 : size_ * 2;
    void* const fresh = Allocate(size * sizeof(*slots_));
    if (fresh == nullptr) return Error{abi::kENOMEM};
    __builtin_memset(fresh, 0, size * sizeof(*slots_));
    sys::Identity* const old = Exchange(slots_, static_cast<sys::Identity*>(fresh));
    const sys::Identity* const end = old + Exchange(size_, size);
    for (const sys::Identity* file = old; file != end; ++file) {
      if (*file != sys::Identity()) *Find(*file) = *file;
    }
    Release(old);
    return {};
  }

  sys::Identity* slots_ = nullptr;
  size_t size_ = 0;  // a power of two, or 0
  size_t count_ = 0;
  bool has_zero_ = false;
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
  Result<void> Read(const char* path, String& text) const;
  bool ReadPatterns();
  bool CountListed();
  void Count(const char* operand);
  void Visit(sys::FileType type, uint64_t inode);
  [[nodiscard]] bool Follows() const {
    return options_.links == Links::kAll ||
           (descent_.depth() == 0 && options_.links == Links::kOperands);
  }
  Result<void> OpenDirectory(bool is_known, uint64_t inode, sys::File& directory,
                             sys::FileStatus& status) const;
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
  FileSet seen_;
  Descent descent_;
  Vector<Level> levels_;
  uint64_t device_ = 0;
  Sum total_;
};

// What the options say. Returns false after a message.
bool Counter::Settle(size_t operands) {
  const Units units = options_.units;
  if (units == Units::kEnvironment) {
    unit_ = BlockSizeOfEnvironment(context_, "DU_BLOCK_SIZE");
  } else if (units == Units::kGiven) {
    unit_ = options_.unit;
  } else {
    if (units == Units::kBinary) unit_.kind = SizeUnit::Kind::kBinary;
    if (units == Units::kDecimal) unit_.kind = SizeUnit::Kind::kDecimal;
    if (units == Units::kKibibytes) unit_.block_size = 1024;
    if (units == Units::kMebibytes) unit_.block_size = uint64_t{1024} * 1024;
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
    Result<uint64_t> value = ParseNumber(text);
    if (!value.ok() && is_number) {
      const Result<SizeUnit> size = ParseBlockSize(text);
      if (size.ok()) value = size.value().block_size;
    }
    if (value.ok()) threshold_ = value.value();
    if (!value.ok() || (at_most_ && threshold_ == 0)) {
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

// `path` may be - for standard input.
Result<void> Counter::Read(const char* path, String& text) const {
  return StringView(path) == "-" ? ReadAll(context_.input, text) : ReadFile(path, text);
}

bool Counter::ReadPatterns() {
  const String& paths = options_.pattern_files;
  for (size_t at = 0; at < paths.size();) {
    const char* const path = paths.c_str() + at;
    at += StringView(path).size() + 1;
    Result<void> read = Read(path, patterns_);
    if (read.ok() && !patterns_.empty()) read = patterns_.Append('\n');
    if (read.ok()) continue;
    Fail(path, read.error());
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

// Whether one of `patterns`, each with `end` behind it, matches `path`. Empty ones match nothing.
bool MatchesAny(StringView patterns, char end, StringView path) {
  while (!patterns.empty()) {
    const size_t size = patterns.Find(end);
    if (Matches(patterns.First(size), path)) return true;
    patterns = patterns.From(size + 1);
  }
  return false;
}

bool Counter::IsExcluded() const {
  const StringView path = descent_.path();
  return MatchesAny(options_.patterns.view(), '\0', path) ||
         MatchesAny(patterns_.view(), '\n', path);
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
  const Result<bool> added = seen_.Add(status.identity());
  if (added.ok()) return added.value();
  Fail(descent_.path(), added.error());
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

// Opens the directory at hand, and looks whether it is the one that is meant: `inode` is what its
// entry says, 0 if that is not known; or `status` is what is known of it. Errors: ELOOP when it is
// another.
Result<void> Counter::OpenDirectory(bool is_known, uint64_t inode, sys::File& directory,
                                    sys::FileStatus& status) const {
  const auto no_follow = Follows() ? sys::OpenFlags{} : sys::kNoFollow;
  CATION_TRY_ASSIGN(const sys::Descriptor opened,
                    sys::Open(descent_.here(), sys::kRead | sys::kDirectory | no_follow));
  directory = sys::File(opened);
  sys::Identity meant = status.identity();
  CATION_TRY_ASSIGN(status, sys::Status(opened));
  if (!is_known) {
    if (inode != 0 && inode == status.inode) return {};
    // A mount point's entry names another inode than the directory mounted there.
    CATION_TRY_ASSIGN(const sys::FileStatus named,
                      sys::StatusAt(descent_.here(), sys::Follow::kNo));
    meant = named.identity();
  }
  if (status.identity() == meant) return {};
  return Error{abi::kELOOP};
}

void Counter::Visit(sys::FileType type, uint64_t inode) {
  if (IsExcluded()) return;
  const bool is_operand = descent_.depth() == 0;
  const bool follows = Follows();
  sys::File directory;
  sys::FileStatus status;
  Result<void> opened = Error{abi::kENOTDIR};
  // A directory's own status comes with opening it.
  const bool opens = type == sys::FileType::kDirectory && !follows && !options_.one_file_system;
  if (opens) opened = OpenDirectory(false, inode, directory, status);
  if (!opened.ok()) {
    const sys::Follow follow = follows ? sys::Follow::kYes : sys::Follow::kNo;
    const Result<sys::FileStatus> found = sys::StatusAt(descent_.here(), follow);
    if (!found.ok()) return Fail(descent_.path(), found.error());
    status = found.value();
  }
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
  if (!opens) opened = OpenDirectory(true, 0, directory, status);
  total_.Add(sum);
  if (const Result<void> pushed = levels_.PushBack({status.identity(), sum, {}}); !pushed.ok())
    return Fail(descent_.path(), pushed.error());
  if (opened.ok()) opened = descent_.Enter(Move(directory), status);
  if (opened.ok()) return;
  // Its own size is known.
  Fail(descent_.path(), opened.error());
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
  const Result<void> read = Read(options_.files_from, names);
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

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  return Counter(context, options).Run(context.arguments);
}

}  // namespace cation
