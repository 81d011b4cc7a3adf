# SPDX-License-Identifier: MIT
"""The rules, each with an example of what is wrong and of what to write instead.

This is the one list: ion_check.py --list prints it, shell-ext/README.md has it as a table, and the tests run each example in a real Ion where
one is given.
"""
from dataclasses import dataclass
from typing import Dict, Optional, Tuple

ERROR = "error"
WARNING = "warning"

# How Ion takes an example of what is wrong.
FAILS = "fails"  # it says why, and skips the rest
COMPLAINS = "complains"  # it says why, and goes on
ABORTS = "aborts"  # it panics
PRINTS = "prints"  # it goes on and prints what `output` says, which is not what was meant
TYPED = "typed"  # shows only at a prompt: see ion_test.py


@dataclass(frozen=True)
class Rule:
    name: str
    kind: str
    wrong: str  # {} is what it is about
    instead: str
    bad: str
    good: str
    how: str = FAILS
    output: str = ""  # what the bad example prints: to stdout, or for FAILS and COMPLAINS a part of the complaint
    good_output: Optional[str] = None  # what the good one prints
    initrc: bool = False  # only an initrc is checked for it

    def message(self, detail: str) -> str:
        return "%s; %s" % (self.wrong.replace("{}", detail), self.instead)


