// SPDX-License-Identifier: MIT
//
// df: how much room file systems have. POSIX.1-2024, with GNU's options.
//
// On Redox, file systems are the schemes that may hold files and answer (sys::AppendMounts()), and
// `memory`, whose blocks are the machine's memory. A scheme says how many blocks it has and how
// many are free; of files, types and devices nothing is known, which is shown as -.
//
// Differs from GNU: an operand's mount point is found by its device and its path as it is given,
// symbolic links in it not being resolved; a device file is looked up by its name alone.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/human_size.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/quoting_style.h"
#include "runtime/core/format.h"
#include "runtime/core/vector.h"

namespace cation {
namespace {

using Words = Vector<const char*>;

enum class Units : uint8_t { kEnvironment, kBinary, kDecimal, kKibibytes, kMebibytes, kGiven };

struct Options {
  bool all = false;
  bool inodes = false;
  bool local = false;
  bool posix = false;
  bool type = false;
  bool total = false;
  bool sync = false;
  bool ignored = false;
  bool has_output = false;
  Units units = Units::kEnvironment;
  SizeUnit unit;  // kGiven; from Main() on, the one to show
  Words only;
  Words without;
  Words output;  // lists of columns
};

bool TakeWord(const Context& context, const Command&, PackedOption, StringView argument,
              char* field) {
  // Arguments are terminated. Without one it is all columns, if none are named.
  if (argument.data() == nullptr) return true;
  if (reinterpret_cast<Words*>(field)->PushBack(argument.data()).ok()) return true;
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
    Flag("-a, --all", offsetof(Options, all), "also file systems without blocks, and duplicates"),
    Also(Parsed("-B, --block-size=SIZE", offsetof(Options, unit), TakeUnit,
                "in blocks of SIZE bytes: 512, 1K, MB, si"),
         offsetof(Options, units), Units::kGiven),
    Choice("-h, --human-readable", offsetof(Options, units), Units::kBinary,
           "sizes such as 1.5G, in powers of 1024"),
    Choice("-H, --si", offsetof(Options, units), Units::kDecimal, "the same, in powers of 1000"),
    Flag("-i, --inodes", offsetof(Options, inodes), "files in place of blocks"),
    Choice("-k", offsetof(Options, units), Units::kKibibytes, "in blocks of 1024 bytes"),
    Choice("-m", offsetof(Options, units), Units::kMebibytes, "in blocks of 1024 * 1024 bytes"),
    Flag("-l, --local", offsetof(Options, local), "only file systems of this machine"),
    Also(OptionalParsed("--output[=FIELDS]", offsetof(Options, output), TakeWord,
                        "the columns that FIELDS names, or all"),
         offsetof(Options, has_output), true),
    Flag("-P, --portability", offsetof(Options, posix), "columns as POSIX has them"),
    Flag("--sync", offsetof(Options, sync), "have all that is written put on the disks before"),
    Choice("--no-sync", offsetof(Options, sync), false, "do not (default)"),
    Flag("--total", offsetof(Options, total), "and the sum of all"),
    Parsed("-t, --type=TYPE", offsetof(Options, only), TakeWord, "only file systems of TYPE"),
    Flag("-T, --print-type", offsetof(Options, type), "and of which type they are"),
    Flag("-v", offsetof(Options, ignored), "nothing: for scripts from elsewhere"),
    Parsed("-x, --exclude-type=TYPE", offsetof(Options, without), TakeWord,
           "no file systems of TYPE"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... [FILE]...",
    .summary =
        "Shows how much room there is on the file systems of each FILE, or on all.\n"
        "FIELDS: source,fstype,itotal,iused,iavail,ipcent,size,used,avail,pcent,file,target",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

constexpr uint64_t kUnknown = UINT64_MAX;

// In the order in which --output shows them by itself. Those from kNumbers on are on the right.
enum class Field : uint8_t {
  kSource,
  kType,
  kInodes,
  kInodesUsed,
  kInodesFree,
  kInodesShare,
  kSize,
  kUsed,
  kAvailable,
  kShare,
  kFile,
  kTarget,
};
constexpr StringView kFieldNames[] = {"source", "fstype", "itotal", "iused", "iavail", "ipcent",
                                      "size",   "used",   "avail",  "pcent", "file",   "target"};
constexpr StringView kHeaders[] = {"Filesystem", "Type",  "Inodes", "IUsed",
                                   "IFree",      "IUse%", "Size",   "Used",
                                   "Available",  "Use%",  "File",   "Mounted on"};
constexpr uint8_t kWidths[] = {14, 4, 5, 5, 5, 4, 5, 5, 5, 4, 0, 0};
constexpr size_t kFields = sizeof(kWidths);

bool IsNumber(Field field) { return field >= Field::kInodes && field <= Field::kShare; }

struct Mount {
  StringView source;  // terminated, as the others
  StringView target;
  StringView type;
  StringView root;
  uint64_t device = 0;
  bool has_device = false;
  bool hidden = false;
  bool covered = false;  // -a: what is seen at its place is another
};

struct Usage {
  uint64_t total = kUnknown;
  uint64_t used = kUnknown;
  uint64_t available = kUnknown;
};

void Add(uint64_t& sum, uint64_t value) {
  if (value == kUnknown) return;
  sum = sum == kUnknown ? value : sum + value;
}

bool IsOneOf(StringView word, StringView list) {
  while (!list.empty()) {
    const size_t end = Min(list.Find(' '), list.size());
    if (list.First(end) == word) return true;
    list = list.From(Min(end + 1, list.size()));
  }
  return false;
}

bool IsDummy(const Mount& mount) {
  return IsOneOf(mount.type,
                 "autofs proc subfs debugfs devpts fusectl fuse.portal mqueue rpc_pipefs sysfs "
                 "devfs kernfs ignore none");
}

bool IsRemote(const Mount& mount) {
  if (mount.source.Find(':') != StringView::kNotFound || mount.source == "-hosts") return true;
  if (mount.source.StartsWith("//") && IsOneOf(mount.type, "smbfs smb3 cifs")) return true;
  return IsOneOf(mount.type, "acfs afs coda auristorfs fhgfs gpfs ibrix ocfs2 vxfs");
}

// What schemes of Redox answer that know nothing of it.
bool SaysNothing(Error error) {
  return error == abi::kENOSYS || error == abi::kEOPNOTSUPP || error == abi::kEBADF ||
         error == abi::kEINVAL || error == abi::kENODEV;
}

class Table {
 public:
  Table(const Context& context, const Options& options)
      : context_(context), options_(options), out_(context) {}

  int Run(Span<char*> operands);

 private:
  bool ChooseColumns();
  bool AddColumns(StringView list);
  Result<void> ReadMounts();
  [[nodiscard]] bool IsWanted(const Mount& mount) const;
  void FindDevice(Mount& mount);
  void HideDuplicates();
  void ShowMount(Mount& mount);
  void ShowOperand(const char* operand);
  Mount* MountOf(const char* operand, const sys::FileStatus& status);
  void Show(const Mount& mount, StringView file, const Usage& blocks, uint64_t block_size,
            const Usage& inodes);
  void ShowTotal();
  void AddHeader();
  void AddCell(StringView text);
  void AddNumber(uint64_t value, uint64_t block_size, bool is_blocks);
  void AddShare(const Usage& usage);
  void Write();
  void Fail(StringView operand, Error error) {
    Report(context_, operand, error);
    status_ = 1;
  }
  void NoMemory() {
    if (!Exchange(lacks_memory_, true)) Report(context_, Error{abi::kENOMEM});
    status_ = 1;
  }

  const Context& context_;
  const Options& options_;
  Output out_;
  int status_ = 0;
  bool lacks_memory_ = false;
  bool lists_operands_ = false;
  bool shown_ = false;
  Field columns_[kFields];
  size_t column_count_ = 0;
  size_t widths_[kFields] = {};
  String mount_text_;
  Vector<Mount> mounts_;
  String cells_;  // each with a zero byte, row by row
  size_t cell_count_ = 0;
  Usage blocks_sum_;  // in bytes
  Usage inodes_sum_;
};

bool Table::ChooseColumns() {
  if (!options_.has_output) {
    const auto add = [&](Field field) { columns_[column_count_++] = field; };
    add(Field::kSource);
    if (options_.type) add(Field::kType);
    const auto first = static_cast<uint8_t>(options_.inodes ? Field::kInodes : Field::kSize);
    for (uint8_t i = 0; i < 4; ++i) add(static_cast<Field>(first + i));
    add(Field::kTarget);
    return true;
  }
  if (options_.output.empty()) {
    for (; column_count_ < kFields; ++column_count_)
      columns_[column_count_] = static_cast<Field>(column_count_);
    return true;
  }
  for (const char* const list : options_.output) {
    if (!AddColumns(list)) return false;
  }
  return true;
}

bool Table::AddColumns(StringView list) {
  for (;;) {
    const size_t end = Min(list.Find(','), list.size());
    const StringView name = list.First(end);
    size_t index = 0;
    while (index < kFields && !(kFieldNames[index] == name)) ++index;
    const auto field = static_cast<Field>(index);
    StringView wrong = index == kFields ? "--output: unknown field" : "";
    for (size_t i = 0; i < column_count_; ++i) {
      if (columns_[i] == field) wrong = "--output: field used more than once";
    }
    if (!wrong.empty()) {
      (void)UsageError(context_, kCommand, name, wrong);
      return false;
    }
    columns_[column_count_++] = field;
    if (end == list.size()) return true;
    list = list.From(end + 1);
  }
}

Result<void> Table::ReadMounts() {
  CATION_TRY(sys::AppendMounts(mount_text_));
  StringView rest = mount_text_.view();
  const auto take = [&] {
    const size_t end = rest.Find('\0');
    const StringView word = rest.First(end);
    rest = rest.From(end + 1);
    return word;
  };
  while (!rest.empty()) {
    Mount mount;
    mount.source = take();
    mount.target = take();
    mount.type = take();
    mount.root = take();
    CATION_TRY(mounts_.PushBack(mount));
  }
  return {};
}

bool Table::IsWanted(const Mount& mount) const {
  if (options_.local && IsRemote(mount)) return false;
  if (!options_.all && !lists_operands_ && IsDummy(mount)) return false;
  bool selected = options_.only.empty();
  for (const char* const type : options_.only) selected |= mount.type == type;
  for (const char* const type : options_.without) selected &= !(mount.type == type);
  return selected && mount.target.StartsWith("/");
}

void Table::FindDevice(Mount& mount) {
  const Result<sys::FileStatus> status =
      sys::StatusAt(sys::At(mount.target.data()), sys::Follow::kYes);
  // A 9p share of Redox has device 0, as others may have.
  mount.has_device = status.ok() && status.value().device != 0;
  if (mount.has_device) mount.device = status.value().device;
}

// Of the mounts of one device one is shown, by GNU's rules.
void Table::HideDuplicates() {
  for (size_t i = 0; i < mounts_.size(); ++i) {
    Mount& mount = mounts_[i];
    if (!IsWanted(mount)) continue;
    FindDevice(mount);
    if (!mount.has_device) continue;
    for (size_t j = 0; j < i; ++j) {
      Mount& seen = mounts_[j];
      if (seen.hidden || !seen.has_device || seen.device != mount.device) continue;
      if (!options_.total && IsRemote(mount) && IsRemote(seen) && !(mount.source == seen.source))
        continue;
      const bool is_real = mount.source.Find('/') != StringView::kNotFound &&
                           seen.source.Find('/') == StringView::kNotFound;
      const bool is_nearer =
          seen.target.size() > mount.target.size() && seen.root.size() >= mount.root.size();
      const bool is_over = !(seen.source == mount.source) && mount.target == seen.target;
      if (is_real || is_nearer || is_over) {
        seen.hidden = true;
        // In its place.
        Swap(seen, mount);
        Swap(seen.hidden, mount.hidden);
        seen.hidden = false;
        mount.hidden = true;
      } else {
        mount.hidden = true;
      }
      break;
    }
  }
  if (!options_.all) return;
  for (Mount& mount : mounts_) {
    for (const Mount& other : mounts_) {
      if (mount.hidden && !other.hidden && other.has_device && other.device == mount.device)
        mount.covered = !(mount.source == other.source);
    }
  }
}

void Table::ShowMount(Mount& mount) {
  if (!IsWanted(mount)) return;
  const Result<sys::FileSystemStatus> found = sys::StatusOfFileSystemAt(mount.target.data());
  Usage blocks;
  Usage inodes;
  if (!found.ok() || mount.covered) {
    const Error error = found.ok() ? Error{abi::kEACCES} : found.error();
    if (!(error == abi::kEACCES || error == abi::kENOENT || SaysNothing(error)))
      return Fail(mount.target, error);
    if (!options_.all) return;
    Mount unknown = mount;
    unknown.type = "-";
    return Show(unknown, "-", blocks, 1, inodes);
  }
  const sys::FileSystemStatus& status = found.value();
  if (status.blocks == 0 && !options_.all) return;
  blocks = {status.blocks, status.blocks - status.free, status.available};
  inodes = {status.files, status.files - status.free_files, status.free_files};
  Show(mount, "-", blocks, status.block_size, inodes);
}

Mount* Table::MountOf(const char* operand, const sys::FileStatus& status) {
  String path;
  Result<void> built;
  if (*operand != '/') built = sys::WorkingDirectory(path);
  if (built.ok() && *operand != '/') built = AppendPathComponent(path, operand);
  if (built.ok() && *operand == '/') built = path.Append(operand);
  const StringView whole = built.ok() ? path.view() : StringView(operand);
  const auto is_above = [&](const Mount& mount) {
    const StringView target = mount.target;
    return whole.StartsWith(target) &&
           (target == "/" || whole.size() == target.size() || whole[target.size()] == '/');
  };
  const auto is_of_device = [&](Mount& mount) {
    FindDevice(mount);
    return mount.has_device && mount.device == status.device;
  };
  // The nearest first, as each that is asked costs a call.
  for (size_t longer = whole.size() + 1;;) {
    Mount* nearest = nullptr;
    for (Mount& mount : mounts_) {
      if (!is_above(mount) || mount.target.size() >= longer) continue;
      if (nearest == nullptr || mount.target.size() >= nearest->target.size()) nearest = &mount;
    }
    if (nearest == nullptr) break;
    // What has no device goes by its path.
    if (status.device == 0 || is_of_device(*nearest)) return nearest;
    longer = nearest->target.size();
  }
  if (status.device == 0) return nullptr;
  Mount* best = nullptr;
  // The others are asked only where none above is of the device.
  for (Mount& mount : mounts_) {
    if (is_above(mount) || (best != nullptr && IsDummy(mount) && !IsDummy(*best))) continue;
    if (is_of_device(mount)) best = &mount;
  }
  return best;
}

void Table::ShowOperand(const char* operand) {
  const Result<sys::FileStatus> status = sys::StatusAt(sys::At(operand), sys::Follow::kYes);
  if (!status.ok()) return Fail(operand, status.error());
  Mount* mount = nullptr;
  const sys::Mode type = status.value().type();
  if (type == sys::kTypeBlockDevice || type == sys::kTypeCharacterDevice) {
    for (Mount& each : mounts_) {
      const bool is_better =
          each.source == operand && (mount == nullptr || each.target.size() < mount->target.size());
      if (is_better) mount = &each;
    }
  }
  StringView where = operand;
  if (mount != nullptr) {
    where = mount->target;
  } else {
    mount = MountOf(operand, status.value());
  }
  Mount unknown;
  unknown.source = unknown.target = unknown.type = "-";
  const Mount& shown = mount == nullptr ? unknown : *mount;
  if (mount != nullptr && !IsWanted(shown)) return;
  const Result<sys::FileSystemStatus> found = sys::StatusOfFileSystemAt(where.data());
  if (!found.ok()) return Fail(operand, found.error());
  const sys::FileSystemStatus& room = found.value();
  Show(shown, operand, {room.blocks, room.blocks - room.free, room.available}, room.block_size,
       {room.files, room.files - room.free_files, room.free_files});
}

void Table::AddCell(StringView text) {
  const size_t column = cell_count_++ % column_count_;
  Result<void> added;
  for (const char c : text) {
    // A control character would not stay in its column.
    const bool is_control = static_cast<unsigned char>(c) < ' ' || c == '\x7f';
    if (added.ok()) added = cells_.Append(is_control ? '?' : c);
  }
  if (added.ok()) added = cells_.Append('\0');
  if (!added.ok()) return NoMemory();
  widths_[column] = Max(widths_[column], WidthOf(text));
}

void Table::AddNumber(uint64_t value, uint64_t block_size, bool is_blocks) {
  if (value == kUnknown) return AddCell("-");
  if (is_blocks) return AddCell(SizeText(value, block_size, options_.unit));
  // Files are counted, and shortened where sizes are.
  SizeUnit unit = options_.unit;
  if (unit.kind == SizeUnit::Kind::kBlocks) unit = {};
  AddCell(SizeText(value, 1, unit));
}

void Table::AddShare(const Usage& usage) {
  const uint64_t used = usage.used;
  uint64_t whole = 0;
  if (used == kUnknown || usage.available == kUnknown ||
      __builtin_add_overflow(used, usage.available, &whole) || whole == 0) {
    return AddCell("-");
  }
  // Rounded up. Where a hundredfold does not fit, a thousandth of it tells as well.
  uint64_t share = 0;
  if (used <= UINT64_MAX / 100) {
    share = used * 100 / whole + (used * 100 % whole != 0 ? 1 : 0);
  } else {
    share = used / (whole / 100) + (used % (whole / 100) != 0 ? 1 : 0);
  }
  String text;
  AddText(text, Digits(share));
  AddText(text, "%");
  AddCell(text.view());
}

void Table::Show(const Mount& mount, StringView file, const Usage& blocks, uint64_t block_size,
                 const Usage& inodes) {
  shown_ = true;
  Usage files = inodes;
  // Nothing is known of them, as on Redox, or there is no limit.
  if (files.total == 0 && !sys::kCountsFiles) files = {};
  if (block_size != 0 && blocks.total != kUnknown) {
    Add(blocks_sum_.total, blocks.total * block_size);
    Add(blocks_sum_.used, blocks.used * block_size);
    Add(blocks_sum_.available, blocks.available * block_size);
  }
  Add(inodes_sum_.total, files.total);
  Add(inodes_sum_.used, files.used);
  Add(inodes_sum_.available, files.available);
  for (size_t i = 0; i < column_count_; ++i) {
    const uint64_t size = block_size == 0 ? 1 : block_size;
    switch (columns_[i]) {
      case Field::kSource:
        AddCell(mount.source);
        break;
      case Field::kType:
        AddCell(mount.type);
        break;
      case Field::kInodes:
        AddNumber(files.total, 1, false);
        break;
      case Field::kInodesUsed:
        AddNumber(files.used, 1, false);
        break;
      case Field::kInodesFree:
        AddNumber(files.available, 1, false);
        break;
      case Field::kInodesShare:
        AddShare(files);
        break;
      case Field::kSize:
        AddNumber(blocks.total, size, true);
        break;
      case Field::kUsed:
        AddNumber(blocks.used, size, true);
        break;
      case Field::kAvailable:
        AddNumber(blocks.available, size, true);
        break;
      case Field::kShare:
        AddShare(blocks);
        break;
      case Field::kFile:
        AddCell(file);
        break;
      case Field::kTarget:
        AddCell(mount.target);
        break;
    }
  }
}

void Table::ShowTotal() {
  Mount total;
  total.source = "total";
  total.target = total.type = "-";
  bool has_source = false;
  for (size_t i = 0; i < column_count_; ++i) has_source |= columns_[i] == Field::kSource;
  if (!has_source) total.target = "total";
  const Usage blocks = blocks_sum_;
  const Usage inodes = inodes_sum_;
  Show(total, "-", blocks, 1, inodes);
}

// "1K-blocks", "1MiB-blocks", "512B-blocks".
void AddBlockHeader(String& text, const SizeUnit& unit) {
  const uint64_t size = unit.block_size;
  bool by_1000 = true;
  bool by_1024 = true;
  for (uint64_t a = size, b = size; by_1000 && by_1024; a /= 1000, b /= 1024) {
    by_1000 = a % 1000 == 0;
    by_1024 = b % 1024 == 0;
  }
  bool is_binary =
      unit.suffix == SizeUnit::Suffix::kBinary || unit.suffix == SizeUnit::Suffix::kBinaryBytes;
  if (by_1000 != by_1024) is_binary = by_1024;
  SizeUnit human;
  human.kind = is_binary ? SizeUnit::Kind::kBinary : SizeUnit::Kind::kDecimal;
  const SizeText number(size, 1, human);
  const StringView digits = number;
  const size_t point = digits.Find('.');
  if (point != StringView::kNotFound && digits[point + 1] == '0') {
    AddText(text, digits.First(point));
    AddText(text, digits.From(point + 2));
  } else {
    AddText(text, digits);
  }
  if (unit.suffix == SizeUnit::Suffix::kBinaryBytes) AddText(text, "i");
  if (!is_binary || unit.suffix == SizeUnit::Suffix::kBinaryBytes) AddText(text, "B");
}

void Table::AddHeader() {
  const bool is_human = options_.unit.kind != SizeUnit::Kind::kBlocks;
  const bool is_posix = options_.posix && !is_human && !options_.inodes;
  for (size_t i = 0; i < column_count_; ++i) {
    const Field field = columns_[i];
    StringView header = kHeaders[static_cast<size_t>(field)];
    widths_[i] = kWidths[static_cast<size_t>(field)];
    String blocks;
    if (field == Field::kSize && !is_human) {
      if (is_posix) {
        AddText(blocks, Digits(options_.unit.block_size));
      } else {
        AddBlockHeader(blocks, options_.unit);
      }
      AddText(blocks, "-blocks");
      header = blocks.view();
    }
    if (field == Field::kAvailable && (is_human || options_.has_output)) header = "Avail";
    if (field == Field::kShare && is_posix) header = "Capacity";
    AddCell(header);
  }
}

void Table::Write() {
  const char* cell = cells_.c_str();
  for (size_t i = 0; i < cell_count_; ++i) {
    const size_t column = i % column_count_;
    const StringView text = cell;
    cell += text.size() + 1;
    if (column != 0) out_.Write(' ');
    const size_t width = WidthOf(text);
    const size_t fill = widths_[column] > width ? widths_[column] - width : 0;
    const bool is_right = IsNumber(columns_[column]);
    const bool is_last = column + 1 == column_count_;
    for (size_t j = 0; is_right && j < fill; ++j) out_.Write(' ');
    out_.Write(text);
    for (size_t j = 0; !is_right && !is_last && j < fill; ++j) out_.Write(' ');
    if (is_last) out_.Write('\n');
  }
}

int Table::Run(Span<char*> operands) {
  if (!ChooseColumns()) return 1;
  lists_operands_ = !operands.empty();
  AddHeader();
  const Result<void> read = ReadMounts();
  if (!read.ok()) {
    const bool needs =
        operands.empty() || options_.local || !options_.only.empty() || !options_.without.empty();
    Report(context_, {nullptr, 0}, "cannot read the table of mounted file systems", read.error());
    if (needs) return 1;
    status_ = 1;
  }
  if (options_.sync) {
    const auto report = [](void* table, StringView what, Error error) {
      static_cast<Table*>(table)->Fail(what, error);
    };
    (void)sys::FlushAll(report, this);
  }
  for (const char* const operand : operands) ShowOperand(operand);
  if (operands.empty()) {
    HideDuplicates();
    for (Mount& mount : mounts_) {
      if (options_.all || !mount.hidden) ShowMount(mount);
    }
  }
  if (lacks_memory_) return 1;
  if (shown_) {
    if (options_.total) ShowTotal();
    Write();
  } else if (status_ == 0) {
    Report(context_, "no file systems processed");
    status_ = 1;
  }
  return out_.Finish(status_);
}

SizeUnit UnitOf(const Context& context, const Options& options) {
  SizeUnit unit;
  unit.block_size = 1024;
  switch (options.units) {
    case Units::kGiven:
      return options.unit;
    case Units::kBinary:
      unit.kind = SizeUnit::Kind::kBinary;
      break;
    case Units::kDecimal:
      unit.kind = SizeUnit::Kind::kDecimal;
      break;
    case Units::kKibibytes:
      break;
    case Units::kMebibytes:
      unit.block_size = uint64_t{1024} * 1024;
      break;
    case Units::kEnvironment:
      if (!options.posix) return BlockSizeOfEnvironment(context, "DF_BLOCK_SIZE");
      if (Environment(context, "POSIXLY_CORRECT") != nullptr) unit.block_size = 512;
      break;
  }
  return unit;
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  for (const char* const type : options.only) {
    for (const char* const other : options.without) {
      if (!(StringView(type) == other)) continue;
      Report(context, type, "file system type both selected and excluded");
      return 1;
    }
  }
  if (options.has_output && (options.inodes || options.posix || options.type)) {
    return UsageError(context, kCommand, {nullptr, 0},
                      options.inodes  ? StringView("options -i and --output are mutually exclusive")
                      : options.posix ? StringView("options -P and --output are mutually exclusive")
                                      : "options -T and --output are mutually exclusive");
  }
  options.unit = UnitOf(context, options);
  return Table(context, options).Run(context.arguments);
}

}  // namespace cation
