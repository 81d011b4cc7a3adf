# SPDX-License-Identifier: MIT
"""Reads BUILD and .bzl files without Bazel.

Starlark is a part of Python's grammar: the files are executed as Python, with functions in the place of Bazel's that note down what they
are called with. What is in BUILD is thereby known as Bazel knows it: macros, comprehensions, glob() and select() included. Implementations of
rules are executed only by implement().
"""
import fnmatch
import functools
import os
import re

# Repositories of WORKSPACE whose .bzl files exist in Bazel only, and what BUILD files load from them: a rule (None), or a value.
_SYSROOT_FEATURES = "@sysroot_macros@"
_EXTERNAL = {
    "rules_cc": {},
    "rules_shell": {},
    "bazel_tools": {},
    "llvm": {"LLVM_BIN": "@llvm_bin@", "LLVM_VERSION": "@llvm_version@", "RESOURCE_DIR": "@resource_dir@", "HOST_INCLUDE_DIRS": []},
    "host_machine": {"HOST_CPU": "host"},
    "gcc": {},
    "host_cargo": {"CARGO": "", "CARGO_HOME": "", "HOME": "", "LINKER": "", "MISSING": ""},
    # As if sysroots were given: gn decides when it is run, and both branches are to be there.
    "redox_sysroot_x86_64": {"HAVE_SYSROOT": True, "FEATURES": [_SYSROOT_FEATURES]},
    "redox_sysroot_aarch64": {"HAVE_SYSROOT": True, "FEATURES": [_SYSROOT_FEATURES]},
}
SYSROOT_FEATURES = _SYSROOT_FEATURES

# What is no target.
_IGNORED = ("exports_files", "licenses", "package_group", "workspace", "register_toolchains")


class Error(Exception):
    """A BUILD file that cannot be read; the text says which, and why."""


class Select:
    """select(), or a sum with one: a list of plain values and dictionaries from condition to value."""

    def __init__(self, parts: list) -> None:
        self.parts = parts

    def __add__(self, other):
        return Select(self.parts + (other.parts if isinstance(other, Select) else [other]))

    def __radd__(self, other):
        return Select([other] + self.parts)


class Stub:
    """Stands for what only implementations of rules use: any attribute, any call."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str):
        # TOOL (toolchains/tool.bzl) asks whether there is config.exec.
        if name.startswith("__") or (self._name, name) == ("config", "exec"):
            raise AttributeError(name)
        return Stub(f"{self._name}.{name}")

    def __call__(self, *_arguments, **_named):
        return Stub(f"{self._name}()")


class Rule:
    """rule(): notes down its targets. `kind` is <label of the .bzl file>%<name>, or the name of one of Bazel's own."""

    def __init__(self, workspace, kind: str = "", implementation=None) -> None:
        self.kind = kind
        self.implementation = implementation
        self._workspace = workspace

    def __call__(self, **attributes) -> None:
        self._workspace.record(self, attributes)


class Target:
    """One target: of what rule, and with which attributes."""

    def __init__(self, rule: Rule, package: str, attributes: dict) -> None:
        self._rule = rule
        self.package = package
        self.name = attributes["name"]
        self.attributes = attributes

    @property
    def kind(self) -> str:
        """See Rule."""
        return self._rule.kind

    @property
    def rule_name(self) -> str:
        """The kind without the .bzl file."""
        return self.kind.rsplit("%", 1)[-1]

    @property
    def implementation(self):
        """The function that Bazel calls for it."""
        return self._rule.implementation

    @property
    def label(self) -> str:
        """//package:name"""
        return f"//{self.package}:{self.name}"

    def get(self, attribute: str, default=None):
        """The value of an attribute; None in BUILD is the same as not there."""
        value = self.attributes.get(attribute)
        return default if value is None else value


