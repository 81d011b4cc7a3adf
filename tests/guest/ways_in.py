# SPDX-License-Identifier: MIT
"""How to get to where commands can be given: through a login, to a shell, and what to say to it.

    log_in(console, "root", "password", 120)
    shell = find_shell(console, 60)
    answer = shell.run("ls " + shell.quote("/etc"), 20)
    shell.start("run-cases script")           # what it prints is for protocol.follow

A shell is Ion, or speaks as POSIX says (dash, bash, busybox, ksh); it is asked which. Nothing is known of prompts, and
nothing is believed to have been typed until the terminal shows it: lines that were eaten or torn are
typed again, more slowly each time. A terminal that shows nothing is typed to blindly.
"""
import re
import shlex
from dataclasses import dataclass

from console import Console
from failures import Hang, LoginFailed, ShellFailed

ION = "ion"
POSIX = "posix"

_ENTER = "\r"
_CLEAR_LINE = "\x15"

# "redox login: ", "host login:"; not "Last login: Mon", nor a daemon's "init: starting login: ..."
_LOGIN = r"(?i)(?:^|[\r\n])(?!last )[^\r\n:=\[\]]{0,64}\blogin: *"
_PASSWORD = r"(?i)(?:^|[\r\n])[^\r\n]{0,64}\bpassword(?: for \S+)?: *"
_REFUSED = r"(?i)login incorrect|login failed|authentication failure|permission denied|account (?:is )?(?:locked|disabled)"
# What most prompts end with, at the end of all that has come.
_PROMPT = r"[#$%>»❯] ?(?:\x1b\S*)?\Z"

# A terminal's own columns do not matter: what an editor of lines adds to wrap a line is white space.
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Answer:
    """`status`: 1 in Ion also where it does not tell (no such command, ended by a signal). `output`: with errors, as the terminal shows both."""

    status: int
    output: str


class Typist:
    """Types lines so that they arrive."""

    # How many keys at a time before their echo is waited for.
    _PACES = (1000, 8, 1)
    _ATTEMPTS = 8

    def __init__(self, console: Console, scale: float = 1) -> None:
        self.console = console
        self._scale = scale
        self._pace = 0
        self._silent = 0

    def line(self, text: str) -> None:
        """Types a line and Enter. ShellFailed: it does not arrive, even key by key."""
        if re.search(r"[\x00-\x1f\x7f]", text):
            raise ValueError("a line with a control character cannot be typed: %r" % text)
        shown = ""
        for _ in range(self._ATTEMPTS):
            self.console.ignore_what_came()
            shown, arrived = self._keys(text)
            if arrived:
                self.console.send(_ENTER)
                return
            self._pace = min(self._pace + 1, len(self._PACES) - 1)
            self.console.send(_CLEAR_LINE)
            self.console.settle(0.3 * self._scale, 3 * self._scale)
        raise ShellFailed("what is typed does not arrive: %r is shown as %r" % (text, shown[-200:]))

    def blindly(self, text: str) -> None:
        """What is not shown, such as a password, and Enter. As slowly as this terminal has turned out to need."""
        step = self._PACES[self._pace]
        for start in range(0, len(text), step):
            self.console.send(text[start:start + step])
            if step < len(text):
                self.console.settle(0.1 * self._scale, 1)  # no echo tells when the key has been read
        self.console.send(_ENTER)

    def _keys(self, text: str) -> "tuple[str, bool]":
        """What the terminal showed meanwhile, and whether the line is there."""
        step = self._PACES[self._pace]
        shown = ""
        one_by_one = step == 1
        squeeze = _squeeze if text.isascii() else _squeeze_foreign
        for start in range(0, len(text), step):
            keys = text[start:start + step]
            self.console.send(keys)
            wanted = squeeze(text[:start + step])
            here = ""
            # The whole line so far, as it is or as an editor draws it anew; key by key also the key itself, as
            # something else may have been printed in the middle of the line. White space adds nothing to what is
            # wanted: that something comes is the sign that it was read.
            while not here or (wanted not in squeeze(shown + here) and not (one_by_one and keys in here)):
                more = self.console.more((0.5 if self._silent >= 2 else 2) * self._scale)
                if not more:
                    shown += here
                    if squeeze(shown):
                        return shown, False
                    # Nothing at all. Twice so: this terminal has no echo.
                    self._silent += 1
                    if self._silent < 2:
                        return shown, False
                    self.console.send(text[start + step:])
                    return shown, True
                here += more
            shown += here
        self._silent = 0
        return shown, True


