// SPDX-License-Identifier: MIT
//
// Modes, ownership and times of copies. Each change is a transaction of its own on RedoxFS, so none
// is made that is not needed: the mode is given when the file is made wherever that is safe.
#include "coreutils/support/copy.h"
#include "coreutils/support/copy_choices.h"

namespace cation {
namespace {

constexpr sys::Mode kSetIds = sys::kSetUserId | sys::kSetGroupId;
constexpr sys::Mode kForDirectories = 01777;
constexpr sys::Mode kForFiles = 0777;
constexpr sys::Mode kOwnersPart = 0700;

}  // namespace

// Whether what is made in the innermost directory will belong to the owner and the group of
// `source`: it will if the directory does, being just made itself.
bool Copier::OwnerIsRight(const sys::FileStatus& source) {
  if (to_.depth() == 0) return false;
  const CopyTarget::Level& level = to_.innermost();
  return level.created && level.status.user == source.user && level.status.group == source.group;
}

// What a copy that we make has for a mode in the end.
sys::Mode Copier::FinalMode(const sys::FileStatus& source) const {
  const bool is_directory = source.IsDirectory();
  if (Keeps(CopyOptions::kMode)) return source.mode & sys::kPermissionMask;
  // POSIX wants set-ID bits only with -p.
  sys::Mode mode = source.mode & (is_directory ? kForDirectories : kForFiles);
  if (Keeps(CopyOptions::kPlainMode)) {
    mode = is_directory || source.type() == sys::kTypeSocket ? 0777 : 0666;
  }
  return mode & ~umask_;
}

sys::Mode Copier::CreationMode(const sys::FileStatus& source) {
  // Set-ID bits are for those who own the file, and are set once that is settled.
  const sys::Mode mode = FinalMode(source) & (source.IsDirectory() ? kForDirectories : kForFiles);
  // Nobody but us opens it before it belongs to whom it is to belong to.
  return !Keeps(CopyOptions::kOwnership) || OwnerIsRight(source) ? mode : mode & kOwnersPart;
}

// What became of one of the attributes: returns false when that is an error, which was reported.
bool Copier::CheckKept(const Result<void>& result, StringView what, bool is_link, bool is_share) {
  // Not every system can change a link.
  if (result.ok() ||
      (is_link && (result.error() == abi::kEOPNOTSUPP || result.error() == abi::kENOSYS)))
    return true;
  if (!is_share || Keeps(CopyOptions::kModeRequired)) return FailTarget(what, result.error());
  if (!Exchange(share_noted_, true))
    Say(to_.path(), "its file system does not keep all attributes; not said again");
  return true;
}

// Gives the file that to_ names, open as `file` or not at all (kNone), what it is to keep of
// `source`; `current` are the attributes that it has, with user and group UINT32_MAX if they are
// not known, and `made` says whether we have made it. In this order: a change of the owner clears
// set-ID bits. Returns false when something failed that is to be reported, and was.
bool Copier::KeepAttributes(sys::Descriptor file, const sys::FileStatus& source,
                            const sys::FileStatus& current, bool made) {
  const sys::Location to = to_.here();
  const bool is_open = file != sys::kNone;
  const bool is_link = source.IsSymbolicLink();
  const bool is_required = Keeps(CopyOptions::kModeRequired);
  // A 9p share of Redox, which keeps next to nothing.
  const bool is_share = current.device == 0;
  bool ok = true;
  const auto check = [&](const Result<void>& result, StringView what) {
    ok &= CheckKept(result, what, is_link, is_share);
  };

  sys::Mode mode = FinalMode(source);
  bool is_mode_unsure = false;
  if (Keeps(CopyOptions::kOwnership) &&
      (current.user != source.user || current.group != source.group)) {
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
  if (!is_link && (made || Keeps(CopyOptions::kMode))) {
    // A directory may have inherited its set-group-ID bit.
    if (source.IsDirectory() && !Keeps(CopyOptions::kMode)) mode |= current.mode & sys::kSetGroupId;
    Result<void> changed;
    const bool is_wrong = is_mode_unsure || mode != (current.mode & sys::kPermissionMask);
    if (is_wrong) changed = is_open ? sys::ChangeMode(file, mode) : sys::ChangeModeAt(to, mode);
    // Some file systems accept a mode, and do not keep it.
    if (changed.ok() && is_open && (is_required || (is_wrong && is_share))) {
      const Result<sys::FileStatus> status = sys::Status(file);
      if (!status.ok()) changed = status.error();
      if (status.ok() && (status.value().mode & sys::kPermissionMask) != mode)
        changed = Error{abi::kEOPNOTSUPP};
    }
    check(changed, "cannot keep its permissions");
  }
  if (!Keeps(CopyOptions::kTimes)) return ok;
  check(is_open ? sys::CopyTimes(file, source) : sys::CopyTimesAt(to, source),
        "cannot keep its times");
  return ok;
}

}  // namespace cation
