# SPDX-License-Identifier: MIT
"""The power cut: what was synced is there and whole; what was not may be missing, but is never mixed.

The guest writes in rounds, each with files of its own, one that is replaced by a rename and one that is written over, and
syncs each round; run-cases says where it is. At a place drawn by chance QEMU is killed, as a cut of the power would end
the machine: what the guest's kernel held back is gone. The next boot begins with the look at what is left, by the
content of each file (README.md of runner/, "data": any two files, and any two places, differ), and goes on writing.
"""
import random
from dataclasses import dataclass, field
from typing import Iterable, List, Optional, Set, Tuple

# Sizes of a round's files: within a node of RedoxFS, within a block, across a record of 128 KiB, of more than one write.
_SIZES = (700, 5000, 300_000, 1_500_000)
_REPLACED = 40_000
_OVERWRITTEN = 200_000
# Far more than is written before any place that is drawn.
_ROUNDS_A_BOOT = 6
# What is written and never synced: how much of it is gone shows that the cut was one.
_UNSYNCED = 64 * 1024

# What a round's steps are called on the serial line, in order.
_STEPS = tuple("file-%d" % i for i in range(len(_SIZES))) + ("new", "replaced", "written-over", "synced")


@dataclass
class Cut:
    """One boot that was cut, and what the next one found."""
    number: int
    cache: str
    place: str  # after which mark
    synced: int = 0  # the last round that the guest had said is synced
    rounds: Tuple[int, int] = (0, 0)  # first and last that may have been begun
    outcome: str = "not looked at"  # "ok", "FAILED", or why it was not looked at
    why: str = ""
    unsynced_lost: Optional[bool] = None


def _seed(round_number: int, file: int) -> int:
    return round_number * 16 + file