class Package:
    """What one BUILD file says."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.targets = {}
        self.testonly = False


def parse_label(label: str, package: str) -> tuple:
    """(repository, package, name) of a label as written in `package`."""
    repository = ""
    if label.startswith("@"):
        repository, _, rest = label[1:].partition("//")
        label = "//" + rest
    if label.startswith("//"):
        package, colon, name = label[2:].partition(":")
        return repository, package, name if colon else package.rsplit("/", 1)[-1]
    return repository, package, label.lstrip(":")


class File:
    """A file that an implementation declares: `path` is what it calls it."""

    def __init__(self, path: str) -> None:
        self.path = path


class Actions:
    """ctx.actions."""

    def __init__(self) -> None:
        self.declared = []
        self.written = {}

    def declare_file(self, path: str) -> File:
        """Notes the file down."""
        self.declared.append(path)
        return File(path)

    def write(self, output: File, content: str) -> None:
        """Notes the text down."""
        self.written[output.path] = content

    def run(self, **_named) -> None:
        """What is run is for the caller to know."""


class Context:
    """ctx, for the few implementations that are executed here after all: `actions` knows what they did."""

    def __init__(self, target: Target) -> None:
        self.actions = Actions()
        self.attr = Stub("attr")
        self.attr.__dict__.update(target.attributes)
        self.label = Stub("label")
        self.label.__dict__.update(name=target.name, package=target.package)
        self.executable = Stub("executable")

    @staticmethod
    def runfiles(*_arguments, **_named) -> None:
        """For tests."""


def implement(target: Target) -> Actions:
    """What the implementation of a target's rule does."""
    context = Context(target)
    target.implementation(context)
    return context.actions


