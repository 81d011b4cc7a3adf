# SPDX-License-Identifier: MIT
"""Ion's syntax: from the text of a file to statements and blocks.

Ion reads a file in two steps. It first joins lines to a logical line (a backslash at the end of a line, an open bracket or substitution, `&&` and
`||` at the end of a line), drops comments, and then splits at `;`, `&&` and `||`. Only then does it look at words. What is odd in the one pass here
follows from that: a backslash skips the next character even within single quotes, a newline within `$(...)` is a blank, `;` ends a statement within
braces, and a double quote within "$(...)" ends the string that it stands in.

Offsets are in characters of the text. Nothing here knows which rules there are but by their names: see rules.py.
"""
import re
from dataclasses import dataclass, field
from typing import Iterator, List, Optional, Tuple, Union

_BLANK = " \t\r\v\f"
_NAME = re.compile(r"\w+")
_SPECIAL = "$!#*@-"
_OPENING = re.compile(r"(if|while|for|match|case|fn|let|export|else|time|and|or|not|!|return)(?=[\s;]|$)")
# What `let` and `export` may have before their value.
_ASSIGNMENT_OPERATOR = re.compile(r"(//|\*\*|\+\+|::|\\\\|[-+*/?])?=")
_PREFIX_ASSIGNMENT = re.compile(r"[a-zA-Z][^=\s]*=\S")


@dataclass(frozen=True)
class Problem:
    offset: int
    rule: str
    detail: str = ""  # what it is about


# ------------------------------------------------------------------------------------------- words
@dataclass
class Text:
    start: int
    text: str


@dataclass
class Quoted:
    start: int
    quote: str
    parts: "List[Part]"


@dataclass
class Variable:
    start: int
    sigil: str
    name: str
    namespace: str = ""
    attached: bool = False  # to what is before it, as in user@host
    quoted: bool = False  # in double quotes


@dataclass
class Substitution:
    start: int
    sigil: str
    statements: "List[Statement]"


@dataclass
class Method:
    start: int
    sigil: str
    name: str
    arguments: "List[Word]"


@dataclass
class Arithmetic:
    start: int
    text: str


@dataclass
class Bracket:
    start: int
    words: "List[Word]"


@dataclass
class Tilde:
    start: int
    quoted: bool


@dataclass
class Backquote:
    start: int
    quoted: bool


Part = Union[Text, Quoted, Variable, Substitution, Method, Arithmetic, Bracket, Tilde, Backquote]


@dataclass
class Word:
    start: int
    end: int
    raw: str
    parts: List[Part]

    def literal(self) -> Optional[str]:
        """What the word is when nothing in it is expanded; None if that is not known."""
        return _literal(self.parts)

    def every_part(self) -> Iterator[Part]:
        """The parts, and the parts of strings and arrays; not those of substitutions."""
        return _every_part(self.parts)

    def unquoted(self) -> str:
        """The characters outside of quotes and expansions."""
        return "".join(part.text for part in self.parts if isinstance(part, Text))


def _literal(parts: List[Part]) -> Optional[str]:
    found = ""
    for part in parts:
        if isinstance(part, Text):
            found += part.text
        elif isinstance(part, Backquote):
            found += "`"
        elif isinstance(part, Quoted):
            inner = _literal(part.parts)
            if inner is None:
                return None
            found += inner
        else:
            return None
    return found


