// SPDX-License-Identifier: MIT
#include "runtime/standin/terminal.h"

#include "runtime/abi/errno.h"
#include "runtime/abi/terminal_numbers.h"
#include "runtime/abi/termios.h"
#include "runtime/standin/linux.h"

namespace cation::standin {
namespace {

namespace kernel = linux_kernel;
using kernel::Call;

constexpr long kTCGETS = 0x5401, kTCSETS = 0x5402, kTIOCGWINSZ = 0x5413, kTIOCSWINSZ = 0x5414;

struct LinuxTermios {
  uint32_t c_iflag, c_oflag, c_cflag, c_lflag;
  uint8_t c_line, c_cc[19];
};

long Address(const void* pointer) { return reinterpret_cast<long>(pointer); }

struct OpenedAspect {
  long descriptor;
  Aspect aspect;
};
OpenedAspect g_aspects[8];

// The flags of `flags` that `from` numbers, as `to` does; those that `to` has not are dropped.
template <typename Flags>
uint32_t Translate(uint32_t flags, const Flags& from, const Flags& to) {
  constexpr size_t kCount = sizeof(Flags) / sizeof(uint32_t);
  uint32_t from_bits[kCount];
  uint32_t to_bits[kCount];
  __builtin_memcpy(from_bits, &from, sizeof(Flags));
  __builtin_memcpy(to_bits, &to, sizeof(Flags));
  uint32_t result = 0;
  for (size_t i = 0; i < kCount; ++i) {
    if ((flags & from_bits[i]) != 0) result |= to_bits[i];
  }
  return result;
}

// The bits of `old` that Redox has no number for stay, and `set` are its others.
template <typename Flags>
uint32_t Merge(uint32_t old, uint32_t set, const Flags& redox, const Flags& here) {
  const uint32_t known = Translate(0xffff'ffff, redox, here);
  return (old & ~known) | Translate(set, redox, here);
}

constexpr size_t kCharacters = sizeof(abi::TerminalNumbers::Characters);

void CopyCharacters(const abi::TerminalNumbers& from, const uint8_t* source,
                    const abi::TerminalNumbers& to, uint8_t* target) {
  uint8_t from_index[kCharacters];
  uint8_t to_index[kCharacters];
  __builtin_memcpy(from_index, &from.characters, kCharacters);
  __builtin_memcpy(to_index, &to.characters, kCharacters);
  for (size_t i = 0; i < kCharacters; ++i) target[to_index[i]] = source[from_index[i]];
}

}  // namespace

Aspect AspectOf(long descriptor) {
  for (const OpenedAspect& opened : g_aspects) {
    if (opened.aspect != Aspect::kNone && opened.descriptor == descriptor) return opened.aspect;
  }
  return Aspect::kNone;
}

long OpenAspect(long terminal, Aspect aspect) {
  LinuxTermios state;
  const bool is_size = aspect == Aspect::kSize;
  const long known =
      Call(kernel::kIoctl, terminal, is_size ? kTIOCGWINSZ : kTCGETS, Address(&state));
  if (known < 0) return known;
  for (OpenedAspect& opened : g_aspects) {
    if (opened.aspect != Aspect::kNone) continue;
    const long descriptor = Call(kernel::kDup, terminal);
    if (descriptor >= 0) opened = {descriptor, aspect};
    return descriptor;
  }
  return -abi::kEMFILE;
}

void ForgetAspect(long descriptor) {
  for (OpenedAspect& opened : g_aspects) {
    if (opened.descriptor == descriptor) opened.aspect = Aspect::kNone;
  }
}

long ReadAspect(long descriptor, void* buffer, size_t size) {
  abi::Termios settings{};
  long result = 0;
  size_t length = sizeof(abi::Winsize);
  if (AspectOf(descriptor) == Aspect::kSize) {
    result = Call(kernel::kIoctl, descriptor, kTIOCGWINSZ, Address(&settings));
  } else {
    length = sizeof(settings);
    LinuxTermios raw{};
    result = Call(kernel::kIoctl, descriptor, kTCGETS, Address(&raw));
    const auto& here = abi::kLinuxTerminal;
    const auto& redox = abi::kRedoxTerminal;
    settings.c_iflag = Translate(raw.c_iflag, here.input, redox.input);
    settings.c_oflag = Translate(raw.c_oflag, here.output, redox.output);
    settings.c_cflag = Translate(raw.c_cflag, here.control, redox.control);
    settings.c_lflag = Translate(raw.c_lflag, here.local, redox.local);
    CopyCharacters(here, raw.c_cc, redox, settings.c_cc);
  }
  if (result < 0) return result;
  if (length > size) length = size;
  __builtin_memcpy(buffer, &settings, length);
  return static_cast<long>(length);
}

long WriteAspect(long descriptor, const void* buffer, size_t size) {
  if (AspectOf(descriptor) == Aspect::kSize) {
    if (size != sizeof(abi::Winsize)) return -abi::kEINVAL;
    const long result = Call(kernel::kIoctl, descriptor, kTIOCSWINSZ, Address(buffer));
    return result < 0 ? result : static_cast<long>(size);
  }
  abi::Termios settings;
  if (size != sizeof(settings)) return -abi::kEINVAL;
  __builtin_memcpy(&settings, buffer, size);
  LinuxTermios raw{};
  long result = Call(kernel::kIoctl, descriptor, kTCGETS, Address(&raw));
  if (result < 0) return result;
  const auto& here = abi::kLinuxTerminal;
  const auto& redox = abi::kRedoxTerminal;
  raw.c_iflag = Merge(raw.c_iflag, settings.c_iflag, redox.input, here.input);
  raw.c_oflag = Merge(raw.c_oflag, settings.c_oflag, redox.output, here.output);
  raw.c_cflag = Merge(raw.c_cflag, settings.c_cflag, redox.control, here.control);
  raw.c_lflag = Merge(raw.c_lflag, settings.c_lflag, redox.local, here.local);
  CopyCharacters(redox, settings.c_cc, here, raw.c_cc);
  result = Call(kernel::kIoctl, descriptor, kTCSETS, Address(&raw));
  return result < 0 ? result : static_cast<long>(size);
}

}  // namespace cation::standin
