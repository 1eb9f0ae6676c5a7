"""What `kiosk diagnose` says of a station with something wrong: real journal, real center, real pseudo-terminal."""

import contextlib
import io
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import libfaketime
import pytest

from devices.virtual_port import VirtualPort
from devices.virtual_printer import VirtualPrinter
from kiosk import cli
from kiosk.journal.folder import StateFolder, journal_path
from kiosk.journal.store import Journal
from kiosk.keys import open_station_key
from kiosk.link.enrolment import enrol
from kiosk.link.transport import Transport, unpinned
from kiosk.technician.codes import Codes
from kiosk.technician.lockout import IN_A_ROW, Tries
from kiosk.technician.overview import read_overview
from kiosk.trust import keep_trust
from kiosk.wire.enrolment import ENROL_LIMIT
from tests.center.running import Listening, give_code, listening

IN_TIME_S = 10


class Station:
    """An enrolled station at which all is well, with a printer on a pseudo-terminal and a running center."""

    def __init__(self, center: Listening, folder: Path, port: VirtualPort, printer: VirtualPrinter) -> None:
        self.center = center
        self.port = port
        self.printer = printer
        self.state = folder / "state"
        self.config = folder / "kiosk.toml"
        self.environment = {**os.environ, "KIOSK_CENTER": str(center.folder)}
        self.set(url=f"https://localhost:{center.port}")
        self.state.mkdir(mode=0o700)
        self.enrol()
        Codes(self.state).set("gh-12", "802714", 1)
        journal = Journal(self.state, "07", time.time_ns() // 1_000_000)
        journal.change_roll(50_000, time.time_ns() // 1_000_000)
        journal.close()
        self.run("sync", "--once")

    def enrol(self) -> None:
        key = open_station_key(self.state / "keys")
        line = Transport(f"https://localhost:{self.center.port}", unpinned(), ENROL_LIMIT)
        keep_trust(self.state / "keys", enrol(line, "07", give_code(self.center.folder, "07"), key))
        line.close()

    def set(self, url: str = "", port: str = "", baud: int = 115200, more: str = "") -> None:
        """Write the settings."""
        self.config.write_text(
            f'[printer]\nport = "{port or self.port.name}"\nbaud = {baud}\n'
            f'[display]\ncapital_mm = 8\n[center]\nurl = "{url}"\n{more}',
            "utf-8",
        )

    def run(self, *words: str) -> tuple[int, str]:
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = cli.main([*words, "--config", str(self.config), "--state", str(self.state)])
        return code, said.getvalue()

    def symptoms(self) -> dict[str, str]:
        """Diagnose; returns what each test that found something found."""
        started = time.monotonic()
        code, said = self.run("diagnose", "--json")
        assert time.monotonic() - started < IN_TIME_S
        report = json.loads(said)
        assert report["well"] is (code == os.EX_OK)
        assert code in (os.EX_OK, os.EX_UNAVAILABLE)
        asked = [one for one in report["findings"] if one["grade"] not in ("ok", "unsupported")]
        assert all(one["means"] and one["do"] for one in asked)
        return {one["test"]: one["symptom"] for one in asked}


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    with listening(tmp_path_factory.mktemp("center"), tls=True) as running:
        yield running


@pytest.fixture
def station(center: Listening, tmp_path: Path) -> Iterator[Station]:
    printer = VirtualPrinter(58)
    with VirtualPort(printer, baud=115200) as port:
        yield Station(center, tmp_path, port, printer)


def test_a_station_at_which_all_is_well_is_told_so(station: Station) -> None:
    assert station.symptoms() == {}
    code, said = station.run("diagnose")
    assert code == os.EX_OK
    assert "正常  打印机" in said


def test_paper_out_is_told_first_with_what_to_do_and_what_still_works(station: Station) -> None:
    station.printer.paper_out = True
    assert station.symptoms() == {"printer": "printer-paper-out", "paper": "roll-low"}
    lines = station.run("diagnose")[1].splitlines()
    assert lines[0].startswith("严重  打印机  打印机缺纸")
    assert lines[2:4] == ["    换上新的纸卷，合上盖子", "    查指南和取号照常，号码和二维码留在屏幕上"]


def test_english_is_spoken_where_it_is_wanted(station: Station) -> None:
    station.printer.cover_open = True
    said = station.run("diagnose", "--lang", "en")[1]
    assert said.splitlines()[0].startswith("Severe  Printer  The printer's cover is open")


def test_a_wrong_speed_is_told_as_a_wrong_speed(station: Station) -> None:
    station.set(url=f"https://localhost:{station.center.port}", baud=9600)
    assert station.symptoms()["printer"] in ("printer-noise", "printer-no-answer")


def test_a_port_that_is_not_there(station: Station) -> None:
    station.set(url=f"https://localhost:{station.center.port}", port="/dev/ttyNONE9")
    assert station.symptoms() == {"printer": "printer-no-port"}


def test_paper_that_is_nearly_used_up(station: Station) -> None:
    station.printer.paper_low = True
    assert station.symptoms() == {"printer": "printer-paper-low", "paper": "roll-low"}


def test_a_center_that_is_down(station: Station) -> None:
    station.set(url="https://localhost:9")
    assert station.symptoms() == {
        "line-route": "line-route",
        "line-tls": "line-not-reached",
        "line-exchange": "line-not-reached",
        "clock": "clock-uncompared",
    }


def test_a_center_whose_name_nobody_knows(station: Station) -> None:
    station.set(url="https://nowhere.invalid")
    assert station.symptoms()["line-name"] == "line-name"


def test_another_center_in_its_place(station: Station, tmp_path: Path) -> None:
    with listening(tmp_path / "other", tls=True) as other:
        station.set(url=f"https://localhost:{other.port}")
        assert station.symptoms()["line-tls"] == "line-foreign"


def test_somebody_who_takes_the_call_and_says_nothing(station: Station) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        station.set(url=f"https://localhost:{mute.getsockname()[1]}")
        assert station.symptoms()["line-tls"] == "line-timeout"


def test_a_revoked_key(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIOSK_CENTER", str(station.center.folder))
    assert cli.main(["center", "revoke", "07"]) == os.EX_OK
    assert station.symptoms() == {"line-exchange": "key-revoked"}


def test_a_key_that_is_not_the_one_that_was_enrolled(station: Station) -> None:
    (station.state / "keys" / "station.key").unlink()
    open_station_key(station.state / "keys")
    assert station.symptoms() == {"line-exchange": "key-signature"}


def test_a_key_that_others_can_read_and_one_that_is_none(station: Station) -> None:
    key = station.state / "keys" / "station.key"
    key.chmod(0o644)
    assert station.symptoms()["keys"] == "key-open"
    key.chmod(0o600)
    key.write_bytes(b"\xff\xfe")
    assert station.symptoms()["keys"] == "key-damaged"


def test_a_station_that_is_not_enrolled(station: Station) -> None:
    (station.state / "keys" / "center.keys").unlink()
    found = station.symptoms()
    assert (found["keys"], found["line-tls"]) == ("center-not-enrolled", "center-not-enrolled")


@pytest.mark.parametrize(
    ("shift", "symptom"), [("-3d", "clock-wrong"), ("+3d", "clock-wrong"), ("+10m", "clock-drift")]
)
def test_a_clock_that_is_off(station: Station, shift: str, symptom: str) -> None:
    library = Path(libfaketime.__file__).parent / "vendor/libfaketime/src/libfaketime.so.1"
    fake = {"LD_PRELOAD": str(library), "FAKETIME": shift, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    words = ["diagnose", "--json", "--config", str(station.config), "--state", str(station.state)]
    done = subprocess.run(
        [sys.executable, "-m", "kiosk.cli", *words],
        env=station.environment | fake,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == os.EX_UNAVAILABLE, done.stderr
    found = {one["test"]: one["symptom"] for one in json.loads(done.stdout)["findings"]}
    assert found["clock"] == symptom


@pytest.mark.parametrize("place", [0, 5000])
def test_a_damaged_database(station: Station, place: int) -> None:
    path = journal_path(station.state)
    with path.open("r+b") as file:
        file.seek(place)
        file.write(b"\xa5" * 3000)
    found = station.symptoms()
    assert found["database"] == "database-damaged"
    assert set(found.values()) <= {"database-damaged", "database-not-read", "database-unreadable", "clock-uncompared"}


def test_a_database_of_which_only_the_log_is_left(station: Station) -> None:
    path = journal_path(station.state)
    path.with_name("journal.db-wal").write_bytes(path.read_bytes())
    path.unlink()
    assert station.symptoms()["database"] == "database-damaged"


def test_an_entry_that_was_altered(station: Station) -> None:
    db = sqlite3.connect(journal_path(station.state))
    db.execute("UPDATE entry SET body = CAST(replace(body, '50000', '70000') AS BLOB) WHERE kind = 'paper.roll'")
    db.commit()
    db.close()
    assert station.symptoms()["chain"] == "chain-broken"


def test_entries_that_wait_for_days(station: Station) -> None:
    journal = Journal(station.state, "07", 0)
    journal.enter("test.old", time.time_ns() // 1_000_000 - 3 * 86_400_000, {})
    journal.close()
    assert station.symptoms() == {"backlog": "backlog-old"}


def test_settings_that_cannot_be_read_hide_nothing_else(station: Station) -> None:
    station.config.write_text("[printer]\nbaud = 1\n", "utf-8")
    assert station.symptoms() == {"settings": "settings-wrong"}
    station.config.write_bytes(b"\xff")
    assert station.symptoms()["settings"] == "settings-wrong"
    station.config.unlink()
    assert station.symptoms()["settings"] == "settings-wrong"


def test_no_state_folder_and_none_is_made(station: Station, tmp_path: Path) -> None:
    station.state = tmp_path / "none"
    found = station.symptoms()
    assert found["disk"] == "state-none"
    assert found["database"] == "database-none"
    assert not station.state.exists()


def test_no_code_and_a_lock(station: Station) -> None:
    tries = Tries(station.state, lambda: time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000)
    for _ in range(IN_A_ROW):
        tries.count()
    assert station.symptoms() == {"technicians": "technician-locked"}
    tries.clear()
    Codes(station.state).remove("gh-12", 2)
    assert station.symptoms() == {"technicians": "technician-none"}


def test_since_when_is_kept_from_one_look_to_the_next(station: Station) -> None:
    station.printer.paper_out = True
    station.symptoms()
    first = read_overview(station.state).finding("printer")
    station.symptoms()
    assert read_overview(station.state).finding("printer") == first
    station.printer.paper_out = False
    station.symptoms()
    again = read_overview(station.state).finding("printer")
    assert first and again
    assert (again.symptom, again.since > first.since) == ("", True)


def test_beside_a_running_station_its_printer_is_not_touched_and_nothing_is_written(station: Station) -> None:
    with StateFolder(station.state):
        kept = read_overview(station.state)
        assert station.symptoms() == {"printer": "device-not-asked"}
        assert read_overview(station.state) == kept
