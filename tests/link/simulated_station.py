"""A station's process in a simulation: the product's own journal, clock, spooler and link, which can be killed."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlite_utils.utils import sqlite3

from kiosk.clock import JUMP_MS, Moment, StationClock
from kiosk.hours import Service, Session
from kiosk.journal.jobs import By, JobState
from kiosk.journal.outgoing import Outgoing
from kiosk.journal.reserve import RESERVE
from kiosk.journal.store import Journal
from kiosk.journal.ticket_rows import Request
from kiosk.journal.writer import JournalError
from kiosk.keys import StationKey
from kiosk.link.machine import GATHER_S, Action, Entered, Heard, Learn, Link, Tick
from kiosk.link.machine import Event as LinkEvent
from kiosk.settings import Retention
from kiosk.spooler import SENSE_HELD_S, Added, Event, VisitOver
from kiosk.spooler import Tick as PrinterTick
from kiosk.wire.exchange import Heartbeat
from tests.direct_writer import Direct
from tests.link.simulated_ends import DAY_S, Crash, Network, tickets
from tests.link.simulated_printer import SimulatedPrinter, slip, untruths

if TYPE_CHECKING:
    from tests.link.simulation import World

BUILT_MS = 1_795_400_000_000
SESSION_MINUTES = 240
AGREES_MS = JUMP_MS + 5000
"""How far a clock that is trusted may be from the true time, and the way of an answer."""


class Station:
    """A station's process, and what stays when it is killed: its folder, its printer, its machine's clock.

    `away`: milliseconds by which the machine's clock is wrong.
    """

    def __init__(self, number: str, folder: Path, world: "World", key: StationKey | None = None) -> None:
        self.number = number
        self.folder = folder
        self.world = world
        self.key = key or StationKey(world.random.randbytes(32))
        self.network = Network(world)
        self.printer = SimulatedPrinter(world)
        self.away = 0
        self.misled = False
        """Whether the clock was wrong when the process began, so that nothing but the center could tell."""
        self.promised: dict[str, str] = {}
        self.visits = 0
        self.may_be_lost: set[str] = set()
        self.restored = False
        self.before: set[str] = set()
        """The tickets given out before a restore: of their paper, the journal may say what was so at the backup."""
        self.whole = False
        """Whether the reserve came back as well, so that nothing here tells of the numbers since."""
        self.blind = False
        self.given_blind: set[str] = set()
        """Numbers given out between such a restore and the next word of the center's: they may come twice."""
        folder.mkdir(exist_ok=True)
        self.start()

    # The process

    def start(self) -> None:
        """Begin as `kiosk.station` does; a kill may come on the way."""
        self._files: list[Journal | Outgoing] = []
        while True:
            try:
                self._begin()
            except Crash:
                self._close()
            else:
                break
        moment = self.clock.now()
        self.misled = not self._right(moment) and not moment.doubtful

    def kill(self) -> None:
        """Kill the process and start it again."""
        self.world.log(f"station {self.number} is killed")
        self._close()
        self.start()

    def _begin(self) -> None:
        world = self.world
        self.clock = StationClock(BUILT_MS, lambda: world.ms() + self.away, world.ms)
        self.open_visits: set[int] = set()
        self.sensing = self.telling = False
        self.link = Link(30.0, world.random.random)
        self.journal = Journal(
            self.folder,
            self.number,
            self.now_ms(),
            world.random.randrange,
            lambda name: world.perhaps_kill(),
            self._entered,
        )
        self._files.append(self.journal)
        self.clock.raise_floor(self.journal.last_time)
        self.journal.expire(self.now_ms())
        kept = Retention()
        self.journal.forget(self.now_ms() - kept.slips_days * DAY_S * 1000, kept.counters_days)
        self.outgoing = Outgoing(self.folder)
        self._files.append(self.outgoing)
        self.carrier = world.carrier_kind(
            station=self.number,
            outgoing=self.outgoing,
            record=self._record,
            sign=self.key.sign,
            line=self.network,
            heartbeat=lambda run: Heartbeat(unsent=run.newest - run.first + 1, doubtful=self.clock.now().doubtful),
            heard=lambda ms, seconds: self.clock.set_right(ms),
            now_ms=self.now_ms,
            monotonic=lambda: world.now,
            random_bytes=world.random.randbytes,
            personal_ms=kept.personal_hours * 3_600_000,
        )
        self.spooling = world.spooling_kind(
            self.printer, Direct(self.journal), self.now_ms, lambda record: None, list, lambda: world.now
        )
        self.spooling.begin()
        self._keep_sensing()

    def _close(self) -> None:
        for file in reversed(self._files):
            file.close()

    def now_ms(self) -> int:
        """The station's own time, UTC milliseconds."""
        return self.clock.now().ms

    def _right(self, moment: Moment) -> bool:
        return abs(moment.ms - self.world.ms()) <= AGREES_MS

    # Backups

    def back_up(self, to: Path) -> None:
        """Copy the journal, perhaps the reserve as well, and remember what it holds of what was promised."""
        self.journal.checkpoint()
        shutil.copy(self.folder / "journal.db", to)
        if self.world.random.random() < self.world.plan.whole and (self.folder / RESERVE).exists():
            shutil.copy(self.folder / RESERVE, to.with_suffix(".reserve"))
        self.backed_up = set(self.promised)

    def restore(self, backup: Path) -> None:
        """Put the journal back to its backup; the number reserve is another file and often stays."""
        reserve = backup.with_suffix(".reserve")
        self.whole = self.blind = reserve.exists()
        self.world.log(f"the journal of station {self.number} comes back from a backup, its reserve: {self.whole}")
        self.before |= self._jobs().keys()
        self.world.bookings.remember(self)
        self._close()
        for file in self.folder.glob("journal.db*"):
            file.unlink()
        shutil.copy(backup, self.folder / "journal.db")
        if self.whole:
            shutil.copy(reserve, self.folder / RESERVE)
        books = self.world.center.books
        self.world.project(books)
        arrived = {row[1] for row in tickets(self.world.center.db) if row[0] == self.number}
        self.may_be_lost |= set(self.promised) - self.backed_up - arrived
        self.restored = True
        self.start()
        self.world.bookings.forget(self)

    # The residents

    def take_ticket(self) -> None:
        """Give out a number and print it; a kill may come anywhere."""
        self.visits += 1
        visit, chance, moment = self.visits, self.world.random, self.clock.now()
        honest = moment.doubtful or self.misled or self._right(moment)
        self.world.demand(honest, f"station {self.number} does not take {moment.local} for certain")
        request = Request(chance.choice("ABC"), "newborn-birth", _service(moment), visit, moment.ms, moment.doubtful)
        try:
            made, job, _ = self.journal.issue(request, slip)
            self.promised[made.code] = f"{made.service.day} {made.number}"
            if self.blind:
                self.given_blind.add(made.code)
            self._arrive(visit, job)
            if chance.random() < 0.1:
                self.world.later(chance.choice((100.0, 5000.0)), lambda: self._come_back(made.code))
        except Crash:
            self.kill()

    def _arrive(self, visit: int, job: int) -> None:
        self.open_visits.add(visit)
        stays = self.world.random.choice((5.0, 60.0, 120.0))
        if self.world.random.random() < 0.3:
            self.world.later(stays * self.world.random.random(), lambda: self._press_again(visit, job))
        self.world.later(stays, lambda: self._leave(visit))
        self._handle(Added(job, visit))

    def _press_again(self, visit: int, job: int) -> None:
        if visit in self.open_visits and self.journal.job(job).state in (JobState.HELD, JobState.UNKNOWN):
            self._spool(lambda: self.journal.again(job, self.now_ms(), By.TOUCH), Added(job, visit))

    def _leave(self, visit: int) -> None:
        if visit in self.open_visits:
            self.open_visits.remove(visit)
            self._spool(lambda: self.journal.erase(visit), VisitOver(visit))

    def _come_back(self, code: str) -> None:
        if found := self.journal.ticket(code):
            self.visits += 1
            visit, job = self.visits, found[1].id
            self.open_visits.add(visit)
            self.world.later(60.0, lambda: self._leave(visit))
            self._spool(lambda: self.journal.ask(code, visit, self.now_ms()), Added(job, visit))

    def _spool(self, write: Callable[[], bool | None], event: Event) -> None:
        try:
            if write() is not False:
                self._handle(event)
        except Crash:
            self.kill()

    def _handle(self, event: Event) -> None:
        self.spooling.handle(event)
        self._keep_sensing()

    def _keep_sensing(self) -> None:
        if self.spooling.machine.waits and not self.sensing:
            self.sensing = True
            spooling = self.spooling
            self.world.later(SENSE_HELD_S, lambda: self._sense(spooling))

    def _sense(self, spooling: object) -> None:
        if spooling is self.spooling:
            self.sensing = False
            self._spool(lambda: None, PrinterTick())

    # The line

    def _entered(self) -> None:
        if not self.telling:
            self.telling = True
            self.world.later(self.world.random.uniform(0, 100), self._tell)

    def _tell(self) -> None:
        self.telling = False
        self.step(Entered())
        self.world.later(GATHER_S, lambda: self.step(Tick()))

    def step(self, event: LinkEvent) -> None:
        """Drive the link until it rests, as its worker does; a kill may come between any two actions."""
        pending = [event]
        try:
            while pending:
                for action in self.link.step(self.world.now, pending.pop(0)):
                    self.world.perhaps_kill()
                    if outcome := self._do(action):
                        pending.append(outcome)
                    self.world.perhaps_kill()
                    self.world.exchanges += 1
        except Crash:
            self.kill()
        self.world.check_marks(self)

    def _do(self, action: Action) -> LinkEvent | None:
        event = self.carrier.do(action)
        match action:
            case Learn() if event is None:
                self.blind = False
            case Heard(ms):
                # An answer whose bits were turned over on the way may tell any time.
                self.misled = abs(ms - self.world.ms()) > AGREES_MS
                moment = self.clock.now()
                well = self.misled or (self._right(moment) and not moment.doubtful)
                self.world.demand(well, f"the clock of station {self.number} is right after an exchange")
        return event

    def _record(self, work: Callable[[Journal], object]) -> object:
        try:
            return work(self.journal)
        except sqlite3.Error as error:
            raise JournalError(str(error)) from error

    # What became of it

    def untruths(self, told: dict[str, str]) -> list[str]:
        """What of the paper is not as the journal and the center (`told`, by code) say."""
        jobs = {code: job for code, job in self._jobs().items() if code not in self.before}
        return list(untruths(self.printer.pieces, jobs, told))

    def _jobs(self) -> dict[str, tuple[JobState, int]]:
        rows = self.journal._db.execute("SELECT code, state, copies FROM ticket JOIN job ON job.id = job").fetchall()
        return {code: (JobState(state), copies) for code, state, copies in rows}


def _service(moment: Moment) -> Service:
    opens = (moment.local.hour * 60 + moment.local.minute) // SESSION_MINUTES * SESSION_MINUTES
    return Service(moment.local.date(), Session(opens, opens + SESSION_MINUTES), True, True)
