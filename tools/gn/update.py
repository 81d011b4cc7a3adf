#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a BUILD.gn beside each BUILD, with the same targets.

usage: update.py [--check] [--root FOLDER]

BUILD files are the one list of what there is; this needs neither Bazel nor Java, only Python. --check writes nothing and says which BUILD.gn
are not what this would write. Status: 0 all are (now) as they should be, 1 some are not, 2 a BUILD file says what this does not understand.
"""
import argparse
import difflib
import os
import sys

sys.dont_write_bytecode = True
ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import starlark
from starlark import Error, Select, Target

# ---------------------------------------------------------------- what gn does not build, and why
_TESTS = "gn builds and runs no scripts of tests: ./cation test does"
_GN_HAS_OWN = "toolchains/gn has gn's own"
# By the rule's name, in its .bzl file if it is not Bazel's.
_LEFT_OUT_KINDS = {
    "sh_binary": _TESTS,
    "sh_test": _TESTS,
    "test_suite": _TESTS,
    "filegroup": "names files, for which gn wants no target",
    "cc_toolchain": _GN_HAS_OWN,
    "cc_toolchain_suite": _GN_HAS_OWN,
    "config_setting": _GN_HAS_OWN,
    "constraint_setting": _GN_HAS_OWN,
    "constraint_value": _GN_HAS_OWN,
    "platform": _GN_HAS_OWN,
    "toolchain": _GN_HAS_OWN,
    "gcc_toolchain_config": _GN_HAS_OWN,
    "clang_toolchain_config": _GN_HAS_OWN,
    "choice_setting": _GN_HAS_OWN,
    "_recipe": "a folder for the cookbook, no program: ./cation recipe makes it",
    "headers_of": "only for a test",
    "host_binary": "programs of tests, which gn does not run",
    "redox_binaries": "programs of tests, which gn does not run",
    "linux_headers": "only for a test",
    "portable_sources": "only for a test",
    "program_imports": "only for a test",
    "made_sysroot": "only for tests",
    "_release": "what is installed: ./cation release makes it",
    "cargo_binary": "Rust, which cargo builds: cargo build --release --locked in its folder, or ./cation",
    "cargo_test": "Rust, which cargo builds: cargo test in its folder",
}
_SANITIZERS = "dies of an error on purpose, for a test of Bazel's sanitizers"
_LEFT_OUT_TARGETS = {
    "//tests/conformance:abi_facts": "only for a test",
    "//tests/conformance:abi_facts_source": "only for a test",
    "//tests/conformance:not_portable": "compiles on Linux alone, for a test",
    "//tests/conformance:sanitizer_selftest": _SANITIZERS,
    "//tests/conformance:sanitizer_selftest_asan": _SANITIZERS,
    "//tests/conformance:sanitizer_selftest_ubsan": _SANITIZERS,
    "//tests/guest:recorded": "what GNU's tools do, for tests",
    "//toolchains/testing:with_crt0": "only for a test; crt0 is an argument of gn",
}

# gn builds with clang alone: select()s by the compiler are settled.
_SETTLED = {"//toolchains:compiler": "clang"}

# What each rule may say. Those of the second list have no meaning for gn: who sees a target, how a test runs.
_COMMON = {"name", "testonly", "target_compatible_with", "visibility", "tags"}
_KNOWN = {
    "alias": {"actual"},
    "cc_binary": {"srcs", "deps", "copts", "features", "local_defines"},
    "cc_library": {"srcs", "hdrs", "deps", "copts", "defines", "local_defines"},
    "cc_test": {"srcs", "deps", "copts", "features", "local_defines", "size", "timeout", "args", "data", "shard_count"},
    "genrule": {"srcs", "outs", "cmd"},
    "command_table": {"commands"},
    "_documentation": {"program", "tool"},
    "_build_note": {"program", "arch", "libc", "out"},
    "_checked_program": {"arch", "budget_kib", "compiler", "empty", "folder", "libc", "linked"},
    "_userland": {"arches", "compiler", "crt0", "link", "links", "multicall", "programs", "relibc"},
}

# ---------------------------------------------------------------- Bazel's names, for gn
_EXTERNAL = {
    "@com_google_googletest//:gtest": "//toolchains/gn:gtest",
    "@com_google_googletest//:gtest_main": "//toolchains/gn:gtest_main",
    "@openssl//:crypto": "//toolchains/gn:crypto",
    "@redox_sysroot_aarch64//:crt": "//toolchains/gn:sysroot_crt",
    "@redox_sysroot_aarch64//:crt0": "//toolchains/gn:sysroot_crt0",
    "@redox_sysroot_aarch64//:libc": "//toolchains/gn:sysroot_libc",
    "@redox_sysroot_x86_64//:crt": "//toolchains/gn:sysroot_crt",
    "@redox_sysroot_x86_64//:crt0": "//toolchains/gn:sysroot_crt0",
    "@redox_sysroot_x86_64//:libc": "//toolchains/gn:sysroot_libc",
}
_CONSTRAINTS = {
    "//toolchains:redox": "is_redox",
    "@platforms//os:linux": "!is_redox",
    "@platforms//cpu:aarch64": 'arch == "aarch64"',
    "@platforms//cpu:x86_64": 'arch == "x86_64"',
}
_FLAGS = {
    "//toolchains:crt0": "crt0",
    "//toolchains:link": "link",
    "//toolchains:relibc": "relibc_revision",
}

_COMPILED = (".c", ".cc", ".S")


def quoted(text: str) -> str:
    """A string for gn."""
    if "\n" in text:
        raise Error(f"gn has no line ends in strings: {text!r}")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$") + '"'


def listed(values: list) -> list:
    """The lines of a list of gn expressions: `[ x ]`, or one a line."""
    if not values:
        return ["[]"]
    if len(values) == 1:
        return [f"[ {values[0]} ]"]
    return ["["] + [f"  {value}," for value in values] + ["]"]


def assignment(name: str, values: list, operator: str = "=") -> list:
    """`name = [...]`, as lines."""
    lines = listed(values)
    return [f"{name} {operator} {lines[0]}"] + lines[1:]


def indented(lines: list) -> list:
    """Two blanks before each line that is not empty."""
    return ["  " + line if line else line for line in lines]


def block(head: str, lines: list) -> list:
    """`head { lines }`"""
    return [head + " {"] + indented(lines) + ["}"]


class Writer:
    """BUILD.gn files of a workspace."""

    def __init__(self, workspace: starlark.Workspace) -> None:
        self._workspace = workspace
        self._compatible = {}

    # ---------------------------------------------------------------- labels
    def _target(self, label: str, package: str):
        """The target of a label as written in `package`; None: it is a file, or external."""
        repository, there, name = starlark.parse_label(label, package)
        if repository:
            return None
        return self._workspace.package(there).targets.get(name)

    def _label(self, label: str, package: str, whose: str) -> str:
        """A label of a target that gn builds, as gn writes it in `package`."""
        repository, there, name = starlark.parse_label(label, package)
        if repository == "com_google_absl":
            return "//toolchains/gn:absl"
        if repository:
            if label not in _EXTERNAL:
                raise Error(f"{whose} depends on {label}, which tools/gn/update.py does not know (_EXTERNAL)")
            return _EXTERNAL[label]
        target = self._target(label, package)
        if target is None:
            raise Error(f"{whose} depends on {label}, and there is no such target")
        if left_out(target):
            raise Error(f"{whose} depends on {target.label}, which gn does not build: {left_out(target)}")
        name = gn_name(name)
        if there == package:
            return f":{name}"
        return f"//{there}" if there.rsplit("/", 1)[-1] == name else f"//{there}:{name}"

    def _outputs(self, target: Target) -> list:
        if target.kind == "genrule":
            return target.get("outs")
        if target.rule_name == "_build_note":
            return [target.get("out")]
        if target.rule_name == "command_table":
            return [target.name + ".cc"]
        return []

    def _source(self, label: str, package: str, whose: str) -> tuple:
        """(gn expression, label of the target that makes it or "") of a source."""
        repository, there, name = starlark.parse_label(label, package)
        if repository:
            raise Error(f"{whose} is compiled from {label}, of another repository")
        package_there = self._workspace.package(there)
        makers = [t for t in package_there.targets.values() if name in self._outputs(t)]
        target = package_there.targets.get(name)
        if target is not None:
            makers = [target]
            outputs = self._outputs(target)
            if len(outputs) != 1:
                raise Error(f"{whose} is compiled from {label}, which makes no source that gn knows of")
            name = outputs[0]
        if makers:
            return quoted_path(f"$root_gen_dir/{there}/{name}"), self._label(makers[0].label, package, whose)
        path = os.path.join(there, name)
        if not os.path.isfile(os.path.join(self._workspace.root, path)):
            raise Error(f"{whose} is compiled from {path}, which is not there")
        return quoted(name if there == package else f"//{path}"), ""

    # ---------------------------------------------------------------- select()
    def _settled(self, value, package: str):
        """A list in which what _SETTLED decides is decided: a list if that is all, else a Select."""
        if not isinstance(value, Select):
            return value
        parts = []
        for part in value.parts:
            if isinstance(part, dict):
                open_branches = {}
                for label, branch in part.items():
                    target = self._target(label, package) if label != "//conditions:default" else None
                    flags = target.get("flag_values", {}) if target is not None and target.kind == "config_setting" else {}
                    names = {flag: "//%s:%s" % starlark.parse_label(flag, target.package)[1:] for flag in flags}
                    if len(flags) == 1 and set(names.values()) <= set(_SETTLED) and not target.get("constraint_values"):
                        if all(_SETTLED[names[flag]] == wanted for flag, wanted in flags.items()):
                            open_branches = {"//conditions:default": branch}
                            break
                    else:
                        open_branches[label] = branch
                part = open_branches.get("//conditions:default", []) if set(open_branches) <= {"//conditions:default"} else open_branches
            parts.append(part)
        return Select(parts) if any(isinstance(part, dict) for part in parts) else [x for part in parts for x in part]

    def _condition(self, label: str, package: str) -> str:
        """The gn condition of a config_setting; "" for the default."""
        if label == "//conditions:default":
            return ""
        target = self._target(label, package)
        if target is None or target.kind != "config_setting":
            raise Error(f"select() by {label}, which is no config_setting")
        parts = []
        for constraint in target.get("constraint_values", []):
            repository, there, name = starlark.parse_label(constraint, target.package)
            known = _CONSTRAINTS.get(f"@{repository}//{there}:{name}" if repository else f"//{there}:{name}")
            if known is None:
                raise Error(f"{target.label}: tools/gn/update.py does not know the constraint {constraint}")
            parts.append(known)
        for flag, value in target.get("flag_values", {}).items():
            _, there, name = starlark.parse_label(flag, target.package)
            if f"//{there}:{name}" not in _FLAGS:
                raise Error(f"{target.label}: tools/gn/update.py does not know the setting {flag}")
            parts.append(f"{_FLAGS[f'//{there}:{name}']} == {quoted(value)}")
        for option, value in target.get("values", {}).items():
            if (option, value) != ("features", "bare"):
                raise Error(f"{target.label}: tools/gn/update.py does not know --{option}={value}")
            # Of a condition with the system, which says the same.
            parts = [part for part in parts if part != "!is_redox"] + ["is_bare"]
        if not parts:
            raise Error(f"{target.label} has no condition that tools/gn/update.py knows")
        # What begins with a plain name reads best.
        return " && ".join(sorted(parts, key=lambda part: ("=" in part, part)))

    def _branches(self, branches: dict, package: str, lines_of) -> list:
        """An if, with what lines_of(value) gives for each branch."""
        conditions = [(self._condition(label, package), value) for label, value in branches.items()]
        # What asks for more is asked first, as Bazel does.
        conditions.sort(key=lambda c: -(c[0].count("&&") + 1 if c[0] else 0))
        lines = []
        for condition, value in conditions:
            inner = lines_of(value)
            if condition:
                head = f"}} else if ({condition}) {{" if lines else f"if ({condition}) {{"
            elif not inner:
                continue
            else:
                head = "} else {"
            lines += [head] + indented(inner)
        return lines + ["}"]

    def _list(self, name: str, value, package: str, element, more: tuple = ()) -> list:
        """`name = ...` for a list with select()s in it; element(x) is the gn expression of one, `more` are some besides."""
        parts = value.parts if isinstance(value, Select) else [value]
        plain = list(more) + [element(x) for part in parts if isinstance(part, list) for x in part if x != starlark.SYSROOT_FEATURES]
        chosen = [part for part in parts if isinstance(part, dict)]
        if not plain and not chosen:
            return []
        lines = assignment(name, unique(plain))
        if any(part == starlark.SYSROOT_FEATURES or starlark.SYSROOT_FEATURES in part for part in parts):
            lines.append(f"{name} += sysroot_macros")
        for branches in chosen:
            lines += self._branches(
                branches, package, lambda branch: assignment(name, [element(x) for x in branch], "+=") if branch else [])
        return lines

    # ---------------------------------------------------------------- which system
    def systems(self, target: Target) -> frozenset:
        """The conditions under which a target can be built: its own and those of what it depends on, but for select()s."""
        if target.label not in self._compatible:
            self._compatible[target.label] = frozenset()  # were there a cycle
            found = set()
            for constraint in self._settled(target.get("target_compatible_with", []), target.package):
                repository, there, name = starlark.parse_label(constraint, target.package)
                known = _CONSTRAINTS.get(f"@{repository}//{there}:{name}" if repository else f"//{there}:{name}")
                if known is None:
                    raise Error(f"{target.label}: tools/gn/update.py does not know the constraint {constraint}")
                found.add(known)
            deps = target.get("deps", [])
            below = [label for part in (deps.parts if isinstance(deps, Select) else [deps]) if isinstance(part, list) for label in part]
            below += [target.get(a) for a in ("linked", "tool") if isinstance(target.get(a), str)]
            for label in below:
                if label.startswith("@"):
                    # Debian's libraries are for the host.
                    found.add('redox_sysroot != ""' if label.startswith("@redox_sysroot_") else "!is_redox")
                other = self._target(label, target.package)
                if other is not None:
                    found |= self.systems(other)
            self._compatible[target.label] = frozenset(found)
        return self._compatible[target.label]

    # ---------------------------------------------------------------- order of libraries
    def _link_order(self, target: Target) -> list:
        """The libraries of a tool or test for the host, in the order in which Bazel hands them to the linker.

        It is that of a depset of order "topological". Where a linker looks for what is undefined as it goes, what it finds first decides
        where things lie in the file.
        """
        seen, order = set(), []

        def visit(label: str, package: str) -> None:
            repository, there, name = starlark.parse_label(label, package)
            if repository:
                shown = self._label(label, package, target.label)
                if shown not in seen:
                    seen.add(shown)
                    if shown == "//toolchains/gn:gtest_main":
                        visit("@com_google_googletest//:gtest", "")
                    order.append(label)
                return
            other = self._target(label, package)
            if other is None:
                raise Error(f"{target.label} is linked with //{there}:{name}, and there is no such target")
            if other.label in seen:
                return
            seen.add(other.label)
            for below in reversed(self._on_host(other, "actual" if other.kind == "alias" else "deps")):
                visit(below, other.package)
            # What has headers only gives the linker nothing.
            if any(str(source).endswith(_COMPILED) for source in other.get("srcs", [])):
                order.append(other.label)

        for label in reversed(self._on_host(target, "deps")):
            visit(label, target.package)
        return order[::-1]

    @staticmethod
    def _on_host(target: Target, attribute: str) -> list:
        """The labels of an attribute in the configuration of tools and tests: where nothing of the conditions is so."""
        value = target.get(attribute, [])
        found = []
        for part in value.parts if isinstance(value, Select) else [value]:
            chosen = part.get("//conditions:default", []) if isinstance(part, dict) else part
            found += [chosen] if isinstance(chosen, str) else chosen
        return found

    # ---------------------------------------------------------------- rules
    def _cc(self, target: Target) -> list:
        """cc_library, cc_binary, cc_test."""
        package, whose = target.package, target.label
        sources, headers, makers = [], [], []
        for attribute, where in (("srcs", sources), ("hdrs", headers)):
            for label in target.get(attribute, []):
                expression, maker = self._source(label, package, whose)
                where.append(expression)
                if maker:
                    makers.append(quoted(maker))
        compiled = any(source.rstrip('"').endswith(_COMPILED) for source in sources)
        if target.kind == "cc_library":
            kind = "static_library" if compiled else "source_set" if sources or headers else "group"
        else:
            kind = "executable"
        before, body = [], []
        if self._workspace.package(package).testonly or target.get("testonly") or target.kind == "cc_test":
            body.append("testonly = true")
        if sources:
            body += assignment("sources", sources)
        if headers:
            body += assignment("public", headers)
        configs = []
        if target.get("defines"):
            before += [*block(f'config("{gn_name(target.name)}_defines")', self._list("defines", target.get("defines"), package, quoted)), ""]
            body += assignment("public_configs", [quoted(f":{gn_name(target.name)}_defines")])
        copts = self._settled(target.get("copts", []), package)
        if copts:
            if isinstance(copts, Select):
                raise Error(f"{whose}: tools/gn/update.py knows no select() in copts but those by the compiler")
            cflags = assignment("cflags", [quoted(flag) for flag in copts])
            before += [*block(f'config("{gn_name(target.name)}_copts")', cflags), ""]
            configs.append(quoted(f":{gn_name(target.name)}_copts"))
        for feature in target.get("features", []):
            if feature != "fuzz_main":
                raise Error(f"{whose}: tools/gn/update.py does not know the feature {feature}")
            configs.append(quoted("//toolchains/gn:fuzz_main"))
        host = kind == "executable" and "!is_redox" in self.systems(target)
        if configs:
            body += assignment("configs", configs, "=" if host else "+=")
        if target.get("local_defines"):
            body += assignment("defines", [quoted(value) for value in target.get("local_defines")])

        def dependency(label: str) -> str:
            return quoted(self._label(label, package, whose))

        # Only what an executable is linked from may be private: libraries hand on what they are linked with.
        if host:
            kind = "host_executable"
            if makers:
                body += assignment("deps", unique(makers))
            body += assignment("libraries", [quoted(self._label(label, package, whose)) for label in self._link_order(target)])
        elif kind == "executable":
            body += self._list("deps", target.get("deps", []), package, dependency, makers)
        else:
            body += assignment("deps", unique(makers)) if makers else []
            body += self._list("public_deps", without_debian(target.get("deps", [])), package, dependency)
        return before + block(f"{kind}({quoted(gn_name(target.name))})", body)

    def _alias(self, target: Target) -> list:
        def depend(label: str) -> list:
            return assignment("public_deps", [quoted(self._label(label, target.package, target.label))])

        actual = target.get("actual")
        if isinstance(actual, Select):
            (branches,) = actual.parts
            return block(f"group({quoted(gn_name(target.name))})", self._branches(branches, target.package, depend))
        return block(f"group({quoted(gn_name(target.name))})", depend(actual))

    def _genrule(self, target: Target) -> list:
        sources = [self._source(label, target.package, target.label) for label in target.get("srcs", [])]
        if any(maker for _, maker in sources) or len(sources) != 1 or len(target.get("outs")) != 1:
            raise Error(f"{target.label}: tools/gn/update.py knows genrules of one file that is there and one that is made")
        command = target.get("cmd")
        source = f"rebase_path({sources[0][0]}, root_build_dir)"
        out = f'rebase_path({quoted_path("$target_gen_dir/" + target.get("outs")[0])}, root_build_dir)'
        pieces = []
        for number, piece in enumerate(command.replace("$<", "\0<\0").replace("$@", "\0@\0").split("\0")):
            if number % 2:
                pieces.append(source if piece == "<" else out)
            elif "$" in piece.replace("$$", ""):
                raise Error(f"{target.label}: tools/gn/update.py does not know what $ means in {command}")
            elif piece:
                pieces.append(quoted(piece.replace("$$", "$")))
        return block(f"genrule({quoted(gn_name(target.name))})", [
            *assignment("sources", [sources[0][0]]), *assignment("outs", [quoted(target.get("outs")[0])]),
            f"command = {pieces[0]} +", *[f"          {piece} +" for piece in pieces[1:-1]], f"          {pieces[-1]}"])

    def _build_note(self, target: Target) -> list:
        return block(f"build_note({quoted(gn_name(target.name))})", [
            f"program = {quoted(target.get('program'))}", f"out = {quoted(target.get('out'))}"])

    def _checked_program(self, target: Target) -> list:
        lines = [f"linked = {quoted(self._label(target.get('linked'), target.package, target.label))}",
                 f"budget = {target.get('budget_kib') * 1024}"]
        if target.get("empty"):
            empty = self._target(target.get("empty"), target.package)
            lines.append(f"empty = {quoted(self._label(f'//{empty.package}:{empty.name}_linked', target.package, target.label))}")
        return block(f"checked_program({quoted(gn_name(target.name))})", lines)

    def _documentation(self, target: Target) -> list:
        files = [path[len(target.name) + 1:] for path in starlark.implement(target).declared]
        return block(f"documentation({quoted(gn_name(target.name))})", [
            f"tool = {quoted(self._label(target.get('tool'), target.package, target.label))}", *assignment("files", [quoted(f) for f in files])])

    def _command_table(self, target: Target) -> list:
        return block(f"written_by_rule({quoted(gn_name(target.name))})", [
            f"label = {quoted(target.label)}", f"out = {quoted(self._outputs(target)[0])}"])

    def _userland(self, target: Target) -> list:
        if target.get("crt0"):
            raise Error(f"{target.label}: tools/gn/update.py knows no crt0 of a userland's own")
        programs, folders = [], {}
        for label in target.get("programs"):
            program = self._target(label, target.package)
            if program is None or program.rule_name != "_checked_program":
                raise Error(f"{target.label}: {label} is no cation_program")
            folders[program.name] = program.get("folder")
            path = "/".join(part for part in (program.get("folder"), program.name) if part)
            programs.append(f"[ {quoted(f'//{program.package}:{gn_name(program.name)}')}, {quoted(path)} ]")
        default = self._workspace.package("toolchains").targets["relibc"].get("build_setting_default")
        lines = assignment("arches", [quoted(arch) for arch in target.get("arches", [])])
        lines += [f"link = {quoted(target.get('link') or '')}", f"relibc = {quoted(target.get('relibc') or default)}"]
        if target.get("multicall"):
            multicall = target.get("multicall")
            lines.append(f"multicall = {quoted(multicall)}")
            lines += assignment("links", [quoted(f"{folders[multicall]}/{link}") for link in target.get("links")])
        lines += assignment("programs", programs)
        return block(f"userland({quoted(gn_name(target.name))})", lines)

    # ---------------------------------------------------------------- files
    def _rule(self, target: Target) -> list:
        if target.rule_name not in _KNOWN:
            raise Error(f"{target.label}: tools/gn/update.py does not know the rule {target.kind}: what is gn to make of it?")
        unknown = {name for name, value in target.attributes.items() if value is not None} - _KNOWN[target.rule_name] - _COMMON
        if unknown:
            raise Error(f"{target.label}: tools/gn/update.py does not know what {', '.join(sorted(unknown))} of a {target.kind} means")
        writers = {"alias": self._alias, "genrule": self._genrule, "_build_note": self._build_note, "_checked_program": self._checked_program,
                   "_documentation": self._documentation, "command_table": self._command_table, "_userland": self._userland}
        return writers.get(target.rule_name, self._cc)(target)

    def text(self, package: str) -> str:
        """BUILD.gn of a package."""
        lines, without, before = [], {}, frozenset()
        for target in self._workspace.package(package).targets.values():
            why = left_out(target)
            if why:
                without.setdefault(why, []).append(target.name)
                continue
            systems = self.systems(target)
            rule = self._rule(target)
            if systems:
                rule = block(f"if ({' && '.join(sorted(systems))})", rule)
                # One block for those that follow each other.
                if systems == before:
                    lines.pop()
                    rule = [""] + rule[1:]
            elif lines:
                lines.append("")
            if systems and systems != before and lines:
                lines.append("")
            lines += rule
            before = systems
        if package == "":
            lines += ["", *self._everything()]
        head = ["# SPDX-License-Identifier: MIT", "# Written by tools/gn/update.py from the BUILD file beside it: change that one."]
        for why, names in without.items():
            head += wrapped(f"Not here: {', '.join(names)} ({why}).")
        imports = []
        body = "\n".join(lines)
        if "sysroot_macros" in body:
            imports.append('import("//toolchains/gn/sysroot.gni")')
        if any(f"{rule}(" in body for rule in (
                "build_note", "checked_program", "documentation", "genrule", "userland", "written_by_rule", "host_executable")):
            imports.append('import("//toolchains/gn/rules.gni")')
        return "\n".join(head + imports + ([""] if lines else []) + lines) + "\n"

    def _everything(self) -> list:
        """The group that ninja builds: userlands, tools and tests."""
        wanted = []
        for package in self._workspace.package_names():
            for target in self._workspace.package(package).targets.values():
                if is_built(target, self._workspace):
                    wanted.append(quoted(self._label(target.label, "", "the group default")))
        return ["# All that ninja builds when it is not told what.", *block("if (current_toolchain == default_toolchain)", block(
            'group("default")', ["testonly = true", *assignment("deps", unique(sorted(wanted)))]))]


def left_out(target: Target) -> str:
    """Why gn builds no such thing; "" if it does."""
    if isinstance(target.get("compiler"), str) and target.get("compiler"):
        return f"built with {target.get('compiler')}, and gn builds with clang alone"
    return _LEFT_OUT_KINDS.get(target.rule_name) or _LEFT_OUT_TARGETS.get(target.label, "")


def is_built(target: Target, workspace: starlark.Workspace) -> bool:
    """Whether ninja builds it when it is not told what: userlands, tools, tests and documentation."""
    if left_out(target):
        return False
    kind = target.rule_name
    if kind == "cc_binary":
        # What writes documentation is built for that.
        return "!is_redox" in Writer(workspace).systems(target) and not target.name.endswith("_documentation_tool")
    return kind in ("_userland", "_documentation", "cc_test")


def gn_name(name: str) -> str:
    """A target's name for gn: ninja's names of rules have no [."""
    return name.replace("[", "bracket")


def without_debian(deps):
    """Dependencies of a library but for Debian's: their headers are found without more, their archives are host_executable's."""
    if isinstance(deps, Select):
        return Select([without_debian(part) if isinstance(part, list) else part for part in deps.parts])
    return [label for label in deps if not label.startswith(("@com_google_", "@openssl"))]


def unique(values: list) -> list:
    """Each value once, in order."""
    return list(dict.fromkeys(values))


def quoted_path(path: str) -> str:
    """A string for gn in which $ begins a variable."""
    return f'"{path}"'


def wrapped(text: str) -> list:
    """Lines of a comment."""
    lines, line = [], "#"
    for word in text.split():
        if len(line) + len(word) + 1 > 118:
            lines.append(line)
            line = "#  "
        line += " " + word
    return lines + [line]


def main() -> int:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--help", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--root", default=ROOT)
    options = parser.parse_args()
    if options.help:
        print(__doc__)
        return 0
    workspace = starlark.Workspace(options.root)
    writer = Writer(workspace)
    names = workspace.package_names()
    texts = {os.path.join(name, "BUILD.gn"): writer.text(name) for name in names}
    bad = 0
    for path, text in texts.items():
        there = ""
        if os.path.exists(os.path.join(options.root, path)):
            with open(os.path.join(options.root, path), encoding="utf-8") as file:
                there = file.read()
        if there == text:
            continue
        if options.check:
            bad += 1
            changed = [line for line in difflib.unified_diff(there.splitlines(), text.splitlines(), lineterm="", n=0)
                       if line[0] in "+-" and line[:3] not in ("+++", "---")]
            print(f"{path}: {'does not say what BUILD says' if there else 'is not there'}; tools/gn/update.py mends it")
            for line in changed[:6]:
                print(f"    {line}")
            if len(changed) > 6:
                print(f"    ({len(changed) - 6} more lines)")
        else:
            with open(os.path.join(options.root, path), "w", encoding="utf-8") as file:
                file.write(text)
            print(f"{path}: written")
    if options.check:
        print(f"gn: {len(texts)} BUILD.gn compared with BUILD, {bad} differ")
    return 1 if bad else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Error as error:
        print(f"update.py: {error}", file=sys.stderr)
        sys.exit(2)
