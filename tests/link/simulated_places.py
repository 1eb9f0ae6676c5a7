"""Appointments in a simulation: residents book, change and call off at every station while loans go astray.

What a resident was told counts, at whatever station and in whatever life of its journal: no slot is ever sold beyond
its capacity. Left out is only what nobody can know any more: sales that neither a station put back to a backup with its
whole folder nor the center ever kept.
"""

import datetime
import random
from typing import TYPE_CHECKING

from center import inventory
from center.lending import lend_due, slot_view
from kiosk.appointments import Coming, NoPlace, Slot, SlotRule
from kiosk.documents import Cut, Document, Words
from kiosk.hours import CHINA, Session
from kiosk.journal.places import Appointment, Wish
from kiosk.text import NO_TEXT, Language
from kiosk.wire.places import RETURNED
from tests.link.simulated_ends import Crash, run_now

if TYPE_CHECKING:
    from tests.link.simulated_station import Station
    from tests.link.simulation import World

CAPACITY = 3
SESSIONS = (Session(480, 720), Session(900, 1050))
LEND_S = 5_000.0
"""Seconds of virtual time between two looks of the center at who needs places."""


def slip(made: Appointment) -> Document:
    """The shortest slip that tells which appointment it is of."""
    return Document(made.code, Language.HANS, (Words(made.code), Cut()))


