// SPDX-License-Identifier: MIT
#include "image/initfs_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "image/initfs.h"
#include "image/resolve.h"
#include "image/system_error.h"
#include "image/tree.h"
#include "runtime/sys/posix/close_on_exec.h"

namespace cation::image {
namespace {

constexpr absl::string_view kSchemeRoot = "/scheme/initfs";
// Between the dot and name of the archive, and six characters of mkstemp's.
constexpr absl::string_view kTemporary = ".cation-";

absl::Status WriteAll(int descriptor, absl::string_view bytes, absl::string_view what) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return SystemError(errno, what);
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadAll(int descriptor, uint64_t size, absl::string_view what) {
  std::string bytes(size, '\0');
  uint64_t at = 0;
  while (at < size) {
    const ssize_t got = pread(descriptor, bytes.data() + at, size - at, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError(errno, what);
    if (got == 0) return absl::FailedPreconditionError(absl::StrCat(what, ": becomes shorter"));
    at += static_cast<uint64_t>(got);
  }
  return bytes;
}

// "/a/b" of any path as seen from `folder`, as text, without ".", ".." (which stops at the root).
std::vector<std::string> Normalized(absl::string_view folder, absl::string_view path) {
  std::vector<std::string> components;
  if (!absl::StartsWith(path, "/")) components = absl::StrSplit(folder, '/', absl::SkipEmpty());
  for (const absl::string_view component : absl::StrSplit(path, '/', absl::SkipEmpty())) {
    if (component == ".") continue;
    if (component != "..") {
      components.emplace_back(component);
    } else if (!components.empty()) {
      components.pop_back();
    }
  }
  return components;
}

// The way from one folder to something.
std::string RelativeFrom(absl::string_view folder, const std::vector<std::string>& to) {
  const std::vector<std::string> from = absl::StrSplit(folder, '/', absl::SkipEmpty());
  size_t same = 0;
  while (same < from.size() && same < to.size() && from[same] == to[same]) ++same;
  std::vector<std::string> way(from.size() - same, "..");
  way.insert(way.end(), to.begin() + static_cast<std::ptrdiff_t>(same), to.end());
  return way.empty() ? "." : absl::StrJoin(way, "/");
}

// "name:...", as older programs write a scheme's path.
bool IsOldSchemePath(absl::string_view path) {
  const size_t colon = path.find(':');
  return colon != absl::string_view::npos && colon > 0 && path.find('/') > colon;
}

bool IsInInitfs(const std::vector<std::string>& components) {
  return components.size() >= 2 && components[0] == "scheme" && components[1] == "initfs";
}

Initfs::Metadata MetadataOf(const Attributes& attributes) {
  return {.mode = attributes.mode & 07777, .uid = attributes.uid, .gid = attributes.gid};
}

absl::Status ApplyTo(Initfs& archive, const Change& change) {
  switch (change.action) {
    case Change::Action::kMakeDirectory:
      return archive.MakeDirectory(change.path, MetadataOf(change.attributes));
    case Change::Action::kWriteFile:
      return archive.WriteFile(change.path, change.content, MetadataOf(change.attributes));
    case Change::Action::kMakeLink: {
      const absl::StatusOr<std::string> target = StoredLinkTarget(change.path, change.target);
      if (!target.ok()) return target.status();
      Initfs::Metadata metadata = MetadataOf(change.attributes);
      metadata.mode = 0777;
      return archive.MakeLink(change.path, *target, metadata);
    }
    case Change::Action::kRemove:
      return archive.Remove(change.path);
    case Change::Action::kSetAttributes:
      return archive.SetMetadata(change.path, MetadataOf(change.attributes));
  }
  return absl::InternalError("no such action");
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

// What a run that was killed has left. Only for who has locked the archive.
void RemoveLeftovers(const std::string& real_path) {
  const std::string folder = FolderOf(real_path);
  const std::string prefix = absl::StrCat(".", NameOf(real_path), kTemporary);
  DIR* directory = opendir(folder.c_str());
  if (directory == nullptr) return;
  while (const dirent* entry = readdir(directory)) {
    const absl::string_view name = entry->d_name;
    if (absl::StartsWith(name, prefix) && name.size() == prefix.size() + 6) {
      unlinkat(dirfd(directory), entry->d_name, 0);
    }
  }
  closedir(directory);
}

}  // namespace

std::string TreeLinkTarget(absl::string_view link_path, absl::string_view stored_target) {
  if (IsOldSchemePath(stored_target)) return std::string(stored_target);
  std::vector<std::string> components = Normalized("", stored_target);
  if (!IsInInitfs(components)) return absl::StrCat("/", absl::StrJoin(components, "/"));
  components.erase(components.begin(), components.begin() + 2);
  return RelativeFrom(ParentOf(link_path), components);
}

absl::StatusOr<std::string> StoredLinkTarget(absl::string_view link_path,
                                             absl::string_view tree_target) {
  std::string stored;
  if (IsOldSchemePath(tree_target)) {
    stored = std::string(tree_target);
  } else if (absl::StartsWith(tree_target, "/")) {
    stored = tree_target == "/" ? "/" : std::string(tree_target.substr(1));
  } else if (!tree_target.empty()) {
    const std::vector<std::string> to = Normalized(ParentOf(link_path), tree_target);
    stored = absl::StrCat(kSchemeRoot, to.empty() ? "" : "/", absl::StrJoin(to, "/"));
  }
  const std::string back = stored.empty() ? "" : TreeLinkTarget(link_path, stored);
  if (tree_target.empty() || back != tree_target) {
    return absl::UnimplementedError(
        absl::StrCat(link_path, ": an initfs archive cannot hold the link target \"", tree_target,
                     "\"", back.empty() ? "" : absl::StrCat("; use \"", back, "\"")));
  }
  return stored;
}

absl::StatusOr<std::unique_ptr<InitfsTree>> InitfsTree::Open(const std::string& path,
                                                             const Options& options) {
  // Twice at most: another run may replace the file between opening and locking it.
  for (int attempt = 0;; ++attempt) {
    char* const resolved = realpath(path.c_str(), nullptr);
    if (resolved == nullptr) return SystemError(errno, path);
    const std::string real_path = resolved;
    free(resolved);
    const int descriptor = open(real_path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) return SystemError(errno, path);
    auto close_descriptor = absl::MakeCleanup([descriptor] { close(descriptor); });
    struct stat status = {};
    if (fstat(descriptor, &status) != 0) return SystemError(errno, path);
    if (!S_ISREG(status.st_mode)) {
      return absl::FailedPreconditionError(absl::StrCat(path, ": not a regular file"));
    }
    if (!options.read_only) {
      if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return SystemError(errno, path);
        return absl::FailedPreconditionError(
            absl::StrCat(path, ": in use by another program; try again when that has ended"));
      }
      struct stat now = {};
      if (stat(real_path.c_str(), &now) != 0 || now.st_ino != status.st_ino ||
          now.st_dev != status.st_dev) {
        if (attempt < 2) continue;
        return absl::FailedPreconditionError(
            absl::StrCat(path, ": replaced again and again by another program"));
      }
      // Root may write it all the same; whoever took the write bits away meant something by it.
      if ((status.st_mode & 0222) == 0 || access(real_path.c_str(), W_OK) != 0) {
        return absl::PermissionDeniedError(
            absl::StrCat(path, ": read-only; chmod u+w it if it is to be changed"));
      }
      if (status.st_nlink > 1) {
        return absl::FailedPreconditionError(
            absl::StrCat(path, ": has ", status.st_nlink,
                         " hard links, and a change would part them; copy it first"));
      }
    }
    const auto size = static_cast<uint64_t>(status.st_size);
    if (size > Initfs::kMaximumBytes) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": not an initfs archive: larger than 4 GiB"));
    }
    // Other images are large: not all of one is read to say that it is no archive.
    absl::StatusOr<std::string> bytes =
        ReadAll(descriptor, std::min<uint64_t>(size, Initfs::kHeaderSize), path);
    if (!bytes.ok()) return bytes.status();
    if (absl::StartsWith(*bytes, "RedoxFtw")) bytes = ReadAll(descriptor, size, path);
    if (!bytes.ok()) return bytes.status();
    absl::StatusOr<Initfs> archive = Initfs::Parse(*std::move(bytes));
    if (!archive.ok()) {
      return absl::Status(archive.status().code(),
                          absl::StrCat(path, ": ", archive.status().message()));
    }
    if (!options.read_only) RemoveLeftovers(real_path);
    std::unique_ptr<InitfsTree> tree(new InitfsTree(*std::move(archive), options));
    tree->real_path_ = real_path;
    tree->file_size_ = size;
    tree->descriptor_ = descriptor;
    std::move(close_descriptor).Cancel();
    return tree;
  }
}

