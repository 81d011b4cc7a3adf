// SPDX-License-Identifier: MIT
#include "image/qcow2.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "image/beneath.h"
#include "image/system_error.h"
#include "runtime/sys/posix/close_on_exec.h"
#include "runtime/sys/posix/file_lock.h"

// NOLINTNEXTLINE(readability-redundant-declaration): POSIX leaves declaring it to the program.
extern char** environ;

namespace cation::image {
namespace {

constexpr absl::string_view kMagic("QFI\xfb", 4);
constexpr size_t kLargestStart = size_t{2} << 20;
// What `work` may write beyond what is there, kept free twice.
constexpr uint64_t kRoom = uint64_t{64} << 20;

// Incompatible features, by bit.
constexpr uint64_t kDirty = 1U << 0;
constexpr uint64_t kCorrupt = 1U << 1;
constexpr uint64_t kDataFile = 1U << 2;
constexpr uint64_t kCompressionType = 1U << 3;
constexpr uint64_t kExtendedEntries = 1U << 4;

// ------------------------------------------------------------------------------------ qemu-img

// Runs qemu-img with these arguments; returns what it printed. Without a shell, without a terminal,
// in English.
absl::StatusOr<std::string> RunQemuImage(std::vector<std::string> arguments) {
  const char* named = std::getenv("QEMU_IMG");
  const std::string program = named != nullptr && *named != '\0' ? named : "qemu-img";
  arguments.insert(arguments.begin(), program);
  std::vector<char*> words;
  words.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  std::vector<std::string> settings = {"LC_ALL=C"};
  for (char** setting = environ; *setting != nullptr; ++setting) {
    if (!absl::StartsWith(*setting, "LC_ALL=")) settings.emplace_back(*setting);
  }
  std::vector<char*> environment;
  environment.reserve(settings.size() + 1);
  for (std::string& setting : settings) environment.push_back(setting.data());
  environment.push_back(nullptr);

  std::array<int, 2> ends = {-1, -1};
  if (sys::MakeClosingPipe(ends.data()) != 0) return SystemError(errno, program);
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, writing.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, writing.get(), STDERR_FILENO);
  pid_t child = -1;
  const int error =
      posix_spawnp(&child, program.c_str(), &actions, nullptr, words.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  writing.Close();
  if (error != 0) {
    return absl::UnavailableError(
        absl::StrCat(program, ": ", std::strerror(error),
                     "; qcow2 images need qemu-img: apt-get install qemu-utils, or set QEMU_IMG"));
  }
  std::string output;
  std::array<char, 4096> piece = {};
  for (;;) {
    const ssize_t count = read(reading.get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    // More than a message is of no use to anybody.
    if (output.size() < (size_t{64} << 10)) {
      output.append(piece.data(), static_cast<size_t>(count));
    }
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return output;
  std::string line;
  for (const absl::string_view text : absl::StrSplit(output, '\n', absl::SkipWhitespace())) {
    const absl::string_view plain =
        absl::StripPrefix(absl::StripAsciiWhitespace(text), "qemu-img: ");
    absl::StrAppend(&line, line.empty() ? "" : "; ", plain);
  }
  if (WIFSIGNALED(status)) line = absl::StrCat("killed by signal ", WTERMSIG(status));
  absl::StatusCode code = absl::StatusCode::kInternal;
  if (absl::StrContains(line, "lock")) code = absl::StatusCode::kFailedPrecondition;
  if (absl::StrContains(line, "No space left")) code = absl::StatusCode::kResourceExhausted;
  return absl::Status(code, absl::StrCat("qemu-img ", arguments[1], ": ",
                                         line.empty() ? "failed without a word" : line));
}

absl::Status Run(std::vector<std::string> arguments) {
  return RunQemuImage(std::move(arguments)).status();
}

// ------------------------------------------------------------------------------------ the header

uint64_t BigEndian(absl::string_view bytes, size_t at, size_t size) {
  uint64_t value = 0;
  for (const char byte : bytes.substr(at, size)) value = value << 8 | static_cast<uint8_t>(byte);
  return value;
}

absl::Status Damaged(absl::string_view why) {
  return absl::DataLossError(absl::StrCat("the header of the qcow2 image is damaged: ", why));
}

absl::Status ParseExtensions(absl::string_view start, size_t at, size_t end, Qcow2Header& header) {
  constexpr uint64_t kEnd = 0;
  constexpr uint64_t kBackingFormat = 0xE2792ACA;
  constexpr uint64_t kBitmaps = 0x23852875;
  while (at + 8 <= end) {
    const uint64_t type = BigEndian(start, at, 4);
    const uint64_t size = BigEndian(start, at + 4, 4);
    at += 8;
    if (type == kEnd) return absl::OkStatus();
    if (size > end - at) return Damaged("an extension is too long");
    if (type == kBackingFormat) header.backing_format = std::string(start.substr(at, size));
    if (type == kBitmaps) header.has_bitmaps = true;
    at += (size + 7) / 8 * 8;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadStart(int file, const std::string& path) {
  std::string start(kLargestStart, '\0');
  size_t size = 0;
  while (size < start.size()) {
    const ssize_t count = pread(file, &start[size], start.size() - size, static_cast<off_t>(size));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError(errno, path);
    if (count == 0) break;
    size += static_cast<size_t>(count);
  }
  start.resize(size);
  return start;
}

absl::StatusOr<Descriptor> OpenImage(const std::string& path) {
  // O_NONBLOCK: a FIFO is no image, and is not waited for.
  Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.ok()) return SystemError(errno, path);
  struct stat status = {};
  if (fstat(file.get(), &status) != 0) return SystemError(errno, path);
  if (!S_ISREG(status.st_mode)) {
    return absl::FailedPreconditionError(absl::StrCat(path, ": not a file"));
  }
  return file;
}

// ------------------------------------------------------------------------------------ locks

constexpr off_t kLocks = 100;  // of what is used
constexpr off_t kUnshared = 200;
constexpr off_t kLocksEnd = 300;
constexpr off_t kWrite = 1;
constexpr off_t kResize = 3;

// Holds a file against QEMU's writing and against other installers, until the descriptor is closed.
// QEMU may still read it: qemu-img has to.
absl::Status LockImage(int file, const std::string& path) {
  const auto in_use = [&path](absl::string_view by) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": in use by ", by, "; try again when it has ended"));
  };
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return in_use("another installer");
    return SystemError(errno, path);
  }
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = kLocks;
  lock.l_len = kLocksEnd - kLocks;
  if (fcntl(file, sys::kGetLock, &lock) != 0) return SystemError(errno, path);
  if (lock.l_type != F_UNLCK) return in_use("a running QEMU or qemu-img");
  for (const off_t permission : {kWrite, kResize}) {
    lock = {};
    lock.l_type = F_RDLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = kUnshared + permission;
    lock.l_len = 1;
    if (fcntl(file, sys::kSetLock, &lock) != 0) {
      return errno == EAGAIN || errno == EACCES ? in_use("a running QEMU")
                                                : SystemError(errno, path);
    }
  }
  return absl::OkStatus();
}

// Lets QEMU's programs write, while other installers stay out.
absl::Status UnlockForQemu(int file, const std::string& path) {
  struct flock lock = {};
  lock.l_type = F_UNLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = kLocks;
  lock.l_len = kLocksEnd - kLocks;
  return fcntl(file, sys::kSetLock, &lock) == 0 ? absl::OkStatus() : SystemError(errno, path);
}

// ------------------------------------------------------------------------------------ the work

// An absolute path without links, so that no name is taken for a protocol ("nbd:..."), and the file
// itself is replaced, not a link to it.
absl::StatusOr<std::string> RealPath(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(realpath(path.c_str(), nullptr), std::free);
  if (real == nullptr) return SystemError(errno, path);
  return std::string(real.get());
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, std::max<size_t>(slash, 1));
}

