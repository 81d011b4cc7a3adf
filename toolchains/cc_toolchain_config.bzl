# SPDX-License-Identifier: MIT
"""What every toolchain config has: actions, what Bazel passes in, archive, link.

clang.bzl and gcc.bzl fill in tools and flags. Wholly feature based: no legacy features, no legacy
fields.
"""

load("@rules_cc//cc:action_names.bzl", "ACTION_NAMES")
load(
    "@rules_cc//cc:cc_toolchain_config_lib.bzl",
    "action_config",
    "env_entry",
    "env_set",
    "feature",
    "flag_group",
    "flag_set",
    "tool",
    "tool_path",
    "variable_with_value",
    "with_feature_set",
)
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")

_C = [ACTION_NAMES.c_compile]
_CXX = [
    ACTION_NAMES.cpp_compile,
    ACTION_NAMES.cpp_header_parsing,
    ACTION_NAMES.cpp_module_compile,
    ACTION_NAMES.cpp_module_codegen,
    ACTION_NAMES.linkstamp_compile,
]
_ASM = [ACTION_NAMES.preprocess_assemble]
_COMPILE = _C + _CXX + _ASM
_LINK = [
    ACTION_NAMES.cpp_link_executable,
    ACTION_NAMES.cpp_link_dynamic_library,
    ACTION_NAMES.cpp_link_nodeps_dynamic_library,
]
_AR = [ACTION_NAMES.cpp_link_static_library]

def _flags(actions, flags, **kw):
    return flag_set(actions = actions, flag_groups = [flag_group(flags = flags)], **kw)

def _over(name, actions, var, flags):
    """A feature that repeats flags for each value of a build variable."""
    return feature(name = name, enabled = True, flag_sets = [flag_set(
        actions = actions,
        flag_groups = [flag_group(
            iterate_over = var,
            expand_if_available = var,
            flags = flags,
        )],
    )])

# Bazel 4 allows no nested functions and no lambdas.
def _typed(t, flags, **kw):
    return flag_group(
        flags = flags,
        expand_if_equal = variable_with_value(name = "libraries_to_link.type", value = t),
        **kw
    )

def _cfg(name, path):
    return action_config(action_name = name, enabled = True, tools = [tool(path = path)])

def _group(flags):
    return [flag_group(flags = flags)] if flags else []

def _libraries_to_link(w):
    """w: prefix for linker flags ("" when ld.lld is the tool, "-Wl," for clang)."""
    var = "libraries_to_link"
    return flag_group(
        iterate_over = var,
        expand_if_available = var,
        flag_groups = [
            _typed("object_file_group", [w + "--start-lib"], expand_if_false = var + ".is_whole_archive"),
            flag_group(flags = [w + "--whole-archive"], expand_if_true = var + ".is_whole_archive"),
            _typed("object_file_group", ["%{libraries_to_link.object_files}"], iterate_over = var + ".object_files"),
            _typed("object_file", ["%{libraries_to_link.name}"]),
            _typed("interface_library", ["%{libraries_to_link.name}"]),
            _typed("static_library", ["%{libraries_to_link.name}"]),
            _typed("dynamic_library", ["-l%{libraries_to_link.name}"]),
            _typed("versioned_dynamic_library", ["-l:%{libraries_to_link.name}"]),
            flag_group(flags = [w + "--no-whole-archive"], expand_if_true = var + ".is_whole_archive"),
            _typed("object_file_group", [w + "--end-lib"], expand_if_false = var + ".is_whole_archive"),
        ],
    )

def compile_flags(flags, **kw):
    """A flag_set for all that is compiled."""
    return _flags(_COMPILE, flags, **kw)

def link_flags(flags, **kw):
    """A flag_set for all that is linked."""
    return _flags(_LINK, flags, **kw)