InitfsTree::~InitfsTree() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::StatusOr<Entry> InitfsTree::Look(const std::string& path) {
  const absl::StatusOr<Initfs::Listed> listed = archive_.Find(path);
  if (!listed.ok()) return listed.status();
  Entry entry;
  entry.attributes.mode = listed->metadata.mode;
  entry.attributes.uid = listed->metadata.uid;
  entry.attributes.gid = listed->metadata.gid;
  switch (listed->type) {
    case Initfs::Type::kFile:
      entry.kind = Kind::kFile;
      entry.size = listed->size;
      break;
    case Initfs::Type::kDirectory:
      entry.kind = Kind::kDirectory;
      break;
    case Initfs::Type::kLink:
      entry.kind = Kind::kLink;
      entry.attributes.mode = 0777;
      entry.target = TreeLinkTarget(path, archive_.Content(path).value_or(absl::string_view()));
      break;
  }
  return entry;
}

absl::StatusOr<std::string> InitfsTree::Read(const std::string& path) {
  const absl::StatusOr<Initfs::Listed> listed = archive_.Find(path);
  if (!listed.ok()) return listed.status();
  if (listed->type != Initfs::Type::kFile) {
    return absl::FailedPreconditionError(absl::StrCat(path, ": not a file"));
  }
  const absl::StatusOr<absl::string_view> content = archive_.Content(path);
  if (!content.ok()) return content.status();
  return std::string(*content);
}

