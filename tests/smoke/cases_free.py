# SPDX-License-Identifier: MIT
"""free. procps' is no GNU program to compare with; the Redox programs know total, used and free."""
import os
import re

from harness import Case, Dir, case


@case("free.columns")
def _(t: Case) -> None:
    if t.programs.revision == "host":
        outcome = t.run("free")
        t.expect(outcome.status == 0 and re.search(rb"\nMem:( +\d+){6}\nSwap:( +\d+){3}\n$", outcome.out), "not six columns", outcome)
        return
    t.tree({"schemes": Dir(), "schemes/memory": Dir()})
    variables = {"CATION_SCHEMES": os.fsdecode(os.path.join(t.ours, b"schemes"))}
    outcome = t.run("free", environment=variables)
    t.expect(outcome.status == 0 and re.search(rb"\nMem:( +\d+){3}( +-){3}\nSwap:( +-){3}\n$", outcome.out), "what is not known is not -", outcome)
    outcome = t.run("free", "-hwt", environment=variables)
    t.expect(outcome.status == 0 and re.search(rb"\nMem:( +[0-9.]+([KMGT]i|B)){3}( +-){4}\nSwap:( +-){3}\nTotal:", outcome.out),
             "not with -hwt", outcome)
    outcome = t.run("free", stdout="/dev/full", environment=variables)
    t.expect(outcome.status == 1 and b"write error" in outcome.errors, "nobody noticed", outcome)
    outcome = t.run("free", environment={"CATION_SCHEMES": "/nonexistent"})
    t.expect(outcome.status == 1 and b"cannot find out about memory" in outcome.errors, "no message", outcome)
