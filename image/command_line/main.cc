// SPDX-License-Identifier: MIT

// cation_image: puts a release into what people boot, takes it out again, and looks into images.
// The front door calls it (./cation install, verify, ..., image ls, ...).
//
// Exit status: 0 done; 1 not done, or differences found; 2 wrong usage. A message is one line on
// standard error, and nothing was changed.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/reflection.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "image/beneath.h"
#include "image/change_plan.h"
#include "image/command_line/target.h"
#include "image/command_line/verb.h"
#include "image/installer.h"
#include "image/record.h"
#include "image/system_error.h"

ABSL_FLAG(bool, aliases, false, "also the names that earlier replacements used");
ABSL_FLAG(bool, allow_host_root, false, "let TARGET be / of this host");
ABSL_FLAG(bool, allow_stand_in, false, "also programs linked with the stand-in: for tests");
ABSL_FLAG(std::string, arch, "", "architecture, for a target without programs of its own");
ABSL_FLAG(std::string, commit, "", "the stamp's commit");
ABSL_FLAG(std::string, date, "", "the stamp's date");
ABSL_FLAG(bool, dry_run, false, "say what would be done, and do nothing");
ABSL_FLAG(bool, force, false,
          "also over what was changed since, or where init would miss something");
ABSL_FLAG(bool, gpt, false, "with a partition table");
ABSL_FLAG(std::string, grow, "", "first make the image this large: 512M, 4G");
ABSL_FLAG(bool, keep, false, "leave as it is what was changed since");
ABSL_FLAG(bool, long_listing, false, "-l");
ABSL_FLAG(std::string, mode, "", "permissions, as octal digits");
ABSL_FLAG(bool, no_initrc_lines, false,
          "leave the initrcs that users have without the line that sources Cation's");
ABSL_FLAG(bool, no_stamp, false, "leave init.rc and an initrc of others without the build stamp");
ABSL_FLAG(std::vector<std::string>, only, {}, "these programs and no others: cat,ls");
ABSL_FLAG(bool, parents, false, "-p");
ABSL_FLAG(std::string, prefix, "", "what the stamp begins with");
ABSL_FLAG(std::string, qcow2, "", "convert or commit: what becomes of a qcow2 image");
ABSL_FLAG(bool, recursive, false, "-r, -R");
ABSL_FLAG(std::string, redoxfs_helper, "", "the program cation_redoxfs");
ABSL_FLAG(std::string, release, "", "the folder of the release");
ABSL_FLAG(std::string, releases, "", "a folder with a release for each architecture");
ABSL_FLAG(bool, replace_config, false, "also configuration that is not ours or was changed");
ABSL_FLAG(bool, symbolic, false, "-s");
ABSL_FLAG(std::string, to, "", "the stamp of the step");
ABSL_FLAG(bool, verbose, false, "name every path that is changed");

