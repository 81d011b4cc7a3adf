# SPDX-License-Identifier: MIT
"""What people most often do with each command: what its calls to the system are counted for. cases_common_uses.py compares ours with
busybox's, which count_busybox.py has counted into busybox_calls.tsv. env, time and timeout are not here: the calls of what they run would
be counted with theirs.
"""
import os
from dataclasses import dataclass
from typing import Dict, List, Sequence

from harness import Dir, Link, Tree

# What every use finds in its folder.
FILES: Tree = {
    "f": b"some text\n", "g": b"some more text\n", "x.sh": b"#!/bin/sh\n", "lines": b"".join(b"line %d\n" % n for n in range(1000)),
    "large": b"x" * 300_000, "link": Link("f"), "d": Dir(), "d/a": b"a\n", "d/b": b"b\n", "d/e": Dir(), "d/e/c": b"c\n", "empty": Dir(),
}


@dataclass(frozen=True)
class Use:
    """A command line, whose first word is the command; USER and GROUP stand for those of who runs the test."""
    words: Sequence[str]
    stdin: bytes = b""
    # The status it ends with.
    status: int = 0

    @property
    def name(self) -> str:
        return " ".join(self.words)

    def arguments(self) -> List[str]:
        """What comes after the command."""
        return [word.replace("USER", str(os.getuid())).replace("GROUP", str(os.getgid())) for word in self.words[1:]]


def _uses() -> List[Use]:
    lines = b"".join(b"line %d\n" % n for n in range(1000))
    plain = """
        [ -f f ]
        [ a = b ]
        basename /usr/bin/ls
        cat f
        cat f g
        chgrp GROUP f
        chmod 644 f
        chmod u+x x.sh
        chmod -R u+w d
        chown USER:GROUP f
        chown -R USER d
        clear
        cp f copy
        cp f d
        cp -r d copy
        date
        date +%Y-%m-%d
        df .
        dirname /usr/bin/ls
        du d
        du -s d
        echo some words
        false
        head lines
        head -n 1 f
        head -c 10 large
        id
        id -u
        kill -l
        ln f new
        ln -s f new
        ls
        ls -l
        mkdir new
        mkdir -p a/b/c
        mkfifo new
        mktemp -u
        mktemp -p . t.XXXXXX
        mktemp -d -p . t.XXXXXX
        mv f new
        mv f d
        mv d new
        printenv PATH
        printf %s\\n text
        printf %05d\\n 42
        pwd
        readlink link
        readlink -f link
        realpath link
        rm f
        rm -r d
        rmdir empty
        seq 10
        sleep 0
        stat f
        stat -c %s f
        sync
        tail lines
        tail -n 1 f
        tail -c 10 large
        tee new
        test -d d
        touch f
        touch new
        true
        tty
        uname
        uname -a
        wc f
        wc -l lines
        wc -c large
        which ls
        whoami
    """
    with_input = {"tee": lines}
    statuses = {"[ a = b ]": 1, "false": 1, "tty": 1}
    found = []
    for line in plain.split("\n"):
        words = line.split()
        if words:
            found.append(Use(words, with_input.get(words[0], b""), statuses.get(" ".join(words), 0)))
    return found


USES: List[Use] = _uses()

_NAME = "a number is looked for among the names first, as POSIX has it"
_RANDOM = "names come from the system's random numbers, and the umask does not count"
_OUTPUT = "the output is looked at, so that a file is not copied to its own end"
_UMASK = "umask() twice, so that the mode is right when the directory appears; on Redox that is no call"

# Uses that need more calls than busybox's, and why.
MORE: Dict[str, str] = {
    "cat f": _OUTPUT,
    "cat f g": _OUTPUT,
    "chgrp GROUP f": _NAME,
    "chown USER:GROUP f": _NAME,
    "cp -r d copy": "only where the file system refuses copy_file_range(): then each file is read and written besides",
    "mkdir new": _UMASK,
    "mkdir -p a/b/c": _UMASK,
    "mktemp -d -p . t.XXXXXX": _RANDOM,
    "mktemp -p . t.XXXXXX": _RANDOM,
    "tail -c 10 large": "what kind of file it is is asked for, and it is closed: a device's size says nothing",
}
