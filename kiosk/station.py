"""Starts and stops all of a station: journal, key, spooler, and the desk in front of them."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path

from kiosk.catalog.model import Release
from kiosk.clock import StationClock
from kiosk.desk import Desk
from kiosk.journal.folder import StateFolder
from kiosk.journal.store import Journal
from kiosk.journal.writer import Writer
from kiosk.keys import StationKey, open_station_key
from kiosk.ports import Printer
from kiosk.settings import Settings
from kiosk.spooler import SpoolerThread
from kiosk.wording import Wording

DAY_MS = 86_400_000


class Station:
    """All of a station but its screens. Threads start with `start`, after the first screen."""

    def __init__(
        self,
        settings: Settings,
        release: Release,
        wording: Wording,
        folder: StateFolder,
        printer: Printer,
        failed: Callable[[Exception], None],
        clock: StationClock | None = None,
        step: Callable[[str], None] = lambda name: None,
    ) -> None:
        """`folder` is locked by the caller. `failed` is told, in another thread, when journal or key cannot be used."""
        built = int(datetime.combine(release.built, time(), UTC).timestamp() * 1000)
        self.clock = clock or StationClock(built)
        self._settings = settings
        self._folder = folder
        self._step = step
        self._key: StationKey | None = None
        self.writer = Writer(self._open, failed)
        self.desk = Desk(release, wording, settings, self.clock, self.writer, self._station_key)
        self.spooler = SpoolerThread(printer, self.writer, lambda: self.clock.now().ms, self.desk.job_changed)
        self.desk.use(self.spooler)

    @property
    def state(self) -> Path:
        """The state folder."""
        return self._folder.path

    def start(self) -> None:
        """Open the journal in its thread, and print what an earlier run left."""
        self.writer.start()
        self.spooler.start()

    def stop(self) -> None:
        """End the print job in hand, write everything down, close."""
        self.spooler.close()
        self.writer.close()

    def _open(self) -> Journal:
        journal = Journal(self._folder.path, self._settings.station.number, self.clock.now().ms, step=self._step)
        self.clock.raise_floor(journal.last_time)
        self._key = open_station_key(self._folder.path / "keys")
        journal.expire(self.clock.now().ms)
        retention = self._settings.retention
        journal.forget(self.clock.now().ms - retention.slips_days * DAY_MS, retention.counters_days)
        return journal

    def _station_key(self) -> StationKey:
        assert self._key is not None
        return self._key
