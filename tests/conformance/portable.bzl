# SPDX-License-Identifier: MIT
"""portable_sources: does host code compile where there is POSIX and C++20, and nothing of Linux?"""

load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")

PortableInfo = provider(
    doc = "What the compiler said of a library and of all that it is made of.",
    fields = {"reports": "depset of files; see portable_test.py"},
)

# Neither glibc's extensions nor the macros by which a compiler says that this is Linux. XSI is a part of
# POSIX that macOS has as well.
_STRICT = [
    "-fsyntax-only",
    "-U_GNU_SOURCE",
    "-D_POSIX_C_SOURCE=200809L",
    "-D_XOPEN_SOURCE=700",
    "-U__linux__",
    "-U__linux",
    "-Ulinux",
]

# Headers that declare what is Linux' alone whatever the macros ask for. Not <sys/syscall.h> and
# <linux/limits.h>, which libstdc++ and glibc include themselves.
_LINUX_HEADERS = ["linux/" + name for name in ["fs.h", "futex.h", "magic.h", "openat2.h", "stat.h", "version.h"]] + [
    "sys/" + name
    for name in [
        "epoll.h",
        "eventfd.h",
        "fsuid.h",
        "inotify.h",
        "prctl.h",
        "sendfile.h",
        "signalfd.h",
        "sysinfo.h",
        "timerfd.h",
        "vfs.h",
    ]
]

LinuxHeadersInfo = provider(
    doc = "Headers of Linux' names whose inclusion is an error.",
    fields = {"folder": "where they are, for -isystem"},
)

# The package of the host backend, which may use what macOS has beyond POSIX.
_BACKEND = "runtime/sys/posix"

# The backend of programs that are linked without a C library, for Linux alone.
_LINUX = "runtime/sys/linux"

_TOOLCHAIN = "@bazel_tools//tools/cpp:toolchain_type"

def _is_source(file):
    return file.extension == "cc" and file.is_source

def _compile(ctx, label, files, context, defines, report):
    toolchain = ctx.toolchains[_TOOLCHAIN]
    toolchain = getattr(toolchain, "cc", toolchain)
    features = cc_common.configure_features(ctx = ctx, cc_toolchain = toolchain)
    forced = ctx.file._libstdcxx
    headers = ctx.attr._linux_headers
    flags = _STRICT + ["-isystem", headers[LinuxHeadersInfo].folder]
    if label.package == _BACKEND:
        forced = ctx.file._backend
        flags = flags + ["-D__APPLE__=1", "-isystem", forced.dirname]
    variables = cc_common.create_compile_variables(
        feature_configuration = features,
        cc_toolchain = toolchain,
        include_directories = context.includes,
        preprocessor_defines = depset(defines, transitive = [context.defines]),
        quote_include_directories = context.quote_includes,
        system_include_directories = context.system_includes,
        user_compile_flags = flags + ["-include", forced.path],
    )
    options = cc_common.get_memory_inefficient_command_line(
        feature_configuration = features,
        action_name = "c++-compile",
        variables = variables,
    )
    tool = cc_common.get_tool_for_action(feature_configuration = features, action_name = "c++-compile")

    # What it says is for the test to show: the action itself does not fail.
    ctx.actions.run_shell(
        command = 'report=$1; shift; "$@" >"$report" 2>&1 || echo "status $?" >>"$report"',
        arguments = [report.path, tool] + options + [f.path for f in files if _is_source(f)],
        inputs = depset(files + ctx.files._shims, transitive = [
            context.headers,
            headers[DefaultInfo].files,
            toolchain.all_files,
        ]),
        outputs = [report],
        mnemonic = "PortableCompile",
        progress_message = "Compiling %s as POSIX" % label,
    )

def _aspect_impl(target, ctx):
    below = [
        dep[PortableInfo].reports
        for attribute in ["deps", "linked", "program"]
        for dep in _list(getattr(ctx.rule.attr, attribute, None))
        if PortableInfo in dep
    ]
    reports = []
    files = getattr(ctx.rule.files, "srcs", [])

    # The sources of a <name>_boxed are those of <name>_lib.
    ours = not (target.label.workspace_root or target.label.package == _LINUX or target.label.name.endswith("_boxed"))
    if ours and ctx.rule.kind in ["cc_library", "cc_binary"] and [f for f in files if _is_source(f)]:
        infos = [dep[CcInfo] for dep in ctx.rule.attr.deps if CcInfo in dep]
        if CcInfo in target:
            infos.append(target[CcInfo])
        report = ctx.actions.declare_file(target.label.name + ".portable")
        _compile(
            ctx,
            label = target.label,
            files = files,
            context = cc_common.merge_cc_infos(cc_infos = infos).compilation_context,
            defines = ctx.rule.attr.local_defines,
            report = report,
        )
        reports.append(report)
    return [PortableInfo(reports = depset(reports, transitive = below))]

def _linux_headers_impl(ctx):
    headers = []
    for name in _LINUX_HEADERS:
        header = ctx.actions.declare_file("%s/%s" % (ctx.label.name, name))
        ctx.actions.write(header, "#error \"<%s> is Linux' alone\"\n" % name)
        headers.append(header)
    return [
        DefaultInfo(files = depset(headers)),
        LinuxHeadersInfo(folder = headers[0].path[:-len("/" + _LINUX_HEADERS[0])]),
    ]

linux_headers = rule(
    doc = "<name>/: see LinuxHeadersInfo.",
    implementation = _linux_headers_impl,
)

def _list(value):
    if value == None:
        return []
    return value if type(value) == "list" else [value]

_SHIMS = {
    "_backend": attr.label(default = "//tests/conformance:portable/apple/backend.h", allow_single_file = True),
    "_libstdcxx": attr.label(default = "//tests/conformance:portable/libstdcxx.h", allow_single_file = True),
    "_linux_headers": attr.label(default = "//tests/conformance:linux_headers"),
    "_shims": attr.label(default = "//tests/conformance:portable_headers"),
}

_portable = aspect(
    implementation = _aspect_impl,
    attr_aspects = ["deps", "linked", "program"],
    attrs = _SHIMS,
    fragments = ["cpp"],
    incompatible_use_toolchain_transition = True,
    toolchains = [_TOOLCHAIN],
)

def _impl(ctx):
    reports = depset(transitive = [dep[PortableInfo].reports for dep in ctx.attr.deps])
    return [DefaultInfo(files = reports, runfiles = ctx.runfiles(transitive_files = reports))]

portable_sources = rule(
    doc = "A report, <name>.portable, of each library that the targets are made of.",
    implementation = _impl,
    attrs = {"deps": attr.label_list(aspects = [_portable], mandatory = True)},
)
