"""Resident memory of the station at its welcome page, beside a bare Textual app, and after many visits."""

import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure
from bench.screens import BARE, TREE, WIDGETS, station
from tests.terminal import Terminal

WELCOME = "触摸屏幕"
VISIT = (
    ("\r", "人生事件"),
    ("1", "是哪一类"),
    ("3", "要办哪一件"),
    ("2", "看要带什么"),
    ("1", "第1问"),
    ("3", "第2问"),
)
"""Keys of a visit and what must then be on the screen; the visit is ended by # and 1."""


def resident(terminal: Terminal) -> float:
    """Return the megabytes that the program's pages take in memory (VmRSS of proc(5))."""
    status = Path(f"/proc/{terminal.process.pid}/status").read_text()
    found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.M)
    assert found is not None
    return int(found[1]) / 1024


def visit(terminal: Terminal) -> None:
    """Go through a visit by keys, from the welcome back to it."""
    for key, seen in (*VISIT, ("#", "清除"), ("1", WELCOME)):
        terminal.press(key)
        terminal.see(seen)
        # The driver takes no more keys a second than fingers can press.
        terminal.settle(0.03)


def figures(visits: int = 100) -> Iterator[Figure]:
    """Yield the figures of this module."""
    folder = tempfile.mkdtemp(prefix="kiosk-bench-")
    environment = {"PYTHONPATH": str(TREE)}
    try:
        with Terminal(BARE, environment=environment) as other:
            other.see(f"welcome{WIDGETS - 1}")
            other.settle()
            bare = resident(other)
        with Terminal(station(folder), environment=environment) as terminal:
            terminal.see(WELCOME)
            # The journal, the key and the printer's thread come after the first page.
            terminal.settle(2)
            at_welcome = resident(terminal)
            yield Figure("memory at welcome", at_welcome, bare, "MB", "<= 120 MB", at_welcome <= 120)
            for _ in range(visits):
                visit(terminal)
                del terminal.output[:]
            after = resident(terminal)
            yield Figure(f"memory after {visits} visits", after, bare, "MB", "<= 200 MB", after <= 200)
    finally:
        shutil.rmtree(folder)


def long_run(first: int = 500, last: int = 2000) -> Iterator[Figure]:
    """Yield memory after `first` and after `last` visits, the second as a ratio to the first."""
    folder = tempfile.mkdtemp(prefix="kiosk-soak-")
    try:
        with Terminal(station(folder), environment={"PYTHONPATH": str(TREE)}) as terminal:
            terminal.see(WELCOME)
            middle = 0.0
            for number in range(1, last + 1):
                visit(terminal)
                del terminal.output[:]
                if number == first:
                    middle = resident(terminal)
                    yield Figure(f"memory after {first} visits", middle, None, "MB", "<= 200 MB", middle <= 200)
            end = resident(terminal)
            yield Figure(f"memory after {last} visits", end, middle, "MB", "within 5 %", end <= middle * 1.05)
    finally:
        shutil.rmtree(folder)


def monkey(seconds: float, seed: int) -> Iterator[Figure]:
    """Press and touch at random for so long; memory and the time to answer must stay flat."""
    chance = random.Random(seed)
    folder = tempfile.mkdtemp(prefix="kiosk-soak-")
    try:
        with Terminal(station(folder), environment={"PYTHONPATH": str(TREE)}) as terminal:
            terminal.see(WELCOME)
            halves: tuple[list[float], list[float]] = ([], [])
            memory = []
            start = time.monotonic()
            while (past := time.monotonic() - start) < seconds:
                _act(terminal, chance)
                before = time.perf_counter()
                terminal.press("\t")
                if terminal.pump(0.5):
                    halves[past > seconds / 2].append(time.perf_counter() - before)
                terminal.settle(0.02)
                del terminal.output[:]
                memory.append(resident(terminal))
                assert terminal.process.poll() is None, f"ended with {terminal.process.returncode}; seed {seed}"
            first, second = (sorted(half)[int(len(half) * 0.95)] * 1000 for half in halves)
            yield Figure("monkey: key to screen, p95", second, first, "ms", "<= 50 ms", second <= 50)
            half = max(memory[: len(memory) // 2])
            yield Figure("monkey: memory", memory[-1], half, "MB", "second half <= 1.05 x", memory[-1] <= half * 1.05)
    finally:
        shutil.rmtree(folder)


def _act(terminal: Terminal, chance: random.Random) -> None:
    """Do one thing that a bored passer-by might do."""
    match chance.randrange(10):
        case 0:
            terminal.touch((chance.randrange(80), chance.randrange(22)))
        case 1:
            terminal.press(bytes(chance.randrange(256) for _ in range(chance.randrange(1, 20))))
        case 2:
            terminal.press(chance.choice(["\x1b[A", "\x1b[B", "\x1b[Z", "\x7f", "\x1b", "#", "/", "*"]))
        case _:
            terminal.press(chance.choice("123456789\r"))


if __name__ == "__main__":
    from bench.figure import table

    minutes, seed = float(sys.argv[1]), int(sys.argv[2])
    print(table([*monkey(minutes * 60, seed), *long_run()]))
