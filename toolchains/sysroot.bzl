# SPDX-License-Identifier: MIT
"""relibc: sysroots that are given, and revisions that the stand-in imitates.

@redox_sysroot_<arch> is the folder that REDOX_SYSROOT_<ARCH> names (include/ and
lib/{libc.a,crt0.o,crti.o,crtn.o}), or nothing where the variable is unset or empty. Its
config.bzl has
    HAVE_SYSROOT  is one given?
    FEATURES      the macros of what its libc.a defines (relibc_symbols.bzl)
and its BUILD the targets :crt0, :crt, :libc and :include to link and compile with.
"""

load(":relibc_symbols.bzl", "relibc_macros")

_BUILD = """# SPDX-License-Identifier: MIT
load("@rules_cc//cc:defs.bzl", "cc_library")

package(default_visibility = ["//visibility:public"])

# Whole archive: nothing refers to crti.o and crtn.o by name. The linker script puts them first and
# last in .init and .fini.
cc_library(name = "crt", srcs = ["lib/crti.o", "lib/crtn.o"], alwayslink = True)

cc_library(name = "crt0", srcs = ["lib/crt0.o"], alwayslink = True)

cc_library(name = "libc", srcs = ["lib/libc.a"])

filegroup(name = "libc_archive", srcs = ["lib/libc.a"])

filegroup(name = "include", srcs = glob(["include/**"]))
"""

# The same labels, for a `bazel query` over branches that are not taken.
_BUILD_NONE = """# SPDX-License-Identifier: MIT
load("@rules_cc//cc:defs.bzl", "cc_library")

package(default_visibility = ["//visibility:public"])

[cc_library(name = n) for n in ["crt", "crt0", "libc"]]

[filegroup(name = n) for n in ["libc_archive", "include"]]
"""

def _config(rctx, have, features):
    rctx.file("config.bzl", "HAVE_SYSROOT = %r\nFEATURES = %r\n" % (have, features))

def _sysroot_impl(rctx):
    rctx.file("WORKSPACE", "")
    folder = rctx.os.environ.get("REDOX_SYSROOT_" + rctx.attr.arch.upper(), "")
    if not folder:
        _config(rctx, False, [])
        rctx.file("BUILD", _BUILD_NONE)
        return
    probe = rctx.execute(
        [rctx.path(Label("//toolchains:probe_sysroot.sh")), rctx.attr.arch, folder],
    )
    if probe.return_code:
        # fail() in the BUILD file, not here: every build loads config.bzl of every architecture,
        # and only those that need this one should stop.
        _config(rctx, True, [])
        rctx.file("BUILD", "fail(%r)\n" % probe.stderr.strip())
        return
    _config(rctx, True, relibc_macros(probe.stdout.split("\n")))
    rctx.symlink(folder + "/include", "include")
    rctx.symlink(folder + "/lib", "lib")
    rctx.file("BUILD", _BUILD)

relibc_sysroot = repository_rule(
    implementation = _sysroot_impl,
    attrs = {"arch": attr.string(mandatory = True, values = ["x86_64", "aarch64"])},
    # The front door sets CATION_SYSROOT_STAMP to the pieces' times, so that a sysroot that is built
    # anew, or loses a piece, while Bazel's server runs is looked at again.
    environ = ["REDOX_SYSROOT_X86_64", "REDOX_SYSROOT_AARCH64", "CATION_SYSROOT_STAMP"],
    local = True,
)

def _revisions_impl(rctx):
    revisions = {
        revision: relibc_macros([
            line
            for line in rctx.read(label).split("\n")
            if line and not line.startswith("#")
        ])
        for label, revision in rctx.attr.revisions.items()
    }
    rctx.file("WORKSPACE", "")
    rctx.file("BUILD", "")
    rctx.file("revisions.bzl", "REVISIONS = %r\n" % revisions)

relibc_revisions = repository_rule(
    doc = "revisions.bzl: REVISIONS, the macros of each revision, from lists of what libc.a exports.",
    implementation = _revisions_impl,
    attrs = {"revisions": attr.label_keyed_string_dict(mandatory = True, allow_files = True)},
    local = True,
)
