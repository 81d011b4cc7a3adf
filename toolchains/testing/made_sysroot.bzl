# SPDX-License-Identifier: MIT
"""made_sysroot: relibc-shaped sysroots out of the stand-in's objects."""

load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("//toolchains:config.bzl", "ARCHES")
load("//toolchains:tool.bzl", "TOOL")

def _split_impl(_settings, attr):
    return {
        arch: {
            "//command_line_option:compilation_mode": "opt",
            # A real libc.a holds machine code, no bitcode.
            "//command_line_option:copt": ["-fno-lto"],
            "//command_line_option:cpu": "redox_" + arch,
            "//command_line_option:platforms": "//toolchains:redox_" + arch,
            "//toolchains:link": "standin",
            "//toolchains:relibc": attr.relibc,
        }
        for arch in ARCHES
    }

_split = transition(
    implementation = _split_impl,
    inputs = [],
    outputs = [
        "//command_line_option:compilation_mode",
        "//command_line_option:copt",
        "//command_line_option:cpu",
        "//command_line_option:platforms",
        "//toolchains:link",
        "//toolchains:relibc",
    ],
)

def _objects(target):
    """All object files of a cc_library and its dependencies."""
    return [
        file
        for linker_input in target[CcInfo].linking_context.linker_inputs.to_list()
        for library in linker_input.libraries
        for file in library.objects
    ]

def _impl(ctx):
    folders = []
    for arch in ARCHES:
        crt0 = [f for f in _objects(ctx.split_attr.crt0[arch]) if f.basename.startswith("crt0")]
        if len(crt0) != 1:
            fail("%s has %d objects named crt0, not one" % (ctx.attr.crt0[0].label, len(crt0)))
        libc = [f for f in _objects(ctx.split_attr.libc[arch]) if f not in crt0]
        folder = ctx.actions.declare_directory(ctx.label.name + "/" + arch)
        ctx.actions.run(
            executable = ctx.executable._script,
            arguments = [arch, folder.path] + [f.path for f in crt0 + libc],
            inputs = crt0 + libc,
            outputs = [folder],
            mnemonic = "MakeSysroot",
        )
        folders.append(folder)
    return [DefaultInfo(files = depset(folders), runfiles = ctx.runfiles(folders))]

made_sysroot = rule(
    doc = "bazel-bin/<package>/<name>/<arch>: a sysroot whose libc.a is the stand-in.",
    implementation = _impl,
    attrs = {
        "crt0": attr.label(cfg = _split, providers = [CcInfo], mandatory = True),
        "libc": attr.label(cfg = _split, providers = [CcInfo], mandatory = True),
        "relibc": attr.string(mandatory = True),
        "_script": attr.label(
            default = "//toolchains/testing:make_sysroot.sh",
            allow_single_file = True,
            executable = True,
            cfg = TOOL,
        ),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
)