class Bookings:
    """All slots, and who was told to have a place of which."""

    def __init__(self, world: "World") -> None:
        self.world = world
        # Its own, so that a seed's other events stay as they were.
        self.random = random.Random(world.plan.seed + 1)
        first = datetime.datetime.fromtimestamp(world.ms() / 1000, CHINA).date()
        days = [first + datetime.timedelta(days=ahead) for ahead in range(1, min(world.plan.days, 3) + 1)]
        self.slots = [_coming(Slot("T", day, session)) for day in days for session in SESSIONS]
        self.held: dict[tuple[str, str], Slot] = {}
        self.unknowable: set[tuple[str, str]] = set()
        self.astray: set[Slot] = set()
        """Slots of which a whole folder that was put back had given back places that it then had again."""
        self._loans: dict[tuple[str, str], str] = {}
        self._returned: dict[tuple[str, int], Slot] = {}

    def plan(self, span: float) -> None:
        """Have residents come and the center lend, for `span` seconds."""
        world = self.world
        for station in world.stations:
            for _ in range(world.plan.tickets // 3 + 4):
                world.later(self.random.uniform(0, span), lambda s=station: self._come(s))  # type: ignore[misc]
        moment = LEND_S
        while moment < span:
            world.later(moment, self._lend)
            moment += LEND_S

    def ask(self) -> None:
        """The center starts, asks every station under a new word what it holds, and would lend at once."""
        world = self.world
        word = f"{self.random.getrandbits(64):016x}"
        with world.unharmed():
            run_now(world.center.write(lambda: inventory.begin(word, world.ms())))
        if not world.healed:
            world.later(1.0, self._lend)

    def _lend(self) -> None:
        world = self.world
        world.project(world.center.books)
        try:
            for one in self.slots:
                run_now(world.center.write(lambda one=one: lend_due(one, self._new_loan, world.ms())))  # type: ignore[misc]
        except Crash:
            world.log("the center is killed while it lends")
            world.center.kill()

    def _new_loan(self) -> str:
        return f"{self.random.getrandbits(64):016x}"

    def _come(self, station: "Station") -> None:
        own = [code for number, code in self.held if number == station.number]
        chance = self.random.random()
        try:
            station.journal.places.give_back(station.now_ms())
            if own and chance < 0.1:
                self._cancel(station, self.random.choice(own))
            elif own and chance < 0.2:
                self._change(station, self.random.choice(own))
            else:
                self._book(station)
        except Crash:
            station.kill()

    def _wish(self, station: "Station") -> Wish | None:
        free = sorted(station.journal.places.free(station.now_ms()), key=lambda slot: slot.begins)
        if not free:
            return None
        station.visits += 1
        return Wish(self.random.choice(free), "aji_station", station.visits, station.now_ms(), False)

    def _book(self, station: "Station") -> None:
        if wish := self._wish(station):
            made, _, _ = station.journal.places.book(wish, slip)
            self._tell(station, made.code, wish.slot)

    def _change(self, station: "Station", code: str) -> None:
        if wish := self._wish(station):
            # Whoever is interrupted asks again by the code, and is told what stands in the journal.
            before = self.held.pop((station.number, code))
            try:
                station.journal.places.change(code, wish, slip)
            except NoPlace:
                # The journal came back from a backup and knows nothing of it: paper and place stay.
                self._tell(station, code, before)
            else:
                self._tell(station, code, wish.slot)

    def _cancel(self, station: "Station", code: str) -> None:
        slot = self.held.pop((station.number, code))
        if not station.journal.places.cancel(code, station.now_ms()):
            self._tell(station, code, slot)

    def _tell(self, station: "Station", code: str, slot: Slot) -> None:
        self.held[station.number, code] = slot
        for (loan,) in station.journal._db.execute("SELECT loan FROM appointment WHERE code = ?", [code]).fetchall():
            self._loans[station.number, code] = loan
        sold = [who for who, place in self.held.items() if place == slot and who not in self.unknowable]
        self.world.demand(
            len(sold) <= CAPACITY or slot in self.astray,
            f"{slot.day} {slot.session.label} is not sold beyond its places",
        )

    def remember(self, station: "Station") -> None:
        """A station's journal is about to be put back to a backup: keep what it has given back."""
        rows = station.journal._db.execute(
            "SELECT entry.epoch, seq, theme, day, opens, closes FROM entry JOIN loan"
            " ON loan.id = json_extract(CAST(body AS TEXT), '$.data.loan') WHERE kind = ?",
            [RETURNED],
        ).fetchall()
        self._returned = {
            (epoch, seq): Slot(theme, datetime.date.fromisoformat(day), Session(opens, closes))
            for epoch, seq, theme, day, opens, closes in rows
        }

    def forget(self, station: "Station") -> None:
        """A station's journal has just come back from a backup: say what nobody can know any more."""
        db = self.world.center.db
        arrived = {code for (code,) in db.execute("SELECT code FROM appointment WHERE station = ?", [station.number])}
        known = {loan for (loan,) in db.execute("SELECT loan FROM loan WHERE station = ?", [station.number])}
        gone = [
            code for number, code in self.held if number == station.number and not station.journal.places.find(code)
        ]
        for code in gone:
            if code not in arrived and (station.whole or self._loans[station.number, code] not in known):
                self.unknowable.add((station.number, code))
        if station.whole:
            held = db.execute("SELECT epoch, seq FROM entry WHERE station = ?", [station.number]).fetchall()
            kept = station.journal._db.execute("SELECT epoch, seq FROM entry WHERE kind = ?", [RETURNED]).fetchall()
            self.astray |= {slot for place, slot in self._returned.items() if place not in {*held, *kept}}

    def forget_center(self) -> None:
        """The center is about to come back from a backup: what stations that did so have sent may be lost for good."""
        for station in self.world.stations:
            if station.restored:
                self.unknowable |= {who for who in self.held if who[0] == station.number}

    def check(self) -> None:
        """The center has lent no more than there is, and knows of every appointment where it is."""
        books = self.world.center.books
        lost = any(station.restored for station in self.world.stations) and self.world.center.restored
        for one in self.slots:
            view = books.follow(slot_view(one))
            where = f"{one.slot.day} {one.slot.session.label}"
            self.world.demand(view.booked <= CAPACITY or lost or one.slot in self.astray, f"{where}: {view}")
        for station in self.world.stations:
            if station.restored:
                # Its journal may be older than what the center knows, also of one and the same appointment.
                continue
            for number, code in self.held:
                if number != station.number or (found := station.journal.places.find(code)) is None:
                    continue
                rows = self.world.center.db.execute(
                    "SELECT day, session FROM appointment WHERE station = ? AND code = ? ORDER BY turn DESC LIMIT 1",
                    [number, code],
                ).fetchall()
                slot = found[0].slot
                there = [(slot.day.isoformat(), slot.session.label)]
                self.world.demand(rows == there, f"the center knows appointment {code} of station {number}: {rows}")


def _coming(slot: Slot) -> Coming:
    weekdays = (1, 2, 3, 4, 5, 6, 7)
    return Coming(slot, SlotRule("T", "aji_station", NO_TEXT, weekdays, slot.session, CAPACITY, 2, 28, True), True)
