# SPDX-License-Identifier: MIT
"""The C++ toolchains by --cpu, as Bazel asked for them before platforms."""

def legacy_crosstool(name, cpus, toolchain):
    """A cc_toolchain_suite, where this Bazel still has that rule.

    Args:
      name: for --crosstool_top
      cpus: values of --cpu
      toolchain: the label of the cc_toolchain for all of them
    """
    if hasattr(native, "cc_toolchain_suite"):
        # Loaded from rules_cc, it is not there to be asked for.
        # buildifier: disable=native-cc-toolchain-suite
        native.cc_toolchain_suite(
            name = name,
            # As toolchain.bzl's.
            tags = ["manual"],
            toolchains = {cpu: toolchain for cpu in cpus},
        )