struct Image {
  std::string path;  // real
  Descriptor file;
  struct stat status = {};
  Qcow2Header header;
  std::string backing_path;    // real; "" none
  std::string backing_format;  // "raw" or what is named
};

absl::Status FindBacking(const std::string& given, Image& image) {
  const std::string& name = image.header.backing_file;
  if (name.empty()) return absl::OkStatus();
  // As QEMU tells protocols and descriptions from paths.
  const size_t colon = name.find(':');
  if (colon != std::string::npos && name.find('/') > colon) {
    return absl::UnimplementedError(
        absl::StrCat(given, ": lies on \"", name, "\", which is not the path of a file"));
  }
  const std::string path =
      absl::StartsWith(name, "/") ? name : absl::StrCat(FolderOf(given), "/", name);
  absl::StatusOr<std::string> real = RealPath(path);
  if (!real.ok()) {
    return absl::Status(real.status().code(),
                        absl::StrCat(given, ": its backing file ", real.status().message()));
  }
  image.backing_path = *std::move(real);
  image.backing_format = image.header.backing_format;
  const absl::StatusOr<bool> qcow2 = IsQcow2File(image.backing_path);
  if (!qcow2.ok()) return qcow2.status();
  if (image.backing_format.empty()) image.backing_format = *qcow2 ? "qcow2" : "raw";
  return absl::OkStatus();
}

