# SPDX-License-Identifier: MIT
"""command_table: the source of the multicall program's list of commands."""

load("//toolchains:program.bzl", "boxed_suffix")

def _command_table_impl(ctx):
    names = sorted(ctx.attr.commands)
    out = ctx.actions.declare_file(ctx.attr.name + ".cc")
    ctx.actions.write(out, """// SPDX-License-Identifier: MIT
#include "coreutils/box/commands.h"

namespace cation {

%s

namespace box {

Span<const Command> Commands() {
  static constexpr Command kCommands[] = {
%s
  };
  return kCommands;
}

}  // namespace box
}  // namespace cation
""" % (
        "\n".join(["int Main%s(Context& context);" % boxed_suffix(name) for name in names]),
        "\n".join(["      {\"%s\", Main%s}," % (name, boxed_suffix(name)) for name in names]),
    ))
    return [DefaultInfo(files = depset([out]))]

command_table = rule(
    doc = "<name>.cc, which defines box::Commands().",
    implementation = _command_table_impl,
    attrs = {"commands": attr.string_list(mandatory = True)},
)