def _every_part(parts: List[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        if isinstance(part, Quoted):
            yield from _every_part(part.parts)
        elif isinstance(part, (Bracket, Method)):
            for word in part.words if isinstance(part, Bracket) else part.arguments:
                yield from _every_part(word.parts)


# ------------------------------------------------------------------------------------------- statements
@dataclass
class Redirection:
    start: int
    operator: str
    target: Optional[Word]


@dataclass
class Command:
    start: int
    words: List[Word] = field(default_factory=list)
    redirections: List[Redirection] = field(default_factory=list)

    def name(self) -> Optional[str]:
        return self.words[0].literal() if self.words else None


@dataclass
class Statement:
    """One statement as it is written; `keyword` is empty for a pipeline."""
    start: int
    joiner: str  # what is before it: "" (a line's beginning), ";", "&&" or "||"
    keyword: str = ""
    prefixes: List[str] = field(default_factory=list)  # not, !, and, or, time
    commands: List[Command] = field(default_factory=list)  # of a pipeline
    condition: "Optional[Statement]" = None  # of if, else if and while
    names: List[Word] = field(default_factory=list)  # of for, let and export; of fn its name and parameters
    operator: str = ""  # of let and export
    values: List[Word] = field(default_factory=list)  # of for, let, export, match, case, return; NAME=VALUE before a command
    rest: str = ""  # what stands behind an else
    end: int = 0

    def negated(self) -> bool:
        return sum(prefix in ("not", "!") for prefix in self.prefixes) % 2 == 1


@dataclass
class Clause:
    """A part of a block: `head` begins it (if, else if, else, while, for, case, match, fn)."""
    head: Statement
    conditions: List[Statement] = field(default_factory=list)  # joined by && and || to an if's condition
    body: "List[Node]" = field(default_factory=list)


@dataclass
class Block:
    clauses: List[Clause]


Node = Union[Statement, Block]
BLOCKS = ("if", "while", "for", "match", "fn")


class Scanner:
    """Reads statements. `problems` are what is found wrong on the way; reading goes on behind them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.problems: List[Problem] = []
        self._double = 0  # how many double quotes are open around this
        self._substitutions = 0

    # ---------------------------------------------------------------- characters
    def _at(self, what: str) -> bool:
        return self.text.startswith(what, self.position)

    def _peek(self, distance: int = 0) -> str:
        at = self.position + distance
        return self.text[at] if at < len(self.text) else ""

    def _problem(self, offset: int, rule: str, detail: str = "") -> None:
        self.problems.append(Problem(offset, rule, detail))

    def _skip_continuation(self) -> bool:
        match = re.compile(r"\\\r?\n\s*").match(self.text, self.position)
        if match is None:
            return False
        self.position = match.end()
        return True

    def _skip_blanks(self, newlines: bool = False) -> None:
        """Also comments, which begin where a word could."""
        while self.position < len(self.text):
            character = self._peek()
            if character in _BLANK or newlines and character == "\n":
                self.position += 1
            elif character == "#" and (self.position == 0 or self.text[self.position - 1] in _BLANK + "\n;&"):
                end = self.text.find("\n", self.position)
                self.position = len(self.text) if end < 0 else end
            elif not self._skip_continuation():
                return

    def _newline_is_blank(self) -> bool:
        return self._substitutions > 0

    def _at_end(self) -> bool:
        """Of a statement."""
        character = self._peek()
        if not character or character == ";" or self._at("&&") or self._at("||"):
            return True
        return character == ")" and self._substitutions > 0 or character == "\n" and not self._newline_is_blank()

    # ---------------------------------------------------------------- statements
    def statements(self) -> List[Statement]:
        """Up to the end of the text, or to the parenthesis that closes a substitution."""
        found: List[Statement] = []
        joiner = ""
        separated = True  # a line begins here, or the separator of before was seen
        while True:
            before = self.position
            self._skip_blanks()
            if self._peek() == "\n":
                self.position += 1
                if not self._newline_is_blank() and joiner not in ("&&", "||"):
                    joiner, separated = "", True
                continue
            if not self._peek() or self._peek() == ")" and self._substitutions:
                return found
            start = self.position
            if self._at("&&") or self._at("||"):
                joiner, operator = self._peek() * 2, self._peek()
                self.position += 2
                if separated or self._peek() == operator:
                    self._problem(start, "empty-command", joiner)
                    while self._peek() == operator:
                        self.position += 1
                separated = True
                continue
            if self._peek() == ";":
                self.position += 1
                if separated and (before == start or joiner == ""):
                    self._problem(start, "empty-command", ";")
                joiner, separated = ";", True
                continue
            if self._peek() in "|&<>" or self._at("^>") or self._at("^|"):
                self._problem(start, "empty-command", self._peek())
            statement = self._statement(joiner)
            statement.end = self.position
            found.append(statement)
            joiner, separated = "", False
            if self.position == start:
                self.position += 1

    def _statement(self, joiner: str) -> Statement:
        statement = Statement(self.position, joiner)
        while True:
            match = _OPENING.match(self.text, self.position)
            keyword = match.group(1) if match else ""
            if keyword not in ("not", "!", "and", "or", "time"):
                break
            statement.prefixes.append(keyword)
            self.position += len(keyword)
            self._skip_blanks()
        if not keyword:
            self._pipeline(statement)
            return statement
        start = self.position
        self.position += len(keyword)
        self._skip_blanks()
        # `if` alone is a command, as everything is that has a keyword's name and nothing behind it.
        if self._at_end() and keyword not in ("else", "return", "let", "export", "fn"):
            if keyword in ("for", "match", "case"):
                self._problem(start, "stray-keyword", keyword)
                return statement
            self.position = start
            self._pipeline(statement)
            return statement
        statement.keyword = keyword
        if keyword == "else":
            self._else(statement)
        elif keyword in ("if", "while"):
            statement.condition = self._statement("")
        elif keyword in ("let", "export"):
            self._assignment(statement)
        elif keyword == "for":
            self._for(statement)
        elif keyword == "fn":
            statement.names = self._plain_words()
        else:
            known = len(self.problems)
            statement.values = self._plain_words()
            # case VALUE @ NAME if CONDITION
            if keyword == "case":
                bindings = {word.start for word in statement.values if word.raw == "@"}
                self.problems[known:] = [problem for problem in self.problems[known:] if problem.offset not in bindings]
        return statement

    def _else(self, statement: Statement) -> None:
        start = self.position
        if re.compile(r"if[ \t]").match(self.text, self.position):
            self.position += 2
            self._skip_blanks()
            statement.keyword = "else if"
            statement.condition = self._statement("")
        elif not self._at_end():
            self._pipeline(Statement(start, ""))
            statement.rest = self.text[start:self.position].strip()

    def _plain_words(self, until: str = "") -> List[Word]:
        """Words up to the statement's end; `|`, `&`, `<` and `>` are nothing special here."""
        words: List[Word] = []
        while True:
            self._skip_blanks(newlines=self._newline_is_blank())
            if self._at_end():
                return words
            start = self.position
            words.append(self._word(operators=False))
            if words[-1].raw == until != "":
                words.pop()
                return words
            if self.position == start:
                self.position += 1

    def _for(self, statement: Statement) -> None:
        start = self.position
        statement.names = self._plain_words(until="in")
        if not re.compile(r"\sin\s").search(self.text, start - 1, self.position + 1):
            self._problem(statement.start, "stray-keyword", "for without in")
        statement.values = self._plain_words()

    def _assignment(self, statement: Statement) -> None:
        depth = 0
        while not self._at_end():
            match = _ASSIGNMENT_OPERATOR.match(self.text, self.position)
            if match and depth == 0:
                statement.operator = match.group(0)
                self.position = match.end()
                statement.values = self._plain_words()
                return
            character = self._peek()
            if character in _BLANK:
                self.position += 1
                continue
            start = self.position
            while not self._at_end() and (depth or self._peek() not in _BLANK):
                if depth == 0 and _ASSIGNMENT_OPERATOR.match(self.text, self.position):
                    break
                depth += (self._peek() == "[") - (self._peek() == "]")
                self.position += 1
            raw = self.text[start:self.position]
            statement.names.append(Word(start, self.position, raw, [Text(start, raw)]))

    # ---------------------------------------------------------------- pipelines
    def _pipeline(self, statement: Statement) -> None:
        command = Command(self.position)
        statement.commands.append(command)
        while True:
            self._skip_blanks(newlines=self._newline_is_blank())
            if self._at_end():
                break
            start = self.position
            character = self._peek()
            # NAME=VALUE before a command; Ion takes it apart at the first blank, whatever the quotes.
            if not command.words and not command.redirections and len(statement.commands) == 1:
                match = _PREFIX_ASSIGNMENT.match(self.text, start)
                if match:
                    word = self._word(operators=True)
                    self._skip_blanks()
                    if self._at_end():
                        command.words.append(word)
                    else:
                        statement.values.append(word)
                    continue
            operator = next((known for known in ("^>>", "&>>", "<<<", ">>", "^>", "&>", "<<", "&|", "^|", "&!", ">", "<", "|", "&")
                             if self._at(known)), "")
            if operator in ("|", "&|", "^|"):
                command = self._pipe(statement, operator)
            elif operator in ("&", "&!"):
                self._background(statement, operator)
                break
            elif operator == "<<":
                self._heredoc(start)
            elif operator:
                self._redirection(command, operator)
            else:
                command.words.append(self._word(operators=True))
                if self.position == start:
                    self._problem(start, "unclosed", character)
                    self.position += 1
        if len(statement.commands) > 1 and not command.words:
            self._problem(command.start, "pipe-at-line-end")
            statement.commands.pop()

    def _pipe(self, statement: Statement, operator: str) -> Command:
        start = self.position
        self.position += len(operator)
        if operator == "|" and self._peek() == "&":
            self._problem(start, "pipe-ampersand")
            self.position += 1
        command = Command(start)
        statement.commands.append(command)
        return command

    def _background(self, statement: Statement, operator: str) -> None:
        self.position += len(operator)
        self._skip_blanks()
        if not self._at_end():
            dropped = Statement(self.position, "")
            self._pipeline(dropped)
            self._problem(dropped.start, "background-drop", self.text[dropped.start:self.position].strip())

    def _redirection(self, command: Command, operator: str) -> None:
        start = self.position
        self.position += len(operator)
        descriptor = command.words[-1] if command.words and operator in (">", ">>", "<") else None
        if descriptor and not (descriptor.end == start and descriptor.raw.isdigit()):
            descriptor = None
        if self._peek() == "&" and not self._at("&&"):
            self.position += 1
            to = self._word(operators=True) if not self._at_end() else None
            self._problem(descriptor.start if descriptor else start, "redirect-ampersand",
                          (descriptor.raw if descriptor else "") + operator + "&" + (to.raw if to else ""))
            return
        if descriptor:
            self._problem(descriptor.start, "fd-redirect", descriptor.raw + operator)
        self._skip_blanks()
        if self._at_end() or self._peek() in "|<>&":
            self._problem(start, "redirect-target", operator + self._peek().strip())
            if not self._at_end():
                self.position += 1
            return
        command.redirections.append(Redirection(start, operator, self._word(operators=True)))

    def _heredoc(self, start: int) -> None:
        """Also skips the text down to its last line, which nobody meant as commands."""
        match = re.compile(r"<<-?[ \t]*(['\"]?)([^\s'\"]*)\1").match(self.text, start)
        assert match is not None
        self._problem(start, "heredoc")
        self.position = match.end()
        last = re.compile(r"\n[ \t]*%s[ \t]*(?=\n|$)" % re.escape(match.group(2))).search(self.text, self.position)
        if match.group(2) and last:
            self.position = last.end()

    # ---------------------------------------------------------------- words
    def _word(self, operators: bool, closing: str = "") -> Word:
        """`operators`: those of pipelines end a word. `closing`: the bracket or parenthesis that the word stands in."""
        start = self.position
        parts: List[Part] = []
        braces: List[int] = []
        text_start = start
        text = ""

        def flush() -> None:
            nonlocal text
            if text:
                parts.append(Text(text_start, text))
            text = ""

        while self.position < len(self.text):
            character = self._peek()
            here = self.position
            if character == "\\":
                if self._skip_continuation():
                    continue
                literal = self._peek(1)
                self.position += 2
            elif character in "'\"" or character in "$@" or character in "`~[":
                if character == "~" and here != start:
                    literal = character
                    self.position += 1
                else:
                    attached = here != start
                    flush()
                    parts.extend(self._special(character, attached))
                    text_start = self.position
                    continue
            elif character in closing:
                break
            elif character == "\n" or character == ";" or self._at("&&") or self._at("||"):
                break
            elif character in _BLANK:
                if not braces:
                    break
                literal = character
                self.position += 1
            elif character == "(":
                self._problem(here, "parenthesis", text or "(")
                self._skip_parenthesis()
                literal = ""
            elif character == ")":
                if self._substitutions and not closing:
                    break
                self._problem(here, "parenthesis", ")")
                self.position += 1
                literal = ""
            elif character == "]":
                self._problem(here, "unclosed", "]")
                self.position += 1
                literal = ""
            elif character in "{}":
                if character == "{":
                    braces.append(here)
                elif braces:
                    braces.pop()
                else:
                    self._problem(here, "unclosed", "}")
                literal = character
                self.position += 1
            elif operators and not braces and (character in "&|<>" or self._at("^>") or self._at("^|")):
                break
            else:
                literal = character
                self.position += 1
            if not text:
                text_start = here
            text += literal
        flush()
        if braces:
            self._problem(braces[0], "brace-group" if braces[0] == start else "unclosed", "{")
        return Word(start, self.position, self.text[start:self.position], parts)

    def _skip_parenthesis(self) -> None:
        """Of a parenthesis that does not belong there only the first is reported."""
        match = re.compile(r"\([^()\n'\"]*\)?").match(self.text, self.position)
        assert match is not None
        self.position = match.end()

    def _special(self, character: str, attached: bool) -> List[Part]:
        start = self.position
        if character == "'":
            return [self._single()]
        if character == '"':
            return [self._double_quoted()]
        if character in "$@":
            return self._expansion(attached, quoted=False)
        self.position += 1
        if character == "`":
            return [Backquote(start, False)]
        if character == "~":
            return [Tilde(start, False)]
        words: List[Word] = []
        while True:
            self._skip_blanks(newlines=True)
            if not self._peek() or self._peek() in ";)":
                self._problem(start, "unclosed", "[")
                break
            if self._peek() == "]":
                self.position += 1
                break
            before = self.position
            words.append(self._word(operators=False, closing="]"))
            if self.position == before:
                self.position += 1
        return [Bracket(start, words)]

    def _single(self) -> Quoted:
        start = self.position
        self.position += 1
        escaped: List[int] = []
        while self._peek() not in ("", "'"):
            if self._peek() == "\\":
                if self._peek(1) == "'":
                    escaped.append(self.position)
                self.position += 1
            self.position += 1
        content = self.text[start + 1:self.position]
        if escaped:
            self._problem(escaped[0], "backslash-quote")
        elif self.position >= len(self.text):
            self._problem(start, "unclosed", "'")
        self.position = min(self.position + 1, len(self.text))
        return Quoted(start, "'", [Text(start + 1, content)])

    def _double_quoted(self) -> Quoted:
        start = self.position
        nested = self._double > 0
        self.position += 1
        self._double += 1
        parts: List[Part] = []
        text = ""
        while self._peek() not in ("", '"'):
            character = self._peek()
            here = self.position
            if character == "\\":
                text += self._peek(1)
                self.position += 2
            elif character in "$@":
                found = self._expansion(attached=here > start + 1 and not self.text[here - 1].isspace(), quoted=True)
                if text and found:
                    parts.append(Text(here - len(text), text))
                    text = ""
                parts.extend(found)
            elif character == "`" or character == "~" and (here == start + 1 or self.text[here - 1].isspace()):
                parts.append(Backquote(here, True) if character == "`" else Tilde(here, True))
                self.position += 1
            else:
                text += character
                self.position += 1
        if text:
            parts.append(Text(self.position - len(text), text))
        if self.position >= len(self.text):
            self._problem(start, "unclosed", '"')
        # To Ion this is outside of the quotes, and what is behind a blank another word.
        elif nested and any(isinstance(part, Text) and re.search(r"[\s|&<>]", part.text) for part in parts):
            self._problem(start, "nested-quotes")
        self._double -= 1
        self.position = min(self.position + 1, len(self.text))
        return Quoted(start, '"', parts)

    def _expansion(self, attached: bool, quoted: bool) -> List[Part]:
        start = self.position
        sigil = self._peek()
        following = self._peek(1)
        if self._at(sigil + "(("):
            return self._arithmetic()
        if following == "(":
            return [self._substitution()]
        if following == "{":
            return self._braced(attached, quoted)
        match = _NAME.match(self.text, start + 1)
        if match:
            return self._named(match, attached, quoted)
        self.position += 1
        if sigil == "$" and following == "?":
            self.position += 1
            return [Variable(start, "$", "?", quoted=quoted)]
        if sigil == "$" and following and following in _SPECIAL:
            self.position += 1
            self._problem(start, "special-parameter", sigil + following)
            return []
        # "$ 5" and "a @ b" are what they look like.
        if not (quoted and following.isspace()):
            self._problem(start, "lone-sigil", sigil)
        return []

    def _named(self, match: "re.Match[str]", attached: bool, quoted: bool) -> List[Part]:
        start, sigil, name = self.position, self._peek(), match.group(0)
        self.position = match.end()
        if name.isdigit() and sigil == "$":
            self._problem(start, "special-parameter", sigil + name)
            return []
        if self._peek() == "(":
            return [self._method(start, sigil, name)]
        parts: List[Part] = [Variable(start, sigil, name, attached=attached, quoted=quoted)]
        if self._peek() == "[":
            end = re.compile(r"\[[^\]\n]*\]").match(self.text, self.position)
            if end:
                inner = Scanner(self.text)
                inner.position = self.position + 1
                while inner.position < end.end() - 1:
                    if inner._peek() in "$@":
                        parts.extend(inner._expansion(False, quoted))
                    else:
                        inner.position += 1
                self.problems.extend(inner.problems)
                self.position = max(end.end(), inner.position)
        return parts

    def _braced(self, attached: bool, quoted: bool) -> List[Part]:
        start, sigil = self.position, self._peek()
        end = re.compile(r"[^}\n]*").match(self.text, start + 2)
        assert end is not None
        self.position = end.end()
        name = end.group(0)
        if self._peek() != "}":
            self._problem(start, "unclosed", sigil + "{")
            return []
        self.position += 1
        namespace, _, last = name.rpartition("::")
        if not re.fullmatch(r"[A-Za-z0-9_:,]+", name) or ":" in last:
            self._problem(start, "brace-parameter", "%s{%s}" % (sigil, name))
            return []
        return [Variable(start, sigil, last, namespace, attached, quoted)]

    def _arithmetic(self) -> List[Part]:
        start = self.position
        self.position += 3
        depth = 0
        nested = False
        while self._peek() not in ("", "\n"):
            if depth == 0 and self._at("))"):
                text = self.text[start + 3:self.position]
                self.position += 2
                if nested:
                    self._problem(start, "arithmetic", "parentheses within it")
                elif "$" in text:
                    self._problem(start, "arithmetic", "a dollar sign within it")
                return [Arithmetic(start, text)]
            if self._peek() == "(":
                depth += 1
                nested = True
            elif self._peek() == ")":
                depth -= 1
            self.position += 1
        self._problem(start, "unclosed", "$((")
        return []

    def _substitution(self) -> Substitution:
        start, sigil = self.position, self._peek()
        self.position += 2
        self._substitutions += 1
        statements = self.statements()
        self._substitutions -= 1
        if self._peek() == ")":
            self.position += 1
        else:
            self._problem(start, "unclosed", sigil + "(")
        return Substitution(start, sigil, statements)

    def _method(self, start: int, sigil: str, name: str) -> Method:
        self.position += 1
        arguments: List[Word] = []
        while True:
            self._skip_blanks(newlines=True)
            if not self._peek():
                self._problem(start, "unclosed", "%s%s(" % (sigil, name))
                break
            if self._peek() == ")":
                self.position += 1
                break
            before = self.position
            arguments.append(self._word(operators=False, closing=")"))
            if self.position == before:
                self.position += 1
        return Method(start, sigil, name, arguments)


# ------------------------------------------------------------------------------------------- blocks
# A POSIX shell's; as ends they are taken for the end that was meant, so that there is one finding and not two.
POSIX_ENDS = ("fi", "done", "esac")
POSIX_KEYWORDS = POSIX_ENDS + ("then", "do", "elif")


def _keyword(statement: Statement) -> str:
    """The keyword, also of those that are commands to the scanner."""
    if statement.keyword or not statement.commands or statement.prefixes or not statement.commands[0].words:
        return statement.keyword
    command = statement.commands[0]
    name = command.words[0].raw
    if name == "end" or name in POSIX_ENDS:
        return name
    plain = len(statement.commands) == 1 and len(command.words) == 1 and not command.redirections
    return name if name in ("break", "continue") and plain else ""


def build_blocks(statements: List[Statement]) -> Tuple[List[Node], List[Problem]]:
    """The tree of blocks, and what is wrong with it."""
    problems: List[Problem] = []
    top: List[Node] = []
    stack: List[Block] = []

    def body() -> List[Node]:
        return stack[-1].clauses[-1].body if stack else top

    def inside(*kinds: str) -> bool:
        """In such a block, where no function begins in between."""
        for block in reversed(stack):
            if block.clauses[0].head.keyword in kinds:
                return True
            if block.clauses[0].head.keyword == "fn":
                return False
        return False

    for statement in statements:
        keyword = _keyword(statement)
        if keyword in BLOCKS:
            if keyword == "fn" and not statement.names:
                body().append(statement)
                continue
            block = Block([Clause(statement)])
            body().append(block)
            stack.append(block)
        elif keyword == "end" or keyword in POSIX_ENDS and stack:
            if keyword == "end" and (len(statement.commands) > 1 or len(statement.commands[0].words) > 1 or statement.commands[0].redirections):
                problems.append(Problem(statement.start, "pipe-block", "end"))
            elif keyword != "end":
                problems.append(Problem(statement.start, "posix-keyword", keyword))
            if stack:
                stack.pop()
            else:
                problems.append(Problem(statement.start, "stray-keyword", "end"))
        elif keyword in ("else", "else if", "case"):
            wanted = "match" if keyword == "case" else "if"
            clauses = stack[-1].clauses if stack else []
            if not clauses or clauses[0].head.keyword != wanted or wanted == "if" and clauses[-1].head.keyword == "else":
                problems.append(Problem(statement.start, "stray-keyword", keyword))
            else:
                clauses.append(Clause(statement))
        else:
            if keyword in ("break", "continue") and not inside("for", "while"):
                problems.append(Problem(statement.start, "stray-keyword", keyword))
            if stack and len(stack[-1].clauses) == 1 and stack[-1].clauses[0].head.keyword == "match":
                problems.append(Problem(statement.start, "stray-keyword", "a command before the first case"))
            clause = stack[-1].clauses[-1] if stack else None
            if clause and not clause.body and statement.joiner in ("&&", "||") and clause.head.condition is not None:
                clause.conditions.append(statement)
            else:
                body().append(statement)
    problems.extend(Problem(block.clauses[0].head.start, "unclosed-block", block.clauses[0].head.keyword) for block in stack)
    return top, problems
