// SPDX-License-Identifier: MIT
//
// stat: shows what the system knows of files, or of the file systems they are on. No standard has
// it; options, directives and formats are GNU's.
//
// Other than GNU: %N quotes also where it has a width; there are
// no security contexts (%C is ?), and no system behind sys tells when a file was made (%w is -, %W
// is 0), which GNU shows where Linux knows it.
//
// Redox: devices have no numbers (%t, %T and %r are 0), and a scheme says nothing of its files,
// names, identity and type: those are 0 with --file-system.
#include "coreutils/support/accounts.h"
#include "coreutils/support/device_number.h"
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/escape.h"
#include "coreutils/support/file_mode.h"
#include "coreutils/support/local_time_zone.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/quoting_style.h"
#include "runtime/core/format.h"
#include "runtime/core/format_time.h"

namespace cation {
namespace {

struct Options {
  bool dereference = false;
  bool file_system = false;
  bool terse = false;
  uint8_t cached = 0;  // the system knows no difference
  const char* format = nullptr;
  const char* printf = nullptr;
};

constexpr Option kOptions[] = {
    Flag("-L, --dereference", offsetof(Options, dereference), "what symbolic links lead to"),
    Flag("-f, --file-system", offsetof(Options, file_system), "the file systems, not the files"),
    Word("--cached=MODE", offsetof(Options, cached), "default|never|always",
         "nothing: what the system tells is never old"),
    Value("-c, --format=FORMAT", offsetof(Options, format),
          "show FORMAT and a line's end for each"),
    Value("--printf=FORMAT", offsetof(Options, printf),
          "the same without a line's end, and with escapes such as \\n"),
    Flag("-t, --terse", offsetof(Options, terse), "all in one line"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... FILE...",
    .summary =
        "Shows what is known of each FILE, or as FORMAT has it: %n name, %Qn in quotes, "
        "%N with a link's target,\n%s size, %b blocks, %B their size, %o best size, %F type, %a %A "
        "permissions, %f mode, %u %U user,\n%g %G group, %h links, %i inode, %d %D device, "
        "%r %R %t %T device type, %m mount point,\n%x %X access, %y %Y modification, %z %Z "
        "change, %w %W birth.\nOf file systems: %n name, %T %t type, %i identity, %l longest "
        "name, %s %S block size,\n%b blocks, %f free, %a available, %c files, %d free.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

constexpr StringView kFileFormat =
    "  File: %N\n"
    "  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\n"
    "Device: %Hd,%Ld\tInode: %-10i  Links: ";
constexpr StringView kLinksFormat = "%h\n";
constexpr StringView kDeviceFormat = "%-5h Device type: %Hr,%Lr\n";
constexpr StringView kRestFormat =
    "Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\n"
    "Access: %x\nModify: %y\nChange: %z\n Birth: %w\n";
constexpr StringView kTerseFormat = "%Qn %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o\n";
constexpr StringView kSystemFormat =
    "  File: %Qn\n"
    "    ID: %-8i Namelen: %-7l Type: %T\n"
    "Block size: %-10s Fundamental block size: %S\n"
    "Blocks: Total: %-10b Free: %-10f Available: %a\n"
    "Inodes: Total: %-10c Free: %d\n";
constexpr StringView kTerseSystemFormat = "%Qn %i %l %t %s %S %b %f %a %c %d\n";

// What a kind of file system is called, by Linux's number.
struct SystemName {
  uint32_t type;
  char name[12];
};
constexpr SystemName kSystemNames[] = {
    {0xef53, "ext2/ext3"},   {0x01021994, "tmpfs"},    {0x794c7630, "overlayfs"},
    {0x9123683e, "btrfs"},   {0x58465342, "xfs"},      {0x9fa0, "proc"},
    {0x62656572, "sysfs"},   {0x1cd1, "devpts"},       {0x01021997, "v9fs"},
    {0x6969, "nfs"},         {0x4d44, "msdos"},        {0x9660, "isofs"},
    {0x65735546, "fuseblk"}, {0x73717368, "squashfs"}, {0x2fc12fc1, "zfs"},
    {0x858458f6, "ramfs"},   {0xf2f52010, "f2fs"},     {0x63677270, "cgroup2fs"},
    {0xff534d42, "cifs"},    {0x64626720, "debugfs"},  {0x6e736673, "nsfs"},
    {0x50495045, "pipefs"},  {0x19800202, "mqueue"},   {0x958458f6, "hugetlbfs"},
};

// What is between % and the letter.
struct Specification {
  bool left = false;
  bool zeros = false;
  bool plus = false;
  bool space = false;
  bool alternate = false;
  bool is_signed = false;  // + and space count
  size_t width = 0;
  bool has_precision = false;
  bool has_digits = false;  // behind the point
  size_t precision = 0;
};

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Nobody has a line that long; a number that cannot be meant.
constexpr size_t kWidest = size_t{1} << 20;

size_t ReadNumber(StringView& text) {
  size_t number = 0;
  for (; !text.empty() && IsDigit(text[0]); text = text.From(1)) {
    number = Min(number * 10 + static_cast<size_t>(text[0] - '0'), kWidest);
  }
  return number;
}

class Printer {
 public:
  Printer(Context& context, const Options& options)
      : context_(context),
        options_(options),
        has_escapes_(options.printf != nullptr),
        format_(has_escapes_ ? options.printf : options.format),
        out_(context),
        users_(AccountFile::kUsers),
        groups_(AccountFile::kGroups) {
    const QuotingStyle usual =
        format_ == nullptr ? QuotingStyle::kShellEscape : QuotingStyle::kShellEscapeAlways;
    const char* const style = Environment(context, "QUOTING_STYLE");
    const int found = style == nullptr ? kNoWord : FindWord(kQuotingStyles, style);
    quoting_ = found < 0 ? usual : static_cast<QuotingStyle>(found);
  }

  int Run() {
    int status = 0;
    for (const char* const operand : context_.arguments) {
      if (!out_.ok()) break;
      name_ = operand;
      const Result<void> shown = Show();
      if (shown.ok()) continue;
      out_.Flush();
      if (!has_reported_) Report(context_, operand, shown.error());
      has_reported_ = false;
      status = 1;
      if (stops_) break;
    }
    return out_.Finish(status);
  }

 private:
  Result<void> Show() {
    line_.Truncate(0);
    const bool is_input = StringView(name_) == "-";
    if (options_.file_system) {
      if (is_input) {
        has_reported_ = true;
        out_.Flush();
        Report(context_, name_, "standard input cannot be a file system");
        return Error{abi::kEINVAL};
      }
      CATION_TRY_ASSIGN(system_, sys::StatusOfFileSystemAt(name_));
    } else if (is_input) {
      CATION_TRY_ASSIGN(file_, sys::Status(context_.input));
    } else {
      const auto follow = options_.dereference ? sys::Follow::kYes : sys::Follow::kNo;
      CATION_TRY_ASSIGN(file_, sys::StatusAt(sys::At(name_), follow));
    }
    CATION_TRY(PrintAll());
    out_.Write(line_.view());
    return {};
  }

  Result<void> PrintAll() {
    if (format_ != nullptr) {
      CATION_TRY(Print(format_));
      return has_escapes_ ? Result<void>() : line_.Append('\n');
    }
    if (options_.file_system) {
      return Print(options_.terse ? kTerseSystemFormat : kSystemFormat);
    }
    if (options_.terse) return Print(kTerseFormat);
    const sys::Mode type = file_.type();
    const bool is_device = type == sys::kTypeBlockDevice || type == sys::kTypeCharacterDevice;
    CATION_TRY(Print(kFileFormat));
    CATION_TRY(Print(is_device ? kDeviceFormat : kLinksFormat));
    return Print(kRestFormat);
  }

  Result<void> Print(StringView format) {
    while (!format.empty()) {
      if (format[0] == '\\' && has_escapes_) {
        const Escape escape = ReadEscape(format, EscapeDialect::kStat);
        if (escape.kind == Escape::Kind::kUnknown) {
          Report(context_, format.First(escape.length), "warning: unknown escape");
        } else if (escape.kind == Escape::Kind::kUnfinished) {
          Report(context_, format, "warning: backslash at the end of the format");
        }
        CATION_TRY(line_.Append(escape.view()));
        format = format.From(escape.length);
        continue;
      }
      if (format[0] != '%') {
        CATION_TRY(line_.Append(format[0]));
        format = format.From(1);
        continue;
      }
      const StringView start = format;
      format = format.From(1);
      Specification with;
      ReadSpecification(format, with);
      const size_t size = start.size() - format.size();
      if (format.empty() || format[0] == '%') {
        if (size > 1) return WrongDirective(start.First(size + (format.empty() ? 0 : 1)));
        CATION_TRY(line_.Append('%'));
        if (!format.empty()) format = format.From(1);
        continue;
      }
      char part = '\0';
      char letter = format[0];
      format = format.From(1);
      // %Hd %Ld %Hr %Lr %Qn
      const char next = format.empty() ? '\0' : format[0];
      const bool is_device =
          (letter == 'H' || letter == 'L') && !options_.file_system && (next == 'd' || next == 'r');
      if (is_device || (letter == 'Q' && next == 'n')) {
        part = letter;
        letter = next;
        format = format.From(1);
      }
      CATION_TRY(options_.file_system ? SystemDirective(letter, part, with)
                                      : FileDirective(letter, part, with));
    }
    return {};
  }

  static void ReadSpecification(StringView& format, Specification& with) {
    for (; !format.empty(); format = format.From(1)) {
      const char c = format[0];
      if (c == '-') {
        with.left = true;
      } else if (c == '0') {
        with.zeros = true;
      } else if (c == '+') {
        with.plus = true;
      } else if (c == ' ') {
        with.space = true;
      } else if (c == '#') {
        with.alternate = true;
      } else if (c != '\'' && c != 'I') {
        break;
      }
    }
    with.width = ReadNumber(format);
    if (format.empty() || format[0] != '.') return;
    format = format.From(1);
    with.has_precision = true;
    with.has_digits = !format.empty() && IsDigit(format[0]);
    with.precision = ReadNumber(format);
  }

  Result<void> WrongDirective(StringView directive) {
    out_.Write(line_.view());
    out_.Flush();
    Report(context_, directive, "invalid directive");
    has_reported_ = true;
    stops_ = true;
    return Error{abi::kEINVAL};
  }

  Result<void> SystemDirective(char letter, char part, const Specification& with) {
    switch (letter) {
      case 'n':
        return part == 'Q' ? QuotedName(false, with) : Text(name_, with);
      case 'i':
        return Hexadecimal(system_.id, with);
      case 'l':
        return Number(system_.name_length, with);
      case 't':
        return Hexadecimal(system_.type, with);
      case 'T':
        return SystemType(with);
      case 'b':
        return Signed(system_.blocks, with);
      case 'f':
        return Signed(system_.free, with);
      case 'a':
        return Signed(system_.available, with);
      case 's':
        return Number(system_.transfer_size, with);
      case 'S':
        return Number(system_.block_size, with);
      case 'c':
        return Number(system_.files, with);
      case 'd':
        return Signed(system_.free_files, with);
      default:
        return Text("?", {});
    }
  }

  Result<void> SystemType(const Specification& with) {
    for (const SystemName& known : kSystemNames) {
      if (known.type == system_.type) return Text(&known.name[0], with);
    }
    String name;
    CATION_TRY(name.Append("UNKNOWN (0x"));
    CATION_TRY(name.Append(Digits(system_.type, 16)));
    CATION_TRY(name.Append(')'));
    return Text(name.view(), with);
  }

  Result<void> FileDirective(char letter, char part, const Specification& with) {
    if (part == 'Q') return QuotedName(false, with);
    if (part != '\0') {
      const uint64_t device = letter == 'd' ? file_.device : file_.special_device;
      return Number(part == 'H' ? MajorOf(device) : MinorOf(device), with);
    }
    switch (letter) {
      case 'n':
        return Text(name_, with);
      case 'N':
        return QuotedName(file_.IsSymbolicLink(), with);
      case 'd':
        return Number(file_.device, with);
      case 'D':
        return Hexadecimal(file_.device, with);
      case 'i':
        return Number(file_.inode, with);
      case 'a':
        return Unsigned(file_.mode & sys::kPermissionMask, 8, with);
      case 'A':
        return Text(ModeText(file_.mode).view(), with);
      case 'f':
        return Hexadecimal(file_.mode, with);
      case 'F':
        return Text(TypeName(file_), with);
      case 'h':
        return Number(file_.links, with);
      case 'u':
        return Number(file_.user, with);
      case 'U':
        return Owner(users_.NameOf(file_.user), with);
      case 'g':
        return Number(file_.group, with);
      case 'G':
        return Owner(groups_.NameOf(file_.group), with);
      case 'm':
        return MountPoint(with);
      case 's':
        return Signed(file_.size, with);
      case 'r':
        return Number(file_.special_device, with);
      case 'R':
        return Hexadecimal(file_.special_device, with);
      case 't':
        return Hexadecimal(MajorOf(file_.special_device), with);
      case 'T':
        return Hexadecimal(MinorOf(file_.special_device), with);
      case 'B':
        return Number(512, with);
      case 'b':
        return Number(file_.blocks, with);
      case 'o':
        return Number(file_.block_size, with);
      case 'w':
        return Text("-", with);
      case 'W':
        return Seconds({}, with);
      case 'x':
        return Time(file_.access_time, with);
      case 'X':
        return Seconds(file_.access_time, with);
      case 'y':
        return Time(file_.modification_time, with);
      case 'Y':
        return Seconds(file_.modification_time, with);
      case 'z':
        return Time(file_.change_time, with);
      case 'Z':
        return Seconds(file_.change_time, with);
      case 'C':
        return Text("?", with);
      default:
        return Text("?", {});
    }
  }

  Result<void> Pad(char with, size_t count) {
    while (count-- > 0) CATION_TRY(line_.Append(with));
    return {};
  }

  Result<void> Text(StringView text, const Specification& with) {
    if (with.has_precision) text = text.First(Min(text.size(), with.precision));
    const size_t missing = with.width - Min(with.width, text.size());
    if (!with.left) CATION_TRY(Pad(' ', missing));
    CATION_TRY(line_.Append(text));
    return with.left ? Pad(' ', missing) : Result<void>();
  }

  // What is before the zeros, and what behind them.
  Result<void> Padded(StringView sign, StringView digits, const Specification& with) {
    const size_t size = sign.size() + digits.size();
    const size_t missing = with.width - Min(with.width, size);
    const bool zeros = with.zeros && !with.left;
    if (!zeros && !with.left) CATION_TRY(Pad(' ', missing));
    CATION_TRY(line_.Append(sign));
    if (zeros) CATION_TRY(Pad('0', missing));
    CATION_TRY(line_.Append(digits));
    return with.left ? Pad(' ', missing) : Result<void>();
  }

  [[gnu::noinline]] Result<void> Unsigned(uint64_t value, unsigned base, Specification with) {
    String digits;
    const Digits number(value, base);
    const size_t size = number.view().size();
    if (with.has_precision) {
      with.zeros = false;
      for (size_t i = size; i < with.precision; ++i) CATION_TRY(digits.Append('0'));
    }
    const bool is_empty = with.has_precision && with.precision == 0 && value == 0;
    if (!is_empty) CATION_TRY(digits.Append(number));
    StringView prefix;
    if (with.is_signed) prefix = with.plus ? "+" : with.space ? " " : "";
    if (with.alternate && base == 16 && value != 0) prefix = "0x";
    if (with.alternate && base == 8 && !digits.view().StartsWith("0")) prefix = "0";
    return Padded(prefix, digits.view(), with);
  }
  Result<void> Number(uint64_t value, const Specification& with) {
    return Unsigned(value, 10, with);
  }
  // With a + or a space before it, if that is asked for.
  Result<void> Signed(uint64_t value, Specification with) {
    with.is_signed = true;
    return Number(value, with);
  }
  Result<void> Hexadecimal(uint64_t value, const Specification& with) {
    return Unsigned(value, 16, with);
  }

  Result<void> Owner(StringView name, const Specification& with) {
    return Text(name.empty() ? StringView("UNKNOWN") : name, with);
  }

  Result<void> Time(const sys::TimePoint& time, const Specification& with) {
    zone_.Find(context_);
    String text;
    CATION_TRY(
        AppendTime(text, "%F %T.%N %z",
                   LocalTime(time.seconds, static_cast<uint32_t>(time.nanoseconds), zone_.zone())));
    return Text(text.view(), with);
  }

  // Seconds since the Epoch; the precision says how many digits of the fraction, which is cut.
  Result<void> Seconds(const sys::TimePoint& time, Specification with) {
    constexpr size_t kDigits = 9;
    const size_t places = !with.has_precision ? 0 : with.has_digits ? with.precision : kDigits;
    const bool is_negative = time.seconds < 0;
    uint64_t whole =
        is_negative ? 0 - static_cast<uint64_t>(time.seconds) : static_cast<uint64_t>(time.seconds);
    uint64_t unit = 1;
    for (size_t i = places; i < kDigits; ++i) unit *= 10;
    auto fraction = static_cast<uint64_t>(time.nanoseconds);
    const uint64_t rest = fraction % unit;
    fraction /= unit;
    if (places != 0 && is_negative && time.nanoseconds != 0) {
      // Two seconds before and three quarters after it are 1.25 before.
      fraction = 1'000'000'000 / unit - fraction - (rest != 0 ? 1 : 0);
      --whole;
    }
    String digits;
    CATION_TRY(digits.Append(Digits(whole)));
    if (places != 0) {
      CATION_TRY(digits.Append('.'));
      CATION_TRY(digits.Append(Digits(fraction, 10, Min(places, kDigits))));
      for (size_t i = kDigits; i < places; ++i) CATION_TRY(digits.Append('0'));
    }
    const StringView sign = is_negative ? "-" : with.plus ? "+" : with.space ? " " : "";
    return Padded(sign, digits.view(), with);
  }

  Result<void> QuotedName(bool has_target, const Specification& with) {
    String text;
    CATION_TRY(AppendInStyle(text, name_, quoting_, ""));
    if (has_target) {
      String target;
      CATION_TRY(target.Resize(4096));
      CATION_TRY_ASSIGN(const size_t size,
                        sys::ReadSymbolicLink(sys::At(name_), {target.data(), target.size()}));
      CATION_TRY(text.Append(" -> "));
      CATION_TRY(AppendInStyle(text, target.view().First(size), quoting_, ""));
    }
    return Text(text.view(), with);
  }

  // The directory farthest up that is on the same file system.
  Result<void> MountPoint(const Specification& with) {
    String here;
    CATION_TRY(sys::WorkingDirectory(here));
    String path;
    if (file_.IsDirectory()) {
      CATION_TRY(path.Append(name_));
    } else {
      CATION_TRY(AppendParent(path, name_));
    }
    CATION_TRY(sys::ChangeDirectory(path.c_str()));
    path.Truncate(0);
    const Result<void> found = ClimbTo(path);
    const Result<void> back = sys::ChangeDirectory(here.c_str());
    // What comes would be looked for elsewhere.
    if (!back.ok()) stops_ = true;
    CATION_TRY(back);
    CATION_TRY(found);
    return Text(path.view(), with);
  }

  static Result<void> ClimbTo(String& path) {
    CATION_TRY_ASSIGN(sys::FileStatus status, sys::StatusAt(sys::At("."), sys::Follow::kYes));
    for (;;) {
      CATION_TRY_ASSIGN(const sys::FileStatus above,
                        sys::StatusAt(sys::At(".."), sys::Follow::kYes));
      if (above.device != status.device || above.inode == status.inode) break;
      CATION_TRY(sys::ChangeDirectory(".."));
      status = above;
    }
    return sys::WorkingDirectory(path);
  }

  Context& context_;
  const Options& options_;
  bool has_escapes_;
  const char* format_;
  QuotingStyle quoting_;
  Output out_;
  Accounts users_;
  Accounts groups_;
  LocalTimeZone zone_;
  const char* name_ = "";
  sys::FileStatus file_;
  sys::FileSystemStatus system_;
  String line_;
  bool has_reported_ = false;
  bool stops_ = false;
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  if (context.arguments.empty()) {
    return UsageError(context, kCommand, {nullptr, 0}, "missing operand");
  }
  return Printer(context, options).Run();
}

}  // namespace cation
