"""Several stations and their center in one process, out of one seed: the product's own journals, spoolers, links and
store.

Only the network, the printers, the machines' clocks and the disk's owner are made up. Requests are lost, doubled, late,
cut off, answered by strangers; either end is killed between any two steps; both come back from backups; printers stop
in the middle of a slip; clocks are set to another year. In the end the line heals, and then both ends and the paper
must tell the same.

Replay a failure with: python -m tests.link.simulation SEED [STATIONS TICKETS DAYS]
"""

import contextlib
import heapq
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from center.books import Books
from center.kept import Enrolled, StationView
from kiosk.link.carrier import Carrier
from kiosk.link.machine import State, Tick
from kiosk.spooler import Spooling
from kiosk.wire.exchange import Answer
from tests.link.agreement import disagreements
from tests.link.simulated_ends import DAY_S, Center, Crash, appointments, papers, run_now, tickets
from tests.link.simulated_places import Bookings
from tests.link.simulated_station import Station

START_MS = 1_795_500_000_000
IDLE_S, CUT_S = 14_400.0, 10_000.0
"""Seconds of virtual time between exchanges with nothing to carry, longer in a run of weeks, and at most between those
that cannot succeed."""

HEAL_S = 6 * 3600
"""Seconds of virtual time after which everything must have arrived once the line is well."""


WRONG_CLOCKS: dict[str, Callable[[int], int]] = {
    "1970": lambda ms: 3_600_000 - ms,
    "2038": lambda ms: (2**31 - 1) * 1000 - ms,
    "three days behind": lambda ms: -3 * DAY_S * 1000,
    "400 days ahead": lambda ms: 400 * DAY_S * 1000,
}
"""By how many milliseconds a machine's clock is wrong then; the true time is `ms`."""


class Failed(AssertionError):
    """An invariant does not hold; the message says which and how to replay it."""


@dataclass(frozen=True)
class Plan:
    """What one run is made of; `tickets` are those of each station.

    Probabilities are per request, step or slip, or that it happens to an owner at all.
    """

    seed: int
    stations: int = 5
    tickets: int = 60
    days: int = 3
    loss: float = 0.3
    kill: float = 0.006
    restores: float = 0.3
    whole: float = 0.5
    clocks: float = 0.3
    faults: float = 0.1

    @classmethod
    def of(cls, seed: int) -> "Plan":
        """Five stations and 300 tickets, on one day, in three, and now and then in two weeks."""
        return cls(seed, days=(14, 3, 1, 3, 1, 3)[seed % 6])

    @classmethod
    def of_fifty(cls, seed: int) -> "Plan":
        """Fifty stations and 600 tickets."""
        return cls(seed, stations=50, tickets=12)


