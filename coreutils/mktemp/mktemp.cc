// SPDX-License-Identifier: MIT
//
// mktemp: makes a file or a directory with a name that was not there, and that nobody can foresee.
// In no standard; the options are those of GNU's.
//
// The name is made from the system's random numbers; where there are none nothing is made. It is
// for the owner alone from the start, whatever the umask. A 9p share of Redox keeps no modes, and
// opens what is there instead of refusing: what was not just made there is left alone.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"

namespace cation {
namespace {

struct Options {
  bool directory = false;
  bool dry_run = false;
  bool quiet = false;
  bool in_tmpdir = false;  // -t
  bool in_folder = false;
  const char* folder = nullptr;
  const char* suffix = nullptr;
};

// For -p and --tmpdir: without a DIR, TMPDIR is meant.
bool TakeFolder(const Context&, const Command&, PackedOption, StringView argument, char* field) {
  const char* const text = argument.data();
  __builtin_memcpy(field, &text, sizeof(text));
  return true;
}

constexpr Option kOptions[] = {
    Flag("-d, --directory", offsetof(Options, directory), "make a directory, not a file"),
    Flag("-u, --dry-run", offsetof(Options, dry_run),
         "make nothing: somebody else may, before the name is used"),
    Flag("-q, --quiet", offsetof(Options, quiet), "no message when nothing can be made"),
    Also(Value("-p DIR", offsetof(Options, folder), "TEMPLATE is in DIR, if that is not empty"),
         offsetof(Options, in_folder), true),
    Also(OptionalParsed("--tmpdir[=DIR]", offsetof(Options, folder), TakeFolder,
                        "TEMPLATE is in DIR, or TMPDIR, or /tmp"),
         offsetof(Options, in_folder), true),
    Value("--suffix=SUFFIX", offsetof(Options, suffix), "put SUFFIX behind TEMPLATE"),
    Flag("-t", offsetof(Options, in_tmpdir),
         "TEMPLATE is one component in TMPDIR, or -p's DIR, or /tmp (deprecated)"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... [TEMPLATE]",
    .summary =
        "Makes a file with a name of its own, and prints it: TEMPLATE (tmp.XXXXXXXXXX in\n"
        "TMPDIR or /tmp), with its last X's, at least three, replaced.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

constexpr size_t kFewestPlaces = 3;

class Maker {
 public:
  Maker(Context& context, const Options& options) : context_(context), options_(options) {}

  int Run(const char* given) {
    if (!MakeTemplate(given)) return 1;
    (void)sys::SetFileCreationMask(0);
    const Result<void> made = MakeUnique();
    if (!made.ok()) {
      if (options_.quiet) return 1;
      // The template, not the last name tried.
      for (size_t i = 0; i < places_; ++i) path_.data()[first_ + i] = 'X';
      Report(context_, path_.view(),
             options_.directory ? "failed to make a directory" : "failed to make a file",
             made.error());
      return 1;
    }
    return Print();
  }

 private:
  // A template without enough places and the like is an error that -q does not hide. Returns false
  // when it has been reported.
  bool MakeTemplate(const char* given) {
    const StringView name = given != nullptr ? given : "tmp.XXXXXXXXXX";
    size_t end = name.size();
    StringView suffix;
    if (options_.suffix != nullptr) {
      suffix = options_.suffix;
      if (!name.EndsWith("X")) return Refuse(name, "with --suffix, the template must end in X");
    } else {
      // Without any X there are too few.
      const size_t last = name.FindLast('X');
      end = last == StringView::kNotFound ? 0 : last + 1;
      if (end != 0) suffix = name.From(end);
    }
    for (places_ = 0; places_ < end && name[end - places_ - 1] == 'X';) ++places_;
    if (suffix.Find('/') != StringView::kNotFound)
      return Refuse(suffix, "invalid suffix: it contains a slash");
    if (places_ < kFewestPlaces) return Refuse(name, "too few X's in the template");
    const bool in_folder = given == nullptr || options_.in_folder || options_.in_tmpdir;
    if (options_.in_tmpdir && name.Find('/') != StringView::kNotFound)
      return Refuse(name, "invalid template: it contains a slash");
    if (in_folder && name[0] == '/')
      return Refuse(name, "invalid template: with --tmpdir, it may not be absolute");
    Result<void> built;
    if (in_folder) built = path_.Append(Folder());
    if (built.ok()) built = AppendPathComponent(path_, name.First(end));
    first_ = path_.size() - Min(places_, path_.size());
    if (built.ok()) built = path_.Append(suffix);
    if (!built.ok()) Report(context_, name, built.error());
    return built.ok();
  }

  bool Refuse(StringView text, StringView reason) {
    Report(context_, text, reason);
    return false;
  }

  [[nodiscard]] const char* Folder() const {
    const char* const folder =
        options_.folder != nullptr && *options_.folder != '\0' ? options_.folder : nullptr;
    if (folder != nullptr && !options_.in_tmpdir) return folder;
    const char* const variable = Environment(context_, "TMPDIR");
    if (variable != nullptr && *variable != '\0') return variable;
    return folder != nullptr ? folder : "/tmp";
  }

  Result<void> MakeUnique() {
    constexpr unsigned kTries = 62 * 62 * 62;
    Result<void> made;
    for (unsigned tries = 0; tries < kTries; ++tries) {
      CATION_TRY(ChooseName());
      made = Make();
      if (made.ok() || !(made.error() == abi::kEEXIST)) break;
    }
    return made;
  }

  // Any of the 62 characters with the same chance.
  Result<void> ChooseName() {
    constexpr StringView kCharacters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    constexpr size_t kLimit = 256 - 256 % kCharacters.size();
    // A few more than are needed: some are of no use.
    constexpr size_t kSpare = 8;
    char bytes[64];
    for (size_t i = 0; i < places_;) {
      const size_t size = Min(places_ - i + kSpare, sizeof(bytes));
      CATION_TRY(sys::Random({bytes, size}));
      for (size_t next = 0; next < size && i < places_; ++next) {
        const auto byte = static_cast<unsigned char>(bytes[next]);
        if (byte < kLimit) path_.data()[first_ + i++] = kCharacters[byte % kCharacters.size()];
      }
    }
    return {};
  }

  Result<void> Make() {
    const sys::Location here = sys::At(path_.c_str());
    if (options_.dry_run) {
      const Result<sys::FileStatus> status = sys::StatusAt(here, sys::Follow::kNo);
      if (status.ok()) return Error{abi::kEEXIST};
      if (!(status.error() == abi::kENOENT)) return status.error();
      return {};
    }
    if (options_.directory) return sys::MakeDirectory(here, 0700);
    CATION_TRY_ASSIGN(const sys::Descriptor opened,
                      sys::Open(here, sys::kWrite | sys::kCreate | sys::kExclusive, 0600));
    sys::File file(opened);
    if constexpr (!sys::kExclusiveIsSure) {
      constexpr int64_t kMoment = 2;
      CATION_TRY_ASSIGN(const sys::FileStatus status, sys::Status(opened));
      const bool is_old =
          status.size != 0 || status.modification_time.seconds + kMoment < sys::Now().seconds;
      if (status.device == 0 && is_old) return Error{abi::kEEXIST};
    }
    const Result<void> closed = file.Close();
    if (!closed.ok()) (void)sys::RemoveFile(here);
    return closed;
  }

  // A name that nobody gets to know is of no use: what was made goes then.
  int Print() {
    Result<void> written = path_.Append('\n');
    if (written.ok()) {
      sys::PrepareOutput(context_.output, nullptr);
      written = sys::WriteAll(context_.output, path_.view());
      path_.Truncate(path_.size() - 1);
    }
    if (written.ok()) return 0;
    const sys::Location here = sys::At(path_.c_str());
    if (!options_.dry_run)
      (void)(options_.directory ? sys::RemoveDirectory(here) : sys::RemoveFile(here));
    if (!options_.quiet && !(written.error() == abi::kEPIPE))
      Report(context_, {nullptr, 0}, "write error", written.error());
    return 1;
  }

  Context& context_;
  const Options& options_;
  String path_;
  // path_[first_, first_ + places_) is to be chosen.
  size_t first_ = 0;
  size_t places_ = 0;
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  const Span<char*> operands = context.arguments;
  if (operands.size() > 1) return UsageError(context, kCommand, operands[1], "too many templates");
  return Maker(context, options).Run(operands.empty() ? nullptr : operands[0]);
}

}  // namespace cation