namespace cation::image {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

constexpr char kFoundMessage[] = "found";
constexpr char kHelperName[] = "cation_redoxfs";

const std::pair<char, const char*> kShort[] = {
    {'l', "long-listing"}, {'R', "recursive"}, {'r', "recursive"}, {'p', "parents"},
    {'s', "symbolic"},     {'n', "dry-run"},   {'v', "verbose"},   {'f', "force"},
};

std::vector<const Verb*> AllVerbs() {
  std::vector<const Verb*> verbs;
  for (const Verb& verb : InstallVerbs()) verbs.push_back(&verb);
  for (const Verb& verb : ImageVerbs()) verbs.push_back(&verb);
  return verbs;
}

void PrintUsage(FILE* stream) {
  std::fputs("usage: cation VERB [OPTION]... OPERAND...\n\n", stream);
  for (const Verb* verb : AllVerbs()) {
    std::fprintf(stream, "  %-46s %s\n", absl::StrCat(verb->name, " ", verb->operands).c_str(),
                 verb->summary);
  }
  std::fputs(
      "\nTARGET is a root folder, an image with RedoxFS (bare or in a GPT partition), a qcow2 "
      "image or an "
      "initfs archive.\n",
      stream);
}

void PrintUsage(const Verb& verb, FILE* stream) {
  std::fprintf(stream, "usage: cation %s [OPTION]... %s\n%s.\n", verb.name, verb.operands,
               verb.summary);
  for (const absl::string_view flag : absl::StrSplit(verb.flags, ' ', absl::SkipEmpty())) {
    const absl::CommandLineFlag* found =
        absl::FindCommandLineFlag(absl::StrReplaceAll(flag, {{"-", "_"}}));
    if (found == nullptr) continue;
    std::fprintf(stream, "  --%-18s %s\n", std::string(flag).c_str(), found->Help().c_str());
  }
}

int WrongUsage(const std::string& message) {
  std::fprintf(stderr, "cation: %s\n", message.c_str());
  return kWrongUsage;
}

// The verb that the first one or two arguments name; takes them away.
const Verb* TakeVerb(std::vector<std::string>& arguments) {
  for (const size_t words : {2U, 1U}) {
    if (arguments.size() < words) continue;
    const std::string name =
        words == 2 ? absl::StrCat(arguments[0], " ", arguments[1]) : arguments[0];
    for (const Verb* verb : AllVerbs()) {
      if (name != verb->name) continue;
      arguments.erase(arguments.begin(), arguments.begin() + static_cast<std::ptrdiff_t>(words));
      return verb;
    }
  }
  return nullptr;
}

// Sorts what was given into flags, as abseil reads them, and operands. Returns what is wrong.
std::string Sort(const Verb& verb, const std::vector<std::string>& arguments,
                 std::vector<std::string>& flags, Operands& operands) {
  std::set<std::string> allowed;
  for (const absl::string_view flag : absl::StrSplit(verb.flags, ' ', absl::SkipEmpty())) {
    allowed.insert(std::string(flag));
  }
  bool only_operands = false;
  for (size_t i = 0; i != arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (only_operands || argument == "-" || !absl::StartsWith(argument, "-")) {
      operands.push_back(argument);
    } else if (argument == "--") {
      only_operands = true;
    } else if (absl::StartsWith(argument, "--")) {
      const std::pair<std::string, absl::optional<std::string>> parts = [&] {
        const size_t equals = argument.find('=');
        if (equals == std::string::npos) {
          return std::make_pair(argument.substr(2), absl::optional<std::string>());
        }
        return std::make_pair(argument.substr(2, equals - 2),
                              absl::optional<std::string>(argument.substr(equals + 1)));
      }();
      if (allowed.count(parts.first) == 0) {
        return absl::StrCat(verb.name, ": unknown option '", argument, "'");
      }
      const std::string name = absl::StrReplaceAll(parts.first, {{"-", "_"}});
      const absl::CommandLineFlag* flag = absl::FindCommandLineFlag(name);
      if (flag->IsOfType<bool>()) {
        if (parts.second.has_value()) {
          return absl::StrCat(verb.name, ": --", parts.first, " takes no value");
        }
        flags.push_back(absl::StrCat("--", name));
        continue;
      }
      std::string value;
      if (parts.second.has_value()) {
        value = *parts.second;
      } else if (++i != arguments.size()) {
        value = arguments[i];
      } else {
        return absl::StrCat(verb.name, ": --", parts.first, " wants a value");
      }
      if (value.empty()) return absl::StrCat(verb.name, ": --", parts.first, " wants a value");
      flags.push_back(absl::StrCat("--", name, "=", value));
    } else {
      for (const char letter : argument.substr(1)) {
        const char* name = nullptr;
        for (const auto& [short_name, long_name] : kShort) {
          if (short_name == letter) name = long_name;
        }
        if (name == nullptr || allowed.count(name) == 0) {
          return absl::StrCat(verb.name, ": unknown option '-", std::string(1, letter), "'");
        }
        flags.push_back(absl::StrCat("--", absl::StrReplaceAll(name, {{"-", "_"}})));
      }
    }
  }
  if (operands.size() < verb.minimum) {
    return absl::StrCat(verb.name, ": operands are missing: ", verb.name, " ", verb.operands);
  }
  if (operands.size() > verb.maximum) {
    return absl::StrCat(verb.name, ": unexpected argument '", operands[verb.maximum], "'");
  }
  return "";
}

int Run(std::vector<std::string> arguments) {
  if (arguments.empty()) {
    PrintUsage(stderr);
    return kWrongUsage;
  }
  if (arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help") {
    PrintUsage(stdout);
    return kDone;
  }
  const std::string first = arguments[0];
  const Verb* verb = TakeVerb(arguments);
  if (verb == nullptr) {
    return WrongUsage(absl::StrCat("unknown verb '", first,
                                   arguments.size() > 1 ? " " + arguments[1] : std::string(),
                                   "' (--help lists them)"));
  }
  for (const std::string& argument : arguments) {
    if (argument == "--help") {
      PrintUsage(*verb, stdout);
      return kDone;
    }
    if (argument == "--") break;
  }
  std::vector<std::string> flags = {"cation"};
  Operands operands;
  const std::string wrong = Sort(*verb, arguments, flags, operands);
  if (!wrong.empty()) {
    return WrongUsage(absl::StrCat(wrong, " (", verb->name, " --help says more)"));
  }
  std::vector<char*> pointers;
  pointers.reserve(flags.size());
  for (std::string& flag : flags) pointers.push_back(flag.data());
  absl::ParseCommandLine(static_cast<int>(pointers.size()), pointers.data());

  const absl::Status status = verb->run(operands);
  if (std::fflush(stdout) != 0) {
    std::fprintf(stderr, "cation: cannot write to standard output: %s\n", std::strerror(errno));
    return kFailed;
  }
  if (status.ok()) return kDone;
  if (!IsFound(status)) {
    std::fprintf(stderr, "cation: %s: %s\n", operands[0].c_str(),
                 std::string(status.message()).c_str());
  }
  return absl::IsInvalidArgument(status) && operands.empty() ? kWrongUsage : kFailed;
}

}  // namespace

absl::Status Found() { return absl::FailedPreconditionError(kFoundMessage); }
bool IsFound(const absl::Status& status) {
  return absl::IsFailedPrecondition(status) && status.message() == kFoundMessage;
}

