"""The rules of queue numbers and public codes. No I/O, no clock of its own.

A number is the theme's letter, the station's two digits and a running number of that theme, station and service day:
`A07-012`, and `A07-1000` after `A07-999`. It is unique in the district without any line, because the station is in it.
"""

import datetime
import re
from bisect import bisect_right, insort
from collections.abc import Callable, Iterable

import msgspec

from kiosk.hours import Service, end
from kiosk.text import Text

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters for themes: without I and O, which read as 1 and 0."""

REPEAT_SECONDS = 8
"""A second request for the same ticket within this time of the same visit is taken for a second touch."""

CODE_DIGITS = 16
_CODE = re.compile(r"(?<!\d)(\d{4})\d{8}(\d{4})(?!\d)", re.ASCII)

GROUND_PURPOSE = "priority"
"""What the ground that was declared for a ticket is sealed for."""

_GROUND_BYTES = 64
"""All grounds have so many bytes before they are sealed: a seal hides what it holds, but not how long it is."""


class Ticket(msgspec.Struct, frozen=True):
    """A queue ticket. `issued` is in UTC milliseconds.

    `doubtful`: the station's clock was not to be trusted, so paper and screen say 日期以大厅公告为准. `priority`: its
    holder declared a ground for it; which one is never kept in plain.
    """

    theme: str
    station: str
    running: int
    code: str
    package: str
    service: Service
    issued: int
    doubtful: bool
    priority: bool = False

    @property
    def number(self) -> str:
        """The number as it is called: `A07-012`."""
        return number(self.theme, self.station, self.running)

    @property
    def closes(self) -> int:
        """When its session is over, UTC milliseconds."""
        return end(self.service.day, self.service.session)

    @property
    def issued_at(self) -> datetime.datetime:
        """When it was issued, aware, UTC."""
        return datetime.datetime.fromtimestamp(self.issued / 1000, datetime.UTC)


def number(theme: str, station: str, running: int) -> str:
    """Return the queue number, at least three digits wide."""
    return f"{theme}{station}-{running:03d}"


def check_digit(digits: str) -> str:
    """Return the check digit of `digits` by ISO/IEC 7064 MOD 11,10: finds any wrong digit and most swaps."""
    product = 10
    for digit in digits:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def new_code(random_below: Callable[[int], int]) -> str:
    """Return a public code: 15 random digits and their check digit. `random_below(n)` gives a whole number below n."""
    digits = f"{random_below(10**15):015d}"
    return digits + check_digit(digits)


def valid_code(code: str) -> bool:
    """Return whether `code` is 16 ASCII digits with the right check digit."""
    return len(code) == CODE_DIGITS and code.isascii() and code.isdigit() and check_digit(code[:-1]) == code[-1]


def grouped(code: str) -> str:
    """Return a code in four groups of four, as it is shown and read out."""
    return " ".join(code[place : place + 4] for place in range(0, len(code), 4))


def masked(text: str) -> str:
    """Return `text` with the middle of every public code left out: a whole one opens somebody's number or request."""
    return _CODE.sub(r"\1********\2", text)


class Ground(msgspec.Struct, frozen=True):
    """Why somebody may be called earlier, as they declare it: 70 and older, disabled, a veteran, pregnant."""

    id: str
    name: Text


class Declared(msgspec.Struct, frozen=True):
    """The ground that was declared for a ticket, by its id."""

    ground: str

    def encoded(self) -> bytes:
        """The bytes that are sealed: JSON, which may end with blanks (RFC 8259, 2)."""
        content = msgspec.json.encode(self)
        return content.ljust(-(-len(content) // _GROUND_BYTES) * _GROUND_BYTES)


class Priority(msgspec.Struct, frozen=True):
    """Who is called earlier, and by how much; the bureau's to say.

    `head_start`: minutes that a ticket with priority counts as issued earlier. `most_passed`: how many tickets with
    priority may be called before one that was issued earlier without.
    """

    grounds: tuple[Ground, ...]
    head_start: int
    most_passed: int


class InLine(msgspec.Struct, frozen=True):
    """A ticket of one theme and session as far as its turn goes. `issued` in UTC milliseconds."""

    number: str
    issued: int
    priority: bool = False


def calling_order(waiting: Iterable[InLine], called: Iterable[InLine], rule: Priority) -> tuple[InLine, ...]:
    """Return the tickets of `waiting` in the order of their turns, after those that were `called` before.

    Priority counts as having come `head_start` earlier. So that nobody starves when many have it, a ticket that
    `most_passed` later ones with priority were called before is next. Without priority nobody is ever called before
    someone who came earlier, and neither are two with priority. A ticket that reaches the center late has its turn by
    the time it was issued.
    """
    behind = sorted((ticket for ticket in waiting if not ticket.priority), key=_came)
    ahead = sorted((ticket for ticket in waiting if ticket.priority), key=_came)
    passing = sorted(_came(ticket) for ticket in called if ticket.priority)
    turns = []
    while behind and ahead:
        patient, favoured = behind[0], ahead[0]
        passed = len(passing) - bisect_right(passing, _came(patient))
        earlier = favoured.issued - rule.head_start * 60_000 <= patient.issued
        if _came(favoured) < _came(patient) or (earlier and passed < rule.most_passed):
            insort(passing, _came(favoured))
            turns.append(ahead.pop(0))
        else:
            turns.append(behind.pop(0))
    return (*turns, *behind, *ahead)


def _came(ticket: InLine) -> tuple[int, str]:
    """Return by what tickets stand in line; the number decides between two of one millisecond."""
    return ticket.issued, ticket.number
