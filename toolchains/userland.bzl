# SPDX-License-Identifier: MIT
"""userland: all programs, for both architectures, in one tree."""

load(":config.bzl", "ARCHES", "HAVE_SYSROOT")
load(":program.bzl", "ProgramInfo")

_MODE = "//command_line_option:compilation_mode"
_CPU = "//command_line_option:cpu"
_FEATURES = "//command_line_option:features"
_PLATFORMS = "//command_line_option:platforms"
_COMPILER = "//toolchains:compiler"
_CRT0 = "//toolchains:crt0"
_LINK = "//toolchains:link"
_RELIBC = "//toolchains:relibc"

def _host(settings):
    features = settings[_FEATURES]
    return {
        _MODE: "opt",
        _CPU: settings["//command_line_option:host_cpu"],
        # Without the C library, which the sanitizers' own libraries need.
        _FEATURES: features if [f for f in features if not f.startswith("-")] else features + ["bare"],
        _PLATFORMS: "//toolchains:host",
        _COMPILER: settings[_COMPILER],
        _CRT0: settings[_CRT0],
        _LINK: settings[_LINK],
        _RELIBC: settings[_RELIBC],
    }

def _redox(settings, attr, arch):
    # Without a sysroot "auto" is the stand-in: said so, what is the same is built once.
    link = attr.link or settings[_LINK]
    if not HAVE_SYSROOT[arch]:
        link = "standin"
    return {
        _MODE: "opt",
        _CPU: "redox_" + arch,  # names the output folder
        # No sanitizers: those are for the host.
        _FEATURES: [f for f in settings[_FEATURES] if f.startswith("-")],
        _PLATFORMS: "//toolchains:redox_" + arch,
        _COMPILER: attr.compiler or settings[_COMPILER],
        _CRT0: "cation" if link == "standin" else attr.crt0 or settings[_CRT0],
        _LINK: link,
        _RELIBC: attr.relibc or settings[_RELIBC],
    }

def _split_impl(settings, attr):
    if not attr.arches:
        return {"host": _host(settings)}
    return {arch: _redox(settings, attr, arch) for arch in attr.arches}

userland_split = transition(
    implementation = _split_impl,
    inputs = ["//command_line_option:host_cpu", _FEATURES, _COMPILER, _CRT0, _LINK, _RELIBC],
    outputs = [_MODE, _CPU, _FEATURES, _PLATFORMS, _COMPILER, _CRT0, _LINK, _RELIBC],
)

def _link(ctx, path, file):
    out = ctx.actions.declare_file(path)
    ctx.actions.symlink(output = out, target_file = file, is_executable = True)
    return out

def _userland_impl(ctx):
    outs = []
    unchecked = []
    for key, programs in sorted(ctx.split_attr.programs.items()):
        below = "/" + key if ctx.attr.arches else ""
        for program in programs:
            info = program[ProgramInfo]
            path = "%s/%s/%s" % (below, info.folder, info.name)
            outs.append(_link(ctx, ctx.label.name + path, info.file))
            unchecked.append(_link(ctx, ctx.label.name + ".unchecked" + path, info.unchecked))
            if info.name == ctx.attr.multicall:
                for link in ctx.attr.links:
                    outs.append(_link(ctx, "%s%s/%s/%s" % (ctx.label.name, below, info.folder, link), info.file))
    return [
        DefaultInfo(files = depset(outs), runfiles = ctx.runfiles(outs)),
        # For measuring what is over its budget.
        OutputGroupInfo(unchecked = depset(unchecked)),
    ]

_userland = rule(
    implementation = _userland_impl,
    attrs = {
        "programs": attr.label_list(cfg = userland_split, mandatory = True, providers = [ProgramInfo]),
        "arches": attr.string_list(),
        "links": attr.string_list(),
        "multicall": attr.string(),
        "compiler": attr.string(),
        "crt0": attr.string(),
        "link": attr.string(),
        "relibc": attr.string(),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
)

def userland(name, programs, arches = ARCHES, compiler = "", crt0 = "", link = "", links = [], multicall = "", relibc = "", **kwargs):
    """The tree bazel-bin/<name>/<arch>/<folder>/<program>, optimized and passed by elf-check.

    The output group "unchecked" is the same without the check, in bazel-bin/<name>.unchecked.

    Args:
      name: of the target and of the tree
      programs: labels of cation_programs
      arches: a list of architectures of Redox
      compiler, crt0, link, relibc: values for the settings of //toolchains; empty: as they are
      links: names of commands that are links to the program `multicall`
      multicall: see links
      **kwargs: visibility, tags and so on
    """
    if arches:
        _userland(
            name = name,
            arches = arches,
            compiler = compiler,
            crt0 = crt0,
            link = link,
            links = links,
            multicall = multicall,
            programs = programs,
            relibc = relibc,
            **kwargs
        )
    else:
        native.filegroup(name = name, **kwargs)

def userland_host(name, programs, **kwargs):
    """The same for the host: bazel-bin/<name>/<folder>/<program>."""
    _userland(name = name, programs = programs, **kwargs)

def arches_with_sysroot():
    """The architectures for which a sysroot is given."""
    return [arch for arch in ARCHES if HAVE_SYSROOT[arch]]
