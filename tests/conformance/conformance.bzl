# SPDX-License-Identifier: MIT
"""Rules over Redox objects: what programs import, and programs of every architecture and revision."""

load("@gcc//:paths.bzl", "COMPILERS")
load("@llvm//:paths.bzl", "LLVM_BIN")
load("@relibc_revisions//:revisions.bzl", "REVISIONS")
load("@rules_cc//cc:defs.bzl", "cc_binary")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("//toolchains:config.bzl", "ARCHES")
load("//toolchains:flags.bzl", "redox_aarch64_ldflags", "redox_ldflags", "redox_x86_64_ldflags")
load("//toolchains:gcc.bzl", "gcc_redox_link_flags")
load("//toolchains:settings.bzl", "ChoiceInfo")

_LDFLAGS = {
    "x86_64": redox_x86_64_ldflags + redox_ldflags,
    "aarch64": redox_aarch64_ldflags + redox_ldflags,
}

def _split_impl(_settings, _attr):
    # As in //:userland_standin: what is looked at are its objects.
    return {
        "%s-%s" % (arch, revision): {
            "//command_line_option:compilation_mode": "opt",
            "//command_line_option:cpu": "redox_" + arch,
            "//command_line_option:features": [],
            "//command_line_option:platforms": "//toolchains:redox_" + arch,
            "//toolchains:crt0": "cation",
            "//toolchains:link": "standin",
            "//toolchains:relibc": revision,
        }
        for arch in ARCHES
        for revision in REVISIONS
    }

_split = transition(
    implementation = _split_impl,
    inputs = [],
    outputs = [
        "//command_line_option:compilation_mode",
        "//command_line_option:cpu",
        "//command_line_option:features",
        "//command_line_option:platforms",
        "//toolchains:crt0",
        "//toolchains:link",
        "//toolchains:relibc",
    ],
)

_ALLOW = attr.label(default = "@bazel_tools//tools/allowlists/function_transition_allowlist")

# ---------------------------------------------------------------- imports
_ObjectsInfo = provider(
    doc = "The object files of a program, without those of the stand-in.",
    fields = ["objects"],
)

def _objects_impl(_target, ctx):
    if hasattr(ctx.rule.attr, "linked"):
        return [ctx.rule.attr.linked[_ObjectsInfo]]
    if ctx.rule.kind != "cc_binary":
        return []
    objects = []
    for dep in ctx.rule.attr.deps:
        for linker_input in dep[CcInfo].linking_context.linker_inputs.to_list():
            # What stands in for the C library is not ours to import from.
            if linker_input.owner.package == "runtime/standin":
                continue
            for library in linker_input.libraries:
                objects += library.objects
    return [_ObjectsInfo(objects = depset(objects))]

# A program is a rule around a cc_binary, which has the libraries as its deps.
_objects_aspect = aspect(implementation = _objects_impl, attr_aspects = ["linked"])

def _link(ctx, arch, objects, out):
    """The linker, and what it is told to link objects as a program is linked."""
    args = ctx.actions.args()
    if ctx.attr._compiler[ChoiceInfo].value == "gcc":
        # The setting that //toolchains:compiler has in _split as well.
        args.add_all(gcc_redox_link_flags(arch, ctx.file._linker_script))
        args.add("-Wl,--unresolved-symbols=ignore-all")
        args.add("-o", out)
        args.add_all(objects)
        args.add("-lgcc")
        return COMPILERS[arch]["prefix"] + "g++", args
    args.add_all(_LDFLAGS[arch])
    args.add("-T", ctx.file._linker_script)
    args.add("--unresolved-symbols=ignore-all")
    args.add("-o", out)
    args.add("--start-lib")
    args.add_all(objects)
    args.add("--end-lib")
    return LLVM_BIN + "/ld.lld", args

def _imports_impl(ctx):
    outs = []
    for key, programs in sorted(ctx.split_attr.programs.items()):
        arch = key.split("-")[0]
        parts = []
        for program in programs:
            objects = program[_ObjectsInfo].objects
            part = ctx.actions.declare_file("%s/%s/%s" % (ctx.label.name, key, program.label.name))
            linker, args = _link(ctx, arch, objects, part.path + ".elf")

            # Linked like the program, so that what the linker drops is not asked of a C library, and
            # what the code generator calls is: the objects are bitcode, in which neither is seen.
            ctx.actions.run_shell(
                command = """set -euo pipefail
                             out=$1 program=$2; shift 2
                             "$@"
                             nm --undefined-only --format=just-symbols "$out.elf" |
                               LC_ALL=C sort -u | sed "s/^/$program /" >"$out"
                             rm "$out.elf\"""",
                arguments = [part.path, program.label.name, linker, args],
                inputs = depset([ctx.file._linker_script], transitive = [objects]),
                outputs = [part],
                mnemonic = "Imports",
                # With PATH, by which a compiler's driver finds the linker.
                use_default_shell_env = True,
                progress_message = "Imports of %s, %s" % (program.label.name, key),
            )
            parts.append(part)
        out = ctx.actions.declare_file("%s/%s.txt" % (ctx.label.name, key))
        ctx.actions.run_shell(
            command = 'out=$1; shift; cat "$@" >"$out"',
            arguments = [out.path] + [part.path for part in parts],
            inputs = parts,
            outputs = [out],
        )
        outs.append(out)
    return [DefaultInfo(files = depset(outs), runfiles = ctx.runfiles(outs))]

