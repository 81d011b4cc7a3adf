// SPDX-License-Identifier: MIT
//
// test: whether an expression is true. POSIX.1-2024, with all of GNU's operators: see
// expression.cc. As POSIX has it, nothing is an option: `test --help` is true, since that is a text
// with something in it; `[ --help` is what helps, and the manual page.
#include "coreutils/support/options.h"
#include "coreutils/test/expression.h"

namespace cation {
namespace {

struct Operators {
  const char* operand = nullptr;
};

constexpr Option Unary(const char* spelling, const char* help) {
  return Value(spelling, offsetof(Operators, operand), help);
}

// For the documentation: they are no options, and nothing reads this in the program.
constexpr Option kOperators[] = {
    Unary("-n STRING", "STRING is not empty, as is STRING by itself"),
    Unary("-z STRING", "STRING is empty"),
    Unary("-e FILE", "FILE exists"),
    Unary("-f FILE", "it is a regular file"),
    Unary("-d FILE", "it is a directory"),
    Unary("-h FILE", "it is a symbolic link (others go by what it leads to)"),
    Unary("-L FILE", "as -h"),
    Unary("-b FILE", "it is a block device"),
    Unary("-c FILE", "it is a character device"),
    Unary("-p FILE", "it is a FIFO"),
    Unary("-S FILE", "it is a socket"),
    Unary("-s FILE", "it is not empty"),
    Unary("-r FILE", "it may be read"),
    Unary("-w FILE", "it may be written to"),
    Unary("-x FILE", "it may be executed, or searched"),
    Unary("-u FILE", "its set-user-ID bit is set"),
    Unary("-g FILE", "its set-group-ID bit is set"),
    Unary("-k FILE", "its sticky bit is set"),
    Unary("-O FILE", "it is the effective user's"),
    Unary("-G FILE", "it is the effective group's"),
    Unary("-N FILE", "it has been modified since it was last read"),
    Unary("-t DESCRIPTOR", "the file descriptor DESCRIPTOR is a terminal"),
};

constexpr Description kDescription = {
    .usage = "[EXPRESSION]",
    .summary =
        "Evaluates EXPRESSION. Besides those below there are: STRING1 = STRING2 (or ==), and with "
        "!=, <, > in their place, by bytes; INTEGER1 -eq INTEGER2, and -ne, -lt, -le, -gt, -ge, "
        "integers being of any size, or -l STRING for its length; FILE1 -nt FILE2 (newer), -ot "
        "(older), -ef (the same file); and ! EXPRESSION, ( EXPRESSION ), EXPRESSION -a EXPRESSION "
        "(both), EXPRESSION -o EXPRESSION (one of them).",
    .options = kOperators,
    .usage_status = test::kWrong,
    .help = Description::Help::kNowhere,
    .statuses =
        "0 EXPRESSION is true.\n1 It is false, or missing.\n"
        "2 It is none; a message on standard error says why.",
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  return test::Evaluate(context, {context.arguments.data(), context.arguments.size()});
}

}  // namespace cation
