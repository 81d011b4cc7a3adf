// SPDX-License-Identifier: MIT
//
// cp: copies files and directories. POSIX.1-2024, with GNU's options.
//
// Where GNU's releases differ, the newer ones are followed: a question answered with no makes the
// status 1 (since 9.2), -n and --update=none do not (since 9.5).
//
// Differs from GNU:
// - A directory that would be copied into itself is refused before anything is made of it.
// - -v tells of a file when it has been copied, not before; of what is removed it does not tell.
// - Where there are no hard links, -d and -a copy a file once more, and say so with -v.
// - `SOURCE/.` is copied to DIRECTORY itself, not to DIRECTORY/. .
// - Files that are replaced by links, FIFOs and the like are there until they are replaced.
// - --attributes-only and --link do not open the source: it need not be readable.
// - Extended attributes and security contexts are not kept: to ask for them by name is an error,
//   --preserve=all and -a keep what else there is. There is no -Z.
// - --reflink=auto leaves it to the system's own copying to share data.
// - --progress, which is ours.
#include "coreutils/support/copy.h"
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/target_options.h"

namespace cation {
namespace {

using Dereference = CopyOptions::Dereference;
using Update = CopyOptions::Update;

enum class Existing : uint8_t { kOverwrite, kAsk, kSkip };

constexpr uint8_t kKeptByP = CopyOptions::kMode | CopyOptions::kOwnership | CopyOptions::kTimes;

struct Options {
  CopyOptions copy;
  Existing existing = Existing::kOverwrite;
  TargetOptions target;
  bool parents = false;
  bool progress = false;
  bool strip_trailing_slashes = false;
};

// An argument that is a list of attributes, for --preserve and --no-preserve.
bool ParseAttributes(const Context& context, const Command& command, PackedOption option,
                     StringView argument, char* field) {
  enum Attribute : uint8_t { kMode, kTimes, kOwnership, kLinks, kContext, kXattr, kAll };
  constexpr uint8_t kBits[] = {CopyOptions::kMode | CopyOptions::kModeRequired,
                               CopyOptions::kTimes,
                               CopyOptions::kOwnership,
                               CopyOptions::kLinks,
                               0,
                               0,
                               kKeptByP | CopyOptions::kLinks};
  const bool keeps = option.short_name() == 'p';
  unsigned bits = static_cast<unsigned char>(*field);
  for (bool last = false; !last;) {
    const size_t comma = argument.Find(',');
    last = comma == StringView::kNotFound;
    const StringView name = last ? argument : argument.First(comma);
    char word = 0;
    if (!TakeWord(context, keeps ? "--preserve" : "--no-preserve",
                  "mode|timestamps|ownership|links|context|xattr|all", name, &word))
      return false;
    const auto attribute = static_cast<Attribute>(word);
    if (keeps && (attribute == kContext || attribute == kXattr)) {
      (void)UsageError(context, command, name, "cannot be kept by this cp");
      return false;
    }
    if (keeps) {
      bits |= kBits[attribute];
    } else {
      bits &= ~unsigned{kBits[attribute]};
      if (attribute == kMode || attribute == kAll)
        bits = (bits & ~unsigned{CopyOptions::kModeRequired}) | CopyOptions::kPlainMode;
    }
    if (!last) argument = argument.From(comma + 1);
  }
  *field = static_cast<char>(bits);
  return true;
}

constexpr Option Parsed(Option option, WordParser parser) {
  option.kind = option.kind == Option::Kind::kChoice ? Option::Kind::kWord : option.kind;
  option.parse_word = parser;
  return option;
}

constexpr char kWhenWords[] = "auto|always|never";

constexpr Option kOptions[] = {
    Also(Also(Adding(Choice("-a, --archive", offsetof(Options, copy.keep),
                            static_cast<uint8_t>(CopyOptions::kLinks | kKeptByP),
                            "all of it as it is: equivalent to -dRp")),
              offsetof(Options, copy.dereference), Dereference::kNever),
         offsetof(Options, copy.recursive), true),
    Flag("--attributes-only", offsetof(Options, copy.attributes_only),
         "copy no data, but make the file and keep what -p or --preserve names"),
    BackupFlagOption(offsetof(Options, target)),
    BackupOption(offsetof(Options, target)),
    Flag("--copy-contents", offsetof(Options, copy.copy_contents),
         "read special files of a tree instead of making them"),
    Also(Adding(Choice("-d", offsetof(Options, copy.keep), CopyOptions::kLinks,
                       "equivalent to -P --preserve=links")),
         offsetof(Options, copy.dereference), Dereference::kNever),
    Also(Flag("--debug", offsetof(Options, copy.debug), "-v, and how each file was copied"),
         offsetof(Options, copy.verbose), true),
    Flag("-f, --force", offsetof(Options, copy.force),
         "remove a target that cannot be opened, and try again"),
    Choice("-H", offsetof(Options, copy.dereference), Dereference::kOperands,
           "follow symbolic links that are operands"),
    Choice("-i, --interactive", offsetof(Options, existing), Existing::kAsk,
           "ask before overwriting a file"),
    Flag("--keep-directory-symlink", offsetof(Options, copy.keep_directory_symlink),
         "follow links to directories in the target"),
    Choice("-L, --dereference", offsetof(Options, copy.dereference), Dereference::kAlways,
           "follow all symbolic links"),
    Flag("-l, --link", offsetof(Options, copy.link), "make hard links instead of copies"),
    Choice("-n, --no-clobber", offsetof(Options, existing), Existing::kSkip,
           "leave files alone that are there already"),
    Parsed(Choice("--no-preserve=LIST", offsetof(Options, copy.keep), uint8_t{0},
                  "do not keep what LIST names"),
           ParseAttributes),
    Choice("-P, --no-dereference", offsetof(Options, copy.dereference), Dereference::kNever,
           "copy symbolic links as such (with -r, unless told otherwise)"),
    Adding(Parsed(
        OptionalWord("-p, --preserve[=LIST]", offsetof(Options, copy.keep), kKeptByP, nullptr,
                     "keep mode,ownership,timestamps, or what LIST names: also links, "
                     "all"),
        ParseAttributes)),
    Flag("--parents", offsetof(Options, parents), "copy SOURCE to DIRECTORY/SOURCE"),
    Flag("--progress", offsetof(Options, progress), "show on a terminal how far the copy has come"),
    Flag("-R, --recursive", offsetof(Options, copy.recursive),
         "copy directories with all that is in them"),
    Flag("-r", offsetof(Options, copy.recursive), "equivalent to -R"),
    OptionalWord("--reflink[=WHEN]", offsetof(Options, copy.reflink), CopyWhen::kAlways, kWhenWords,
                 "share the data with the source: auto, always or never"),
    Flag("--remove-destination", offsetof(Options, copy.remove_destination),
         "remove each target before it is copied to"),
    SuffixOption(offsetof(Options, target)),
    Word("--sparse=WHEN", offsetof(Options, copy.sparse), kWhenWords,
         "make holes: auto (where the source has some), always (of all zeros) or never"),
    Flag("--strip-trailing-slashes", offsetof(Options, strip_trailing_slashes),
         "take slashes off the end of each SOURCE"),
    Flag("-s, --symbolic-link", offsetof(Options, copy.symbolic_link),
         "make symbolic links instead of copies"),
    NoTargetDirectoryOption(offsetof(Options, target),
                            "take DEST as the copy's name, also when it is a directory"),
    TargetDirectoryOption(offsetof(Options, target), "copy all operands into DIRECTORY"),
    OptionalWord("-u, --update[=WHICH]", offsetof(Options, copy.update), Update::kOlder,
                 "all|none|none-fail|older",
                 "replace older files only; or all, none, or none and fail (none-fail)"),
    Flag("-v, --verbose", offsetof(Options, copy.verbose), "say what has been copied"),
    Flag("-x, --one-file-system", offsetof(Options, copy.one_file_system),
         "leave directories empty on which another file system is mounted"),
};

constexpr Description kDescription = {
    .usage =
        "[OPTION]... [-T] SOURCE DEST\n[OPTION]... SOURCE... DIRECTORY\n[OPTION]... -t DIRECTORY "
        "SOURCE...",
    .summary = "Copies SOURCE to DEST, or each SOURCE into DIRECTORY.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

class Cp {
 public:
  Cp(const Context& context, Options& options)
      : context_(context),
        options_(options),
        out_(context),
        progress_(context, options.progress, "files"),
        confirm_(context),
        copier_(context, options.copy, out_, &progress_, &confirm_) {}

  // The last operand is the target, unless -t has named one.
  int Run(Span<char*> sources) {
    const char* target = options_.target.target_directory;
    if (target == nullptr) {
      target = sources[sources.size() - 1];
      sources = sources.First(sources.size() - 1);
    }
    if (options_.strip_trailing_slashes) {
      for (char* const source : sources) source[WithoutSlashes(source).size()] = '\0';
    }
    const Result<sys::FileStatus> status = sys::StatusAt(target, sys::Follow::kYes);
    // What it is decides where the copies go: that is not guessed.
    if (!status.ok() && !(status.error() == abi::kENOENT || status.error() == abi::kENOTDIR ||
                          status.error() == abi::kELOOP)) {
      Report(context_, target, status.error());
      return 1;
    }
    const bool is_directory = status.ok() && status.value().IsDirectory();
    const bool must_be_directory =
        options_.target.target_directory != nullptr || sources.size() > 1 || options_.parents;
    if (must_be_directory && !is_directory) {
      Report(context_, target, status.ok() ? Error{abi::kENOTDIR} : status.error());
      return 1;
    }
    copier_.Count(sources);
    const bool ok = is_directory && !options_.target.no_target_directory
                        ? CopyInto(target, status.value(), sources)
                        : CopyTo(target, status, sources[0]);
    progress_.Erase();
    return out_.Finish(ok ? 0 : 1);
  }

 private:
  bool CopyTo(const char* target, const Result<sys::FileStatus>& status, const char* source) {
    CopyPlace place;
    place.free = !status.ok() && status.error() == abi::kENOENT;
    if (status.ok()) place.status = &status.value();
    // "cp -bf a a" makes the backup, and that is all.
    String backup;
    if (options_.copy.backup != BackupControl::kNone && options_.copy.force && status.ok() &&
        status.value().IsRegular() && StringView(source) == target) {
      const Result<void> named =
          BackupPath(sys::At(target), options_.copy.backup, options_.copy.suffix, &backup);
      if (!named.ok()) {
        Report(context_, target, named.error());
        return false;
      }
      target = backup.c_str();
      place = {};
      options_.copy.backup = BackupControl::kNone;
    }
    return copier_.Copy(source, sys::At(target), place);
  }

  bool CopyInto(const char* target, const sys::FileStatus& status, Span<char*> sources) {
    TargetDirectory directory(target);
    if (sources.size() > 1 && !options_.parents) directory.Open();
    bool ok = true;
    for (const char* const source : sources) {
      CopyPlace place;
      place.exclusive = status.device != 0;
      const StringView name = NameInTarget(source);
      if (sources.size() > 1) {
        const char* const earlier = directory.MadeFrom(name);
        if (earlier != nullptr && NameInTarget(earlier) == name) place.earlier = earlier;
      }
      if (options_.parents) {
        ok &= copier_.CopyWithParents(source, target, place);
      } else if (name == "." || name == ".." || name == "/") {
        place.follow = true;
        ok &= copier_.Copy(source, sys::At(target), place);
      } else {
        const Result<sys::Location> location = directory.Place(name);
        if (!location.ok()) {
          Report(context_, source, location.error());
          ok = false;
          continue;
        }
        ok &= copier_.Copy(source, location.value(), place);
      }
      if (copier_.made() && sources.size() > 1) directory.SetMade(name, source);
    }
    return ok;
  }

  [[nodiscard]] StringView NameInTarget(const char* source) const {
    return options_.parents ? WithoutSlashes(source) : LastComponent(source);
  }

  const Context& context_;
  Options& options_;
  Output out_;
  Progress progress_;
  Confirm confirm_;
  Copier copier_;
};

// What the options mean together. Returns false when they exclude each other, which was reported.
bool Settle(const Context& context, Options& options) {
  CopyOptions& copy = options.copy;
  const auto refuse = [&](StringView reason) {
    (void)UsageError(context, kCommand, {nullptr, 0}, reason);
    return false;
  };
  if (options.existing == Existing::kSkip) copy.update = Update::kNone;
  copy.ask = options.existing == Existing::kAsk;
  if (copy.link && copy.symbolic_link) return refuse("-l and -s exclude each other");
  if (copy.reflink == CopyWhen::kAlways && copy.sparse != CopyWhen::kAuto)
    return refuse("--reflink and --sparse exclude each other");
  if (!options.target.backup) return true;
  if (copy.update == Update::kNone || copy.update == Update::kNoneFail)
    return refuse("--backup excludes -n and --update=none");
  return SettleBackup(context, options.target, &copy.backup, &copy.suffix);
}

}  // namespace

constinit const CopyUse kCopyUse = CopyUse::kCopies;

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  if (!Settle(context, options)) return kCommand.usage_status;
  const Span<char*> operands = context.arguments;
  if (!CheckTargetOperands(context, kCommand, options.target, operands))
    return kCommand.usage_status;
  if (options.parents && options.target.no_target_directory)
    return UsageError(context, kCommand, {nullptr, 0}, "--parents and -T exclude each other");
  Cp cp(context, options);
  return cp.Run(operands);
}

}  // namespace cation