def _rules() -> Tuple[Rule, ...]:
    return (
        # ---------------------------------------------------------------- the file
        Rule("byte-order-mark", ERROR, "a byte order mark, which becomes a part of the first command's name", "save the file without it",
             "\ufeffecho a", "echo a", output="command not found: \ufeffecho", good_output="a\n"),
        Rule("not-utf8", ERROR, "bytes that are not UTF-8, at which Ion panics", "save the file as UTF-8",
             "echo \udcff", "echo é", ABORTS, good_output="é\n"),
        # ---------------------------------------------------------------- quotes and brackets
        Rule("unclosed", ERROR, "{} has no counterpart", "close it, or quote it where it is meant as a character",
             "echo 'a", "echo 'a'", output="unterminated", good_output="a\n"),
        Rule("backslash-quote", ERROR, "a backslash before a quote within single quotes, which then stays open",
             "write the part with the quote in double quotes",
             "echo 'a\\'", "echo 'a'\"'\"", output="unterminated single quotes", good_output="a'\n"),
        Rule("nested-quotes", ERROR, "double quotes within \"$(...)\", at which Ion panics", "use single quotes inside, or leave the outer ones off",
             'echo "$(echo "a b")"', "echo \"$(echo 'a b')\"", ABORTS, good_output="a b\n"),
        Rule("parenthesis", ERROR, "'{}': Ion has no subshells, and functions have no parentheses",
             "use a function, or quote it where it is meant as a character",
             "(echo a)", "echo '(a)'", output="out of place", good_output="(a)\n"),
        Rule("brace-group", ERROR, "'{': braces do not group commands", "write them as they are, or use a function",
             "{ echo a; }", "fn both; echo a; echo b; end; both", output="unmatched opening brace", good_output="a\nb\n"),
        Rule("bracket-test", ERROR, "'{}' makes an array, it is no test", "write: test A = B",
             "if [ a = a ]; echo a; end", "if test a = a; echo a; end", output="command not found: a", good_output="a\n"),
        Rule("backquote", ERROR, "a backquote, which is a character like others", "write: $(command)",
             "echo `echo a`", "echo $(echo a)", PRINTS, "`echo a`\n", "a\n"),
        Rule("backquote-in-quotes", WARNING, "a backquote, which is a character like others",
             "write $(command), or use single quotes where it is meant as a character",
             'echo "`echo a`"', "echo '`a`'", PRINTS, "`echo a`\n", "`a`\n"),
        # ---------------------------------------------------------------- redirections and pipes
        Rule("redirect-ampersand", ERROR, "'{}': Ion has no copies of descriptors",
             "write &> FILE for both outputs, ^> FILE for stderr, > /dev/stderr to get there",
             "echo a 2>&1", "echo a &> /dev/null", output="expected file argument after redirection", good_output=""),
        Rule("fd-redirect", ERROR, "'{}': the number is an argument, and stdout is what is redirected",
             "write: ^> FILE for stderr, > FILE for stdout",
             "echo a 1> out; cat out", "echo a > out; cat out", PRINTS, "a 1\n", "a\n"),
        Rule("redirect-target", ERROR, "'{}' without a file", "write one, and to empty a file: echo -n > FILE",
             "echo a >", "echo -n > out; cat out", output="expected file argument after redirection", good_output=""),
        Rule("pipe-ampersand", ERROR, "'|&' starts a background job, and drops what follows", "write: &| for both outputs, ^| for stderr only",
             "echo a |& tr a b", "echo a &| tr a b", PRINTS, "a\n", "b\n"),
        Rule("pipe-at-line-end", ERROR, "a pipe into nothing: a line does not go on behind a pipe", "end the line with a backslash",
             "echo a |\ntr a b", "echo a | \\\ntr a b", PRINTS, "a\n", "b\n"),
        Rule("pipe-block", ERROR, "'{}' in a pipeline: blocks cannot be in one", "use a function, or: for line in @lines($(command))",
             "echo a | while read x; echo $x; end", "for x in @lines($(echo a)); echo $x; end", output="command not found: while", good_output="a\n"),
        Rule("heredoc", ERROR, "Ion has no here-documents", "write: command <<< \"text\"",
             "cat << E\na\nE", "cat <<< 'a'", output="heredocs are not a part of Ion", good_output="a\n"),
        Rule("background-drop", ERROR, "'{}' behind & is dropped", "write & at the line's end, or: command & ; next",
             "true & echo b", "true & ; echo b", PRINTS, "", "b\n"),
        Rule("empty-command", ERROR, "'{}' without a command before it", "remove it, or write true",
             "echo a ;; echo b", "echo a ; echo b", output="expected command, but found", good_output="a\nb\n"),
        # ---------------------------------------------------------------- blocks
        Rule("unclosed-block", ERROR, "'{}' without its end", "write end behind the block",
             "if true\necho a", "if true\necho a\nend", output="expected end block", good_output="a\n"),
        Rule("stray-keyword", ERROR, "'{}' does not belong here", "remove it, or see which block it was to end or to continue",
             "echo a\nend", "if true\necho a\nend", output="End found but no block", good_output="a\n"),
        Rule("posix-keyword", ERROR, "'{}' is a POSIX shell's", "write: if A; B; else if C; D; else; E; end, and the same "
             "end for loops; match VALUE; case A; B; end",
             "if true; then echo a; fi", "if true; echo a; end", output="expected end block", good_output="a\n"),
        Rule("else-rest", ERROR, "'{}' behind else is dropped", "write it on the next line, or: else; command",
             "if false\ntrue\nelse echo b\nend", "if false\ntrue\nelse; echo b\nend", PRINTS, "", "b\n"),
        Rule("for-substitution", WARNING, "for over '$(...)', which is one value however many lines it has",
             "write: @(command) for words, @lines($(command)) for lines",
             "for i in $(echo a b); echo $i; end", "for i in @(echo a b); echo $i; end", PRINTS, "a b\n", "a\nb\n"),
        Rule("inline-and", WARNING, "'{}' between commands is an argument", "write && or ||",
             "if test a = b or test a = a; echo y; else; echo n; end", "if test a = b || test a = a; echo y; end", PRINTS, "n\n", "y\n"),
        # ---------------------------------------------------------------- commands that are none
        Rule("not-a-command", ERROR, "Ion has no '{}'", "{instead}",
             "unset HOME", "let a = 1; drop a", output="command not found: unset", good_output=""),
        Rule("dot-command", ERROR, "'.' runs no file", "write: source FILE",
             ". ./file", "echo 'echo a' > file; source ./file", output="Permission denied", good_output="a\n"),
        Rule("source-argument", ERROR, "source without a file", "write: source FILE", "source || echo failed",
             "echo 'echo a' > file; source file", PRINTS, "failed\n", good_output="a\n"),
        Rule("set-option", ERROR, "set has no '{}'", "it has -e +e -p +p and --; to see commands: debug on",
             "set -x && echo a", "set -e; echo a", PRINTS, "", "a\n"),
        Rule("test-not", ERROR, "test has no '!'", "write: not test ...",
             "test ! -e /nonexistent && echo a", "not test -e /nonexistent && echo a", PRINTS, "", "a\n"),
        Rule("test-extra", ERROR, "test ignores everything from '{}' on", "write: test ... && test ..., or test ... || test ...",
             "test a = a -a a = b && echo a", "test a = a && test a = b || echo b", PRINTS, "a\n", "b\n"),
        Rule("exists-option", ERROR, "exists without an option is always true", "say what: -f -d -b -s -a --fn",
             "exists /nonexistent && echo a", "exists -f /nonexistent || echo b", PRINTS, "a\n", "b\n"),
        Rule("bare-assignment", ERROR, "'{}' is a command's name here", "write: let NAME = VALUE",
             "a=5", "let a = 5; echo $a", output="command not found: a=5", good_output="5\n"),
        Rule("prefix-assignment", ERROR, "a blank in '{}': the value ends there, whatever the quotes", "use: env 'NAME=a b' command",
             "a='x y' env", "env 'a=x y' sh -c 'echo $a'", output="unterminated single quote", good_output="x y\n"),
        Rule("comment-glued", WARNING, "'{}' ends in #, which begins a comment only where a word begins", "write a blank before it",
             "echo 5# comment", "echo 5 # comment", PRINTS, "5# comment\n", "5\n"),
        # ---------------------------------------------------------------- variables
        Rule("special-parameter", ERROR, "Ion has no '{}'", "write $PID, @args, @args[1], $len(@args); in single quotes it is what it looks like",
             "echo $1", "echo $len(@args)", output="does not exist", good_output="1\n"),
        Rule("brace-parameter", ERROR, "'{}': within braces there is only a name", "write $or($NAME 'default'), $len($NAME), $replace($NAME 'a' 'b')",
             "echo ${nowhere:-a}", "echo $or($nowhere 'a')", output="out of place", good_output="a\n"),
        Rule("lone-sigil", ERROR, "'{}' with no name behind it", "put it in single quotes",
             "echo a$", "echo 'a$'", output="does not exist", good_output="a$\n"),
        Rule("at-sign", ERROR, "'{}': @ stands for an array also within words and double quotes, and there is none of that name",
             "put it in single quotes", 'echo "user@host"', "echo 'user@host'", output="does not exist", good_output="user@host\n"),
        Rule("undefined-variable", WARNING, "'{}' is set nowhere before; if it is not in the environment, all that follows is skipped",
             "write ${env::NAME}, which is empty then, or $or($NAME 'default')",
             "echo $nowhere", "echo a${env::nowhere}", output="does not exist", good_output="a\n"),
        Rule("array-sigil", ERROR, "{}", "arrays and maps are @NAME, all else is $NAME; $join(NAME ' ') makes a string of an array",
             "let a = [x y]; echo $a", "let a = [x y]; echo @a", output="does not exist", good_output="x y\n"),
        Rule("block-local", ERROR, "'{}' was set in a block and is gone behind it", "set it before the block, too",
             "if true; let a = 1; end\necho $a", "let a = 0\nif true; let a = 1; end\necho $a", output="does not exist", good_output="1\n"),
        Rule("block-source", WARNING, "what a file sets that is sourced in a block, functions too, is gone behind the block",
             "write: test -f FILE && source FILE", "echo 'let a = 5' > file\nif test -f file; source file; end\necho $a",
             "echo 'let a = 5' > file\ntest -f file && source file\necho $a", output="does not exist", good_output="5\n"),
        Rule("variable-name", ERROR, "'{}' is no name for a variable", "use letters, digits and _",
             "let a-b = 5", "let a_b = 5; echo $a_b", how=COMPLAINS, output="invalid variable name", good_output="5\n"),
        Rule("let-operator", ERROR, "'{}' without an operator and a value", "write: let NAME = VALUE",
             "let a 5", "let a = 5; echo $a", output="no operator supplied", good_output="5\n"),
        Rule("let-values", ERROR, "{}, and nothing is set", "quote a value that has blanks; an array is [a b]",
             "let x = a b", "let x = 'a b'; echo $x", how=COMPLAINS, output="extra values", good_output="a b\n"),
        Rule("export-many", ERROR, "{}", "write: export A B = 1 2, or a line for each",
             "export A=1 B=2; echo ${env::B}", "export A B = 1 2; echo ${env::B}", PRINTS, "\n", "2\n"),
        Rule("drop-exported", ERROR, "'{}' was exported, and drop does not know it", "nothing unsets it; export it empty",
             "export A = 1\ndrop A && echo a", "export A = 1\nexport A = ''; echo a", PRINTS, "", "a\n"),
        Rule("arithmetic", ERROR, "{} is an error that becomes the value", "names need no dollar sign; use a variable for what is in parentheses",
             "let n = 2; echo $(($n * 3))", "let n = 2; echo $((n * 3))", PRINTS, "unrecognized token: $\n", "6\n"),
        Rule("unknown-method", ERROR, "there is no method '{}'",
             "a command is $(command); for a parenthesis behind a variable end its quotes, as in $name'('",
             "echo $uppercase('a')", "echo $to_uppercase('a')", output="unknown string method", good_output="A\n"),
        Rule("method-comma", ERROR, "the comma behind '{}' is a part of it", "write blanks between what a method is given",
             "let a = [x y]; echo $join(a, '-')", "let a = [x y]; echo $join(a '-')", output="does not exist", good_output="x-y\n"),
        Rule("namespace", ERROR, "there is no namespace '{}'", "there are c color x hex env super global",
             "echo ${u::41}", "echo ${x::41}", output="is unsupported", good_output="A\n"),
        Rule("tilde-in-quotes", ERROR, "~ is expanded within double quotes, too", "put it in single quotes; for the directory write $HOME",
             'echo "a ~ b" | grep /', "echo 'a ~ b'", PRINTS, "*", "a ~ b\n"),
        Rule("tilde-user", ERROR, "'{}' is not that user's directory", "write the path, or $HOME",
             "echo ~root", "echo $HOME | grep -c /", PRINTS, "*", "1\n"),
        Rule("glob-dotfiles", WARNING, "'{}' includes what begins with a dot", "name what is meant, as in *.txt",
             "echo a > .hidden; rm *; exists -f .hidden || echo gone", "echo a > .hidden; echo a > b.txt; rm *.txt; exists -f .hidden && echo there",
             PRINTS, "gone\n", "there\n"),
        Rule("glob-dot", WARNING, "'{}' includes . and ..", "write: .[a-zA-Z]*",
             "echo .*", "echo a > .hidden; echo .[a-z]*", PRINTS, "./.. ./.\n", ".hidden\n"),
        # ---------------------------------------------------------------- aliases and functions
        Rule("alias-name", ERROR, "'{}' is no name for an alias", "use letters, digits, _ and -, and no digit or - first",
             "alias .. = 'echo a' && echo b", "alias up = 'echo a'; up", PRINTS, "", "a\n"),
        Rule("function-name", ERROR, "'{}' is no name for a function", "use letters, digits and _",
             "fn a-b; echo a; end", "fn a_b; echo a; end; a_b", output="not a valid function name", good_output="a\n"),
        Rule("function-builtin", ERROR, "the builtin '{}' comes first, and the function is never called", "choose another name, or use an alias",
             "fn echo a; true; end; echo b", "fn say a; echo $a; end; say b", PRINTS, "b\n", "b\n"),
        Rule("block-function", ERROR, "the function '{}' is gone behind the block that it is defined in", "define it outside, with the block in it",
             "if true; fn f; echo a; end; end\nf", "fn f; if true; echo a; end; end\nf", output="command not found: f", good_output="a\n"),
        Rule("function-parameter", ERROR, "{}", "each name once; types are str int float bool, [str] and so on, hmap[str] and bmap[str]",
             "fn f a a; true; end", "fn f a b:int; echo $a $b; end; f x 1", output="repeated argument name", good_output="x 1\n"),
        Rule("function-arguments", ERROR, "{}", "give exactly as many; for a list declare an array, as in: fn f list:[str]",
             "fn f a; echo $a; end\nf", "fn f a; echo $a; end\nf b", output="invalid number of arguments", good_output="b\n"),
        Rule("hook-parameters", ERROR, "Ion calls {}", "declare exactly that",
             "fn COMMAND_NOT_FOUND; echo hook; end\nnosuchcommand", "fn COMMAND_NOT_FOUND name; echo hook; end\nnosuchcommand", TYPED),
        # ---------------------------------------------------------------- the prompt and the history
        Rule("prompt-newline", WARNING, "a prompt that ends in a newline: what is typed is on a line of its own", "write: echo -n",
             "fn PROMPT; echo 'x> '; end", "fn PROMPT; echo -n 'x> '; end", TYPED),
        Rule("prompt-mark", ERROR, "a mark for output without a newline, of which Ion has one: this one eats a line of the screen at each key",
             "leave it out",
             "fn PROMPT; echo -n \"⏎$repeat(' ' 79)${x::0D}x> \"; end", "fn PROMPT; echo -n 'x> '; end", TYPED),
        Rule("prompt-fork", WARNING, "'{}' starts a program at each prompt", "use builtins and variables, as $SWD and $USER",
             "fn PROMPT; printf '> '; end", "fn PROMPT; echo -n '> '; end", TYPED),
        Rule("prompt-status", WARNING, "$? here is that of the line before, not of the last command", "begin the function with: let status = $?",
             "fn PROMPT; let a = 1; echo -n \"$? > \"; end", "fn PROMPT; let status = $?; echo -n \"$status > \"; end", TYPED),
        Rule("history-ignore", ERROR, "HISTORY_IGNORE has to stay an array, or Ion panics at the next line",
             "write: let HISTORY_IGNORE = [ whitespace duplicates ]",
             "let HISTORY_IGNORE = whitespace", "let HISTORY_IGNORE = [ whitespace ]", TYPED),
        # ---------------------------------------------------------------- an initrc
        Rule("initrc-unguarded", WARNING, "if '{}' is not there, the rest of the file is skipped",
             "write: exists -b NAME && NAME ..., or put it into a function",
             "nosuchcommand", "exists -b nosuchcommand && nosuchcommand", TYPED, initrc=True),
        Rule("initrc-redirect", WARNING, "if '{}' cannot be opened, the rest of the file is skipped",
             "put it into a function, or leave it to a program",
             "echo a > /nonexistent/a", "test -w /nonexistent && echo a > /nonexistent/a", TYPED, initrc=True),
        Rule("initrc-exit", ERROR, "'{}' here ends the shell before its first prompt", "put what is to be skipped into an if",
             "exit 0", "if false; echo a; end", TYPED, initrc=True),
        Rule("initrc-history", ERROR, "'{}' is overwritten with its default after this file", "set it at the prompt; history +inc_append works here",
             "let HISTORY_IGNORE = [ whitespace ]", "history +inc_append", TYPED, initrc=True),
        Rule("initrc-status", WARNING, "the first prompt shows the status of the last line", "end the file with: true",
             "if false; echo a; end", "if false; echo a; end\ntrue", TYPED, initrc=True),
    )


RULES: Dict[str, Rule] = {rule.name: rule for rule in _rules()}

# For not-a-command: what other shells have, and what to write instead.
ABSENT = {
    "unset": "write: drop NAME (nothing unsets what is exported)",
    "local": "write: let, which is local in a function",
    "declare": "write: let NAME = VALUE",
    "typeset": "write: let NAME = VALUE",
    "readonly": "write: let NAME = VALUE (nothing is constant)",
    "trap": "there is none; do it behind the command",
    "ulimit": "there is none; start the program from sh",
    "umask": "there is none; use chmod, or mkdir -m",
    "shopt": "there is none; set -e and set -p are what can be set",
    "setopt": "there is none; set -e and set -p are what can be set",
    "getopts": "there is none; go through @args",
    "shift": "write: @args[1..]",
    "function": "write: fn NAME PARAMETER...",
    "until": "write: while not COMMAND",
    "command": "write: which NAME, or exists -b NAME",
    "select": "there is none; print the choices and read one",
    "bind": "write: keybindings emacs, or keybindings vi",
    "hash": "there is nothing to forget",
}
