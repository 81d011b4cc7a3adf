# SPDX-License-Identifier: MIT
"""utility: all build lines of one utility."""

load("@rules_cc//cc:defs.bzl", "cc_test")
load("//toolchains:program.bzl", "cation_program")
load(":documentation.bzl", "documentation")

def utility(
        name,
        budget_kib,
        srcs = None,
        hdrs = [],
        deps = [],
        test_srcs = None,
        test_size = "small",
        test_deps = [],
        test_tags = [],
        boxed = None):
    """The program <name>; <name>_documentation; and <name>_test, which runs Main() in its own process.

    Args:
      name: the utility's name
      budget_kib: how many KiB it may be larger than the empty program
      srcs: sources; <name>.cc if not given
      hdrs: headers
      deps: what it needs besides //coreutils/support
      test_srcs: sources of its test; <name>_test.cc if not given
      test_size: as for cc_test
      test_deps: what its test needs besides
      test_tags: as for cc_test
      boxed: whether it is a command of the multicall program; if not given, what is in coreutils is
    """
    if boxed == None:
        boxed = native.package_name().startswith("coreutils/")
    cation_program(
        name = name,
        srcs = srcs or [name + ".cc"],
        hdrs = hdrs,
        boxed = boxed,
        budget_kib = budget_kib,
        deps = ["//coreutils/support"] + deps,
    )
    documentation(
        name = name + "_documentation",
        program = name,
    )
    cc_test(
        name = name + "_test",
        size = test_size,
        srcs = test_srcs or [name + "_test.cc"],
        tags = test_tags,
        target_compatible_with = ["@platforms//os:linux"],
        deps = [
            ":%s_lib" % name,
            "//coreutils/support/testing",
        ] + test_deps,
    )
