# SPDX-License-Identifier: MIT
# The utilities, one line each: coreutils/<name>/BUILD makes //coreutils/<name>:<name>. Where its
# targets are, utility_label() says.
coreutils = [
    "[",
    "basename",
    "cat",
    "chgrp",
    "chmod",
    "chown",
    "clear",
    "cp",
    "date",
    "df",
    "dircolors",
    "dirname",
    "du",
    "echo",
    "env",
    "false",
    "free",
    "head",
    "id",
    "kill",
    "killall",
    "less",
    "ln",
    "ls",
    "mkdir",
    "mkfifo",
    "mktemp",
    "more",
    "mv",
    "printenv",
    "printf",
    "ps",
    "pwd",
    "readlink",
    "realpath",
    "reset",
    "rm",
    "rmdir",
    "seq",
    "sleep",
    "stat",
    "stty",
    "sync",
    "tail",
    "tee",
    "test",
    "time",
    "timeout",
    "touch",
    "true",
    "tty",
    "uname",
    "uptime",
    "wc",
    "which",
    "whoami",
    "yes",
]

# Earlier replacements installed their programs by these prefixes ("simple-cat"): an installation makes
# such links for each utility where they are asked for.
alias_prefixes = ["simple-"]

# Programs that are no utility of their own: all of the above in one.
multicall = "cation-box"

# Where //coreutils/<name> is not the place of <name>.
_FOLDERS = {
    "[": "test",
    multicall: "box",
}

def utility_label(name, suffix = ""):
    """The label of a utility, or of what is made beside it: suffix "_lib", "_documentation"."""
    return "//coreutils/%s:%s%s" % (_FOLDERS.get(name, name), name, suffix)