class Workspace:
    """All packages below a folder, read when they are asked for."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._packages = {}
        self._modules = {}
        self._current = None
        self.files = set()  # that were read

    # ---------------------------------------------------------------- what is there
    def package_names(self) -> list:
        """Every folder with a BUILD file, but those of out/ and of hidden folders."""
        found = []
        for folder, folders, names in os.walk(self.root):
            below = os.path.relpath(folder, self.root)
            below = "" if below == "." else below
            folders[:] = sorted(n for n in folders if not n.startswith(".") and os.path.join(below, n) != "out" and not n.startswith("bazel-"))
            if "BUILD" in names:
                found.append(below)
        return found

    def package(self, name: str) -> Package:
        """The package of that name."""
        if name not in self._packages:
            path = os.path.join(self.root, name, "BUILD")
            if not os.path.isfile(path):
                raise Error(f"there is no {os.path.join(name, 'BUILD')}")
            before, self._current = self._current, Package(name)
            try:
                self._execute(path, self._build_names(), name)
                self._packages[name] = self._current
            finally:
                self._current = before
        return self._packages[name]

    def value(self, label: str, name: str):
        """What `name` is in the .bzl file of that label."""
        module = self._module(label, "")
        if name not in module:
            raise Error(f"{label} has no {name}")
        return module[name]

    @functools.cached_property
    def revisions(self) -> dict:
        """REVISIONS: from each revision of relibc that WORKSPACE declares to the macros of what it exports (toolchains/sysroot.bzl)."""
        before, self._current = self._current, Package("")
        try:
            self.value("//toolchains:repositories.bzl", "cation_repositories")()
            declared = self._current.targets["relibc_revisions"].attributes["revisions"]
        finally:
            self._current = before
        macros = self.value("//toolchains:relibc_symbols.bzl", "relibc_macros")
        revisions = {}
        for label, revision in declared.items():
            _, package, name = parse_label(label, "")
            with open(self._read(os.path.join(self.root, package, name)), encoding="utf-8") as lines:
                revisions[revision] = macros([line.rstrip("\n") for line in lines if line.strip() and not line.startswith("#")])
        return revisions

    def record(self, rule: Rule, attributes: dict) -> None:
        """Notes down a target of the package that is being read."""
        if self._current is None:
            raise Error(f"{rule.kind} outside of a BUILD file")
        target = Target(rule, self._current.name, attributes)
        if target.name in self._current.targets:
            raise Error(f"{target.label} is there twice")
        self._current.targets[target.name] = target

    # ---------------------------------------------------------------- execution
    def _read(self, path: str) -> str:
        self.files.add(os.path.relpath(path, self.root))
        return path

    def _execute(self, path: str, names: dict, package: str) -> dict:
        with open(self._read(path), encoding="utf-8") as file:
            text = file.read()
        shown = os.path.relpath(path, self.root)

        def load(label: str, *symbols: str, **renamed: str) -> None:
            module = self._module(label, package)
            for here, there in [(s, s) for s in symbols] + list(renamed.items()):
                if there not in module:
                    raise Error(f"{shown}: {label} has no {there}")
                names[here] = module[there]

        names["load"] = load
        names["__builtins__"] = _BUILTINS
        try:
            exec(compile(text, shown, "exec"), names)  # pylint: disable=exec-used
        except Error as error:
            raise Error(f"{shown}: {error}" if shown not in str(error) else str(error)) from error
        except Exception as error:
            raise Error(f"{shown}: {type(error).__name__}: {error}") from error
        return names

    def _module(self, label: str, package: str) -> dict:
        repository, package, name = parse_label(label, package)
        if repository:
            if repository == "relibc_revisions":
                return {"REVISIONS": self.revisions}
            if repository not in _EXTERNAL:
                raise Error(f"{label}: tools/gn/starlark.py does not know the repository @{repository}")
            return _External(self, _EXTERNAL[repository])
        key = f"//{package}:{name}"
        if key not in self._modules:
            path = os.path.join(self.root, package, name)
            if not os.path.isfile(path):
                raise Error(f"there is no {os.path.join(package, name)}")
            names = self._execute(path, self._common_names(), package)
            for here, value in names.items():
                if isinstance(value, Rule) and not value.kind:
                    value.kind = f"{key}%{here}"
            self._modules[key] = names
        return self._modules[key]

    def _common_names(self) -> dict:
        native = Stub("native")
        names = {name: Stub(name) for name in (
            "provider", "transition", "aspect", "attr", "config", "depset", "struct", "cc_common", "CcInfo", "CcToolchainConfigInfo",
            "DefaultInfo", "OutputGroupInfo", "RunEnvironmentInfo", "platform_common", "coverage_common",
        )}
        names.update(
            Label=lambda label: label,
            fail=_fail,
            native=native,
            repository_rule=lambda implementation=None, **_: Rule(self, "", implementation),
            rule=lambda implementation=None, **_: Rule(self, "", implementation),
            select=lambda branches, **_: Select([branches]),
        )
        native.package_name = lambda: self._current.name
        native.glob = self._glob
        for name in ("alias", "filegroup", "genrule", "config_setting", "local_repository"):
            setattr(native, name, Rule(self, name))
        return names

    def _build_names(self) -> dict:
        names = self._common_names()
        for name in ("alias", "config_setting", "constraint_setting", "constraint_value", "filegroup", "genrule", "platform", "test_suite",
                     "toolchain"):
            names[name] = Rule(self, name)
        for name in _IGNORED:
            names[name] = lambda *_arguments, **_named: None
        names.update(glob=self._glob, package=self._package_function, package_name=lambda: self._current.name)
        return names

    def _package_function(self, default_testonly: bool = False, **_named) -> None:
        self._current.testonly = default_testonly

    def _glob(self, include: list, exclude: tuple = (), allow_empty: bool = True) -> list:
        top = os.path.join(self.root, self._current.name)
        paths = []
        for folder, folders, names in os.walk(top):
            # What is below another BUILD file is another package's.
            folders[:] = [n for n in folders if not os.path.exists(os.path.join(folder, n, "BUILD")) and n not in ("out", ".git")]
            paths += [os.path.relpath(os.path.join(folder, n), top) for n in names]
        found = sorted(p for p in paths if any(_matches(i, p) for i in include) and not any(_matches(e, p) for e in exclude))
        if not found and not allow_empty:
            raise Error(f"glob({include}) finds nothing")
        return found


def _fail(*words) -> None:
    raise Error(" ".join(str(word) for word in words))


def _matches(pattern: str, path: str) -> bool:
    # * is any name's part, ** any folders.
    regex = "".join({"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}.get(part, re.escape(part)) for part in re.split(r"(\*\*/|\*\*|\*)", pattern))
    return re.fullmatch(regex, path) is not None if "*" in pattern else fnmatch.fnmatchcase(path, pattern)


class _External(dict):
    """What is loaded from a repository that only Bazel has: values that are known, and rules."""

    def __init__(self, workspace: Workspace, values: dict) -> None:
        super().__init__(values)
        self._workspace = workspace

    def __contains__(self, name) -> bool:
        return True

    def __missing__(self, name: str):
        return Rule(self._workspace, name) if re.fullmatch("[a-z_]+", name) else Stub(name)


_BUILTINS = {f.__name__: f for f in (
    all, any, bool, dict, enumerate, getattr, hasattr, int, len, list, max, min, print, range, repr, reversed, sorted, str, tuple, type, zip,
)}
