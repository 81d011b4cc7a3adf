# SPDX-License-Identifier: MIT
"""@host_machine//:cpu.bzl: HOST_CPU, the processor of the machine that builds, as @platforms//cpu names it."""

def _impl(rctx):
    machine = rctx.execute(["uname", "-m"]).stdout.strip()
    rctx.file("WORKSPACE", "")
    rctx.file("BUILD", "")
    rctx.file("cpu.bzl", "HOST_CPU = %r\n" % {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine))

# Bazel's own record of it has another name in each version.
host_machine = repository_rule(implementation = _impl, local = True)
