// SPDX-License-Identifier: MIT
//
// run-cases: carries out a script of cases in a guest (README.md).
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "tests/guest/runner/runner.h"

namespace cation {
namespace {

struct Options {
  const char* programs = "/usr/bin";
  const char* work = "/tmp/cation-cases";
  const char* console = nullptr;
  bool power_off = false;
};

constexpr Option kOptions[] = {
    Value("--programs=DIRECTORY", offsetof(Options, programs),
          "where programs that are named without / are"),
    Value("--work=DIRECTORY", offsetof(Options, work), "where cases' folders are made"),
    Value("--console=FILE", offsetof(Options, console), "print there"),
    Flag("--power-off", offsetof(Options, power_off), "end the machine when all is done"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... SCRIPT",
    .summary = "Carries out the cases of SCRIPT, and prints what came of each.",
    .options = kOptions,
    .usage_status = 2,
};
constexpr Command kCommand = Packed<kDescription>();

// Redox's kernel ends the machine when this is written to this file of its scheme sys.
constexpr const char* kStopFile = "/scheme/sys/kstop";
constexpr StringView kStopWord = "shutdown";

Result<void> PowerOff() {
  CATION_TRY_ASSIGN(const sys::Descriptor opened, sys::Open(sys::At(kStopFile), sys::kWrite));
  const sys::File file(opened);
  return sys::WriteAll(file.get(), kStopWord);
}

void ReportFailure(void* context, StringView what, Error error) {
  Report(*static_cast<const Context*>(context), what, error);
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  if (context.arguments.size() != 1)
    return UsageError(context, kCommand, {nullptr, 0}, "one script, please");

  sys::File console;
  guest::Places places = {options.programs, options.work, context.output};
  if (options.console != nullptr) {
    const Result<sys::Descriptor> opened = sys::Open(sys::At(options.console), sys::kWrite);
    if (!opened.ok()) {
      Report(context, options.console, opened.error());
      return kCommand.usage_status;
    }
    console = sys::File(opened.value());
    places.console = console.get();
  }
  {
    guest::Runner runner(context, places);
    status = runner.Run(context.arguments[0]);
  }
  if (options.power_off) {
    (void)sys::FlushAll(ReportFailure, &context);
    const Result<void> stopped = PowerOff();
    if (!stopped.ok()) {
      Report(context, kStopFile, stopped.error());
      return kCommand.usage_status;
    }
  }
  return status;
}

}  // namespace cation
