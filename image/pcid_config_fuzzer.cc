// SPDX-License-Identifier: MIT

// Any bytes may be a configuration of PCI drivers: no crash, statements in their order, and each
// driver that is listed can be disabled and enabled again, byte by byte, the others staying.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "image/pcid_config.h"
#include "image/resolve.h"
#include "image/toml.h"

namespace cation::image {
namespace {

void Require(bool condition) {
  if (!condition) {
    abort();
  }
}

void Check(absl::string_view text) {
  const absl::StatusOr<std::vector<TomlStatement>> statements = ReadToml(text);
  const absl::StatusOr<std::vector<PcidDriver>> drivers = ListPcidDrivers(text);
  if (!statements.ok()) {
    Require(drivers.status() == statements.status());
    return;
  }
  size_t end = 0;
  for (const TomlStatement& statement : *statements) {
    Require(statement.begin >= end && statement.end > statement.begin);
    end = statement.end;
  }
  Require(end <= text.size());
  if (!drivers.ok() || drivers->size() > 8) return;
  for (const PcidDriver& driver : *drivers) {
    std::string called = driver.name;
    if (called.empty() && !driver.command.empty()) called = std::string(NameOf(driver.command[0]));
    if (called.empty()) continue;
    absl::StrAppend(&called, "@", driver.line);
    if (!driver.enabled) {
      (void)EnablePcidDriver(text, called);
      continue;
    }
    const absl::StatusOr<std::string> changed = DisablePcidDriver(text, called);
    if (!changed.ok()) continue;
    const absl::StatusOr<std::vector<PcidDriver>> after = ListPcidDrivers(*changed);
    Require(after.ok() && after->size() == drivers->size());
    for (size_t i = 0; i < drivers->size(); ++i) {
      const bool same = &(*drivers)[i] == &driver;
      Require((*after)[i].enabled == ((*drivers)[i].enabled && !same));
      Require((*after)[i].name == (*drivers)[i].name);
      Require((*after)[i].command == (*drivers)[i].command);
    }
    const absl::StatusOr<std::string> back = EnablePcidDriver(*changed, called);
    Require(back.ok() && *back == text);
  }
}

}  // namespace
}  // namespace cation::image

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned int seed) {
  constexpr absl::string_view kPieces[] = {
      "[[drivers]]\n",
      "name = \"ahcid\"\n",
      "command = ['/lib/nvmed', \"-x\"]\n",
      "\n",
      "\r\n",
      "# cation: disabled, 2 lines: x\n#| [[drivers]]\n#| name = 'x'\n",
      "[drivers.ids]\n",
      "0x8086 = [1, # c\n 2]\n",
      "[other]\n",
      "\"\"\"",
      "'''",
      "\"",
      "'",
      "[",
      "]",
      "{",
      "}",
      ",",
      "#",
      "#| ",
      "\\",
      "=",
      ".",
      " "};
  std::minstd_rand random(seed);
  if (random() % 4 == 0) return LLVMFuzzerMutate(data, size, max_size);
  std::string text(data, data + size);
  for (uint64_t changes = 1 + random() % 4; changes > 0; --changes) {
    const size_t at = random() % 3 == 0 ? text.size() : random() % (text.size() + 1);
    if (random() % 4 == 0) {
      text.erase(at, random() % 20);
    } else {
      const absl::string_view piece = kPieces[random() % std::size(kPieces)];
      text.insert(at, piece.data(), piece.size());
    }
  }
  text.resize(text.size() < max_size ? text.size() : max_size);
  text.copy(reinterpret_cast<char*>(data), text.size());
  return text.size();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(data, data + size);
  cation::image::Check(text);
  return 0;
}
