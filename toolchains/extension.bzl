# SPDX-License-Identifier: MIT
"""For MODULE.bazel: the repositories that WORKSPACE declares by repositories.bzl, but for those that are modules there."""

load(":repositories.bzl", "host_repositories")

def _impl(_module_context):
    host_repositories()

host = module_extension(implementation = _impl)