program_imports = rule(
    doc = """<name>/<arch>-<revision>.txt: lines "PROGRAM SYMBOL" of what programs want from the C library.

    The build note is made for each program and not looked at: it is the symbol cation_build_note.""",
    implementation = _imports_impl,
    attrs = {
        "programs": attr.label_list(cfg = _split, aspects = [_objects_aspect], mandatory = True),
        "_compiler": attr.label(default = "//toolchains:compiler"),
        "_linker_script": attr.label(default = "//toolchains/redox:redox.ld", allow_single_file = True),
        "_allowlist_function_transition": _ALLOW,
    },
)

# ---------------------------------------------------------------- programs
def _redox_binaries_impl(ctx):
    outs = []
    for key, target in sorted(ctx.split_attr.program.items()):
        out = ctx.actions.declare_file("%s/%s" % (ctx.label.name, key))
        ctx.actions.symlink(output = out, target_file = target[DefaultInfo].files_to_run.executable, is_executable = True)
        outs.append(out)
    return [DefaultInfo(files = depset(outs), runfiles = ctx.runfiles(outs))]

redox_binaries = rule(
    doc = "<name>/<arch>-<revision>: a cc_binary for Redox, linked with the stand-in of each revision.",
    implementation = _redox_binaries_impl,
    attrs = {
        "program": attr.label(cfg = _split, mandatory = True),
        "_allowlist_function_transition": _ALLOW,
    },
)

def _bare_host_impl(settings, _attr):
    # As in //:userland_host.
    return {
        "//command_line_option:compilation_mode": "opt",
        "//command_line_option:cpu": settings["//command_line_option:host_cpu"],
        "//command_line_option:features": ["bare"],
        "//command_line_option:platforms": "//toolchains:host",
    }

_bare_host = transition(
    implementation = _bare_host_impl,
    inputs = ["//command_line_option:host_cpu"],
    outputs = [
        "//command_line_option:compilation_mode",
        "//command_line_option:cpu",
        "//command_line_option:features",
        "//command_line_option:platforms",
    ],
)

def _host_binary_impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name + "/host")
    ctx.actions.symlink(output = out, target_file = ctx.attr.program[0][DefaultInfo].files_to_run.executable, is_executable = True)
    return [DefaultInfo(files = depset([out]), runfiles = ctx.runfiles([out]))]

host_binary = rule(
    doc = "<name>/host: a cc_binary for the host, without the C library where that can be.",
    implementation = _host_binary_impl,
    attrs = {
        "program": attr.label(cfg = _bare_host, mandatory = True),
        "_allowlist_function_transition": _ALLOW,
    },
)

# ---------------------------------------------------------------- headers
def _headers_of_impl(ctx):
    headers = ctx.attr.library[CcInfo].compilation_context.direct_public_headers
    return [DefaultInfo(files = depset(headers), runfiles = ctx.runfiles(headers))]

headers_of = rule(
    doc = "The public headers of a cc_library, as files.",
    implementation = _headers_of_impl,
    attrs = {"library": attr.label(mandatory = True, providers = [CcInfo])},
)

def redox_test_program(name, srcs, deps = [], host = False):
    """A C++ program for Redox, linked with the stand-in alone, and <name>_programs: it for every architecture and revision.

    Args:
      name: the program's name
      srcs: its sources
      deps: libraries beside //runtime/abi
      host: whether it is for the host, too: <name>_host
    """
    cc_binary(
        name = name,
        srcs = srcs,
        target_compatible_with = [] if host else ["//toolchains:redox"],
        deps = [
            "//runtime/abi",
            "//toolchains:libc",
        ] + deps,
    )
    if host:
        host_binary(
            name = name + "_host",
            program = ":" + name,
        )
    redox_binaries(
        name = name + "_programs",
        program = ":" + name,
    )
