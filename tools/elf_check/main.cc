// SPDX-License-Identifier: MIT

// elf_check: says of linked programs whether Redox can start them (see elf_check.h). A build action
// on every program, and a command for anybody's ELF files.
//
// Every file is looked at even when one before it is bad. Exit status: 0 all are good, 1 findings
// (one line each on standard error), 2 wrong usage, a file that cannot be read, or output that
// cannot be written.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "tools/elf_check/build_note.h"
#include "tools/elf_check/elf_check.h"
#include "tools/elf_check/elf_file.h"

namespace cation::elf {
namespace {

constexpr int kGood = 0;
constexpr int kFindings = 1;
constexpr int kTrouble = 2;

constexpr char kUsage[] =
    "usage: elf_check [--arch=x86_64|aarch64] [--libc=standin|relibc]\n"
    "                 [--empty=FILE --budget=BYTES] [--stamp-out=FILE] [--quiet] FILE...\n"
    "Says what would keep Redox from starting each program.\n"
    "  --arch       the machine it must be for; without, the one its ELF header names\n"
    "  --libc       the libc it must be linked with; without, the one its note names\n"
    "  --empty      a program with an empty Main, linked in the same way\n"
    "  --budget     how many bytes each FILE may have above that one\n"
    "  --stamp-out  a file to write when all are good\n"
    "  --quiet      print findings only\n"
    "Exit status: 0 all good, 1 findings, 2 wrong usage or a file that cannot be read.\n";

// Far above any program: stops a wrong argument before it fills the memory.
constexpr int64_t kMaximumFileBytes = int64_t{256} << 20;

struct Arguments {
  Requirements requirements;
  std::string empty_path;
  absl::optional<uint64_t> budget;
  std::string stamp_path;
  bool quiet = false;
  bool help = false;
  std::vector<std::string> files;
};

absl::StatusOr<Arguments> ParseArguments(absl::Span<char* const> words) {
  Arguments arguments;
  bool options = true;
  for (absl::string_view word : words) {
    const absl::string_view whole = word;
    if (!options || !absl::StartsWith(word, "-") || word == "-") {
      arguments.files.emplace_back(word);
    } else if (word == "--") {
      options = false;
    } else if (word == "--quiet") {
      arguments.quiet = true;
    } else if (word == "--help") {
      arguments.help = true;
    } else if (absl::ConsumePrefix(&word, "--arch=")) {
      arguments.requirements.arch = ParseArch(word);
      if (!arguments.requirements.arch.has_value()) {
        return absl::InvalidArgumentError(
            absl::StrCat(Printable(whole), ": not x86_64 or aarch64"));
      }
    } else if (absl::ConsumePrefix(&word, "--libc=")) {
      arguments.requirements.libc = ParseLibc(word);
      if (!arguments.requirements.libc.has_value()) {
        return absl::InvalidArgumentError(
            absl::StrCat(Printable(whole), ": not standin or relibc"));
      }
    } else if (absl::ConsumePrefix(&word, "--budget=")) {
      uint64_t budget = 0;
      if (!absl::SimpleAtoi(word, &budget)) {
        return absl::InvalidArgumentError(
            absl::StrCat(Printable(whole), ": not a number of bytes"));
      }
      arguments.budget = budget;
    } else if (absl::ConsumePrefix(&word, "--empty=") && !word.empty()) {
      arguments.empty_path = std::string(word);
    } else if (absl::ConsumePrefix(&word, "--stamp-out=") && !word.empty()) {
      arguments.stamp_path = std::string(word);
    } else if (word.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(Printable(whole), " needs a file's name"));
    } else {
      return absl::InvalidArgumentError(
          absl::StrCat(Printable(whole), ": no such option; see --help"));
    }
  }
  if (arguments.help) {
    return arguments;
  }
  if (arguments.empty_path.empty() != !arguments.budget.has_value()) {
    return absl::InvalidArgumentError("--empty and --budget need each other; see --help");
  }
  if (arguments.files.empty()) {
    return absl::InvalidArgumentError("no FILE given; see --help");
  }
  return arguments;
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) {
      close(fd_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  const int fd_;
};

absl::StatusOr<std::vector<uint8_t>> ReadFile(const std::string& path) {
  // Without O_NONBLOCK a FIFO would be waited for.
  const Descriptor descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status;
  if (descriptor.get() < 0 || fstat(descriptor.get(), &status) != 0) {
    return absl::UnavailableError(strerror(errno));
  }
  if (S_ISDIR(status.st_mode)) {
    return absl::UnavailableError("is a directory, not a program");
  }
  if (!S_ISREG(status.st_mode)) {
    return absl::UnavailableError("is not a regular file");
  }
  if (status.st_size > kMaximumFileBytes) {
    return absl::UnavailableError(
        absl::StrCat("is too large for a program (", status.st_size, " bytes)"));
  }
  // A file that grows meanwhile is read up to the size that it had.
  std::vector<uint8_t> bytes(static_cast<size_t>(status.st_size));
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = read(descriptor.get(), bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n < 0) {
      return absl::UnavailableError(strerror(errno));
    }
    if (n == 0) {
      return absl::UnavailableError("became shorter while it was read; try again");
    }
    done += static_cast<size_t>(n);
  }
  return bytes;
}

bool WriteStamp(const std::string& path, size_t files) {
  FILE* const stamp = fopen(path.c_str(), "we");
  if (stamp == nullptr) {
    return false;
  }
  // No names or dates: the same input must give the same bytes.
  const bool written = fprintf(stamp, "elf_check: %zu ok\n", files) > 0;
  const int error = errno;
  if (fclose(stamp) != 0 || !written) {
    const int close_error = written ? errno : error;
    unlink(path.c_str());
    errno = close_error;
    return false;
  }
  return true;
}

int Complain(absl::string_view what) {
  absl::FPrintF(stderr, "elf_check: %s\n", what);
  return kTrouble;
}

int Main(absl::Span<char* const> words) {
  absl::StatusOr<Arguments> arguments = ParseArguments(words);
  if (!arguments.ok()) {
    return Complain(arguments.status().message());
  }
  if (arguments->help) {
    fputs(kUsage, stdout);
    return fflush(stdout) == 0 ? kGood : Complain("standard output cannot be written");
  }
  if (arguments->budget.has_value()) {
    const absl::StatusOr<std::vector<uint8_t>> empty = ReadFile(arguments->empty_path);
    if (!empty.ok()) {
      return Complain(absl::StrCat("--empty=", Printable(arguments->empty_path), ": ",
                                   empty.status().message()));
    }
    const absl::StatusOr<Header> header = ReadHeader(*empty);
    if (!header.ok()) {
      return Complain(absl::StrCat("--empty=", Printable(arguments->empty_path), ": ",
                                   header.status().message()));
    }
    arguments->requirements.budget = {.empty_bytes = empty->size(), .bytes = *arguments->budget};
  }

  int result = kGood;
  for (const std::string& path : arguments->files) {
    const std::string name = Printable(path);
    const absl::StatusOr<std::vector<uint8_t>> bytes = ReadFile(path);
    if (!bytes.ok()) {
      result = Complain(absl::StrCat(name, ": ", bytes.status().message()));
      continue;
    }
    const std::vector<std::string> findings = CheckElf(*bytes, arguments->requirements);
    for (const std::string& finding : findings) {
      absl::FPrintF(stderr, "%s: %s\n", name, finding);
    }
    if (!findings.empty()) {
      result = result == kGood ? kFindings : result;
      continue;
    }
    if (!arguments->quiet) {
      const absl::StatusOr<BuildNote> note = ReadBuildNote(*bytes);
      if (!note.ok()) {
        return Complain(absl::StrCat(name, ": passed without a note: ", note.status().message()));
      }
      absl::PrintF("%s: ok (%s, %s, %d bytes)\n", name, note->arch, note->libc, bytes->size());
    }
  }
  if (fflush(stdout) != 0 || ferror(stdout) != 0) {
    return Complain("standard output cannot be written");
  }
  if (result == kGood && !arguments->stamp_path.empty() &&
      !WriteStamp(arguments->stamp_path, arguments->files.size())) {
    return Complain(
        absl::StrCat("--stamp-out=", Printable(arguments->stamp_path), ": ", strerror(errno)));
  }
  return result;
}

}  // namespace
}  // namespace cation::elf

int main(int argc, char** argv) {
  return cation::elf::Main(
      absl::MakeConstSpan(argv + 1, argc > 0 ? static_cast<size_t>(argc) - 1 : 0));
}
