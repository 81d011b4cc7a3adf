// SPDX-License-Identifier: MIT
#include "image/beneath.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <string>
#include <utility>

#include "runtime/sys/posix/open_beneath.h"

namespace cation::image {
namespace {

int FlagsOf(bool read) {
  return (read ? O_RDONLY : sys::kForReach) | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
}

int WalkTo(int root, const std::string& path, const BeneathOptions& options,
           Descriptor& directory) {
  struct stat status = {};
  if (options.same_filesystem && fstat(root, &status) != 0) return errno;
  const dev_t device = status.st_dev;
  Descriptor here;
  for (size_t start = 0; start < path.size();) {
    size_t end = path.find('/', start);
    if (end == std::string::npos) end = path.size();
    const bool last = end == path.size();
    const int next = openat(here.ok() ? here.get() : root, path.substr(start, end - start).c_str(),
                            FlagsOf(last && options.read));
    if (next < 0) return errno == ELOOP ? ENOTDIR : errno;
    here = Descriptor(next);
    if (options.same_filesystem) {
      if (fstat(next, &status) != 0) return errno;
      if (status.st_dev != device) return EXDEV;
    }
    start = end + 1;
  }
  directory = std::move(here);
  return 0;
}

// ENOSYS: this host has no such call.
int KernelTo(int root, const std::string& path, const BeneathOptions& options,
             Descriptor& directory) {
  // EAGAIN: something was renamed meanwhile, the kernel could not be sure.
  for (int attempt = 0; attempt < 100; ++attempt) {
    const int number =
        sys::OpenBeneath(root, path.c_str(), FlagsOf(options.read), options.same_filesystem);
    if (number >= 0) {
      directory = Descriptor(number);
      return 0;
    }
    if (errno != EAGAIN && errno != EINTR) break;
  }
  return errno == ELOOP ? ENOTDIR : errno;
}

}  // namespace

void Descriptor::Close() {
  if (number_ >= 0) close(number_);
  number_ = -1;
}

int OpenDirectoryBeneath(int root, const std::string& path, const BeneathOptions& options,
                         Descriptor& directory) {
  if (path.empty()) {
    const int number = openat(root, ".", FlagsOf(options.read));
    if (number < 0) return errno;
    directory = Descriptor(number);
    return 0;
  }
  if (!options.walk) {
    const int error = KernelTo(root, path, options, directory);
    // A path longer than a call takes can be walked.
    if (error != ENOSYS && error != EPERM && error != ENAMETOOLONG) return error;
  }
  return WalkTo(root, path, options, directory);
}

int OpenFileIn(int directory, const std::string& name, Descriptor& file) {
  struct stat status = {};
  // Held without being opened, then opened as exactly what was looked at.
  const Descriptor held(sys::LookAt(directory, name.c_str()));
  if (held.ok()) {
    if (fstat(held.get(), &status) != 0) return errno;
  } else if (errno != ENOSYS ||
             fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return errno;
  }
  if (!S_ISREG(status.st_mode)) return EINVAL;
  if (held.ok()) {
    const int reopened = sys::OpenSeen(held.get(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (reopened >= 0) {
      file = Descriptor(reopened);
      return 0;
    }
    if (errno != ENOENT && errno != ENOTDIR) return errno;
  }
  Descriptor opened(
      openat(directory, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!opened.ok()) return errno == ELOOP ? EINVAL : errno;
  if (fstat(opened.get(), &status) != 0) return errno;
  if (!S_ISREG(status.st_mode)) return EINVAL;
  file = std::move(opened);
  return 0;
}

int RenameWithoutReplacing(int from_directory, const std::string& from, int to_directory,
                           const std::string& to) {
  if (sys::RenameToNew(from_directory, from.c_str(), to_directory, to.c_str()) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  struct stat status = {};
  if (fstatat(to_directory, to.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
  if (errno != ENOENT) return errno;
  if (renameat(from_directory, from.c_str(), to_directory, to.c_str()) != 0) return errno;
  return 0;
}

}  // namespace cation::image
