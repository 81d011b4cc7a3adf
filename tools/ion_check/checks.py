# SPDX-License-Identifier: MIT
"""What the rules (rules.py) are checked by: a walk over the statements of a file (syntax.py)."""
import re
from dataclasses import dataclass, field, replace
from typing import Dict, FrozenSet, Iterator, List, Optional, Set, Tuple

from rules import ABSENT, RULES, Rule
from syntax import (POSIX_KEYWORDS, Arithmetic, Backquote, Block, Bracket, Clause, Command, Method, Node, Part, Problem, Quoted, Scanner,
                    Statement, Substitution, Text, Tilde, Variable, Word, build_blocks)

BUILTINS = frozenset("""alias bg bool cd contains debug dir_depth dirs disown drop echo ends-with eq eval exec exists exit false fg fn help history
huponexit is isatty jobs keybindings mapfile matches math popd pushd random read set source source-sh starts-with status suspend test true type
unalias wait which""".split())
# What these tell does not depend on a file.
_ALWAYS_TRUE = frozenset("true echo history keybindings alias".split())
# What Ion sets itself, and what every login does.
_VARIABLES = frozenset("? PID UID EUID HOST SWD MWD PROMPT HISTORY_SIZE HISTFILE_SIZE CDPATH args HOME USER PATH PWD".split())
_HISTORY_VARIABLES = frozenset("HISTORY_IGNORE HISTFILE HISTORY_TIMESTAMP HISTFILE_ENABLED".split())
_NAMESPACES = frozenset("c color x hex env super global".split())
_STRING_METHODS = frozenset("""basename extension filename parent to_lowercase to_uppercase trim trim_end trim_start repeat replace replacen
regex_replace join len len_bytes reverse find unescape escape or""".split())
_ARRAY_METHODS = frozenset("bytes chars graphemes keys lines reverse split_at split values subst".split())
_SAFE_FILES = frozenset("/dev/null /dev/stderr /dev/stdout /dev/tty".split())
_GLOB_DANGERS = frozenset("rm mv cp chmod chown chgrp ln tar".split())
_SCALARS = r"(?:str|int|float|bool)"
_TYPE = re.compile(r"(%s|\[%s?\]|[hb]map\[.*\])" % (_SCALARS, _SCALARS))
_KEY = re.compile(r"([^\W\d]\w*)(\[[^\]]*\])?(:.+)?")
_ALIAS_NAME = re.compile(r"[^\W\d][\w-]*")
_MARK = re.compile(r"⏎|\$\{(x|hex)::0[dD]\}")
_SET_OPTIONS = frozenset("-e +e -p +p".split())
_HOOKS = {"COMMAND_NOT_FOUND": (1, "with one parameter, the command's name"), "CD_CHANGE": (0, "with none"), "PROMPT": (0, "with none")}


@dataclass(frozen=True)
class Finding:
    offset: int
    rule: Rule
    message: str


class Scope:
    """Variables that are set; a block has a scope of its own."""

    def __init__(self, outer: "Optional[Scope]" = None) -> None:
        self.outer = outer
        self.names: Set[str] = set()
        self.kinds: Dict[str, str] = {}  # "$" or "@", where that is sure
        self.gone: Set[str] = set()  # set in blocks that have ended

    def knows(self, name: str) -> bool:
        return name in self.names or self.outer is not None and self.outer.knows(name)

    def kind(self, name: str) -> str:
        if name in self.names or self.outer is None:
            return self.kinds.get(name, "")
        return self.outer.kind(name)

    def put(self, name: str, kind: str = "") -> None:
        """Sets a variable: an outer one, if there is one of that name."""
        scope: Optional[Scope] = self
        while scope is not None and name not in scope.names:
            scope = scope.outer
        (scope or self).names.add(name)
        (scope or self).kinds[name] = kind

    def is_gone(self, name: str) -> bool:
        return name in self.gone or self.outer is not None and self.outer.is_gone(name)

    def close(self) -> None:
        assert self.outer is not None
        self.outer.gone |= self.names | self.gone


