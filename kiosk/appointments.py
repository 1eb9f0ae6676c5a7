"""The rules of appointments: scarce places that are lent to stations before they are sold. No I/O, no clock of its own.

A slot is one session of a theme on one day; the center knows how many places it has. It lends some of them to a
station, which sells only what it holds and gives back what it does not need. Each loan has an id of its own and belongs
to one epoch of one station's journal: a journal that came back from a backup goes on in another epoch and may not sell
what was lent to the one before, because nobody knows what of it is sold already. So whatever is lost, late or doubled
on the line, no slot is ever sold beyond its capacity.
"""

import datetime
from collections.abc import Iterable

import msgspec

from kiosk.hours import CHINA, Hall, Session, working_day
from kiosk.text import Text

GIVE_BACK_MS = 24 * 3_600_000
"""How long before its session a station gives back the places that nobody has taken: others may sell them yet.

What is lent later than that stays until the session begins.
"""

LATE_LOAN = 1
"""Places of a loan that is made so late: it will not be given back any more."""


class Slot(msgspec.Struct, frozen=True):
    """One session of the theme with this letter on one day."""

    theme: str
    day: datetime.date
    session: Session

    @property
    def begins(self) -> int:
        """When its session begins, UTC milliseconds."""
        midnight = datetime.datetime.combine(self.day, datetime.time(), CHINA)
        return int(midnight.timestamp() * 1000) + self.session.opens * 60_000


class SlotRule(msgspec.Struct, frozen=True):
    """When a theme has places that can be booked; the bureau's to say.

    `theme`: its letter; `of`: the cycle or channel that it belongs to. `weekdays` by ISO 8601, Monday is 1. `session`:
    one of the hall's. `capacity`: places of each slot. `at_a_time`: how many of them a station is lent at once.
    `days_ahead`: how many days before its day a slot is opened. `sample`: the figures are samples and not the bureau's.
    """

    theme: str
    of: str
    name: Text
    weekdays: tuple[int, ...]
    session: Session
    capacity: int
    at_a_time: int
    days_ahead: int
    sample: bool


class Coming(msgspec.Struct, frozen=True):
    """A slot that lies ahead, and its rule. `certain`: the calendar of its day is known."""

    slot: Slot
    rule: SlotRule
    certain: bool


class Loan(msgspec.Struct, frozen=True):
    """`places` of a slot, lent to the `epoch` of a station's journal at `lent`, UTC milliseconds."""

    id: str
    epoch: str
    slot: Slot
    places: int
    lent: int


class NoPlace(Exception):
    """There is no place left to sell, or none to give back."""


class Holding(msgspec.Struct, frozen=True):
    """A loan at the station that has it, and what became of its places. Nothing here can be below 0."""

    loan: Loan
    sold: int = 0
    returned: int = 0

    def __post_init__(self) -> None:
        if self.sold < 0 or self.returned < 0 or self.free < 0:
            raise ValueError(f"a loan of {self.loan.places} places with {self.sold} sold and {self.returned} returned")

    @property
    def free(self) -> int:
        """Places that are neither sold nor given back."""
        return self.loan.places - self.sold - self.returned

    def for_sale(self, epoch: str, now: int) -> int:
        """Places that a journal in `epoch` may sell at `now` (UTC ms): none of another epoch's, none too late."""
        return self.free if self.loan.epoch == epoch and now < self.loan.slot.begins else 0

    def sell(self, epoch: str, now: int) -> "Holding":
        """Sell one place. Raises NoPlace."""
        if not self.for_sale(epoch, now):
            raise NoPlace
        return msgspec.structs.replace(self, sold=self.sold + 1)

    def cancel(self) -> "Holding":
        """Take one place back from its buyer; it can be sold again. Raises NoPlace."""
        if not self.sold:
            raise NoPlace
        return msgspec.structs.replace(self, sold=self.sold - 1)

    def due_back(self, epoch: str, now: int) -> int:
        """Places that a journal in `epoch` has to give back at `now` (UTC ms), because others may sell them yet."""
        since = self.loan.slot.begins - GIVE_BACK_MS
        return self.for_sale(epoch, now) if self.loan.lent < since <= now else 0

    def give_back(self, epoch: str, now: int) -> "Holding":
        """Give back what is due, for good."""
        return msgspec.structs.replace(self, returned=self.returned + self.due_back(epoch, now))


def coming(rules: Iterable[SlotRule], hall: Hall, now: datetime.datetime) -> tuple[Coming, ...]:
    """The slots that begin after `now` (aware) and are open for booking, in their order; holidays have none."""
    local = now.astimezone(CHINA)
    moment = int(local.timestamp() * 1000)
    found = []
    for rule in rules:
        for ahead in range(rule.days_ahead + 1):
            day = local.date() + datetime.timedelta(days=ahead)
            works, certain = working_day(day, hall)
            slot = Slot(rule.theme, day, rule.session)
            if works and day.isoweekday() in rule.weekdays and moment < slot.begins:
                found.append(Coming(slot, rule, certain))
    return tuple(sorted(found, key=lambda one: (one.slot.day, one.slot.session.opens, one.slot.theme)))


def to_lend(capacity: int, used: int, wanted: int) -> int:
    """Places that may be lent now.

    `used`: all that was ever lent of the slot without what came back, and what is sold of loans that nobody knows.
    """
    return max(0, min(wanted, capacity - used))


def wanted(rule: SlotRule, slot: Slot, now: int) -> int:
    """Places that a station without any is to be lent at `now`, UTC milliseconds; 0 once the session has begun."""
    if now >= slot.begins:
        return 0
    return rule.at_a_time if now < slot.begins - GIVE_BACK_MS else min(LATE_LOAN, rule.at_a_time)
