# SPDX-License-Identifier: MIT
"""@gcc: GCC and binutils, for Redox and for this host.

Its paths.bzl has COMPILERS, a dictionary from "x86_64", "aarch64" (for Redox) and "host" to
    prefix   of the tools' paths: /usr/bin/aarch64-linux-gnu-
    version  of the compiler
    headers  the folder of the compiler's own headers; for the host all folders of headers
    lto      the linker's plugin for what is optimized at link time; "" where GCC is built without that
    missing  what is not there, and what to do about it; "" where all is
For Redox these are Debian's cross compilers, or those of the folder that REDOX_PREFIX_<ARCH> names.
"""

load(":debian.bzl", "header_folders")

# Missing is said by the toolchain, not by the repository: who builds with clang alone, or for one
# architecture, does not miss it.
_NEED = "%s not found: run ./cation setup, or apt-get install %s"

_TOOLS = ["g++", "gcc", "ar", "nm", "objcopy", "objdump", "strip", "ld", "cpp"]

def _none(missing):
    return {"prefix": "", "version": "", "headers": [], "lto": "", "missing": missing}

def _compiler(rctx, prefix, host = False):
    gxx = prefix + "g++"
    ran = rctx.execute([gxx, "-dumpfullversion"])
    if ran.return_code:
        return _none("%s does not run: %s" % (gxx, ran.stderr.strip().replace("\n", " ")))
    headers = header_folders(rctx, gxx) if host else [
        rctx.execute([gxx, "-print-file-name=include"]).stdout.strip(),
    ]
    rctx.file("empty.cc", "")
    plugin = rctx.execute([gxx, "-print-file-name=liblto_plugin.so"]).stdout.strip()
    if rctx.execute([gxx, "-flto", "-c", "empty.cc", "-o", "empty.o"]).return_code:
        plugin = ""  # built without
    elif not plugin.startswith("/"):
        return _none("%s takes -flto, but has no liblto_plugin.so" % gxx)
    return {
        "prefix": prefix,
        "version": ran.stdout.strip(),
        "headers": headers,
        "lto": plugin,
        "missing": "",
    }

def _for_redox(rctx, arch):
    variable = "REDOX_PREFIX_" + arch.upper()
    folder = rctx.os.environ.get(variable, "")
    if not folder:
        prefix = "/usr/bin/%s-linux-gnu-" % arch
        if not rctx.path(prefix + "g++").exists:
            package = "g++-%s-linux-gnu" % arch.replace("_", "-")
            return _none(_NEED % (prefix + "g++", package))
        return _compiler(rctx, prefix)
    if not folder.startswith("/"):
        return _none("%s: %s is not an absolute path" % (variable, folder))
    prefix = "%s/bin/%s-unknown-redox-" % (folder, arch)
    for tool in _TOOLS:
        if not rctx.path(prefix + tool).exists:
            return _none(("%s: %s has no bin/%s-unknown-redox-%s; a Redox prefix is a folder with GCC and " +
                          "binutils for %s-unknown-redox in bin/") % (variable, folder, arch, tool, arch))
    return _compiler(rctx, prefix)

def _impl(rctx):
    compilers = {arch: _for_redox(rctx, arch) for arch in ["x86_64", "aarch64"]}
    compilers["host"] = _compiler(rctx, "/usr/bin/", host = True) if rctx.path("/usr/bin/g++").exists else _none(
        _NEED % ("/usr/bin/g++", "g++"),
    )
    rctx.file("WORKSPACE", "")
    rctx.file("BUILD", 'exports_files(["paths.bzl"])\n')
    rctx.file("paths.bzl", "COMPILERS = %r\n" % compilers)

gcc_compilers = repository_rule(
    implementation = _impl,
    environ = ["REDOX_PREFIX_X86_64", "REDOX_PREFIX_AARCH64"],
    local = True,
)
