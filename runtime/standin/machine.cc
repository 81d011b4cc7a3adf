// SPDX-License-Identifier: MIT
#include "runtime/standin/machine.h"

#include "runtime/standin/linux.h"

namespace cation::standin {
namespace {

namespace kernel = linux_kernel;
using kernel::Call;

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
      Call(kernel::kMount, Address(source), Address(target), Address(type), 0, Address(options)));
}

Result<void> LoadModule(int file) {
  return FromKernel(Call(kernel::kFinitModule, file, Address(""), 0));
}

void WriteOut() { (void)Call(kernel::kSync); }

int ProcessNumber() { return static_cast<int>(Call(kernel::kGetpid)); }

void EndMachine(End how) {
  if (ProcessNumber() != 1) return;
  (void)Call(kernel::kReboot, kMagic1, kMagic2,
             how == End::kPowerOff ? kCommandPowerOff : kCommandRestart);
}

}  // namespace cation::standin
