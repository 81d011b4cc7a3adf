// SPDX-License-Identifier: MIT
//
// The modes of stty by name, in the order in which they are shown. Numbers are the system's: what
// it does not know has none, and is no mode there.
#ifndef CATION_COREUTILS_STTY_MODES_H_
#define CATION_COREUTILS_STTY_MODES_H_

#include "runtime/sys/terminal.h"

namespace cation::stty {

enum class Group : uint8_t { kControl, kInput, kOutput, kLocal, kCombination };

// What Mode::how adds up.
inline constexpr uint8_t kReverse = 1;    // "-name" takes the bits off
inline constexpr uint8_t kHidden = 2;     // another name of what is shown
inline constexpr uint8_t kSaneSet = 4;    // `sane` sets it
inline constexpr uint8_t kSaneUnset = 8;  // `sane` takes it off

struct Mode {
  char name[10];
  Group group;
  uint8_t how;
  uint32_t bits;
  // What the bits are chosen from; 0: the bits themselves.
  uint32_t mask = 0;

  [[nodiscard]] constexpr bool IsKnown() const { return (bits | mask) != 0; }
};

namespace internal {
inline constexpr auto& kC = sys::kTerminal.control;
inline constexpr auto& kI = sys::kTerminal.input;
inline constexpr auto& kO = sys::kTerminal.output;
inline constexpr auto& kL = sys::kTerminal.local;
inline constexpr uint32_t kSize = kC.cs6 | kC.cs7;
inline constexpr uint32_t kCr = kO.cr1 | kO.cr2;
inline constexpr uint32_t kTab = kO.tab1 | kO.tab2;
inline constexpr uint8_t kOn = kReverse | kSaneSet;
inline constexpr uint8_t kOff = kReverse | kSaneUnset;
}  // namespace internal

inline constexpr Mode kModes[] = {
    {"parenb", Group::kControl, kReverse, internal::kC.parenb},
    {"parodd", Group::kControl, kReverse, internal::kC.parodd},
    {"cmspar", Group::kControl, kReverse, internal::kC.cmspar},
    {"cs5", Group::kControl, 0, 0, internal::kSize},
    {"cs6", Group::kControl, 0, internal::kC.cs6, internal::kSize},
    {"cs7", Group::kControl, 0, internal::kC.cs7, internal::kSize},
    {"cs8", Group::kControl, 0, internal::kSize, internal::kSize},
    {"hupcl", Group::kControl, kReverse, internal::kC.hupcl},
    {"hup", Group::kControl, kReverse | kHidden, internal::kC.hupcl},
    {"cstopb", Group::kControl, kReverse, internal::kC.cstopb},
    {"cread", Group::kControl, internal::kOn, internal::kC.cread},
    {"clocal", Group::kControl, kReverse, internal::kC.clocal},
    {"crtscts", Group::kControl, kReverse, internal::kC.crtscts},
    {"ignbrk", Group::kInput, internal::kOff, internal::kI.ignbrk},
    {"brkint", Group::kInput, internal::kOn, internal::kI.brkint},
    {"ignpar", Group::kInput, kReverse, internal::kI.ignpar},
    {"parmrk", Group::kInput, kReverse, internal::kI.parmrk},
    {"inpck", Group::kInput, kReverse, internal::kI.inpck},
    {"istrip", Group::kInput, kReverse, internal::kI.istrip},
    {"inlcr", Group::kInput, internal::kOff, internal::kI.inlcr},
    {"igncr", Group::kInput, internal::kOff, internal::kI.igncr},
    {"icrnl", Group::kInput, internal::kOn, internal::kI.icrnl},
    {"ixon", Group::kInput, kReverse, internal::kI.ixon},
    {"ixoff", Group::kInput, internal::kOff, internal::kI.ixoff},
    {"tandem", Group::kInput, kReverse | kHidden, internal::kI.ixoff},
    {"iuclc", Group::kInput, internal::kOff, internal::kI.iuclc},
    {"ixany", Group::kInput, internal::kOff, internal::kI.ixany},
    {"decctlq", Group::kInput, kReverse | kHidden, internal::kI.ixany},  // see SetMode()
    {"imaxbel", Group::kInput, internal::kOn, internal::kI.imaxbel},
    {"iutf8", Group::kInput, internal::kOff, internal::kI.iutf8},
    {"opost", Group::kOutput, internal::kOn, internal::kO.opost},
    {"olcuc", Group::kOutput, internal::kOff, internal::kO.olcuc},
    {"ocrnl", Group::kOutput, internal::kOff, internal::kO.ocrnl},
    {"onlcr", Group::kOutput, internal::kOn, internal::kO.onlcr},
    {"onocr", Group::kOutput, internal::kOff, internal::kO.onocr},
    {"onlret", Group::kOutput, internal::kOff, internal::kO.onlret},
    {"ofill", Group::kOutput, internal::kOff, internal::kO.ofill},
    {"ofdel", Group::kOutput, internal::kOff, internal::kO.ofdel},
    {"nl1", Group::kOutput, kSaneUnset, internal::kO.nl1, internal::kO.nl1},
    {"nl0", Group::kOutput, kSaneSet, 0, internal::kO.nl1},
    {"cr3", Group::kOutput, kSaneUnset, internal::kCr, internal::kCr},
    {"cr2", Group::kOutput, kSaneUnset, internal::kO.cr2, internal::kCr},
    {"cr1", Group::kOutput, kSaneUnset, internal::kO.cr1, internal::kCr},
    {"cr0", Group::kOutput, kSaneSet, 0, internal::kCr},
    {"tab3", Group::kOutput, kSaneUnset, internal::kTab, internal::kTab},
    {"tab2", Group::kOutput, kSaneUnset, internal::kO.tab2, internal::kTab},
    {"tab1", Group::kOutput, kSaneUnset, internal::kO.tab1, internal::kTab},
    {"tab0", Group::kOutput, kSaneSet, 0, internal::kTab},
    {"bs1", Group::kOutput, kSaneUnset, internal::kO.bs1, internal::kO.bs1},
    {"bs0", Group::kOutput, kSaneSet, 0, internal::kO.bs1},
    {"vt1", Group::kOutput, kSaneUnset, internal::kO.vt1, internal::kO.vt1},
    {"vt0", Group::kOutput, kSaneSet, 0, internal::kO.vt1},
    {"ff1", Group::kOutput, kSaneUnset, internal::kO.ff1, internal::kO.ff1},
    {"ff0", Group::kOutput, kSaneSet, 0, internal::kO.ff1},
    {"isig", Group::kLocal, internal::kOn, internal::kL.isig},
    {"icanon", Group::kLocal, internal::kOn, internal::kL.icanon},
    {"iexten", Group::kLocal, internal::kOn, internal::kL.iexten},
    {"echo", Group::kLocal, internal::kOn, internal::kL.echo},
    {"echoe", Group::kLocal, internal::kOn, internal::kL.echoe},
    {"crterase", Group::kLocal, kReverse | kHidden, internal::kL.echoe},
    {"echok", Group::kLocal, internal::kOn, internal::kL.echok},
    {"echonl", Group::kLocal, internal::kOff, internal::kL.echonl},
    {"noflsh", Group::kLocal, internal::kOff, internal::kL.noflsh},
    {"xcase", Group::kLocal, internal::kOff, internal::kL.xcase},
    {"tostop", Group::kLocal, internal::kOff, internal::kL.tostop},
    {"echoprt", Group::kLocal, internal::kOff, internal::kL.echoprt},
    {"prterase", Group::kLocal, kReverse | kHidden, internal::kL.echoprt},
    {"echoctl", Group::kLocal, internal::kOn, internal::kL.echoctl},
    {"ctlecho", Group::kLocal, kReverse | kHidden, internal::kL.echoctl},
    {"echoke", Group::kLocal, internal::kOn, internal::kL.echoke},
    {"crtkill", Group::kLocal, kReverse | kHidden, internal::kL.echoke},
    {"flusho", Group::kLocal, internal::kOff, internal::kL.flusho},
    {"extproc", Group::kLocal, internal::kOff, internal::kL.extproc},
};

}  // namespace cation::stty

#endif  // CATION_COREUTILS_STTY_MODES_H_
