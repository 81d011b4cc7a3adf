# SPDX-License-Identifier: MIT
# The utilities, one line each: coreutils/<name>/BUILD makes //coreutils/<name>:<name>. Where its
# targets are, utility_label() says.
coreutils = [
    "[",
    "cat",
    "cp",
    "dircolors",
    "echo",
    "env",
    "false",
    "ls",
    "mkdir",
    "printenv",
    "printf",
    "rm",
    "seq",
    "sync",
    "test",
    "true",
]

# Those that live in another's folder.
_FOLDERS = {"[": "test"}

def utility_label(name, suffix = ""):
    """The label of a utility's target, such as utility_label("ls", "_documentation").

    Args:
      name: of the utility
      suffix: of the target: "", "_lib", "_documentation"
    """
    return "//coreutils/%s:%s%s" % (_FOLDERS.get(name, name), name, suffix)

# Earlier replacements installed their programs by these prefixes ("simple-cat"): an installation makes
# such links for each utility where they are asked for.
alias_prefixes = ["simple-"]
