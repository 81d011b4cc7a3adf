// SPDX-License-Identifier: MIT
#include "image/root_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "image/beneath.h"
#include "image/resolve.h"
#include "image/root_journal.h"
#include "image/system_error.h"
#include "image/tree.h"
#include "runtime/sys/posix/stat_time.h"

namespace cation::image {
namespace {

constexpr const char* kJournalFolder = ".cation-journal";
// Names in it, beside the slots "o<step>" (what was there) and "n<step>" (what is to be).
constexpr const char* kUncommitted = "journal.new";
constexpr const char* kCommitted = "journal";
constexpr const char* kTakingBack = "undo";

constexpr size_t kLargestFile = size_t{1} << 30;
constexpr size_t kLargestJournal = size_t{64} << 20;

// A path in a message: one line, whatever the names are.
std::string Shown(absl::string_view path) {
  if (path.empty()) return "the root folder";
  std::string shown(path);
  for (char& byte : shown) {
    if (static_cast<unsigned char>(byte) < ' ' || byte == '\x7f') byte = '?';
  }
  return shown;
}

absl::Status Error(int error, absl::string_view path) {
  absl::string_view words = std::strerror(error);
  if (error == ENOTDIR) {
    words = "something on the way is not a directory, or is a symbolic link";
  } else if (error == EXDEV) {
    words =
        "another filesystem is mounted there; changes are made only in the folder's own: name "
        "the mounted one itself";
  }
  return absl::Status(CodeOfError(error), absl::StrCat(Shown(path), ": ", words));
}

absl::Status Wrong(absl::string_view path, absl::string_view what) {
  return absl::FailedPreconditionError(absl::StrCat(Shown(path), ": ", what));
}

Holding HoldingOfMode(mode_t mode) {
  if (S_ISREG(mode)) return Holding::kFile;
  if (S_ISDIR(mode)) return Holding::kDirectory;
  return S_ISLNK(mode) ? Holding::kLink : Holding::kOther;
}

Attributes AttributesOf(const struct stat& status) {
  Attributes attributes;
  attributes.mode = S_ISLNK(status.st_mode) ? 0777 : status.st_mode & 07777;
  attributes.uid = status.st_uid;
  attributes.gid = status.st_gid;
  const timespec modified = sys::ModificationTimeOf(status);
  attributes.mtime = modified.tv_sec;
  attributes.mtime_nanoseconds = static_cast<uint32_t>(modified.tv_nsec);
  return attributes;
}

// The times for futimens: that of reading stays.
std::array<struct timespec, 2> TimesOf(const Attributes& attributes) {
  return {
      {{.tv_sec = 0, .tv_nsec = UTIME_OMIT},
       {.tv_sec = attributes.mtime, .tv_nsec = static_cast<long>(attributes.mtime_nanoseconds)}}};
}

// 0 and the names in a directory, or an errno. `directory` is open for reading.
int NamesIn(int directory, std::vector<std::string>& names) {
  // A new opening, so that the place in the directory is our own.
  const int own = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (own < 0) return errno;
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(fdopendir(own), closedir);
  if (stream == nullptr) {
    const int error = errno;
    close(own);
    return error;
  }
  for (;;) {
    errno = 0;
    const struct dirent* entry = readdir(stream.get());
    if (entry == nullptr) return errno;
    const std::string name = static_cast<const char*>(entry->d_name);
    if (name != "." && name != "..") names.push_back(name);
  }
}

// 0 and all of a file, or an errno; EFBIG where it is more than `limit`.
int ReadAll(int file, size_t limit, std::string& content) {
  constexpr size_t kPiece = size_t{1} << 16;
  for (;;) {
    const size_t size = content.size();
    if (size > limit) return EFBIG;
    content.resize(size + kPiece);
    const ssize_t count = read(file, &content[size], kPiece);
    content.resize(size + (count > 0 ? static_cast<size_t>(count) : 0));
    if (count < 0 && errno != EINTR) return errno;
    if (count == 0) return 0;
  }
}

std::string OldSlot(size_t step) { return absl::StrCat("o", step); }
std::string NewSlot(size_t step) { return absl::StrCat("n", step); }

bool IsSlot(absl::string_view name) {
  uint64_t step = 0;
  return name.size() > 1 && (name[0] == 'o' || name[0] == 'n') &&
         absl::SimpleAtoi(name.substr(1), &step);
}

bool IsReserved(absl::string_view path) {
  return path == kJournalFolder || absl::StartsWith(path, absl::StrCat(kJournalFolder, "/"));
}

}  // namespace

// What a path holds on the disk, and what it is to hold after the steps planned so far.
struct RootTree::Planned {
  Holding before = Holding::kNothing;
  Attributes attributes_before;
  uint64_t size_before = 0;

