// SPDX-License-Identifier: MIT
#ifndef IMAGE_PCID_CONFIG_H_
#define IMAGE_PCID_CONFIG_H_

// The configuration of pcid-spawner: /etc/pcid.d/*.toml on the root filesystem,
// /etc/pcid/initfs.toml in the initfs. TOML with a table [[drivers]] for each driver: name, class,
// subclass, vendor, device, ids, command.
//
// A driver is disabled by making comments of its lines, below a line that says so. Enabling it
// takes that away again. All other bytes stay as they are.

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cation::image {

struct PcidDriver {
  std::string name;                  // may be empty: pcid-spawner does not need it
  std::vector<std::string> command;  // the program and its arguments
  bool enabled = true;
  size_t line = 0;  // of [[drivers]], or of the line that says that it is disabled; from 1
};

// Error: kInvalidArgument for what is no TOML, kUnimplemented for forms of it that are not
// understood (drivers = [{...}]), kDataLoss where a disabled driver was edited. All with the line.
absl::StatusOr<std::vector<PcidDriver>> ListPcidDrivers(absl::string_view text);

// The text with the driver disabled or enabled. `driver` is its name or the file name of its
// command, "ahcid"; where several have it, "ahcid@12" is that of line 12. Errors besides those
// above: kNotFound and kFailedPrecondition (several; disabled or enabled already), with what there
// is.
//
// With the last driver of all files disabled, pcid-spawner complains that there are none, and ends.
absl::StatusOr<std::string> DisablePcidDriver(absl::string_view text, absl::string_view driver);
absl::StatusOr<std::string> EnablePcidDriver(absl::string_view text, absl::string_view driver);

}  // namespace cation::image

#endif  // IMAGE_PCID_CONFIG_H_