absl::StatusOr<Image> OpenQcow2(const std::string& given) {
  Image image;
  absl::StatusOr<std::string> real = RealPath(given);
  if (!real.ok()) return real.status();
  image.path = *std::move(real);
  absl::StatusOr<Descriptor> file = OpenImage(image.path);
  if (!file.ok()) return file.status();
  image.file = *std::move(file);
  if (fstat(image.file.get(), &image.status) != 0) return SystemError(errno, given);
  if (absl::Status status = LockImage(image.file.get(), given); !status.ok()) return status;
  const absl::StatusOr<std::string> start = ReadStart(image.file.get(), given);
  if (!start.ok()) return start.status();
  if (!IsQcow2(*start)) {
    return absl::FailedPreconditionError(absl::StrCat(given, ": not a qcow2 image"));
  }
  absl::StatusOr<Qcow2Header> header = ParseQcow2Header(*start);
  if (!header.ok()) {
    return absl::Status(header.status().code(),
                        absl::StrCat(given, ": ", header.status().message()));
  }
  image.header = *std::move(header);
  if (access(image.path.c_str(), W_OK) != 0) return SystemError(errno, given);

  const Qcow2Header& known = image.header;
  const auto cannot = [&given](absl::string_view what) {
    return absl::UnimplementedError(absl::StrCat(given, ": ", what));
  };
  if (known.corrupt || known.dirty) {
    return absl::FailedPreconditionError(
        absl::StrCat(given, known.corrupt ? ": marked as damaged" : ": was not closed in order",
                     "; see qemu-img check -r all"));
  }
  if (known.encrypted) return cannot("is encrypted, which is not supported");
  if (known.has_data_file) return cannot("keeps its data in another file, which is not supported");
  if (known.unknown_features != 0) return cannot("uses features of a newer format");
  if (known.has_snapshots) {
    return cannot(
        "has internal snapshots, which would be lost; remove them (qemu-img snapshot -d) "
        "or work on a copy");
  }
  if (known.has_bitmaps) {
    return cannot(
        "has dirty bitmaps, which would be lost; remove them (qemu-img bitmap --remove) "
        "or work on a copy");
  }
  if (absl::Status status = FindBacking(given, image); !status.ok()) return status;
  return image;
}

absl::Status CheckRoom(const std::string& folder, uint64_t bytes) {
  struct statvfs status = {};
  if (statvfs(folder.c_str(), &status) != 0) return SystemError(errno, folder);
  const uint64_t free = uint64_t{status.f_bavail} * status.f_frsize;
  if (bytes <= free) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(folder, ": not enough space: ", bytes >> 20,
                                                   " MiB are needed, ", free >> 20, " are free"));
}

// The bytes of all that the image shows and that is not zero.
absl::StatusOr<uint64_t> Measure(const Image& image) {
  const absl::StatusOr<std::string> text =
      RunQemuImage({"measure", "-f", "qcow2", "-O", "qcow2", image.path});
  if (!text.ok()) return text.status();
  uint64_t bytes = 0;
  for (absl::string_view line : absl::StrSplit(*text, '\n')) {
    if (absl::ConsumePrefix(&line, "required size: ") && absl::SimpleAtoi(line, &bytes)) {
      return bytes;
    }
  }
  return absl::InternalError("qemu-img measure does not say what size is required");
}

// Its bytes on the disk, and then its name.
absl::Status SyncPath(const std::string& path, bool directory) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | (directory ? O_DIRECTORY : 0)));
  if (!file.ok() || fsync(file.get()) != 0) return SystemError(errno, path);
  return absl::OkStatus();
}

