# SPDX-License-Identifier: MIT
"""Diagrams of the build graph, as Mermaid, from `bazel query`. An arrow leads from who is built with something to that; what other arrows say
already is left out (the transitive reduction), so an arrow is there exactly where there is no longer way."""
import re
import subprocess
from collections import OrderedDict
from typing import Dict, List, Set, Tuple

# What is drawn: all that is built, but tests and what makes documentation.
_QUERY = (
    # deps(): without it the edges between the folders are not in the graph.
    "let all = deps(//runtime/... + //coreutils/... + //shell-ext/... + //image/... + //tools/... + //toolchains:all) in "
    'kind("cc_library|cc_binary|alias|_checked_program", $all) - filter("_documentation_tool$|_boxed$|_test$|_fuzzer$", $all)'
)

# Each diagram: the labels that are in it (the first pattern that matches a label names its node; \\1 works), and what is written in a node.
DIAGRAMS: "OrderedDict[str, List[Tuple[str, str]]]" = OrderedDict()
DIAGRAMS["house"] = [
    ("//runtime/abi:.*", "runtime/abi"),
    ("//runtime/core:.*", "runtime/core"),
    ("//runtime/sys:(sys|spawn)", "runtime/sys: the door"),
    ("//runtime/sys:backend", "runtime/sys:backend"),
    ("//runtime/sys/(redox|posix):.*", "runtime/sys/\\1"),
    ("//runtime/start:(?:crt0|entry_point)", "runtime/start:crt0"),
    ("//runtime/start:.*", "runtime/start"),
    ("//runtime/sys/linux:linux", "runtime/sys/linux"),
    ("//runtime/standin:standin", "runtime/standin"),
    ("//toolchains:libc", "toolchains:libc"),
    ("//coreutils/support/testing:.*", ""),
    ("//coreutils/support:.*", "coreutils/support"),
    ("//coreutils/support/pager:.*", "coreutils/support/pager"),
    ("//coreutils/box:.*", "coreutils/box"),
    ("//coreutils/empty:.*", ""),
    ("//coreutils/[^/]*:.*", "coreutils/NAME: each utility"),
    ("//shell-ext/support:.*", "shell-ext/support"),
    ("//shell-ext/[^/]*:.*", "shell-ext/NAME: each command"),
]
DIAGRAMS["runtime"] = [
    ("//(runtime/abi):(abi|terminal_numbers)", "\\1:\\2"),
    ("//(runtime/core):core", "\\1"),
    ("//(runtime/sys):(sys|spawn|backend)", "\\1:\\2"),
    ("//(runtime/sys/(?:redox|posix|fault)):.*", "\\1"),
    ("//(runtime/sys/linux):(.*)", "\\1:\\2"),
    ("//(runtime/start):(.*)", "\\1:\\2"),
    ("//(runtime/standin):(standin|memory)", "\\1:\\2"),
    ("//(toolchains):(libc|relibc_features)", "\\1:\\2"),
]
DIAGRAMS["program"] = [
    ("//coreutils/true:true", "coreutils/true:true, checked"),
    ("//coreutils/true:(true_.*)", "coreutils/true:\\1"),
    ("//coreutils/empty:empty", "coreutils/empty"),
    ("//tools/elf_check:elf_check", "tools/elf_check"),
    ("//coreutils/support:support", "coreutils/support"),
    ("//runtime/(start|sys|core|abi):(start|context|sys|core|abi)", "runtime/\\1:\\2"),
    ("//toolchains:libc", "toolchains:libc"),
]
DIAGRAMS["support"] = [
    ("//coreutils/support:(.*)", "coreutils/support:\\1"),
    ("//coreutils/support/(pager|testing):(.*)", "coreutils/support/\\1:\\2"),
    ("//coreutils/(less|more):.*_lib", "coreutils/\\1"),
    ("//coreutils/(cp|ls|env):.*_lib", "coreutils/\\1"),
    ("//runtime/(start|sys|core|sys/fault):(context|sys|core|fault)", "runtime/\\1:\\2"),
]
DIAGRAMS["shell-ext"] = [
    ("//shell-ext/support:(.*)", "shell-ext/support:\\1"),
    ("//(shell-ext/[^/]*):.*_lib", "\\1"),
    ("//coreutils/support:support", "coreutils/support"),
    ("//coreutils/support:copy", "coreutils/support:copy"),
    ("//runtime/(core|sys):(core|sys)", "runtime/\\1:\\2"),
]
DIAGRAMS["image"] = [
    ("//(image(?:/command_line|/testing)?):(.*)", "\\1:\\2"),
    ("//(tools/elf_check):(build_note|elf_check_lib)", "\\1:\\2"),
]


