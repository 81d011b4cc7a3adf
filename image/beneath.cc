// SPDX-License-Identifier: MIT
#include "image/beneath.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>

#ifdef __linux__
#include <linux/openat2.h>
#include <sys/syscall.h>
#endif

namespace cation::image {
namespace {

#ifdef __linux__
constexpr int kOnlyForReach = O_PATH;
#else
constexpr int kOnlyForReach = O_RDONLY;
#endif

int FlagsOf(bool read) {
  return (read ? O_RDONLY : kOnlyForReach) | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
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

#ifdef __linux__
// ENOSYS: this kernel has none.
int KernelTo(int root, const std::string& path, const BeneathOptions& options,
             Descriptor& directory) {
  struct open_how how = {};
  how.flags = static_cast<unsigned>(FlagsOf(options.read));
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  if (options.same_filesystem) how.resolve |= RESOLVE_NO_XDEV;
  // EAGAIN: something was renamed meanwhile, the kernel could not be sure.
  for (int attempt = 0; attempt < 100; ++attempt) {
    const long number = syscall(SYS_openat2, root, path.c_str(), &how, sizeof how);
    if (number >= 0) {
      directory = Descriptor(static_cast<int>(number));
      return 0;
    }
    if (errno != EAGAIN && errno != EINTR) break;
  }
  return errno == ELOOP ? ENOTDIR : errno;
}
#endif

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
#ifdef __linux__
  if (!options.walk) {
    const int error = KernelTo(root, path, options, directory);
    // A path longer than a call takes can be walked.
    if (error != ENOSYS && error != EPERM && error != ENAMETOOLONG) return error;
  }
#endif
  return WalkTo(root, path, options, directory);
}

int OpenFileIn(int directory, const std::string& name, Descriptor& file) {
  struct stat status = {};
#ifdef __linux__
  // Held without being opened, then opened as exactly what was looked at.
  const Descriptor held(openat(directory, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  if (!held.ok() || fstat(held.get(), &status) != 0) return errno;
  if (!S_ISREG(status.st_mode)) return EINVAL;
  const std::string itself = "/proc/self/fd/" + std::to_string(held.get());
  const int reopened = open(itself.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (reopened >= 0) {
    file = Descriptor(reopened);
    return 0;
  }
  if (errno != ENOENT && errno != ENOTDIR) return errno;
#else
  if (fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return errno;
  if (!S_ISREG(status.st_mode)) return EINVAL;
#endif
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
#ifdef __linux__
  constexpr unsigned kNoReplace = 1;  // RENAME_NOREPLACE
  if (syscall(SYS_renameat2, from_directory, from.c_str(), to_directory, to.c_str(), kNoReplace) ==
      0) {
    return 0;
  }
  if (errno != EINVAL && errno != ENOSYS) return errno;
#endif
  struct stat status = {};
  if (fstatat(to_directory, to.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
  if (errno != ENOENT) return errno;
  if (renameat(from_directory, from.c_str(), to_directory, to.c_str()) != 0) return errno;
  return 0;
}

}  // namespace cation::image
