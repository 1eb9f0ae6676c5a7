"""Carries print jobs from the journal to the printer, and the outcome back.

`Spooler` is a step machine: it decides, from events, what to do next, and does nothing itself. `Spooling` does it with
a printer and a journal, `SpoolerThread` in a thread of its own. Rules: one job at a time; what may have left a fragment
on paper is cut off before the next job; by itself a job is printed again only while its visit is open and it is known
not to have come out whole. Afterwards it waits for whoever has its code, until its session is over; and if it had been
begun, the printer may finish it by itself, so that nobody can say any more whether it is on paper.
"""

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from kiosk.documents import marked
from kiosk.journal.jobs import RESUME_MS, By, JobRecord, JobState
from kiosk.journal.writer import JournalError, Work, Writer
from kiosk.ports import Condition, Outcome, Printer, Proof, Result

T = TypeVar("T")
_log = logging.getLogger(__name__)

SENSE_IDLE_S = 4.0
SENSE_HELD_S = 2.0
"""Seconds between questions to the printer: with nothing to do, and while a resident waits for a held job."""

CUTS = 3
"""Attempts to cut off a fragment where the printer seems well but proves none of them."""


@dataclass(frozen=True)
class Added:
    """A job is in the queue."""

    job: int
    visit: int


@dataclass(frozen=True)
class Requeued:
    """A held job is in the queue again. Its visit may have ended on the way."""

    job: int


@dataclass(frozen=True)
class Printed:
    """The attempt to print `job` has ended."""

    job: int
    outcome: Outcome


@dataclass(frozen=True)
class Separated:
    """The attempt to cut off a fragment has ended."""

    outcome: Outcome


@dataclass(frozen=True)
class Sensed:
    """The printer said how it is."""

    condition: Condition


@dataclass(frozen=True)
class VisitOver:
    """A visit has ended: nothing of it is printed by itself any more."""

    visit: int


@dataclass(frozen=True)
class Tick:
    """Time has passed."""


@dataclass(frozen=True)
class Look:
    """Somebody has worked at the printer and wants to know how it is now."""


Event = Added | Requeued | Printed | Separated | Sensed | VisitOver | Look | Tick


@dataclass(frozen=True)
class Print:
    """Print `job` now; answer with Printed. `owned`: its visit is open."""

    job: int
    owned: bool


@dataclass(frozen=True)
class Separate:
    """Cut off what may be on the paper; answer with Separated."""


@dataclass(frozen=True)
class Sense:
    """Ask the printer; answer with Sensed."""


@dataclass(frozen=True)
class Requeue:
    """Put a held job of an open visit back into the queue in the journal; answer with Requeued if it lets you."""

    job: int


@dataclass(frozen=True)
class Hold:
    """Write down that `job` cannot be printed now."""

    job: int
    condition: Condition


@dataclass(frozen=True)
class Doubt:
    """Write down that nobody can say whether `job` is wholly on paper, if it is held and had been begun."""

    job: int


Action = Print | Separate | Sense | Requeue | Hold | Doubt


