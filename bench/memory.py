"""Resident memory of the station at its welcome page and after many visits, beside a bare Textual app."""

import re
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure
from bench.screens import BARE, WIDGETS
from bench.visits import TREE, VISITS, play, station
from tests.terminal import Terminal

VISITED = 500
TURNS = 1000
"""Screens that the bare app shows: after some hundreds its memory is as large as it gets."""


def resident(process: int, *, most: bool = False) -> float:
    """Return the megabytes that a process has in memory now, or had at most (VmRSS, VmHWM of proc(5))."""
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(rf"^{'VmHWM' if most else 'VmRSS'}:\s+(\d+) kB", status, re.M)
    assert found is not None
    return int(found[1]) / 1024


def figures() -> Iterator[Figure]:
    """Yield the figures of this module."""
    with Terminal(BARE, environment={"PYTHONPATH": str(TREE)}) as bare:
        bare.see(f"welcome{WIDGETS - 1}")
        bare.settle()
        reference = [resident(bare.process.pid)]
        for turn in range(1, TURNS + 1):
            bare.press("n")
            bare.see(f"turn{turn}-0")
            del bare.output[:]
        reference.append(resident(bare.process.pid))
    with station() as terminal:
        mine = resident(terminal.process.pid)
        yield Figure("memory at welcome, with a printer", mine, reference[0], "MB", "<= 120 MB", mine <= 120)
        for number in range(VISITED):
            play(terminal, VISITS[number % len(VISITS)])
        mine = resident(terminal.process.pid)
        yield Figure(
            f"memory after {VISITED} visits (bare: {TURNS:,} screens)",
            mine,
            reference[1],
            "MB",
            "<= 200 MB",
            mine <= 200,
        )
