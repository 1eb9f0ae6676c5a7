"""The station is killed (-9) at every step of a sale, a change, a cancellation and a return, and started again.

What it said is done is done, a place is either free, sold or given back, and the entries tell the same as the tables.
"""

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlite_utils.utils import sqlite3

from kiosk.journal.store import Reader
from kiosk.wire.entries import read_body
from kiosk.wire.places import BOOKED, CANCELLED, CHANGED, RETURNED
from tests.faults import booking_process
from tests.faults.booking_process import PLACES


def run(state: Path, step: str, passes: int) -> tuple[int, list[str]]:
    """Run the process; returns its exit code and what it said."""
    command = [sys.executable, booking_process.__file__, state, step, str(passes)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout.splitlines()


def told(state: Path) -> tuple[dict[str, str], Counter[str]]:
    """By the entries alone: the loan of each code that stands, and the places given back of each loan."""
    reader = Reader(state)
    assert reader.verify()[1] == []
    held: dict[str, str] = {}
    back: Counter[str] = Counter()
    for entry in reader.entries():
        data = read_body(entry.body).data
        match entry.kind:
            case str(kind) if kind in (BOOKED, CHANGED):
                held[data["code"]] = data["loan"]
            case str(kind) if kind == CANCELLED:
                del held[data["code"]]
            case str(kind) if kind == RETURNED:
                back[data["loan"]] += data["places"]
    reader.close()
    return held, back


@pytest.mark.parametrize("step", ["place sold", "committed", "place taken back", "places given back"])
@pytest.mark.parametrize("passes", [0, 1])
def test_killed_at_a_step_of_a_booking(tmp_path: Path, step: str, passes: int) -> None:
    code, said = run(tmp_path, step, passes)
    assert code in (0, -signal.SIGKILL)
    assert passes or code == -signal.SIGKILL
    code, more = run(tmp_path, "none", 0)
    assert code == 0
    held, back = told(tmp_path)
    connection = sqlite3.connect(tmp_path / "journal.db")
    assert dict(connection.execute("SELECT code, loan FROM appointment WHERE state = 'booked'")) == held
    assert dict(connection.execute("SELECT id, returned FROM loan WHERE returned > 0")) == dict(back)
    connection.close()
    cancelled = {line.split()[1] for line in said + more if line.startswith("cancelled")}
    booked = {line.split()[1] for line in said + more if line.startswith("booked")}
    assert booked - cancelled <= held.keys()
    assert not cancelled & held.keys()
    used = Counter(held.values()) + back
    assert all(places <= PLACES for places in used.values())