@dataclass(frozen=True)
class Place:
    """Where a statement stands."""
    function: str = ""
    in_block: bool = False
    conditional: bool = False  # it runs only if something before it was so
    commands: FrozenSet[str] = frozenset()  # that are there: exists -b
    variables: FrozenSet[str] = frozenset()  # that are set: exists -s

    def and_also(self, other: "Place") -> "Place":
        return replace(self, conditional=True, commands=self.commands | other.commands, variables=self.variables | other.variables)


@dataclass
class Function:
    parameters: List[Tuple[str, str]] = field(default_factory=list)  # names and types
    times: int = 0


class Checker:
    def __init__(self, text: str, initrc: bool) -> None:
        self._initrc = initrc
        self._problems: List[Problem] = []
        self._functions: Dict[str, Function] = {}
        self._aliases: Set[str] = set()
        self._exported: Set[str] = set()
        self._sourced = False  # another file may set anything
        self._bodies: List[Tuple[Clause, Place]] = []
        scanner = Scanner(text)
        bad = next((at for at, character in enumerate(text) if "\ud800" <= character <= "\udfff"), None)
        if bad is not None:
            self._problem(bad, "not-utf8")
        if text.startswith("\ufeff"):
            self._problem(0, "byte-order-mark")
            scanner.position = 1
        statements = scanner.statements()
        self._problems += scanner.problems
        nodes, problems = build_blocks(statements)
        self._problems += problems
        self._collect(nodes)
        top = Scope()
        for name in _VARIABLES:
            top.put(name, "@" if name in ("args", "CDPATH") else "$")
        self._walk(nodes, top, Place())
        # A function sees what is set when it is called.
        top.gone = set()
        while self._bodies:
            clause, place = self._bodies.pop(0)
            self._function_body(clause, top, place)
        if initrc:
            self._check_last(nodes)

    def findings(self) -> List[Finding]:
        """In the order of the file; each once."""
        found: Dict[Tuple[int, str], Finding] = {}
        for problem in self._problems:
            rule = RULES[problem.rule]
            message = rule.message(problem.detail)
            if problem.rule == "not-a-command":
                message = message.replace("{instead}", ABSENT[problem.detail])
            found.setdefault((problem.offset, problem.rule), Finding(problem.offset, rule, message))
        return sorted(found.values(), key=lambda finding: finding.offset)

    def _problem(self, offset: int, rule: str, detail: str = "") -> None:
        self._problems.append(Problem(offset, rule, detail))

    # ---------------------------------------------------------------- what a file defines
    def _collect(self, nodes: List[Node], in_function: bool = False) -> None:
        """Functions and aliases, wherever they are, and what functions export: a function may use what is defined behind it."""
        for node in nodes:
            if isinstance(node, Block):
                head = node.clauses[0].head
                if head.keyword == "fn":
                    function = self._functions.setdefault(head.names[0].raw, Function())
                    function.times += 1
                    function.parameters = [_parameter(word.raw) for word in _parameters(head)]
                for clause in node.clauses:
                    self._collect(clause.body, in_function or head.keyword == "fn")
            else:
                if node.keyword == "export" and in_function:
                    self._exported |= {word.raw for word in node.names}
                for command in node.commands:
                    if command.name() == "alias":
                        self._aliases.add(_alias_name(command)[1])

    # ---------------------------------------------------------------- the walk
    def _walk(self, nodes: List[Node], scope: Scope, place: Place) -> None:
        here = place  # within a chain of && and ||
        for node in nodes:
            if isinstance(node, Block):
                self._block(node, scope, place)
                here = place
                continue
            if node.joiner not in ("&&", "||"):
                here = place
            elif node.joiner == "||":
                here = replace(place, conditional=True)
            self._statement(node, scope, here)
            here = here.and_also(_established(node))

    def _block(self, block: Block, scope: Scope, place: Place) -> None:
        kind = block.clauses[0].head.keyword
        if kind == "fn":
            self._function(block.clauses[0])
            self._bodies.append((block.clauses[0], replace(place, in_block=False)))
            return
        for clause in block.clauses:
            head = clause.head
            inner = Scope(scope)
            inside = replace(place, conditional=True, in_block=True)
            if head.condition is not None:
                self._statement(head.condition, scope, place)
                inside = inside.and_also(_established(head.condition))
                for condition in clause.conditions:
                    self._statement(condition, scope, inside)
                    if condition.joiner == "||":
                        inside = replace(place, conditional=True, in_block=True)
                    else:
                        inside = inside.and_also(_established(condition))
            if head.rest:
                self._problem(head.start, "else-rest", head.rest)
            if head.keyword == "for":
                self._for(head, scope, place)
            elif head.keyword == "case":
                self._case(head, inner)
            for word in head.values:
                self._word(word, inner, place)
            self._walk(clause.body, inner, inside)
            inner.close()
            used = {command.words[0].raw for statement in _leaves(clause.body) for command in statement.commands if command.words}
            for node in clause.body:
                if isinstance(node, Block) and node.clauses[0].head.keyword == "fn" and node.clauses[0].head.names[0].raw not in used:
                    self._problem(node.clauses[0].head.names[0].start, "block-function", node.clauses[0].head.names[0].raw)

    def _for(self, head: Statement, scope: Scope, place: Place) -> None:
        for word in head.values:
            if len(word.parts) == 1 and isinstance(word.parts[0], Substitution) and word.parts[0].sigil == "$":
                self._problem(word.start, "for-substitution", word.raw)
            self._glob(word, dangerous=True)
        for name in head.names:
            scope.put(name.raw)
        del place

    def _case(self, head: Statement, scope: Scope) -> None:
        raws = [word.raw for word in head.values]
        if raws and raws[-1] == "in":
            self._problem(head.start, "posix-keyword", "case ... in")
        if "@" in raws[:-1]:
            scope.names.add(raws[raws.index("@") + 1])

    def _function(self, clause: Clause) -> None:
        head = clause.head
        name = head.names[0].raw
        if not re.fullmatch(r"[^\W\d]\w*", name):
            # Parentheses are reported already.
            if "(" not in name:
                self._problem(head.names[0].start, "function-name", name)
        elif name in BUILTINS:
            self._problem(head.names[0].start, "function-builtin", name)
        seen: Set[str] = set()
        for word in _parameters(head):
            parameter, kind = _parameter(word.raw)
            if parameter in seen:
                self._problem(word.start, "function-parameter", "the parameter '%s' is there twice" % parameter)
            elif not _TYPE.fullmatch(kind):
                self._problem(word.start, "function-parameter", "there is no type '%s'" % kind)
            seen.add(parameter)
        if name in _HOOKS and len(seen) != _HOOKS[name][0]:
            self._problem(head.names[0].start, "hook-parameters", "%s %s" % (name, _HOOKS[name][1]))

    def _function_body(self, clause: Clause, top: Scope, place: Place) -> None:
        name = clause.head.names[0].raw
        scope = Scope(top)
        for parameter, kind in [_parameter(word.raw) for word in _parameters(clause.head)]:
            scope.names.add(parameter)
            scope.kinds[parameter] = "@" if "[" in kind else "$"
        self._walk(clause.body, scope, replace(place, function=name))
        if name == "PROMPT":
            self._prompt(clause.body)

    # ---------------------------------------------------------------- statements
    def _statement(self, statement: Statement, scope: Scope, place: Place) -> None:
        if statement.condition is not None:  # an if without its block
            self._statement(statement.condition, scope, place)
        if statement.keyword in ("let", "export"):
            self._assignment(statement, scope, place)
            return
        for word in statement.values:
            self._word(word, scope, place)
            if statement.commands and re.search(r"\s", word.raw):
                self._problem(word.start, "prefix-assignment", word.raw)
        for index, command in enumerate(statement.commands):
            for word in command.words:
                self._word(word, scope, place)
            for redirection in command.redirections:
                if redirection.target:
                    self._word(redirection.target, scope, place)
                    if self._initrc and not place.function and not place.conditional and redirection.target.literal() not in _SAFE_FILES and \
                            redirection.operator != "<<<":
                        self._problem(redirection.start, "initrc-redirect", redirection.target.raw)
            if command.words:
                self._command(command, index, statement, scope, place)

    def _command(self, command: Command, index: int, statement: Statement, scope: Scope, place: Place) -> None:
        first = command.words[0]
        raw, name = first.raw, command.name()
        defined = raw in self._functions or raw in self._aliases
        if index > 0 and raw in ("while", "for", "if", "match", "fn"):
            self._problem(first.start, "pipe-block", raw)
            return
        if raw in POSIX_KEYWORDS and not defined:
            self._problem(first.start, "posix-keyword", raw)
            return
        if len(command.words) > 1 and command.words[-1].raw == "then":
            self._problem(command.words[-1].start, "posix-keyword", "then")
        if raw.startswith("["):
            self._problem(first.start, "bracket-test", "[[ ]]" if raw.startswith("[[") else "[ ]")
            return
        if re.match(r"\{\s", raw):
            self._problem(first.start, "brace-group", "{")
            return
        if re.match(r"[A-Za-z_]\w*=", raw) and not any(problem.offset == first.start for problem in self._problems):
            self._problem(first.start, "bare-assignment", raw)
            return
        if raw in ABSENT and not defined and raw not in place.commands:
            self._problem(first.start, "not-a-command", raw)
            return
        self._arguments(command, scope, place)
        if name is None:
            return
        check = getattr(self, "_on_" + name, None) if name in ("alias", "drop", "read", "mapfile", "source", "set", "test", "exists") else None
        if name == ".":
            self._on_dot(command)
        elif name in ("exit", "exec"):
            if self._initrc and not place.function and not place.conditional:
                self._problem(first.start, "initrc-exit", name)
        elif check is not None:
            check(command, scope)
            if name == "source" and place.in_block:
                self._problem(first.start, "block-source")
        elif name in self._functions:
            self._call(command, self._functions[name])
        elif name not in BUILTINS and self._initrc and not place.function and not defined and name not in place.commands and \
                re.fullmatch(r"[\w+-]*\w[\w+.-]*", name):
            self._problem(first.start, "initrc-unguarded", name)
        del statement

    def _arguments(self, command: Command, scope: Scope, place: Place) -> None:
        words = command.words
        name = words[0].raw
        for word, following in zip(words[1:], words[2:]):
            if word.raw in ("and", "or") and (following.raw in ("not", "test", "exists") or
                                              name in ("test", "exists", "true", "false") and following.raw in BUILTINS):
                self._problem(word.start, "inline-and", word.raw)
            if len(word.raw) > 1 and word.raw.endswith("#") and word.literal() == word.raw and not word.raw.endswith("##"):
                self._problem(word.start, "comment-glued", word.raw)
        for word in words[1:]:
            self._glob(word, name in _GLOB_DANGERS)
        del scope, place

    def _glob(self, word: Word, dangerous: bool) -> None:
        if any(not isinstance(part, (Text, Variable, Tilde)) for part in word.parts) or "\\" in word.raw:
            return
        if re.search(r"(^|/)\.\*$", word.raw):
            self._problem(word.start, "glob-dot", word.raw)
        elif dangerous and re.search(r"(^|/)\*$", word.raw):
            self._problem(word.start, "glob-dotfiles", word.raw)

    # ---------------------------------------------------------------- builtins
    def _on_alias(self, command: Command, scope: Scope) -> None:
        word, name = _alias_name(command)
        if word is not None and not _ALIAS_NAME.fullmatch(name):
            self._problem(word.start, "alias-name", name)
        del scope

    def _on_drop(self, command: Command, scope: Scope) -> None:
        for word in command.words[1:]:
            if word.raw == "HISTORY_IGNORE":
                self._problem(word.start, "history-ignore")
            elif word.raw in self._exported and not scope.knows(word.raw):
                self._problem(word.start, "drop-exported", word.raw)
            scope.names.discard(word.raw)

    def _on_read(self, command: Command, scope: Scope) -> None:
        for word in command.words[1:]:
            if not word.raw.startswith("-"):
                scope.put(word.raw)

    _on_mapfile = _on_read

    def _on_source(self, command: Command, scope: Scope) -> None:
        if len(command.words) == 1:
            self._problem(command.start, "source-argument")
        self._sourced = True
        del scope

    def _on_dot(self, command: Command) -> None:
        # Alone it is a directory.
        if len(command.words) > 1:
            self._problem(command.words[0].start, "dot-command")

    def _on_set(self, command: Command, scope: Scope) -> None:
        for word in command.words[1:]:
            if word.raw in ("--", "-"):
                return
            if word.literal() is not None and word.literal() not in _SET_OPTIONS:
                self._problem(word.start, "set-option", word.raw)
        del scope

    def _on_test(self, command: Command, scope: Scope) -> None:
        if len(command.words) > 2 and command.words[1].raw == "!":
            self._problem(command.words[1].start, "test-not")
        for word in command.words[3:]:
            if word.raw in ("-a", "-o"):
                self._problem(word.start, "test-extra", word.raw)
                break
        del scope

    def _on_exists(self, command: Command, scope: Scope) -> None:
        if len(command.words) > 1 and not command.words[1].raw.startswith("-"):
            self._problem(command.words[1].start, "exists-option")
        del scope

    def _call(self, command: Command, function: Function) -> None:
        """A call of a function of this file; not where the number of arguments shows only when it runs."""
        given = command.words[1:]
        for word in given:
            if any(isinstance(part, (Variable, Substitution, Method)) and part.sigil == "@" for part in word.every_part()) or \
                    any(character in word.unquoted() for character in "*?{"):
                return
        if function.times == 1 and len(given) != len(function.parameters):
            self._problem(command.words[0].start, "function-arguments", "'%s' has %s, and is given %d" % (
                command.words[0].raw, _count(len(function.parameters), "parameter"), len(given)))

    # ---------------------------------------------------------------- let and export
    def _assignment(self, statement: Statement, scope: Scope, place: Place) -> None:
        for word in statement.values:
            self._word(word, scope, place)
        names, values = statement.names, statement.values
        if not statement.operator:
            if names and statement.keyword == "let":
                self._problem(statement.start, "let-operator", " ".join(["let"] + [word.raw for word in names]))
            for word in names if statement.keyword == "export" else []:
                if not self._known(word.raw, scope, place):
                    self._problem(word.start, "undefined-variable", word.raw)
                self._exported.add(word.raw)
            return
        if not values or not names:
            self._problem(statement.start, "let-operator", "%s %s" % (statement.keyword, statement.operator))
            return
        if len(values) != len(names):
            many = statement.keyword == "export" and len(values) > len(names)
            self._problem(values[len(names)].start if len(values) > len(names) else names[len(values)].start, "export-many" if many else "let-values",
                          "%s for %s%s" % (_count(len(values), "value"), _count(len(names), "name"), ", and the rest is dropped" if many else ""))
        for word, value in zip(names, values + values[-1:] * len(names)):
            self._assign(statement, word, value, scope, place)

    def _assign(self, statement: Statement, word: Word, value: Word, scope: Scope, place: Place) -> None:
        match = _KEY.fullmatch(word.raw)
        if match is None:
            self._problem(word.start, "variable-name", word.raw)
            return
        name = match.group(1)
        if name == "HISTORY_IGNORE" and statement.operator == "=" and not value.raw.startswith(("[", "@")):
            self._problem(word.start, "history-ignore")
        if name in _HISTORY_VARIABLES and self._initrc and not place.function:
            self._problem(word.start, "initrc-history", name)
        if name == "PROMPT":
            if re.search(r"[$@]\((?!\()", value.raw):
                self._problem(value.start, "prompt-fork", value.raw)
            if _MARK.search(value.raw):
                self._problem(value.start, "prompt-mark")
            elif re.search(r"\n['\"]?$", value.raw):
                self._problem(value.start, "prompt-newline")
        if statement.operator not in ("=", "?=") and not self._known(name, scope, place):
            self._problem(word.start, "undefined-variable", name)
        if statement.keyword == "export":
            self._exported.add(name)
        elif statement.operator in ("=", "?="):
            # Elements, and what other assignments make of it, are what the variable was.
            if not match.group(2):
                scope.put(name, _kind(value, match.group(3) or "") if statement.operator == "=" else "")
        elif not scope.knows(name):
            scope.put(name)

    # ---------------------------------------------------------------- words
    def _known(self, name: str, scope: Scope, place: Place) -> bool:
        return name in _VARIABLES or scope.knows(name) or name in self._exported or name in place.variables or self._sourced

    def _word(self, word: Word, scope: Scope, place: Place) -> None:
        if isinstance(word.parts[0] if word.parts else None, Tilde) and len(word.parts) > 1:
            following = word.parts[1]
            if isinstance(following, Text) and not following.text.startswith("/"):
                self._problem(word.start, "tilde-user", word.raw)
        for part in word.parts:
            self._part(part, scope, place)

    def _part(self, part: Part, scope: Scope, place: Place) -> None:
        if isinstance(part, Quoted):
            for inner in part.parts:
                self._part(inner, scope, place)
        elif isinstance(part, Bracket):
            for word in part.words:
                self._word(word, scope, place)
        elif isinstance(part, Backquote):
            self._problem(part.start, "backquote-in-quotes" if part.quoted else "backquote")
        elif isinstance(part, Tilde):
            if part.quoted:
                self._problem(part.start, "tilde-in-quotes")
        elif isinstance(part, Substitution):
            nodes, problems = build_blocks(part.statements)
            self._problems += problems
            inner_scope = Scope(scope)
            self._walk(nodes, inner_scope, place)
        elif isinstance(part, Method):
            self._method(part, scope, place)
        elif isinstance(part, Variable):
            self._variable(part, scope, place)
        else:
            assert isinstance(part, (Text, Arithmetic))

    def _method(self, method: Method, scope: Scope, place: Place) -> None:
        if method.name not in (_STRING_METHODS if method.sigil == "$" else _ARRAY_METHODS):
            self._problem(method.start, "unknown-method", method.sigil + method.name)
        for index, word in enumerate(method.arguments):
            # The first may be missing: that is what `or` is for.
            if index > 0 or method.name != "or":
                self._word(word, scope, place)
            if word.raw.endswith(",") and len(word.raw) > 1:
                self._problem(word.end - 1, "method-comma", word.raw[:-1])

    def _variable(self, variable: Variable, scope: Scope, place: Place) -> None:
        kind = scope.kind(variable.name) if not variable.namespace else ""
        if kind and kind != variable.sigil:
            self._problem(variable.start, "array-sigil", "'%s%s' is %s" % (variable.sigil, variable.name, "an array" if kind == "@" else "no array"))
            return
        if variable.namespace:
            if variable.namespace not in _NAMESPACES:
                self._problem(variable.start, "namespace", variable.namespace)
            return
        # Colours come in lists without a namespace, too: ${c::red,bold} has one.
        name = variable.name
        if variable.sigil == "@" and (variable.attached or variable.quoted):
            if not scope.knows(name) and (variable.attached or not self._sourced):
                self._problem(variable.start, "at-sign", "@" + name)
        elif self._known(name, scope, place):
            return
        elif scope.is_gone(name):
            self._problem(variable.start, "block-local", variable.sigil + name)
        else:
            self._problem(variable.start, "undefined-variable", variable.sigil + name)

    # ---------------------------------------------------------------- the prompt
    def _prompt(self, body: List[Node]) -> None:
        for index, statement in enumerate(_leaves(body)):
            if len(statement.commands) > 1:
                self._problem(statement.start, "prompt-fork", "a pipe")
            for command in statement.commands:
                name = command.name()
                if any(_MARK.search(word.raw) for word in command.words):
                    self._problem(command.start, "prompt-mark")
                elif name == "echo" and not any(re.fullmatch(r"-[a-zA-Z]*n[a-zA-Z]*", word.raw) for word in command.words[1:]):
                    self._problem(command.start, "prompt-newline")
                if name and name not in BUILTINS and name not in self._functions and name not in self._aliases | set(ABSENT):
                    self._problem(command.start, "prompt-fork", name)
            if index > 0:
                for word in _words(statement):
                    for part in word.every_part():
                        if isinstance(part, Variable) and part.name == "?":
                            self._problem(part.start, "prompt-status")

    def _check_last(self, nodes: List[Node]) -> None:
        last = nodes[-1] if nodes else None
        if isinstance(last, Statement):
            if last.keyword in ("let", "export") or last.joiner not in ("&&", "||") and len(last.commands) == 1 and \
                    last.commands[0].name() in _ALWAYS_TRUE and not last.prefixes:
                return
        if last is not None:
            self._problem(last.start if isinstance(last, Statement) else last.clauses[0].head.start, "initrc-status")


