# SPDX-License-Identifier: MIT
"""Bytes that are nowhere the same, by size and seed, as tests/guest/runner/README.md defines them: so much as a line of a
script says, and run-cases makes the same in a guest."""
import array
import sys

# Many words are made at a time, each in a lane of one long number that has room for a product: a loop over words
# would take ten times as long.
_LANES = 8192
_LANE_BYTES = 16
_WORD = (1 << 64) - 1


def _lanes(value: int) -> int:
    """A number with `value` in each lane."""
    return int.from_bytes(value.to_bytes(_LANE_BYTES, "little") * _LANES, "little")


_COUNTING = int.from_bytes(b"".join(i.to_bytes(_LANE_BYTES, "little") for i in range(_LANES)), "little")
_WORDS = _lanes(_WORD)
_SHIFTED = {bits: _lanes(_WORD >> bits) for bits in (27, 30, 31)}


def data(size: int, seed: int) -> bytes:
    """The content of that size and seed. Less of the same seed is its beginning."""
    words = bytearray()
    for begin in range(0, (size + 7) // 8, _LANES):
        x = _COUNTING + _lanes(((seed << 32) + begin + 0x9e3779b97f4a7c15) & _WORD) & _WORDS
        x = (x ^ x >> 30 & _SHIFTED[30]) * 0xbf58476d1ce4e5b9 & _WORDS
        x = (x ^ x >> 27 & _SHIFTED[27]) * 0x94d049bb133111eb & _WORDS
        x = x ^ x >> 31 & _SHIFTED[31]
        made = array.array("Q", x.to_bytes(_LANE_BYTES * _LANES, "little"))[::2]
        if sys.byteorder == "big":
            made.byteswap()
        words += made.tobytes()
    return bytes(words[:size])