  Holding after = Holding::kNothing;
  Attributes attributes_after;
  bool changed = false;
  bool copied = false;             // the file's content is the one on the disk
  const Change* source = nullptr;  // else of its content, or target
};

RootTree::RootTree(Options options) : options_(std::move(options)), is_root_(geteuid() == 0) {}

// Makes a call that returns -1 and sets errno; returns 0 or the errno.
template <typename Function>
int RootTree::Call(absl::string_view name, Function function) {
  if (options_.before_call) {
    if (const int error = options_.before_call(name); error != 0) return error;
  }
  return function() < 0 ? errno : 0;
}

absl::StatusOr<std::unique_ptr<RootTree>> RootTree::Open(const std::string& folder,
                                                         const Options& options) {
  // Without the tree's name: the caller says it.
  const auto error_of = [](int error) {
    if (error == ENOTDIR) return absl::FailedPreconditionError("not a directory");
    return absl::Status(CodeOfError(error), std::strerror(error));
  };
  std::unique_ptr<RootTree> tree(new RootTree(options));
  tree->root_ = Descriptor(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!tree->root_.ok()) return error_of(errno);
  const int root = tree->root_.get();
  struct stat status = {};
  struct stat host = {};
  if (fstat(root, &status) != 0 || stat("/", &host) != 0) return error_of(errno);
  if (!options.allow_host_root && status.st_dev == host.st_dev && status.st_ino == host.st_ino) {
    return absl::FailedPreconditionError(
        "this is the root of the running system; name the folder where the image is mounted");
  }
  if (flock(root, (options.read_only ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      return absl::FailedPreconditionError("in use by another installer; try again when it ends");
    }
    return absl::Status(CodeOfError(errno),
                        absl::StrCat("the folder cannot be locked: ", std::strerror(errno)));
  }
  const long longest = fpathconf(root, _PC_NAME_MAX);
  if (longest > 0) tree->longest_name_ = longest;
  if (absl::Status recovered = tree->Recover(); !recovered.ok()) return recovered;
  return tree;
}

// ------------------------------------------------------------------------------------ looking

absl::Status RootTree::CheckPath(const std::string& path) const {
  if (!IsCanonical(path)) {
    return absl::InvalidArgumentError(absl::StrCat(Shown(path), ": not a canonical path"));
  }
  return absl::OkStatus();
}

absl::StatusOr<Descriptor> RootTree::Reach(const std::string& folder, For purpose,
                                           const std::string& path) {
  Descriptor directory;
  const int error = OpenDirectoryBeneath(root_.get(), folder,
                                         {.walk = options_.force_walk,
                                          .same_filesystem = purpose == For::kChange,
                                          .read = purpose != For::kReach},
                                         directory);
  if (error != 0) return Error(error, path);
  return directory;
}

absl::StatusOr<Descriptor> RootTree::OpenDirectory(const std::string& path, For purpose) {
  return Reach(path, purpose, path);
}

absl::StatusOr<Descriptor> RootTree::OpenParent(const std::string& path, For purpose) {
  return Reach(std::string(ParentOf(path)), purpose, path);
}

absl::StatusOr<Entry> RootTree::Look(const std::string& path) {
  if (absl::Status status = CheckPath(path); !status.ok()) return status;
  if (IsReserved(path)) return Error(ENOENT, path);
  const absl::StatusOr<Descriptor> parent = OpenParent(path, For::kReach);
  if (!parent.ok()) return parent.status();
  const std::string name = path.empty() ? "." : std::string(NameOf(path));
  struct stat status = {};
  if (fstatat(parent->get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return Error(errno, path);
  }
  Entry entry;
  entry.attributes = AttributesOf(status);
  switch (HoldingOfMode(status.st_mode)) {
    case Holding::kFile:
      entry.kind = Kind::kFile;
      entry.size = static_cast<uint64_t>(status.st_size);
      break;
    case Holding::kDirectory:
      entry.kind = Kind::kDirectory;
      break;
    case Holding::kLink: {
      entry.kind = Kind::kLink;
      std::string target(PATH_MAX, '\0');
      const ssize_t size = readlinkat(parent->get(), name.c_str(), target.data(), target.size());
      if (size < 0) return Error(errno, path);
      target.resize(static_cast<size_t>(size));
      entry.target = target;
      break;
    }
    case Holding::kOther:
    case Holding::kNothing:
      entry.kind = Kind::kOther;
      break;
  }
  return entry;
}

absl::StatusOr<std::string> RootTree::Read(const std::string& path) {
  const absl::StatusOr<Entry> entry = Look(path);
  if (!entry.ok()) return entry.status();
  if (entry->kind != Kind::kFile) return Wrong(path, "not a file");
  absl::StatusOr<Descriptor> parent = OpenParent(path, For::kReach);
  if (!parent.ok()) return parent.status();
  Descriptor file;
  if (const int error = OpenFileIn(parent->get(), std::string(NameOf(path)), file); error != 0) {
    return error == EINVAL ? Wrong(path, "not a file") : Error(error, path);
  }
  std::string content;
  if (const int error = ReadAll(file.get(), kLargestFile, content); error != 0) {
    if (error == EFBIG) {
      return absl::ResourceExhaustedError(absl::StrCat(Shown(path), ": more than 1 GiB"));
    }
    return Error(error, path);
  }
  return content;
}

absl::StatusOr<std::vector<std::string>> RootTree::List(const std::string& path) {
  const absl::StatusOr<Entry> entry = Look(path);
  if (!entry.ok()) return entry.status();
  if (entry->kind != Kind::kDirectory) return Wrong(path, "not a directory");
  absl::StatusOr<Descriptor> directory = OpenDirectory(path, For::kList);
  if (!directory.ok()) return directory.status();
  std::vector<std::string> names;
  if (const int error = NamesIn(directory->get(), names); error != 0) return Error(error, path);
  std::sort(names.begin(), names.end());
  if (path.empty())
    names.erase(std::remove(names.begin(), names.end(), kJournalFolder), names.end());
  return names;
}

// ------------------------------------------------------------------------------------ space

absl::StatusOr<Space> RootTree::GetSpace() {
  struct statvfs status = {};
  if (fstatvfs(root_.get(), &status) != 0) return Error(errno, "");
  return Space{.total_bytes = uint64_t{status.f_blocks} * status.f_frsize,
               .free_bytes = uint64_t{status.f_bavail} * status.f_frsize};
}

absl::StatusOr<uint64_t> RootTree::SpaceOf(const Plan& plan) {
  struct statvfs status = {};
  if (fstatvfs(root_.get(), &status) != 0) return Error(errno, "");
  const uint64_t block = std::max<uint64_t>(status.f_frsize, 512);
  // The journal's folder, the journal (a line is a path and some numbers), and what is to come:
  // whole blocks, one more for what describes them, and for its place in a directory.
  uint64_t blocks = 2;
  uint64_t journal = 0;
  for (const auto& [path, planned] : plan) {
    if (!planned.changed) continue;
    journal += path.size() * 4 + 160;
    if (planned.after == Holding::kNothing ||
        (planned.after == Holding::kDirectory && planned.before == Holding::kDirectory)) {
      continue;
    }
    uint64_t size = 0;
    if (planned.after == Holding::kFile) {
      size = planned.copied ? planned.size_before : planned.source->content.size();
    }
    const uint64_t whole = (size + block - 1) / block;
    blocks += whole + whole / 128 + 2;
  }
  return (blocks + (journal + block - 1) / block) * block;
}

absl::StatusOr<uint64_t> RootTree::SpaceFor(const std::vector<Change>& changes) {
  Plan plan;
  if (absl::Status status = MakePlan(changes, plan); !status.ok()) return status;
  return SpaceOf(plan);
}

absl::Status RootTree::CheckSpace(const Plan& plan) {
  const absl::StatusOr<uint64_t> bytes = SpaceOf(plan);
  if (!bytes.ok()) return bytes.status();
  struct statvfs status = {};
  if (fstatvfs(root_.get(), &status) != 0) return Error(errno, "");
  const uint64_t free = uint64_t{status.f_bavail} * status.f_frsize;
  if (*bytes > free) {
    return absl::ResourceExhaustedError(
        absl::StrCat("not enough space: ", *bytes, " bytes are needed, ", free, " are free"));
  }
  const auto comes = [](const auto& entry) { return entry.second.changed; };
  const auto entries = static_cast<uint64_t>(std::count_if(plan.begin(), plan.end(), comes)) + 2;
  // 0: the filesystem makes them as they are needed.
  if (status.f_files != 0 && status.f_favail < entries) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "not enough inodes: ", entries, " are needed, ", status.f_favail, " are free"));
  }
  return absl::OkStatus();
}