@dataclass
class World:
    """Everything, and the order in which it happens."""

    plan: Plan
    folder: Path
    carrier_kind: Callable[..., Carrier] = Carrier
    center_kind: Callable[[Path, "World"], Center] = Center
    spooling_kind: Callable[..., Spooling] = Spooling
    now: float = 0.0
    healed: bool = False
    exchanges: int = 0
    proven: dict[tuple[str, str], int] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)
    trace: list[str] = field(default_factory=list)
    _events: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _count: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.plan.seed)
        self._killing = False
        self.center = self.center_kind(self.folder / "center", self)
        self.stations = [
            Station(f"{number:02d}", self.folder / f"{number:02d}", self) for number in range(1, self.plan.stations + 1)
        ]
        self.bookings = Bookings(self)
        self.bookings.ask()
        for station in self.stations:
            run_now(self.center.enrol(Enrolled(station.number, station.key.public, self.ms())))
        self._killing = True

    def ms(self) -> int:
        """UTC milliseconds."""
        return START_MS + int(self.now * 1000)

    def log(self, words: str) -> None:
        """Note what happened, for whoever replays."""
        self.trace.append(f"{self.now:12.2f} {words}")

    def perhaps_kill(self) -> None:
        """Kill whoever is at work now and then."""
        if self._killing and self.random.random() < self.plan.kill:
            raise Crash

    def note_promise(self, station: str, answer: Answer) -> None:
        """What the center acknowledges is on its disk when the answer leaves."""
        seq = Books(self.center.reading).held(station, answer.epoch).seq
        self.demand(seq >= answer.acknowledged, f"the center has {answer.acknowledged} of station {station} on disk")
        place = station, answer.epoch
        self.proven[place] = max(self.proven.get(place, 0), answer.acknowledged)

    def check_marks(self, station: Station) -> None:
        """A station marks nothing that the center has not acknowledged."""
        row = station.journal._db.execute(
            "SELECT max(seq) FROM entry WHERE epoch = ? AND acknowledged IS NOT NULL", [station.journal.epoch]
        ).fetchone()
        proven = self.proven.get((station.number, station.journal.epoch), 0)
        self.demand((row[0] or 0) <= proven, f"station {station.number} marked {row[0]}, the center has shown {proven}")

    def later(self, seconds: float, what: Callable[[], None]) -> None:
        """Have something happen in `seconds`."""
        self._count += 1
        heapq.heappush(self._events, (self.now + seconds, self._count, what))

    def run(self) -> None:
        """Let everything happen, heal, and check."""
        span = self.plan.days * DAY_S
        for station in self.stations:
            for _ in range(self.plan.tickets):
                self.later(self.random.uniform(0, span), station.take_ticket)
            for _ in range(3):
                self.later(self.random.uniform(0, span), lambda s=station: self._cut(s))  # type: ignore[misc]
            if self.random.random() < self.plan.clocks:
                self._plan_wrong_clock(station, span)
            self._keep_ticking(station)
        self.bookings.plan(span)
        owners: list[Center | Station] = [self.center, *self.stations]
        for owner in owners:
            if self.random.random() < self.plan.restores:
                self._plan_restore(owner, span)
        self._until(span)
        self.log("the line heals")
        self.healed, self._killing = True, False
        self.cut.clear()
        for station in self.stations:
            self._keep_ticking(station)
        self._until(span + HEAL_S)
        self.check()

    def _plan_wrong_clock(self, station: Station, span: float) -> None:
        when = self.random.uniform(0, span)
        self.later(when, lambda: self._set_clock(station, self.random.choice(list(WRONG_CLOCKS))))
        self.later(self.random.uniform(when, span), lambda: self._set_clock(station, "right"))

    def _set_clock(self, station: Station, how: str) -> None:
        self.log(f"the clock of station {station.number} is set: {how}")
        station.away = WRONG_CLOCKS[how](self.ms()) if how in WRONG_CLOCKS else 0

    def _plan_restore(self, owner: Center | Station, span: float) -> None:
        backup = owner.folder.with_suffix(".backup")
        when = self.random.uniform(0, span / 2)
        self.later(when, lambda: owner.back_up(backup))
        self.later(when + self.random.uniform(0, span / 2), lambda: owner.restore(backup))

    def _until(self, end: float) -> None:
        while self._events and self._events[0][0] <= end:
            when, _, what = heapq.heappop(self._events)
            self.now = max(self.now, when)
            try:
                what()
            except Failed:
                raise
            except Exception as error:
                raise self._failed(f"nothing is refused: {error!r}") from error
        self.now = max(self.now, end)

    def _keep_ticking(self, station: Station) -> None:
        station.step(Tick())
        self.later(max(station.link.wait(self.now), self._least_wait(station)), lambda: self._keep_ticking(station))

    def _least_wait(self, station: Station) -> float:
        """Quiet hours, and those of a line that is cut, are long and all alike: what is done in them is thinned out."""
        if station.number in self.cut:
            return self.random.uniform(1.0, CUT_S)
        if station.link.status.state is not State.WELL or station.link.status.unsent:
            return 1.0
        return IDLE_S if self.healed else IDLE_S * max(1.0, self.plan.days / 4)

    def _cut(self, station: Station) -> None:
        self.cut.add(station.number)
        self.later(self.random.choice([30, 600, 20_000, DAY_S]), lambda: self.cut.discard(station.number))

    def check(self) -> None:
        """Both ends hold the same, and nothing is lost, doubled or altered."""
        books, db = self.center.books, self.center.db
        self.project(books)
        views = {view.number: view for view in books.stations()}
        made, printed, booked = tickets(db), papers(db), appointments(db)
        with books.transaction():
            books.unproject()
        self.project(books)
        anew = tickets(db), papers(db), appointments(db)
        self.demand(anew == (made, printed, booked), "projections made anew are the same")
        self.bookings.check()
        for station in self.stations:
            known = {row[1]: f"{row[5]} {row[2]}" for row in made if row[0] == station.number}
            self._check(station, views[station.number], known)
            paper = {row[1]: "" for row in made if row[0] == station.number}
            paper |= {code: outcome for number, code, outcome in printed if number == station.number}
            untruths = station.untruths(paper)
            self.demand(not untruths, f"the paper of station {station.number}: {'; '.join(untruths[:5])}")

    @contextlib.contextmanager
    def unharmed(self) -> Iterator[None]:
        """Nobody is killed meanwhile."""
        killing, self._killing = self._killing, False
        yield
        self._killing = killing

    def project(self, books: Books) -> None:
        """Bring everything into the projections; nobody is killed meanwhile."""
        done = 1
        with self.unharmed():
            while done:
                with books.transaction():
                    done = books.project(1000)

    def _check(self, station: Station, view: StationView, known: dict[str, str]) -> None:
        number = station.number
        self.demand(station.link.status.state is State.WELL, f"station {number} converges: {station.link.status}")
        aside = view.aside if not station.whole else ()
        self.demand(not aside and not view.troubles, f"nothing of station {number} is set aside: {view}")
        differences = list(
            disagreements(station.folder, number, self.center.db, may_lack=station.restored, may_differ=station.whole)
        )
        self.demand(not differences, "; ".join(differences[:5]))
        # What was lost for good before it arrived is known to nobody, and so are its numbers.
        unknown = station.given_blind | station.may_be_lost
        numbers = [promised for code, promised in station.promised.items() if code not in unknown]
        self.demand(len(set(numbers)) == len(numbers), f"no number of station {number} came twice")
        for code, promised in station.promised.items():
            there = code in known
            self.demand(there or code in station.may_be_lost, f"the center knows {promised} of station {number}")
            self.demand(not there or promised == known[code], f"{promised} is the same there")

    def demand(self, holds: bool, what: str) -> None:
        """Raise Failed, with the way to replay it, unless `what` holds."""
        if not holds:
            raise self._failed(what)

    def _failed(self, what: str) -> Failed:
        size = f"{self.plan.seed} {self.plan.stations} {self.plan.tickets} {self.plan.days}"
        replay = f"python -m tests.link.simulation {size}"
        return Failed("\n".join([f"does not hold: {what}", f"replay: {replay}", *self.trace[-20:]]))


@contextlib.contextmanager
def world(plan: Plan, **kinds: Any) -> Iterator[World]:
    """A world whose files are gone afterwards; in memory where the machine has such a place. `kinds` as in World."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="kiosk-sim-", dir=memory if memory.is_dir() else None) as folder:
        yield World(plan, Path(folder), **kinds)


if __name__ == "__main__":
    seed, *size = map(int, sys.argv[1:])
    asked = Plan(seed, *size)
    with world(asked) as replayed:
        try:
            replayed.run()
        finally:
            print(*replayed.trace, sep="\n")
