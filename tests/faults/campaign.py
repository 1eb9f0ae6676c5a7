"""A station and its printer in one process and virtual time, out of one seed, with every fault that a printer has.

The journal, the spooler's step machine and what it drives, the printer driver and the virtual printer are the
product's own; the line between the last two, the residents and the hand that mends are made up. The station is killed
between any two steps and started again.

Replay a failure with: python -m tests.faults.campaign SEED [TICKETS]
"""

import contextlib
import heapq
import random
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from devices.profile import Profile, read_profiles
from devices.serial_printer import SerialPrinter
from devices.virtual_printer import VirtualPrinter
from devices.virtual_script import Entry, Play
from devices.wire import Flow
from kiosk import paths
from kiosk.hours import CHINA, Service, Session, end
from kiosk.journal.jobs import RESUME_MS, By, JobRecord, JobState
from kiosk.journal.store import Journal
from kiosk.journal.ticket_rows import Request
from kiosk.ports import Outcome, Result
from kiosk.spooler import Added, Event, Spooling, Tick, VisitOver
from tests.direct_writer import Direct
from tests.faults.mishaps import mishap, repairs
from tests.faults.simulated_line import SimulatedLine
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

START_MS = int(datetime(2026, 11, 25, tzinfo=CHINA).astimezone(UTC).timestamp() * 1000)
SESSION_MINUTES = 120
LAST_NUMBER_MINUTES = 30
SEPARATOR_MM = 20
SPANS = ((2, 8), (2, 8), (8, 40), (40, 300))
PROFILE = read_profiles(paths.data_dir() / "printers.toml")["generic-58"]


class Crash(BaseException):
    """The station is killed here. Not an Exception, so that no product code can handle it."""


@dataclass(frozen=True)
class Plan:
    """What one run is made of. Seconds between events are means."""

    seed: int
    tickets: int = 60
    between_tickets: float = 90.0
    between_faults: float = 180.0
    kill: float = 0.0002


@dataclass
class Slip:
    """A number that a resident was promised, and whose it is now."""

    number: str
    code: str
    job: int
    closes: int
    visit: int
    made: int