def _squeeze(text: str) -> str:
    return _SPACE.sub("", text)


def _squeeze_foreign(text: str) -> str:
    """Some show a question mark for what they have no letter for."""
    return re.sub(r"[^!->@-~]", "", text)


class _Again(LoginFailed):
    """Without a word of refusal."""


def log_in(console: Console, user: str, password: str = "", seconds: float = 120, scale: float = 1) -> None:
    """Waits for a login prompt and gets past it. LoginFailed: it does not let the user in. Whether there is a shell, find_shell tells."""
    typist = Typist(console, scale)
    limit = console.seconds() + seconds
    while True:
        remaining = limit - console.seconds()
        try:
            console.wait_for(_LOGIN, max(0.0, remaining), "a login prompt", quiet=20 * scale)
            break
        except Hang:
            if console.seconds() >= limit:
                raise
            console.send(_ENTER)  # the prompt may have been torn by something else that was printed
    for attempt in range(3):
        typist.line(user)
        try:
            # Redox does not ask for an empty password.
            if not _asks_for_password(console, user, max(10.0, limit - console.seconds()), scale):
                return
            break
        except _Again as again:
            # The name may have been thrown away, as getty does with what was typed early.
            if attempt == 2:
                raise LoginFailed(again.what) from None
    typist.blindly(password)
    try:
        asked = _asks_for_password(console, user, max(10.0, limit - console.seconds()), scale)
    except _Again as error:
        raise LoginFailed(error.what) from None  # as Redox refuses a password
    if asked:
        raise LoginFailed("%s is not let in: the password is asked for again" % user)


def _asks_for_password(console: Console, user: str, seconds: float, scale: float) -> bool:
    """Whether that is what comes after Enter; False: there seems to be a shell. LoginFailed: refused."""
    try:
        # An editor of lines may draw the prompt and what was typed once more before it ends the line.
        console.wait_for(r"\n", 5 * scale, "the end of the line")
        came = console.wait_for([_PASSWORD, _REFUSED, _LOGIN, _PROMPT], seconds, "an answer to the login", quiet=20 * scale)
    except Hang:
        return False  # neither refused nor asked for more: a shell without a prompt?
    if came.index == 1:
        raise LoginFailed("%s is not let in: %s" % (user, came.group().strip()))
    if came.index == 2:
        raise _Again("%s is not let in: the login prompt came again" % user)
    return came.index == 0


_ION_ERROR = r"^ion: [^\n]*\n"
# Before each prompt Ion's editor of lines shows whether the output ended with a newline (since 2018).
_ION_PROMPT = "\u23ce *\r"


def _ion_part(part: str) -> str:
    """A part of a word in Ion. Nothing is special between single quotes but a backslash before a quote, and single quotes and backslashes
    cannot be there; `!!`, `!$` and the like are replaced before quotes are looked for, so after `!` there is always one."""
    if part.startswith("'"):
        return '"%s"' % part
    return part * 2 if part.startswith("\\") else "'%s'" % part


