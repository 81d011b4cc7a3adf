// SPDX-License-Identifier: MIT
//
// Modes, ownership and times of copies. Each change is a transaction of its own on RedoxFS, so none
// is made that is not needed: the mode is given when the file is made wherever that is safe.
#include "coreutils/support/copy.h"

namespace cation {

// Whether what is made in the innermost directory will belong to the owner and the group of
// `source`: it will if the directory does, being just made itself.
bool Copier::OwnerIsRight(const sys::FileStatus& source) {
  if (to_.depth() == 0) return false;
  const CopyTarget::Level& level = to_.innermost();
  return level.created && level.status.user == source.user && level.status.group == source.group;
}

sys::Mode Copier::CreationMode(const sys::FileStatus& source) {
  // Set-ID bits are for those who own the file, and are set once that is settled; POSIX wants them
  // only with -p.
  const sys::Mode mode = source.mode & (source.IsDirectory() ? 01777 : 0777);
  if (!options_.preserve) return mode & ~umask_;
  // Nobody but us opens it before it belongs to whom it is to belong to.
  return OwnerIsRight(source) ? mode : mode & 0700;
}

// Gives the file that to_ names, open as `file` or not at all (kNone), the attributes of `source`;
// `current` are those it has, with user and group UINT32_MAX if they are not known. In this order:
// a change of the owner clears set-ID bits. Returns false when something failed that is to be
// reported, and was.
bool Copier::KeepAttributes(sys::Descriptor file, const sys::FileStatus& source,
                            sys::FileStatus current) {
  const sys::Location to = to_.here();
  const bool is_open = file != sys::kNone;
  const bool is_link = source.IsSymbolicLink();
  bool ok = true;
  const auto check = [&](const Result<void>& result, StringView what) {
    // Not every system can change a link.
    if (result.ok() ||
        (is_link && (result.error() == abi::kEOPNOTSUPP || result.error() == abi::kENOSYS)))
      return;
    ok = Fail(to_.path(), what, result.error());
  };

  constexpr sys::Mode kSetIds = sys::kSetUserId | sys::kSetGroupId;
  sys::Mode mode = source.mode & sys::kPermissionMask;
  bool is_mode_unsure = false;
  if (current.user != source.user || current.group != source.group) {
    const auto change = [&](uint32_t user, uint32_t group) {
      return is_open ? sys::ChangeOwner(file, user, group) : sys::ChangeOwnerAt(to, user, group);
    };
    const Result<void> changed = change(source.user, source.group);
    // Whether that took set-ID bits away differs from system to system.
    is_mode_unsure = ((current.mode | mode) & kSetIds) != 0;
    if (!changed.ok()) {
      // Not everybody can give files away (EINVAL: to somebody whom a container does not know),
      // which POSIX lets pass; then nobody else's set-ID bits are to be had either.
      mode &= ~(kSetIds | sys::kSticky);
      const bool is_refused = changed.error() == abi::kEPERM || changed.error() == abi::kEINVAL;
      if (is_refused && sys::EffectiveUser() != 0) {
        (void)change(current.user, source.group);
      } else {
        check(changed, "cannot keep its ownership");
      }
    }
  }
  if (!is_link && (is_mode_unsure || mode != (current.mode & sys::kPermissionMask))) {
    check(is_open ? sys::ChangeMode(file, mode) : sys::ChangeModeAt(to, mode),
          "cannot keep its permissions");
  }
  const auto& access = source.access_time;
  const auto& modification = source.modification_time;
  check(is_open ? sys::SetTimes(file, access, modification)
                : sys::SetTimesAt(to, access, modification),
        "cannot keep its times");
  return ok;
}

// After all that was put into it, which changed its times and may not be possible with its final
// mode.
bool Copier::FinishDirectory(const CopyTarget::Level& level) {
  if (options_.preserve) return KeepAttributes(level.directory.get(), level.source, level.status);
  if (!level.created) return true;
  const sys::Mode excess = 0700 & ~(level.source.mode & ~umask_);
  if ((level.status.mode & excess) == 0) return true;
  const Result<void> changed =
      sys::ChangeMode(level.directory.get(), level.status.mode & ~excess & sys::kPermissionMask);
  return changed.ok() || Fail(to_.path(), "cannot set its permissions", changed.error());
}

}  // namespace cation
