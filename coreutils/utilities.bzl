# SPDX-License-Identifier: MIT
# The utilities, one line each: coreutils/<name>/BUILD makes //coreutils/<name>:<name>.
coreutils = [
    "cat",
    "cp",
    "ls",
    "mkdir",
    "rm",
    "sync",
]