TargetOptions OptionsFor(bool read_only) {
  TargetOptions options;
  options.read_only = read_only;
  options.allow_host_root = absl::GetFlag(FLAGS_allow_host_root);
  options.redoxfs_helper = absl::GetFlag(FLAGS_redoxfs_helper);
  options.qcow2 = absl::GetFlag(FLAGS_qcow2);
  return options;
}

absl::Status ShowAndCarry(Target& target, const Installed& installed, const ChangePlan& plan) {
  const bool dry_run = absl::GetFlag(FLAGS_dry_run);
  if (dry_run || absl::GetFlag(FLAGS_verbose)) {
    for (const RecordedPath& path : plan.paths) {
      const char* sign = path.before.absent ? "+" : path.after.absent ? "-" : "~";
      std::printf("%s /%s  %s%s%s\n", sign, Printable(path.path).c_str(),
                  path.before.absent ? "" : Printable(DescribeState(path.before)).c_str(),
                  path.before.absent ? "" : " -> ", Printable(DescribeState(path.after)).c_str());
    }
  }
  for (const std::string& note : plan.notes) std::printf("note: %s\n", Printable(note).c_str());
  if (plan.changes.empty()) {
    std::printf("nothing to do: all is as it should be\n");
    return absl::OkStatus();
  }
  if (absl::Status status = CheckInit(*target.tree, installed, plan);
      !status.ok() && !absl::GetFlag(FLAGS_force)) {
    return status;
  }
  if (dry_run) {
    std::printf("%zu paths would be changed\n", plan.paths.size());
    return absl::OkStatus();
  }
  if (absl::Status status = Carry(*target.tree, plan); !status.ok()) return status;
  std::printf("%zu paths changed, and read back as they should be\n", plan.paths.size());
  if (target.redoxfs != nullptr) {
    uint64_t content = 0;
    for (const Change& change : plan.changes) content += change.content.size();
    const RedoxfsTree::CommitStatistics& commit = target.redoxfs->last_commit();
    std::printf("%llu bytes of files, %llu bytes in %llu writes to the image, one transaction\n",
                static_cast<unsigned long long>(content),
                static_cast<unsigned long long>(commit.bytes),
                static_cast<unsigned long long>(commit.writes));
  }
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> ParseSize(const std::string& text) {
  constexpr absl::string_view kUnits = "KMGT";
  absl::Status wrong =
      absl::InvalidArgumentError(absl::StrCat("'", text, "' is no size: 512M, 4G"));
  if (text.empty()) return wrong;
  const size_t unit = kUnits.find(text.back());
  const unsigned shift =
      unit == absl::string_view::npos ? 0 : 10 * (static_cast<unsigned>(unit) + 1);
  const std::string digits = text.substr(0, text.size() - (shift != 0 ? 1 : 0));
  uint64_t value = 0;
  if (digits.find_first_not_of("0123456789") != std::string::npos ||
      !absl::SimpleAtoi(digits, &value) || value == 0 || value > (uint64_t{INT64_MAX} >> shift)) {
    return wrong;
  }
  return value << shift;
}

absl::Status Grow(Target& target, const std::string& size) {
  const absl::StatusOr<uint64_t> bytes = ParseSize(size);
  if (!bytes.ok()) return bytes.status();
  if (target.redoxfs == nullptr) {
    return absl::FailedPreconditionError("only an image with RedoxFS can grow");
  }
  return target.redoxfs->Grow(*bytes);
}

absl::StatusOr<HostFile> ReadHostFile(const std::string& path) {
  HostFile file;
  // O_NONBLOCK: a FIFO is refused, not waited for.
  const Descriptor opened(path == "-" ? dup(STDIN_FILENO)
                                      : open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!opened.ok()) return SystemError(errno, path);
  if (path != "-") {
    struct stat status = {};
    if (fstat(opened.get(), &status) != 0) return SystemError(errno, path);
    if (!S_ISREG(status.st_mode)) {
      return absl::FailedPreconditionError(absl::StrCat(path, " is no file"));
    }
    file.mode = status.st_mode & 0777U;
  }
  std::vector<char> buffer(1 << 20);
  while (true) {
    const ssize_t got = read(opened.get(), buffer.data(), buffer.size());
    if (got == 0) return file;
    if (got > 0) {
      file.content.append(buffer.data(), static_cast<size_t>(got));
    } else if (errno != EINTR) {
      return SystemError(errno, path);
    }
  }
}

std::string Printable(absl::string_view text) {
  std::string shown;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < ' ' || byte == 0x7f) {
      absl::StrAppendFormat(&shown, "\\x%02x", byte);
    } else {
      shown.push_back(c);
    }
  }
  return shown;
}

}  // namespace cation::image

int main(int argc, char** argv) {
  // The helper is where this program is.
  std::error_code error;
  std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) self = argv[0];
  absl::SetFlag(&FLAGS_redoxfs_helper, self.replace_filename(cation::image::kHelperName).string());
  return cation::image::Run(std::vector<std::string>(argv + 1, argv + argc));
}
