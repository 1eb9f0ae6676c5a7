"""The same through a real pseudo-terminal and with the station's own threads: tickets and faults out of a seed.

The order of what happens follows from the seed; how it falls together with the printing depends on the machine.
"""

import random
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec

from devices.inquiry import Limits
from devices.serial_printer import SerialPrinter
from devices.virtual_port import VirtualPort
from devices.virtual_printer import VirtualPrinter
from devices.virtual_script import Entry, Play
from kiosk.hours import Service, Session
from kiosk.journal.jobs import JobRecord, JobState
from kiosk.journal.store import Journal
from kiosk.journal.ticket_rows import Request
from kiosk.journal.writer import Writer
from kiosk.ports import Outcome, Result
from kiosk.spooler import Added, SpoolerThread, VisitOver
from kiosk.tickets import Ticket
from tests.faults.campaign import PROFILE, START_MS
from tests.faults.mishaps import mishap, repairs
from tests.faults.truth import (
    Attempt,
    Paper,
    Untrue,
    Witness,
    check_journal,
    check_paper,
    compose,
    demand,
    settled_fits,
)

SPANS = ((0.5, 0.9), (0.9, 1.4))
"""Longer than a slip takes to pass the port, also on a machine that is busy with other things."""
PATIENCE = 20.0
BAUD = 115200
QUICK = Limits(
    answer=0.1,
    tries=2,
    least_completion=0.6,
    between_looks=0.1,
    longest_pause=2.0,
    cut=0.1,
    between_recoveries=0,
)
SESSION = Service(date(2026, 11, 25), Session(0, 1440), True, True)
WAITING = frozenset({JobState.QUEUED, JobState.SENDING})


class PortCampaign:
    """One run. `folder` holds journal and link."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._random = random.Random(seed)
        self._seed = seed
        self._printer = VirtualPrinter()
        self._paper = Paper(self._printer)
        self._port = VirtualPort(self, folder / "ttyPRINTER")
        self._attempts: list[Attempt] = []
        self._records: dict[int, JobRecord] = {}
        self._changed = threading.Condition()
        self._untrue: list[Untrue] = []
        self._began = time.monotonic()
        profile = msgspec.structs.replace(PROFILE, speed=500, process_id=seed % 3 > 0, clear=seed % 2 > 0)
        self._serial = SerialPrinter(str(folder / "ttyPRINTER"), BAUD, profile, QUICK, stuck=0.2)
        self._witness = Witness(self._serial, self._attempts.append)

    def feed(self, data: bytes) -> bytes:
        """Stand between port and printer: the printer may be set to another speed."""
        return self._paper.feed(data, rubbish=self._port.baud not in (None, BAUD))

    def run(self, tickets: int, faults: float = 0.4) -> None:
        """Take `tickets`; before each, a fault begins with the chance `faults`. Raises Untrue."""
        self._writer = Writer(lambda: Journal(self._folder, "07", self._ms()), self._failed)
        self._spooler = SpoolerThread(self._witness, self._writer, self._ms, self._job_changed)
        numbers = []
        with self._port:
            self._writer.start()
            self._spooler.start()
            play, happened = Play((), self._printer, self._port), [""]
            for visit in range(tickets):
                if play.over and self._random.random() < faults:
                    happened = []
                    entries = mishap(self._random, self._printer.head.lines, SPANS, BAUD)
                    play = Play(entries, self._printer, self._port, happened.append)
                elif happened and self._random.random() < 0.6:
                    self._wait(lambda play=play: play.over)  # type: ignore[misc]
                numbers.append(self._visit(visit).number)
            mended = Play(tuple(Entry(repair, seconds=0) for repair in repairs(BAUD)), self._printer, self._port)
            self._wait(lambda: mended.over)
            numbers.append(self._visit(tickets, leaves=False).number)
            self._spooler.close()
        self._writer.close()
        try:
            demand(not self._untrue, "; ".join(map(str, self._untrue)))
            check_paper(self._paper, self._attempts)
            check_journal(self._folder, self._paper, self._attempts, numbers)
        except Untrue as untrue:
            raise Untrue(f"{untrue}\nreplay: python -m tests.faults.soak {self._seed} port {tickets}") from None

    def _visit(self, visit: int, *, leaves: bool = True) -> Ticket:
        request = Request("A", "newborn", SESSION, visit, self._ms(), False)
        ticket, job, _ = self._writer.submit(
            lambda journal: journal.issue(request, lambda ticket, epoch, seq: compose(ticket, False))
        ).result()
        self._spooler.tell(Added(job, visit))
        if leaves and self._random.random() < 0.3:
            self._spooler.tell(VisitOver(visit))
            return ticket
        self._settles(job)
        if self._records[job].state is not JobState.PRINTED:
            self._ask_again(ticket, job, visit)
        if not leaves:
            self._wait(lambda: self._records[job].state is JobState.PRINTED)
        self._spooler.tell(VisitOver(visit))
        return ticket

    def _ask_again(self, ticket: Ticket, job: int, visit: int) -> None:
        if self._writer.submit(lambda journal: journal.ask(ticket.code, visit, self._ms())).result():
            with self._changed:
                del self._records[job]
            self._spooler.tell(Added(job, visit))
            self._settles(job)

    def _settles(self, job: int) -> None:
        self._wait(lambda: job in self._records and self._records[job].state not in WAITING)

    def _wait(self, ready: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        with self._changed:
            while not ready():
                demand(time.monotonic() < end, f"it ends within {PATIENCE:g} s: {self._records}")
                self._changed.wait(0.05)

    def _job_changed(self, record: JobRecord) -> None:
        if record.state not in WAITING and self._attempts and self._attempts[-1].number == record.title:
            try:
                settled_fits(self._paper, self._attempts[-1], Outcome(Result(record.state), record.condition))
            except Untrue as untrue:
                self._untrue.append(untrue)
        with self._changed:
            self._records[record.id] = record
            self._changed.notify_all()

    def _failed(self, error: Exception) -> None:
        self._untrue.append(Untrue(str(error)))

    def _ms(self) -> int:
        return START_MS + int((time.monotonic() - self._began) * 1000)
