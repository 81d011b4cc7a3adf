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
load(":host.bzl", "host_machine")
load(":kernels.bzl", "guest_kernels")
load(":sysroot.bzl", "relibc_revisions", "relibc_sysroot")

def host_repositories():
    """Declares those that no version of Bazel has by itself."""
    debian_llvm(name = "llvm")
    gcc_compilers(name = "gcc")
    debian_googletest(name = "com_google_googletest")
    debian_absl(name = "com_google_absl")
    debian_openssl(name = "openssl")
    host_cargo(name = "host_cargo")
    host_machine(name = "host_machine")
    guest_kernels(name = "guest_kernels")
    relibc_revisions(
        name = "relibc_revisions",
        revisions = {
            Label("//toolchains/relibc:symbols-2026-01.txt"): "2026-01",
            Label("//toolchains/relibc:symbols-2026-08.txt"): "2026-08",
        },
    )
    relibc_sysroot(name = "redox_sysroot_x86_64", arch = "x86_64")
    relibc_sysroot(name = "redox_sysroot_aarch64", arch = "aarch64")

def cation_repositories():
    """Declares all; for WORKSPACE. In MODULE.bazel the first four are modules, or come with Bazel."""
    builtin_rules_shell(name = "rules_shell")
    debian_rules_cc(name = "rules_cc")
    native.local_repository(name = "rules_java", path = "/usr/share/bazel/rules/java")
    remote_coverage_tools_stub(name = "remote_coverage_tools")
    host_repositories()
