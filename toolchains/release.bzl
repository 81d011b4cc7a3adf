# SPDX-License-Identifier: MIT
"""release: what is installed on one architecture, as a tree and as a tar."""

load("@gcc//:paths.bzl", "COMPILERS")
load("@llvm//:paths.bzl", "LLVM_BIN")
load("@relibc_revisions//:revisions.bzl", "REVISIONS")
load("//coreutils:documentation.bzl", "DocumentationInfo")
load("//coreutils:utilities.bzl", "utility_label")
load(":config.bzl", "ARCHES", "HAVE_SYSROOT")
load(":program.bzl", "ProgramInfo")
load(":settings.bzl", "ChoiceInfo")
load(":tool.bzl", "TOOL")
load(":userland.bzl", "userland_split")

def _facts(ctx, arch, programs):
    """What the build alone knows of a release: budgets, the empty program, tools, the C library."""
    facts = ctx.actions.declare_file("%s_%s.facts.json" % (ctx.label.name, arch))
    args = ctx.actions.args()
    args.add("--out", facts)
    if ctx.attr._compiler[ChoiceInfo].value == "gcc":
        args.add("--compiler", "gcc=%sg++" % COMPILERS[arch]["prefix"])
        args.add("--linker", "binutils=%sld" % COMPILERS[arch]["prefix"])
    else:
        args.add("--compiler", "clang=%s/clang++" % LLVM_BIN)
        args.add("--linker", "lld=%s/ld.lld" % LLVM_BIN)
    args.add("--relibc", ctx.attr.relibc_revision)
    inputs = []
    if ctx.attr.link != "standin":
        for archive, of in ctx.attr.libc_archives.items():
            if of == arch:
                inputs += archive.files.to_list()
                args.add_all("--libc", archive.files)
    empty = None
    for program in programs:
        info = program[ProgramInfo]
        args.add("%s/%s=%d" % (info.folder, info.name, info.budget))
        empty = info.empty
    args.add("--empty", empty)
    ctx.actions.run(
        executable = ctx.file._facts.path,
        arguments = [args],
        inputs = inputs + [empty],
        tools = [ctx.file._facts],
        outputs = [facts],
        mnemonic = "ReleaseFacts",
    )
    return facts

def _release_impl(ctx):
    entries = []
    common = []
    for kind, files in [("file", ctx.attr.files), ("template", ctx.attr.templates)]:
        for label, path in files.items():
            file = label.files.to_list()[0]
            entries.append("%s:%s=%s" % (kind, path, file.path))
            common.append(file)
    for documentation in ctx.attr.documentation:
        for path, file in documentation[DocumentationInfo].files.items():
            entries.append("file:%s=%s" % (path, file.path))
            common.append(file)

    # "path<TAB>target": links that an installation makes when it is asked to.
    aliases = ctx.actions.declare_file(ctx.label.name + "/aliases")
    ctx.actions.write(aliases, "".join([
        "%s\t%s\n" % (alias, target)
        for alias, target in sorted(ctx.attr.aliases.items())
    ]))

    outs = [aliases]
    for arch, programs in sorted(ctx.split_attr.programs.items()):
        tree = ctx.actions.declare_directory("%s/%s" % (ctx.label.name, arch))
        tar = ctx.actions.declare_file("%s_%s.tar" % (ctx.label.name, arch))
        args = ctx.actions.args()
        args.add("--tree", tree.path)
        args.add("--tar", tar)
        args.add("--aliases", aliases)
        tools = [ctx.file._script, ctx.file._make_tar]
        args.add("--manifest-tool", ctx.executable._write_manifest)
        tools.append(ctx.executable._write_manifest)
        inputs = [aliases] + common
        for program in programs:
            info = program[ProgramInfo]
            args.add("program:%s/%s=%s" % (info.folder, info.name, info.file.path))
            inputs.append(info.file)
        args.add_all(entries)
        ctx.actions.run(
            executable = ctx.file._script.path,
            arguments = [args],
            inputs = inputs,
            tools = tools,
            outputs = [tree, tar],
            mnemonic = "Release",
            progress_message = "Putting together %s for %s" % (ctx.label.name, arch),
        )
        outs += [tree, tar, _facts(ctx, arch, programs)]
    return [DefaultInfo(files = depset(outs), runfiles = ctx.runfiles(outs))]

_release = rule(
    implementation = _release_impl,
    attrs = {
        "programs": attr.label_list(cfg = userland_split, mandatory = True, providers = [ProgramInfo]),
        "arches": attr.string_list(mandatory = True),
        "compiler": attr.string(),
        "crt0": attr.string(),
        "link": attr.string(),
        "relibc": attr.string(),
        "documentation": attr.label_list(providers = [DocumentationInfo]),
        "files": attr.label_keyed_string_dict(allow_files = True),
        "templates": attr.label_keyed_string_dict(allow_files = True),
        "libc_archives": attr.label_keyed_string_dict(allow_files = True),
        "relibc_revision": attr.string(),
        "aliases": attr.string_dict(),
        "_compiler": attr.label(default = "//toolchains:compiler"),
        "_write_manifest": attr.label(default = "//image:write_manifest", executable = True, cfg = TOOL),
        "_facts": attr.label(default = "//tools:release_facts.py", allow_single_file = True),
        "_script": attr.label(default = "//tools:make_release.py", allow_single_file = True),
        "_make_tar": attr.label(default = "//tools:make_tar.py", allow_single_file = True),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
)

def release(name, utilities, alias_prefixes, aliased, arches = ARCHES, link = "", relibc = "", **kwargs):
    """For each architecture the tree bazel-bin/<name>/<arch>/ and bazel-bin/<name>_<arch>.tar.

    bazel-bin/<name>_<arch>.facts.json is for tools/release_papers.py.

    Besides the utilities there are their manual pages and completions, the initrcs of Ion, the list of
    packages that suggest reads, the licence and etc/cation-release. bazel-bin/<name>/aliases lists links that are made when they are asked for.
    Bazel takes the write permissions from the tree; the tar and the manifest have the right modes.

    Args:
      name: of the target
      utilities: their names
      alias_prefixes: for each of these, usr/bin/<prefix><utility> is an alias
      aliased: the utilities for which there are aliases
      arches: a list of architectures of Redox
      link, relibc: values for the settings of //toolchains; empty: as they are
      **kwargs: visibility, tags and so on
    """
    if not arches:
        native.filegroup(name = name, **kwargs)
        return
    _release(
        name = name,
        aliases = {
            "usr/bin/%s%s" % (prefix, utility): utility
            for prefix in alias_prefixes
            for utility in aliased
        },
        arches = arches,
        documentation = [utility_label(u, "_documentation") for u in utilities],
        files = {
            "//:LICENSE": "usr/share/licenses/cation/LICENSE",
            # For suggest.
            "//shell-ext:packages": "usr/share/cation/packages",
        },
        libc_archives = {
            "@redox_sysroot_%s//:libc_archive" % arch: arch
            for arch in arches
            if link != "standin" and HAVE_SYSROOT[arch]
        },
        link = link,
        programs = [utility_label(u) for u in utilities],
        relibc = relibc,
        relibc_revision = relibc or select({
            "//toolchains:relibc_" + revision: revision
            for revision in REVISIONS
        }),
        templates = {
            "//shell-ext:initrc": "etc/xdg/ion/initrc",
            # There before Ion makes an empty one, which would hide the other.
            "//shell-ext:user_initrc": "root/.config/ion/initrc",
        },
        **kwargs
    )
