# SPDX-License-Identifier: MIT
"""compiler_toolchain(): a cc_toolchain() whose tools are the machine's, and no files of Bazel's."""

load("@rules_cc//cc:defs.bzl", "cc_toolchain")

def compiler_toolchain(name, config, compiler_files = [], linker_files = []):
    """A toolchain for //toolchains:BUILD to name.

    Args:
      name: of the cc_toolchain()
      config: label of what clang.bzl or gcc.bzl make of its flags
      compiler_files: what its flags name for compiling
      linker_files: and for linking
    """
    files = {
        "all": compiler_files + linker_files,
        "compiler": compiler_files,
        "linker": linker_files,
        "no": [],
    }
    for what, srcs in files.items():
        native.filegroup(
            name = "%s_%s_files" % (name, what),
            srcs = srcs,
        )
    no_files = ":%s_no_files" % name
    cc_toolchain(
        name = name,
        all_files = ":%s_all_files" % name,
        ar_files = no_files,
        as_files = no_files,
        compiler_files = ":%s_compiler_files" % name,
        dwp_files = no_files,
        linker_files = ":%s_linker_files" % name,
        objcopy_files = no_files,
        strip_files = no_files,
        supports_param_files = 1,
        # Not a part of //...: a compiler that is not wanted need not be there.
        tags = ["manual"],
        toolchain_config = config,
        toolchain_identifier = "%s-%s" % (native.package_name().split("/")[-1], name),
    )
