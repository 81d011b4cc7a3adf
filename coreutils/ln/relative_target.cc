// SPDX-License-Identifier: MIT
#include "coreutils/ln/relative_target.h"

#include "runtime/sys/sys.h"

namespace cation::ln {
namespace {

constexpr unsigned kMostLinks = 40;
constexpr size_t kLongestTarget = 4096;

// Sets `target` to the target of the symbolic link `path`; empty when it is none.
Result<void> ReadTarget(const char* path, String& target) {
  CATION_TRY(target.Resize(kLongestTarget));
  const Result<size_t> length =
      sys::ReadSymbolicLink(sys::At(path), {target.data(), kLongestTarget});
  target.Truncate(length.ok() ? length.value() : 0);
  // EINVAL: something else. What is not there, or behind what is no directory, is what it says.
  if (length.ok() || length.error() == abi::kEINVAL || length.error() == abi::kENOENT ||
      length.error() == abi::kENOTDIR)
    return {};
  return length.error();
}

// The absolute path of `path` without symbolic links, "." and "..".
Result<String> Resolve(StringView path) {
  String real;
  String rest;
  if (!path.StartsWith("/")) CATION_TRY(sys::WorkingDirectory(real));
  if (real.view() == "/") real.Truncate(0);
  CATION_TRY(rest.Append(path));
  unsigned links = 0;
  for (size_t at = 0; at < rest.size();) {
    StringView name = rest.view().From(at);
    const size_t slash = name.Find('/');
    if (slash != StringView::kNotFound) name = name.First(slash);
    at += name.size() + 1;
    if (name.empty() || name == ".") continue;
    if (name == "..") {
      const size_t up = real.view().FindLast('/');
      if (up != StringView::kNotFound) real.Truncate(up);
      continue;
    }
    const size_t size = real.size();
    CATION_TRY(real.Append('/'));
    CATION_TRY(real.Append(name));
    String target;
    CATION_TRY(ReadTarget(real.c_str(), target));
    if (target.empty()) continue;
    if (++links > kMostLinks) return Error{abi::kELOOP};
    real.Truncate(target.view().StartsWith("/") ? 0 : size);
    CATION_TRY(target.Append('/'));
    if (at < rest.size()) CATION_TRY(target.Append(rest.view().From(at)));
    rest = Move(target);
    at = 0;
  }
  return real;
}

}  // namespace

Result<String> RelativeTarget(const char* source, const char* link) {
  String parent;
  CATION_TRY(AppendParent(parent, link));
  CATION_TRY_ASSIGN(const String from, Resolve(parent.view()));
  CATION_TRY_ASSIGN(const String to, Resolve(source));
  // What both begin with, up to the end of a component in both.
  size_t common = 0;
  const auto ends = [](const String& text, size_t at) {
    return at == text.size() || text.view()[at] == '/';
  };
  for (size_t i = 0; i <= from.size() && i <= to.size(); ++i) {
    if (ends(from, i) && ends(to, i)) common = i;
    if (i == from.size() || i == to.size() || from.view()[i] != to.view()[i]) break;
  }
  String relative;
  for (const char c : from.view().From(common)) {
    if (c == '/') CATION_TRY(AppendPathComponent(relative, ".."));
  }
  if (common < to.size()) {
    CATION_TRY(AppendPathComponent(relative, to.view().From(common + 1)));
  }
  if (relative.empty()) CATION_TRY(relative.Append('.'));
  return relative;
}

}  // namespace cation::ln
