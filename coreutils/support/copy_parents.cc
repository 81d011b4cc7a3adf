// SPDX-License-Identifier: MIT
//
// What Copier does before a tree: the directories of --parents, and counting for the progress.
#include "coreutils/support/copy.h"
#include "coreutils/support/copy_choices.h"

namespace cation {

bool Copier::CopyWithParents(const char* source, const char* target, const CopyPlace& place) {
  ok_ = true;
  made_ = false;
  const StringView name = WithoutSlashes(source);
  String path;
  Result<void> built = path.Append(target);
  if (built.ok() && !name.StartsWith("/") && !path.view().EndsWith("/")) built = path.Append('/');
  const size_t source_start = path.size();
  if (built.ok()) built = path.Append(name);
  if (built.ok()) built = from_.Begin(source);
  if (built.ok()) built = to_.Begin(sys::At(target));
  if (!built.ok()) return Fail(source, built.error());
  if (IsRecursive()) {
    // Before any directory is made of it.
    const Result<sys::FileStatus> status = sys::StatusAt(source, sys::Follow::kYes);
    if (status.ok() && status.value().IsDirectory() && !MayDescend(status.value())) return false;
  }

  Vector<Parent> parents;
  bool ok = MakeParents(path.view(), source_start, parents);
  if (ok) ok = Copy(source, sys::At(path.c_str()), place);
  // Directories that were all there are none of our business.
  bool any_created = false;
  for (const Parent& parent : parents) any_created |= parent.created;
  // The innermost first: what is made in a directory changes its times.
  for (; any_created && !parents.empty(); parents.PopBack()) {
    const Parent& parent = parents.back();
    path.Truncate(parent.path_size);
    if (const Result<void> begun = to_.Begin(sys::At(path.c_str())); !begun.ok()) {
      ok = Fail(path.view(), begun.error());
    } else if (!KeepAttributes(sys::kNone, parent.source, parent.status, parent.created)) {
      ok = false;
    }
  }
  return ok;
}

// Makes what is missing of the directories that `path` leads through from `source_start` on, where
// the source's own path begins.
bool Copier::MakeParents(StringView path, size_t source_start, Vector<Parent>& parents) {
  String source;
  String target;
  for (size_t i = source_start + 1; i < path.size(); ++i) {
    if (path[i] != '/' || path[i - 1] == '/') continue;
    source.Truncate(0);
    target.Truncate(0);
    Result<void> built = target.Append(path.First(i));
    if (built.ok()) built = source.Append(target.view().From(source_start));
    if (built.ok()) built = parents.PushBack({});
    if (!built.ok()) return Fail(path, built.error());
    Parent& parent = parents.back();
    parent.path_size = i;
    if (MakeParent(source.c_str(), target.c_str(), &parent)) continue;
    parents.PopBack();
    return false;
  }
  return true;
}

bool Copier::MakeParent(const char* source, const char* target, Parent* parent) {
  const Result<sys::FileStatus> status = sys::StatusAt(source, sys::Follow::kYes);
  if (!status.ok()) return Fail(source, status.error());
  parent->source = status.value();
  if (!parent->source.IsDirectory()) return Fail(source, Error{abi::kENOTDIR});
  const Result<void> made =
      sys::MakeDirectory(sys::At(target), CreationMode(parent->source) | 0700);
  if (!made.ok() && !(made.error() == abi::kEEXIST)) return Fail(target, made.error());
  parent->created = made.ok();
  const Result<sys::FileStatus> there = sys::StatusAt(target, sys::Follow::kYes);
  if (!there.ok()) return Fail(target, there.error());
  parent->status = there.value();
  if (!parent->status.IsDirectory()) return Fail(target, Error{abi::kENOTDIR});
  if (parent->created) Announce(source, target);
  return true;
}

void Copier::Count(Span<char*> sources) {
  if (!progress_->active()) return;
  uint64_t files = 0;
  uint64_t bytes = 0;
  for (const char* const source : sources) CountTree(source, &files, &bytes);
  progress_->SetTotal(files, bytes);
}

// What goes wrong here, goes wrong again, and is reported then.
void Copier::CountTree(const char* source, uint64_t* files, uint64_t* bytes) const {
  Descent walk;
  if (!walk.Begin(source).ok()) return;
  for (bool is_operand = true;; is_operand = false) {
    if (!is_operand) {
      if (walk.depth() == 0) return;
      const Result<const Descent::Entry*> entry = walk.Next();
      if (!entry.ok()) continue;
      if (entry.value() == nullptr) {
        (void)walk.Leave();
        continue;
      }
    }
    const bool follows = is_operand && Dereferences() != CopyOptions::Dereference::kNever;
    const Result<sys::FileStatus> status =
        sys::StatusAt(walk.here(), follows ? sys::Follow::kYes : sys::Follow::kNo);
    if (!status.ok()) continue;
    if (!status.value().IsDirectory()) {
      ++*files;
      if (status.value().IsRegular()) *bytes += status.value().size;
    } else if (IsRecursive()) {
      const Result<sys::Descriptor> opened =
          sys::Open(walk.here(),
                    sys::kRead | sys::kDirectory | (follows ? sys::OpenFlags{} : sys::kNoFollow));
      if (opened.ok()) (void)walk.Enter(sys::File(opened.value()), status.value());
    }
  }
}

}  // namespace cation
