"""Whoever takes a station away finds nothing of its residents on it: not in the journal, a log, a file of any kind."""

import base64
import gzip
import json
import os
import signal
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from devices.virtual_port import VirtualPort
from devices.virtual_printer import VirtualPrinter
from kiosk.cli import main as kiosk
from tests.enrolled import enrol
from tests.faults.people import people
from tests.traces import traces

PROCESS = Path(__file__).with_name("counter_process.py")
ROOM = Path(__file__).parents[2]


class Flaky(VirtualPrinter):
    """A printer that runs out of paper again and again, and is given some a moment later."""

    def __init__(self) -> None:
        super().__init__(paper_mm=58)
        self._fed = 0

    def feed(self, data: bytes) -> bytes:
        self._fed += 1
        if self._fed % 120 == 0:
            self.paper_out = True
        elif self._fed % 120 == 20:
            self.reload()
        return super().feed(data)


def serve(place: Path, port: str, first: int, last: int, *how: str) -> int:
    """Run the station for these people in `place`, where all it may ever write must end up; returns its exit code."""
    home = place / "home"
    home.mkdir(exist_ok=True)
    environment = os.environ | {"HOME": str(home), "TMPDIR": str(home), "PYTHONPATH": str(ROOM)}
    with (place / "output").open("ab") as output:
        return subprocess.run(
            [sys.executable, PROCESS, place / "state", port, str(first), str(last), *how],
            cwd=home,
            env=environment,
            stdout=output,
            stderr=output,
            timeout=120,
        ).returncode


@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=pytest.mark.system)])
def test_nobody_leaves_a_trace_on_a_station_that_is_killed_in_the_middle(tmp_path: Path, count: int) -> None:
    enrol(tmp_path / "state")
    words = [word for person in people(count) for word in person.words]
    with VirtualPort(Flaky()) as port:
        assert serve(tmp_path, port.name, 0, 40, "sealed", "die") == -signal.SIGKILL
        # Most come while there is no printer, because paper takes longer than all the rest.
        assert serve(tmp_path, "/dev/nothing", 40, count - 5, "sealed", "die") == -signal.SIGKILL
        # The log of the database still holds what was not moved into it.
        assert (tmp_path / "state" / "journal.db-wal").stat().st_size > 0
        assert traces(tmp_path, words) == set()
        assert serve(tmp_path, port.name, count - 5, count, "sealed", "end") == 0
    assert kiosk(["journal", "export", "--state", str(tmp_path / "state"), "--bundle", str(tmp_path / "bundle")]) == 0
    assert len((tmp_path / "output").read_text().split()) == count - 2
    assert (tmp_path / "station.log").stat().st_size > 0
    assert traces(tmp_path, words) == set()


def test_the_same_search_finds_everybody_where_nothing_is_sealed(tmp_path: Path) -> None:
    enrol(tmp_path / "state")
    words = {word for person in people(20) for word in person.words}
    with VirtualPort(VirtualPrinter(paper_mm=58)) as port:
        assert serve(tmp_path, port.name, 0, 20, "open", "end") == 0
    assert traces(tmp_path, words) == words
    bundle = tmp_path / "carried" / "bundle"
    bundle.parent.mkdir()
    assert kiosk(["journal", "export", "--state", str(tmp_path / "state"), "--bundle", str(bundle)]) == 0
    assert traces(bundle.parent, words) == words


@pytest.mark.parametrize(
    "written",
    [
        lambda word: word.encode("utf-16-le"),
        lambda word: word.encode("utf-16-be"),
        lambda word: word.encode("gbk"),
        lambda word: json.dumps({"a": word}).encode(),
        lambda word: base64.b64encode(f"{word}.".encode("gbk")),
        lambda word: base64.b64encode(f"1{word}.".encode()),
        lambda word: base64.urlsafe_b64encode(f"12{word}.".encode("utf-16-le")),
        lambda word: word.encode("utf-16-be").hex().encode(),
        lambda word: word.encode().hex().upper().encode(),
        lambda word: gzip.compress(b"x" * 99 + word.encode("gbk")),
        lambda word: b"x" * 9 + zlib.compress(word.encode()),
    ],
)
def test_the_search_finds_every_way_of_writing_a_word(tmp_path: Path, written: Callable[[str], bytes]) -> None:
    (person,) = people(1)
    for word in person.words:
        (tmp_path / "some.file").write_bytes(bytes(5) + written(word) + bytes(5))
        assert traces(tmp_path, person.words) == {word}
    phone, number = person.phone, person.number
    for grouped in (f"{phone[:3]} {phone[3:7]} {phone[7:]}", f"{phone[:4]} {phone[4:8]} {phone[8:]}"):
        (tmp_path / "some.file").write_bytes(written(grouped))
        assert traces(tmp_path, person.words) == {phone}
    (tmp_path / "some.file").write_bytes(written(f"{number[:6]}-{number[6:14]}-{number[14:]}"))
    assert traces(tmp_path, person.words) == {number}