@dataclass
class PowerCut:
    """The rounds written so far, across boots. `folder`: a directory of the guest's disk; `work`: one that is not on it
    (or may be, where the guest has nothing else); `sync`: the program's name."""
    folder: str
    seed: int
    work: str = "/tmp"
    next_round: int = 1
    synced: int = 0
    cuts: List[Cut] = field(default_factory=list)
    _kept: Set[int] = field(default_factory=set)  # rounds whose files are still there
    _wanted: str = ""

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    # ------------------------------------------------------------------------------------- scripts
    def script(self, write: bool = True) -> Tuple[str, List[str]]:
        """The script for the next boot, and the names of its cases: the look at what the last cut left, then, with
        `write`, the rounds up to the next."""
        lines: List[str] = []
        names: List[str] = []
        if self.cuts:
            number = self.cuts[-1].number
            names += ["power-cut.look-%d" % number, "power-cut.unsynced-%d" % number]
            lines += self._look(self.cuts[-1])
        if write:
            number = len(self.cuts) + 1
            names.append("power-cut.write-%d" % number)
            lines += self._write(number)
        return "".join(line + "\n" for line in lines), names

    def _path(self, *parts: str) -> str:
        return "/".join((self.folder,) + parts)

    def _round_files(self, number: int) -> Iterable[Tuple[str, int, int]]:
        for i, size in enumerate(_SIZES):
            yield self._path("round-%d" % number, "file-%d" % i), size, _seed(number, i)

    def _look(self, cut: Cut) -> List[str]:
        first, last = cut.rounds
        lines = ["case power-cut.look-%d 120" % cut.number]
        for number in sorted(self._kept):
            for path, size, seed in self._round_files(number):
                if number <= cut.synced:
                    lines.append("data-is %s - %d %d" % (path, size, seed))
                else:
                    lines.append("prefix-of-one %s %d %d" % (path, size, seed))
        later = [number for number in range(max(first, cut.synced + 1), last + 1)]
        if cut.synced:
            def candidates(size: int, file: int) -> str:
                return " ".join("%d %d" % (size, _seed(number, file)) for number in [cut.synced] + later)
            # What is renamed over another was synced before: one of them, whole.
            lines.append("one-of %s %s" % (self._path("replaced"), candidates(_REPLACED, 14)))
            # What is written over is cut first: the last that was synced, or a part of what came after.
            lines.append("whole-or-prefix %s %s" % (self._path("written-over"), candidates(_OVERWRITTEN, 15)))
        unsynced = "%s %d %d" % (self._path("unsynced-%d" % cut.number), _UNSYNCED, cut.number)
        lines.append("prefix-of-one " + unsynced)
        # Skipped: it is lost.
        return lines + ["case power-cut.unsynced-%d 60" % cut.number, "needs-data " + unsynced]

    def _write(self, number: int) -> List[str]:
        lines = ["case power-cut.write-%d 600" % number, "run mkdir -p " + self.folder, "status 0"]
        # The last that was synced stays, to be looked at once more after the next cut.
        gone = sorted(old for old in self._kept if old != self.synced)
        for old in gone:
            lines += ["run rm -rf " + self._path("round-%d" % old), "status 0"]
            self._kept.discard(old)
        for old in range(1, number):
            lines.append("remove " + self._path("unsynced-%d" % old))
        source = self.work + "/source"
        first = self.next_round
        for round_number in range(first, first + _ROUNDS_A_BOOT):
            lines += self._write_round(number, round_number, source)
            self._kept.add(round_number)
        self.next_round = first + _ROUNDS_A_BOOT
        lines.append("mark " + self._mark(number, self.next_round, "end"))
        return lines

    @staticmethod
    def _mark(cut: int, round_number: int, step: str) -> str:
        return "cut-%d:round-%d:%s" % (cut, round_number, step)

    def _write_round(self, cut: int, number: int, source: str) -> List[str]:
        folder = self._path("round-%d" % number)
        new, replaced, over = self._path("new"), self._path("replaced"), self._path("written-over")

        def run(*words: str) -> List[str]:
            return ["run " + " ".join(words), "status 0", 'errors ""']

        def mark(step: str) -> List[str]:
            return ["mark " + self._mark(cut, number, step)]

        lines = run("mkdir", folder)
        if number % _ROUNDS_A_BOOT == 1:
            unsynced = self._path("unsynced-%d" % cut)
            lines += ["data %s 0644 %d %d" % (source, _UNSYNCED, cut)] + run("cp", source, unsynced)
        for i, (path, size, seed) in enumerate(self._round_files(number)):
            lines += ["data %s 0644 %d %d" % (source, size, seed)] + run("cp", source, path) + mark("file-%d" % i)
        lines += ["data %s 0644 %d %d" % (source, _REPLACED, _seed(number, 14))]
        lines += run("cp", source, new) + run("sync", new) + mark("new")
        lines += ["rename %s %s" % (new, replaced)] + mark("replaced")
        lines += ["data %s 0644 %d %d" % (source, _OVERWRITTEN, _seed(number, 15))]
        lines += run("cp", source, over) + mark("written-over")
        # Each file, and the directories for their entries; and all, as people do.
        files = [path for path, _, _ in self._round_files(number)]
        lines += run("sync", *files, over, folder, self.folder) + run("sync") + mark("synced")
        return lines

    # ------------------------------------------------------------------------------------- a cut
    def begin_cut(self, cache: str, first: bool = False) -> Cut:
        """Draws the place of the next cut. Call after script(). `first`: not before a round has been synced."""
        first_round = self.next_round - _ROUNDS_A_BOOT
        round_number = first_round + self._random.randrange(1 if first else 0, _ROUNDS_A_BOOT - 1)
        place = self._mark(len(self.cuts) + 1, round_number, self._random.choice(_STEPS))
        cut = Cut(len(self.cuts) + 1, cache, place, self.synced, (first_round, self.next_round - 1))
        self._wanted = place
        self.cuts.append(cut)
        return cut

    def passed(self, mark: str) -> bool:
        """The guest has said that it is here; True when this is where the power goes."""
        number, round_text, step = mark.split(":")
        if step == "synced" and number == "cut-%d" % len(self.cuts):
            self.synced = self.cuts[-1].synced = int(round_text[len("round-"):])
        return mark == self._wanted

    def looked(self, name: str, outcome: str, why: str) -> None:
        """The result of a case of the last look."""
        if not self.cuts:
            return
        # Of the cut that this boot looks at; the one that it is heading for is behind it.
        for cut in self.cuts:
            if name == "power-cut.look-%d" % cut.number:
                cut.outcome, cut.why = ("ok" if outcome == "passed" else "FAILED"), why
            elif name == "power-cut.unsynced-%d" % cut.number:
                cut.unsynced_lost = outcome != "passed"
