"""A whole station and a whole center: a number taken at the screen's door is at the center moments later."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from center.books import Books
from center.database import open_for_reading
from center.folder import database_path
from kiosk import paths
from kiosk.catalog.load import read_release
from kiosk.clock import StationClock
from kiosk.journal.folder import StateFolder
from kiosk.keys import StationKey, open_station_key
from kiosk.link import worker
from kiosk.link.enrolment import enrol
from kiosk.link.machine import State
from kiosk.link.transport import Transport, unpinned
from kiosk.ports import NoPrinter
from kiosk.settings import Center, Settings
from kiosk.station import Station
from kiosk.text import Language
from kiosk.trust import keep_trust
from kiosk.wire.enrolment import ENROL_LIMIT
from kiosk.wording import Wording
from tests.center.running import Listening, give_code, listening
from tests.waiting import wait_for


@pytest.fixture
def center(tmp_path: Path) -> Iterator[Listening]:
    with listening(tmp_path / "center", tls=True) as running:
        yield running


def station_in(folder: StateFolder, url: str, clock: StationClock | None = None) -> Station:
    return Station(
        Settings(center=Center(url=url, interval_seconds=5)),
        read_release(paths.release_dir() / "catalog.msgpack"),
        Wording(paths.release_dir()),
        folder,
        NoPrinter(),
        lambda error: None,
        clock,
    )


def let_in(center: Listening, state: Path, number: str = "07") -> StationKey:
    """Enrol the station whose state folder this is."""
    code = give_code(center.folder, number)
    key = open_station_key(state / "keys")
    line = Transport(f"https://localhost:{center.port}", unpinned(), ENROL_LIMIT)
    keep_trust(state / "keys", enrol(line, number, code, key))
    line.close()
    return key


def take_ticket(station: Station) -> str:
    visit = station.desk.begin(Language.HANS)
    package = station.desk.packages("birth")[0]
    return asyncio.run(station.desk.take_ticket(visit, package.id, None)).code


def known(center: Listening, code: str) -> bool:
    db = open_for_reading(database_path(center.folder))
    found = db.execute("SELECT 1 FROM ticket WHERE code = ?", [code]).fetchone()
    db.close()
    return found is not None


def test_numbers_taken_before_enrolment_and_after_it_arrive_by_themselves(
    center: Listening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "ENROLLED_S", 0.1)
    with StateFolder(tmp_path / "state") as folder:
        station = station_in(folder, f"https://localhost:{center.port}")
        station.start()
        first = take_ticket(station)
        let_in(center, folder.path)
        wait_for(lambda: known(center, first))
        second = take_ticket(station)
        wait_for(lambda: known(center, second))
        assert station.link is not None
        wait_for(lambda: station.link is not None and station.link.status.state is State.WELL)
        station.stop()
    db = open_for_reading(database_path(center.folder))
    (view,) = Books(db).stations()
    db.close()
    assert len(view.chains) == 1
    assert view.tickets == 2


def test_without_a_line_numbers_are_given_out_and_the_station_stops_at_once(center: Listening, tmp_path: Path) -> None:
    with StateFolder(tmp_path / "state") as folder:
        let_in(center, folder.path)
        # An address of RFC 5737 that answers nothing, so that a connection is under way when the station stops.
        station = station_in(folder, "https://192.0.2.1")
        station.start()
        take_ticket(station)
        started = time.monotonic()
        station.stop()
        assert time.monotonic() - started < 4


def test_a_dead_clock_is_right_after_one_exchange(center: Listening, tmp_path: Path) -> None:
    clock = StationClock(0, wall=lambda: 86_400_000, uptime=lambda: int(time.monotonic() * 1000))
    with StateFolder(tmp_path / "state") as folder:
        let_in(center, folder.path)
        station = station_in(folder, f"https://localhost:{center.port}", clock)
        station.start()
        wait_for(lambda: abs(clock.now().ms - time.time() * 1000) < 5000)
        assert not clock.now().doubtful
        station.stop()


def test_a_station_without_a_center_has_no_link(tmp_path: Path) -> None:
    with StateFolder(tmp_path / "state") as folder:
        assert station_in(folder, "").link is None
    assert [file.name for file in (tmp_path / "state").iterdir()] == ["lock"]