@dataclass
class Spooler:
    """Decides what to print next. Times are seconds of a monotonic clock.

    `fragment`: the paper may hold a piece of a job that is not cut off yet. `proves`: the printer has proved a slip
    before. `_owners` are the open visits of the jobs in hand, `_held` those of the jobs that could not be printed: a
    job is in neither once its visit is over.
    """

    fragment: bool = False
    proves: bool = False
    condition: Condition = Condition.UNKNOWN
    _waiting: deque[int] = field(default_factory=deque)
    _held: dict[int, int] = field(default_factory=dict)
    _owners: dict[int, int] = field(default_factory=dict)
    _busy: bool = False
    _cuts: int = 0
    _sensed: float = float("-inf")

    def step(self, now: float, event: Event) -> list[Action]:
        """Take in `event` at `now` and return what is to be done, in order."""
        actions: list[Action] = []
        match event:
            case Added(job, visit):
                self._owners[job] = visit
                self._held.pop(job, None)
                self._waiting.append(job)
            case Requeued(job):
                self._waiting.append(job)
            case Printed(job, outcome):
                self._busy = False
                self._sensed = now
                self.condition = outcome.condition
                if outcome.result is Result.PRINTED:
                    self.proves = self.proves or outcome.proof is not Proof.NONE
                else:
                    self.fragment = self.fragment or outcome.started
                actions += self._let_go(job, held=outcome.result is Result.HELD)
            case Separated(outcome):
                self._busy = False
                self._sensed = now
                self.condition = outcome.condition
                self._cuts += outcome.started
                # Where the printer never proves anything, asking for another cut would never end. One that does and
                # is silent now has taken in more than it prints: another slip would come out for a stranger, later.
                tired = self._cuts >= CUTS and not self.proves and outcome.condition.can_print
                self.fragment = outcome.result is not Result.PRINTED and not tired
                if not self.fragment:
                    self._cuts = 0
                elif self.proves or not outcome.condition.can_print:
                    condition = Condition.NO_ANSWER if outcome.condition.can_print else outcome.condition
                    actions += [Hold(job, condition) for job in self._waiting]
                    for job in self._waiting:
                        actions += self._let_go(job, held=True)
                    self._waiting.clear()
            case Sensed(condition):
                self._busy = False
                self._sensed = now
                self.condition = condition
                if condition.can_print:
                    actions += [Requeue(job) for job in self._held]
                    self._owners |= self._held
                    self._held.clear()
            case VisitOver(visit):
                left = {**self._owners, **self._held}
                actions += [Doubt(job) for job, owner in left.items() if owner == visit]
                self._held = _without(self._held, visit)
                self._owners = _without(self._owners, visit)
            case Look():
                self._sensed = float("-inf")
            case Tick():
                pass
        return actions + self._next(now)

    @property
    def waits(self) -> bool:
        """Whether a held job will be printed once the printer can."""
        return bool(self._held)

    @property
    def _fragment_is_in_the_way(self) -> bool:
        """Whether a piece of a slip that nobody waits for can be cut off, so that no stranger reads or takes it.

        Only with a printer that proves its cuts: else three would follow each slip.
        """
        able = self.proves and self.condition.can_print and self._cuts < CUTS
        return self.fragment and able and not self._held and not self._owners

    def _let_go(self, job: int, *, held: bool) -> list[Action]:
        visit = self._owners.pop(job, None)
        if not held:
            return []
        if visit is None:
            return [Doubt(job)]
        self._held[job] = visit
        return []

    def _next(self, now: float) -> list[Action]:
        if self._busy:
            return []
        if self._waiting:
            self._busy = True
            if self.fragment:
                return [Separate()]
            job = self._waiting.popleft()
            return [Print(job, job in self._owners)]
        if self._fragment_is_in_the_way:
            self._busy = True
            return [Separate()]
        if now - self._sensed >= (SENSE_HELD_S if self._held else SENSE_IDLE_S):
            self._busy = True
            return [Sense()]
        return []


def _without(visits: dict[int, int], over: int) -> dict[int, int]:
    return {job: visit for job, visit in visits.items() if visit != over}