# ------------------------------------------------------------------------------------------- helpers
def _count(number: int, what: str) -> str:
    return "%d %s%s" % (number, what, "" if number == 1 else "s")


def _parameters(head: Statement) -> List[Word]:
    found: List[Word] = []
    for word in head.names[1:]:
        if word.raw.startswith("--"):
            break
        found.append(word)
    return found


def _parameter(raw: str) -> Tuple[str, str]:
    name, _, kind = raw.partition(":")
    if name.endswith("[]"):
        return name[:-2], "[str]"
    return name, kind or "str"


def _kind(value: Word, type_name: str) -> str:
    """Whether a variable with this value is an array (@) or not ($)."""
    if type_name:
        return "@" if "[" in type_name else "$"
    first = value.parts[0] if value.parts else None
    if isinstance(first, (Quoted, Text)):
        return "$" if not value.raw.startswith("{") else ""
    if isinstance(first, Bracket):
        return "@" if len(value.parts) == 1 else ""
    if isinstance(first, (Substitution, Variable, Method)) and len(value.parts) == 1 and first.sigil == "$":
        return "$"
    return "@" if isinstance(first, Substitution) and len(value.parts) == 1 else ""


def _alias_name(command: Command) -> Tuple[Optional[Word], str]:
    """The word that has the name, if this defines an alias."""
    if len(command.words) < 2:
        return None, ""
    word = command.words[1]
    literal = word.literal()
    whole = literal if literal is not None else word.raw
    name, equals, _ = whole.partition("=")
    if not equals and not (len(command.words) > 2 and command.words[2].raw.startswith("=")):
        return None, ""
    return word, name


def _established(statement: Statement) -> Place:
    """What holds after the statement has succeeded."""
    if statement.negated() or len(statement.commands) != 1 or "or" in statement.prefixes:
        return Place()
    words = [word.raw for word in statement.commands[0].words]
    if len(words) == 3 and words[:2] == ["exists", "-b"] or len(words) == 2 and words[0] == "which":
        return Place(commands=frozenset(words[-1:]))
    if len(words) == 3 and words[:2] in (["exists", "-s"], ["exists", "-a"]):
        return Place(variables=frozenset(words[-1:]))
    return Place()


def _leaves(nodes: List[Node]) -> Iterator[Statement]:
    """Statements in the order of the file, conditions too."""
    for node in nodes:
        if isinstance(node, Statement):
            yield node
            continue
        for clause in node.clauses:
            head = clause.head
            yield head.condition if head.condition is not None else head
            yield from clause.conditions
            yield from _leaves(clause.body)


def _words(statement: Statement) -> Iterator[Word]:
    yield from statement.values
    for command in statement.commands:
        yield from command.words


def check(text: str, initrc: bool = False) -> List[Finding]:
    return Checker(text, initrc).findings()
