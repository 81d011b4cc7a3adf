# SPDX-License-Identifier: MIT
# The utilities, one line each: coreutils/<name>/BUILD makes //coreutils/<name>:<name>.
coreutils = [
    "cat",
    "cp",
    "dircolors",
    "ls",
    "mkdir",
    "rm",
    "sync",
]
