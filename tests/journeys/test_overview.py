"""What a running station knows of its own faults, within ten seconds of the first chance to know, and what it tells.

A real station in a pseudo-terminal, a real center, a real serial port.
"""

import os
import re
import signal
import socket
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import libfaketime
import pytest

from devices.virtual_port import VirtualPort
from devices.virtual_printer import VirtualPrinter
from kiosk import cli
from kiosk.keys import open_station_key
from kiosk.link.enrolment import enrol
from kiosk.link.transport import Transport, unpinned
from kiosk.technician.overview import read_overview
from kiosk.trust import keep_trust
from kiosk.wire.enrolment import ENROL_LIMIT
from tests.center.running import Listening, give_code, listening
from tests.terminal import Terminal

IN_TIME_S = 10.0
FAKETIME = Path(libfaketime.__file__).parent / "vendor/libfaketime/src/libfaketime.so.1"

pytestmark = pytest.mark.system

Start = Callable[..., Terminal]
Write = Callable[..., Path]


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    with listening(tmp_path_factory.mktemp("center"), tls=True) as running:
        yield running


@pytest.fixture
def station(tmp_path: Path, center: Listening, settings: Write, port: Path) -> Callable[..., Path]:
    """Enrols the station; returns its settings, with these extra lines."""

    def make(extra: str = "", at: Path = port) -> Path:
        keys = tmp_path / "state" / "keys"
        keys.parent.mkdir(mode=0o700, exist_ok=True)
        line = Transport(f"https://localhost:{center.port}", unpinned(), ENROL_LIMIT)
        keep_trust(keys, enrol(line, "07", give_code(center.folder, "07"), open_station_key(keys)))
        line.close()
        address = f'[center]\nurl = "https://localhost:{center.port}"\ninterval_seconds = 5\n'
        return settings(at, extra=address + extra)

    return make


def finds(terminal: Terminal, state: Path, test: str, *symptoms: str) -> None:
    """Wait until the running station has found this, in time."""

    def found() -> bool:
        one = read_overview(state).finding(test)
        return one is not None and one.symptom in symptoms

    terminal.wait(found, f"{test}: {' or '.join(symptoms)}", IN_TIME_S)


def test_paper_that_runs_out_is_known_here_at_the_center_and_to_a_monitor(
    start: Start,
    station: Callable[..., Path],
    printer: VirtualPrinter,
    tmp_path: Path,
    center: Listening,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    state, port = tmp_path / "state", free_port()
    terminal = start(station(f"[metrics]\nport = {port}\n"))
    finds(terminal, state, "printer", "")
    finds(terminal, state, "line", "")
    finds(terminal, state, "metrics", "")
    printer.paper_out = True
    finds(terminal, state, "printer", "printer-paper-out")
    monkeypatch.setenv("KIOSK_CENTER", str(center.folder))

    def told() -> bool:
        assert cli.main(["center", "stations"]) == os.EX_OK
        return "SEVERE: printer-paper-out since 20" in capsys.readouterr().out

    terminal.wait(told, "the center's report", 2 * IN_TIME_S)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        text = answer.read().decode()
    assert 'kiosk_test{grade="severe",station="07",symptom="printer-paper-out",test="printer"} 1.0' in text
    printer.paper_out = False
    finds(terminal, state, "printer", "")
    terminal.process.terminate()
    assert terminal.end() == 128 + signal.SIGTERM


def test_a_wrong_speed_a_taken_monitor_port_and_a_center_that_is_down(
    start: Start, station: Callable[..., Path], tmp_path: Path
) -> None:
    with VirtualPort(VirtualPrinter(58), baud=9600) as slow, socket.create_server(("127.0.0.1", 0)) as taken:
        file = station(f"[metrics]\nport = {taken.getsockname()[1]}\n", Path(slow.name))
        file.write_text(re.sub("localhost:[0-9]+", "localhost:9", file.read_text("utf-8")), "utf-8")
        terminal = start(file)
        finds(terminal, tmp_path / "state", "printer", "printer-noise", "printer-no-answer")
        finds(terminal, tmp_path / "state", "line", "line-route")
        finds(terminal, tmp_path / "state", "metrics", "metrics-port")


def test_a_revoked_key_and_a_clock_that_jumps(
    start: Start, station: Callable[..., Path], tmp_path: Path, center: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift = tmp_path / "shift"
    shift.write_text("+0", "ascii")
    fake = {
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(shift),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    state = tmp_path / "state"
    terminal = start(station(), **fake)
    finds(terminal, state, "line", "")
    finds(terminal, state, "clock", "")
    shift.write_text("-3d", "ascii")
    finds(terminal, state, "clock", "clock-wrong")
    monkeypatch.setenv("KIOSK_CENTER", str(center.folder))
    assert cli.main(["center", "revoke", "07"]) == os.EX_OK
    finds(terminal, state, "line", "key-revoked")


def test_a_journal_that_is_damaged_while_the_station_runs(
    start: Start, station: Callable[..., Path], tmp_path: Path
) -> None:
    state = tmp_path / "state"
    # An orderly end leaves all in the one file.
    terminal = start(station())
    terminal.process.terminate()
    assert terminal.end() == 128 + signal.SIGTERM
    terminal = start(station())
    finds(terminal, state, "database", "")
    with (state / "journal.db").open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))
    finds(terminal, state, "database", "database-damaged")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