absl::StatusOr<std::vector<std::string>> InitfsTree::List(const std::string& path) {
  absl::StatusOr<std::vector<std::string>> names = archive_.Names(path);
  if (names.ok()) std::sort(names->begin(), names->end());
  return names;
}

absl::StatusOr<Space> InitfsTree::GetSpace() {
  const uint64_t used = std::max(archive_.RebuiltSize(), file_size_);
  uint64_t most = std::min(options_.maximum_bytes, Initfs::kMaximumBytes);
  // The new archive is beside the old one for a moment.
  struct statvfs host = {};
  if (statvfs(FolderOf(real_path_).c_str(), &host) == 0) {
    most = std::min<uint64_t>(most, uint64_t{host.f_bavail} * host.f_frsize);
  }
  return Space{.total_bytes = options_.maximum_bytes, .free_bytes = most > used ? most - used : 0};
}

absl::StatusOr<uint64_t> InitfsTree::SpaceFor(const std::vector<Change>& changes) {
  const auto pages = [](uint64_t bytes) {
    return (bytes + Initfs::kPageSize - 1) / Initfs::kPageSize * Initfs::kPageSize;
  };
  uint64_t bytes = 0;
  uint64_t inodes = 0;
  std::map<absl::string_view, uint64_t> entries;
  for (const Change& change : changes) {
    if (change.action == Change::Action::kRemove ||
        change.action == Change::Action::kSetAttributes) {
      continue;
    }
    bytes += pages(change.content.size()) + pages(NameOf(change.path).size());
    if (change.action == Change::Action::kMakeLink) {
      // As stored, at most.
      bytes += pages(change.path.size() + change.target.size() + kSchemeRoot.size() + 2);
    }
    ++inodes;
    ++entries[ParentOf(change.path)];
  }
  if (inodes == 0) return uint64_t{0};
  // A page more for each table, which may have been full, and one for the end, which was none.
  bytes += pages(inodes * 20) + 2 * Initfs::kPageSize;
  for (const auto& [folder, count] : entries) bytes += pages(count * 8) + Initfs::kPageSize;
  return bytes;
}

absl::Status InitfsTree::CheckUnchanged() const {
  struct stat ours = {};
  struct stat now = {};
  if (fstat(descriptor_, &ours) != 0 || stat(real_path_.c_str(), &now) != 0 ||
      ours.st_ino != now.st_ino || ours.st_dev != now.st_dev ||
      static_cast<uint64_t>(now.st_size) != file_size_) {
    return absl::FailedPreconditionError(
        "the archive was changed by another program meanwhile; nothing was written");
  }
  if (now.st_nlink > 1) {
    return absl::FailedPreconditionError("the archive got a hard link meanwhile");
  }
  return absl::OkStatus();
}

