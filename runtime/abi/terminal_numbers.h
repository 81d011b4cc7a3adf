// SPDX-License-Identifier: MIT
//
// What the bits of <termios.h> and the places of its characters are on Redox, by relibc, and on
// Linux, which hosts and the stand-in have. 0: the system does not know it (character:
// kNoCharacter).
#ifndef CATION_RUNTIME_ABI_TERMINAL_NUMBERS_H_
#define CATION_RUNTIME_ABI_TERMINAL_NUMBERS_H_

#include <stdint.h>

namespace cation::abi {

inline constexpr uint8_t kNoCharacter = 0xff;

struct TerminalNumbers {
  struct Input {
    uint32_t ignbrk, brkint, ignpar, parmrk, inpck, istrip, inlcr, igncr, icrnl, iuclc, ixon, ixany,
        ixoff, imaxbel, iutf8;
  } input;
  struct Output {
    uint32_t opost, olcuc, onlcr, ocrnl, onocr, onlret, ofill, ofdel;
    // Delays: the bits of NLDLY, CRDLY, TABDLY, BSDLY, VTDLY and FFDLY.
    uint32_t nl1, cr1, cr2, tab1, tab2, bs1, vt1, ff1;
  } output;
  struct Control {
    // CS8 has both bits, CS5 none.
    uint32_t cs6, cs7, cstopb, cread, parenb, parodd, hupcl, clocal, cmspar, crtscts;
  } control;
  struct Local {
    uint32_t isig, icanon, xcase, echo, echoe, echok, echonl, noflsh, tostop, echoctl, echoprt,
        echoke, flusho, pendin, iexten, extproc;
  } local;
  struct Characters {
    uint8_t intr, quit, erase, kill, eof, eol, eol2, swtch, start, stop, susp, rprnt, werase, lnext,
        discard, min, time;
  } characters;
};

// ptyd, which is behind every login, acts on inlcr igncr icrnl, opost onlcr, icanon isig echo echoe
// echonl iexten, on eof eol eol2 erase intr quit susp, and on min and time. The rest it keeps.
inline constexpr TerminalNumbers kRedoxTerminal = {
    .input = {.ignbrk = 01,
              .brkint = 02,
              .ignpar = 04,
              .parmrk = 010,
              .inpck = 020,
              .istrip = 040,
              .inlcr = 0100,
              .igncr = 0200,
              .icrnl = 0400,
              .iuclc = 0,
              .ixon = 01000,
              .ixany = 04000,
              .ixoff = 02000,
              .imaxbel = 0,
              .iutf8 = 0},
    .output = {.opost = 01,
               .olcuc = 04,
               .onlcr = 02,
               .ocrnl = 010,
               .onocr = 020,
               .onlret = 040,
               .ofill = 0100,
               .ofdel = 0200,
               .nl1 = 0,
               .cr1 = 0,
               .cr2 = 0,
               .tab1 = 0,
               .tab2 = 0,
               .bs1 = 0,
               .vt1 = 0,
               .ff1 = 0},
    .control = {.cs6 = 0400,
                .cs7 = 01000,
                .cstopb = 02000,
                .cread = 04000,
                .parenb = 010000,
                .parodd = 020000,
                .hupcl = 040000,
                .clocal = 0100000,
                .cmspar = 0,
                .crtscts = 0},
    .local = {.isig = 0x80,
              .icanon = 0x100,
              .xcase = 0,
              .echo = 8,
              .echoe = 2,
              .echok = 4,
              .echonl = 0x10,
              .noflsh = 0x8000'0000,
              .tostop = 0x40'0000,
              .echoctl = 0,
              .echoprt = 0,
              .echoke = 0,
              .flusho = 0,
              .pendin = 0,
              .iexten = 0x400,
              .extproc = 0},
    .characters = {.intr = 8,
                   .quit = 9,
                   .erase = 3,
                   .kill = 5,
                   .eof = 0,
                   .eol = 1,
                   .eol2 = 2,
                   .swtch = 7,
                   .start = 12,
                   .stop = 13,
                   .susp = 10,
                   .rprnt = 6,
                   .werase = 4,
                   .lnext = 14,
                   .discard = 15,
                   .min = 16,
                   .time = 17},
};

inline constexpr TerminalNumbers kLinuxTerminal = {
    .input = {.ignbrk = 01,
              .brkint = 02,
              .ignpar = 04,
              .parmrk = 010,
              .inpck = 020,
              .istrip = 040,
              .inlcr = 0100,
              .igncr = 0200,
              .icrnl = 0400,
              .iuclc = 01000,
              .ixon = 02000,
              .ixany = 04000,
              .ixoff = 010000,
              .imaxbel = 020000,
              .iutf8 = 040000},
    .output = {.opost = 01,
               .olcuc = 02,
               .onlcr = 04,
               .ocrnl = 010,
               .onocr = 020,
               .onlret = 040,
               .ofill = 0100,
               .ofdel = 0200,
               .nl1 = 0400,
               .cr1 = 01000,
               .cr2 = 02000,
               .tab1 = 04000,
               .tab2 = 010000,
               .bs1 = 020000,
               .vt1 = 040000,
               .ff1 = 0100000},
    .control = {.cs6 = 020,
                .cs7 = 040,
                .cstopb = 0100,
                .cread = 0200,
                .parenb = 0400,
                .parodd = 01000,
                .hupcl = 02000,
                .clocal = 04000,
                .cmspar = 010000000000,
                .crtscts = 020000000000},
    .local = {.isig = 01,
              .icanon = 02,
              .xcase = 04,
              .echo = 010,
              .echoe = 020,
              .echok = 040,
              .echonl = 0100,
              .noflsh = 0200,
              .tostop = 0400,
              .echoctl = 01000,
              .echoprt = 02000,
              .echoke = 04000,
              .flusho = 010000,
              .pendin = 040000,
              .iexten = 0100000,
              .extproc = 0200000},
    .characters = {.intr = 0,
                   .quit = 1,
                   .erase = 2,
                   .kill = 3,
                   .eof = 4,
                   .eol = 11,
                   .eol2 = 16,
                   .swtch = 7,
                   .start = 8,
                   .stop = 9,
                   .susp = 10,
                   .rprnt = 12,
                   .werase = 14,
                   .lnext = 15,
                   .discard = 13,
                   .min = 6,
                   .time = 5},
};

}  // namespace cation::abi

#endif  // CATION_RUNTIME_ABI_TERMINAL_NUMBERS_H_
