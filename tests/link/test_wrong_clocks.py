"""Clocks of other years while a station runs: it serves on, says what it doubts, and is right after one exchange.

The station has all its threads, the printer stands at a pseudo-terminal, the center is a process of its own.
"""

import asyncio
import datetime
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from devices.profile import read_profiles
from devices.serial_printer import SerialPrinter
from devices.virtual_port import VirtualPort
from devices.virtual_printer import VirtualPrinter
from kiosk import paths
from kiosk.catalog.load import FILE, read_release
from kiosk.clock import StationClock, uptime_ms, wall_ms
from kiosk.hours import CHINA
from kiosk.journal.folder import StateFolder
from kiosk.journal.store import Reader
from kiosk.keys import open_station_key
from kiosk.link.enrolment import enrol
from kiosk.link.transport import Transport, unpinned
from kiosk.settings import Center, Settings
from kiosk.station import Station
from kiosk.text import Language
from kiosk.trust import keep_trust
from kiosk.wire.enrolment import ENROL_LIMIT
from kiosk.wording import Wording
from tests.center.serving import serving
from tests.link.simulation import WRONG_CLOCKS
from tests.waiting import wait_for

DOUBT = "日期以大厅公告为准"
DAYS = 30
"""Days from today that the hall is told to be open on, so that their dates are certain whatever year it is."""


class Machine:
    """A running station, its printer's paper, and its machine's clock, which is `away` milliseconds wrong."""

    def __init__(self, folder: StateFolder, port: int, device: Path, printer: VirtualPrinter) -> None:
        self.away = 0
        self.clock = StationClock(0, lambda: wall_ms() + self.away, uptime_ms)
        self._printer = printer
        release = read_release(paths.release_dir() / FILE)
        today = datetime.datetime.now(CHINA).date()
        days = tuple(today + datetime.timedelta(days=day) for day in range(DAYS))
        hall = msgspec.structs.replace(release.hall, sample=False, open=days)
        profile = read_profiles(paths.data_dir() / "printers.toml")["generic-58"]
        self.station = Station(
            # Nothing but a new entry leads to an exchange.
            Settings(center=Center(url=f"https://localhost:{port}", interval_seconds=3600)),
            msgspec.structs.replace(release, hall=hall),
            Wording(paths.release_dir()),
            folder,
            SerialPrinter(str(device), 115200, profile),
            lambda error: None,
            self.clock,
        )

    def take_ticket(self) -> tuple[str, str]:
        """Take a number as a resident does; returns it with its day, and the text on its slip."""
        desk, before = self.station.desk, len(self._printer.slips)
        visit = desk.begin(Language.HANS)
        ticket = asyncio.run(desk.take_ticket(visit, desk.packages("birth")[0].id, None))
        wait_for(lambda: len(self._printer.slips) > before)
        wait_for(lambda: self._confirmed(ticket.number))
        return f"{ticket.service.day} {ticket.number}", self._printer.slips[-1].text

    def _confirmed(self, number: str) -> bool:
        """Whether the center has said that it has the slip of `number`, which is after it has told the time."""
        reader = Reader(self.station.state)
        confirmed = [entry.body for entry in reader.entries(4) if entry.kind == "paper.printed" and entry.acknowledged]
        reader.close()
        return any(msgspec.json.decode(body)["data"]["title"] == number for body in confirmed)


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, bytes]]:
    """The port of a center that serves in a process of its own, and a code to enrol with."""
    with serving(tmp_path_factory.mktemp("center"), "07") as listening:
        yield listening


@pytest.fixture(scope="module")
def machine(center: tuple[int, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """One station for all clocks, so that each finds the numbers of those before it."""
    (port, code), printer = center, VirtualPrinter()
    place = tmp_path_factory.mktemp("station")
    with StateFolder(place / "state") as folder, VirtualPort(printer, place / "port"):
        keys = folder.path / "keys"
        line = Transport(f"https://localhost:{port}", unpinned(), ENROL_LIMIT)
        keep_trust(keys, enrol(line, "07", code, open_station_key(keys)))
        line.close()
        machine = Machine(folder, port, place / "port", printer)
        machine.station.start()
        yield machine
        machine.station.stop()
    reader = Reader(place / "state")
    numbers = [
        (body["data"]["day"], body["data"]["number"])
        for body in (msgspec.json.decode(entry.body) for entry in reader.entries())
        if body["kind"] == "ticket.issued"
    ]
    assert reader.verify()[1] == []
    reader.close()
    assert len(set(numbers)) == len(numbers) == 1 + 2 * len(WRONG_CLOCKS), "no number came twice"


def test_a_right_clock_doubts_nothing(machine: Machine) -> None:
    _, slip = machine.take_ticket()
    assert DOUBT not in slip


@pytest.mark.parametrize("clock", WRONG_CLOCKS)
def test_a_clock_that_is_set_wrong_is_doubted_and_right_again_after_one_exchange(machine: Machine, clock: str) -> None:
    machine.away = WRONG_CLOCKS[clock](wall_ms())
    _, slip = machine.take_ticket()
    assert DOUBT in slip
    assert not machine.clock.now().doubtful
    assert abs(machine.clock.now().ms - time.time() * 1000) < 5000
    after, slip = machine.take_ticket()
    assert DOUBT not in slip
    today = datetime.datetime.now(CHINA).date()
    assert today.isoformat() <= after[:10] <= (today + datetime.timedelta(days=1)).isoformat()
