# SPDX-License-Identifier: MIT
"""Compares what a test says of TOML files with Python's reader.

In the folder given are cases: N.before, N.drivers (what was read of its drivers, a line each: name and
command, parted by \\x1f), and N.K.after (with the K-th driver disabled)."""
import pathlib
import sys
import tomllib


def main():
    folder = pathlib.Path(sys.argv[1])
    cases = 0
    for before in sorted(folder.glob("*.before")):
        text = before.read_bytes().decode()
        config = tomllib.loads(text)
        expected = ["\x1f".join([d.get("name", ""), *d["command"]]) for d in config.get("drivers", [])]
        read = before.with_suffix(".drivers").read_bytes().decode().split("\x1e")[:-1]
        assert read == expected, (before.name, read, expected)
        for index in range(len(expected)):
            after = folder / f"{before.stem}.{index}.after"
            changed = tomllib.loads(after.read_bytes().decode())
            wanted = dict(config)
            wanted["drivers"] = [d for i, d in enumerate(config["drivers"]) if i != index]
            if not wanted["drivers"]:
                del wanted["drivers"]
            assert changed == wanted, (after.name, changed, wanted)
            cases += 1
    print(cases)


main()
