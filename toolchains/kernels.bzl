# SPDX-License-Identifier: MIT
"""The kernels of the embedded guest, which `./cation setup` has brought here (tests/guest/kernel.py)."""

# Not config.bzl's: that needs sysroots, which are repositories as well.
_ARCHES = ["x86_64", "aarch64"]

_BUILD = """# Whoever does not boot anything is not to miss a kernel: only what uses it fails.
[filegroup(
    name = arch,
    srcs = glob([arch + "/**"]),
    visibility = ["//visibility:public"],
) for arch in %r]
"""

def _impl(rctx):
    environ = rctx.os.environ
    cache = environ.get("XDG_CACHE_HOME") or environ.get("HOME", "/") + "/.cache"
    rctx.file("WORKSPACE", "")
    for arch in _ARCHES:
        folder = rctx.path("%s/cation/kernels/%s" % (cache, arch))
        if folder.exists:
            rctx.symlink(folder, arch)
    rctx.file("BUILD", _BUILD % _ARCHES)

guest_kernels = repository_rule(
    implementation = _impl,
    environ = ["CATION_KERNELS_STAMP", "HOME", "XDG_CACHE_HOME"],
    local = True,
)