// The size of a raw image that has been worked on, for a qcow2 image: whole sectors.
absl::StatusOr<uint64_t> SizeOf(const std::string& path) {
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0) return SystemError(errno, path);
  return (static_cast<uint64_t>(status.st_size) + 511) / 512 * 512;
}

std::string OptionsLike(const Qcow2Header& header) {
  return absl::StrCat("compat=", header.version == 2 ? "0.10" : "1.1",
                      ",cluster_size=", uint64_t{1} << header.cluster_bits,
                      header.lazy_refcounts ? ",lazy_refcounts=on" : "");
}

// The raw image becomes a qcow2 image like `image`, at `made`.
absl::Status MakeLike(const Image& image, const std::string& raw, const std::string& made) {
  const std::string options = OptionsLike(image.header);
  absl::Status status;
  if (image.backing_path.empty()) {
    status = Run({"convert", "-f", "raw", "-O", "qcow2", "-o", options, raw, made});
  } else {
    // An empty overlay on the raw image; put on the base, it takes up what differs between them.
    status = Run({"create", "-q", "-f", "qcow2", "-o", options, "-b", raw, "-F", "raw", made});
    if (status.ok()) {
      status = Run(
          {"rebase", "-f", "qcow2", "-b", image.backing_path, "-F", image.backing_format, made});
    }
  }
  if (!status.ok()) return status;
  // It replaces all that there is: it is compared before.
  return Run({"compare", "-q", "-f", "raw", "-F", "qcow2", raw, made});
}

