# SPDX-License-Identifier: MIT
# The utilities, one line each: coreutils/<name>/BUILD makes //coreutils/<name>:<name>.
coreutils = [
    "basename",
    "cat",
    "chmod",
    "cp",
    "dircolors",
    "dirname",
    "env",
    "ls",
    "mkdir",
    "mktemp",
    "pwd",
    "readlink",
    "realpath",
    "rm",
    "sync",
    "tty",
    "uname",
    "which",
]

# Earlier replacements installed their programs by these prefixes ("simple-cat"): an installation makes
# such links for each utility where they are asked for.
alias_prefixes = ["simple-"]
