# SPDX-License-Identifier: MIT
"""Makes an initfs archive as the system's archiver does (format of February 2026), independently of the
code under test: a page for the header, the bootstrap program, the inodes, then by a walk each directory's
entries and for each of them its content and its name, all on pages of their own."""
import struct

PAGE = 4096


def make_initfs(tree: dict, bootstrap: bytes = b"", created: int = 1770000000) -> bytes:
    """`tree`: names to (mode, bytes) for files, str for links, dict for folders."""
    image = bytearray()

    state = {"inode": 0, "end": 0}

    def place(content: bytes) -> int:
        offset = len(image)
        image.extend(content)
        if content:
            state["end"] = len(image)
        image.extend(bytes(-len(image) % PAGE))
        return offset

    def count(folder: dict) -> int:
        return sum(1 + (count(entry) if isinstance(entry, dict) else 0) for entry in folder.values())

    place(bytes(PAGE))
    if bootstrap:
        place(bootstrap)
    inodes = 1 + count(tree)
    table = place(bytes(20 * inodes))
    def write_inode(number: int, kind: int, mode: int, length: int, offset: int) -> None:
        struct.pack_into("<IIIII", image, table + 20 * number, kind << 28 | mode, length, offset, 0, 0)

    def write_folder(folder: dict):
        entries = place(bytes(8 * len(folder)))
        for index, (name, entry) in enumerate(folder.items()):
            if isinstance(entry, dict):
                length, offset = write_folder(entry)
                kind, mode = 1, 0o755
            elif isinstance(entry, str):
                length, offset = len(entry), place(entry.encode())
                kind, mode = 2, 0o777
            else:
                mode, content = entry
                length, offset = len(content), place(content)
                kind = 0
            state["inode"] += 1
            number = state["inode"]
            write_inode(number, kind, mode, length, offset)
            at = place(name.encode())
            struct.pack_into("<HHI", image, entries + 8 * index, number, len(name.encode()), at)
        return 8 * len(folder), entries

    length, offset = write_folder(tree)
    write_inode(0, 1, 0o755, length, offset)
    entry = struct.unpack_from("<Q", bootstrap, 24)[0] if bootstrap else 2**64 - 1
    # What was written last is not followed by anything.
    del image[state["end"]:]
    struct.pack_into("<8sIQIHQQH", image, 0, b"RedoxFtw", table, created, 0, inodes, entry, len(image), PAGE)
    return bytes(image)
