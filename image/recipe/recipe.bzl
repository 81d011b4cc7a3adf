# SPDX-License-Identifier: MIT
"""recipe: a folder for Redox's cookbook that builds the utilities with the cookbook's own compiler."""

load("//coreutils:utilities.bzl", "utility_label")
load("//toolchains:config.bzl", "ARCHES")
load(
    "//toolchains:flags.bzl",
    "clang_copts",
    "common_copts",
    "common_cxxopts",
    "redox_aarch64_copts",
    "redox_copts",
    "redox_cxxopts",
    "redox_ldflags",
    "redox_opt_copts",
    "redox_recipe_copts",
)
load("//toolchains:program.bzl", "BOXED_SYMBOLS", "boxed_suffix")
load("//toolchains:relibc_symbols.bzl", "OPTIONAL_SYMBOLS")
load("//toolchains:version.bzl", "VERSION")

_SourcesInfo = provider(
    doc = "What a cc_library is compiled from, with all that it depends on.",
    fields = {
        "files": "depset of sources and headers",
        "own": "list of those that are not of a library below it",
    },
)

def _sources_aspect_impl(_target, ctx):
    own = []
    for attribute in ["srcs", "hdrs", "textual_hdrs"]:
        for target in getattr(ctx.rule.attr, attribute, []):
            own += target.files.to_list()
    below = list(getattr(ctx.rule.attr, "deps", []))
    if getattr(ctx.rule.attr, "actual", None):
        below.append(ctx.rule.attr.actual)  # of an alias
    return [_SourcesInfo(
        files = depset(
            own,
            transitive = [target[_SourcesInfo].files for target in below if _SourcesInfo in target],
        ),
        own = own,
    )]

_sources_aspect = aspect(
    implementation = _sources_aspect_impl,
    attr_aspects = ["actual", "deps"],
)

# What Redox programs are compiled from: relibc itself (or the stand-in) is not reached from here.
def _redox_impl(_settings, _attr):
    return {
        arch: {
            "//command_line_option:cpu": "redox_" + arch,
            "//command_line_option:platforms": "//toolchains:redox_" + arch,
            "//toolchains:link": "standin",
        }
        for arch in ARCHES
    }

_redox = transition(
    implementation = _redox_impl,
    inputs = [],
    outputs = [
        "//command_line_option:cpu",
        "//command_line_option:platforms",
        "//toolchains:link",
    ],
)

def _files_of(targets):
    """The sources and the headers of `targets`, which _redox has split."""
    files = {
        file.short_path: file
        for target in targets
        for file in target[_SourcesInfo].files.to_list()
    }
    return files

# What _redox gives is one flat list, with each library once for each architecture.
def _named(targets, name):
    return [target for target in targets if target.label.name == name]

def _recipe_impl(ctx):
    folder = ctx.actions.declare_directory(ctx.label.name)
    common = _files_of(ctx.attr.start)
    crt0 = _files_of(ctx.attr.crt0)
    files = dict(common)
    files.update(crt0)

    # One line each: the program, and what is compiled for it. In the multicall program, which is all of
    # them, each one's own sources are compiled with a suffix to some names: SOURCE@SUFFIX.
    programs = []
    boxed = {}
    suffixed = {}
    for utility in ctx.attr.utilities:
        libraries = _named(ctx.attr.libraries, utility + "_lib")
        own = _files_of(libraries)
        files.update(own)
        sources = {path: True for path in own.keys() + common.keys() if path.endswith(".cc")}
        programs.append(" ".join([utility] + sorted(sources.keys())))
        if utility not in ctx.attr.boxed:
            continue
        boxed.update(sources)
        for library in libraries:
            for file in library[_SourcesInfo].own:
                if file.short_path.endswith(".cc"):
                    suffixed["%s@%s" % (file.short_path, boxed_suffix(utility))] = file.short_path
    box = _files_of(_named(ctx.attr.libraries, ctx.attr.multicall + "_lib"))
    files.update(box)
    boxed.update({path: True for path in box.keys() if path.endswith(".cc")})
    plain = [path for path in boxed.keys() if path not in suffixed.values()]
    programs.append(" ".join([ctx.attr.multicall] + sorted(plain + suffixed.keys())))
    programs_file = ctx.actions.declare_file(ctx.label.name + "_programs.txt")
    ctx.actions.write(programs_file, "\n".join(programs) + "\n")

    facts = {
        "version": VERSION,
        "architectures": ARCHES,
        "compile_flags": common_copts + clang_copts + common_cxxopts + redox_copts + redox_recipe_copts + redox_cxxopts +
                         redox_opt_copts,
        "compile_flags_aarch64": redox_aarch64_copts,
        "compile_flags_x86_64": [],
        "link_flags": redox_ldflags,
        "optional_symbols": OPTIONAL_SYMBOLS,
        "boxed_symbols": BOXED_SYMBOLS,
        "crt0_sources": sorted([path for path in crt0.keys() if path.endswith(".cc")]),
    }
    facts_file = ctx.actions.declare_file(ctx.label.name + "_facts.json")
    ctx.actions.write(facts_file, json.encode(struct(**facts)))

    for file in ctx.files.also:
        files[file.short_path] = file
    inputs = files.values()
    ctx.actions.run(
        executable = ctx.file._assemble.path,
        arguments = [
            facts_file.path,
            programs_file.path,
            ctx.info_file.path,
            ctx.file._build_script.path,
            ctx.file._recipe.path,
            folder.path,
        ] + ["%s=%s" % (path, file.path) for path, file in sorted(files.items())],
        inputs = inputs + [facts_file, programs_file, ctx.info_file, ctx.file._build_script, ctx.file._recipe],
        tools = [ctx.file._assemble],
        outputs = [folder],
        mnemonic = "Recipe",
    )
    return [DefaultInfo(files = depset([folder]), runfiles = ctx.runfiles([folder]))]

_recipe = rule(
    implementation = _recipe_impl,
    attrs = {
        "utilities": attr.string_list(mandatory = True),
        "boxed": attr.string_list(mandatory = True),
        "multicall": attr.string(mandatory = True),
        "libraries": attr.label_list(cfg = _redox, aspects = [_sources_aspect], mandatory = True),
        "start": attr.label_list(cfg = _redox, aspects = [_sources_aspect], mandatory = True),
        "crt0": attr.label_list(cfg = _redox, aspects = [_sources_aspect], mandatory = True),
        "also": attr.label_list(allow_files = True),
        "_assemble": attr.label(default = "//image/recipe:assemble.py", allow_single_file = True),
        "_build_script": attr.label(default = "//image/recipe:build.sh", allow_single_file = True),
        "_recipe": attr.label(default = "//image/recipe:recipe.toml", allow_single_file = True),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
)

def recipe(name, utilities, boxed, multicall, **kwargs):
    """bazel-bin/<package>/<name>: recipe.toml, and source/ with all that the utilities are made of.

    Args:
      name: of the target, the folder and the package
      utilities: their names
      boxed: those that are commands of the multicall program
      multicall: the name of the program that is all of these
      **kwargs: visibility, tags and so on
    """
    _recipe(
        name = name,
        also = [
            "//:LICENSE",
            "//toolchains:build_note.sh",
            "//toolchains/redox:redox.ld",
        ],
        crt0 = ["//runtime/start:crt0"],
        libraries = [utility_label(u, "_lib") for u in utilities + [multicall]],
        boxed = boxed,
        multicall = multicall,
        start = ["//runtime/start"],
        utilities = utilities,
        **kwargs
    )
