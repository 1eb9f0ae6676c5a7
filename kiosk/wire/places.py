"""What both ends say of lent places: the kinds of entries, the center's item, and what a station says that it holds."""

import datetime
import re

import msgspec

from kiosk.wire.entries import Unreadable

BOOKED, CHANGED, CANCELLED, RETURNED = (
    "appointment.booked",
    "appointment.changed",
    "appointment.cancelled",
    "places.returned",
)
"""Kinds of entries. The first three hold the `code` of the appointment, all but the third the id of a loan."""

LENT = "places.lent"
"""Kind of the downward item, for one station alone; its data is a Lent."""

LOANS_LIMIT = 2000
"""Loans that a station names."""

PLACES_LIMIT = 10_000
"""No slot has so many places."""

SESSION = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")


class Lent(msgspec.Struct, frozen=True, kw_only=True):
    """Places lent to one epoch of one station's journal.

    `day` is an ISO date, `session` as `08:30-12:00`, `lent` in UTC milliseconds.
    """

    loan: str
    station: str
    epoch: str
    theme: str
    day: str
    session: str
    places: int
    lent: int

    def check(self) -> None:
        """Raise Unreadable where it says what cannot be."""
        try:
            datetime.date.fromisoformat(self.day)
        except ValueError:
            raise Unreadable(f"{self.day[:20]!r} is no day") from None
        if not SESSION.fullmatch(self.session):
            raise Unreadable(f"{self.session[:20]!r} is no session")
        if not 0 < self.places < PLACES_LIMIT or not 0 <= self.lent < 2**53:
            raise Unreadable("an impossible number of places, or time")
        if not 0 < len(self.loan) <= 40 or not self.loan.isascii() or not self.theme.isascii() or len(self.theme) != 1:
            raise Unreadable("an impossible loan or theme")


class Inventory(msgspec.Struct, frozen=True):
    """The loans that a station's journal knows, of all epochs, whose day is not over.

    `word`: under which the center asked, so that what is said late is not taken for the answer to a newer question.
    """

    word: str
    loans: tuple[Lent, ...] = ()


def read_lent(data: bytes) -> Lent:
    """Return what an item says is lent. Raises Unreadable."""
    try:
        lent = msgspec.json.decode(data, type=Lent)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(str(error)) from None
    lent.check()
    return lent
