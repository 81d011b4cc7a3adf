// SPDX-License-Identifier: MIT
//
// uname: what the system says of itself. POSIX.1-2024, with GNU's options.
//
// What the system does not say is "unknown", and left out by -a: as with GNU's for the processor
// (-p) and the platform (-i), and for the version, too, which Redox's kernel does not tell before
// March 2026. The node's name is that in /etc/hostname on Redox.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"

namespace cation {
namespace {

// In the order in which they are printed.
enum Part : uint8_t {
  kSystem = 1 << 0,
  kNode = 1 << 1,
  kRelease = 1 << 2,
  kVersion = 1 << 3,
  kMachine = 1 << 4,
  kProcessor = 1 << 5,
  kPlatform = 1 << 6,
  kOperatingSystem = 1 << 7,
};

struct Options {
  uint8_t parts = 0;
  bool all = false;
};

constexpr Option PartOption(const char* spelling, uint8_t part, const char* help) {
  return Adding(Choice(spelling, offsetof(Options, parts), part, help));
}

constexpr Option kOptions[] = {
    Flag("-a, --all", offsetof(Options, all), "all of it in this order, without what is unknown"),
    PartOption("-s, --kernel-name", kSystem, "the name of the kernel (default)"),
    PartOption("-n, --nodename", kNode, "the name of the machine in its network"),
    PartOption("-r, --kernel-release", kRelease, "the kernel's release"),
    PartOption("-v, --kernel-version", kVersion, "the kernel's version"),
    PartOption("-m, --machine", kMachine, "the name of the hardware"),
    PartOption("-p, --processor", kProcessor, "the kind of processor: unknown"),
    PartOption("-i, --hardware-platform", kPlatform, "the hardware platform: unknown"),
    PartOption("-o, --operating-system", kOperatingSystem, "the name of the operating system"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]...",
    .summary = "Prints what the system says of itself.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  if (!context.arguments.empty())
    return UsageError(context, kCommand, context.arguments[0], "extra operand");
  if (options.parts == 0) options.parts = kSystem;

  sys::SystemName name;
  if (const Result<void> read =
          sys::ReadSystemName(name, options.all || (options.parts & kNode) != 0);
      !read.ok()) {
    Report(context, {nullptr, 0}, "cannot get the system's name", read.error());
    return 1;
  }
  const StringView texts[] = {name.system,  name.node, name.release, name.version,
                              name.machine, {},        {},           name.operating_system};
  Output out(context);
  bool printed = false;
  for (unsigned i = 0; i < 8; ++i) {
    if (!options.all && (options.parts & 1 << i) == 0) continue;
    const bool is_unknown = texts[i].empty();
    // A machine always has a place for its name.
    if (is_unknown && options.all && 1 << i != kNode) continue;
    if (printed) out.Write(' ');
    printed = true;
    out.Write(is_unknown ? StringView("unknown") : texts[i]);
  }
  out.Write('\n');
  return out.Finish(0);
}

}  // namespace cation
