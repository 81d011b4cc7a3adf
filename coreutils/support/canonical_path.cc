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
    String absolute;
    size_t scheme = sys::SchemeLength(path);
    if (path[0] != '/' && scheme == 0 && resolved_.empty()) {
      if constexpr (sys::kPathsAreTexts) {
        CATION_TRY(AppendWorkingDirectory(absolute));
        CATION_TRY(absolute.Append('/'));
        CATION_TRY(absolute.Append(path));
        path = absolute.view();
        scheme = sys::SchemeLength(path);
        if (path[0] != '/' && scheme == 0) return Error{abi::kENOENT};
      } else {
        CATION_TRY(AppendWorkingDirectory(resolved_));
      }
    }
    if (path[0] == '/' || scheme != 0) {
      // What of `path` comes out as it is, behind what stands for the colon of the old form.
      size_t kept = Max(scheme, size_t{1});
      Cut(0);
      if (path[kept - 1] == ':') {
        --kept;
        CATION_TRY(resolved_.Append("/scheme/"));
      }
      CATION_TRY(resolved_.Append(path.First(kept)));
      path = path.From(Max(scheme, size_t{1}));
    }
    String pending;
    CATION_TRY(pending.Append(path));
    CATION_TRY(pending.Append(rest()));
    pending_ = Move(pending);
    next_ = 0;
    return {};
  }

  Result<void> Step() {
    const StringView start = SkipSlashes(rest());
    const StringView name = FirstComponent(start);
    next_ = pending_.size() - start.size() + name.size();
    if (name == ".") return {};
    if (name == "..") {
      if (unchecked_ && missing_ != Missing::kAny) CATION_TRY(CheckDirectory());
      unchecked_ = false;
      CutLast();
      return {};
    }
    CATION_TRY(AppendPathComponent(resolved_, name));
    if (links_ == Links::kFollowAllButLast && rest().empty()) return {};
    if (links_ == Links::kKeep) {
      // What follows tells whether this is there.
      unchecked_ = true;
      return {};
    }
    char target[sys::kLongestPath + 1];
    const Result<sys::Location> here = Here();
    const Result<size_t> size =
        here.ok() ? sys::ReadSymbolicLinkIfAny(here.value(), target) : here.error();
    if (size.ok()) {
      if (size.value() == sizeof(target)) return Error{abi::kENAMETOOLONG};
      return FollowLink({target, size.value()});
    }
    return JudgeComponent(size.error());
  }

  // resolved_ is a link with this target.
  Result<void> FollowLink(StringView target) {
    if (++count_ > kMostLinks) {
      if (missing_ == Missing::kAny) return {};
      return Error{abi::kELOOP};
    }
    if (target.empty()) return Error{abi::kENOENT};
    CutLast();
    return Start(target);
  }

  // resolved_ has been asked for its target, with this error.
  Result<void> JudgeComponent(Error error) {
    if (missing_ == Missing::kAny) return PassOver(error);
    if (error == abi::kEINVAL) {
      if (!NeedsDirectory()) return {};
      const Result<void> checked = CheckDirectory();
      if (checked.ok()) return {};
      error = checked.error();
    }
    if (missing_ == Missing::kLast && error == abi::kENOENT && SkipSlashes(rest()).empty())
      return {};
    return error;
  }

  // With Missing::kAny, what says only that there is no link to be followed here is no error.
  static Result<void> PassOver(Error error) {
    if (error == abi::kENOENT || error == abi::kENOTDIR || error == abi::kEACCES ||
        error == abi::kEINVAL || error == abi::kENAMETOOLONG || error == abi::kELOOP ||
        error == abi::kENODEV)
      return {};
    return error;
  }

  // Whether what follows is no name, but slashes, "." or "..": then resolved_ has to be a
  // directory, and nobody else will notice.
  [[nodiscard]] bool NeedsDirectory() const {
    if (rest().empty()) return false;
    for (StringView left = SkipSlashes(rest());; left = SkipSlashes(left)) {
      const StringView name = FirstComponent(left);
      if (name.empty() || name == "..") return true;
      if (name != ".") return false;
      left = left.From(name.size());
    }
  }

  // Whether resolved_ is there, and a directory if it is to be one.
  Result<void> Check(bool is_directory) {
    CATION_TRY_ASSIGN(const sys::Location here, Here());
    CATION_TRY_ASSIGN(const sys::FileStatus status, sys::StatusAt(here, sys::Follow::kYes));
    if (is_directory && !status.IsDirectory()) return Error{abi::kENOTDIR};
    return {};
  }
  Result<void> CheckDirectory() { return Check(true); }

  // Links::kKeep: whether resolved_ is there, if it has to be. As with GNU's, its parents do not
  // have to be when it does not.
  Result<void> CheckLast() {
    const bool ends_in_dot = LastComponent(pending_.view()) == ".";
    const Result<void> checked = Check(ends_in_dot || pending_.view().EndsWith("/"));
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
  // Links::kKeep: nobody has asked yet whether resolved_ is there.
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
