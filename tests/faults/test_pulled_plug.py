"""The plug is pulled on a real file system while a station gives out numbers: each number that was said is there.

Where nothing can be mounted, test_crash_states asks the same of every state that a disk may be left in.
"""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.loop_disk import LoopDisk
from tests.faults.promises import broken, start

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(os.geteuid() != 0, reason="mounting a disk needs root; test_crash_states does not"),
]

PROCESS = Path(__file__).with_name("promising_process.py")
TREE = Path(__file__).parents[2]
CUTS = 16
MOST = 100
"""Tickets before a cut; some cuts fall into the first ones, while files are still made."""

VISITS = 1_000_000
"""Visits set apart for each round, which never takes as many."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[LoopDisk]:
    with LoopDisk(tmp_path) as mounted:
        yield mounted


def promises(disk: LoopDisk, state: Path, synchronous: str, first: int, count: int) -> dict[str, str]:
    """Let a station give out numbers, and pull the plug after so many; the number of each code that was said."""
    command = [sys.executable, PROCESS, state, synchronous, str(first), str(VISITS - 1), "close"]
    environment = {**os.environ, "PYTHONPATH": str(TREE)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(count)]
        disk.pull()
        lines += process.stdout.readlines()
    return {code: number for number, code in map(str.split, lines)}


def losses(disk: LoopDisk, synchronous: str) -> Iterator[str]:
    """Pull the plug time and again; one line for each promise that is not kept."""
    state = disk.folder / "state"
    chance = random.Random(1)
    promised: dict[str, str] = {}
    for cut in range(CUTS):
        state.mkdir(exist_ok=True)
        promised |= promises(disk, state, synchronous, cut * VISITS, chance.randint(1, MOST))
        disk.plug_in()
        found = start(state, cut * VISITS + VISITS - 1)
        for line in broken(found, promised):
            yield f"cut {cut}, {len(promised)} promises: {line}"
        number, code = found.next
        promised[code] = number
    assert len(promised) > CUTS * MOST / 4


def test_every_number_that_was_said_is_there_when_the_power_is_back(disk: LoopDisk) -> None:
    assert list(losses(disk, "FULL")) == []


def test_a_journal_that_does_not_wait_for_the_disk_is_found_out(disk: LoopDisk) -> None:
    assert next(losses(disk, "NORMAL"), None) is not None
