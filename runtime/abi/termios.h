// SPDX-License-Identifier: MIT
//
// <termios.h> and struct winsize. The bits and places in them are in terminal_numbers.h.
#ifndef CATION_RUNTIME_ABI_TERMIOS_H_
#define CATION_RUNTIME_ABI_TERMIOS_H_

#include <stddef.h>
#include <stdint.h>

namespace cation::abi {

struct Termios {
  uint32_t c_iflag;
  uint32_t c_oflag;
  uint32_t c_cflag;
  uint32_t c_lflag;
  uint8_t c_cc[32];
};
static_assert(sizeof(Termios) == 48 && offsetof(Termios, c_cc) == 16);

struct Winsize {
  uint16_t ws_row;
  uint16_t ws_col;
  uint16_t ws_xpixel;
  uint16_t ws_ypixel;
};
static_assert(sizeof(Winsize) == 8);

}  // namespace cation::abi

#endif  // CATION_RUNTIME_ABI_TERMIOS_H_