// A folder beside the image, ours alone, for what is to become the image. What is there already was
// left by a run that was killed, since we hold the image.
class WorkFolder {
 public:
  explicit WorkFolder(const Image& image)
      : image_(image),
        folder_(image.path + ".cation-work"),
        raw_(folder_ + "/raw"),
        made_(folder_ + "/qcow2") {
    Remove();
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  ~WorkFolder() { Remove(); }

  [[nodiscard]] const std::string& raw() const { return raw_; }
  [[nodiscard]] const std::string& made() const { return made_; }

  [[nodiscard]] absl::Status Make() const {
    return mkdir(folder_.c_str(), 0700) == 0 ? absl::OkStatus() : SystemError(errno, folder_);
  }

  // made() takes the image's place, with its owner and mode.
  [[nodiscard]] absl::Status Replace() const {
    const Descriptor file(open(made_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file.ok()) return SystemError(errno, made_);
    const struct stat& old = image_.status;
    if (fchown(file.get(), old.st_uid, old.st_gid) != 0 && geteuid() == 0) {
      return SystemError(errno, made_);
    }
    if (fchmod(file.get(), old.st_mode & 07777) != 0 || fsync(file.get()) != 0 ||
        rename(made_.c_str(), image_.path.c_str()) != 0) {
      return SystemError(errno, image_.path);
    }
    return SyncPath(FolderOf(image_.path), /*directory=*/true);
  }

 private:
  void Remove() const {
    struct stat status = {};
    if (lstat(folder_.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) ||
        status.st_uid != geteuid() || (status.st_mode & 022) != 0) {
      return;
    }
    unlink(raw_.c_str());
    unlink(made_.c_str());
    rmdir(folder_.c_str());
  }

  const Image& image_;
  const std::string folder_;
  const std::string raw_;
  const std::string made_;
};

absl::Status Convert(const Image& image,
                     const std::function<absl::Status(const std::string&)>& work) {
  const std::string folder = FolderOf(image.path);
  if (access(folder.c_str(), W_OK | X_OK) != 0) return SystemError(errno, folder);
  const WorkFolder temporary(image);
  const absl::StatusOr<uint64_t> bytes = Measure(image);
  if (!bytes.ok()) return bytes.status();
  if (const absl::Status status = CheckRoom(folder, 2 * (*bytes + kRoom)); !status.ok()) {
    return status;
  }
  absl::Status status = temporary.Make();
  if (status.ok()) {
    status = Run({"convert", "-f", "qcow2", "-O", "raw", image.path, temporary.raw()});
  }
  if (status.ok()) status = work(temporary.raw());
  if (status.ok()) status = MakeLike(image, temporary.raw(), temporary.made());
  return status.ok() ? temporary.Replace() : status;
}

absl::Status Commit(const Image& image, const std::string& given,
                    const std::function<absl::Status(const std::string&)>& work) {
  const auto wrong = [&given](absl::string_view why) {
    return absl::FailedPreconditionError(
        absl::StrCat(given, ": ", why, ", so nothing can be committed; use --qcow2=convert"));
  };
  if (image.backing_path.empty()) return wrong("is no overlay");
  if (image.backing_format != "raw") {
    return wrong(
        absl::StrCat("its base ", image.backing_path, " is not raw but ", image.backing_format));
  }
  const std::string& base_path = image.backing_path;
  absl::StatusOr<Descriptor> base = OpenImage(base_path);
  if (!base.ok()) return base.status();
  if (access(base_path.c_str(), W_OK) != 0) return SystemError(errno, base_path);
  absl::Status status = LockImage(base->get(), base_path);
  if (!status.ok()) return status;
  const absl::StatusOr<uint64_t> before = SizeOf(base_path);
  if (!before.ok()) return before.status();
  // What the overlay holds comes into what may be holes of the base.
  const uint64_t held = static_cast<uint64_t>(image.status.st_blocks) * 512;
  if (status = CheckRoom(FolderOf(base_path), held + kRoom); !status.ok()) return status;

  // qemu-img has to write both; it locks them by itself.
  status.Update(UnlockForQemu(image.file.get(), given));
  status.Update(UnlockForQemu(base->get(), base_path));
  if (status.ok()) {
    status = Run({"rebase", "-u", "-f", "qcow2", "-b", base_path, "-F", "raw", image.path});
  }
  if (status.ok()) status = Run({"commit", "-q", "-f", "qcow2", image.path});
  if (!status.ok()) return status;
  // Whoever works on the base locks it.
  base->Close();
  status = LockImage(image.file.get(), given);
  if (status.ok()) status = work(base_path);
  if (!status.ok()) return status;
  const absl::StatusOr<uint64_t> after = SizeOf(base_path);
  if (!after.ok()) return after.status();
  if (*after > std::max(*before, image.header.virtual_size)) {
    // A new overlay, since resizing one makes zeroes of what the base has beyond its old end.
    const WorkFolder temporary(image);
    status = temporary.Make();
    if (status.ok()) {
      status = Run({"create", "-q", "-f", "qcow2", "-o", OptionsLike(image.header), "-b", base_path,
                    "-F", "raw", temporary.made()});
    }
    if (status.ok()) status = temporary.Replace();
    if (!status.ok()) return status;
  }
  status.Update(SyncPath(image.path, /*directory=*/false));
  status.Update(SyncPath(base_path, /*directory=*/false));
  return status;
}

}  // namespace

bool IsQcow2(absl::string_view start) { return absl::StartsWith(start, kMagic); }

absl::StatusOr<bool> IsQcow2File(const std::string& path) {
  const absl::StatusOr<Descriptor> file = OpenImage(path);
  if (!file.ok()) return file.status();
  std::array<char, 4> start = {};
  const ssize_t count = pread(file->get(), start.data(), start.size(), 0);
  if (count < 0) return SystemError(errno, path);
  return IsQcow2(absl::string_view(start.data(), static_cast<size_t>(count)));
}

absl::StatusOr<Qcow2Header> ParseQcow2Header(absl::string_view start) {
  constexpr size_t kVersion2 = 72;
  constexpr size_t kVersion3 = 104;
  if (!IsQcow2(start)) return Damaged("it is none");
  if (start.size() < kVersion2) return Damaged("it is cut off");
  Qcow2Header header;
  header.version = static_cast<uint32_t>(BigEndian(start, 4, 4));
  if (header.version != 2 && header.version != 3) {
    return Damaged(absl::StrCat("version ", header.version, " is not known"));
  }
  const uint64_t backing_at = BigEndian(start, 8, 8);
  const uint64_t backing_size = BigEndian(start, 16, 4);
  header.cluster_bits = static_cast<uint32_t>(BigEndian(start, 20, 4));
  header.virtual_size = BigEndian(start, 24, 8);
  header.encrypted = BigEndian(start, 32, 4) != 0;
  header.has_snapshots = BigEndian(start, 60, 4) != 0;
  if (header.cluster_bits < 9 || header.cluster_bits > 21) return Damaged("its cluster size");
  size_t length = kVersion2;
  if (header.version == 3) {
    if (start.size() < kVersion3) return Damaged("it is cut off");
    const uint64_t features = BigEndian(start, 72, 8);
    header.dirty = (features & kDirty) != 0;
    header.corrupt = (features & kCorrupt) != 0;
    header.has_data_file = (features & kDataFile) != 0;
    header.unknown_features =
        features & ~(kDirty | kCorrupt | kDataFile | kCompressionType | kExtendedEntries);
    header.lazy_refcounts = (BigEndian(start, 80, 8) & 1) != 0;
    length = static_cast<size_t>(BigEndian(start, 100, 4));
    if (length < kVersion3 || length % 8 != 0) return Damaged("its length");
  }
  const size_t cluster = size_t{1} << header.cluster_bits;
  const size_t known = std::min(start.size(), cluster);
  if (length > known) return Damaged("its length");
  size_t extensions_end = known;
  if (backing_at != 0) {
    constexpr uint64_t kLongestName = 1023;
    if (backing_at < length || backing_size == 0 || backing_size > kLongestName ||
        backing_at > known || backing_size > known - backing_at) {
      return Damaged("the place of its backing file's name");
    }
    header.backing_file = std::string(start.substr(backing_at, backing_size));
    if (header.backing_file.find('\0') != std::string::npos) {
      return Damaged("its backing file's name");
    }
    extensions_end = static_cast<size_t>(backing_at);
  }
  if (absl::Status status = ParseExtensions(start, length, extensions_end, header); !status.ok()) {
    return status;
  }
  return header;
}

absl::Status WorkOnQcow2(const std::string& path, Qcow2Way way,
                         const std::function<absl::Status(const std::string& raw_path)>& work) {
  const absl::StatusOr<Image> image = OpenQcow2(path);
  if (!image.ok()) return image.status();
  return way == Qcow2Way::kConvert ? Convert(*image, work) : Commit(*image, path, work);
}

absl::Status ReadQcow2(const std::string& path,
                       const std::function<absl::Status(const std::string& raw_path)>& work) {
  const absl::StatusOr<Image> image = OpenQcow2(path);
  if (!image.ok()) return image.status();
  const char* given = std::getenv("TMPDIR");
  const std::string folder = given == nullptr || *given == '\0' ? "/tmp" : given;
  const absl::StatusOr<uint64_t> bytes = Measure(*image);
  if (!bytes.ok()) return bytes.status();
  if (const absl::Status status = CheckRoom(folder, *bytes + kRoom); !status.ok()) return status;
  std::string temporary = absl::StrCat(folder, "/cation-qcow2.XXXXXX");
  if (mkdtemp(temporary.data()) == nullptr) return SystemError(errno, folder);
  const std::string raw = temporary + "/raw";
  absl::Status status = Run({"convert", "-f", "qcow2", "-O", "raw", image->path, raw});
  if (status.ok()) status = work(raw);
  unlink(raw.c_str());
  rmdir(temporary.c_str());
  return status;
}

absl::Status MakeOverlay(const std::string& base, const std::string& overlay) {
  const absl::StatusOr<std::string> real_base = RealPath(base);
  if (!real_base.ok()) return real_base.status();
  const absl::StatusOr<bool> qcow2 = IsQcow2File(*real_base);
  if (!qcow2.ok()) return qcow2.status();
  const absl::StatusOr<std::string> folder = RealPath(FolderOf(overlay));
  if (!folder.ok()) return folder.status();
  const size_t slash = overlay.rfind('/');
  const std::string name = slash == std::string::npos ? overlay : overlay.substr(slash + 1);
  const std::string path = absl::StrCat(*folder == "/" ? "" : *folder, "/", name);
  // Nobody's file is overwritten: the name is taken before qemu-img fills it.
  const Descriptor place(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!place.ok()) return SystemError(errno, overlay);
  const absl::Status status =
      Run({"create", "-q", "-f", "qcow2", "-b", *real_base, "-F", *qcow2 ? "qcow2" : "raw", path});
  if (!status.ok()) unlink(path.c_str());
  return status;
}

}  // namespace cation::image
