// SPDX-License-Identifier: MIT
#include "image/pcid_config.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "image/resolve.h"
#include "image/toml.h"

namespace cation::image {
namespace {

// "# cation: disabled, 5 lines: E1000 NIC", then each of the lines with kPrefix before it.
constexpr absl::string_view kMarker = "# cation: disabled, ";
constexpr absl::string_view kMarkerEnd = " lines: ";
constexpr absl::string_view kPrefix = "#| ";

struct Found {
  PcidDriver driver;
  size_t begin = 0;  // the first byte of its lines, the one that says "disabled" included
  size_t end = 0;
  std::string lines;  // of a disabled one: as they were
};

absl::Status Wrong(absl::StatusCode code, size_t line, absl::string_view what) {
  return absl::Status(code, absl::StrCat("line ", line, ": ", what));
}

// The line at the front, with its end, which is taken away.
absl::string_view TakeLine(absl::string_view& text) {
  const size_t end = text.find('\n');
  const absl::string_view line =
      text.substr(0, end == absl::string_view::npos ? text.size() : end + 1);
  text.remove_prefix(line.size());
  return line;
}

void TakeValue(const TomlStatement& statement, PcidDriver& driver) {
  if (statement.key.size() != 1) return;
  if (statement.key[0] == "name") driver.name = statement.value.text;
  if (statement.key[0] != "command") return;
  driver.command.clear();
  for (const TomlValue& item : statement.value.items) driver.command.push_back(item.text);
}

// The lines of a disabled driver, from the one that says so on.
absl::StatusOr<Found> ReadDisabled(absl::string_view text, const TomlStatement& marker) {
  const auto edited = [&marker] {
    return Wrong(absl::StatusCode::kDataLoss, marker.line,
                 "a disabled driver whose lines were edited; take the comment signs away by hand");
  };
  absl::string_view rest = text.substr(marker.begin);
  absl::string_view line = TakeLine(rest);
  size_t count = 0;
  const size_t count_end = line.find(kMarkerEnd);
  if (count_end == absl::string_view::npos ||
      !absl::SimpleAtoi(line.substr(kMarker.size(), count_end - kMarker.size()), &count)) {
    return edited();
  }
  Found found;
  for (; count > 0; --count) {
    if (!absl::StartsWith(rest, kPrefix)) return edited();
    line = TakeLine(rest);
    found.lines.append(line.data() + kPrefix.size(), line.size() - kPrefix.size());
  }
  found.begin = marker.begin;
  found.end = text.size() - rest.size();
  found.driver.enabled = false;
  found.driver.line = marker.line;
  const absl::StatusOr<std::vector<TomlStatement>> statements = ReadToml(found.lines);
  if (!statements.ok() || statements->empty() ||
      statements->front().kind != TomlStatement::Kind::kArrayOfTables) {
    return edited();
  }
  bool in_driver = true;
  for (const TomlStatement& statement : *statements) {
    if (statement.kind == TomlStatement::Kind::kTable) in_driver = false;
    if (in_driver && statement.kind == TomlStatement::Kind::kKeyValue) {
      TakeValue(statement, found.driver);
    }
  }
  return found;
}

absl::StatusOr<std::vector<Found>> FindDrivers(absl::string_view text) {
  const absl::StatusOr<std::vector<TomlStatement>> statements = ReadToml(text);
  if (!statements.ok()) return statements.status();
  std::vector<Found> drivers;
  enum class In { kTop, kDriver, kTableOfDriver, kOther } in = In::kTop;
  size_t disabled_end = 0;
  for (const TomlStatement& statement : *statements) {
    switch (statement.kind) {
      case TomlStatement::Kind::kComment: {
        // Comments of a disabled driver, which may themselves look like one.
        if (statement.begin < disabled_end) break;
        if (!absl::StartsWith(text.substr(statement.begin), kMarker)) break;
        absl::StatusOr<Found> disabled = ReadDisabled(text, statement);
        if (!disabled.ok()) return disabled.status();
        disabled_end = disabled->end;
        drivers.push_back(*std::move(disabled));
        break;
      }
      case TomlStatement::Kind::kArrayOfTables:
      case TomlStatement::Kind::kTable:
        if (statement.key[0] != "drivers") {
          in = In::kOther;
          break;
        }
        if (statement.key.size() == 1) {
          if (statement.kind == TomlStatement::Kind::kTable) {
            return Wrong(absl::StatusCode::kUnimplemented, statement.line,
                         "[drivers], where pcid-spawner takes [[drivers]]");
          }
          in = In::kDriver;
          drivers.push_back({{"", {}, true, statement.line}, statement.begin, statement.end, ""});
          break;
        }
        // [drivers.ids] is the last driver's: of an enabled one right before it.
        if (in == In::kOther || in == In::kTop || !drivers.back().driver.enabled) {
          return Wrong(absl::StatusCode::kUnimplemented, statement.line,
                       "a part of a driver that is not below it");
        }
        in = In::kTableOfDriver;
        drivers.back().end = statement.end;
        break;
      case TomlStatement::Kind::kKeyValue:
        if (in == In::kTop && statement.key[0] == "drivers") {
          return Wrong(absl::StatusCode::kUnimplemented, statement.line,
                       "drivers = ..., which can only be changed by hand");
        }
        if (in != In::kDriver && in != In::kTableOfDriver) break;
        if (!drivers.back().driver.enabled) {
          // Without its [[drivers]], this would now be of the driver before it.
          return Wrong(absl::StatusCode::kDataLoss, statement.line,
                       "more of a driver below one that is disabled");
        }
        drivers.back().end = statement.end;
        if (in == In::kDriver) TakeValue(statement, drivers.back().driver);
        break;
    }
  }
  return drivers;
}

std::string Label(const PcidDriver& driver) {
  const std::string program =
      driver.command.empty() ? "no command" : std::string(NameOf(driver.command[0]));
  return absl::Utf8SafeCEscape(driver.name.empty() ? program
                                                   : absl::StrCat(driver.name, " (", program, ")"));
}

std::string Labels(const std::vector<Found>& drivers) {
  return drivers.empty()
             ? "no drivers"
             : absl::StrJoin(drivers, ", ", [](std::string* out, const Found& found) {
                 absl::StrAppend(out, Label(found.driver), " in line ", found.driver.line,
                                 found.driver.enabled ? "" : ", disabled");
               });
}

bool IsCalled(const PcidDriver& driver, absl::string_view name) {
  return !name.empty() &&
         (driver.name == name || (!driver.command.empty() && NameOf(driver.command[0]) == name));
}

absl::StatusOr<Found> Choose(const std::vector<Found>& drivers, absl::string_view name,
                             bool enabled) {
  std::vector<Found> called;
  for (const Found& found : drivers) {
    if (IsCalled(found.driver, name)) called.push_back(found);
  }
  if (const size_t sign = name.rfind('@'); called.empty() && sign != absl::string_view::npos) {
    size_t line = 0;
    for (const Found& found : drivers) {
      if (absl::SimpleAtoi(name.substr(sign + 1), &line) && found.driver.line == line &&
          IsCalled(found.driver, name.substr(0, sign))) {
        called.push_back(found);
      }
    }
  }
  if (called.empty()) {
    return absl::NotFoundError(
        absl::StrCat("no driver is called ", name, "; there are: ", Labels(drivers)));
  }
  std::vector<Found> chosen;
  for (const Found& found : called) {
    if (found.driver.enabled == enabled) chosen.push_back(found);
  }
  if (chosen.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(name, ": ", enabled ? "disabled" : "enabled", " already"));
  }
  if (chosen.size() > 1) {
    return absl::FailedPreconditionError(absl::StrCat("several drivers are called ", name, ": ",
                                                      Labels(chosen), "; say which, as ", name, "@",
                                                      chosen[0].driver.line));
  }
  return chosen[0];
}

}  // namespace