@dataclass
class World:
    """Everything, and the order in which it happens."""

    plan: Plan
    folder: Path
    spooling_kind: Callable[..., Spooling] = Spooling
    now: float = 0.0
    trace: list[str] = field(default_factory=list)
    _events: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _count: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.plan.seed)
        self.printer = VirtualPrinter()
        flow = self.random.choice((Flow.NONE, Flow.XON_XOFF))
        self.paper = Paper(self.printer)
        self.line = SimulatedLine(self, self.paper, self.random, self.random.choice((9600, 115200)), flow)
        self.profile = _variant(self.random, flow)
        self.printer.on_line = self._lines_passed
        self.plays: list[Play] = []
        self.attempts: list[Attempt] = []
        self.unseen_mm = 0
        self.slips: list[Slip] = []
        self.over: set[int] = set()
        self.resumed: set[str] = set()
        self.tried: set[str] = set()
        self.asked: deque[Event] = deque()
        self.kills = 0
        self.visits = 0
        self._killing = True
        self.journal: Journal | None = None
        self._start_station()

    def ms(self) -> int:
        """UTC milliseconds."""
        return START_MS + int(self.now * 1000)

    def log(self, words: str) -> None:
        """Note what happened, for whoever replays."""
        self.trace.append(f"{self.now:10.2f} {words}")

    def later(self, seconds: float, what: Callable[[], None]) -> None:
        """Have something happen in `seconds`."""
        self._count += 1
        heapq.heappush(self._events, (self.now + seconds, self._count, what))

    def advance(self, to: float) -> None:
        """Let everything happen until `to`, also while the station is in the middle of something."""
        while self._events and self._events[0][0] <= to:
            when, _, what = heapq.heappop(self._events)
            self.now = max(self.now, when)
            what()
        self.now = max(self.now, to)

    def perhaps_kill(self) -> None:
        """Kill the station now and then."""
        if self._killing and self.random.random() < self.plan.kill:
            raise Crash

    def run(self) -> None:
        """Let everything happen, mend everything, and check."""
        try:
            when = 0.0
            for _ in range(self.plan.tickets):
                when += self.random.expovariate(1 / self.plan.between_tickets)
                self.later(when, self._arrive)
            self._plan_fault()
            self._until(when + 600)
            self.log("everything is mended, for good")
            self._events.clear()
            self.plays.clear()
            self._killing = False
            if self.journal is None:
                self._restart()
            for repair in repairs(self.line.baud):
                self._happen(Entry(repair, seconds=0))
            self._until(self.now + 200)
            self._arrive()
            self._until(self.now + 60)
            self.check()
        except Untrue as untrue:
            replay = f"replay: python -m tests.faults.campaign {self.plan.seed} {self.plan.tickets}"
            raise Untrue("\n".join([f"does not hold: {untrue}", replay, *self.trace[-25:]])) from None

    def check(self) -> None:
        """What was promised, the journal, and what lies on paper tell the same."""
        assert self.journal is not None
        last = self.slips[-1]
        state = self.journal.job(last.job).state
        demand(state is JobState.PRINTED, f"{last.number}, taken when all was well, is {state}")
        check_paper(self.paper, self.attempts)
        numbers = [slip.number for slip in self.slips]
        check_journal(self.folder, self.paper, self.attempts, numbers, self.unseen_mm)
        self.journal.close()

    # The station

    def _start_station(self) -> None:
        self.line.forget()
        self.asked.clear()
        self.witness = Witness(SerialPrinter("", self.line.baud, self.profile, line=self.line), self._attempt_starts)
        try:
            self.journal = Journal(
                self.folder, "07", self.ms(), self.random.randrange, lambda name: self.perhaps_kill()
            )
            self.journal.expire(self.ms())
            self.spooling = self.spooling_kind(
                self.witness, Direct(self.journal), self.ms, self._job_changed, self._heard, lambda: self.now
            )
            self.spooling.begin()
        except Crash:
            self._killed()

    def _killed(self) -> None:
        self.log("the station is killed")
        self.kills += 1
        if self.witness.cutting:
            self.witness.cutting = False
            self.unseen_mm += SEPARATOR_MM
        if self.journal is not None:
            self.journal.close()
        self.journal = None
        self.over.update(range(self.visits + 1))
        self.later(self.random.choice((3.0, 30.0, 300.0)), self._restart)

    def _restart(self) -> None:
        self.log("the station starts")
        # Whoever stands there still waits for a slip that was being made.
        self.resumed = {slip.number for slip in self.slips}
        self._starting = True

    _starting = False

    def _until(self, end: float) -> None:
        while self.now < end:
            if self._starting:
                self._starting = False
                self._start_station()
            if self.journal is None:
                self.advance(min(end, self._events[0][0] if self._events else end))
                continue
            try:
                if self.asked:
                    self.spooling.handle(self.asked.popleft())
                else:
                    self.spooling.handle(Tick())
                    self._pass_idle(end)
            except Crash:
                self._killed()

    def _pass_idle(self, end: float) -> None:
        wait = self.now + (2.0 if self.spooling.machine.waits else 30.0)
        while self.now < min(wait, end) and not self.asked:
            self.advance(min(wait, end, self._events[0][0] if self._events else end))
        self.line.step()

    def _attempt_starts(self, attempt: Attempt) -> None:
        self.attempts.append(attempt)
        self.log(f"{attempt.number} is printed with mark {attempt.mark}")
        slip = next((slip for slip in self.slips if slip.number == attempt.number), None)
        if slip is None:
            return  # the station was killed after the commit and before it could promise the number
        demand(self.ms() < slip.closes, f"nothing is printed after its session: {attempt.number}")
        if attempt.number in self.tried and slip.visit in self.over:
            waits = slip.number in self.resumed and self.ms() - slip.made <= RESUME_MS
            demand(waits, f"{attempt.number} is not printed again: its visit is over")

    def _heard(self) -> list[Event]:
        heard = list(self.asked)
        self.asked.clear()
        return heard

    def _job_changed(self, record: JobRecord) -> None:
        self.log(f"{record.title} is {record.state} ({record.condition}, {record.proof})")
        if record.state in {JobState.QUEUED, JobState.SENDING} or not self.witness.attempts:
            return
        self.tried.add(record.title)
        attempt = self.witness.attempts[-1]
        if attempt.number == record.title:
            settled_fits(self.paper, attempt, Outcome(Result(record.state), record.condition))

    # The residents

    def _arrive(self) -> None:
        if self.journal is None:
            self.later(20, self._arrive)
            return
        self.visits += 1
        visit = self.visits
        service = _service(self.ms())
        request = Request("A", "newborn", service, visit, self.ms(), False)
        with_code = self.random.random() < 0.1
        ticket, job, _ = self.journal.issue(request, lambda ticket, epoch, seq: compose(ticket, with_code))
        slip = Slip(ticket.number, ticket.code, job, end(service.day, service.session), visit, self.ms())
        self.slips.append(slip)
        self.log(f"visit {visit} takes {ticket.number}")
        self.asked.append(Added(job, visit))
        self._stay(slip, visit)

    def _stay(self, slip: Slip, visit: int) -> None:
        stays = self.random.choice((4.0, 20.0, 90.0))
        if self.random.random() < 0.5:
            self.later(stays * self.random.random(), lambda: self._press_again(slip, visit))
        self.later(stays, lambda: self._leave(slip, visit))

    def _press_again(self, slip: Slip, visit: int) -> None:
        if self.journal is None or visit in self.over or slip.visit != visit:
            return
        if self.journal.again(slip.job, self.ms(), By.TOUCH):
            self.log(f"visit {visit} wants {slip.number} again")
            self.asked.append(Added(slip.job, visit))

    def _leave(self, slip: Slip, visit: int) -> None:
        if self.journal is None or visit in self.over:
            return
        self.log(f"visit {visit} is over")
        self.over.add(visit)
        self.journal.erase(visit)
        self.asked.append(VisitOver(visit))
        if self.random.random() < 0.5:
            self.later(self.random.choice((30.0, 900.0, 6000.0)), lambda: self._come_back(slip))

    def _come_back(self, slip: Slip) -> None:
        if self.journal is None:
            return
        self.visits += 1
        visit = self.visits
        if self.journal.ask(slip.code, visit, self.ms()):
            self.log(f"visit {visit} asks for {slip.number} by its code")
            slip.visit = visit
            self.asked.append(Added(slip.job, visit))
            self._stay(slip, visit)

    # The faults

    def _plan_fault(self) -> None:
        self.later(self.random.expovariate(1 / self.plan.between_faults), self._begin_fault)

    def _begin_fault(self) -> None:
        entries = mishap(self.random, self.printer.head.lines, SPANS, self.line.baud)
        self._play(entries)
        self._plan_fault()

    def _play(self, entries: tuple[Entry, ...]) -> None:
        play = Play(entries, self.printer, self.line.far, self.log, lambda: self.now)
        self.printer.on_line = self._lines_passed
        self.plays.append(play)
        self._step_play(play)

    def _step_play(self, play: Play) -> None:
        if play not in self.plays:
            return
        self.line.step()
        play.step()
        self.line.step()
        if play.over:
            self.plays.remove(play)
        else:
            self.later(1.0, lambda: self._step_play(play))

    def _lines_passed(self) -> None:
        for play in list(self.plays):
            play.step()

    def _happen(self, entry: Entry) -> None:
        self._play((entry,))


def _variant(chance: random.Random, flow: Flow) -> Profile:
    return msgspec.structs.replace(PROFILE, flow=flow, process_id=chance.random() < 0.6, clear=chance.random() < 0.4)


def _service(ms: int) -> Service:
    local = datetime.fromtimestamp((ms + LAST_NUMBER_MINUTES * 60_000) / 1000, CHINA)
    opens = (local.hour * 60 + local.minute) // SESSION_MINUTES * SESSION_MINUTES
    return Service(date(local.year, local.month, local.day), Session(opens, opens + SESSION_MINUTES), True, True)


@contextlib.contextmanager
def world(plan: Plan, spooling_kind: Callable[..., Spooling] = Spooling) -> Iterator[World]:
    """A world whose files are gone afterwards; in memory where the machine has such a place."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="kiosk-sim-", dir=memory if memory.is_dir() else None) as folder:
        yield World(plan, Path(folder), spooling_kind)


def main(seed: int, tickets: int = 60) -> None:
    """Replay one run and tell what happened."""
    with world(Plan(seed, tickets)) as replayed:
        try:
            replayed.run()
        finally:
            print(*replayed.trace, sep="\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
