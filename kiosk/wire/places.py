"""What both ends say of lent places: the kinds of entries, the center's item, and what a station says that it holds."""

import datetime
import hashlib
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

_PROOF = 16
"""Characters of a loan's proof: the beginning of its SHA-256, against accidents and nobody's will."""


class Lent(msgspec.Struct, frozen=True, kw_only=True):
    """Places lent to one epoch of one station's journal.

    `day` is an ISO date, `session` as `08:30-12:00`, `lent` in UTC milliseconds. `proof` is over all others: one bit
    that is turned over on the way, where the line ends at a proxy, must not make places.
    """

    loan: str
    station: str
    epoch: str
    theme: str
    day: str
    session: str
    places: int
    lent: int
    proof: str = ""

    def proved(self) -> "Lent":
        """The same with its proof."""
        words = (self.loan, self.station, self.epoch, self.theme, self.day, self.session, self.places, self.lent)
        digest = hashlib.sha256("\n".join(map(str, words)).encode()).hexdigest()
        return msgspec.structs.replace(self, proof=digest[:_PROOF])

    def check(self) -> None:
        """Raise Unreadable where it says what cannot be, or not what was written."""
        if self.proved() != self:
            raise Unreadable("a loan whose proof is another's")
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