absl::StatusOr<std::vector<PcidDriver>> ListPcidDrivers(absl::string_view text) {
  const absl::StatusOr<std::vector<Found>> found = FindDrivers(text);
  if (!found.ok()) return found.status();
  std::vector<PcidDriver> drivers;
  drivers.reserve(found->size());
  for (const Found& one : *found) drivers.push_back(one.driver);
  return drivers;
}

absl::StatusOr<std::string> DisablePcidDriver(absl::string_view text, absl::string_view driver) {
  const absl::StatusOr<std::vector<Found>> drivers = FindDrivers(text);
  if (!drivers.ok()) return drivers.status();
  const absl::StatusOr<Found> found = Choose(*drivers, driver, true);
  if (!found.ok()) return found.status();
  absl::string_view rest = text.substr(found->begin, found->end - found->begin);
  std::string commented;
  size_t count = 0;
  while (!rest.empty()) {
    absl::StrAppend(&commented, kPrefix, TakeLine(rest));
    ++count;
  }
  // Its line ends as those of the driver do.
  const bool crlf = absl::StrContains(commented, "\r\n");
  std::string changed =
      absl::StrCat(text.substr(0, found->begin), kMarker, count, kMarkerEnd, Label(found->driver),
                   crlf ? "\r\n" : "\n", commented, text.substr(found->end));
  // Nothing else is to have changed its meaning.
  const absl::StatusOr<std::vector<Found>> after = FindDrivers(changed);
  if (!after.ok()) return after.status();
  return changed;
}

absl::StatusOr<std::string> EnablePcidDriver(absl::string_view text, absl::string_view driver) {
  const absl::StatusOr<std::vector<Found>> drivers = FindDrivers(text);
  if (!drivers.ok()) return drivers.status();
  const absl::StatusOr<Found> found = Choose(*drivers, driver, false);
  if (!found.ok()) return found.status();
  return absl::StrCat(text.substr(0, found->begin), found->lines, text.substr(found->end));
}

}  // namespace cation::image
