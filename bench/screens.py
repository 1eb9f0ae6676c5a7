"""Start, key to screen, and screen change, in a real pseudo-terminal, beside a bare Textual app in the same run."""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.figure import Figure, percentile
from tests.terminal import Terminal

STARTS = 5
MOVES = 60
CHANGES = 30
WIDGETS = 16
"""Widgets of the home screen, the fullest that a resident sees first."""

TREE = Path(__file__).parents[1]
BARE = [sys.executable, "-m", "bench.bare_app", str(WIDGETS)]


def station(state: str) -> list[str]:
    """The command that runs the station on a state folder."""
    return [sys.executable, "-m", "kiosk.cli", "run", "--config", str(TREE / "kiosk.toml"), "--state", state]


def _start(command: list[str], seen: str) -> float:
    begin = time.perf_counter()
    with Terminal(command, environment={"PYTHONPATH": str(TREE)}) as terminal:
        terminal.see(seen)
        return time.perf_counter() - begin


def _answered(terminal: Terminal, key: str, settle: float) -> float:
    """Return the seconds from `key` to the first byte that changes the screen."""
    terminal.settle(settle)
    begin = time.perf_counter()
    terminal.press(key)
    while not terminal.pump(1):
        pass
    return time.perf_counter() - begin


def _complete(terminal: Terminal, key: str, shown: Callable[[], bool], settle: float) -> float:
    """Return the seconds from `key` until `shown`."""
    terminal.settle(settle)
    begin = time.perf_counter()
    terminal.press(key)
    terminal.wait(shown, "the next screen")
    return time.perf_counter() - begin


def figures() -> Iterator[Figure]:
    """Yield the figures of this module."""
    folder = tempfile.mkdtemp(prefix="kiosk-bench-")
    try:
        yield from _figures(folder)
    finally:
        shutil.rmtree(folder)


def _figures(folder: str) -> Iterator[Figure]:
    ours, bare = [], []
    for _ in range(STARTS):
        bare.append(_start(BARE, f"welcome{WIDGETS - 1}"))
        ours.append(_start(station(folder), "触摸屏幕"))
    mine, reference = min(ours) * 1000, min(bare) * 1000
    yield Figure("start to welcome, best of 5", mine, reference, "ms", "<= 1.6 x bare", mine <= 1.6 * reference)

    with (
        Terminal(station(folder), environment={"PYTHONPATH": str(TREE)}) as terminal,
        Terminal(BARE, environment={"PYTHONPATH": str(TREE)}) as other,
    ):
        terminal.see("触摸屏幕")
        other.see("welcome0")
        terminal.press("\r")
        terminal.see("人生事件", "企业历程")
        mine, reference = (
            percentile([_answered(one, "\t", 0.05) for _ in range(MOVES)], 0.95) * 1000 for one in (terminal, other)
        )
        yield Figure("key to screen, p95", mine, reference, "ms", "<= 50 ms", mine <= 50)

        ours, bare = [], []
        for turn in range(CHANGES):
            ours.append(_complete(terminal, "1", lambda: "出生" in terminal.text(), 0.45))
            ours.append(_complete(terminal, "*", lambda: "企业历程" in terminal.text(), 0.45))
            bare.append(_complete(other, "n", lambda turn=turn: f"turn{turn + 1}-0" in other.text(), 0.05))
        mine, reference = percentile(ours, 0.95) * 1000, percentile(bare, 0.95) * 1000
        yield Figure("next screen whole, p95", mine, reference, "ms", "<= 150 ms", mine <= 150)
