"""What the station asks of a core while nobody touches it, beside a bare Textual app at the same time."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench.figure import Figure
from bench.screens import BARE
from bench.visits import TREE, station
from tests.terminal import Terminal

SECONDS = 25.0
AFTER_SECONDS = 5.0
"""The collection of garbage on the welcome page, three seconds after the last touch, is not rest."""


def busy(terminal: Terminal) -> float:
    """Return the seconds that all threads of the program have had of a core so far (utime, stime of proc(5))."""
    fields = Path(f"/proc/{terminal.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def shares(terminals: list[Terminal]) -> list[float]:
    """Return what each program takes of a core in `SECONDS` without a touch, in per cent."""
    before = [busy(one) for one in terminals]
    end = time.monotonic() + SECONDS
    while (left := end - time.monotonic()) > 0:
        for one in terminals:
            one.pump(min(left, 0.5))
    return [100 * (busy(one) - spent) / SECONDS for one, spent in zip(terminals, before, strict=True)]


def figures() -> Iterator[Figure]:
    """Yield the figures of this module."""
    with ExitStack() as stack:
        ours = stack.enter_context(station())
        bare = stack.enter_context(Terminal(BARE, environment={"PYTHONPATH": str(TREE)}))
        bare.see("welcome0")
        for one in (ours, bare):
            one.settle(AFTER_SECONDS)
        mine, reference = shares([ours, bare])
        yield Figure("idle on the welcome page", mine, reference, "% of a core", "< 1 %", mine < 1)
        ours.press("\r")
        ours.see("人生事件", "企业历程")
        ours.settle(1)
        mine, reference = shares([ours, bare])
        yield Figure("idle in a visit", mine, reference, "% of a core", "< 1 %", mine < 1)
