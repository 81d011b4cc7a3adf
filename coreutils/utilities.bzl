# SPDX-License-Identifier: MIT
# The utilities, one line each: coreutils/<name>/BUILD makes //coreutils/<name>:<name>. Where its
# targets are, utility_label() says. ./cation new-utility adds to the lists.
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

# Commands that do for Ion what its scripts cannot: shell-ext/<name>/BUILD makes
# //shell-ext/<name>:<name>. They are installed as the others are, and are not commands of cation-box.
shell_ext = [
    "both",
    "capture",
    "explain",
    "hist",
    "host",
    "pick",
    "run",
    "shell-ext",
    "suggest",
    "with-stderr",
]

# All that have a program of their own.
utilities = coreutils + shell_ext

# Earlier replacements installed their programs by these prefixes ("simple-cat"): an installation makes
# such links for each of coreutils where they are asked for.
alias_prefixes = ["simple-"]

# The program that is no utility of its own: all of coreutils in one.
multicall = "cation-box"

# Where a folder has another name than the utility.
_FOLDERS = {
    "[": "test",
    "shell-ext": "enable",
    "with-stderr": "both",
    multicall: "box",
}

def utility_label(name, suffix = ""):
    """The label of a utility, or of what is made beside it: suffix "_lib", "_documentation"."""
    parent = "shell-ext" if name in shell_ext else "coreutils"
    return "//%s/%s:%s%s" % (parent, _FOLDERS.get(name, name), name, suffix)
