// SPDX-License-Identifier: MIT
#include "coreutils/support/testing/snapshot.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace cation::testing {
namespace {

bool Before(timespec one, timespec other) {
  return std::pair(one.tv_sec, one.tv_nsec) < std::pair(other.tv_sec, other.tv_nsec);
}

constexpr std::size_t kMostEntries = 300;
constexpr std::size_t kMostBytes = 4 * 1024 * 1024;

// Without O_NOATIME, where that is allowed, the look would show in a listing by access time.
int OpenQuietly(const std::string& path, int flags) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOATIME | flags);
  return file >= 0 ? file : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags);
}

bool ReadContent(const std::string& path, off_t size, std::string* content) {
  const int file = OpenQuietly(path, O_NOFOLLOW);
  if (file < 0) return false;
  content->resize(static_cast<std::size_t>(size));
  const bool read = ::pread(file, content->data(), content->size(), 0) == size;
  ::close(file);
  return read;
}

// Zeros at the places of holes stay holes.
bool WriteContent(const std::string& path, const Snapshot::Entry& entry) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const bool sparse = entry.blocks * 512 < entry.size;
  constexpr std::size_t kStep = 4096;
  bool written = ::ftruncate(file, entry.size) == 0;
  for (std::size_t at = 0; written && at < entry.content.size(); at += kStep) {
    const std::string part = entry.content.substr(at, kStep);
    if (sparse && part.find_first_not_of('\0') == std::string::npos) continue;
    written = ::pwrite(file, part.data(), part.size(), static_cast<off_t>(at)) ==
              static_cast<ssize_t>(part.size());
  }
  return ::close(file) == 0 && written;
}

}  // namespace

bool Snapshot::Read(const std::string& folder, const std::string& below) {
  const int file = OpenQuietly(absl::StrCat(folder, "/", below), O_DIRECTORY);
  if (file < 0) return false;
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::fdopendir(file), ::closedir);
  if (directory == nullptr) return false;

  std::vector<std::string> names;
  while (const dirent* const entry = ::readdir(directory.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(below.empty() ? name : below + "/" + name);
  }
  for (const std::string& name : names) {
    const std::string path = absl::StrCat(folder, "/", name);
    struct stat status{};
    if (entries_.size() >= kMostEntries || path.size() >= PATH_MAX) return false;
    if (::lstat(path.c_str(), &status) != 0) return false;
    Entry entry;
    entry.mode = status.st_mode;
    entry.user = status.st_uid;
    entry.group = status.st_gid;
    entry.special_device = status.st_rdev;
    entry.modification_time = status.st_mtim;
    if (S_ISREG(status.st_mode)) {
      entry.size = status.st_size;
      entry.blocks = status.st_blocks;
      bytes_ += static_cast<std::size_t>(status.st_size);
      if (bytes_ > kMostBytes || !ReadContent(path, status.st_size, &entry.content)) return false;
    } else if (S_ISLNK(status.st_mode)) {
      std::array<char, PATH_MAX> target{};
      const ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
      if (size < 0) return false;
      entry.content.assign(target.data(), static_cast<std::size_t>(size));
    }
    if (!S_ISDIR(status.st_mode) && status.st_nlink > 1)
      entry.first_name =
          first_names_.emplace(std::pair(status.st_dev, status.st_ino), name).first->second;
    entries_[name] = std::move(entry);
    if (S_ISDIR(status.st_mode) && !Read(folder, name)) return false;
  }
  return true;
}

std::optional<Snapshot> Snapshot::Take(const std::string& folder) {
  Snapshot snapshot;
  if (!snapshot.Read(folder, "")) return std::nullopt;
  // The first in the order of names, whatever order the directories have.
  std::map<std::string, std::string> renamed;
  for (const auto& [name, entry] : snapshot.entries_) {
    if (!entry.first_name.empty()) renamed.emplace(entry.first_name, name);
  }
  for (auto& [name, entry] : snapshot.entries_) {
    if (!entry.first_name.empty()) entry.first_name = renamed[entry.first_name];
  }
  return snapshot;
}

