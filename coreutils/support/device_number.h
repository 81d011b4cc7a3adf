// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_DEVICE_NUMBER_H_
#define CATION_COREUTILS_SUPPORT_DEVICE_NUMBER_H_

#include <stdint.h>

namespace cation {

// The two parts of a device's number, as Linux packs them. Redox has no numbers for devices.
[[nodiscard]] constexpr uint64_t MajorOf(uint64_t device) {
  return (device >> 8 & 0xfff) | (device >> 32 & ~uint64_t{0xfff});
}
[[nodiscard]] constexpr uint64_t MinorOf(uint64_t device) {
  return (device & 0xff) | (device >> 12 & 0xffffff00);
}

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_DEVICE_NUMBER_H_
