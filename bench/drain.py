"""What a resident at the station notices while it sends what it kept for weeks: nothing.

Each round is the real program, before a real center, on a copy of one journal: first with all of it to send, then
started again with nothing left. The center is another machine's work, so it gets another core, where there is one,
and stands back there behind whoever looks at the screen.
"""

import contextlib
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import backlog
from bench.figure import Figure, percentile
from bench.memory import resident
from bench.screens import TREE
from bench.visits import WELCOME
from kiosk.journal.outgoing import Outgoing
from tests.link.test_kills import Ends, end
from tests.terminal import Terminal
from tests.waiting import wait_for

DAYS = 30
"""Three days are sent before a resident has read the first page; a month lasts as long as the keys do."""

ROUNDS = 3
LEAST = 100
"""Keys while entries are under way, all rounds together."""

STARTED_S = 8.0
PATIENCE_S = 60.0
"""The line is tried again ever more seldom while nobody answers."""

BETWEEN_S = 0.03
MORE = 1.2
MORE_MB = 16.0


def _waiting(outgoing: Outgoing) -> int:
    """How many entries the center does not have."""
    run = outgoing.run(None, 1, 1)
    return run.newest - run.last + len(run.entries)


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _answers(terminal: Terminal, going_on: Callable[[], bool]) -> list[float]:
    """Return the seconds from Tab to the first byte on the screen, for as long as it goes on."""
    seconds = []
    while going_on():
        terminal.settle(BETWEEN_S)
        began = time.perf_counter()
        terminal.press("\t")
        while not terminal.pump(1):
            pass
        seconds.append(time.perf_counter() - began)
    # The last key may have been answered when nothing was under way any more.
    return seconds[:-1]


def _keep_to(process: int, core: int) -> None:
    """Let all threads of a process run on that one of the cores alone."""
    cores = sorted(os.sched_getaffinity(0))
    for thread in Path(f"/proc/{process}/task").iterdir():
        os.sched_setaffinity(int(thread.name), {cores[core]})


@dataclass(frozen=True)
class Turn:
    """One run of the program: how fast it answered, and its memory at most."""

    seconds: list[float]
    memory: float


def _turn(ends: Ends, settings: Path, keys: int | None = None) -> Turn:
    """Run the station and press so many keys, or as many as it takes to send what it has."""
    command = [sys.executable, "-m", "kiosk.cli", "run", "--config", settings, "--state", ends.state]
    outgoing = Outgoing(ends.state)
    total = _waiting(outgoing)
    with Terminal(command, environment={"PYTHONPATH": str(TREE)}) as terminal:
        _keep_to(terminal.process.pid, 0)
        terminal.see(WELCOME)
        terminal.press("\r")
        terminal.see("人生事件")
        # Whatever a station does once after its start is over when the line comes.
        terminal.settle(STARTED_S)
        center = ends.serve()
        _keep_to(center.pid, -1)
        os.setpriority(os.PRIO_PROCESS, center.pid, 19)
        wait_for(lambda: not terminal.pump(0) and _listens(ends.port), PATIENCE_S)
        if keys is None:
            wait_for(lambda: not terminal.pump(0) and _waiting(outgoing) < total, PATIENCE_S)
            seconds = _answers(terminal, lambda: _waiting(outgoing) > 0)
        else:
            left = iter(range(keys))
            seconds = _answers(terminal, lambda: next(left, None) is not None)
        memory = resident(terminal.process.pid, most=True)
    outgoing.close()
    end(center)
    return Turn(seconds, memory)


def figures() -> Iterator[Figure]:
    """Yield the figures of this module."""
    busy: list[Turn] = []
    idle: list[Turn] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        backlog.fill(folder / "journal", DAYS)
        for turn in range(ROUNDS):
            place = folder / str(turn)
            place.mkdir()
            ends = Ends(place)
            for file in (folder / "journal").iterdir():
                shutil.copy(file, ends.state / file.name)
            settings = place / "kiosk.toml"
            settings.write_text(
                f'[printer]\nport = ""\n[idle]\nquiet_seconds = 600\n[center]\nurl = "https://localhost:{ends.port}"\n',
                "utf-8",
            )
            busy.append(_turn(ends, settings))
            idle.append(_turn(ends, settings, len(busy[-1].seconds) + 1))
            shutil.rmtree(place)
    assert sum(len(turn.seconds) for turn in busy) >= LEAST, "so many keys were pressed while the station was sending"
    mine, reference = (
        percentile([one for turn in turns for one in turn.seconds], 0.95) * 1000 for turns in (busy, idle)
    )
    what = f"key to screen while {DAYS} days of entries are sent, p95"
    yield Figure(what, mine, reference, "ms", f"<= {MORE} x with none", mine <= MORE * reference)
    mine, reference = (max(turn.memory for turn in turns) for turns in (busy, idle))
    what = f"the station's memory while {DAYS} days are sent"
    yield Figure(what, mine, reference, "MB", f"<= {MORE_MB:.0f} MB more", mine <= reference + MORE_MB)


if __name__ == "__main__":
    for figure in figures():
        print(*figure.cells(), sep=" | ")