bool Snapshot::PutBack(const std::string& folder, const Snapshot& now) const {
  const auto path_of = [&](const std::string& name) { return absl::StrCat(folder, "/", name); };
  // A directory is there or not; its mode and times come last. A name of a file with several stays
  // with the first of them.
  const auto stays = [&](const std::string& name, const Entry& entry) {
    const auto other = now.entries_.find(name);
    if (other == now.entries_.end()) return false;
    if (S_ISDIR(entry.mode) || S_ISDIR(other->second.mode))
      return (entry.mode & S_IFMT) == (other->second.mode & S_IFMT);
    return entry.first_name == other->second.first_name && Same(entry, other->second, kNever);
  };
  // What has been made unreadable by itself is in the way of what is below.
  for (const auto& [name, entry] : now.entries_) {
    if (S_ISDIR(entry.mode) && (entry.mode & 0700) != 0700 &&
        ::chmod(path_of(name).c_str(), 0700) != 0)
      return false;
  }
  for (auto at = now.entries_.rbegin(); at != now.entries_.rend(); ++at) {
    const auto wanted = entries_.find(at->first);
    if (wanted != entries_.end() && stays(at->first, wanted->second)) continue;
    if (::remove(path_of(at->first).c_str()) != 0) return false;
  }
  for (const auto& [name, entry] : entries_) {
    const std::string path = path_of(name);
    if (stays(name, entry)) continue;
    bool made = false;
    if (!entry.first_name.empty() && entry.first_name != name) {
      made = ::link(path_of(entry.first_name).c_str(), path.c_str()) == 0;
    } else if (S_ISDIR(entry.mode)) {
      made = ::mkdir(path.c_str(), 0700) == 0;
    } else if (S_ISREG(entry.mode)) {
      made = WriteContent(path, entry);
    } else if (S_ISLNK(entry.mode)) {
      made = ::symlink(entry.content.c_str(), path.c_str()) == 0;
    } else {
      made = ::mknod(path.c_str(), (entry.mode & S_IFMT) | 0600, entry.special_device) == 0;
    }
    if (!made) return false;
  }
  // Owners, modes and times when all is there: a directory's time changes with what is put into it.
  for (auto at = entries_.rbegin(); at != entries_.rend(); ++at) {
    const auto& [name, entry] = *at;
    if (!S_ISDIR(entry.mode) && stays(name, entry)) continue;
    const std::string path = path_of(name);
    const timespec times[2] = {entry.modification_time, entry.modification_time};
    if (::lchown(path.c_str(), entry.user, entry.group) != 0 ||
        ::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0 ||
        (!S_ISLNK(entry.mode) && ::chmod(path.c_str(), entry.mode & 07777) != 0)) {
      return false;
    }
  }
  return true;
}

void Snapshot::Rename(const std::string& from, const std::string& to) {
  for (auto& [name, entry] : entries_) {
    if (S_ISLNK(entry.mode)) entry.content = absl::StrReplaceAll(entry.content, {{from, to}});
  }
}

void Snapshot::Age(timespec recent, time_t seconds) {
  for (auto& [name, entry] : entries_) {
    if (!Before(entry.modification_time, recent)) entry.modification_time.tv_sec -= seconds;
  }
}

bool Snapshot::Same(const Entry& a, const Entry& b, timespec recent) {
  const timespec& one = a.modification_time;
  const timespec& other = b.modification_time;
  const bool same_time = (!Before(one, recent) && !Before(other, recent)) ||
                         (!Before(one, other) && !Before(other, one));
  return a.mode == b.mode && a.user == b.user && a.group == b.group &&
         a.special_device == b.special_device && a.content == b.content && same_time;
}

std::string Snapshot::Difference(const Snapshot& a, const Snapshot& b, timespec recent) {
  std::string difference;
  const auto compare = [&](const std::string& name, const Entry* one, const Entry* other) {
    if (one != nullptr && other != nullptr && Same(*one, *other, recent) &&
        one->first_name == other->first_name) {
      return;
    }
    absl::StrAppend(&difference, "  - ", Describe(name, one), "  + ", Describe(name, other));
  };
  for (const auto& [name, entry] : a.entries_) {
    const auto other = b.entries_.find(name);
    compare(name, &entry, other == b.entries_.end() ? nullptr : &other->second);
  }
  for (const auto& [name, entry] : b.entries_) {
    if (a.entries_.count(name) == 0) compare(name, nullptr, &entry);
  }
  return difference;
}

std::string Snapshot::Describe(const std::string& path, const Entry* entry) {
  if (entry == nullptr) return absl::StrCat(path, ": not there\n");
  return absl::StrFormat("%s: mode %o, owner %d:%d, time %d.%09d, %d bytes \"%s\"%s%s\n", path,
                         entry->mode, entry->user, entry->group, entry->modification_time.tv_sec,
                         entry->modification_time.tv_nsec, entry->content.size(),
                         entry->content.substr(0, 40),
                         entry->first_name.empty() ? "" : ", same as ", entry->first_name);
}

}  // namespace cation::testing
