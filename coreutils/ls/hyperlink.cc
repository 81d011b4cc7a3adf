// SPDX-License-Identifier: MIT
#include "coreutils/ls/hyperlink.h"

#include "coreutils/support/read_file.h"

namespace cation::ls {
namespace {

// Appends `text` with what has a meaning in addresses as %xx. Source: RFC 3986, 2.3.
Result<void> AppendAddress(String& url, StringView text) {
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       StringView("-._~/").Find(c) != StringView::kNotFound;
    if (plain) {
      CATION_TRY(url.Append(c));
      continue;
    }
    constexpr StringView kDigits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    const char escaped[] = {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    CATION_TRY(url.Append(StringView(escaped, sizeof(escaped))));
  }
  return {};
}

}  // namespace

Result<void> Hyperlinks::SwitchOn() {
  is_on_ = true;
  CATION_TRY(prefix_.Append("file://"));
  // What gethostname() reads too; terminals mostly ignore it, and so does its absence.
  String host;
  (void)ReadFile("/etc/hostname", host);
  const StringView line = host.view();
  CATION_TRY(AppendAddress(prefix_, line.First(Min(line.Find('\n'), line.size()))));
  CATION_TRY(sys::WorkingDirectory(working_));
  return Enter("");
}

Result<void> Hyperlinks::Enter(StringView path) {
  if (!is_on_) return {};
  folder_.Truncate(0);
  CATION_TRY(folder_.Append(working_.view()));
  return Resolve(folder_, path);
}

Result<StringView> Hyperlinks::Of(StringView name) {
  if (!is_on_) return StringView();
  path_.Truncate(0);
  CATION_TRY(path_.Append(folder_.view()));
  CATION_TRY(Resolve(path_, name));
  url_.Truncate(0);
  CATION_TRY(url_.Append(prefix_.view()));
  CATION_TRY(AppendAddress(url_, path_.empty() ? StringView("/") : path_.view()));
  return url_.view();
}

// The root is "" on the way, so that each component can be appended with a slash.
Result<void> Hyperlinks::Resolve(String& base, StringView path) {
  constexpr unsigned kMostLinks = 40;
  if (base.view() == "/") base.Truncate(0);
  CATION_TRY_ASSIGN(String rest, String::From(path));
  size_t next = 0;
  for (unsigned links = 0; next < rest.size();) {
    StringView left = rest.view().From(next);
    if (next == 0 && left[0] == '/') base.Truncate(0);
    size_t slashes = 0;
    while (slashes < left.size() && left[slashes] == '/') ++slashes;
    left = left.From(slashes);
    const StringView name = left.First(Min(left.Find('/'), left.size()));
    next += slashes + name.size();
    if (name.empty() || name == ".") continue;
    if (name == "..") {
      const size_t slash = base.view().FindLast('/');
      base.Truncate(slash == StringView::kNotFound ? 0 : slash);
      continue;
    }
    const size_t before = base.size();
    CATION_TRY(base.Append('/'));
    CATION_TRY(base.Append(name));
    char target[4096];
    const Result<size_t> size = sys::ReadSymbolicLink(sys::At(base.c_str()), target);
    if (!size.ok() || size.value() == sizeof(target) || ++links > kMostLinks) continue;
    // The target, and then what follows the link.
    base.Truncate(before);
    CATION_TRY_ASSIGN(String target_and_rest, String::From({target, size.value()}));
    CATION_TRY(target_and_rest.Append(rest.view().From(next)));
    rest = Move(target_and_rest);
    next = 0;
  }
  return {};
}

}  // namespace cation::ls