absl::Status InitfsTree::Replace(const std::string& bytes) {
  if (absl::Status status = CheckUnchanged(); !status.ok()) return status;
  const std::string folder = FolderOf(real_path_);
  const int folder_descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder_descriptor < 0) return SystemError(errno, folder);
  const auto close_folder = absl::MakeCleanup([folder_descriptor] { close(folder_descriptor); });

  std::string temporary = absl::StrCat(folder, "/.", NameOf(real_path_), kTemporary, "XXXXXX");
  const int descriptor = sys::MakeClosingTemporary(temporary.data());
  if (descriptor < 0) {
    return SystemError(errno, absl::StrCat(folder, ": no file could be made beside the archive"));
  }
  auto remove_temporary = absl::MakeCleanup([descriptor, &temporary] {
    unlink(temporary.c_str());
    close(descriptor);
  });
  // Locked before anybody can open it by the archive's name.
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) return SystemError(errno, temporary);
  const std::string what = "the new archive could not be written";
  if (absl::Status status = WriteAll(descriptor, bytes, what); !status.ok()) return status;
  struct stat old = {};
  struct stat made = {};
  if (fstat(descriptor_, &old) != 0 || fstat(descriptor, &made) != 0) {
    return SystemError(errno, what);
  }
  // The owner first: changing it takes set-user-ID bits away.
  if ((old.st_uid != made.st_uid || old.st_gid != made.st_gid) &&
      fchown(descriptor, old.st_uid, old.st_gid) != 0) {
    return SystemError(errno, "the archive's owner could not be kept");
  }
  if (fchmod(descriptor, old.st_mode & 07777) != 0) return SystemError(errno, what);
  if (fsync(descriptor) != 0) return SystemError(errno, what);
  if (absl::Status status = CheckUnchanged(); !status.ok()) return status;
  if (rename(temporary.c_str(), real_path_.c_str()) != 0) return SystemError(errno, what);
  std::move(remove_temporary).Cancel();
  close(descriptor_);
  descriptor_ = descriptor;
  file_size_ = bytes.size();
  // Some filesystems have no such call for folders; the archive itself is on the disk.
  if (fsync(folder_descriptor) != 0 && errno != EINVAL) {
    return SystemError(errno, "the new archive is in place, but might not survive a power failure");
  }
  return absl::OkStatus();
}

absl::Status InitfsTree::Apply(const std::vector<Change>& changes) {
  if (options_.read_only) {
    return absl::PermissionDeniedError("the initfs archive was opened for reading only");
  }
  Initfs changed = archive_;
  for (const Change& change : changes) {
    if (absl::Status status = ApplyTo(changed, change); !status.ok()) return status;
  }
  if (!changed.changed()) return absl::OkStatus();
  const absl::StatusOr<std::string> bytes = changed.Serialize(options_.maximum_bytes);
  if (!bytes.ok()) return bytes.status();
  // Never put an archive in place that could not be read again.
  absl::StatusOr<Initfs> again = Initfs::Parse(*bytes);
  if (!again.ok()) {
    return absl::InternalError(
        absl::StrCat("the changed archive would not be one: ", again.status().message()));
  }
  if (absl::Status status = Replace(*bytes); !status.ok()) return status;
  archive_ = *std::move(again);
  return absl::OkStatus();
}

absl::Status InitfsTree::Rebuild() {
  if (options_.read_only) {
    return absl::PermissionDeniedError("the initfs archive was opened for reading only");
  }
  const absl::StatusOr<std::string> bytes = archive_.RebuildAll(options_.maximum_bytes);
  if (!bytes.ok()) return bytes.status();
  absl::StatusOr<Initfs> again = Initfs::Parse(*bytes);
  if (!again.ok()) return again.status();
  const absl::StatusOr<std::string> old = archive_.Serialize();
  if (old.ok() && *old == *bytes) return absl::OkStatus();
  if (absl::Status status = Replace(*bytes); !status.ok()) return status;
  archive_ = *std::move(again);
  return absl::OkStatus();
}

