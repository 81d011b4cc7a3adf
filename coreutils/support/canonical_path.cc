// SPDX-License-Identifier: MIT
#include "coreutils/support/canonical_path.h"

#include "coreutils/support/working_directory.h"

namespace cation {
namespace {

// More links than these are a circle, or grow without end ("a" -> "a/x"). GNU follows 20, and ends
// where the way comes by the next one again: what Missing::kAny makes of a circle of up to 8 links,
// and of most longer ones that there may be, is the same with a multiple of 840 more.
constexpr unsigned kMostLinks = 20 + 840;

StringView SkipSlashes(StringView text) {
  while (!text.empty() && text[0] == '/') text = text.From(1);
  return text;
}

StringView FirstComponent(StringView text) { return text.First(Min(text.Find('/'), text.size())); }

class Walk {
 public:
  Walk(Missing missing, Links links) : missing_(missing), links_(links) {}

  Result<String> Run(StringView path) {
    if (path.empty()) return Error{abi::kENOENT};
    CATION_TRY(Start(path));
    while (!SkipSlashes(rest()).empty()) CATION_TRY(Step());
    if (unchecked_ && missing_ != Missing::kAny) CATION_TRY(CheckLast());
    return Move(resolved_);
  }

 private:
  // What is still to be resolved, slashes first.
  [[nodiscard]] StringView rest() const { return pending_.view().From(next_); }

  // Puts `path` before what is left to be resolved, and resolved_ where it begins.
  Result<void> Start(StringView path) {
    String pending;
    if (resolved_.empty() && path[0] != '/' && sys::SchemeLength(path) == 0) {
      if constexpr (sys::kPathsAreTexts) {
        CATION_TRY(AppendWorkingDirectory(pending));
        CATION_TRY(pending.Append('/'));
      } else {
        CATION_TRY(AppendWorkingDirectory(resolved_));
      }
    }
    CATION_TRY(pending.Append(path));
    const size_t size = pending.size();
    CATION_TRY(pending.Append(rest()));
    pending_ = Move(pending);
    path = pending_.view().First(size);
    size_t kept = sys::SchemeLength(path);
    if (kept == 0 && path[0] == '/') kept = 1;
    next_ = kept;
    if (kept == 0) return resolved_.empty() ? Error{abi::kENOENT} : Result<void>();
    Cut(0);
    // What stands for the colon of the old form.
    if (path[kept - 1] == ':') {
      --kept;
      CATION_TRY(resolved_.Append("/scheme/"));
    }
    return resolved_.Append(path.First(kept));
  }

  Result<void> Step() {
    const StringView start = SkipSlashes(rest());
    const StringView name = FirstComponent(start);
    next_ = pending_.size() - start.size() + name.size();
    if (name == ".") return {};
    if (name == "..") {
      CATION_TRY(CheckDirectory());
      unchecked_ = false;
      CutLast();
      return {};
    }
    CATION_TRY(AppendPathComponent(resolved_, name));
    // What follows tells what this is, and whether it is there.
    unchecked_ = links_ == Links::kKeep;
    if (unchecked_ || (links_ == Links::kFollowAllButLast && rest().empty())) return {};
    char target[sys::kLongestPath + 1];
    const Result<sys::Location> here = Here();
    const Result<size_t> size =
        here.ok() ? sys::ReadSymbolicLinkIfAny(here.value(), target) : here.error();
    if (!size.ok()) return JudgeComponent(size.error());
    // It is a link.
    if (size.value() == sizeof(target)) return Error{abi::kENAMETOOLONG};
    if (++count_ > kMostLinks)
      return missing_ == Missing::kAny ? Result<void>() : Error{abi::kELOOP};
    if (size.value() == 0) return Error{abi::kENOENT};
    CutLast();
    return Start({target, size.value()});
  }

  // resolved_ has been asked for its target, with this error.
  Result<void> JudgeComponent(Error error) {
    if (error == abi::kEINVAL) {
      unchecked_ = true;
      return {};
    }
    if (missing_ == Missing::kAny) {
      // What says only that there is no link to be followed here is no error.
      if (error == abi::kENOENT || error == abi::kENOTDIR || error == abi::kEACCES ||
          error == abi::kENAMETOOLONG || error == abi::kELOOP || error == abi::kENODEV)
        return {};
    } else if (missing_ == Missing::kLast && error == abi::kENOENT && SkipSlashes(rest()).empty()) {
      return {};
    }
    return error;
  }

