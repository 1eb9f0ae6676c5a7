"""How long Python's garbage collector stops the screens while somebody touches them, and what runs to measure it.

`python -m bench.pauses FILE MODULE ARGUMENTS` runs a module as `python -m MODULE` does, and writes a line to FILE for
each collection: when it began (seconds of CLOCK_MONOTONIC), how many seconds of a core it took, which generation it
collected. Seconds of a core, because on a busy machine other programs' turns fall into a collection too.
"""

import gc
import runpy
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure
from bench.screens import WIDGETS
from bench.visits import TREE, VISITS, play, station
from tests.terminal import Terminal

ROUNDS = 12
TURNS = 400


def longest(log: Path, since: float) -> float:
    """Return the milliseconds of the longest collection that began after `since`."""
    lines = (line.split() for line in log.read_text().splitlines())
    return max((float(took) for began, took, _ in lines if float(began) >= since), default=0.0) * 1000


def figures() -> Iterator[Figure]:
    """Yield the figures of this module."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "ours"
        with station("-m", "bench.pauses", str(log)) as terminal:
            since = time.monotonic()
            for _ in range(ROUNDS):
                for visit in VISITS:
                    play(terminal, visit)
            mine = longest(log, since)
        log = Path(folder) / "bare"
        runner = [sys.executable, "-m", "bench.pauses", str(log), "bench.bare_app", str(WIDGETS)]
        with Terminal(runner, environment={"PYTHONPATH": str(TREE)}) as bare:
            bare.see("welcome0")
            since = time.monotonic()
            for turn in range(1, TURNS + 1):
                bare.press("n")
                bare.see(f"turn{turn}-0")
            reference = longest(log, since)
    name = f"longest collection while touched, {ROUNDS * len(VISITS)} visits"
    yield Figure(name, mine, reference, "ms", "<= 100 ms", mine <= 100)


def _run(log: Path, module: str, arguments: list[str]) -> None:
    began = spent = 0.0

    def note(phase: str, about: dict[str, int]) -> None:
        nonlocal began, spent
        if phase == "start":
            began, spent = time.monotonic(), time.thread_time()
        else:
            print(began, time.thread_time() - spent, about["generation"], file=file)

    with log.open("w", buffering=1) as file:
        gc.callbacks.append(note)
        sys.argv = [module, *arguments]
        try:
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        finally:
            gc.callbacks.remove(note)


if __name__ == "__main__":
    _run(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
