// SPDX-License-Identifier: MIT
#ifndef IMAGE_BENEATH_H_
#define IMAGE_BENEATH_H_

// Opening what lies beneath a directory, by descriptors, in a folder whose content may be hostile
// and may change meanwhile: no symbolic link is ever followed, and only regular files and
// directories are ever opened. On Linux openat2(2) does the walk in the kernel; where it is
// missing (ENOSYS; EPERM of a seccomp filter) and on other systems it is done component by
// component with O_NOFOLLOW. The system-dependent part of RootTree is all here.
//
// One thing no walk can see: that a directory already opened is moved elsewhere by somebody who may
// move it. What is then written goes into that directory, which was theirs to fill before.

#include <cerrno>
#include <string>
#include <utility>

namespace cation::image {

// A descriptor that is closed with this; -1 is none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      Close();
      number_ = std::exchange(other.number_, -1);
    }
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { Close(); }

  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] bool ok() const { return number_ >= 0; }
  void Close();

 private:
  int number_ = -1;
};

struct BeneathOptions {
  bool walk = false;             // component by component, although the kernel could
  bool same_filesystem = false;  // EXDEV where a mount point is on the way
  bool read = false;             // for listing and fsync; else only for calls relative to it
};

// Opens the directory `path` (canonical; "" is `root` itself) beneath the directory `root`. Returns
// 0 and sets `directory`, or an errno: ENOENT; ENOTDIR a component is no directory, or a symbolic
// link; EXDEV; EACCES and others of open().
int OpenDirectoryBeneath(int root, const std::string& path, const BeneathOptions& options,
                         Descriptor& directory);

// Opens the regular file `name` (one component) in `directory` for reading. Returns 0 and sets
// `file`, or an errno: EINVAL it is no regular file. A device or FIFO is not opened for reading
// even if it comes in the way between looking and opening (Linux with /proc; elsewhere O_NONBLOCK
// and O_NOCTTY make the opening harmless, and nothing is read).
int OpenFileIn(int directory, const std::string& name, Descriptor& file);

// Renames within one filesystem, and fails with EEXIST where `to` is there. Where the system or the
// filesystem cannot do so at once, a look comes before the renaming.
int RenameWithoutReplacing(int from_directory, const std::string& from, int to_directory,
                           const std::string& to);

}  // namespace cation::image

#endif  // IMAGE_BENEATH_H_
