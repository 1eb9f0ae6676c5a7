"""Every automatic test of a station, put together for shell and running station. A new device adds its test here.

Beside a running station its devices are not touched: it has left word of them in its state folder.
"""

import datetime
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from kiosk import paths
from kiosk.catalog.installed import FOLDER, newest
from kiosk.catalog.load import FILE, CatalogError
from kiosk.catalog.model import Release
from kiosk.cli.attached import profile_of, scanner_of
from kiosk.cli.last_known import last_known, station_at
from kiosk.clock import StationClock, uptime_ms, wall_ms
from kiosk.hours import CHINA
from kiosk.journal.folder import StateError, journal_path
from kiosk.ports import Condition, NoScanner, Part, Proof, Reading, State
from kiosk.settings import Settings
from kiosk.technician import attached, line, papers, records
from kiosk.technician.clocks import Clock
from kiosk.technician.codes import Codes
from kiosk.technician.exchanges import Exchanges
from kiosk.technician.face import Display, Touch
from kiosk.technician.findings import Test
from kiosk.technician.live import Live
from kiosk.technician.lockout import Tries
from kiosk.technician.machine import Disk, DiskWrites, Monitored, Software, Temperature

T = TypeVar("T")


class Once(Generic[T]):
    """Asks once, however many tests want to know; the others wait for the answer."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._answers: list[T] = []

    def __call__(self) -> T:
        """Return the answer."""
        with self._lock:
            if not self._answers:
                self._answers.append(self._ask())
            return self._answers[0]


def tests_of(settings: Settings, state: Path, mistakes: list[str], live: Live | None = None) -> tuple[Test, ...]:
    """Return the tests of the station with `settings` and the state folder `state`.

    `mistakes`: why the settings could not be read, in which case `settings` are those of a fresh station. `live`: this
    process is the station; the line is then judged by its own exchanges instead of step by step.
    """
    known = not mistakes
    has_center = known and bool(settings.center.url)
    number = settings.station.number
    running = station_at(state)
    printer = Once(live.printer if live else lambda: _printer(settings, state, running))
    scanner = Once((live.scanner or NoScanner().state) if live else lambda: _scanner(settings, running))
    probe = line.Probe(settings.center.url if known else "", number, state)
    release = Once(live.release if live else lambda: newest(state / FOLDER, paths.release_dir() / FILE))
    clock = Once(lambda: StationClock(_floor(state, release)))

    def near_end() -> bool | None:
        told = printer() if known else None
        roll = told.readings.get(Part.ROLL) if told else None
        return {Reading.FINE: False, Reading.LOW: True}.get(roll) if roll else None

    def ahead() -> int | None:
        return live.ahead() if live else probe.report().ahead if has_center else None

    def center_ms() -> int:
        return wall_ms() - (ahead() or 0)

    tests: list[Test] = [papers.SettingsFile(str(settings.path or ""), mistakes)]
    if known:
        port = settings.printer
        tests += [
            attached.Printer(printer, f"{port.port} {port.baud}" if port.port else ""),
            attached.Proving(lambda: _proof(settings, state)),
            attached.Scanner(scanner, f"{settings.scanner.port} {settings.scanner.baud}"),
        ]
    tests += [
        records.PaperLeft(state, lambda: clock().now(), near_end),
        records.Slips(state),
        Disk(state),
        DiskWrites(state),
        records.Database(state),
        records.Chain(state),
        records.Backlog(state, lambda: clock().now(), has_center=has_center),
        *((Exchanges(live.exchanged, has_center=has_center),) if live else line.steps(probe) if known else ()),
        Clock(
            wall_ms,
            lambda: _floor(state, release),
            ahead,
            has_center=has_center,
        ),
        papers.Catalogue(release, lambda: _offered(state)),
        papers.Keys(state, number if known else "", center_ms, has_center=has_center),
        papers.Technicians(Codes(state), Tries(state, uptime_ms)),
        *(
            (Display(settings.display.capital_mm, settings.display.distance_mm, live.cells if live else lambda: None),)
            if known
            else ()
        ),
        *((Touch(live.touched),) if live else ()),
        attached.Sound(),
        Temperature(),
        *((Monitored(live.unmonitored, settings.metrics.port),) if live and live.unmonitored else ()),
        Software(lambda: running),
    ]
    return tuple(tests)


def _printer(settings: Settings, state: Path, running: int | None) -> State | None:
    if not settings.printer.port:
        return State(Condition.NOT_CONFIGURED)
    if running is not None:
        left = last_known(state, running)
        return left[0].state if left else None
    from devices.serial_printer import SerialPrinter

    printer = SerialPrinter(settings.printer.port, settings.printer.baud, profile_of(settings, state))
    try:
        return printer.state()
    finally:
        printer.close()


def _scanner(settings: Settings, running: int | None) -> State | None:
    if running is not None and settings.scanner.port:
        return None
    scanner = scanner_of(settings) or NoScanner()
    try:
        return scanner.state()
    finally:
        scanner.close()


def _proof(settings: Settings, state: Path) -> Proof | None:
    if not settings.printer.port:
        return None
    profile = profile_of(settings, state)
    if profile.process_id:
        return Proof.PROCESS_ID
    return Proof.NONE if profile.status == "none" else Proof.QUEUED_STATUS


def _floor(state: Path, release: "Once[Release]") -> int:
    """Return a time that is past for certain, UTC ms: the catalogue's building, and the last entry of the journal."""
    try:
        built = _milliseconds(release().built)
    except CatalogError:
        # The test of the catalogue tells what is wrong with it.
        built = 0
    return max(built, _last_entry(state))


def _milliseconds(day: datetime.date) -> int:
    return int(datetime.datetime.combine(day, datetime.time(), CHINA).timestamp() * 1000)


def _last_entry(state: Path) -> int:
    from sqlite_utils.utils import sqlite3

    from kiosk.journal.database import open_for_reading

    try:
        file = open_for_reading(journal_path(state))
    except (StateError, OSError):
        # The test of the database tells what is wrong with it.
        return 0
    try:
        return int(file.execute("SELECT coalesce(max(time), 0) FROM entry").fetchone()[0])
    except sqlite3.Error:
        return 0
    finally:
        file.close()


def _offered(state: Path) -> int:
    from sqlite_utils.utils import sqlite3

    from kiosk.journal.outgoing import Outgoing

    try:
        outgoing = Outgoing(state)
    except (StateError, OSError):
        return 0
    try:
        return outgoing.offered()
    except sqlite3.Error:
        return 0
    finally:
        outgoing.close()
