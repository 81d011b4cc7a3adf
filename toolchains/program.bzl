# SPDX-License-Identifier: MIT
"""cation_program: one program of the userland."""

load("@rules_cc//cc:defs.bzl", "cc_binary", "cc_library")
load(":build_note.bzl", "build_note")
load(":config.bzl", "ARCH", "COMPILER", "LIBC")
load(":tool.bzl", "TOOL")

# With relibc a program pays, above the empty one, for the functions of relibc that it uses and the
# empty program does not, by relibc's age and build: the first path operation alone is 14 to 20 KB. That
# is not our code, which the stand-in's budget holds down, and a dear function is caught where it is
# imported (tests/conformance). This is for what slips through both: strftime's 1.2 MB, say.
_RELIBC_ALLOWANCE_KIB = 128

# The budgets are of what clang makes. GCC's programs may be a tenth larger (tests/sizes compares
# them): than what is above the empty program, and than that one, of which GCC's is smaller.
def _gcc_allowance_kib(budget_kib):
    return 5 + budget_kib // 10

ProgramInfo = provider(
    doc = "A program that is ready to be published.",
    fields = {
        "name": "its name",
        "folder": "where it belongs, from the root: usr/bin",
        "file": "the linked file, after the check",
        "unchecked": "the linked file, before it",
        "empty": "//coreutils/empty linked the same way; None for that one",
        "budget": "how many bytes it may be larger than that; 0 for that one",
    },
)

def _checked_impl(ctx):
    linked = ctx.executable.linked
    out = ctx.actions.declare_file(ctx.label.name)
    allowance = _RELIBC_ALLOWANCE_KIB if ctx.attr.libc == "relibc" else 0
    if ctx.attr.compiler == "gcc":
        allowance += _gcc_allowance_kib(ctx.attr.budget_kib)
    budget = (ctx.attr.budget_kib + allowance) * 1024 if ctx.attr.budget_kib else 0
    if ctx.attr.libc == "host":
        ctx.actions.symlink(output = out, target_file = linked, is_executable = True)
    else:
        args = ctx.actions.args()
        args.add("--quiet")
        args.add("--arch=" + ctx.attr.arch)
        args.add("--libc=" + ctx.attr.libc)
        inputs = [linked]
        if budget:
            inputs.append(ctx.executable.empty)
            args.add(ctx.executable.empty, format = "--empty=%s")
            args.add("--budget=%d" % budget)
        args.add(linked)

        # The program is copied only after the check: one that fails is not there to be published.
        ctx.actions.run_shell(
            command = 'check="$1"; out="$2"; shift 2; "$check" "$@" && cp "${!#}" "$out"',
            arguments = [ctx.executable._elf_check.path, out.path, args],
            inputs = inputs,
            tools = [ctx.executable._elf_check],
            outputs = [out],
            mnemonic = "ElfCheck",
            progress_message = "Checking %s" % out.short_path,
        )
    return [
        DefaultInfo(executable = out, files = depset([out]), runfiles = ctx.runfiles([out])),
        ProgramInfo(
            name = ctx.label.name,
            folder = ctx.attr.folder,
            file = out,
            unchecked = linked,
            empty = ctx.executable.empty,
            budget = budget,
        ),
    ]

_checked_program = rule(
    doc = "A linked program after elf-check; on the host, the program as it is.",
    implementation = _checked_impl,
    executable = True,
    attrs = {
        "linked": attr.label(mandatory = True, executable = True, cfg = "target"),
        "empty": attr.label(executable = True, cfg = "target"),
        "budget_kib": attr.int(),
        "folder": attr.string(mandatory = True),
        "arch": attr.string(mandatory = True),
        "compiler": attr.string(mandatory = True),
        "libc": attr.string(mandatory = True),
        # "host", not "exec": one configuration, so it is built once for all that it checks.
        "_elf_check": attr.label(default = "//tools/elf_check", executable = True, cfg = TOOL),
    },
)

# What each program defines, and only one program can, where several become one.
BOXED_SYMBOLS = [
    "Main",
    "ThisCommand",
    "kCopyUse",
    "kPagerPrograms",
]

def boxed_suffix(program):
    """What makes names of this program's own of BOXED_SYMBOLS, where several programs become one."""
    return "Of" + {"[": "Bracket"}.get(program, program.capitalize())

def cation_program(name, srcs, deps = [], hdrs = [], budget_kib = 0, folder = "usr/bin", boxed = False):
    """A program, for Redox (relibc or the stand-in) and for the host.

    Makes `<name>_lib`, the code for tests to link; `<name>_boxed`, the same for the multicall program;
    and `<name>`, the program: linked with the start code, its note and the C library, and on Redox
    passed by elf-check.

    Args:
      name: the program's name
      srcs: sources, `int Main(Context&)` among them
      deps: libraries
      hdrs: headers that tests include
      budget_kib: how many KiB it may be larger than //coreutils/empty linked the same way; 0, for
        the empty program only: no limit
      folder: where it is installed, from the root
      boxed: whether it is a command of the multicall program
    """
    if not budget_kib and name != "empty":
        fail("%s needs a budget_kib" % name)
    cc_library(
        name = name + "_lib",
        srcs = srcs,
        hdrs = hdrs,
        visibility = ["//image/recipe:__pkg__"],
        deps = deps,
    )
    if boxed:
        native.filegroup(
            name = name + "_sources",
            srcs = srcs + hdrs,
            visibility = ["//tests/conformance:__pkg__"],
        )
        cc_library(
            name = name + "_boxed",
            srcs = srcs + hdrs,
            local_defines = ["%s=%s%s" % (s, s, boxed_suffix(name)) for s in BOXED_SYMBOLS],
            visibility = ["//coreutils/box:__pkg__"],
            deps = deps,
        )
    build_note(
        name = name + "_note",
        out = name + "_note.cc",
        program = name,
    )
    cc_binary(
        name = name + "_linked",
        srcs = [name + "_note.cc"],
        deps = [
            ":%s_lib" % name,
            "//runtime/start",
            "//toolchains:libc",
        ],
    )
    _checked_program(
        name = name,
        arch = ARCH,
        budget_kib = budget_kib,
        compiler = COMPILER,
        empty = "//coreutils/empty" if budget_kib else None,
        folder = folder,
        libc = LIBC,
        linked = ":%s_linked" % name,
        visibility = ["//visibility:public"],
    )
