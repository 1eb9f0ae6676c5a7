"""Lends the places of slots to stations, never more than there are, for every store alike.

A loan counts as a whole until its day is over, whatever became of its station: only what an entry of that station gives
back is lent again. Loans are the center's own facts, not made from entries, and stay when projections are made anew.
"""

import asyncio
import datetime
import logging
import secrets
import time
from collections.abc import Callable, Sequence

import msgspec

from center import inventory
from center.asking import Insert, Rule, Statement
from center.kept import StoreTrouble
from center.rules import publish
from center.store import Store
from kiosk.appointments import Coming, Slot, coming, to_lend, wanted
from kiosk.catalog.model import Release
from kiosk.hours import CHINA
from kiosk.wire.places import LENT, Lent

_log = logging.getLogger(__name__)

LEND_S = 15.0
"""Seconds between two looks at which stations need places."""

_SLOT = "theme = ? AND day = ? AND session = ?"
_RETURNED = (
    "SELECT returned.loan, sum(returned.places) FROM returned JOIN loan ON loan.loan = returned.loan"
    " WHERE loan.theme = ? AND loan.day = ? AND loan.session = ? GROUP BY returned.loan"
)
# Of an appointment that was changed, only the newest place counts.
_BOOKED = (
    f"SELECT loan, count(*) FROM appointment WHERE {_SLOT} AND NOT EXISTS (SELECT 1 FROM appointment AS later"
    " WHERE later.station = appointment.station AND later.code = appointment.code AND later.turn > appointment.turn)"
    " AND NOT EXISTS (SELECT 1 FROM appointment_cancelled AS off"
    " WHERE off.station = appointment.station AND off.code = appointment.code) GROUP BY loan"
)
_CAPACITY = (
    "INSERT INTO capacity (theme, day, session, places) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (theme, day, session) DO UPDATE SET places = excluded.places"
)


class LoanView(msgspec.Struct, frozen=True):
    """A loan, and what the center knows of its places."""

    id: str
    station: str
    epoch: str
    places: int
    returned: int
    booked: int

    @property
    def kept(self) -> int:
        """Places that did not come back."""
        return max(0, self.places - self.returned)


class SlotView(msgspec.Struct, frozen=True):
    """A slot at the center. `stray`: places that are sold of loans which are not known here.

    `next`: the number of the next loan. Its key is free for one transaction only: of two that have seen the same loans
    and lend at once, one is tried again and sees the other's.
    """

    capacity: int
    loans: tuple[LoanView, ...]
    stray: int
    next: int

    @property
    def used(self) -> int:
        """Places that cannot be lent."""
        return sum(loan.kept for loan in self.loans) + self.stray

    @property
    def booked(self) -> int:
        """Places that are sold, as far as the center knows."""
        return sum(loan.booked for loan in self.loans) + self.stray


class Waits(msgspec.Struct, frozen=True):
    """Nothing was lent: these stations have not said yet which loans they hold, perhaps the one itself."""

    stations: tuple[str, ...]


def key(slot: Slot) -> tuple[str, str, str]:
    """By what the rows of a slot are found."""
    return slot.theme, slot.day.isoformat(), slot.session.label


def slot_view(one: Coming) -> Rule[SlotView]:
    """A slot's capacity, and what became of it."""
    slot = key(one.slot)
    changed = yield Statement(f"SELECT places FROM capacity WHERE {_SLOT}", slot)
    rows = yield Statement(f"SELECT number, loan, station, epoch, places FROM loan WHERE {_SLOT} ORDER BY number", slot)
    returned = {loan: int(places) for loan, places in (yield Statement(_RETURNED, slot))}
    booked = {loan: int(places) for loan, places in (yield Statement(_BOOKED, slot))}
    loans = tuple(
        LoanView(loan, station, epoch, places, returned.get(loan, 0), booked.pop(loan, 0))
        for _, loan, station, epoch, places in rows
    )
    capacity = int(changed[0][0]) if changed else one.rule.capacity
    return SlotView(capacity, loans, sum(booked.values()), rows[-1][0] + 1 if rows else 1)


def set_capacity(slot: Slot, places: int) -> Rule[None]:
    """Give one slot another capacity than its rule. What is lent already stays lent."""
    yield Statement(_CAPACITY, (*key(slot), places))


def lend(one: Coming, station: str, asked: int, loan: str, now: int) -> Rule[int | Waits]:
    """Lend a station up to `asked` places of a slot at `now` (UTC ms), under this new id; returns how many."""
    if waits := (yield from inventory.silent()):
        return Waits(waits)
    epoch = (yield from inventory.told(station))[1]
    if not epoch:
        return Waits((station,))
    view = yield from slot_view(one)
    places = to_lend(view.capacity, view.used, asked) if now < one.slot.begins else 0
    if places:
        yield from _lend(one.slot, view.next, (station, epoch), places, loan, now)
    return places


def lend_due(one: Coming, new_loan: Callable[[], str], now: int) -> Rule[int]:
    """Lend places of a slot to all stations that have none to sell, as far as they go; returns how many."""
    if (yield from inventory.silent()):
        return 0
    stations = yield Statement(
        "SELECT inventory.station, inventory.epoch FROM inventory JOIN station ON station.number = inventory.station"
        " WHERE station.revoked = 0"
    )
    view = yield from slot_view(one)
    used, number, asked = view.used, view.next, wanted(one.rule, one.slot, now)
    for station, epoch in sorted(stations, key=lambda row: (_had(view.loans, row[0]), row[0])):
        own = [loan for loan in view.loans if (loan.station, loan.epoch) == (station, epoch)]
        if sum(loan.kept - loan.booked for loan in own) > 0:
            continue
        if not (places := to_lend(view.capacity, used, asked)):
            break
        yield from _lend(one.slot, number, (station, epoch), places, new_loan(), now)
        used, number = used + places, number + 1
    return used - view.used


def _had(loans: Sequence[LoanView], station: str) -> int:
    return sum(loan.kept for loan in loans if loan.station == station)


def _lend(slot: Slot, number: int, to: tuple[str, str], places: int, loan: str, now: int) -> Rule[None]:
    theme, day, session = key(slot)
    station, epoch = to
    yield Insert(inventory.LOAN, [(*key(slot), number, loan, station, epoch, places, now)])
    lent = Lent(loan=loan, station=station, epoch=epoch, theme=theme, day=day, session=session, places=places, lent=now)
    yield from publish(LENT, msgspec.to_builtins(lent.proved()), now, station)


def new_loan() -> str:
    """An id that no loan had before, also none that this center has forgotten."""
    return secrets.token_hex(8)


class Lender:
    """Looks now and then which stations need places, beside a center that serves them."""

    def __init__(self, store: Store, release: Callable[[], Release]) -> None:
        """`release()` gives the catalogue, whose slots these are."""
        self._store = store
        self._release = release

    async def run(self) -> None:
        """Lend until cancelled. Of several processes that do so at once, each place is lent by one."""
        while True:
            try:
                await self.look(time.time_ns() // 1_000_000)
            except StoreTrouble as error:
                # Stations sell what they have; the next look tries again.
                _log.error("lending: %s", error)
            await asyncio.sleep(LEND_S)

    async def look(self, now: int) -> int:
        """Lend what is due at `now`, UTC milliseconds; returns how many places."""
        release, lent = self._release(), 0
        for one in coming(release.slots, release.hall, datetime.datetime.fromtimestamp(now / 1000, CHINA)):
            lent += await self._store.write(lambda one=one: lend_due(one, new_loan, now))  # type: ignore[misc]
        return lent