def toolchain_config_info(ctx, tools, flags, features):
    """The CcToolchainConfigInfo.

    Args:
      ctx: of a rule with TOOLCHAIN_CONFIG_ATTRS
      tools: struct of compiler, version, stamp (what another build of it has differently); c, cxx,
        link, ar, strip: paths; driver: whether `link` is a compiler's driver; ar_flags; start_end_lib: whether the linker knows --start-lib; tool_paths: what
        make variables and `bazel coverage` use, by Bazel's names
      flags: struct of lists: common (all that is compiled), cxx, opt, link, bare, bare_link (those
        of //:userland_host), before_libraries, after_libraries; include_dirs: of the compiler's own
        headers; random_seed: whether -frandom-seed is to be the object's name
      features: what else the compiler has: sanitizers, fuzzing, coverage
    """
    redox = ctx.attr.os == "redox"
    w = "-Wl," if tools.driver else ""

    action_configs = (
        [_cfg(a, tools.c) for a in _C + _ASM + [ACTION_NAMES.assemble]] +
        [_cfg(a, tools.cxx) for a in _CXX] +
        [_cfg(a, tools.link) for a in _LINK] +
        [_cfg(a, tools.ar) for a in _AR] +
        [_cfg(ACTION_NAMES.strip, tools.strip)]
    )

    bare = [with_feature_set(features = ["bare"])]

    all_features = [
        feature(name = "no_legacy_features"),
        feature(name = "static_linking_mode"),
        feature(name = "supports_start_end_lib", enabled = tools.start_end_lib),
        feature(name = "supports_pic", enabled = not redox),
        feature(name = "dbg"),
        feature(name = "opt"),
        feature(name = "fastbuild"),
        feature(name = "default_flags", enabled = True, flag_sets = [
            _flags(_COMPILE, flags.common),
            _flags(_CXX, flags.cxx),
            _flags(_COMPILE, flags.opt, with_features = [with_feature_set(features = ["opt"])]),
            _flags(_COMPILE, ["-O1", "-g1"], with_features = [with_feature_set(features = ["fastbuild"], not_features = ["asan", "ubsan", "fuzzer"])]),
            _flags(_COMPILE, ["-O1", "-g", "-fno-omit-frame-pointer"], with_features = [with_feature_set(features = ["dbg"])]),
        ] + ([] if redox else [
            # Before a target's own flags, which may take one back (-fno-lto).
            _flags(_C + _CXX, flags.bare, with_features = bare),
        ])),
        # The tools are no files of Bazel's: by this it knows that what others made is to be made anew.
        feature(name = "compiler_stamp", enabled = True, env_sets = [env_set(
            actions = _COMPILE + _LINK + _AR,
            env_entries = [env_entry("COMPILER_STAMP", tools.stamp)],
        )]),
        # The programs of //:userland_host, by its transition.
        feature(name = "bare"),
    ] + features + [
        # ---------------------------------------------- compile: what Bazel passes in
        _over("preprocessor_defines", _COMPILE, "preprocessor_defines", ["-D%{preprocessor_defines}"]),
        _over("quote_include_paths", _COMPILE, "quote_include_paths", ["-iquote", "%{quote_include_paths}"]),
        _over("include_paths", _COMPILE, "include_paths", ["-I%{include_paths}"]),
        _over("system_include_paths", _COMPILE, "system_include_paths", ["-isystem", "%{system_include_paths}"]),
        _over("includes", _COMPILE, "includes", ["-include", "%{includes}"]),
        feature(name = "pic", enabled = True, flag_sets = [flag_set(actions = _COMPILE, flag_groups = [
            flag_group(flags = ["-fPIC"], expand_if_available = "pic"),
        ])]),
        feature(name = "dependency_file", enabled = True, flag_sets = [flag_set(actions = _COMPILE, flag_groups = [
            flag_group(flags = ["-MD", "-MF", "%{dependency_file}"], expand_if_available = "dependency_file"),
        ])]),
        _over("user_compile_flags", _COMPILE, "user_compile_flags", ["%{user_compile_flags}"]),
        feature(name = "compiler_input_flags", enabled = True, flag_sets = [flag_set(actions = _COMPILE, flag_groups = [
            flag_group(flags = ["-c", "%{source_file}"], expand_if_available = "source_file"),
        ])]),
        # What GCC names sections of its bitcode by is random without it.
        feature(name = "random_seed", enabled = flags.random_seed, flag_sets = [flag_set(actions = _C + _CXX, flag_groups = [
            flag_group(flags = ["-frandom-seed=%{output_file}"], expand_if_available = "output_file"),
        ])]),
        feature(name = "compiler_output_flags", enabled = True, flag_sets = [flag_set(actions = _COMPILE, flag_groups = [
            flag_group(flags = ["-S"], expand_if_available = "output_assembly_file"),
            flag_group(flags = ["-E"], expand_if_available = "output_preprocess_file"),
            flag_group(flags = ["-o", "%{output_file}"], expand_if_available = "output_file"),
        ])]),

        # ---------------------------------------------- archive
        feature(name = "archiver_flags", enabled = True, flag_sets = [flag_set(actions = _AR, flag_groups = [
            flag_group(flags = tools.ar_flags + ["rcsD", "%{output_execpath}"], expand_if_available = "output_execpath"),
            flag_group(
                iterate_over = "libraries_to_link",
                expand_if_available = "libraries_to_link",
                flag_groups = [
                    flag_group(
                        flags = ["%{libraries_to_link.name}"],
                        expand_if_equal = variable_with_value(name = "libraries_to_link.type", value = "object_file"),
                    ),
                    flag_group(
                        flags = ["%{libraries_to_link.object_files}"],
                        iterate_over = "libraries_to_link.object_files",
                        expand_if_equal = variable_with_value(name = "libraries_to_link.type", value = "object_file_group"),
                    ),
                ],
            ),
        ])]),

        # ---------------------------------------------- link
        feature(name = "link_first", enabled = True, flag_sets = [
            _flags(_LINK, flags.link),
        ] + ([] if redox else [_flags(_LINK, flags.bare_link, with_features = bare)])),
        feature(name = "shared_flag", enabled = True, flag_sets = [
            _flags([
                ACTION_NAMES.cpp_link_dynamic_library,
                ACTION_NAMES.cpp_link_nodeps_dynamic_library,
            ], ["-shared"]),
        ]),
        feature(name = "output_execpath_flags", enabled = True, flag_sets = [flag_set(actions = _LINK, flag_groups = [
            flag_group(flags = ["-o", "%{output_execpath}"], expand_if_available = "output_execpath"),
        ])]),
        _over("library_search_directories", _LINK, "library_search_directories", ["-L%{library_search_directories}"]),
        feature(name = "libraries_to_link", enabled = True, flag_sets = [
            flag_set(actions = _LINK, flag_groups = (
                _group(flags.before_libraries) + [_libraries_to_link(w)] + _group(flags.after_libraries)
            )),
        ]),
        _over("user_link_flags", _LINK, "user_link_flags", ["%{user_link_flags}"]),
        feature(name = "stripped", enabled = True, flag_sets = [
            _flags(_LINK, [w + "-s"], with_features = [with_feature_set(features = ["opt"])]),
        ]),
        feature(name = "linker_param_file", enabled = True, flag_sets = [flag_set(actions = _LINK + _AR, flag_groups = [
            flag_group(flags = ["@%{linker_param_file}"], expand_if_available = "linker_param_file"),
        ])]),

        # ---------------------------------------------- strip
        feature(name = "strip_flags", enabled = True, flag_sets = [flag_set(actions = [ACTION_NAMES.strip], flag_groups = [
            flag_group(flags = ["-S", "-o", "%{output_file}", "%{input_file}"], expand_if_available = "input_file"),
        ])]),
    ]

    return cc_common.create_cc_toolchain_config_info(
        ctx = ctx,
        toolchain_identifier = "%s%s-%s-%s" % (tools.compiler, tools.version, ctx.attr.os, ctx.attr.cpu),
        host_system_name = "local",
        target_system_name = ctx.attr.cpu + "-unknown-redox" if redox else "local",
        target_cpu = ctx.attr.cpu,
        target_libc = "unknown",
        compiler = tools.compiler,
        abi_version = "unknown",
        abi_libc_version = "unknown",
        action_configs = action_configs,
        features = all_features,
        # Compiling and linking use the action_configs; these are for make variables and
        # `bazel coverage`, whose script merges .profraw with the tool named "gcov".
        # Given at all, the list must be whole.
        tool_paths = [tool_path(name = n, path = path) for n, path in tools.tool_paths.items()],
        cxx_builtin_include_directories = flags.include_dirs,
    )

TOOLCHAIN_CONFIG_ATTRS = {
    "os": attr.string(mandatory = True, values = ["redox", "linux"]),
    "cpu": attr.string(mandatory = True),
    "linker_script": attr.label(allow_single_file = True),
}