class Shell:
    """A shell at its prompt. `kind`: ION or POSIX."""

    def __init__(self, console: Console, kind: str, typist: Typist) -> None:
        self.console = console
        self.kind = kind
        self._typist = typist
        self._number = 0

    def quote(self, word: str) -> str:
        """The word, so that the shell takes it as it is. ValueError: it cannot be typed."""
        if re.search(r"[\x00-\x1f\x7f]", word):
            raise ValueError("a word with a control character cannot be typed: %r" % word)
        if self.kind == POSIX:
            return shlex.quote(word)
        if re.fullmatch(r"[A-Za-z0-9_./:,+-]+", word):
            return word
        return "".join(_ion_part(part) for part in re.findall(r"'+|\\+|[^'!\\]*!|[^'!\\]+", word)) or "''"

    def run(self, command: str, seconds: float) -> Answer:
        """Runs a command line and waits for its end. It does not end in `;` or `&`. Hang: the end does not come in time."""
        self._number += 1
        begin = "=+%d+=" % self._number
        end = r"=\+%d=(\d+)=" % self._number
        say_end = 'echo "=+%d=$?="' % self._number
        what = "the end of %s" % command
        if self.kind == POSIX:
            self._typist.line('echo "%s"; %s; %s' % (begin, command, say_end))
            self.console.wait_for(re.escape(begin) + r"\r*\n", seconds, "the beginning of %s" % command)
            came = self.console.wait_for(end, seconds, what)
            return Answer(int(came.group(1)), came.before)

        # Ion leaves $? alone when there is no such command, or a signal ended it: then it is still what false has made it. And
        # it gives up the rest of the line then, with the end mark.
        self._typist.line('echo "%s"; false; %s; %s' % (begin, command, say_end))
        came = self.console.wait_for([re.escape(begin) + r"\r*\n", _ION_ERROR], seconds, "the beginning of %s" % command)
        output = came.group() if came.index else ""
        patterns = [end, _ION_ERROR] if not came.index else [end, _ION_ERROR, _ION_PROMPT]
        while True:
            came = self.console.wait_for(patterns, seconds, what)
            if came.index == 0:
                return Answer(int(came.group(1)), output + came.before)
            output += came.before
            if came.index == 2:
                break
            # Perhaps the command itself said this and goes on; else the editor of lines comes next.
            output += came.group()
            patterns = [end, _ION_ERROR, _ION_PROMPT]
        self._typist.line('echo "=+%d+$?="' % self._number)
        came = self.console.wait_for(r"=\+%d\+(\d+)=" % self._number, seconds, what)
        return Answer(int(came.group(1)) or 1, output)

    def start(self, command: str) -> None:
        """Types a command line whose output somebody else follows. At its end the shell says `=== EXIT status`."""
        preset = "false; " if self.kind == ION else ""
        self._typist.line('%s%s; echo "=== EXIT $?"' % (preset, command))


def find_shell(console: Console, seconds: float, scale: float = 1) -> Shell:
    """Finds out what shell there is, by asking it; wakes it with Enter. ShellFailed: nobody answers as a shell does.

    The question is harmless in all of them: PID is a variable of Ion's, and in others there is none. What is typed has
    a dollar sign where the answer has a number or nothing, so the echo is not taken for it.
    """
    limit = console.seconds() + seconds
    heard = ""
    while console.seconds() < limit:
        typist = Typist(console, scale)
        console.send(_ENTER)
        heard = console.settle(0.5 * scale, min(10 * scale, seconds)) or heard
        if re.search(_LOGIN + r"\Z", heard) or re.search(_PASSWORD + r"\Z", heard):
            raise LoginFailed("there is no shell but a login: %s" % console.last_line)
        try:
            typist.line('echo "=+=$PID=+="')
            answer = console.wait_for([r"=\+=(\d*)=\+="], min(15 * scale, seconds), "the answer of a shell")
        except (Hang, ShellFailed):
            continue  # not yet, or not at all
        return Shell(console, ION if answer.group(1) else POSIX, typist)
    raise ShellFailed("there is no shell that answers; the last line was: %s" % console.last_line)
