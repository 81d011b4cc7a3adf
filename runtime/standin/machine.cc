// SPDX-License-Identifier: MIT
#include "runtime/standin/machine.h"

#include "runtime/sys/linux/system_call.h"

namespace cation::standin {
namespace {

using linux_kernel::Call;

#if defined(__x86_64__)
enum Number : long {
  kGetpid = 39,
  kSync = 162,
  kMount = 165,
  kReboot = 169,
  kFinitModule = 313,
};
#elif defined(__aarch64__)
enum Number : long {
  kMount = 40,
  kSync = 81,
  kReboot = 142,
  kGetpid = 172,
  kFinitModule = 273,
};
#else
#error "no stand-in for this CPU: add its system calls here"
#endif

constexpr long kMagic1 = 0xfee1dead;
constexpr long kMagic2 = 672274793;
constexpr long kCommandPowerOff = 0x4321fedc;
constexpr long kCommandRestart = 0x01234567;

long Address(const void* pointer) { return reinterpret_cast<long>(pointer); }

Result<void> FromKernel(long result) {
  if (result < 0) return Error{static_cast<int>(-result)};
  return {};
}

}  // namespace

Result<void> Mount(const char* source, const char* target, const char* type, const char* options) {
  return FromKernel(
      Call(kMount, Address(source), Address(target), Address(type), 0, Address(options)));
}

Result<void> LoadModule(int file) { return FromKernel(Call(kFinitModule, file, Address(""), 0)); }

void WriteOut() { (void)Call(kSync); }

int ProcessNumber() { return static_cast<int>(Call(kGetpid)); }

void EndMachine(End how) {
  if (ProcessNumber() != 1) return;
  (void)Call(kReboot, kMagic1, kMagic2, how == End::kPowerOff ? kCommandPowerOff : kCommandRestart);
}

}  // namespace cation::standin
