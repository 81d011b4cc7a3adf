# SPDX-License-Identifier: MIT
"""Every external repository. All are what is on this machine: no network is used."""

load(":cargo.bzl", "host_cargo")
load(
    ":debian.bzl",
    "builtin_rules_shell",
    "debian_absl",
    "debian_googletest",
    "debian_llvm",
    "debian_openssl",
    "debian_rules_cc",
    "remote_coverage_tools_stub",
)
load(":gcc_repository.bzl", "gcc_compilers")
load(":kernels.bzl", "guest_kernels")
load(":sysroot.bzl", "relibc_revisions", "relibc_sysroot")

def cation_repositories():
    """Declares them; for WORKSPACE."""
    builtin_rules_shell(name = "rules_shell")
    debian_rules_cc(name = "rules_cc")
    native.local_repository(name = "rules_java", path = "/usr/share/bazel/rules/java")
    remote_coverage_tools_stub(name = "remote_coverage_tools")
    debian_llvm(name = "llvm")
    gcc_compilers(name = "gcc")
    debian_googletest(name = "com_google_googletest")
    debian_absl(name = "com_google_absl")
    debian_openssl(name = "openssl")
    host_cargo(name = "host_cargo")
    guest_kernels(name = "guest_kernels")
    relibc_revisions(
        name = "relibc_revisions",
        revisions = {
            "//toolchains/relibc:symbols-2026-01.txt": "2026-01",
            "//toolchains/relibc:symbols-2026-08.txt": "2026-08",
        },
    )
    relibc_sysroot(name = "redox_sysroot_x86_64", arch = "x86_64")
    relibc_sysroot(name = "redox_sysroot_aarch64", arch = "aarch64")