// ------------------------------------------------------------------------------------ planning

absl::StatusOr<RootTree::Planned*> RootTree::At(Plan& plan, const std::string& path) {
  const auto found = plan.find(path);
  if (found != plan.end()) return &found->second;
  Planned planned;
  const auto parent = plan.find(std::string(ParentOf(path)));
  // In a directory that is not on the disk yet there is nothing.
  const bool in_new =
      !path.empty() && parent != plan.end() && parent->second.before != Holding::kDirectory;
  if (static_cast<long>(NameOf(path).size()) > longest_name_) return Error(ENAMETOOLONG, path);
  if (!in_new) {
    const absl::StatusOr<Entry> entry = Look(path);
    if (!entry.ok() && !absl::IsNotFound(entry.status())) return entry.status();
    if (entry.ok()) {
      planned.attributes_before = entry->attributes;
      planned.size_before = entry->size;
      switch (entry->kind) {
        case Kind::kFile:
          planned.before = Holding::kFile;
          break;
        case Kind::kDirectory:
          planned.before = Holding::kDirectory;
          break;
        case Kind::kLink:
          planned.before = Holding::kLink;
          break;
        case Kind::kOther:
          planned.before = Holding::kOther;
          break;
      }
      planned.after = planned.before;
      planned.attributes_after = planned.attributes_before;
    }
  }
  return &plan.emplace(path, planned).first->second;
}

