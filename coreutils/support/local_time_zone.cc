// SPDX-License-Identifier: MIT
#include "coreutils/support/local_time_zone.h"

#include "coreutils/support/read_file.h"

namespace cation {
namespace {

constexpr char kDatabase[] = "/usr/share/zoneinfo";

}  // namespace

void LocalTimeZone::Find(const Context& context) {
  if (is_found_) return;
  is_found_ = true;
  const char* text = Environment(context, "TZ");
  if (text == nullptr) {
    (void)Read("/etc/localtime");
  } else {
    FindNamed(context, text);
  }
}

void LocalTimeZone::FindNamed(const Context& context, const char* text) {
  if (*text == ':') ++text;
  if (*text == '\0' || StringView(text) == "UTC") return;
  if (zone_.ReadRule(text)) return;
  if (*text == '/') {
    (void)Read(text);
    return;
  }
  const char* const folder = Environment(context, "TZDIR");
  String path;
  const bool has_path =
      path.Append(folder == nullptr || *folder == '\0' ? kDatabase : folder).ok() &&
      AppendPathComponent(path, text).ok();
  if (has_path) (void)Read(path.c_str());
}

Result<void> LocalTimeZone::Read(const char* path) {
  CATION_TRY(ReadFile(path, file_));
  (void)TimeZone::FromFile(file_.view(), zone_);
  return {};
}

}  // namespace cation
