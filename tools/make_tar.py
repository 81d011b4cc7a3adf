#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: make_tar.py FOLDER SECONDS OUT.tar

Archives what is in FOLDER. The same content gives the same bytes, whoever does it, where and when:
names sorted by bytes, owner 0:0 without names, SECONDS (since 1970) as the time of everything, modes
0755 (folders, and files that somebody may execute) and 0644, plain ustar.
"""

import os
import stat
import sys
import tarfile


def entries_below(folder, prefix=""):
    """The paths below folder, each folder before what is in it."""
    for name in sorted(os.listdir(os.fsencode(os.path.join(folder, prefix)))):
        path = os.path.join(prefix, os.fsdecode(name))
        yield path
        whole = os.path.join(folder, path)
        if os.path.isdir(whole) and not os.path.islink(whole):
            yield from entries_below(folder, path)


def make_tar(folder, seconds, out):
    with open(out, "wb") as file, tarfile.open(
        fileobj=file, mode="w", format=tarfile.USTAR_FORMAT
    ) as tar:
        for path in entries_below(folder):
            whole = os.path.join(folder, path)
            status = os.lstat(whole)
            info = tarfile.TarInfo(path)
            info.mtime = seconds
            info.mode = 0o755
            if stat.S_ISDIR(status.st_mode):
                info.type = tarfile.DIRTYPE
                tar.addfile(info)
            elif stat.S_ISLNK(status.st_mode):
                info.type = tarfile.SYMTYPE
                info.mode = 0o777
                info.linkname = os.readlink(whole)
                tar.addfile(info)
            elif stat.S_ISREG(status.st_mode):
                if not status.st_mode & 0o111:
                    info.mode = 0o644
                info.size = status.st_size
                with open(whole, "rb") as content:
                    tar.addfile(info, content)
            else:
                raise ValueError(f"{whole}: neither a file nor a folder nor a link")


def main():
    if len(sys.argv) != 4 or not sys.argv[2].isdigit():
        sys.exit(__doc__)
    try:
        make_tar(sys.argv[1], int(sys.argv[2]), sys.argv[3])
    except (OSError, ValueError) as error:
        sys.exit(f"make_tar: {error}")


if __name__ == "__main__":
    main()
