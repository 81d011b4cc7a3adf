# SPDX-License-Identifier: MIT
"""documentation: the manual page and the shells' completions of a utility, from its option table."""

load("@rules_cc//cc:defs.bzl", "cc_binary", "cc_test")
load("//toolchains:tool.bzl", "TOOL")

DocumentationInfo = provider(
    doc = "What is installed beside a program for those who use it.",
    fields = {"files": "dictionary from the path below the root to the file"},
)

def _documentation_impl(ctx):
    name = ctx.attr.program

    # In the order of the tool's arguments.
    files = {
        path: ctx.actions.declare_file("%s/%s" % (ctx.label.name, path))
        for path in [
            "usr/share/man/man1/%s.1" % name,
            "usr/share/bash-completion/completions/" + name,
            "usr/share/zsh/site-functions/_" + name,
            "usr/share/fish/vendor_completions.d/%s.fish" % name,
        ]
    }
    ctx.actions.run(
        executable = ctx.executable.tool,
        arguments = [file.path for file in files.values()],
        outputs = files.values(),
        mnemonic = "Documentation",
        progress_message = "Documenting " + name,
    )
    return [
        DefaultInfo(files = depset(files.values()), runfiles = ctx.runfiles(files.values())),
        DocumentationInfo(files = files),
    ]

_documentation = rule(
    implementation = _documentation_impl,
    attrs = {
        "program": attr.string(mandatory = True),
        "tool": attr.label(mandatory = True, executable = True, cfg = TOOL),
    },
)

def documentation(name, program):
    """<name>/usr/share/...: what is installed beside `program`; and <name>_test.

    Args:
      name: of the target
      program: the utility; its code is :<program>_lib, its note in :<program>_note
    """
    host = ["@platforms//os:linux"]
    cc_binary(
        name = name + "_tool",
        srcs = [
            "//coreutils/support:documentation_main.cc",
            ":%s_note" % program,
        ],
        target_compatible_with = host,
        deps = [
            ":%s_lib" % program,
            "//coreutils/support",
            "//coreutils/support:documentation",
            "//runtime/start:context",
            "//runtime/sys:backend",
        ],
    )
    _documentation(
        name = name,
        program = program,
        tool = ":%s_tool" % name,
        visibility = ["//visibility:public"],
    )
    cc_test(
        name = name + "_test",
        size = "small",
        srcs = ["//coreutils/support:documentation_table_test.cc"],
        target_compatible_with = host,
        deps = [
            ":%s_lib" % program,
            "//coreutils/support",
            "//coreutils/support:documentation",
            "//coreutils/support/testing:base",
            "//runtime/sys/fault",
            "@com_google_absl//absl/strings",
            "@com_google_googletest//:gtest_main",
        ],
    )