class Failure(Exception):
    """What a user is told."""


def query(expression: str = _QUERY) -> Dict[str, Set[str]]:
    """From each label to those that it is built with directly."""
    command = ["bazel", "query", "--noshow_progress", "--ui_event_filters=-info", "--output=graph", "--graph:factored=false", expression]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure("bazel query failed:\n" + done.stderr)
    graph: Dict[str, Set[str]] = {}
    for start, end in re.findall(r'^  "([^"]*)"(?: -> "([^"]*)")?$', done.stdout, re.MULTILINE):
        graph.setdefault(start, set())
        if end:
            graph[start].add(end)
            graph.setdefault(end, set())
    if not graph:
        raise Failure("bazel query found no targets")
    return graph


def grouped(graph: Dict[str, Set[str]], patterns: List[Tuple[str, str]]) -> Dict[str, Set[str]]:
    """The same between the nodes of a diagram. A pattern that no label matches is an error: it draws what is gone."""
    names: Dict[str, str] = {}
    used: Set[str] = set()
    for label in graph:
        for pattern, name in patterns:
            found = re.fullmatch(pattern, label)
            if found:
                names[label] = found.expand(name)
                used.add(pattern)
                break
    unused = [pattern for pattern, _ in patterns if pattern not in used]
    if unused:
        raise Failure("no target is named by: %s; correct DIAGRAMS in tools/docs/diagrams.py" % ", ".join(unused))
    nodes: Dict[str, Set[str]] = {name: set() for name in names.values() if name}
    for label in graph:
        start = names.get(label)
        if not start:
            continue
        # What has no node is passed through; what has an empty name is not drawn, and nothing behind it is reached by it.
        seen, todo = set(), list(graph[label])
        while todo:
            end = todo.pop()
            if end in seen:
                continue
            seen.add(end)
            if end not in names:
                todo += graph[end]
            elif names[end] and names[end] != start:
                nodes[start].add(names[end])
    return nodes


def _reachable(nodes: Dict[str, Set[str]], start: str) -> Set[str]:
    seen: Set[str] = set()
    todo = list(nodes[start])
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            todo += nodes[node]
    return seen


def reduced(nodes: Dict[str, Set[str]]) -> Dict[str, Set[str]]:
    """Without edges that are the short form of a longer way."""
    below = {node: _reachable(nodes, node) for node in nodes}
    cyclic = sorted(node for node in nodes if node in below[node])
    if cyclic:
        raise Failure("folders depend on each other, and dependencies point down only: %s" % ", ".join(cyclic))
    return {node: {end for end in ends if not any(end in below[other] for other in ends)} for node, ends in nodes.items()}


def mermaid(nodes: Dict[str, Set[str]]) -> str:
    names = {node: "n%d" % number for number, node in enumerate(sorted(nodes))}
    lines = ["```mermaid", "graph TD"]
    lines += ['  %s["%s"]' % (names[node], node) for node in sorted(nodes)]
    lines += ["  %s --> %s" % (names[start], names[end]) for start in sorted(nodes) for end in sorted(nodes[start])]
    return "\n".join(lines + ["```"])


def draw(graph: Dict[str, Set[str]]) -> Dict[str, str]:
    """All diagrams, by name."""
    return {name: mermaid(reduced(grouped(graph, patterns))) for name, patterns in DIAGRAMS.items()}