namespace {

// A link from which the archiver makes one with the same meaning.
std::string ExtractedLinkTarget(const std::string& path, absl::string_view stored) {
  if (IsOldSchemePath(stored)) return std::string(stored);
  const std::vector<std::string> to = Normalized("", stored);
  const bool leads_out = absl::StartsWith(stored, "/") || absl::StartsWith(stored, "..") ||
                         (!to.empty() && to[0] == "scheme");
  return leads_out ? absl::StrCat("/", absl::StrJoin(to, "/")) : RelativeFrom(ParentOf(path), to);
}

absl::Status ExtractFile(int folder, const std::string& name, const Initfs::Listed& listed,
                         absl::string_view content) {
  const int descriptor =
      openat(folder, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (descriptor < 0) return SystemError(errno, listed.path);
  const auto close_descriptor = absl::MakeCleanup([descriptor] { close(descriptor); });
  if (absl::Status status = WriteAll(descriptor, content, listed.path); !status.ok()) return status;
  if (fchmod(descriptor, listed.metadata.mode) != 0) return SystemError(errno, listed.path);
  return absl::OkStatus();
}

// As deep as the tree, which is limited.
absl::Status ExtractFolder(const Initfs& archive, const std::string& path,  // NOLINT
                           int folder, uint64_t& count) {
  const absl::StatusOr<std::vector<std::string>> names = archive.Names(path);
  if (!names.ok()) return names.status();
  for (const std::string& name : *names) {
    const std::string here = JoinPath(path, name);
    // Parse() has refused such names; nothing depends on it here.
    if (!IsCanonical(name) || name.empty() || absl::StrContains(name, '/')) {
      return absl::DataLossError(absl::StrCat("a name that is none: ", absl::CHexEscape(name)));
    }
    const absl::StatusOr<Initfs::Listed> listed = archive.Find(here);
    if (!listed.ok()) return listed.status();
    ++count;
    if (listed->type == Initfs::Type::kDirectory) {
      if (mkdirat(folder, name.c_str(), 0700) != 0) return SystemError(errno, here);
      const int made =
          openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (made < 0) return SystemError(errno, here);
      const auto close_made = absl::MakeCleanup([made] { close(made); });
      if (absl::Status status = ExtractFolder(archive, here, made, count); !status.ok()) {
        return status;
      }
      if (fchmod(made, listed->metadata.mode) != 0) return SystemError(errno, here);
      continue;
    }
    const absl::StatusOr<absl::string_view> content = archive.Content(here);
    if (!content.ok()) return content.status();
    if (listed->type == Initfs::Type::kFile) {
      if (absl::Status status = ExtractFile(folder, name, *listed, *content); !status.ok()) {
        return status;
      }
    } else if (symlinkat(ExtractedLinkTarget(here, *content).c_str(), folder, name.c_str()) != 0) {
      return SystemError(errno, here);
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<uint64_t> ExtractInitfs(const Initfs& archive, const std::string& folder) {
  std::string clean = folder;
  while (clean.size() > 1 && clean.back() == '/') clean.pop_back();
  if (clean.empty()) return absl::InvalidArgumentError("the folder to extract to has no name");
  std::error_code error;
  const std::filesystem::file_status there = std::filesystem::symlink_status(clean, error);
  if (std::filesystem::exists(there) &&
      (!std::filesystem::is_directory(there) || !std::filesystem::is_empty(clean, error))) {
    return absl::FailedPreconditionError(
        absl::StrCat(folder, ": not an empty folder; name one that does not exist yet"));
  }
  // Made beside it and renamed, so that nothing is left behind by an error.
  std::string temporary = absl::StrCat(FolderOf(clean), "/.", NameOf(clean), kTemporary, "XXXXXX");
  if (mkdtemp(temporary.data()) == nullptr) return SystemError(errno, folder);
  auto remove_temporary = absl::MakeCleanup([&temporary] {
    std::error_code ignored;
    std::filesystem::remove_all(temporary, ignored);
  });
  const int descriptor = open(temporary.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (descriptor < 0) return SystemError(errno, folder);
  const auto close_descriptor = absl::MakeCleanup([descriptor] { close(descriptor); });
  uint64_t count = 0;
  if (absl::Status status = ExtractFolder(archive, "", descriptor, count); !status.ok()) {
    return status;
  }
  const absl::StatusOr<Initfs::Listed> root = archive.Find("");
  if (!root.ok()) return root.status();
  if (fchmod(descriptor, root->metadata.mode) != 0 ||
      rename(temporary.c_str(), clean.c_str()) != 0) {
    return SystemError(errno, folder);
  }
  std::move(remove_temporary).Cancel();
  return count;
}

}  // namespace cation::image
