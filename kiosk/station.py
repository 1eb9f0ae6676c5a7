"""Starts and stops all of a station: journal, key, spooler, link, and the desk in front of them."""

import random
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from kiosk import __version__
from kiosk.catalog.model import Release
from kiosk.clock import StationClock
from kiosk.desk import Desk
from kiosk.hours import CHINA
from kiosk.journal.folder import StateFolder
from kiosk.journal.outgoing import Run
from kiosk.journal.recovery import open_journal
from kiosk.journal.store import Journal
from kiosk.journal.writer import Writer
from kiosk.keyring import Keyring
from kiosk.keys import StationKey
from kiosk.link.machine import Link
from kiosk.link.worker import LinkThread
from kiosk.ports import Printer
from kiosk.sealing import HPKE, throw_away_public
from kiosk.settings import Settings
from kiosk.spooler import SpoolerThread
from kiosk.technician.exchanges import Exchanged
from kiosk.technician.findings import Finding, is_fault
from kiosk.trust import read_trust
from kiosk.wire.exchange import FAULTS_LIMIT, Fault, Heartbeat
from kiosk.wording import Wording

if TYPE_CHECKING:
    from kiosk.link.carrier import Carrier

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
        *,
        specimen: bool = False,
    ) -> None:
        """`folder` is locked by the caller. `failed` is told, in another thread, when journal or key cannot be used."""
        built = int(datetime.combine(release.built, time(), CHINA).timestamp() * 1000)
        self.clock = clock or StationClock(built)
        self._settings = settings
        self._release = release
        self._folder = folder
        self._step = step
        self._keyring: Keyring | None = None
        self.writer = Writer(self._open, failed)
        self._specimen = specimen
        self.desk = Desk(
            release,
            wording,
            settings,
            self.clock,
            self.writer,
            self._station_key,
            sealing_key=self._sealing_key,
            specimen=specimen,
        )
        self.spooler = SpoolerThread(printer, self.writer, lambda: self.clock.now().ms, self.desk.job_changed)
        self.desk.use(self.spooler)
        self._findings: Callable[[], tuple[Finding, ...]] = lambda: ()
        self.link: LinkThread | None = None
        if settings.center.url:
            self.link = LinkThread(Link(settings.center.interval_seconds, random.random), self._open_carrier)
            self.desk.progress.use_line(self._quiet)

    @property
    def release(self) -> Release:
        """The catalogue in use."""
        return self._release

    @property
    def state(self) -> Path:
        """The state folder."""
        return self._folder.path

    def watched_by(self, findings: Callable[[], tuple[Finding, ...]]) -> None:
        """Tell the center what `findings()` says is not well, the worst first, whenever there is an exchange."""
        self._findings = findings

    def exchanged(self) -> Exchanged | None:
        """How the link is; None while the station is not enrolled or has no center."""
        if self.link is None or not self.link.opened:
            return None
        status = self.link.status
        ago = None if status.since is None else monotonic() - status.since
        return Exchanged(status, ago, *self.link.traffic)

    def start(self) -> None:
        """Open the journal in its thread, print what an earlier run left, and send what the center lacks."""
        self.writer.start()
        self.desk.requests.begin()
        self.spooler.start()
        if self.link:
            self.link.start()

    def stop(self) -> None:
        """End the print job in hand, write everything down, close."""
        if self.link:
            self.link.close()
        self.spooler.close()
        self.writer.close()

    def _open(self) -> Journal:
        journal = open_journal(
            self._folder.path,
            self._settings.station.number,
            self.clock.now().ms,
            step=self._step,
            entered=self.link.entered if self.link else lambda: None,
            acknowledged=self.desk.requests.acknowledged,
        )
        self.clock.raise_floor(journal.last_time)
        self._keyring = Keyring(self._folder.path / "keys")
        journal.expire(self.clock.now().ms)
        retention = self._settings.retention
        journal.forget(self.clock.now().ms - retention.slips_days * DAY_MS, retention.counters_days)
        return journal

    def _open_carrier(self) -> "Carrier | None":
        # The network's modules are slow to load, and the first screen must not wait for them.
        from kiosk.link.opening import open_carrier

        return open_carrier(
            self._settings.center.url,
            self._settings.station.number,
            self._folder.path,
            self.writer,
            lambda: self.clock.now().ms,
            self._heartbeat,
            lambda ms, seconds: self.clock.set_right(ms),
            lambda: self._release,
            self._renew,
            self._settings.retention.personal_hours,
            self.desk.turns.tell,
        )

    def _quiet(self) -> float | None:
        """Seconds since the last exchange of this run, None before the first."""
        since = self.link.status.since if self.link else None
        return None if since is None else monotonic() - since

    def _heartbeat(self, run: Run) -> Heartbeat:
        now = self.clock.now()
        return Heartbeat(
            program=__version__,
            release=self._release.version,
            printer=str(self.spooler.condition),
            unsent=run.newest - run.first + 1,
            oldest=run.oldest,
            time=now.ms,
            doubtful=now.doubtful,
            faults=tuple(
                Fault(one.test, one.grade, one.symptom, one.since) for one in self._findings() if is_fault(one)
            )[:FAULTS_LIMIT],
        )

    def _renew(self, release: Release) -> None:
        self._release = release
        self.desk.renew(release)

    def _sealing_key(self) -> bytes | None:
        """The center's public key for personal data.

        Until a demonstration has a center of its own, it seals for nobody: no such key is kept.
        """
        trust = read_trust(self._folder.path / "keys")
        if trust and trust.sealing_alg == HPKE:
            return trust.sealing
        return throw_away_public() if self._specimen else None

    def _station_key(self) -> StationKey:
        assert self._keyring is not None
        return self._keyring.key
