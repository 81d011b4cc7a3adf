// SPDX-License-Identifier: MIT
//
// [: as test, with a ] behind the expression. --help and --version are answered where they are the
// only argument, without a ].
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/test/expression.h"

namespace cation {
namespace {

constexpr Description kDescription = {
    .usage = "[OPTION]\nEXPRESSION ]\n]",
    .summary =
        "Evaluates EXPRESSION, of which test(1) says more: 0 if it is true, 1 if it is false.",
    .usage_status = test::kWrong,
    .help = Description::Help::kAlone,
    .statuses =
        "0 EXPRESSION is true.\n1 It is false, or missing.\n"
        "2 It is none; a message on standard error says why.",
};
constexpr Command kCommand = Packed<kDescription>();

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  int status = 0;
  if (AnswersHelp(context, kCommand, &status)) return status;
  const Span<char*> arguments = context.arguments;
  const size_t count = arguments.size();
  if (count == 0 || !(StringView(arguments[count - 1]) == "]")) {
    Report(context, "missing ']'");
    return test::kWrong;
  }
  return test::Evaluate(context, {arguments.data(), count - 1});
}

}  // namespace cation