class Spooling:
    """Does what a Spooler decides, with a printer and the journal. Not for two threads at once."""

    def __init__(
        self,
        printer: Printer,
        writer: Writer,
        now_ms: Callable[[], int],
        changed: Callable[[JobRecord], None],
        heard: Callable[[], list[Event]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`now_ms`: the station's clock; `clock`: seconds that only go forward. `changed` as in SpoolerThread.

        `heard` gives what has happened outside meanwhile: a visit may end during a long print, and what waits behind it
        must not come out for a stranger.
        """
        self._printer = printer
        self._writer = writer
        self._now_ms = now_ms
        self._changed = changed
        self._heard = heard
        self._clock = clock
        self._patience: dict[int, float] = {}
        self.machine = Spooler()

    def begin(self) -> None:
        """Go on with what an earlier run left."""
        left = self._record(lambda journal: [journal.job(job) for job in journal.resume(self._now_ms())])
        # The piece may be of a slip that nobody waits for any more; what comes next must not be glued to it.
        self.machine.fragment = self._record(lambda journal: journal.fragment()) is not False
        self.machine.proves = self._record(lambda journal: journal.proves()) or False
        for record in left or ():
            waits = (record.created + RESUME_MS - self._now_ms()) / 1000
            self._patience[record.visit] = self._clock() + waits
        self.handle(*(Added(record.id, record.visit) for record in left or ()))

    def handle(self, *events: Event) -> None:
        """Take in `events` and do all that follows from them."""
        pending: deque[Event] = deque([*self._gone(), *events])
        while pending:
            for action in self.machine.step(self._clock(), pending.popleft()):
                if answer := self._do(action):
                    pending.append(answer)
            pending.extendleft(reversed([*self._heard(), *self._gone()]))

    def _gone(self) -> list[Event]:
        """The visits of an earlier run whose resident does not wait any more."""
        now = self._clock()
        gone = [visit for visit, until in self._patience.items() if now >= until]
        for visit in gone:
            del self._patience[visit]
        return [VisitOver(visit) for visit in gone]

    def _do(self, action: Action) -> Event | None:
        match action:
            case Sense():
                return Sensed(self._printer.condition())
            case Separate():
                outcome = self._printer.separate()
                self._record(lambda journal: journal.separated(outcome, self._now_ms()))
                return Separated(outcome)
            case Requeue(job):
                queued = self._record(lambda journal: journal.again(job, self._now_ms(), By.STATION))
                self._tell_changed(job)
                return Requeued(job) if queued else None
            case Hold(job, condition):
                self._settle(job, Outcome(Result.HELD, condition, started=False))
            case Doubt(job):
                if self._record(lambda journal: journal.doubt(job, self._now_ms())):
                    self._tell_changed(job)
            case Print(job, owned):
                return Printed(job, self._print(job, owned=owned))
        return None

    def _print(self, job: int, *, owned: bool) -> Outcome:
        if self._record(lambda journal: journal.set_aside(job, self._now_ms(), owned=owned)):
            self._tell_changed(job)
            return Outcome(Result.HELD, self.machine.condition, started=False)
        started = self._record(lambda journal: journal.start(job, self._now_ms()))
        if started is None:
            # Not a byte may go out that a restart would not know of.
            outcome = Outcome(Result.HELD, Condition.ERROR, started=False)
            self._tell_changed(job, outcome)
            return outcome
        self._tell_changed(job)
        document, copies = started
        outcome = self._printer.print(marked(document, copies) if copies else document, (job * 10 + copies) % 10_000)
        self._settle(job, outcome)
        return outcome

    def _settle(self, job: int, outcome: Outcome) -> None:
        self._record(lambda journal: journal.settle(job, outcome, self._now_ms()))
        # Whoever is told of the job next may ask how the printer is.
        self.machine.condition = outcome.condition
        self._tell_changed(job, outcome)

    def _record(self, work: "Work[T]") -> T | None:
        try:
            return self._writer.submit(work).result()
        except JournalError as error:
            _log.error("print job not written down: %s", error)
            return None

    def _tell_changed(self, job: int, outcome: Outcome | None = None) -> None:
        record = self._record(lambda journal: journal.job(job))
        if record is not None and outcome is not None:
            record = msgspec.structs.replace(record, state=JobState(outcome.result), condition=outcome.condition)
        if record is not None:
            self._changed(record)


class SpoolerThread:
    """Drives a Spooler with the station's printer and journal, in a thread of its own."""

    def __init__(
        self,
        printer: Printer,
        writer: Writer,
        now_ms: Callable[[], int],
        changed: Callable[[JobRecord], None],
    ) -> None:
        """`now_ms`: the station's clock. `changed` is told, in this thread, of every job whose state has changed."""
        self._printer = printer
        self._spooling = Spooling(printer, writer, now_ms, changed, self._heard)
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._over = False
        self._thread = threading.Thread(target=self._run, name="spooler", daemon=True)

    @property
    def condition(self) -> Condition:
        """How the printer was when it was last asked."""
        return self._spooling.machine.condition

    def start(self) -> None:
        """Start the thread; it first goes on with what an earlier run left."""
        self._thread.start()

    def tell(self, event: Event) -> None:
        """Hand in an event; returns at once."""
        self._events.put(event)

    def close(self) -> None:
        """End after the job in hand, which takes a bounded time, and give the port back."""
        self._events.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        self._spooling.begin()
        while not self._over:
            try:
                event = self._events.get(timeout=1)
            except queue.Empty:
                event = Tick()
            if event is None:
                break
            self._spooling.handle(event)
            # It may be of a visit that is over; the wait for the next must not hold it.
            del event
        self._printer.close()

    def _heard(self) -> list[Event]:
        heard: list[Event] = []
        while not self._events.empty():  # this thread alone takes from it
            event = self._events.get()
            if event is None:
                self._over = True
                break
            heard.append(event)
        return heard