absl::Status RootTree::CheckWay(Plan& plan, const std::string& path) {
  if (const absl::Status status = CheckPath(path); !status.ok()) return status;
  if (IsReserved(path)) {
    return absl::InvalidArgumentError(
        absl::StrCat(Shown(path), ": this name is the installer's own"));
  }
  if (path.empty()) return absl::OkStatus();
  for (size_t slash = 0; slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const absl::StatusOr<Planned*> folder = At(plan, path.substr(0, slash));
    if (!folder.ok()) return folder.status();
    if ((*folder)->after == Holding::kNothing) return Error(ENOENT, path);
    if ((*folder)->after != Holding::kDirectory) return Error(ENOTDIR, path);
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> RootTree::IsEmpty(Plan& plan, const std::string& path) {
  if (path.empty()) return false;
  if (plan.at(path).before == Holding::kDirectory) {
    const absl::StatusOr<std::vector<std::string>> names = List(path);
    if (!names.ok()) return names.status();
    for (const std::string& name : *names) {
      const absl::StatusOr<Planned*> child = At(plan, JoinPath(path, name));
      if (!child.ok()) return child.status();
    }
  }
  const std::string below = path + "/";
  for (auto child = plan.lower_bound(below);
       child != plan.end() && absl::StartsWith(child->first, below); ++child) {
    if (child->second.after != Holding::kNothing) return false;
  }
  return true;
}

absl::Status RootTree::PlanChange(const Change& change, Plan& plan) {
  const std::string& path = change.path;
  if (const absl::Status status = CheckWay(plan, path); !status.ok()) return status;
  const absl::StatusOr<Planned*> at = At(plan, path);
  if (!at.ok()) return at.status();
  Planned& planned = **at;
  if (change.attributes.mode > 07777 || change.attributes.mtime_nanoseconds >= 1000000000) {
    return absl::InvalidArgumentError(absl::StrCat(Shown(path), ": impossible attributes"));
  }
  switch (change.action) {
    case Change::Action::kMakeDirectory:
      if (planned.after != Holding::kNothing) return Wrong(path, "exists");
      planned.after = Holding::kDirectory;
      break;
    case Change::Action::kWriteFile:
    case Change::Action::kMakeLink: {
      if (planned.after == Holding::kDirectory) return Wrong(path, "is a directory");
      if (planned.after == Holding::kOther) return Wrong(path, "is a special file");
      const bool file = change.action == Change::Action::kWriteFile;
      if (!file && (change.target.empty() || change.target.find('\0') != std::string::npos)) {
        return absl::InvalidArgumentError(
            absl::StrCat(Shown(path), ": a link needs a target without NUL bytes"));
      }
      planned.after = file ? Holding::kFile : Holding::kLink;
      planned.copied = false;
      planned.source = &change;
      break;
    }
    case Change::Action::kRemove: {
      if (planned.after == Holding::kNothing) return Error(ENOENT, path);
      if (planned.after == Holding::kOther) return Wrong(path, "is a special file");
      if (planned.after == Holding::kDirectory) {
        const absl::StatusOr<bool> empty = IsEmpty(plan, path);
        if (!empty.ok()) return empty.status();
        if (!*empty) return Wrong(path, "directory not empty");
      }
      planned.after = Holding::kNothing;
      break;
    }
    case Change::Action::kSetAttributes:
      if (planned.after == Holding::kNothing) return Error(ENOENT, path);
      if (planned.after != Holding::kFile && planned.after != Holding::kDirectory) {
        return Wrong(path, "neither a file nor a directory");
      }
      if (planned.after == Holding::kFile && planned.source == nullptr) planned.copied = true;
      break;
  }
  planned.changed = true;
  planned.attributes_after = change.attributes;
  return absl::OkStatus();
}

absl::Status RootTree::MakePlan(const std::vector<Change>& changes, Plan& plan) {
  for (const Change& change : changes) {
    if (const absl::Status status = PlanChange(change, plan); !status.ok()) return status;
  }
  // Made and removed again, or never touched: nothing to do.
  for (auto entry = plan.begin(); entry != plan.end();) {
    const Planned& planned = entry->second;
    const bool nothing = planned.before == Holding::kNothing && planned.after == Holding::kNothing;
    entry = planned.changed && !nothing ? std::next(entry) : plan.erase(entry);
  }
  return absl::OkStatus();
}

// What would fail later, and be taken back, is better refused now.
absl::Status RootTree::CheckPermissions(const Plan& plan) {
  std::set<std::string> done;
  for (const auto& [path, planned] : plan) {
    const bool stays =
        planned.before == Holding::kDirectory && planned.after == Holding::kDirectory;
    if (stays && !is_root_ && planned.attributes_before.uid != geteuid()) {
      return absl::PermissionDeniedError(
          absl::StrCat(Shown(path), ": belongs to user ", planned.attributes_before.uid));
    }
    // A directory that goes must not be the place of a mount.
    if (planned.before == Holding::kDirectory && !stays) {
      Descriptor directory;
      const int error = OpenDirectoryBeneath(
          root_.get(), path, {.walk = options_.force_walk, .same_filesystem = true}, directory);
      if (error != 0) return Error(error, path);
    }
    const std::string folder = stays ? path : std::string(ParentOf(path));
    const auto parent = plan.find(folder);
    if ((parent != plan.end() && parent->second.before != Holding::kDirectory) ||
        (!stays && !done.insert(folder).second)) {
      continue;
    }
    const absl::StatusOr<Descriptor> directory = OpenDirectory(folder, For::kChange);
    if (!directory.ok()) return directory.status();
    if (!stays && faccessat(directory->get(), ".", W_OK | X_OK, AT_EACCESS) != 0) {
      return Error(errno, folder);
    }
  }
  return absl::OkStatus();
}

// ------------------------------------------------------------------------------------ staging

absl::Status RootTree::OpenJournal(bool make) {
  const int root = root_.get();
  if (make) {
    if (const int error = Call("mkdir", [root] { return mkdirat(root, kJournalFolder, 0700); });
        error != 0) {
      return Error(error, error == EEXIST ? kJournalFolder : "");
    }
  }
  Descriptor folder;
  if (const int error = OpenDirectoryBeneath(
          root, kJournalFolder,
          {.walk = options_.force_walk, .same_filesystem = true, .read = true}, folder);
      error != 0) {
    if (error == ENOENT) return Error(error, kJournalFolder);
    return Wrong(kJournalFolder, "this name is the installer's own; remove what is there");
  }
  struct stat status = {};
  if (fstat(folder.get(), &status) != 0) return Error(errno, kJournalFolder);
  if (status.st_uid != geteuid() || (status.st_mode & 022) != 0) {
    return Wrong(kJournalFolder,
                 absl::StrCat("belongs to user ", status.st_uid, ", or others can write there; ",
                              "work as that user, or remove it if it is not an installer's"));
  }
  journal_ = std::move(folder);
  return absl::OkStatus();
}

// A new file in the journal's folder, with its content and attributes, on the disk.
absl::Status RootTree::WriteStaged(const std::string& name, const std::string& content,
                                   const Attributes& attributes, const std::string& path) {
  const int folder = journal_.get();
  Descriptor file;
  int error = Call("open", [&file, folder, &name] {
    file = Descriptor(
        openat(folder, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    return file.get();
  });
  if (error != 0) return Error(error, path);
  for (size_t done = 0; done < content.size();) {
    ssize_t count = 0;
    error = Call("write", [&file, &content, done, &count] {
      count = write(file.get(), content.data() + done, content.size() - done);
      return static_cast<int>(count < 0 ? -1 : 0);
    });
    if (error != 0 && error != EINTR) return Error(error, path);
    if (error == 0) done += static_cast<size_t>(count);
  }
  if (const absl::Status status = SetAttributes(file.get(), attributes, path); !status.ok()) {
    return status;
  }
  error = Call("fsync", [&file] { return fsync(file.get()); });
  return error == 0 ? absl::OkStatus() : Error(error, path);
}

// Of a file or directory. The owner comes before the mode: changing it clears setuid bits.
absl::Status RootTree::SetAttributes(int descriptor, const Attributes& attributes,
                                     const std::string& path) {
  const auto cannot = [&path](int error, absl::string_view what) {
    if (error != EPERM && error != EOPNOTSUPP && error != EINVAL) return Error(error, path);
    return absl::UnimplementedError(
        absl::StrCat(Shown(path), ": this filesystem does not keep ", what));
  };
  struct stat status = {};
  if (fstat(descriptor, &status) != 0) return Error(errno, path);
  if (is_root_ && (status.st_uid != attributes.uid || status.st_gid != attributes.gid)) {
    const int error = Call("chown", [descriptor, &attributes] {
      return fchown(descriptor, attributes.uid, attributes.gid);
    });
    if (error != 0) {
      return cannot(error, absl::StrCat("the owner ", attributes.uid, ":", attributes.gid));
    }
  }
  int error = Call("chmod", [descriptor, &attributes] {
    return fchmod(descriptor, static_cast<mode_t>(attributes.mode));
  });
  if (error == 0 && fstat(descriptor, &status) != 0) return Error(errno, path);
  if (error == 0 && (status.st_mode & 07777) != attributes.mode) error = EPERM;
  if (error != 0) {
    std::array<char, 16> octal = {};
    std::snprintf(octal.data(), octal.size(), "%04o", attributes.mode);
    return cannot(error, absl::StrCat("the mode ", octal.data()));
  }
  const std::array<struct timespec, 2> times = TimesOf(attributes);
  error = Call("utimens", [descriptor, &times] { return futimens(descriptor, times.data()); });
  if (error != 0) return cannot(error, "this time of change");
  return absl::OkStatus();
}

absl::Status RootTree::Stage(const Planned& planned, const std::string& path,
                             const std::string& slot) {
  const int folder = journal_.get();
  switch (planned.after) {
    case Holding::kFile: {
      if (!planned.copied) {
        return WriteStaged(slot, planned.source->content, planned.attributes_after, path);
      }
      const absl::StatusOr<std::string> content = Read(path);
      if (!content.ok()) return content.status();
      return WriteStaged(slot, *content, planned.attributes_after, path);
    }
    case Holding::kDirectory: {
      // Its attributes come when all that goes into it is there.
      const int error =
          Call("mkdir", [folder, &slot] { return mkdirat(folder, slot.c_str(), 0700); });
      return error == 0 ? absl::OkStatus() : Error(error, path);
    }
    case Holding::kLink: {
      int error = Call("symlink", [folder, &slot, &planned] {
        return symlinkat(planned.source->target.c_str(), folder, slot.c_str());
      });
      if (error == EPERM || error == EOPNOTSUPP || error == ENOSYS) {
        return absl::UnimplementedError(
            absl::StrCat(Shown(path), ": this filesystem has no symbolic links"));
      }
      if (error != 0) return Error(error, path);
      const Attributes& attributes = planned.attributes_after;
      if (is_root_ && (attributes.uid != 0 || attributes.gid != 0)) {
        error = Call("chown", [folder, &slot, &attributes] {
          return fchownat(folder, slot.c_str(), attributes.uid, attributes.gid,
                          AT_SYMLINK_NOFOLLOW);
        });
        if (error != 0) return Error(error, path);
      }
      const std::array<struct timespec, 2> times = TimesOf(attributes);
      error = Call("utimens", [folder, &slot, &times] {
        return utimensat(folder, slot.c_str(), times.data(), AT_SYMLINK_NOFOLLOW);
      });
      return error == 0 ? absl::OkStatus() : Error(error, path);
    }
    case Holding::kNothing:
    case Holding::kOther:
      break;
  }
  return absl::OkStatus();
}

absl::Status RootTree::StageAll(const Plan& plan, Journal& journal) {
  for (const auto& [path, planned] : plan) {
    JournalStep step;
    step.path = path;
    step.before = planned.before;
    step.after = planned.after;
    if (planned.before == Holding::kDirectory) step.attributes_before = planned.attributes_before;
    if (planned.after == Holding::kDirectory) step.attributes_after = planned.attributes_after;
    // Else the time of the root changes by right, or to what is asked.
    if (path.empty()) {
      journal.restore_root = true;
      journal.root_mtime = planned.attributes_after.mtime;
      journal.root_mtime_nanoseconds = planned.attributes_after.mtime_nanoseconds;
    } else if (ParentOf(path).empty() && plan.count("") == 0) {
      journal.restore_root = false;
    }
    if (step.Comes()) {
      if (const absl::Status status = Stage(planned, path, NewSlot(journal.steps.size()));
          !status.ok()) {
        return status;
      }
    }
    journal.steps.push_back(std::move(step));
  }
  return absl::OkStatus();
}

absl::Status RootTree::Commit(const Journal& journal) {
  Attributes attributes;
  attributes.mode = 0600;
  attributes.uid = geteuid();
  attributes.gid = getegid();
  if (const absl::Status status =
          WriteStaged(kUncommitted, FormatJournal(journal), attributes, kJournalFolder);
      !status.ok()) {
    return status;
  }
  const int folder = journal_.get();
  const int root = root_.get();
  int error = Call("fsync", [folder] { return fsync(folder); });
  if (error == 0) error = Call("fsync", [root] { return fsync(root); });
  if (error == 0) {
    error = Call("rename", [folder] { return renameat(folder, kUncommitted, folder, kCommitted); });
  }
  if (error == 0) error = Call("fsync", [folder] { return fsync(folder); });
  return error == 0 ? absl::OkStatus() : Error(error, kJournalFolder);
}

absl::Status RootTree::Apply(const std::vector<Change>& changes) {
  if (options_.read_only) return absl::PermissionDeniedError("the folder is open for reading only");
  // What an earlier call could not put away.
  if (const absl::Status status = Recover(); !status.ok()) return status;
  Plan plan;
  if (const absl::Status status = MakePlan(changes, plan); !status.ok()) return status;
  if (plan.empty()) return absl::OkStatus();
  if (const absl::Status status = CheckPermissions(plan); !status.ok()) return status;
  if (const absl::Status status = CheckSpace(plan); !status.ok()) return status;
  struct stat root = {};
  if (fstat(root_.get(), &root) != 0) return Error(errno, "");

  Journal journal;
  journal.restore_root = true;
  const timespec modified = sys::ModificationTimeOf(root);
  journal.root_mtime = modified.tv_sec;
  journal.root_mtime_nanoseconds = static_cast<uint32_t>(modified.tv_nsec);
  const Journal untouched = journal;
  absl::Status status = OpenJournal(true);
  if (status.ok()) status = StageAll(plan, journal);
  if (status.ok()) status = Commit(journal);
  if (!status.ok()) {
    // What cannot be removed now, the next opening removes.
    RemoveJournal(&untouched).IgnoreError();
    return status;
  }
  status = Redo(journal);
  if (!status.ok()) return TakeBack(journal, status);
  // It is done, and on the disk; what is left of the journal would only say so again.
  RemoveJournal(&journal).IgnoreError();
  return absl::OkStatus();
}

// ------------------------------------------------------------------------------------ doing

Holding RootTree::HoldingOf(int directory, const std::string& name) const {
  struct stat status = {};
  if (fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return errno == ENOENT ? Holding::kNothing : Holding::kOther;
  }
  return HoldingOfMode(status.st_mode);
}

bool RootTree::HasSlot(const std::string& slot) const {
  return HoldingOf(journal_.get(), slot) != Holding::kNothing;
}

int RootTree::Move(int from_directory, const std::string& from, int to_directory,
                   const std::string& to, bool replace) {
  const auto move = [this, from_directory, &from, to_directory, &to, replace] {
    return Call("rename", [from_directory, &from, to_directory, &to, replace] {
      if (replace) return renameat(from_directory, from.c_str(), to_directory, to.c_str());
      errno = RenameWithoutReplacing(from_directory, from, to_directory, to);
      return errno == 0 ? 0 : -1;
    });
  };
  const int error = move();
  if (error != EACCES || is_root_) return error;
  // A directory without write permission does not move to another parent.
  const Descriptor directory(
      openat(from_directory, from.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!directory.ok()) return error;
  if (Call("chmod", [&directory] { return fchmod(directory.get(), 0700); }) != 0) return error;
  return move();
}

absl::Status RootTree::MoveOut(const JournalStep& step, const std::string& old_slot) {
  if (HasSlot(old_slot)) return absl::OkStatus();
  const absl::StatusOr<Descriptor> parent = OpenParent(step.path, For::kChange);
  if (!parent.ok()) return parent.status();
  const int error = Move(parent->get(), std::string(NameOf(step.path)), journal_.get(), old_slot,
                         /*replace=*/false);
  if (error != 0) return Error(error, step.path);
  if (HoldingOf(journal_.get(), old_slot) != step.before) {
    return Wrong(step.path, "has been changed meanwhile");
  }
  if (step.before == Holding::kDirectory) {
    const Descriptor directory(
        openat(journal_.get(), old_slot.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    std::vector<std::string> names;
    if (!directory.ok()) return Error(errno, step.path);
    if (const int failed = NamesIn(directory.get(), names); failed != 0) {
      return Error(failed, step.path);
    }
    if (!names.empty()) return Wrong(step.path, "has been filled meanwhile");
  }
  return absl::OkStatus();
}

absl::Status RootTree::MoveIn(const JournalStep& step, const std::string& old_slot,
                              const std::string& new_slot) {
  if (!HasSlot(new_slot)) return absl::OkStatus();
  const absl::StatusOr<Descriptor> parent = OpenParent(step.path, For::kChange);
  if (!parent.ok()) return parent.status();
  const std::string name(NameOf(step.path));
  const int folder = journal_.get();
  if (step.Swaps() && !HasSlot(old_slot)) {
    // A second name for the original keeps the first in its place until the new one comes.
    int error = Call("link", [&parent, &name, folder, &old_slot] {
      return linkat(parent->get(), name.c_str(), folder, old_slot.c_str(), 0);
    });
    // Hard links to others' files may be forbidden, and many filesystems have none.
    if (error == EPERM || error == EACCES || error == EOPNOTSUPP || error == ENOSYS ||
        error == EMLINK || error == EINVAL) {
      error = Move(parent->get(), name, folder, old_slot, /*replace=*/false);
    }
    if (error != 0) return Error(error, step.path);
    const Holding old = HoldingOf(folder, old_slot);
    if (old != Holding::kFile && old != Holding::kLink) {
      return Wrong(step.path, "has been changed meanwhile");
    }
  }
  const int error = Move(folder, new_slot, parent->get(), name, /*replace=*/step.Swaps());
  if (error == EEXIST) return Wrong(step.path, "has appeared meanwhile");
  return error == 0 ? absl::OkStatus() : Error(error, step.path);
}

absl::Status RootTree::SetDirectory(const std::string& path, const Attributes& attributes) {
  const absl::StatusOr<Descriptor> directory = OpenDirectory(path, For::kChange);
  if (!directory.ok()) return directory.status();
  if (const absl::Status status = SetAttributes(directory->get(), attributes, path); !status.ok()) {
    return status;
  }
  const int error = Call("fsync", [&directory] { return fsync(directory->get()); });
  return error == 0 ? absl::OkStatus() : Error(error, path);
}

absl::Status RootTree::SyncParents(const Journal& journal) {
  std::set<std::string> parents;
  for (const JournalStep& step : journal.steps) {
    if (!step.Stays()) parents.emplace(ParentOf(step.path));
  }
  for (const std::string& path : parents) {
    const absl::StatusOr<Descriptor> directory = OpenDirectory(path, For::kChange);
    // One that has been removed with what was in it needs none.
    if (absl::IsNotFound(directory.status()) || absl::IsFailedPrecondition(directory.status())) {
      continue;
    }
    if (!directory.ok()) return directory.status();
    const int error = Call("fsync", [&directory] { return fsync(directory->get()); });
    if (error != 0) return Error(error, path);
  }
  const int error = Call("fsync", [this] { return fsync(journal_.get()); });
  return error == 0 ? absl::OkStatus() : Error(error, kJournalFolder);
}

absl::Status RootTree::Redo(const Journal& journal) {
  const std::vector<JournalStep>& steps = journal.steps;
  // What is in a directory comes after it in the order of the paths.
  for (size_t i = steps.size(); i-- > 0;) {
    if (!steps[i].Leaves()) continue;
    if (const absl::Status status = MoveOut(steps[i], OldSlot(i)); !status.ok()) return status;
  }
  for (size_t i = 0; i < steps.size(); ++i) {
    if (!steps[i].Comes()) continue;
    if (const absl::Status status = MoveIn(steps[i], OldSlot(i), NewSlot(i)); !status.ok()) {
      return status;
    }
  }
  if (const absl::Status status = SyncParents(journal); !status.ok()) return status;
  for (size_t i = steps.size(); i-- > 0;) {
    if (steps[i].after != Holding::kDirectory) continue;
    if (const absl::Status status = SetDirectory(steps[i].path, steps[i].attributes_after);
        !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

// ------------------------------------------------------------------------------------ undoing

// The reverse of MoveIn().
absl::Status RootTree::TakeOut(const JournalStep& step, const std::string& old_slot,
                               const std::string& new_slot) {
  const std::string name(NameOf(step.path));
  // Not come yet, or gone again; and what has left is back already where there is no slot of it.
  if (step.Swaps() ? !HasSlot(old_slot)
                   : HasSlot(new_slot) || (step.Leaves() && !HasSlot(old_slot))) {
    return absl::OkStatus();
  }
  const absl::StatusOr<Descriptor> parent = OpenParent(step.path, For::kChange);
  if (absl::IsNotFound(parent.status())) return absl::OkStatus();
  if (!parent.ok()) return parent.status();
  if (step.Swaps()) {
    const int error = Move(journal_.get(), old_slot, parent->get(), name, /*replace=*/true);
    return error == 0 ? absl::OkStatus() : Error(error, step.path);
  }
  if (step.after == Holding::kDirectory) {
    const Descriptor directory(
        openat(parent->get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    std::vector<std::string> names;
    // Somebody has put something into it: it stays, as theirs.
    if (directory.ok() && NamesIn(directory.get(), names) == 0 && !names.empty()) {
      return absl::OkStatus();
    }
  }
  const int error = Move(parent->get(), name, journal_.get(), new_slot, /*replace=*/false);
  return error == 0 || error == ENOENT ? absl::OkStatus() : Error(error, step.path);
}

// The reverse of MoveOut().
absl::Status RootTree::PutBack(const JournalStep& step, const std::string& old_slot) {
  if (!HasSlot(old_slot)) return absl::OkStatus();
  const absl::StatusOr<Descriptor> parent = OpenParent(step.path, For::kChange);
  if (!parent.ok()) return parent.status();
  const int error = Move(journal_.get(), old_slot, parent->get(), std::string(NameOf(step.path)),
                         /*replace=*/false);
  return error == 0 ? absl::OkStatus() : Error(error, step.path);
}

absl::Status RootTree::Undo(const Journal& journal) {
  const std::vector<JournalStep>& steps = journal.steps;
  absl::Status first;
  const auto note = [&first](const absl::Status& status) { first.Update(status); };
  // Directories get their attributes at the end; but what was writable has to be so before.
  const auto set_directories = [this, &steps, &note](bool all) {
    for (size_t i = steps.size(); i-- > 0;) {
      if (steps[i].before != Holding::kDirectory || (!all && !steps[i].Stays())) continue;
      // What has not been touched, and perhaps cannot be (a mount is on it), is left alone.
      if (!steps[i].Stays()) {
        const absl::StatusOr<Entry> entry = Look(steps[i].path);
        if (entry.ok() && entry->attributes == steps[i].attributes_before) continue;
      }
      note(SetDirectory(steps[i].path, steps[i].attributes_before));
    }
  };
  set_directories(/*all=*/false);
  for (size_t i = steps.size(); i-- > 0;) {
    if (steps[i].Comes()) note(TakeOut(steps[i], OldSlot(i), NewSlot(i)));
  }
  for (size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].Leaves()) note(PutBack(steps[i], OldSlot(i)));
  }
  if (!first.ok()) return first;
  note(SyncParents(journal));
  set_directories(/*all=*/true);
  return first;
}

absl::Status RootTree::TakeBack(const Journal& journal, const absl::Status& status) {
  const auto unfinished = [&status](const absl::Status& second) {
    return absl::Status(
        status.code(),
        absl::StrCat(status.message(), "; taking the changes back failed too (", second.message(),
                     "): run any command that writes to this folder when that is mended"));
  };
  const int folder = journal_.get();
  // From here on it goes back, whoever does it.
  int error =
      Call("rename", [folder] { return renameat(folder, kCommitted, folder, kTakingBack); });
  if (error == 0) error = Call("fsync", [folder] { return fsync(folder); });
  if (error != 0) return unfinished(Error(error, kJournalFolder));
  if (const absl::Status undone = Undo(journal); !undone.ok()) return unfinished(undone);
  if (const absl::Status removed = RemoveJournal(&journal); !removed.ok()) {
    return unfinished(removed);
  }
  return status;
}

// ------------------------------------------------------------------------------------ recovery

absl::StatusOr<Journal> RootTree::ReadJournal(const std::string& name) {
  Descriptor file;
  if (const int error = OpenFileIn(journal_.get(), name, file); error != 0) {
    return Error(error, JoinPath(kJournalFolder, name));
  }
  struct stat status = {};
  if (fstat(file.get(), &status) != 0) return Error(errno, kJournalFolder);
  if (status.st_uid != geteuid() || status.st_nlink != 1 || (status.st_mode & 022) != 0) {
    return Wrong(JoinPath(kJournalFolder, name), "is not written by this user alone");
  }
  std::string text;
  if (const int error = ReadAll(file.get(), kLargestJournal, text); error != 0) {
    return Error(error, JoinPath(kJournalFolder, name));
  }
  absl::StatusOr<Journal> journal = ParseJournal(text);
  if (!journal.ok()) {
    return absl::Status(
        journal.status().code(),
        absl::StrCat(JoinPath(kJournalFolder, name), ": ", journal.status().message(),
                     "; o0, o1, ... beside it are replaced originals: look at them, then remove ",
                     kJournalFolder));
  }
  for (const JournalStep& step : journal->steps) {
    if (IsReserved(step.path)) {
      return absl::DataLossError(
          absl::StrCat(JoinPath(kJournalFolder, name), ": it would change itself"));
    }
  }
  return journal;
}

absl::Status RootTree::Recover() {
  journal_.Close();
  if (HoldingOf(root_.get(), kJournalFolder) == Holding::kNothing) return absl::OkStatus();
  if (options_.read_only) {
    // Not yet committed: it is as if it were not there.
    Descriptor folder;
    const int error =
        OpenDirectoryBeneath(root_.get(), kJournalFolder, {.walk = options_.force_walk}, folder);
    if (error != 0) {
      return Wrong(kJournalFolder, "this name is the installer's own; remove what is there");
    }
    if (HoldingOf(folder.get(), kCommitted) == Holding::kNothing &&
        HoldingOf(folder.get(), kTakingBack) == Holding::kNothing) {
      return absl::OkStatus();
    }
    return absl::FailedPreconditionError(
        "a change was interrupted here: run a command that writes (install, rollback) to finish "
        "it");
  }
  if (const absl::Status status = OpenJournal(false); !status.ok()) return status;
  if (HoldingOf(journal_.get(), kTakingBack) != Holding::kNothing) {
    const absl::StatusOr<Journal> journal = ReadJournal(kTakingBack);
    if (!journal.ok()) return journal.status();
    if (const absl::Status status = Undo(*journal); !status.ok()) return status;
    return RemoveJournal(&*journal);
  }
  if (HoldingOf(journal_.get(), kCommitted) == Holding::kNothing) return RemoveJournal(nullptr);
  const absl::StatusOr<Journal> journal = ReadJournal(kCommitted);
  if (!journal.ok()) return journal.status();
  const absl::Status status = Redo(*journal);
  if (status.ok()) return RemoveJournal(&*journal);
  // Taken back is as good for an opening, if it can be.
  const absl::Status back = TakeBack(*journal, status);
  return HoldingOf(root_.get(), kJournalFolder) == Holding::kNothing ? absl::OkStatus() : back;
}

absl::Status RootTree::RemoveJournal(const Journal* journal) {
  if (!journal_.ok()) return absl::OkStatus();
  const int folder = journal_.get();
  const int root = root_.get();
  int error = 0;
  const auto remove = [this, folder](const std::string& name) {
    const int flags = HoldingOf(folder, name) == Holding::kDirectory ? AT_REMOVEDIR : 0;
    const int failed =
        Call("unlink", [folder, &name, flags] { return unlinkat(folder, name.c_str(), flags); });
    return failed == ENOENT ? 0 : failed;
  };
  // First what says that there is something to do; the rest is litter then.
  for (const char* name : {kCommitted, kTakingBack}) {
    if (HasSlot(name)) error = error != 0 ? error : remove(name);
  }
  if (error == 0) error = Call("fsync", [folder] { return fsync(folder); });
  if (error != 0) return Error(error, kJournalFolder);
  std::vector<std::string> names;
  if (error = NamesIn(folder, names); error != 0) return Error(error, kJournalFolder);
  for (const std::string& name : names) {
    if (name != kUncommitted && !IsSlot(name)) {
      return Wrong(JoinPath(kJournalFolder, name), "is not the installer's; move it away");
    }
  }
  for (const std::string& name : names) {
    if (error = remove(name); error != 0) return Error(error, JoinPath(kJournalFolder, name));
  }
  error = Call("rmdir", [root] { return unlinkat(root, kJournalFolder, AT_REMOVEDIR); });
  if (error != 0) return Error(error, kJournalFolder);
  journal_.Close();
  if (journal != nullptr && journal->restore_root) {
    Attributes attributes;
    attributes.mtime = journal->root_mtime;
    attributes.mtime_nanoseconds = journal->root_mtime_nanoseconds;
    const std::array<struct timespec, 2> times = TimesOf(attributes);
    // Only an owner may; a time is no reason to fail.
    static_cast<void>(Call("utimens", [root, &times] { return futimens(root, times.data()); }));
  }
  error = Call("fsync", [root] { return fsync(root); });
  return error == 0 ? absl::OkStatus() : Error(error, "");
}

}  // namespace cation::image
