# SPDX-License-Identifier: MIT
# The utilities, one line each: coreutils/<name>/BUILD makes //coreutils/<name>:<name>.
coreutils = [
    "cat",
    "chgrp",
    "chown",
    "cp",
    "df",
    "dircolors",
    "du",
    "env",
    "free",
    "id",
    "ls",
    "mkdir",
    "rm",
    "sync",
    "whoami",
]

# Earlier replacements installed their programs by these prefixes ("simple-cat"): an installation makes
# such links for each utility where they are asked for.
alias_prefixes = ["simple-"]