  // Whether resolved_ is there, and a directory if it is to be one.
  Result<void> Check(bool is_directory) {
    CATION_TRY_ASSIGN(const sys::Location here, Here());
    CATION_TRY_ASSIGN(const sys::FileStatus status, sys::StatusAt(here, sys::Follow::kYes));
    if (is_directory && !status.IsDirectory()) return Error{abi::kENOTDIR};
    return {};
  }
  Result<void> CheckDirectory() {
    if (!unchecked_ || missing_ == Missing::kAny) return {};
    return Check(true);
  }

  // Whether resolved_ is there, if it has to be, and a directory if the path says so. As with
  // GNU's, with Links::kKeep its parents do not have to be there when it does not.
  Result<void> CheckLast() {
    const bool ends_in_dot = LastComponent(pending_.view()) == ".";
    const bool is_directory = ends_in_dot || pending_.view().back() == '/';
    if (!is_directory && links_ != Links::kKeep) return {};
    const Result<void> checked = Check(is_directory);
    const bool may_miss = missing_ == Missing::kLast && !ends_in_dot;
    if (!checked.ok() && may_miss && checked.error() == abi::kENOENT) return {};
    return checked;
  }

  // Where resolved_ is.
  Result<sys::Location> Here() {
    const char* const path = resolved_.c_str();
    if (resolved_.size() <= sys::kLongestPath) return sys::At(path);
    if constexpr (!sys::kPathsMayBeLong) return Error{abi::kENAMETOOLONG};
    while (resolved_.size() - base_size_ > sys::kLongestPath) {
      const size_t slash = resolved_.view().From(base_size_).First(sys::kLongestPath).FindLast('/');
      if (slash == StringView::kNotFound || slash == 0) return Error{abi::kENAMETOOLONG};
      char* const end = resolved_.data() + base_size_ + slash;
      *end = '\0';
      const auto no_follow = base_.open() ? sys::kNoFollow : sys::OpenFlags{};
      const Result<sys::Descriptor> opened =
          sys::Open({base_.open() ? base_.get() : sys::kWorkingDirectory, path + base_size_, path},
                    sys::kRead | sys::kDirectory | no_follow);
      *end = '/';
      if (!opened.ok()) return opened.error();
      base_ = sys::File(opened.value());
      base_size_ += slash + 1;
    }
    return sys::Location{base_.get(), path + base_size_, path};
  }

  // Cuts resolved_ to `size` bytes.
  void Cut(size_t size) {
    resolved_.Truncate(size);
    if (size >= base_size_) return;
    base_ = {};
    base_size_ = 0;
  }
  void CutLast() {
    const size_t slash = resolved_.view().FindLast('/');
    Cut(slash == 0 || slash == StringView::kNotFound ? Min<size_t>(resolved_.size(), 1) : slash);
  }

  Missing missing_;
  Links links_;
  String resolved_;
  String pending_;  // from next_ on
  size_t next_ = 0;
  // Nobody has asked yet whether resolved_ is a directory, and with Links::kKeep whether it is
  // there.
  bool unchecked_ = false;
  unsigned count_ = 0;  // links followed
  // For long paths: the directory that resolved_ names up to base_size_. That part of resolved_
  // stays as it is while it is used.
  sys::File base_;
  size_t base_size_ = 0;
};

}  // namespace

Result<String> CanonicalPath(StringView path, Missing missing, Links links) {
  return Walk(missing, links).Run(path);
}

Result<void> AppendRelativePath(String& text, StringView path, StringView from) {
  // The end of what both have in common, in whole components.
  size_t common = 0;
  const size_t shorter = Min(path.size(), from.size());
  size_t at = 0;
  for (; at < shorter && path[at] == from[at]; ++at) {
    if (path[at] == '/') common = at + 1;
  }
  const bool path_ends = at == path.size() || path[at] == '/';
  const bool from_ends = at == from.size() || from[at] == '/';
  if (at == shorter && path_ends && from_ends) common = at;
  const size_t before = text.size();
  for (StringView up = SkipSlashes(from.From(common)); !up.empty();) {
    CATION_TRY(text.Append(text.size() == before ? ".." : "/.."));
    up = SkipSlashes(up.From(FirstComponent(up).size()));
  }
  const StringView down = SkipSlashes(path.From(common));
  if (!down.empty() && text.size() != before) CATION_TRY(text.Append('/'));
  if (!down.empty()) return text.Append(down);
  if (text.size() == before) return text.Append('.');
  return {};
}

bool IsBelow(StringView path, StringView directory) {
  if (directory == "/") return true;
  return path.StartsWith(directory) &&
         (path.size() == directory.size() || path[directory.size()] == '/');
}

}  // namespace cation
