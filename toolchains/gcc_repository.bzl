# SPDX-License-Identifier: MIT
"""@gcc: GCC and binutils, for Redox and for this host.

Its paths.bzl has COMPILERS, a dictionary from "x86_64", "aarch64" (for Redox) and "host" to
    prefix   of the tools' paths: /usr/bin/aarch64-linux-gnu-
    version  of the compiler
    stamp    what another build of compiler and linker has differently
    headers  the folder of the compiler's own headers; for the host all folders of headers
    lto      the linker's plugin for what is optimized at link time; "" where GCC is built without that
    missing  what is not there, and what to do about it; "" where all is
For Redox these are Debian's cross compilers, or those of the folder that REDOX_PREFIX_<ARCH> names.
"""

load(":debian.bzl", "header_folders", "stamp_of")

# Missing is said by the toolchain, not by the repository: who builds with clang alone, or for one
# architecture, does not miss it.
def _none(missing):
    return {"prefix": "", "version": "", "stamp": "", "headers": [], "lto": "", "missing": missing}

def _for_redox(rctx, arch):
    folder = rctx.os.environ.get("REDOX_PREFIX_" + arch.upper(), "")
    probe = rctx.execute([rctx.path(Label("//toolchains:probe_gcc.sh")), arch, folder])
    if probe.return_code:
        return _none(probe.stderr.strip())
    prefix, version, headers, plugin = probe.stdout.split("\n")[:4]
    return {
        "prefix": prefix,
        "version": version,
        "stamp": stamp_of(rctx, [prefix + "g++", prefix + "ld"]),
        "headers": [headers],
        "lto": plugin,
        "missing": "",
    }

def _for_host(rctx):
    gxx = "/usr/bin/g++"
    if not rctx.path(gxx).exists:
        return _none("%s not found: run ./cation setup, or apt-get install g++" % gxx)
    return {
        "prefix": "/usr/bin/",
        "version": rctx.execute([gxx, "-dumpfullversion"]).stdout.strip(),
        "stamp": stamp_of(rctx, [gxx, "/usr/bin/ld"]),
        "headers": header_folders(rctx, gxx),
        "lto": rctx.execute([gxx, "-print-file-name=liblto_plugin.so"]).stdout.strip(),
        "missing": "",
    }

def _impl(rctx):
    compilers = {arch: _for_redox(rctx, arch) for arch in ["x86_64", "aarch64"]}
    compilers["host"] = _for_host(rctx)
    rctx.file("WORKSPACE", "")
    rctx.file("BUILD", 'exports_files(["paths.bzl"])\n')
    rctx.file("paths.bzl", "COMPILERS = %r\n" % compilers)

gcc_compilers = repository_rule(
    implementation = _impl,
    # As for clang's.
    environ = ["REDOX_PREFIX_X86_64", "REDOX_PREFIX_AARCH64", "CATION_COMPILER_STAMP"],
    local = True,
)
