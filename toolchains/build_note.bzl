# SPDX-License-Identifier: MIT
"""The ELF note that says what a program is and where it comes from."""

load(":config.bzl", "ARCH", "LIBC")
load(":tool.bzl", "TOOL")
load(":version.bzl", "VERSION")

def _impl(ctx):
    # info_file: the STABLE_ lines of workspace_status.sh. Where they are as before, nothing is rebuilt.
    ctx.actions.run_shell(
        command = '"$1" "$2" "$3" "$4" "$5" "$6" >"$7"',
        arguments = [
            ctx.executable._script.path,
            ctx.info_file.path,
            ctx.attr.program,
            VERSION,
            ctx.attr.arch,
            ctx.attr.libc,
            ctx.outputs.out.path,
        ],
        inputs = [ctx.info_file],
        tools = [ctx.executable._script],
        outputs = [ctx.outputs.out],
        mnemonic = "BuildNote",
    )

_build_note = rule(
    implementation = _impl,
    attrs = {
        "program": attr.string(mandatory = True),
        "arch": attr.string(mandatory = True),
        "libc": attr.string(mandatory = True),
        "out": attr.output(mandatory = True),
        "_script": attr.label(
            default = "//toolchains:build_note.sh",
            allow_single_file = True,
            executable = True,
            cfg = TOOL,
        ),
    },
)

def build_note(name, program, out):
    """C++ source `out` with the note of `program`.

    It defines the bytes `cation_build_note`: an ELF note in section .note.cation, that is namesz,
    descsz, type (u32 each; 7, n, 1), "Cation\\0" padded to 8 bytes, and n bytes of text, padded to 4:
    the lines name=, version=, commit=, date=, arch= (x86_64, aarch64), libc= (relibc, standin, host).
    """
    _build_note(
        name = name,
        program = program,
        arch = ARCH,
        libc = LIBC,
        out = out,
        visibility = ["//visibility:private"],
    )
