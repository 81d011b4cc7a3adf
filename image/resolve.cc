// SPDX-License-Identifier: MIT
#include "image/resolve.h"

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace cation::image {
namespace {

// As many as relibc and Linux follow.
constexpr int kMaximumLinks = 40;

}  // namespace

bool NamesScheme(absl::string_view target) {
  if (absl::StartsWith(target, "/scheme/")) return true;
  const size_t colon = target.find(':');
  return colon != absl::string_view::npos && colon > 0 && target.find('/') > colon;
}

bool IsCanonical(absl::string_view path) {
  if (path.empty()) return true;
  if (path.find('\0') != absl::string_view::npos) return false;
  for (const absl::string_view component : absl::StrSplit(path, '/')) {
    if (component.empty() || component == "." || component == "..") return false;
  }
  return true;
}

absl::string_view ParentOf(absl::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == absl::string_view::npos ? absl::string_view() : path.substr(0, slash);
}

absl::string_view NameOf(absl::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == absl::string_view::npos ? path : path.substr(slash + 1);
}

std::string JoinPath(absl::string_view folder, absl::string_view name) {
  return folder.empty() ? std::string(name) : absl::StrCat(folder, "/", name);
}

absl::StatusOr<std::string> Resolve(Tree& tree, absl::string_view path, bool follow_last) {
  if (path.find('\0') != absl::string_view::npos) {
    return absl::InvalidArgumentError("a path with a NUL byte");
  }
  // What is still to go, the next component last; and where we are.
  std::vector<std::string> rest;
  const auto push = [&rest](absl::string_view text) {
    const std::vector<std::string> components = absl::StrSplit(text, '/', absl::SkipEmpty());
    rest.insert(rest.end(), components.rbegin(), components.rend());
  };
  push(path);
  std::vector<std::string> done;
  int links = 0;
  bool missing = false;
  while (!rest.empty()) {
    const std::string component = rest.back();
    rest.pop_back();
    if (component == ".") continue;
    if (component == "..") {
      if (missing) {
        return absl::InvalidArgumentError(
            absl::StrCat(path, ": .. after a name that is not there"));
      }
      if (!done.empty()) done.pop_back();
      continue;
    }
    done.push_back(component);
    if (missing) continue;
    const std::string here = absl::StrJoin(done, "/");
    const absl::StatusOr<Entry> entry = tree.Look(here);
    if (absl::IsNotFound(entry.status())) {
      missing = true;
      continue;
    }
    if (!entry.ok()) return entry.status();
    if (entry->kind == Kind::kLink && (!rest.empty() || follow_last)) {
      if (NamesScheme(entry->target)) {
        return absl::FailedPreconditionError(absl::StrCat(path, ": goes through the link /", here,
                                                          " to ", entry->target,
                                                          ", which is no part of an image"));
      }
      if (++links > kMaximumLinks) {
        return absl::FailedPreconditionError(
            absl::StrCat(path, ": too many symbolic links, the last one /", here));
      }
      done.pop_back();
      if (absl::StartsWith(entry->target, "/")) done.clear();
      push(entry->target);
      continue;
    }
    if (!rest.empty() && entry->kind != Kind::kDirectory) {
      return absl::FailedPreconditionError(absl::StrCat(path, ": /", here, " is not a directory"));
    }
  }
  return absl::StrJoin(done, "/");
}

}  // namespace cation::image
