#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: imports_test.py IMPORTS_TXT SYMBOLS_DIRECTORY OBJECT_IMPORTS...

What the programs import from relibc is what was reviewed (imports.txt), exists in the revision of
relibc that they are built for, and has nothing dear in it.
"""
import sys

sys.dont_write_bytecode = True
import os
import re
from typing import Callable, Dict, List, Set

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import imports
from testing import expect, read_list, run_cases

# Functions of relibc that cost a multiple of what they do, or do not do it: see the costs below, in bytes of
# a static program. A pattern must match the whole symbol.
_DEAR: Dict[str, str] = {
    r"(v|f|vf|s|vs|sn|vsn|d|vd|as|vas|w|fw|sw|v.w)?w?printf(_chk)?|__.*printf.*": "printf family: 33 to 41 KB",
    r"(v|f|vf|s|vs)?w?scanf": "scanf family",
    r"strftime|wcsftime|strptime|localtime(_r)?|gmtime(_r)?|mktime|timegm|asctime(_r)?|ctime(_r)?|tzset|difftime":
        "1.2 MB, a data base of time zones: runtime/core/calendar",
    r"isatty|ttyname(_r)?|ioctl|tc[gs]etattr|tcsetattr|tc(drain|flow|flush|sendbreak|getpgrp|setpgrp|getsid)|cf.*speed":
        "12.4 KB: duplicate the descriptor as termios or winsize",
    r"(get|set|end)(pw|gr|sp)(uid|gid|nam|ent)?(_r)?|getgroups|setgroups|initgroups|getlogin(_r)?|getservby.*|gethostby.*|getaddrinfo":
        "3 to 22 KB: runtime/core/accounts",
    r"getopt(_long|_long_only)?|optarg|optind|opterr|optopt|getsubopt": "2.6 KB and other rules: coreutils/support/options",
    r"setlocale|localeconv|newlocale|uselocale|duplocale|freelocale|nl_langinfo(_l)?": "15 KB: no locales",
    r"f(re|d)?open(64)?|fmemopen|open_memstream|popen|pclose|fclose|fread|fwrite|fgets?c?|fputs?c?|put(s|c|char)(_unlocked)?|"
    r"get(s|c|char|line|delim)(_unlocked)?|"
    r"ungetc|fflush|fseeko?|ftello?|rewind|setv?buf|perror|std(in|out|err)|tmpfile|tmpnam|tempnam|remove":
        "stdio: 18 KB",
    r"strto(d|f|ld)|atof|wcsto(d|f|ld)": "8.6 KB",
    r"glob(free)?|fnmatch|reg(comp|exec|free|error)|wordexp|wordfree": "15 to 29 KB",
    r"uname|gethostname|sysconf|confstr|pathconf|fpathconf": "19 KB",
    r"exec(l|v|le|ve|lp|vp|vpe)|fexecve|system|posix_spawnp?": "12 to 29 KB: by execve(), where that is what a program is for",
    r"open(at)?(64)?|creat|fcntl|shm_open|mq_open|sem_open": "variadic, loses the mode in some builds: redox_open_v1",
    r"opendir|fdopendir|readdir(64)?(_r)?|closedir|scandir|rewinddir|dirfd|seekdir|telldir": "512 bytes at a time: posix_getdents",
    r"mkdir(at)?|mknod(at)?": "ignores its mode: redox_open_v1 with O_CREAT|O_DIRECTORY",
    r"(l|f)?stat(at|64)?|fstatat|chmod|fchmodat|l?chown|fchownat|utime.*|futimesat|lutimes|readlink(at)?|symlink(at)?|access|faccessat|realpath":
        "by path, in January by joining strings: open, then act on the descriptor",
    r"qsort(_r)?|bsearch": "runtime/core/sort",
    r"dl(open|sym|close|error)|pthread_.*": "the run-time linker, threads",
    r"setenv|putenv|getenv|unsetenv|clearenv": "the environment comes with Context",
    r"wc(width|swidth|rtomb|tomb)|mb(rtowc|towc|stowcs|srtowcs|len|rlen)": "7.9 KB: runtime/core/display_width",
    r"__cxa_.*|_Unwind_.*|__gxx_personality.*|_Zn[wa].*|_Zd[la].*|_ZSt.*|_ZNSt.*|__atexit|atexit|abort|__stack_chk_.*":
        "C++'s run-time library, which there is none of on Redox",
}

# What these programs cannot do without.
_WORTH_IT: Dict[str, Set[str]] = {"execve": {"both", "capture", "cation-box", "env", "run", "time", "timeout", "with-stderr"}}


def main() -> int:
    checked_in_path, symbols_directory, paths = sys.argv[1], sys.argv[2], sys.argv[3:]
    found = imports.read_objects(paths)
    checked_in = imports.read_checked_in(checked_in_path)
    revisions: Dict[str, List[str]] = {}
    for name in sorted(os.listdir(symbols_directory)):
        match = re.fullmatch(r"symbols-(.*)\.txt", name)
        if match:
            revisions[match.group(1)] = read_list(os.path.join(symbols_directory, name))
    cases: Dict[str, Callable[[], None]] = {}

    def builds() -> None:
        expect(set(found) == {"%s-%s" % (arch, revision) for arch in ("x86_64", "aarch64") for revision in revisions},
               "not one list for each architecture and revision: %s" % sorted(found))
        for build, symbols in found.items():
            expect("relibc_start_v1" in symbols, "%s: not even relibc_start_v1 is imported: the lists are broken" % build)

    def as_reviewed() -> None:
        problems = []
        now = imports.entries(found)
        for symbol in sorted(set(now) | set(checked_in)):
            if symbol not in checked_in:
                programs = sorted({p for symbols in found.values() for p in symbols.get(symbol, ())})
                problems.append("%s came: imported by %s (%s)" % (symbol, ", ".join(programs), now[symbol] or "all builds"))
            elif symbol not in now:
                problems.append("%s went: nobody imports it any more" % symbol)
            elif now[symbol] != checked_in[symbol]:
                problems.append("%s moved: imported in %s, was in %s" % (
                    symbol, now[symbol] or "all builds", checked_in[symbol] or "all builds"))
        expect(not problems, "\n".join(problems) + "\nIs each of them worth its bytes, and does relibc keep its promise? "
               "Then run\n    bazel run //tests/conformance:update_imports\nand commit imports.txt.")

    def tidy() -> None:
        names = [line.split(" ")[0] for line in read_list(checked_in_path)]
        expect(names == sorted(names) and len(names) == len(set(names)), "imports.txt is not sorted, or has a symbol twice")

    def in_revision(revision: str) -> None:
        there = set(revisions[revision])
        expect(len(there) > 1000, "the list of what relibc %s exports is not whole" % revision)
        for build, symbols in found.items():
            if not build.endswith("-" + revision):
                continue
            missing = ["%s (%s)" % (symbol, ", ".join(sorted(programs)))
                       for symbol, programs in sorted(symbols.items()) if symbol not in there]
            expect(not missing, "built for relibc %s, %s imports what that does not have: %s\n"
                   "Put it into OPTIONAL_SYMBOLS of toolchains/relibc_symbols.bzl and fall back in "
                   "runtime/sys/redox without CATION_RELIBC_HAS_..." % (revision, build, "; ".join(missing)))

    def nothing_dear() -> None:
        problems = []
        for symbol in sorted(set(checked_in) | {s for symbols in found.values() for s in symbols}):
            programs: Set[str] = set().union(*(symbols.get(symbol, set()) for symbols in found.values()))
            if symbol in _WORTH_IT and programs == _WORTH_IT[symbol]:
                continue
            for pattern, why in _DEAR.items():
                if re.fullmatch(pattern, symbol):
                    problems.append("%s: %s (%s)" % (symbol, why, " ".join(sorted(programs))))
        expect(not problems, "dear or unsafe functions of relibc are imported:\n" + "\n".join(problems))

    def dear_is_recognized() -> None:
        # A pattern that matches nothing that relibc has guards nothing.
        exported = {symbol for symbols in revisions.values() for symbol in symbols}
        for pattern in _DEAR:
            if pattern.startswith("__cxa_"):
                continue
            expect(any(re.fullmatch(pattern, symbol) for symbol in exported), "no function of relibc is meant by " + pattern)
        for symbol in ("printf", "snprintf", "vfprintf", "strftime", "localtime_r", "gmtime", "mktime", "isatty", "ioctl",
                       "tcgetattr", "getpwuid", "getpwnam_r", "getgrgid", "getgrent", "getopt", "getopt_long", "setlocale",
                       "fopen", "fread", "stdout", "strtod", "glob", "fnmatch", "regcomp", "uname", "execve", "execv",
                       "open", "openat", "fcntl", "mkdir", "readdir", "stat"):
            expect(any(re.fullmatch(pattern, symbol) for pattern in _DEAR), "%s is not recognized" % symbol)

    cases["builds"] = builds
    cases["as-reviewed"] = as_reviewed
    cases["tidy"] = tidy
    for revision in revisions:
        cases["exists-in-" + revision] = lambda revision=revision: in_revision(revision)
    cases["nothing-dear"] = nothing_dear
    cases["dear-is-recognized"] = dear_is_recognized
    return run_cases("conformance.imports", cases)


if __name__ == "__main__":
    sys.exit(main())
